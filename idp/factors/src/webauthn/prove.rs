//! Proving that a passkey is at hand: who is asked, and what the answer shows.

use idp_domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use webauthn_rs_core::error::WebauthnError;
use webauthn_rs_core::proto::{AuthenticationState, Mediation, UserVerificationPolicy};

use super::client::{PresentedProof, verify_client_data};
use super::credential::{CredentialId, PasskeyRecord, UserHandle};
use super::error::CeremonyError;
use super::site::{Site, in_time};

/// Who is asked for a proof.
#[derive(Debug, Clone, Copy)]
pub enum ProofAsk<'a> {
    /// Whoever sits there, by a button. The answer says who it is.
    Anyone,
    /// Whoever sits there, by the list that the browser offers in a field (conditional UI).
    Autofill,
    /// One person, who is known already, with one of these passkeys.
    Owner {
        /// What the person's authenticators know the account by.
        handle: &'a UserHandle,
        /// The person's passkeys; at least one.
        passkeys: &'a [PasskeyRecord],
    },
}

/// A proof that the browser works at: lies on the shelf, is taken from there once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Proving {
    state: AuthenticationState,
    /// Who must prove, and with which of their passkeys. None: anyone.
    asked: Option<(UserHandle, Vec<CredentialId>)>,
    started_at: Timestamp,
}

/// What a proof showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The person is there, verified, with this passkey.
    Proven(Proof),
    /// All of that too, but the counter did not grow: two authenticators may hold the key. Whether
    /// the person gets in is policy; where keys cannot leave their device they should not.
    Cloned(CloneSignal),
}

/// A proof that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The passkey.
    pub credential: CredentialId,
    /// Whose it is.
    pub owner: UserHandle,
    /// The counter on record, which must still be there when the new one is stored.
    pub previous_counter: u32,
    /// The counter now.
    pub counter: u32,
    /// Whether the key lies in a backup now.
    pub backed_up: bool,
}

/// A key seems to be in two places (WebAuthn section 6.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloneSignal {
    /// The passkey.
    pub credential: CredentialId,
    /// Whose it is.
    pub owner: UserHandle,
    /// The counter on record.
    pub stored: u32,
    /// The counter that was presented: the same, or a smaller one.
    pub presented: u32,
    /// Whether the key may leave its device, which makes the signal weaker.
    pub backup_eligible: bool,
}

impl Site {
    /// Asks for a proof: the argument of `navigator.credentials.get()` as JSON, and what to keep
    /// until the answer comes.
    ///
    /// What is asked of anyone is the same for everyone but for the challenge, so it tells nobody
    /// who has an account. The passkeys of a person are named only to that person: ask an owner
    /// only after something else has shown who it is.
    pub fn start_proof(
        &self,
        ask: ProofAsk<'_>,
        now: Timestamp,
    ) -> Result<(Value, Proving), CeremonyError> {
        let (credentials, asked) = match ask {
            ProofAsk::Anyone | ProofAsk::Autofill => (Vec::new(), None),
            ProofAsk::Owner { handle, passkeys } => {
                // Without a list, a browser would offer whatever it has.
                if passkeys.is_empty() || passkeys.iter().any(|passkey| passkey.owner != *handle) {
                    return Err(CeremonyError::UnknownCredential);
                }
                let ids = passkeys.iter().map(PasskeyRecord::id).collect();
                let credentials = passkeys.iter().map(|passkey| passkey.credential.clone());
                (credentials.collect(), Some((handle.clone(), ids)))
            }
        };
        let request = self
            .core
            .new_challenge_authenticate_builder(
                credentials,
                Some(UserVerificationPolicy::Required),
            )?
            .allow_backup_eligible_upgrade(false);
        let (mut options, mut state) = self.core.generate_challenge_authenticate(request)?;
        // The record at the time of the answer counts; there is no need to keep a copy.
        state.set_allowed_credentials(Vec::new());
        if matches!(ask, ProofAsk::Autofill) {
            options.mediation = Some(Mediation::Conditional);
        }
        let options = serde_json::to_value(options).map_err(|_| CeremonyError::Malformed)?;
        Ok((options, Proving { state, asked, started_at: now }))
    }

    /// Judges an answer by the passkey on record under [`PresentedProof::credential_id`]
    /// (WebAuthn section 7.2).
    ///
    /// What it showed is believed only once the caller has stored the new counter, durably and
    /// where [`Proof::previous_counter`] still stood.
    pub fn finish_proof(
        &self,
        ceremony: Proving,
        presented: &PresentedProof,
        record: &PasskeyRecord,
        now: Timestamp,
    ) -> Result<Outcome, CeremonyError> {
        let Proving { state, asked, started_at } = ceremony;
        in_time(started_at, now)?;
        if presented.id != record.id() {
            return Err(CeremonyError::UnknownCredential);
        }
        is_the_owners(asked.as_ref(), presented, record)?;
        let message = &presented.message;
        verify_client_data(&message.response.client_data_json, "webauthn.get", self.origins())?;

        let (credential, owner) = (record.id(), record.owner.clone());
        let stored = record.counter();
        match self.core.authenticate_single_credential(message, &state, &record.credential) {
            Ok(result) => Ok(Outcome::Proven(Proof {
                credential,
                owner,
                previous_counter: stored,
                counter: result.counter(),
                backed_up: result.backup_state(),
            })),
            // The library says so last, when all else, the signature too, has been found good.
            Err(WebauthnError::CredentialPossibleCompromise) => Ok(Outcome::Cloned(CloneSignal {
                credential,
                owner,
                stored,
                presented: presented.counter,
                backup_eligible: record.backup_eligible(),
            })),
            Err(other) => Err(other.into()),
        }
    }
}

/// Whether the passkey is one that was asked for, and its owner the one that it says.
fn is_the_owners(
    asked: Option<&(UserHandle, Vec<CredentialId>)>,
    presented: &PresentedProof,
    record: &PasskeyRecord,
) -> Result<(), CeremonyError> {
    if let Some((handle, ids)) = asked {
        if *handle != record.owner {
            return Err(CeremonyError::WrongOwner);
        }
        if !ids.contains(&presented.id) {
            return Err(CeremonyError::UnknownCredential);
        }
    }
    match presented.user_handle() {
        Some(claimed) if claimed == record.owner.as_bytes() => Ok(()),
        // An authenticator that was given a list need not say whose the credential is.
        None if asked.is_some() => Ok(()),
        _ => Err(CeremonyError::WrongOwner),
    }
}

#[cfg(test)]
mod tests;
