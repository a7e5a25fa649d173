//! Logout with a source, in both directions.

use idp_domain::connector::{Confirmed, Ending, Heard, Leave, Message, Over, Said};
use idp_saml::binding::Incoming;
use idp_saml::logout::{self, Outgoing, Question, Sender};
use idp_saml::metadata::{Endpoint, Location};
use idp_saml::schema::{LogoutRequest, LogoutResponse, NameId, format};

use super::*;

fn here(binding: Binding) -> Endpoint {
    let path = if binding == Binding::Soap { "/soap" } else { "" };
    let location = format!("{BASE}/saml/sp/slo{path}");
    Endpoint {
        binding,
        location: Location::parse(&location, false).unwrap(),
        response_location: None,
    }
}

/// A request of `agency` about `name`.
fn asks(agency: &Agency, binding: Binding, name: &NameId) -> Message {
    let sender = Sender {
        entity_id: &agency.entity_id,
        key: &agency.key,
        alg: agency.key.default_alg(),
        now: NOW,
    };
    let question =
        Question { id: "_q1", name, session_index: Some("s1"), relay_state: Some("theirs") };
    match logout::ask(&here(binding), &question, &sender).unwrap() {
        Outgoing::Redirect(url) => Message::Query(url.split_once('?').unwrap().1.to_owned()),
        Outgoing::Post(form) => Message::Form(
            form.fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        ),
        Outgoing::Soap { body, .. } => Message::Body(body),
    }
}

async fn heard(scene: &Scene, message: Message) -> Heard {
    scene.connector.hear(Said { message, now: NOW }).await.unwrap()
}

async fn over(scene: &Scene, message: Message) -> Over {
    match heard(scene, message).await {
        Heard::Over(over) => *over,
        other => panic!("{other:?}"),
    }
}

fn name() -> NameId {
    NameId::new("Alice-1", format::PERSISTENT)
}

fn read<T>(incoming: &Incoming, of: impl Fn(idp_saml::xml::Element<'_>) -> T) -> T {
    of(Document::parse(&incoming.xml, Limits::MESSAGE).unwrap().root())
}

#[tokio::test]
async fn a_source_is_asked_to_end_the_session_that_it_named_and_its_answer_is_known() {
    let scene = Scene::new();
    let event = scene.proven(|_| {}).await;
    let leave = Leave { correlator: "secret".to_owned(), now: NOW };
    let out = scene.connector.leave(&event, &leave).await.unwrap();
    let Some(Outbound::Redirect(url)) = out else { panic!("{out:?}") };
    assert!(url.as_str().starts_with("https://idp.una.example/slo?SAMLRequest="), "{url}");
    let incoming = redirect::read(url.query().unwrap()).unwrap();
    let key = VerifyingKey::from_certificate(OURS.signing.certificate()).unwrap();
    incoming.verify_query(&[key]).unwrap();
    let request = read(&incoming, |root| LogoutRequest::read(root, &Opener::CLOSED).unwrap());
    assert_eq!((request.id.as_str(), request.name_id), ("_secret", name()));
    assert_eq!(request.session_indexes, ["s1"]);

    let (id, key) = (&scene.agency.entity_id, &scene.agency.key);
    let sender = Sender { entity_id: id, key, alg: key.default_alg(), now: NOW };
    let reply = logout::Reply {
        id: "_p1",
        in_response_to: "_secret",
        outcome: logout::Outcome::Complete,
        relay_state: None,
    };
    let sent = logout::answer(&here(Binding::Redirect), &reply, &sender).unwrap();
    let Outgoing::Redirect(url) = sent else { panic!("{sent:?}") };
    let query = url.split_once('?').unwrap().1.to_owned();
    match heard(&scene, Message::Query(query)).await {
        Heard::Left { correlator, out } => assert_eq!((correlator.as_str(), out), ("secret", true)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn slo_06_a_source_s_own_logout_names_the_sessions_as_they_were_remembered() {
    let scene = Scene::new();
    let event = scene.proven(|_| {}).await;
    for binding in [Binding::Redirect, Binding::Post, Binding::Soap] {
        let over = over(&scene, asks(&scene.agency, binding, &name())).await;
        assert_eq!(over.issuer, IDP);
        assert!(over.names.contains(event.source_name.as_ref().unwrap()));
        assert_eq!(over.marks, ["s1"]);
        assert_eq!(over.once.key, format!("logout {IDP} _q1"));
        assert!(over.once.until > NOW);
        for (ending, is_out) in [(Ending::Complete, true), (Ending::Unknown, false)] {
            let confirmed = scene.connector.confirm(&over.asked, ending, NOW).await.unwrap();
            let (xml, relay_state) = match confirmed {
                Confirmed::Browser(Outbound::Redirect(url)) => {
                    assert!(url.as_str().starts_with("https://idp.una.example/slo?"), "{url}");
                    let incoming = redirect::read(url.query().unwrap()).unwrap();
                    let response = read(&incoming, |root| LogoutResponse::read(root).unwrap());
                    (response, incoming.relay_state)
                }
                Confirmed::Body { body, .. } => {
                    let document = Document::parse(&body, Limits::MESSAGE).unwrap();
                    let inside = idp_saml::binding::soap::body(&document).unwrap();
                    (LogoutResponse::read(inside).unwrap(), Some("theirs".to_owned()))
                }
                other => panic!("{other:?}"),
            };
            assert_eq!(xml.in_response_to.as_deref(), Some("_q1"));
            assert_eq!(xml.status.code == StatusCode::Success, is_out);
            assert_eq!(relay_state.as_deref(), Some("theirs"));
        }
    }
}

#[tokio::test]
async fn slo_01_a_logout_that_another_signed_or_nobody_is_refused() {
    let scene = Scene::new();
    let mallory = Agency::new(IDP);
    let stranger = Agency::new("https://idp.unm.example/metadata");
    let unsigned = match asks(&scene.agency, Binding::Redirect, &name()) {
        Message::Query(query) => Message::Query(query.split("&SigAlg=").next().unwrap().to_owned()),
        _ => unreachable!(),
    };
    for (message, reason) in [
        (asks(&mallory, Binding::Redirect, &name()), "signature_invalid"),
        (asks(&mallory, Binding::Post, &name()), "signature_invalid"),
        (asks(&stranger, Binding::Post, &name()), "signature_invalid"),
        (unsigned, "unsigned"),
        (Message::Query("SAMLRequest=x".to_owned()), "bad_encoding"),
    ] {
        match heard(&scene, message).await {
            Heard::Refused(refusal) => assert_eq!(refusal.reason(), reason),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_source_without_an_address_for_logout_is_not_told() {
    let agency = Agency::new(IDP);
    let metadata = agency.metadata();
    let (before, rest) = metadata.split_once("<md:SingleLogoutService").unwrap();
    let (_, after) = rest.split_once("/>").unwrap();
    let connector = connector(json!({"metadata": {"xml": format!("{before}{after}")}})).unwrap();
    let scene = Scene { agency, connector };
    let event = scene.proven(|_| {}).await;
    let leave = Leave { correlator: "secret".to_owned(), now: NOW };
    assert_eq!(scene.connector.leave(&event, &leave).await.unwrap(), None);
}
