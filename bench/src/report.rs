//! What was found, as tables for people or as one JSON document for programs.

use anyhow::Result;
use serde::Serialize;

use crate::goals::{Engine, HOSTILE_MIB, HOSTILE_MS, IDLE_MIB, SPREAD, START_MS};
use crate::growth::Grown;
use crate::limits::Limits;
use crate::load::Measured;
use crate::saml::hostile::{ASIDE, Siege};
use crate::sessions::{self, Million};
use crate::timing::{LIMIT, Timing};

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
    /// A million sessions, if they were wanted.
    pub(crate) sessions: Option<Million>,
    pub(crate) timing: Option<Timing>,
}

/// One node.
#[derive(Serialize)]
pub(crate) struct NodeReport {
    pub(crate) engine: Engine,
    /// With an empty database: the node makes its keys.
    pub(crate) first_start_ms: f64,
    pub(crate) started_ms: f64,
    pub(crate) idle_mib: f64,
    /// Where there is a Redis.
    pub(crate) commands: Vec<Commands>,
    pub(crate) rows: Vec<Row>,
    /// What hostile messages did, if any were sent.
    pub(crate) siege: Option<Siege>,
}

/// The commands that Redis is sent for one operation.
#[derive(Serialize)]
pub(crate) struct Commands {
    pub(crate) operation: &'static str,
    pub(crate) each: f64,
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
    pub(crate) goal_us: Option<f64>,
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
                if let Some(siege) = &node.siege {
                    siege.table();
                }
            }
            self.grown();
            if let Some(sessions) = &self.sessions {
                sessions.table();
            }
            if let Some(timing) = &self.timing {
                timing.table();
            }
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
            ("RS256 verification, 2048 bits", limits.verify_rs256),
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
        for Commands { operation, each } in &self.commands {
            let verdict = match *operation {
                "code_flow" => format!(" (goal 6: {})", met(*each <= 6.0)),
                _ => String::new(),
            };
            println!("{each:.1} Redis commands a {operation}{verdict}");
        }
        println!(
            "\n| operation | at once | a second | p50 ms | p99 ms | p99/p50 | CPU µs | goal | | floor | × floor | MiB | |"
        );
        println!("|---|---:|---:|---:|---:|---:|---:|---:|---|---:|---:|---:|---|");
        for row in &self.rows {
            let measured = &row.measured;
            let spread = measured.p99_ms / measured.p50_ms;
            let wide = if measured.connections >= 16 && spread > SPREAD { " wide" } else { "" };
            let noisy = if measured.disturbed > DISTURBED { "disturbed" } else { "" };
            let (goal, verdict) = match row.goal_us {
                Some(goal) => (format!("{goal:.0}"), met(measured.cpu_us <= goal)),
                None => (String::new(), ""),
            };
            println!(
                "| {} | {} | {:.0} | {:.2} | {:.2} | {spread:.1}{wide} | {:.0} | {goal} | {verdict} | {:.0} | {:.1} | {:.0} | {noisy} |",
                row.operation,
                measured.connections,
                measured.per_second,
                measured.p50_ms,
                measured.p99_ms,
                measured.cpu_us,
                row.floor_us,
                measured.cpu_us / row.floor_us,
                measured.resident_mib,
            );
        }
    }
}

