//! Three masters that share the slots, behind TLS, with a user of the broker's own that may do
//! what the operators' page says and no more.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::{Door, Running, start, wait_for};
use crate::stores::certificate::{self, Certificate};
use crate::stores::free_ports;

/// The rights of the broker's user, as `docs/operators.md` gives them.
const RIGHTS: &str = "~lp:* +@read +@write +@connection +@scripting +time +cluster|slots \
                      +cluster|nodes +cluster|shards -@dangerous +role +info";

/// What runs, how the broker reaches it, and whom it must trust.
pub(crate) struct Cluster {
    pub(crate) urls: String,
    pub(crate) ca: PathBuf,
    #[expect(dead_code, reason = "held so that they end when this does")]
    servers: Vec<Running>,
}

/// Starts the three and waits until they agree.
pub(crate) fn cluster(folder: &Path) -> Result<Cluster> {
    let certificate = certificate::make(folder)?;
    let ports: [u16; 6] = free_ports()?;
    let (ports, buses) = ports.split_at(3);
    let slots = [("0", "5460"), ("5461", "10922"), ("10923", "16383")];
    let mut servers = Vec::new();
    let mut doors = Vec::new();
    for ((port, bus), (first, last)) in ports.iter().zip(buses).zip(slots) {
        let file = folder.join(format!("node-{port}.conf"));
        fs::write(&file, configuration(&certificate, *port, *bus))?;
        let file = file.to_str().context("the temporary folder's name is no text")?;
        let door = Door { port: *port, ca: Some(certificate.ca.clone()) };
        servers.push(start(folder, &door, &[file], &[])?);
        door.ask(&["cluster", "addslotsrange", first, last])?;
        doors.push(door);
    }
    let (first, others) = doors.split_first().context("three nodes")?;
    for (door, bus) in others.iter().zip(buses.iter().skip(1)) {
        let (port, bus) = (door.port.to_string(), bus.to_string());
        first.ask(&["cluster", "meet", "127.0.0.1", &port, &bus])?;
    }
    for door in &doors {
        wait_for("the cluster", || {
            let state = door.ask(&["cluster", "info"])?;
            Ok(state.contains("cluster_state:ok") && state.contains("cluster_known_nodes:3"))
        })?;
    }
    let urls: Vec<_> =
        ports.iter().map(|port| format!("rediss://broker:broker@127.0.0.1:{port}/")).collect();
    Ok(Cluster { urls: urls.join(","), ca: certificate.ca, servers })
}

fn configuration(certificate: &Certificate, port: u16, bus: u16) -> String {
    let Certificate { ca, chain, key } = certificate;
    let (ca, chain, key) = (ca.display(), chain.display(), key.display());
    format!(
        "port 0\n\
         tls-port {port}\n\
         tls-cert-file {chain}\n\
         tls-key-file {key}\n\
         tls-ca-cert-file {ca}\n\
         tls-auth-clients no\n\
         tls-cluster yes\n\
         cluster-enabled yes\n\
         cluster-config-file nodes-{port}.conf\n\
         cluster-port {bus}\n\
         save \"\"\n\
         user broker on >broker {RIGHTS}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stores::redis::tests::{ports, started};

    #[test]
    fn a_cluster_shares_the_slots_among_three() {
        let Some((cluster, _folder)) = started(cluster) else { return };
        let ports = ports(&cluster.urls);
        assert_eq!(ports.len(), 3, "{}", cluster.urls);
        let door = |at: usize| Door { port: ports[at], ca: Some(cluster.ca.clone()) };
        let slots = door(2).ask(&["cluster", "info"]).unwrap();
        assert!(slots.contains("cluster_slots_ok:16384"), "{slots}");
        assert_eq!(door(0).ask(&["-c", "set", "a-key", "1"]).unwrap(), "OK\n");
    }

    #[test]
    fn the_brokers_user_has_no_more_than_its_rights() {
        let Some((cluster, _folder)) = started(cluster) else { return };
        let door = Door { port: ports(&cluster.urls)[0], ca: Some(cluster.ca.clone()) };
        for (words, expected) in [
            ("flushall", "no permissions"),
            ("config get *", "no permissions"),
            ("get other", "no permissions"),
            ("ping", "PONG"),
        ] {
            let words: Vec<_> = words.split(' ').collect();
            let auth = ["--user", "broker", "--pass", "broker", "--no-auth-warning"];
            let answer = door.ask(&[&auth[..], &words].concat()).unwrap();
            assert!(answer.contains(expected), "{words:?}: {answer}");
        }
    }
}
