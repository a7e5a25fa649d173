//! Hostile messages of 64 KiB: what one costs a node, and what stays of thousands.

mod messages;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde::Serialize;

use super::{Keys, answer};
use crate::accounting;
use crate::browser::{Ahead, Browser, Jar};
use crate::node::Server;
use crate::run::say;
use messages::{Letter, letters};

/// Virtual users that send what is hostile at once.
const CROWD: usize = 16;
/// How often each sends everything.
const ROUNDS: usize = 20;
/// Logins that hostile answers come to, for one figure.
const LOGINS: usize = 60;
/// Answers that one login gets, each of them too early to be judged.
pub(crate) const ASIDE: usize = 500;
/// How long each of those is, in bytes.
const ASIDE_BYTES: usize = 45_000;
/// What a node may take to put things back.
const PAUSE: Duration = Duration::from_secs(1);

/// What hostile messages did to a node.
#[derive(Serialize)]
pub(crate) struct Siege {
    pub(crate) messages: Vec<Hostile>,
    /// How many were sent between the two figures that follow.
    pub(crate) sent: usize,
    /// The memory of a node that has only just started, in MiB.
    pub(crate) idle_mib: f64,
    /// The same after it has seen each message a few times from each of many browsers.
    pub(crate) resident_before_mib: f64,
    /// The same in the end.
    pub(crate) resident_after_mib: f64,
    /// The same after one login got many answers without its cookies, which are put aside.
    pub(crate) aside_mib: f64,
}

/// One kind of message.
#[derive(Serialize)]
pub(crate) struct Hostile {
    pub(crate) message: &'static str,
    pub(crate) door: &'static str,
    /// The status with which it is refused.
    pub(crate) answered: u16,
    /// The node's processor time for one, in microseconds.
    pub(crate) cpu_us: f64,
    /// How long the slowest of them took, in milliseconds.
    pub(crate) worst_ms: f64,
}

/// Sends all of them to a node that was just started, one kind after the other for `window` and then all at once.
pub(crate) async fn measure(server: &Server, keys: &Arc<Keys>, window: Duration) -> Result<Siege> {
    let letters = Arc::new(letters()?);
    let mut browser = Browser::new(server.port, keys);
    tokio::time::sleep(PAUSE).await;
    let idle_mib = accounting::resident(server.pid)?;
    flood(server, keys, &letters, 2).await?;
    tokio::time::sleep(PAUSE).await;
    let resident_before_mib = accounting::resident(server.pid)?;
    let (mut messages, mut sent) = (Vec::new(), 0);
    for letter in letters.iter() {
        say(&format!("hostile: {}", letter.name));
        messages.push(one_kind(&mut browser, server.pid, letter, window, &mut sent).await?);
    }
    sent += flood(server, keys, &letters, ROUNDS).await?;
    tokio::time::sleep(PAUSE).await;
    let resident_after_mib = accounting::resident(server.pid)?;
    put_aside(&mut browser).await?;
    tokio::time::sleep(PAUSE).await;
    let aside_mib = accounting::resident(server.pid)?;
    Ok(Siege { messages, sent, idle_mib, resident_before_mib, resident_after_mib, aside_mib })
}

/// Anybody may begin a login, and send it as many answers as they like.
async fn put_aside(browser: &mut Browser) -> Result<()> {
    let (question, _) = browser.begin().await?;
    let noise = format!("<a>{}</a>", "&#120;".repeat(ASIDE_BYTES / 6));
    let (path, form) = (question.path()?, answer::form(&question, &noise));
    for _ in 0..ASIDE {
        let ahead = Ahead { path: path.clone(), form: Some((form.clone(), Jar::default())) };
        let answered = browser.send(&ahead).await?;
        ensure!((300..500).contains(&answered), "put aside: answered {answered}");
    }
    Ok(())
}

async fn one_kind(
    browser: &mut Browser,
    pid: u32,
    letter: &Letter,
    window: Duration,
    sent: &mut usize,
) -> Result<Hostile> {
    let mut ready = Vec::new();
    for _ in 0..if letter.answers() { LOGINS } else { 1 } {
        ready.push(letter.addressed(browser).await?);
    }
    let (before, begun) = (accounting::cpu(pid)?, Instant::now());
    let (mut answered, mut worst, mut times) = (0, Duration::ZERO, 0_u32);
    for place in 0.. {
        // What answers a login can be sent once, anything else again and again.
        let over = if letter.answers() { place >= ready.len() } else { begun.elapsed() >= window };
        if over {
            break;
        }
        let Some(next) = ready.get(place % ready.len().max(1)) else { break };
        let start = Instant::now();
        answered = browser.send(next).await?;
        worst = worst.max(start.elapsed());
        ensure!((400..500).contains(&answered), "{}: answered {answered}", letter.name);
        times += 1;
    }
    *sent += usize::try_from(times)?;
    let used = u32::try_from(accounting::cpu(pid)?.saturating_sub(before))?;
    Ok(Hostile {
        message: letter.name,
        door: letter.door(),
        answered,
        cpu_us: f64::from(used) / f64::from(times.max(1)),
        worst_ms: worst.as_secs_f64() * 1e3,
    })
}

/// Sends every letter so many times from each of many browsers; how many that were.
async fn flood(
    server: &Server,
    keys: &Arc<Keys>,
    letters: &Arc<Vec<Letter>>,
    rounds: usize,
) -> Result<usize> {
    let port = server.port;
    let users = (0..CROWD).map(|_| {
        let (letters, mut browser) = (Arc::clone(letters), Browser::new(port, keys));
        tokio::spawn(async move {
            for _ in 0..rounds {
                for letter in letters.iter() {
                    let next = letter.addressed(&mut browser).await?;
                    let answered = browser.send(&next).await?;
                    ensure!((400..500).contains(&answered), "{}: {answered}", letter.name);
                }
            }
            anyhow::Ok(())
        })
    });
    for user in users.collect::<Vec<_>>() {
        user.await??;
    }
    Ok(CROWD * rounds * letters.len())
}
