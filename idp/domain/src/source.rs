//! Sources: registered places where people authenticate. Data; connectors speak to them.

use serde::{Deserialize, Serialize};

use crate::{AgencyId, Localized, SourceId, Trust};

/// What a source speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// An OpenID Provider.
    Oidc,
    /// A SAML identity provider.
    Saml,
    /// Accounts that the broker itself keeps, for partners without an identity source.
    Local,
}

impl SourceKind {
    /// Its name in the federation file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::Saml => "saml",
            Self::Local => "local",
        }
    }
}

/// A registered place to authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its id; a part of its callback URL.
    pub id: SourceId,
    /// The agency that it belongs to.
    pub agency: AgencyId,
    /// What it speaks.
    pub kind: SourceKind,
    /// What tells it from the agency's other sources on a page ("Staff", "Consultants"); may be
    /// empty when there is only one.
    pub names: Localized,
    /// What its word about authentication is believed for.
    pub trust: Trust,
    /// A disabled source lets nobody in.
    pub enabled: bool,
}
