//! Drawers: the shelf with types. A value is JSON in a versioned envelope, sealed so that nobody
//! can read it, alter it or move it to another key.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Shelf;
use super::error::ShelfError;
use super::key::{Key, Kind};
use super::meters::count_unreadable;
use super::press::{press, unpress};
use super::verbs::{Act, Answer, Swap, Verb, Version, When};
use crate::seal::{SealError, Sealer};

/// All values of one kind, by the handles that their owners hold.
///
/// A handle is a secret or a name; the shelf sees its keyed hash. Cheap to clone.
pub struct Drawer<T> {
    shelf: Arc<Shelf>,
    sealer: Arc<Sealer>,
    kind: Kind,
    values: PhantomData<fn(&T) -> T>,
}

/// A value, and which writing of it this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held<T> {
    /// The value.
    pub value: T,
    /// For [`Drawer::swap`]: replaces this writing, and no later one.
    pub version: Version,
}

/// `{"v":1,"d":…}`
#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    v: u32,
    d: T,
}

/// As much of an envelope as every version has.
#[derive(Deserialize)]
struct Stamp {
    v: u32,
}

impl<T> Drawer<T> {
    /// The drawer of `kind` in `shelf`.
    #[must_use]
    pub fn new(shelf: Arc<Shelf>, sealer: Arc<Sealer>, kind: Kind) -> Self {
        Self { shelf, sealer, kind, values: PhantomData }
    }

    /// How long values of this kind lie when there is no reason for another span.
    #[must_use]
    pub const fn default_ttl(&self) -> Duration {
        self.kind.default_ttl()
    }

    /// Removes the value, and says whether there was one.
    pub async fn remove(&self, handle: &str) -> Result<bool, ShelfError> {
        Ok(matches!(self.shelf.send(self.removal(handle)).await?, Answer::Removed(true)))
    }

    /// Claims `handle` for `ttl`. Of any number of callers, one is told `true`.
    ///
    /// A claim holds no value; whoever must never see it claimed twice records it in the database.
    pub async fn claim(&self, handle: &str, ttl: Duration) -> Result<bool, ShelfError> {
        Ok(matches!(self.shelf.send(self.claiming(handle, ttl)).await?, Answer::Placed(true)))
    }

    /// The verb of [`Drawer::remove`], for [`Shelf::send_all`].
    #[must_use]
    pub fn removal(&self, handle: &str) -> Verb {
        Verb(Act::Remove { key: self.key(handle) })
    }

    /// The verb of [`Drawer::claim`], for [`Shelf::send_all`].
    #[must_use]
    pub fn claiming(&self, handle: &str, ttl: Duration) -> Verb {
        Verb(Act::Put { key: self.key(handle), value: Vec::new(), ttl, when: When::New })
    }

    /// The verb of [`Drawer::find`], for [`Shelf::send_all`]; [`Drawer::read`] reads its answer.
    #[must_use]
    pub fn finding(&self, handle: &str) -> Verb {
        Verb(Act::Get { key: self.key(handle), touch: None })
    }

    /// The verb of [`Drawer::find_and_touch`]; [`Drawer::read`] reads its answer.
    #[must_use]
    pub fn touching(&self, handle: &str, idle: Duration) -> Verb {
        Verb(Act::Get { key: self.key(handle), touch: Some(idle) })
    }

    /// The verb of [`Drawer::take`]; [`Drawer::read`] reads its answer.
    #[must_use]
    pub fn taking(&self, handle: &str) -> Verb {
        Verb(Act::Take { key: self.key(handle) })
    }

    fn key(&self, handle: &str) -> Key {
        Key::new(self.kind, self.sealer.digest(self.kind.name(), handle.as_bytes()))
    }
}

impl<T: Serialize> Drawer<T> {
    /// Puts `value`, whatever lay there.
    pub async fn put(&self, handle: &str, value: &T, ttl: Duration) -> Result<(), ShelfError> {
        self.shelf.send(self.putting(handle, value, ttl)?).await.map(drop)
    }

    /// Puts `value` where nothing lies, and says whether it did.
    pub async fn put_new(
        &self,
        handle: &str,
        value: &T,
        ttl: Duration,
    ) -> Result<bool, ShelfError> {
        self.put_when(handle, value, ttl, When::New).await
    }

    /// Puts `value` where one lies, and says whether it did: what was removed stays removed.
    pub async fn put_existing(
        &self,
        handle: &str,
        value: &T,
        ttl: Duration,
    ) -> Result<bool, ShelfError> {
        self.put_when(handle, value, ttl, When::Existing).await
    }

    /// Puts `value` in the place of the writing `expected`, and of no other.
    pub async fn swap(
        &self,
        handle: &str,
        expected: &Version,
        value: &T,
        ttl: Duration,
    ) -> Result<Swap, ShelfError> {
        match self.shelf.send(self.swapping(handle, expected, value, ttl)?).await? {
            Answer::Swapped(swap) => Ok(swap),
            _ => Ok(Swap::Conflict),
        }
    }

    /// The verb of [`Drawer::put`], for [`Shelf::send_all`].
    pub fn putting(&self, handle: &str, value: &T, ttl: Duration) -> Result<Verb, ShelfError> {
        self.verb(handle, value, |key, value| Act::Put { key, value, ttl, when: When::Always })
    }

    /// The verb of [`Drawer::swap`], for [`Shelf::send_all`].
    pub fn swapping(
        &self,
        handle: &str,
        expected: &Version,
        value: &T,
        ttl: Duration,
    ) -> Result<Verb, ShelfError> {
        let expected = *expected;
        self.verb(handle, value, |key, value| Act::Swap { key, expected, value, ttl })
    }

