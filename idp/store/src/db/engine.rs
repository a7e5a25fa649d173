//! Which database it is, how it is reached, and what its errors mean.

use std::{borrow::Cow, str::FromStr, sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions,
    postgres::{PgArguments, PgConnectOptions},
    sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::conn::{Args, Conn};
use crate::error::StoreError;

/// How long a writer waits for another process that writes to the same SQLite file.
const BUSY: Duration = Duration::from_secs(2);

/// Pages of SQLite's log, 16 MiB of it, before they are moved into the file: a page that was
/// written several times is then moved once, which saves up to a third of a commit's CPU.
const CHECKPOINT: &str = "4000";

/// Statements that a connection keeps prepared: the journal has one for each batch size.
const STATEMENTS: usize = 400;

/// What is set on each PostgreSQL connection: nothing waits for ever, and an answered commit is
/// on disk whatever the server's default says.
const SESSION: &str = "set statement_timeout = '5s'; set lock_timeout = '2s'; \
     set idle_in_transaction_session_timeout = '10s'; \
     select set_config('synchronous_commit', 'on', false) \
     where current_setting('synchronous_commit') in ('off', 'local')";

/// Which database, and how to reach it.
#[derive(Clone)]
pub(super) enum Engine {
    Postgres(Box<PgConnectOptions>),
    Sqlite { options: Box<SqliteConnectOptions>, memory: bool },
}

impl Engine {
    /// Reads a database URL.
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        match url.split(':').next() {
            Some("postgres" | "postgresql") => {
                let options = PgConnectOptions::from_str(url).map_err(|_| {
                    address("expected postgres://user:password@host:port/database?sslmode=…")
                })?;
                Ok(Self::Postgres(Box::new(
                    options
                        .application_name("laissez-passer")
                        .statement_cache_capacity(STATEMENTS)
                        .disable_statement_logging(),
                )))
            }
            Some("sqlite") => {
                let options = SqliteConnectOptions::from_str(url)
                    .map_err(|_| address("expected sqlite:path/to/file or sqlite::memory:"))?;
                let options = options
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(BUSY)
                    .pragma("wal_autocheckpoint", CHECKPOINT)
                    // What a statement may have to take back is nobody's after a crash: on disk it
                    // costs a file for every large statement.
                    .pragma("temp_store", "memory")
                    .statement_cache_capacity(STATEMENTS)
                    .disable_statement_logging();
                let memory = url.contains(":memory:") || url.contains("mode=memory");
                Ok(Self::Sqlite { options: Box::new(options), memory })
            }
            _ => Err(address("expected it to begin with `sqlite:` or `postgres:`")),
        }
    }

    /// The same for connections that only read.
    pub(super) fn reading(self) -> Self {
        match self {
            Self::Sqlite { options, memory } => {
                Self::Sqlite { options: Box::new(options.pragma("query_only", "on")), memory }
            }
            postgres @ Self::Postgres(_) => postgres,
        }
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Postgres(_) => "postgres",
            Self::Sqlite { .. } => "sqlite",
        }
    }

    /// Whether the database lives in its one connection.
    pub(super) fn is_memory(&self) -> bool {
        matches!(self, Self::Sqlite { memory: true, .. })
    }

    /// The SQLite file, if it is one.
    pub(super) fn file(&self) -> Option<&std::path::Path> {
        match self {
            Self::Sqlite { options, memory: false } => Some(options.get_filename()),
            _ => None,
        }
    }

    /// Empty arguments for a statement on this engine.
    pub(super) fn args(&self) -> Args {
        match self {
            Self::Postgres(_) => Args::Postgres(PgArguments::default()),
            Self::Sqlite { .. } => Args::Sqlite(SqliteArguments::default()),
        }
    }

    pub(super) async fn connect(&self) -> Result<Conn, sqlx::Error> {
        match self {
            Self::Postgres(options) => {
                let mut conn = options.connect().await?;
                sqlx::raw_sql(SESSION).execute(&mut conn).await?;
                Ok(Conn::Postgres(Box::new(conn)))
            }
            Self::Sqlite { options, .. } => Ok(Conn::Sqlite(Box::new(options.connect().await?))),
        }
    }
}

