//! Measures a node from outside: closed loop, loopback only, bounded time, and everything that it
//! starts is stopped by its process. `cargo xtask bench` builds, starts the stores, and calls it.

mod accounting;
mod browser;
mod commits;
mod connection;
mod floor;
mod goals;
mod growth;
mod limits;
mod load;
mod node;
mod operation;
mod options;
mod report;
mod run;
mod saml;
mod sessions;
mod timing;

use std::process::ExitCode;

use anyhow::Result;

use crate::options::{Mode, Options};

fn main() -> ExitCode {
    match work() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn work() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    // One thread: the driver has one processor, and so has what it measures.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match Mode::read(&words)? {
            Mode::Run(options) => Box::pin(run::run(&Options::checked(options)?)).await,
            Mode::Floor { port } => floor::serve(port).await,
            Mode::Limits(wanted) => limits::print(&wanted).await,
        }
    })
}
