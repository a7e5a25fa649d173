//! What templates can call: words, and links that keep their query.

use idp_domain::Lang;
use minijinja::{
    Environment, Error, ErrorKind,
    value::{Kwargs, Value, ValueKind},
};
use url::form_urlencoded;

use super::i18n::{Inset, Words};

/// Adds `t`, `plain` and `link` to `env`, speaking with `words`.
pub(super) fn add(env: &mut Environment<'static>, words: &Words) {
    let said = words.clone();
    env.add_function("t", move |key: &str, insets: Kwargs| {
        let insets = read_insets(&insets)?;
        said.html(key, &borrow(&insets))
            .map(Value::from_safe_string)
            .ok_or_else(|| wordless(key, &said))
    });
    let said = words.clone();
    env.add_function("plain", move |key: &str, insets: Kwargs| {
        let insets = read_insets(&insets)?;
        said.plain(key, &borrow(&insets)).ok_or_else(|| wordless(key, &said))
    });
    env.add_function("link", |base: &str, pairs: Kwargs| {
        let mut read = Vec::new();
        for name in pairs.args() {
            read.push((name, pairs.peek::<&str>(name).unwrap_or_default()));
        }
        with_query(base, &read)
    });
}

fn wordless(key: &str, words: &Words) -> Error {
    let lang: Lang = words.lang();
    let problem = format!("no words for `{key}` in `{}`, or a value is missing", lang.tag());
    Error::new(ErrorKind::InvalidOperation, problem)
}

fn read_insets(insets: &Kwargs) -> Result<Vec<(String, Inset)>, Error> {
    insets
        .args()
        .map(|name| {
            let value: Value = insets.peek(name)?;
            let inset = match (value.kind(), value.as_str()) {
                (ValueKind::Number, _) => Inset::Count(i64::try_from(value)?),
                (_, Some(text)) => Inset::Text(text.to_owned()),
                _ => {
                    let problem = format!("`{name}` is neither a text nor a number");
                    return Err(Error::new(ErrorKind::InvalidOperation, problem));
                }
            };
            Ok((name.to_owned(), inset))
        })
        .collect()
}

fn borrow(insets: &[(String, Inset)]) -> Vec<(&str, Inset)> {
    insets.iter().map(|(name, inset)| (name.as_str(), inset.clone())).collect()
}

/// The address `base` (path and query) with these parameters in its query, in place of those of
/// the same name.
pub(super) fn with_query(base: &str, pairs: &[(&str, &str)]) -> String {
    let (path, query) = base.split_once('?').unwrap_or((base, ""));
    let kept = form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| pairs.iter().all(|(other, _)| name != other));
    let mut out = form_urlencoded::Serializer::new(String::new());
    out.extend_pairs(kept).extend_pairs(pairs);
    let query = out.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::with_query;

    #[test]
    fn a_parameter_takes_the_place_of_its_namesake() {
        assert_eq!(with_query("/a?lang=en&x=1", &[("lang", "fr")]), "/a?x=1&lang=fr");
        assert_eq!(with_query("/a", &[]), "/a");
    }

    #[test]
    fn a_parameter_stays_one_parameter() {
        assert_eq!(with_query("/a", &[("q", "a&b=c#\"<é")]), "/a?q=a%26b%3Dc%23%22%3C%C3%A9");
    }
}
