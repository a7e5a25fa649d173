//! What people see of an entity (SAML Metadata Extensions for Login and Discovery UI 1.0).
//! Every text is another's word: short, without control characters, and still to be escaped.

use idp_domain::{Lang, Localized, agency::Domain};

use super::Location;

/// A text in any languages, by tag, in the order of the document, each tag once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(Vec<(String, String)>);

impl Texts {
    /// A text from its versions; of two in one language the first stays.
    #[must_use]
    pub fn new(texts: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut kept: Vec<(String, String)> = Vec::new();
        for (lang, text) in texts {
            if !kept.iter().any(|(known, _)| known.eq_ignore_ascii_case(&lang)) {
                kept.push((lang, text));
            }
        }
        Self(kept)
    }

    /// The versions: language tag and text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(lang, text)| (lang.as_str(), text.as_str()))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text in `lang`, else in English, else the first.
    #[must_use]
    pub fn text(&self, lang: Lang) -> Option<&str> {
        let of = |wanted| self.iter().find(|(tag, _)| Lang::from_tag(tag) == Some(wanted));
        of(lang).or_else(|| of(Lang::En)).or_else(|| self.iter().next()).map(|(_, text)| text)
    }
}

impl From<&Localized> for Texts {
    fn from(texts: &Localized) -> Self {
        Self(texts.iter().map(|(lang, text)| (lang.tag().to_owned(), text.to_owned())).collect())
    }
}

/// `mdui:UIInfo` and `mdui:DiscoHints`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ui {
    /// What it is called.
    pub display_names: Texts,
    /// What it is, in a sentence or two.
    pub descriptions: Texts,
    /// Words that it is searched by, in each language parted by spaces; a `+` in a word stands
    /// for a space (2.1.4).
    pub keywords: Texts,
    /// Its pictures.
    pub logos: Vec<Logo>,
    /// Where people read about it.
    pub information_urls: Texts,
    /// Where people read what it does with what it is told.
    pub privacy_statement_urls: Texts,
    /// Mail domains of its people.
    pub domain_hints: Vec<Domain>,
}

impl Ui {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// `mdui:Logo` (2.1.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// Where it is, or what it is.
    pub source: LogoSource,
    /// Pixels across.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
    /// Its language, if it has writing in it.
    pub lang: Option<String>,
}

/// Where a picture is. A picture that can hold a script (SVG) has no value here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoSource {
    /// To be fetched.
    Location(Location),
    /// In the metadata.
    Inline {
        /// `image/png`, `image/jpeg` or `image/webp`.
        media_type: &'static str,
        /// The picture, at most 256 KiB.
        bytes: Vec<u8>,
    },
}
