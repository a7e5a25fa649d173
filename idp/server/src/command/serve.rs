//! `idp serve`: a node, until it is told to stop.

use std::path::Path;

use clap::Args as Arguments;
use tokio::signal::unix::{SignalKind, signal};

use super::{Ending, read};
use crate::{serve::Serving, settings::Settings, telemetry};

/// How to run.
#[derive(Arguments)]
pub(super) struct Args {
    /// Start although so many passkeys were made for another id, and are useless
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    accept_passkey_loss: u64,
}

/// Runs a node.
pub(super) async fn run(path: &Path, args: &Args) -> Result<(), Ending> {
    let file = read(path)?;
    let (log, format) = (file.telemetry.log.clone(), file.telemetry.format);
    let mut settings = Settings::new(file, path)?;
    settings.passkeys.accepted_loss = args.accept_passkey_loss;
    telemetry::log(&log, format).map_err(Ending::Wrong)?;
    let metrics = telemetry::metrics().map_err(|error| Ending::No(Some(error.to_string())))?;
    if settings.loopback_peers {
        tracing::warn!(
            "[limits] loopback_peers = true: peers may be plain http on this machine; \
             for tests and demonstrations only"
        );
    }
    for warning in &settings.passkeys.warnings {
        tracing::warn!("{warning}");
    }
    let base_url = settings.base_url.clone();
    let mut serving = Serving::begin(settings, Some(metrics)).await?;
    tracing::info!(address = %serving.address, management = %serving.management, "listening");
    tokio::select! {
        ready = serving.ready() => {
            ready?;
            tracing::info!(base_url = %base_url, "ready");
        }
        () = told_to_stop() => {
            serving.stop().await;
            return Ok(());
        }
    }
    told_to_stop().await;
    tracing::info!("stopping");
    serving.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// Ends when the process is asked to end.
pub(super) async fn told_to_stop() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
