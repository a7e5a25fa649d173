//! Why bytes could not be sealed or opened, in words that tell the operator what to do.

use super::{Epoch, Mark};

/// Why bytes could not be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Too short, or never sealed by us.
    #[error("these bytes are no sealed value")]
    Malformed,
    /// Sealed by a later version of this program.
    #[error("sealed in format {found}, which this version cannot read: run a newer version")]
    NewerFormat {
        /// The format byte that was found.
        found: u8,
    },
    /// Sealed under another master key than ours.
    #[error(
        "sealed under another master key (its mark is {found}, ours is {ours}): \
         give every node the master key that this was sealed under"
    )]
    OtherMasterKey {
        /// The mark that was found.
        found: Mark,
        /// The mark of our master key.
        ours: Mark,
    },
    /// Sealed in an epoch that is over, or that has not begun.
    #[error("sealed in epoch {found}, which is closed (it is epoch {current})")]
    EpochClosed {
        /// The epoch that was found.
        found: Epoch,
        /// The epoch that it is.
        current: Epoch,
    },
    /// Altered, or moved away from where it was sealed.
    #[error("a sealed value was altered, or moved from its place")]
    Altered,
    /// The cryptographic library refused; never the fault of the bytes.
    #[error("the cryptographic library refused to work")]
    Unable,
}

impl SealError {
    /// The name of this error in logs, metrics and the list of errors.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::Malformed => "store.seal.malformed",
            Self::NewerFormat { .. } => "store.seal.newer_format",
            Self::OtherMasterKey { .. } => "store.seal.other_master_key",
            Self::EpochClosed { .. } => "store.seal.epoch_closed",
            Self::Altered => "store.seal.altered",
            Self::Unable => "store.seal.unable",
        }
    }
}
