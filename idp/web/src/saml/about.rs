//! What our SAML metadata says about us besides addresses and keys.

use idp_domain::{Lang, Localized};
use url::Url;

/// Who runs the broker, what it is called, and whom to ask.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// What the broker is called; the product's name when empty.
    pub names: Localized,
    /// What it is for.
    pub descriptions: Localized,
    /// The organization that runs it.
    pub organization: Localized,
    /// That organization's web page.
    pub organization_url: Option<Url>,
    /// A logo.
    pub logo: Option<Url>,
    /// The page that says how personal data is treated.
    pub privacy_url: Option<Url>,
    /// Mail address for technical questions.
    pub technical_contact: Option<String>,
    /// Mail address for people who cannot sign in.
    pub support_contact: Option<String>,
    /// Mail address for security incidents.
    pub security_contact: Option<String>,
    /// What the broker is certified for, by URI.
    pub certifications: Vec<String>,
    /// The entity categories that it is in as service provider, by URI.
    pub categories: Vec<String>,
}

impl About {
    /// The same, called `product` where it has no name of its own.
    #[must_use]
    pub(crate) fn or_called(mut self, product: &str) -> Self {
        if self.names.is_empty() {
            self.names = Localized::new(Lang::ALL.map(|lang| (lang, product.to_owned())));
        }
        self
    }
}
