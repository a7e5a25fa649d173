//! What a signature may be made of: each part, in each wrong way.

use super::gate;
use crate::dsig::testing::verifying;
use crate::dsig::{DsigError, SignatureAlg};
use crate::testing::{Signed, assertion, response, signed_response};
use crate::xml::{Document, Limits, ns};

mod places;

const RSA: SignatureAlg = SignatureAlg::RsaSha256;

/// A genuine Response about mallory, to be taken apart.
fn genuine(signed: Signed) -> String {
    String::from_utf8(signed_response(signed, "mallory", RSA)).unwrap()
}

/// The unsigned assertion that the attacker wants to be believed.
fn forged() -> String {
    String::from_utf8(assertion("_forged", "alice").to_canonical()).unwrap()
}

/// The text from the first `from` to the end of the `to` that follows.
fn cut<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let start = text.find(from).unwrap();
    let end = text[start..].find(to).unwrap() + start + to.len();
    &text[start..end]
}

fn whole_signature(text: &str) -> &str {
    cut(text, "<ds:Signature ", "</ds:Signature>")
}

fn whole_assertion(text: &str) -> &str {
    cut(text, "<saml:Assertion ", "</saml:Assertion>")
}

/// What becomes of a document whose every signature must hold: the names in what was verified.
fn names(xml: &str) -> Result<Vec<String>, DsigError> {
    let document = Document::parse(xml.as_bytes(), Limits::MESSAGE).unwrap();
    let signatures = gate(&document)?;
    if signatures.is_empty() {
        return Err(DsigError::Unsigned);
    }
    signatures.verify_all(&[verifying(RSA)])?;
    let mut found: Vec<String> = Vec::new();
    for signed in signatures.elements() {
        let verified = signatures.verify(signed, &[verifying(RSA)])?;
        let named = verified.descendants().filter(|inner| inner.is(ns::SAML, "NameID"));
        found.extend(named.map(|name| name.text().unwrap().into_owned()));
    }
    Ok(found)
}

#[track_caller]
fn refused(xml: &str, slug: &str) {
    let outcome = names(xml);
    assert_eq!(outcome.clone().map_err(DsigError::slug), Err(slug), "{outcome:?} {xml}");
}

#[test]
fn what_is_genuine_is_accepted() {
    assert_eq!(names(&genuine(Signed::Assertion)), Ok(vec!["mallory".to_owned()]));
    assert_eq!(names(&genuine(Signed::Response)), Ok(vec!["mallory".to_owned()]));
    assert_eq!(names(&genuine(Signed::Both)), Ok(vec!["mallory".to_owned(); 2]));
}