    async fn put_when(
        &self,
        handle: &str,
        value: &T,
        ttl: Duration,
        when: When,
    ) -> Result<bool, ShelfError> {
        let verb = self.verb(handle, value, |key, value| Act::Put { key, value, ttl, when })?;
        Ok(matches!(self.shelf.send(verb).await?, Answer::Placed(true)))
    }

    fn verb(
        &self,
        handle: &str,
        value: &T,
        act: impl FnOnce(Key, Vec<u8>) -> Act,
    ) -> Result<Verb, ShelfError> {
        let kind = self.kind;
        let written = serde_json::to_vec(&Envelope { v: kind.version(), d: value })
            .map_err(|source| ShelfError::Unwritable { kind, source: Arc::new(source) })?;
        if written.len() > kind.largest() {
            return Err(ShelfError::TooLarge { kind, bytes: written.len() });
        }
        let written = if kind.is_pressed() { press(written) } else { written };
        let key = self.key(handle);
        let sealed =
            self.sealer.seal_value(kind, key.digest(), &written).map_err(ShelfError::Unsealable)?;
        Ok(Verb(act(key, sealed)))
    }
}

impl<T: DeserializeOwned> Drawer<T> {
    /// The value, if it lies there and this program can read it.
    pub async fn find(&self, handle: &str) -> Result<Option<Held<T>>, ShelfError> {
        let answer = self.shelf.send(self.finding(handle)).await?;
        Ok(self.read(handle, answer))
    }

    /// The value, which then lies for another `idle`, in the same round trip.
    pub async fn find_and_touch(
        &self,
        handle: &str,
        idle: Duration,
    ) -> Result<Option<Held<T>>, ShelfError> {
        let answer = self.shelf.send(self.touching(handle, idle)).await?;
        Ok(self.read(handle, answer))
    }

    /// Takes the value away. Of any number of callers, one gets it.
    pub async fn take(&self, handle: &str) -> Result<Option<T>, ShelfError> {
        let answer = self.shelf.send(self.taking(handle)).await?;
        Ok(self.read(handle, answer).map(|held| held.value))
    }

    /// Reads the answer to a verb of this drawer for the same `handle`.
    ///
    /// What cannot be opened or read counts as absent: a value of a newer program, of a closed
    /// epoch, or one that somebody tampered with. It is counted, and said in the log.
    pub fn read(&self, handle: &str, answer: Answer) -> Option<Held<T>> {
        let Answer::Found(Some(mut sealed)) = answer else { return None };
        let version = Version::of(&sealed);
        let opened = self.sealer.open_value(self.kind, self.key(handle).digest(), &mut sealed);
        let read = opened.map_err(Unreadable::Sealed).and_then(|bytes| unwrap(self.kind, bytes));
        match (read, version) {
            (Ok(value), Some(version)) => Some(Held { value, version }),
            (Ok(_), None) => None,
            (Err(why), _) => {
                why.report(self.kind);
                None
            }
        }
    }
}

fn unwrap<T: DeserializeOwned>(kind: Kind, bytes: &[u8]) -> Result<T, Unreadable> {
    let json = &*unpress(bytes).ok_or(Unreadable::Pressed)?;
    let newer = |v: u32| (v > kind.version()).then_some(Unreadable::Newer { found: v });
    match serde_json::from_slice::<Envelope<T>>(json) {
        Ok(envelope) => newer(envelope.v).map_or(Ok(envelope.d), Err),
        Err(error) => {
            let stamp = serde_json::from_slice::<Stamp>(json).ok();
            Err(stamp.and_then(|stamp| newer(stamp.v)).unwrap_or(Unreadable::Json(error)))
        }
    }
}

/// Why a value that lies there counts as absent.
#[derive(Debug)]
enum Unreadable {
    Sealed(SealError),
    Pressed,
    Newer { found: u32 },
    Json(serde_json::Error),
}

impl Unreadable {
    fn report(&self, kind: Kind) {
        let kind_name = kind.name();
        match self {
            // This is how an advanced epoch voids the shelf.
            Self::Sealed(SealError::EpochClosed { .. }) => {
                count_unreadable(kind, "epoch_closed");
                tracing::debug!(kind = kind_name, "A value of a closed epoch counts as absent.");
            }
            Self::Sealed(error) => {
                count_unreadable(kind, error.slug());
                tracing::error!(
                    kind = kind_name,
                    slug = error.slug(),
                    "A value on the shelf does not open and counts as absent: {error}."
                );
            }
            Self::Pressed => {
                count_unreadable(kind, "pressed");
                tracing::error!(
                    kind = kind_name,
                    "A value on the shelf does not unfold and counts as absent."
                );
            }
            Self::Newer { found } => {
                count_unreadable(kind, "newer");
                tracing::warn!(
                    kind = kind_name,
                    found,
                    known = kind.version(),
                    "A value of a newer version counts as absent."
                );
            }
            Self::Json(error) => {
                count_unreadable(kind, "json");
                // The error's own text may quote the value.
                tracing::error!(
                    kind = kind_name,
                    line = error.line(),
                    column = error.column(),
                    "A value on the shelf is not of its type and counts as absent."
                );
            }
        }
    }
}

impl<T> Clone for Drawer<T> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.shelf), Arc::clone(&self.sealer), self.kind)
    }
}

impl<T> fmt::Debug for Drawer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Drawer({})", self.kind)
    }
}

#[cfg(test)]
mod tests;
