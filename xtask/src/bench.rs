//! Benchmarks: builds a release node and the driver, starts stores that wait for their disk, and
//! keeps server and driver on processors of their own. What is measured, `idp-bench` knows.

use std::fs;
use std::process::{self, Command};
use std::thread;

use anyhow::Result;

use crate::sh::{self, step};
use crate::stores::{Folder, postgres, redis};
use crate::{suite, workspace};

/// A run that takes longer than this hangs, and is ended.
const LIMIT: &str = "30m";

/// Measures, with the driver's own options.
pub(crate) fn run(options: &[&str]) -> Result<()> {
    step("install what is missing", suite::install::stores)?;
    let target = workspace::target()?;
    step("build", || {
        let mut cargo = sh::cargo();
        cargo.args(["build", "--release", "--package", "idp", "--package", "idp-bench"]);
        sh::run(cargo.env("CARGO_TARGET_DIR", &target))
    })?;
    let pinned = thread::available_parallelism().is_ok_and(|count| count.get() > 1);
    if pinned {
        // Whatever we start from here on stays beside us; the driver puts the server elsewhere.
        let own = process::id().to_string();
        sh::read(Command::new("taskset").args(["--cpu-list", "--pid", "1", &own]))?;
    } else {
        eprintln!("    one processor: the driver is measured along with the server");
    }
    let folder = Folder::new("bench")?;
    let rooms = ["redis", "driver"].map(|name| folder.path().join(name));
    for room in &rooms {
        fs::create_dir(room)?;
    }
    let [redis_room, room] = &rooms;
    let redis = redis::single(redis_room)?;
    let postgres = postgres::start_durable(folder.path())?;
    let mut driver = sh::tied("timeout");
    driver.args(["--kill-after=10s", LIMIT]).arg(target.join("release/idp-bench")).arg("run");
    driver.arg("--idp").arg(target.join("release/idp")).arg("--folder").arg(room);
    driver.args(["--redis", &redis.url, "--postgres", &postgres.url]);
    if !pinned {
        driver.arg("--unpinned");
    }
    step("bench", || sh::run(driver.args(options)))
}
