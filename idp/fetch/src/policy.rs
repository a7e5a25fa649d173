//! What the operator decides about outbound requests, and the limits that nobody can lift.

use std::fmt;
use std::time::Duration;

use url::Url;

/// The most that any caller can allow an answer to be, in bytes.
pub(crate) const HARD_MAX_BODY: usize = 128 * 1024 * 1024;

/// The rules that every request is held to.
#[derive(Clone)]
pub struct Policy {
    /// Whether peers may be on loopback addresses, there also with plain `http`.
    ///
    /// For tests and the demonstration: it opens every service of this machine to whoever can
    /// name a URL.
    pub allow_loopback: bool,
    /// A proxy that every request goes through, but those to loopback.
    ///
    /// The proxy then resolves names, so its own rules decide what a name may lead to. Literal
    /// addresses are judged here all the same.
    pub proxy: Option<Url>,
    /// Certificates of authorities, PEM, trusted beside the system's.
    pub extra_ca_pems: Vec<String>,
    /// The longest that connecting may take: name, TCP and TLS.
    pub connect_timeout: Duration,
    /// The longest that a request may take in all, unless the caller says otherwise.
    pub total_timeout: Duration,
    /// The most bytes that an answer may have, unless the caller says otherwise.
    pub max_body: usize,
    /// How many requests to one peer may be under way.
    pub in_flight_per_peer: usize,
    /// What we call ourselves in `User-Agent`.
    pub user_agent: String,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            allow_loopback: false,
            proxy: None,
            extra_ca_pems: Vec::new(),
            connect_timeout: Duration::from_secs(2),
            total_timeout: Duration::from_secs(5),
            max_body: 256 * 1024,
            in_flight_per_peer: 16,
            user_agent: concat!("laissez-passer/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

impl fmt::Debug for Policy {
    /// Leaves out the proxy's user name and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("allow_loopback", &self.allow_loopback)
            .field("proxy", &self.proxy.as_ref().and_then(Url::host_str))
            .field("extra_ca_pems", &self.extra_ca_pems.len())
            .field("connect_timeout", &self.connect_timeout)
            .field("total_timeout", &self.total_timeout)
            .field("max_body", &self.max_body)
            .field("in_flight_per_peer", &self.in_flight_per_peer)
            .field("user_agent", &self.user_agent)
            .finish()
    }
}
