//! The namespaces that this crate reads and writes, and the prefix that it writes each with.

/// SAML protocol messages (SAML Core 1.2).
pub const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// SAML assertions (SAML Core 1.2).
pub const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// XML Signature.
pub const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
/// XML Encryption 1.0.
pub const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
/// XML Encryption 1.1.
pub const XENC11: &str = "http://www.w3.org/2009/xmlenc11#";
/// The parameters of exclusive canonicalization.
pub const EC: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// SAML metadata.
pub const MD: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// Metadata for login and discovery pages.
pub const MDUI: &str = "urn:oasis:names:tc:SAML:metadata:ui";
/// Entity attributes.
pub const MDATTR: &str = "urn:oasis:names:tc:SAML:metadata:attribute";
/// Registration and publication of metadata.
pub const MDRPI: &str = "urn:oasis:names:tc:SAML:metadata:rpi";
/// Shibboleth's scopes.
pub const SHIBMD: &str = "urn:mace:shibboleth:metadata:1.0";
/// Algorithm support in metadata.
pub const ALG: &str = "urn:oasis:names:tc:SAML:metadata:algsupport";
/// Attributes that one request asks for.
pub const REQ_ATTR: &str = "urn:oasis:names:tc:SAML:protocol:ext:req-attr";
/// Logouts that nobody waits for.
pub const ASLO: &str = "urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo";
/// SOAP 1.1 envelopes.
pub const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// Where a service provider lets a login be begun.
pub const INIT: &str = "urn:oasis:names:tc:SAML:profiles:SSO:request-init";
/// Where a discovery service returns to.
pub const IDPDISC: &str = "urn:oasis:names:tc:SAML:profiles:SSO:idp-discovery-protocol";
/// The kinds of contact that REFEDS adds.
pub const REMD: &str = "http://refeds.org/metadata";
/// XML Schema.
pub const XS: &str = "http://www.w3.org/2001/XMLSchema";
/// XML Schema in instances.
pub const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// `xml:lang` and its like; bound without being declared.
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// What we write each namespace with. Any other gets a prefix of its own where it stands.
const PREFIXES: [(&str, &str); 21] = [
    (SAMLP, "samlp"),
    (SAML, "saml"),
    (DS, "ds"),
    (XENC, "xenc"),
    (XENC11, "xenc11"),
    (EC, "ec"),
    (MD, "md"),
    (MDUI, "mdui"),
    (MDATTR, "mdattr"),
    (MDRPI, "mdrpi"),
    (SHIBMD, "shibmd"),
    (ALG, "alg"),
    (REQ_ATTR, "req-attr"),
    (ASLO, "aslo"),
    (SOAP, "soap"),
    (INIT, "init"),
    (IDPDISC, "idpdisc"),
    (REMD, "remd"),
    (XS, "xs"),
    (XSI, "xsi"),
    (XML, "xml"),
];

/// The prefix of a namespace that we know.
pub(super) fn prefix(namespace: &str) -> Option<&'static str> {
    PREFIXES.iter().find(|(uri, _)| *uri == namespace).map(|(_, prefix)| *prefix)
}
