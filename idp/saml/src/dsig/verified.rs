//! The proof that something was signed by a key that we were told to trust.

use std::ops::Deref;

/// A value that stands in, or was read from, an element whose signature was verified.
///
/// Only this module's parent makes one, and only from a node of the very tree that was
/// canonicalized and digested. Code that demands a `Verified` cannot be handed what was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    pub(super) const fn new(value: T) -> Self {
        Self(value)
    }

    /// Reads on: what comes out must come from what was verified.
    pub(crate) fn map<U>(self, read: impl FnOnce(T) -> U) -> Verified<U> {
        Verified(read(self.0))
    }

    /// Reads on, with a reason if that fails.
    pub(crate) fn try_map<U, E>(
        self,
        read: impl FnOnce(T) -> Result<U, E>,
    ) -> Result<Verified<U>, E> {
        read(self.0).map(Verified)
    }

    /// The value, and no longer the proof.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
