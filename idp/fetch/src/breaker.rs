//! A circuit breaker: leaves a peer alone that failed repeatedly, and probes it now and then.
//!
//! Judges counts and instants alone; what counts as a failure is the caller's word.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// So many failures in a row open the circuit.
const FAILURES_TO_OPEN: u32 = 5;
/// The first pause of an open circuit; each failed probe doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause of an open circuit.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// The standing of one peer.
#[derive(Debug, Default)]
pub(crate) struct Breaker(Mutex<State>);

#[derive(Debug, Clone, Copy)]
enum State {
    /// Requests pass; so many have failed in a row.
    Closed { failures: u32 },
    /// No request passes until then.
    Open { until: Instant, pause: Duration },
    /// One request is out to see whether the peer is back.
    Probing { since: Instant, pause: Duration },
}

impl Default for State {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

/// Leave to send one request. Dropped without a report, it says nothing about the peer.
#[derive(Debug)]
pub(crate) struct Pass {
    breaker: Arc<Breaker>,
    probe: bool,
}

/// What a report changed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The circuit opened.
    Opened,
    /// The circuit closed again.
    Closed,
}

impl Breaker {
    /// Lets a request through, or says how long to wait.
    pub(crate) fn admit(self: &Arc<Self>, now: Instant) -> Result<Pass, Duration> {
        let mut state = self.state();
        let probe = match *state {
            State::Closed { .. } => false,
            State::Open { until, .. } if now < until => return Err(until - now),
            State::Open { pause, .. } => {
                *state = State::Probing { since: now, pause };
                true
            }
            State::Probing { pause, .. } => return Err(pause),
        };
        drop(state);
        Ok(Pass { breaker: Arc::clone(self), probe })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock, and a state is whole at every instant.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass {
    /// The peer answered.
    pub(crate) fn succeeded(self) -> Option<Change> {
        let mut state = self.breaker.state();
        match *state {
            State::Closed { .. } => {
                *state = State::Closed { failures: 0 };
                None
            }
            State::Probing { .. } if self.probe => {
                *state = State::Closed { failures: 0 };
                Some(Change::Closed)
            }
            // An answer to a request sent before the circuit opened; the probe decides.
            State::Open { .. } | State::Probing { .. } => None,
        }
    }

    /// The peer failed.
    pub(crate) fn failed(self, now: Instant) -> Option<Change> {
        let mut state = self.breaker.state();
        match *state {
            State::Closed { failures } if failures + 1 < FAILURES_TO_OPEN => {
                *state = State::Closed { failures: failures + 1 };
                None
            }
            State::Closed { .. } => {
                *state = State::Open { until: now + FIRST_PAUSE, pause: FIRST_PAUSE };
                Some(Change::Opened)
            }
            State::Probing { pause, .. } if self.probe => {
                let pause = (pause * 2).min(LONGEST_PAUSE);
                *state = State::Open { until: now + pause, pause };
                None
            }
            State::Open { .. } | State::Probing { .. } => None,
        }
    }
}

impl Drop for Pass {
    /// A probe that was called off leaves the next caller free to probe.
    fn drop(&mut self) {
        if !self.probe {
            return;
        }
        let mut state = self.breaker.state();
        if let State::Probing { since, pause } = *state {
            *state = State::Open { until: since, pause };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(now: Instant) -> Arc<Breaker> {
        let breaker = Arc::new(Breaker::default());
        for turn in 1..=FAILURES_TO_OPEN {
            let change = breaker.admit(now).unwrap().failed(now);
            assert_eq!(change.is_some(), turn == FAILURES_TO_OPEN);
        }
        breaker
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_one_success_between_does_not() {
        let now = Instant::now();
        let breaker = Arc::new(Breaker::default());
        for _ in 0..3 {
            for _ in 0..4 {
                assert_eq!(breaker.admit(now).unwrap().failed(now), None);
            }
            breaker.admit(now).unwrap().succeeded();
        }
        assert!(breaker.admit(now).is_ok());
        assert_eq!(opened(now).admit(now).unwrap_err(), FIRST_PAUSE);
    }

    #[test]
    fn after_the_pause_one_probe_passes_and_its_success_closes() {
        let now = Instant::now();
        let breaker = opened(now);
        let later = now + FIRST_PAUSE;
        let probe = breaker.admit(later).unwrap();
        assert!(breaker.admit(later).is_err(), "one probe at a time");
        assert_eq!(probe.succeeded(), Some(Change::Closed));
        assert!(breaker.admit(later).is_ok());
    }

    #[test]
    fn each_failed_probe_doubles_the_pause_up_to_a_minute() {
        let mut now = Instant::now();
        let breaker = opened(now);
        let mut pauses = Vec::new();
        for _ in 0..8 {
            let pause = breaker.admit(now).unwrap_err();
            pauses.push(pause.as_secs());
            now += pause;
            breaker.admit(now).unwrap().failed(now);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
    }

    #[test]
    fn a_probe_that_was_called_off_leaves_room_for_the_next() {
        let now = Instant::now();
        let breaker = opened(now);
        let later = now + FIRST_PAUSE;
        drop(breaker.admit(later).unwrap());
        assert!(breaker.admit(later).is_ok());
    }

    #[test]
    fn a_late_report_does_not_decide_for_the_probe() {
        let now = Instant::now();
        let breaker = Arc::new(Breaker::default());
        let (early, other) = (breaker.admit(now).unwrap(), breaker.admit(now).unwrap());
        for _ in 0..FAILURES_TO_OPEN {
            breaker.admit(now).unwrap().failed(now);
        }
        assert_eq!(early.succeeded(), None);
        assert!(breaker.admit(now).is_err(), "still open");
        let later = now + FIRST_PAUSE;
        let probe = breaker.admit(later).unwrap();
        other.failed(later);
        assert_eq!(probe.succeeded(), Some(Change::Closed));
    }
}
