//! What verifies, what does not, and what is read of it.

use super::verify;
use crate::dsig::testing::{Xmlsec1, certified, fresh, pair, signing, verifying};
use crate::dsig::{
    DsigError, KeyKind, Place, SignatureAlg, SigningKey, Verified, VerifyingKey, gate, sign,
};
use crate::testing::{Signed, assertion, response, signed_response, wrapped};
use crate::xml::{Document, Element, Limits, Markup, ns, write_base64};

mod costs;
mod libxml;
mod vectors;

const RSA: SignatureAlg = SignatureAlg::RsaSha256;

fn outcome(xml: &[u8], keys: &[VerifyingKey]) -> Result<(), DsigError> {
    let document = Document::parse(xml, Limits::MESSAGE).unwrap();
    verify(&document, document.root(), keys).map(|_| ())
}

#[test]
fn values_are_read_on_from_what_was_verified() {
    let xml = signed_response(Signed::Response, "mallory", RSA);
    let document = Document::parse(&xml, Limits::MESSAGE).unwrap();
    let verified = verify(&document, document.root(), &[verifying(RSA)]).unwrap();
    let named: Verified<Element<'_>> = verified
        .try_map(|element| {
            element.descendants().find(|inner| inner.is(ns::SAML, "NameID")).ok_or("none")
        })
        .unwrap();
    assert!(named.is(ns::SAML, "NameID"));
    assert_eq!(named.map(|element| element.text().unwrap()).into_inner(), "mallory");
}

#[test]
fn any_of_the_keys_may_have_signed() {
    let other = VerifyingKey::from_certificate(&fresh(KeyKind::Rsa2048).certificate).unwrap();
    let keys = [other.clone(), verifying(SignatureAlg::EcdsaSha256), verifying(RSA)];
    for alg in [RSA, SignatureAlg::RsaPssSha256, SignatureAlg::EcdsaSha256] {
        assert_eq!(outcome(&signed_response(Signed::Response, "mallory", alg), &keys), Ok(()));
    }
    let xml = signed_response(Signed::Response, "mallory", RSA);
    assert_eq!(outcome(&xml, &[other]), Err(DsigError::Invalid));
    assert_eq!(outcome(&xml, &[]), Err(DsigError::Invalid));
}

#[test]
fn an_element_of_another_document_is_not_verified() {
    let xml = signed_response(Signed::Response, "mallory", RSA);
    let document = Document::parse(&xml, Limits::MESSAGE).unwrap();
    let forged = String::from_utf8(xml.clone()).unwrap().replace("mallory", "alice");
    let forged = Document::parse(forged.as_bytes(), Limits::MESSAGE).unwrap();
    let outcome = verify(&document, forged.root(), &[verifying(RSA)]);
    assert_eq!(outcome.unwrap_err(), DsigError::Unsigned);
}

#[test]
fn xsw_15_the_key_in_a_signature_is_never_used() {
    let attacker = fresh(KeyKind::Rsa2048);
    let key = SigningKey::new(&attacker.pkcs8, &attacker.certificate).unwrap();
    let forged = response("_response", assertion("_assertion", "alice"));
    let forged = sign(forged, &key, RSA, Place::AfterIssuer).unwrap().to_canonical();
    assert_eq!(outcome(&forged, &[verifying(RSA)]), Err(DsigError::Invalid));
    let text = String::from_utf8(forged).unwrap();
    let own = write_base64(&attacker.certificate);
    assert!(text.contains(&own));
    // With the certificate of the agency, which is public, and with all other descriptions.
    let theirs = text.replace(&own, &write_base64(&pair(RSA).certificate));
    assert_eq!(outcome(theirs.as_bytes(), &[verifying(RSA)]), Err(DsigError::Invalid));
    for description in [
        "<ds:KeyName>idp.example</ds:KeyName>",
        "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQ==</ds:Modulus></ds:RSAKeyValue></ds:KeyValue>",
        "<ds:RetrievalMethod URI=\"https://canary.example/key\"></ds:RetrievalMethod>",
        "<ds:X509Data><ds:X509SubjectName>CN=idp.example</ds:X509SubjectName></ds:X509Data>",
    ] {
        let described = text.replace("</ds:KeyInfo>", &format!("{description}</ds:KeyInfo>"));
        assert_eq!(outcome(described.as_bytes(), &[verifying(RSA)]), Err(DsigError::Invalid));
        let genuine = signed_response(Signed::Response, "mallory", RSA);
        let genuine = String::from_utf8(genuine).unwrap();
        let genuine = genuine.replace("</ds:KeyInfo>", &format!("{description}</ds:KeyInfo>"));
        assert_eq!(outcome(genuine.as_bytes(), &[verifying(RSA)]), Ok(()));
    }
}

