//! The closed loop: so many virtual users, each doing one operation after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::accounting;
use crate::browser::Browser;
use crate::operation::Operation;

const WARMING: u8 = 0;
const MEASURING: u8 = 1;
const OVER: u8 = 2;

/// What one window of measurement showed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Measured {
    /// Virtual users at once.
    pub(crate) connections: usize,
    /// Operations that were finished.
    pub(crate) operations: usize,
    /// Operations a second.
    pub(crate) per_second: f64,
    /// The time that half of them took at most, in milliseconds.
    pub(crate) p50_ms: f64,
    /// The time that 99 of 100 took at most, in milliseconds.
    pub(crate) p99_ms: f64,
    /// The server's processor time for one, user and system, in microseconds.
    pub(crate) cpu_us: f64,
    /// The server's resident memory after it, in MiB.
    pub(crate) resident_mib: f64,
    /// The part of the server's processor that others took.
    pub(crate) disturbed: f64,
}

/// Lets every one of `browsers` do `operation` over and over for `window`, after a warm-up of a
/// fifth of it, against the server `pid`.
pub(crate) async fn run(
    operation: Operation,
    browsers: Vec<Browser>,
    window: Duration,
    pid: u32,
) -> Result<(Measured, Vec<Browser>)> {
    let phase = Arc::new(AtomicU8::new(WARMING));
    let connections = browsers.len();
    let users: Vec<_> = browsers
        .into_iter()
        .map(|browser| tokio::spawn(user(operation, browser, Arc::clone(&phase))))
        .collect();
    tokio::time::sleep(window / 5).await;
    let (cpu, processor) = (accounting::cpu(pid)?, accounting::first_processor()?);
    let begun = Instant::now();
    phase.store(MEASURING, Ordering::Relaxed);
    tokio::time::sleep(window).await;
    phase.store(OVER, Ordering::Relaxed);
    let wall = begun.elapsed().as_secs_f64();
    let used = micros(accounting::cpu(pid)?.saturating_sub(cpu));
    let busy = micros(accounting::first_processor()?.saturating_sub(processor));
    let resident_mib = accounting::resident(pid)?;

    let (mut times, mut browsers) = (Vec::new(), Vec::new());
    for user in users {
        let (browser, mut took) = user.await?.with_context(|| operation.name())?;
        times.append(&mut took);
        browsers.push(browser);
    }
    times.sort_unstable();
    let operations = times.len();
    let per_second = count(operations) / wall;
    let measured = Measured {
        connections,
        operations,
        per_second,
        p50_ms: at(&times, 50),
        p99_ms: at(&times, 99),
        cpu_us: used / count(operations).max(1.0),
        resident_mib,
        disturbed: ((busy - used) / (wall * 1e6)).max(0.0),
    };
    Ok((measured, browsers))
}

/// One virtual user, until it is over. What was begun before is finished, and not counted.
async fn user(
    operation: Operation,
    mut browser: Browser,
    phase: Arc<AtomicU8>,
) -> Result<(Browser, Vec<Duration>)> {
    let mut times = Vec::new();
    while phase.load(Ordering::Relaxed) != OVER {
        let begun = Instant::now();
        operation.once(&mut browser).await?;
        if phase.load(Ordering::Relaxed) == MEASURING {
            times.push(begun.elapsed());
        }
    }
    Ok((browser, times))
}

/// The time in milliseconds that `percent` of the sorted `times` do not exceed.
fn at(times: &[Duration], percent: usize) -> f64 {
    let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

#[expect(clippy::cast_precision_loss, reason = "2^53 µs are 285 years")]
fn micros(time: u64) -> f64 {
    time as f64
}

#[expect(clippy::cast_precision_loss, reason = "nobody counts to 2^53 in a minute")]
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::{Duration, at};

    #[test]
    fn a_percentile_is_one_of_the_times() {
        let times: Vec<_> = (1..=100).map(Duration::from_millis).collect();
        let shown = |times: &[Duration], percent| format!("{:.0}", at(times, percent));
        assert_eq!((shown(&times, 50), shown(&times, 99)), ("51".to_owned(), "100".to_owned()));
        assert_eq!((shown(&times[..1], 99), shown(&[], 99)), ("1".to_owned(), "0".to_owned()));
    }
}
