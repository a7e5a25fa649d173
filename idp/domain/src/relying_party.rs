//! Relying parties: who receives our word. What policy needs of them; dialects keep the rest.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    Acr, AgencyId, AttributeName, IdError, Localized, RelyingPartyId, session::Narrower,
    subject::SubjectKind,
};

/// The broker's own pages for a person who is signed in, as a relying party. The name is in every
/// catalog and is nobody else's.
pub const ACCOUNT: &str = "urn:laissez-passer:account";
/// The agency of [`ACCOUNT`], which is no agency: none of a federation has this id.
pub const OWN_AGENCY: &str = ".own";

/// Which dialect a relying party speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// OpenID Connect and OAuth 2.
    Oidc,
    /// SAML 2.0.
    Saml,
    /// The broker's own pages for a person who is signed in.
    Own,
}

/// A registered relying party, as policy sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    /// Its id; the same as on the wire.
    pub id: RelyingPartyId,
    /// The agency that runs it.
    pub agency: AgencyId,
    /// What it is called on pages.
    pub names: Localized,
    /// Where people find it, for the way back from a page.
    pub home: Option<Url>,
    /// Where a login can be started afresh (OpenID Connect Core §4), preferred to `home`.
    pub initiate: Option<Url>,
    /// What it speaks.
    pub protocol: Protocol,
    /// Whose people may use it.
    pub open_to: OpenTo,
    /// What must be proven at least; never lowered by a request.
    pub floor: Option<Acr>,
    /// How long sessions are believed towards it.
    pub sessions: Narrower,
    /// The attributes that it may be told.
    pub releasable: BTreeSet<AttributeName>,
    /// How it is told who somebody is.
    pub subject: SubjectKind,
    /// Parties of one sector are told the same pairwise subject: a host name.
    pub sector: String,
    /// Whether people are asked before something is released.
    pub consent: Consent,
    /// Whether an administrator of the federation vouches for its name.
    pub verified: bool,
    /// A disabled relying party gets no answers.
    pub enabled: bool,
}

impl RelyingParty {
    /// The relying party [`ACCOUNT`]: open to all, told nothing, of no demand of its own.
    pub fn account(names: Localized, home: Option<Url>) -> Result<Self, IdError> {
        Ok(Self {
            id: ACCOUNT.parse()?,
            agency: OWN_AGENCY.parse()?,
            names,
            home,
            initiate: None,
            protocol: Protocol::Own,
            open_to: OpenTo::All,
            floor: None,
            sessions: Narrower::default(),
            releasable: BTreeSet::new(),
            subject: SubjectKind::Pairwise,
            sector: ACCOUNT.to_owned(),
            consent: Consent::Agreed,
            verified: true,
            enabled: true,
        })
    }
}

/// Whose people may use a relying party.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OpenTo {
    /// Everybody's.
    #[default]
    All,
    /// Only those of these agencies.
    Only(BTreeSet<AgencyId>),
}

impl OpenTo {
    /// Whether people of `agency` may use it.
    #[must_use]
    pub fn admits(&self, agency: &AgencyId) -> bool {
        match self {
            Self::All => true,
            Self::Only(agencies) => agencies.contains(agency),
        }
    }
}

/// Whether people are asked before something is released.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Consent {
    /// Only when the relying party itself asks for it: the agencies agreed among themselves.
    #[default]
    Agreed,
    /// At each sign-in.
    Ask,
}

#[cfg(test)]
mod tests {
    use super::{ACCOUNT, Protocol, RelyingParty};

    #[test]
    fn our_own_pages_are_a_relying_party_that_is_told_nothing() {
        let account = RelyingParty::account(crate::Localized::default(), None).unwrap();
        assert_eq!((account.id.as_str(), account.protocol), (ACCOUNT, Protocol::Own));
        assert!(account.releasable.is_empty() && account.floor.is_none());
    }
}
