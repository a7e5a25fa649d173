//! Bringing the database up to date, and refusing one that is ahead of this program.

use std::sync::Arc;

use sqlx::migrate::{MigrateError, Migrator};

use super::{Conn, Db, explain};
use crate::error::StoreError;

/// The steps of the database's history, one SQL text for both engines.
static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

impl Db {
    /// Brings the database up to date. Of several nodes, one does it while the others wait.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.create_file()?;
        let mut lease = self.writer().await?;
        let conn = lease.unsettle();
        refuse_newer(found(conn).await?)?;
        let answer = match conn {
            Conn::Postgres(conn) => {
                // Building an index may take longer than any statement of a login may.
                sqlx::raw_sql("set statement_timeout = 0; set lock_timeout = 0")
                    .execute(&mut **conn)
                    .await
                    .map_err(|error| explain("migrating", error))?;
                MIGRATIONS.run_direct(None, &mut **conn, false).await
            }
            Conn::Sqlite(conn) => MIGRATIONS.run_direct(None, &mut **conn, false).await,
            Conn::Returned => Ok(()),
        };
        answer.map_err(failed)
        // The connection is not settled: it has lost its time limits, and is closed.
    }

    /// Errs unless the database is at the version that this program knows.
    pub async fn check_version(&self) -> Result<(), StoreError> {
        let mut lease = self.writer().await?;
        let found = found(lease.unsettle()).await?;
        lease.settle();
        refuse_newer(found)?;
        if found < known() {
            return Err(StoreError::OlderDatabase { found, known: known() });
        }
        Ok(())
    }

    /// Makes the SQLite file before SQLite does, so that only its owner can read it.
    fn create_file(&self) -> Result<(), StoreError> {
        let Some(path) = self.0.engine.file() else { return Ok(()) };
        let mut options = std::fs::OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map(|_| ()).map_err(|error| StoreError::Away {
            doing: "creating the SQLite file",
            source: Arc::new(sqlx::Error::Io(error).into()),
        })
    }
}

/// The newest version that this program knows.
fn known() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// The version of the database; 0 when it is empty.
async fn found(conn: &mut Conn) -> Result<i64, StoreError> {
    let is_there = match conn {
        Conn::Postgres(_) => "select 1 where to_regclass('_sqlx_migrations') is not null",
        Conn::Sqlite(_) | Conn::Returned => {
            "select 1 from sqlite_schema where name = '_sqlx_migrations'"
        }
    };
    let asking = |error| explain("asking for the version of the database", error);
    let args = conn.args();
    if conn.fetch("_sqlx_migrations", is_there, args).await.map_err(asking)?.is_empty() {
        return Ok(0);
    }
    let args = conn.args();
    let latest = "select coalesce(max(version), 0) from _sqlx_migrations";
    let rows = conn.fetch("_sqlx_migrations", latest, args).await.map_err(asking)?;
    rows.first().map_or(Ok(0), |row| row.int(0))
}

fn refuse_newer(found: i64) -> Result<(), StoreError> {
    if found > known() {
        return Err(StoreError::NewerDatabase { found, known: known() });
    }
    Ok(())
}

fn failed(error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMismatch(version) | MigrateError::VersionMissing(version) => {
            StoreError::OtherHistory { version }
        }
        MigrateError::Execute(error) => explain("migrating", error),
        other => StoreError::Migration { source: Arc::new(other.into()) },
    }
}
