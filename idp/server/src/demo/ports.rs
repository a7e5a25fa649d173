//! The ports of the demonstration: all count from one base, so that one number moves them all.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use thiserror::Error;

/// How far from the base the last port lies: each base has so many ports after it.
const SPAN: u16 = 11;
/// How far from the base a developer's port lies.
const DEVELOPER: u16 = 10;
/// Bases for when any will do, each with ports of its own: below those that systems give to
/// outgoing connections, so that none of these takes one away between the look and the start.
const BASES: std::ops::RangeInclusive<u16> = 900..=1_500;
/// How many bases are tried.
const ATTEMPTS: usize = 50;

/// The base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ports(u16);

/// Why the demonstration has no ports.
#[derive(Debug, Error)]
pub(crate) enum PortError {
    /// One is taken, or may not be had.
    #[error(
        "port {port}: {source}; the demonstration needs {base} to {last}: try another --port, \
             or --port 0 for any"
    )]
    Taken {
        /// Which one.
        port: u16,
        /// The first of all.
        base: u16,
        /// The last that is listened on.
        last: u16,
        /// Why not.
        source: std::io::Error,
    },
    /// The last ports would lie beyond the highest.
    #[error("--port {0} is too high: the demonstration needs the eleven after it as well")]
    TooHigh(u16),
    /// All that were tried are taken.
    #[error("no free ports were found; choose some with --port")]
    NoneFree,
    /// Chance is out.
    #[error("the operating system gives no random bytes")]
    Random,
}

impl Ports {
    /// The ports that count from `base`, if all are free.
    pub(crate) fn from_base(base: u16) -> Result<Self, PortError> {
        if base > u16::MAX - SPAN {
            return Err(PortError::TooHigh(base));
        }
        let ports = Self(base);
        ports.try_all().map(|()| ports)
    }

    /// Any ports that are free, and a listener beside them that is the claim to them: of several
    /// demonstrations that look at the same time, each finds others.
    pub(crate) fn any() -> Result<(Self, TcpListener), PortError> {
        let count = BASES.end() - BASES.start();
        for _ in 0..ATTEMPTS {
            let random = idp_broker::random().map_err(|_| PortError::Random)?;
            let step = BASES.start() + u16::from_le_bytes(random) % count;
            let ports = Self(step * (SPAN + 1));
            let claim = TcpListener::bind(address(ports.0 + SPAN));
            if let Ok(claim) = claim
                && ports.try_all().is_ok()
            {
                return Ok((ports, claim));
            }
        }
        Err(PortError::NoneFree)
    }

    /// The ports that count from `base`, whether they are free or not.
    #[cfg(test)]
    pub(crate) fn unbound(base: u16) -> Self {
        Self(base)
    }

    /// Binds every port that will be listened on, and lets go of it: better to say now that one
    /// is taken than when half of the demonstration runs.
    fn try_all(self) -> Result<(), PortError> {
        for port in self.0..=self.last() {
            TcpListener::bind(address(port)).map_err(|source| PortError::Taken {
                port,
                base: self.0,
                last: self.last(),
                source,
            })?;
        }
        Ok(())
    }

    fn last(self) -> u16 {
        self.strict()
    }

    /// Of the broker that everything is about.
    pub(crate) fn broker(self) -> u16 {
        self.0
    }

    /// Of the agency that has a broker of its own, which speaks OpenID Connect.
    pub(crate) fn agency(self) -> u16 {
        self.0 + 1
    }

    /// Of the agency that has a broker of its own, which speaks SAML.
    pub(crate) fn relief(self) -> u16 {
        self.0 + 6
    }

    /// Of the relying parties that speak OpenID Connect.
    pub(crate) fn parties(self) -> [u16; 2] {
        [self.0 + 2, self.0 + 3]
    }

    /// Of the relying party that speaks SAML.
    pub(crate) fn service(self) -> u16 {
        self.0 + 8
    }

    /// Of the relying party that demands two factors.
    pub(crate) fn strict(self) -> u16 {
        self.0 + 9
    }

    /// Of the broker's management listener.
    pub(crate) fn broker_management(self) -> u16 {
        self.0 + 4
    }

    /// Of the agency's management listener.
    pub(crate) fn agency_management(self) -> u16 {
        self.0 + 5
    }

    /// Of the other agency's management listener.
    pub(crate) fn relief_management(self) -> u16 {
        self.0 + 7
    }

    /// Where a developer's own relying party may run. Nothing listens there.
    pub(crate) fn developer(self) -> u16 {
        self.0 + DEVELOPER
    }
}

/// What people call the host on `port`: no slash at the end.
pub(crate) fn origin(port: u16) -> String {
    format!("http://localhost:{port}")
}

/// Where `port` is listened on.
pub(crate) fn address(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

#[cfg(test)]
mod tests {
    use super::{PortError, Ports};

    #[test]
    fn a_port_in_use_is_named_with_a_way_out() {
        let (free, _claim) = Ports::any().unwrap();
        let taken = std::net::TcpListener::bind(("127.0.0.1", free.agency())).unwrap();
        let said = Ports::from_base(free.broker()).unwrap_err().to_string();
        let (port, base) = (free.agency(), free.broker());
        assert!(said.starts_with(&format!("port {port}: Address already in use")), "{said}");
        assert!(said.contains(&format!("needs {base} to {}", base + 9)), "{said}");
        drop(taken);
        assert_eq!(Ports::from_base(base).unwrap(), free);
    }

    #[test]
    fn two_who_look_at_the_same_time_share_no_port() {
        let claims: Vec<_> = (0..40).map(|_| Ports::any().unwrap()).collect();
        let mut bases: Vec<_> = claims.iter().map(|(ports, _)| ports.broker()).collect();
        bases.sort_unstable();
        assert!(bases.windows(2).all(|pair| pair[1] - pair[0] >= 12), "{bases:?}");
    }

    #[test]
    fn a_base_without_room_above_it_is_refused() {
        assert!(matches!(Ports::from_base(65_525), Err(PortError::TooHigh(65_525))));
    }
}
