//! The workspace as cargo and git see it: packages, and the files that are ours.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::sh;

/// A member of the workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest_path: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
}

/// What a member names in its `Cargo.toml`, for whatever purpose.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// Present for members of the workspace.
    pub(crate) path: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

/// The root folder of the checkout.
pub(crate) fn root() -> Result<PathBuf> {
    let own = env::var_os("CARGO_MANIFEST_DIR").context("run me as `cargo xtask`")?;
    let root = Path::new(&own).parent().context("xtask lies in the workspace's root")?;
    Ok(root.to_path_buf())
}

/// Every member, with what it depends on.
pub(crate) fn packages() -> Result<Vec<Package>> {
    Ok(metadata()?.packages)
}

/// Where cargo builds to.
pub(crate) fn target() -> Result<PathBuf> {
    Ok(metadata()?.target_directory)
}

fn metadata() -> Result<Metadata> {
    let mut command = sh::cargo();
    command.args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(root()?);
    serde_json::from_str(&sh::read(&mut command)?).context("cargo metadata speaks otherwise")
}

/// The files with this ending that git tracks or would track, relative to the root.
pub(crate) fn files(ending: &str) -> Result<Vec<PathBuf>> {
    let root = root()?;
    let mut command = Command::new("git");
    command
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z", "--"])
        .arg(format!("*{ending}"))
        .current_dir(&root);
    let mut files: Vec<PathBuf> = sh::read(&mut command)?
        .split_terminator('\0')
        .map(PathBuf::from)
        .filter(|file| root.join(file).is_file())
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}
