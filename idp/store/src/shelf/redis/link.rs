//! The link to Redis: one task keeps a connection, makes a new one when it breaks, and says how
//! things stand. Nobody waits for it longer than the first attempt takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, timeout_at};

use super::connect::{Connection, connect};
use super::place::{RedisPlace, Topology};
use super::sentinel::Watch;
use crate::shelf::meters::set_up;

const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// Sentinels are asked over connections that stand, so asking them often costs little, and the
/// wait for a new master is then little longer than its election.
const LONGEST_PAUSE_WITH_SENTINELS: Duration = Duration::from_millis(500);
/// How often a connection that stands is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// How the link stands.
#[derive(Clone)]
pub(super) enum State {
    /// For the first time, or again after a loss; the attempt has not ended yet.
    Connecting,
    Up(Up),
    /// The last attempt failed; others follow.
    Away(Arc<str>),
}

/// A connection, and which one it is.
#[derive(Clone)]
pub(super) struct Up {
    pub(super) connection: Connection,
    number: u64,
}

pub(super) struct Link {
    state: watch::Receiver<State>,
    losses: mpsc::Sender<u64>,
    task: AbortHandle,
}

impl Link {
    /// Starts connecting in the background. Must be called within a Tokio runtime.
    pub(super) fn start(place: RedisPlace) -> Self {
        let (publish, state) = watch::channel(State::Connecting);
        let (losses, lost) = mpsc::channel(16);
        let keeper = Keeper { place, publish, losses: losses.clone(), lost, pause: SHORTEST_PAUSE };
        let task = tokio::spawn(keeper.keep()).abort_handle();
        Self { state, losses, task }
    }

    pub(super) fn state(&self) -> State {
        self.state.borrow().clone()
    }

    /// The connection; waits for one until `deadline` only while the first attempt is under way.
    pub(super) async fn connection(&self, deadline: Instant) -> Result<Up, Arc<str>> {
        match &*self.state.borrow() {
            State::Up(up) => return Ok(up.clone()),
            State::Away(why) => return Err(Arc::clone(why)),
            State::Connecting => {}
        }
        self.settled(|state| !matches!(state, State::Connecting), deadline).await
    }

    /// Another connection than `old`, which turned out to be of no use.
    pub(super) async fn connection_after(
        &self,
        old: &Up,
        deadline: Instant,
    ) -> Result<Up, Arc<str>> {
        self.report_loss(old);
        let newer = |state: &State| matches!(state, State::Up(up) if up.number > old.number);
        self.settled(newer, deadline).await
    }

    /// Says that `up` is of no use any more.
    pub(super) fn report_loss(&self, up: &Up) {
        // A full channel holds the same news already.
        let _ = self.losses.try_send(up.number);
    }

    async fn settled(
        &self,
        enough: impl FnMut(&State) -> bool,
        deadline: Instant,
    ) -> Result<Up, Arc<str>> {
        let mut state = self.state.clone();
        match timeout_at(deadline, state.wait_for(enough)).await {
            Ok(Ok(state)) => match &*state {
                State::Up(up) => Ok(up.clone()),
                State::Away(why) => Err(Arc::clone(why)),
                State::Connecting => Err("connecting".into()),
            },
            Ok(Err(_closed)) => Err("shutting down".into()),
            Err(_elapsed) => Err("connecting took too long".into()),
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Keeper {
    place: RedisPlace,
    publish: watch::Sender<State>,
    losses: mpsc::Sender<u64>,
    lost: mpsc::Receiver<u64>,
    pause: Duration,
}

impl Keeper {
    async fn keep(mut self) {
        let mut watch = match &self.place.topology {
            Topology::Sentinels(sentinels) => Some(Watch::new(sentinels.clone())),
            Topology::Single(_) | Topology::Cluster(_) => None,
        };
        let numbers = AtomicU64::new(0);
        loop {
            let number = numbers.fetch_add(1, Ordering::Relaxed) + 1;
            let losses = self.losses.clone();
            let lost = move || _ = losses.try_send(number);
            match connect(&self.place, watch.as_mut(), lost).await {
                Ok(connection) => self.stand_by(Up { connection, number }, watch.as_mut()).await,
                Err(why) => self.away(why.into()),
            }
            self.rest().await;
        }
    }

    /// Publishes a connection, and returns when it is of no use any more.
    async fn stand_by(&mut self, mut up: Up, mut watch: Option<&mut Watch>) {
        tracing::info!("Redis is there.");
        set_up(true);
        self.publish.send_replace(State::Up(up.clone()));
        loop {
            tokio::select! {
                // The sender lives in `self`, so this ends only with a number.
                Some(number) = self.lost.recv() => {
                    if number == up.number {
                        break;
                    }
                }
                () = sleep(LOOK) => {
                    let moved = match watch.as_deref_mut() {
                        Some(watch) => watch.moved(&self.place).await,
                        None => false,
                    };
                    if moved || up.connection.answers().await.is_err() {
                        break;
                    }
                    // It held for a while: the next loss begins with a short pause again.
                    self.pause = SHORTEST_PAUSE;
                }
            }
        }
        tracing::warn!("Redis is lost; connecting again.");
        set_up(false);
        self.publish.send_replace(State::Connecting);
    }

    fn away(&self, why: Arc<str>) {
        let told = matches!(&*self.publish.borrow(), State::Away(known) if *known == why);
        if !told {
            tracing::warn!(why = &*why, "Redis is away; trying again until it is there.");
        }
        set_up(false);
        self.publish.send_replace(State::Away(why));
    }

    /// Waits a little, at random, so that nodes do not come back all at once.
    async fn rest(&mut self) {
        let mut byte = [0];
        // Without chance there is no jitter, and that is all.
        let _ = aws_lc_rs::rand::fill(&mut byte);
        let [chance] = byte;
        sleep(self.pause.mul_f64(0.5 + f64::from(chance) / 512.0)).await;
        let longest = match self.place.topology {
            Topology::Sentinels(_) => LONGEST_PAUSE_WITH_SENTINELS,
            Topology::Single(_) | Topology::Cluster(_) => LONGEST_PAUSE,
        };
        self.pause = (self.pause * 2).min(longest);
    }
}
