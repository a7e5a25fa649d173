//! Citations in the source: `//= rfc9700#2.1-1` above code, with ` test` above its test.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// A line of the source that cites a requirement.
#[derive(Debug)]
pub(super) struct Citation {
    file: PathBuf,
    line: usize,
    pub(super) document: String,
    pub(super) id: String,
    pub(super) by: Use,
}

/// Who cites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Code that keeps the requirement.
    Code,
    /// A test that shows it kept.
    Test,
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, document, id, .. } = self;
        write!(f, "{}:{line}: {document}#{id}", file.display())
    }
}

/// Every citation in one file.
pub(super) fn read(file: &Path, text: &str) -> Result<Vec<Citation>> {
    let mut citations = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some(cited) = line.trim_start().strip_prefix("//= ") else { continue };
        let line = index + 1;
        let place = || format!("{}:{line}: not `//= document#id` or `… test`", file.display());
        let (cited, by) = match cited.trim_end().strip_suffix(" test") {
            Some(cited) => (cited, Use::Test),
            None => (cited.trim_end(), Use::Code),
        };
        let (document, id) = cited.split_once('#').with_context(place)?;
        Some(id).filter(|id| !id.is_empty() && !id.contains(' ')).with_context(place)?;
        let (document, id) = (document.to_owned(), id.to_owned());
        citations.push(Citation { file: file.to_path_buf(), line, document, id, by });
    }
    Ok(citations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_test_are_told_apart() {
        let text = "//! Head.\n    //= rfc9700#2.1-1\nfn a() {}\n//= rfc9700#2.1-1 test\n";
        let found = read(Path::new("a.rs"), text).unwrap();
        let found: Vec<_> = found.iter().map(|c| (c.to_string(), c.by)).collect();
        assert_eq!(
            found,
            [
                ("a.rs:2: rfc9700#2.1-1".to_owned(), Use::Code),
                ("a.rs:4: rfc9700#2.1-1".to_owned(), Use::Test),
            ]
        );
    }

    #[test]
    fn a_malformed_citation_is_an_error() {
        for text in ["//= rfc9700 2.1", "//= rfc9700#", "//= rfc9700#2.1-1 tests"] {
            assert!(read(Path::new("a.rs"), text).is_err(), "{text}");
        }
    }
}
