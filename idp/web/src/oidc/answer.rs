//! Answers of the authorization endpoint: a code, or a no, by the way that the ticket holds.

use axum::{body::Body, response::Response};
use idp_broker::Visit;
use idp_domain::{GrantId, Issuance, Refusal, Transaction};
use idp_oidc::op::{Answer, Ticket, code};

use super::authorize::form;
use crate::{App, page::FormPost, problem::Trouble};

/// Where an answer leads the browser.
pub(crate) enum Led {
    /// To an address.
    To(String),
    /// To an address, by a form.
    Post(FormPost),
    /// Nowhere: this page is shown instead.
    Nowhere(Box<Response>),
}

/// The answer for the browser.
pub(super) fn led(answer: Answer) -> Led {
    match answer {
        Answer::Redirect { location } => Led::To(location),
        Answer::FormPost { action, fields } => match form(&action, fields) {
            Some(form) => Led::Post(form),
            None => Led::Nowhere(Box::new(Response::new(Body::empty()))),
        },
    }
}

/// Answers with a code.
pub(crate) async fn issue(app: &App, issuance: Issuance, visit: &Visit) -> Led {
    let ticket = match open(app, &issuance.ticket, &issuance.relying_party, visit) {
        Ok(ticket) => ticket,
        Err(nowhere) => return nowhere,
    };
    match shelve(app, &ticket, &issuance).await {
        Ok(code) => led(ticket.way_back.code(&app.issuer, &code)),
        Err(fault) => Led::Nowhere(Box::new(app.faulted(&fault, visit))),
    }
}

async fn shelve(
    app: &App,
    ticket: &Ticket,
    issuance: &Issuance,
) -> Result<String, idp_domain::Fault> {
    let grant = GrantId::from_random(idp_broker::random()?);
    let (opaque, record) = code::issue(ticket, issuance, grant, idp_broker::random()?);
    let ttl = code::LIFETIME.as_duration();
    app.codes
        .put(opaque.handle.as_str(), &record, ttl)
        .await
        .map_err(|error| idp_domain::Fault::new("keeping a code", error))?;
    Ok(opaque.value.expose().clone())
}

/// Answers with a no.
pub(crate) fn refuse(
    app: &App,
    transaction: &Transaction,
    refusal: &Refusal,
    visit: &Visit,
) -> Led {
    match open(app, &transaction.request.ticket, transaction.relying_party(), visit) {
        Ok(ticket) => led(ticket.way_back.refused(&app.issuer, refusal)),
        Err(nowhere) => nowhere,
    }
}

/// The host to which an answer would go, for the page that asks for consent.
pub(crate) fn host(app: &App, transaction: &Transaction) -> Option<String> {
    let registry = app.registry.load();
    let client = registry.clients.get(transaction.relying_party())?;
    let ticket = Ticket::open(&transaction.request.ticket, client).ok()?;
    ticket.way_back.redirect_uri.host().map(str::to_owned)
}

fn open(
    app: &App,
    ticket: &idp_domain::ReturnTicket,
    relying_party: &idp_domain::RelyingPartyId,
    visit: &Visit,
) -> Result<Ticket, Led> {
    let registry = app.registry.load();
    let client = registry.clients.get(relying_party);
    let opened = client.map(|client| Ticket::open(ticket, client));
    let Some(Ok(ticket)) = opened else {
        // It was withdrawn, or its address was, while the person signed in.
        let trouble = Trouble::misregistered("withdrawn", Some(relying_party.clone()));
        return Err(Led::Nowhere(Box::new(app.problem(&trouble, visit))));
    };
    Ok(ticket)
}
