//! Configuration: from a file and the environment to something that can be relied on.
//!
//! The only place that knows `idp.toml`. Errors name file, line and the likely meaning.

#[cfg(test)]
mod documented;
mod file;
mod near;
mod secret;

use std::{
    fmt,
    path::{Path, PathBuf},
};

pub(crate) use file::{File, LogFormat, Mail, MailTls, Outbound, Passkeys, Redis, Saml, Tls};
pub(crate) use near::nearest;
pub(crate) use secret::SecretRef;
use thiserror::Error;

/// The prefix of environment variables that override the file.
const PREFIX: &str = "IDP_";

/// Why a configuration cannot be used.
#[derive(Debug, Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file, or a variable, does not say what it should.
    #[error("{place}: {message}")]
    Malformed {
        /// File and line, or the environment.
        place: Place,
        /// What is wrong, and what was likely meant.
        message: String,
    },
    /// A value cannot work.
    #[error("{path}: [{section}] {message}")]
    Unworkable {
        /// Which file.
        path: PathBuf,
        /// Which section.
        section: &'static str,
        /// What is wrong and how to mend it.
        message: String,
    },
}

/// Where something stands.
#[derive(Debug)]
pub(crate) enum Place {
    /// In a file, at a line counted from 1.
    Line(PathBuf, usize),
    /// In environment variables.
    Environment(Vec<String>),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Environment(names) => write!(f, "environment ({})", names.join(", ")),
        }
    }
}

/// Reads the file at `path`, and what `variables` override.
pub(crate) fn load(
    path: &Path,
    variables: impl Iterator<Item = (String, String)>,
) -> Result<File, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
    parse(&text, path, variables)
}

/// Reads the configuration in `text`, which stands at `path`.
pub(crate) fn parse(
    text: &str,
    path: &Path,
    variables: impl Iterator<Item = (String, String)>,
) -> Result<File, ConfigError> {
    let overrides: Vec<_> = variables
        .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_owned(), value)))
        .filter(|(name, _)| name.contains("__"))
        .collect();
    if overrides.is_empty() {
        return toml::from_str(text).map_err(|error| malformed(&error, text, path));
    }
    let mut table: toml::Table =
        toml::from_str(text).map_err(|error| malformed(&error, text, path))?;
    for (name, value) in &overrides {
        set(&mut table, name, value).map_err(|message| ConfigError::Malformed {
            place: Place::Environment(vec![format!("{PREFIX}{name}")]),
            message,
        })?;
    }
    File::deserialize_from(table).map_err(|error| {
        // The file alone tells whether it is the file that is wrong.
        if let Err(error) = toml::from_str::<File>(text) {
            return malformed(&error, text, path);
        }
        let names = overrides.iter().map(|(name, _)| format!("{PREFIX}{name}")).collect();
        let message = with_hint(error.message());
        ConfigError::Malformed { place: Place::Environment(names), message }
    })
}

impl File {
    fn deserialize_from(table: toml::Table) -> Result<Self, toml::de::Error> {
        table.try_into()
    }
}

/// Sets `SECTION__KEY` in the table: numbers and booleans as such, everything else as text.
fn set(table: &mut toml::Table, name: &str, value: &str) -> Result<(), String> {
    let lower = name.to_ascii_lowercase();
    let mut keys: Vec<&str> = lower.split("__").collect();
    let last = keys.pop().unwrap_or_default();
    let mut at = table;
    for key in keys {
        let inner = at.entry(key).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        at = inner.as_table_mut().ok_or_else(|| format!("`{key}` is not a section"))?;
    }
    at.insert(last.to_owned(), reading(value));
    Ok(())
}

fn reading(value: &str) -> toml::Value {
    match (value.parse::<bool>(), value.parse::<i64>()) {
        (Ok(truth), _) => toml::Value::Boolean(truth),
        (_, Ok(number)) => toml::Value::Integer(number),
        _ => toml::Value::String(value.to_owned()),
    }
}

fn malformed(error: &toml::de::Error, text: &str, path: &Path) -> ConfigError {
    let offset = error.span().map_or(0, |span| span.start);
    let before = text.get(..offset).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    ConfigError::Malformed {
        place: Place::Line(path.to_owned(), line),
        message: with_hint(error.message()),
    }
}

/// Adds what was likely meant to a message about an unknown key.
pub(crate) fn with_hint(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = message.starts_with("unknown field") || message.starts_with("unknown variant");
    match (unknown, quoted.next()) {
        (true, Some(found)) => match nearest(found, quoted) {
            Some(meant) => {
                let kind = if message.starts_with("unknown field") { "key" } else { "value" };
                format!("unknown {kind} `{found}`; did you mean `{meant}`?")
            }
            None => message.to_owned(),
        },
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use expect_test::{Expect, expect};

    use super::parse;

    const GOOD: &str =
        "[server]\nbase_url = \"https://sso.example\"\n\n[keys]\nmaster = { env = \"MASTER\" }\n";

    fn check(text: &str, variables: &[(&str, &str)], expected: &Expect) {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let outcome = match parse(text, Path::new("idp.toml"), variables) {
            Ok(file) => format!("{} {}", file.server.base_url, file.database.url),
            Err(error) => error.to_string(),
        };
        expected.assert_eq(&outcome);
    }

    #[test]
    fn a_small_file_is_enough() {
        check(GOOD, &[], &expect!["https://sso.example/ sqlite:idp.sqlite"]);
    }

    #[test]
    fn an_unknown_key_names_file_line_and_likely_meaning() {
        check(
            &GOOD.replace("base_url", "base_ulr"),
            &[],
            &expect!["idp.toml:2: unknown key `base_ulr`; did you mean `base_url`?"],
        );
        check(
            &format!("{GOOD}\n[limits]\nloopback = true\n"),
            &[],
            &expect!["idp.toml:8: unknown key `loopback`; did you mean `loopback_peers`?"],
        );
    }

    #[test]
    fn the_environment_overrides_the_file() {
        check(
            GOOD,
            &[("IDP_DATABASE__URL", "postgres://db/idp"), ("IDP_LOG", "ignored")],
            &expect!["https://sso.example/ postgres://db/idp"],
        );
        check(
            GOOD,
            &[("IDP_SERVER__LISTEN", "nowhere")],
            &expect!["environment (IDP_SERVER__LISTEN): invalid socket address syntax"],
        );
    }

    #[test]
    fn a_secret_in_the_file_itself_is_refused() {
        check(
            &GOOD.replace("{ env = \"MASTER\" }", "\"c2VjcmV0\""),
            &[],
            &expect!["idp.toml:5: unknown variant `c2VjcmV0`, expected `env` or `file`"],
        );
    }
}
