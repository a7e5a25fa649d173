//! Claims: attributes in the words of OpenID Connect, and the `claims` request parameter.
//!
//! Knows only what the registry of the domain knows; what else is asked for is ignored, as the
//! standard wants it. What a relying party may be told was decided before.

use idp_domain::{
    Acr, AttributeName, AttributeSet, Subject,
    attribute::{AttributeDef, REGISTRY, by_claim},
    json,
};
use serde::{Deserialize, Serialize, ser::SerializeMap};
use serde_json::Value;

use crate::scope::Scopes;

/// The longest `claims` parameter that is read, in bytes.
const MAX_LENGTH: usize = 8_192;
/// The most contexts that are looked at.
const MAX_ACR: usize = 16;

/// Attributes that are asked for by the names of their claims.
#[derive(Clone, Debug, Default)]
pub struct ClaimNames(Vec<&'static AttributeDef>);

impl ClaimNames {
    /// Whether `def` is asked for.
    fn contains(&self, def: &AttributeDef) -> bool {
        self.0.iter().any(|one| one.claim == def.claim)
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of the attributes.
    pub fn attributes(&self) -> impl Iterator<Item = AttributeName> {
        self.0.iter().map(|def| def.name.clone())
    }
}

impl PartialEq for ClaimNames {
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().map(|def| def.claim).eq(other.0.iter().map(|def| def.claim))
    }
}

impl Eq for ClaimNames {}

impl Serialize for ClaimNames {
    fn serialize<S: serde::Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        writer.collect_seq(self.0.iter().map(|def| def.claim))
    }
}

impl<'de> Deserialize<'de> for ClaimNames {
    fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        // A name that the registry has lost since is no longer asked for.
        let names = Vec::<String>::deserialize(reader)?;
        Ok(Self(names.iter().filter_map(|name| by_claim(name)).collect()))
    }
}

/// What a client wants to be told by name (OpenID Connect Core §5.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimsRequest {
    /// In the ID token.
    #[serde(default, skip_serializing_if = "ClaimNames::is_empty")]
    pub id_token: ClaimNames,
    /// At the userinfo endpoint.
    #[serde(default, skip_serializing_if = "ClaimNames::is_empty")]
    pub userinfo: ClaimNames,
}

impl ClaimsRequest {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id_token.is_empty() && self.userinfo.is_empty()
    }
}

/// What the `claims` parameter demands of the login itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimsDemand {
    /// The contexts that are wanted, best first.
    pub acr: Vec<Acr>,
    /// Whether `acr` is essential.
    pub essential_acr: bool,
    /// The person who is expected.
    pub subject: Option<Subject>,
    /// Whether `auth_time` is essential.
    pub essential_auth_time: bool,
}

/// Reads the `claims` parameter; `None` when it is not what OpenID Connect Core §5.5 describes.
///
/// An essential context whose name is none of ours to know is kept, so that it goes unmet; one
/// that is no name at all makes the parameter unreadable.
//= oidc-core#5.5-1
#[must_use]
pub fn parse(text: &str) -> Option<(ClaimsRequest, ClaimsDemand)> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let Ok(Value::Object(members)) = json::read_value(text.as_bytes()) else { return None };
    let mut request = ClaimsRequest::default();
    let mut demand = ClaimsDemand::default();
    for (member, names) in &members {
        let wanted = match member.as_str() {
            "id_token" => &mut request.id_token,
            "userinfo" => &mut request.userinfo,
            _ => continue,
        };
        let in_id_token = member == "id_token";
        for (name, how) in names.as_object()? {
            let how = How::read(how)?;
            match name.as_str() {
                "acr" if in_id_token => demand.read_acr(&how)?,
                "auth_time" if in_id_token => demand.essential_auth_time = how.essential,
                "sub" => demand.read_subject(&how)?,
                _ => wanted.0.extend(by_claim(name)),
            }
        }
    }
    Some((request, demand))
}

impl ClaimsDemand {
    //= oidc-core#5.5.1.1-1
    fn read_acr(&mut self, how: &How<'_>) -> Option<()> {
        if how.values.len() > MAX_ACR {
            return None;
        }
        self.essential_acr = how.essential;
        self.acr =
            how.values.iter().map(|value| value.as_str()?.parse().ok()).collect::<Option<_>>()?;
        Some(())
    }

    fn read_subject(&mut self, how: &How<'_>) -> Option<()> {
        let subject = match how.values.as_slice() {
            [] => return Some(()),
            [one] => Subject::new(one.as_str().filter(|text| text.len() <= 255)?.to_owned()),
            // Several people cannot all be the one who signs in.
            _ => return None,
        };
        if self.subject.as_ref().is_some_and(|other| *other != subject) {
            return None;
        }
        self.subject = Some(subject);
        Some(())
    }
}

/// How one claim is asked for.
struct How<'a> {
    essential: bool,
    values: Vec<&'a Value>,
}

impl<'a> How<'a> {
    fn read(how: &'a Value) -> Option<Self> {
        let members = match how {
            Value::Null => return Some(Self { essential: false, values: Vec::new() }),
            Value::Object(members) => members,
            _ => return None,
        };
        let essential = match members.get("essential") {
            None => false,
            Some(value) => value.as_bool()?,
        };
        let values = match (members.get("value"), members.get("values")) {
            (None, None) => Vec::new(),
            (Some(value), None) => vec![value],
            // A choice among nothing could only be ignored, and an essential one never is.
            (None, Some(Value::Array(values))) if !values.is_empty() => values.iter().collect(),
            _ => return None,
        };
        Some(Self { essential, values })
    }
}

/// The part of what is released that goes into one place, ready to be written.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// What is released.
    pub released: &'a AttributeSet,
    /// Scopes whose claims belong here.
    pub scopes: Option<&'a Scopes>,
    /// Claims that were asked for by name.
    pub names: &'a ClaimNames,
}

impl Told<'_> {
    /// Writes the claims into an object that is being written.
    ///
    /// What is not released is left out, never empty. A mail address is verified by its agency:
    /// addresses in a domain that the agency does not own never become attributes.
    pub fn write<M: SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
        for def in &REGISTRY {
            let asked = self.scopes.is_some_and(|scopes| scopes.contains(def.scope))
                || self.names.contains(def);
            if !asked {
                continue;
            }
            match (self.released.values(&def.name), def.single) {
                ([], _) => continue,
                ([only], true) => object.serialize_entry(def.claim, only)?,
                (values, _) => object.serialize_entry(def.claim, values)?,
            }
            if def.claim == "email" {
                object.serialize_entry("email_verified", &true)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
