//! What the journal counts: units, the transactions that they share, and how long those take.

use std::time::Duration;

use metrics::{Counter, Histogram, counter, histogram};

/// The meters of one journal, looked up once: start it after the recorder is installed.
pub(super) struct Meters {
    written: Counter,
    failed: Counter,
    commits: Histogram,
}

impl Meters {
    pub(super) fn new() -> Self {
        Self {
            written: counter!("idp_journal_units_total", "outcome" => "written"),
            failed: counter!("idp_journal_units_total", "outcome" => "failed"),
            commits: histogram!("idp_journal_transaction_seconds"),
        }
    }

    /// Counts a transaction over `units` that took `time`.
    pub(super) fn count(&self, units: usize, time: Duration, committed: bool) {
        let counter = if committed { &self.written } else { &self.failed };
        counter.increment(u64::try_from(units).unwrap_or(u64::MAX));
        self.commits.record(time);
    }
}
