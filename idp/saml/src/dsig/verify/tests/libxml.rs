//! Canonicalization beside that of libxml2, over documents by chance.

use crate::dsig::backend::canonicalize;
use crate::xml::{Document, Limits};

const PREFIXES: [&str; 4] = ["", "p", "q", "r"];
/// None of them needs escaping, which libxml2 leaves out here.
const SPACES: [&str; 3] = ["urn:a", "urn:b", "http://c.example/?d"];
const TEXTS: [&str; 8] =
    ["", "x", "&lt;&amp;&gt;", "&#13;\r\n\r", "\t\u{e9}\n", "&quot;'", "&#9;&#10;", " \u{1F600} "];

/// An element by chance. `known` are the prefixes in scope; without a namespace by default there
/// is none with an empty prefix.
fn element(next: &mut impl FnMut(usize) -> usize, known: &[&'static str], depth: usize) -> String {
    let mut known = known.to_vec();
    let mut declared = String::new();
    for prefix in PREFIXES {
        match (prefix, next(4)) {
            ("", 0) => {
                let space = ["", SPACES[0], SPACES[1]][next(3)];
                declared = format!("{declared} xmlns=\"{space}\"");
            }
            (prefix, 0) if !prefix.is_empty() => {
                declared = format!("{declared} xmlns:{prefix}='{}'", SPACES[next(3)]);
                known.push(prefix);
            }
            _ => {}
        }
    }
    let mut name = |local: &str| match known.get(next(known.len() + 1)) {
        Some(prefix) => format!("{prefix}:{local}"),
        None => local.to_owned(),
    };
    let tag = name("e");
    // One attribute a name: two prefixes may stand for one namespace.
    let attributes: Vec<String> = ["Z", "b", "a"].map(&mut name).into();
    let attributes: String = attributes
        .iter()
        .map(|attribute| format!(" {attribute}=\"{}\"", TEXTS[next(TEXTS.len() - 3)]))
        .collect::<Vec<_>>()
        .concat();
    let mut content = String::new();
    for _ in 0..if depth == 0 { 0 } else { next(4) } {
        content.push_str(TEXTS[next(TEXTS.len())]);
        content.push_str(&element(next, &known, depth - 1));
    }
    format!("<{tag}{attributes}{declared} xml:lang='en'>{content}</{tag} >")
}

#[test]
#[expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "a foreign tool judges")]
fn canonicalization_agrees_with_libxml2() {
    if std::process::Command::new("xmllint").arg("--version").output().is_err() {
        eprintln!("skipped: xmllint is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("document.xml");
    let mut state = 1_u32;
    let mut next = |bound: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % bound
    };
    for _ in 0..300 {
        let xml = element(&mut next, &[], 4);
        std::fs::write(&file, &xml).unwrap();
        let mut tool = std::process::Command::new("xmllint");
        let theirs = tool.arg("--exc-c14n").arg(&file).output().unwrap();
        assert!(theirs.status.success(), "{xml}");
        let document = Document::parse(xml.as_bytes(), Limits::MESSAGE).unwrap();
        let ours = String::from_utf8(canonicalize(document.root(), None, &[]).unwrap()).unwrap();
        assert_eq!(ours, String::from_utf8(theirs.stdout).unwrap().trim_end_matches('\n'), "{xml}");
    }
}
