//! Accounts: the broker's lasting record of a person.

use crate::{AccountId, Timestamp};

/// A person as the broker knows them. Everything else hangs on links and sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id; never reused.
    pub id: AccountId,
    /// When it was made.
    pub created_at: Timestamp,
    /// A disabled account signs in nowhere.
    pub disabled: bool,
}
