//! What well-known products do in their own way, as data: keys of a registration that an operator
//! need not write, each with its reason. A preset never weakens a check that no key weakens.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

/// What a product needs, in the words of the federation file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// The word that chooses it: `preset: entra-id`.
    #[serde(skip)]
    pub name: &'static str,
    /// What people call the product.
    pub product: String,
    /// What its administrator should see to, for pages and the command line.
    #[serde(default)]
    pub advice: Vec<String>,
    /// Keys of the connection to a source that is this product.
    #[serde(default)]
    pub source: Vec<Quirk>,
    /// Keys of the registration of a service provider that is this product.
    #[serde(default)]
    pub service: Vec<Quirk>,
}

/// One key, and why it is set.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quirk {
    /// The key, as the operator would write it.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// Why the product needs it.
    pub because: String,
}

/// A preset that cannot be read is not there; a test holds that all of them can.
static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    let read = |(name, text): (&'static str, &str)| {
        toml::from_str(text).ok().map(|preset| Preset { name, ..preset })
    };
    FILES.into_iter().filter_map(read).collect()
});

const FILES: [(&str, &str); 7] = [
    ("ad-fs", include_str!("presets/ad-fs.toml")),
    ("entra-id", include_str!("presets/entra-id.toml")),
    ("google", include_str!("presets/google.toml")),
    ("keycloak", include_str!("presets/keycloak.toml")),
    ("okta", include_str!("presets/okta.toml")),
    ("shibboleth", include_str!("presets/shibboleth.toml")),
    ("simplesamlphp", include_str!("presets/simplesamlphp.toml")),
];

impl Preset {
    /// The preset of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|preset| preset.name == name)
    }

    /// All presets, by name.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &PRESETS
    }
}

/// Sets the keys that `written` leaves out. What the operator wrote stands, and where both are
/// tables, entry by entry.
pub fn fill(written: &mut Map<String, Value>, quirks: &[Quirk]) {
    for Quirk { key, value, .. } in quirks {
        match (written.get_mut(key), value) {
            (None, _) => {
                written.insert(key.clone(), value.clone());
            }
            (Some(Value::Object(table)), Value::Object(more)) => {
                for (name, value) in more {
                    table.entry(name.clone()).or_insert_with(|| value.clone());
                }
            }
            (Some(_), _) => {}
        }
    }
}

#[cfg(test)]
mod tests;
