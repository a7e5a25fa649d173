//! What can go wrong with a request, who is to blame, and the slug each case is known by.

use std::net::IpAddr;
use std::time::Duration;

use idp_domain::json::JsonError;

/// Why a request brought no answer.
///
/// `Clone`, because callers that share one flight share its failure too. No variant holds a URL
/// beyond its host, nor anything of a body: both may carry secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The URL's scheme is not one that we speak to this host.
    #[error("the scheme {scheme} is not allowed for {host:?}: https is required")]
    SchemeForbidden {
        /// The scheme as parsed.
        scheme: String,
        /// The host, empty if there is none.
        host: String,
    },
    /// The URL holds a user name or a password.
    #[error("a URL with a user name or password is refused (host {host:?})")]
    UserinfoForbidden {
        /// The host.
        host: String,
    },
    /// The host is, or resolved to, an address that we do not connect to.
    #[error("{host:?} leads to {address}, which is {range}")]
    AddressForbidden {
        /// The host as the URL names it.
        host: String,
        /// The first address that was refused.
        address: IpAddr,
        /// What kind of address this is.
        range: &'static str,
    },
    /// The host's name has no address.
    #[error("no address found for {host:?}")]
    Unresolved {
        /// The host as the URL names it.
        host: String,
    },
    /// No connection could be made.
    #[error("cannot connect to {host:?}: {cause}")]
    Unreachable {
        /// The host.
        host: String,
        /// The innermost cause, as the operating system or the TLS stack words it.
        cause: String,
    },
    /// The time for this request ran out.
    #[error("{host:?} took longer than {limit:?}")]
    Slow {
        /// The host.
        host: String,
        /// The limit that was passed.
        limit: Duration,
    },
    /// The connection ended, or its bytes were not HTTP, before the answer was whole.
    #[error("{host:?} broke off: {cause}")]
    BrokeOff {
        /// The host.
        host: String,
        /// The innermost cause.
        cause: String,
    },
    /// The answer is a redirect. They are never followed.
    #[error("{host:?} answered with the redirect {status}")]
    Redirected {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The answer is compressed although we asked for none.
    #[error("{host:?} answered with a content encoding")]
    Encoded {
        /// The host.
        host: String,
    },
    /// The answer is larger than the caller allows.
    #[error("{host:?} answered with more than {limit} bytes")]
    TooLarge {
        /// The host.
        host: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// The answer is not the JSON that was asked for.
    #[error("the answer is not acceptable JSON")]
    NotJson(#[from] JsonError),
    /// As many requests to this peer are under way as we allow.
    #[error("too many requests to {peer} are under way")]
    Crowded {
        /// The peer's name.
        peer: String,
    },
    /// The peer failed often enough that we leave it alone for a while.
    #[error("{peer} failed repeatedly; next attempt in {retry_in:?}")]
    CircuitOpen {
        /// The peer's name.
        peer: String,
        /// When a next attempt is let through.
        retry_in: Duration,
    },
    /// An extra CA certificate cannot be used.
    #[error("extra CA certificate {position} cannot be used: {cause}")]
    ExtraCa {
        /// Which of the configured certificates, from 1.
        position: usize,
        /// What is wrong with it.
        cause: String,
    },
    /// The proxy's URL cannot be used.
    #[error("the outbound proxy cannot be used: {cause}")]
    Proxy {
        /// What is wrong with it.
        cause: String,
    },
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up: {cause}")]
    Client {
        /// What is wrong.
        cause: String,
    },
}

/// Whose matter a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// Our policy or configuration says no; trying again changes nothing.
    Configuration,
    /// The peer is away, slow or overwhelmed; later it may answer.
    PeerAway,
    /// The peer answered, but not as the protocol wants.
    PeerMisbehaved,
}

impl FetchError {
    /// The stable name of this kind of failure, the same in log, metric and handbook.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::SchemeForbidden { .. } => "fetch.scheme_forbidden",
            Self::UserinfoForbidden { .. } => "fetch.userinfo_forbidden",
            Self::AddressForbidden { .. } => "fetch.address_forbidden",
            Self::Unresolved { .. } => "fetch.peer.unresolved",
            Self::Unreachable { .. } => "fetch.peer.unreachable",
            Self::Slow { .. } => "fetch.peer.slow",
            Self::BrokeOff { .. } => "fetch.peer.broke_off",
            Self::Redirected { .. } => "fetch.answer.redirected",
            Self::Encoded { .. } => "fetch.answer.encoded",
            Self::TooLarge { .. } => "fetch.answer.too_large",
            Self::NotJson(_) => "fetch.answer.not_json",
            Self::Crowded { .. } => "fetch.peer.crowded",
            Self::CircuitOpen { .. } => "fetch.peer.circuit_open",
            Self::ExtraCa { .. } => "fetch.config.extra_ca",
            Self::Proxy { .. } => "fetch.config.proxy",
            Self::Client { .. } => "fetch.config.client",
        }
    }

    /// Whose matter this failure is.
    #[must_use]
    pub const fn blame(&self) -> Blame {
        match self {
            Self::SchemeForbidden { .. }
            | Self::UserinfoForbidden { .. }
            | Self::AddressForbidden { .. }
            | Self::ExtraCa { .. }
            | Self::Proxy { .. }
            | Self::Client { .. } => Blame::Configuration,
            Self::Unresolved { .. }
            | Self::Unreachable { .. }
            | Self::Slow { .. }
            | Self::BrokeOff { .. }
            | Self::Crowded { .. }
            | Self::CircuitOpen { .. } => Blame::PeerAway,
            Self::Redirected { .. }
            | Self::Encoded { .. }
            | Self::TooLarge { .. }
            | Self::NotJson(_) => Blame::PeerMisbehaved,
        }
    }

    /// Whether this failure counts towards opening the peer's circuit: it cost us a wait or a
    /// connection, and the next request would likely cost the same.
    pub(crate) const fn trips_breaker(&self) -> bool {
        matches!(
            self,
            Self::Unresolved { .. }
                | Self::Unreachable { .. }
                | Self::Slow { .. }
                | Self::BrokeOff { .. }
        )
    }
}
