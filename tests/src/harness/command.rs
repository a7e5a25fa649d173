//! The command line of `idp`: one command, its output, its exit status.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::Command;

use super::tools;

/// How a command ended.
#[derive(Debug, Clone)]
pub struct Ended {
    /// The exit status; none when a signal ended it.
    pub status: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// How long it took.
    pub took: Duration,
}

impl Ended {
    /// Panics unless it exited with 0.
    #[expect(clippy::return_self_not_must_use, reason = "most callers want the check alone")]
    pub fn ok(self) -> Self {
        assert_eq!(self.status, Some(0), "{self:?}");
        self
    }

    /// Checks that it failed with `status`, having logged before; returns the last line.
    pub fn last_line(&self, status: i32) -> &str {
        assert_eq!(self.status, Some(status), "{self:?}");
        self.err.lines().rfind(|line| !line.trim().is_empty()).expect("a line that says why")
    }

    /// Checks that it failed with `status` and one line of text on standard error; returns it.
    pub fn one_line(&self, status: i32) -> &str {
        assert_eq!(self.status, Some(status), "{self:?}");
        let lines: Vec<_> = self.err.lines().filter(|line| !line.trim().is_empty()).collect();
        assert_eq!(lines.len(), 1, "one clear line: {self:?}");
        lines[0]
    }
}

/// No command takes longer, but one that serves when it should not.
const LIMIT: Duration = Duration::from_mins(1);

/// Runs `idp` with these arguments in `folder`, with these additions to its environment.
pub async fn idp(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Ended {
    let mut command = Command::new(tools::idp());
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).kill_on_drop(true);
    command.env_remove("RUST_LOG").envs(environment.iter().copied());
    let start = Instant::now();
    let output = tokio::time::timeout(LIMIT, command.output()).await;
    let output = output.unwrap_or_else(|_| panic!("idp {arguments:?} did not end"));
    let output = output.expect("idp to start");
    Ended {
        status: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
        took: start.elapsed(),
    }
}
