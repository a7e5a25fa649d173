//! Programs and services that the tests need besides the product, and what happens without them.
//!
//! `LP_…` variables name them; a program is also looked for on the `PATH`.
//! A missing one skips its tests with a line of output, and fails them where `CI=true`.

use std::env;
use std::path::{Path, PathBuf};

/// The built `idp`: `LP_IDP_BIN`, else the workspace's debug build, else its release build.
pub fn idp() -> PathBuf {
    if let Some(path) = env::var_os("LP_IDP_BIN") {
        return PathBuf::from(path);
    }
    let target = env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    ["debug", "release"]
        .map(|profile| target.join(profile).join("idp"))
        .into_iter()
        .find(|path| path.exists())
        .expect("the idp binary: set LP_IDP_BIN, or build it with `cargo build -p idp`")
}

/// A program by its variable or on the `PATH`.
pub fn program(variable: &str, name: &str) -> Option<PathBuf> {
    if let Some(path) = env::var_os(variable) {
        return Some(PathBuf::from(path));
    }
    let path = env::var_os("PATH")?;
    let found = env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin"), PathBuf::from("/usr/local/bin")])
        .map(|folder| folder.join(name))
        .find(|file| file.is_file());
    found.or_else(|| missing(name, variable))
}

/// The address of a service that somebody else started, such as `LP_TEST_POSTGRES`.
pub fn service(variable: &str, what: &str) -> Option<String> {
    env::var(variable).ok().filter(|url| !url.is_empty()).or_else(|| missing(what, variable))
}

/// The folder of the Node peers, once their packages are installed.
pub fn node_peers() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    if folder.join("node_modules/oidc-provider").is_dir() {
        return Some(folder);
    }
    missing("the Node peers' packages", "npm install --no-package-lock in tests/peers")
}

/// The interpreter that has the Python peers' packages, and the folder of those peers.
pub fn python_peers() -> Option<(PathBuf, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let python = folder.join(".venv/bin/python");
    if python.is_file() {
        return Some((python, folder));
    }
    missing("the Python peers' packages", "pip install -r tests/peers/requirements.txt in .venv")
}

/// A file or folder that a Debian package brings.
pub fn debian(path: &str, package: &str) -> Option<PathBuf> {
    let path = PathBuf::from(path);
    if path.exists() { Some(path) } else { missing(package, "apt-get install") }
}

fn missing<T>(what: &str, variable: &str) -> Option<T> {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    assert!(!in_ci(), "{test}: {what} is missing ({variable}), and CI=true allows no skipping");
    println!("skipped {test}: {what} is missing ({variable})");
    None
}

/// Whether a missing tool is a failure.
pub fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true")
}