#[test]
fn xsw_16_the_key_of_another_agency_does_not_do() {
    let another = fresh(KeyKind::P256);
    let key = SigningKey::new(&another.pkcs8, &another.certificate).unwrap();
    let alg = SignatureAlg::EcdsaSha256;
    let xml =
        sign(response("_r", assertion("_a", "alice")), &key, alg, Place::AfterIssuer).unwrap();
    let theirs = VerifyingKey::from_certificate(&another.certificate).unwrap();
    assert_eq!(outcome(&xml.to_canonical(), &[theirs]), Ok(()));
    let ours = [verifying(alg), verifying(RSA), verifying(SignatureAlg::EcdsaSha384)];
    assert_eq!(outcome(&xml.to_canonical(), &ours), Err(DsigError::Invalid));
}

#[test]
fn xsw_19_a_key_is_not_used_with_an_algorithm_that_was_not_signed_with() {
    let xml = signed_response(Signed::Response, "mallory", RSA);
    let text = String::from_utf8(xml).unwrap();
    for other in SignatureAlg::ALL.into_iter().filter(|alg| *alg != RSA) {
        let changed = text.replace(RSA.uri(), other.uri());
        assert_eq!(outcome(changed.as_bytes(), &[verifying(RSA)]), Err(DsigError::Invalid));
    }
}

#[test]
fn xsw_29_signatures_that_no_key_makes_are_refused() {
    let with = |alg: SignatureAlg, value: &[u8]| {
        let text = String::from_utf8(signed_response(Signed::Response, "mallory", alg)).unwrap();
        let (before, rest) = text.split_once("<ds:SignatureValue>").unwrap();
        let (_, after) = rest.split_once("</ds:SignatureValue>").unwrap();
        let value = write_base64(value);
        let xml = format!("{before}<ds:SignatureValue>{value}</ds:SignatureValue>{after}");
        outcome(xml.as_bytes(), &[verifying(alg)])
    };
    let one = |length: usize| [vec![0; length - 1], vec![1]].concat();
    for alg in [RSA, SignatureAlg::RsaPssSha256] {
        for value in [
            vec![0; 256],
            one(256),
            vec![0xFF; 256],
            vec![0; 255],
            vec![0; 257],
            vec![1],
            vec![0; 512],
        ] {
            assert_eq!(with(alg, &value), Err(DsigError::Invalid), "{alg:?} {value:?}");
        }
    }
    let order = crate::dsig::testing::unhex(
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    );
    let der = [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01];
    for value in [
        vec![0; 64],
        [vec![0; 32], one(32)].concat(),
        [one(32), vec![0; 32]].concat(),
        [order.clone(), one(32)].concat(),
        [one(32), order.clone()].concat(),
        [order.clone(), order].concat(),
        vec![0xFF; 64],
        vec![1; 63],
        vec![1; 65],
        vec![1; 96],
        der.to_vec(),
        [der.to_vec(), vec![0; 56]].concat(),
    ] {
        assert_eq!(with(SignatureAlg::EcdsaSha256, &value), Err(DsigError::Invalid), "{value:?}");
    }
}

