//! The ticket: what must be remembered of a request until it is answered.
//!
//! It travels sealed through the login. When it is opened, the address is compared again with what
//! is registered by then: an endpoint that was withdrawn meanwhile gets no answer.

use std::{collections::BTreeMap, fmt};

use idp_domain::{AttributeName, RelyingPartyId, ReturnTicket, relying_party::Protocol};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{NameIdKind, ServiceProvider};

/// What a request asked for, as far as its answer needs it.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket {
    pub(super) service_provider: RelyingPartyId,
    pub(super) acs: String,
    pub(super) in_response_to: Option<String>,
    pub(super) relay_state: Option<String>,
    pub(super) name_id: NameIdKind,
    /// Where only certain values of an attribute are wanted: which.
    pub(super) values: Values,
}

/// The values that are wanted, of attributes of which not all are.
pub(super) type Values = BTreeMap<AttributeName, Vec<String>>;

/// Why a ticket cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TicketError {
    /// Another protocol made it, or a release that we no longer understand.
    #[error("the return ticket is none of ours")]
    NotOurs,
    /// It was made for another service provider.
    #[error("the return ticket is of another service provider")]
    OtherServiceProvider,
    /// Its endpoint stands no longer in the metadata.
    #[error("the endpoint was withdrawn while the login was in progress")]
    Withdrawn,
}

/// The ticket as it is sealed; short names, for it lies on the shelf with every login.
#[derive(Serialize, Deserialize)]
struct Sealed {
    p: RelyingPartyId,
    a: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    i: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    r: Option<String>,
    n: NameIdKind,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    v: Values,
}

impl Ticket {
    /// Where the answer goes.
    #[must_use]
    pub fn acs(&self) -> &str {
        &self.acs
    }

    /// The name that the person will be called by.
    #[must_use]
    pub fn name_id(&self) -> NameIdKind {
        self.name_id
    }

    /// Seals the ticket for its way through the login.
    #[must_use]
    pub fn seal(self) -> ReturnTicket {
        let farewell = Some(self.name_id.as_str().to_owned());
        let sealed = Sealed {
            p: self.service_provider,
            a: self.acs,
            i: self.in_response_to,
            r: self.relay_state,
            n: self.name_id,
            v: self.values,
        };
        // Texts and lists always serialize; an empty ticket would open for nobody.
        let sealed = serde_json::to_string(&sealed).unwrap_or_default();
        ReturnTicket { protocol: Protocol::Saml, sealed, farewell }
    }

    /// Opens a ticket that was sealed for `service_provider`.
    pub fn open(
        ticket: &ReturnTicket,
        service_provider: &ServiceProvider,
    ) -> Result<Self, TicketError> {
        if ticket.protocol != Protocol::Saml {
            return Err(TicketError::NotOurs);
        }
        let sealed: Sealed =
            serde_json::from_str(&ticket.sealed).map_err(|_| TicketError::NotOurs)?;
        if sealed.p != service_provider.id {
            return Err(TicketError::OtherServiceProvider);
        }
        let acs = service_provider.acs().at(&sealed.a).ok_or(TicketError::Withdrawn)?;
        Ok(Self {
            service_provider: sealed.p,
            acs: acs.location.as_str().to_owned(),
            in_response_to: sealed.i,
            relay_state: sealed.r,
            name_id: sealed.n,
            values: sealed.v,
        })
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The relay state is the service provider's secret.
        f.debug_struct("Ticket")
            .field("service_provider", &self.service_provider)
            .field("acs", &self.acs)
            .field("name_id", &self.name_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
