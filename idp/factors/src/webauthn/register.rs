//! Registering a passkey: what the browser is asked for, and what of its answer is admitted.

use idp_domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use webauthn_rs_core::proto::{
    AttestationConveyancePreference, COSEAlgorithm, COSEKey, COSEKeyType, CredProtect, Credential,
    CredentialProtectionPolicy, ECDSACurve, ParsedAttestationData, RegistrationState,
    RequestRegistrationExtensions, UserVerificationPolicy,
};

use super::client::{PresentedRegistration, verify_client_data};
use super::credential::{Attested, CredentialId, PasskeyName, PasskeyRecord, UserHandle, Version};
use super::error::CeremonyError;
use super::policy::{AttestationPolicy, RegistrationPolicy};
use super::site::{Site, in_time};

/// The only exponent of RSA that authenticators use: 65,537.
const RSA_EXPONENT: [u8; 3] = [1, 0, 1];

/// Who registers a passkey.
#[derive(Debug, Clone)]
pub struct Person {
    /// What authenticators are to know the account by.
    pub handle: UserHandle,
    /// The name that the person signs in by, shown by browsers.
    pub name: String,
    /// The person's name, shown by browsers.
    pub display_name: String,
}

/// A registration that the browser works at: lies on the shelf, is taken from there once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Registering {
    state: RegistrationState,
    owner: UserHandle,
    existing: Vec<CredentialId>,
    started_at: Timestamp,
}

impl Registering {
    /// Whose registration it is. The caller holds it against the account that is signed in.
    pub fn owner(&self) -> &UserHandle {
        &self.owner
    }
}

impl Site {
    /// Asks for a new passkey: the argument of `navigator.credentials.create()` as JSON, and what
    /// to keep until the answer comes.
    ///
    /// `existing` are the ids of the person's passkeys, whose authenticators are left out.
    pub fn start_registration(
        &self,
        person: Person,
        existing: &[CredentialId],
        policy: &RegistrationPolicy,
        now: Timestamp,
    ) -> Result<(Value, Registering), CeremonyError> {
        let attestation = match policy.attestation {
            AttestationPolicy::None => AttestationConveyancePreference::None,
            AttestationPolicy::Any | AttestationPolicy::Trusted(_) => {
                AttestationConveyancePreference::Direct
            }
        };
        let excluded = existing.iter().map(|id| id.as_bytes().to_vec()).collect();
        let request = self
            .core
            .new_challenge_register_builder(
                person.handle.as_bytes(),
                &person.name,
                &person.display_name,
            )?
            .attestation(attestation)
            .user_verification_policy(UserVerificationPolicy::Required)
            .require_resident_key(true)
            .credential_algorithms(COSEAlgorithm::secure_algs())
            .exclude_credentials(Some(excluded))
            .extensions(Some(extensions()));
        let (options, state) = self.core.generate_challenge_register(request)?;
        let options = serde_json::to_value(options).map_err(|_| CeremonyError::Malformed)?;
        let (owner, existing) = (person.handle, existing.to_vec());
        Ok((options, Registering { state, owner, existing, started_at: now }))
    }

    /// Admits a new passkey, or says why not: everything that the browser was asked for is judged
    /// here again, since a browser can be told otherwise (WebAuthn section 7.1).
    ///
    /// The caller refuses an id that it has on record for any account, in the same commit that
    /// stores the new one. Attestation certificates are judged by the machine's clock.
    pub fn finish_registration(
        &self,
        ceremony: Registering,
        presented: &PresentedRegistration,
        policy: &RegistrationPolicy,
        name: PasskeyName,
        now: Timestamp,
    ) -> Result<PasskeyRecord, CeremonyError> {
        let Registering { state, owner, existing, started_at } = ceremony;
        in_time(started_at, now)?;
        if existing.contains(&presented.id) {
            return Err(CeremonyError::AlreadyRegistered);
        }
        let message = &presented.message;
        verify_client_data(&message.response.client_data_json, "webauthn.create", self.origins())?;
        let refused = message.extensions.cred_props.as_ref().and_then(|props| props.rk);
        if refused == Some(false) {
            return Err(CeremonyError::NotDiscoverable);
        }
        let aaguid = presented.aaguid;
        if !policy.admits(aaguid) {
            return Err(CeremonyError::ModelNotAllowed);
        }
        let (credential, attested) = match &policy.attestation {
            AttestationPolicy::None => {
                (self.core.register_credential(message, &state, None)?, Attested::No)
            }
            AttestationPolicy::Any => {
                let credential = self.core.register_credential(message, &state, None)?;
                is_by_a_maker(&credential)?;
                (credential, Attested::Unchecked)
            }
            AttestationPolicy::Trusted(models) => {
                let roots = models.roots(aaguid).ok_or(CeremonyError::ModelNotAllowed)?;
                let credential = self.core.register_credential(message, &state, Some(roots))?;
                is_by_a_maker(&credential)?;
                (credential, Attested::Trusted)
            }
        };
        is_fit(&credential.cred)?;
        if policy.device_bound && credential.backup_eligible {
            return Err(CeremonyError::NotDeviceBound);
        }
        Ok(PasskeyRecord {
            v: Version,
            owner,
            name,
            aaguid,
            attested,
            created_at: now,
            last_used_at: None,
            credential,
        })
    }
}

/// A discoverable credential names its owner, so authenticators shall not list it to whoever finds
/// them; not enforced, because many of them would fail instead of ignoring it.
fn extensions() -> RequestRegistrationExtensions {
    RequestRegistrationExtensions {
        cred_protect: Some(CredProtect {
            credential_protection_policy: CredentialProtectionPolicy::UserVerificationRequired,
            enforce_credential_protection_policy: Some(false),
        }),
        uvm: None,
        cred_props: Some(true),
        min_pin_length: None,
        hmac_create_secret: None,
    }
}

/// Whether somebody else than the credential itself signed for it.
fn is_by_a_maker(credential: &Credential) -> Result<(), CeremonyError> {
    match credential.attestation.data {
        ParsedAttestationData::Basic(_)
        | ParsedAttestationData::AttCa(_)
        | ParsedAttestationData::AnonCa(_) => Ok(()),
        ParsedAttestationData::Self_
        | ParsedAttestationData::ECDAA
        | ParsedAttestationData::None
        | ParsedAttestationData::Uncertain => Err(CeremonyError::NotAttested),
    }
}

/// Whether the key is one that its algorithm goes with, and worth something. The library has put
/// it on its curve already.
fn is_fit(key: &COSEKey) -> Result<(), CeremonyError> {
    let fits = match (&key.type_, &key.key) {
        (COSEAlgorithm::ES256, COSEKeyType::EC_EC2(point)) => point.curve == ECDSACurve::SECP256R1,
        (COSEAlgorithm::ES384, COSEKeyType::EC_EC2(point)) => point.curve == ECDSACurve::SECP384R1,
        (COSEAlgorithm::RS256, COSEKeyType::RSA(rsa)) => {
            let top_bit_and_odd = rsa.n.first().is_some_and(|n| n & 0x80 != 0)
                && rsa.n.last().is_some_and(|n| n & 1 == 1);
            rsa.e == RSA_EXPONENT && top_bit_and_odd
        }
        _ => return Err(CeremonyError::Algorithm),
    };
    if fits { Ok(()) } else { Err(CeremonyError::UnfitKey) }
}

#[cfg(test)]
mod tests;
