//! Acts: everything that can be written durably, each judged and done in one transaction.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use idp_domain::{
    AccountId, AgencyId, AttributeName, AttributeSet, DeviceId, GrantId, RelyingPartyId, SessionId,
    SourceId, Timestamp, assurance::Worth, identity::SourceSubject, logout::Standing,
};

use crate::{
    api_tokens::{PutApiToken, RevokeApiToken, UseApiToken},
    credentials::{NewLocalAccount, Rehash},
    devices::{ForgetDevices, RememberDevice, RotateDevice},
    factors::{
        self,
        act::{
            PutPasskey, PutRecoveryCodes, PutTotp, RemovePasskey, RemoveTotp, RenamePasskey,
            ResetFactors, UsePasskey, UseRecoveryCode, UseTotpStep,
        },
        passes::{ApproveAccessPass, IssueAccessPass, UseAccessPass},
    },
    federation::Changes,
    grants::NewGrant,
    keys::{KeyChange, NewKey},
    letters::{SealedLetter, SettleLetter, TakeLetters},
    metadata::PutMetadata,
    sessions::{EndSessions, SourceSession},
    switches::Switch,
};

/// The SHA-256 of a code, a token or another handle. The handle itself is never stored.
pub type Hash = [u8; 32];

/// Something to be done durably.
#[derive(Debug)]
pub enum Act {
    /// Nothing but the trail. Answer: `Done`.
    Record,
    /// Finds or makes the account of an identity. Answer: `Linked`.
    Link(LinkIdentity),
    /// Records that a code was redeemed, with the grant that it opens. Answers: `Done`,
    /// `CodeUsed` (that code's grant is revoked with it), `SessionOver`, `Disabled` (no such live
    /// account).
    OpenGrant(OpenGrant),
    /// Exchanges a refresh token for its successor. Answers: `Rotated`, `Reused` (its grant is
    /// revoked with it), `Expired`, `Revoked`, `Disabled`, `NotYours`, `Unknown`.
    Rotate(Rotate),
    /// Revokes a grant. Answers: `Done`, `Revoked` (it was already), `Unknown`.
    RevokeGrant(RevokeGrant),
    /// Revokes one access token. Answer: `Done`.
    RevokeToken(RevokeToken),
    /// Writes that a session exists, and who is about to be told of it. Answers: `Done`,
    /// `SessionOver` (it has ended: nobody may be told).
    Attend(Attend),
    /// Writes that a session is used, and where. Answers: `Done`, `SessionOver`.
    UseSession(UseSession),
    /// Ends a session, and the grants that end with it. Answer: `SessionEnded`.
    EndSession(EndSession),
    /// Ends a portion of many sessions, and of the grants that end with them. Answer:
    /// `SessionsEnded`; it is done again until that has no more.
    EndSessions(EndSessions),
    /// Puts something out of use, or back into use, and ends a portion of what rested on it.
    /// Answers: `Switched`, `Unknown` (no such account).
    Switch(Switch),
    /// Takes the turn to deliver notices that are due. Answer: `Claimed`.
    TakeNotices(TakeNotices),
    /// Writes how a participant of an ended session fared. Answers: `Done`, `Unknown` (there is
    /// no such notice, or the participant has said that it is done).
    SettleNotice(SettleNotice),
    /// Marks something as used. Answers: `Done`, `Used`.
    UseOnce(UseOnce),
    /// Disables an account and revokes its grants. Answers: `Done`, `Unknown`.
    DisableAccount(DisableAccount),
    /// Changes the federation. Answers: `Applied`, `Conflict`.
    ChangeFederation(Changes),
    /// Brings a new key in. Answers: `Done`, `Conflict` (another key of that purpose and
    /// algorithm is in that state already, or the key is known).
    InsertKey(NewKey),
    /// Moves keys from state to state, all or none. Answers: `Done`, `Conflict`.
    ChangeKeys(Vec<KeyChange>),
    /// Writes how an entry's metadata stands. Answers: `Done`, `Conflict` (its version has moved
    /// on).
    PutMetadata(PutMetadata),
    /// Writes a local account. Answers: `Done`, `SignedOut` (done: it was disabled or has another
    /// password, so all that the person had is ended with it), `Conflict` (its version has moved
    /// on).
    PutLocalAccount(NewLocalAccount),
    /// Replaces a password's hash. Answers: `Done`, `Conflict` (its version has moved on).
    Rehash(Rehash),
    /// Enrols a passkey. Answers: `Done`, `Conflict` (anybody has one of its id, or the account or
    /// another one another handle), `Unknown` (no such live account).
    PutPasskey(PutPasskey),
    /// Takes over what a proof of a passkey showed. Answers: `Done`, `Conflict` (the counter is
    /// not what the proof was compared with, or has not grown), `Unknown`.
    UsePasskey(UsePasskey),
    /// Gives a passkey another name. Answers: `Done`, `Unknown`.
    RenamePasskey(RenamePasskey),
    /// Removes a passkey. Answers: `Done`, `Conflict` (it must stay: it is the last), `Unknown`.
    RemovePasskey(RemovePasskey),
    /// Enrols an authenticator app. Answers: `Done`, `Unknown` (no such live account).
    PutTotp(PutTotp),
    /// Uses up a step. Answers: `Done`, `Used` (it, or a later one, was), `Unknown` (no app).
    UseTotpStep(UseTotpStep),
    /// Removes the authenticator app. Answers: `Done`, `Conflict` (it must stay), `Unknown`.
    RemoveTotp(RemoveTotp),
    /// Replaces the recovery codes. Answers: `Done`, `Unknown` (no such live account).
    PutRecoveryCodes(PutRecoveryCodes),
    /// Uses up a recovery code. Answers: `Done`, `Used`, `Unknown`.
    UseRecoveryCode(UseRecoveryCode),
    /// Removes all factors of an account, and what stands for them. Answers: `Done`, `Unknown`.
    ResetFactors(ResetFactors),
    /// Issues an access pass. Answers: `Done`, `Unknown` (no such live account).
    IssueAccessPass(IssueAccessPass),
    /// Approves an access pass. Answers: `Done`, `Conflict` (its issuer cannot, or it needs no
    /// approval any more), `Used`, `Expired`, `Unknown`.
    ApproveAccessPass(ApproveAccessPass),
    /// Uses up an access pass. Answers: `Done`, `Conflict` (nobody has approved it), `Used`,
    /// `Expired`, `Unknown` (the account has no such pass, or is disabled).
    UseAccessPass(UseAccessPass),
    /// Remembers a device. Answers: `Done`, `Conflict` (the account's factors have changed since),
    /// `Unknown` (no such live account with factors).
    RememberDevice(RememberDevice),
    /// Exchanges a device's handle. Answers: `Done`, `DeviceJustUsed` (another window of the same
    /// browser has, and the device counts), `DeviceReused` (the device is revoked with it),
    /// `Expired`, `Revoked` (or the account's factors have changed since), `Unknown`.
    RotateDevice(RotateDevice),
    /// Forgets devices. Answers: `Done`, `Unknown` (there was none).
    ForgetDevices(ForgetDevices),
    /// Queues letters that tell of nothing else that is written. Answer: `Done`.
    QueueLetters(Vec<SealedLetter>),
    /// Takes the turn to send letters that are due. Answer: `Letters`.
    TakeLetters(TakeLetters),
    /// Writes how a letter fared. Answers: `Done`, `Unknown` (it was sent or given up meanwhile).
    SettleLetter(SettleLetter),
    /// Makes a token of the administration API. Answers: `Done`, `Conflict` (its name is taken).
    PutApiToken(PutApiToken),
    /// Records that such a token is used. Answers: `Done`, `Expired`, `Revoked`, `Unknown`.
    UseApiToken(UseApiToken),
    /// Revokes such a token. Answers: `Done`, `Revoked` (it was already), `Unknown`.
    RevokeApiToken(RevokeApiToken),
    /// Deletes what is over at this instant, a bounded number of rows. Answer: `Swept`.
    Sweep(Timestamp),
}

