//! One run: the machine's limits, then a node on each pair of stores, then growth.

use std::sync::Arc;

use anyhow::{Context as _, Result};

use crate::accounting;
use crate::browser::Browser;
use crate::goals::{self, Engine};
use crate::growth;
use crate::limits::{self, Limits};
use crate::load::{self, Measured};
use crate::node::{self, Plan, Server};
use crate::operation::Operation;
use crate::options::Options;
use crate::report::{Commands, NodeReport, Report, Row};
use crate::saml::{self, Keys, hostile};
use crate::sessions;
use crate::timing;

/// Every name that `--only` knows, engines apart.
const SUBJECTS: [&str; 17] = [
    "discovery",
    "client_credentials",
    "code_flow",
    "refresh",
    "userinfo",
    "introspection",
    "saml",
    "saml_sign_on",
    "saml_sign_on_both",
    "saml_sign_on_sealed",
    "saml_consume",
    "saml_round_oidc",
    "saml_round",
    HOSTILE,
    "growth",
    SESSIONS,
    TIMING,
];
/// Whether time tells who has an account: for its own sake only, it takes minutes.
const TIMING: &str = "timing";
/// A million sessions: the same.
const SESSIONS: &str = "sessions";
/// What is hostile: no operation, and measured apart.
const HOSTILE: &str = "saml_hostile";
const ENGINES: [&str; 2] = [Engine::Sqlite.name(), Engine::Postgres.name()];
/// How often an operation is done while Redis's commands are counted.
const COUNTED: u16 = 50;

/// Measures what is wanted and prints it.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let known = |only: &&String| ![&SUBJECTS[..], &ENGINES].concat().contains(&only.as_str());
    if let Some(unknown) = options.only.iter().find(known) {
        anyhow::bail!(
            "--only knows {} and {}, not {unknown}",
            SUBJECTS.join(" "),
            ENGINES.join(" ")
        );
    }
    say("the machine's limits");
    let limits = limits::measure(options).await?;
    let keys = Arc::new(Keys::make()?);
    let exchange = floor(options, &keys).await?;
    let mut nodes = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let operations: Vec<_> = Operation::OF_A_NODE
            .into_iter()
            .filter(|operation| options.wants(operation.name(), &SUBJECTS))
            .collect();
        let anything = !operations.is_empty() || options.wants(HOSTILE, &SUBJECTS);
        if options.wants(engine.name(), &ENGINES) && anything {
            let bench = Bench { options, limits: &limits, exchange: &exchange, keys: &keys };
            nodes.push(bench.node(engine, &operations).await?);
        }
    }
    let grows = options.wants("growth", &SUBJECTS);
    let growth = if grows { growth::measure(options, &keys).await? } else { Vec::new() };
    let is_named = |name: &str| options.only.iter().any(|only| only == name);
    let sessions =
        if is_named(SESSIONS) { Some(sessions::measure(options, &keys).await?) } else { None };
    let timing = if is_named(TIMING) { Some(timing::measure(options, &keys).await?) } else { None };
    let machine = accounting::machine();
    let seconds = options.seconds;
    let pinned = options.pinned;
    Report { machine, pinned, seconds, limits, exchange, nodes, growth, sessions, timing }
        .print(options.json)
}

/// Tells a person what is being done; results go elsewhere.
pub(crate) fn say(what: &str) {
    eprintln!("    measuring: {what}");
}

/// One HTTP exchange with a server that does nothing else.
async fn floor(options: &Options, keys: &Arc<Keys>) -> Result<Measured> {
    let port = node::free_port().await?;
    let mut command = node::measured(&std::env::current_exe()?, options.pinned);
    command.args(["floor", &port.to_string()]);
    let server = Server::start(command, port, "/hello").await?;
    let browsers = (0..16).map(|_| Browser::new(port, keys)).collect();
    let (exchange, _) = load::run(Operation::Hello, browsers, options.window(), server.pid).await?;
    Ok(exchange)
}

/// What the measurements of a node have in common.
struct Bench<'a> {
    options: &'a Options,
    limits: &'a Limits,
    exchange: &'a Measured,
    keys: &'a Arc<Keys>,
}

