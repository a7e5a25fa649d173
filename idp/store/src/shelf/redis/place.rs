//! Where Redis is, as the configuration says it: one node, a cluster, or sentinels that know the
//! master. Errors and `Debug` never show a password.

use redis::{
    Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, ProtocolVersion,
    RedisConnectionInfo, RedisResult, TlsCertificates,
};

/// Where Redis is and how to reach it.
#[derive(Clone, Debug)]
pub struct RedisPlace {
    pub(super) topology: Topology,
    pub(super) ca: Option<TlsCertificates>,
}

#[derive(Clone, Debug)]
pub(super) enum Topology {
    Single(ConnectionInfo),
    Cluster(Vec<ConnectionInfo>),
    Sentinels(Sentinels),
}

/// Sentinels, and which master to ask them for.
#[derive(Clone, Debug)]
pub(super) struct Sentinels {
    pub(super) nodes: Vec<ConnectionInfo>,
    pub(super) master: String,
    secure: bool,
    settings: RedisConnectionInfo,
}

/// Why a place could not be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// No URL was given.
    #[error("no Redis URL was given")]
    Missing,
    /// A URL could not be read. It is not shown, as it may hold a password.
    #[error("Redis URL {number} is not understood: {why}")]
    Url {
        /// Which one, counted from 1.
        number: usize,
        /// What is wrong with it.
        why: String,
    },
    /// Several URLs mean a cluster, and sentinels are named in one URL.
    #[error(
        "several Redis URLs mean a cluster; name all sentinels in one URL: \
             redis+sentinel://host:port,host:port/master"
    )]
    Mixed,
    /// The private CA is not a list of certificates in PEM.
    #[error("the private CA for Redis holds no certificate in PEM: {why}")]
    Ca {
        /// What is wrong with it.
        why: String,
    },
}

impl RedisPlace {
    /// Reads one URL of a node (`redis://`, `rediss://`), several of a cluster's nodes, or one
    /// that names sentinels: `redis+sentinel://[user:password@]host:port,host:port/master[/db]`
    /// (`rediss+sentinel://` for TLS to the sentinels and to the master).
    ///
    /// `ca` is the PEM of private CAs that alone are trusted for TLS; without it, the system's are.
    pub fn parse(urls: &[&str], ca: Option<&[u8]>) -> Result<Self, PlaceError> {
        use_our_provider();
        let ca = ca.map(private_ca).transpose()?;
        let topology = match urls {
            [] => return Err(PlaceError::Missing),
            [url] if is_sentinel(url) => Topology::Sentinels(
                sentinels(url).map_err(|why| PlaceError::Url { number: 1, why })?,
            ),
            [url] => Topology::Single(node(url).map_err(|why| PlaceError::Url { number: 1, why })?),
            urls if urls.iter().any(|url| is_sentinel(url)) => return Err(PlaceError::Mixed),
            urls => Topology::Cluster(
                urls.iter()
                    .zip(1..)
                    .map(|(url, number)| node(url).map_err(|why| PlaceError::Url { number, why }))
                    .collect::<Result<_, _>>()?,
            ),
        };
        Ok(Self { topology, ca })
    }

    /// A client for one node of this place.
    pub(super) fn client(&self, node: ConnectionInfo) -> RedisResult<Client> {
        match (&self.ca, node.addr()) {
            (Some(ca), ConnectionAddr::TcpTls { .. }) => Client::build_with_tls(node, ca.clone()),
            _ => Client::open(node),
        }
    }
}

impl Sentinels {
    /// How to reach the master at an address that a sentinel gave.
    pub(super) fn master_at(&self, host: &str, port: u16) -> RedisResult<ConnectionInfo> {
        let host = host.to_owned();
        let addr = if self.secure {
            ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None }
        } else {
            ConnectionAddr::Tcp(host, port)
        };
        let info = addr.into_connection_info()?.set_redis_settings(self.settings.clone());
        Ok(prompt(info))
    }

    /// The credentials of the master, for sentinels that ask for some.
    pub(super) fn with_credentials(&self, node: ConnectionInfo) -> ConnectionInfo {
        let settings = self.settings.clone().set_db(0).set_protocol(ProtocolVersion::RESP2);
        node.set_redis_settings(settings)
    }
}

fn is_sentinel(url: &str) -> bool {
    url.starts_with("redis+sentinel://") || url.starts_with("rediss+sentinel://")
}

fn node(url: &str) -> Result<ConnectionInfo, String> {
    if !url.starts_with("redis://") && !url.starts_with("rediss://") {
        return Err("it begins with none of redis://, rediss://, redis+sentinel://".to_owned());
    }
    if url.contains('#') {
        return Err("it has a fragment; certificate checks cannot be switched off".to_owned());
    }
    let info = url.into_connection_info().map_err(|error| described(&error))?;
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    Ok(prompt(info.set_redis_settings(settings)))
}

fn sentinels(url: &str) -> Result<Sentinels, String> {
    let secure = url.starts_with("rediss");
    let scheme = if secure { "rediss" } else { "redis" };
    let (_, rest) = url.split_once("://").unwrap_or_default();
    let (authority, path) = rest.split_once('/').ok_or("it names no master after a slash")?;
    let (credentials, hosts) = match authority.rsplit_once('@') {
        Some((credentials, hosts)) => (format!("{credentials}@"), hosts),
        None => (String::new(), authority),
    };
    let (master, db) = path.split_once('/').unwrap_or((path, ""));
    if master.is_empty() || master.contains(['?', '#']) {
        return Err("the master's name is missing or has a '?' or '#' in it".to_owned());
    }
    let nodes = hosts
        .split(',')
        .map(|host| {
            if host.is_empty() {
                return Err("a sentinel's host is empty".to_owned());
            }
            let port = if host.ends_with(']') || !host.contains(':') { ":26379" } else { "" };
            let node = node(&format!("{scheme}://{host}{port}"))?;
            let settings = node.redis_settings().clone().set_protocol(ProtocolVersion::RESP2);
            Ok(node.set_redis_settings(settings))
        })
        .collect::<Result<Vec<_>, String>>()?;
    let sample = node(&format!("{scheme}://{credentials}localhost/{db}"))?;
    let settings = sample.redis_settings().clone();
    Ok(Sentinels { nodes, master: master.to_owned(), secure, settings })
}

/// Small messages that somebody waits for: no delay, and a dead peer is noticed.
fn prompt(info: ConnectionInfo) -> ConnectionInfo {
    let settings = info
        .tcp_settings()
        .clone()
        .set_nodelay(true)
        .set_user_timeout(std::time::Duration::from_secs(5));
    info.set_tcp_settings(settings)
}

fn private_ca(pem: &[u8]) -> Result<TlsCertificates, PlaceError> {
    const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
    if !pem.windows(BEGIN.len()).any(|window| window == BEGIN) {
        return Err(PlaceError::Ca { why: "no BEGIN CERTIFICATE line".to_owned() });
    }
    let ca = TlsCertificates { client_tls: None, root_cert: Some(pem.to_vec()) };
    // Nothing is connected yet: this only reads the certificates.
    Client::build_with_tls("rediss://localhost", ca.clone())
        .map_err(|error| PlaceError::Ca { why: described(&error) })?;
    Ok(ca)
}

/// The redis crate takes the provider that the process installed, and panics when there are two to
/// choose from. Installing ours is a no-op where the process did so already.
fn use_our_provider() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // An error means that another thread was faster, with the same provider.
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    }
}

/// What the redis crate says of a failure, in one line. Its texts name addresses and codes, never
/// credentials.
pub(super) fn described(error: &redis::RedisError) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests;
