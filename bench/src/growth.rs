//! Growth: what a large federation costs beside a small one.

use std::sync::Arc;

use anyhow::Result;
use serde::Serialize;

use crate::accounting;
use crate::load::{self, Measured};
use crate::node::{self, Plan};
use crate::operation::Operation;
use crate::options::Options;
use crate::run::{say, sign_in};
use crate::saml::Keys;

/// Agencies and relying parties, by size.
const SIZES: [(&str, usize, usize); 4] =
    [("small", 1, 10), ("agencies", 1_000, 10), ("parties", 1, 10_000), ("large", 1_000, 10_000)];
/// Virtual users at once.
const USERS: usize = 16;

/// One size of federation, on SQLite and memory.
#[derive(Debug, Serialize)]
pub(crate) struct Grown {
    pub(crate) agencies: usize,
    pub(crate) relying_parties: usize,
    /// `idp apply`, from its start to its end.
    pub(crate) apply_ms: f64,
    /// From the node's first start to its first right answer: it makes its keys.
    pub(crate) first_start_ms: f64,
    /// The same for a later start.
    pub(crate) started_ms: f64,
    pub(crate) idle_mib: f64,
    pub(crate) code_flow: Measured,
}

/// Measures every size.
pub(crate) async fn measure(options: &Options, keys: &Arc<Keys>) -> Result<Vec<Grown>> {
    let mut grown = Vec::new();
    for (name, agencies, relying_parties) in SIZES {
        say(&format!("growth, {agencies} agencies and {relying_parties} relying parties"));
        let plan = Plan::write(options, &format!("growth-{name}"), None, None).await?;
        let applied = plan.apply(&node::federation(agencies, relying_parties)).await?;
        let (first, server) = plan.serve_again().await?;
        tokio::time::sleep(options.window() / 2).await;
        let idle_mib = accounting::resident(server.pid)?;
        let people = sign_in(&server, USERS, keys).await?;
        let flow = load::run(Operation::CodeFlow, people, options.window(), server.pid);
        let (code_flow, _) = flow.await?;
        grown.push(Grown {
            agencies,
            relying_parties,
            apply_ms: applied.as_secs_f64() * 1e3,
            first_start_ms: first.as_secs_f64() * 1e3,
            started_ms: server.started_in.as_secs_f64() * 1e3,
            idle_mib,
            code_flow,
        });
    }
    Ok(grown)
}