impl Bench<'_> {
    async fn node(&self, engine: Engine, operations: &[Operation]) -> Result<NodeReport> {
        let Self { options, keys, .. } = *self;
        let stores = match engine {
            Engine::Sqlite => (None, None),
            Engine::Postgres => (Some(options.postgres.as_str()), Some(options.redis.as_str())),
        };
        let plan = Plan::write(options, engine.name(), stores.0, stores.1).await?;
        let mut federation = node::federation(1, 10);
        saml::add_to(&mut federation, keys);
        plan.apply(&federation).await?;
        let (first, server) = plan.serve_again().await?;
        tokio::time::sleep(options.window() / 2).await;
        let idle_mib = accounting::resident(server.pid)?;
        let mut browsers = sign_in(&server, options.crowd(), keys).await?;
        let mut rows = Vec::new();
        for operation in operations {
            browsers = self.rows(engine, *operation, &server, browsers, &mut rows).await?;
        }
        let mut commands = Vec::new();
        if let Some(url) = stores.1 {
            for operation in operations {
                let browser = browsers.first_mut().context("nobody is there")?;
                let each = redis_commands(url, *operation, browser).await?;
                commands.push(Commands { operation: operation.name(), each });
            }
        }
        let started_ms = server.started_in.as_secs_f64() * 1e3;
        server.end().await?;
        let siege = if options.wants(HOSTILE, &SUBJECTS) {
            // Another start of it: nothing else has left anything in its memory.
            let server = plan.serve().await?;
            Some(hostile::measure(&server, keys, options.window() / 4).await?)
        } else {
            None
        };
        let first_start_ms = first.as_secs_f64() * 1e3;
        Ok(NodeReport { engine, first_start_ms, started_ms, idle_mib, commands, rows, siege })
    }

    /// One operation at every concurrency.
    async fn rows(
        &self,
        engine: Engine,
        operation: Operation,
        server: &Server,
        mut browsers: Vec<Browser>,
        rows: &mut Vec<Row>,
    ) -> Result<Vec<Browser>> {
        let Self { options, limits, exchange, .. } = *self;
        for users in &options.concurrency {
            say(&format!("{}, {}, {users} at once", engine.title(), operation.name()));
            let crowd = browsers.split_off(browsers.len().saturating_sub(*users));
            let (measured, crowd) =
                load::run(operation, crowd, options.window(), server.pid).await?;
            browsers.extend(crowd);
            rows.push(Row {
                operation: operation.name(),
                floor_us: goals::floor(operation, engine, limits, exchange.cpu_us),
                goal_us: goals::allowed(operation, engine, limits),
                measured,
            });
        }
        Ok(browsers)
    }
}

/// So many people, each signed in and with tokens.
pub(crate) async fn sign_in(
    server: &Server,
    people: usize,
    keys: &Arc<Keys>,
) -> Result<Vec<Browser>> {
    let mut browsers = Vec::new();
    for _ in 0..people {
        let mut browser = Browser::new(server.port, keys);
        browser.sign_in().await.context("signing in")?;
        browsers.push(browser);
    }
    Ok(browsers)
}

/// The commands that Redis is sent for one `operation`.
async fn redis_commands(url: &str, operation: Operation, browser: &mut Browser) -> Result<f64> {
    let client = redis::Client::open(url)?;
    let mut redis = client.get_multiplexed_async_connection().await?;
    let mut processed = async || -> Result<f64> {
        let said: String = redis::cmd("INFO").arg("stats").query_async(&mut redis).await?;
        let line = said.lines().find_map(|line| line.strip_prefix("total_commands_processed:"));
        Ok(line.context("Redis counts otherwise")?.trim().parse()?)
    };
    operation.prepare(browser, COUNTED.into()).await?;
    let before = processed().await?;
    for _ in 0..COUNTED {
        operation.once(browser).await?;
    }
    // The first question is among what the second counts.
    let sent = processed().await? - before - 1.0;
    Ok(sent / f64::from(COUNTED))
}
