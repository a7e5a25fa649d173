//! The one task that writes: takes what waits, does it in one transaction, answers.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use idp_domain::{AuditEvent, Lifetime, Timestamp};
use tokio::{sync::mpsc, time::timeout};

use super::{
    Message, PATIENCE, Trail, Waiting,
    batch::{self, Done},
    meters::Meters,
};
use crate::{
    audit::{Alert, Chain},
    db::{Db, Lease, Meaning, explain},
    error::{EngineError, StoreError},
    revocations::Copied,
};

/// Units that share a transaction at most: enough for the throughput, few enough that one commit
/// stays short.
const BATCH: usize = 128;

/// Units that are kept for a later transaction because they touch what another one touches.
const KEPT: usize = 256;

/// Units that may wait.
pub(super) const QUEUE: usize = 1_024;

/// How long a transaction may take before its connection is given up.
const GIVE_UP: Duration = Duration::from_secs(5);

/// The same for acts that are about the whole federation.
const GIVE_UP_SOLO: Duration = Duration::from_mins(2);

/// How often a batch is repeated that another node's transaction stood in the way of.
const REPEATS: usize = 3;

/// Why a transaction did not come about.
pub(crate) enum WriteError {
    /// A statement failed.
    Sql(sqlx::Error),
    /// A row or an event was not what it should be.
    Store(StoreError),
}

impl From<sqlx::Error> for WriteError {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for WriteError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What became of an attempt that failed.
struct Failure {
    error: StoreError,
    /// What to do about it.
    remedy: Remedy,
}

enum Remedy {
    /// Nothing: everybody is told.
    None,
    /// Another transaction was in the way; the same may work now.
    Repeat,
    /// One of the units cannot be done; each is tried by itself.
    Divide,
}

pub(super) struct Writer {
    pub(super) db: Db,
    pub(super) queue: mpsc::Receiver<Message>,
    pub(super) chain: Chain,
    pub(super) revocations: Copied,
    pub(super) token_lifetime: Lifetime,
    pub(super) meters: Meters,
}

impl Writer {
    /// Writes until the journal is closed and everything that waited is answered.
    pub(super) async fn run(mut self) {
        let mut waiting = VecDeque::with_capacity(BATCH);
        loop {
            if waiting.is_empty() {
                match self.queue.recv().await {
                    Some(message) => self.receive(message, &mut waiting),
                    None => return,
                }
                // Those who were answered together come back one after the other: let them.
                tokio::task::yield_now().await;
            }
            // As many as a transaction takes, whatever is kept from the last one.
            for _ in 0..BATCH {
                let Ok(message) = self.queue.try_recv() else { break };
                self.receive(message, &mut waiting);
            }
            let batch = choose(&mut waiting);
            if !batch.is_empty() {
                self.write(batch).await;
            }
        }
    }

    fn receive(&mut self, message: Message, waiting: &mut VecDeque<Waiting>) {
        match message {
            Message::Unit(unit) => waiting.push_back(*unit),
            Message::Close => self.queue.close(),
        }
    }

    /// Writes a batch, and answers each of its units.
    async fn write(&mut self, batch: Vec<Waiting>) {
        match self.attempt_again(&batch).await {
            Ok(done) => answer(batch, done),
            Err(Failure { remedy: Remedy::Divide, .. }) if batch.len() > 1 => {
                for unit in batch {
                    let unit = vec![unit];
                    match self.attempt_again(&unit).await {
                        Ok(done) => answer(unit, done),
                        Err(failure) => refuse(unit, &failure.error),
                    }
                }
            }
            Err(failure) => refuse(batch, &failure.error),
        }
    }

    async fn attempt_again(&mut self, batch: &[Waiting]) -> Result<Done, Failure> {
        let mut repeats = 0;
        loop {
            let began = Instant::now();
            let answer = self.attempt(batch).await;
            self.meters.count(batch.len(), began.elapsed(), answer.is_ok());
            match answer {
                Err(Failure { remedy: Remedy::Repeat, .. }) if repeats < REPEATS => repeats += 1,
                answer => return answer,
            }
        }
    }

    /// One transaction over all of `batch`, and what other nodes and the chain must know of it.
    async fn attempt(&mut self, batch: &[Waiting]) -> Result<Done, Failure> {
        let solo = batch.iter().any(|waiting| waiting.unit.act.is_solo());
        let limit = if solo { GIVE_UP_SOLO } else { GIVE_UP };
        let mut chain = self.chain.clone();
        let db = self.db.clone();
        let transaction = transaction(&db, batch, &mut chain, self.token_lifetime);
        let answer = match timeout(limit, transaction).await {
            Ok(answer) => answer,
            Err(_) => Err(Ended::Unknown(StoreError::Away {
                doing: "committing",
                source: Arc::new(EngineError::late()),
            })),
        };
        match answer {
            Ok(mut done) => {
                self.chain = chain;
                self.revocations.add(std::mem::take(&mut done.revoked));
                done.alerts.iter().for_each(Alert::sound);
                Ok(done)
            }
            Err(Ended::Before(failure)) => Err(failure),
            Err(Ended::Unknown(error)) => {
                // Rows of this chain may be there or not, so nothing can be appended to it.
                match self.chain.renew(latest(batch)) {
                    Ok(renewed) => self.chain = renewed,
                    Err(error) => tracing::error!(%error, "no new chain for the trail"),
                }
                tracing::warn!(
                    error.slug = error.slug(),
                    units = batch.len(),
                    "a commit was not answered; the trail goes on in a new chain"
                );
                Err(Failure { error, remedy: Remedy::None })
            }
        }
    }
}

/// How a transaction ended that was not committed for certain.
enum Ended {
    /// Nothing was written.
    Before(Failure),
    /// The answer to the commit was lost.
    Unknown(StoreError),
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Before(failure)
    }
}

