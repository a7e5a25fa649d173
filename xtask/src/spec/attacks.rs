//! The attacks that must fail: each has a test that bears its id, or waits for something named.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::sh;

/// `docs/spec/attacks.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attacks {
    attack: Vec<Attack>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Attack {
    id: String,
    name: String,
    /// The capability without which there is nothing to test.
    waits_for: Option<String>,
    /// The part that follows with a later capability; the rest is tested now.
    later: Option<String>,
}

/// The list of attacks.
pub(super) fn load(file: &Path) -> Result<Attacks> {
    toml::from_str(&sh::text(file)?).context("docs/spec/attacks.toml")
}

/// The names of the functions in a source.
pub(super) fn functions(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| {
        let line = line.trim_start();
        let line = line.strip_prefix("pub ").unwrap_or(line);
        let line = line.strip_prefix("async ").unwrap_or(line);
        line.strip_prefix("fn ")?
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .next()
    })
}

impl Attack {
    fn is_tested(&self, functions: &BTreeSet<String>) -> bool {
        let start = format!("{}_", self.id.to_lowercase().replace('-', "_"));
        functions.range(start.clone()..).next().is_some_and(|name| name.starts_with(&start))
    }
}

impl Attacks {
    /// One line of figures, and one for each attack that waits.
    pub(super) fn summary(&self, functions: &BTreeSet<String>) -> String {
        let tested = self.attack.iter().filter(|attack| attack.is_tested(functions)).count();
        let all = self.attack.len();
        let mut lines = vec![format!("attacks: {tested} of {all} have a test of their name")];
        for Attack { id, name, waits_for, later } in &self.attack {
            if let Some(reason) = waits_for {
                lines.push(format!("  {id} {name}: waits for {reason}"));
            }
            if let Some(part) = later {
                lines.push(format!("  {id} {name}: later, {part}"));
            }
        }
        lines.join("\n")
    }

    /// The attacks that wait for nothing and have no test.
    pub(super) fn untested(&self, functions: &BTreeSet<String>) -> Vec<String> {
        self.attack
            .iter()
            .filter(|attack| attack.waits_for.is_none() && !attack.is_tested(functions))
            .map(|attack| format!("{} {}: no test is named after it", attack.id, attack.name))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attacks() -> Attacks {
        toml::from_str(
            r#"
            [[attack]]
            id = "AUZ-01"
            name = "first"
            [[attack]]
            id = "AUZ-02"
            name = "second"
            waits_for = "a thing"
            "#,
        )
        .unwrap()
    }

    fn names(source: &str) -> BTreeSet<String> {
        functions(source).map(str::to_owned).collect()
    }

    #[test]
    fn an_attack_is_tested_by_a_function_that_bears_its_id() {
        let names = names("#[tokio::test]\nasync fn auz_01_is_refused() {}\n");
        assert_eq!(attacks().untested(&names), [""; 0]);
    }

    #[test]
    fn another_id_with_the_same_start_does_not_count() {
        let names = names("fn auz_010_is_refused() {}\n");
        assert_eq!(attacks().untested(&names), ["AUZ-01 first: no test is named after it"]);
    }

    #[test]
    fn what_waits_is_said() {
        let summary = attacks().summary(&BTreeSet::new());
        assert!(summary.ends_with("AUZ-02 second: waits for a thing"), "{summary}");
    }
}
