//! Sends one request under the policy, and turns whatever happens into an answer or an error.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use http::{HeaderValue, StatusCode};
use reqwest::{Certificate, Client, ClientBuilder, Proxy, redirect};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio::time::Instant;
use url::Url;

use crate::breaker::Change;
use crate::error::{Blame, FetchError};
use crate::peer::{Peer, Peers};
use crate::policy::{HARD_MAX_BODY, Policy};
use crate::request::{Answer, Request};
use crate::resolver::{JudgingResolver, Names};
use crate::target;

/// A request under way.
pub type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Answer, FetchError>> + Send + 'a>>;

/// How long an unused connection is kept, and how many to a host: enough for a burst of logins,
/// and soon nothing.
const IDLE: (Duration, usize) = (Duration::from_secs(30), 4);
/// What HTTP/2 may send ahead of our reading, in bytes: for one answer, and for all on a
/// connection.
const WINDOW: (u32, u32) = (256 * 1024, 1024 * 1024);
/// The most that an answer's headers may take over HTTP/2, in bytes.
const MAX_HEADERS: u32 = 16 * 1024;

/// Sends requests. Cheap to clone; all clones share connections and what is known of peers.
#[derive(Clone)]
pub struct Fetcher {
    shared: Arc<Shared>,
}

struct Shared {
    client: Client,
    policy: Policy,
    peers: Peers,
    /// Where we are ourselves, for who asks us as anybody would.
    ourselves: Option<url::Origin>,
}

impl Fetcher {
    /// A fetcher that keeps to `policy`. Fails if its certificates or its proxy cannot be used.
    pub fn new(policy: Policy) -> Result<Self, FetchError> {
        Self::with_names(policy, Names::System)
    }

    /// A fetcher for what `base` answers, which the configuration names as our own address.
    ///
    /// The operator wrote it down, so that its host may be anywhere, and it is reached directly.
    /// Everything else is judged as `policy` says.
    pub fn towards_ourselves(policy: Policy, base: &Url) -> Result<Self, FetchError> {
        let policy = Policy { proxy: None, ..policy };
        Self::build(policy, Names::System, Some(base))
    }

    pub(crate) fn with_names(policy: Policy, names: Names) -> Result<Self, FetchError> {
        Self::build(policy, names, None)
    }

    fn build(policy: Policy, names: Names, ourselves: Option<&Url>) -> Result<Self, FetchError> {
        let trusted = ourselves.or(policy.proxy.as_ref()).map(target::host_text);
        let names = Arc::new(names);
        let resolver = || JudgingResolver {
            allow_loopback: policy.allow_loopback,
            trusted_host: trusted.clone(),
            names: Arc::clone(&names),
        };
        let roots = extra_roots(&policy)?;
        let merged = configure(&policy, resolver())?.tls_certs_merge(roots).build();
        let client = merged.or_else(|error| {
            // A machine without a system store can still reach peers whose authority is configured.
            tracing::warn!(cause = innermost(&error), "no system certificates are trusted");
            trusting_only_extra(&policy, resolver())
        })?;
        let peers = Peers::new(policy.in_flight_per_peer);
        let ourselves = ourselves.map(Url::origin);
        Ok(Self { shared: Arc::new(Shared { client, policy, peers, ourselves }) })
    }

    /// Refuses `url` if it could never be fetched, without asking anyone: for the day it is
    /// registered. A name passes here, and is judged by its addresses when it is fetched.
    pub fn judge(&self, url: &Url) -> Result<(), FetchError> {
        if self.shared.ourselves.as_ref() == Some(&url.origin()) {
            return Ok(());
        }
        target::judge(url, self.shared.policy.allow_loopback)
    }

    /// Whether peers may be on this machine, there also with plain `http`.
    #[must_use]
    pub fn allows_loopback(&self) -> bool {
        self.shared.policy.allow_loopback
    }

    /// Sends `request` to `peer`, and reads the whole answer.
    ///
    /// An answer of any status is an answer, but for a redirect, which the request must take; what
    /// it means is the caller's matter.
    #[must_use]
    pub fn fetch<'a>(&'a self, peer: &'a Peer, request: Request) -> Fetching<'a> {
        Box::pin(async move {
            let result = self.guarded(peer, request).await;
            let outcome = match &result {
                Ok(answer) if answer.status.is_server_error() => "5xx",
                Ok(answer) if answer.status.is_client_error() => "4xx",
                Ok(_) => "2xx",
                Err(error) => error.slug(),
            };
            let peer = peer.label();
            metrics::counter!("idp_fetch_requests_total", "peer" => peer, "outcome" => outcome)
                .increment(1);
            result
        })
    }

    async fn guarded(&self, peer: &Peer, request: Request) -> Result<Answer, FetchError> {
        self.judge(&request.url)?;
        let admission = self.shared.peers.admit(peer, Instant::now()).await?;
        let limit = request.timeout.unwrap_or(self.shared.policy.total_timeout);
        let host = target::host_text(&request.url);
        let result = tokio::time::timeout(limit, self.exchange(request))
            .await
            .unwrap_or(Err(FetchError::Slow { host, limit }));
        let change = match &result {
            Ok(answer) if answer.status.is_server_error() => admission.pass.failed(Instant::now()),
            Err(error) if error.trips_breaker() => admission.pass.failed(Instant::now()),
            // Nothing was sent, so nothing was learnt.
            Err(error) if error.blame() == Blame::Configuration => None,
            _ => admission.pass.succeeded(),
        };
        match change {
            Some(Change::Opened) => tracing::warn!(peer = peer.name(), "circuit opened"),
            Some(Change::Closed) => tracing::info!(peer = peer.name(), "circuit closed"),
            None => {}
        }
        result
    }

