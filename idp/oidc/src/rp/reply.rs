//! An answer of an endpoint, as it was fetched.

use idp_domain::json;
use serde_json::{Map, Value};

use super::error::{Document, PeerError};

/// A whole answer.
#[derive(Clone, Copy)]
pub struct Reply<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The media type in lower case, without parameters.
    pub media_type: &'a str,
    /// The body.
    pub body: &'a [u8],
}

impl Reply<'_> {
    /// The members of the JSON object that the answer must be.
    pub(super) fn members(&self, document: Document) -> Result<Map<String, Value>, PeerError> {
        if self.media_type != "application/json" {
            return Err(PeerError::MediaType { document });
        }
        json::read(self.body).map_err(|source| PeerError::Unreadable { document, source })
    }
}
