//! Remembered devices: each stands for a factor that was proven on it, for a while and for as long
//! as the account's factors stay what they are. Its handle is exchanged at each use; several
//! windows of one browser that show it at the same instant are one use.

mod write;

use idp_domain::{AccountId, DeviceId, FactorKind, Lifetime, Timestamp};

pub(crate) use write::{forget, remember, rotate_all};

use crate::{
    db::{Db, Row},
    error::StoreError,
    journal::Hash,
    letters::SealedLetter,
};

/// Remembers a device.
#[derive(Clone, Debug)]
pub struct RememberDevice {
    /// Its id.
    pub device: DeviceId,
    /// Whose it is.
    pub account: AccountId,
    /// The hash of its handle.
    pub hash: Hash,
    /// The epoch of the account's factors in which the factor was proven.
    pub epoch: i64,
    /// Which factor it stands for.
    pub factor: FactorKind,
    /// When that was proven.
    pub proven_at: Timestamp,
    /// What its owner knows it by.
    pub label: String,
    /// When it is forgotten.
    pub expires_at: Timestamp,
    /// What the person is written about it.
    pub letters: Vec<SealedLetter>,
    /// The time.
    pub now: Timestamp,
}

/// For how long the handle that was exchanged last is taken for another window's, where it comes
/// from the same place: as long as a request may be on its way beside the one that exchanged it.
const SAME_INSTANT: Lifetime = Lifetime::seconds(5);

/// Exchanges a device's handle. One that was exchanged before ends the device and takes back what
/// it stood for, unless it was a moment ago and from the same place: then nothing is exchanged.
#[derive(Clone, Debug)]
pub struct RotateDevice {
    /// Which device.
    pub device: DeviceId,
    /// Whose it is.
    pub account: AccountId,
    /// The hash of the handle that was shown.
    pub old_hash: Hash,
    /// The hash of the next one.
    pub new_hash: Hash,
    /// A hash of where it is shown.
    pub from: Hash,
    /// When the last session is over in which the device may stand for its factor.
    pub until: Timestamp,
    /// The time.
    pub now: Timestamp,
}

/// Forgets devices of an account, and takes back what they stood for.
#[derive(Clone, Debug)]
pub struct ForgetDevices {
    /// Whose.
    pub account: AccountId,
    /// Which of them.
    pub which: Which,
    /// When the last session is over in which one may stand for its factor.
    pub until: Timestamp,
    /// The time.
    pub now: Timestamp,
}

/// Some of an account's devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// This one.
    One(DeviceId),
    /// All but this one.
    AllBut(DeviceId),
}

/// A device as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDevice {
    /// Its id.
    pub id: DeviceId,
    /// Whose it is.
    pub account: AccountId,
    /// Which factor it stands for.
    pub factor: FactorKind,
    /// When that was proven.
    pub proven_at: Timestamp,
    /// What its owner knows it by.
    pub label: String,
    /// Since when it is remembered.
    pub created_at: Timestamp,
    /// When it last stood for its factor.
    pub used_at: Timestamp,
    /// When it is forgotten: it counts before that instant only.
    pub expires_at: Timestamp,
}

/// What a handle leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// To this device.
    Current(StoredDevice),
    /// To this device, whose handle was exchanged in another window at the same instant.
    Just(StoredDevice),
    /// To this device, whose handle is another one by now: somebody has a copy. To be told to
    /// `RotateDevice`, which ends the device.
    Past(StoredDevice),
}

/// Finds remembered devices. They are written through the journal. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Devices {
    db: Db,
}

/// One that is revoked, or was remembered before the account's factors changed, is none.
macro_rules! select {
    ($past:literal, $from:literal, $rest:literal) => {
        concat!(
            "select d.id, d.account, d.factor, d.proven_at, d.label, d.created_at, d.used_at, \
             d.expires_at, ",
            $past,
            " from ",
            $from,
            " join factors f on f.account = d.account and f.epoch = d.epoch \
             where d.revoked_at is null and ",
            $rest
        )
    };
}

impl Devices {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// The device that the handle with `hash` leads to, shown at `now` from where the hash `from`
    /// says.
    pub async fn find(
        &self,
        hash: &Hash,
        from: &Hash,
        now: Timestamp,
    ) -> Result<Option<Shown>, StoreError> {
        let sql = concat!(
            select!("cast(0 as bigint)", "devices d", "d.hash = $1"),
            " union all ",
            select!(
                "cast(case when d.previous = $1 and d.used_from = $2 and d.used_at >= $3 \
                 then 1 else 2 end as bigint)",
                "past_devices p join devices d on d.id = p.device",
                "p.hash = $1"
            )
        );
        let row = self.db.read_one("devices", sql, |args| {
            args.bytes(hash).bytes(from).int(now.minus(SAME_INSTANT).seconds());
        });
        let Some(row) = row.await? else { return Ok(None) };
        let device = device(&row)?;
        Ok(Some(match row.int(8)? {
            0 => Shown::Current(device),
            1 => Shown::Just(device),
            _ => Shown::Past(device),
        }))
    }

    /// The devices of `account` that are remembered at `now`, the last used first.
    pub async fn of(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Vec<StoredDevice>, StoreError> {
        let sql = select!(
            "cast(0 as bigint)",
            "devices d",
            "d.account = $1 and d.expires_at > $2 order by d.used_at desc, d.id"
        );
        let rows = self.db.read("devices", sql, |args| {
            args.text(account.as_str()).int(now.seconds());
        });
        rows.await?.iter().map(device).collect()
    }
}

fn device(row: &Row) -> Result<StoredDevice, StoreError> {
    Ok(StoredDevice {
        id: row.text(0)?.parse().map_err(|_| row.corrupt("id"))?,
        account: row.text(1)?.parse().map_err(|_| row.corrupt("account"))?,
        factor: factor(row.text(2)?).ok_or_else(|| row.corrupt("factor"))?,
        proven_at: Timestamp::from_seconds(row.int(3)?),
        label: row.text(4)?.to_owned(),
        created_at: Timestamp::from_seconds(row.int(5)?),
        used_at: Timestamp::from_seconds(row.int(6)?),
        expires_at: Timestamp::from_seconds(row.int(7)?),
    })
}

fn factor(name: &str) -> Option<FactorKind> {
    [FactorKind::Passkey, FactorKind::Totp, FactorKind::RecoveryCode]
        .into_iter()
        .find(|kind| kind.as_str() == name)
}
