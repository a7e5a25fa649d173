//! SAML keys: made at the first start, and changed only by an operator's hand, step by step.
//!
//! Peers learn keys from metadata, some of them when a person gets round to it; so nothing here
//! happens by itself. One key signs in both roles, another opens what is encrypted to us.

use std::sync::Arc;

use idp_domain::{AuditEvent, Lifetime, Secret, Timestamp};
use idp_saml::{
    dsig::{Certificate, DecryptionKey, KeyKind, SigningKey, self_signed},
    keys::SamlKeys,
};
use idp_store::{
    Act, Outcome, Unit,
    keys::{KeyChange, KeyState, NewKey, StoredKey},
    seal::{Purpose, SealError},
};

use super::{KeyKeeper, KeysError, changed};

/// The purpose of SAML keys in the database.
pub(crate) const SAML: &str = "saml";

/// How long the certificates around them are valid. Peers that look at all would stop at the end.
const YEARS: u8 = 10;

/// Peers' clocks may be behind ours: the certificate is valid from so much earlier on.
const HEAD_START: Lifetime = Lifetime::hours(1);

/// What a SAML key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// Signs requests, answers and metadata.
    Signing,
    /// Opens what is encrypted to us.
    Encryption,
}

impl Use {
    const ALL: [Self; 2] = [Self::Signing, Self::Encryption];

    /// Its algorithm in the database.
    fn alg(self) -> &'static str {
        match self {
            Self::Signing => "RS256",
            Self::Encryption => "RSA-OAEP",
        }
    }
}

/// A step of a rotation. Between two of them every peer has to read our metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum SamlStep {
    /// Make the next keys and publish them beside the others
    Publish,
    /// Let the published keys take over
    Activate,
    /// Take the keys that were relieved out of the metadata, and forget them
    Retire,
}

impl SamlStep {
    fn word(self) -> &'static str {
        match self {
            Self::Publish => "published",
            Self::Activate => "activated",
            Self::Retire => "removed",
        }
    }
}

impl KeyKeeper {
    /// The SAML keys; made, for the host `name`, if there are none.
    pub(crate) async fn saml(&self, name: &str, now: Timestamp) -> Result<SamlKeys, KeysError> {
        loop {
            let stored = self.stored(SAML).await?;
            let is_active = |of: Use| {
                stored.iter().any(|key| key.state == KeyState::Active && key.alg == of.alg())
            };
            let missing: Vec<_> = Use::ALL.into_iter().filter(|of| !is_active(*of)).collect();
            if missing.is_empty() {
                return self.opened(&stored);
            }
            // Of several nodes that start at once one makes each; all read them back.
            self.make_saml(&missing, KeyState::Active, name, now).await?;
        }
    }

    /// Does one step of a rotation, for both keys.
    pub(crate) async fn step_saml(
        &self,
        step: SamlStep,
        name: &str,
        now: Timestamp,
    ) -> Result<(), KeysError> {
        // There must be keys before they can be relieved.
        self.saml(name, now).await?;
        let stored = self.stored(SAML).await?;
        let has_next =
            |alg: &str| stored.iter().any(|key| key.state == KeyState::Next && key.alg == alg);
        if step == SamlStep::Publish {
            let missing: Vec<_> = Use::ALL.into_iter().filter(|of| !has_next(of.alg())).collect();
            if missing.is_empty() {
                return Err(KeysError::Step("the next keys are published already: activate them"));
            }
            return self.make_saml(&missing, KeyState::Next, name, now).await;
        }
        let moved = |key: &StoredKey| {
            let to = match (step, key.state) {
                // Whoever has no successor stays.
                (SamlStep::Activate, KeyState::Active) if has_next(&key.alg) => KeyState::Retired,
                (SamlStep::Activate, KeyState::Next) => KeyState::Active,
                (SamlStep::Retire, KeyState::Retired) => KeyState::Gone,
                _ => return None,
            };
            let (kid, version) = (key.kid.clone(), key.version);
            Some(KeyChange { kid, version, to, now, gone_at: None })
        };
        let changes: Vec<_> = stored.iter().filter_map(moved).collect();
        if changes.is_empty() {
            return Err(KeysError::Step(match step {
                SamlStep::Activate => "no next keys are published: publish them first",
                _ => "no key was relieved: there is nothing to retire",
            }));
        }
        let events = changes.iter().filter(|change| change.to != KeyState::Retired);
        let events = events.map(|change| event(&change.kid, step.word(), now)).collect();
        self.commit_or_contend(Act::ChangeKeys(changes), events).await
    }

