//! Private stores for tests and development: own folders, free ports, loopback only.

mod certificate;
pub(crate) mod postgres;
pub(crate) mod redis;

use std::env;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};

const PATIENCE: Duration = Duration::from_secs(30);

/// A server process of ours, ended when this is dropped.
pub(crate) struct Running(Child);

impl Running {
    /// Starts a server that dies with us.
    fn start(command: &mut Command) -> Result<Self> {
        let child = command.stdin(process::Stdio::null()).spawn();
        Ok(Self(child.with_context(|| format!("cannot start {command:?}"))?))
    }

    /// Waits until `ready`, as long as the process lives.
    fn wait_until(&mut self, what: &str, mut ready: impl FnMut() -> bool) -> Result<()> {
        let start = Instant::now();
        while !ready() {
            if let Some(status) = self.0.try_wait()? {
                bail!("{what} ended at once with {status}");
            }
            if start.elapsed() > PATIENCE {
                bail!("{what} is not ready after {} s", PATIENCE.as_secs());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nobody is left to tell if this fails; the process is tied to ours in any case.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A folder of our own, removed when this is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes a new folder that others may pass through and not list: PostgreSQL runs as another
    /// user when we are root.
    pub(crate) fn new(purpose: &str) -> Result<Self> {
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
        let name = format!("laissez-passer-{purpose}-{}-{nanos}", process::id());
        let path = env::temp_dir().join(name);
        fs::DirBuilder::new()
            .mode(0o711)
            .create(&path)
            .with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Leaves the folder where it is, for somebody else to remove.
    pub(crate) fn keep(self) -> PathBuf {
        let path = self.0.clone();
        std::mem::forget(self);
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind in the temporary folder harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Different ports that nobody listens on. They are free when this returns; another program could
/// take one before it is used, and whoever uses it then says so.
pub(crate) fn free_ports<const N: usize>() -> Result<[u16; N]> {
    let mut listeners = Vec::new();
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        *port = listener.local_addr()?.port();
        listeners.push(listener);
    }
    Ok(ports)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_ports_differ() {
        let [one, other] = free_ports().unwrap();
        assert_ne!(one, other);
    }

    #[test]
    fn a_folder_goes_with_its_owner() {
        let folder = Folder::new("xtask").unwrap();
        let path = folder.path().to_path_buf();
        fs::write(path.join("file"), "x").unwrap();
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn a_process_that_ends_at_once_is_not_waited_for() {
        let mut child = Running::start(&mut Command::new("false")).unwrap();
        let error = child.wait_until("it", || false).unwrap_err();
        assert!(error.to_string().starts_with("it ended at once"), "{error}");
    }
}
