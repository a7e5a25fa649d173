//! The journal: the one door through which anything durable is written.
//!
//! Units that wait at the same time share one transaction and one commit. A unit is answered as
//! done only after the commit that holds it.

mod act;
mod batch;
mod ending;
mod meters;
mod outcome;
mod writer;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use idp_domain::{AuditEvent, Lifetime};
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

pub use act::{
    Act, Attend, DisableAccount, EndSession, Hash, Joining, LinkIdentity, NewRefreshToken,
    OpenGrant, RevokeGrant, RevokeToken, Rotate, SettleNotice, TakeNotices, UseOnce, UseSession,
    UsedAt,
};
pub use outcome::Outcome;

pub use ending::{By, Thrown, Total};

pub(crate) use batch::Picked;
pub(crate) use writer::WriteError;

use self::{
    meters::Meters,
    writer::{QUEUE, Writer},
};
use crate::{
    audit::Chain,
    db::Db,
    error::{EngineError, StoreError},
    revocations::Copied,
};

/// How long a unit waits for its turn before its caller is told `Busy`.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// How long a caller waits in all before it is told `Away`, though its unit may still be written.
const ANSWER: Duration = Duration::from_secs(3);

/// An act, and what the trail says about it.
#[derive(Debug)]
pub struct Unit {
    pub(crate) act: Act,
    pub(crate) trail: Trail,
}

/// Tells the events of an outcome.
type Tell = dyn Fn(&Outcome) -> Vec<AuditEvent> + Send + Sync;

/// What the trail says about an act.
pub(crate) enum Trail {
    Always(Vec<AuditEvent>),
    Told(Box<Tell>),
}

impl fmt::Debug for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always(events) => f.debug_tuple("Always").field(events).finish(),
            Self::Told(_) => f.write_str("Told(…)"),
        }
    }
}

impl Unit {
    /// `act`, and events that are recorded whatever becomes of it.
    #[must_use]
    pub fn new(act: Act, events: Vec<AuditEvent>) -> Self {
        Self { act, trail: Trail::Always(events) }
    }

    /// Nothing but events.
    #[must_use]
    pub fn record(events: Vec<AuditEvent>) -> Self {
        Self::new(Act::Record, events)
    }

    /// `act`, and the events that `trail` tells of its outcome.
    ///
    /// `trail` runs inside the transaction, and again if the transaction has to be repeated: it
    /// must be quick and have no effect of its own.
    #[must_use]
    pub fn telling(
        act: Act,
        trail: impl Fn(&Outcome) -> Vec<AuditEvent> + Send + Sync + 'static,
    ) -> Self {
        Self { act, trail: Trail::Told(Box::new(trail)) }
    }
}

/// The door to the database for everything durable. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Journal {
    queue: mpsc::Sender<Message>,
}

/// What the journal's task is told.
enum Message {
    Unit(Box<Waiting>),
    Close,
}

impl Journal {
    /// Begins to write to `db`, as one chain of the trail; ends when closed or when the last
    /// clone is gone. No access token lives longer than `token_lifetime`.
    pub(crate) fn start(
        db: Db,
        chain: Chain,
        revocations: Copied,
        token_lifetime: Lifetime,
    ) -> Self {
        let (sender, queue) = mpsc::channel(QUEUE);
        tokio::spawn(
            Writer { db, queue, chain, revocations, token_lifetime, meters: Meters::new() }.run(),
        );
        Self { queue: sender }
    }

    /// Does `unit` durably, together with others that wait at the same time.
    ///
    /// `Busy` means that nothing was written; after `Away` a lost answer to the commit may still
    /// have been a yes, so an act that happens once must not be offered again as new.
    /// Dropping the future takes nothing back: the act and its trail are still written.
    pub async fn commit(&self, unit: Unit) -> Result<Outcome, StoreError> {
        let solo = unit.act.is_solo();
        let (answer, mut answered) = oneshot::channel();
        let turn = Arc::new(Turn::default());
        let waiting = Waiting { unit, answer, turn: turn.clone(), since: Instant::now() };
        self.queue.try_send(Message::Unit(Box::new(waiting))).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })?;
        if let Ok(answer) = tokio::time::timeout(PATIENCE, &mut answered).await {
            return answer.unwrap_or(Err(StoreError::Closed));
        }
        if turn.give_up() {
            return Err(StoreError::Busy);
        }
        if solo {
            return answered.await.unwrap_or(Err(StoreError::Closed));
        }
        match tokio::time::timeout(ANSWER.saturating_sub(PATIENCE), answered).await {
            Ok(answer) => answer.unwrap_or(Err(StoreError::Closed)),
            Err(_) => Err(StoreError::Away {
                doing: "waiting for a commit",
                source: Arc::new(EngineError::late()),
            }),
        }
    }

    /// Whether units are taken at all: not so once it is closed or its task has died.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.queue.is_closed()
    }

    /// Takes no more units, and returns once all that waited are written and answered.
    pub async fn close(&self) {
        if self.queue.send(Message::Close).await.is_ok() {
            self.queue.closed().await;
        }
    }
}

/// A unit in the queue.
pub(crate) struct Waiting {
    pub(crate) unit: Unit,
    pub(crate) answer: oneshot::Sender<Result<Outcome, StoreError>>,
    pub(crate) turn: Arc<Turn>,
    pub(crate) since: Instant,
}

/// Decides between the journal, which takes a unit, and the caller, who gives it up.
#[derive(Debug, Default)]
pub(crate) struct Turn(AtomicU8);

impl Turn {
    const TAKEN: u8 = 1;
    const GIVEN_UP: u8 = 2;

    /// The journal takes the unit, unless the caller has given up.
    pub(crate) fn take(&self) -> bool {
        self.0.compare_exchange(0, Self::TAKEN, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// The caller gives up, unless the journal has taken the unit.
    fn give_up(&self) -> bool {
        self.0.compare_exchange(0, Self::GIVEN_UP, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}
