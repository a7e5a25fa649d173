//! What was found, as tables for people or as one JSON document for programs.

use anyhow::Result;
use serde::Serialize;

use crate::goals::{Engine, IDLE_MIB, SPREAD, START_MS};
use crate::growth::Grown;
use crate::limits::Limits;
use crate::load::Measured;

/// A row in which others took more of the processor than this is marked.
const DISTURBED: f64 = 0.1;

/// Everything that one run found.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) machine: String,
    pub(crate) pinned: bool,
    pub(crate) seconds: f64,
    pub(crate) limits: Limits,
    /// One exchange with a bare server, 16 at once.
    pub(crate) exchange: Measured,
    pub(crate) nodes: Vec<NodeReport>,
    pub(crate) growth: Vec<Grown>,
}

/// One node.
#[derive(Serialize)]
pub(crate) struct NodeReport {
    pub(crate) engine: Engine,
    /// With an empty database: the node makes its keys.
    pub(crate) first_start_ms: f64,
    pub(crate) started_ms: f64,
    pub(crate) idle_mib: f64,
    /// For one code flow.
    pub(crate) redis_commands: Option<f64>,
    pub(crate) rows: Vec<Row>,
}

/// One operation at one concurrency.
#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) operation: &'static str,
    #[serde(flatten)]
    pub(crate) measured: Measured,
    /// The sum of the bare parts, commits left out.
    pub(crate) floor_us: f64,
    /// What is allowed, commits included.
    pub(crate) goal_us: f64,
}

impl Report {
    /// Prints it to standard output.
    pub(crate) fn print(&self, json: bool) -> Result<()> {
        if json {
            println!("{}", serde_json::to_string(self)?);
        } else {
            self.limits();
            for node in &self.nodes {
                node.table();
            }
            self.grown();
        }
        Ok(())
    }

    fn limits(&self) {
        let limits = &self.limits;
        let pinned =
            if self.pinned { "server on the first, the rest on the second" } else { "unpinned" };
        println!("Machine: {}; {pinned}; {} s a figure.\n", self.machine, self.seconds);
        println!("| the machine alone | CPU µs | µs |\n|---|---:|---:|");
        let exchange = self.exchange.cpu_us;
        println!("| a bare axum answer, 16 at once | {exchange:.1} | |");
        for (what, cost) in [
            ("ES256 signature", limits.sign_es256),
            ("ES256 verification", limits.verify_es256),
            ("RS256 signature, 2048 bits", limits.sign_rs256),
            ("Redis round trip", limits.redis_round_trip),
            ("bare commit, SQLite, synchronous = FULL", limits.commit_sqlite),
            ("bare commit, PostgreSQL", limits.commit_postgres),
        ] {
            println!("| {what} | {:.1} | {:.1} |", cost.cpu, cost.wall);
        }
    }

    fn grown(&self) {
        let Some(first) = self.growth.first() else { return };
        println!("\nGrowth, on SQLite + memory:\n");
        println!(
            "| agencies | relying parties | apply ms | first start ms | start ms | idle MiB | code flow CPU µs | of the small one |"
        );
        println!("|---:|---:|---:|---:|---:|---:|---:|---:|");
        for grown in &self.growth {
            let cpu = grown.code_flow.cpu_us;
            println!(
                "| {} | {} | {:.0} | {:.0} | {:.0} | {:.1} | {cpu:.0} | {:.2} |",
                grown.agencies,
                grown.relying_parties,
                grown.apply_ms,
                grown.first_start_ms,
                grown.started_ms,
                grown.idle_mib,
                cpu / first.code_flow.cpu_us,
            );
        }
    }
}

impl NodeReport {
    fn table(&self) {
        let verdict = met(self.idle_mib <= IDLE_MIB);
        let (first, later) = (self.first_start_ms, self.started_ms);
        let started = met(later <= START_MS);
        println!("\n{}: first start, with new keys, in {first:.0} ms,", self.engine.title());
        println!("later ones in {later:.0} ms (goal {START_MS}: {started}),");
        println!("{:.1} MiB resident when idle (goal {IDLE_MIB}: {verdict})", self.idle_mib);
        if let Some(commands) = self.redis_commands {
            println!(
                "and {commands:.1} Redis commands a code flow (goal 6: {})",
                met(commands <= 6.0)
            );
        }
        println!(
            "\n| operation | at once | a second | p50 ms | p99 ms | p99/p50 | CPU µs | goal | | floor | MiB | |"
        );
        println!("|---|---:|---:|---:|---:|---:|---:|---:|---|---:|---:|---|");
        for row in &self.rows {
            let measured = &row.measured;
            let spread = measured.p99_ms / measured.p50_ms;
            let wide = if measured.connections >= 16 && spread > SPREAD { " wide" } else { "" };
            let noisy = if measured.disturbed > DISTURBED { "disturbed" } else { "" };
            println!(
                "| {} | {} | {:.0} | {:.2} | {:.2} | {spread:.1}{wide} | {:.0} | {:.0} | {} | {:.0} | {:.0} | {noisy} |",
                row.operation,
                measured.connections,
                measured.per_second,
                measured.p50_ms,
                measured.p99_ms,
                measured.cpu_us,
                row.goal_us,
                met(measured.cpu_us <= row.goal_us),
                row.floor_us,
                measured.resident_mib,
            );
        }
    }
}

fn met(is_met: bool) -> &'static str {
    if is_met { "met" } else { "missed" }
}
