//! Entries that speak SAML: applied, refused, planned, served.

use std::fs;

use expect_test::{Expect, expect};
use idp_domain::{AttributeName, subject::SubjectKind};
use idp_saml::{dsig::KeyKind, xml::write_base64};
use serde_json::{Value, json};

use super::{
    agency::{Agency, NOW as THEN},
    apply, apply_with, changed, context, context_in, exported, mirror, refused, stored, told,
};
use crate::federation::export::Format;

const IDP: &str = "https://idp.una.example/metadata";
const SP: &str = "https://sp.una.example/metadata";

/// What a service provider publishes: its name, a key of its own, where answers go.
pub(super) fn service(entity_id: &str, acs: &str, more: &str) -> String {
    let pkcs8 = KeyKind::P256.generate().unwrap();
    let certificate =
        idp_saml::dsig::self_signed(pkcs8.expose(), "sp.example", THEN, 1, [3; 16]).unwrap();
    let certificate = write_base64(&certificate);
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         entityID=\"{entity_id}\">\
         <md:SPSSODescriptor {more} \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         <md:KeyDescriptor use=\"signing\">\
         <ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\
         <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
         </md:KeyDescriptor>\
         <md:AssertionConsumerService index=\"0\" Location=\"{acs}\" \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\"/>\
         </md:SPSSODescriptor></md:EntityDescriptor>"
    )
}

/// An agency, its identity provider, a service provider.
pub(super) fn federation(agency: &Agency) -> Value {
    json!({
        "agencies": [{
            "id": "una", "names": {"en": "Agency A"},
            "domains": ["una.example"], "scopes": ["una.example"],
        }],
        "sources": [{
            "id": "staff", "agency": "una", "kind": "saml",
            "trusted_acr": ["https://refeds.org/profile/mfa"],
            "connection": {"metadata": {"xml": agency.metadata()}},
        }],
        "relying_parties": [{
            "id": "wiki", "agency": "una", "kind": "saml", "names": {"en": "Wiki"},
            "attributes": ["mail", "displayName"],
            "connection": {
                "metadata": {"xml": service(SP, "https://sp.una.example/acs", "")},
            },
        }],
    })
}

fn file() -> Value {
    federation(&Agency::new(IDP))
}

/// The federation with something else at a place.
fn with(place: &str, value: Value) -> Value {
    changed(file(), place, value)
}

async fn check(file: &Value, expected: &Expect) {
    let context = context().await;
    expected.assert_eq(&refused(&context, file).await);
    assert!(stored(&context).await.docs.is_empty(), "nothing is written");
}

#[tokio::test]
async fn entries_of_saml_are_applied_served_and_exported() {
    let context = context().await;
    let file = file();
    let plan = apply(&context, &file).await.unwrap();
    expect![[r"
        Create agencies/una: 
        Create sources/staff: people can sign in through staff
        Create relying_parties/wiki: wiki can ask for logins"]]
    .assert_eq(&told(&plan));
    assert!(apply_with(&context, &file, true).await.unwrap().is_empty(), "a second time");
    let text = exported(&context, Format::Yaml).await;
    let again = crate::federation::read::parse(&text, "f.yaml".as_ref()).unwrap();
    assert!(context.apply(again, true).await.unwrap().is_empty(), "{text}");

    let mut mirror = mirror(&context);
    mirror.take(stored(&context).await);
    let built = mirror.news().unwrap();
    assert_eq!(built.catalog.counts(), (1, 1, 1));
    assert_eq!(built.entities[IDP].as_str(), "staff");
    let wiki = "wiki".parse().unwrap();
    assert_eq!(built.service_providers.of(&wiki).unwrap().entity_id, SP);
    assert!(built.service_providers.called(SP).is_some());
    let party = built.catalog.relying_party(&wiki).unwrap();
    let names: Vec<_> = party.releasable.iter().map(AttributeName::as_str).collect();
    assert_eq!(names, ["displayName", "mail"]);
    assert_eq!(party.subject, SubjectKind::Pairwise);
    assert_eq!(party.sector, format!("entity:{SP}"), "nobody else is told the same name");
}

#[tokio::test]
async fn a_file_with_metadata_is_read_when_it_is_applied() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("una.xml"), Agency::new(IDP).metadata()).unwrap();
    let context = context_in(folder.path()).await;
    let file = with("/sources/0/connection/metadata", json!({"file": "una.xml"}));
    apply(&context, &file).await.unwrap();
    assert!(apply(&context, &file).await.unwrap().is_empty());
    fs::write(folder.path().join("una.xml"), "no metadata").unwrap();
    let said = refused(&context, &file).await;
    assert!(said.contains("connection.metadata: the document cannot be read"), "{said}");
    fs::remove_file(folder.path().join("una.xml")).unwrap();
    let said = refused(&context, &file).await;
    assert!(said.contains("sources/staff: connection.metadata.file: "), "{said}");
}

