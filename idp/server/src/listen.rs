//! Listeners: accept, speak HTTP/1 and HTTP/2, with TLS or without, and stop gently.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto,
        graceful::{GracefulShutdown, Watcher},
    },
};
use idp_web::middleware::address::Peer;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// How long a client has for the headers of a request, and for a TLS handshake.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long requests that are under way have when the node stops.
const GRACE: Duration = Duration::from_secs(10);
/// Streams at once on one HTTP/2 connection.
const MAX_STREAMS: u32 = 100;
/// Streams that a peer may take back before its connection is closed (CVE-2023-44487).
const MAX_RESETS: usize = 20;

/// A listener that is bound and not yet served.
pub(crate) struct Listener {
    socket: TcpListener,
    tls: Option<TlsAcceptor>,
    connections: Arc<Semaphore>,
}

impl Listener {
    /// Binds `address`.
    pub(crate) async fn bind(
        address: SocketAddr,
        tls: Option<Arc<rustls::ServerConfig>>,
        connections: usize,
    ) -> io::Result<Self> {
        let socket = TcpListener::bind(address).await?;
        let tls = tls.map(TlsAcceptor::from);
        Ok(Self { socket, tls, connections: Arc::new(Semaphore::new(connections)) })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves what is behind `gate` until `stop` is true, then finishes what is under way.
    pub(crate) async fn serve(self, gate: Gate, mut stop: watch::Receiver<bool>) {
        let graceful = GracefulShutdown::new();
        loop {
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, most likely: a moment may bring some back.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            let Ok(permit) = Arc::clone(&self.connections).try_acquire_owned() else {
                metrics::counter!("idp_connections_refused_total").increment(1);
                continue;
            };
            let gate = gate.clone();
            let watcher = graceful.watcher();
            let tls = self.tls.clone();
            tokio::spawn(async move {
                let _ = stream.set_nodelay(true);
                match tls {
                    Some(tls) => {
                        if let Some(stream) = shake_hands(&tls, stream).await {
                            converse(stream, peer, gate, watcher, permit).await;
                        }
                    }
                    None => converse(stream, peer, gate, watcher, permit).await,
                }
            });
        }
        drop(self.socket);
        if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
            tracing::warn!("requests were still under way when the node stopped");
        }
    }
}

/// What is served, once it is there; until then everybody is asked to come again.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<OnceLock<Router>>);

impl Gate {
    /// A gate that is open from the start.
    pub(crate) fn open(router: Router) -> Self {
        let gate = Self::default();
        gate.set(router);
        gate
    }

    /// Opens the gate.
    pub(crate) fn set(&self, router: Router) {
        let _ = self.0.set(router);
    }
}

fn not_ready() -> Response {
    let text = "The sign-in service is starting. Try again in a moment.\n";
    let headers = [(header::RETRY_AFTER, "5"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, text).into_response()
}

async fn shake_hands(
    tls: &TlsAcceptor,
    stream: TcpStream,
) -> Option<tokio_rustls::server::TlsStream<TcpStream>> {
    match tokio::time::timeout(PATIENCE, tls.accept(stream)).await {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            tracing::debug!(%error, "a TLS handshake failed");
            None
        }
        Err(_) => None,
    }
}

async fn converse<S>(
    stream: S,
    peer: SocketAddr,
    gate: Gate,
    watcher: Watcher,
    permit: OwnedSemaphorePermit,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        let router = gate.0.get().cloned();
        async move {
            match router {
                Some(router) => router.oneshot(request).await,
                None => Ok(not_ready()),
            }
        }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_headers(64)
        .max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        .max_pending_accept_reset_streams(MAX_RESETS)
        .max_header_list_size(64 * 1024)
        .keep_alive_interval(Duration::from_secs(30));
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    let connection = watcher.watch(connection);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection ended badly");
    }
    drop(permit);
}
