//! Remembered devices: each stands for a code that was typed on it, until the agency's days are
//! over or the account's factors change. Its handle is exchanged at each use.

use idp_domain::{
    AccountId, AuditEvent, DeviceId, FactorKind, FactorProof, Fault, LetterKind, Lifetime,
    audit::AuditKind,
};
use idp_store::{
    devices::{ForgetDevices, RememberDevice, RotateDevice, StoredDevice, Which},
    journal::{Act, Outcome, Unit},
};

use super::{
    Person,
    person::{Device, hash_of, place_of, stands_for},
    scene::Scene,
};
use crate::{
    Broker,
    random::draw,
    visit::{DeviceChange, Handle, Visit},
};

/// A device that stood for a factor in this login.
#[derive(Debug)]
pub(crate) struct UsedDevice {
    pub(crate) id: DeviceId,
    /// What it stood for.
    pub(crate) proof: FactorProof,
    /// Its handle from now on; none where another window has been given it at the same instant.
    pub(crate) handle: Option<Handle>,
    pub(crate) life: Lifetime,
}

impl Broker {
    /// Exchanges the handle of a device that stands for a factor. None: somebody else has done so
    /// with the same handle, and so the device is ended; or it is over.
    ///
    /// Windows of one browser that come at the same instant show the same handle. The first gives
    /// the browser another; the rest count and are given none, so that no second one is about.
    pub(crate) async fn use_device(
        &self,
        device: &StoredDevice,
        scene: Scene<'_>,
        visit: &Visit,
    ) -> Result<Option<UsedDevice>, Fault> {
        let Some(old) = &visit.device else { return Ok(None) };
        let handle = Handle::draw()?;
        let act = RotateDevice {
            device: device.id.clone(),
            account: device.account.clone(),
            old_hash: hash_of(old),
            new_hash: hash_of(&handle),
            from: place_of(visit),
            until: visit.now + self.settings.absolute,
            now: visit.now,
        };
        let proven =
            about_device(AuditKind::FactorProven, &device.id, &device.account, scene, visit);
        let proven = proven.with("factor", FactorKind::Device.as_str());
        let copied =
            about_device(AuditKind::DeviceForgotten, &device.id, &device.account, scene, visit)
                .because_of("copied");
        let copied = AuditEvent { alert: true, ..copied };
        let unit = Unit::telling(Act::RotateDevice(act), move |outcome| match outcome {
            Outcome::Done => vec![proven.clone()],
            Outcome::DeviceJustUsed => vec![proven.clone().with("same_instant", "true")],
            Outcome::DeviceReused => vec![copied.clone()],
            _ => Vec::new(),
        });
        let handle = match self.commit("using a device", unit).await? {
            Outcome::Done => Some(handle),
            Outcome::DeviceJustUsed => None,
            _ => return Ok(None),
        };
        Ok(Some(UsedDevice {
            id: device.id.clone(),
            proof: stands_for(device),
            handle,
            life: device.expires_at.since(visit.now),
        }))
    }

    /// Remembers the browser as a device that stands for `proof`, given in this `epoch` of the
    /// person's factors, in the place of the one that it was.
    pub(crate) async fn remember_device(
        &self,
        person: &Person,
        proof: &FactorProof,
        epoch: i64,
        scene: Scene<'_>,
        visit: &Visit,
    ) -> Result<Option<UsedDevice>, Fault> {
        let Some(account) = &person.account else { return Ok(None) };
        let life = self.agency_in(scene, visit)?.factors.device_life();
        if let Device::Known(before) = &person.device {
            self.drop_devices(account, Which::One(before.id.clone()), scene, visit).await?;
        }
        let id = DeviceId::from_random(draw()?);
        let handle = Handle::draw()?;
        let letters = self
            .letters(LetterKind::DeviceRemembered, account, scene.attributes(visit), visit)
            .await?;
        let made = about_device(AuditKind::DeviceRemembered, &id, account, scene, visit);
        let made = letters.noted(made);
        let act = RememberDevice {
            device: id.clone(),
            account: account.clone(),
            hash: hash_of(&handle),
            epoch,
            factor: proof.factor,
            proven_at: proof.at,
            label: visit.browser.clone(),
            expires_at: visit.now + life,
            letters: letters.into_sealed(),
            now: visit.now,
        };
        let unit = Unit::telling(Act::RememberDevice(act), move |outcome| match outcome {
            Outcome::Done => vec![made.clone()],
            _ => Vec::new(),
        });
        // Where the factors have changed since, nothing is remembered.
        let done = self.commit("remembering a device", unit).await? == Outcome::Done;
        let proof = FactorProof {
            factor: FactorKind::Device,
            credential: id.as_str().to_owned(),
            ..proof.clone()
        };
        Ok(done.then_some(UsedDevice { id, proof, handle: Some(handle), life }))
    }

    /// Forgets devices of `account`. `false`: there were none.
    pub(crate) async fn drop_devices(
        &self,
        account: &AccountId,
        which: Which,
        scene: Scene<'_>,
        visit: &Visit,
    ) -> Result<bool, Fault> {
        let event = scene.about(AuditKind::DeviceForgotten, account, visit);
        let event = match &which {
            Which::One(id) => event.with("device", id.as_str()),
            Which::All | Which::AllBut(_) => event.with("devices", "all"),
        };
        let until = visit.now + self.settings.absolute;
        let act = ForgetDevices { account: account.clone(), which, until, now: visit.now };
        let unit = Unit::telling(Act::ForgetDevices(act), move |outcome| match outcome {
            Outcome::Done => vec![event.clone()],
            _ => Vec::new(),
        });
        Ok(self.commit("forgetting a device", unit).await? == Outcome::Done)
    }
}

fn about_device(
    kind: AuditKind,
    device: &DeviceId,
    account: &AccountId,
    scene: Scene<'_>,
    visit: &Visit,
) -> AuditEvent {
    scene.about(kind, account, visit).with("device", device.as_str())
}

/// What becomes of the browser's cookie.
pub(crate) fn change(used: Option<UsedDevice>, shown: &Device) -> DeviceChange {
    match (used, shown) {
        (Some(UsedDevice { handle: Some(handle), life, .. }), _) => DeviceChange::Set(handle, life),
        (None, Device::Dead | Device::Copied(_)) => DeviceChange::Clear,
        (Some(UsedDevice { handle: None, .. }), _) | (None, Device::None | Device::Known(_)) => {
            DeviceChange::None
        }
    }
}
