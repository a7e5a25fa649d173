//! Tests of single logout, with the attacks on it.

use expect_test::expect;
use idp_domain::{Lifetime, Timestamp};

use super::{
    Expected, LogoutError, Outcome, Outgoing, Question, Reply, Sender, answer, answer_by_soap, ask,
    back_way, danger_unverified_answered, danger_unverified_issuer, front_way, name_text,
    names_meant, read_name, receive_request, receive_response, receive_soap_response,
};
use crate::{
    binding::{Binding, BindingError, Incoming, Kind, post, redirect, soap},
    dsig::{
        DsigError, SignatureAlg, SigningKey, VerifyingKey,
        testing::{Pair, fresh, signing, verifying},
    },
    metadata::{Endpoint, Location},
    schema::{NameId, Opener, format},
};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_600);
const SP: &str = "https://sp1.example/saml";
const IDP: &str = "https://broker.example/saml/metadata";
const SLO: &str = "https://broker.example/saml/slo";

fn endpoint(binding: Binding, location: &str) -> Endpoint {
    let location = Location::parse(location, false).unwrap();
    Endpoint { binding, location, response_location: None }
}

/// SP1 says it.
fn sp1(key: &SigningKey) -> Sender<'_> {
    Sender { entity_id: SP, key, alg: key.default_alg(), now: NOW }
}

fn key() -> SigningKey {
    signing(SignatureAlg::RsaSha256)
}

fn stranger() -> SigningKey {
    let Pair { pkcs8, certificate } = fresh(crate::dsig::KeyKind::P256);
    SigningKey::new(&pkcs8, &certificate).unwrap()
}

fn alice() -> NameId {
    NameId {
        name_qualifier: Some(IDP.to_owned()),
        sp_name_qualifier: Some(SP.to_owned()),
        sp_provided_id: Some("a&b\"<c>".to_owned()),
        ..NameId::new("alice <&> \"of\" AGA", format::PERSISTENT)
    }
}

/// SP1's request by `binding`, as it reaches us.
fn request_by(binding: Binding, sender: &Sender<'_>) -> Incoming {
    let question =
        Question { id: "_q1", name: &alice(), session_index: Some("s1"), relay_state: Some("r&s") };
    arrive(ask(&endpoint(binding, SLO), &question, sender).unwrap(), Kind::Request)
}

fn response_by(binding: Binding, sender: &Sender<'_>) -> Incoming {
    let reply =
        Reply { id: "_a1", in_response_to: "_q1", outcome: Outcome::Complete, relay_state: None };
    arrive(answer(&endpoint(binding, SLO), &reply, sender).unwrap(), Kind::Response)
}

fn arrive(outgoing: Outgoing, kind: Kind) -> Incoming {
    match outgoing {
        Outgoing::Redirect(url) => redirect::read(url.split_once('?').unwrap().1).unwrap(),
        Outgoing::Post(form) => post::read(&form.fields).unwrap(),
        Outgoing::Soap { body, .. } => soap::read(kind, body).unwrap(),
    }
}

const BINDINGS: [Binding; 3] = [Binding::Redirect, Binding::Post, Binding::Soap];

fn keys() -> Vec<VerifyingKey> {
    vec![verifying(SignatureAlg::RsaSha256)]
}

fn expected(keys: &[VerifyingKey]) -> Expected<'_> {
    Expected {
        entity_id: SP,
        keys,
        destination: SLO,
        opener: Opener::CLOSED,
        skew: Lifetime::seconds(180),
        now: NOW,
    }
}

fn text(message: &Incoming) -> String {
    String::from_utf8(message.xml.clone()).unwrap()
}

/// The same message with another text in it.
fn changed(message: &Incoming, from: &str, to: &str) -> Incoming {
    let xml = text(message);
    assert!(xml.contains(from), "{xml}");
    Incoming { xml: xml.replacen(from, to, 1).into_bytes(), ..message.clone() }
}

