//! What we sign holds, to us and to others.

use bergshamra::keys::KeysManager;
use bergshamra::keys::loader::load_x509_cert_der;
use bergshamra::{DsigContext, VerifyResult, verify_all};

use super::{Place, sign};
use crate::dsig::testing::{Xmlsec1, pair, signing, verifying};
use crate::dsig::{KeyError, SignatureAlg, gate};
use crate::testing::{Signed, assertion, signed_response};
use crate::xml::{Document, Limits, Markup, ns};

fn engine(alg: SignatureAlg) -> DsigContext {
    let mut keys = KeysManager::new();
    keys.add_key(load_x509_cert_der(&pair(alg).certificate).unwrap());
    DsigContext::new(keys).with_skip_time_checks(true)
}

/// How many signatures the engine finds, all of which must be valid to it.
fn valid_to_the_engine(alg: SignatureAlg, xml: &[u8]) -> usize {
    let results = verify_all(&engine(alg), std::str::from_utf8(xml).unwrap()).unwrap();
    assert!(results.iter().all(VerifyResult::is_valid), "{alg:?} {results:?}");
    results.len()
}

#[test]
fn what_we_sign_is_valid_to_us_and_to_the_engine() {
    for alg in SignatureAlg::ALL {
        for signed in Signed::ALL {
            let xml = signed_response(signed, "Ünal & <Söhne>\r\n\t\"😀\"", alg);
            let document = Document::parse(&xml, Limits::MESSAGE).unwrap();
            let signatures = gate(&document).unwrap();
            assert_eq!(signatures.verify_all(&[verifying(alg)]), Ok(()), "{alg:?} {signed:?}");
            let count = signatures.elements().count();
            assert_eq!(count, if signed == Signed::Both { 2 } else { 1 });
            assert_eq!(valid_to_the_engine(alg, &xml), count);
        }
    }
}

#[test]
fn xmlsec1_verifies_both_signatures_of_a_response() {
    let Some(tool) = Xmlsec1::find() else { return };
    for alg in [SignatureAlg::RsaSha256, SignatureAlg::EcdsaSha256] {
        let xml = signed_response(Signed::Both, "mallory", alg);
        let certificate = tool.file("cert.der", &pair(alg).certificate);
        let document = tool.file("response.xml", &xml);
        let response = format!("{}:Response", ns::SAMLP);
        let assertion = format!("{}:Assertion", ns::SAML);
        for signature in ["/*/*[local-name()='Signature']", "/*/*/*[local-name()='Signature']"] {
            tool.must(&[
                "--verify",
                "--pubkey-cert-der",
                &certificate,
                "--id-attr:ID",
                &response,
                "--id-attr:ID",
                &assertion,
                "--node-xpath",
                signature,
                &document,
            ]);
        }
    }
}

#[test]
fn a_signature_stands_after_the_issuer_or_first() {
    let key = signing(SignatureAlg::EcdsaSha256);
    let children = |place: Place, element: Markup| -> Vec<String> {
        let signed = sign(element, &key, SignatureAlg::EcdsaSha256, place).unwrap().to_canonical();
        let document = Document::parse(&signed, Limits::MESSAGE).unwrap();
        document.root().children().map(|child| child.local_name().to_owned()).collect()
    };
    let with_issuer = || assertion("_a", "alice");
    assert_eq!(children(Place::AfterIssuer, with_issuer())[..2], ["Issuer", "Signature"]);
    assert_eq!(children(Place::First, with_issuer())[..2], ["Signature", "Issuer"]);
    let without = || {
        let status = Markup::new(ns::SAMLP, "Status");
        Markup::new(ns::SAMLP, "LogoutResponse").attr("ID", "_r").child(status)
    };
    assert_eq!(children(Place::AfterIssuer, without()), ["Signature", "Status"]);
    assert_eq!(
        children(Place::AfterIssuer, Markup::new(ns::SAMLP, "X").attr("ID", "_x")),
        ["Signature"]
    );
}

#[test]
fn what_has_no_id_or_a_key_that_does_not_fit_is_not_signed() {
    let alg = SignatureAlg::RsaSha256;
    let nameless = Markup::new(ns::SAML, "Assertion");
    let outcome = sign(nameless, &signing(alg), alg, Place::First);
    assert_eq!(outcome.unwrap_err(), KeyError::Sign(alg));
    let outcome =
        sign(assertion("_a", "x"), &signing(SignatureAlg::EcdsaSha256), alg, Place::First);
    assert_eq!(outcome.unwrap_err(), KeyError::Unfit(alg));
}
