//! Where signatures stand and what they cover: the wrapping attacks, one by one.

use super::{RSA, cut, forged, genuine, names, refused, whole_assertion, whole_signature};
use crate::dsig::testing::{signing, verifying};
use crate::dsig::{Place, gate, sign};
use crate::testing::{Signed, assertion, response};
use crate::xml::{Document, Limits, Markup, ns};

#[test]
fn xsw_01_a_response_moved_into_its_own_signature_is_refused() {
    let original = genuine(Signed::Response);
    let signature = whole_signature(&original);
    let moved = original.replace(signature, "");
    let object = format!("<ds:Object>{moved}</ds:Object></ds:Signature>");
    let evil = String::from_utf8(response("_evil", Markup::new(ns::SAML, "HOLE")).to_canonical())
        .unwrap()
        .replace(
            r#"<saml:HOLE xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"></saml:HOLE>"#,
            &forged(),
        );
    let issuer = cut(&evil, "<saml:Issuer ", "</saml:Issuer>");
    let with_object = signature.replace("</ds:Signature>", &object);
    refused(&evil.replacen(issuer, &format!("{issuer}{with_object}"), 1), "signature_scope");
    // The same with the original as the signature's bare child, in its place, and beside it.
    let with_child = signature.replace("</ds:Signature>", &format!("{moved}</ds:Signature>"));
    refused(&evil.replacen(issuer, &format!("{issuer}{with_child}"), 1), "signature_scope");
    let around = evil.replacen(
        issuer,
        &format!("{issuer}<samlp:Extensions>{original}</samlp:Extensions>"),
        1,
    );
    refused(&around, "signature_scope");
    let taken = evil.replacen(
        issuer,
        &format!("{issuer}{signature}<samlp:Extensions>{moved}</samlp:Extensions>"),
        1,
    );
    refused(&taken, "signature_scope");
}

#[test]
fn xsw_03_of_two_assertions_only_the_signed_one_is_verified() {
    let xml = genuine(Signed::Assertion);
    let signed = whole_assertion(&xml);
    for both in [format!("{}{signed}", forged()), format!("{signed}{}", forged())] {
        assert_eq!(names(&xml.replace(signed, &both)), Ok(vec!["mallory".to_owned()]));
    }
    let xml = genuine(Signed::Both);
    let signed = whole_assertion(&xml);
    refused(&xml.replace(signed, &format!("{}{signed}", forged())), "signature_invalid");
}

#[test]
fn xsw_04_a_signed_assertion_inside_another_one_is_refused() {
    let xml = genuine(Signed::Assertion);
    let signed = whole_assertion(&xml);
    for place in ["<saml:Subject>", "</saml:Assertion>"] {
        refused(
            &xml.replace(signed, &forged().replace(place, &format!("{signed}{place}"))),
            "signature_scope",
        );
    }
    let advice = format!("<saml:Advice>{signed}</saml:Advice><saml:Subject>");
    refused(&xml.replace(signed, &forged().replace("<saml:Subject>", &advice)), "signature_scope");
}

