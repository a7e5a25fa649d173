//! The demonstration: the whole product in one process, with nothing else installed.
//!
//! A broker, an agency that is a further instance of the broker itself, a directory of partners,
//! and two relying parties with pages of their own. All of it is gone when the process ends.

mod federations;
mod instance;
mod party;
mod people;
mod ports;
mod summary;

use std::{error::Error, io, sync::Arc};

use idp_domain::Fault;
use metrics_exporter_prometheus::PrometheusHandle;
use thiserror::Error;
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    config::ConfigError,
    federation::{ApplyError, FederationError},
    listen::{Gate, Listener},
    node::StartError,
    serve::{ServeError, Serving},
};
use federations::{PARTIES, Secrets};
use instance::Place;
use party::Party;
use people::{OCEANS, PARTNERS};
pub(crate) use ports::{PortError, Ports};
pub(crate) use summary::Summary;

/// Connections at once to one relying party.
const PARTY_CONNECTIONS: usize = 256;

/// Why there is no demonstration.
#[derive(Debug, Error)]
pub(crate) enum DemoError {
    /// A port is taken.
    #[error(transparent)]
    Port(#[from] PortError),
    /// A port was taken between the look and the start.
    #[error("port {port}: {source}")]
    Bind {
        /// Which one.
        port: u16,
        /// Why not.
        source: io::Error,
    },
    /// The folder for the keys cannot be written.
    #[error("a temporary folder cannot be written: {0}")]
    Folder(#[source] io::Error),
    /// An instance's configuration is not accepted.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An instance does not start.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// An instance's federation is not accepted.
    #[error(transparent)]
    Federation(#[from] FederationError),
    /// An instance's federation is not taken over.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// An instance cannot do its work.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A relying party cannot be made.
    #[error(transparent)]
    Party(#[from] party::PartError),
    /// Chance is out.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// An instance ended by itself.
    #[error("an instance of the broker ended while it was starting")]
    Ended,
}

/// A running demonstration.
pub(crate) struct Demonstration {
    /// What to tell people and scripts.
    pub(crate) summary: Summary,
    broker: Serving,
    agency: Serving,
    stop: watch::Sender<bool>,
    parties: Vec<JoinHandle<()>>,
}

impl Demonstration {
    /// Starts everything, and answers when all of it is ready.
    pub(crate) async fn start(
        ports: Ports,
        metrics: Option<PrometheusHandle>,
    ) -> Result<Self, DemoError> {
        let staff = OCEANS.draw_people()?;
        let partners = PARTNERS.draw_people()?;
        let secrets = Secrets::draw()?;
        let of_the_broker = federations::of_the_broker(ports, &partners, &secrets);
        let of_the_agency = federations::of_the_agency(ports, &staff, &secrets);
        let broker = Place { port: ports.broker(), management: ports.broker_management() };
        let agency = Place { port: ports.agency(), management: ports.agency_management() };
        let (broker, agency) = tokio::try_join!(
            instance::start(broker, &of_the_broker, metrics),
            instance::start(agency, &of_the_agency, None),
        )?;
        let (stop, stopped) = watch::channel(false);
        let parties = start_parties(ports, &secrets, &stopped).await?;
        let people = staff.into_iter().chain(partners).collect();
        let summary = Summary::new(ports, people, secrets.developer);
        Ok(Self { summary, broker, agency, stop, parties })
    }

    /// Finishes what is under way, and stops.
    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        let parties = async {
            for party in self.parties {
                let _ = party.await;
            }
        };
        tokio::join!(parties, self.broker.stop(), self.agency.stop());
    }
}

async fn start_parties(
    ports: Ports,
    secrets: &Secrets,
    stopped: &watch::Receiver<bool>,
) -> Result<Vec<JoinHandle<()>>, DemoError> {
    let [travel, library] = PARTIES;
    let [travel_port, library_port] = ports.parties();
    let [travel_secret, library_secret] = secrets.parties.clone();
    let both = [
        (&travel, travel_port, travel_secret, (&library, library_port)),
        (&library, library_port, library_secret, (&travel, travel_port)),
    ];
    let mut serving = Vec::new();
    for (plan, port, secret, (other, other_port)) in both {
        let party = Party::new(party::Parts {
            id: plan.id,
            names: plan.names,
            port,
            home: ports::origin(port),
            secret,
            scopes: plan.scopes,
            issuer: ports::origin(ports.broker()),
            other: (other.names, ports::origin(other_port)),
        })?;
        let bound = Listener::bind(ports::address(port), None, PARTY_CONNECTIONS).await;
        let listener = bound.map_err(|source| DemoError::Bind { port, source })?;
        let routes = Arc::clone(&party).routes();
        serving.push(tokio::spawn(listener.serve(Gate::open(routes), stopped.clone())));
    }
    Ok(serving)
}

/// An error and its causes, for one line of a log.
fn whole(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
