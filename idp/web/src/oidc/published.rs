//! What is published of the provider: rendered once for each change of keys, sent as it is.

use std::sync::Arc;

use axum::body::Bytes;
use idp_domain::Lang;
use idp_oidc::{keys::KeySet, op};

/// The keys, and the documents that depend on them.
pub(crate) struct Published {
    /// The keys.
    pub keys: Arc<KeySet>,
    /// The discovery document.
    pub discovery: Bytes,
    /// The key set.
    pub jwks: Bytes,
}

impl Published {
    /// What is published with `keys`.
    #[must_use]
    pub(crate) fn new(issuer: &op::Issuer, endpoints: &op::Endpoints, keys: Arc<KeySet>) -> Self {
        let algs: Vec<_> = keys.algs().collect();
        let locales = Lang::ALL.map(Lang::tag);
        let discovery = op::discovery::render(issuer, endpoints, &algs, &locales);
        let jwks = Bytes::copy_from_slice(keys.jwks().as_bytes());
        Self { keys, discovery: discovery.into(), jwks }
    }
}
