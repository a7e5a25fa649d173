//! Answers to service providers: an assertion, or a no, by the way that the ticket holds.

use axum::response::Response;
use idp_broker::Visit;
use idp_domain::{
    AuditEvent, Fault, Issuance, Refusal, RelyingPartyId, ReturnTicket, Transaction,
    audit::AuditKind,
};
use idp_saml::{
    binding::post::PostForm,
    idp::{self, Chance, Denial, ServiceProvider, Ticket, Vouch},
    schema::Status,
};

use crate::{
    App,
    oidc::answer::Led,
    page::FormPost,
    problem::{Trouble, chain},
};

/// Answers with an assertion.
pub(crate) async fn issue(app: &App, issuance: Issuance, visit: &Visit) -> Led {
    let registry = app.registry.load();
    let provider = registry.service_providers.of(&issuance.relying_party);
    let Some((provider, ticket)) = provider
        .and_then(|provider| Some((provider, Ticket::open(&issuance.ticket, provider).ok()?)))
    else {
        return withdrawn(app, &issuance.relying_party, visit);
    };
    let random = match draw() {
        Ok(random) => random,
        Err(fault) => return nowhere(app.faulted(&fault, visit)),
    };
    let names = app.broker.passing_names(&issuance.relying_party, &issuance.session);
    let ours = app.saml.load();
    let vouch = Vouch {
        provider: &ours.provider,
        key: &ours.keys.signing,
        issuance: &issuance,
        passing_person: &names.person,
        passing_session: &names.session,
        random: &random,
    };
    match idp::respond(&ticket, provider, &vouch) {
        Ok(form) => sent(form),
        Err(error) => {
            tracing::error!(
                relying_party.id = %provider.id, reason = error.slug(), %error,
                "nothing can be vouched for towards a service provider"
            );
            let event = AuditEvent {
                relying_party: Some(provider.id.clone()),
                account: Some(issuance.account.clone()),
                session: Some(issuance.session.clone()),
                address: Some(visit.address),
                reference: Some(visit.reference.to_string()),
                alert: true,
                ..AuditEvent::new(AuditKind::LoginRefused, visit.now)
            };
            match app.broker.record(vec![event.because_of(error.slug())]).await {
                Ok(()) => denied(app, provider, &ticket, &idp::failed(), visit),
                Err(fault) => nowhere(app.faulted(&fault, visit)),
            }
        }
    }
}

/// The chance that an assertion takes.
fn draw() -> Result<Chance, Fault> {
    Ok(Chance {
        response: idp_broker::random()?,
        assertion: idp_broker::random()?,
        encryption: idp_broker::random()?,
    })
}

/// Answers with a no.
pub(crate) fn refuse(
    app: &App,
    transaction: &Transaction,
    refusal: &Refusal,
    visit: &Visit,
) -> Led {
    deny(
        app,
        &transaction.request.ticket,
        transaction.relying_party(),
        &idp::status(refusal),
        visit,
    )
}

/// Says `status` to whom `ticket` leads.
fn deny(
    app: &App,
    ticket: &ReturnTicket,
    relying_party: &RelyingPartyId,
    status: &Status,
    visit: &Visit,
) -> Led {
    let registry = app.registry.load();
    let provider = registry.service_providers.of(relying_party);
    let opened =
        provider.and_then(|provider| Some((provider, Ticket::open(ticket, provider).ok()?)));
    match opened {
        Some((provider, ticket)) => denied(app, provider, &ticket, status, visit),
        None => withdrawn(app, relying_party, visit),
    }
}

/// Says `status` to where `ticket`, which is open, leads.
pub(super) fn denied(
    app: &App,
    provider: &ServiceProvider,
    ticket: &Ticket,
    status: &Status,
    visit: &Visit,
) -> Led {
    let random = match idp_broker::random() {
        Ok(random) => random,
        Err(fault) => return nowhere(app.faulted(&fault, visit)),
    };
    let ours = app.saml.load();
    let denial = Denial {
        provider: &ours.provider,
        key: &ours.keys.signing,
        status,
        now: visit.now,
        random,
    };
    match idp::refuse(ticket, provider, &denial) {
        Ok(form) => sent(form),
        Err(error) => {
            let fault = Fault::new("signing a no", error);
            tracing::error!(error = %chain(&fault), "a no cannot be signed");
            nowhere(app.faulted(&fault, visit))
        }
    }
}

/// The host to which an answer would go, for the page that asks for consent.
pub(crate) fn host(app: &App, transaction: &Transaction) -> Option<String> {
    let registry = app.registry.load();
    let provider = registry.service_providers.of(transaction.relying_party())?;
    let ticket = Ticket::open(&transaction.request.ticket, provider).ok()?;
    url::Url::parse(ticket.acs()).ok()?.host_str().map(str::to_owned)
}

fn sent(form: PostForm) -> Led {
    match form.action.parse() {
        Ok(action) => {
            let fields = form.fields.into_iter();
            let fields = fields.map(|(name, value)| (name.to_owned(), value)).collect();
            Led::Post(FormPost { action, fields })
        }
        // An endpoint is an address since it was registered.
        Err(_) => Led::Nowhere(Box::default()),
    }
}

/// It was withdrawn, or its address was, while the person signed in.
fn withdrawn(app: &App, relying_party: &RelyingPartyId, visit: &Visit) -> Led {
    let trouble = Trouble::misregistered("withdrawn", Some(relying_party.clone()));
    nowhere(app.problem(&trouble, visit))
}

fn nowhere(response: Response) -> Led {
    Led::Nowhere(Box::new(response))
}
