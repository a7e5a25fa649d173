//! `cargo xtask`: tends the house. Formats nothing behind your back, writes only what a command
//! names, and never touches a running production system.

mod bench;
mod db;
mod docs;
mod hooks;
mod pipeline;
mod sh;
mod spec;
mod stores;
mod suite;
mod walls;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <command>

  ready              before a commit: format, clippy, the touched crates' tests, walls
  test [-p CRATE].. [-- FILTER..]
                     every test, or some, with the stores, browser and peers that they need
  ci                 format, clippy, walls, spec, docs, then `test`
  walls              crate arrows, file length, banned words, module heads
  spec [--update]    requirements cited by code and tests; attacks with their tests
  docs [--check]     write docs/generated anew; or check links and what is generated
  db start|stop|show a private PostgreSQL and Redis for development
  bench [--quick] [--json] [--only NAME] [--concurrency 1,16,64] [--seconds N]
                     a release node under load, beside the machine's own limits
  hooks              make `git commit` run `cargo xtask ready` first
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["ready"] => pipeline::ready(),
        ["ci"] => pipeline::ci(),
        ["test", choice @ ..] => match suite::Choice::read(choice) {
            Some(choice) => suite::run(&choice),
            None => return usage(),
        },
        ["walls"] => walls::run(),
        ["spec"] => spec::run(spec::Floor::Keep),
        ["spec", "--update"] => spec::run(spec::Floor::Raise),
        ["docs"] => docs::write(),
        ["docs", "--check"] => docs::check(),
        ["bench", options @ ..] => bench::run(options),
        ["db", "start"] => db::start(),
        ["db", "stop"] => db::stop(),
        ["db", "show"] => db::show(),
        ["hooks"] => hooks::install(),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => return usage(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprint!("{USAGE}");
    ExitCode::from(2)
}