    async fn make_saml(
        &self,
        uses: &[Use],
        state: KeyState,
        name: &str,
        now: Timestamp,
    ) -> Result<(), KeysError> {
        for of in uses {
            let key = self.new_saml(*of, state, name, now).await?;
            let event = event(&key.kid, "published", now).with("alg", of.alg());
            // A conflict means that another node made it.
            self.commit(Act::InsertKey(key), vec![event]).await?;
        }
        Ok(())
    }

    async fn new_saml(
        &self,
        of: Use,
        state: KeyState,
        name: &str,
        now: Timestamp,
    ) -> Result<NewKey, KeysError> {
        let unmade = |source| KeysError::Saml { kid: "(new)".to_owned(), source };
        // A prime takes its time: other tasks of this thread need not wait for it.
        let made = tokio::task::spawn_blocking(|| KeyKind::Rsa2048.generate()).await;
        let private = made.map_err(|_| KeysError::Random)?.map_err(unmade)?;
        let serial = idp_broker::random::<16>().map_err(|_| KeysError::Random)?;
        let from = now.minus(HEAD_START);
        let certificate = self_signed(private.expose(), name, from, YEARS, serial);
        let certificate = certificate.map_err(unmade)?;
        let kid = Certificate::from_der(&certificate).map_err(unmade)?.fingerprint();
        let packed = pack(private.expose(), &certificate);
        let sealed = self.sealer.seal(Purpose::SigningKey, kid.as_bytes(), packed.expose());
        let sealed = sealed.map_err(|source| KeysError::Sealed { kid: kid.clone(), source })?;
        Ok(NewKey {
            kid,
            purpose: SAML.to_owned(),
            alg: of.alg().to_owned(),
            state,
            created_at: now,
            sealed,
        })
    }

    /// All that stand in the database, opened.
    fn opened(&self, stored: &[StoredKey]) -> Result<SamlKeys, KeysError> {
        let (mut signing, mut decryption) = (None, Vec::new());
        let (mut signing_certs, mut encryption_certs) = (Vec::new(), Vec::new());
        let mut ordered: Vec<_> = stored.iter().collect();
        ordered.sort_by_key(|key| match key.state {
            KeyState::Active => 0,
            KeyState::Next => 1,
            KeyState::Retired | KeyState::Gone => 2,
        });
        for key in ordered {
            let kid = || key.kid.clone();
            let opened = self.sealer.open(Purpose::SigningKey, key.kid.as_bytes(), &key.sealed);
            let opened = opened.map_err(|source| KeysError::Sealed { kid: kid(), source })?;
            let opened = Secret::new(opened);
            let (private, certificate) = unpack(opened.expose())
                .ok_or(KeysError::Sealed { kid: kid(), source: SealError::Malformed })?;
            let unfit = |source| KeysError::Saml { kid: kid(), source };
            if key.alg == Use::Signing.alg() {
                signing_certs.push(certificate.to_vec());
                if key.state == KeyState::Active {
                    let parsed = SigningKey::new(private, certificate).map_err(unfit)?;
                    signing = Some(Arc::new(parsed));
                }
            } else if key.alg == Use::Encryption.alg() {
                decryption.push(DecryptionKey::new(private, certificate).map_err(unfit)?);
                if key.state != KeyState::Retired {
                    encryption_certs.push(certificate.to_vec());
                }
            } else {
                return Err(KeysError::Alg { kid: kid(), alg: key.alg.clone() });
            }
        }
        Ok(SamlKeys {
            signing: signing.ok_or(KeysError::Step("no SAML key signs"))?,
            published_signing_certs: signing_certs,
            decryption,
            published_encryption_certs: encryption_certs,
        })
    }

    async fn commit(&self, act: Act, events: Vec<AuditEvent>) -> Result<Outcome, KeysError> {
        let unit = Unit::telling(act, move |outcome| match outcome {
            Outcome::Done => events.clone(),
            _ => Vec::new(),
        });
        Ok(self.store.journal.commit(unit).await?)
    }

    async fn commit_or_contend(&self, act: Act, events: Vec<AuditEvent>) -> Result<(), KeysError> {
        match self.commit(act, events).await? {
            Outcome::Done => Ok(()),
            _ => Err(KeysError::Contended),
        }
    }
}

fn event(kid: &str, what: &'static str, now: Timestamp) -> AuditEvent {
    changed(kid, what, now).with("purpose", SAML)
}

/// Key and certificate as one text of bytes: the length of the key in four bytes, then both.
fn pack(private: &[u8], certificate: &[u8]) -> Secret<Vec<u8>> {
    let length = u32::try_from(private.len()).unwrap_or_default().to_be_bytes();
    Secret::new([&length[..], private, certificate].concat())
}

fn unpack(packed: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = packed.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests;
