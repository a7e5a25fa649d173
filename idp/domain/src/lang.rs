//! The six languages of the United Nations, and texts that exist in some of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One of the six official languages; the serialized form is its BCP 47 primary tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Arabic, written right to left.
    Ar,
    /// English, the fallback.
    En,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Russian.
    Ru,
    /// Chinese, simplified script.
    Zh,
}

impl Lang {
    /// All languages, in the order of their tags.
    pub const ALL: [Self; 6] = [Self::Ar, Self::En, Self::Es, Self::Fr, Self::Ru, Self::Zh];

    /// The BCP 47 primary language tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            Self::En => "en",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::Ru => "ru",
            Self::Zh => "zh",
        }
    }

    /// The language's own name for itself.
    #[must_use]
    pub fn endonym(self) -> &'static str {
        match self {
            Self::Ar => "العربية",
            Self::En => "English",
            Self::Es => "Español",
            Self::Fr => "Français",
            Self::Ru => "Русский",
            Self::Zh => "中文",
        }
    }

    /// Whether the language is written from right to left.
    #[must_use]
    pub fn is_rtl(self) -> bool {
        self == Self::Ar
    }

    /// The language of a BCP 47 tag, judged by its primary subtag alone.
    ///
    /// Tags longer than 35 bytes (the longest that RFC 5646 §4.4.1 plans for) are nobody's.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        if tag.len() > 35 {
            return None;
        }
        let primary = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|lang| primary.eq_ignore_ascii_case(lang.tag()))
    }
}

/// A text in one or more languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Localized(BTreeMap<Lang, String>);

impl Localized {
    /// A text from its versions.
    #[must_use]
    pub fn new(texts: impl IntoIterator<Item = (Lang, String)>) -> Self {
        Self(texts.into_iter().collect())
    }

    /// The text in `lang`, else in English, else in whichever language there is.
    #[must_use]
    pub fn text(&self, lang: Lang) -> Option<&str> {
        self.0
            .get(&lang)
            .or_else(|| self.0.get(&Lang::En))
            .or_else(|| self.0.values().next())
            .map(String::as_str)
    }

    /// All versions.
    pub fn iter(&self) -> impl Iterator<Item = (Lang, &str)> {
        self.0.iter().map(|(lang, text)| (*lang, text.as_str()))
    }

    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Lang, Localized};

    #[test]
    fn a_tag_is_judged_by_its_primary_part() {
        assert_eq!(Lang::from_tag("FR-ca"), Some(Lang::Fr));
        assert_eq!(Lang::from_tag("zh_Hans_CN"), Some(Lang::Zh));
        assert_eq!(Lang::from_tag("../../etc/passwd"), None);
        assert_eq!(Lang::from_tag(&"en-".repeat(100)), None);
    }

    #[test]
    fn a_missing_language_falls_back_to_english_then_to_any() {
        let both = Localized::new([(Lang::En, "Food".into()), (Lang::Fr, "Aliments".into())]);
        assert_eq!(both.text(Lang::Fr), Some("Aliments"));
        assert_eq!(both.text(Lang::Ru), Some("Food"));
        let one = Localized::new([(Lang::Es, "Alimentos".into())]);
        assert_eq!(one.text(Lang::Zh), Some("Alimentos"));
        assert_eq!(Localized::default().text(Lang::En), None);
    }
}
