//! SLO: who may sign whom out, and what is believed of it.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::process::until;
use idp_tests::harness::run;
use idp_tests::peers::saml::forge::{AuthnRequest, LogoutRequest, LogoutResponse, Party, name_id};
use idp_tests::peers::saml::keys::KeyPair;
use idp_tests::peers::saml::message::{
    Message, PERSISTENT, POST, REDIRECT, SOAP, base64, redirect_is_signed,
};
use idp_tests::peers::saml::xmlsec;
use std::time::Duration;

use super::bench::{Held, SamlBench, saml_bench};
use crate::house::{self, EVE, go_on};

const IDP: &str = "/saml/metadata";
const SP: &str = "/saml/sp/metadata";
const SERVICE: &str = "SingleLogoutService";

/// Eve's browser, signed in at sp1, and what sp1 was told of her.
async fn signed_in(bench: &SamlBench) -> (Visitor, &'static Party, Message) {
    let party = bench.provider("sp1");
    let mut visitor = house::visitor().stopping_at(&party.home());
    let at = bench.sso(REDIRECT).await;
    let request = AuthnRequest::honest(&party.entity_id, &at);
    let page = visitor.open(request.query(None).signed(party.keys).at(&at)).await;
    let answer = Message::of(&go_on(&mut visitor, page, EVE).await);
    assert_eq!(answer.status(), ["Success"], "{}", answer.xml);
    (visitor, party, answer)
}

/// The name that sp1 was told, as an element to be sent back.
fn name_in(answer: &Message) -> (String, String) {
    let name = answer.read(|root| {
        let node = root.descendants().find(|node| node.tag_name().name() == "NameID").unwrap();
        let attributes: Vec<_> = node.attributes().map(|a| (a.name(), a.value())).collect();
        name_id(node.text().unwrap(), &attributes)
    });
    (name, answer.attribute_of("AuthnStatement", "SessionIndex").expect("a SessionIndex"))
}

async fn is_signed_in(bench: &SamlBench, visitor: &mut Visitor) -> bool {
    let party = bench.bench.house.party("rp1").await;
    let begun = party.begin(&[("prompt", "none")]);
    visitor.open(&begun.url).await.answer("error").is_none()
}

#[test]
fn slo_01_a_logout_that_nobody_signed_signs_nobody_out() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let (mut visitor, party, answer) = signed_in(&bench).await;
        let (name, index) = name_in(&answer);
        let attacker = bench.provider("spx").keys;
        let refused = ["unsigned", "signature_invalid"];
        let honest = |at: &str| LogoutRequest::honest(&party.entity_id, at, &name, &[&index]);
        let at = bench.endpoint(IDP, SERVICE, REDIRECT).await;
        bench.refuses_request(&honest(&at).query(None).at(&at), &refused).await;
        bench.refuses_request(&honest(&at).query(None).signed(attacker).at(&at), &refused).await;
        let page = visitor.peek(honest(&at).query(None).signed(attacker).at(&at)).await;
        assert!((400..500).contains(&page.status), "{}", page.describe());
        let at = bench.endpoint(IDP, SERVICE, POST).await;
        for xml in [honest(&at).xml(), honest(&at).signed(attacker)] {
            let form = [("SAMLRequest".to_owned(), base64(xml))];
            bench.refuses_request_form(&at, &form, &refused).await;
            let page = visitor.post(&at, &form).await;
            assert!((400..500).contains(&page.status), "{}", page.describe());
        }
        let at = bench.endpoint(IDP, SERVICE, SOAP).await;
        for xml in [honest(&at).xml(), honest(&at).signed(attacker)] {
            bench.refuses_soap(&at, &enveloped(&xml), &refused).await;
        }
        assert!(is_signed_in(&bench, &mut visitor).await, "somebody signed eve out");
    });
}

fn enveloped(xml: &str) -> String {
    format!(
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>{xml}\
         </soap:Body></soap:Envelope>"
    )
}

/// Eve signs out at the broker; her browser waits at sp1 with what that is asked.
async fn leaving(bench: &SamlBench, visitor: &mut Visitor) -> Message {
    let page = visitor.open(format!("{}/logout", bench.base())).await;
    let form = page.forms().into_iter().find(|form| form.action.path().contains("logout"));
    let form = form.unwrap_or_else(|| panic!("no form to sign out: {}", page.describe()));
    let page = visitor.submit(&page, form.enter()).await;
    let asked = Message::of(&page);
    assert_eq!(asked.kind(), "LogoutRequest", "{}", asked.xml);
    let certificate = certificate_of(bench).await;
    assert!(page.posted.is_some() || redirect_is_signed(&page.url, &certificate));
    asked
}

async fn certificate_of(bench: &SamlBench) -> String {
    let metadata = bench.metadata(IDP).await;
    metadata.read(|root| {
        root.descendants()
            .filter(|node| node.tag_name().name() == "KeyDescriptor")
            .find(|node| node.attribute("use") != Some("encryption"))
            .and_then(|node| {
                node.descendants().find(|node| node.tag_name().name() == "X509Certificate")
            })
            .and_then(|node| node.text())
            .expect("a certificate")
            .to_owned()
    })
}

