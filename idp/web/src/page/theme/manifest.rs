//! `theme.toml`: what a theme says of itself.

use std::collections::BTreeMap;

use idp_domain::Lang;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{ThemeError, colour::Palette};

/// The content of `theme.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What the broker is called on its pages.
    pub product: String,
    /// The static file shown beside the product's name.
    pub logo: String,
    /// The static file that browsers show on a tab.
    pub icon: String,
    /// Where people find help.
    pub support: Option<Support>,
    /// Links at the foot of each page.
    #[serde(default)]
    pub links: Vec<Link>,
    /// The colours by day.
    pub light: Palette,
    /// The colours by night, when the person's system asks for them.
    pub dark: Palette,
}

/// Where people find help.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Support {
    /// A mail address.
    pub email: Option<String>,
    /// A page.
    pub url: Option<String>,
}

/// A link at the foot of each page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Where it leads: an `https` address, or a path of the broker.
    pub href: String,
    /// What it says.
    pub words: LinkWords,
}

/// A text in all six languages: none may be missing.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "BTreeMap<Lang, String>")]
pub struct LinkWords(BTreeMap<Lang, String>);

impl LinkWords {
    /// The text in `lang`.
    #[must_use]
    pub fn of(&self, lang: Lang) -> &str {
        self.0.get(&lang).map(String::as_str).unwrap_or_default()
    }
}

impl TryFrom<BTreeMap<Lang, String>> for LinkWords {
    type Error = String;

    fn try_from(words: BTreeMap<Lang, String>) -> Result<Self, String> {
        match Lang::ALL.into_iter().find(|lang| words.get(lang).is_none_or(String::is_empty)) {
            Some(lang) => Err(format!("the words in `{}` are missing", lang.tag())),
            None => Ok(Self(words)),
        }
    }
}

impl Manifest {
    /// Reads and judges `source`; `file` is its name, for errors.
    pub(super) fn read(file: &str, source: &str) -> Result<Self, ThemeError> {
        let manifest: Self = toml::from_str(source).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            ThemeError::broken_at(file, source, at, error.message())
        })?;
        let broken = |needle: &str, problem: String| {
            let at = source.find(needle).unwrap_or_default();
            Err(ThemeError::broken_at(file, source, at, &problem))
        };
        if let Some(faint) = manifest.light.faint().iter().chain(&manifest.dark.faint()).next() {
            return Err(ThemeError::broken_at(file, source, faint.at, &faint.problem));
        }
        let support = manifest.support.iter().filter_map(|support| support.url.as_deref());
        let hrefs = manifest.links.iter().map(|link| link.href.as_str());
        if let Some(href) = support.chain(hrefs).find(|href| !leads_somewhere_safe(href)) {
            return broken(href, format!("`{href}` is neither an https address nor a path"));
        }
        let email = manifest.support.as_ref().and_then(|support| support.email.as_deref());
        if let Some(email) = email.filter(|email| !looks_like_mail(email)) {
            return broken(email, format!("`{email}` is not a mail address"));
        }
        Ok(manifest)
    }
}

fn leads_somewhere_safe(href: &str) -> bool {
    let is_path = href.starts_with('/') && !href.starts_with("//") && !href.contains('\\');
    is_path || Url::parse(href).is_ok_and(|url| url.scheme() == "https")
}

fn looks_like_mail(email: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".+-_@".contains(c);
    email.chars().all(plain) && email.matches('@').count() == 1
}
