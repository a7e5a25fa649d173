//! An instance of the broker within the demonstration: configured by a text of its own, which is
//! read as any other configuration is.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use idp_domain::{Lifetime, Secret};
use idp_factors::password::{Hasher, HasherSettings};
use idp_web::api::role::Role;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::Value;

use super::{
    DemoError,
    ports::{address, origin},
};
use crate::{
    clock,
    command::token::{Wish, make},
    config,
    federation::{Context, read},
    node::{Node, StartError},
    serve::Serving,
    settings::Settings,
};

/// Where an instance is reached.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// By people.
    pub(crate) port: u16,
    /// By operators.
    pub(crate) management: u16,
}

/// An instance that runs.
pub(crate) struct Instance {
    pub(crate) serving: Serving,
    place: Place,
    hashing: HasherSettings,
}

/// Starts an instance with an empty memory of its own. It knows nobody yet.
pub(crate) async fn start(
    place: Place,
    metrics: Option<PrometheusHandle>,
) -> Result<Instance, DemoError> {
    let settings = settings(place)?;
    let hashing = settings.hashing;
    let mut serving = Serving::begin(settings, metrics).await?;
    serving.ready().await?;
    Ok(Instance { serving, place, hashing })
}

impl Instance {
    /// Makes it know `federation`; done when it can sign people in.
    pub(crate) async fn know(&self, federation: &Value) -> Result<(), DemoError> {
        let file = read::parse(&federation.to_string(), Path::new("demo.json"))?;
        let node = self.node()?;
        self.context(node, PathBuf::new())?.apply(file, false).await?;
        node.reload().await.map_err(StartError::Store)?;
        // A node that has not heard of revocations yet lets nobody in.
        while node.readiness().is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    /// Makes it know what stands in `file` besides.
    pub(crate) async fn apply(&self, file: &Path) -> Result<(), DemoError> {
        let read = read::read(file)?;
        let folder = file.parent().map(Path::to_owned).unwrap_or_default();
        let node = self.node()?;
        let applied = self.context(node, folder)?.apply(read, false).await;
        applied.map_err(|error| DemoError::File(file.to_owned(), error))?;
        node.reload().await.map_err(StartError::Store)?;
        Ok(())
    }

    /// A token of the administration API, for as long as a demonstration may last.
    pub(crate) async fn administrator(&self) -> Result<Secret<String>, DemoError> {
        let wish = Wish {
            name: "demonstration",
            role: &Role::FederationAdmin,
            by: "demonstration",
            life: Lifetime::hours(24 * 7),
        };
        let store = &self.node()?.memory.store;
        make(store, &wish, clock::now()).await.map_err(|_| DemoError::Token)
    }

    fn node(&self) -> Result<&Arc<Node>, DemoError> {
        self.serving.node.get().ok_or(DemoError::Ended)
    }

    /// What a file is applied with, as `idp apply` would.
    fn context(&self, node: &Node, folder: PathBuf) -> Result<Context, DemoError> {
        Ok(Context {
            store: node.memory.store.clone(),
            sealer: Arc::clone(&node.memory.sealer),
            hasher: Hasher::start(self.hashing).map_err(StartError::Hasher)?,
            issuer: origin(self.place.port),
            loopback_peers: true,
            now: clock::now(),
            clock: clock::now,
            config_folder: folder,
        })
    }
}

/// The settings of an instance that keeps everything in this process.
fn settings(place: Place) -> Result<Settings, DemoError> {
    let folder = PrivateFolder::create().map_err(DemoError::Folder)?;
    let master = Secret::new(idp_broker::random::<32>()?);
    let master = Secret::new(STANDARD.encode(master.expose()));
    folder.write("master.key", master.expose()).map_err(DemoError::Folder)?;
    let text = format!(
        "[server]\n\
         base_url = \"{base_url}\"\n\
         listen = \"{listen}\"\n\
         management_listen = \"{management}\"\n\
         [database]\n\
         url = \"sqlite::memory:\"\n\
         [keys]\n\
         master = {{ file = \"master.key\" }}\n\
         algorithms = [\"ES256\", \"RS256\"]\n\
         [limits]\n\
         loopback_peers = true\n",
        base_url = origin(place.port),
        listen = address(place.port),
        management = address(place.management),
    );
    let path = folder.0.join("idp.toml");
    let file = config::parse(&text, &path, std::iter::empty())?;
    Ok(Settings::new(file, &path)?)
}

/// A folder that only we can read, and that goes with this value: secrets are read from files.
struct PrivateFolder(PathBuf);

impl PrivateFolder {
    fn create() -> io::Result<Self> {
        let random = idp_broker::random::<12>().map_err(io::Error::other)?;
        let name = format!("idp-demo-{}", URL_SAFE_NO_PAD.encode(random));
        let path = std::env::temp_dir().join(name);
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let path = self.0.join(name);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())
    }
}

impl Drop for PrivateFolder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "a folder could not be removed");
        }
    }
}