#[test]
fn slo_02_that_somebody_is_out_is_believed_of_those_alone_who_sign_it() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let (mut visitor, party, _) = signed_in(&bench).await;
        let asked = leaving(&bench, &mut visitor).await;
        let at = bench.endpoint(IDP, SERVICE, REDIRECT).await;
        let honest = LogoutResponse::honest(&party.entity_id, &at, &asked.id());
        let stranger = KeyPair::named("attacker").unwrap();
        let relay = asked.relay_state.as_deref();
        for query in [honest.query(relay), honest.query(relay).signed(stranger)] {
            let mark = bench.bench.mark().await;
            let page = visitor.open(query.at(&at)).await;
            let words = page.text();
            assert!(!page.arrived(), "{}", page.url);
            assert!(page.status >= 400 || words.contains("sp1 service"), "{}", page.describe());
            bench.told_of_request(&mark, &["unsigned", "signature_invalid"]).await;
        }
        // She is signed out here all the same.
        assert!(!is_signed_in(&bench, &mut visitor).await);
        let rows = bench.bench.house.broker.database.trail().await;
        assert!(!rows.is_empty());
    });
}

#[test]
fn slo_03_nobody_signs_out_whom_they_were_told_of_by_nobody() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let (mut visitor, _, answer) = signed_in(&bench).await;
        let (name, index) = name_in(&answer);
        let spx = bench.provider("spx");
        let at = bench.endpoint(IDP, SERVICE, REDIRECT).await;
        let request = LogoutRequest::honest(&spx.entity_id, &at, &name, &[&index]);
        let mut thief = visitor.clone().stopping_at(&spx.home());
        let page = thief.open(request.query(Some("x")).signed(spx.keys).at(&at)).await;
        let told = Message::of(&go_on(&mut thief, page, EVE).await);
        assert_eq!(told.kind(), "LogoutResponse", "{}", told.xml);
        assert!(told.status().contains(&"UnknownPrincipal".to_owned()), "{}", told.xml);
        let at = bench.endpoint(IDP, SERVICE, SOAP).await;
        let request = LogoutRequest::honest(&spx.entity_id, &at, &name, &[&index]);
        let http = idp_tests::harness::http::client();
        let sent = http.post(&at).header("content-type", "text/xml");
        let body = enveloped(&request.signed(spx.keys));
        let answer = idp_tests::harness::rp::Answer::of(sent.body(body)).await;
        assert!(!answer.body.contains("status:Success"), "{}", answer.body);
        assert!(is_signed_in(&bench, &mut visitor).await, "spx signed eve out");
    });
}

#[test]
fn slo_05_an_answer_that_nobody_waits_for_leads_nowhere() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let (mut visitor, party, _) = signed_in(&bench).await;
        let at = bench.endpoint(IDP, SERVICE, REDIRECT).await;
        for relay in [None, Some("https://evil.example/"), Some("//evil.example")] {
            let answer = LogoutResponse::honest(&party.entity_id, &at, "_unknown");
            let url = answer.query(relay).signed(party.keys).at(&at);
            let page = bench
                .refuses_request(&url, &["in_response_to", "logout_unknown", "state", "txn_lost"])
                .await;
            assert!(!page.body.contains("evil.example"), "{}", page.describe());
            let mut lured = visitor.clone().stopping_at("https://evil.example");
            assert!(!lured.open(&url).await.arrived());
        }
        assert!(is_signed_in(&bench, &mut visitor).await);
    });
}

#[test]
fn a_logout_whose_answer_nobody_waits_for_ends_on_our_page_and_counts_once() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let (mut visitor, party, answer) = signed_in(&bench).await;
        let (name, index) = name_in(&answer);
        let at = bench.endpoint(IDP, SERVICE, REDIRECT).await;
        let request = LogoutRequest::honest(&party.entity_id, &at, &name, &[&index]);
        let url = request.asynchronous().query(Some("x")).signed(party.keys).at(&at);
        let page = visitor.open(&url).await;
        assert!(!page.arrived(), "went back to {}", page.url);
        assert!(page.url.as_str().starts_with(bench.base()), "{}", page.describe());
        assert_eq!(page.status, 200, "{}", page.describe());
        assert!(page.text().contains("You are signed out"), "{}", page.describe());
        assert!(!is_signed_in(&bench, &mut visitor).await);
        assert_eq!(visitor.open(&url).await.status, 400, "a copy");
        // Of nobody's session the person is asked, and not led back either.
        let request = LogoutRequest::honest(&party.entity_id, &at, &name, &["_unknown"]);
        let url = request.asynchronous().query(Some("x")).signed(party.keys).at(&at);
        assert!(!visitor.open(&url).await.arrived());
    });
}

