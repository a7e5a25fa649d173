//! Connectors speak to sources. The one open set of the house, and so its one trait.
//!
//! A connector returns a whole [`AuthenticationEvent`] or a refusal, never a half-truth. It
//! decides nothing about relying parties and creates nothing.

use std::{fmt, future::Future, net::IpAddr, pin::Pin};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    Acr, AuthenticationEvent, Lang, Lifetime, Refusal, RelyingPartyId, Timestamp,
    identity::SourceSubject, refusal::Fault,
};

/// An answer that takes its time; an `Err` is our own failure, everything else is a value.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;

/// Speaks to one source of one agency.
pub trait Connector: Send + Sync {
    /// What the browser must do next to authenticate at this source.
    fn begin<'a>(&'a self, ask: &'a Ask) -> Pending<'a, Begun>;

    /// Reads what came back, and says what it proves.
    fn resume(&self, kept: Kept, reply: Inbound) -> Pending<'_, Progress>;

    /// Reads what a source sent without being asked. Most sources may not do that.
    fn unsolicited(&self, reply: Inbound) -> Pending<'_, Progress> {
        drop(reply);
        let refusal = Refusal::SourceMisbehaved {
            reason: "unsolicited",
            detail: "the source answered what nobody asked".to_owned(),
        };
        Box::pin(async { Ok(Progress::Refused(refusal)) })
    }

    /// What is known of the person `subject`, where the person has proven to be that by a key which
    /// the broker itself keeps. Only a source of our own can say that; `None` when the person may
    /// not sign in there, whatever the reason.
    fn recall<'a>(
        &'a self,
        subject: &'a SourceSubject,
        now: Timestamp,
    ) -> Pending<'a, Option<Box<AuthenticationEvent>>> {
        let _ = (subject, now);
        Box::pin(async { Ok(None) })
    }

    /// Where the browser goes to be signed out at the source too, after `event` was proven there.
    /// `None` when the source cannot be told.
    fn leave<'a>(
        &'a self,
        event: &'a AuthenticationEvent,
        leave: &'a Leave,
    ) -> Pending<'a, Option<Outbound>> {
        let _ = (event, leave);
        Box::pin(async { Ok(None) })
    }

    /// Reads what a source says about logout: of its own accord, or after [`Connector::leave`].
    fn hear(&self, said: Said) -> Pending<'_, Heard> {
        drop(said);
        let refusal = Refusal::SourceMisbehaved {
            reason: "unsolicited",
            detail: "the source speaks of logout, which it was not configured for".to_owned(),
        };
        Box::pin(async { Ok(Heard::Refused(refusal)) })
    }

    /// How a source is told what became of the sessions that it ended; `asked` is what
    /// [`Over::asked`] kept.
    fn confirm<'a>(
        &'a self,
        asked: &'a Kept,
        ending: Ending,
        now: Timestamp,
    ) -> Pending<'a, Confirmed> {
        let _ = (asked, ending, now);
        Box::pin(async { Err(Fault::broken("answering a source that asked nothing")) })
    }
}

/// What is wanted of a source when a session ends.
#[derive(Clone, Debug)]
pub struct Leave {
    /// Unguessable, letters that any protocol takes; [`Heard::Left`] brings it back.
    pub correlator: String,
    /// The time.
    pub now: Timestamp,
}

/// What a source says about logout, as it came. Untrusted.
#[derive(Clone)]
pub struct Said {
    /// The message.
    pub message: Message,
    /// The time.
    pub now: Timestamp,
}

/// A message in the form in which it came: signatures may be over its very bytes.
#[derive(Clone)]
pub enum Message {
    /// The browser brought it in the query: as received, without `?`.
    Query(String),
    /// It came in a form: the decoded fields, in order, duplicates included.
    Form(Vec<(String, String)>),
    /// The source sent it by itself.
    Body(Vec<u8>),
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It names a person.
        f.debug_struct("Said").field("now", &self.now).finish_non_exhaustive()
    }
}

/// What a source said about logout.
#[derive(Debug)]
pub enum Heard {
    /// Sessions of its own are over, and ours go with them.
    Over(Box<Over>),
    /// It answers [`Connector::leave`].
    Left {
        /// What was to come back.
        correlator: String,
        /// Whether the person is signed out there.
        out: bool,
    },
    /// It cannot be believed.
    Refused(Refusal),
}

