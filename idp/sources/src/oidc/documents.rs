//! What OpenID Providers publish about themselves, fetched once for all who ask.

use std::sync::Arc;

use idp_fetch::{Answer, Cached, FetchError, Freshness};
use idp_oidc::jwk::JwkSet;
use idp_oidc::rp::{Document, PeerError, Provider};

/// Why a document is not to be had.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    /// It could not be fetched.
    Fetch(FetchError),
    /// It is not acceptable.
    Peer(PeerError),
}

impl From<FetchError> for Trouble {
    fn from(error: FetchError) -> Self {
        Self::Fetch(error)
    }
}

impl From<PeerError> for Trouble {
    fn from(error: PeerError) -> Self {
        Self::Peer(error)
    }
}

/// Discovery documents and key sets of all sources.
#[derive(Debug)]
pub struct OidcDocuments {
    providers: Cached<Provider, Trouble>,
    keys: Cached<JwkSet, Trouble>,
}

impl Default for OidcDocuments {
    fn default() -> Self {
        let freshness = Freshness::default();
        Self { providers: Cached::new(freshness), keys: Cached::new(freshness) }
    }
}

impl OidcDocuments {
    pub(super) async fn provider<Fut>(
        &self,
        key: &str,
        fetch: impl FnOnce() -> Fut,
    ) -> Result<Arc<Provider>, Trouble>
    where
        Fut: Future<Output = Result<Provider, Trouble>>,
    {
        self.providers.load(key, fetch).await
    }

    pub(super) async fn keys<Fut>(
        &self,
        key: &str,
        fetch: impl FnOnce() -> Fut,
    ) -> Result<Arc<JwkSet>, Trouble>
    where
        Fut: Future<Output = Result<JwkSet, Trouble>>,
    {
        self.keys.load(key, fetch).await
    }

    /// Keys newer than `seen`, as far as they may be asked for again already.
    pub(super) async fn newer_keys<Fut>(
        &self,
        key: &str,
        seen: &Arc<JwkSet>,
        fetch: impl FnOnce() -> Fut,
    ) -> Result<Arc<JwkSet>, Trouble>
    where
        Fut: Future<Output = Result<JwkSet, Trouble>>,
    {
        self.keys.reload(key, seen, fetch).await
    }
}

/// Refuses an answer that is not the document.
pub(super) fn expect_ok(document: Document, answer: &Answer) -> Result<(), Trouble> {
    match answer.status.as_u16() {
        200 => Ok(()),
        status => Err(PeerError::Status { document, status }.into()),
    }
}