#[test]
fn xsw_05_a_signature_in_a_forged_assertion_does_not_cover_the_original() {
    let xml = genuine(Signed::Assertion);
    let signed = whole_assertion(&xml);
    let signature = whole_signature(&xml);
    let original = signed.replace(signature, "");
    let evil = forged().replace("</saml:Issuer>", &format!("</saml:Issuer>{signature}"));
    refused(&xml.replace(signed, &format!("{evil}{original}")), "signature_scope");
    refused(&xml.replace(signed, &format!("{original}{evil}")), "signature_scope");
    // With the original's ID, once and twice.
    let twin = evil.replace("_forged", "_assertion");
    refused(&xml.replace(signed, &twin), "signature_invalid");
    refused(&xml.replace(signed, &format!("{twin}{original}")), "signature_scope");
    for name in ["Id", "id", "xml:id"] {
        let other = original.replace(r#" ID="_assertion""#, &format!(r#" {name}="_assertion""#));
        refused(&xml.replace(signed, &format!("{twin}{other}")), "signature_scope");
    }
}

#[test]
fn xsw_08_an_object_in_a_signature_is_refused() {
    let xml = genuine(Signed::Assertion);
    let signed = whole_assertion(&xml);
    let signature = whole_signature(&xml);
    let original = signed.replace(signature, "");
    let hiding = signature
        .replace("</ds:Signature>", &format!("<ds:Object>{original}</ds:Object></ds:Signature>"));
    let evil = forged().replace("</saml:Issuer>", &format!("</saml:Issuer>{hiding}"));
    refused(&xml.replace(signed, &evil), "ds_object_forbidden");
    let empty = signature.replace("</ds:Signature>", "<ds:Object/></ds:Signature>");
    refused(&xml.replace(signature, &empty), "ds_object_forbidden");
    let outside = "<ds:Object xmlns:ds='http://www.w3.org/2000/09/xmldsig#'/></samlp:Status>";
    refused(&xml.replace("</samlp:Status>", outside), "ds_object_forbidden");
    let in_key_info = signature.replace("</ds:KeyInfo>", &format!("{original}</ds:KeyInfo>"));
    refused(&xml.replace(signature, &in_key_info), "signature_scope");
}

#[test]
fn xsw_23_names_are_judged_by_namespace() {
    let xml = genuine(Signed::Assertion);
    let id = r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion""#;
    // The same prefix for another namespace around, and another prefix for the same one.
    let rebound = xml.replacen("<samlp:Response ", "<samlp:Response xmlns:ds='urn:x' ", 1);
    assert!(names(&rebound).is_ok());
    let renamed = xml.replace("ds:", "d:").replace(":ds=", ":d=");
    refused(&renamed, "signature_invalid");
    let inside = xml.replace(id, r#"<saml:Assertion xmlns="http://www.w3.org/2000/09/xmldsig#" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion""#);
    assert!(names(&inside).is_ok(), "a namespace that is declared and not used");
    let of_ds = xml.replace(id, r#"<ds:Assertion xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion""#).replace("</saml:Assertion>", "</ds:Assertion>");
    refused(&of_ds, "signature_structure");
    for other in ["urn:oasis:names:tc:SAML:1.0:assertion", "urn:oasis:names:tc:SAML:2.0:Assertion"]
    {
        refused(&xml.replace("urn:oasis:names:tc:SAML:2.0:assertion", other), "signature_scope");
    }
    let outer =
        xml.replace("urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:1.0:protocol");
    refused(&outer, "signature_scope");
}

#[test]
fn xsw_28_a_signature_stands_where_the_schema_puts_it_and_every_one_must_hold() {
    for signed in [Signed::Assertion, Signed::Response] {
        let xml = genuine(signed);
        let signature = whole_signature(&xml).to_owned();
        let without = xml.replace(&signature, "");
        let outer =
            if signed == Signed::Assertion { "</saml:Assertion>" } else { "</samlp:Response>" };
        refused(&without.replace(outer, &format!("{signature}{outer}")), "signature_structure");
        refused(
            &without.replace("</samlp:Status>", &format!("{signature}</samlp:Status>")),
            "signature_structure",
        );
        refused(
            &without.replace("<saml:NameID>", &format!("{signature}<saml:NameID>")),
            "signature_structure",
        );
        refused(
            &without.replace(
                "<saml:AttributeStatement>",
                &format!("<saml:x>{signature}</saml:x><saml:AttributeStatement>"),
            ),
            "signature_structure",
        );
        refused(&xml.replace(&signature, &signature.repeat(2)), "signature_structure");
    }
    let first = genuine(Signed::Assertion);
    let signature = whole_signature(&first);
    let assertion = whole_assertion(&first);
    let moved = assertion.replace(signature, "").replacen(
        "<saml:Issuer>",
        &format!("{signature}<saml:Issuer>"),
        1,
    );
    refused(&first.replace(assertion, &moved), "signature_structure");

    // A valid signature of the assertion does not make up for an invalid one of the Response.
    let both = genuine(Signed::Both);
    refused(&both.replacen("2026-11-22T21:00:00Z", "2027-11-22T21:00:00Z", 1), "signature_invalid");
}

#[test]
fn key_descriptions_may_stand_where_the_schemas_have_them() {
    let key_info =
        || Markup::new(ns::DS, "KeyInfo").child(Markup::new(ns::DS, "KeyName").text("k"));
    let digest = || Markup::new(ns::DS, "DigestMethod").attr("Algorithm", "x");
    let method = |ns| Markup::new(ns, "EncryptionMethod").child(digest());
    let encrypted_key =
        Markup::new(ns::XENC, "EncryptedKey").child(method(ns::XENC)).child(key_info());
    let data = Markup::new(ns::XENC, "EncryptedData")
        .child(Markup::new(ns::DS, "KeyInfo").child(encrypted_key));
    let descriptor = Markup::new(ns::MD, "KeyDescriptor").child(key_info()).child(method(ns::MD));
    let confirmation = Markup::new(ns::SAML, "SubjectConfirmationData").child(key_info());
    for markup in [data, descriptor, confirmation] {
        let xml = markup.to_canonical();
        let document = Document::parse(&xml, Limits::MESSAGE).unwrap();
        assert!(gate(&document).unwrap().is_empty());
    }
    let stray = Markup::new(ns::SAML, "Attribute").child(key_info()).to_canonical();
    let document = Document::parse(&stray, Limits::MESSAGE).unwrap();
    assert_eq!(gate(&document).unwrap_err().slug(), "signature_structure");
}

#[test]
fn metadata_is_signed_first_of_all_and_a_message_in_soap_as_if_it_stood_alone() {
    let entity = Markup::new(ns::MD, "EntityDescriptor")
        .attr("ID", "_e")
        .child(Markup::new(ns::MD, "IDPSSODescriptor"));
    let group = Markup::new(ns::MD, "EntitiesDescriptor")
        .attr("ID", "_g")
        .child(sign(entity.clone(), &signing(RSA), RSA, Place::First).unwrap());
    let logout = Markup::new(ns::SAMLP, "LogoutRequest")
        .attr("ID", "_l")
        .child(Markup::new(ns::SAML, "Issuer").text("https://idp.example/"));
    let logout = sign(logout, &signing(RSA), RSA, Place::AfterIssuer).unwrap();
    let body = Markup::new(ns::SOAP, "Body").child(logout.clone());
    for (signed, count) in [
        (sign(entity.clone(), &signing(RSA), RSA, Place::First).unwrap(), 1),
        (sign(group, &signing(RSA), RSA, Place::First).unwrap(), 2),
        (logout.clone(), 1),
        (Markup::new(ns::SOAP, "Envelope").child(body.clone()), 1),
        (
            sign(
                Markup::new(ns::SAMLP, "AuthnRequest").attr("ID", "_a"),
                &signing(RSA),
                RSA,
                Place::AfterIssuer,
            )
            .unwrap(),
            1,
        ),
        (sign(assertion("_a", "alice"), &signing(RSA), RSA, Place::AfterIssuer).unwrap(), 1),
    ] {
        let xml = signed.to_canonical();
        let document = Document::parse(&xml, Limits::METADATA).unwrap();
        let signatures = gate(&document).unwrap();
        assert_eq!(signatures.elements().count(), count);
        assert_eq!(signatures.verify_all(&[verifying(RSA)]), Ok(()));
    }
    let last = Markup::new(ns::MD, "EntityDescriptor")
        .attr("ID", "_e")
        .child(Markup::new(ns::SAML, "Issuer"));
    for (refused, slug) in [
        (sign(last, &signing(RSA), RSA, Place::AfterIssuer).unwrap(), "signature_structure"),
        (Markup::new(ns::SOAP, "Envelope").child(logout), "signature_scope"),
        (
            Markup::new(ns::SOAP, "Envelope")
                .child(Markup::new(ns::SOAP, "Header").child(body.clone()))
                .child(body),
            "signature_scope",
        ),
        (
            sign(
                Markup::new(ns::SAML, "EncryptedAssertion").attr("ID", "_a"),
                &signing(RSA),
                RSA,
                Place::First,
            )
            .unwrap(),
            "signature_scope",
        ),
    ] {
        let xml = refused.to_canonical();
        let document = Document::parse(&xml, Limits::METADATA).unwrap();
        assert_eq!(gate(&document).unwrap_err().slug(), slug, "{}", String::from_utf8_lossy(&xml));
    }
}
