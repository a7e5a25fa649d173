//! Walls: what the compiler does not see. Each breach is one line, `file:line: rule`.

mod arrows;
mod heads;
mod lexer;
mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::{sh, workspace};

/// `docs/walls.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    /// Which crates of ours each crate may name.
    arrows: BTreeMap<String, Vec<String>>,
    /// Which crates may name these crates of others.
    only: BTreeMap<String, Vec<String>>,
    /// Crates that may not stand in the lock file, and why.
    never: BTreeMap<String, String>,
    length: Length,
    types: Types,
    functions: Functions,
    words: Vec<Words>,
}

/// How long a file may be, in lines.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Length {
    /// Past this the file is refused.
    limit: usize,
    /// Past this its head gives the reason, on a line that begins `//! Length:`.
    explain: usize,
}

/// How the name of a type may not end.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Types {
    never_end: Vec<String>,
}

/// How the name of a function may not begin.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Functions {
    never_begin: Vec<String>,
}

/// Words that no identifier in these folders may hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    rule: String,
    under: Vec<PathBuf>,
    /// Folders among them that are free.
    #[serde(default)]
    but: Vec<PathBuf>,
    never: Vec<String>,
    /// Whole identifiers that may stand all the same.
    #[serde(default)]
    except: Vec<String>,
}

/// A place where a wall is broken.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Breach {
    file: PathBuf,
    line: usize,
    rule: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.rule)
    }
}

/// Reads the rules and the tree, prints every breach, and fails when there is one.
pub(crate) fn run() -> Result<()> {
    let root = workspace::root()?;
    let rules: Rules =
        toml::from_str(&sh::text(&root.join("docs/walls.toml"))?).context("docs/walls.toml")?;
    let mut breaches = arrows::breaches(&root, &rules)?;
    let mut files = 0;
    for file in workspace::files(".rs")? {
        let text = sh::text(&root.join(&file))?;
        breaches.extend(heads::breaches(&file, &text, &rules.length));
        breaches.extend(words::breaches(&file, &text, &rules));
        files += 1;
    }
    breaches.sort();
    for breach in &breaches {
        println!("{breach}");
    }
    if !breaches.is_empty() {
        bail!("{} walls broken; the rules stand in docs/walls.toml", breaches.len());
    }
    println!("walls hold in {files} files");
    Ok(())
}
