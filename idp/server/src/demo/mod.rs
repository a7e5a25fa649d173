//! The demonstration: the whole product in one process, with nothing else installed.
//!
//! A broker, two agencies that are further instances of the broker itself (one speaks OpenID
//! Connect, one SAML), a directory of partners, and four relying parties with pages of their own,
//! one of which demands two factors. All of it is gone when the process ends.

mod federations;
mod instance;
mod party;
mod people;
mod ports;
mod summary;

use std::{error::Error, io, path::PathBuf, sync::Arc};

use idp_domain::Fault;
use idp_fetch::{Fetcher, Peer, Policy, Request};
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
use federations::{Metadata, PARTIES, SERVICE, STRICT, Secrets};
use instance::{Instance, Place};
use party::{Party, Speaks};
use people::{OCEANS, PARTNERS, RELIEF};
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
    /// A federation file besides is not accepted.
    #[error("{0}: {1}")]
    File(PathBuf, #[source] ApplyError),
    /// There is no token for an administrator.
    #[error("the token of an administrator cannot be made")]
    Token,
    /// An instance's federation is not taken over.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// An instance cannot do its work.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A relying party cannot be made.
    #[error(transparent)]
    Party(#[from] party::PartError),
    /// What an instance says of itself cannot be had.
    #[error("the metadata of an instance cannot be had: {0}")]
    Metadata(#[from] idp_fetch::FetchError),
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
    instances: [Serving; 3],
    stop: watch::Sender<bool>,
    parties: Vec<JoinHandle<()>>,
}

impl Demonstration {
    /// Starts everything, and answers when all of it is ready.
    pub(crate) async fn start(
        ports: Ports,
        files: &[PathBuf],
        metrics: Option<PrometheusHandle>,
    ) -> Result<Self, DemoError> {
        let staff = OCEANS.draw_people()?;
        let helpers = RELIEF.draw_people()?;
        let partners = PARTNERS.draw_people()?;
        let secrets = Secrets::draw()?;
        let place = |port, management| Place { port, management };
        let (broker, agency, relief) = tokio::try_join!(
            instance::start(place(ports.broker(), ports.broker_management()), metrics),
            instance::start(place(ports.agency(), ports.agency_management()), None),
            instance::start(place(ports.relief(), ports.relief_management()), None),
        )?;
        let (stop, stopped) = watch::channel(false);
        let (parties, service) = start_parties(ports, &secrets, &stopped).await?;
        let metadata = exchange(ports, service).await?;
        let of_the_broker = federations::of_the_broker(ports, &partners, &secrets, &metadata);
        let of_the_agency = federations::of_the_agency(ports, &staff, &secrets);
        let of_relief = federations::of_relief(ports, &helpers, &metadata);
        tokio::try_join!(
            broker.know(&of_the_broker),
            agency.know(&of_the_agency),
            relief.know(&of_relief),
        )?;
        for file in files {
            broker.apply(file).await?;
        }
        let people = staff.into_iter().chain(helpers).chain(partners).collect();
        let admin = broker.administrator().await?;
        let summary = Summary::new(ports, people, secrets.developer, admin);
        let instances = [broker, agency, relief].map(|Instance { serving, .. }| serving);
        Ok(Self { summary, instances, stop, parties })
    }

    /// Finishes what is under way, and stops.
    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        let parties = async {
            for party in self.parties {
                let _ = party.await;
            }
        };
        let [broker, agency, relief] = self.instances;
        tokio::join!(parties, broker.stop(), agency.stop(), relief.stop());
    }
}

async fn start_parties(
    ports: Ports,
    secrets: &Secrets,
    stopped: &watch::Receiver<bool>,
) -> Result<(Vec<JoinHandle<()>>, String), DemoError> {
    let [travel, library] = PARTIES;
    let [travel_port, library_port] = ports.parties();
    let [travel_secret, library_secret] = secrets.parties.clone();
    let oidc = |secret, scopes| Speaks::Oidc { secret, scopes };
    // Each shows the way to the next one, where nobody has to sign in again.
    let all = [
        (&travel, travel_port, oidc(travel_secret, travel.scopes), (&library, library_port)),
        (&library, library_port, oidc(library_secret, library.scopes), (&SERVICE, ports.service())),
        (&SERVICE, ports.service(), Speaks::Saml, (&travel, travel_port)),
        (
            &STRICT,
            ports.strict(),
            oidc(secrets.strict.clone(), STRICT.scopes),
            (&travel, travel_port),
        ),
    ];
    let mut serving = Vec::new();
    let mut metadata = String::new();
    for (plan, port, speaks, (other, other_port)) in all {
        let party = Party::new(party::Parts {
            id: plan.id,
            names: plan.names,
            port,
            home: ports::origin(port),
            speaks,
            issuer: ports::origin(ports.broker()),
            other: (other.names, ports::origin(other_port)),
        })?;
        if let Some(text) = party.metadata()? {
            metadata = text;
        }
        let bound = Listener::bind(ports::address(port), None, PARTY_CONNECTIONS).await;
        let listener = bound.map_err(|source| DemoError::Bind { port, source })?;
        let routes = Arc::clone(&party).routes();
        serving.push(tokio::spawn(listener.serve(Gate::open(routes), stopped.clone())));
    }
    Ok((serving, metadata))
}

/// What those who speak SAML have to know of each other before they know anybody: operators do
/// that by hand, or by an address that is asked now and then.
async fn exchange(ports: Ports, service: String) -> Result<Metadata, DemoError> {
    let fetcher = Fetcher::new(Policy { allow_loopback: true, ..Policy::default() })?;
    let peer = Peer::Source("demonstration".to_owned());
    let document = async |address: String| {
        let url = address.parse().map_err(|_| DemoError::Ended)?;
        let answer = fetcher.fetch(&peer, Request::get(url)).await?;
        String::from_utf8(answer.body).map_err(|_| DemoError::Ended)
    };
    let sp = format!("{}/saml/sp/metadata?source={}", ports::origin(ports.broker()), RELIEF.id);
    let idp = format!("{}/saml/metadata", ports::origin(ports.relief()));
    Ok(Metadata { relief: document(idp).await?, broker: document(sp).await?, service })
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
