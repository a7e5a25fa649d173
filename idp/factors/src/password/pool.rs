//! Dedicated threads for hashing, each with memory that it keeps, behind a queue that sheds load.
//!
//! Argon2id fills 19 MiB a hash: on the threads that serve requests it would delay everybody else.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{io, thread};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::oneshot;

use super::cost::HashCost;
use super::hasher::HashError;

/// The most jobs that may wait, whatever they are expected to cost: bounds the queue's memory.
const MAX_WAITING: usize = 1_024;
/// A thread without work for so long gives its memory back.
const IDLE: Duration = Duration::from_mins(1);
/// What a caller is told to wait at most.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(30);

/// The threads and the queue before them. Dropping it ends the threads after their present job.
pub(super) struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    threads: u32,
    max_wait: Duration,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Job>,
    /// Moving average of what a job takes; zero until the first is done.
    typical: Duration,
    closed: bool,
}

struct Job {
    since: Instant,
    run: Run,
}

/// Called once: with the bench to work at, or with the reason why nothing is done.
type Run = Box<dyn FnOnce(Result<&mut Bench, HashError>) + Send>;

impl Pool {
    /// Starts `threads` threads. No hashing memory is taken before the first job.
    pub(super) fn start(threads: u32, max_wait: Duration) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            changed: Condvar::new(),
            threads: threads.max(1),
            max_wait,
        });
        let pool = Self { shared };
        for number in 0..pool.shared.threads {
            let shared = Arc::clone(&pool.shared);
            thread::Builder::new().name(format!("hash-{number}")).spawn(move || shared.work())?;
        }
        Ok(pool)
    }

    /// Has `work` done by one of the threads.
    ///
    /// Fails with [`HashError::Busy`] at once when the queue is so long that the wait would exceed
    /// the bound, or later when the job has in fact waited longer.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Bench) -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let (answer, outcome) = oneshot::channel();
        self.shared.push(Box::new(move |bench| {
            // Nobody listens any more: the request was given up, so its work is not worth doing.
            if !answer.is_closed() {
                // A caller that leaves just now loses nothing.
                let _gone = answer.send(bench.and_then(work));
            }
        }))?;
        outcome.await.unwrap_or(Err(HashError::Stopped))
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut queue = self.shared.lock();
        queue.closed = true;
        queue.waiting.clear();
        drop(queue);
        self.shared.changed.notify_all();
    }
}

impl Shared {
    /// No code that can panic runs under this lock, so a poisoned queue is still a sound one.
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, run: Run) -> Result<(), HashError> {
        let mut queue = self.lock();
        if queue.waiting.len() >= MAX_WAITING || self.wait_for(&queue) > self.max_wait {
            return Err(self.busy(&queue));
        }
        queue.waiting.push_back(Job { since: Instant::now(), run });
        drop(queue);
        self.changed.notify_one();
        Ok(())
    }

    /// How long one more job would wait, as far as one can tell.
    fn wait_for(&self, queue: &Queue) -> Duration {
        let ahead = u32::try_from(queue.waiting.len()).unwrap_or(u32::MAX);
        queue.typical.saturating_mul(ahead) / self.threads
    }

    fn busy(&self, queue: &Queue) -> HashError {
        let seconds = self.wait_for(queue).as_secs() + 1;
        HashError::Busy { retry_after: Duration::from_secs(seconds).min(MAX_RETRY_AFTER) }
    }

    fn work(&self) {
        let mut bench = Bench::default();
        while let Some(job) = self.next(&mut bench) {
            if job.since.elapsed() > self.max_wait {
                let busy = self.busy(&self.lock());
                (job.run)(Err(busy));
                continue;
            }
            let begun = Instant::now();
            (job.run)(Ok(&mut bench));
            let took = begun.elapsed();
            let mut queue = self.lock();
            queue.typical = if queue.typical.is_zero() {
                took
            } else {
                (queue.typical.saturating_mul(7).saturating_add(took)) / 8
            };
        }
    }

    /// Waits for a job; `None` when the pool is gone.
    fn next(&self, bench: &mut Bench) -> Option<Job> {
        let mut queue = self.lock();
        loop {
            if queue.closed {
                return None;
            }
            if let Some(job) = queue.waiting.pop_front() {
                return Some(job);
            }
            let (woken, waited) =
                self.changed.wait_timeout(queue, IDLE).unwrap_or_else(PoisonError::into_inner);
            queue = woken;
            if waited.timed_out() && queue.waiting.is_empty() {
                *bench = Bench::default();
            }
        }
    }
}

/// One thread's hashing memory, kept from job to job: a fresh one costs a sixth more time.
///
/// It is not wiped between jobs. What stays in it tells no more than the stored hash does.
#[derive(Default)]
pub(super) struct Bench {
    blocks: Vec<Block>,
}

impl Bench {
    /// Argon2id of `password` and `salt` at `cost`, into `output`.
    pub(super) fn derive(
        &mut self,
        cost: HashCost,
        password: &[u8],
        salt: &[u8],
        output: &mut [u8],
    ) -> Result<(), HashError> {
        let params =
            Params::new(cost.memory_kib(), cost.passes(), cost.lanes(), Some(output.len()))
                .map_err(HashError::Argon2)?;
        if self.blocks.len() < params.block_count() {
            self.blocks.resize(params.block_count(), Block::default());
        }
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(password, salt, output, &mut self.blocks)
            .map_err(HashError::Argon2)
    }
}

#[cfg(test)]
mod tests;
