//! What we ask of a peer, and what came back. Neither shows its contents in `Debug`.

use std::fmt;
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use idp_domain::json;
use serde::de::DeserializeOwned;
use url::Url;

use crate::error::FetchError;

/// One request, not yet judged.
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) max_body: Option<usize>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) takes_redirect: bool,
}

impl Request {
    /// Asks for what lies at `url`.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: Vec::new(),
            max_body: None,
            timeout: None,
            takes_redirect: false,
        }
    }

    /// Posts `body`, which is of the type `content_type`.
    #[must_use]
    pub fn post(url: Url, content_type: &'static str, body: Vec<u8>) -> Self {
        let post = Self { method: Method::POST, body, ..Self::get(url) };
        post.header(CONTENT_TYPE, HeaderValue::from_static(content_type))
    }

    /// Posts a form whose fields are encoded already.
    #[must_use]
    pub fn post_form(url: Url, fields: String) -> Self {
        Self::post(url, "application/x-www-form-urlencoded", fields.into_bytes())
    }

    /// Says which type of answer we want.
    #[must_use]
    pub fn accept(self, content_type: &'static str) -> Self {
        self.header(ACCEPT, HeaderValue::from_static(content_type))
    }

    /// Adds the `Authorization` header, marked so that no layer below prints or indexes it.
    #[must_use]
    pub fn authorization(self, mut value: HeaderValue) -> Self {
        value.set_sensitive(true);
        self.header(AUTHORIZATION, value)
    }

    /// Adds a header, in place of one with the same name.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Allows answers of up to `bytes`, below or above the policy's default.
    #[must_use]
    pub fn max_body(self, bytes: usize) -> Self {
        Self { max_body: Some(bytes), ..self }
    }

    /// Allows `limit` in all, below or above the policy's default.
    #[must_use]
    pub fn timeout(self, limit: Duration) -> Self {
        Self { timeout: Some(limit), ..self }
    }

    /// Takes a redirect for an answer, too. It is not followed all the same.
    #[must_use]
    pub fn takes_redirect(self) -> Self {
        Self { takes_redirect: true, ..self }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("host", &self.url.host_str())
            .finish_non_exhaustive()
    }
}

/// A whole answer, of any status; a redirect only where the request takes one.
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, within the limit that was asked for.
    pub body: Vec<u8>,
}

impl Answer {
    /// The media type without its parameters, in lower case; empty if the answer names none.
    #[must_use]
    pub fn media_type(&self) -> String {
        let value = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = value.unwrap_or_default().split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    }

    /// Reads the body as JSON: no repeated keys, at most 32 levels, whatever the media type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, FetchError> {
        Ok(json::read(&self.body)?)
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
