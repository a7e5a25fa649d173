//! What can go wrong with the database, said so that a caller knows what to do about it.
//!
//! Nothing in here quotes a value of a row: it may be personal.

use std::{borrow::Cow, error::Error as _, sync::Arc};

use thiserror::Error;

/// A failure of the lasting memory. Cheap to clone: one failed commit answers many callers.
#[derive(Clone, Debug, Error)]
pub enum StoreError {
    /// The database does not answer, or refuses to work. Nothing is known to have been written,
    /// but a commit whose answer was lost may have happened.
    #[error("the database is away: {doing}")]
    Away {
        /// What was being tried.
        doing: &'static str,
        /// How it failed.
        source: Arc<EngineError>,
    },
    /// More is waiting to be written than can be written in time. Nothing was written.
    #[error("the database is too busy")]
    Busy,
    /// The database has been written by a newer program.
    #[error("the database is at version {found}, this program knows versions up to {known}")]
    NewerDatabase {
        /// The version of the database.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The database must be brought up to date first.
    #[error("the database is at version {found}, this program needs {known}: run `idp migrate`")]
    OlderDatabase {
        /// The version of the database; 0 when it is empty.
        found: i64,
        /// The version that this program needs.
        known: i64,
    },
    /// A step of the database's history is not the one that this program knows.
    #[error("migration {version} of the database differs from that of this program")]
    OtherHistory {
        /// The step that differs.
        version: i64,
    },
    /// A step of the migration failed.
    #[error("the database cannot be brought up to date")]
    Migration {
        /// How it failed.
        source: Arc<EngineError>,
    },
    /// Another process serves from this SQLite file.
    #[error("{path} is in use by another process; several nodes need PostgreSQL")]
    InUse {
        /// The file.
        path: String,
    },
    /// The address of the database is not one.
    #[error("not a database address: {problem}")]
    Address {
        /// What is wrong with it; quotes no password.
        problem: Cow<'static, str>,
    },
    /// A row cannot be read back.
    #[error("row {key} of table {table} is corrupt")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The row, by ids only.
        key: String,
    },
    /// Somebody else changed the same thing in the meantime.
    #[error("{what} was changed by somebody else in the meantime")]
    Conflict {
        /// What was to be changed.
        what: &'static str,
    },
    /// A value that the database cannot hold.
    #[error("{field} cannot be stored")]
    Unstorable {
        /// Which value.
        field: &'static str,
    },
    /// The journal has been closed, or its task has died.
    #[error("the journal is closed")]
    Closed,
    /// Our own failure: the database rejected a statement.
    #[error("a statement failed: {doing}")]
    Fault {
        /// What was being tried.
        doing: &'static str,
        /// How it failed.
        source: Arc<EngineError>,
    },
}

impl StoreError {
    /// The stable name of the failure: the same in logs, metrics and the operator's handbook.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Away { .. } => "store.away",
            Self::Busy => "store.busy",
            Self::NewerDatabase { .. } => "store.newer_database",
            Self::OlderDatabase { .. } => "store.older_database",
            Self::OtherHistory { .. } => "store.other_history",
            Self::Migration { .. } => "store.migration",
            Self::InUse { .. } => "store.in_use",
            Self::Address { .. } => "store.address",
            Self::Corrupt { .. } => "store.corrupt",
            Self::Conflict { .. } => "store.conflict",
            Self::Unstorable { .. } => "store.unstorable",
            Self::Closed => "store.closed",
            Self::Fault { .. } => "store.fault",
        }
    }

    /// Whether waiting may help: the caller answers "try again later" rather than "broken".
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Away { .. } | Self::Busy | Self::Closed)
    }
}

/// What the engine said: its message and code, never the row that it was about, which
/// PostgreSQL tells with some errors.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct EngineError(String);

impl EngineError {
    /// There was no answer in time.
    pub(crate) fn late() -> Self {
        Self("no answer in time".to_owned())
    }
}

impl From<sqlx::Error> for EngineError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(error) = &error {
            let code = error.code().unwrap_or_default();
            return Self(format!("{} ({code})", error.message()));
        }
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(next) = cause {
            let said = next.to_string();
            if !text.contains(&said) {
                text = format!("{text}: {said}");
            }
            cause = next.source();
        }
        Self(text)
    }
}

impl From<sqlx::migrate::MigrateError> for EngineError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::EngineError;

    #[test]
    fn an_engine_error_tells_its_whole_chain_once() {
        let refused = std::io::Error::other("connection refused");
        let error = EngineError::from(sqlx::Error::Io(refused));
        let text = "error communicating with database: connection refused";
        assert_eq!(error.to_string(), text);
    }
}
