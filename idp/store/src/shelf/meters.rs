//! What the shelf counts: verbs by outcome, evictions by kind, whether Redis is there. Labels come
//! from closed sets only.

use metrics::{Counter, counter};

use super::error::ShelfError;
use super::key::Kind;
use super::verbs::{Answer, Name};

/// The counters of one shelf, looked up once: build a shelf after the recorder is installed.
pub(super) struct Meters {
    verbs: Vec<Outcomes>,
}

struct Outcomes {
    done: Counter,
    missed: Counter,
    away: Counter,
    refused: Counter,
}

impl Meters {
    pub(super) fn new() -> Self {
        let outcome = |name: Name, outcome: &'static str| counter!("idp_shelf_verbs_total", "verb" => name.label(), "outcome" => outcome);
        let verbs = Name::ALL.map(|name| Outcomes {
            done: outcome(name, "done"),
            missed: outcome(name, "missed"),
            away: outcome(name, "away"),
            refused: outcome(name, "refused"),
        });
        Self { verbs: verbs.into() }
    }

    pub(super) fn count(&self, name: Name, result: &Result<Answer, ShelfError>) {
        let Some(outcomes) = self.verbs.get(name as usize) else { return };
        match result {
            Ok(answer) if answer.hit() => outcomes.done.increment(1),
            Ok(_) => outcomes.missed.increment(1),
            Err(ShelfError::Away { .. }) => outcomes.away.increment(1),
            Err(_) => outcomes.refused.increment(1),
        }
    }
}

/// Counts a value that had to make room before its time was up.
pub(super) fn count_eviction(kind: Kind) {
    counter!("idp_shelf_evictions_total", "kind" => kind.name()).increment(1);
}

/// Counts a value that lay there but could not be read; `why` is from a closed set.
pub(super) fn count_unreadable(kind: Kind, why: &'static str) {
    counter!("idp_shelf_unreadable_total", "kind" => kind.name(), "why" => why).increment(1);
}

/// Says whether Redis is there.
pub(super) fn set_up(up: bool) {
    metrics::gauge!("idp_shelf_up").set(if up { 1.0 } else { 0.0 });
}
