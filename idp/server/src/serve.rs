//! Serves a node on its listeners, from before it is ready until it is told to stop.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use thiserror::Error;
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    listen::{Gate, Listener},
    manage,
    node::{Memory, Node, StartError},
    settings::Settings,
};

/// Connections at once on the management listener.
const MANAGEMENT_CONNECTIONS: usize = 64;

/// How soon a node that is not ready is looked at again.
const SOON: Duration = Duration::from_millis(20);

/// Why nothing is served.
#[derive(Debug, Error)]
pub(crate) enum ServeError {
    /// A port is taken, or may not be had.
    #[error("[server] {key} = {address}: {source}")]
    Bind {
        /// Which key of the configuration says so.
        key: &'static str,
        /// Where.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// The node cannot start.
    #[error(transparent)]
    Start(#[from] StartError),
}

/// A node that serves, or is about to.
pub(crate) struct Serving {
    /// Where people reach it on this machine.
    pub(crate) address: SocketAddr,
    /// Where operators reach it.
    pub(crate) management: SocketAddr,
    /// The node, once it is ready.
    pub(crate) node: Arc<OnceLock<Arc<Node>>>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    started: JoinHandle<Result<(), StartError>>,
}

impl Serving {
    /// Binds the listeners of `settings` and begins to start the node.
    pub(crate) async fn begin(
        settings: Settings,
        metrics: Option<PrometheusHandle>,
    ) -> Result<Self, ServeError> {
        let bind = |key, address| move |source| ServeError::Bind { key, address, source };
        let (listen, manage_at) = (settings.listen, settings.management_listen);
        let tls = settings.tls.clone();
        let public = Listener::bind(listen, tls, settings.connections)
            .await
            .map_err(bind("listen", listen))?;
        let management = Listener::bind(manage_at, None, MANAGEMENT_CONNECTIONS)
            .await
            .map_err(bind("management_listen", manage_at))?;
        let address = public.address().map_err(bind("listen", listen))?;
        let managed = management.address().map_err(bind("management_listen", manage_at))?;
        let (stop, stopped) = watch::channel(false);
        let node: Arc<OnceLock<Arc<Node>>> = Arc::default();
        let gate = Gate::default();
        let mut tasks = Vec::new();
        let routes = manage::routes(node.clone(), metrics);
        tasks.push(tokio::spawn(management.serve(Gate::open(routes), stopped.clone())));
        tasks.push(tokio::spawn(public.serve(gate.clone(), stopped.clone())));
        let started = tokio::spawn(start(settings, node.clone(), gate));
        Ok(Self { address, management: managed, node, stop, tasks, started })
    }

    /// Waits until the node can serve; fails if it never will.
    pub(crate) async fn ready(&mut self) -> Result<(), ServeError> {
        if let Ok(started) = (&mut self.started).await {
            started?;
        }
        let mut told = "";
        while let Some(Err(missing)) = self.node.get().map(|node| node.readiness()) {
            if told != missing {
                tracing::info!("not ready: {missing}");
                told = missing;
            }
            tokio::time::sleep(SOON).await;
        }
        Ok(())
    }

    /// Finishes what is under way, writes what waits, and stops.
    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            let _ = task.await;
        }
        if let Some(node) = self.node.get() {
            node.memory.store.close().await;
        }
    }
}

async fn start(
    settings: Settings,
    slot: Arc<OnceLock<Arc<Node>>>,
    gate: Gate,
) -> Result<(), StartError> {
    let memory = Memory::wait(&settings).await?;
    let node = Node::build(settings, memory).await?;
    let routes: Router = node.routes();
    tokio::spawn(node.clone().follow());
    tokio::spawn(node.clone().refresh());
    tokio::spawn(node.clone().see_off());
    tokio::spawn(node.clone().send_letters());
    gate.set(routes);
    let _ = slot.set(node);
    Ok(())
}
