//! The commit hook: `git commit` runs `cargo xtask ready` first.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{sh, workspace};

const HOOK: &str = "#!/bin/sh\nexec cargo xtask ready\n";

/// Installs the hook, unless another one is there.
pub(crate) fn install() -> Result<()> {
    let root = workspace::root()?;
    let mut command = Command::new("git");
    command.args(["rev-parse", "--git-path", "hooks"]).current_dir(&root);
    let folder = root.join(sh::read(&mut command)?.trim());
    let file = folder.join("pre-commit");
    if file.exists() && fs::read_to_string(&file).ok().as_deref() != Some(HOOK) {
        bail!("{} exists and is not ours; add `cargo xtask ready` to it by hand", file.display());
    }
    fs::create_dir_all(&folder)?;
    fs::write(&file, HOOK).with_context(|| format!("cannot write {}", file.display()))?;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755))?;
    println!("{} runs `cargo xtask ready`; `git commit --no-verify` passes it by", file.display());
    Ok(())
}
