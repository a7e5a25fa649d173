//! Every test: installs what is missing, starts the stores, builds, runs, stops, and counts.

pub(crate) mod install;
mod summary;

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use self::install::Peers;
use self::summary::Tally;
use crate::sh::{self, step};
use crate::stores::{Folder, postgres, redis};
use crate::workspace::{self, Package};

/// A run that takes longer than this hangs, and is ended.
const LIMIT: &str = "30m";

/// Which tests to run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Choice<'a> {
    /// Of these crates; of all, if none is named.
    crates: Vec<&'a str>,
    /// With one of these in their names.
    filters: Vec<&'a str>,
}

impl<'a> Choice<'a> {
    /// Reads `-p CRATE…` and, after `--`, filters; `None` if it is something else.
    pub(crate) fn read(words: &[&'a str]) -> Option<Self> {
        let mut choice = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "-p" | "--package" => choice.crates.push(words.next()?),
                "--" => choice.filters.extend(words.by_ref()),
                _ => return None,
            }
        }
        Some(choice)
    }

    /// The crates in the groups in which they are built: first the product, then what stands
    /// around it. Cargo joins the features of all that it builds at once, and the product is
    /// tested with those that it ships with, not with those that a browser driver adds.
    fn groups(&self, packages: &[Package], root: &Path) -> [Vec<String>; 2] {
        let mut groups = [Vec::new(), Vec::new()];
        let [product, around] = &mut groups;
        let is_chosen = |name: &str| self.crates.is_empty() || self.crates.contains(&name);
        for package in packages.iter().filter(|package| is_chosen(&package.name)) {
            let is_product = package.manifest_path.starts_with(root.join("idp"));
            let group = if is_product { &mut *product } else { &mut *around };
            group.push(package.name.clone());
        }
        let names = |group: &[String], name: &str| group.iter().any(|member| member == name);
        if names(around, "idp-tests") && !names(product, "idp") {
            // The program is what the tests of the whole drive.
            product.push("idp".to_owned());
        }
        groups
    }
}

/// Runs the tests and prints the sum as last line.
pub(crate) fn run(choice: &Choice<'_>) -> Result<()> {
    let _alone = alone(&target()?)?;
    run_alone(choice)
}

/// Waits until nobody else works in the folder that CI keeps between runs; holds it until the
/// file is dropped. A folder of the clone's own needs no such care: cargo locks what it must.
pub(crate) fn alone(target: &Path) -> Result<Option<File>> {
    if target == workspace::target()? {
        return Ok(None);
    }
    fs::create_dir_all(target)?;
    let file = File::create(target.join(".xtask-lock"))?;
    if file.try_lock().is_err() {
        eprintln!("another run works in {}; waiting for its end", target.display());
        file.lock()?;
    }
    Ok(Some(file))
}

/// The same for a caller that holds the folder already.
pub(crate) fn run_alone(choice: &Choice<'_>) -> Result<()> {
    let root = workspace::root()?;
    let groups = choice.groups(&workspace::packages()?, &root);
    let groups = || groups.iter().filter(|group| !group.is_empty());
    step("install what is missing", install::everything)?;
    let peers = step("peers from npm", || install::peers(&root.join("tests/peers")))?;
    step("peers from PyPI", || install::python(&root.join("tests/peers")))?;
    let target = target()?;
    step("build", || {
        groups().try_for_each(|group| {
            sh::run(over("build", group, &target).args(["--bins", "--tests"]))
        })
    })?;
    let folder = Folder::new("test")?;
    let stores = step("start the stores", || Stores::start(folder.path()))?;
    let mut tally = Tally::default();
    step("test", || {
        groups().try_for_each(|group| {
            let mut command = tied(&over("test", group, &target));
            command.arg("--no-fail-fast").envs(stores.variables());
            command.env("LP_IDP_BIN", target.join("debug/idp"));
            announce(&mut command, &peers);
            if !choice.filters.is_empty() {
                command.arg("--").args(&choice.filters);
            }
            watch(&mut command, &mut tally)
        })
    })?;
    drop(stores);
    println!("{tally}");
    if tally.failed > 0 {
        bail!("{} tests failed", tally.failed);
    }
    Ok(())
}

/// Where the build goes. On a CI machine that is kept between runs it lies outside the clone,
/// so that other people's crates are not compiled again; ours always are.
pub(crate) fn target() -> Result<PathBuf> {
    match env::var_os("HOME") {
        Some(home) if is_ci() && env::var_os("CARGO_TARGET_DIR").is_none() => {
            Ok(Path::new(&home).join(".cache/laissez-passer/target"))
        }
        _ => workspace::target(),
    }
}

/// A cargo command over the whole workspace that builds to `target`.
pub(crate) fn over_all(command: &str, target: &Path) -> Command {
    let mut cargo = cargo(command, target);
    cargo.arg("--workspace");
    cargo
}

