//! A listener on this machine that counts who calls: some messages name its address, and a node
//! that fetches what a message names has been led by it.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{net::TcpListener, task::JoinHandle};

/// Hears whether a node on this machine calls out.
pub(super) struct Canary {
    /// Its address, without a slash at the end.
    pub(super) base: String,
    calls: Arc<AtomicUsize>,
    listening: JoinHandle<()>,
}

impl Canary {
    /// Listens on a free port.
    pub(super) async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base = format!("http://{}", listener.local_addr()?);
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let listening = tokio::spawn(async move {
            // Whoever connects is counted, and hears nothing.
            while listener.accept().await.is_ok() {
                counted.fetch_add(1, Ordering::Relaxed);
            }
        });
        Ok(Self { base, calls, listening })
    }

    /// How many have called since the last look.
    pub(super) fn calls(&self) -> usize {
        self.calls.swap(0, Ordering::Relaxed)
    }
}

impl Drop for Canary {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

#[cfg(test)]
mod tests {
    use tokio::{io::AsyncReadExt, net::TcpStream};

    use super::Canary;

    #[tokio::test]
    async fn every_call_is_counted_once() {
        let canary = Canary::start().await.unwrap();
        assert_eq!(canary.calls(), 0);
        let address = canary.base.strip_prefix("http://").unwrap();
        let mut call = TcpStream::connect(address).await.unwrap();
        // The end of the stream says that the call was taken.
        assert_eq!(call.read(&mut [0]).await.unwrap(), 0);
        assert_eq!((canary.calls(), canary.calls()), (1, 0));
    }
}
