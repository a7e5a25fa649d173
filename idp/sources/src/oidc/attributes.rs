//! Which claims of a source become which attributes. What the agency may assert is judged later.

use std::collections::BTreeMap;

use idp_domain::attribute::{REGISTRY, by_name};
use idp_domain::{AttributeName, AttributeSet};
use serde_json::{Map, Value};

use super::connection::ConnectionError;

/// The attributes that are read, each with the claim that it stands in.
#[derive(Debug)]
pub(super) struct Reading(Vec<(AttributeName, String)>);

impl Reading {
    /// Every attribute of the registry from its own claim, but for those that `other_claims`
    /// names.
    pub(super) fn new(
        other_claims: &BTreeMap<AttributeName, String>,
    ) -> Result<Self, ConnectionError> {
        if let Some(unknown) = other_claims.keys().find(|name| by_name(name.as_str()).is_none()) {
            return Err(ConnectionError::UnknownAttribute { name: unknown.to_string() });
        }
        let pairs = REGISTRY.iter().map(|def| {
            let claim = other_claims.get(&def.name).map_or(def.claim, String::as_str);
            (def.name.clone(), claim.to_owned())
        });
        Ok(Self(pairs.collect()))
    }

    /// The attributes in `claims`: texts, and lists of texts. Whatever has another form is left.
    pub(super) fn read(&self, claims: &Map<String, Value>) -> AttributeSet {
        let mut attributes = AttributeSet::default();
        for (name, claim) in &self.0 {
            if claim == "email" && is_unverified(claims) {
                continue;
            }
            let value = claims.get(claim);
            let several = value.and_then(Value::as_array).into_iter().flatten();
            let texts = value.into_iter().chain(several).filter_map(Value::as_str);
            for text in texts.filter(|text| !text.is_empty()) {
                attributes.add(name.clone(), text.to_owned());
            }
        }
        attributes
    }
}

/// Whether the source says that the address was not verified. Some write the word as a text.
fn is_unverified(claims: &Map<String, Value>) -> bool {
    match claims.get("email_verified") {
        None | Some(Value::Bool(true)) => false,
        Some(Value::String(text)) => text != "true",
        Some(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(other: &[(&str, &str)], claims: &Value) -> Vec<String> {
        let name = |text: &str| AttributeName::parse(text).unwrap();
        let other = other.iter().map(|(of, claim)| (name(of), (*claim).to_owned())).collect();
        let set = Reading::new(&other).unwrap().read(claims.as_object().unwrap());
        set.iter().map(|(name, values)| format!("{name}={}", values.join(","))).collect()
    }

    #[test]
    fn claims_of_the_registry_are_read_by_themselves() {
        let claims = json!({
            "sub": "alice", "name": "Alice A.", "groups": ["a", "b", "a", 7, ""],
            "email": "alice@una.example", "address": {"country": "CH"}, "given_name": 7,
        });
        assert_eq!(
            read(&[], &claims),
            ["displayName=Alice A.", "isMemberOf=a,b", "mail=alice@una.example"]
        );
    }

    #[test]
    fn an_attribute_may_stand_in_another_claim() {
        let claims = json!({"upn": "alice@una.example", "email": "x@una.example"});
        assert_eq!(read(&[("mail", "upn")], &claims), ["mail=alice@una.example"]);
    }

    #[test]
    fn an_address_that_the_source_did_not_verify_is_left() {
        for (said, count) in [
            (json!(true), 1),
            (json!("true"), 1),
            (json!(false), 0),
            (json!("false"), 0),
            (Value::Null, 0),
        ] {
            let claims = json!({"email": "a@una.example", "email_verified": said});
            assert_eq!(read(&[], &claims).len(), count, "{claims}");
        }
    }

    #[test]
    fn an_attribute_that_the_registry_does_not_know_is_an_error() {
        let other = BTreeMap::from([(AttributeName::parse("shoeSize").unwrap(), "s".to_owned())]);
        assert!(Reading::new(&other).is_err());
    }
}
