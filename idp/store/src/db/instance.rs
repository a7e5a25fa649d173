//! Which database this is, and who may serve from it.

use std::{
    fs::{File, TryLockError},
    path::PathBuf,
    sync::Arc,
};

use super::Db;
use crate::error::StoreError;

/// The right to serve from a database, given back when dropped.
#[derive(Debug)]
pub struct Claim {
    /// The lock ends with the file's last handle, also when the process is killed.
    _lock: Option<File>,
}

impl Db {
    /// The name of this database, drawn when it was first asked for. All nodes agree on it.
    pub async fn instance(&self) -> Result<String, StoreError> {
        let drawn = super::draw_name().ok_or(StoreError::Closed)?;
        let mut lease = self.writer().await?;
        let conn = lease.unsettle();
        let mut args = conn.args();
        args.text(&drawn);
        let sql = "insert into meta (key, value) values ('instance', $1) on conflict do nothing";
        conn.execute(sql, args)
            .await
            .map_err(|error| super::explain("naming the database", error))?;
        lease.settle();
        drop(lease);
        let sql = "select value from meta where key = 'instance'";
        let row = self.read_one("meta", sql, |_| {}).await?;
        let row = row.ok_or(StoreError::Corrupt { table: "meta", key: "instance".to_owned() })?;
        row.text(0).map(str::to_owned)
    }

    /// Claims the database for a node. Of a SQLite file there is one, since its nodes could not
    /// share a load; commands that only change something need no claim.
    pub fn claim(&self) -> Result<Claim, StoreError> {
        let Some(path) = self.0.engine.file() else { return Ok(Claim { _lock: None }) };
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let path = PathBuf::from(name);
        let away = |error| StoreError::Away {
            doing: "claiming the SQLite file",
            source: Arc::new(sqlx::Error::Io(error).into()),
        };
        let lock = File::options().append(true).create(true).open(&path).map_err(away)?;
        match lock.try_lock() {
            Ok(()) => Ok(Claim { _lock: Some(lock) }),
            Err(TryLockError::WouldBlock) => {
                Err(StoreError::InUse { path: path.display().to_string() })
            }
            Err(TryLockError::Error(error)) => Err(away(error)),
        }
    }
}
