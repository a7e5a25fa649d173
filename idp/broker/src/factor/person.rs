//! Who a login is about and what they have enrolled: loaded only where a decision rests on it.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{
    AccountId, DeviceId, FactorKind, FactorProof, Factors, Fault, Session, Transaction,
};
use idp_factors::webauthn::{CredentialId, PasskeyRecord};
use idp_store::{
    devices::{Shown, StoredDevice},
    factors::{AccountFactors, StoredPasskey},
    journal::Hash,
};

use super::throttle::network;
use crate::{
    Broker,
    visit::{Handle, Visit},
};

/// Somebody, and what they have.
#[derive(Debug, Default)]
pub(crate) struct Person {
    /// Their account; none for a person without one yet.
    pub(crate) account: Option<AccountId>,
    /// What is kept of their factors.
    pub(crate) stored: Option<AccountFactors>,
    /// The same for policy.
    pub(crate) factors: Factors,
    /// What the browser's cookie of a device leads to.
    pub(crate) device: Device,
}

impl Person {
    /// The epoch of their factors: the first, where they never had any.
    pub(crate) fn epoch(&self) -> i64 {
        epoch_of(self.stored.as_ref())
    }
}

/// The epoch of what is kept of somebody's factors.
pub(crate) fn epoch_of(stored: Option<&AccountFactors>) -> i64 {
    stored.map_or(0, |stored| stored.epoch)
}

/// What a browser's cookie of a remembered device leads to.
#[derive(Debug, Default)]
pub(crate) enum Device {
    /// There is no such cookie, or it is another person's.
    #[default]
    None,
    /// A device that stands for a factor of this person.
    Known(StoredDevice),
    /// Nothing any more.
    Dead,
    /// A device whose handle is another one by now: somebody has a copy.
    Copied(StoredDevice),
}

impl Broker {
    /// The account of whoever the login is about: of its own proof, or else of the session.
    pub(crate) async fn account_at_hand(
        &self,
        transaction: &Transaction,
        session: Option<&Session>,
    ) -> Result<Option<AccountId>, Fault> {
        let Some(event) = &transaction.event else {
            return Ok(session.map(|session| session.account.clone()));
        };
        let identity = &event.identity;
        self.accounts
            .of_identity(&identity.source, &identity.issuer, &identity.subject)
            .await
            .map_err(|error| Fault::new("finding a link", error))
    }

    /// What is kept of the factors of `account`.
    pub(crate) async fn stored(
        &self,
        account: &AccountId,
    ) -> Result<Option<AccountFactors>, Fault> {
        let found = self.factors.of(account).await;
        found.map_err(|error| Fault::new("reading factors", error))
    }

    /// Whoever has `account`, and the browser of `visit`.
    pub(crate) async fn person(
        &self,
        account: Option<AccountId>,
        visit: &Visit,
    ) -> Result<Person, Fault> {
        let Some(account) = account else { return Ok(Person::default()) };
        let stored = self.stored(&account).await?;
        let device = self.device(&account, visit).await?;
        let mut factors = stored.as_ref().map(summary).unwrap_or_default();
        if let Device::Known(device) = &device {
            factors.device = Some(stands_for(device));
        }
        Ok(Person { account: Some(account), stored, factors, device })
    }

    /// The device that the browser is to `account`.
    pub(crate) async fn device_here(
        &self,
        account: &AccountId,
        visit: &Visit,
    ) -> Result<Option<DeviceId>, Fault> {
        Ok(match self.device(account, visit).await? {
            Device::Known(device) => Some(device.id),
            Device::None | Device::Dead | Device::Copied(_) => None,
        })
    }

    async fn device(&self, account: &AccountId, visit: &Visit) -> Result<Device, Fault> {
        let Some(handle) = &visit.device else { return Ok(Device::None) };
        let found = self.devices.find(&hash_of(handle), &place_of(visit), visit.now).await;
        let found = found.map_err(|error| Fault::new("finding a device", error))?;
        Ok(match found {
            Some(Shown::Current(device) | Shown::Just(device) | Shown::Past(device))
                if device.account != *account =>
            {
                Device::None
            }
            Some(Shown::Current(device) | Shown::Just(device)) if visit.now < device.expires_at => {
                Device::Known(device)
            }
            Some(Shown::Past(device)) => Device::Copied(device),
            Some(Shown::Current(_) | Shown::Just(_)) | None => Device::Dead,
        })
    }
}

/// The hash under which a device's handle is kept.
pub(crate) fn hash_of(handle: &Handle) -> Hash {
    sha256(handle.as_str().as_bytes())
}

fn sha256(text: &[u8]) -> Hash {
    let mut hash = Hash::default();
    hash.copy_from_slice(digest(&SHA256, text).as_ref());
    hash
}

/// The hash of where a device is shown: the network around the address, for a browser may be
/// behind several, and what the browser says it is.
pub(crate) fn place_of(visit: &Visit) -> Hash {
    let place = format!("{}\0{}", network(visit.address), visit.browser);
    sha256(place.as_bytes())
}

/// The proof that a device stands for.
pub(crate) fn stands_for(device: &StoredDevice) -> FactorProof {
    FactorProof {
        factor: FactorKind::Device,
        at: device.proven_at,
        credential: device.id.as_str().to_owned(),
        hardware: false,
    }
}

/// What an account has, for policy.
pub(crate) fn summary(stored: &AccountFactors) -> Factors {
    let records: Vec<_> = records(stored);
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Factors {
        passkeys: count(records.len()),
        hardware_passkeys: count(records.iter().filter(|record| record.is_hardware()).count()),
        totp: stored.totp.is_some(),
        recovery_codes: count(stored.recovery.iter().filter(|code| !code.used).count()),
        device: None,
        account_since: Some(stored.created_at),
        must_enrol: stored.must_enrol,
    }
}

/// The passkeys of an account, as far as this program can read them.
pub(crate) fn records(stored: &AccountFactors) -> Vec<PasskeyRecord> {
    stored.passkeys.iter().filter_map(record).collect()
}

/// A passkey as it was stored; none if a later program wrote it.
pub(crate) fn record(stored: &StoredPasskey) -> Option<PasskeyRecord> {
    serde_json::from_str(&stored.body)
        .inspect_err(|error| {
            // The error's own text may quote the record.
            tracing::error!(line = error.line(), "a stored passkey cannot be read");
        })
        .ok()
}

/// What a passkey is called in the trail and beside its proofs: enough to tell it from others, and
/// no help in asking for it.
pub(crate) fn short_name(id: &CredentialId) -> String {
    let hash = digest(&SHA256, id.as_bytes());
    URL_SAFE_NO_PAD.encode(hash.as_ref().first_chunk::<9>().unwrap_or(&[0; 9]))
}
