//! Strict reading of JSON that others wrote: one meaning a text, and a bounded depth.
//!
//! Two readers that disagree on which of two equal keys counts are an attack's way in, so a
//! repeated key is an error here. Errors never quote a value: it may be a token.

use std::cell::RefCell;
use std::fmt;

use serde::de::{self, DeserializeOwned, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How many objects and arrays may stand inside each other.
pub const MAX_DEPTH: usize = 32;

/// Why a text is not the JSON that we accept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text is not JSON, or more than one value.
    #[error("not JSON at line {line}, column {column}")]
    Malformed {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, from 1.
        column: usize,
    },
    /// An object names the same key twice.
    #[error("an object repeats the key {key:?}")]
    RepeatedKey {
        /// The key, cut to 64 characters.
        key: String,
    },
    /// Objects and arrays are nested deeper than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH}")]
    TooDeep,
    /// The text is JSON, but not of the form that was asked for.
    #[error("JSON, but not of the form {expected}")]
    Shape {
        /// The Rust type that was asked for.
        expected: &'static str,
    },
}

/// Reads `text` as a `T`, strictly.
pub fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, JsonError> {
    // serde's own message would quote the value that it did not expect.
    serde_json::from_value(read_value(text)?)
        .map_err(|_| JsonError::Shape { expected: std::any::type_name::<T>() })
}

/// Reads `text` as any JSON value, strictly.
pub fn read_value(text: &[u8]) -> Result<Value, JsonError> {
    let fault = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(text);
    Strict { depth: 0, fault: &fault }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| {
            fault
                .take()
                .unwrap_or(JsonError::Malformed { line: error.line(), column: error.column() })
        })
}

/// Builds a [`Value`] while it counts depth and watches for repeated keys.
///
/// The fault is carried beside serde's error, which can only hold text.
#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: usize,
    fault: &'a RefCell<Option<JsonError>>,
}

impl Strict<'_> {
    fn fail<E: de::Error>(self, fault: JsonError) -> E {
        self.fault.replace(Some(fault));
        E::custom("refused")
    }

    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(self.fail(JsonError::TooDeep));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: de::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if object.contains_key(&key) {
                let key = key.chars().take(64).collect();
                return Err(self.fail(JsonError::RepeatedKey { key }));
            }
            object.insert(key, entries.next_value_seed(inner)?);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = match read_value(text.as_bytes()) {
            Ok(value) => value.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn a_plain_text_keeps_its_meaning() {
        let text = r#"{"a":[1,-2,3.5,true,null,"x"],"b":{"a":"1"}}"#;
        check(text, text);
    }

    #[test]
    fn a_repeated_key_is_refused_at_every_depth() {
        check(r#"{"id_token":"a","id_token":"b"}"#, "an object repeats the key \"id_token\"");
        check(r#"[{"x":{"k":1,"k":1}}]"#, "an object repeats the key \"k\"");
    }

    #[test]
    fn a_key_that_is_equal_once_unescaped_is_repeated() {
        check("{\"ab\":1,\"\\u0061b\":2}", "an object repeats the key \"ab\"");
    }

    #[test]
    fn depth_is_bounded_long_before_the_stack_is() {
        check(
            &format!("{}{}", "[".repeat(32), "]".repeat(32)),
            &format!("{}{}", "[".repeat(32), "]".repeat(32)),
        );
        check(&"[".repeat(100_000), "nested deeper than 32");
        check(&r#"{"a":"#.repeat(100_000), "nested deeper than 32");
    }

    #[test]
    fn trailing_text_is_refused() {
        check("{} {}", "not JSON at line 1, column 4");
        check("", "not JSON at line 1, column 0");
    }

    #[test]
    fn an_error_of_form_does_not_quote_the_value() {
        let error = read::<u64>(b"\"secret\"").unwrap_err();
        assert_eq!(error.to_string(), "JSON, but not of the form u64");
    }
}
