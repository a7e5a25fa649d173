//! The requirement files under `docs/spec`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use crate::sh;

/// One specification, as far as we claim it.
#[derive(Debug)]
pub(super) struct Document {
    /// The name of the file, and the first half of a citation.
    pub(super) name: String,
    pub(super) requirements: Vec<Requirement>,
}

/// One sentence that binds us.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Requirement {
    /// Section and number in it: `2.1-1`.
    pub(super) id: String,
    level: Level,
    text: String,
    #[serde(default)]
    pub(super) state: State,
}

/// How strongly it binds, in the words of RFC 2119.
#[derive(Debug, Deserialize)]
enum Level {
    #[serde(rename = "MUST")]
    Must,
    #[serde(rename = "MUST NOT")]
    MustNot,
    #[serde(rename = "SHOULD")]
    Should,
    #[serde(rename = "SHOULD NOT")]
    ShouldNot,
    #[serde(rename = "MAY")]
    May,
}

/// What we promise of it.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// Nothing yet; citations are welcome.
    #[default]
    Open,
    /// Code keeps it and a test shows it, now and later.
    Held,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    title: String,
    #[serde(default)]
    requirement: Vec<Requirement>,
}

impl Document {
    /// Whether `document#id` is a requirement of this document.
    pub(super) fn lists(&self, document: &str, id: &str) -> bool {
        self.name == document && self.requirements.iter().any(|requirement| requirement.id == id)
    }

    /// The requirements in one state.
    pub(super) fn in_state(&self, state: State) -> impl Iterator<Item = &Requirement> {
        self.requirements.iter().filter(move |requirement| requirement.state == state)
    }
}

/// Every requirement file in the folder, by name.
pub(super) fn load(folder: &Path) -> Result<Vec<Document>> {
    let mut documents = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let is_toml = path.extension().is_some_and(|ending| ending == "toml");
        if is_toml && !matches!(name, "attacks" | "coverage") {
            documents.push(parse(name, &sh::text(&path)?)?);
        }
    }
    documents.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(documents)
}

/// One requirement file.
pub(super) fn parse(name: &str, text: &str) -> Result<Document> {
    let page: Page = toml::from_str(text).with_context(|| format!("docs/spec/{name}.toml"))?;
    ensure!(!page.title.is_empty(), "docs/spec/{name}.toml has no title");
    let mut seen = BTreeSet::new();
    for requirement in &page.requirement {
        let Requirement { id, level, text, .. } = requirement;
        ensure!(seen.insert(id), "docs/spec/{name}.toml lists {id} twice");
        ensure!(!text.is_empty(), "docs/spec/{name}.toml: {id} ({level:?}) says nothing");
    }
    Ok(Document { name: name.to_owned(), requirements: page.requirement })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "[[requirement]]\nid = \"1-1\"\nlevel = \"MUST\"\ntext = \"So.\"\n";

    #[test]
    fn an_id_stands_once() {
        let error = parse("doc", &format!("title = \"T\"\n{ONE}{ONE}")).unwrap_err();
        assert_eq!(error.to_string(), "docs/spec/doc.toml lists 1-1 twice");
    }

    #[test]
    fn an_unknown_level_is_refused() {
        let text = format!("title = \"T\"\n{}", ONE.replace("MUST", "OUGHT"));
        assert!(parse("doc", &text).is_err());
    }

    #[test]
    fn what_says_no_state_is_open() {
        let document = parse("doc", &format!("title = \"T\"\n{ONE}")).unwrap();
        assert_eq!(document.in_state(State::Open).count(), 1);
    }
}
