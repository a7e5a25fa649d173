//! Redis as the tests need it: one alone, a cluster of three, and a replicated pair under the eyes
//! of three sentinels. Nothing is written to disk but what a cluster and sentinels insist on.

pub(crate) mod cluster;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use super::{PATIENCE, Running, free_ports};
use crate::sh;

/// The name under which the sentinels know the pair.
const PAIR: &str = "main";

/// Redis servers that run, and the URL under which the broker finds them.
pub(crate) struct Redis {
    pub(crate) url: String,
    #[expect(dead_code, reason = "held so that they end when this does")]
    servers: Vec<Running>,
}

/// One server alone.
pub(crate) fn single(folder: &Path) -> Result<Redis> {
    let [port] = free_ports()?;
    let server = server(folder, port, &[])?;
    Ok(Redis { url: url(port), servers: vec![server] })
}

/// A master, its replica, and three sentinels that agree by two.
pub(crate) fn sentinel(folder: &Path) -> Result<Redis> {
    let [master, replica, sentinels @ ..]: [u16; 5] = free_ports()?;
    let mut servers = vec![server(folder, master, &[])?];
    let of = format!("127.0.0.1 {master}");
    servers.push(server(folder, replica, &["--replicaof", &of])?);
    wait_for("the replica", || {
        Ok(Door::plain(replica).ask(&["info", "replication"])?.contains("master_link_status:up"))
    })?;
    for port in sentinels {
        let file = folder.join(format!("sentinel-{port}.conf"));
        let settings = format!(
            "sentinel monitor {PAIR} 127.0.0.1 {master} 2\n\
             sentinel down-after-milliseconds {PAIR} 1000\n\
             sentinel failover-timeout {PAIR} 5000\n"
        );
        fs::write(&file, settings)?;
        let file = file.to_str().context("the temporary folder's name is no text")?;
        servers.push(start(folder, &Door::plain(port), &[file], &["--sentinel"])?);
    }
    for port in sentinels {
        wait_for("the sentinels", || {
            let seen = Door::plain(port).ask(&["sentinel", "master", PAIR])?;
            Ok(value(&seen, "num-other-sentinels") == Some("2")
                && value(&seen, "num-slaves") == Some("1"))
        })?;
    }
    let hosts: Vec<_> = sentinels.iter().map(|port| format!("127.0.0.1:{port}")).collect();
    Ok(Redis { url: format!("redis+sentinel://{}/{PAIR}", hosts.join(",")), servers })
}

/// The arguments that every server of ours has.
pub(crate) fn arguments(folder: &Path, port: u16) -> Result<Vec<String>> {
    let folder = folder.to_str().context("the temporary folder's name is no text")?;
    let port = port.to_string();
    let log = format!("redis-{port}.log");
    let pairs = [
        ("--port", port.as_str()),
        ("--bind", "127.0.0.1"),
        ("--dir", folder),
        ("--logfile", &log),
    ];
    Ok(pairs.iter().flat_map(|(name, value)| [(*name).to_owned(), (*value).to_owned()]).collect())
}

pub(crate) fn url(port: u16) -> String {
    format!("redis://127.0.0.1:{port}/")
}

/// How a server is reached by its administrator.
pub(crate) struct Door {
    port: u16,
    /// Whom to trust, where there is TLS.
    ca: Option<PathBuf>,
}

impl Door {
    pub(crate) fn plain(port: u16) -> Self {
        Self { port, ca: None }
    }

    /// Sends one command and returns the answer as `redis-cli` prints it.
    pub(crate) fn ask(&self, words: &[&str]) -> Result<String> {
        let mut command = Command::new("redis-cli");
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string()]);
        if let Some(ca) = &self.ca {
            command.args(["--tls", "--cacert"]).arg(ca);
        }
        let answer = sh::read(command.args(words))?;
        ensure!(!answer.starts_with("ERR"), "redis refused {words:?}: {answer}");
        Ok(answer)
    }
}

fn server(folder: &Path, port: u16, settings: &[&str]) -> Result<Running> {
    let memory_only = ["--save", "", "--appendonly", "no"];
    start(folder, &Door::plain(port), &[], &[&memory_only[..], settings].concat())
}

fn start(folder: &Path, door: &Door, files: &[&str], settings: &[&str]) -> Result<Running> {
    let mut command = sh::tied("redis-server");
    // Behind TLS, the port stands in the file.
    let port = if door.ca.is_some() { 0 } else { door.port };
    command.args(files).args(arguments(folder, port)?).args(settings);
    let mut running = Running::start(&mut command)?;
    let pongs = || door.ask(&["ping"]).is_ok_and(|pong| pong == "PONG\n");
    running.wait_until("redis-server", pongs)?;
    Ok(running)
}

fn wait_for(what: &str, mut ready: impl FnMut() -> Result<bool>) -> Result<()> {
    let start = Instant::now();
    while !ready()? {
        if start.elapsed() > PATIENCE {
            bail!("{what}: not formed after {} s", PATIENCE.as_secs());
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// The line after `name`, as `redis-cli` prints a list of pairs.
fn value<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = list.lines();
    lines.find(|line| *line == name)?;
    lines.next()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::stores::Folder;

    /// Starts what `start` starts, or says that it cannot be tried here.
    pub(crate) fn started<T>(start: impl Fn(&Path) -> Result<T>) -> Option<(T, Folder)> {
        if sh::find("redis-server").is_none() {
            eprintln!("skipped: no redis-server on this machine");
            return None;
        }
        let folder = Folder::new("xtask").unwrap();
        Some((start(folder.path()).unwrap(), folder))
    }

    /// The ports in a URL, or in a list of them.
    pub(crate) fn ports(url: &str) -> Vec<u16> {
        let mut numbers = url.split(|letter: char| !letter.is_ascii_digit());
        numbers.by_ref().filter_map(|text| text.parse().ok()).filter(|port| *port > 1023).collect()
    }

    #[test]
    fn a_sentinel_knows_the_master_of_the_pair() {
        let Some((redis, _folder)) = started(sentinel) else { return };
        let ports = ports(&redis.url);
        assert_eq!(ports.len(), 3, "{}", redis.url);
        let master =
            Door::plain(ports[1]).ask(&["sentinel", "get-master-addr-by-name", PAIR]).unwrap();
        let master = master.lines().last().unwrap().parse().unwrap();
        assert!(Door::plain(master).ask(&["role"]).unwrap().starts_with("master"));
    }

    #[test]
    fn a_server_ends_with_its_owner() {
        let Some((redis, _folder)) = started(single) else { return };
        let port = ports(&redis.url)[0];
        assert_eq!(Door::plain(port).ask(&["ping"]).unwrap(), "PONG\n");
        drop(redis);
        assert!(Door::plain(port).ask(&["ping"]).is_err());
    }

    #[test]
    fn a_value_follows_its_name() {
        let list = "name\nmain\nnum-slaves\n1\n";
        assert_eq!(value(list, "num-slaves"), Some("1"));
        assert_eq!(value(list, "quorum"), None);
    }
}
