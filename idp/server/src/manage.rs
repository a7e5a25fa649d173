//! The management listener: health, readiness, metrics. Not for the public network.

use std::sync::{Arc, OnceLock};

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, header};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::node::Node;

#[derive(Clone)]
struct Managed {
    node: Arc<OnceLock<Arc<Node>>>,
    metrics: Option<PrometheusHandle>,
}

/// Its routes.
pub(crate) fn routes(node: Arc<OnceLock<Arc<Node>>>, metrics: Option<PrometheusHandle>) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(show))
        .with_state(Managed { node, metrics })
}

/// Whether the node can serve: 200, or 503 with what is missing.
async fn ready(State(managed): State<Managed>) -> Response {
    let readiness = managed.node.get().map_or(Err("the node is starting"), |node| node.readiness());
    match readiness {
        Ok(()) => "ready\n".into_response(),
        Err(missing) => (StatusCode::SERVICE_UNAVAILABLE, format!("{missing}\n")).into_response(),
    }
}

async fn show(State(managed): State<Managed>) -> Response {
    match managed.metrics {
        Some(metrics) => {
            let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
            (kind, metrics.render()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
