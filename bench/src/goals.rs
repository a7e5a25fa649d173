//! What we aim for: processor time an operation, and what it cannot do without.

use serde::Serialize;

use crate::limits::Limits;
use crate::operation::Operation;
use crate::saml::Told;

/// Of the bare commit's processor time, how much one of ours may take.
const COMMIT: f64 = 1.2;
/// A p99 may be so many times the p50, at 16 connections and more.
pub(crate) const SPREAD: f64 = 2.5;
/// From a node's start to its first right answer, in milliseconds, with a small federation.
pub(crate) const START_MS: f64 = 100.0;
/// Resident memory of an idle node, in MiB.
pub(crate) const IDLE_MIB: f64 = 40.0;
/// What a hostile message of 64 KiB may take, in milliseconds.
pub(crate) const HOSTILE_MS: f64 = 20.0;
/// What may stay of thousands of them in a node's memory, in MiB: as much as it grows by anything.
pub(crate) const HOSTILE_MIB: f64 = 4.0;

/// What an operation is made of.
#[derive(Clone, Copy)]
pub(crate) struct Parts {
    /// HTTP exchanges.
    pub(crate) exchanges: f64,
    /// ES256 signatures.
    pub(crate) signatures: f64,
    /// ES256 verifications.
    pub(crate) verifications: f64,
    /// RSA signatures with 2,048 bits.
    pub(crate) rsa_signatures: f64,
    /// Verifications of the same, or encryptions to such a key.
    pub(crate) rsa_verifications: f64,
    /// Commands to Redis, where there is one.
    pub(crate) commands: f64,
    /// Commits before it answers.
    pub(crate) commits: f64,
    /// The goal without its commits, in microseconds, where there is one.
    pub(crate) goal: Option<f64>,
}

/// The database beneath a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Engine {
    /// SQLite, and short-lived values in the process.
    Sqlite,
    /// PostgreSQL, and short-lived values in Redis.
    Postgres,
}

impl Engine {
    /// Its name after `--only`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// Its name in tables.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite + memory",
            Self::Postgres => "PostgreSQL + Redis",
        }
    }
}

impl Operation {
    pub(crate) const fn parts(self) -> Parts {
        let none = Parts {
            exchanges: 1.0,
            signatures: 0.0,
            verifications: 0.0,
            rsa_signatures: 0.0,
            rsa_verifications: 0.0,
            commands: 0.0,
            commits: 0.0,
            goal: Some(20.0),
        };
        match self {
            Self::Hello | Self::Discovery => none,
            Self::ClientCredentials => {
                Parts { signatures: 1.0, commits: 1.0, goal: Some(70.0), ..none }
            }
            Self::CodeFlow => Parts {
                exchanges: 2.0,
                signatures: 2.0,
                commands: 3.0,
                commits: 2.0,
                goal: Some(200.0),
                ..none
            },
            Self::Refresh => Parts { signatures: 2.0, commits: 1.0, goal: Some(165.0), ..none },
            Self::Userinfo | Self::Introspection => {
                Parts { verifications: 1.0, commands: 1.0, goal: Some(105.0), ..none }
            }
            Self::SamlSignOn(service) => {
                let (rsa_signatures, rsa_verifications, goal) = match service {
                    Told::One => (1.0, 0.0, Some(570.0)),
                    Told::Both => (2.0, 0.0, Some(900.0)),
                    Told::Sealed => (2.0, 1.0, None),
                };
                let commits = 1.0;
                Parts { rsa_signatures, rsa_verifications, commands: 1.0, commits, goal, ..none }
            }
            // The form is put aside and taken back, the login taken, session and code are put.
            Self::SamlConsume => Parts {
                exchanges: 2.0,
                rsa_verifications: 1.0,
                commands: 5.0,
                commits: 3.0,
                goal: None,
                ..none
            },
            // To the source a signed request, and from it a signed answer.
            Self::SamlRoundOidc => Parts {
                exchanges: 4.0,
                signatures: 2.0,
                rsa_signatures: 1.0,
                rsa_verifications: 1.0,
                commands: 7.0,
                commits: 5.0,
                goal: Some(1_100.0),
                ..none
            },
            Self::SamlRound => Parts {
                exchanges: 3.0,
                rsa_signatures: 2.0,
                rsa_verifications: 1.0,
                commands: 5.0,
                commits: 4.0,
                goal: Some(1_100.0),
                ..none
            },
        }
    }
}

/// The sum of the operation's parts as the machine does them bare, commits left out, in
/// microseconds. `exchange` is the bare server's time for one answer.
pub(crate) fn floor(operation: Operation, engine: Engine, limits: &Limits, exchange: f64) -> f64 {
    let parts = operation.parts();
    let commands = if engine == Engine::Postgres { parts.commands } else { 0.0 };
    parts.exchanges * exchange
        + parts.signatures * limits.sign_es256.cpu
        + parts.verifications * limits.verify_es256.cpu
        + parts.rsa_signatures * limits.sign_rs256.cpu
        + parts.rsa_verifications * limits.verify_rs256.cpu
        + commands * limits.redis_round_trip.cpu
}

/// What the operation may take in all: its goal, and its commits on top.
pub(crate) fn allowed(operation: Operation, engine: Engine, limits: &Limits) -> Option<f64> {
    let parts = operation.parts();
    let commit = match engine {
        Engine::Sqlite => limits.commit_sqlite.cpu,
        Engine::Postgres => limits.commit_postgres.cpu,
    };
    parts.goal.map(|goal| goal + parts.commits * COMMIT * commit)
}
