//! Documents: those that tests write are written anew on demand; links must lead somewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::{sh, workspace};

/// Writes every generated page anew, and no other snapshot.
pub(crate) fn write() -> Result<()> {
    let root = workspace::root()?;
    let mut names = BTreeSet::new();
    let ours = |file: &PathBuf| file.starts_with("idp");
    for file in workspace::files(".rs")?.into_iter().filter(ours) {
        names.extend(writers(&sh::text(&root.join(file))?).map(str::to_owned));
    }
    let mut command = sh::cargo();
    // Only the product writes pages; the other crates would change its features.
    command.args(["test", "--workspace"]);
    for around in ["idp-tests", "idp-bench", "xtask"] {
        command.args(["--exclude", around]);
    }
    command.args(["--lib", "--bins", "--"]).args(names);
    sh::run(command.env("UPDATE_EXPECT", "1"))
}

/// The tests in a source that write a generated page under `UPDATE_EXPECT=1`, and compare it
/// otherwise.
fn writers(source: &str) -> impl Iterator<Item = &str> {
    let mut function = "";
    source.lines().filter_map(move |line| {
        if let Some((_, after)) = line.split_once("fn ") {
            function = after.split('(').next().unwrap_or_default();
        }
        (line.contains("expect_file!") && line.contains("docs/generated/")).then_some(function)
    })
}

/// Fails when a link leads nowhere, or a generated page has no test that compares it.
pub(crate) fn check() -> Result<()> {
    let root = workspace::root()?;
    let mut broken = Vec::new();
    let pages = workspace::files(".md")?;
    for page in &pages {
        let text = sh::text(&root.join(page))?;
        broken.extend(dead_links(page, &text, |target| root.join(target).exists()));
    }
    broken.extend(orphans(&root, &pages)?);
    for line in &broken {
        println!("{line}");
    }
    if !broken.is_empty() {
        bail!("{} faults in the documents", broken.len());
    }
    println!("links hold in {} pages", pages.len());
    Ok(())
}

/// Generated pages that no source file names, and which therefore nothing keeps true.
fn orphans(root: &Path, pages: &[PathBuf]) -> Result<Vec<String>> {
    let mut named = BTreeSet::new();
    let generated = |page: &&PathBuf| page.starts_with("docs/generated");
    for file in workspace::files(".rs")? {
        let text = sh::text(&root.join(&file))?;
        named.extend(pages.iter().filter(generated).filter(|page| {
            let name = page.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            text.contains(&format!("docs/generated/{name}"))
        }));
    }
    Ok(pages
        .iter()
        .filter(generated)
        .filter(|page| !named.contains(page))
        .map(|page| format!("{}: no test writes and compares this page", page.display()))
        .collect())
}

/// Links to files that do not exist. Addresses outside are not followed.
fn dead_links(page: &Path, text: &str, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let folder = page.parent().unwrap_or(Path::new(""));
    let mut dead = Vec::new();
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for link in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") || file.starts_with("mailto:") {
                continue;
            }
            if !exists(&folder.join(file)) {
                dead.push(format!("{}:{}: nothing lies at {link}", page.display(), index + 1));
            }
        }
    }
    dead
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let there = |target: &Path| target == Path::new("docs/style.md");
        assert_eq!(dead_links(Path::new("docs/a.md"), text, there), expected);
    }

    #[test]
    fn the_test_that_writes_a_page_is_found() {
        let source = "fn other() {}\nfn the_page() {\n    expect_file![\"../docs/generated/a.md\"];\n}\n\
                      fn a_snapshot() {\n    expect_file![\"page.html\"];\n}\n";
        assert_eq!(writers(source).collect::<Vec<_>>(), ["the_page"]);
    }

    #[test]
    fn a_link_to_a_file_that_is_there_holds() {
        check("See [style](style.md#names) and [us](https://example.org/x).", &[]);
    }

    #[test]
    fn a_link_to_nothing_is_dead() {
        check("One.\n[a](gone.md), [b](style.md)", &["docs/a.md:2: nothing lies at gone.md"]);
    }

    #[test]
    fn code_is_not_read_for_links() {
        check("```\nx[1](gone)\n```\n", &[]);
    }
}
