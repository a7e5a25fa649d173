//! Where a browser is: the peer, or what a trusted proxy says of it.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use ipnet::IpNet;

/// The address of the other end of the connection. The server puts it into each request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Whom to believe about addresses.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(pub Vec<IpNet>);

impl TrustedProxies {
    fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The address of the browser: the last one in `X-Forwarded-For` that is not a trusted
    /// proxy's, and the peer itself when the peer is not trusted.
    #[must_use]
    pub fn browser(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.trusts(peer) {
            return peer.to_canonical();
        }
        let said: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .into_iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(','))
            .collect();
        let mut nearest = peer;
        // More hops than anybody has are somebody's invention.
        for text in said.iter().rev().take(16) {
            let Ok(address) = text.trim().parse::<IpAddr>() else { break };
            nearest = address;
            if !self.trusts(address) {
                break;
            }
        }
        nearest.to_canonical()
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use http::{HeaderMap, HeaderValue};

    use super::TrustedProxies;

    fn browser(peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
        }
        let trusted = TrustedProxies(vec!["10.0.0.0/8".parse().unwrap()]);
        trusted.browser(peer.parse::<IpAddr>().unwrap(), &headers).to_string()
    }

    #[test]
    fn htt_02_nobody_but_a_trusted_proxy_is_believed() {
        assert_eq!(browser("192.0.2.1", &["203.0.113.9"]), "192.0.2.1");
        assert_eq!(browser("10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(browser("::ffff:10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
    }

    #[test]
    fn what_a_browser_writes_itself_stands_before_what_the_proxy_adds() {
        assert_eq!(browser("10.0.0.1", &["1.2.3.4, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(browser("10.0.0.1", &["1.2.3.4", "203.0.113.9, 10.0.0.2"]), "203.0.113.9");
        assert_eq!(browser("10.0.0.1", &["203.0.113.9, nonsense"]), "10.0.0.1");
        assert_eq!(browser("10.0.0.1", &[]), "10.0.0.1");
    }
}
