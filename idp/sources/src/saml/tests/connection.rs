//! Connections as operators write them.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use expect_test::expect;
use idp_saml::quirks::{Preset, fill};

use super::*;

fn pem(der: &[u8]) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(der))
}

#[test]
fn a_connection_that_can_never_work_is_refused_with_a_reason() {
    let agency = Agency::new(IDP);
    let metadata = agency.metadata();
    let wants = agency.metadata_with("", "WantAuthnRequestsSigned=\"true\"");
    let service = metadata.replace("IDPSSODescriptor", "SPSSODescriptor");
    let keyless = metadata.replace("<md:KeyDescriptor>", "<md:KeyDescriptor use=\"encryption\">");
    let soap = metadata.replace("bindings:HTTP-Redirect", "bindings:SOAP");
    let own = |entity_id: &str| json!({"xml": Agency::new(entity_id).metadata()});
    let stranger = Agency::new("https://federation.example");
    let mut told = String::new();
    for change in [
        json!({"metadata": null}),
        json!({"metadata": {"xml": metadata, "url": "https://idp.una.example/"}}),
        json!({"metadata": {"file": "una.xml"}}),
        json!({"metadata": {"url": "http://idp.una.example/"}}),
        json!({"metadata": {"url": "https://user@idp.una.example/"}}),
        json!({"metadata": {"xml": "<md:EntityDescriptor"}}),
        json!({"metadata": {"xml": "<!DOCTYPE a><a/>"}}),
        json!({"metadata": {"xml": "<a/>"}}),
        json!({"metadata": {"xml": metadata, "entity_id": "https://other.example"}}),
        json!({"metadata": {"xml": metadata, "signing_certificates": ["no PEM"]}}),
        json!({"metadata": {
            "xml": metadata, "signing_certificates": [pem(stranger.key.certificate())],
        }}),
        json!({"metadata": {"xml": service}}),
        json!({"metadata": {"xml": keyless}}),
        json!({"metadata": {"xml": soap}, "request_binding": "redirect"}),
        json!({"metadata": {"xml": wants}, "sign_requests": false}),
        json!({"metadata": own("https://broker.example/saml/metadata")}),
        json!({"metadata": own("https://broker.example/saml/sp/metadata/")}),
        json!({"subject_from": []}),
        json!({"subject_from": [{"attribute": "a name"}]}),
        json!({"subject_from": ["persistent-name-id"], "name_id_format": "transient"}),
        json!({"attributes": {"shoeSize": "s"}}),
        json!({"attributes": {"mail": []}}),
        json!({"required_authn_context": [""]}),
        json!({"clock_skew_seconds": 301}),
        json!({"encryption": {"allow_cbc_until": "next year"}}),
    ] {
        let mut connection = connection(&agency, &json!({}));
        connection.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        if connection["metadata"].is_null() {
            connection["metadata"] = json!({});
        }
        match connector(connection) {
            Ok(_) => writeln!(told, "accepted: {change}").unwrap(),
            Err(error) => writeln!(told, "{error}").unwrap(),
        }
    }
    expect![[r#"
        metadata: write exactly one of `url`, `xml` and `file`
        metadata: write exactly one of `url`, `xml` and `file`
        metadata: the file must be read when the configuration is applied
        metadata: "http://idp.una.example/" is not an https URL without user name
        metadata: "https://user@idp.una.example/" is not an https URL without user name
        metadata: the document cannot be read: the document is not well-formed: no end
        metadata: the document cannot be read: the document declares a type
        metadata: the document is not SAML metadata
        metadata: the metadata does not hold the entity
        metadata: signing certificate 1: it is not PEM (`BEGIN CERTIFICATE`)
        metadata: the metadata is not signed
        metadata: the metadata describes no identity provider (IDPSSODescriptor)
        metadata: no key in the metadata verifies signatures: RSA of 2048 bits or more, P-256, P-384
        metadata: the metadata has no SingleSignOnService for HTTP-Redirect
        metadata: the metadata wants requests signed (WantAuthnRequestsSigned): remove `sign_requests`
        metadata: the metadata is about the broker itself, or about something that is called like it
        metadata: the metadata is about the broker itself, or about something that is called like it
        subject_from is empty, or has an empty text in it
        subject_from: the attribute name "a name" has blanks in it
        name_id_format is `transient`, and subject_from looks at names only: the person would be a stranger each time
        attributes: there is no attribute shoeSize
        attributes is empty, or has an empty text in it
        required_authn_context is empty, or has an empty text in it
        clock_skew_seconds is 301, more than 300
        encryption.allow_cbc_until is "next year"; write a day like 2027-06-30
    "#]].assert_eq(&told);
}

#[test]
fn metadata_that_is_signed_as_it_must_be_is_taken() {
    let signer = Agency::new("https://federation.example");
    let agency = Agency::new(IDP);
    let mut connection = connection(&agency, &json!({}));
    connection["metadata"]["signing_certificates"] = json!([pem(signer.key.certificate())]);
    let error = connector(connection).unwrap_err();
    assert!(error.to_string().contains("not signed"), "{error}");
}

#[test]
fn a_connection_knows_its_fields_and_leaves_the_rest_to_defaults() {
    let unknown = json!({"metadata": {"xml": ""}, "subject": "mail"});
    assert!(serde_json::from_value::<SamlConnection>(unknown).is_err());
    let agency = Agency::new(IDP);
    let read: SamlConnection = serde_json::from_value(connection(&agency, &json!({}))).unwrap();
    assert!(read.sign_requests && !read.idp_initiated && !read.require_encryption);
    assert_eq!(read.clock_skew_seconds, 180);
    assert_eq!(read.encryption, Exceptions::default());
}

#[tokio::test]
async fn an_exception_for_cbc_ends_with_its_day() {
    let scene = Scene::with(&json!({"encryption": {"allow_cbc_until": "2027-01-14"}}));
    let end = scene.connector.cbc_until.unwrap();
    // 2027-01-15T08:00:00Z is when all tests happen.
    assert_eq!(end, Timestamp::from_seconds(1_799_971_199));
}

#[test]
fn every_preset_makes_a_connection_that_works() {
    let agency = Agency::new(IDP);
    for preset in Preset::all() {
        let Value::Object(mut keys) = connection(&agency, &json!({})) else { unreachable!() };
        fill(&mut keys, &preset.source);
        let made = connector(Value::Object(keys));
        assert!(made.is_ok(), "{}: {:?}", preset.name, made.err());
    }
}
