//! ENC and XSW-25: what was encrypted to us proves nothing by that.

use crate::dsig::testing::signing;
use crate::dsig::{ContentAlg, DecryptionPolicy, KeyTransport, Place, SignatureAlg, sign};
use crate::schema::{AttributeValue, NameId, format};
use crate::sp::testing::{Answer, OTHER_IDP, Signed, Wish, envelope, outcome, sealed};
use crate::xml::{Markup, ns};

const MODERN: (ContentAlg, KeyTransport) =
    (ContentAlg::Aes256Gcm, KeyTransport::OaepSha256Mgf1Sha256);

fn encrypted(signed: Signed) -> Answer {
    Answer { signed, sealed: Some(MODERN), ..Answer::genuine() }
}

/// An answer with this for its encrypted assertion, its frame signed or not.
fn holding(plaintext: &[u8], frame_signed: bool) -> Vec<u8> {
    let frame =
        Answer::genuine().response.write(Some(sealed("EncryptedAssertion", plaintext, MODERN)));
    let key = signing(SignatureAlg::RsaSha256);
    if !frame_signed {
        return frame.to_canonical();
    }
    sign(frame, &key, key.default_alg(), Place::AfterIssuer).unwrap().to_canonical()
}

#[test]
fn an_encrypted_assertion_is_accepted_if_a_signature_covers_it() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let accepted = Wish::new().consume(&encrypted(signed).xml()).unwrap();
        assert!(accepted.encrypted);
        assert_eq!(accepted.name_id.unwrap().value, "opaque-mallory");
    }
}

#[test]
fn xsw_25_an_encrypted_assertion_that_nobody_signed_is_refused() {
    assert_eq!(outcome(&encrypted(Signed::Nothing).xml(), &Wish::new()), "unsigned");
}

#[test]
fn xsw_25_a_foreign_signature_inside_or_outside_is_none() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let forged = Answer { foreign: true, ..encrypted(signed) };
        assert_eq!(outcome(&forged.xml(), &Wish::new()), "signature_invalid");
    }
}

#[test]
fn sam_15_an_encrypted_assertion_is_issued_by_whom_we_asked() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let mut answer = encrypted(signed);
        answer.assertion().issuer.0 = OTHER_IDP.to_owned();
        assert_eq!(outcome(&answer.xml(), &Wish::new()), "unexpected_issuer");
        let mut nobody = encrypted(signed);
        nobody.response.issuer = None;
        assert_eq!(outcome(&nobody.xml(), &Wish::new()), "unexpected_issuer");
    }
}

#[test]
fn xsw_25_a_bad_signature_inside_is_not_excused_by_a_good_one_outside() {
    let plain = Answer { signed: Signed::Assertion, foreign: true, ..Answer::genuine() };
    let xml = String::from_utf8(plain.xml()).unwrap();
    let start = xml.find("<saml:Assertion").unwrap();
    let end = xml.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
    let assertion = &xml[start..end];
    assert_eq!(outcome(&holding(assertion.as_bytes(), true), &Wish::new()), "signature_invalid");
}

