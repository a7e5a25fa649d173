//! Which crate may name which: ours by `[arrows]`, others by `[only]`, and some `[never]`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Breach, Rules};
use crate::sh;
use crate::workspace::{self, Package};

/// Every arrow and every third-party crate that the rules do not allow.
pub(super) fn breaches(root: &Path, rules: &Rules) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    for package in workspace::packages()? {
        let manifest = package.manifest_path.strip_prefix(root).unwrap_or(&package.manifest_path);
        let text = sh::text(&package.manifest_path)?;
        breaches.extend(judge(&package, rules).into_iter().map(|(dependency, rule)| Breach {
            file: manifest.to_path_buf(),
            line: line_of(&text, |line| line.starts_with(&dependency)),
            rule,
        }));
    }
    let lock = sh::text(&root.join("Cargo.lock"))?;
    breaches.extend(locked(&lock, &rules.never));
    for file in workspace::files("package-lock.json")? {
        let text = sh::text(&root.join(&file))?;
        breaches.extend(resolved(&text).map(|line| {
            let rule = "a lock file names no host: `npm install --omit-lockfile-registry-resolved`";
            Breach { file: file.clone(), line, rule: rule.into() }
        }));
    }
    Ok(breaches)
}

/// The dependencies of one member that break a rule, with the rule.
fn judge(package: &Package, rules: &Rules) -> Vec<(String, String)> {
    let name = &package.name;
    let Some(allowed) = rules.arrows.get(name) else {
        return vec![("name".into(), format!("docs/walls.toml has no [arrows] for {name}"))];
    };
    let mut found = Vec::new();
    for dependency in &package.dependencies {
        let other = &dependency.name;
        if dependency.path.is_some() {
            if !allowed.contains(other) {
                found.push((other.clone(), format!("{name} may not know {other}")));
            }
        } else if let Some(homes) = rules.only.get(other)
            && !homes.contains(name)
        {
            let homes = homes.join(", ");
            found.push((other.clone(), format!("{other} may be named by {homes} only")));
        }
    }
    found
}

fn locked(lock: &str, never: &BTreeMap<String, String>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (name, reason) in never {
        let entry = format!("name = \"{name}\"");
        if lock.lines().any(|line| line == entry) {
            let line = line_of(lock, |line| line == entry);
            let rule = format!("{name} must stay out of the build: {reason}");
            breaches.push(Breach { file: PathBuf::from("Cargo.lock"), line, rule });
        }
    }
    breaches
}

/// The first line of npm's lock file that names the host a package came from.
fn resolved(lock: &str) -> Option<usize> {
    let names_host = |line: &str| line.trim_start().starts_with("\"resolved\": \"http");
    lock.lines().position(names_host).map(|index| index + 1)
}

fn line_of(text: &str, matches: impl Fn(&str) -> bool) -> usize {
    text.lines().position(matches).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        toml::from_str(
            r#"
            [arrows]
            lower = []
            upper = ["lower"]
            [only]
            sqlx = ["lower"]
            [never]
            openssl = "one TLS stack"
            [length]
            limit = 3
            explain = 2
            [types]
            never_end = []
            [functions]
            never_begin = []
            [[words]]
            rule = "none"
            under = []
            never = []
            "#,
        )
        .unwrap()
    }

    fn member(name: &str, dependencies: &str) -> Package {
        let text = format!(
            r#"{{"name": "{name}", "manifest_path": "Cargo.toml", "dependencies": [{dependencies}]}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn verdicts(package: &Package) -> Vec<String> {
        judge(package, &rules()).into_iter().map(|(_, rule)| rule).collect()
    }

    #[test]
    fn an_arrow_down_is_allowed_and_an_arrow_up_is_not() {
        let upper = member("upper", r#"{"name": "lower", "path": "lower"}"#);
        assert_eq!(verdicts(&upper), Vec::<String>::new());
        let lower = member("lower", r#"{"name": "upper", "path": "upper"}"#);
        assert_eq!(verdicts(&lower), ["lower may not know upper"]);
    }

    #[test]
    fn a_crate_without_a_row_is_refused() {
        assert_eq!(verdicts(&member("new", "")), ["docs/walls.toml has no [arrows] for new"]);
    }

    #[test]
    fn a_guarded_crate_is_named_by_its_homes_only() {
        let upper = member("upper", r#"{"name": "sqlx", "path": null}"#);
        assert_eq!(verdicts(&upper), ["sqlx may be named by lower only"]);
    }

    #[test]
    fn a_host_in_a_lock_file_is_found() {
        assert_eq!(resolved("{\n  \"resolved\": \"https://packages.example/a.tgz\"\n}"), Some(2));
        assert_eq!(resolved("{\n  \"version\": \"1.0.0\"\n}"), None);
    }

    #[test]
    fn a_banned_crate_is_found_in_the_lock_file() {
        let breaches = locked("[[package]]\nname = \"openssl\"\n", &rules().never);
        assert_eq!(
            breaches.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["Cargo.lock:2: openssl must stay out of the build: one TLS stack"]
        );
    }
}
