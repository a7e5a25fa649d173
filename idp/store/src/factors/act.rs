//! The acts on an account's factors. What they answer stands with the list of all acts.

use idp_domain::{AccountId, Timestamp};

use crate::{journal::Hash, letters::SealedLetter};

/// Enrols a passkey.
#[derive(Clone, Debug)]
pub struct PutPasskey {
    /// Whose it is.
    pub account: AccountId,
    /// What the authenticator was told to call the account.
    pub handle: Vec<u8>,
    /// The relying party id that it works for.
    pub site: String,
    /// What its authenticator calls it.
    pub credential: Vec<u8>,
    /// What its owner calls it.
    pub name: String,
    /// The record as JSON.
    pub body: String,
    /// Its signature counter.
    pub counter: u32,
    /// The epoch of the account's factors in which it was decided.
    pub epoch: i64,
    /// When was proven what that rests on: nothing, if the account was revoked since.
    pub since: Timestamp,
    /// What the person is written about it.
    pub letters: Vec<SealedLetter>,
    /// The time.
    pub now: Timestamp,
}

/// Takes over what a proof of a passkey showed.
#[derive(Clone, Debug)]
pub struct UsePasskey {
    /// Whose it is.
    pub account: AccountId,
    /// What its authenticator calls it.
    pub credential: Vec<u8>,
    /// The signature counter that the proof was compared with.
    pub previous_counter: u32,
    /// The signature counter that it showed.
    pub counter: u32,
    /// The record as it is now.
    pub body: String,
}

/// Gives a passkey another name.
#[derive(Clone, Debug)]
pub struct RenamePasskey {
    /// Whose it is.
    pub account: AccountId,
    /// What its authenticator calls it.
    pub credential: Vec<u8>,
    /// What its owner calls it from now on.
    pub name: String,
}

/// Removes a passkey, and takes back what was proven by it.
#[derive(Clone, Debug)]
pub struct RemovePasskey {
    /// Whose it is.
    pub account: AccountId,
    /// What its authenticator calls it.
    pub credential: Vec<u8>,
    /// What the proofs by it name it.
    pub named: String,
    /// Whether the account must keep a passkey or an authenticator app.
    pub must_keep_one: bool,
    /// When the last session is over in which it may have been proven.
    pub until: Timestamp,
    /// What the person is written about it.
    pub letters: Vec<SealedLetter>,
    /// The time.
    pub now: Timestamp,
}

/// Enrols an authenticator app, in the place of the one that there was, and takes back what was
/// proven by that one.
#[derive(Clone, Debug)]
pub struct PutTotp {
    /// Whose it is.
    pub account: AccountId,
    /// The secret, sealed.
    pub sealed: Vec<u8>,
    /// The step whose code showed that the app has the secret.
    pub step: u64,
    /// The epoch of the account's factors in which it was decided.
    pub epoch: i64,
    /// When was proven what that rests on: nothing, if the account was revoked since.
    pub since: Timestamp,
    /// When the last session is over in which the one before may have been proven.
    pub until: Timestamp,
    /// What the person is written about it.
    pub letters: Vec<SealedLetter>,
    /// The time.
    pub now: Timestamp,
}

/// Uses up the code of a step, and those of the steps before it.
#[derive(Clone, Debug)]
pub struct UseTotpStep {
    /// Whose app it is.
    pub account: AccountId,
    /// Which step.
    pub step: u64,
}

/// Removes the authenticator app, and takes back what was proven by it.
#[derive(Clone, Debug)]
pub struct RemoveTotp {
    /// Whose it is.
    pub account: AccountId,
    /// Whether the account must keep a passkey.
    pub must_keep_one: bool,
    /// When the last session is over in which it may have been proven.
    pub until: Timestamp,
    /// What the person is written about it.
    pub letters: Vec<SealedLetter>,
    /// The time.
    pub now: Timestamp,
}

/// Replaces the set of recovery codes.
#[derive(Clone, Debug)]
pub struct PutRecoveryCodes {
    /// Whose they are.
    pub account: AccountId,
    /// The hashes of the new set.
    pub hashes: Vec<Hash>,
    /// The epoch of the account's factors in which it was decided.
    pub epoch: i64,
    /// What the person is written about it.
    pub letters: Vec<SealedLetter>,
    /// The time.
    pub now: Timestamp,
}

/// Uses up a recovery code.
#[derive(Clone, Debug)]
pub struct UseRecoveryCode {
    /// Whose it is.
    pub account: AccountId,
    /// Its hash.
    pub hash: Hash,
    /// What the person is written about it.
    pub letters: Vec<SealedLetter>,
    /// The time.
    pub now: Timestamp,
}

/// Removes every factor of an account, its recovery codes, remembered devices and access passes.
#[derive(Clone, Debug)]
pub struct ResetFactors {
    /// Whose.
    pub account: AccountId,
    /// Whether the person has to enrol anew.
    pub must_enrol: bool,
    /// What the person is written about it.
    pub letters: Vec<SealedLetter>,
    /// The time.
    pub now: Timestamp,
}