impl Act {
    /// Whether it is about too much to share a transaction with others.
    pub(super) fn is_solo(&self) -> bool {
        matches!(
            self,
            Self::ChangeFederation(_) | Self::EndSessions(_) | Self::Switch(_) | Self::Sweep(_)
        )
    }

    /// A name for the one thing whose state decides the outcome. Two things of one name only
    /// wait for each other.
    pub(super) fn touches(&self) -> Option<u64> {
        let mut hasher = DefaultHasher::new();
        // What changes or uses the factors of one account is about the same thing.
        if let Some(account) = factors::account_of(self) {
            ("factors", account).hash(&mut hasher);
            return Some(hasher.finish());
        }
        std::mem::discriminant(self).hash(&mut hasher);
        match self {
            Self::Link(act) => (&act.source, &act.issuer, &act.subject).hash(&mut hasher),
            Self::OpenGrant(act) => act.code_hash.hash(&mut hasher),
            Self::Rotate(act) => act.old_hash.hash(&mut hasher),
            Self::RevokeGrant(act) => act.grant.hash(&mut hasher),
            Self::RevokeToken(act) => act.jti.hash(&mut hasher),
            Self::Attend(act) => act.session.hash(&mut hasher),
            Self::UseSession(act) => act.session.hash(&mut hasher),
            Self::EndSession(act) => act.session.hash(&mut hasher),
            Self::UseOnce(act) => (act.kind, &act.key).hash(&mut hasher),
            Self::DisableAccount(act) => act.account.hash(&mut hasher),
            _ => return None,
        }
        Some(hasher.finish())
    }
}

/// Finds or makes the account of an identity.
#[derive(Clone, Debug)]
pub struct LinkIdentity {
    /// The source that vouched.
    pub source: SourceId,
    /// The issuer's own name, at most 1,024 bytes.
    pub issuer: String,
    /// The source's name for the person.
    pub subject: SourceSubject,
    /// The account to make, if the identity has none.
    pub account_if_new: AccountId,
    /// What the source says about the person.
    pub attributes: AttributeSet,
    /// The time.
    pub now: Timestamp,
}

