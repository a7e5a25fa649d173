//! Ceremonies: one challenge each, on the shelf until its answer comes, for five minutes at most.
//!
//! Bound to a login or a session, to a person and to a purpose, and finished once: the shelf forgets
//! it, and the database remembers that it did, for a shelf that fails over may find it again.

use std::fmt;

use idp_domain::{AccountId, Fault, Refusal, SessionId, SourceId, Transaction, TransactionId};
use idp_factors::webauthn::{CEREMONY_LIFE, Proving, Registering};
use idp_store::journal::{Act, Outcome, Unit, UseOnce};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::throttle::Leave;
use crate::{
    Broker,
    random::handle_text,
    visit::{LiveSession, Visit},
};

/// The kind under which finished ceremonies are marked.
const CEREMONY: &str = "ceremony";

/// A ceremony that the browser works at.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ceremony {
    pub(crate) of: Of,
    /// Whose; none where the answer says who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<AccountId>,
    pub(crate) work: Work,
}

/// What a ceremony belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Of {
    /// A login.
    Transaction(TransactionId),
    /// A session, on its own page.
    Session(SessionId),
}

/// What a ceremony is for, and what must be known when its answer comes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Work {
    /// A passkey is proven, as a second factor.
    Proof(Proving),
    /// A passkey is proven, by whoever it belongs to, at a source of ours.
    SignIn(SourceId, Proving),
    /// A passkey is registered.
    Passkey(Registering),
    /// An app waits for its first code; its secret, sealed.
    App(SealedText),
}

/// Sealed bytes as text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct SealedText(pub(crate) String);

impl fmt::Debug for SealedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedText(…)")
    }
}

/// What the browser is to do, and under which name the answer is given.
#[derive(Debug)]
pub struct Started {
    /// The argument of `navigator.credentials.create()` or `get()`.
    pub options: Value,
    /// A secret: the name of the ceremony.
    pub ceremony: String,
}

impl Of {
    pub(crate) fn login(transaction: &Transaction) -> Self {
        Self::Transaction(transaction.id.clone())
    }

    pub(crate) fn page(live: &LiveSession) -> Self {
        Self::Session(live.session.id.clone())
    }
}

impl Broker {
    /// Keeps a ceremony that begins, and names it.
    pub(crate) async fn begin_ceremony(
        &self,
        ceremony: &Ceremony,
        visit: &Visit,
    ) -> Result<Result<String, Refusal>, Fault> {
        if let Leave::Denied { retry_after } = self.may_begin(visit.address).await {
            return Ok(Err(Refusal::Throttled { retry_after }));
        }
        let name = handle_text()?;
        let put = self.ceremonies.put(&name, ceremony, CEREMONY_LIFE.as_duration()).await;
        put.map_err(|error| Fault::new("keeping a ceremony", error))?;
        Ok(Ok(name))
    }

    /// Takes the ceremony `name` to finish it: of any number of callers, on whatever nodes, one
    /// gets it. None if it is of something else, over or finished.
    pub(crate) async fn take_ceremony(
        &self,
        name: &str,
        of: &Of,
        visit: &Visit,
    ) -> Result<Option<Ceremony>, Fault> {
        let taken = self.ceremonies.take(name).await;
        let taken = taken.map_err(|error| Fault::new("finishing a ceremony", error))?;
        let Some(ceremony) = taken.filter(|ceremony| ceremony.of == *of) else {
            return Ok(None);
        };
        // Longer than any copy of it could be answered.
        let until = visit.now + CEREMONY_LIFE + CEREMONY_LIFE;
        let act = UseOnce { kind: CEREMONY, key: name.to_owned(), until };
        let unit = Unit::new(Act::UseOnce(act), Vec::new());
        let first = self.commit("finishing a ceremony", unit).await? == Outcome::Done;
        Ok(first.then_some(ceremony))
    }

    /// The ceremony `name`, which goes on.
    pub(crate) async fn look_at_ceremony(
        &self,
        name: &str,
        of: &Of,
    ) -> Result<Option<Ceremony>, Fault> {
        let found = self.ceremonies.find(name).await;
        let found = found.map_err(|error| Fault::new("finding a ceremony", error))?;
        Ok(found.map(|held| held.value).filter(|ceremony| ceremony.of == *of))
    }
}
