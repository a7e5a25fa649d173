//! The vocabulary of the trail: what was decided, about what, and why.
//!
//! Ids and slugs only. Never an attribute value, a token, a code or a password.

use std::{collections::BTreeMap, net::IpAddr};

use serde::{Deserialize, Serialize};

use crate::{
    AccountId, AgencyId, GrantId, RelyingPartyId, SessionId, SourceId, Timestamp, TransactionId,
};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AuditKind {
    /// A second person approved an access pass.
    #[serde(rename = "access_pass.approved")]
    AccessPassApproved,
    /// An access pass was issued.
    #[serde(rename = "access_pass.issued")]
    AccessPassIssued,
    /// An access pass was used.
    #[serde(rename = "access_pass.used")]
    AccessPassUsed,
    /// A person reported their own account.
    #[serde(rename = "account.disputed")]
    AccountDisputed,
    /// A request at the administration API was refused.
    #[serde(rename = "admin.denied")]
    AdminDenied,
    /// Two authenticators seem to hold one passkey.
    #[serde(rename = "authenticator.clone_suspected")]
    CloneSuspected,
    /// A device is no longer remembered.
    #[serde(rename = "device.forgotten")]
    DeviceForgotten,
    /// A device stands for a factor.
    #[serde(rename = "device.remembered")]
    DeviceRemembered,
    /// A factor was enrolled.
    #[serde(rename = "factor.enrolled")]
    FactorEnrolled,
    /// A proof of a factor was not accepted.
    #[serde(rename = "factor.failed")]
    FactorFailed,
    /// A factor was proven.
    #[serde(rename = "factor.proven")]
    FactorProven,
    /// A factor was removed.
    #[serde(rename = "factor.removed")]
    FactorRemoved,
    /// All factors of an account were removed.
    #[serde(rename = "factors.reset")]
    FactorsReset,
    /// A letter to a person could not be sent.
    #[serde(rename = "letter.failed")]
    LetterFailed,
    /// A letter to a person was sent.
    #[serde(rename = "letter.sent")]
    LetterSent,
    /// A session was used from two networks at the same time.
    #[serde(rename = "session.suspicious")]
    SessionSuspicious,
    /// Something was put out of use.
    #[serde(rename = "switched.off")]
    SwitchedOff,
    /// Something was put back into use.
    #[serde(rename = "switched.on")]
    SwitchedOn,
    /// A token of the administration API was made or revoked.
    #[serde(rename = "api_token.changed")]
    ApiTokenChanged,
    /// An account was made.
    #[serde(rename = "account.created")]
    AccountCreated,
    /// A proof of somebody was not accepted.
    #[serde(rename = "authn.failed")]
    AuthnFailed,
    /// A source vouched for somebody.
    #[serde(rename = "authn.succeeded")]
    AuthnSucceeded,
    /// A source vouched for somebody without being asked.
    #[serde(rename = "authn.unsolicited")]
    AuthnUnsolicited,
    /// The federation's configuration was changed.
    #[serde(rename = "federation.applied")]
    FederationApplied,
    /// A source's answer was not believed.
    #[serde(rename = "federation.inbound.rejected")]
    InboundRejected,
    /// A grant and everything that came from it was revoked.
    #[serde(rename = "grant.revoked")]
    GrantRevoked,
    /// A key changed its state.
    #[serde(rename = "key.changed")]
    KeyChanged,
    /// Policy decided on the next step of a login.
    #[serde(rename = "login.decided")]
    LoginDecided,
    /// A relying party was told of somebody.
    #[serde(rename = "login.issued")]
    LoginIssued,
    /// A login ended with a no.
    #[serde(rename = "login.refused")]
    LoginRefused,
    /// A relying party says that the person is signed out there, or was told so.
    #[serde(rename = "logout.told")]
    LogoutTold,
    /// A relying party could not be told, or did not answer, that the person is signed out.
    #[serde(rename = "logout.failed")]
    LogoutFailed,
    /// What a peer publishes of itself became something else.
    #[serde(rename = "metadata.changed")]
    MetadataChanged,
    /// What a peer publishes of itself could not be had, or was not accepted.
    #[serde(rename = "metadata.refused")]
    MetadataRefused,
    /// A request of ours was not allowed out.
    #[serde(rename = "outbound.blocked")]
    OutboundBlocked,
    /// A relying party's request was not even considered.
    #[serde(rename = "rp.request.rejected")]
    RequestRejected,
    /// A session ended.
    #[serde(rename = "session.ended")]
    SessionEnded,
    /// A session began.
    #[serde(rename = "session.started")]
    SessionStarted,
    /// Tokens were issued.
    #[serde(rename = "token.issued")]
    TokenIssued,
    /// A request at the token, introspection, revocation or userinfo endpoint was refused.
    #[serde(rename = "token.rejected")]
    TokenRejected,
}

