//! Holds answers of the API against its description: as much of JSON Schema as that uses.

use std::sync::LazyLock;

use http::{Method, header};
use serde_json::{Value, json};

use super::Answer;

/// The description, as it is served.
pub(super) static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../web/src/api/openapi.json")).unwrap()
});

/// The template and the operation that `path` is of; none outside the API.
fn operation<'a>(method: &Method, path: &str) -> Option<(&'a str, &'a Value)> {
    let path = path.split('?').next().unwrap();
    let fits = |template: &str| {
        let [mut parts, mut segments] = [template, path].map(|text| text.split('/'));
        let same = parts
            .by_ref()
            .zip(segments.by_ref())
            .all(|(part, segment)| part == segment || part.starts_with('{') && !segment.is_empty());
        same && template.split('/').count() == path.split('/').count()
    };
    let paths = DESCRIPTION["paths"].as_object().unwrap();
    // What is written out goes before what stands for anything.
    let mut fitting: Vec<_> = paths.iter().filter(|(template, _)| fits(template)).collect();
    fitting.sort_by_key(|(template, _)| template.matches('{').count());
    let (template, operations) = fitting.first()?;
    Some((template, operations.get(method.as_str().to_lowercase())?))
}

/// Panics unless `answer` is one that the description knows.
pub(super) fn check(method: &Method, path: &str, answer: &Answer) {
    let no_store = answer.headers.get(header::CACHE_CONTROL).is_some_and(|one| one == "no-store");
    assert!(no_store, "{path}: {answer:?}");
    let Some((template, operation)) = operation(method, path) else { return };
    let known = &operation["responses"][answer.status.as_str()];
    assert!(!known.is_null(), "{method} {template} does not tell of {}", answer.status);
    let known = resolved(known);
    let Some(contents) = known["content"].as_object() else {
        assert!(answer.body.is_null(), "{template}: {}", answer.body);
        return;
    };
    let (kind, content) = contents.iter().next().unwrap();
    assert_eq!(answer.headers[header::CONTENT_TYPE], kind.as_str(), "{template}");
    let wrong = mismatch(&answer.body, &content["schema"], template);
    assert_eq!(wrong, None, "{}", answer.body);
}

fn resolved(value: &Value) -> &Value {
    match value["$ref"].as_str() {
        Some(place) => DESCRIPTION.pointer(place.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

fn mismatch(value: &Value, schema: &Value, place: &str) -> Option<String> {
    let schema = resolved(schema);
    let types: Vec<_> = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().map(|one| one.as_str().unwrap()).collect(),
        _ => panic!("{place}: {schema} has no type"),
    };
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.contains(&is) {
        return Some(format!("{place} is {is}, not {types:?}"));
    }
    if let Some(known) = schema["enum"].as_array()
        && !known.contains(value)
    {
        return Some(format!("{place}: {value} is none of {known:?}"));
    }
    match value {
        Value::Array(items) => {
            items.iter().find_map(|item| mismatch(item, &schema["items"], &format!("{place}[]")))
        }
        Value::Object(members) => {
            let known = schema["properties"].as_object();
            let more = &schema["additionalProperties"];
            assert!(known.is_some() || more.is_object(), "{place}: {schema} says nothing");
            let mut needed = schema["required"].as_array().into_iter().flatten();
            if let Some(missing) = needed.find(|key| !members.contains_key(key.as_str().unwrap())) {
                return Some(format!("{place} lacks {missing}"));
            }
            members.iter().find_map(|(key, value)| match known.and_then(|known| known.get(key)) {
                None if more.is_object() => mismatch(value, more, &format!("{place}.{key}")),
                None => Some(format!("{place}.{key} is not described")),
                Some(schema) => mismatch(value, schema, &format!("{place}.{key}")),
            })
        }
        _ => None,
    }
}

#[test]
fn an_answer_that_is_not_as_described_is_noticed() {
    let ended = &DESCRIPTION["components"]["schemas"]["Ended"];
    let wrong = |value| mismatch(&value, ended, "ended");
    assert_eq!(wrong(json!({"sessions": 1, "grants": 0})), None);
    let lacks = wrong(json!({"sessions": 1})).unwrap();
    assert_eq!(lacks, "ended lacks \"grants\"");
    let more = wrong(json!({"sessions": 1, "grants": 0, "token": "x"})).unwrap();
    assert_eq!(more, "ended.token is not described");
    let other = wrong(json!({"sessions": "1", "grants": 0})).unwrap();
    assert_eq!(other, "ended.sessions is string, not [\"integer\"]");
}