#[test]
fn prefixes_of_inclusive_namespaces_are_part_of_what_is_signed() {
    // Signed with the prefixes that OpenSAML names for the types of values.
    let key = signing(RSA);
    let list = "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"xs\"></ec:InclusiveNamespaces>";
    let around = |xs: &str, digest: &str, value: &str| {
        let signed_info = signed_info(list, digest);
        format!(
            "<saml:Assertion xmlns:saml=\"{}\"{xs} ID=\"_a\"><saml:Issuer>i</saml:Issuer>\
             <ds:Signature xmlns:ds=\"{}\">{signed_info}<ds:SignatureValue>{value}\
             </ds:SignatureValue></ds:Signature><saml:V>xs:string</saml:V></saml:Assertion>",
            ns::SAML,
            ns::DS,
        )
    };
    let canonical = format!(
        "<saml:Assertion xmlns:saml=\"{}\" xmlns:xs=\"urn:xs\" ID=\"_a\"><saml:Issuer>i\
         </saml:Issuer><saml:V>xs:string</saml:V></saml:Assertion>",
        ns::SAML
    );
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, canonical.as_bytes());
    let digest = write_base64(digest.as_ref());
    let apex = signed_info(list, &digest).replacen(
        "<ds:SignedInfo",
        &format!("<ds:SignedInfo xmlns:ds=\"{}\"", ns::DS),
        1,
    );
    let value = write_base64(&key.sign(RSA, apex.as_bytes()).unwrap());
    let genuine = around(" xmlns:xs=\"urn:xs\"", &digest, &value);
    assert_eq!(outcome(genuine.as_bytes(), &[verifying(RSA)]), Ok(()));
    for other in ["", " xmlns:xs=\"urn:other\""] {
        let changed = around(other, &digest, &value);
        assert_eq!(outcome(changed.as_bytes(), &[verifying(RSA)]), Err(DsigError::Invalid));
    }
}

fn signed_info(list: &str, digest: &str) -> String {
    format!(
        "<ds:SignedInfo><ds:CanonicalizationMethod \
         Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{}\"></ds:SignatureMethod><ds:Reference URI=\"#_a\">\
         <ds:Transforms><ds:Transform \
         Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>\
         <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">{list}</ds:Transform>\
         </ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\">\
         </ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>",
        RSA.uri()
    )
}

/// All names and attribute values in an element.
fn values(element: Element<'_>) -> Vec<String> {
    let holds =
        |inner: &Element<'_>| inner.is(ns::SAML, "NameID") || inner.is(ns::SAML, "AttributeValue");
    element.descendants().filter(holds).map(|inner| format!("{:?}", inner.text())).collect()
}

/// What a reader would believe who verifies some signature by the ID that it names, wherever both
/// stand, and then reads the first assertion: the reader that wrapping was invented for.
fn careless(xml: &[u8]) -> Option<Vec<String>> {
    let mut keys = bergshamra::KeysManager::new();
    keys.add_key(bergshamra::keys::loader::load_x509_cert_der(&pair(RSA).certificate).unwrap());
    let context = bergshamra::DsigContext::new(keys)
        .with_skip_time_checks(true)
        .with_strict_verification(false);
    let document = Document::parse(xml, Limits::MESSAGE).ok()?;
    let (tree, _) = document.root().node();
    let result = bergshamra::dsig::verify::verify_document(&context, tree).ok()?;
    let first = document.elements().find(|element| element.is(ns::SAML, "Assertion"))?;
    result.is_valid().then(|| values(first))
}

#[test]
fn wrapping_by_chance_never_gives_a_value_that_was_not_signed() {
    const SEEDS: u64 = 2_500;
    let keys = [verifying(RSA)];
    let (mut accepted, mut refused, mut fooled) = (0, 0, 0);
    for signed in Signed::ALL {
        let genuine = signed_response(signed, "mallory", RSA);
        let root = Document::parse(&genuine, Limits::MESSAGE).unwrap();
        let genuine_values = values(root.root());
        for seed in 0..SEEDS {
            let hostile = wrapped(&genuine, ("mallory", "alice"), seed);
            let document = Document::parse(&hostile, Limits::MESSAGE).unwrap();
            fooled += u32::from(careless(&hostile).is_some_and(|read| read != genuine_values));
            let Ok(signatures) = gate(&document) else {
                refused += 1;
                continue;
            };
            for element in document.elements() {
                let Ok(verified) = signatures.verify(element, &keys) else { continue };
                accepted += 1;
                let read = verified.map(values).into_inner();
                assert_eq!(
                    read,
                    genuine_values,
                    "{signed:?} {seed} {}",
                    String::from_utf8_lossy(&hostile)
                );
            }
        }
    }
    println!(
        "{} documents: {refused} refused, {accepted} elements verified, {fooled} would fool a careless reader",
        3 * SEEDS
    );
    assert!(accepted > 200 && refused > 2_000 && fooled > 100, "the generator does not attack");
}

