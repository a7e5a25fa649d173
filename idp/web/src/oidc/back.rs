//! What the endpoints for back ends share: who calls, with what, and how a no is said.

use std::net::IpAddr;

use axum::{
    body::{Body, Bytes},
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use idp_domain::{AuditEvent, Fault, RelyingPartyId, Timestamp, audit::AuditKind};
use idp_oidc::{
    error::{ErrorCode, Rule, body},
    op::{
        Client, Params,
        client_auth::{self, CHALLENGE, Credentials},
    },
};
use idp_store::journal::{Act, Outcome, Unit, UseOnce};

use super::cors;
use crate::{
    App,
    middleware::address::Peer,
    problem::{chain, is_temporary},
};

/// Somebody who calls an endpoint for back ends.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The time of the call.
    pub now: Timestamp,
    /// Where it comes from.
    pub address: IpAddr,
    /// Whether the address of the endpoint carries parameters.
    pub stray_query: bool,
    /// The headers.
    pub headers: HeaderMap,
}

impl FromRequestParts<App> for Caller {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, StatusCode> {
        let peer = parts.extensions.get::<Peer>().ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
        Ok(Self {
            now: (app.clock)(),
            address: app.proxies.browser(peer.0.ip(), &parts.headers),
            stray_query: parts.uri.query().is_some_and(|query| !query.is_empty()),
            headers: std::mem::take(&mut parts.headers),
        })
    }
}

impl Caller {
    /// The header `Authorization`; one that is no text counts as wrong, not as absent.
    pub(super) fn authorization(&self) -> Option<&str> {
        let value = self.headers.get(header::AUTHORIZATION)?;
        Some(value.to_str().unwrap_or("?"))
    }
}

/// A no for a back end.
#[derive(Debug)]
pub(super) enum No {
    /// It broke a rule; who it was, if that is known.
    Broken(&'static Rule, Option<RelyingPartyId>),
    /// We failed.
    Failed(Fault),
    /// The body is no form.
    NotAForm,
}

impl From<&'static Rule> for No {
    fn from(rule: &'static Rule) -> Self {
        Self::Broken(rule, None)
    }
}

impl From<Fault> for No {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

/// Whether the body is said to be a form in UTF-8.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let Some(kind) = kind else { return false };
    let mut parts = kind.split(';').map(str::trim);
    let is_form = parts
        .next()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("application/x-www-form-urlencoded"));
    let utf8 = |part: &str| {
        part.split_once('=').is_none_or(|(name, value)| {
            !name.trim().eq_ignore_ascii_case("charset")
                || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
    };
    is_form && parts.all(utf8)
}

/// The parameters of a form, none of them twice.
pub(super) fn form<'a>(caller: &Caller, body: &'a Bytes) -> Result<Params<'a>, No> {
    if !is_form(&caller.headers) || caller.headers.contains_key(header::CONTENT_ENCODING) {
        return Err(No::NotAForm);
    }
    Ok(Params::parse(body)?.once()?)
}

impl App {
    /// The client that calls, proven.
    pub(super) async fn authenticate(
        &self,
        caller: &Caller,
        params: &Params<'_>,
    ) -> Result<std::sync::Arc<Client>, No> {
        let credentials = Credentials::read(caller.authorization(), caller.stray_query, params)?;
        let id = credentials.client_id().parse::<RelyingPartyId>().ok();
        let broken = |rule| No::Broken(rule, id.clone());
        let registry = self.registry.load();
        let client = id.as_ref().and_then(|id| registry.clients.get(id));
        let authenticated = credentials
            .verify(client.map(AsRef::as_ref), &self.issuer, &self.endpoints, caller.now)
            .map_err(broken)?;
        if let Some(once) = authenticated.once {
            let key = format!("{}\n{}", once.client, once.jti);
            let until = once.remember_until;
            let act = Act::UseOnce(UseOnce { kind: "client_assertion", key, until });
            let unit = Unit::new(act, Vec::new());
            if self.broker.commit("using a client assertion", unit).await? != Outcome::Done {
                return Err(broken(client_auth::assertion_used_before()));
            }
        }
        let enabled = id.as_ref().is_some_and(|id| {
            self.broker.catalog().relying_party(id).is_some_and(|party| party.enabled)
        });
        match client {
            Some(client) if enabled => Ok(std::sync::Arc::clone(client)),
            _ => Err(broken(client_auth::disabled())),
        }
    }

    /// Answers a back end: with what it asked for, or with a no that is in the trail.
    pub(super) async fn answer(
        &self,
        caller: &Caller,
        endpoint: &'static str,
        answer: Result<Response, No>,
    ) -> Response {
        let mut response = match answer {
            Ok(response) => response,
            Err(no) => self.say_no(caller, endpoint, no).await,
        };
        cors::allow(self, &caller.headers, &mut response);
        response
    }

    async fn say_no(&self, caller: &Caller, endpoint: &'static str, no: No) -> Response {
        let (rule, relying_party) = match no {
            No::Broken(rule, relying_party) => (rule, relying_party),
            No::NotAForm => return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response(),
            No::Failed(fault) => return failed(&fault),
        };
        metrics::counter!("idp_oidc_rejected_total", "endpoint" => endpoint, "error" => rule.code.as_str())
            .increment(1);
        let event = AuditEvent {
            relying_party,
            address: Some(caller.address),
            ..AuditEvent::new(AuditKind::TokenRejected, caller.now)
        };
        let event = event.because_of(rule.slug).with("endpoint", endpoint);
        if let Err(fault) = self.broker.record(vec![event]).await {
            return failed(&fault);
        }
        let mut response = json(rule.body());
        *response.status_mut() = rule.status();
        if rule.code == ErrorCode::InvalidClient {
            let challenge = HeaderValue::from_static(CHALLENGE);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

fn failed(fault: &Fault) -> Response {
    let (code, text) = if is_temporary(fault) {
        tracing::warn!(error = %chain(fault), "a store is away or busy");
        (ErrorCode::TemporarilyUnavailable, "The broker cannot answer now. Try again later.")
    } else {
        tracing::error!(error = %chain(fault), "a request of a back end failed");
        (ErrorCode::ServerError, "The broker failed. Try again later.")
    };
    let mut response = json(body(code, text));
    *response.status_mut() = code.status();
    if code == ErrorCode::TemporarilyUnavailable {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

/// A JSON answer that nobody may keep (RFC 6749 §5.1).
pub(super) fn json(body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};

    use super::is_form;

    #[test]
    fn auz_23_only_a_form_in_utf8_is_a_form() {
        let said = |kind: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(kind).unwrap());
            is_form(&headers)
        };
        assert!(said("application/x-www-form-urlencoded"));
        assert!(said("Application/X-WWW-Form-Urlencoded; charset=UTF-8"));
        for other in [
            "application/json",
            "multipart/form-data; boundary=x",
            "text/plain",
            "application/x-www-form-urlencoded; charset=utf-16",
            "application/x-www-form-urlencoded2",
        ] {
            assert!(!said(other), "{other}");
        }
        assert!(!is_form(&HeaderMap::new()));
    }
}
