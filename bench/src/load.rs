//! The closed loop: so many virtual users, each doing one operation after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde::Serialize;
use tokio::sync::Notify;

use crate::accounting;
use crate::browser::Browser;
use crate::operation::Operation;

const WARMING: u8 = 0;
const MEASURING: u8 = 1;
const OVER: u8 = 2;
/// As much is made ahead of time at most: a window ends early rather than filling the memory.
const MOST_AHEAD: f64 = 20_000.0;

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
/// fifth of it, against the server `pid`. The window ends early where somebody has used up what
/// was made ahead of time.
pub(crate) async fn run(
    operation: Operation,
    browsers: Vec<Browser>,
    window: Duration,
    pid: u32,
) -> Result<(Measured, Vec<Browser>)> {
    let connections = browsers.len();
    let browsers = prepare(operation, browsers, window).await?;
    let phase = Arc::new(Phase { now: AtomicU8::new(WARMING), used_up: Notify::new() });
    let users: Vec<_> = browsers
        .into_iter()
        .map(|browser| tokio::spawn(user(operation, browser, Arc::clone(&phase))))
        .collect();
    tokio::time::sleep(window / 5).await;
    let (cpu, processor) = (accounting::cpu(pid)?, accounting::first_processor()?);
    let begun = Instant::now();
    let warm = phase.now.compare_exchange(WARMING, MEASURING, Ordering::Relaxed, Ordering::Relaxed);
    // Whether it ends by the clock or before, it ends.
    let _ = tokio::time::timeout(window, phase.used_up.notified()).await;
    phase.now.store(OVER, Ordering::Relaxed);
    let wall = begun.elapsed().as_secs_f64();
    let used = micros(accounting::cpu(pid)?.saturating_sub(cpu));
    let busy = micros(accounting::first_processor()?.saturating_sub(processor));
    let resident_mib = accounting::resident(pid)?;

    let (mut times, mut browsers) = (Vec::new(), Vec::new());
    for user in users {
        let (mut browser, mut took) = user.await?.with_context(|| operation.name())?;
        times.append(&mut took);
        browser.ahead.clear();
        browsers.push(browser);
    }
    ensure!(warm.is_ok(), "{}: all was used up before anything was measured", operation.name());
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

/// Where a run is, for all its users.
struct Phase {
    now: AtomicU8,
    /// Somebody has nothing left that was made ahead of time.
    used_up: Notify,
}

/// Makes ahead of time what `window` and its warm-up can take.
async fn prepare(
    operation: Operation,
    browsers: Vec<Browser>,
    window: Duration,
) -> Result<Vec<Browser>> {
    let Some(rate) = operation.made_ahead(browsers.len()) else { return Ok(browsers) };
    let all = (count(rate) * window.as_secs_f64() * 1.3).min(MOST_AHEAD);
    let each = whole(all / count(browsers.len())) + 1;
    let busy = browsers.into_iter().map(|mut browser| {
        tokio::spawn(async move {
            operation.prepare(&mut browser, each).await?;
            anyhow::Ok(browser)
        })
    });
    let mut ready = Vec::new();
    for browser in busy.collect::<Vec<_>>() {
        ready.push(browser.await?.with_context(|| operation.name())?);
    }
    Ok(ready)
}

/// One virtual user, until it is over. What was begun before is finished, and not counted.
async fn user(
    operation: Operation,
    mut browser: Browser,
    phase: Arc<Phase>,
) -> Result<(Browser, Vec<Duration>)> {
    let mut times = Vec::new();
    let needs = operation.made_ahead(1).is_some();
    while phase.now.load(Ordering::Relaxed) != OVER {
        if needs && browser.ahead.is_empty() {
            phase.now.store(OVER, Ordering::Relaxed);
            phase.used_up.notify_one();
            break;
        }
        let begun = Instant::now();
        operation.once(&mut browser).await?;
        if phase.now.load(Ordering::Relaxed) == MEASURING {
            times.push(begun.elapsed());
        }
    }
    Ok((browser, times))
}

/// The time in milliseconds that `percent` of the sorted `times` do not exceed.
pub(crate) fn at(times: &[Duration], percent: usize) -> f64 {
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

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between nothing and tens of thousands"
)]
fn whole(number: f64) -> usize {
    number as usize
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
