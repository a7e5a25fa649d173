//! A server on loopback that publishes what a test wants.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

/// Serves texts by path, and counts who asks.
pub(super) struct Publisher {
    pub(super) base: String,
    stand: Arc<Mutex<Stand>>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct Stand {
    /// Status and text of each path.
    texts: HashMap<String, (u16, String)>,
    asked: usize,
}

impl Publisher {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let stand: Arc<Mutex<Stand>> = Arc::default();
        let serving = tokio::spawn(serve(listener, Arc::clone(&stand)));
        Self { base, stand, serving }
    }

    pub(super) fn put(&self, path: &str, text: &str) {
        self.answer(path, 200, text);
    }

    pub(super) fn answer(&self, path: &str, status: u16, text: &str) {
        let mut stand = self.stand.lock().unwrap();
        stand.texts.insert(path.to_owned(), (status, text.to_owned()));
    }

    pub(super) fn asked(&self) -> usize {
        self.stand.lock().unwrap().asked
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, stand: Arc<Mutex<Stand>>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let Ok(byte) = stream.read_u8().await else { break };
            head.push(byte);
        }
        let head = String::from_utf8(head).unwrap();
        let Some(path) = head.split(' ').nth(1) else { continue };
        let (status, text) = {
            let mut stand = stand.lock().unwrap();
            stand.asked += 1;
            stand.texts.get(path).cloned().unwrap_or((404, String::new()))
        };
        let length = text.len();
        let head = format!(
            "HTTP/1.1 {status} So\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
        );
        // Whoever asked may have given up by now.
        let _ = stream.write_all(format!("{head}{text}").as_bytes()).await;
    }
}
