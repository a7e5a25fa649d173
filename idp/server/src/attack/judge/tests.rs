//! The judge before answers of every kind: it must know a yes when it sees one.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use idp_saml::binding::{Kind, redirect};

use super::{LIMIT, Played, Verdict, judge};
use crate::attack::{browser::Seen, forge::EVIL, stage::Door, testing::base};

/// A page about a problem, as the node shows it.
const PROBLEM: &str = "<h1>Your organisation's answer could not be used</h1>\
    <a class=\"button main\" href=\"/\">Start</a><dd><code>source_misbehaved</code></dd>\
    <dd><code class=\"copy\">7Q2M-0ABC-ZZ99</code></dd>";
/// What opens a session, as the node sets it.
const SESSION: &str =
    "__Host-lp-t-session=AAAAAAAAAAAAAAAA; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax";
/// What ties a browser to its login.
const BINDING: &str =
    "__Host-lp-t-binding=AAAAAAAAAAAAAAAA; Path=/; HttpOnly; Secure; SameSite=Lax";

fn page(status: u16, body: &str) -> Seen {
    Seen { status, location: None, cookies: Vec::new(), body: body.to_owned() }
}

fn leading(location: &str) -> Seen {
    let location = Some(base().join(location).unwrap());
    Seen { location, ..page(303, "") }
}

fn setting(cookie: &str, seen: Seen) -> Seen {
    Seen { cookies: vec![cookie.to_owned()], ..seen }
}

fn judged_at(door: Door, seen: &[Seen]) -> Verdict {
    let took = Duration::from_millis(5);
    judge(&Played { door, base: &base(), seen, took, calls: 0 })
}

fn judged(seen: &[Seen]) -> Verdict {
    judged_at(Door::Acs, seen)
}

fn accepts(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Accepted(_))
}

fn is_unclear(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Unclear(_))
}

/// The form that hands a message over, as the node writes it.
fn form(action: &str, xml: &str) -> String {
    let message = STANDARD.encode(xml).replace('/', "&#x2f;");
    format!(
        "<form method=\"post\" action=\"{action}\">\
         <input type=\"hidden\" name=\"SAMLResponse\" value=\"{message}\"></form>"
    )
}

fn response(local: &str, codes: &[&str], inside: &str) -> String {
    let codes: Vec<_> = codes
        .iter()
        .map(|code| format!("<p:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{code}\"/>"))
        .collect();
    format!(
        "<p:{local} xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\"><p:Status>{}</p:Status>{inside}\
         </p:{local}>",
        codes.concat()
    )
}

#[test]
fn a_page_with_a_reference_is_a_no() {
    for status in [400, 403, 409] {
        assert_eq!(judged(&[page(status, PROBLEM)]), Verdict::Refused);
    }
    let parked = leading("/sources/una/acs/AAAA");
    assert_eq!(judged(&[parked.clone(), page(403, PROBLEM)]), Verdict::Refused);
    let kept = setting(BINDING, page(403, PROBLEM));
    assert_eq!(judged(&[parked, kept]), Verdict::Refused);
    let ended = "__Host-lp-t-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax";
    assert_eq!(judged(&[setting(ended, page(400, PROBLEM))]), Verdict::Refused);
    for status in [405, 413, 414, 415, 431] {
        assert_eq!(judged(&[page(status, "")]), Verdict::Refused);
    }
}

#[test]
fn a_session_is_a_yes_whatever_else_is_said() {
    let led = leading("https://rp.example/cb?code=AAAA&state=x&iss=https%3A%2F%2Fsso.example");
    for seen in [
        setting(SESSION, led.clone()),
        setting(SESSION, page(403, PROBLEM)),
        setting("PHPSESSID=abc; path=/", page(403, PROBLEM)),
        setting("__Host-lp-t-session=A", page(200, "<h1>Welcome</h1>")),
    ] {
        assert!(accepts(&judged(std::slice::from_ref(&seen))), "{seen:?}");
        assert!(accepts(&judged(&[seen, page(403, PROBLEM)])), "it was set on the way");
    }
}

