//! The binary `idp`: configuration, wiring, commands.
//!
//! The composition root: the only crate that names all others, and the only reader of clock,
//! environment and files.

mod attack;
mod clock;
mod command;
mod config;
mod demo;
mod federation;
mod keys;
mod listen;
mod manage;
mod node;
mod serve;
mod settings;
mod telemetry;
#[cfg(test)]
mod tests;

use std::process::ExitCode;

fn main() -> ExitCode {
    command::run()
}
