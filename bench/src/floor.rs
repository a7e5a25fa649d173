//! The floor: a server that answers and does nothing else, on the same stack as a node.

use anyhow::Result;
use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

/// Serves until the process is ended.
pub(crate) async fn serve(port: u16) -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let routes = Router::new().route("/hello", get(async || "hello"));
    Ok(axum::serve(listener, routes).await?)
}
