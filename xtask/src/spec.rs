//! Numbered requirements: which are claimed, which code keeps each, which test shows it.
//!
//! `docs/spec/<document>.toml` lists them; `//= rfc9700#2.1-1` in the source cites one.

mod attacks;
mod citations;
mod requirements;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use self::citations::{Citation, Use};
use self::requirements::{Document, State};
use crate::{sh, workspace};

/// What becomes of the committed floor under the coverage.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Floor {
    /// It stays, and the coverage may not be below it.
    Keep,
    /// It is set to what is covered now.
    Raise,
}

const COVERAGE: &str = "docs/spec/coverage.toml";

/// How many requirements of one document are cited.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Covered {
    code: usize,
    test: usize,
    held: usize,
}

type Coverage = BTreeMap<String, Covered>;

/// Prints the coverage table and fails when a promise is broken.
pub(crate) fn run(floor: Floor) -> Result<()> {
    let root = workspace::root()?;
    let documents = requirements::load(&root.join("docs/spec"))?;
    let mut citations = Vec::new();
    let mut functions = BTreeSet::new();
    for file in workspace::files(".rs")? {
        let text = sh::text(&root.join(&file))?;
        citations.extend(citations::read(&file, &text)?);
        functions.extend(attacks::functions(&text).map(str::to_owned));
    }
    let mut broken = unknown(&documents, &citations);
    broken.extend(unheld(&documents, &citations));

    let coverage = measure(&documents, &citations);
    print!("{}", table(&documents, &coverage));

    let attacks = attacks::load(&root.join("docs/spec/attacks.toml"))?;
    println!("{}", attacks.summary(&functions));
    broken.extend(attacks.untested(&functions));

    match floor {
        Floor::Keep => broken.extend(fallen(&read_floor(&root)?, &coverage)),
        Floor::Raise => write_floor(&root, &coverage)?,
    }
    for line in &broken {
        println!("{line}");
    }
    if !broken.is_empty() {
        bail!("{} promises of docs/spec are broken", broken.len());
    }
    Ok(())
}

/// Citations of what no document lists.
fn unknown(documents: &[Document], citations: &[Citation]) -> Vec<String> {
    citations
        .iter()
        .filter(|citation| {
            !documents.iter().any(|document| document.lists(&citation.document, &citation.id))
        })
        .map(|citation| format!("{citation}: docs/spec lists no such requirement"))
        .collect()
}

/// Requirements that are said to be held, and are not cited by both code and a test.
fn unheld(documents: &[Document], citations: &[Citation]) -> Vec<String> {
    let mut broken = Vec::new();
    for document in documents {
        for requirement in document.in_state(State::Held) {
            for (by, what) in [(Use::Code, "code"), (Use::Test, "a test")] {
                if !cited(citations, document, &requirement.id, by) {
                    let (name, id) = (&document.name, &requirement.id);
                    broken.push(format!("{name}#{id} is marked held, and {what} must cite it"));
                }
            }
        }
    }
    broken
}

fn cited(citations: &[Citation], document: &Document, id: &str, by: Use) -> bool {
    citations.iter().any(|citation| {
        citation.document == document.name && citation.id == id && citation.by == by
    })
}

fn measure(documents: &[Document], citations: &[Citation]) -> Coverage {
    let count = |document: &Document, by| {
        let ids = document.requirements.iter().map(|requirement| &requirement.id);
        ids.filter(|id| cited(citations, document, id, by)).count()
    };
    documents
        .iter()
        .map(|document| {
            let held = document.in_state(State::Held).count();
            let (code, test) = (count(document, Use::Code), count(document, Use::Test));
            (document.name.clone(), Covered { code, test, held })
        })
        .collect()
}

fn table(documents: &[Document], coverage: &Coverage) -> String {
    let row = |name: &str, listed: usize, Covered { code, test, held }: Covered| {
        format!("{name:<18} {listed:>6} {code:>5} {test:>5} {held:>5}\n")
    };
    let mut rows = vec!["document           listed  code  test  held\n".to_owned()];
    let (mut all, mut sum) = (0, Covered::default());
    for document in documents {
        let listed = document.requirements.len();
        let covered = coverage.get(&document.name).copied().unwrap_or_default();
        rows.push(row(&document.name, listed, covered));
        all += listed;
        sum.code += covered.code;
        sum.test += covered.test;
        sum.held += covered.held;
    }
    rows.push(row("all", all, sum));
    rows.concat()
}

/// Documents whose coverage fell below the committed floor.
fn fallen(floor: &Coverage, now: &Coverage) -> Vec<String> {
    let mut broken = Vec::new();
    for (name, floor) in floor {
        let now = now.get(name).copied().unwrap_or_default();
        for (what, was, is) in [
            ("cited by code", floor.code, now.code),
            ("cited by tests", floor.test, now.test),
            ("held", floor.held, now.held),
        ] {
            if is < was {
                broken.push(format!("{name}: requirements {what} fell from {was} to {is}"));
            }
        }
    }
    broken
}

fn read_floor(root: &Path) -> Result<Coverage> {
    toml::from_str(&sh::text(&root.join(COVERAGE))?).context(COVERAGE)
}

fn write_floor(root: &Path, coverage: &Coverage) -> Result<()> {
    let head = "# The floor under the coverage: written by `cargo xtask spec --update`.\n\n";
    let text = format!("{head}{}", toml::to_string(coverage)?);
    std::fs::write(root.join(COVERAGE), text).context(COVERAGE)?;
    println!("{COVERAGE} holds what is covered now");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents() -> Vec<Document> {
        let text = r#"
            title = "A document"
            [[requirement]]
            id = "1-1"
            level = "MUST"
            text = "One thing."
            state = "held"
            [[requirement]]
            id = "1-2"
            level = "MUST"
            text = "Another."
        "#;
        vec![requirements::parse("doc", text).unwrap()]
    }

    fn citations(source: &str) -> Vec<Citation> {
        citations::read(Path::new("a.rs"), source).unwrap()
    }

    #[test]
    fn a_citation_of_nothing_is_broken() {
        let found = unknown(&documents(), &citations("//= doc#1-1\n//= doc#9-9\n//= other#1-1\n"));
        assert_eq!(
            found,
            [
                "a.rs:2: doc#9-9: docs/spec lists no such requirement",
                "a.rs:3: other#1-1: docs/spec lists no such requirement",
            ]
        );
    }

    #[test]
    fn what_is_held_is_cited_by_code_and_by_a_test() {
        assert_eq!(unheld(&documents(), &citations("//= doc#1-1\n//= doc#1-1 test\n")), [""; 0]);
        let code_only = unheld(&documents(), &citations("//= doc#1-1\n"));
        assert_eq!(code_only, ["doc#1-1 is marked held, and a test must cite it"]);
    }

    #[test]
    fn two_citations_of_one_requirement_count_once() {
        let coverage = measure(&documents(), &citations("//= doc#1-2\n//= doc#1-2\n"));
        assert_eq!(coverage.get("doc").map(|covered| (covered.code, covered.test)), Some((1, 0)));
    }

    #[test]
    fn coverage_may_rise_and_not_fall() {
        let covered = |code| Coverage::from([("doc".into(), Covered { code, test: 0, held: 0 })]);
        assert_eq!(fallen(&covered(1), &covered(2)), [""; 0]);
        let broken = fallen(&covered(2), &covered(1));
        assert_eq!(broken, ["doc: requirements cited by code fell from 2 to 1"]);
        let gone = fallen(&covered(2), &Coverage::new());
        assert_eq!(gone, ["doc: requirements cited by code fell from 2 to 0"]);
    }
}