#[test]
fn xml_12_a_transform_other_than_the_two_is_refused() {
    let xml = genuine(Signed::Assertion);
    let exclusive =
        r#"<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform>"#;
    let enveloped = r#"<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>"#;
    let transform = |uri: &str, inside: &str| {
        format!(r#"<ds:Transform Algorithm="{uri}">{inside}</ds:Transform>"#)
    };
    let xpath = transform(
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "<ds:XPath>count(//*[count(//*) > 1])</ds:XPath>",
    );
    for other in [
        xpath,
        transform("http://www.w3.org/2002/06/xmldsig-filter2", ""),
        transform("http://www.w3.org/TR/1999/REC-xslt-19991116", ""),
        transform("http://www.w3.org/2001/10/xml-exc-c14n#WithComments", ""),
        transform("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", ""),
        transform("http://www.w3.org/2006/12/xml-c14n11", ""),
        transform("http://www.w3.org/2000/09/xmldsig#base64", ""),
        transform("", ""),
    ] {
        refused(&xml.replace(exclusive, &other), "transform_not_allowed");
        refused(&xml.replace(exclusive, &format!("{exclusive}{other}")), "transform_not_allowed");
        refused(&xml.replace(enveloped, &other), "transform_not_allowed");
    }
    refused(&xml.replace(exclusive, ""), "transform_not_allowed");
    refused(&xml.replace(enveloped, ""), "transform_not_allowed");
    refused(
        &xml.replace(cut(&xml, "<ds:Transforms>", "</ds:Transforms>"), ""),
        "transform_not_allowed",
    );
    let turned = format!("{exclusive}{enveloped}");
    refused(&xml.replace(&format!("{enveloped}{exclusive}"), &turned), "transform_not_allowed");
    refused(&xml.replace(exclusive, &exclusive.repeat(2)), "transform_not_allowed");
    refused(&xml.replace(exclusive, &exclusive.repeat(1_000)), "transform_not_allowed");
}

#[test]
fn xml_13_many_references_or_signatures_are_refused() {
    let xml = genuine(Signed::Assertion);
    let reference = cut(&xml, "<ds:Reference ", "</ds:Reference>");
    refused(&xml.replace(reference, &reference.repeat(2)), "reference_count");
    refused(&xml.replace(reference, ""), "reference_count");
    refused(&xml.replace(reference, &"<ds:Reference URI=''/>".repeat(5_000)), "reference_count");
    let signature = whole_signature(&xml);
    let empty = "<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'/>";
    let many = format!("{signature}{}", empty.repeat(3_000));
    refused(&xml.replace(signature, &many), "reference_count");
    refused(&xml.replace(signature, &empty.repeat(3)), "reference_count");
}

#[test]
fn xsw_10_parts_of_a_signature_outside_of_one_are_refused() {
    let xml = genuine(Signed::Assertion);
    let declared = " xmlns:ds='http://www.w3.org/2000/09/xmldsig#'";
    for (name, content) in [
        ("DigestValue", "Zm9v"),
        ("SignedInfo", ""),
        ("SignatureValue", "Zm9v"),
        ("Reference", ""),
        ("Manifest", ""),
        ("KeyInfo", ""),
        ("anything", ""),
    ] {
        let part = format!("<ds:{name}{declared}>{content}</ds:{name}>");
        for place in
            ["</samlp:Status>", "<saml:Subject>", "</saml:AttributeValue>", "</ds:KeyInfo>"]
        {
            refused(&xml.replace(place, &format!("{part}{place}")), "signature_structure");
        }
    }
    let certificate = format!("<ds:X509Certificate{declared}>Zm9v</ds:X509Certificate>");
    refused(
        &xml.replace("</samlp:Status>", &format!("{certificate}</samlp:Status>")),
        "signature_structure",
    );
}

#[test]
fn xsw_11_a_value_has_one_text_and_nothing_else() {
    let xml = genuine(Signed::Assertion);
    for value in ["DigestValue", "SignatureValue"] {
        let open = format!("<ds:{value}>");
        let close = format!("</ds:{value}>");
        refused(&xml.replace(&open, &format!("{open}<x/>")), "signature_structure");
        refused(
            &xml.replace(&close, &format!("<ds:{value}>Zm9v{close}{close}")),
            "signature_structure",
        );
        refused(&xml.replace(&close, &format!("Zm9v{close}")), "signature_structure");
        refused(
            &xml.replace(cut(&xml, &open, &close), &format!("{open}{close}")),
            "signature_structure",
        );
        let folded =
            xml.replace(&open, &format!("{open}\n ")).replace(&close, &format!("\r\n{close}"));
        let outcome = names(&folded);
        if value == "SignatureValue" {
            assert_eq!(outcome, Ok(vec!["mallory".to_owned()]));
        } else {
            assert_eq!(outcome, Err(DsigError::Invalid), "the folding of a digest is signed");
        }
    }
}

#[test]
fn xsw_12_a_signature_has_its_parts_once_and_in_order() {
    let xml = genuine(Signed::Assertion);
    let info = cut(&xml, "<ds:SignedInfo>", "</ds:SignedInfo>");
    let evil = info.replace("#_assertion", "#_forged");
    refused(&xml.replace(info, &format!("{evil}{info}")), "signature_structure");
    refused(&xml.replace(info, &format!("{info}{evil}")), "signature_structure");
    refused(&xml.replace(info, ""), "signature_structure");
    for part in [
        "SignatureValue",
        "KeyInfo",
        "CanonicalizationMethod",
        "SignatureMethod",
        "DigestMethod",
        "DigestValue",
        "Transforms",
    ] {
        let whole = cut(&xml, &format!("<ds:{part}"), &format!("</ds:{part}>"));
        refused(&xml.replace(whole, &whole.repeat(2)), "signature_structure");
        if part != "KeyInfo" && part != "Transforms" {
            refused(&xml.replace(whole, ""), "signature_structure");
        }
    }
    let value = cut(&xml, "<ds:SignatureValue>", "</ds:SignatureValue>");
    refused(
        &xml.replace(value, "").replace("<ds:SignedInfo>", &format!("{value}<ds:SignedInfo>")),
        "signature_structure",
    );
    refused(&xml.replace("<ds:SignedInfo>", "x<ds:SignedInfo>"), "signature_structure");
    let without = xml.replace(cut(&xml, "<ds:KeyInfo>", "</ds:KeyInfo>"), "");
    assert_eq!(names(&without), Ok(vec!["mallory".to_owned()]), "no key is ever taken from there");
}

#[test]
fn xsw_14_no_signature_is_no_signature() {
    refused(
        &String::from_utf8(response("_r", assertion("_a", "alice")).to_canonical()).unwrap(),
        "unsigned",
    );
    for signed in Signed::ALL {
        let xml = genuine(signed);
        let signature = whole_signature(&xml);
        refused(
            &xml.replace(
                signature,
                "<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'/>",
            ),
            "unsigned",
        );
    }
    let xml = genuine(Signed::Assertion);
    refused(
        &xml.replace("http://www.w3.org/2000/09/xmldsig#\"", "http://www.w3.org/2000/09/xmldsig\""),
        "unsigned",
    );
    // What is signed is the assertion; the Response is not.
    let document = Document::parse(xml.as_bytes(), Limits::MESSAGE).unwrap();
    let signatures = gate(&document).unwrap();
    assert!(!signatures.cover(document.root()));
    let outcome = signatures.verify(document.root(), &[verifying(RSA)]);
    assert_eq!(outcome.unwrap_err(), DsigError::Unsigned);
}

#[test]
fn xsw_19_weak_algorithms_are_refused() {
    let xml = genuine(Signed::Assertion);
    for weak in [
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "",
    ] {
        refused(
            &xml.replace("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", weak),
            "algorithm",
        );
    }
    for weak in [
        "http://www.w3.org/2000/09/xmldsig#sha1",
        "http://www.w3.org/2001/04/xmldsig-more#md5",
        "http://www.w3.org/2001/04/xmldsig-more#sha224",
        "",
    ] {
        refused(&xml.replace("http://www.w3.org/2001/04/xmlenc#sha256", weak), "algorithm");
    }
    let method = cut(&xml, "<ds:SignatureMethod", "</ds:SignatureMethod>");
    let shortened = method.replace("></", "><ds:HMACOutputLength>8</ds:HMACOutputLength></");
    refused(&xml.replace(method, &shortened), "signature_structure");
}

#[test]
fn xsw_21_a_reference_is_the_exact_id_of_its_carrier() {
    for signed in [Signed::Assertion, Signed::Response] {
        let xml = genuine(signed);
        let id = if signed == Signed::Assertion { "_assertion" } else { "_response" };
        let uri = format!(r##" URI="#{id}""##);
        let with = |other: &str| xml.replace(&uri, other);
        let percent = format!(" URI='#%5F{}'", &id[1..]);
        let upper = format!(" URI='#{}'", id.to_uppercase());
        let space = format!(" URI='# {id}'");
        let leading = format!(" URI=' #{id}'");
        let trailing = format!(" URI='#{id} '");
        let pointer = format!(" URI=\"#xpointer(id('{id}'))\"");
        let absolute = format!(" URI='https://idp.example/#{id}'");
        let namespaced = format!(" ds:URI='#{id}'");
        for other in [
            "",
            " URI=''",
            " URI='#'",
            " URI='#xpointer(/)'",
            &pointer,
            &absolute,
            &percent,
            &upper,
            &space,
            &leading,
            &trailing,
            &namespaced,
            " URI='_assertion'",
            " URI='file:///etc/hostname'",
            " URI='#nowhere'",
            " uri='#_assertion'",
        ] {
            refused(&with(other), "reference_uri");
        }
        // Spelled with a character reference it would be the same; nobody honest spells it so.
        let spelled = with(&format!(" URI='#&#{};{}'", u32::from('_'), &id[1..]));
        let error = Document::parse(spelled.as_bytes(), Limits::MESSAGE).unwrap_err();
        assert_eq!(error.slug(), "reference_uri");
        let other = if signed == Signed::Assertion { "_response" } else { "_assertion" };
        refused(&with(&format!(" URI='#{other}'")), "signature_scope");
        for bad in ["", "1", "a b", "-a", "a/b"] {
            refused(
                &xml.replace(&format!("\"{id}\""), &format!("'{bad}'"))
                    .replace(&uri, &format!(" URI='#{bad}'")),
                "reference_uri",
            );
        }
        refused(&xml.replace(&format!(" ID=\"{id}\""), ""), "reference_uri");
    }
}

#[test]
fn xsw_24_only_exclusive_canonicalization_with_few_prefixes_is_accepted() {
    let xml = genuine(Signed::Assertion);
    let method = cut(&xml, "<ds:CanonicalizationMethod ", "</ds:CanonicalizationMethod>");
    for other in [
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        "http://www.w3.org/2001/10/xml-exc-c14n",
        "urn:unknown",
        "",
    ] {
        let changed = method.replace("http://www.w3.org/2001/10/xml-exc-c14n#", other);
        refused(&xml.replace(method, &changed), "algorithm");
    }
    let listed = |count: usize| {
        let names: Vec<String> = (0..count).map(|name| format!("p{name}")).collect();
        format!(
            "><ec:InclusiveNamespaces xmlns:ec='http://www.w3.org/2001/10/xml-exc-c14n#' PrefixList='{}'/></ds:",
            names.join(" ")
        )
    };
    refused(&xml.replace(method, &method.replace("></ds:", &listed(33))), "algorithm");
    refused(&xml.replace(method, &method.replace("></ds:", &listed(10_000))), "algorithm");
    refused(&xml.replace(method, &method.replace("></ds:", &listed(32))), "signature_invalid");
    refused(&xml.replace(method, &method.replace("></ds:", "><x/></ds:")), "signature_structure");
    let transform = r#"<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:"#;
    refused(&xml.replace(transform, &transform.replace("></ds:", &listed(33))), "algorithm");
    let xml = xml.replace(transform, &transform.replace("></ds:", &listed(32)));
    let stuffed =
        |count| xml.replace("<saml:Subject>", &format!("{}<saml:Subject>", "<x/>".repeat(count)));
    refused(&stuffed(1_200), "signature_invalid");
    refused(&stuffed(1_260), "algorithm");
}
