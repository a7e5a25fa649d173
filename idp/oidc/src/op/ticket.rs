//! The ticket: what the provider must remember of a request until it is answered.
//!
//! It travels sealed through the login. When it is opened, the redirect URI is compared again with
//! what is registered by then: a URI that was withdrawn meanwhile gets no answer.

use idp_domain::{RelyingPartyId, ReturnTicket, relying_party::Protocol};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Client, ResponseMode, response_mode::WayBack};
use crate::{claims::ClaimsRequest, pkce::Challenge, scope::Scopes};

/// What a request asked for, as far as its answer needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Who asked.
    pub client: RelyingPartyId,
    /// Where and how to answer.
    pub way_back: WayBack,
    /// What the ID token must repeat.
    pub nonce: Option<String>,
    /// What the code's verifier must meet.
    pub challenge: Option<Challenge>,
    /// The scopes that the client may have of those it asked for.
    pub scopes: Scopes,
    /// The claims that it asked for by name.
    pub claims: ClaimsRequest,
    /// The resources that its access token is for; none means ourselves.
    pub resources: Vec<String>,
}

/// Why a ticket cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TicketError {
    /// Another protocol made it, or a release that we no longer understand.
    #[error("the return ticket is none of ours")]
    NotOurs,
    /// It was made for another client.
    #[error("the return ticket is of another client")]
    OtherClient,
    /// Its redirect URI or response mode is no longer registered.
    #[error("the redirect URI was withdrawn while the login was in progress")]
    Withdrawn,
}

/// The ticket as it is sealed; short names, for it lies on the shelf with every login.
#[derive(Serialize, Deserialize)]
struct Sealed {
    c: RelyingPartyId,
    r: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    s: Option<String>,
    #[serde(default)]
    m: ResponseMode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    p: Option<Challenge>,
    #[serde(default)]
    o: Scopes,
    #[serde(default, skip_serializing_if = "ClaimsRequest::is_empty")]
    q: ClaimsRequest,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    t: Vec<String>,
}

impl Ticket {
    /// Seals the ticket for its way through the login.
    #[must_use]
    pub fn seal(self) -> ReturnTicket {
        let sealed = Sealed {
            c: self.client,
            r: self.way_back.redirect_uri.as_str().to_owned(),
            s: self.way_back.state,
            m: self.way_back.mode,
            n: self.nonce,
            p: self.challenge,
            o: self.scopes,
            q: self.claims,
            t: self.resources,
        };
        // Texts and lists always serialize; an empty ticket would open for nobody.
        let sealed = serde_json::to_string(&sealed).unwrap_or_default();
        ReturnTicket { protocol: Protocol::Oidc, sealed, farewell: None }
    }

    /// Opens a ticket that was sealed for `client`.
    pub fn open(ticket: &ReturnTicket, client: &Client) -> Result<Self, TicketError> {
        if ticket.protocol != Protocol::Oidc {
            return Err(TicketError::NotOurs);
        }
        let sealed: Sealed =
            serde_json::from_str(&ticket.sealed).map_err(|_| TicketError::NotOurs)?;
        if sealed.c != client.id {
            return Err(TicketError::OtherClient);
        }
        let redirect_uri = client.redirect_uris.admit(&sealed.r).ok_or(TicketError::Withdrawn)?;
        if !client.response_modes.contains(&sealed.m) {
            return Err(TicketError::Withdrawn);
        }
        Ok(Self {
            client: sealed.c,
            way_back: WayBack { redirect_uri, state: sealed.s, mode: sealed.m },
            nonce: sealed.n,
            challenge: sealed.p,
            scopes: sealed.o,
            claims: sealed.q,
            resources: sealed.t,
        })
    }
}

#[cfg(test)]
mod tests;
