//! How to reach a source that is a SAML identity provider, as its operator configures it.
//!
//! A wire format. What the form alone does not say is judged in `verify`.

use std::collections::BTreeMap;

use idp_domain::{Acr, AttributeName, Timestamp};
use idp_saml::schema::format;
use idp_saml::sp::Quirks;
use idp_saml::xml::read_instant;
use serde::Deserialize;
use thiserror::Error;

use super::peer::PeerError;
use super::place::{MetadataPlace, PlaceError};

/// The most that a source's clock may be off, in seconds.
const MAX_SKEW: u32 = 300;

/// The connection of a source of the kind `saml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "a wire format: each is a key of its own")]
pub struct SamlConnection {
    /// What the identity provider says of itself, or where it says it.
    #[serde(default)]
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
    /// Whether the source is told for whom it is asked (`Scoping`): some products refuse to be.
    #[serde(default = "yes")]
    pub name_requester: bool,
    /// What becomes of the contexts that relying parties demand.
    #[serde(default)]
    pub request_acr: RequestAcr,
    /// The source's own names for authentication contexts, and ours for the same.
    #[serde(default)]
    pub acr: BTreeMap<String, Acr>,
    /// An attribute in which the source names contexts beside the class.
    #[serde(default)]
    pub context_attribute: Option<String>,
    /// Contexts, in the source's own names, of which every answer must name one. They are asked
    /// for where nothing else is.
    #[serde(default)]
    pub required_authn_context: Vec<String>,
    /// Names under which an attribute stands beside the registry's own.
    #[serde(default)]
    pub attributes: BTreeMap<AttributeName, Names>,
    /// Whether a signed response may lack its `Destination`. An answer that was made for another
    /// endpoint is then known only by the recipient in its assertion.
    #[serde(default)]
    pub danger_absent_destination: bool,
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

/// Why a connection can never work.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum ConnectionError {
    /// The metadata is not to be had, or not acceptable.
    #[error("metadata: {0}")]
    Place(#[from] PlaceError),
    /// The metadata is of no use here.
    #[error("metadata: {0}")]
    Peer(#[from] PeerError),
    /// A list is empty, or a text in it.
    #[error("{field} is empty, or has an empty text in it")]
    Empty {
        /// The field.
        field: &'static str,
    },
    /// A name that cannot stand for itself.
    #[error("subject_from: the attribute name {name:?} has blanks in it")]
    Blanks {
        /// What was written.
        name: String,
    },
    /// A name that is another's tomorrow.
    #[error(
        "name_id_format is `transient`, and subject_from looks at names only: the person would be \
         a stranger each time"
    )]
    Transient,
    /// An attribute that the registry does not have.
    #[error("attributes: there is no attribute {name}")]
    UnknownAttribute {
        /// What was written.
        name: String,
    },
    /// A clock may not be off so far.
    #[error("clock_skew_seconds is {seconds}, more than {MAX_SKEW}")]
    Skew {
        /// What was written.
        seconds: u32,
    },
    /// An exception without an end.
    #[error("encryption.allow_cbc_until is {text:?}; write a day like 2027-06-30")]
    Day {
        /// What was written.
        text: String,
    },
}

impl SamlConnection {
    /// Refuses what the form alone does not.
    pub(super) fn verify(&self) -> Result<(), ConnectionError> {
        let places = self.subject_places();
        let names = || self.attributes.values().map(Names::all);
        let without_name = names().any(<[_]>::is_empty) || names().flatten().any(String::is_empty);
        for (field, is_empty) in [
            ("subject_from", places.is_empty()),
            ("attributes", without_name),
            ("acr", self.acr.keys().any(String::is_empty)),
            ("context_attribute", self.context_attribute.as_deref() == Some("")),
            ("required_authn_context", self.required_authn_context.iter().any(String::is_empty)),
        ] {
            if is_empty {
                return Err(ConnectionError::Empty { field });
            }
        }
        for place in &places {
            if let SubjectPlace::Attribute(name) = place
                && (name.is_empty() || name.contains(char::is_whitespace))
            {
                return Err(ConnectionError::Blanks { name: name.chars().take(200).collect() });
            }
        }
        if self.name_id_format == Some(NameIdFormat::Transient)
            && places.iter().all(SubjectPlace::is_name_id)
        {
            return Err(ConnectionError::Transient);
        }
        if self.clock_skew_seconds > MAX_SKEW {
            return Err(ConnectionError::Skew { seconds: self.clock_skew_seconds });
        }
        Ok(())
    }

    /// Where the lasting name of the person is looked for.
    #[must_use]
    pub fn subject_places(&self) -> Vec<SubjectPlace> {
        use SubjectPlace::{PairwiseId, PersistentNameId, SubjectId};
        self.subject_from.clone().unwrap_or_else(|| vec![SubjectId, PairwiseId, PersistentNameId])
    }

    /// Until when CBC is let pass.
    pub fn cbc_until(&self) -> Result<Option<Timestamp>, ConnectionError> {
        let Some(text) = &self.encryption.allow_cbc_until else { return Ok(None) };
        // A day has this form, and no other text of this form is one.
        let day = (text.len() == 10).then(|| read_instant(&format!("{text}T23:59:59Z")).ok());
        let unreadable = || ConnectionError::Day { text: text.chars().take(20).collect() };
        day.flatten().map(Some).ok_or_else(unreadable)
    }

    /// What the identity provider is forgiven.
    pub(super) fn forgiven(&self) -> Quirks {
        Quirks { danger_absent_destination: self.danger_absent_destination }
    }
}

impl NameIdFormat {
    /// Its URI.
    #[must_use]
    pub fn uri(self) -> &'static str {
        match self {
            Self::Persistent => format::PERSISTENT,
            Self::Transient => format::TRANSIENT,
            Self::Email => format::EMAIL,
            Self::Unspecified => format::UNSPECIFIED,
        }
    }
}

impl SubjectPlace {
    fn is_name_id(&self) -> bool {
        matches!(self, Self::PersistentNameId | Self::EmailNameId | Self::UnspecifiedNameId)
    }
}

const fn yes() -> bool {
    true
}

const fn usual_skew() -> u32 {
    180
}
