//! One connection that is kept alive, to a server on loopback.

use std::net::SocketAddr;

use anyhow::{Result, bail};
use http::{HeaderMap, Request, Response, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A connection, made when it is first needed.
pub(crate) struct Connection {
    server: SocketAddr,
    host: String,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// What a server said.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Connection {
    /// To the server on this port, by the name under which it knows itself.
    pub(crate) fn to(port: u16) -> Self {
        let server = SocketAddr::from(([127, 0, 0, 1], port));
        Self { server, host: format!("localhost:{port}"), sender: None }
    }

    /// Asks for `path`; a `form` makes it a POST.
    pub(crate) async fn send(
        &mut self,
        path: &str,
        headers: &[(header::HeaderName, &str)],
        form: Option<String>,
    ) -> Result<Answer> {
        let kind = form.is_some().then_some("application/x-www-form-urlencoded");
        self.ask(path, headers, kind, form.unwrap_or_default()).await
    }

    /// Posts a JSON document to `path`.
    pub(crate) async fn post_json(
        &mut self,
        path: &str,
        headers: &[(header::HeaderName, &str)],
        body: &serde_json::Value,
    ) -> Result<Answer> {
        self.ask(path, headers, Some("application/json"), body.to_string()).await
    }

    /// A body of some `kind` makes it a POST.
    async fn ask(
        &mut self,
        path: &str,
        headers: &[(header::HeaderName, &str)],
        kind: Option<&str>,
        body: String,
    ) -> Result<Answer> {
        let method = if kind.is_some() { "POST" } else { "GET" };
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::HOST, &self.host);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let request = request.body(Full::new(Bytes::from(body)))?;
        let (head, body) = match self.deliver(request.clone()).await {
            // The server closed a connection that lay idle; the request never left.
            Err(error) if error.downcast_ref::<hyper::Error>().is_some_and(never_left) => {
                self.sender = None;
                self.deliver(request).await?
            }
            answer => answer?,
        }
        .into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
    }

    async fn deliver(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>> {
        if self.sender.as_ref().is_none_or(SendRequest::is_closed) {
            self.sender = Some(self.connect().await?);
        }
        let Some(sender) = &mut self.sender else { bail!("no connection") };
        sender.ready().await?;
        Ok(sender.send_request(request).await?)
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>> {
        let stream = TcpStream::connect(self.server).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move {
            // What ends it, the next request on it reports.
            let _ = connection.await;
        });
        Ok(sender)
    }
}

fn never_left(error: &hyper::Error) -> bool {
    error.is_canceled() || error.is_closed()
}

impl Answer {
    /// The body as text, if the status is the expected one.
    pub(crate) fn text(&self, expected: u16) -> Result<&str> {
        let text = std::str::from_utf8(&self.body)?;
        if self.status != expected {
            let start: String = text.chars().take(300).collect();
            bail!("answered {} instead of {expected}: {start}", self.status);
        }
        Ok(text)
    }

    /// Where a redirect leads.
    pub(crate) fn location(&self) -> Result<&str> {
        match self.headers.get(header::LOCATION) {
            Some(location) => Ok(location.to_str()?),
            None => bail!("answered {} instead of a redirect", self.status),
        }
    }
}
