//! `docs/saml.md`: its tables are written from the clauses, and every test that is named exists.

#![expect(clippy::disallowed_methods, reason = "the page and the tests are files")]

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use expect_test::expect_file;

use super::{Clause, Stand};

/// What stands between the words of people and those of this test.
const HERE: &str = "<!-- From here on written by `the_page_says_how_we_stand_to_each_clause` \
                    in `idp/saml`, with UPDATE_EXPECT=1. -->\n";

const SECTIONS: [(&str, &str); 5] = [
    ("SDP-G", "Both roles: general"),
    ("SDP-MD", "Both roles: metadata and trust"),
    ("SDP-ALG", "Both roles: algorithms"),
    ("SDP-SP", "As service provider, towards agencies"),
    ("SDP-IDP", "As identity provider, towards services"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_page_says_how_we_stand_to_each_clause() {
    let page = fs::read_to_string(root().join("docs/saml.md")).unwrap();
    let (words, _) = page.split_once(HERE).expect("the place where this test writes");
    let written = format!("{words}{HERE}{}", tables());
    expect_file![concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/saml.md")].assert_eq(&written);
}

fn tables() -> String {
    let mut text = String::from("\n## Clause by clause\n\n");
    for stand in [Stand::Held, Stand::Partly, Stand::NotHeld, Stand::NotApplicable] {
        let those = || Clause::all().iter().filter(|clause| clause.stand == stand);
        let ids: Vec<_> = those().map(|clause| clause.id.as_str()).collect();
        let list = match stand {
            Stand::Held => String::new(),
            _ => format!(": {}", ids.join(", ")),
        };
        let _ =
            writeln!(text, "* {}: {} of {}{list}.", word(stand), ids.len(), Clause::all().len());
    }
    for (prefix, title) in SECTIONS {
        let _ = write!(
            text,
            "\n### {title}\n\n| clause | it says | we | shown by |\n|---|---|---|---|\n"
        );
        let is_here = |id: &str| {
            let rest = id.strip_prefix(prefix);
            rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        };
        for clause in Clause::all().iter().filter(|clause| is_here(&clause.id)) {
            let Clause { id, level, says, stand, how, tests } = clause;
            let tests: Vec<_> = tests.iter().map(|name| format!("`{name}`")).collect();
            let _ = writeln!(
                text,
                "| {id} {} | {says} | **{}.** {how} | {} |",
                level.as_str(),
                word(*stand),
                tests.join("<br>")
            );
        }
    }
    text
}

fn word(stand: Stand) -> &'static str {
    match stand {
        Stand::Held => "Held",
        Stand::Partly => "Partly",
        Stand::NotHeld => "Not held",
        Stand::NotApplicable => "Not applicable",
    }
}

#[test]
fn every_test_that_a_clause_names_exists() {
    let mut found = BTreeSet::new();
    for folder in ["idp", "tests"] {
        visit(&root().join(folder), &mut found);
    }
    let mut missing = BTreeSet::new();
    for clause in Clause::all() {
        for name in &clause.tests {
            if !found.contains(name) {
                missing.insert(format!("{}: no test is called {name}", clause.id));
            }
        }
    }
    assert_eq!(missing, BTreeSet::new());
}

/// Collects the names of all tests below `folder`.
fn visit(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let is_suite = path.components().any(|part| part.as_os_str() == "tests")
                && !path.starts_with(root().join("tests"));
            found.extend(tests_in(&text, is_suite));
        }
    }
}

/// The functions in `source` that an attribute makes a test of; in a suite that runs on several
/// engines they have none.
fn tests_in(source: &str, is_suite: bool) -> Vec<String> {
    let mut marked = false;
    let mut names = Vec::new();
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[test") || line.starts_with("#[tokio::test") {
            marked = true;
        }
        let after = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
        if let Some(after) = after {
            let name = after.split(['(', '<']).next().unwrap_or_default();
            if marked || (is_suite && after.contains("bench: &")) {
                names.push(name.to_owned());
            }
            marked = false;
        }
    }
    names
}

#[test]
fn a_test_is_a_function_that_says_so() {
    let source = "fn helper() {}\n#[test]\n#[expect(x)]\nfn one() {}\n\
                  async fn two(bench: &Bench) {}\n#[tokio::test]\nasync fn three() {}\n";
    assert_eq!(tests_in(source, false), ["one", "three"]);
    assert_eq!(tests_in(source, true), ["one", "two", "three"]);
}