async fn transaction(
    db: &Db,
    batch: &[Waiting],
    chain: &mut Chain,
    token_lifetime: Lifetime,
) -> Result<Done, Ended> {
    let mut lease = begin(db).await?;
    let conn = lease.unsettle();
    let done = match batch::apply(conn, batch, chain, token_lifetime).await {
        Ok(done) => done,
        Err(error) => {
            let failure = Failure::of(error);
            take_back(&mut lease).await;
            return Err(failure.into());
        }
    };
    match conn.commit().await {
        Ok(()) => {
            lease.settle();
            Ok(done)
        }
        Err(error) if Meaning::of(&error) == Meaning::Away => {
            Err(Ended::Unknown(explain("committing", error)))
        }
        Err(error) => {
            take_back(&mut lease).await;
            Err(Failure::of(error.into()).into())
        }
    }
}

/// Begins a transaction; once more on a fresh connection if a kept one broke.
async fn begin(db: &Db) -> Result<Lease<'_>, Failure> {
    loop {
        let mut lease =
            db.writer().await.map_err(|error| Failure { error, remedy: Remedy::None })?;
        match lease.unsettle().begin().await {
            Ok(()) => return Ok(lease),
            Err(error) if Meaning::of(&error) == Meaning::Away && lease.was_kept() => {}
            Err(error) => {
                if Meaning::of(&error) == Meaning::Busy {
                    lease.settle();
                }
                return Err(Failure { error: explain("beginning", error), remedy: Remedy::None });
            }
        }
    }
}

/// Takes the transaction back; a connection that cannot do that is given up.
async fn take_back(lease: &mut Lease<'_>) {
    if lease.unsettle().rollback().await.is_ok() {
        lease.settle();
    }
}

impl Failure {
    fn of(error: WriteError) -> Self {
        match error {
            WriteError::Store(error) => Self { error, remedy: Remedy::Divide },
            WriteError::Sql(error) => {
                let remedy = match Meaning::of(&error) {
                    Meaning::Away | Meaning::Busy => Remedy::None,
                    Meaning::Clash => Remedy::Repeat,
                    Meaning::Rejected => Remedy::Divide,
                };
                Self { error: explain("writing", error), remedy }
            }
        }
    }
}

/// The units of the next transaction. Of several that touch the same thing, the later ones keep
/// waiting, so that each is judged by what the one before it left; but only so many, lest a flood
/// of one thing stands in everybody's way.
fn choose(waiting: &mut VecDeque<Waiting>) -> Vec<Waiting> {
    let mut batch = Vec::with_capacity(waiting.len().min(BATCH));
    let mut touched = HashSet::with_capacity(waiting.len());
    let mut later = VecDeque::new();
    while batch.len() < BATCH
        && let Some(next) = waiting.pop_front()
    {
        let solo = next.unit.act.is_solo();
        let thing = next.unit.act.touches();
        let clashes = thing.is_some_and(|thing| touched.contains(&thing));
        let in_time = next.since.elapsed() <= PATIENCE;
        if in_time && (clashes && later.len() < KEPT || solo && !batch.is_empty()) {
            later.push_back(next);
        } else if in_time && !clashes && next.turn.take() {
            touched.extend(thing);
            batch.push(next);
            if solo {
                break;
            }
        } else {
            // Nobody listens if the caller has given up.
            let _ = next.answer.send(Err(StoreError::Busy));
        }
    }
    later.append(waiting);
    *waiting = later;
    batch
}

fn answer(batch: Vec<Waiting>, done: Done) {
    for (waiting, outcome) in batch.into_iter().zip(done.outcomes) {
        // A caller that went away does not need the answer; what it asked for is done.
        let _ = waiting.answer.send(Ok(outcome));
    }
}

fn refuse(batch: Vec<Waiting>, error: &StoreError) {
    for waiting in batch {
        let _ = waiting.answer.send(Err(error.clone()));
    }
}

/// The latest instant that the batch knows of.
fn latest(batch: &[Waiting]) -> Timestamp {
    let events = batch.iter().flat_map(|waiting| match &waiting.unit.trail {
        Trail::Always(events) => events.as_slice(),
        Trail::Told(_) => &[],
    });
    events.map(|event: &AuditEvent| event.at).max().unwrap_or_default()
}
