//! Remembered devices: for how long, and whose handle was copied.

use idp_domain::{AccountId, DeviceId, FactorKind};

use super::{
    Bench, NOW,
    factors::{app, codes, reset},
    later, on_every_engine, random,
    revocations::until,
};
use crate::{
    devices::{ForgetDevices, RememberDevice, RotateDevice, Shown, Which},
    journal::{Act, Hash, Outcome},
    revocations::{RevokedKind, proofs_of},
    store::Store,
};

on_every_engine!(
    a_device_is_found_by_the_handle_that_counts,
    ses_13_a_handle_that_was_exchanged_ends_the_device,
    windows_that_show_a_handle_at_the_same_instant_are_one_use,
    ses_13_a_copy_is_noticed_at_the_same_instant_too,
    ses_13_a_device_is_forgotten_when_the_factors_change,
    ses_13_a_device_is_of_one_account_and_for_a_while,
    a_device_is_not_remembered_for_a_factor_of_the_past,
    a_device_of_a_disabled_account_is_none,
    devices_are_forgotten_one_by_one_and_together,
    the_sweep_takes_devices_whose_time_is_up,
);

/// Where a browser is.
const HERE: Hash = [100; 32];

pub(super) fn device(account: &AccountId, epoch: i64, hash: Hash) -> RememberDevice {
    RememberDevice {
        device: DeviceId::from_random(random()),
        account: account.clone(),
        hash,
        epoch,
        factor: FactorKind::Totp,
        proven_at: NOW,
        label: "Firefox on Linux".to_owned(),
        expires_at: later(86_400),
        letters: Vec::new(),
        now: NOW,
    }
}

pub(super) fn exchange(device: &RememberDevice, old_hash: Hash, new_hash: Hash) -> RotateDevice {
    let (account, device) = (device.account.clone(), device.device.clone());
    let (until, now) = (later(86_400), later(60));
    RotateDevice { device, account, old_hash, new_hash, from: HERE, until, now }
}

fn forget(account: &AccountId, which: Which) -> Act {
    let (account, until, now) = (account.clone(), later(86_400), later(60));
    Act::ForgetDevices(ForgetDevices { account, which, until, now })
}

impl Store {
    /// An account with an authenticator app, and a device that stands for it.
    pub(super) async fn remembered(&self, hash: Hash) -> RememberDevice {
        let account = self.account().await;
        self.done(Act::PutTotp(app(&account, 1))).await;
        let device = device(&account, self.factors_of(&account).await.epoch, hash);
        self.done(Act::RememberDevice(device.clone())).await;
        device
    }

    /// Whether what `device` stood for is taken back.
    fn counts_no_more(&self, device: &RememberDevice) -> bool {
        let proofs = proofs_of(&device.account, FactorKind::Device, device.device.as_str());
        self.revocations.is_revoked(RevokedKind::Proof, &proofs)
    }

    /// Whether the handle with `hash` counts; none if it leads nowhere.
    async fn shown(&self, hash: Hash) -> Option<bool> {
        let shown = self.devices.find(&hash, &HERE, later(66)).await.unwrap();
        shown.map(|shown| matches!(shown, Shown::Current(_)))
    }
}

async fn a_device_is_found_by_the_handle_that_counts(bench: &Bench) {
    let [store, other] = &bench.nodes;
    let remembered = store.remembered([1; 32]).await;
    let found = other.devices.find(&[1; 32], &HERE, NOW).await.unwrap();
    let Some(Shown::Current(found)) = found else { panic!() };
    assert_eq!((&found.id, &found.account), (&remembered.device, &remembered.account));
    assert_eq!((found.factor, found.proven_at), (FactorKind::Totp, NOW));
    assert_eq!((found.label.as_str(), found.expires_at), ("Firefox on Linux", later(86_400)));
    assert_eq!((found.created_at, found.used_at), (NOW, NOW));
    let of = other.devices.of(&remembered.account, later(86_399)).await.unwrap();
    assert_eq!(of, vec![found]);
    assert_eq!(other.devices.of(&remembered.account, later(86_400)).await.unwrap(), []);
    assert_eq!(other.devices.find(&[2; 32], &HERE, NOW).await.unwrap(), None);
}