#[tokio::test]
async fn what_can_never_work_is_refused_with_its_key_and_a_hint() {
    let file = file();
    let idp = file["sources"][0]["connection"]["metadata"].clone();
    let sp = file["relying_parties"][0]["connection"]["metadata"].clone();
    let ended = Agency::new(IDP).metadata_with("validUntil=\"2026-01-01T00:00:00Z\"", "");
    let plain = service(SP, "http://sp.una.example/acs", "");
    let mut told = String::new();
    for (place, connection) in [
        ("sources", json!({})),
        ("sources", json!({"metadata": "https://idp.una.example/metadata"})),
        ("sources", json!({"metadata": {"ulr": "https://idp.una.example/metadata"}})),
        ("sources", json!({"metadata": {"xml": ended}})),
        ("sources", json!({"metadata": sp})),
        ("sources", json!({"metadata": idp, "subjectfrom": ["subject-id"], "sign_requests": 1})),
        ("sources", json!({"metadata": idp, "preset": "entra"})),
        ("sources", json!({"metadata": idp, "preset": "novell"})),
        ("sources", json!({"metadata": idp, "subject_from": ["transient"]})),
        ("sources", json!({"metadata": idp, "client_secret": "x"})),
        ("relying_parties", json!({"metadata": idp})),
        ("relying_parties", json!({"metadata": sp, "nameid": "email"})),
        ("relying_parties", json!({"metadata": {"xml": plain}})),
        ("relying_parties", json!({"metadata": sp, "session_lifetime": 1})),
    ] {
        let file = changed(file.clone(), &format!("/{place}/0/connection"), connection);
        told += &refused(&context().await, &file).await;
        told += "\n";
    }
    expect![[r"
        sources/staff: connection.metadata: it is missing
        sources/staff: connection.metadata: write { url: … }, { xml: … } or { file: … }
        sources/staff: connection.metadata: unknown key `ulr`; did you mean `url`?
        sources/staff: connection.metadata: it was valid until 2026-01-01T00:00:00Z; ask for newer metadata
        sources/staff: connection.metadata: the metadata describes no identity provider (IDPSSODescriptor)
        sources/staff: connection.sign_requests: invalid type: integer `1`, expected a boolean
        sources/staff: connection: unknown key `subjectfrom`; did you mean `subject_from`?
        sources/staff: connection.preset: there is no such preset; did you mean `entra-id`?
        sources/staff: connection.preset: there is no such preset; there is ad-fs, entra-id, google, keycloak, okta, shibboleth, simplesamlphp
        sources/staff: connection.subject_from: unknown variant `transient`, expected one of `subject-id`, `pairwise-id`, `persistent-name-id`, `email-name-id`, `unspecified-name-id`, `attribute`
        sources/staff: connection: unknown field `client_secret`, expected one of `metadata`, `request_binding`, `sign_requests`, `name_id_format`, `name_requester`, `request_acr`, `acr`, `context_attribute`, `required_authn_context`, `attributes`, `danger_absent_destination`, `subject_from`, `idp_initiated`, `require_encryption`, `encryption`, `clock_skew_seconds`
        relying_parties/wiki: connection.metadata: the metadata describes no service provider (sp.no_role). Register metadata with an SPSSODescriptor.
        relying_parties/wiki: connection: unknown key `nameid`; did you mean `name_id`?
        relying_parties/wiki: connection.metadata: no AssertionConsumerService takes answers by HTTP-POST (sp.no_acs). Register metadata with one at an https address.
        relying_parties/wiki: connection.session_lifetime: 1 is not within 300 to 86400 (sp.session_lifetime). Choose a lifetime within the bounds.
    "]].assert_eq(&told);
}

#[tokio::test]
async fn idp_16_a_name_that_could_be_taken_for_another_is_refused_in_the_whole_federation() {
    let party = |id: &str, entity_id: &str| {
        json!({
            "id": id, "agency": "una", "kind": "saml", "names": {"en": id},
            "connection": {"metadata": {
                "xml": service(entity_id, "https://sp.una.example/acs", ""),
            }},
        })
    };
    for likeness in [SP, "https://sp.una.example/metadata/", "HTTPS://sp.una.example/Metadata"] {
        let mut file = file();
        file["relying_parties"].as_array_mut().unwrap().push(party("copy", likeness));
        let said = refused(&context().await, &file).await;
        let expected = format!(
            "relying_parties/copy: connection.metadata: the entity id `{likeness}` is that of \
             relying_parties/wiki, or looks like it"
        );
        assert_eq!(said, expected);
    }
    // Also where the other is there already, and where the name is only told.
    let context = context().await;
    apply(&context, &file()).await.unwrap();
    let url = json!({"url": "https://x.example/metadata", "entity_id": format!("{SP}/")});
    let mut copy = party("copy", SP);
    copy["connection"]["metadata"] = url;
    let part = json!({"relying_parties": [copy]});
    let said = refused(&context, &part).await;
    assert!(said.contains("looks like it"), "{said}");
    // And nobody is called like us.
    let ours = json!({"relying_parties": [party("us", "https://sso.example/saml/metadata/")]});
    let said = refused(&context, &ours).await;
    assert!(said.contains("is that of the broker itself, or looks like it"), "{said}");
}

#[tokio::test]
async fn two_sources_of_one_identity_provider_are_refused() {
    let mut file = file();
    let mut other = file["sources"][0].clone();
    other["id"] = json!("guests");
    file["sources"].as_array_mut().unwrap().push(other);
    check(&file, &expect!["sources/guests: connection.metadata: the entity id `https://idp.una.example/metadata` is that of sources/staff, or looks like it"]).await;
}

/// What changes when `file` follows upon `before`, without what keys are called.
async fn planned(before: &Value, file: &Value) -> String {
    let context = context().await;
    apply(&context, before).await.unwrap();
    let said = told(&apply(&context, file).await.unwrap());
    let mut said: Vec<_> = said.split(' ').map(str::to_owned).collect();
    for word in &mut said {
        let name = word.trim_end_matches([',', ';', '\n']);
        if name.len() == 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            *word = word.replace(&name.to_owned(), "…");
        }
    }
    said.join(" ")
}

#[tokio::test]
async fn a_plan_says_what_other_metadata_means() {
    let before = file();
    let key = federation(&Agency::new(IDP))["sources"][0].clone();
    let key = changed(before.clone(), "/sources/0", key);
    let name = Agency::new("https://login.una.example/metadata").metadata();
    let name = changed(before.clone(), "/sources/0/connection/metadata/xml", json!(name));
    let url = json!({"url": "https://idp.una.example/metadata"});
    let url = changed(before.clone(), "/sources/0/connection/metadata", url);
    let subject =
        changed(before.clone(), "/sources/0/connection/subject_from", json!(["pairwise-id"]));
    let acs = json!(service(SP, "https://sp.una.example/other", "AuthnRequestsSigned=\"true\""));
    let acs = changed(before.clone(), "/relying_parties/0/connection/metadata/xml", acs);
    let mut all = String::new();
    for file in [key, name, url, subject, acs] {
        all += &planned(&before, &file).await;
        all += "\n";
    }
    expect![[r#"
        Update(["connection.metadata"]) sources/staff: new: encryption key …, signing key …; gone: encryption key …, signing key …
        Update(["connection.metadata"]) sources/staff: people get new accounts: a link holds for one issuer only; new: encryption key …, entity https://login.una.example/metadata, signing key …; gone: encryption key …, entity https://idp.una.example/metadata, signing key …
        Update(["connection.metadata"]) sources/staff: what it says of itself is fetched from another address
        Update(["connection.subject_from"]) sources/staff: people may become strangers: their lasting name may be looked for elsewhere
        Update(["connection.metadata"]) relying_parties/wiki: new: answers https://sp.una.example/other, signing key …; gone: answers https://sp.una.example/acs, signing key …
    "#]].assert_eq(&all);
}

#[tokio::test]
async fn a_plan_notes_what_is_doubtful() {
    let metadata = service(SP, "https://sp.una.example/acs", "");
    let requested = metadata.replace(
        "</md:SPSSODescriptor>",
        "<md:AttributeConsumingService index=\"0\">\
         <md:ServiceName xml:lang=\"en\">Wiki</md:ServiceName>\
         <md:RequestedAttribute Name=\"urn:oasis:names:tc:SAML:attribute:subject-id\"/>\
         </md:AttributeConsumingService></md:SPSSODescriptor>",
    );
    let file = with("/relying_parties/0/connection/metadata/xml", json!(requested));
    let plan = apply(&context().await, &file).await.unwrap();
    let said = told(&plan);
    assert!(said.contains("note: the metadata asks for subject-id"), "{said}");
}

#[tokio::test]
async fn a_preset_fills_in_what_is_not_written_and_stays_a_word() {
    let context = context().await;
    let file = with("/sources/0/connection/preset", json!("entra-id"));
    apply(&context, &file).await.unwrap();
    let text = exported(&context, Format::Json).await;
    assert!(text.contains("entra-id") && !text.contains("objectidentifier"), "{text}");
}