#[test]
fn enc_05_what_was_encrypted_is_read_as_guardedly_as_the_message() {
    for (plaintext, wanted) in [
        (r#"<!DOCTYPE x [<!ENTITY e "alice">]><x/>"#, "doctype_forbidden"),
        ("<a/><b/>", "not_well_formed"),
        ("<saml:Assertion/>", "not_well_formed"),
        (
            r#"<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">alice</saml:NameID>"#,
            "schema",
        ),
        ("", "not_well_formed"),
    ] {
        for frame_signed in [true, false] {
            let xml = holding(plaintext.as_bytes(), frame_signed);
            assert_eq!(outcome(&xml, &Wish::new()), wanted, "{plaintext}");
        }
    }
}

#[test]
fn enc_05_no_assertion_hides_in_an_encrypted_one() {
    let inner = r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a" Version="2.0" IssueInstant="2027-12-28T00:00:00Z"><saml:Issuer>x</saml:Issuer><saml:Advice><saml:Assertion ID="_b"/></saml:Advice></saml:Assertion>"#;
    assert_eq!(outcome(&holding(inner.as_bytes(), true), &Wish::new()), "assertion_count");
}

#[test]
fn cbc_is_opened_by_exception_and_only_behind_a_signature() {
    let allowed = DecryptionPolicy { cbc: true, oaep_sha1: true };
    let algorithms = (ContentAlg::Aes128Cbc, KeyTransport::OaepSha1Mgf1Sha1);
    for (signed, policy, wanted) in [
        (Signed::Both, DecryptionPolicy::default(), "algorithm"),
        (Signed::Both, allowed, "accepted"),
        (Signed::Response, allowed, "accepted"),
        (Signed::Assertion, allowed, "algorithm"),
    ] {
        let answer = Answer { signed, sealed: Some(algorithms), ..Answer::genuine() };
        let wish = Wish { policy, ..Wish::new() };
        assert_eq!(outcome(&answer.xml(), &wish), wanted, "{signed:?}");
    }
}

#[test]
fn an_assertion_for_another_key_is_not_opened() {
    let wish = Wish { decryption: Vec::new(), ..Wish::new() };
    assert_eq!(outcome(&encrypted(Signed::Both).xml(), &wish), "key");
}

/// A genuine answer with this for the name and this for the first attribute, as markup.
fn with_parts(name: &Markup, attribute: &Markup, signed: Signed) -> Vec<u8> {
    let mut answer = Answer { signed, ..Answer::genuine() };
    let leaked = |markup: &Markup| -> &'static str {
        String::leak(String::from_utf8(markup.to_canonical()).unwrap())
    };
    answer.subject().name_id = Some(NameId::new("REPLACED", format::PERSISTENT));
    answer.assertion().attributes[0].values = vec![AttributeValue::Nil];
    let plain = String::from_utf8(answer.assertion().write().to_canonical()).unwrap();
    let cut = |from: &str, to: &str| -> &'static str {
        let start = plain.find(from).unwrap();
        let end = start + plain[start..].find(to).unwrap() + to.len();
        String::leak(plain[start..end].to_owned())
    };
    answer.edit(cut("<saml:NameID", "</saml:NameID>"), leaked(name));
    answer.edit(cut("<saml:Attribute ", "</saml:Attribute>"), leaked(attribute));
    answer.xml()
}

fn secret_name() -> Markup {
    envelope("EncryptedID", &NameId::new("opaque-alice", format::PERSISTENT).write(), MODERN)
}

fn secret_attribute() -> Markup {
    let value = Markup::new(ns::SAML, "AttributeValue").text("alice@una.example");
    let attribute = Markup::new(ns::SAML, "Attribute").attr("Name", "mail").child(value);
    envelope("EncryptedAttribute", &attribute, MODERN)
}

#[test]
fn an_encrypted_name_and_attribute_inside_a_signed_assertion_are_opened() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let xml = with_parts(&secret_name(), &secret_attribute(), signed);
        let accepted = Wish::new().consume(&xml).unwrap();
        assert_eq!(accepted.name_id.unwrap().value, "opaque-alice");
        assert_eq!(accepted.attributes[0].values[0].as_text(), Some("alice@una.example"));
        assert!(!accepted.encrypted, "only the assertion's own encryption counts");
    }
}

#[test]
fn enc_06_an_encrypted_name_that_no_signature_covers_is_not_even_opened() {
    let xml = with_parts(&secret_name(), &secret_attribute(), Signed::Nothing);
    assert_eq!(outcome(&xml, &Wish::new()), "unsigned");
    // Moved into the genuine assertion of somebody else.
    let genuine = String::from_utf8(Answer::genuine().xml()).unwrap();
    let start = genuine.find("<saml:NameID").unwrap();
    let end = genuine.find("</saml:NameID>").unwrap() + "</saml:NameID>".len();
    let stolen = String::from_utf8(secret_name().to_canonical()).unwrap();
    let swapped = genuine.replace(&genuine[start..end], &stolen);
    assert_eq!(outcome(swapped.as_bytes(), &Wish::new()), "signature_invalid");
}

#[test]
fn enc_06_an_encrypted_name_holds_a_name_and_nothing_else() {
    let attribute = || Markup::new(ns::SAML, "Attribute").attr("Name", "mail");
    let swapped = envelope("EncryptedID", &attribute(), MODERN);
    assert_eq!(outcome(&with_parts(&swapped, &attribute(), Signed::Both), &Wish::new()), "schema");
    let swapped = envelope("EncryptedAttribute", &NameId::new("a", format::EMAIL).write(), MODERN);
    let name = NameId::new("a", format::EMAIL).write();
    assert_eq!(outcome(&with_parts(&name, &swapped, Signed::Both), &Wish::new()), "schema");
}

#[test]
fn enc_07_a_plain_assertion_is_refused_where_encryption_was_agreed_on() {
    let wish = Wish { require_encryption: true, ..Wish::new() };
    assert_eq!(outcome(&Answer::genuine().xml(), &wish), "encryption_required");
    assert_eq!(outcome(&encrypted(Signed::Both).xml(), &wish), "accepted");
    let xml = with_parts(&secret_name(), &secret_attribute(), Signed::Both);
    assert_eq!(outcome(&xml, &wish), "encryption_required");
}
