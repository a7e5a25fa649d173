//! Names of people as they are remembered for the day of the logout: whole, with all qualifiers.
//!
//! A name is sent as it was issued or received (SAML Profiles 4.4.4.1). What comes in may leave out
//! a qualifier that says nothing new (SAML Core 3.3.4, 8.3.7), and is still the same name.

use serde::{Deserialize, Serialize};

use crate::schema::NameId;

/// A name as it is remembered; the order of the fields is a part of what is compared.
#[derive(Serialize)]
struct Remembered<'a> {
    v: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    f: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<&'a str>,
}

/// The name as one text, to be remembered, compared byte for byte, and read again.
#[must_use]
pub fn name_text(name: &NameId) -> String {
    let remembered = Remembered {
        v: &name.value,
        f: name.format.as_deref(),
        n: name.name_qualifier.as_deref(),
        s: name.sp_name_qualifier.as_deref(),
        p: name.sp_provided_id.as_deref(),
    };
    // Texts always serialize.
    serde_json::to_string(&remembered).unwrap_or_default()
}

/// The name that a text remembers.
#[must_use]
pub fn read_name(text: &str) -> Option<NameId> {
    // Owned: a text with escapes in it cannot be borrowed from.
    #[derive(Deserialize)]
    struct Owned {
        v: String,
        f: Option<String>,
        n: Option<String>,
        s: Option<String>,
        p: Option<String>,
    }
    let Owned { v, f, n, s, p } = serde_json::from_str(text).ok()?;
    Some(NameId { value: v, format: f, name_qualifier: n, sp_name_qualifier: s, sp_provided_id: p })
}

/// The texts by which a name in a request may be remembered: as it stands there, and with or
/// without the qualifiers that say nothing but who made it and for whom.
#[must_use]
pub fn names_meant(name: &NameId, identity_provider: &str, service_provider: &str) -> Vec<String> {
    let mut texts = vec![name_text(name)];
    for n in readings(name.name_qualifier.as_deref(), identity_provider) {
        for s in readings(name.sp_name_qualifier.as_deref(), service_provider) {
            let text = name_text(&NameId {
                name_qualifier: n.map(str::to_owned),
                sp_name_qualifier: s.map(str::to_owned),
                ..name.clone()
            });
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
    }
    texts
}

/// What a qualifier may have been: left out or the obvious one, unless it says something else.
fn readings<'a>(found: Option<&'a str>, obvious: &'a str) -> Vec<Option<&'a str>> {
    match found {
        Some(other) if other != obvious => vec![Some(other)],
        _ => vec![None, Some(obvious)],
    }
}
