//! What the browser sent back, taken apart strictly before the library reads it.

use serde::Deserialize;
use webauthn_rs_core::proto::{PublicKeyCredential, RegisterPublicKeyCredential};

use super::cbor;
use super::credential::{Aaguid, CredentialId};
use super::error::CeremonyError;

/// The largest message that is looked at, in bytes: four times the attestation of a TPM.
const MAX_MESSAGE_BYTES: usize = 64 * 1_024;
/// Where authenticator data holds its flags, after the hash of the relying party id.
const FLAGS_AT: usize = 32;
/// What authenticator data always has: hash, flags, counter (WebAuthn section 6.1).
const FIXED_BYTES: usize = 37;
/// Attested credential data follows.
const ATTESTED: u8 = 0x40;
/// Extensions follow.
const EXTENSIONS: u8 = 0x80;
/// The longest credential id (WebAuthn section 6.5.1).
const MAX_ID_BYTES: usize = 1_023;

/// The answer to [`Site::start_registration`](super::Site::start_registration).
#[derive(Debug, Clone)]
pub struct PresentedRegistration {
    pub(super) message: RegisterPublicKeyCredential,
    pub(super) id: CredentialId,
    pub(super) aaguid: Aaguid,
}

impl PresentedRegistration {
    /// Takes in the JSON that a script made of the credential (`toJSON()`).
    pub fn parse(json: &[u8]) -> Result<Self, CeremonyError> {
        let message: RegisterPublicKeyCredential = read(json)?;
        is_public_key(&message.type_, &message.id, &message.raw_id)?;
        let attestation = cbor::map(&message.response.attestation_object)?;
        let auth_data = attestation
            .iter()
            .find(|(key, _)| *key == b"\x68authData")
            .ok_or(CeremonyError::Malformed)
            .and_then(|(_, value)| Ok(cbor::byte_string(value)?))?;
        let (aaguid, id) = attested(auth_data)?;
        if id != message.raw_id {
            return Err(CeremonyError::Malformed);
        }
        let id = CredentialId::from_bytes(id.to_vec());
        Ok(Self { message, id, aaguid })
    }

    /// The id of the new credential. The caller refuses one that it has on record for anybody.
    pub fn credential_id(&self) -> &CredentialId {
        &self.id
    }

    /// The model that the authenticator says it is.
    pub fn aaguid(&self) -> Aaguid {
        self.aaguid
    }
}

/// The answer to [`Site::start_proof`](super::Site::start_proof).
#[derive(Debug, Clone)]
pub struct PresentedProof {
    pub(super) message: PublicKeyCredential,
    pub(super) id: CredentialId,
    /// The counter that the authenticator claims; signed, but not verified yet.
    pub(super) counter: u32,
}

impl PresentedProof {
    /// Takes in the JSON that a script made of the credential (`toJSON()`).
    pub fn parse(json: &[u8]) -> Result<Self, CeremonyError> {
        let message: PublicKeyCredential = read(json)?;
        is_public_key(&message.type_, &message.id, &message.raw_id)?;
        let auth_data = &message.response.authenticator_data;
        let (fixed, rest) =
            auth_data.split_first_chunk::<FIXED_BYTES>().ok_or(CeremonyError::Malformed)?;
        let [.., a, b, c, d] = *fixed;
        let flags = flags(fixed)?;
        // An assertion holds no credential, and nothing but the extensions that it announces.
        let left_over = if flags & EXTENSIONS == 0 { rest } else { cbor::after_one(rest)? };
        if flags & ATTESTED != 0 || !left_over.is_empty() {
            return Err(CeremonyError::Malformed);
        }
        let id = CredentialId::from_bytes(message.raw_id.clone());
        Ok(Self { message, id, counter: u32::from_be_bytes([a, b, c, d]) })
    }

    /// The credential that the browser used: what the caller looks up.
    pub fn credential_id(&self) -> &CredentialId {
        &self.id
    }

    /// Whose credential the authenticator says that it is. Not proven before the ceremony ends.
    pub fn user_handle(&self) -> Option<&[u8]> {
        self.message.response.user_handle.as_deref()
    }
}

/// What a browser vouches for (WebAuthn section 5.8.1). A member that stands twice is an error.
#[derive(Deserialize)]
struct Vouched {
    #[serde(rename = "type")]
    kind: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: Option<bool>,
    #[serde(rename = "topOrigin", default)]
    top_origin: Option<String>,
    #[serde(rename = "challenge")]
    _challenge: String,
}

/// Refuses what was not asked for by a page of ours, as the browser wrote it down.
///
/// The library compares parsed URLs; here the origin is compared as the string that it is, so
/// that no other spelling and no path is the same origin. Nor does it look at `crossOrigin` when
/// somebody signs in.
pub(super) fn verify_client_data(
    json: &[u8],
    kind: &str,
    origins: &[String],
) -> Result<(), CeremonyError> {
    let data: Vouched = serde_json::from_slice(json).map_err(|_| CeremonyError::Malformed)?;
    if data.kind != kind {
        return Err(CeremonyError::WrongType);
    }
    if !origins.contains(&data.origin) {
        return Err(CeremonyError::WrongOrigin);
    }
    if data.cross_origin == Some(true) || data.top_origin.is_some() {
        return Err(CeremonyError::CrossOrigin);
    }
    Ok(())
}

fn read<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, CeremonyError> {
    if json.len() > MAX_MESSAGE_BYTES {
        return Err(CeremonyError::Oversized);
    }
    serde_json::from_slice(json).map_err(|_| CeremonyError::Malformed)
}

/// Holds the members of a credential against each other.
fn is_public_key(kind: &str, id: &str, raw_id: &[u8]) -> Result<(), CeremonyError> {
    let fits = (1..=MAX_ID_BYTES).contains(&raw_id.len());
    if kind == "public-key" && fits && id == CredentialId::from_bytes(raw_id.to_vec()).to_string() {
        Ok(())
    } else {
        Err(CeremonyError::Malformed)
    }
}

fn flags(auth_data: &[u8]) -> Result<u8, CeremonyError> {
    auth_data.get(FLAGS_AT).copied().ok_or(CeremonyError::Malformed)
}

/// The model and the id in the authenticator data of a registration, which ends where it says.
fn attested(auth_data: &[u8]) -> Result<(Aaguid, &[u8]), CeremonyError> {
    let flags = flags(auth_data)?;
    if flags & ATTESTED == 0 {
        return Err(CeremonyError::Malformed);
    }
    let rest = auth_data.get(FIXED_BYTES..).ok_or(CeremonyError::Malformed)?;
    let (aaguid, rest) = rest.split_first_chunk::<16>().ok_or(CeremonyError::Malformed)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(CeremonyError::Malformed)?;
    let (id, rest) = rest
        .split_at_checked(usize::from(u16::from_be_bytes(*length)))
        .ok_or(CeremonyError::Malformed)?;
    let after_key = cbor::after_one(rest)?;
    let left_over = if flags & EXTENSIONS == 0 { after_key } else { cbor::after_one(after_key)? };
    if left_over.is_empty() {
        Ok((Aaguid::from_bytes(*aaguid), id))
    } else {
        Err(CeremonyError::Malformed)
    }
}

impl From<cbor::NotStrict> for CeremonyError {
    fn from(_: cbor::NotStrict) -> Self {
        Self::Malformed
    }
}