fn address(problem: &'static str) -> StoreError {
    StoreError::Address { problem: Cow::Borrowed(problem) }
}

/// What a failed statement means for its caller.
pub(crate) fn explain(doing: &'static str, error: sqlx::Error) -> StoreError {
    match Meaning::of(&error) {
        Meaning::Busy | Meaning::Clash => StoreError::Busy,
        Meaning::Away => StoreError::Away { doing, source: Arc::new(error.into()) },
        Meaning::Rejected => StoreError::Fault { doing, source: Arc::new(error.into()) },
    }
}

/// What an error of the engine means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Somebody else is in the way for longer than one waits.
    Busy,
    /// Two transactions were in each other's way, and this one was to yield.
    Clash,
    /// The database cannot be reached, or does not work.
    Away,
    /// The database understood and said no: our own fault.
    Rejected,
}

impl Meaning {
    pub(crate) fn of(error: &sqlx::Error) -> Self {
        let sqlx::Error::Database(error) = error else {
            return match error {
                sqlx::Error::ColumnDecode { .. }
                | sqlx::Error::ColumnIndexOutOfBounds { .. }
                | sqlx::Error::ColumnNotFound(_)
                | sqlx::Error::Decode(_)
                | sqlx::Error::Encode(_)
                | sqlx::Error::RowNotFound
                | sqlx::Error::TypeNotFound { .. } => Self::Rejected,
                _ => Self::Away,
            };
        };
        let code = error.code().unwrap_or_default();
        if error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
            Self::of_postgres(&code)
        } else {
            Self::of_sqlite(&code)
        }
    }

    /// By SQLSTATE (PostgreSQL 15, appendix A).
    fn of_postgres(code: &str) -> Self {
        match code {
            // Serialization failure, deadlock.
            "40001" | "40P01" => Self::Clash,
            // Lock not available, cancelled by a time limit.
            "55P03" | "57014" => Self::Busy,
            // Read-only: we are connected to a standby.
            "25006" => Self::Away,
            // Connection, authorization, unknown database, resources, shut-down, disk.
            _ if ["08", "28", "3D", "53", "57", "58"]
                .iter()
                .any(|class| code.starts_with(class)) =>
            {
                Self::Away
            }
            _ => Self::Rejected,
        }
    }

    /// By primary result code, the low byte of the extended one.
    fn of_sqlite(code: &str) -> Self {
        match code.parse::<i32>().map(|code| code & 0xff) {
            // SQLITE_BUSY, SQLITE_LOCKED.
            Ok(5 | 6) => Self::Busy,
            // SQLITE_READONLY, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_FULL, SQLITE_CANTOPEN,
            // SQLITE_NOTADB.
            Ok(8 | 10 | 11 | 13 | 14 | 26) => Self::Away,
            _ => Self::Rejected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Meaning;

    #[test]
    fn an_error_means_the_same_on_both_engines() {
        for (postgres, sqlite, meaning) in [
            ("55P03", "5", Meaning::Busy),        // lock not available; SQLITE_BUSY
            ("57014", "262", Meaning::Busy),      // cancelled; SQLITE_LOCKED_SHAREDCACHE
            ("53100", "13", Meaning::Away),       // disk full
            ("25006", "1032", Meaning::Away),     // read-only; SQLITE_READONLY_DBMOVED
            ("58030", "2570", Meaning::Away),     // SQLITE_IOERR_FSTAT
            ("23505", "1555", Meaning::Rejected), // unique violation
            ("42P01", "1", Meaning::Rejected),    // no such table
        ] {
            assert_eq!(Meaning::of_postgres(postgres), meaning, "{postgres}");
            assert_eq!(Meaning::of_sqlite(sqlite), meaning, "{sqlite}");
        }
        assert_eq!(Meaning::of_postgres("40P01"), Meaning::Clash);
    }
}