#[test]
fn a_login_that_ends_or_goes_on_is_a_yes() {
    let assertion = response("Response", &["Success"], "<a:Assertion ID=\"_1\"/>");
    for seen in [
        leading("https://rp.example/cb?code=AAAA&state=x"),
        leading("https://rp.example/cb#id_token=AAAA"),
        leading("https://anywhere.example/"),
        leading(EVIL),
        page(200, "<h1>Allow access?</h1>"),
        page(200, &form("https://sp.example/acs", &assertion)),
        page(200, "<form><input type=\"hidden\" name=\"code\" value=\"AAAA\"></form>"),
        page(403, "<saml:Assertion>"),
        leading("/login/AAAA"),
    ] {
        assert!(accepts(&judged(std::slice::from_ref(&seen))), "{seen:?}");
    }
    let played = Played {
        door: Door::Acs,
        base: &base(),
        seen: &[page(403, PROBLEM)],
        took: Duration::ZERO,
        calls: 1,
    };
    assert!(accepts(&judge(&played)), "the node called out");
}

#[test]
fn what_is_neither_is_said_to_be_neither() {
    for seen in [
        page(404, PROBLEM),
        page(429, PROBLEM),
        page(500, PROBLEM),
        page(503, ""),
        page(400, "Bad Request"),
        page(403, &PROBLEM.replace("</h1>", "victim-of-attack-test</h1>")),
    ] {
        assert!(is_unclear(&judged(std::slice::from_ref(&seen))), "{seen:?}");
    }
    assert!(is_unclear(&judged(&[])));
    let took = LIMIT + Duration::from_millis(1);
    let seen = [page(403, PROBLEM)];
    let slow = judge(&Played { door: Door::Acs, base: &base(), seen: &seen, took, calls: 0 });
    assert_eq!(slow, Verdict::Unclear("the no took 5001 ms".to_owned()));
}

#[test]
fn a_service_may_be_told_no_and_nothing_else() {
    let to = "https://sp.example/acs";
    let no = response("Response", &["Responder", "AuthnFailed"], "");
    let yes = response("Response", &["Success"], "<a:EncryptedAssertion/>");
    let both = response("Response", &["Responder"], "<a:Assertion/>");
    let told = |xml: &str| judged_at(Door::SsoRedirect, &[page(200, &form(to, xml))]);
    assert_eq!(told(&no), Verdict::Refused);
    for xml in [yes.as_str(), &both, "no XML", &response("Response", &["Success"], "")] {
        assert!(accepts(&told(xml)), "{xml}");
    }
    let evil = page(200, &form(EVIL, &no));
    assert!(accepts(&judged_at(Door::SsoRedirect, &[evil])), "told the attacker");
    assert!(accepts(&judged(&[page(200, &form(to, &no))])), "an agency's answer ends no login");
    let by_address = |xml: &str| {
        let xml = response("LogoutResponse", &[xml], "");
        let url = redirect::write_unsigned(to, Kind::Response, xml.as_bytes(), None);
        judged_at(Door::SloRedirect, &[leading(&url)])
    };
    assert_eq!(by_address("Requester"), Verdict::Refused);
    assert!(accepts(&by_address("Success")));
    let error = leading("https://rp.example/cb?error=login_required&state=x");
    assert_eq!(judged_at(Door::SsoRedirect, &[error]), Verdict::Refused);
    let errors = leading("https://rp.example/cb?error=x&code=AAAA");
    assert!(accepts(&judged_at(Door::SsoRedirect, &[errors])));
}

#[test]
fn by_soap_a_fault_or_a_status_is_a_no() {
    let fault = "<soap:Envelope><soap:Body><soap:Fault><faultcode>soap:Client</faultcode>\
        <faultstring>no</faultstring></soap:Fault></soap:Body></soap:Envelope>";
    let status = |code: &str| format!("<e><b>{}</b></e>", response("LogoutResponse", &[code], ""));
    let said = |status: u16, body: &str| judged_at(Door::SloSoap, &[page(status, body)]);
    assert_eq!(said(500, fault), Verdict::Refused);
    assert_eq!(said(200, &status("Requester")), Verdict::Refused);
    assert_eq!(said(400, ""), Verdict::Refused);
    assert!(accepts(&said(200, &status("Success"))));
    assert!(accepts(&said(200, "")));
    assert!(is_unclear(&said(500, "")) && is_unclear(&said(404, "")));
}
