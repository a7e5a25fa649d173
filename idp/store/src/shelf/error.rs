//! Why the shelf could not do what it was asked. None of these says that a value is absent: that is
//! an answer.

use std::sync::Arc;

use super::key::Kind;
use crate::seal::SealError;

/// A fault of the shelf. The caller answers with "try again", never with a guess at the value.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ShelfError {
    /// There was no answer in time. The verb may have been carried out all the same.
    #[error("the shelf is away: {why}")]
    Away {
        /// What was seen, without secrets.
        why: Arc<str>,
    },
    /// Redis answered with an error, such as `OOM`, `MISCONF` or `NOPERM`; nothing was done.
    #[error("the shelf refused: {code}")]
    Refused {
        /// Redis's error code.
        code: Arc<str>,
    },
    /// The value could not be written as JSON.
    #[error("a {kind} cannot be written as JSON")]
    Unwritable {
        /// What it was.
        kind: Kind,
        /// Why not.
        #[source]
        source: Arc<serde_json::Error>,
    },
    /// The value is larger than anything that belongs on the shelf.
    #[error("a {kind} of {bytes} bytes is too large for the shelf")]
    TooLarge {
        /// What it was.
        kind: Kind,
        /// Its length once written.
        bytes: usize,
    },
    /// The value could not be sealed.
    #[error("a value for the shelf could not be sealed")]
    Unsealable(#[source] SealError),
}

impl ShelfError {
    /// The name of this error in logs, metrics and the list of errors.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::Away { .. } => "store.shelf.away",
            Self::Refused { .. } => "store.shelf.refused",
            Self::Unwritable { .. } => "store.shelf.unwritable",
            Self::TooLarge { .. } => "store.shelf.too_large",
            Self::Unsealable(_) => "store.shelf.unsealable",
        }
    }

    pub(super) fn away(why: impl Into<Arc<str>>) -> Self {
        Self::Away { why: why.into() }
    }
}
