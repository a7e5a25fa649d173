//! Shows that a query is read and verified as it was received.

use std::sync::LazyLock;

use idp_domain::Timestamp;
use proptest::prelude::*;

use super::{read, write, write_unsigned};
use crate::binding::encoding::{base64, deflate, escape_into};
use crate::binding::{Binding, BindingError, Kind, MAX_MESSAGE, MAX_RELAY_STATE};
use crate::dsig::{KeyKind, SignatureAlg, SigningKey, VerifyingKey, self_signed};
use crate::xml::write_base64;

const XML: &[u8] = b"<samlp:AuthnRequest/>";

struct Pair {
    signing: SigningKey,
    verifying: VerifyingKey,
}

fn pair(kind: KeyKind) -> Pair {
    let pkcs8 = kind.generate().unwrap();
    let from = Timestamp::from_seconds(1_800_000_000);
    let der = self_signed(pkcs8.expose(), "sp.example", from, 1, [1; 16]).unwrap();
    let signing = SigningKey::new(pkcs8.expose(), &der).unwrap();
    Pair { signing, verifying: VerifyingKey::from_certificate(&der).unwrap() }
}

static RSA: LazyLock<Pair> = LazyLock::new(|| pair(KeyKind::Rsa2048));
static ECDSA: LazyLock<Pair> = LazyLock::new(|| pair(KeyKind::P256));

/// The query of a message signed by [`ECDSA`].
fn signed(relay_state: Option<&str>) -> String {
    let url = write(
        "https://idp.example/sso",
        Kind::Request,
        XML,
        relay_state,
        &ECDSA.signing,
        SignatureAlg::EcdsaSha256,
    )
    .unwrap();
    url.split_once('?').unwrap().1.to_owned()
}

/// `name=value`, escaped.
fn parameter(name: &str, value: &str) -> String {
    let mut text = format!("{name}=");
    escape_into(&mut text, value);
    text
}

fn message(name: &str, xml: &[u8]) -> String {
    parameter(name, &write_base64(&deflate(xml)))
}

/// Signs a query as it stands, as a peer with habits of its own does.
fn sign_as_it_stands(query: &str) -> String {
    let signature = ECDSA.signing.sign(SignatureAlg::EcdsaSha256, query.as_bytes()).unwrap();
    format!("{query}&{}", parameter("Signature", &write_base64(&signature)))
}

fn keys() -> [VerifyingKey; 2] {
    [RSA.verifying.clone(), ECDSA.verifying.clone()]
}

//= saml-bindings#3.4.4.1-3 test
#[test]
fn what_is_written_is_read_and_verifies() {
    let all =
        SignatureAlg::ALL.map(|alg| (if RSA.signing.fits(alg) { &*RSA } else { &*ECDSA }, alg));
    for (pair, alg) in all.into_iter().filter(|(pair, alg)| pair.signing.fits(*alg)) {
        for relay_state in [None, Some(""), Some("a b%20+&=\"'é中 ?#/")] {
            let to = "https://idp.example/sso?agency=1";
            let url = write(to, Kind::Response, XML, relay_state, &pair.signing, alg).unwrap();
            let query = url.strip_prefix("https://idp.example/sso?").unwrap();
            let incoming = read(query).unwrap();
            assert_eq!(incoming.xml, XML);
            assert_eq!(incoming.kind, Kind::Response);
            assert_eq!(incoming.relay_state.as_deref(), relay_state);
            incoming.verify_query(&keys()).unwrap();
        }
    }
}

//= saml-bindings#3.4.4.1-2 test
#[test]
fn the_signature_is_over_the_bytes_as_received_in_either_case() {
    let upper = format!(
        "{}&{}&{}",
        message("SAMLRequest", XML),
        parameter("RelayState", "a/b:c~d"),
        parameter("SigAlg", SignatureAlg::EcdsaSha256.uri()),
    );
    let lower: String = {
        let mut escape = 0;
        let lowered = upper.chars().map(|letter| {
            escape = if letter == '%' { 3 } else { escape - i32::from(escape > 0) };
            if escape > 0 { letter.to_ascii_lowercase() } else { letter }
        });
        lowered.collect()
    };
    assert_ne!(upper, lower);
    // Some leave bare what others escape, and some escape what need not be.
    let odd = upper.replace("a%2Fb%3Ac~d", "a/b:c%7ed");
    for query in [&upper, &lower, &odd] {
        let incoming = read(&sign_as_it_stands(query)).unwrap();
        assert_eq!(incoming.relay_state.as_deref(), Some("a/b:c~d"));
        incoming.verify_query(&keys()).unwrap();
    }
}

