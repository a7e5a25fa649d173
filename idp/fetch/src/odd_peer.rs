//! A server on loopback that answers as its test tells it to, well or oddly.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// A connection, with or without TLS.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// What is done with each request: its number from 0, and the connection to answer on.
pub(crate) type Manner = Arc<dyn Fn(usize, Box<dyn Wire>) -> JoinHandle<()> + Send + Sync>;

pub(crate) struct OddPeer {
    pub(crate) address: SocketAddr,
    pub(crate) ca_pem: String,
    requests: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
    accepting: JoinHandle<()>,
}

impl OddPeer {
    /// Answers every request with these bytes, then closes.
    pub(crate) async fn saying(answer: impl Into<Vec<u8>>) -> Self {
        Self::start(None, bytes(answer)).await
    }

    /// Answers as `manner` does.
    pub(crate) async fn with(manner: Manner) -> Self {
        Self::start(None, manner).await
    }

    /// The same over TLS, with a certificate of its own for `name`.
    pub(crate) async fn tls_saying(name: &str, answer: impl Into<Vec<u8>>) -> Self {
        Self::start(Some(name), bytes(answer)).await
    }

    /// How many requests have arrived.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// The head of the latest request.
    pub(crate) fn latest_head(&self) -> String {
        self.heads.lock().unwrap().last().cloned().unwrap()
    }

    pub(crate) fn url(&self) -> url::Url {
        format!("http://{}/", self.address).parse().unwrap()
    }

    async fn start(tls_name: Option<&str>, manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (tls, ca_pem) = tls_name.map(tls_for).unzip();
        let (requests, heads) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<Vec<_>>>::default());
        let (counted, noted) = (requests.clone(), heads.clone());
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, manner) = (tls.clone(), manner.clone());
                let (counted, noted) = (counted.clone(), noted.clone());
                tokio::spawn(async move {
                    let mut wire: Box<dyn Wire> = match tls {
                        None => Box::new(stream),
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => Box::new(stream),
                            Err(_) => return,
                        },
                    };
                    if let Some(head) = read_head(&mut wire).await {
                        noted.lock().unwrap().push(head);
                        let number = counted.fetch_add(1, Ordering::SeqCst);
                        manner(number, wire).await.unwrap();
                    }
                });
            }
        });
        Self { address, ca_pem: ca_pem.unwrap_or_default(), requests, heads, accepting }
    }
}

impl Drop for OddPeer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// The manner that says `answer` and closes.
pub(crate) fn bytes(answer: impl Into<Vec<u8>>) -> Manner {
    let answer: Arc<[u8]> = answer.into().into();
    Arc::new(move |_, mut wire| {
        let answer = answer.clone();
        tokio::spawn(async move {
            // The client may have hung up by now, and may.
            let _ = wire.write_all(&answer).await;
            let _ = wire.shutdown().await;
        })
    })
}

/// The manner that says `answer` and then keeps the connection without another word.
pub(crate) fn hanging_after(answer: &'static [u8]) -> Manner {
    Arc::new(move |_, mut wire| {
        tokio::spawn(async move {
            let _ = wire.write_all(answer).await;
            let _ = wire.read_to_end(&mut Vec::new()).await;
        })
    })
}

/// The manner that says `head` and then `again` for ever.
pub(crate) fn endless(head: &'static [u8], again: &'static [u8]) -> Manner {
    Arc::new(move |_, mut wire| {
        tokio::spawn(async move {
            let mut said = wire.write_all(head).await;
            while said.is_ok() {
                said = wire.write_all(again).await;
            }
        })
    })
}

async fn read_head(wire: &mut Box<dyn Wire>) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(wire.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}

fn tls_for(name: &str) -> (TlsAcceptor, String) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed([name.to_owned()]).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), cert.pem())
}
