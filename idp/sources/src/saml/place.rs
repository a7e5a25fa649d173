//! Where the metadata of a peer stands: in the configuration, in a file beside it, or published.

use serde::Deserialize;

/// Where the metadata of a peer stands: under exactly one of `url`, `xml` and `file`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetadataPlace {
    /// Where the peer publishes it. It is fetched again and again.
    #[serde(default)]
    pub url: Option<String>,
    /// The document itself.
    #[serde(default)]
    pub xml: Option<String>,
    /// A file with the document, read once when the configuration is applied.
    #[serde(default)]
    pub file: Option<String>,
    /// Certificates, PEM: the document must be signed by the key of one of them.
    #[serde(default)]
    pub signing_certificates: Vec<String>,
    /// The peer's entity id, byte for byte; needed where the document is about several entities.
    #[serde(default)]
    pub entity_id: Option<String>,
}
