//! Letters: what a person is told by mail about their own account. What they say; not how they
//! are written or sent.

use serde::{Deserialize, Serialize};

use crate::{AccountId, Lang, Timestamp, factor::FactorKind};

/// What a letter is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "about")]
pub enum LetterKind {
    /// A factor was enrolled.
    FactorEnrolled {
        /// Of which kind.
        factor: FactorKind,
        /// What the person called it, or the model.
        name: String,
    },
    /// A factor was removed.
    FactorRemoved {
        /// Of which kind.
        factor: FactorKind,
        /// What the person called it, or the model.
        name: String,
    },
    /// All factors were removed, by a help desk or after a report.
    FactorsReset,
    /// A new set of recovery codes was made.
    RecoveryCodesMade,
    /// A recovery code was used.
    RecoveryCodeUsed {
        /// How many are left.
        left: u32,
    },
    /// An access pass was issued.
    AccessPassIssued,
    /// An access pass was used.
    AccessPassUsed,
    /// A device is remembered.
    DeviceRemembered,
    /// Somebody who passed the first factor failed at the second too often.
    FactorLocked {
        /// Of which kind.
        factor: FactorKind,
    },
    /// The account was reported by its owner, and everything was ended.
    Disputed,
    /// A session was used from two networks at the same time.
    SessionSuspicious,
}

/// A letter to one person, waiting to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Whose account it is about.
    pub account: AccountId,
    /// The address that the account's source gave last.
    pub to: String,
    /// In which language.
    pub lang: Lang,
    /// What it is about.
    pub kind: LetterKind,
    /// When that was.
    pub at: Timestamp,
    /// Where the browser was, as text; empty where no browser was involved.
    #[serde(default)]
    pub address: String,
    /// The reference number under which the trail knows it; empty if there is none.
    #[serde(default)]
    pub reference: String,
}
