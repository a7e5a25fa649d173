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
mod tests {
    use std::collections::BTreeSet;

    use idp_domain::{Acr, attribute::by_name};
    use serde_json::{Value, json};

    use super::{FILES, Preset, fill};

    #[test]
    fn every_preset_can_be_read_and_found() {
        assert_eq!(Preset::all().len(), FILES.len());
        for (name, text) in FILES {
            let preset: Result<Preset, _> = toml::from_str(text);
            assert!(preset.is_ok(), "{name}: {preset:?}");
            assert_eq!(Preset::find(name).unwrap().name, name);
        }
        assert_eq!(Preset::find("Entra-ID"), None);
    }

    #[test]
    fn every_key_is_set_once_and_has_a_reason() {
        for preset in Preset::all() {
            for quirks in [&preset.source, &preset.service] {
                let keys: BTreeSet<_> = quirks.iter().map(|quirk| &quirk.key).collect();
                assert_eq!(keys.len(), quirks.len(), "{}", preset.name);
                let reasons = quirks.iter().map(|quirk| &quirk.because);
                for text in reasons.chain(&preset.advice) {
                    assert!(text.ends_with('.') && text.len() > 20, "{}: {text}", preset.name);
                }
            }
        }
    }

    #[test]
    fn no_preset_lets_a_weak_cipher_pass_or_people_come_unasked() {
        for preset in Preset::all() {
            for quirk in preset.source.iter().chain(&preset.service) {
                let text = quirk.value.to_string();
                assert!(!text.contains("cbc"), "{}", preset.name);
                let harmless = !quirk.key.starts_with("danger_")
                    && !["idp_initiated", "unsolicited", "sign_requests"].contains(&&*quirk.key);
                assert!(harmless, "{}: {}", preset.name, quirk.key);
            }
        }
    }

    #[test]
    fn attributes_and_contexts_are_named_as_the_house_names_them() {
        for preset in Preset::all() {
            for quirk in &preset.source {
                let Value::Object(table) = &quirk.value else { continue };
                match quirk.key.as_str() {
                    "attributes" => {
                        assert!(
                            table.keys().all(|name| by_name(name).is_some()),
                            "{}",
                            preset.name
                        );
                    }
                    "acr" => {
                        let ours = table.values().map(|value| value.as_str().unwrap());
                        assert!(ours.clone().count() > 0);
                        assert!(ours.into_iter().all(|acr| acr.parse::<Acr>().is_ok()));
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn what_the_operator_wrote_stands() {
        let Value::Object(mut written) = json!({
            "request_acr": "exact",
            "attributes": { "mail": "e-mail" },
            "encryption": { "allow_oaep_sha1": false },
        }) else {
            unreachable!()
        };
        fill(&mut written, &Preset::find("entra-id").unwrap().source);
        assert_eq!(written["request_acr"], "exact");
        assert_eq!(written["attributes"]["mail"], "e-mail");
        assert_eq!(
            written["attributes"]["sn"],
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname"
        );
        assert_eq!(written["encryption"]["allow_oaep_sha1"], false);
        assert_eq!(written["name_id_format"], "persistent");
    }
}
