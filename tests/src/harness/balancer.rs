//! One address before several nodes: the test says which node takes the next connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// A balancer without a will of its own.
#[derive(Debug, Clone)]
pub struct Balancer {
    node: Arc<AtomicU16>,
}

impl Balancer {
    /// Listens on `port`, and sends all connections to the node that listens on `node`.
    pub async fn start(port: u16, node: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("the balancer's port");
        let balancer = Self { node: Arc::new(AtomicU16::new(node)) };
        let target = Arc::clone(&balancer.node);
        tokio::spawn(async move {
            while let Ok((mut from, _)) = listener.accept().await {
                let node = target.load(Ordering::SeqCst);
                tokio::spawn(async move {
                    // A dead node is a closed connection, as with a real balancer.
                    let Ok(mut to) = TcpStream::connect(("127.0.0.1", node)).await else { return };
                    let _ = copy_bidirectional(&mut from, &mut to).await;
                });
            }
        });
        balancer
    }

    /// Sends every connection from now on to the node that listens on this port.
    pub fn lead_to(&self, node: u16) {
        self.node.store(node, Ordering::SeqCst);
    }
}
