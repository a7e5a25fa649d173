//! Tests of what the browser is told to do.

use idp_domain::{Lifetime, Refusal, refusal::Need};

use super::{Answer, ResponseMode, WayBack, wire};
use crate::op::{RegisteredRedirectUri, redirect_uri::RedirectUris, testing::ISSUER};

fn admitted(uri: &str) -> RegisteredRedirectUri {
    RedirectUris::new(vec![uri.to_owned()], false).admit(uri).unwrap()
}

fn way_back(uri: &str, state: Option<&str>, mode: ResponseMode) -> WayBack {
    WayBack { redirect_uri: admitted(uri), state: state.map(str::to_owned), mode }
}

fn location(uri: &str, state: Option<&str>) -> String {
    match way_back(uri, state, ResponseMode::Query).code(&ISSUER, "the-code") {
        Answer::Redirect { location } => location,
        Answer::FormPost { .. } => panic!("a form"),
    }
}

//= rfc9207#2-1 test
#[test]
fn a_code_comes_with_state_and_issuer() {
    assert_eq!(
        location("https://rp1.example/cb", Some("s")),
        "https://rp1.example/cb?code=the-code&state=s&iss=https%3A%2F%2Fbroker.example"
    );
    assert_eq!(
        location("com.app:/cb", None),
        "com.app:/cb?code=the-code&iss=https%3A%2F%2Fbroker.example"
    );
}

#[test]
fn the_query_of_a_registered_uri_stays_in_front() {
    for (uri, start) in [
        ("https://rp1.example/cb?a=1", "https://rp1.example/cb?a=1&code="),
        ("https://rp1.example/cb?a=1&", "https://rp1.example/cb?a=1&code="),
        ("https://rp1.example/cb?", "https://rp1.example/cb?code="),
    ] {
        assert!(location(uri, None).starts_with(start), "{uri}");
    }
}

//= rfc6749#4.1.2-4 test
#[test]
fn the_state_comes_back_byte_for_byte() {
    for state in ["a b+c", "100%", "%41", "\"><script>", "é€", "a&b=c#d", "x\u{2028}y"] {
        let location = location("https://rp1.example/cb", Some(state));
        assert!(location.is_ascii());
        // Two readers that are not ours agree: that of forms and that of plain URIs.
        let url = url::Url::parse(&location).unwrap();
        let read = url.query_pairs().find(|(name, _)| name == "state").unwrap().1;
        assert_eq!(read, state);
        assert!(!location.contains('+'));
    }
}

//= rfc9207#2-1 test
//= rfc6749#4.1.2.1-1 test
#[test]
fn an_error_comes_with_state_and_issuer_too() {
    let back = way_back("https://rp1.example/cb", Some("s"), ResponseMode::FormPost);
    let Answer::FormPost { action, fields } = back.refused(&ISSUER, &Refusal::PersonDeclined)
    else {
        panic!("a redirect")
    };
    assert_eq!(action, "https://rp1.example/cb");
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(
        fields,
        [
            ("error", "access_denied"),
            ("error_description", "The person was not signed in."),
            ("state", "s"),
            ("iss", "https://broker.example"),
        ]
    );
}

#[test]
fn auz_13_a_form_holds_the_very_bytes_of_the_state() {
    let state = "\"><script>alert(1)</script>";
    let back = way_back("https://rp1.example/cb", Some(state), ResponseMode::FormPost);
    let Answer::FormPost { fields, .. } = back.code(&ISSUER, "c") else { panic!("a redirect") };
    assert!(fields.contains(&("state", state.to_owned())));
}

//= oidc-core#3.1.2.6-1 test
//= oidc-core#3.1.2.1-4 test
//= oidc-core#5.5.1.1-1 test
#[test]
fn every_refusal_has_its_code() {
    let wait = Lifetime::seconds(1);
    let said = |reason| Refusal::SourceMisbehaved { reason, detail: String::new() };
    let cases = [
        (Refusal::InteractionNeeded(Need::Login), "login_required"),
        (Refusal::InteractionNeeded(Need::Selection), "account_selection_required"),
        (Refusal::InteractionNeeded(Need::Consent), "consent_required"),
        (Refusal::StaleAuthentication, "login_required"),
        (Refusal::WrongPerson, "login_required"),
        (Refusal::AssuranceUnmet, "unmet_authentication_requirements"),
        (Refusal::PersonDeclined, "access_denied"),
        (Refusal::AccountDisabled, "access_denied"),
        (Refusal::AgencyNotAllowed { agency: "una".parse().unwrap() }, "access_denied"),
        (Refusal::NoSource, "access_denied"),
        (Refusal::SourceDisabled, "access_denied"),
        (Refusal::RelyingPartyDisabled, "unauthorized_client"),
        (Refusal::Busy { retry_after: wait }, "temporarily_unavailable"),
        (Refusal::Throttled { retry_after: wait }, "temporarily_unavailable"),
        (said("signature_invalid"), "server_error"),
    ];
    for (refusal, code) in cases {
        assert_eq!(wire(&refusal).0.as_str(), code, "{refusal:?}");
    }
}

#[test]
fn what_a_source_said_does_not_reach_the_client() {
    let refusal =
        Refusal::SourceRefused { code: "secret_code".into(), detail: "alice@una.example".into() };
    let (code, text) = wire(&refusal);
    assert_eq!((code.as_str(), text), ("access_denied", "The person was not signed in."));
}
