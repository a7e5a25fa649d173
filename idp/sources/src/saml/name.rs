//! What an identity provider calls a person in its session, kept for the day that one of us ends.

use idp_saml::schema::NameId;
use serde::{Deserialize, Serialize};

/// A `NameID` with all its attributes: at logout it must be given back as it was received
/// (SAML Profiles 4.4.4.1). Written as JSON; the same name has one text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceName {
    value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    whose: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provided: Option<String>,
}

impl SourceName {
    /// Reads what [`SourceName::text`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The name as one text.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl From<&NameId> for SourceName {
    fn from(name: &NameId) -> Self {
        Self {
            value: name.value.clone(),
            format: name.format.clone(),
            by: name.name_qualifier.clone(),
            whose: name.sp_name_qualifier.clone(),
            provided: name.sp_provided_id.clone(),
        }
    }
}

impl From<SourceName> for NameId {
    fn from(name: SourceName) -> Self {
        Self {
            value: name.value,
            format: name.format,
            name_qualifier: name.by,
            sp_name_qualifier: name.whose,
            sp_provided_id: name.provided,
        }
    }
}

impl std::fmt::Debug for SourceName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // It names a person.
        f.write_str("SourceName(…)")
    }
}
