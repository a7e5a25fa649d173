//! What can be wrong with a theme; each text names the file, and the line where there is one.

use std::io;

use thiserror::Error;

/// Why a theme cannot be used.
#[derive(Debug, Error)]
pub enum ThemeError {
    /// A file is not what its name promises.
    #[error("{file}:{line}: {problem}")]
    Broken {
        /// The file, relative to the theme's directory.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// A file that no theme has, and so perhaps a misspelt one.
    #[error(
        "{file}: not a file of a theme; known are theme.toml, pages/*.html, static/*, words/*.ftl with the names of the default theme"
    )]
    Unknown {
        /// The file, relative to the theme's directory.
        file: String,
    },
    /// A file that every theme needs.
    #[error("{file}: the theme has no such file")]
    Missing {
        /// The file, relative to the theme's directory.
        file: String,
    },
    /// The directory or a file in it cannot be read.
    #[error("{file}: cannot be read")]
    Unreadable {
        /// The path as it was given.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file is larger than a page of a login can afford.
    #[error("{file}: {bytes} bytes, and at most {most} are allowed")]
    TooLarge {
        /// The file, relative to the theme's directory.
        file: String,
        /// Its size.
        bytes: usize,
        /// The limit.
        most: usize,
    },
}

impl ThemeError {
    /// A problem at the byte `at` of `source`.
    pub(crate) fn broken_at(file: &str, source: &str, at: usize, problem: &str) -> Self {
        let before = source.get(..at).unwrap_or(source);
        let line = 1 + before.bytes().filter(|byte| *byte == b'\n').count();
        let problem = problem.trim().replace('\n', " ");
        Self::Broken { file: file.to_owned(), line, problem }
    }
}