#[test]
fn the_order_on_the_wire_and_what_is_unknown_do_not_matter() {
    let query = signed(Some("state"));
    let mut parts: Vec<_> = query.split('&').collect();
    parts.reverse();
    let shuffled = format!("x=1&{}&y&=&utm%zz=2", parts.join("&"));
    read(&shuffled).unwrap().verify_query(&keys()).unwrap();
}

#[test]
fn whatever_is_signed_cannot_be_changed() {
    let query = signed(Some("state"));
    let other = message("SAMLRequest", b"<samlp:AuthnRequest ID=\"x\"/>");
    let first = query.split('&').next().unwrap();
    for changed in [
        query.replace("state", "State"),
        query.replace("state", "stat%65"),
        query.replace("&RelayState=state", ""),
        query.replace(first, &other),
        query.replacen("SAMLRequest", "SAMLResponse", 1),
    ] {
        assert_ne!(changed, query);
        let result = read(&changed).unwrap().verify_query(&keys());
        assert_eq!(result, Err(BindingError::SignatureInvalid), "{changed}");
    }
    let incoming = read(&signed(None)).unwrap();
    let added = format!("{}&RelayState=x", signed(None));
    assert_eq!(read(&added).unwrap().verify_query(&keys()), Err(BindingError::SignatureInvalid));
    assert_eq!(incoming.verify_query(&[]), Err(BindingError::SignatureInvalid));
    assert_eq!(
        incoming.verify_query(std::slice::from_ref(&RSA.verifying)),
        Err(BindingError::SignatureInvalid)
    );
}

//= saml-bindings#3.4.4.1-1 test
#[test]
fn xsw_27_a_signature_inside_the_message_is_none_for_the_query() {
    let inside = b"<samlp:LogoutRequest><ds:Signature/></samlp:LogoutRequest>";
    let incoming = read(&message("SAMLRequest", inside)).unwrap();
    assert_eq!(incoming.verify_query(&keys()), Err(BindingError::Unsigned));
}

#[test]
fn xsw_27_half_a_signature_is_none() {
    let request = message("SAMLRequest", XML);
    let sig_alg = parameter("SigAlg", SignatureAlg::RsaSha256.uri());
    for (query, error) in [
        (format!("{request}&{sig_alg}"), BindingError::Unsigned),
        (format!("{request}&{sig_alg}&Signature="), BindingError::Unsigned),
        (format!("{request}&{sig_alg}&Signature"), BindingError::Unsigned),
        (format!("{request}&Signature=AAAA"), BindingError::Algorithm),
        (format!("{request}&SigAlg=&Signature=AAAA"), BindingError::Algorithm),
        (format!("{request}&{sig_alg}&Signature=AAA"), BindingError::BadEncoding("Signature")),
    ] {
        assert_eq!(read(&query), Err(error), "{query}");
    }
}

#[test]
fn xsw_27_a_weak_or_unknown_algorithm_is_refused_before_any_key_is_tried() {
    for uri in [
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#RSA-SHA256",
        " http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "none",
    ] {
        let query =
            format!("{}&{}&Signature=AAAA", message("SAMLRequest", XML), parameter("SigAlg", uri));
        assert_eq!(read(&query), Err(BindingError::Algorithm), "{uri}");
    }
}

#[test]
fn what_stands_twice_is_refused() {
    let query = signed(Some("state"));
    for name in ["SAMLRequest", "RelayState", "SigAlg", "Signature"] {
        let twice = format!("{query}&{name}=x");
        assert_eq!(read(&twice), Err(BindingError::DuplicateParameter(name)));
        let first = format!("{name}=x&{query}");
        assert_eq!(read(&first), Err(BindingError::DuplicateParameter(name)));
    }
    for other in ["SAMLResponse", "SAMLart"] {
        let error = BindingError::DuplicateParameter("the message");
        assert_eq!(read(&format!("{query}&{other}=x")), Err(error));
    }
}

#[test]
fn a_name_in_disguise_is_refused() {
    let query = signed(None).replacen("SAMLRequest", "SAML%52equest", 1);
    assert_eq!(read(&query), Err(BindingError::BadEncoding("SAMLRequest")));
    let beside = format!("{}&Relay%53tate=x", signed(None));
    assert_eq!(read(&beside), Err(BindingError::BadEncoding("RelayState")));
}

#[test]
fn another_encoding_than_deflate_is_refused() {
    let request = message("SAMLRequest", XML);
    let deflate = parameter("SAMLEncoding", super::DEFLATE);
    assert_eq!(read(&format!("{request}&{deflate}")).unwrap().xml, XML);
    for other in ["", "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:GZIP"] {
        let query = format!("{request}&{}", parameter("SAMLEncoding", other));
        assert_eq!(read(&query), Err(BindingError::BadEncoding("SAMLEncoding")));
    }
    let bare = parameter("SAMLRequest", &write_base64(XML));
    assert_eq!(read(&bare), Err(BindingError::BadEncoding("SAMLRequest")));
}

