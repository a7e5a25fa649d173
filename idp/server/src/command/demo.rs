//! `idp demo`: the whole product on this machine, until it is told to stop.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::Args as Arguments;

use super::{Ending, one_line, serve::told_to_stop};
use crate::{
    config::LogFormat,
    demo::{DemoError, Demonstration, PortError, Ports},
    telemetry,
};

/// What is logged unless `RUST_LOG` says otherwise: a demonstration speaks for itself. Its
/// databases are empty at first, and have no table that could be asked for revocations.
const LOG: &str = "warn";

/// Where to run, and whom to tell.
#[derive(Arguments)]
pub(super) struct Args {
    /// The broker's port; the demonstration listens on the nine after it as well. 0: any.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// When all is ready, print one line of JSON for scripts
    #[arg(long)]
    json: bool,
    /// A federation file to apply to the broker besides its own: your application, your agency
    #[arg(long, value_name = "FILE")]
    apply: Vec<PathBuf>,
}

impl From<DemoError> for Ending {
    fn from(error: DemoError) -> Self {
        Self::Wrong(one_line(&error))
    }
}

impl From<PortError> for Ending {
    fn from(error: PortError) -> Self {
        Self::Wrong(one_line(&error))
    }
}

/// Runs the demonstration.
pub(super) async fn run(args: Args) -> Result<(), Ending> {
    let directives = std::env::var("RUST_LOG").unwrap_or_else(|_| LOG.to_owned());
    telemetry::log(&directives, LogFormat::Text).map_err(Ending::Wrong)?;
    let metrics = telemetry::metrics().map_err(|error| Ending::No(Some(error.to_string())))?;
    let (ports, _claim) = match args.port {
        0 => Ports::any().map(|(ports, claim)| (ports, Some(claim)))?,
        base => (Ports::from_base(base)?, None),
    };
    let demonstration = tokio::select! {
        started = Demonstration::start(ports, &args.apply, Some(metrics)) => started?,
        () = told_to_stop() => return Ok(()),
    };
    let summary = &demonstration.summary;
    let told = if args.json { format!("{}\n", summary.json()) } else { summary.text() };
    let mut out = io::stdout();
    // Who closed our output may still want the demonstration.
    let _ = out.write_all(told.as_bytes()).and_then(|()| out.flush());
    told_to_stop().await;
    demonstration.stop().await;
    Ok(())
}
