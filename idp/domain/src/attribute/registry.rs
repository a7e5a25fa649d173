//! The registry: one canonical name an attribute, and its name on each wire.

use super::AttributeName;

/// One attribute, and what it is called.
#[derive(Debug)]
pub struct AttributeDef {
    /// Its canonical name.
    pub name: AttributeName,
    /// Its SAML attribute name (URI name format).
    pub uri: &'static str,
    /// Its OpenID Connect claim.
    pub claim: &'static str,
    /// The scope that asks for it.
    pub scope: &'static str,
    /// Whether a person has at most one value of it.
    pub single: bool,
    /// Whether values end in `@` and a scope that the agency must own.
    pub scoped: bool,
}

const fn def(
    name: &'static str,
    uri: &'static str,
    claim: &'static str,
    scope: &'static str,
    single: bool,
    scoped: bool,
) -> AttributeDef {
    AttributeDef { name: AttributeName::fixed(name), uri, claim, scope, single, scoped }
}

/// All attributes that the house knows.
///
/// Sources: eduPerson (202208), inetOrgPerson (RFC 2798), SCHAC 1.6, the OASIS SAML subject
/// identifier profile 1.0, OpenID Connect Core §5.1, the `OIDCre` white paper of REFEDS.
#[rustfmt::skip]
pub static REGISTRY: [AttributeDef; 14] = [
    def("subject-id", "urn:oasis:names:tc:SAML:attribute:subject-id", "subject_id", "federation", true, true),
    def("pairwise-id", "urn:oasis:names:tc:SAML:attribute:pairwise-id", "pairwise_id", "federation", true, true),
    def("eduPersonPrincipalName", "urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "eduperson_principal_name", "federation", true, true),
    def("mail", "urn:oid:0.9.2342.19200300.100.1.3", "email", "email", true, false),
    def("displayName", "urn:oid:2.16.840.1.113730.3.1.241", "name", "profile", true, false),
    def("givenName", "urn:oid:2.5.4.42", "given_name", "profile", true, false),
    def("sn", "urn:oid:2.5.4.4", "family_name", "profile", true, false),
    def("preferredLanguage", "urn:oid:2.16.840.1.113730.3.1.39", "locale", "profile", true, false),
    def("eduPersonScopedAffiliation", "urn:oid:1.3.6.1.4.1.5923.1.1.1.9", "eduperson_scoped_affiliation", "federation", false, true),
    def("eduPersonAssurance", "urn:oid:1.3.6.1.4.1.5923.1.1.1.11", "eduperson_assurance", "federation", false, false),
    def("eduPersonEntitlement", "urn:oid:1.3.6.1.4.1.5923.1.1.1.7", "eduperson_entitlement", "federation", false, false),
    def("isMemberOf", "urn:oid:1.3.6.1.4.1.5923.1.5.1.1", "groups", "groups", false, false),
    def("schacHomeOrganization", "urn:oid:1.3.6.1.4.1.25178.1.2.9", "schac_home_organization", "agency", true, false),
    def("agency", "urn:laissez-passer:attribute:agency", "agency", "agency", true, false),
];

/// The attribute of a canonical name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static AttributeDef> {
    REGISTRY.iter().find(|def| def.name.as_str() == name)
}

/// The attribute of an OpenID Connect claim.
#[must_use]
pub fn by_claim(claim: &str) -> Option<&'static AttributeDef> {
    REGISTRY.iter().find(|def| def.claim == claim)
}

/// The attribute of a SAML attribute name.
#[must_use]
pub fn by_uri(uri: &str) -> Option<&'static AttributeDef> {
    REGISTRY.iter().find(|def| def.uri == uri)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::REGISTRY;

    #[test]
    fn no_name_stands_for_two_attributes() {
        let names: BTreeSet<_> = REGISTRY.iter().map(|def| def.name.as_str()).collect();
        let uris: BTreeSet<_> = REGISTRY.iter().map(|def| def.uri).collect();
        let claims: BTreeSet<_> = REGISTRY.iter().map(|def| def.claim).collect();
        assert_eq!([names.len(), uris.len(), claims.len()], [REGISTRY.len(); 3]);
    }
}
