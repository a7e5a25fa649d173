//! The words of letters: sentences of the theme, with what is set into them kept apart.
//!
//! The theme belongs to the pages, which this crate does not know. Whoever wires the two hands over
//! one function that finds a sentence, so that there is one reader of words, one place where an
//! operator changes them, and no second copy of either here.

use std::{fmt, sync::Arc};

use idp_domain::Lang;
use thiserror::Error;

/// What is set into a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inset {
    /// A number; it may choose a form of the sentence.
    Count(i64),
    /// A text, which stands in the sentence as it is.
    Text(String),
}

/// Finds the sentence of a language under a key, with the values of this name set in.
///
/// `None` when there is no such key, or when the sentence wants a value that is not there.
type Find = dyn Fn(Lang, &str, &[(&str, Inset)]) -> Option<String> + Send + Sync;

/// A sentence that the theme lacks, or that wants a value which letters do not have.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the words of letters lack `{key}` in `{}`, or it uses an unknown variable", lang.tag())]
pub struct MissingWords {
    /// In which language.
    pub lang: Lang,
    /// Under which key.
    pub key: String,
}

/// The words of letters in all languages. Cheap to clone.
#[derive(Clone)]
pub struct Words(Arc<Find>);

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Words of the theme.
    Words(String),
    /// A text from elsewhere, of a language and a direction of its own.
    Foreign(String),
}

/// A sentence in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence(pub(crate) Vec<Piece>);

impl Words {
    /// Words that `find` finds.
    pub fn new(
        find: impl Fn(Lang, &str, &[(&str, Inset)]) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(find))
    }

    /// The sentence under `key`.
    pub(crate) fn sentence(
        &self,
        lang: Lang,
        key: &str,
        insets: &[(&str, Inset)],
    ) -> Result<Sentence, MissingWords> {
        let mut marks = MARKS;
        let marked: Vec<_> = insets
            .iter()
            .map(|(name, inset)| match (inset, marks.next()) {
                (Inset::Text(_), Some(mark)) => (*name, Inset::Text(mark.into())),
                (inset, _) => (*name, inset.clone()),
            })
            .collect();
        let missing = || MissingWords { lang, key: key.to_owned() };
        let text = (self.0)(lang, key, &marked).ok_or_else(missing)?;
        Ok(Sentence::split(&text, insets))
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words")
    }
}

/// Private-use characters that stand in a sentence for the texts to be set in.
const MARKS: std::ops::RangeInclusive<char> = '\u{e000}'..='\u{e00f}';

impl Sentence {
    /// Nothing but a text from elsewhere.
    pub(crate) fn foreign(text: impl Into<String>) -> Self {
        Self(vec![Piece::Foreign(text.into())])
    }

    /// Parts `text` at its marks. How a text is set apart from the words around it depends on what
    /// is written, so a finder's own isolation is dropped.
    fn split(text: &str, insets: &[(&str, Inset)]) -> Self {
        let mut pieces = Vec::new();
        let mut words = String::new();
        for c in text.chars() {
            match (marked(c).and_then(|nth| insets.get(nth)), c) {
                (Some((_, Inset::Text(text))), _) => {
                    if !words.is_empty() {
                        pieces.push(Piece::Words(std::mem::take(&mut words)));
                    }
                    pieces.push(Piece::Foreign(text.clone()));
                }
                (_, '\u{2068}' | '\u{2069}') => {}
                (_, c) => words.push(c),
            }
        }
        if !words.is_empty() {
            pieces.push(Piece::Words(words));
        }
        Self(pieces)
    }

    /// The sentence as HTML: escaped, each text from elsewhere in a `<bdi>` of its own.
    pub(crate) fn html(&self) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => escape(words, &mut out),
                Piece::Foreign(text) => {
                    out.push_str("<bdi>");
                    escape(text, &mut out);
                    out.push_str("</bdi>");
                }
            }
        }
        out
    }

    /// The sentence as plain text of `lang`. Texts are isolated by characters only where the
    /// directions of writing may differ: not every mail program hides these.
    pub(crate) fn plain(&self, lang: Lang) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => out.push_str(words),
                Piece::Foreign(text) if lang.is_rtl() || text.chars().any(is_rtl) => {
                    out.push('\u{2068}');
                    out.push_str(text);
                    out.push('\u{2069}');
                }
                Piece::Foreign(text) => out.push_str(text),
            }
        }
        out
    }
}

/// The place among the insets of the text that the mark `c` stands for.
fn marked(c: char) -> Option<usize> {
    let nth = u32::from(c) - u32::from(*MARKS.contains(&c).then_some(MARKS)?.start());
    usize::try_from(nth).ok()
}

/// Appends `text` to `out`, escaped for HTML text and for quoted attributes.
pub(crate) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            other => out.push(other),
        }
    }
}

/// Whether a character lies in a block of scripts that are written from right to left.
fn is_rtl(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use idp_domain::Lang;

    use super::{Inset, Words};

    fn words(sentence: &'static str) -> Words {
        Words::new(move |_, key, insets| {
            let mut text = (key == "k").then(|| sentence.to_owned())?;
            for (name, inset) in insets {
                let value = match inset {
                    Inset::Count(count) => count.to_string(),
                    Inset::Text(text) => format!("\u{2068}{text}\u{2069}"),
                };
                text = text.replace(&format!("{{{name}}}"), &value);
            }
            Some(text)
        })
    }

    fn insets(text: &str) -> [(&'static str, Inset); 2] {
        [("n", Inset::Count(3)), ("t", Inset::Text(text.to_owned()))]
    }

    #[test]
    fn what_is_set_in_is_escaped_in_html_and_isolated_where_directions_differ() {
        let sentence = words("{n} <of> {t}!").sentence(Lang::En, "k", &insets("<b>&\"'")).unwrap();
        assert_eq!(sentence.html(), "3 &lt;of&gt; <bdi>&lt;b&gt;&amp;&quot;&#x27;</bdi>!");
        assert_eq!(sentence.plain(Lang::En), "3 <of> <b>&\"'!");
        assert_eq!(sentence.plain(Lang::Ar), "3 <of> \u{2068}<b>&\"'\u{2069}!");
        let sentence = words("{t}").sentence(Lang::En, "k", &insets("هاتف")).unwrap();
        assert_eq!(sentence.plain(Lang::En), "\u{2068}هاتف\u{2069}");
    }

    #[test]
    fn a_text_that_holds_marks_and_variables_stays_what_it_is() {
        let hostile = "\u{e000}\u{e001}{t}{ $t }";
        let sentence = words("{t}").sentence(Lang::En, "k", &insets(hostile)).unwrap();
        assert_eq!(sentence.plain(Lang::En), hostile);
    }

    #[test]
    fn a_missing_sentence_is_named() {
        let error = words("").sentence(Lang::Fr, "other", &[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the words of letters lack `other` in `fr`, or it uses an unknown variable"
        );
    }
}