impl AuditKind {
    /// Its stable name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessPassApproved => "access_pass.approved",
            Self::AccessPassIssued => "access_pass.issued",
            Self::AccessPassUsed => "access_pass.used",
            Self::AccountDisputed => "account.disputed",
            Self::AdminDenied => "admin.denied",
            Self::CloneSuspected => "authenticator.clone_suspected",
            Self::DeviceForgotten => "device.forgotten",
            Self::DeviceRemembered => "device.remembered",
            Self::FactorEnrolled => "factor.enrolled",
            Self::FactorFailed => "factor.failed",
            Self::FactorProven => "factor.proven",
            Self::FactorRemoved => "factor.removed",
            Self::FactorsReset => "factors.reset",
            Self::LetterFailed => "letter.failed",
            Self::LetterSent => "letter.sent",
            Self::SessionSuspicious => "session.suspicious",
            Self::SwitchedOff => "switched.off",
            Self::SwitchedOn => "switched.on",
            Self::ApiTokenChanged => "api_token.changed",
            Self::AccountCreated => "account.created",
            Self::AuthnFailed => "authn.failed",
            Self::AuthnSucceeded => "authn.succeeded",
            Self::AuthnUnsolicited => "authn.unsolicited",
            Self::FederationApplied => "federation.applied",
            Self::InboundRejected => "federation.inbound.rejected",
            Self::GrantRevoked => "grant.revoked",
            Self::KeyChanged => "key.changed",
            Self::LoginDecided => "login.decided",
            Self::LoginIssued => "login.issued",
            Self::LoginRefused => "login.refused",
            Self::LogoutTold => "logout.told",
            Self::LogoutFailed => "logout.failed",
            Self::MetadataChanged => "metadata.changed",
            Self::MetadataRefused => "metadata.refused",
            Self::OutboundBlocked => "outbound.blocked",
            Self::RequestRejected => "rp.request.rejected",
            Self::SessionEnded => "session.ended",
            Self::SessionStarted => "session.started",
            Self::TokenIssued => "token.issued",
            Self::TokenRejected => "token.rejected",
        }
    }
}

/// One line of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: AuditKind,
    /// The stable slug of the outcome or the real reason; empty when the kind says it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Whether somebody should look at it now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alert: bool,
    /// The reference number that the person was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The login that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction: Option<TransactionId>,
    /// The relying party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relying_party: Option<RelyingPartyId>,
    /// The source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// The agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyId>,
    /// The account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// The grant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantId>,
    /// Where the request came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// Why, in the words of policy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
    /// What else an auditor wants to know.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub detail: BTreeMap<String, String>,
}

impl AuditEvent {
    /// An event of `kind` at `at`, about nothing yet.
    #[must_use]
    pub fn new(kind: AuditKind, at: Timestamp) -> Self {
        Self {
            at,
            kind,
            reason: String::new(),
            alert: false,
            reference: None,
            transaction: None,
            relying_party: None,
            source: None,
            agency: None,
            account: None,
            session: None,
            grant: None,
            address: None,
            because: Vec::new(),
            detail: BTreeMap::new(),
        }
    }

    /// The same with a reason.
    #[must_use]
    pub fn because_of(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }

    /// The same with one more detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }
}
