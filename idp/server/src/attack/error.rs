//! Why an attack cannot be carried out. That it is refused is no error.

use std::path::PathBuf;

use idp_domain::Fault;
use idp_fetch::FetchError;
use idp_saml::{binding::BindingError, dsig::KeyError, metadata::MetadataError};

/// Why nothing, or not all of it, can be played.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AttackError {
    /// The node cannot be asked.
    #[error("{base} cannot be asked; is the node running?")]
    Node {
        /// Its address.
        base: String,
        /// Why not.
        source: FetchError,
    },
    /// The node answers something else than what is published there.
    #[error("{url} answers {status}, but metadata should be there")]
    NotPublished {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The node publishes what cannot be read.
    #[error("what the node publishes at {url} cannot be read")]
    Metadata {
        /// Where it stands.
        url: String,
        /// What is wrong with it.
        source: MetadataError,
    },
    /// The node publishes a way that leads elsewhere, where nothing may be sent.
    #[error("{url} names {place}, which is not below the address of this configuration")]
    Elsewhere {
        /// Where the metadata stands.
        url: String,
        /// What it names.
        place: String,
    },
    /// There is no such source of kind `saml`.
    #[error("the node knows no source {0} of kind saml; `idp export` lists the sources")]
    NoSource(String),
    /// There is no such service provider.
    #[error("the node knows no service provider {0}; it is named by its entity id")]
    NoServiceProvider(String),
    /// The file with a response holds none.
    #[error("{path}: {problem}")]
    Response {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Something of our own failed.
    #[error("no forgery could be made")]
    Forge(#[from] ForgeError),
    /// Nothing listens for calls of the node.
    #[error("no port could be opened to hear whether the node calls out")]
    Canary(#[source] std::io::Error),
}

/// Why one message is not forged.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ForgeError {
    /// It has no place here.
    #[error("{0}")]
    NotHere(&'static str),
    /// The attacker's key did not do it.
    #[error("the key made for this run does not serve")]
    Key(#[from] KeyError),
    /// It does not fit into its envelope.
    #[error("a message does not fit its binding")]
    Binding(#[from] BindingError),
    /// No chance is to be had.
    #[error("nothing random is to be had")]
    Random(#[from] Fault),
    /// A message is not built as it was expected to be.
    #[error("a message of our own has no {0}")]
    Missing(&'static str),
}
