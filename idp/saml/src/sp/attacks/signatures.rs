//! XSW: who signed what. The structure of signatures is judged, and attacked, in `dsig`.

use crate::dsig::SignatureAlg;
use crate::dsig::testing::{signing, verifying};
use crate::schema::{Status, StatusCode, second};
use crate::sp::testing::{ACS, Answer, OTHER_IDP, Signed, Wish, outcome, remade};

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.xml()).unwrap()
}

/// A genuine answer of which only the assertion is signed.
fn assertion_signed() -> Answer {
    Answer { signed: Signed::Assertion, ..Answer::genuine() }
}

#[test]
fn xsw_13_an_unsigned_frame_is_not_believed() {
    let genuine = text(&assertion_signed());
    assert_eq!(outcome(genuine.as_bytes(), &Wish::new()), "accepted");
    for (from, to) in [
        (format!(r#"Destination="{ACS}""#), r#"Destination="https://evil.example/""#.to_owned()),
        (
            r#"InResponseTo="_0123456789abcdef" IssueInstant"#.to_owned(),
            r#"InResponseTo="_b" IssueInstant"#.to_owned(),
        ),
    ] {
        let forged = genuine.replacen(&from, &to, 1);
        assert_ne!(forged, genuine);
        assert_eq!(outcome(forged.as_bytes(), &Wish::new()), "unsigned_binding");
    }
    // The frame's issuer, which comes first.
    let forged = genuine.replacen("https://idp.una.example/saml", OTHER_IDP, 1);
    assert_eq!(outcome(forged.as_bytes(), &Wish::new()), "unsigned_binding");
}

#[test]
fn xsw_13_what_is_signed_cannot_be_changed() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let genuine = text(&Answer { signed, ..Answer::genuine() });
        for (from, to) in [
            ("opaque-mallory", "opaque-mallor"),
            ("opaque-mallory", "opaque-mallory2"),
            ("mallory@una.example", "alice@una.example"),
            ("_assertion\" IssueInstant", "_assertion2\" IssueInstant"),
        ] {
            let forged = genuine.replace(from, to);
            assert_ne!(forged, genuine);
            let outcome = outcome(forged.as_bytes(), &Wish::new());
            assert!(["signature_invalid", "reference_uri"].contains(&outcome), "{outcome}");
        }
    }
}

#[test]
fn xsw_13_a_changed_status_can_only_refuse() {
    let mut no = assertion_signed();
    no.response.status = Status::failure(StatusCode::Requester, second::REQUEST_DENIED);
    assert_eq!(outcome(&no.xml(), &Wish::new()), "status");
}

//= saml-profiles#4.1.4.5-1 test
#[test]
fn xsw_14_what_nobody_signed_is_refused() {
    let unsigned = Answer { signed: Signed::Nothing, ..Answer::genuine() };
    assert_eq!(outcome(&unsigned.xml(), &Wish::new()), "unsigned");
    let unasked = Answer { signed: Signed::Nothing, ..Answer::unsolicited() };
    assert_eq!(outcome(&unasked.xml(), &Wish::unsolicited()), "unsigned");
}

#[test]
fn xsw_14_an_empty_signature_or_one_of_another_namespace_is_none() {
    let unsigned = text(&Answer { signed: Signed::Nothing, ..Answer::genuine() });
    let empty = r#"</saml:Issuer><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>"#;
    let elsewhere = r#"</saml:Issuer><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig"/>"#;
    for signature in [empty, elsewhere] {
        let everywhere = unsigned.replace("</saml:Issuer>", signature);
        assert_eq!(outcome(everywhere.as_bytes(), &Wish::new()), "unsigned");
        let on_frame = unsigned.replacen("</saml:Issuer>", signature, 1);
        assert_eq!(outcome(on_frame.as_bytes(), &Wish::new()), "unsigned");
    }
}

#[test]
fn xsw_15_a_key_that_the_answer_brings_is_not_looked_at() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        // What we make carries the certificate of who signed it in ds:KeyInfo.
        let forged = Answer { signed, foreign: true, ..Answer::genuine() };
        let xml = text(&forged);
        assert!(xml.contains("X509Certificate"));
        assert_eq!(outcome(xml.as_bytes(), &Wish::new()), "signature_invalid");
        let pointed = xml.replace(
            "<ds:KeyInfo>",
            r#"<ds:KeyInfo><ds:KeyName>AGA</ds:KeyName><ds:RetrievalMethod URI="http://127.0.0.1:9/"></ds:RetrievalMethod>"#,
        );
        assert_eq!(outcome(pointed.as_bytes(), &Wish::new()), "signature_invalid");
    }
}

