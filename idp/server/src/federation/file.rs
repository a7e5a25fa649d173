//! The shape of the federation file, and of the documents in the database: one schema for both,
//! so there is one way in.
//!
//! A wire format. `registry` turns it into what the rest of the house works with.

use std::collections::{BTreeMap, BTreeSet};

use idp_domain::{
    Acr, AgencyId, AttributeName, Localized, RelyingPartyId, SourceId,
    agency::{Domain, DomainPattern},
    relying_party::{Consent, Protocol},
    source::SourceKind,
    subject::SubjectKind,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

/// A whole federation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FederationFile {
    /// The agencies.
    #[serde(default)]
    pub(crate) agencies: Vec<AgencyEntry>,
    /// Their sources.
    #[serde(default)]
    pub(crate) sources: Vec<SourceEntry>,
    /// The relying parties.
    #[serde(default)]
    pub(crate) relying_parties: Vec<RelyingPartyEntry>,
}

/// An agency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgencyEntry {
    /// Its id.
    pub(crate) id: AgencyId,
    /// Its names, by language.
    pub(crate) names: Localized,
    /// Acronyms and other names by which people search for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) aliases: Vec<String>,
    /// Mail domains of its people: `un.example`, or `*.un.example` for all below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) domains: Vec<DomainPattern>,
    /// Scopes that it may assert.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) scopes: Vec<Domain>,
    /// Its logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) logo: Option<Url>,
    /// Mail addresses of its technical and security contacts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) contacts: Vec<String>,
    /// Whether its people may sign in.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub(crate) enabled: bool,
}

/// A source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceEntry {
    /// Its id.
    pub(crate) id: SourceId,
    /// The agency that it belongs to.
    pub(crate) agency: AgencyId,
    /// What it speaks.
    pub(crate) kind: SourceKind,
    /// What tells it from the agency's other sources, by language.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub(crate) names: Localized,
    /// The authentication contexts that it is believed to have met when it says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) trusted_acr: Vec<Acr>,
    /// How to reach it; its keys depend on the kind.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub(crate) connection: Value,
    /// Whether it lets anybody in.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub(crate) enabled: bool,
}

/// The connection of a source of local accounts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocalEntry {
    /// Accounts to be there. Accounts that are not named stay as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) accounts: Vec<LocalAccountEntry>,
}

/// A local account. Its password is hashed when the file is applied and never exported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocalAccountEntry {
    /// What the person types.
    pub(crate) username: String,
    /// The password, to be hashed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) password: Option<Value>,
    /// The hash of the password, as an Argon2id PHC string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) password_hash: Option<String>,
    /// Its attributes, by canonical name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) attributes: BTreeMap<AttributeName, OneOrMany>,
    /// Whether it may sign in.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub(crate) enabled: bool,
}

/// One value or several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All of them.
    pub(crate) fn values(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// A relying party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RelyingPartyEntry {
    /// Its id; the same as on the wire.
    pub(crate) id: RelyingPartyId,
    /// The agency that runs it.
    pub(crate) agency: AgencyId,
    /// What it speaks.
    pub(crate) kind: Protocol,
    /// What it is called on pages, by language.
    pub(crate) names: Localized,
    /// Where people find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) home: Option<Url>,
    /// Where a login can be started afresh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) initiate_login: Option<Url>,
    /// The agencies whose people may use it; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) agencies: Option<BTreeSet<AgencyId>>,
    /// The authentication context that must be met at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) required_acr: Option<Acr>,
    /// The attributes that it may be told.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) attributes: BTreeSet<AttributeName>,
    /// How it is told who somebody is.
    #[serde(default)]
    pub(crate) subject: SubjectKind,
    /// Parties of one sector are told the same pairwise subject; its first redirect URI's host
    /// when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sector: Option<String>,
    /// Whether people are asked before something is released.
    #[serde(default)]
    pub(crate) consent: Consent,
    /// Whether an administrator of the federation vouches for its name.
    #[serde(default)]
    pub(crate) verified: bool,
    /// The dialect's own part; its keys depend on the kind.
    pub(crate) connection: Value,
    /// Whether it gets answers.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub(crate) enabled: bool,
}

fn yes() -> bool {
    true
}