#[test]
fn a_changed_octet_anywhere_in_what_is_signed_is_noticed() {
    let xml = signed_response(Signed::Response, "mallory", RSA);
    let key_info = xml.windows(10).position(|window| window == b"<ds:KeyInf").unwrap();
    let end = xml.windows(12).position(|window| window == b"</ds:KeyInfo").unwrap();
    let keys = [verifying(RSA)];
    let mut judged = 0;
    for at in (0..xml.len()).filter(|at| !(key_info..end).contains(at)).step_by(3) {
        let mut changed = xml.clone();
        changed[at] ^= 0x01;
        let Ok(document) = Document::parse(&changed, Limits::MESSAGE) else { continue };
        judged += 1;
        assert!(
            verify(&document, document.root(), &keys).is_err(),
            "{}",
            String::from_utf8_lossy(&changed)
        );
    }
    assert!(judged > 200);
}

#[test]
fn certificates_that_ended_still_verify() {
    // Trust comes from metadata: the certificate is an envelope (SAML2Int, SDP-MD02).
    let old = certified(&fresh(KeyKind::P256).pkcs8);
    let key = SigningKey::new(&old.pkcs8, &old.certificate).unwrap();
    let alg = SignatureAlg::EcdsaSha256;
    let element = Markup::new(ns::SAMLP, "LogoutRequest").attr("ID", "_l");
    let xml = sign(element, &key, alg, Place::AfterIssuer).unwrap().to_canonical();
    let verifying = VerifyingKey::from_certificate(&old.certificate).unwrap();
    assert_eq!(outcome(&xml, &[verifying]), Ok(()));
}

#[test]
fn comments_and_line_ends_that_are_put_right_before_parsing_change_no_signature() {
    let Some(tool) = Xmlsec1::find() else { return };
    let template = format!(
        "<?xml version=\"1.0\"?>\n<!-- by hand -->\n\
         <md:EntityDescriptor xmlns:md=\"{}\" ID=\"_e\" entityID=\"https://a.example/\" \
         b=\"x\ty\r\nz&#10;\n\">\r\n<ds:Signature xmlns:ds=\"{}\">{}<ds:SignatureValue/>\
         </ds:Signature><md:Organization>one<!-- <two> 'or' -->three&#13;\r\n</md:Organization>\
         </md:EntityDescriptor>\n<!-- end -->",
        ns::MD,
        ns::DS,
        signed_info("", "").replace("#_a", "#_e"),
    );
    let key = tool.key("key.pem", pair(RSA));
    let template = tool.file("template.xml", template.as_bytes());
    let id = format!("{}:EntityDescriptor", ns::MD);
    let signed = tool.must(&["--sign", "--pkcs8-pem", &key, "--id-attr:ID", &id, &template]);
    // The tool writes attributes as it has read them: what was written by hand is put back.
    let text = String::from_utf8(signed).unwrap();
    assert!(text.contains("b=\"x y z&#10; \"") && text.contains("<!-- <two> 'or' -->"), "{text}");
    let text = text.replace("b=\"x y z&#10; \"", "b=\"x\ty\r\nz&#10;\n\"");
    let document = Document::parse(text.as_bytes(), Limits::METADATA).unwrap();
    let verified = verify(&document, document.root(), &[verifying(RSA)]).unwrap();
    assert_eq!(verified.attribute("b"), Some("x y z\n "));
    let organization = verified.children().find(|child| child.is(ns::MD, "Organization")).unwrap();
    assert_eq!(organization.text().unwrap(), "onethree\r\n");
}
