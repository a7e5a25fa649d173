//! The single sign-on endpoint: from a message to a wish for a login, or a reasoned no.
//!
//! Whether the message is one, and whose, is judged here; what it asks for, in the table of
//! `checks`.

use idp_domain::{
    AgencyId, AuthnRequest, Demand, RelyingPartyId, SourceId, Timestamp, transaction::Hints,
};

use super::{
    NameIdKind, Provider, Rule, ServiceProvider, Ticket, checks, release::Wish,
    service_provider::canonical,
};
use crate::{
    binding::{Binding, Incoming, Kind},
    dsig::{DsigError, Signatures, gate},
    schema::{self, Issuer, Opener, Status},
    xml::{Document, Element, Limits, ns},
};

/// A message, and what the web knows of it.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The message, out of its envelope.
    pub message: &'a Incoming,
    /// Finds the service provider of an entity ID. One that is switched off is not found.
    pub find: &'a dyn Fn(&str) -> Option<&'a ServiceProvider>,
    /// Finds the source that is named by an entity ID.
    pub hint: &'a dyn Fn(&str) -> Option<Hinted>,
    /// Our names.
    pub provider: &'a Provider,
    /// The time.
    pub now: Timestamp,
}

/// A source that a service provider named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hinted {
    /// The source.
    pub source: SourceId,
    /// Its agency.
    pub agency: AgencyId,
}

/// A request that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declined {
    /// Nobody knows where to answer: the person is told, on a page of ours.
    Page(PageError),
    /// The service provider is told.
    Respond(Box<StatusError>),
}

/// An error for a page of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageError {
    /// The stable name of what was wrong.
    pub slug: &'static str,
    /// For the operator; repeats nothing that was sent.
    pub detail: String,
    /// The service provider, if the message named one that exists.
    pub service_provider: Option<RelyingPartyId>,
}

/// An error for the service provider: [`super::refuse`] says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusError {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// The service provider.
    pub service_provider: RelyingPartyId,
    /// The way to it.
    pub ticket: Ticket,
}

impl StatusError {
    /// What it is told.
    #[must_use]
    pub fn status(&self) -> Status {
        self.rule.status()
    }
}

impl Declined {
    /// The stable name of what was wrong: the same on the page, in the trail, in logs and metrics.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Page(error) => error.slug,
            Self::Respond(error) => error.rule.slug,
        }
    }
}

/// What the checks have established so far.
pub(super) struct Draft<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) service_provider: &'a ServiceProvider,
    pub(super) request: schema::AuthnRequest,
    /// A signature was demanded or given, and holds.
    pub(super) signed: bool,
    pub(super) acs: Option<String>,
    pub(super) name_id: NameIdKind,
    pub(super) wish: Wish,
    pub(super) demand: Demand,
    pub(super) hints: Hints,
}

/// Judges a message, and makes a wish for a login of it.
pub fn receive<'a>(asked: &'a Asked<'a>) -> Result<AuthnRequest, Declined> {
    let mut draft = read(asked).map_err(Declined::Page)?;
    let service_provider = draft.service_provider;
    let page = |rule: &'static Rule| {
        let service_provider = Some(service_provider.id.clone());
        let detail = rule.to_string();
        Declined::Page(PageError { slug: rule.slug, detail, service_provider })
    };
    checks::run(&checks::BEFORE_THE_TICKET, &mut draft).map_err(page)?;
    let acs = draft.acs.take().ok_or_else(|| page(&checks::ACS_UNKNOWN))?;
    let judged = checks::run(&checks::WITH_THE_TICKET, &mut draft);
    let wish = draft.wish;
    let ticket = Ticket {
        service_provider: service_provider.id.clone(),
        acs,
        in_response_to: Some(draft.request.id.clone()),
        relay_state: asked.message.relay_state.clone(),
        name_id: draft.name_id,
        values: wish.values.clone(),
    };
    match judged {
        Ok(()) => Ok(wished(service_provider, ticket, wish, draft.demand, draft.hints)),
        Err(rule) => {
            let service_provider = service_provider.id.clone();
            Err(Declined::Respond(Box::new(StatusError { rule, service_provider, ticket })))
        }
    }
}

