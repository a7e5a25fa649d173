//! Requests of ours, as they go out.

use expect_test::{Expect, expect};

use super::{Wanted, authn_request};
use crate::dsig::testing::{signing, verifying};
use crate::dsig::{Place, SignatureAlg, sign, verify};
use crate::schema::{AuthnRequest, Opener, RequestedAttribute, format};
use crate::sp::testing::{ACS, NOW, REQUEST, SP};
use crate::xml::{Document, Limits, Markup};

const NOTHING_IN_PARTICULAR: Wanted<'static> = Wanted {
    id: REQUEST,
    now: NOW,
    our_entity_id: SP,
    destination: "https://idp.una.example/saml/sso",
    acs: ACS,
    contexts: &[],
    force: false,
    passive: false,
    name_format: None,
    requester: None,
    proxy_count: None,
    attribute_set: None,
    attributes: &[],
};

fn check(request: &Markup, expected: &Expect) {
    let xml = String::from_utf8(request.to_canonical()).unwrap();
    expected.assert_eq(&xml.replace("><", ">\n<"));
}

#[test]
fn a_plain_request_says_who_asks_and_where_to_answer() {
    check(
        &authn_request(&NOTHING_IN_PARTICULAR),
        &expect![[r#"
        <samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" AssertionConsumerServiceURL="https://broker.example/sources/una/acs" Destination="https://idp.una.example/saml/sso" ID="_0123456789abcdef" IssueInstant="2027-12-28T13:20:00Z" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Version="2.0">
        <saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://broker.example/saml/sp/metadata</saml:Issuer>
        <samlp:NameIDPolicy AllowCreate="true">
        </samlp:NameIDPolicy>
        </samlp:AuthnRequest>"#]],
    );
}

#[test]
fn a_request_says_all_that_is_wanted() {
    let mfa = ["https://refeds.org/profile/mfa".to_owned()];
    let mail = [RequestedAttribute {
        name: "urn:oid:0.9.2342.19200300.100.1.3".to_owned(),
        name_format: None,
        friendly_name: None,
        required: true,
        values: Vec::new(),
    }];
    let wanted = Wanted {
        contexts: &mfa,
        force: true,
        passive: true,
        name_format: Some(format::PERSISTENT),
        requester: Some("https://sp1.example/?a=1&b=<2>"),
        proxy_count: Some(0),
        attribute_set: Some(2),
        attributes: &mail,
        ..NOTHING_IN_PARTICULAR
    };
    check(
        &authn_request(&wanted),
        &expect![[r#"
        <samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" AssertionConsumerServiceURL="https://broker.example/sources/una/acs" AttributeConsumingServiceIndex="2" Destination="https://idp.una.example/saml/sso" ForceAuthn="true" ID="_0123456789abcdef" IsPassive="true" IssueInstant="2027-12-28T13:20:00Z" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Version="2.0">
        <saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://broker.example/saml/sp/metadata</saml:Issuer>
        <samlp:Extensions>
        <req-attr:RequestedAttributes xmlns:req-attr="urn:oasis:names:tc:SAML:protocol:ext:req-attr">
        <md:RequestedAttribute xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" Name="urn:oid:0.9.2342.19200300.100.1.3" isRequired="true">
        </md:RequestedAttribute>
        </req-attr:RequestedAttributes>
        </samlp:Extensions>
        <samlp:NameIDPolicy AllowCreate="true" Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">
        </samlp:NameIDPolicy>
        <samlp:RequestedAuthnContext Comparison="exact">
        <saml:AuthnContextClassRef xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://refeds.org/profile/mfa</saml:AuthnContextClassRef>
        </samlp:RequestedAuthnContext>
        <samlp:Scoping ProxyCount="0">
        <samlp:RequesterID>https://sp1.example/?a=1&amp;b=&lt;2&gt;</samlp:RequesterID>
        </samlp:Scoping>
        </samlp:AuthnRequest>"#]],
    );
}

#[test]
fn a_signed_request_is_verified_and_read_as_what_was_wanted() {
    let alg = SignatureAlg::RsaSha256;
    let request = authn_request(&Wanted { force: true, ..NOTHING_IN_PARTICULAR });
    let signed = sign(request, &signing(alg), alg, Place::AfterIssuer).unwrap().to_canonical();
    let document = Document::parse(&signed, Limits::MESSAGE).unwrap();
    let verified = verify(&document, document.root(), &[verifying(alg)]).unwrap();
    let read = AuthnRequest::read(*verified, &Opener::CLOSED).unwrap();
    assert!(read.force_authn && !read.is_passive);
    assert_eq!(read.acs_url.as_deref(), Some(ACS));
    assert_eq!(read.issuer.unwrap().0, SP);
}