//= saml-profiles#4.4.3.1-1 test
//= saml-profiles#4.4.4.1-1 test
#[test]
fn slo_08_a_request_brings_the_whole_name_by_every_binding() {
    let key = key();
    for binding in BINDINGS {
        let message = request_by(binding, &sp1(&key));
        assert_eq!(danger_unverified_issuer(&message).unwrap(), SP);
        let asked = receive_request(&message, &expected(&keys())).unwrap();
        assert_eq!((asked.id(), asked.binding), ("_q1", binding));
        assert_eq!(*asked.name(), alice(), "{binding:?}");
        assert_eq!(asked.session_indexes(), ["s1"]);
        let relayed = (binding != Binding::Soap).then_some("r&s");
        assert_eq!(asked.relay_state.as_deref(), relayed);
        assert_eq!(asked.replay_until, NOW + Lifetime::seconds(480));
    }
}

//= saml-profiles#4.4.4.2-1 test
#[test]
fn an_answer_says_how_it_went_by_every_binding() {
    let key = key();
    for binding in [Binding::Redirect, Binding::Post] {
        let message = response_by(binding, &sp1(&key));
        let replied = receive_response(&message, &expected(&keys())).unwrap();
        assert_eq!((replied.in_response_to.as_str(), replied.out), ("_q1", true));
        assert_eq!(danger_unverified_answered(&message).as_deref(), Some("_q1"));
    }
    for (outcome, out) in [
        (Outcome::Complete, true),
        (Outcome::Partial, true),
        (Outcome::UnknownPrincipal, false),
        (Outcome::Failed, false),
    ] {
        let reply = Reply { id: "_a1", in_response_to: "_q1", outcome, relay_state: None };
        let body = answer_by_soap(&reply, &sp1(&key)).unwrap();
        let replied = receive_soap_response(body, "_q1", false, &expected(&keys())).unwrap();
        assert_eq!(replied.out, out, "{outcome:?}");
    }
}