/// The wish for a login that a ticket answers.
pub(super) fn wished(
    service_provider: &ServiceProvider,
    ticket: Ticket,
    mut wish: Wish,
    demand: Demand,
    hints: Hints,
) -> AuthnRequest {
    if ticket.name_id == NameIdKind::Email {
        // A name, too, is made of what is released.
        wish.wanted.extend(canonical("mail").cloned());
    }
    AuthnRequest {
        relying_party: service_provider.id.clone(),
        demand,
        ticket: ticket.seal(),
        hints,
        wanted: wish.wanted,
    }
}

/// Reads the message: well-formed, of a service provider that we know, and its own.
fn read<'a>(asked: &'a Asked<'a>) -> Result<Draft<'a>, PageError> {
    let page = |slug, detail: String| PageError { slug, detail, service_provider: None };
    if asked.message.kind != Kind::Request || asked.message.binding == Binding::Soap {
        return Err(page("binding", "no request that may come by this binding".to_owned()));
    }
    let document = Document::parse(&asked.message.xml, Limits::MESSAGE)
        .map_err(|error| page(error.slug(), error.to_string()))?;
    let root = document.root();
    if !root.is(ns::SAMLP, "AuthnRequest") {
        return Err(page("schema", "the message is no AuthnRequest".to_owned()));
    }
    let signatures = gate(&document).map_err(|error| page(error.slug(), error.to_string()))?;
    // Whoever it claims to be; believed only once its signature was looked at.
    let service_provider = issuer(root)
        .and_then(|issuer| (asked.find)(issuer.as_str()))
        .ok_or_else(|| page("unknown_sp", "the issuer is no service provider here".to_owned()))?;
    let page = |slug, detail: String| PageError {
        slug,
        detail,
        service_provider: Some(service_provider.id.clone()),
    };
    if service_provider.is_expired(asked.now) {
        return Err(page("metadata_expired", "the metadata of the issuer has expired".to_owned()));
    }
    let (root, signed) = prove(asked.message, root, &signatures, service_provider)
        .map_err(|(slug, detail)| page(slug, detail))?;
    let request = schema::AuthnRequest::read(root, &Opener::CLOSED)
        .map_err(|error| page(error.slug(), error.to_string()))?;
    Ok(Draft {
        asked,
        service_provider,
        signed,
        acs: None,
        name_id: service_provider.name_id,
        wish: service_provider
            .wish(&request.requested_attributes, request.attribute_consuming_service_index),
        demand: Demand {
            force: request.force_authn,
            passive: request.is_passive,
            ..Demand::default()
        },
        hints: Hints::default(),
        request,
    })
}

/// The entity ID in front of everything else; [`schema::AuthnRequest::read`] sees to it that it is
/// the only one.
fn issuer(root: Element<'_>) -> Option<Issuer> {
    let first = root.children().next().filter(|child| child.is(ns::SAML, "Issuer"))?;
    Issuer::read(first).ok()
}

/// Gives back the element whose values may be read, and whether it is signed.
///
/// Where a signature is not demanded, one that is there must hold all the same.
fn prove<'d>(
    message: &Incoming,
    root: Element<'d>,
    signatures: &Signatures<'d>,
    service_provider: &ServiceProvider,
) -> Result<(Element<'d>, bool), (&'static str, String)> {
    let keys = &service_provider.keys;
    let dsig = |error: DsigError| (error.slug(), error.to_string());
    let by_redirect = message.binding == Binding::Redirect;
    match (by_redirect, signatures.is_empty(), &message.query_signature) {
        //= saml-bindings#3.4.4.1-1
        (true, false, _) => Err((
            "unsigned",
            "a signature inside the XML counts for nothing by Redirect".to_owned(),
        )),
        (true, true, Some(_)) => {
            message.verify_query(keys).map_err(|error| (error.slug(), error.to_string()))?;
            Ok((root, true))
        }
        (false, false, _) => {
            let verified = signatures.verify(root, keys).map_err(dsig)?;
            Ok((verified.into_inner(), true))
        }
        _ if service_provider.require_signed_requests => {
            Err(("unsigned", "requests of this service provider must be signed".to_owned()))
        }
        _ => Ok((root, false)),
    }
}

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod wishes;