async fn ses_13_a_handle_that_was_exchanged_ends_the_device(bench: &Bench) {
    let [store, other] = &bench.nodes;
    for reused in [1, 2] {
        let remembered = store.remembered([1; 32]).await;
        store.done(Act::RotateDevice(exchange(&remembered, [1; 32], [2; 32]))).await;
        assert_eq!(
            (other.shown([1; 32]).await, other.shown([2; 32]).await),
            (Some(false), Some(true))
        );
        store.done(Act::RotateDevice(exchange(&remembered, [2; 32], [3; 32]))).await;
        let of = other.devices.of(&remembered.account, NOW).await.unwrap();
        assert_eq!(of[0].used_at, later(60));
        let now = later(66);
        let again = RotateDevice { now, ..exchange(&remembered, [reused; 32], [4; 32]) };
        let outcome = other.act(Act::RotateDevice(again)).await;
        assert_eq!(outcome, Outcome::DeviceReused);
        for hash in 1..5 {
            assert_eq!(store.shown([hash; 32]).await, None, "{hash}");
        }
        let outcome = store.act(Act::RotateDevice(exchange(&remembered, [3; 32], [5; 32]))).await;
        assert_eq!(outcome, Outcome::Revoked);
        store.done(Act::ResetFactors(reset(&remembered.account, false))).await;
    }
}

async fn windows_that_show_a_handle_at_the_same_instant_are_one_use(bench: &Bench) {
    let [store, other] = &bench.nodes;
    let remembered = store.remembered([1; 32]).await;
    store.done(Act::RotateDevice(exchange(&remembered, [1; 32], [2; 32]))).await;
    for now in [58, 60, 65] {
        let window = RotateDevice { now: later(now), ..exchange(&remembered, [1; 32], [3; 32]) };
        let shown = other.devices.find(&[1; 32], &HERE, window.now).await.unwrap();
        assert!(matches!(shown, Some(Shown::Just(_))), "{shown:?}");
        assert_eq!(other.act(Act::RotateDevice(window)).await, Outcome::DeviceJustUsed);
        assert_eq!(store.shown([2; 32]).await, Some(true), "the next one counts, {now}");
        assert_eq!(store.shown([3; 32]).await, None, "and there is no other");
    }
    store.done(Act::RotateDevice(exchange(&remembered, [2; 32], [4; 32]))).await;
}

async fn ses_13_a_copy_is_noticed_at_the_same_instant_too(bench: &Bench) {
    let [store, other] = &bench.nodes;
    for case in ["elsewhere", "late", "older", "changed"] {
        let remembered = store.remembered([1; 32]).await;
        store.done(Act::RotateDevice(exchange(&remembered, [1; 32], [2; 32]))).await;
        let mut copy = exchange(&remembered, [1; 32], [9; 32]);
        match case {
            "elsewhere" => copy.from = [101; 32],
            "late" => copy.now = later(66),
            "older" => {
                store.done(Act::RotateDevice(exchange(&remembered, [2; 32], [3; 32]))).await;
            }
            _ => store.done(Act::PutTotp(app(&remembered.account, 7))).await,
        }
        let shown = other.devices.find(&[1; 32], &copy.from, copy.now).await.unwrap();
        assert!(matches!(shown, Some(Shown::Past(_)) | None), "{case}: {shown:?}");
        assert_eq!(other.act(Act::RotateDevice(copy)).await, Outcome::DeviceReused, "{case}");
        assert_eq!(store.shown([2; 32]).await, None, "{case}");
        until(|| other.counts_no_more(&remembered)).await;
        store.done(Act::ResetFactors(reset(&remembered.account, false))).await;
    }
}

async fn ses_13_a_device_is_forgotten_when_the_factors_change(bench: &Bench) {
    let store = bench.store();
    let remembered = store.remembered([1; 32]).await;
    let change = Act::PutRecoveryCodes(codes(&remembered.account, &[[1; 32]]));
    store.done(change).await;
    assert_eq!(store.shown([1; 32]).await, None);
    assert_eq!(store.devices.of(&remembered.account, NOW).await.unwrap(), []);
    let outcome = store.act(Act::RotateDevice(exchange(&remembered, [1; 32], [2; 32]))).await;
    assert_eq!(outcome, Outcome::Revoked);
}

