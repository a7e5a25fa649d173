//! A mail server that is not ours: `PyPI`'s aiosmtpd, a process of its own on a free port.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::{Value, json};

/// Longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running mail server; ends when dropped.
pub(super) struct Peer {
    /// Where it listens on loopback.
    pub(super) port: u16,
    process: Child,
    lines: Receiver<String>,
}

/// A letter as the server got it.
#[derive(Debug)]
pub(super) struct Got(pub(super) Value);

impl Peer {
    /// Starts one; none where its package is missing, which `CI=true` does not allow.
    pub(super) fn start(settings: &Value) -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers");
        let python = folder.join(".venv/bin/python");
        if !python.is_file() {
            assert!(std::env::var("CI").is_err(), "the Python peers' packages are missing");
            eprintln!("skipped: {} is missing", python.display());
            return None;
        }
        let mut process = Command::new(python)
            .arg("-B")
            .arg(folder.join("mail_server.py"))
            .arg(settings.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let output = BufReader::new(process.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let first = lines.recv_timeout(PATIENCE).unwrap();
        let port = first.strip_prefix("ready smtp ").unwrap().parse().unwrap();
        Some(Self { port, process, lines })
    }

    /// The next letter that it accepted.
    pub(super) fn next(&self) -> Got {
        Got(serde_json::from_str(&self.lines.recv_timeout(PATIENCE).unwrap()).unwrap())
    }

    /// The letters that it has accepted since.
    pub(super) fn all(&self) -> Vec<Got> {
        self.lines.try_iter().map(|line| Got(serde_json::from_str(&line).unwrap())).collect()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Got {
    /// Something that the server tells of it.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap()
    }
}

/// A certificate authority, and a certificate of `localhost` that it signed.
pub(super) struct Tls {
    /// The authority's own certificate, in PEM.
    pub(super) ca: String,
    folder: tempfile::TempDir,
}

impl Tls {
    /// A new one.
    pub(super) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &ca).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("cert.pem"), certificate.pem()).unwrap();
        std::fs::write(folder.path().join("key.pem"), key.serialize_pem()).unwrap();
        Self { ca: ca.pem(), folder }
    }

    /// Settings of a server that has this certificate, and knows one user.
    pub(super) fn settings(&self, tls: &str) -> Value {
        let file = |name| self.folder.path().join(name).display().to_string();
        json!({
            "tls": tls,
            "certificate": file("cert.pem"),
            "key": file("key.pem"),
            "user": "broker",
            "password": "pa ss-wörd",
        })
    }
}
