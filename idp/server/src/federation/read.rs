//! Reads a federation file in YAML, JSON or TOML, and checks what its entries say of one another.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    path::Path,
};

use idp_domain::{
    AgencyId,
    relying_party::{ACCOUNT, OWN_AGENCY},
};

use super::{
    error::{FederationError, Problem, without_values},
    file::FederationFile,
    parts::hint,
    plan::EntryKind,
};
use crate::config::with_hint;

/// The largest file that is read, in bytes: 10,000 relying parties have room in it.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// How many values a YAML file may have: those 10,000 relying parties are half a million.
const MAX_NODES: usize = 10_000_000;
/// So many agencies are named where none resembles the one that is not there.
const FEW: usize = 5;

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
        line: line.max(1),
        message: with_hint(&without_values(message)),
    };
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => serde_json::from_str(text)
            .map_err(|error| malformed(error.line(), &without_place(&error.to_string()))),
        Some("toml") => toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            malformed(before.matches('\n').count() + 1, error.message())
        }),
        Some("yaml" | "yml") => from_yaml(text).map_err(|error| {
            let line = error.location().map_or(1, |location| location.line());
            let message = error.without_snippet().to_string();
            malformed(usize::try_from(line).unwrap_or(1), &in_our_words(&without_place(&message)))
        }),
        _ => Err(FederationError::Format(path.to_owned())),
    }
}

fn from_yaml(text: &str) -> Result<FederationFile, serde_saphyr::Error> {
    // `connection` is read without a type, so what looks like a text to people must stay one.
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_events: 2 * MAX_NODES, max_nodes: MAX_NODES },
        with_snippet: false,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
    };
    serde_saphyr::from_str_with_options(text, options)
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

/// What the YAML parser says, with the quotes that other parsers put around keys.
fn in_our_words(message: &str) -> String {
    if message.starts_with("duplicate mapping key") {
        return "a key stands here twice".to_owned();
    }
    match message.split_once("expected one of ") {
        Some((before, keys)) if message.starts_with("unknown") => {
            let keys: Vec<_> = keys.split(", ").map(|key| format!("`{key}`")).collect();
            format!("{before}expected one of {}", keys.join(", "))
        }
        _ => message.to_owned(),
    }
}

/// Checks what the entries of a whole federation say of one another.
pub(crate) fn check(file: &FederationFile) -> Result<(), Vec<FederationError>> {
    let mut found = Found { agencies: BTreeSet::new(), errors: Vec::new() };
    found.unique(EntryKind::Agency, file.agencies.iter().map(|entry| entry.id.as_str()));
    found.unique(EntryKind::Source, file.sources.iter().map(|entry| entry.id.as_str()));
    found.unique(
        EntryKind::RelyingParty,
        file.relying_parties.iter().map(|entry| entry.id.as_str()),
    );
    found.reserved(file);
    found.agencies = file.agencies.iter().map(|entry| entry.id.as_str()).collect();
    for source in &file.sources {
        found.known(EntryKind::Source, &source.id, "agency", &source.agency);
    }
    for party in &file.relying_parties {
        found.known(EntryKind::RelyingParty, &party.id, "agency", &party.agency);
        for agency in party.agencies.iter().flatten() {
            found.known(EntryKind::RelyingParty, &party.id, "agencies", agency);
        }
    }
    let mut claimed = BTreeMap::new();
    for agency in &file.agencies {
        for pattern in &agency.domains {
            let text = String::from(pattern.clone());
            if let Some(other) = claimed.insert(text.clone(), &agency.id)
                && *other != agency.id
            {
                let message = format!("`{text}` is claimed by agency `{other}` as well");
                found.error(EntryKind::Agency, &agency.id, Problem::new("domains", message));
            }
        }
    }
    if found.errors.is_empty() { Ok(()) } else { Err(found.errors) }
}

/// What the checks found.
struct Found<'a> {
    agencies: BTreeSet<&'a str>,
    errors: Vec<FederationError>,
}

impl<'a> Found<'a> {
    fn error(&mut self, kind: EntryKind, id: impl Display, problem: Problem) {
        self.errors.push(FederationError::entry(kind, id, problem));
    }

    fn unique(&mut self, kind: EntryKind, ids: impl Iterator<Item = &'a str>) {
        let mut seen = BTreeSet::new();
        for id in ids {
            if !seen.insert(id) {
                self.error(kind, id, Problem::new("id", "it stands here twice"));
            }
        }
    }

    /// Names that are the broker's own.
    fn reserved(&mut self, file: &'a FederationFile) {
        let ours = "this name is the broker's own; choose another";
        let agencies = file.agencies.iter().map(|one| (EntryKind::Agency, one.id.as_str()));
        let parties = file.relying_parties.iter();
        let parties = parties.map(|one| (EntryKind::RelyingParty, one.id.as_str()));
        for (kind, id) in agencies.chain(parties) {
            if [OWN_AGENCY, ACCOUNT].contains(&id) {
                self.error(kind, id, Problem::new("id", ours));
            }
        }
    }

