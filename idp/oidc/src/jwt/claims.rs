//! Claims that were signed, and judged by whoever hands them out.

use idp_domain::Timestamp;
use serde_json::{Map, Value};

use super::verify::JwtError;

/// The claims of a token whose signature and frame were verified.
///
/// Only this module's siblings make one, so whoever holds it need not ask again.
#[derive(Clone, PartialEq)]
pub struct VerifiedClaims(Map<String, Value>);

impl VerifiedClaims {
    pub(super) fn new(claims: Map<String, Value>) -> Self {
        Self(claims)
    }

    /// A claim that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// A claim that is an instant (RFC 7519 section 2, `NumericDate`); fractions are cut off.
    pub fn time(&self, name: &str) -> Option<Timestamp> {
        self.0.get(name).and_then(numeric_date)
    }

    /// The audience, whether it was written as one text or as several.
    pub fn audience(&self) -> impl Iterator<Item = &str> {
        let aud = self.0.get("aud");
        let several = aud.and_then(Value::as_array).into_iter().flatten();
        aud.into_iter().chain(several).filter_map(Value::as_str)
    }

    /// All claims.
    pub fn all(&self) -> &Map<String, Value> {
        &self.0
    }

    /// All claims, given away.
    pub fn into_all(self) -> Map<String, Value> {
        self.0
    }

    /// A text that must be there and must not be empty.
    pub(super) fn required_text(&self, name: &'static str) -> Result<&str, JwtError> {
        match self.0.get(name) {
            None => Err(JwtError::Missing { claim: name }),
            Some(Value::String(text)) if !text.is_empty() => Ok(text),
            Some(_) => Err(JwtError::Claim { claim: name }),
        }
    }

    /// An instant that must be one if it is there.
    pub(super) fn optional_time(&self, name: &'static str) -> Result<Option<Timestamp>, JwtError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(value) => numeric_date(value).map(Some).ok_or(JwtError::Claim { claim: name }),
        }
    }

    /// An instant that must be there.
    pub(super) fn required_time(&self, name: &'static str) -> Result<Timestamp, JwtError> {
        self.optional_time(name)?.ok_or(JwtError::Missing { claim: name })
    }
}

impl std::fmt::Debug for VerifiedClaims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Claims are attributes of people.
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn numeric_date(value: &Value) -> Option<Timestamp> {
    /// The largest whole number that every JSON reader keeps exactly: 2^53.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let seconds = value.as_i64().or_else(|| {
        let seconds = value.as_f64().filter(|seconds| seconds.abs() <= EXACT)?;
        #[expect(clippy::cast_possible_truncation, reason = "it is a whole number below 2^53")]
        Some(seconds.floor() as i64)
    })?;
    Some(Timestamp::from_seconds(seconds))
}