/// A person's browser, signed in by AGA at rp1.
async fn by_agency(
    bench: &SamlBench,
    person: &str,
) -> (Held, String, idp_tests::harness::rp::Tokens) {
    let mut held = bench.hold("aga").await;
    let mut response = held.agency.response(&held.asked, person);
    let qualifiers = [
        ("Format", PERSISTENT),
        ("NameQualifier", held.agency.entity_id.as_str()),
        ("SPNameQualifier", held.asked.audience.as_str()),
        ("SPProvidedID", "a&b\"<c>"),
    ];
    response.assertion.name_id = name_id(&format!("{person} <&> \"of\" AGA"), &qualifiers);
    let name = response.assertion.name_id.clone();
    let xml = response.signed(held.agency.keys);
    let page = held.deliver(xml).await;
    let tokens = held.party.finish(&held.begun, &page).await;
    (held, name, tokens)
}

#[test]
fn slo_06_a_logout_at_the_agency_ends_what_it_began_and_nothing_else() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let (mut alice, name, tokens) = by_agency(&bench, "alice").await;
        let (mut other, _, others) = by_agency(&bench, "another").await;
        let at = bench.endpoint(SP, SERVICE, REDIRECT).await;
        let agency = alice.agency.clone();
        // Of a session that does not exist, nothing ends.
        let unknown = LogoutRequest::honest(&agency.entity_id, &at, &name, &["_unknown"]);
        let mut visitor = alice.visitor.clone().stopping_at(&agency.home());
        let page = visitor.open(unknown.query(Some("x")).signed(agency.keys).at(&at)).await;
        let page = go_on(&mut visitor, page, EVE).await;
        let told = Message::of(&page);
        assert_eq!(told.kind(), "LogoutResponse");
        assert!(
            redirect_is_signed(&page.url, &certificate_of(&bench).await) || page.posted.is_some()
        );
        assert_eq!(alice.party.userinfo(tokens.access()).await.status, 200);
        // Of all her sessions, hers end.
        let request = LogoutRequest::honest(&agency.entity_id, &at, &name, &[]);
        let page = visitor.open(request.query(Some("x")).signed(agency.keys).at(&at)).await;
        let told = Message::of(&go_on(&mut visitor, page, EVE).await);
        assert_eq!(told.attribute("InResponseTo"), Some(request.id.clone()));
        assert_eq!(told.relay_state.as_deref(), Some("x"));
        assert_eq!(told.status()[0], "Success", "{}", told.xml);
        until("the session to be over", Duration::from_secs(2), async || {
            let over = !is_signed_in(&bench, &mut alice.visitor.clone()).await;
            over.then_some(())
        })
        .await;
        assert_eq!(alice.party.userinfo(tokens.access()).await.status, 401, "her tokens live on");
        assert!(is_signed_in(&bench, &mut other.visitor).await, "another was signed out");
        assert_eq!(other.party.userinfo(others.access()).await.status, 200);
        alice.visitor = visitor;
    });
}

#[test]
fn slo_06_a_logout_from_server_to_server_ends_the_session_too() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let (alice, name, tokens) = by_agency(&bench, "alice").await;
        let at = bench.endpoint(SP, SERVICE, SOAP).await;
        let agency = alice.agency.clone();
        let request = LogoutRequest::honest(&agency.entity_id, &at, &name, &[]);
        let http = idp_tests::harness::http::client();
        let sent = http.post(&at).header("content-type", "text/xml");
        let body = enveloped(&request.signed(agency.keys));
        let answer = idp_tests::harness::rp::Answer::of(sent.body(body)).await;
        assert!(answer.body.contains("status:Success"), "{}", answer.body);
        let told = Message { xml: answer.body, relay_state: None };
        let id = told.attribute_of("LogoutResponse", "ID").expect("a LogoutResponse");
        assert!(xmlsec::verifies(&told.xml, &id, &certificate_of(&bench).await), "{}", told.xml);
        assert!(!is_signed_in(&bench, &mut alice.visitor.clone()).await);
        assert_eq!(alice.party.userinfo(tokens.access()).await.status, 401, "her tokens live on");
    });
}

#[test]
fn slo_08_a_name_goes_back_as_it_came() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let (alice, name, _) = by_agency(&bench, "alice").await;
        let mut visitor = alice.visitor.clone();
        let page = visitor.open(format!("{}/logout", bench.base())).await;
        let form = page.forms().into_iter().find(|form| form.action.path().contains("logout"));
        let page = visitor.submit(&page, form.expect("a form").enter()).await;
        assert!(page.arrived(), "not at the agency: {}", page.describe());
        assert!(page.url.as_str().starts_with(&alice.agency.home()), "{}", page.url);
        let asked = Message::of(&page);
        assert_eq!(asked.kind(), "LogoutRequest");
        let sent = |xml: &str| {
            let wrapped =
                format!("<x xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{xml}</x>");
            Message { xml: wrapped, relay_state: None }
        };
        let came = sent(&name);
        assert_eq!(asked.text("NameID"), came.text("NameID"));
        for attribute in ["Format", "NameQualifier", "SPNameQualifier", "SPProvidedID"] {
            assert_eq!(
                asked.attribute_of("NameID", attribute),
                came.attribute_of("NameID", attribute),
                "{attribute}"
            );
        }
    });
}
