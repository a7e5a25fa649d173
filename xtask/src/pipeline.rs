//! What runs before a commit, and what CI runs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::sh::{self, step};
use crate::workspace::{self, Package};
use crate::{docs, spec, suite, walls};

/// Format, walls, clippy, and the tests of the crates with changes.
pub(crate) fn ready() -> Result<()> {
    let target = workspace::target()?;
    step("format", format)?;
    step("walls", walls::run)?;
    step("clippy", || clippy(&target))?;
    let touched = touched()?;
    if touched.is_empty() {
        println!("no crate is touched");
        return Ok(());
    }
    step(&format!("test {}", touched.join(" ")), || {
        let mut command = sh::cargo();
        command.arg("test");
        for name in &touched {
            command.args(["--package", name]);
        }
        sh::run(&mut command)
    })
}

/// Every check, then every test. All run, whatever fails before them, so that one run tells all.
pub(crate) fn ci() -> Result<()> {
    let target = suite::target()?;
    let _alone = suite::alone(&target)?;
    let mut failed = Vec::new();
    let mut check = |title: &'static str, work: &dyn Fn() -> Result<()>| {
        if step(title, work).is_err() {
            failed.push(title);
        }
    };
    check("format", &format);
    check("walls", &walls::run);
    check("spec", &|| spec::run(spec::Floor::Keep));
    check("docs", &docs::check);
    if target != workspace::target()? {
        // What earlier clones left behind there is never used again, and would pile up.
        check("clean", &|| sh::run(&mut suite::over_all("clean", &target)));
    }
    check("clippy", &|| clippy(&target));
    check("tests", &|| suite::run_alone(&suite::Choice::default()));
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn format() -> Result<()> {
    sh::run(sh::cargo().args(["fmt", "--all", "--check"]))
}

fn clippy(target: &Path) -> Result<()> {
    let mut command = suite::over_all("clippy", target);
    sh::run(command.args(["--all-targets", "--quiet", "--", "-D", "warnings"]))
}

/// The names of the crates with changes since the last commit. The crate of the whole-system
/// tests is left to `cargo xtask test`, which starts what it needs.
fn touched() -> Result<Vec<String>> {
    let root = workspace::root()?;
    let mut command = Command::new("git");
    command.args(["status", "--porcelain", "-z", "--untracked-files=all"]).current_dir(&root);
    let status = sh::read(&mut command)?;
    let files: Vec<PathBuf> = status.split('\0').filter_map(changed_file).collect();
    let packages = workspace::packages()?;
    let mut names = BTreeSet::new();
    for file in &files {
        names.extend(owner(&packages, &root.join(file)).map(|package| package.name.clone()));
    }
    names.remove("idp-tests");
    Ok(names.into_iter().collect())
}

/// The file in one entry of `git status --porcelain -z`; the old name of a moved one is bare.
fn changed_file(entry: &str) -> Option<PathBuf> {
    match entry.get(2..3) {
        Some(" ") => entry.get(3..).map(PathBuf::from),
        _ => None,
    }
}

fn owner<'a>(packages: &'a [Package], file: &Path) -> Option<&'a Package> {
    packages.iter().find(|package| {
        package.manifest_path.parent().is_some_and(|folder| file.starts_with(folder))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_is_read_from_its_entry() {
        assert_eq!(changed_file(" M idp/a.rs"), Some(PathBuf::from("idp/a.rs")));
        assert_eq!(changed_file("?? idp/new.rs"), Some(PathBuf::from("idp/new.rs")));
        assert_eq!(changed_file(""), None);
    }
}
