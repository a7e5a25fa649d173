//! One run: the machine's limits, then a node on each pair of stores, then growth.

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
use crate::report::{NodeReport, Report, Row};

/// Every name that `--only` knows, engines apart.
const SUBJECTS: [&str; 7] = [
    "discovery",
    "client_credentials",
    "code_flow",
    "refresh",
    "userinfo",
    "introspection",
    "growth",
];
const ENGINES: [&str; 2] = [Engine::Sqlite.name(), Engine::Postgres.name()];
/// Code flows over which Redis's commands are counted.
const COUNTED: u32 = 50;

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
    let exchange = floor(options).await?;
    let mut nodes = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let operations: Vec<_> = Operation::OF_A_NODE
            .into_iter()
            .filter(|operation| options.wants(operation.name(), &SUBJECTS))
            .collect();
        if options.wants(engine.name(), &ENGINES) && !operations.is_empty() {
            nodes.push(node(options, engine, &operations, &limits, &exchange).await?);
        }
    }
    let grows = options.wants("growth", &SUBJECTS);
    let growth = if grows { growth::measure(options).await? } else { Vec::new() };
    let machine = accounting::machine();
    let seconds = options.seconds;
    Report { machine, pinned: options.pinned, seconds, limits, exchange, nodes, growth }
        .print(options.json)
}

/// Tells a person what is being done; results go elsewhere.
pub(crate) fn say(what: &str) {
    eprintln!("    measuring: {what}");
}

/// One HTTP exchange with a server that does nothing else.
async fn floor(options: &Options) -> Result<Measured> {
    let port = node::free_port().await?;
    let mut command = node::measured(&std::env::current_exe()?, options.pinned);
    command.args(["floor", &port.to_string()]);
    let server = Server::start(command, port, "/hello").await?;
    let browsers = (0..16).map(|_| Browser::new(port)).collect();
    let (exchange, _) = load::run(Operation::Hello, browsers, options.window(), server.pid).await?;
    Ok(exchange)
}

async fn node(
    options: &Options,
    engine: Engine,
    operations: &[Operation],
    limits: &Limits,
    exchange: &Measured,
) -> Result<NodeReport> {
    let stores = match engine {
        Engine::Sqlite => (None, None),
        Engine::Postgres => (Some(options.postgres.as_str()), Some(options.redis.as_str())),
    };
    let plan = Plan::write(options, engine.name(), stores.0, stores.1).await?;
    plan.apply(&node::federation(1, 10)).await?;
    let (first, server) = plan.serve_again().await?;
    tokio::time::sleep(options.window() / 2).await;
    let idle_mib = accounting::resident(server.pid)?;
    let mut browsers = sign_in(&server, options.crowd()).await?;
    let mut rows = Vec::new();
    for operation in operations {
        for users in &options.concurrency {
            say(&format!("{}, {}, {users} at once", engine.title(), operation.name()));
            let crowd = browsers.split_off(browsers.len().saturating_sub(*users));
            let (measured, crowd) =
                load::run(*operation, crowd, options.window(), server.pid).await?;
            browsers.extend(crowd);
            rows.push(Row {
                operation: operation.name(),
                floor_us: goals::floor(*operation, engine, limits, exchange.cpu_us),
                goal_us: goals::allowed(*operation, engine, limits),
                measured,
            });
        }
    }
    let redis_commands = match stores.1 {
        Some(url) => Some(commands(url, &mut browsers).await?),
        None => None,
    };
    let first_start_ms = first.as_secs_f64() * 1e3;
    let started_ms = server.started_in.as_secs_f64() * 1e3;
    Ok(NodeReport { engine, first_start_ms, started_ms, idle_mib, redis_commands, rows })
}

/// So many people, each signed in and with tokens.
pub(crate) async fn sign_in(server: &Server, people: usize) -> Result<Vec<Browser>> {
    let mut browsers = Vec::new();
    for _ in 0..people {
        let mut browser = Browser::new(server.port);
        browser.sign_in().await.context("signing in")?;
        browsers.push(browser);
    }
    Ok(browsers)
}

/// The commands that Redis is sent for one code flow.
async fn commands(url: &str, browsers: &mut [Browser]) -> Result<f64> {
    let browser = browsers.first_mut().context("nobody is there")?;
    let client = redis::Client::open(url)?;
    let mut redis = client.get_multiplexed_async_connection().await?;
    let mut processed = async || -> Result<f64> {
        let said: String = redis::cmd("INFO").arg("stats").query_async(&mut redis).await?;
        let line = said.lines().find_map(|line| line.strip_prefix("total_commands_processed:"));
        Ok(line.context("Redis counts otherwise")?.trim().parse()?)
    };
    let before = processed().await?;
    for _ in 0..COUNTED {
        Operation::CodeFlow.once(browser).await?;
    }
    // The first question is among what the second counts.
    let sent = processed().await? - before - 1.0;
    Ok(sent / f64::from(COUNTED))
}