    fn known(&mut self, kind: EntryKind, id: impl Display, key: &str, agency: &AgencyId) {
        if !self.agencies.contains(agency.as_str()) {
            let mut meant = hint(agency.as_str(), self.agencies.iter().copied());
            if meant.is_empty() && (1..=FEW).contains(&self.agencies.len()) {
                let all: Vec<_> = self.agencies.iter().map(|id| format!("`{id}`")).collect();
                meant = format!("; there is {}", all.join(", "));
            }
            let message = format!("there is no agency `{agency}`{meant}");
            self.error(kind, id, Problem::new(key, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use expect_test::{Expect, expect};

    use super::{check as check_entries, parse};

    fn check(name: &str, text: &str, expected: &Expect) {
        let said = match parse(text, Path::new(name)) {
            Err(error) => error.to_string(),
            Ok(file) => match check_entries(&file) {
                Ok(()) => format!("{file:?}").chars().take(60).collect(),
                Err(errors) => {
                    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
                }
            },
        };
        expected.assert_eq(&said);
    }

    #[test]
    fn an_unknown_key_is_told_with_line_and_likely_meaning_in_each_format() {
        let json =
            "{\"agencies\": [\n{\"id\": \"a\", \"names\": {\"en\": \"A\"}, \"domain\": []}]}";
        check("f.json", json, &expect!["f.json:2: unknown key `domain`; did you mean `domains`?"]);
        let yaml = "agencies:\n  - id: a\n    names: { en: A }\n    domain: []\n";
        check("f.yaml", yaml, &expect!["f.yaml:4: unknown key `domain`; did you mean `domains`?"]);
        let toml = "[[agencies]]\nid = \"a\"\nnames = { en = \"A\" }\ndomain = []\n";
        check("f.toml", toml, &expect!["f.toml:4: unknown key `domain`; did you mean `domains`?"]);
    }

    #[test]
    fn what_does_not_parse_is_told_with_its_line_and_without_the_text() {
        check("f.yaml", "agencies:\n  - id: [a\n", &expect!["f.yaml:2: expected string scalar"]);
        check("f.yaml", "sources:\n  - hunter2\n", &expect!["f.yaml:2: expected mapping start"]);
        check(
            "f.json",
            "{\n\"sources\": \"hunter2\"}",
            &expect!["f.json:2: invalid type: text, expected a sequence"],
        );
        check(
            "f.toml",
            "sources = \"hunter2\"",
            &expect!["f.toml:1: invalid type: text, expected a sequence"],
        );
        check(
            "f.yaml",
            "agencies:\n  - id: UNA\n    names: {en: A}\n",
            &expect![
                "f.yaml:2: `U` may not stand in this identifier; lower-case letters, digits, `-`, `_` and `.` may"
            ],
        );
        check(
            "f.yaml",
            "agencies:\n  - id: a\n    id: b\n    names: {en: A}\n",
            &expect!["f.yaml:3: a key stands here twice"],
        );
        check("f.xml", "", &expect!["f.xml: the name must end in .yaml, .yml, .json or .toml"]);
    }

    #[test]
    fn entries_that_contradict_one_another_are_all_named() {
        let yaml = "
agencies:
  - { id: alpha, names: { en: A }, domains: [a.example] }
  - { id: alpha, names: { en: A } }
  - { id: beta, names: { en: B }, domains: [a.example] }
sources:
  - { id: s, agency: alfa, kind: local }
relying_parties:
  - { id: p, agency: alpha, kind: oidc, names: { en: P }, agencies: [bta], connection: {} }
";
        check(
            "f.yaml",
            yaml,
            &expect![[r"
            agencies/alpha: id: it stands here twice
            sources/s: agency: there is no agency `alfa`; there is `alpha`, `beta`
            relying_parties/p: agencies: there is no agency `bta`; did you mean `beta`?
            agencies/beta: domains: `a.example` is claimed by agency `alpha` as well"]],
        );
    }

    #[test]
    fn a_name_of_the_brokers_own_is_nobodys() {
        let yaml = "
agencies:
  - { id: .own, names: { en: A } }
  - { id: a, names: { en: A } }
relying_parties:
  - { id: 'urn:laissez-passer:account', agency: a, kind: oidc, names: { en: P }, connection: {} }
";
        check(
            "f.yaml",
            yaml,
            &expect![[r"
            agencies/.own: id: this name is the broker's own; choose another
            relying_parties/urn:laissez-passer:account: id: this name is the broker's own; choose another"]],
        );
    }
}