    async fn exchange(&self, request: Request) -> Result<Answer, FetchError> {
        let policy = &self.shared.policy;
        let limit = request.max_body.unwrap_or(policy.max_body).min(HARD_MAX_BODY);
        let host = target::host_text(&request.url);
        let takes_redirect = request.takes_redirect;
        let mut outgoing = reqwest::Request::new(request.method, request.url);
        *outgoing.headers_mut() = request.headers;
        outgoing.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if !request.body.is_empty() {
            *outgoing.body_mut() = Some(request.body.into());
        }
        let blame = |error| self.blame(&host, &error);
        let mut incoming = self.shared.client.execute(outgoing).await.map_err(blame)?;
        let status = incoming.status();
        refuse_form(&host, status, takes_redirect, incoming.headers())?;
        let too_large = || FetchError::TooLarge { host: host.clone(), limit };
        let announced = usize::try_from(incoming.content_length().unwrap_or(0));
        let announced = announced.ok().filter(|length| *length <= limit).ok_or_else(too_large)?;
        let mut body = Vec::with_capacity(announced);
        while let Some(chunk) = incoming.chunk().await.map_err(blame)? {
            if chunk.len() > limit - body.len() {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers: std::mem::take(incoming.headers_mut()), body })
    }

    /// Says in our words what the HTTP client reports.
    fn blame(&self, host: &str, error: &reqwest::Error) -> FetchError {
        let mut source: Option<&dyn Error> = Some(error);
        while let Some(current) = source {
            if let Some(ours) = current.downcast_ref::<FetchError>() {
                return ours.clone();
            }
            source = current.source();
        }
        let host = host.to_owned();
        if error.is_timeout() {
            // The total time is ours to watch, so this is the time to connect.
            return FetchError::Slow { host, limit: self.shared.policy.connect_timeout };
        }
        let cause = innermost(error);
        if error.is_connect() {
            FetchError::Unreachable { host, cause }
        } else {
            FetchError::BrokeOff { host, cause }
        }
    }
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetcher").field("policy", &self.shared.policy).finish_non_exhaustive()
    }
}

/// Refuses answers that would send us elsewhere or make us unpack something.
fn refuse_form(
    host: &str,
    status: StatusCode,
    takes_redirect: bool,
    headers: &http::HeaderMap,
) -> Result<(), FetchError> {
    if status.is_redirection() && !takes_redirect {
        return Err(FetchError::Redirected { host: host.to_owned(), status: status.as_u16() });
    }
    let plain = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    if !headers.get_all(CONTENT_ENCODING).iter().all(plain) {
        return Err(FetchError::Encoded { host: host.to_owned() });
    }
    Ok(())
}

fn configure(policy: &Policy, resolver: JudgingResolver) -> Result<ClientBuilder, FetchError> {
    let mut builder = Client::builder()
        .user_agent(policy.user_agent.as_str())
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        // Another crate's choice of features must not switch these on here.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .no_proxy()
        .dns_resolver(resolver)
        .connect_timeout(policy.connect_timeout)
        .pool_idle_timeout(IDLE.0)
        .pool_max_idle_per_host(IDLE.1)
        .http2_initial_stream_window_size(WINDOW.0)
        .http2_initial_connection_window_size(WINDOW.1)
        .http2_max_header_list_size(MAX_HEADERS);
    if let Some(url) = &policy.proxy {
        if !matches!(url.scheme(), "http" | "https") {
            let cause = format!("its scheme is {}, not http or https", url.scheme());
            return Err(FetchError::Proxy { cause });
        }
        let proxy = Proxy::all(url.clone())
            .map_err(|error| FetchError::Proxy { cause: innermost(&error) })?
            .no_proxy(reqwest::NoProxy::from_string("localhost,127.0.0.0/8,::1"));
        builder = builder.proxy(proxy);
    }
    Ok(builder)
}

fn trusting_only_extra(policy: &Policy, resolver: JudgingResolver) -> Result<Client, FetchError> {
    configure(policy, resolver)?
        .tls_certs_only(extra_roots(policy)?)
        .build()
        .map_err(|error| FetchError::Client { cause: innermost(&error) })
}

fn extra_roots(policy: &Policy) -> Result<Vec<Certificate>, FetchError> {
    let mut roots = Vec::new();
    for (index, pem) in policy.extra_ca_pems.iter().enumerate() {
        let unusable = |cause: String| FetchError::ExtraCa { position: index + 1, cause };
        let before = roots.len();
        for der in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let der = der.map_err(|error| unusable(error.to_string()))?;
            let root = Certificate::from_der(&der).map_err(|error| unusable(innermost(&error)))?;
            // The client would say so too, but not which certificate it was.
            RootCertStore::empty().add(der).map_err(|error| unusable(error.to_string()))?;
            roots.push(root);
        }
        if roots.len() == before {
            return Err(unusable("it holds no certificate".to_owned()));
        }
    }
    Ok(roots)
}

/// The innermost cause, which says most, at most 200 characters of it.
fn innermost(error: &dyn Error) -> String {
    let mut current = error;
    while let Some(source) = current.source() {
        current = source;
    }
    current.to_string().chars().take(200).collect()
}

#[cfg(test)]
mod tests;
