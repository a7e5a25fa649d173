//! A certificate for servers on this machine, and the CA that signed it. Valid for two days.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::sh;

const KEY: [&str; 5] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/// Files in PEM.
pub(super) struct Certificate {
    pub(super) ca: PathBuf,
    pub(super) chain: PathBuf,
    pub(super) key: PathBuf,
}

/// Makes a CA and a certificate for `127.0.0.1` in `folder`.
pub(super) fn make(folder: &Path) -> Result<Certificate> {
    let run = |words: &[&str]| {
        sh::read(Command::new("openssl").args(words).current_dir(folder)).map(|_printed| ())
    };
    fs::write(folder.join("extensions"), "subjectAltName=IP:127.0.0.1\n")?;
    let ca = ["req", "-x509", "-days", "2", "-subj", "/CN=test CA"];
    run(&[&ca[..], &KEY, &["-keyout", "ca.key", "-out", "ca.pem"]].concat())?;
    let request = ["req", "-subj", "/CN=server"];
    run(&[&request[..], &KEY, &["-keyout", "server.key", "-out", "server.csr"]].concat())?;
    let sign = ["x509", "-req", "-days", "2", "-in", "server.csr", "-out", "server.pem"];
    let by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "extensions"];
    run(&[&sign[..], &by].concat())?;
    Ok(Certificate {
        ca: folder.join("ca.pem"),
        chain: folder.join("server.pem"),
        key: folder.join("server.key"),
    })
}
