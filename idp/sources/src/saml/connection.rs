//! How to reach a source that is a SAML identity provider, as its operator configures it.
//!
//! A wire format. What the form alone does not say is judged in `verify`.

use std::collections::BTreeMap;

use idp_domain::{Acr, AttributeName};
use serde::Deserialize;

use super::place::MetadataPlace;

/// The connection of a source of the kind `saml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SamlConnection {
    /// What the identity provider says of itself, or where it says it.
    pub metadata: MetadataPlace,
    /// How the request travels; by Redirect where that is offered, if left out.
    #[serde(default)]
    pub request_binding: Option<RequestBinding>,
    /// Whether requests are signed.
    #[serde(default = "yes")]
    pub sign_requests: bool,
    /// The format of `NameID` that is asked for; the identity provider chooses, if left out.
    #[serde(default)]
    pub name_id_format: Option<NameIdFormat>,
    /// What becomes of the contexts that relying parties demand.
    #[serde(default)]
    pub request_acr: RequestAcr,
    /// The source's own names for authentication contexts, and ours for the same.
    #[serde(default)]
    pub acr: BTreeMap<String, Acr>,
    /// Contexts, in the source's own names, of which every answer must name one. They are asked
    /// for where nothing else is.
    #[serde(default)]
    pub required_authn_context: Vec<String>,
    /// Names under which an attribute stands beside the registry's own.
    #[serde(default)]
    pub attributes: BTreeMap<AttributeName, Names>,
    /// Where the lasting name of the person stands; the first that is there counts.
    #[serde(default)]
    pub subject_from: Option<Vec<SubjectPlace>>,
    /// Whether people may come from the identity provider without having been sent there.
    #[serde(default)]
    pub idp_initiated: bool,
    /// Whether an assertion must be encrypted.
    #[serde(default)]
    pub require_encryption: bool,
    /// What is let pass that we would not let pass otherwise.
    #[serde(default)]
    pub encryption: Exceptions,
    /// How far the source's clock may be off, in seconds, at most 300.
    #[serde(default = "usual_skew")]
    pub clock_skew_seconds: u32,
}

/// How the request travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RequestBinding {
    /// In the address.
    Redirect,
    /// In a form.
    Post,
}

/// A format of `NameID` that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameIdFormat {
    /// An opaque name that stays.
    Persistent,
    /// An opaque name for one occasion; the person is known by an attribute then.
    Transient,
    /// A mail address.
    Email,
    /// Whatever the identity provider likes, said in so many words.
    Unspecified,
}

/// What becomes of the contexts that relying parties demand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RequestAcr {
    /// The identity provider must meet one of them, or say that it cannot.
    #[default]
    Exact,
    /// Nothing is asked for: some products fail at the question. What is answered still counts.
    Omit,
}

/// One name or several.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Names {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Names {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// Where the lasting name of a person stands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectPlace {
    /// The attribute `subject-id` (SAML Subject Identifier Attributes 1.0).
    SubjectId,
    /// The attribute `pairwise-id`, of the same profile.
    PairwiseId,
    /// A `NameID` that the identity provider calls persistent.
    PersistentNameId,
    /// A `NameID` that is a mail address: it may pass to another person one day.
    EmailNameId,
    /// A `NameID` of no format: the identity provider must promise that it stays.
    UnspecifiedNameId,
    /// An attribute of this name, which has to be one person's for ever.
    Attribute(String),
}

/// What is let pass that we would not let pass otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exceptions {
    /// RSA-OAEP with SHA-1, which is weak only in name; many products know nothing else.
    #[serde(default)]
    pub allow_oaep_sha1: bool,
    /// Ciphers in CBC mode, until the end of this day in UTC (`2027-06-30`).
    #[serde(default)]
    pub allow_cbc_until: Option<String>,
}

const fn yes() -> bool {
    true
}

const fn usual_skew() -> u32 {
    180
}
