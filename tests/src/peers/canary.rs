//! A listener that nobody should ever call: it counts who does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

/// The listener.
#[derive(Debug)]
pub struct Canary {
    /// Its address, without a slash at the end.
    pub base: String,
    calls: Arc<AtomicUsize>,
}

impl Canary {
    /// Listens on a free port of loopback.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let calls = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&calls);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                // Whoever called may have gone.
                let _ = stream.write_all(answer).await;
            }
        });
        Self { base, calls }
    }

    /// How many connections it has seen.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}
