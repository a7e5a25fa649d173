//! The published vectors of XML Signature, and the corpora of Responses: others' documents.

use std::path::Path;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use bergshamra::keys::KeysManager;
use bergshamra::keys::loader::load_x509_cert_der;
use bergshamra::{DsigContext, VerifyResult, verify_all};

use crate::dsig::backend::canonicalize;
use crate::dsig::signature::{ENVELOPED, EXC_C14N};
use crate::dsig::testing::vector;
use crate::dsig::{DigestAlg, SignatureAlg, VerifyingKey, gate};
use crate::xml::{Document, Element, Limits, ns, read_base64};

/// Vectors by other makers, with keys that we accept and algorithms that we know.
const SIGNED: [(&str, &str, SignatureAlg); 15] = [
    ("enveloped-sha256-ecdsa-sha256", "ec/ec-prime256v1", SignatureAlg::EcdsaSha256),
    ("enveloping-sha256-ecdsa-sha256", "ec/ec-prime256v1", SignatureAlg::EcdsaSha256),
    (
        "enveloping-sha384-ec-prime384v1-der-encoded-key-value",
        "ec/ec-prime384v1",
        SignatureAlg::EcdsaSha384,
    ),
    ("enveloped-sha256-rsa-pss-sha256", "rsa/rsa-4096", SignatureAlg::RsaPssSha256),
    ("enveloped-sha384-rsa-pss-sha384", "rsa/rsa-4096", SignatureAlg::RsaPssSha384),
    ("enveloped-sha512-rsa-pss-sha512", "rsa/rsa-4096", SignatureAlg::RsaPssSha512),
    ("enveloping-rsa-pss-sha256", "rsa/rsa-4096", SignatureAlg::RsaPssSha256),
    ("enveloping-rsa-pss-sha384", "rsa/rsa-4096", SignatureAlg::RsaPssSha384),
    ("enveloping-rsa-pss-sha512", "rsa/rsa-4096", SignatureAlg::RsaPssSha512),
    ("enveloping-sha256-rsa-sha256", "rsa/rsa-2048", SignatureAlg::RsaSha256),
    ("enveloping-sha384-rsa-sha384", "rsa/rsa-4096", SignatureAlg::RsaSha384),
    ("enveloping-sha512-rsa-sha512", "rsa/rsa-4096", SignatureAlg::RsaSha512),
    ("enveloped-x509-digest-sha256", "rsa/rsa-4096", SignatureAlg::RsaSha256),
    ("enveloped-x509-issuerserial", "rsa/rsa-4096", SignatureAlg::RsaSha512),
    ("enveloped-x509-ski", "rsa/rsa-4096", SignatureAlg::RsaSha512),
];

fn named<'d>(document: &'d Document<'_>, local: &str) -> Element<'d> {
    document.elements().find(|element| element.is(ns::DS, local)).unwrap()
}

#[test]
fn the_signatures_of_published_vectors_verify_and_their_form_is_refused() {
    for (name, key, alg) in SIGNED {
        let Some(xml) = vector(&format!("xmlsec/aleksey-xmldsig-01/{name}.xml")) else { return };
        let certificate = vector(&format!("xmlsec/keys/{key}-cert.der")).unwrap();
        let key = VerifyingKey::from_certificate(&certificate).unwrap();
        let document = Document::parse(&xml, Limits::METADATA).unwrap();
        let method = named(&document, "SignatureMethod").attribute("Algorithm");
        assert_eq!(method.and_then(SignatureAlg::from_uri), Some(alg), "{name}");
        // They name inclusive canonicalization, which with this prefix gives the same bytes here.
        let signed = canonicalize(named(&document, "SignedInfo"), None, &["dsig"]).unwrap();
        let value = read_base64(&named(&document, "SignatureValue").text().unwrap()).unwrap();
        assert!(key.verify(alg, &signed, &value).is_ok(), "{name}");
        assert!(gate(&document).is_err(), "{name}");
    }
}

#[test]
fn exclusive_canonicalization_gives_the_digests_of_published_vectors() {
    let sha1 = |apex, left_out, prefixes: &[&str]| {
        let bytes = canonicalize(apex, left_out, prefixes).unwrap();
        digest(&SHA1_FOR_LEGACY_USE_ONLY, &bytes).as_ref().to_vec()
    };
    let digests = |document: &Document<'_>| -> Vec<Vec<u8>> {
        let values = document.elements().filter(|element| element.is(ns::DS, "DigestValue"));
        values.map(|value| read_base64(&value.text().unwrap()).unwrap()).collect()
    };
    let Some(xml) = vector("xmlsec/merlin-exc-c14n-one/exc-signature.xml") else { return };
    let document = Document::parse(&xml, Limits::METADATA).unwrap();
    let object = named(&document, "Object");
    let expected = digests(&document);
    assert_eq!(sha1(object, None, &[]), expected[0]);
    assert_eq!(sha1(object, None, &["bar", "#default"]), expected[1]);

    let file = "xmlsec/phaos-xmldsig-three/signature-hmac-sha1-exclusive-c14n-enveloped.xml";
    let xml = vector(file).unwrap();
    let document = Document::parse(&xml, Limits::METADATA).unwrap();
    let signature = named(&document, "Signature");
    assert_eq!(sha1(document.root(), Some(signature), &[]), digests(&document)[0]);
}

