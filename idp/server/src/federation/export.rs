//! The federation as a file: sorted, the same for the same federation, without secrets.

use idp_store::federation::Catalog;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use super::{
    desired::entries,
    error::{FederationError, Problem},
    file::{AgencyEntry, FederationFile, RelyingPartyEntry, SourceEntry},
    plan::EntryKind,
};

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// YAML 1.2.
    Yaml,
    /// JSON.
    Json,
    /// TOML 1.0.
    Toml,
}

/// Why the federation cannot be exported.
#[derive(Debug, Error)]
pub(crate) enum ExportError {
    /// An entry is not of this program's time. Leaving it out would make the file a lie.
    #[error(transparent)]
    Entry(#[from] FederationError),
    /// The writer of the format refused.
    #[error("this federation cannot be written as {format}: {message}")]
    Unwritable {
        /// The format.
        format: &'static str,
        /// Why.
        message: String,
    },
}

/// The file that the documents in `catalog` came from, but for secrets in clear.
pub(crate) fn file(catalog: Catalog) -> Result<FederationFile, ExportError> {
    let mut file = FederationFile::default();
    for ((kind, id), value) in entries(catalog) {
        match kind {
            EntryKind::Agency => file.agencies.push(entry::<AgencyEntry>(kind, &id, &value)?),
            EntryKind::Source => file.sources.push(entry::<SourceEntry>(kind, &id, &value)?),
            EntryKind::RelyingParty => {
                file.relying_parties.push(entry::<RelyingPartyEntry>(kind, &id, &value)?);
            }
        }
    }
    Ok(file)
}

fn entry<'a, T: Deserialize<'a>>(
    kind: EntryKind,
    id: &str,
    value: &'a Value,
) -> Result<T, FederationError> {
    T::deserialize(value).map_err(|error| {
        FederationError::entry(kind, id, Problem::unreadable("", &error.to_string()))
    })
}

/// The text of `file`, with a line break at its end.
pub(crate) fn write(file: &FederationFile, format: Format) -> Result<String, ExportError> {
    let unwritable = |format, message: String| ExportError::Unwritable { format, message };
    let text = match format {
        Format::Yaml => {
            // One value a line, however long. The writer leaves blanks of other scripts without
            // quotes, and the reader takes a text of nothing else for nothing.
            let quote_all = serde_json::to_value(file).is_ok_and(|file| has_strange_blanks(&file));
            let options =
                serde_saphyr::ser_options! { prefer_block_scalars: false, quote_all: quote_all };
            serde_saphyr::to_string_with_options(file, options)
                .map_err(|error| unwritable("YAML", error.to_string()))?
        }
        Format::Json => serde_json::to_string_pretty(file)
            .map_err(|error| unwritable("JSON", error.to_string()))?,
        Format::Toml => {
            toml::to_string(file).map_err(|error| unwritable("TOML", error.to_string()))?
        }
    };
    Ok(format!("{}\n", text.trim_end()))
}

/// Whether a text begins or ends with a blank that is not ASCII.
fn has_strange_blanks(value: &Value) -> bool {
    let strange = |text: &str| {
        let ends = [text.chars().next(), text.chars().next_back()];
        ends.into_iter().flatten().any(|one| one.is_whitespace() && !one.is_ascii())
    };
    match value {
        Value::String(text) => strange(text),
        Value::Array(items) => items.iter().any(has_strange_blanks),
        Value::Object(members) => {
            members.iter().any(|(key, value)| strange(key) || has_strange_blanks(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