/// A cargo command over these crates that builds to `target`.
fn over(command: &str, crates: &[String], target: &Path) -> Command {
    let mut cargo = cargo(command, target);
    for name in crates {
        cargo.args(["--package", name]);
    }
    cargo
}

fn cargo(command: &str, target: &Path) -> Command {
    let mut cargo = sh::cargo();
    cargo.arg(command).env("CARGO_TARGET_DIR", target);
    if is_ci() {
        // Nothing is built twice there, and the lock file is what is tested.
        cargo.arg("--locked").env("CARGO_INCREMENTAL", "0");
    }
    cargo
}

fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| value == "true")
}

/// The same command, ended when it hangs or when we end.
fn tied(cargo: &Command) -> Command {
    let mut command = sh::tied("timeout");
    command.args(["--kill-after=30s", LIMIT]).arg(cargo.get_program()).args(cargo.get_args());
    for (name, value) in cargo.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// Tells the tests where browser and peers are.
fn announce(command: &mut Command, peers: &Peers) {
    command.env("LP_NODE_MODULES", &peers.modules);
    for (name, program) in [("LP_CHROMIUM", "chromium"), ("LP_CHROMEDRIVER", "chromedriver")] {
        if let Some(path) = sh::find(program) {
            command.env(name, path);
        }
    }
    if let Some(folder) = &peers.node {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(folder.clone()).chain(env::split_paths(&path));
        if let Ok(path) = env::join_paths(folders) {
            command.env("PATH", path);
        }
    }
}

/// Runs the tests, passes on what they print, and counts.
fn watch(command: &mut Command, tally: &mut Tally) -> Result<()> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().context("the tests print nowhere")?;
    let failed_before = tally.failed;
    let mut shown = std::io::stdout().lock();
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        tally.read(&String::from_utf8_lossy(&line));
        shown.write_all(&line)?;
        shown.write_all(b"\n")?;
    }
    let status = child.wait()?;
    if status.code() == Some(124) {
        eprintln!("the tests were ended after {LIMIT}: one hangs");
    }
    if !status.success() && tally.failed == failed_before {
        // A program crashed, or a build broke: no test says so, and it is a failure all the same.
        tally.failed += 1;
    }
    Ok(())
}

/// The stores that the tests use.
struct Stores {
    single: redis::Redis,
    cluster: redis::cluster::Cluster,
    sentinel: redis::Redis,
    postgres: postgres::Postgres,
}

impl Stores {
    fn start(folder: &Path) -> Result<Self> {
        let room = |name: &str| -> Result<PathBuf> {
            let room = folder.join(name);
            fs::create_dir(&room)?;
            Ok(room)
        };
        Ok(Self {
            single: redis::single(&room("redis")?)?,
            cluster: redis::cluster::cluster(&room("redis-cluster")?)?,
            sentinel: redis::sentinel(&room("redis-sentinel")?)?,
            postgres: postgres::start(folder)?,
        })
    }

    fn variables(&self) -> [(&'static str, &OsStr); 5] {
        [
            ("LP_TEST_REDIS", self.single.url.as_ref()),
            ("LP_TEST_REDIS_CLUSTER", self.cluster.urls.as_ref()),
            ("LP_TEST_REDIS_CA", self.cluster.ca.as_ref()),
            ("LP_TEST_REDIS_SENTINEL", self.sentinel.url.as_ref()),
            ("LP_TEST_POSTGRES", self.postgres.url.as_ref()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_and_filters_are_chosen() {
        let choice = Choice::read(&["-p", "idp-store", "--", "shelf", "a_code"]).unwrap();
        assert_eq!(choice.crates, ["idp-store"]);
        assert_eq!(choice.filters, ["shelf", "a_code"]);
        assert_eq!(Choice::read(&[]), Some(Choice::default()));
    }

    #[test]
    fn the_product_is_built_apart_from_what_stands_around_it() {
        let check = |crates: &[&str], product: &[&str], around: &[&str]| {
            let packages = ["idp", "idp/store", "tests"].map(|folder| Package {
                name: match folder {
                    "idp" => "idp".to_owned(),
                    other => format!("idp-{}", other.trim_start_matches("idp/")),
                },
                manifest_path: Path::new("/root").join(folder).join("Cargo.toml"),
                dependencies: Vec::new(),
            });
            let choice = Choice { crates: crates.to_vec(), filters: Vec::new() };
            assert_eq!(choice.groups(&packages, Path::new("/root")), [product, around]);
        };
        check(&[], &["idp", "idp-store"], &["idp-tests"]);
        check(&["idp-store"], &["idp-store"], &[]);
        check(&["idp-tests"], &["idp"], &["idp-tests"]);
    }

    #[test]
    fn what_is_not_understood_is_not_run() {
        assert_eq!(Choice::read(&["shelf"]), None);
        assert_eq!(Choice::read(&["-p"]), None);
    }
}
