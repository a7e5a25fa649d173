//! The registered form of a service provider: how it stands in the federation file, beside its
//! metadata.

use idp_domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    dsig::SignatureAlg,
    idp::{IdentifierNeed, NameIdKind},
};

/// What is registered of a service provider besides its metadata. Every key may be left out, and
/// then is what is safe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceProviderRegistration {
    /// Whether requests must be signed. Left out: if its metadata says that they are
    /// (`AuthnRequestsSigned`). What metadata says cannot be taken back here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_signed_requests: Option<bool>,
    /// Whether assertions are signed.
    pub sign_assertion: bool,
    /// Whether responses are signed. One of the two must be.
    pub sign_response: bool,
    /// What signatures are made with, where our key is of that kind. Left out: what its metadata
    /// says that it understands, else what our key signs with by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature_alg: Option<SignatureName>,
    /// Whether assertions are encrypted.
    pub encrypt: Encrypt,
    /// Assertions are not encrypted before that, in seconds since 1970, although its metadata has
    /// a key: for software that cannot read them yet. Whoever reads along in the person's browser
    /// reads all that is released.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub danger_plaintext_until: Option<Timestamp>,
    /// The name that a person is called by where a request does not say. Left out: the first of
    /// its metadata that we give, else `persistent`. `email` is given only where it stands here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_id: Option<NameIdKind>,
    /// The identifier that it is told as an attribute. Left out: what its metadata asks for
    /// (`subject-id:req`); but `subject-id`, which others know too, is given only where it stands
    /// here or an entity category entitles to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_id: Option<IdentifierNeed>,
    /// Service providers of one sector are told the same pairwise name: a host name. Left out: it
    /// is a sector of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector: Option<String>,
    /// Whether a sign-in may begin with us, without a request.
    pub unsolicited: bool,
    /// How long its session may rest on our word, in seconds: 300 to 86,400. Left out: as long as
    /// the session lasts here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_lifetime: Option<u32>,
    /// The entity categories that it is in. Left out: those of its metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity_categories: Option<Vec<String>>,
}

/// Whether assertions are encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encrypt {
    /// Always; without a key that serves there is no answer.
    Required,
    /// Where its metadata has a key for it. A key that does not serve is no reason to go without.
    #[default]
    IfPossible,
}

/// The algorithms of signatures by their names in the federation file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureName {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaSha256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RsaSha384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RsaSha512,
    /// RSASSA-PSS with SHA-256.
    RsaPssSha256,
    /// RSASSA-PSS with SHA-384.
    RsaPssSha384,
    /// RSASSA-PSS with SHA-512.
    RsaPssSha512,
    /// ECDSA on P-256 with SHA-256.
    EcdsaSha256,
    /// ECDSA on P-384 with SHA-384.
    EcdsaSha384,
}

impl From<SignatureName> for SignatureAlg {
    fn from(name: SignatureName) -> Self {
        match name {
            SignatureName::RsaSha256 => Self::RsaSha256,
            SignatureName::RsaSha384 => Self::RsaSha384,
            SignatureName::RsaSha512 => Self::RsaSha512,
            SignatureName::RsaPssSha256 => Self::RsaPssSha256,
            SignatureName::RsaPssSha384 => Self::RsaPssSha384,
            SignatureName::RsaPssSha512 => Self::RsaPssSha512,
            SignatureName::EcdsaSha256 => Self::EcdsaSha256,
            SignatureName::EcdsaSha384 => Self::EcdsaSha384,
        }
    }
}

impl Default for ServiceProviderRegistration {
    fn default() -> Self {
        Self {
            require_signed_requests: None,
            sign_assertion: true,
            sign_response: true,
            signature_alg: None,
            encrypt: Encrypt::default(),
            danger_plaintext_until: None,
            name_id: None,
            subject_id: None,
            sector: None,
            unsolicited: false,
            session_lifetime: None,
            entity_categories: None,
        }
    }
}
