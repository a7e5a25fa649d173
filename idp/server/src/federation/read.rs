//! Reads a federation file in YAML, JSON or TOML, and says what is wrong with it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::file::FederationFile;
use crate::config::with_hint;

/// The largest file that is read, in bytes: 10,000 relying parties have room in it.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Why a federation file cannot be used.
#[derive(Debug, Error)]
pub(crate) enum FederationError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The name does not tell what is in it.
    #[error("{0}: the name must end in .yaml, .yml, .json or .toml")]
    Format(PathBuf),
    /// It does not say what it should.
    #[error("{path}:{line}: {message}")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Where, counted from 1.
        line: usize,
        /// What is wrong, and what was likely meant.
        message: String,
    },
    /// An entry contradicts another, or itself.
    #[error("{entry}: {message}")]
    Entry {
        /// Which entry, such as `sources/unhcr-staff`.
        entry: String,
        /// What is wrong and how to mend it.
        message: String,
    },
}

impl FederationError {
    /// An entry that contradicts another, or itself.
    pub(crate) fn entry(kind: &str, id: impl std::fmt::Display, message: impl Into<String>) -> Self {
        Self::Entry { entry: format!("{kind}/{id}"), message: message.into() }
    }
}

/// Reads the file at `path`.
pub(crate) fn read(path: &Path) -> Result<FederationFile, FederationError> {
    let unreadable = |source| FederationError::Unreadable { path: path.to_owned(), source };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > MAX_BYTES {
        return Err(unreadable(std::io::Error::other(format!("{size} bytes are too many"))));
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    parse(&text, path)
}

/// Reads the text of the file at `path`, whose name tells the format.
pub(crate) fn parse(text: &str, path: &Path) -> Result<FederationFile, FederationError> {
    let malformed = |line: usize, message: &str| FederationError::Malformed {
        path: path.to_owned(),
        line,
        message: with_hint(message),
    };
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => serde_json::from_str(text)
            .map_err(|error| malformed(error.line(), &without_place(&error.to_string()))),
        Some("toml") => toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            malformed(before.matches('\n').count() + 1, error.message())
        }),
        Some("yaml" | "yml") => serde_saphyr::from_str(text).map_err(|error| {
            let line = error.location().map_or(1, |location| location.line() as usize);
            malformed(line, &without_place(&error.without_snippet().to_string()))
        }),
        _ => Err(FederationError::Format(path.to_owned())),
    }
}

/// A parser's message without the place at its end or beginning, which we write our own way.
fn without_place(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or(message);
    let message = message.strip_prefix("error: ").unwrap_or(message);
    match message.split_once(": ") {
        Some((place, rest)) if place.starts_with("line ") => rest.to_owned(),
        _ => message.to_owned(),
    }
}

/// Checks what the entries say of one another.
pub(crate) fn check(file: &FederationFile) -> Result<(), FederationError> {
    let agencies = unique("agencies", file.agencies.iter().map(|entry| entry.id.as_str()))?;
    unique("sources", file.sources.iter().map(|entry| entry.id.as_str()))?;
    unique("relying_parties", file.relying_parties.iter().map(|entry| entry.id.as_str()))?;
    let known = |kind: &str, id: &str, agency: &str| {
        if agencies.contains(agency) {
            return Ok(());
        }
        let hint = crate::config::nearest(agency, agencies.iter().copied())
            .map(|meant| format!("; did you mean `{meant}`?"))
            .unwrap_or_default();
        Err(FederationError::entry(kind, id, format!("there is no agency `{agency}`{hint}")))
    };
    for source in &file.sources {
        known("sources", source.id.as_str(), source.agency.as_str())?;
    }
    for party in &file.relying_parties {
        known("relying_parties", party.id.as_str(), party.agency.as_str())?;
        for agency in party.agencies.iter().flatten() {
            known("relying_parties", party.id.as_str(), agency.as_str())?;
        }
        for name in &party.attributes {
            if idp_domain::attribute::by_name(name.as_str()).is_none() {
                let message = format!("there is no attribute `{name}` in the registry");
                return Err(FederationError::entry("relying_parties", &party.id, message));
            }
        }
    }
    let mut claimed = BTreeMap::new();
    for agency in &file.agencies {
        if agency.names.is_empty() {
            return Err(FederationError::entry("agencies", &agency.id, "it needs a name"));
        }
        for pattern in &agency.domains {
            let text = String::from(pattern.clone());
            if let Some(other) = claimed.insert(text.clone(), &agency.id)
                && *other != agency.id
            {
                let message = format!("`{text}` is claimed by agency `{other}` as well");
                return Err(FederationError::entry("agencies", &agency.id, message));
            }
        }
    }
    Ok(())
}

fn unique<'a>(
    kind: &str,
    ids: impl Iterator<Item = &'a str>,
) -> Result<BTreeSet<&'a str>, FederationError> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(FederationError::entry(kind, id, "this id stands here twice"));
        }
    }
    Ok(seen)
}
