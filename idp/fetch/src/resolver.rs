//! Turns names into addresses, and judges every address before a connection is made to it.
//!
//! The connection goes to the very addresses judged here, so a name that resolves differently a
//! moment later gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::error::FetchError;
use crate::target::{is_localhost, judge_address};

/// The resolver that our HTTP client asks.
pub(crate) struct JudgingResolver {
    pub(crate) allow_loopback: bool,
    /// The name of the proxy, or our own. The operator wrote it down, so its address is not judged.
    pub(crate) trusted_host: Option<String>,
    pub(crate) names: Arc<Names>,
}

/// Where addresses come from.
pub(crate) enum Names {
    /// The operating system.
    System,
    /// A table, and how often it was asked.
    #[cfg(test)]
    Table(std::collections::HashMap<&'static str, Vec<IpAddr>>, std::sync::atomic::AtomicUsize),
}

impl Names {
    async fn find(&self, host: &str) -> Vec<IpAddr> {
        if is_localhost(host) {
            return vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        }
        match self {
            Self::System => tokio::net::lookup_host((host, 0))
                .await
                .map(|found| found.map(|socket| socket.ip()).collect())
                .unwrap_or_default(),
            #[cfg(test)]
            Self::Table(table, asked) => {
                asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                table.get(host).cloned().unwrap_or_default()
            }
        }
    }
}

impl Resolve for JudgingResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let names = Arc::clone(&self.names);
        let allow_loopback = self.allow_loopback;
        let trusted = self.trusted_host.as_deref() == Some(host.as_str());
        Box::pin(async move {
            let found = names.find(&host).await;
            if found.is_empty() {
                return Err(FetchError::Unresolved { host }.into());
            }
            if !trusted {
                // One forbidden address refuses them all: a name that mixes is not one to trust.
                for address in &found {
                    judge_address(&host, *address, allow_loopback)?;
                }
            }
            // Port 0 stands for the URL's own.
            let sockets = found.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(sockets) as Addrs)
        })
    }
}