#[test]
fn xsw_15_the_genuine_key_needs_no_mention() {
    let xml = text(&assertion_signed());
    let start = xml.find("<ds:KeyInfo>").unwrap();
    let end = xml.find("</ds:KeyInfo>").unwrap() + "</ds:KeyInfo>".len();
    let without = xml.replace(&xml[start..end], "");
    assert_eq!(outcome(without.as_bytes(), &Wish::new()), "accepted");
}

#[test]
fn xsw_16_the_key_of_another_identity_provider_signs_nothing_for_this_one() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let forged = Answer { signed, foreign: true, ..Answer::genuine() };
        assert_eq!(outcome(&forged.xml(), &Wish::new()), "signature_invalid");
        let mut other = Wish::new();
        other.idp.entity_id = OTHER_IDP.to_owned();
        other.idp.keys = vec![verifying(SignatureAlg::EcdsaSha256)];
        assert_eq!(outcome(&forged.xml(), &other), "unexpected_issuer");
    }
}

#[test]
fn an_identity_provider_may_have_several_keys() {
    let mut wish = Wish::new();
    wish.idp.keys.insert(0, verifying(SignatureAlg::EcdsaSha256));
    assert_eq!(outcome(&Answer::genuine().xml(), &wish), "accepted");
    wish.idp.keys.clear();
    assert_eq!(outcome(&Answer::genuine().xml(), &wish), "signature_invalid");
}

//= saml-profiles#4.1.4.3-1 test
#[test]
fn xsw_28_one_good_signature_does_not_excuse_a_bad_one() {
    let answer = Answer::genuine();
    let key = signing(SignatureAlg::RsaSha256);
    let both = text(&answer);
    // The response's signature is spoilt, the assertion's is good, and the other way round.
    let values: Vec<usize> = both.match_indices("<ds:SignatureValue>").map(|(at, _)| at).collect();
    assert_eq!(values.len(), 2);
    for at in values {
        let at = at + "<ds:SignatureValue>".len();
        let mut spoilt = both.clone().into_bytes();
        spoilt[at] = if spoilt[at] == b'A' { b'B' } else { b'A' };
        assert_eq!(outcome(&spoilt, &Wish::new()), "signature_invalid");
    }
    assert_eq!(
        outcome(&remade(both.as_bytes(), Signed::Both, None, &key), &Wish::new()),
        "accepted"
    );
}

#[test]
fn xsw_28_a_signature_stands_where_the_schema_puts_it() {
    let xml = text(&Answer { signed: Signed::Response, ..Answer::genuine() });
    let start = xml.find("<ds:Signature ").unwrap();
    let end = xml.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let signature = xml[start..end].to_owned();
    let rest = xml.replace(&signature, "");
    for place in ["</samlp:Response>", "</samlp:Status>", "<samlp:Status>"] {
        let moved = match place {
            "<samlp:Status>" => {
                rest.replace("<samlp:Status>", &format!("<samlp:Status>{signature}"))
            }
            _ => rest.replace(place, &format!("{signature}{place}")),
        };
        assert_eq!(outcome(moved.as_bytes(), &Wish::new()), "signature_structure", "{place}");
    }
}

#[test]
fn xsw_03_a_second_assertion_is_one_too_many_wherever_it_stands() {
    let signed = text(&assertion_signed());
    let start = signed.find("<saml:Assertion").unwrap();
    let end = signed.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
    let genuine = signed[start..end].to_owned();
    let forged = r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_evil" Version="2.0" IssueInstant="2027-12-28T00:00:00Z"><saml:Issuer>https://idp.una.example/saml</saml:Issuer></saml:Assertion>"#;
    for document in [
        signed.replace(&genuine, &format!("{forged}{genuine}")),
        signed.replace(&genuine, &format!("{genuine}{forged}")),
        signed.replace(
            "<samlp:Status>",
            &format!("<samlp:Extensions>{forged}</samlp:Extensions><samlp:Status>"),
        ),
        signed.replace(
            "</samlp:Status>",
            &format!("<samlp:StatusDetail>{forged}</samlp:StatusDetail></samlp:Status>"),
        ),
    ] {
        assert_eq!(outcome(document.as_bytes(), &Wish::new()), "assertion_count");
    }
}