#[test]
fn a_partial_logout_is_a_success_with_a_second_status() {
    let key = key();
    let reply =
        Reply { id: "_a1", in_response_to: "_q1", outcome: Outcome::Partial, relay_state: None };
    let Outgoing::Redirect(url) =
        answer(&endpoint(Binding::Redirect, SLO), &reply, &sp1(&key)).unwrap()
    else {
        panic!("by another binding")
    };
    let message = redirect::read(url.split_once('?').unwrap().1).unwrap();
    expect![[r#"<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Destination="https://broker.example/saml/slo" ID="_a1" InResponseTo="_q1" IssueInstant="2027-01-15T08:10:00Z" Version="2.0"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://sp1.example/saml</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:PartialLogout"></samlp:StatusCode></samlp:StatusCode></samlp:Status></samlp:LogoutResponse>"#]]
    .assert_eq(&text(&message));
}

#[test]
fn slo_01_a_request_that_nobody_signed_is_nobodys() {
    let (key, stranger) = (key(), stranger());
    let keys = keys();
    let by = |message: &Incoming| receive_request(message, &expected(&keys)).unwrap_err();
    // Without the signature, or with that of somebody else.
    let plain = Incoming { query_signature: None, ..request_by(Binding::Redirect, &sp1(&key)) };
    assert_eq!(by(&plain), BindingError::Unsigned.into());
    let foreign = request_by(Binding::Redirect, &sp1(&stranger));
    assert_eq!(by(&foreign), BindingError::SignatureInvalid.into());
    for binding in [Binding::Post, Binding::Soap] {
        let signed = text(&request_by(binding, &sp1(&key)));
        let prefix = if binding == Binding::Soap { "ns2" } else { "ds" };
        let (before, rest) = signed.split_once(&format!("<{prefix}:Signature ")).unwrap();
        let (_, after) = rest.split_once(&format!("</{prefix}:Signature>")).unwrap();
        let xml = format!("{before}{after}").into_bytes();
        let plain = Incoming { xml, ..request_by(binding, &sp1(&key)) };
        assert_eq!(by(&plain), DsigError::Unsigned.into());
        let foreign = request_by(binding, &sp1(&stranger));
        assert_eq!(by(&foreign), DsigError::Invalid.into());
        let altered = changed(&request_by(binding, &sp1(&key)), "alice", "bobby");
        assert_eq!(by(&altered), DsigError::Invalid.into());
    }
    // A signature in the XML counts for nothing in a query.
    let inside = request_by(Binding::Post, &sp1(&key));
    let inside = Incoming { binding: Binding::Redirect, ..inside };
    assert_eq!(by(&inside), LogoutError::Unsigned);
    let both = request_by(Binding::Redirect, &sp1(&key));
    let both = Incoming { xml: inside.xml, ..both };
    assert_eq!(by(&both), LogoutError::Unsigned);
}

#[test]
fn slo_02_an_answer_that_nobody_signed_is_not_believed() {
    let (key, stranger) = (key(), stranger());
    let keys = keys();
    for binding in [Binding::Redirect, Binding::Post] {
        let by = |message: &Incoming| receive_response(message, &expected(&keys)).unwrap_err();
        assert_eq!(by(&response_by(binding, &sp1(&stranger))).slug(), "signature_invalid");
        let message = response_by(binding, &sp1(&key));
        let plain = Incoming { query_signature: None, ..message };
        let xml = text(&plain);
        let xml = match (xml.split_once("<ds:Signature "), xml.split_once("</ds:Signature>")) {
            (Some((before, _)), Some((_, after))) => format!("{before}{after}"),
            _ => xml,
        };
        let plain = Incoming { xml: xml.into_bytes(), ..plain };
        assert_eq!(by(&plain).slug(), "unsigned");
    }
    // On a connection of ours, only TLS stands in for a signature, and only for a missing one.
    let reply =
        Reply { id: "_a1", in_response_to: "_q1", outcome: Outcome::Complete, relay_state: None };
    let signed = String::from_utf8(answer_by_soap(&reply, &sp1(&key)).unwrap()).unwrap();
    let (before, rest) = signed.split_once("<ns2:Signature ").unwrap();
    let (_, after) = rest.split_once("</ns2:Signature>").unwrap();
    let plain = format!("{before}{after}").into_bytes();
    let receive = |body: Vec<u8>, tls| receive_soap_response(body, "_q1", tls, &expected(&keys));
    assert!(receive(plain.clone(), true).unwrap().out);
    assert_eq!(receive(plain, false).unwrap_err().slug(), "unsigned");
    let foreign = answer_by_soap(&reply, &sp1(&stranger)).unwrap();
    assert_eq!(receive(foreign, true).unwrap_err().slug(), "signature_invalid");
}

#[test]
fn slo_05_an_answer_on_our_own_connection_names_the_request() {
    let (key, keys) = (key(), keys());
    let reply =
        Reply { id: "_a1", in_response_to: "_q2", outcome: Outcome::Complete, relay_state: None };
    let body = answer_by_soap(&reply, &sp1(&key)).unwrap();
    let error = receive_soap_response(body, "_q1", true, &expected(&keys)).unwrap_err();
    assert_eq!(error, LogoutError::InResponseTo);
    let unasked = changed(
        &Incoming { query_signature: None, ..response_by(Binding::Post, &sp1(&key)) },
        r#" InResponseTo="_q1""#,
        "",
    );
    assert_eq!(
        receive_response(&unasked, &expected(&keys)).unwrap_err().slug(),
        "signature_invalid"
    );
}

#[test]
fn a_message_is_of_its_issuer_for_this_address_and_of_this_time() {
    let (key, keys) = (key(), keys());
    let judge = |message: &Incoming, expected: &Expected<'_>| {
        receive_request(message, expected).map(drop).unwrap_err()
    };
    for binding in BINDINGS {
        let message = request_by(binding, &sp1(&key));
        let here = expected(&keys);
        let other = Expected { entity_id: "https://sp2.example/saml", ..here };
        assert_eq!(judge(&message, &other), LogoutError::UnexpectedIssuer);
        let elsewhere = Expected { destination: "https://broker.example/saml/sp/slo", ..here };
        assert_eq!(judge(&message, &elsewhere), LogoutError::Destination);
        let late = Expected { now: NOW + Lifetime::seconds(480), ..here };
        assert_eq!(judge(&message, &late), LogoutError::Expired);
        let early = Expected { now: NOW.minus(Lifetime::seconds(181)), ..here };
        assert_eq!(judge(&message, &early), LogoutError::NotYetValid);
    }
    // An answer does not pass for a request, whatever parameter it comes in.
    let answer = Incoming { kind: Kind::Request, ..response_by(Binding::Post, &sp1(&key)) };
    assert_eq!(judge(&answer, &expected(&keys)), LogoutError::Kind("LogoutRequest"));
    let answer = response_by(Binding::Post, &sp1(&key));
    assert_eq!(judge(&answer, &expected(&keys)), LogoutError::Kind("LogoutRequest"));
}

#[test]
fn a_message_that_a_browser_brings_says_where_it_goes() {
    let (key, keys) = (key(), keys());
    // Signed over the query, so that nothing else is wrong with it.
    let message = request_by(Binding::Redirect, &sp1(&key));
    let xml = text(&message).replacen(&format!(r#" Destination="{SLO}""#), "", 1);
    let url = redirect::write(SLO, Kind::Request, xml.as_bytes(), None, &key, key.default_alg());
    let bare = redirect::read(url.unwrap().split_once('?').unwrap().1).unwrap();
    let error = receive_request(&bare, &expected(&keys)).unwrap_err();
    assert_eq!(error, LogoutError::Destination);
}

#[test]
fn a_name_is_remembered_whole_and_understood_without_what_goes_without_saying() {
    let name = alice();
    assert_eq!(read_name(&name_text(&name)), Some(name.clone()));
    expect![[r#"{"v":"alice <&> \"of\" AGA","f":"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent","n":"https://broker.example/saml/metadata","s":"https://sp1.example/saml","p":"a&b\"<c>"}"#]]
    .assert_eq(&name_text(&name));
    let bare = NameId { name_qualifier: None, sp_name_qualifier: None, ..name.clone() };
    assert!(names_meant(&bare, IDP, SP).contains(&name_text(&name)));
    assert!(names_meant(&name, IDP, SP).contains(&name_text(&bare)));
    assert_eq!(names_meant(&name, IDP, SP).len(), 4);
    let foreign = NameId { sp_name_qualifier: Some("https://spx.example".into()), ..name.clone() };
    assert!(!names_meant(&foreign, IDP, SP).contains(&name_text(&name)));
    let other = NameId { sp_provided_id: None, ..name.clone() };
    assert!(!names_meant(&other, IDP, SP).contains(&name_text(&name)));
    assert_eq!(read_name("persistent"), None);
}

#[test]
fn a_peer_is_told_without_the_browser_if_it_can_be_and_by_redirect_rather_than_form() {
    let at = |binding| endpoint(binding, SLO);
    let all = [at(Binding::Post), at(Binding::Redirect), at(Binding::Soap)];
    let binding = |endpoint: Option<&Endpoint>| endpoint.map(|endpoint| endpoint.binding);
    assert_eq!(binding(back_way(&all)), Some(Binding::Soap));
    assert_eq!(binding(front_way(&all)), Some(Binding::Redirect));
    assert_eq!(binding(front_way(&all[..1])), Some(Binding::Post));
    assert_eq!((binding(back_way(&all[..2])), binding(front_way(&all[2..]))), (None, None));
}

/// Readers that take a message out of its envelope by writing it anew number the prefixes; all
/// declarations then stand at the root.
#[test]
fn a_signature_in_an_envelope_survives_a_reader_that_writes_the_message_anew() {
    let (key, keys) = (key(), keys());
    let xml = text(&request_by(Binding::Soap, &sp1(&key)));
    let (_, inner) = xml.split_once("<soap:Body>").unwrap();
    let (inner, _) = inner.split_once("</soap:Body>").unwrap();
    let uris = [
        "urn:oasis:names:tc:SAML:2.0:protocol",
        "urn:oasis:names:tc:SAML:2.0:assertion",
        "http://www.w3.org/2000/09/xmldsig#",
    ];
    let mut anew = inner.to_owned();
    for (number, uri) in uris.iter().enumerate() {
        assert!(anew.contains(&format!("<ns{number}:")), "{anew}");
        anew = anew.replace(&format!(r#" xmlns:ns{number}="{uri}""#), "");
    }
    let declared: Vec<_> =
        uris.iter().enumerate().map(|(n, uri)| format!(r#" xmlns:ns{n}="{uri}""#)).collect();
    let anew =
        anew.replacen("<ns0:LogoutRequest", &format!("<ns0:LogoutRequest{}", declared.concat()), 1);
    let message = Incoming {
        binding: Binding::Post,
        kind: Kind::Request,
        xml: anew.into_bytes(),
        relay_state: None,
        query_signature: None,
    };
    assert!(receive_request(&message, &expected(&keys)).is_ok());
}
