//! A million sessions on one Redis: what each takes, what finding and listing cost among them, and
//! what everybody else notices while an agency's ten thousand are ended.

mod fill;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use http::header::AUTHORIZATION;
use serde::Serialize;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::connection::Connection;
use crate::load::{self, Measured};
use crate::node::{self, PARTY, PASSWORD, Plan, USERNAME};
use crate::operation::Operation;
use crate::options::Options;
use crate::run::{say, sign_in};
use crate::saml::Keys;
use fill::{Rows, Shelf};

/// Sessions that lie on the shelf and stand in the database.
const MANY: u32 = 1_000_000;
/// Sessions of the agency that is ended.
const AGENCY: u32 = 10_000;
/// That agency, and its source.
const FIELD: &str = "field";
/// Virtual users at once.
const USERS: usize = 16;
/// How often a list is asked for; a token may ask 300 times a minute.
const LISTS: usize = 100;
/// How often a browser looks whether its session is over.
const LOOK: Duration = Duration::from_millis(10);

/// Bytes in Redis that a session may take.
pub(crate) const BYTES: f64 = 600.0;
/// What an operation among a million sessions may cost, beside the same among few.
pub(crate) const GROWTH: f64 = 1.05;
/// Seconds in which an agency's sessions have to be ended.
pub(crate) const ENDED_S: f64 = 5.0;
/// Milliseconds in which that has to be in force on every node.
pub(crate) const IN_FORCE_MS: f64 = 1_000.0;

/// What was found.
#[derive(Serialize)]
pub(crate) struct Million {
    pub(crate) sessions: u32,
    /// A sealed value, without its key.
    pub(crate) value_bytes: f64,
    /// What Redis needs for one, key and bookkeeping included.
    pub(crate) redis_bytes: f64,
    /// What PostgreSQL needs for one: its row, one participant, and their indexes.
    pub(crate) database_bytes: f64,
    /// One look-up by the driver, over the whole wire.
    pub(crate) lookup_us: f64,
    /// Code flows with a session, before the others were there.
    pub(crate) among_few: Measured,
    /// The same among them.
    pub(crate) among_many: Measured,
    /// A page of a person's sessions, by the administration API.
    pub(crate) person: Spread,
    /// A page of an agency's.
    pub(crate) agency: Spread,
    pub(crate) ending: Ending,
}

