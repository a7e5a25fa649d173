//! The schema's own word on what we write, where its files and the tool that reads them are.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the schema is a file, and the tool that reads it is a process"
)]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::super::super::testing::full;
use super::super::super::{AttributeConsumer, Entity};
use super::written;

const SAML: &str = "/usr/share/xml/opensaml";
const XML: &str = "/usr/share/xml/xmltooling";

/// All schemas that metadata is validated against, imported into one.
fn driver() -> String {
    // What others import comes first, so that no schema is looked for on the network.
    let files = [
        ("http://www.w3.org/XML/1998/namespace", XML, "xml.xsd"),
        ("http://www.w3.org/2000/09/xmldsig#", XML, "xmldsig-core-schema.xsd"),
        ("http://www.w3.org/2001/04/xmlenc#", XML, "xenc-schema.xsd"),
        ("http://www.w3.org/2009/xmlenc11#", XML, "xenc11-schema.xsd"),
        ("urn:oasis:names:tc:SAML:2.0:assertion", SAML, "saml-schema-assertion-2.0.xsd"),
        ("urn:oasis:names:tc:SAML:2.0:metadata", SAML, "saml-schema-metadata-2.0.xsd"),
        ("urn:oasis:names:tc:SAML:metadata:ui", SAML, "sstc-saml-metadata-ui-v1.0.xsd"),
        ("urn:oasis:names:tc:SAML:metadata:attribute", SAML, "sstc-metadata-attr.xsd"),
        ("urn:oasis:names:tc:SAML:metadata:rpi", SAML, "saml-metadata-rpi-v1.0.xsd"),
        (
            "urn:oasis:names:tc:SAML:metadata:algsupport",
            SAML,
            "sstc-saml-metadata-algsupport-v1.0.xsd",
        ),
        (
            "urn:oasis:names:tc:SAML:profiles:SSO:idp-discovery-protocol",
            SAML,
            "sstc-saml-idp-discovery.xsd",
        ),
    ];
    let mut text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">"#.to_owned();
    for (namespace, folder, file) in files {
        let import = format!(
            r#"<xs:import namespace="{namespace}" schemaLocation="file://{folder}/{file}"/>"#
        );
        text.push_str(&import);
    }
    text + "</xs:schema>"
}

/// What the tool says of the document; none if the tool or its files are not here.
fn validate(xml: &[u8]) -> Option<String> {
    if ![SAML, XML].iter().all(|folder| Path::new(folder).is_dir()) {
        return None;
    }
    let schema = std::env::temp_dir().join(format!("saml-metadata-{}.xsd", std::process::id()));
    std::fs::write(&schema, driver()).unwrap();
    let mut child = Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema"])
        .arg(&schema)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take().unwrap().write_all(xml).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(if output.status.success() { String::new() } else { said })
}

#[test]
fn what_is_written_is_valid_to_the_schema() {
    let strip = |entity: &mut Entity| {
        let role = entity.sp.as_mut().unwrap();
        role.attribute_services.push(AttributeConsumer::default());
        entity.idp = None;
        entity.contacts.clear();
        entity.attributes.clear();
        entity.registration_authority = None;
        entity.organization.as_mut().unwrap().names = super::super::Texts::default();
    };
    let mut sparse = full();
    strip(&mut sparse);
    for entity in [full(), sparse] {
        match validate(&written(&entity)) {
            Some(said) => assert_eq!(said, ""),
            None => println!("skipped: the tool or the schemas are not on this machine"),
        }
    }
    // A validator that finds nothing wrong with anything would prove nothing.
    let text = String::from_utf8(written(&full())).unwrap();
    let broken = text.replace("<md:Extensions>", "<md:Extensions></md:Extensions><md:Extensions>");
    assert_ne!(validate(broken.as_bytes()), Some(String::new()));
}
