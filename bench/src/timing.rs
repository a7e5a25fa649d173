//! Whether the time of an answer tells who has an account: wrong passwords for a name that is
//! known and for one that is not, in turns, and Welch's t between the two.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, ensure};
use serde::Serialize;

use crate::browser::Browser;
use crate::node::{self, Plan, USERNAME};
use crate::options::Options;
use crate::run::say;
use crate::saml::Keys;

/// Answers a side: as many as the catalogue of attacks wants.
const SAMPLES: usize = 2_000;
/// Answers that are thrown away: the hasher's memory is touched for the first time.
const WARM_UP: usize = 50;
/// What |t| may be: one run in a hundred thousand is above it by chance.
pub(crate) const LIMIT: f64 = 4.5;
/// A name of nobody, as long as the known one: the page shows what was typed.
const NOBODY: &str = "eva";

/// What was found.
#[derive(Serialize)]
pub(crate) struct Timing {
    /// Wrong passwords for a known name.
    pub(crate) known: Side,
    /// Wrong passwords for an unknown name.
    pub(crate) unknown: Side,
    /// Welch's t between the two.
    pub(crate) t: f64,
}

/// One side of the comparison, in microseconds.
#[derive(Serialize)]
pub(crate) struct Side {
    pub(crate) samples: usize,
    pub(crate) mean_us: f64,
    pub(crate) deviation_us: f64,
}

/// Measures on a node of its own, with its database in a file and its shelf in memory.
pub(crate) async fn measure(options: &Options, keys: &Arc<Keys>) -> Result<Timing> {
    say("whether time tells who has an account");
    let plan = Plan::write(options, "timing", None, None).await?;
    plan.apply(&node::federation(1, 1)).await?;
    let server = plan.serve().await?;
    let mut browser = Browser::new(server.port, keys);
    let form = browser.password_form().await?;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let mut length = None;
    for round in 0..WARM_UP + SAMPLES {
        // The order changes, so that neither side always comes after the other.
        let names = if round % 2 == 0 { [USERNAME, NOBODY] } else { [NOBODY, USERNAME] };
        for name in names {
            let fields = format!("username={name}&password=not-the-password-{round:05}");
            let begun = Instant::now();
            let answer = browser.try_password(&form, fields).await?;
            let took = begun.elapsed().as_secs_f64() * 1e6;
            // The answers must not be told apart by anything else either.
            let bytes = (answer.status, answer.body.len());
            ensure!(answer.status == 200, "an attempt was answered {}", answer.status);
            ensure!(*length.get_or_insert(bytes) == bytes, "answers differ in length");
            if round >= WARM_UP {
                if name == USERNAME { &mut known } else { &mut unknown }.push(took);
            }
        }
    }
    server.end().await?;
    let (known, unknown) = (Side::of(&known), Side::of(&unknown));
    let t = welch(&known, &unknown);
    Ok(Timing { known, unknown, t })
}

impl Side {
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    fn of(samples: &[f64]) -> Self {
        let count = samples.len() as f64;
        let mean = samples.iter().sum::<f64>() / count;
        let squares = samples.iter().map(|sample| (sample - mean).powi(2)).sum::<f64>();
        let deviation_us = (squares / (count - 1.0)).sqrt();
        Self { samples: samples.len(), mean_us: mean, deviation_us }
    }
}

/// The difference of two means in units of its own deviation.
#[expect(clippy::cast_precision_loss, reason = "a few thousand")]
fn welch(a: &Side, b: &Side) -> f64 {
    let variance = |side: &Side| side.deviation_us.powi(2) / side.samples as f64;
    (a.mean_us - b.mean_us) / (variance(a) + variance(b)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{Side, welch};

    #[test]
    fn t_is_welchs() {
        // Means 3 and 6, variances 2.5 and 10 of five each: -3 / sqrt(0.5 + 2).
        let a = Side::of(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        let b = Side::of(&[2.0, 4.0, 6.0, 8.0, 10.0]);
        assert!((welch(&a, &b) + 3.0 / 2.5_f64.sqrt()).abs() < 1e-12);
    }
}
