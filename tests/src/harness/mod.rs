//! Starting, driving and inspecting the product from outside.

pub mod authenticator;
pub mod balancer;
pub mod browser;
pub mod ceremony;
pub mod command;
pub mod cookies;
pub mod database;
pub mod federation;
pub mod http;
pub mod jose;
pub mod page;
pub mod ports;
pub mod process;
pub mod redis;
pub mod rp;
pub mod server;
pub mod tools;
pub mod totp;

use std::future::Future;
use std::path::PathBuf;
use std::sync::LazyLock;

use tokio::runtime::{Builder, Runtime};

/// The one runtime of the test binary: servers and peers that several tests share live on it.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_multi_thread().worker_threads(4).enable_all().build().expect("a runtime")
});

/// Runs the body of a test on the runtime that all tests share.
pub fn run<F: Future>(body: F) -> F::Output {
    RUNTIME.block_on(body)
}

/// Where the tests leave what a person may want to look at: logs and screenshots.
pub fn output(folder: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("output").join(folder);
    std::fs::create_dir_all(&path).expect("a folder under tests/output");
    path
}