/// Records that a code was redeemed, with the grant that it opens.
#[derive(Clone, Debug)]
pub struct OpenGrant {
    /// The grant.
    pub grant: NewGrant,
    /// The hash of the code.
    pub code_hash: Hash,
    /// The refresh token that comes with it, if any.
    pub refresh: Option<NewRefreshToken>,
}

/// A refresh token to be.
#[derive(Clone, Copy, Debug)]
pub struct NewRefreshToken {
    /// Its hash.
    pub hash: Hash,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Exchanges a refresh token for its successor.
#[derive(Clone, Debug)]
pub struct Rotate {
    /// The hash of the token that was presented.
    pub old_hash: Hash,
    /// Its successor.
    pub successor: NewRefreshToken,
    /// Who presents it.
    pub relying_party: RelyingPartyId,
    /// The time.
    pub now: Timestamp,
}

/// Revokes a grant and everything that came from it.
#[derive(Clone, Debug)]
pub struct RevokeGrant {
    /// Which one.
    pub grant: GrantId,
    /// The time.
    pub now: Timestamp,
}

/// Revokes one access token.
#[derive(Clone, Debug)]
pub struct RevokeToken {
    /// Its `jti`.
    pub jti: String,
    /// When it would have ended anyway.
    pub until: Timestamp,
    /// The time.
    pub now: Timestamp,
}

/// Writes that a session exists, and who is about to be told of it.
#[derive(Clone, Debug)]
pub struct Attend {
    /// The session.
    pub session: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ends by itself.
    pub ends_at: Timestamp,
    /// What the source of its latest proof calls person and session.
    pub source: SourceSession,
    /// The agency of that source.
    pub agency: AgencyId,
    /// When that proof reached us.
    pub proven_at: Timestamp,
    /// The most that was proven in it.
    pub worth: Worth,
    /// Where it is used.
    pub place: UsedAt,
    /// Whether others use the browser.
    pub shared: bool,
    /// The remembered device that it began on.
    pub device: Option<DeviceId>,
    /// Who is about to be told.
    pub joins: Option<Joining>,
    /// The time.
    pub now: Timestamp,
}

/// Where a session is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsedAt {
    /// The address of the browser, as text.
    pub address: String,
    /// What the browser says it is, in a few words; empty if it does not say.
    pub browser: String,
}

/// A relying party that is about to be told of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joining {
    /// Which one.
    pub relying_party: RelyingPartyId,
    /// What its protocol remembers for the day that the session ends.
    pub farewell: Option<String>,
    /// The attributes that it is told in this session, now and before, by name.
    pub released: BTreeSet<AttributeName>,
}

/// Writes that a session is used.
#[derive(Clone, Debug)]
pub struct UseSession {
    /// Which one.
    pub session: SessionId,
    /// Where.
    pub place: UsedAt,
    /// The time.
    pub now: Timestamp,
}

/// Ends a session.
#[derive(Clone, Debug)]
pub struct EndSession {
    /// Which one.
    pub session: SessionId,
    /// When it would have ended anyway.
    pub until: Timestamp,
    /// Why, in a word for whoever looks at recent sign-ins.
    pub because: &'static str,
    /// A participant that knows already.
    pub spares: Option<(RelyingPartyId, Option<String>)>,
    /// Until when the caller is busy telling the others: then they are due for whoever claims
    /// them.
    pub told_until: Timestamp,
    /// The time.
    pub now: Timestamp,
}

/// Takes the turn to deliver notices that are due.
#[derive(Clone, Copy, Debug)]
pub struct TakeNotices {
    /// The time.
    pub now: Timestamp,
    /// Until when the turn lasts: a notice that is not settled by then is due again.
    pub until: Timestamp,
    /// The most that are taken.
    pub most: u32,
}

/// Writes how a participant of an ended session fared.
#[derive(Clone, Debug)]
pub struct SettleNotice {
    /// The session.
    pub session: SessionId,
    /// The participant.
    pub relying_party: RelyingPartyId,
    /// What its protocol remembered.
    pub farewell: Option<String>,
    /// Where it stands.
    pub standing: Standing,
    /// When it is tried again, if it is.
    pub again_at: Option<Timestamp>,
}

/// Marks something as used: a replay of it answers `Used`.
#[derive(Clone, Debug)]
pub struct UseOnce {
    /// What kind of thing; keys of different kinds do not meet.
    pub kind: &'static str,
    /// Which one, of any length; only its hash is stored.
    pub key: String,
    /// How long a replay could still be accepted; forgotten afterwards.
    pub until: Timestamp,
}

/// Disables an account.
#[derive(Clone, Debug)]
pub struct DisableAccount {
    /// Which one.
    pub account: AccountId,
    /// When its last session would have ended anyway.
    pub until: Timestamp,
    /// The time.
    pub now: Timestamp,
}