/// Times in milliseconds.
#[derive(Serialize)]
pub(crate) struct Spread {
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

/// The end of an agency's sessions, while others go on.
#[derive(Serialize)]
pub(crate) struct Ending {
    pub(crate) sessions: u64,
    pub(crate) grants: u64,
    /// Until a browser of the agency was refused at the other node.
    pub(crate) in_force_ms: f64,
    /// Until the last row was written.
    pub(crate) rows_s: f64,
    /// Redis's commands that took longer than 10 ms.
    pub(crate) slow_commands: u64,
    /// Code flows of others meanwhile.
    pub(crate) meanwhile: Measured,
}

/// Measures on two nodes with one PostgreSQL and one Redis.
pub(crate) async fn measure(options: &Options, keys: &Arc<Keys>) -> Result<Million> {
    say("a million sessions: nodes and people");
    let database = fill::database(&options.postgres).await?;
    let plan = Plan::write(options, "sessions", Some(&database), Some(&options.redis)).await?;
    plan.apply(&federation()?).await?;
    let token = plan.api_token("soc").await?;
    let server = plan.serve().await?;
    let twin = plan.twin().await?;
    let other = twin.serve().await?;
    let people = sign_in(&server, USERS, keys).await?;
    let mut owner = Browser::new(server.port, keys);
    owner.sign_in_at(FIELD).await.context("signing in at the other agency")?;
    let window = options.window();
    let (among_few, people) = load::run(Operation::CodeFlow, people, window, server.pid).await?;

    say("a million sessions: filling Redis and PostgreSQL");
    let mut shelf = Shelf::open(&options.redis).await?;
    let filled = shelf.fill(MANY).await?;
    let mut rows = Rows::open(&database).await?;
    let database_bytes = rows.fill(MANY, AGENCY).await?;
    let lookup_us = shelf.look_up().await?;

    say("a million sessions: looking up and listing");
    let (among_many, people) = load::run(Operation::CodeFlow, people, window, server.pid).await?;
    let mut desk = Desk { connection: Connection::to(server.port), token };
    let person = desk.list(&format!("account={}", rows.person().await?)).await?;
    let agency = desk.list("agency=agency-5").await?;

    say("a million sessions: ending an agency's");
    owner.move_to(other.port);
    ensure!(owner.is_signed_in().await?, "the other node knows the session");
    shelf.forget_slow().await?;
    let end = async {
        tokio::time::sleep(window / 3).await;
        let begun = Instant::now();
        let (ended, seen) = tokio::join!(desk.end(), refused(&mut owner, begun));
        let (total, rows_s) = ended?;
        anyhow::Ok((total, rows_s, seen?))
    };
    let load = load::run(Operation::CodeFlow, people, window, server.pid);
    let (load, ended) = tokio::join!(load, end);
    let (meanwhile, _) = load?;
    let (total, rows_s, in_force_ms) = ended?;
    let slow_commands = shelf.slow().await?;
    let count = |name: &str| total.get(name).and_then(Value::as_u64).unwrap_or_default();
    let ending = Ending {
        sessions: count("sessions"),
        grants: count("grants"),
        in_force_ms,
        rows_s,
        slow_commands,
        meanwhile,
    };
    ensure!(ending.sessions > u64::from(AGENCY), "{} sessions were ended", ending.sessions);
    other.end().await?;
    server.end().await?;
    Ok(Million {
        sessions: MANY,
        value_bytes: filled.value_bytes,
        redis_bytes: filled.each_bytes,
        database_bytes,
        lookup_us,
        among_few,
        among_many,
        person,
        agency,
        ending,
    })
}

/// The federation of other measurements, and one agency more.
fn federation() -> Result<Value> {
    let mut file = node::federation(1, 10);
    let mut push = |list: &str, entry: Value| {
        let list = file.get_mut(list).and_then(Value::as_array_mut);
        list.context("a federation without lists").map(|list| list.push(entry))
    };
    push(
        "agencies",
        json!({ "id": FIELD, "names": {"en": "Field Office"}, "domains": ["field.example"] }),
    )?;
    push(
        "sources",
        json!({
            "id": FIELD, "agency": FIELD, "kind": "local",
            "connection": {"accounts": [{
                "username": USERNAME, "password": PASSWORD,
                "attributes": {"displayName": "Ada Field"},
            }]},
        }),
    )?;
    Ok(file)
}

/// Waits until the browser's session is over for the node that it talks to; milliseconds since
/// `begun`.
async fn refused(browser: &mut Browser, begun: Instant) -> Result<f64> {
    while browser.is_signed_in().await? {
        ensure!(begun.elapsed() < Duration::from_mins(1), "the session goes on after a minute");
        tokio::time::sleep(LOOK).await;
    }
    Ok(begun.elapsed().as_secs_f64() * 1e3)
}

/// Somebody with a token of the administration API.
struct Desk {
    connection: Connection,
    token: String,
}

impl Desk {
    /// Asks for the first page of a list over and over.
    async fn list(&mut self, of: &str) -> Result<Spread> {
        let path = format!("/api/v1/sessions?{of}&limit=50");
        let bearer = format!("Bearer {}", self.token);
        let mut times = Vec::with_capacity(LISTS);
        for _ in 0..LISTS {
            let begun = Instant::now();
            let headers = [(AUTHORIZATION, bearer.as_str())];
            let answer = self.connection.send(&path, &headers, None).await?;
            ensure!(answer.text(200)?.contains(PARTY), "a list without services: {of}");
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        Ok(Spread { p50_ms: load::at(&times, 50), p99_ms: load::at(&times, 99) })
    }

    /// Ends the agency's sessions: how many, and after how many seconds the last row was written.
    async fn end(&mut self) -> Result<(Value, f64)> {
        let begun = Instant::now();
        let wish = json!({ "agency": FIELD, "reason": "the benchmark" });
        let bearer = format!("Bearer {}", self.token);
        let headers = [(AUTHORIZATION, bearer.as_str())];
        let answer = self.connection.post_json("/api/v1/sessions/end", &headers, &wish).await?;
        let total = serde_json::from_str(answer.text(200)?)?;
        Ok((total, begun.elapsed().as_secs_f64()))
    }
}
