//! Revocations: what must no longer be believed, known to every node.
//!
//! Each node holds the live ones in memory, told at once by its own journal and within a poll by
//! the others. A node that has not heard from the database lately must not trust its copy.

mod poll;
mod write;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use idp_domain::{AccountId, FactorKind, Timestamp};
use tokio::sync::watch;

use crate::db::Db;

pub(crate) use write::write;

/// How often a node asks the database what is new.
pub const POLL: Duration = Duration::from_millis(400);

/// A copy older than this must not be trusted: callers fail closed.
pub const STALE: Duration = Duration::from_secs(5);

/// What is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RevokedKind {
    /// Everything of an account that began before the revocation.
    Account,
    /// Everything that an agency vouched for before the revocation.
    Agency,
    /// A grant, with all tokens that came from it.
    Grant,
    /// What was proven before the revocation in logins of an account that are under way.
    Login,
    /// All sessions in which a relying party took part before the revocation.
    Participant,
    /// What was proven by a factor before the revocation, by [`proofs_of`].
    Proof,
    /// All grants and tokens of a relying party of before the revocation.
    RelyingParty,
    /// A session.
    Session,
    /// Everything that a source vouched for before the revocation.
    Source,
    /// One access token, by its `jti`.
    Token,
}

impl RevokedKind {
    const ALL: [Self; 10] = [
        Self::Account,
        Self::Agency,
        Self::Grant,
        Self::Login,
        Self::Participant,
        Self::Proof,
        Self::RelyingParty,
        Self::Session,
        Self::Source,
        Self::Token,
    ];

    /// Its stable name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Agency => "agency",
            Self::Grant => "grant",
            Self::Login => "login",
            Self::Participant => "participant",
            Self::Proof => "proof",
            Self::RelyingParty => "relying_party",
            Self::Session => "session",
            Self::Source => "source",
            Self::Token => "token",
        }
    }

    fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What the proofs by a factor of an account are revoked by; `credential` as they name it, or
/// empty for all of its kind.
#[must_use]
pub fn proofs_of(account: &AccountId, factor: FactorKind, credential: &str) -> String {
    format!("{account} {} {credential}", factor.as_str())
}

/// One revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Revocation {
    pub(crate) kind: RevokedKind,
    pub(crate) key: Box<str>,
    pub(crate) at: Timestamp,
    pub(crate) until: Timestamp,
}

/// The versions of what nodes keep in memory, as last heard from the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// Of the federation's documents.
    pub federation: i64,
    /// Of the keys.
    pub keys: i64,
    /// Of the metadata of peers.
    pub metadata: i64,
    /// Of what was put out of use.
    pub switches: i64,
}

/// A node's copy of all live revocations. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Revocations {
    copy: Copied,
    versions: watch::Receiver<Versions>,
}

impl Revocations {
    /// Begins to listen to `db`; ends when the last clone is gone.
    pub(crate) fn start(db: Db) -> Self {
        let copy = Copied::default();
        let (tell, versions) = watch::channel(Versions::default());
        tokio::spawn(poll::listen(db, copy.clone(), tell));
        Self { copy, versions }
    }

    /// Whether `key` is revoked. Ask [`Revocations::freshness`], too.
    #[must_use]
    pub fn is_revoked(&self, kind: RevokedKind, key: &str) -> bool {
        self.revoked_at(kind, key).is_some()
    }

    /// When `key` was revoked, if it is: what began later is not meant.
    #[must_use]
    pub fn revoked_at(&self, kind: RevokedKind, key: &str) -> Option<Timestamp> {
        let known = self.copy.0.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(kind, key).map(|entry| entry.at)
    }

    /// Whether anything of this kind was revoked at that instant or later: what is costly to look
    /// up by its key need not be, otherwise.
    #[must_use]
    pub fn any_since(&self, kind: RevokedKind, at: Timestamp) -> bool {
        let known = self.copy.0.known.read().unwrap_or_else(PoisonError::into_inner);
        known.latest.get(kind as usize).is_some_and(|latest| *latest >= Some(at))
    }

    /// How old the copy is: the time since the last poll that was answered began. The greatest
    /// duration before the first.
    #[must_use]
    pub fn freshness(&self) -> Duration {
        let heard = *self.copy.0.heard.read().unwrap_or_else(PoisonError::into_inner);
        heard.map_or(Duration::MAX, |at| at.elapsed())
    }

    /// Whether the copy is fresh enough to be trusted; not so before all live ones are loaded.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.freshness() <= STALE
    }

    /// The versions of what nodes keep in memory, as last heard.
    #[must_use]
    pub fn versions(&self) -> watch::Receiver<Versions> {
        self.versions.clone()
    }

    /// Forgets what is over at `now`.
    pub(crate) fn forget(&self, now: Timestamp) {
        let mut known = self.copy.0.known.write().unwrap_or_else(PoisonError::into_inner);
        for known in &mut known.of {
            known.retain(|_, entry| entry.until > now);
        }
    }

    /// Where the node's own journal tells what it wrote.
    pub(crate) fn copy(&self) -> Copied {
        self.copy.clone()
    }
}

/// The copy itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Copied(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    known: RwLock<Known>,
    heard: RwLock<Option<Instant>>,
}

#[derive(Debug, Default)]
struct Known {
    of: [HashMap<Box<str>, Entry>; RevokedKind::ALL.len()],
    /// The latest of each kind, of those that are over too.
    latest: [Option<Timestamp>; RevokedKind::ALL.len()],
}

#[derive(Debug)]
struct Entry {
    at: Timestamp,
    until: Timestamp,
}

impl Known {
    fn get(&self, kind: RevokedKind, key: &str) -> Option<&Entry> {
        self.of.get(kind as usize)?.get(key)
    }
}

impl Copied {
    /// Adds revocations; of two of the same thing, the later counts.
    pub(crate) fn add(&self, revocations: impl IntoIterator<Item = Revocation>) {
        let mut known = self.0.known.write().unwrap_or_else(PoisonError::into_inner);
        for Revocation { kind, key, at, until } in revocations {
            if let Some(latest) = known.latest.get_mut(kind as usize) {
                *latest = (*latest).max(Some(at));
            }
            let Some(known) = known.of.get_mut(kind as usize) else { continue };
            let entry = known.entry(key).or_insert(Entry { at, until });
            if at > entry.at {
                *entry = Entry { at, until };
            }
        }
    }

    /// All that the database knew at `since` is known here.
    fn heard(&self, since: Instant) {
        *self.0.heard.write().unwrap_or_else(PoisonError::into_inner) = Some(since);
    }
}