/// Sessions of a source that are over.
#[derive(Debug)]
pub struct Over {
    /// The source's own name for itself.
    pub issuer: String,
    /// The person, by any of these: the subject, or as [`AuthenticationEvent::source_name`] has
    /// it. None where the marks say it all.
    pub names: Vec<String>,
    /// The sessions, as [`AuthenticationEvent::source_session`] has them; none means all of the
    /// person.
    pub marks: Vec<String>,
    /// What must not have been seen before.
    pub once: Once,
    /// What [`Connector::confirm`] needs to answer.
    pub asked: Kept,
}

/// What became of a logout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Everybody who was told of the session has heard that it is over.
    Complete,
    /// The session is over, but not everybody has confirmed to have heard it.
    Partial,
    /// There is no such session.
    Unknown,
}

/// How a source is answered.
#[derive(Clone, Debug)]
pub enum Confirmed {
    /// By the browser.
    Browser(Outbound),
    /// On the connection that it asked by.
    Body {
        /// Its media type.
        content_type: &'static str,
        /// The answer.
        body: Vec<u8>,
    },
    /// Not at all: it expects nothing.
    Nothing,
}

/// Something that counts once: a proof that was seen is not believed again.
#[derive(Clone, PartialEq, Eq)]
pub struct Once {
    /// What it is; only its hash is kept.
    pub key: String,
    /// How long it could be believed otherwise.
    pub until: Timestamp,
}

impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Once").field("until", &self.until).finish_non_exhaustive()
    }
}

/// What is wanted of a source.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Unguessable; must come back with the browser (`state`, `RelayState`). The broker compares
    /// it before [`Connector::resume`] is called.
    pub correlator: String,
    /// The person must prove themselves again, whatever session the source has.
    pub force: bool,
    /// Nobody may be asked anything.
    pub passive: bool,
    /// How old the proof may be.
    pub max_age: Option<Lifetime>,
    /// The contexts that are wanted, best first.
    pub acr: Vec<Acr>,
    /// The name that the person is likely to type.
    pub login_hint: Option<String>,
    /// For whom the source is asked.
    pub relying_party: RelyingPartyId,
    /// The language of the pages.
    pub lang: Lang,
    /// Where the browser is.
    pub address: IpAddr,
    /// The time.
    pub now: Timestamp,
}

/// How a connector begins.
#[derive(Debug)]
pub enum Begun {
    /// Send the browser there, and keep this.
    Go(Outbound, Kept),
    /// The source cannot be asked now.
    Refused(Refusal),
}

/// How far a login at a source has come.
#[derive(Debug)]
pub enum Progress {
    /// The source vouches for this.
    Proven {
        /// What it vouches for.
        event: Box<AuthenticationEvent>,
        /// What must not have been seen before, where the answer itself does not say so.
        once: Option<Once>,
    },
    /// The source wants another round.
    Again(Outbound, Kept),
    /// The source says no, or cannot be believed.
    Refused(Refusal),
}

/// Where the browser goes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outbound {
    /// To another address, by GET.
    Redirect(Url),
    /// To another address, by a form.
    Post {
        /// Where to.
        url: Url,
        /// The fields of the form.
        fields: Vec<(String, String)>,
    },
    /// To a form of our own.
    Form(Form),
}

/// A form of our own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Fields `username` and `password`.
    Password {
        /// What was wrong with the last attempt; the same for unknown and known accounts.
        problem: Option<FormProblem>,
        /// What stood in `username`.
        username: String,
    },
}

/// What was wrong with the last attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormProblem {
    /// Name or password, and we do not say which.
    WrongCredentials,
    /// Too many attempts.
    Throttled {
        /// When to try again.
        retry_after: Lifetime,
    },
    /// We cannot check it now.
    Busy {
        /// When to try again.
        retry_after: Lifetime,
    },
}

/// The connector's own memory between two rounds, kept with the transaction.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kept(String);

impl Kept {
    /// Memory from a text that only the connector can read.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It holds nonces and verifiers.
        f.write_str("Kept(…)")
    }
}

/// What came back with the browser. Untrusted.
#[derive(Clone)]
pub struct Inbound {
    /// The decoded parameters of the query, in order, duplicates included.
    pub query: Vec<(String, String)>,
    /// The decoded fields of the form, in order, duplicates included.
    pub form: Vec<(String, String)>,
    /// A client certificate that TLS verified, in DER.
    pub certificate: Option<Vec<u8>>,
    /// Where the browser is.
    pub address: IpAddr,
    /// The time.
    pub now: Timestamp,
}

impl fmt::Debug for Inbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Codes and passwords are in there.
        f.debug_struct("Inbound").field("now", &self.now).finish_non_exhaustive()
    }
}