#[test]
fn xml_08_a_bomb_in_a_query_ends_at_the_limit() {
    let twelve = deflate(&vec![b' '; 12 << 20]);
    assert!(write_base64(&twelve).len() < 17_000, "it fits into a URL");
    for name in ["SAMLRequest", "SAMLResponse"] {
        let query = parameter(name, &write_base64(&twelve));
        assert_eq!(read(&query), Err(BindingError::InflateLimit));
    }
    let vast = parameter("SAMLRequest", &write_base64(&vec![0; MAX_MESSAGE * 3 / 2]));
    assert_eq!(read(&vast), Err(BindingError::InflateLimit));
}

#[test]
fn xml_09_an_answer_or_a_logout_cannot_hide_a_bomb_either() {
    let fifty = deflate(&vec![b' '; 50 << 20]);
    for name in ["SAMLResponse", "SAMLRequest"] {
        let query = parameter(name, &write_base64(&fifty));
        let slug = read(&query).unwrap_err().slug();
        assert_eq!(slug, "inflate_limit");
    }
}

#[test]
fn sam_33_an_answer_to_a_login_does_not_come_by_redirect() {
    let query = sign_as_it_stands(&format!(
        "{}&{}",
        message("SAMLResponse", b"<samlp:Response/>"),
        parameter("SigAlg", SignatureAlg::EcdsaSha256.uri())
    ));
    let incoming = read(&query).unwrap();
    incoming.verify_query(&keys()).unwrap();
    assert_eq!(incoming.demand(Binding::Post, Kind::Response), Err(BindingError::Binding));
}

#[test]
fn a_relay_state_is_kept_up_to_a_length() {
    let long = "é".repeat(MAX_RELAY_STATE / 2);
    assert_eq!(read(&signed(Some(&long))).unwrap().relay_state, Some(long.clone()));
    let longer = format!("{long}x");
    assert_eq!(read(&signed(Some(&longer))), Err(BindingError::TooLong("RelayState")));
}

#[test]
fn a_query_without_a_message_is_none() {
    for query in ["", "x=1", "RelayState=x", "SAMLart=AAQ", "samlrequest=x"] {
        assert_eq!(read(query), Err(BindingError::Binding), "{query:?}");
    }
    for query in ["SAMLRequest", "SAMLRequest=", "SAMLResponse=%"] {
        assert_eq!(read(query).unwrap_err().slug(), "bad_encoding", "{query:?}");
    }
}

#[test]
fn an_unsigned_url_is_the_signed_one_without_its_signature() {
    let url = write_unsigned("https://idp.example/sso?x=1", Kind::Request, XML, Some("state"));
    let (_, query) = url.split_once("?x=1&").unwrap();
    assert!(signed(Some("state")).starts_with(&format!("{query}&SigAlg=")), "{url}");
    let incoming = read(query).unwrap();
    assert_eq!(incoming.xml, XML);
    assert_eq!(incoming.verify_query(&keys()), Err(BindingError::Unsigned));
}

#[test]
fn our_escapes_are_those_of_rfc_3986() {
    let url = write(
        "https://idp.example/sso",
        Kind::Request,
        XML,
        Some("~a b/é"),
        &RSA.signing,
        SignatureAlg::RsaSha256,
    )
    .unwrap();
    assert!(url.contains("&RelayState=~a%20b%2F%C3%A9&SigAlg=http%3A%2F%2F"), "{url}");
    let signature = url.split("&Signature=").nth(1).unwrap();
    let text = super::unescape(signature, "Signature").unwrap();
    assert_eq!(base64(&text, "Signature").unwrap().len(), 256);
}

proptest! {
    #[test]
    fn any_query_is_read_or_refused(query in ".{0,300}") {
        let _ = read(&query);
    }

    #[test]
    fn a_signed_query_with_one_letter_changed_is_another(place in 0_usize..600, letter in "[ -~]") {
        let query = signed(Some("state"));
        let place = place % query.len();
        let mut changed = query.clone();
        changed.replace_range(place..=place, &letter);
        let verified = read(&changed).and_then(|incoming| {
            incoming.verify_query(&keys())?;
            Ok(incoming)
        });
        // What still verifies says the same: an escape in the signature alone has two spellings.
        if let Ok(incoming) = verified {
            let signed_part = query.split("&Signature=").next().unwrap();
            prop_assert!(changed.starts_with(signed_part), "{}", changed);
            prop_assert_eq!(incoming, read(&query).unwrap());
        }
    }
}
