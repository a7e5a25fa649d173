//! The shape of the federation file, and of the documents in the database: one schema for both,
//! so there is one way in. A wire format; `parts` makes of it what the rest of the house works with.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use idp_domain::{
    Acr, AgencyId, AttributeName, FactorRules, Localized, RelyingPartyId, SourceId,
    agency::{Domain, DomainPattern},
    relying_party::{Consent, Protocol},
    session::Narrower,
    source::SourceKind,
};
use serde::{Deserialize, Serialize, Serializer, ser::Error as _};
use serde_json::{Map, Value};

use super::trust::TrustEntry;

/// A whole federation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FederationFile {
    /// The agencies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) agencies: Vec<AgencyEntry>,
    /// Their sources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) sources: Vec<SourceEntry>,
    /// The relying parties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
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
    pub(crate) logo: Option<String>,
    /// Mail addresses of its technical and security contacts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) contacts: Vec<String>,
    /// What it wants of the factors of its people.
    #[serde(default, skip_serializing_if = "is_default", serialize_with = "but_defaults")]
    pub(crate) factors: FactorRules,
    /// How long the sessions of its people are believed, where that is shorter than usual.
    #[serde(default, skip_serializing_if = "is_default", serialize_with = "but_defaults")]
    pub(crate) sessions: Narrower,
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
    /// What else it says of a sign-in, and what is made of that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) trust: Vec<TrustEntry>,
    /// How to reach it; its keys depend on the kind.
    #[serde(default, skip_serializing_if = "Connection::is_empty")]
    pub(crate) connection: Connection,
    /// Whether it lets anybody in.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub(crate) enabled: bool,
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
    /// Where people find it; what its dialect says of that when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) home: Option<String>,
    /// The agencies whose people may use it; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) agencies: Option<BTreeSet<AgencyId>>,
    /// The authentication context that must be met at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) required_acr: Option<Acr>,
    /// How long sessions are believed towards it, where that is shorter than usual.
    #[serde(default, skip_serializing_if = "is_default", serialize_with = "but_defaults")]
    pub(crate) sessions: Narrower,
    /// The attributes that it may be told; those that its scopes ask for when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) attributes: Option<BTreeSet<AttributeName>>,
    /// Whether people are asked before something is released.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) consent: Consent,
    /// Whether an administrator of the federation vouches for its name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) verified: bool,
    /// The dialect's own part; its keys depend on the kind.
    pub(crate) connection: Connection,
    /// Whether it gets answers.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub(crate) enabled: bool,
}

/// Keys that are read later, by what the kind makes of them. Secrets may stand under them, so the
/// values do not show themselves.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Connection(pub(crate) Map<String, Value>);

impl Connection {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The connection of a source of local accounts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocalEntry {
    /// Accounts to be there, each an [`AccountEntry`]. Those that are not named stay as they are.
    #[serde(default)]
    pub(crate) accounts: Vec<Connection>,
}

/// A local account. Its password is hashed when the file is applied and never exported.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountEntry {
    /// What the person types.
    pub(crate) username: String,
    /// The password, to be hashed: text, or where to find it.
    pub(crate) password: Option<Value>,
    /// The hash of the password, as an Argon2id PHC string.
    pub(crate) password_hash: Option<String>,
    /// Its attributes, by canonical name.
    #[serde(default)]
    pub(crate) attributes: BTreeMap<AttributeName, OneOrMany>,
    /// Whether it may sign in.
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
}

impl fmt::Debug for AccountEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountEntry(…)")
    }
}

/// One value or several.
#[derive(Clone, Deserialize)]
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

fn yes() -> bool {
    true
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Writes of a table only what differs from its defaults, as people write it.
fn but_defaults<T: Default + Serialize, S: Serializer>(
    table: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let value = |table: &T| serde_json::to_value(table).map_err(S::Error::custom);
    different(value(table)?, &value(&T::default())?).serialize(serializer)
}

fn different(table: Value, usual: &Value) -> Value {
    let Value::Object(table) = table else { return table };
    let keys = table.into_iter().filter_map(|(key, value)| {
        let usual = usual.get(&key).unwrap_or(&Value::Null);
        (value != *usual).then(|| (key, different(value, usual)))
    });
    Value::Object(keys.collect())
}
