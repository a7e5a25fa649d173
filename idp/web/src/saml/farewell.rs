//! Service providers and the end of a session: what is remembered for that day, how they are told,
//! how one that asked is answered.

use idp_broker::{Letter, Telling};
use idp_domain::{
    Issuance, Lifetime, RelyingPartyId, Timestamp,
    connector::Ending,
    logout::{Leaving, Notice, Way},
};
use idp_saml::{
    binding::soap,
    idp::{Callings, ServiceProvider, Ticket},
    logout::{
        self, Expected, Outcome, Outgoing, Question, Reply, SendError, Sender, back_way, front_way,
        name_text, read_name, receive_soap_response,
    },
    schema::{NameId, Opener, new_id},
};
use serde::{Deserialize, Serialize};

use super::Published;
use crate::{App, oidc::answer::Led, page::FormPost};

/// How far the clock of a service provider may be off.
pub(super) const SKEW: Lifetime = Lifetime::seconds(180);

/// What must be known of a request until it is answered.
#[derive(Serialize, Deserialize)]
pub(super) struct Asked {
    /// The ID of the request.
    pub(super) id: String,
    /// What the service provider wants back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) relay_state: Option<String>,
}

/// The name that the person is called by in this issuance, whole, as it must be sent back.
pub(crate) fn remember(app: &App, issuance: &Issuance) -> Option<String> {
    let registry = app.registry.load();
    let provider = registry.service_providers.of(&issuance.relying_party)?;
    let ticket = Ticket::open(&issuance.ticket, provider).ok()?;
    let names = app.broker.passing_names(&issuance.relying_party, &issuance.session);
    let mail = idp_domain::AttributeName::parse("mail");
    let callings = Callings {
        subject: &issuance.subject,
        passing: &names.person,
        mail: mail.as_ref().and_then(|mail| issuance.released.single(mail)),
    };
    let ours = app.saml.load();
    let name = provider.name_id(ticket.name_id(), &callings, &ours.provider)?;
    Some(name_text(&name))
}

/// How a service provider is told that a session is over.
pub(crate) fn tell(app: &App, notice: &Notice, now: Timestamp) -> Telling {
    let registry = app.registry.load();
    let Some(provider) = registry.service_providers.of(&notice.relying_party) else {
        return Telling::Mute;
    };
    let Some(name) = notice.farewell.as_deref().and_then(read_name) else { return Telling::Mute };
    let Some(endpoint) = back_way(&provider.slo) else {
        let has_front = front_way(&provider.slo).is_some();
        return if has_front { Telling::Browser(Way::Visit) } else { Telling::Mute };
    };
    let Ok(random) = idp_broker::random() else { return Telling::Mute };
    let id = new_id(random);
    let names = app.broker.passing_names(&notice.relying_party, &notice.session);
    let question =
        Question { id: &id, name: &name, session_index: Some(&names.session), relay_state: None };
    let ours = app.saml.load();
    let sent = logout::ask(endpoint, &question, &sender(&ours, provider, now));
    let Ok(Outgoing::Soap { location, body }) = sent else {
        tracing::error!(relying_party.id = %notice.relying_party, "a logout request cannot be made");
        return Telling::Mute;
    };
    let Ok(url) = location.parse::<url::Url>() else { return Telling::Mute };
    let (provider, over_tls) = (provider.clone(), url.scheme() == "https");
    let otherwise = front_way(&provider.slo).map(|_| Way::Visit);
    Telling::Letter(Letter {
        otherwise,
        url,
        content_type: soap::CONTENT_TYPE,
        header: Some(("soapaction", soap::ACTION)),
        body,
        confirm: Box::new(move |reply| {
            let expected = Expected {
                entity_id: &provider.entity_id,
                keys: &provider.keys,
                destination: &location,
                opener: Opener::CLOSED,
                skew: SKEW,
                now,
            };
            if reply.status != 200 {
                return Err("refused");
            }
            match receive_soap_response(reply.body.to_vec(), &id, over_tls, &expected) {
                Ok(replied) if replied.out => Ok(()),
                Ok(_) => Err("refused"),
                Err(error) => {
                    tracing::info!(relying_party.id = %provider.id, %error, "no logout answer");
                    Err("not_confirmed")
                }
            }
        }),
    })
}

/// What the browser takes to a service provider; `question` comes back with the answer.
pub(crate) fn visit(app: &App, leaving: &Leaving, question: &str, now: Timestamp) -> Option<Led> {
    let registry = app.registry.load();
    let provider = registry.service_providers.of(&leaving.relying_party)?;
    let endpoint = front_way(&provider.slo)?;
    let name: NameId = read_name(leaving.farewell.as_deref()?)?;
    let names = app.broker.passing_names(&leaving.relying_party, &leaving.session);
    let question = Question {
        id: &format!("_{question}"),
        name: &name,
        session_index: Some(&names.session),
        relay_state: None,
    };
    let ours = app.saml.load();
    led(provider, logout::ask(endpoint, &question, &sender(&ours, provider, now)))
}

/// The answer to a service provider that asked for a logout; nothing if it takes none.
pub(crate) fn answer(
    app: &App,
    id: &RelyingPartyId,
    asked: &str,
    ending: Ending,
    now: Timestamp,
) -> Option<Led> {
    let asked: Asked = serde_json::from_str(asked).ok()?;
    let registry = app.registry.load();
    reply(app, registry.service_providers.of(id)?, &asked, ending, now)
}

/// The same for one that is at hand.
pub(super) fn reply(
    app: &App,
    provider: &ServiceProvider,
    asked: &Asked,
    ending: Ending,
    now: Timestamp,
) -> Option<Led> {
    let endpoint = front_way(&provider.slo)?;
    let id = new_id(idp_broker::random().ok()?);
    let reply = reply_of(&id, asked, ending);
    let ours = app.saml.load();
    led(provider, logout::answer(endpoint, &reply, &sender(&ours, provider, now)))
}

pub(super) fn reply_of<'a>(id: &'a str, asked: &'a Asked, ending: Ending) -> Reply<'a> {
    Reply {
        id,
        in_response_to: &asked.id,
        outcome: match ending {
            Ending::Complete => Outcome::Complete,
            Ending::Partial => Outcome::Partial,
            Ending::Unknown => Outcome::UnknownPrincipal,
        },
        relay_state: asked.relay_state.as_deref(),
    }
}

pub(super) fn sender<'a>(
    ours: &'a Published,
    provider: &ServiceProvider,
    now: Timestamp,
) -> Sender<'a> {
    Sender {
        entity_id: &ours.provider.entity_id,
        key: &ours.keys.signing,
        alg: provider.signature_alg(&ours.keys.signing),
        now,
    }
}

fn led(provider: &ServiceProvider, sent: Result<Outgoing, SendError>) -> Option<Led> {
    match sent {
        Ok(Outgoing::Redirect(url)) => Some(Led::To(url)),
        Ok(Outgoing::Post(form)) => {
            let action = form.action.parse().ok()?;
            let fields = form.fields.into_iter();
            let fields = fields.map(|(name, value)| (name.to_owned(), value)).collect();
            Some(Led::Post(FormPost { action, fields }))
        }
        Ok(Outgoing::Soap { .. }) => None,
        Err(error) => {
            tracing::error!(relying_party.id = %provider.id, %error, "no logout message");
            None
        }
    }
}
