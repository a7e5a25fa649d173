//! Secrets stand in the environment or in files of their own, never in `idp.toml`.

use std::path::{Path, PathBuf};

use idp_domain::Secret;
use serde::Deserialize;
use thiserror::Error;

/// Where a secret is to be found.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub(crate) enum SecretRef {
    /// In an environment variable.
    Env(String),
    /// In a file; a relative path starts at the configuration's folder.
    File(PathBuf),
}

/// Why a secret could not be read.
#[derive(Debug, Error)]
pub(crate) enum SecretError {
    /// The variable is not set, or empty.
    #[error("environment variable {0} is not set")]
    Unset(String),
    /// The file cannot be read.
    #[error("secret file {path} cannot be read: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is empty.
    #[error("secret file {0} is empty")]
    Empty(PathBuf),
}

impl SecretRef {
    /// Reads the secret; blanks around it do not belong to it.
    pub(crate) fn read(&self, folder: &Path) -> Result<Secret<String>, SecretError> {
        match self {
            Self::Env(name) => match std::env::var(name) {
                Ok(value) if !value.trim().is_empty() => Ok(Secret::new(value.trim().to_owned())),
                _ => Err(SecretError::Unset(name.clone())),
            },
            Self::File(path) => {
                let path = folder.join(path);
                let text = std::fs::read_to_string(&path)
                    .map_err(|source| SecretError::Unreadable { path: path.clone(), source })?;
                let text = Secret::new(text);
                let trimmed = text.expose().trim();
                if trimmed.is_empty() {
                    return Err(SecretError::Empty(path));
                }
                Ok(Secret::new(trimmed.to_owned()))
            }
        }
    }
}