async fn ses_13_a_device_is_of_one_account_and_for_a_while(bench: &Bench) {
    let store = bench.store();
    let remembered = store.remembered([1; 32]).await;
    let bob = store.account().await;
    let exchange = exchange(&remembered, [1; 32], [2; 32]);
    let stolen = RotateDevice { account: bob, ..exchange.clone() };
    assert_eq!(store.act(Act::RotateDevice(stolen)).await, Outcome::Unknown);
    let guessed = RotateDevice { old_hash: [9; 32], ..exchange.clone() };
    assert_eq!(store.act(Act::RotateDevice(guessed)).await, Outcome::Unknown);
    let late = RotateDevice { now: later(86_400), ..exchange.clone() };
    assert_eq!(store.act(Act::RotateDevice(late)).await, Outcome::Expired);
    let in_time = RotateDevice { now: later(86_399), ..exchange };
    store.done(Act::RotateDevice(in_time)).await;
}

async fn a_device_is_not_remembered_for_a_factor_of_the_past(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let none = device(&account, 0, [1; 32]);
    assert_eq!(store.act(Act::RememberDevice(none)).await, Outcome::Unknown);
    store.done(Act::PutTotp(app(&account, 1))).await;
    let epoch = store.factors_of(&account).await.epoch;
    store.done(Act::ResetFactors(reset(&account, true))).await;
    let late = device(&account, epoch, [1; 32]);
    assert_eq!(store.act(Act::RememberDevice(late)).await, Outcome::Conflict);
    assert_eq!(store.shown([1; 32]).await, None);
}

async fn a_device_of_a_disabled_account_is_none(bench: &Bench) {
    let store = bench.store();
    let remembered = store.remembered([1; 32]).await;
    store.disable(&remembered.account).await;
    assert_eq!(store.shown([1; 32]).await, None);
    let epoch = store.factors_of(&remembered.account).await.epoch;
    let again = device(&remembered.account, epoch, [2; 32]);
    assert_eq!(store.act(Act::RememberDevice(again)).await, Outcome::Unknown);
}

async fn devices_are_forgotten_one_by_one_and_together(bench: &Bench) {
    let store = bench.store();
    let first = store.remembered([1; 32]).await;
    let others = store.remembered([9; 32]).await;
    for hash in [2, 3, 4] {
        store.done(Act::RememberDevice(device(&first.account, first.epoch, [hash; 32]))).await;
    }
    let Some(Shown::Current(second)) = store.devices.find(&[2; 32], &HERE, NOW).await.unwrap()
    else {
        panic!()
    };
    let left = async || {
        let mut left = Vec::new();
        for hash in [1, 2, 3, 4, 9] {
            if store.shown([hash; 32]).await == Some(true) {
                left.push(hash);
            }
        }
        left
    };
    let foreign = forget(&first.account, Which::One(others.device.clone()));
    assert_eq!(store.act(foreign).await, Outcome::Unknown);
    store.done(forget(&first.account, Which::One(first.device.clone()))).await;
    assert_eq!(left().await, [2, 3, 4, 9]);
    let again = forget(&first.account, Which::One(first.device.clone()));
    assert_eq!(store.act(again).await, Outcome::Unknown);
    store.done(forget(&first.account, Which::AllBut(second.id))).await;
    assert_eq!(left().await, [2, 9]);
    assert!(store.counts_no_more(&first) && !store.counts_no_more(&others));
    store.done(forget(&first.account, Which::All)).await;
    assert_eq!(left().await, [9]);
}

async fn the_sweep_takes_devices_whose_time_is_up(bench: &Bench) {
    let store = bench.store();
    let remembered = store.remembered([1; 32]).await;
    store.done(Act::RotateDevice(exchange(&remembered, [1; 32], [2; 32]))).await;
    store.sweep(later(86_400)).await.unwrap();
    assert_eq!(store.shown([2; 32]).await, Some(true));
    assert_eq!(store.sweep(later(86_401)).await.unwrap(), 1);
    assert_eq!((store.shown([1; 32]).await, store.shown([2; 32]).await), (None, None));
}
