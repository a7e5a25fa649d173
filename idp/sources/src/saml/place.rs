//! Where the metadata of a peer stands, and whose word it must be.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use idp_domain::Timestamp;
use idp_saml::dsig::{KeyError, VerifyingKey};
use idp_saml::metadata::{Entity, MetadataError, Reading, Trust, read, read_one};
use serde::Deserialize;
use thiserror::Error;
use url::Url;

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

/// Why the metadata of a peer cannot be used.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum PlaceError {
    /// Nothing is named, or more than one thing.
    #[error("write exactly one of `url`, `xml` and `file`")]
    Count,
    /// The file was not read when the configuration was applied.
    #[error("the file must be read when the configuration is applied")]
    File,
    /// The address is none that we fetch.
    #[error("{0:?} is not an https URL without user name")]
    Url(String),
    /// A certificate is none, or its key is not accepted.
    #[error("signing certificate {position}: {problem}")]
    Certificate {
        /// Which of them, counted from 1.
        position: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// The document says nothing that is used.
    #[error("{}", chain(.0))]
    Metadata(#[from] MetadataError),
}

impl PlaceError {
    /// The stable name, the same in trail, log and metric.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::Count | Self::File | Self::Url(_) | Self::Certificate { .. } => "metadata_place",
            Self::Metadata(error) => error.slug(),
        }
    }
}

impl MetadataPlace {
    /// Refuses a place that can never bring anything; reads the document if it stands in here.
    ///
    /// What it says of its own end is not judged now, but whenever it is used.
    pub fn settle(&self, loopback: bool) -> Result<Option<Entity>, PlaceError> {
        let keys = self.keys()?;
        match (&self.url, &self.xml, &self.file) {
            (Some(_), None, None) => self.address(loopback).map(|_| None),
            (None, Some(xml), None) => {
                self.read_with(&keys, xml.as_bytes(), None, loopback).map(Some)
            }
            (None, None, Some(_)) => Err(PlaceError::File),
            _ => Err(PlaceError::Count),
        }
    }

    /// Where the peer publishes its metadata, if it does.
    pub fn address(&self, loopback: bool) -> Result<Option<Url>, PlaceError> {
        let Some(text) = &self.url else { return Ok(None) };
        let unusable = || PlaceError::Url(text.chars().take(200).collect());
        let url = Url::parse(text).map_err(|_| unusable())?;
        let plain = url.scheme() == "http" && loopback;
        let bare = url.username().is_empty() && url.password().is_none();
        if bare && (url.scheme() == "https" || plain) { Ok(Some(url)) } else { Err(unusable()) }
    }

    /// Reads a document that was found here. With `now`, it must not have ended.
    pub fn read(
        &self,
        document: &[u8],
        now: Option<Timestamp>,
        loopback: bool,
    ) -> Result<Entity, PlaceError> {
        self.read_with(&self.keys()?, document, now, loopback)
    }

    fn read_with(
        &self,
        keys: &[VerifyingKey],
        document: &[u8],
        now: Option<Timestamp>,
        loopback: bool,
    ) -> Result<Entity, PlaceError> {
        let trust = if keys.is_empty() { Trust::Unsigned } else { Trust::Signed(keys) };
        let now = now.unwrap_or(Timestamp::from_seconds(i64::MIN));
        let reading = Reading { trust, now, loopback_http: loopback };
        Ok(match &self.entity_id {
            Some(entity_id) => read_one(document, entity_id, &reading)?,
            None => read(document, &reading)?,
        })
    }

    fn keys(&self) -> Result<Vec<VerifyingKey>, PlaceError> {
        let keys = self.signing_certificates.iter().enumerate().map(|(index, pem)| {
            let unusable = |problem| PlaceError::Certificate { position: index + 1, problem };
            let der = der_of(pem)
                .ok_or_else(|| unusable("it is not PEM (`BEGIN CERTIFICATE`)".to_owned()))?;
            VerifyingKey::from_certificate(&der)
                .map_err(|error: KeyError| unusable(error.to_string()))
        });
        keys.collect()
    }
}

fn der_of(pem: &str) -> Option<Vec<u8>> {
    let body = pem
        .trim()
        .strip_prefix("-----BEGIN CERTIFICATE-----")?
        .strip_suffix("-----END CERTIFICATE-----")?;
    STANDARD.decode(body.split_ascii_whitespace().collect::<String>()).ok()
}

/// The whole chain of an error in one line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