/// All files of the corpora of Responses, as XML.
fn corpora() -> Vec<(String, Vec<u8>)> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/saml-responses");
    let mut files = Vec::new();
    for part in ["ruby-saml", "ruby-saml/invalids", "python3-saml", "python3-saml/invalids"] {
        let Ok(entries) = folder.join(part).read_dir() else { continue };
        for entry in entries {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if !name.contains(".xml") {
                continue;
            }
            let Some(bytes) = vector(&format!("saml-responses/{part}/{name}")) else { continue };
            let text = String::from_utf8_lossy(&bytes);
            let xml = if name.ends_with("base64") { read_base64(&text).ok() } else { Some(bytes) };
            files.extend(xml.map(|xml| (format!("{part}/{name}"), xml)));
        }
    }
    if files.is_empty() {
        eprintln!("skipped: the corpora of Responses are not here");
    }
    files.sort();
    files
}

/// Whether the digest of a reference is that of the element it names; none if it is of another
/// form than ours. SHA-1 counts here: it is canonicalization that is compared.
fn digest_holds(reference: Element<'_>, document: &Document<'_>) -> Option<bool> {
    let id = reference.attribute("URI")?.strip_prefix('#')?;
    let target = document.elements().find(|element| element.attribute("ID") == Some(id))?;
    let part = |local: &str| reference.descendants().find(|inner| inner.is(ns::DS, local));
    let algorithm = match part("DigestMethod")?.attribute("Algorithm")? {
        "http://www.w3.org/2000/09/xmldsig#sha1" => &SHA1_FOR_LEGACY_USE_ONLY,
        uri => DigestAlg::from_uri(uri)?.function(),
    };
    let transforms: Vec<&str> = reference
        .descendants()
        .filter(|inner| inner.is(ns::DS, "Transform"))
        .filter_map(|transform| transform.attribute("Algorithm"))
        .collect();
    if transforms != [ENVELOPED, EXC_C14N] {
        return None;
    }
    let list = reference.descendants().find(|inner| inner.is(ns::EC, "InclusiveNamespaces"));
    let list = list.and_then(|list| list.attribute("PrefixList")).unwrap_or("");
    let prefixes: Vec<&str> = list.split_ascii_whitespace().collect();
    let signature = reference.parent()?.parent()?;
    let content = canonicalize(target, Some(signature), &prefixes).unwrap();
    let stated = read_base64(&part("DigestValue")?.text().ok()?).ok()?;
    Some(digest(algorithm, &content).as_ref() == stated)
}

#[test]
fn canonicalization_agrees_with_the_makers_of_the_responses_in_the_corpora() {
    let files = corpora();
    let (mut hold, mut fail) = (0, 0);
    for (_, xml) in &files {
        let Ok(document) = Document::parse(xml, Limits::METADATA) else { continue };
        let references = document.elements().filter(|element| element.is(ns::DS, "Reference"));
        for held in references.filter_map(|reference| digest_holds(reference, &document)) {
            *if held { &mut hold } else { &mut fail } += 1;
        }
    }
    // The others were changed after they were signed, on purpose or to be read by people.
    println!("{hold} digests hold, {fail} do not");
    assert!(files.is_empty() || hold >= 84);
}

#[test]
fn what_we_verify_of_the_corpora_is_valid_to_the_engine_and_the_other_way_round() {
    for (name, xml) in &corpora() {
        let Ok(document) = Document::parse(xml, Limits::MESSAGE) else { continue };
        let Ok(signatures) = gate(&document) else { continue };
        // The keys are the documents' own: what is compared is how signatures are judged.
        let keys: Vec<(Vec<u8>, VerifyingKey)> = document
            .elements()
            .filter(|element| element.is(ns::DS, "X509Certificate"))
            .filter_map(|element| read_base64(&element.text().ok()?).ok())
            .filter_map(|der| Some((der.clone(), VerifyingKey::from_certificate(&der).ok()?)))
            .collect();
        if signatures.is_empty() || keys.is_empty() {
            continue;
        }
        let ours: Vec<VerifyingKey> = keys.iter().map(|(_, key)| key.clone()).collect();
        let mut manager = KeysManager::new();
        manager.add_keys(keys.iter().map(|(der, _)| load_x509_cert_der(der).unwrap()));
        let context = DsigContext::new(manager).with_skip_time_checks(true);
        let results = verify_all(&context, std::str::from_utf8(xml).unwrap()).unwrap();
        let theirs = results.iter().all(VerifyResult::is_valid);
        assert_eq!(signatures.verify_all(&ours).is_ok(), theirs, "{name} {results:?}");
    }
}