impl Million {
    fn table(&self) {
        let Self { sessions, value_bytes, redis_bytes, database_bytes, lookup_us, .. } = self;
        println!("\n{sessions} sessions on one Redis:\n");
        println!("| | found | goal | |\n|---|---:|---:|---|");
        let line = |what: &str, found: String, goal: Option<f64>, is_met: bool| {
            let goal = goal.map(|goal| format!("{goal}")).unwrap_or_default();
            let verdict = if goal.is_empty() { "" } else { met(is_met) };
            println!("| {what} | {found} | {goal} | {verdict} |");
        };
        let free = |what: &str, found: String| line(what, found, None, true);
        free("bytes of a sealed value", format!("{value_bytes:.0}"));
        let is_met = *redis_bytes <= sessions::BYTES;
        line("bytes each in Redis", format!("{redis_bytes:.0}"), Some(sessions::BYTES), is_met);
        let with_participant = "bytes each in PostgreSQL, with one participant and all indexes";
        free(with_participant, format!("{database_bytes:.0}"));
        free("µs to look one up in Redis, there and back", format!("{lookup_us:.0}"));
        let (few, many) = (&self.among_few, &self.among_many);
        free("CPU µs a code flow, among few", format!("{:.0}", few.cpu_us));
        free("CPU µs a code flow, among them", format!("{:.0}", many.cpu_us));
        let growth = many.cpu_us / few.cpu_us;
        let is_met = growth <= sessions::GROWTH;
        line("of the former", format!("{growth:.2}"), Some(sessions::GROWTH), is_met);
        let spread = |list: &sessions::Spread| format!("{:.1} / {:.1}", list.p50_ms, list.p99_ms);
        free("ms to list a person's, p50 / p99", spread(&self.person));
        free("ms to list a page of an agency's, p50 / p99", spread(&self.agency));
        let ending = &self.ending;
        let both = format!("{} and {}", ending.sessions, ending.grants);
        free("sessions and grants that were ended at once", both);
        let (ms, s) = (ending.in_force_ms, ending.rows_s);
        let is_met = ms <= sessions::IN_FORCE_MS;
        let goal = Some(sessions::IN_FORCE_MS);
        line("ms until that was in force on another node", format!("{ms:.0}"), goal, is_met);
        let is_met = s <= sessions::ENDED_S;
        let goal = Some(sessions::ENDED_S);
        line("s until the last row was written", format!("{s:.1}"), goal, is_met);
        let slow = ending.slow_commands;
        line("Redis commands over 10 ms", slow.to_string(), Some(0.0), slow == 0);
        let waits = |of: &Measured| format!("{:.1} / {:.1}", of.p50_ms, of.p99_ms);
        free("ms a code flow of others before, p50 / p99", waits(many));
        free("ms a code flow of others meanwhile, p50 / p99", waits(&ending.meanwhile));
    }
}

impl Siege {
    fn table(&self) {
        let (before, after) = (self.resident_before_mib, self.resident_after_mib);
        let verdict = met(after - before <= HOSTILE_MIB);
        println!("\nHostile messages of 64 KiB: {} of them took a node of", self.sent);
        println!("{:.1} MiB, and {before:.1} MiB after the first of them,", self.idle_mib);
        println!("to {after:.1} MiB resident (goal +{HOSTILE_MIB}: {verdict}),");
        let aside = self.aside_mib - after;
        let verdict = met(aside <= HOSTILE_MIB);
        println!("and {ASIDE} early answers to one login to {aside:.1} MiB more ({verdict}).");
        println!("\n| message | door | answered | CPU ms | goal | | worst ms |");
        println!("|---|---|---:|---:|---:|---|---:|");
        for hostile in &self.messages {
            let cpu = hostile.cpu_us / 1e3;
            println!(
                "| {} | {} | {} | {cpu:.2} | {HOSTILE_MS} | {} | {:.1} |",
                hostile.message,
                hostile.door,
                hostile.answered,
                met(cpu < HOSTILE_MS),
                hostile.worst_ms,
            );
        }
    }
}

impl Timing {
    fn table(&self) {
        let Self { known, unknown, t } = self;
        println!("\nWrong passwords, {} answers a side:\n", known.samples);
        println!("| name | mean µs | deviation µs |\n|---|---:|---:|");
        for (name, side) in [("known", known), ("unknown", unknown)] {
            println!("| {name} | {:.1} | {:.1} |", side.mean_us, side.deviation_us);
        }
        let verdict = met(t.abs() < LIMIT);
        println!("\nWelch's t is {t:.2} (goal: less than {LIMIT} either way: {verdict}).");
    }
}

fn met(is_met: bool) -> &'static str {
    if is_met { "met" } else { "missed" }
}
