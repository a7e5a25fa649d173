//! Child processes that cannot outlive the test binary, with their output in a log.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::output;

/// The logs of this run; an earlier run's are dropped.
static LOGS: LazyLock<PathBuf> = LazyLock::new(|| {
    // There may be none.
    let _ = std::fs::remove_dir_all(output("logs"));
    output("logs")
});

type Birth = (Command, Sender<std::io::Result<Child>>);

/// Starts every child. The kernel ends a child when the *thread* that made it ends
/// (`PR_SET_PDEATHSIG`), so a test's own thread must not be that thread.
static NURSERY: LazyLock<Sender<Birth>> = LazyLock::new(|| {
    let (sender, births) = channel::<Birth>();
    std::thread::spawn(move || {
        for (mut command, reply) in births {
            // A test that gave up waiting is no reason to stop.
            let _ = reply.send(command.spawn());
        }
    });
    sender
});

/// A running program: killed when dropped, and when the test binary ends however it ends.
#[derive(Debug)]
pub struct Process {
    child: Mutex<Child>,
    log: PathBuf,
}

impl Process {
    /// Starts `program` with its output in `tests/output/logs/{name}.log`.
    pub fn start(name: &str, program: &Path, arguments: impl FnOnce(&mut Command)) -> Self {
        // setpriv replaces itself by the program: the pid and the exit status are the program's.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(program);
        arguments(&mut command);
        let log = LOGS.join(format!("{name}.log"));
        let out = File::options().create(true).append(true).open(&log).expect("a log file");
        let err = out.try_clone().expect("a second handle on the log file");
        command.stdin(Stdio::null()).stdout(out).stderr(err);
        let (reply, born) = channel();
        NURSERY.send((command, reply)).expect("the nursery");
        let child = born.recv().expect("the nursery").expect("the program to start");
        Self { child: Mutex::new(child), log }
    }

    /// The operating system's number for it.
    pub fn pid(&self) -> u32 {
        self.child.lock().unwrap_or_else(PoisonError::into_inner).id()
    }

    /// How it ended, if it did.
    pub fn ended(&self) -> Option<ExitStatus> {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        child.try_wait().expect("its state")
    }

    /// Ends it without a chance to say goodbye, as a power cut would.
    pub fn kill(&self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // It may be gone already.
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Sends a signal by name, such as `TERM`.
    pub fn signal(&self, signal: &str) {
        let status = Command::new("kill")
            .arg(format!("-{signal}"))
            .arg(self.pid().to_string())
            .status()
            .expect("kill");
        assert!(status.success(), "could not send {signal} to {}", self.pid());
    }

    /// Waits until it has ended by itself.
    pub async fn wait(&self, at_most: Duration) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                return status;
            }
            assert!(start.elapsed() < at_most, "still running after {at_most:?}: {}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// What it has written so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Resident memory in KiB.
    pub fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()))
            .expect("a running process");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
        line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Asks `probe` again and again, a few milliseconds apart, until it answers.
pub async fn until<T, F: Future<Output = Option<T>>>(
    what: &str,
    at_most: Duration,
    mut probe: impl FnMut() -> F,
) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = probe().await {
            return answer;
        }
        assert!(start.elapsed() < at_most, "{what}: not within {at_most:?}");
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}
