//! The commands of `idp`, and what their exit status means: 0 done, 1 no, 2 usage or
//! configuration.

mod access_pass;
mod acting;
mod attack_test;
mod audit;
mod check;
mod conformance;
mod demo;
mod factors;
mod federation;
mod init;
mod keys;
mod migrate;
mod serve;
mod sessions;
mod switch;
pub(crate) mod token;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    config::{self, ConfigError, File},
    node::StartError,
    serve::ServeError,
    settings::Settings,
};

/// Federated identity broker: agencies' identity sources upstream, services downstream.
#[derive(Parser)]
#[command(name = "idp", version, max_term_width = 100)]
struct Cli {
    /// The configuration.
    #[arg(long, short, global = true, default_value = "idp.toml", env = "IDP_CONFIG")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the whole product on this machine, with agencies, services and people to try
    Demo(demo::Args),
    /// Run a node
    Serve(serve::Args),
    /// Write a commented configuration and fresh keys
    Init(init::Args),
    /// Validate the configuration without starting
    Check(check::Args),
    /// Show what applying a federation file would change, and what it means for logins
    Plan(federation::PlanArgs),
    /// Make the federation what a file says
    Apply(federation::ApplyArgs),
    /// Write the federation as a file
    Export(federation::ExportArgs),
    /// Bring the database up to date
    Migrate,
    /// List signing keys, or rotate them
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Show or remove what somebody has enrolled
    #[command(subcommand)]
    Factors(factors::FactorsCommand),
    /// Issue or approve a pass that opens the enrolment of a factor
    #[command(subcommand)]
    AccessPass(access_pass::AccessPassCommand),
    /// List or end sessions
    #[command(subcommand)]
    Sessions(sessions::SessionsCommand),
    /// Put a source, an agency, a service or an account out of use, and back
    #[command(subcommand)]
    Switch(switch::SwitchCommand),
    /// Make, list or revoke tokens of the administration API
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Play forged messages against the running node, and tell how it takes them
    AttackTest(attack_test::Args),
    /// Judge a registered service or source by a profile, clause by clause
    Conformance(conformance::Args),
    /// Verify the trail
    #[command(subcommand)]
    Audit(audit::AuditCommand),
}

/// How a command ends that does not end well.
#[derive(Debug)]
pub(crate) enum Ending {
    /// The answer is no; the text says why, unless it was said already.
    No(Option<String>),
    /// It was used or configured wrongly.
    Wrong(String),
}

impl From<ConfigError> for Ending {
    fn from(error: ConfigError) -> Self {
        Self::Wrong(error.to_string())
    }
}

impl From<StartError> for Ending {
    fn from(error: StartError) -> Self {
        Self::Wrong(one_line(&error))
    }
}

impl From<ServeError> for Ending {
    fn from(error: ServeError) -> Self {
        Self::Wrong(one_line(&error))
    }
}

impl From<anyhow::Error> for Ending {
    fn from(error: anyhow::Error) -> Self {
        Self::No(Some(format!("{error:#}")))
    }
}

/// An error and what caused it, in one line.
fn one_line(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text.replace('\n', " ")
}

/// Runs the command that the process was started with.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    // One TLS and crypto provider for everything that does not bring its own.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(carry_out(cli)),
        Err(error) => Err(Ending::No(Some(format!("no runtime: {error}")))),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(Ending::No(text)) => {
            text.inspect(|text| eprintln!("idp: {text}"));
            ExitCode::from(1)
        }
        Err(Ending::Wrong(text)) => {
            eprintln!("idp: {text}");
            ExitCode::from(2)
        }
    }
}

/// Carries out a whole line, as a test writes it; what cannot be parsed is used wrongly.
#[cfg(test)]
pub(crate) async fn run_line(words: &[&str]) -> Result<(), Ending> {
    let cli = Cli::try_parse_from(words);
    carry_out(cli.map_err(|error| Ending::Wrong(error.to_string()))?).await
}

async fn carry_out(cli: Cli) -> Result<(), Ending> {
    let Cli { config, command } = cli;
    match command {
        Command::Demo(args) => Box::pin(demo::run(args)).await,
        Command::Serve(args) => serve::run(&config, &args).await,
        Command::Init(args) => init::run(&args),
        Command::Check(args) => check::run(&config, &args),
        Command::Plan(args) => federation::plan(&config, &args).await,
        Command::Apply(args) => federation::apply(&config, &args).await,
        Command::Export(args) => federation::export(&config, &args).await,
        Command::Migrate => migrate::run(&config).await,
        Command::Keys(command) => keys::run(&config, &command).await,
        Command::Factors(command) => factors::run(&config, &command).await,
        Command::AccessPass(command) => access_pass::run(&config, &command).await,
        Command::Sessions(command) => sessions::run(&config, &command).await,
        Command::Switch(command) => switch::run(&config, &command).await,
        Command::Token(command) => token::run(&config, &command).await,
        Command::AttackTest(args) => attack_test::run(&config, args).await,
        Command::Conformance(args) => conformance::run(&config, &args).await,
        Command::Audit(command) => audit::run(&config, &command).await,
    }
}

/// Reads the configuration at `path`.
fn read(path: &std::path::Path) -> Result<File, Ending> {
    Ok(config::load(path, std::env::vars())?)
}

/// The settings in the configuration at `path`.
fn settings(path: &std::path::Path) -> Result<Settings, Ending> {
    Ok(Settings::new(read(path)?, path)?)
}
