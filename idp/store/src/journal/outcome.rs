//! Outcomes: what becomes of acts. Which act answers what stands with the acts.

use idp_domain::{AccountId, GrantId, logout::Notice};

use crate::{grants::Grant, letters::DueLetter, sessions::Ended};

/// What became of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// The federation was changed and is at this version now.
    Applied {
        /// The version of the whole.
        version: i64,
    },
    /// The code was redeemed before; the grant that it opened is revoked now.
    CodeUsed {
        /// The grant that the code opened.
        grant: GrantId,
    },
    /// These notices are the caller's to deliver, for as long as its turn lasts.
    Claimed {
        /// Which.
        notices: Vec<Notice>,
    },
    /// Somebody else was faster; nothing was changed.
    Conflict,
    /// The account is disabled, or unknown.
    Disabled,
    /// The device's handle was exchanged a moment ago from the same place; nothing was exchanged,
    /// and the device counts.
    DeviceJustUsed,
    /// The device's handle was exchanged before; the device is revoked now.
    DeviceReused,
    /// Its time is up.
    Expired,
    /// These letters are the caller's to send, for as long as its turn lasts.
    Letters {
        /// Which.
        letters: Vec<DueLetter>,
    },
    /// The identity's account.
    Linked {
        /// Its account.
        account: AccountId,
        /// Whether it was made just now.
        created: bool,
        /// Whether it may not sign in.
        disabled: bool,
    },
    /// The refresh token belongs to another relying party; nothing was changed.
    NotYours,
    /// What it was decided on has changed since; nothing was changed.
    Overtaken,
    /// The refresh token was rotated before; its grant is revoked now.
    Reused {
        /// The token's grant.
        grant: GrantId,
    },
    /// It is revoked already.
    Revoked,
    /// The token was exchanged; this is its grant.
    Rotated(Box<Grant>),
    /// The session is over.
    SessionEnded {
        /// Whether this act ended it; of several, one did.
        first: bool,
        /// The grants that ended with it.
        grants: Vec<GrantId>,
        /// Who has to be told; empty but for the first.
        notices: Vec<Notice>,
    },
    /// The session has ended; nothing was written.
    SessionOver,
    /// These sessions are over.
    SessionsEnded(Ended),
    /// It was done, and whom it is about is signed out everywhere.
    SignedOut {
        /// Why, in a word for the trail.
        because: &'static str,
        /// What ended with it; should there be more, its rows follow with housekeeping.
        ended: Ended,
    },
    /// It is out of use, or in use again.
    Switched {
        /// Whether it was otherwise before.
        changed: bool,
        /// What ended with it.
        ended: Ended,
    },
    /// This many rows were deleted.
    Swept {
        /// How many.
        rows: u64,
    },
    /// There is no such thing.
    Unknown,
    /// It was used before.
    Used,
}
