//! A private PostgreSQL and Redis for development. They outlive the command that starts them, and
//! what they hold goes when they are stopped.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use crate::stores::postgres::{self, Cluster};
use crate::stores::{Folder, free_ports, redis};
use crate::{sh, suite, workspace};

/// What runs, so that `stop` finds it.
#[derive(Serialize, Deserialize)]
struct State {
    folder: PathBuf,
    postgres: u16,
    redis: u16,
}

/// Starts both and says how to reach them.
pub(crate) fn start() -> Result<()> {
    if state_file()?.exists() {
        bail!("already started: `cargo xtask db show`, or `cargo xtask db stop`");
    }
    suite::install::stores()?;
    let folder = Folder::new("db")?;
    let [postgres, redis] = free_ports()?;
    let cluster = Cluster::create(folder.path())?;
    let log = folder.path().join("postgres").join("server.log");
    let options = cluster.settings(postgres).split_off(2).join(" ");
    let mut control = cluster.control();
    control.args(["--wait", "--options", &options, "--log"]).arg(log).arg("start");
    // The server keeps what it inherits; a pipe of ours would never close.
    sh::run(control.stdout(Stdio::null()))?;
    let mut server = Command::new("redis-server");
    server.args(redis::arguments(folder.path(), redis)?).args(["--daemonize", "yes"]);
    sh::run(server.stdout(Stdio::null()))?;
    let state = State { folder: folder.keep(), postgres, redis };
    fs::write(state_file()?, serde_json::to_string(&state)?)?;
    show()
}

/// Prints the settings that point `idp` and the tests at them.
pub(crate) fn show() -> Result<()> {
    let state = load()?;
    let (postgres, redis) = (postgres::url(state.postgres), redis::url(state.redis));
    println!("export IDP_DATABASE__URL={postgres} IDP_REDIS__URL={redis}");
    println!("export LP_TEST_POSTGRES={postgres} LP_TEST_REDIS={redis}");
    Ok(())
}

/// Stops both and removes what they held.
pub(crate) fn stop() -> Result<()> {
    let state = load()?;
    let mut control = Cluster::at(&state.folder)?.control();
    // One that is gone already, after a restart of the machine, is as good as stopped.
    if let Err(error) = sh::read(control.args(["--mode", "fast", "--wait", "stop"])) {
        eprintln!("PostgreSQL: {error:#}");
    }
    if let Err(error) = redis::Door::plain(state.redis).ask(&["shutdown", "nosave"]) {
        eprintln!("Redis: {error:#}");
    }
    fs::remove_dir_all(&state.folder)
        .with_context(|| format!("cannot remove {}", state.folder.display()))?;
    fs::remove_file(state_file()?)?;
    println!("stopped");
    Ok(())
}

fn load() -> Result<State> {
    let file = state_file()?;
    if !file.exists() {
        bail!("nothing is started: `cargo xtask db start`");
    }
    serde_json::from_str(&sh::text(&file)?).with_context(|| file.display().to_string())
}

fn state_file() -> Result<PathBuf> {
    Ok(workspace::target()?.join("xtask-db.json"))
}
