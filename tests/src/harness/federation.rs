//! The federation file, built piece by piece.

use serde_json::{Value, json};

use super::jose::{self, SigningKey};

/// Agencies, sources and relying parties, as `idp apply` reads them.
#[derive(Debug, Clone, Default)]
pub struct Federation {
    agencies: Vec<Value>,
    sources: Vec<Value>,
    parties: Vec<Value>,
}

/// A person with a password at a local source.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// What they type.
    pub username: &'static str,
    /// What they type after it.
    pub password: &'static str,
    /// Their name.
    pub name: &'static str,
    /// Their mail address.
    pub mail: &'static str,
}

impl Federation {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// With an agency; `more` adds or replaces fields.
    #[must_use]
    pub fn agency(mut self, id: &str, name: &str, domain: &str, more: Value) -> Self {
        let agency = json!({
            "id": id, "names": {"en": name}, "domains": [domain], "scopes": [domain],
        });
        self.agencies.push(merged(agency, more));
        self
    }

    /// With an OpenID Provider as a source.
    #[must_use]
    pub fn oidc_source(
        mut self,
        id: &str,
        agency: &str,
        issuer: &str,
        (client_id, secret): (&str, &str),
        more: Value,
    ) -> Self {
        let source = json!({
            "id": id, "agency": agency, "kind": "oidc",
            "connection": {"issuer": issuer, "client_id": client_id, "client_secret": secret},
        });
        self.sources.push(merged(source, more));
        self
    }

    /// With a SAML identity provider as a source.
    #[must_use]
    pub fn saml_source(mut self, id: &str, agency: &str, metadata: &str, more: Value) -> Self {
        let source = json!({
            "id": id, "agency": agency, "kind": "saml",
            "connection": {"metadata": {"xml": metadata}},
        });
        self.sources.push(merged(source, more));
        self
    }

    /// With a SAML service provider as a relying party.
    #[must_use]
    pub fn saml_party(mut self, id: &str, agency: &str, metadata: &str, more: Value) -> Self {
        let party = json!({
            "id": id, "agency": agency, "kind": "saml", "names": {"en": format!("{id} service")},
            "attributes": ["mail", "displayName"],
            "connection": {"metadata": {"xml": metadata}},
        });
        self.parties.push(merged(party, more));
        self
    }

    /// With accounts that the broker keeps.
    #[must_use]
    pub fn local_source(mut self, id: &str, agency: &str, people: &[Person]) -> Self {
        let people: Vec<_> = people
            .iter()
            .map(|person| {
                json!({
                    "username": person.username, "password": person.password,
                    "attributes": {"displayName": person.name, "mail": person.mail},
                })
            })
            .collect();
        let connection = json!({"accounts": people});
        let source = json!({"id": id, "agency": agency, "kind": "local", "connection": connection});
        self.sources.push(source);
        self
    }

    /// With a confidential relying party; `more` adds or replaces fields, null removes one.
    #[must_use]
    pub fn party(mut self, id: &str, secret: &str, redirect_uri: &str, more: Value) -> Self {
        let party = json!({
            "id": id, "agency": "loc", "kind": "oidc", "names": {"en": format!("{id} application")},
            "attributes": ["mail", "displayName"],
            "connection": {
                "client_secrets": [{"sha256": hex(&jose::sha256(secret))}],
                "redirect_uris": [redirect_uri],
                "grant_types": ["authorization_code", "refresh_token"],
                "scopes": ["openid", "profile", "email", "offline_access"],
                "offline_access": true,
                "subject_type": "public",
            },
        });
        self.parties.push(merged(party, more));
        self
    }

    /// The same with other fields in an entry that is there; null removes one.
    #[must_use]
    pub fn changed(mut self, kind: &str, id: &str, more: Value) -> Self {
        let entries = match kind {
            "agencies" => &mut self.agencies,
            "sources" => &mut self.sources,
            _ => &mut self.parties,
        };
        let entry = entries.iter_mut().find(|entry| entry["id"] == id);
        let entry = entry.unwrap_or_else(|| panic!("no {id} among the {kind}"));
        *entry = merged(entry.take(), more);
        self
    }

    /// The file.
    pub fn build(&self) -> Value {
        json!({
            "agencies": self.agencies, "sources": self.sources, "relying_parties": self.parties,
        })
    }
}

/// The public half of a key as a JWK set.
pub fn jwks(key: &SigningKey) -> Value {
    json!({"keys": [key.jwk()]})
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// `base` with the fields of `more` in place of its own, objects merged alike; null removes.
pub fn merged(base: Value, more: Value) -> Value {
    let (Value::Object(mut base), Value::Object(more)) = (base, more.clone()) else { return more };
    for (key, value) in more {
        let before = base.remove(&key).unwrap_or_default();
        if !value.is_null() {
            base.insert(key, merged(before, value));
        }
    }
    Value::Object(base)
}
