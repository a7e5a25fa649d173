//! The words of the pages: one Fluent bundle a language, read once, never from a request.
//!
//! Values that go into a sentence never pass through Fluent: they are marked in the sentence and
//! set in afterwards, escaped and isolated from the direction of the text around them.

use std::{fmt::Write as _, sync::Arc};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use idp_domain::Lang;

use super::theme::ThemeError;

/// One of something for each of the six languages.
#[derive(Clone, Debug)]
pub struct PerLang<T> {
    ar: T,
    en: T,
    es: T,
    fr: T,
    ru: T,
    zh: T,
}

impl<T> PerLang<T> {
    /// Makes one for each language, or stops at the first that cannot be made.
    pub fn try_new<E>(mut make: impl FnMut(Lang) -> Result<T, E>) -> Result<Self, E> {
        Ok(Self {
            ar: make(Lang::Ar)?,
            en: make(Lang::En)?,
            es: make(Lang::Es)?,
            fr: make(Lang::Fr)?,
            ru: make(Lang::Ru)?,
            zh: make(Lang::Zh)?,
        })
    }

    /// The one for `lang`.
    pub fn of(&self, lang: Lang) -> &T {
        match lang {
            Lang::Ar => &self.ar,
            Lang::En => &self.en,
            Lang::Es => &self.es,
            Lang::Fr => &self.fr,
            Lang::Ru => &self.ru,
            Lang::Zh => &self.zh,
        }
    }
}

/// What is set into a sentence.
#[derive(Clone, Debug)]
pub enum Inset {
    /// A number; it chooses the plural form.
    Count(i64),
    /// A text from elsewhere, not trusted to be free of markup.
    Text(String),
}

/// The words of one language.
#[derive(Clone)]
pub struct Words {
    lang: Lang,
    bundle: Arc<FluentBundle<FluentResource>>,
    #[cfg(test)]
    asked: Arc<std::sync::Mutex<std::collections::BTreeSet<String>>>,
}

impl Words {
    /// Reads the words of `lang` from Fluent files, of which later ones override earlier ones.
    ///
    /// Each file comes with its name, for errors.
    pub fn read<'a>(
        lang: Lang,
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, ThemeError> {
        // The six tags are well-formed; of another the bundle would take the default rules.
        let locale = lang.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // The isolation is done where the value is set in, as `<bdi>` or as characters.
        bundle.set_use_isolating(false);
        for (file, source) in files {
            let resource = FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| {
                let first = errors.first();
                let at = first.map_or(0, |error| error.pos.start);
                let problem = first.map_or_else(String::new, |error| error.kind.to_string());
                ThemeError::broken_at(file, source, at, &problem)
            })?;
            bundle.add_resource_overriding(resource);
        }
        Ok(Self {
            lang,
            bundle: Arc::new(bundle),
            #[cfg(test)]
            asked: Arc::default(),
        })
    }

    /// The language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The sentence under `key` as HTML: escaped, each text in a `<bdi>` of its own.
    ///
    /// `None` when there is no such key, or when the sentence wants a value that is not there.
    #[must_use]
    pub fn html(&self, key: &str, insets: &[(&str, Inset)]) -> Option<String> {
        let sentence = self.sentence(key, insets)?;
        let mut out = String::with_capacity(sentence.len() + 32);
        for c in sentence.chars() {
            match (inset_at(c, insets), c) {
                (Some(text), _) => {
                    out.push_str("<bdi>");
                    escape(text, &mut out);
                    out.push_str("</bdi>");
                }
                (None, c) => escape_char(c, &mut out),
            }
        }
        Some(out)
    }

    /// The sentence under `key` as plain text, each text between the characters FSI and PDI:
    /// for titles and attributes, which can hold no markup. The caller escapes.
    #[must_use]
    pub fn plain(&self, key: &str, insets: &[(&str, Inset)]) -> Option<String> {
        let sentence = self.sentence(key, insets)?;
        let mut out = String::with_capacity(sentence.len() + 32);
        for c in sentence.chars() {
            match inset_at(c, insets) {
                // Writing to a `String` cannot fail.
                Some(text) => drop(write!(out, "\u{2068}{text}\u{2069}")),
                None => out.push(c),
            }
        }
        Some(out)
    }

    fn sentence(&self, key: &str, insets: &[(&str, Inset)]) -> Option<String> {
        #[cfg(test)]
        self.asked.lock().unwrap().insert(key.to_owned());
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut args = FluentArgs::with_capacity(insets.len());
        for ((name, inset), mark) in insets.iter().zip(MARKS) {
            let value = match inset {
                Inset::Count(count) => FluentValue::from(*count),
                Inset::Text(_) => FluentValue::from(String::from(mark)),
            };
            args.set(*name, value);
        }
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        errors.is_empty().then_some(text)
    }

    #[cfg(test)]
    pub(crate) fn asked(&self) -> std::collections::BTreeSet<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("lang", &self.lang).finish_non_exhaustive()
    }
}

/// Private-use characters that stand in a sentence for the texts to be set in.
const MARKS: std::ops::RangeInclusive<char> = '\u{e000}'..='\u{e00f}';

/// The text that the mark `c` stands for.
fn inset_at<'a>(c: char, insets: &'a [(&str, Inset)]) -> Option<&'a str> {
    if !MARKS.contains(&c) {
        return None;
    }
    let nth = u32::from(c) - u32::from(*MARKS.start());
    match insets.get(usize::try_from(nth).ok()?)? {
        (_, Inset::Text(text)) => Some(text),
        (_, Inset::Count(_)) => None,
    }
}

/// Appends `text` to `out`, escaped for HTML text and for quoted attributes.
pub fn escape(text: &str, out: &mut String) {
    text.chars().for_each(|c| escape_char(c, out));
}

fn escape_char(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#x27;"),
        other => out.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::{Inset, Words};
    use idp_domain::Lang;

    fn words(source: &str) -> Words {
        Words::read(Lang::Ru, [("ru.ftl", source)]).unwrap()
    }

    #[test]
    fn what_is_set_in_is_escaped_and_isolated() {
        let words = words("to = К { $service } и <обратно>");
        let insets = [("service", Inset::Text("<b>&{ $x }\u{e001}".into()))];
        assert_eq!(
            words.html("to", &insets).unwrap(),
            "К <bdi>&lt;b&gt;&amp;{ $x }\u{e001}</bdi> и &lt;обратно&gt;"
        );
        assert_eq!(
            words.plain("to", &insets).unwrap(),
            "К \u{2068}<b>&{ $x }\u{e001}\u{2069} и <обратно>"
        );
    }

    #[test]
    fn a_count_chooses_the_plural_form() {
        let words = words(
            "m = { $n ->\n [one] { $n } минута\n [few] { $n } минуты\n *[many] { $n } минут\n }",
        );
        let minutes = |n| words.html("m", &[("n", Inset::Count(n))]).unwrap();
        assert_eq!(
            [minutes(1), minutes(3), minutes(11), minutes(21)],
            ["1 минута", "3 минуты", "11 минут", "21 минута"]
        );
    }

    #[test]
    fn a_missing_key_or_value_is_noticed() {
        let words = words("a = { $b }");
        assert_eq!(words.html("nothing", &[]), None);
        assert_eq!(words.html("a", &[]), None);
    }

    #[test]
    fn a_broken_file_is_refused_with_its_line() {
        let error = Words::read(Lang::Ru, [("ru.ftl", "a = b\n\nc = { $\n")]).unwrap_err();
        assert!(error.to_string().starts_with("ru.ftl:3: "), "{error}");
    }
}
