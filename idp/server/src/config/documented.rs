//! Writes `docs/generated/config.md` from the comments of `file.rs`, so that they cannot differ.

use std::fmt::Write as _;

use expect_test::expect_file;

/// A struct of `file.rs`: its name, its comment, and its fields with theirs.
struct Section {
    name: String,
    about: String,
    keys: Vec<(String, String, String)>,
}

fn sections(source: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut comment = String::new();
    for line in source.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            comment.push_str(text);
        } else if let Some(rest) = line.strip_prefix("pub(crate) struct ") {
            let name = rest.trim_end_matches(" {").to_owned();
            let about = std::mem::take(&mut comment);
            sections.push(Section { name, about, keys: Vec::new() });
        } else if let Some(rest) = line.strip_prefix("pub(crate) ")
            && let Some((key, kind)) = rest.trim_end_matches(',').split_once(": ")
            && let Some(section) = sections.last_mut()
        {
            let about = std::mem::take(&mut comment);
            section.keys.push((key.to_owned(), kind.to_owned(), about));
        } else if !line.starts_with("#[") {
            comment.clear();
        }
    }
    sections
}

fn plain(kind: &str) -> &str {
    let inner = kind.strip_prefix("Option<").and_then(|rest| rest.strip_suffix('>'));
    match inner.unwrap_or(kind) {
        "String" | "OneOrMany" => "text",
        "SocketAddr" => "address and port",
        "Url" => "URL",
        "PathBuf" => "path",
        "Vec<PathBuf>" => "paths",
        "Vec<IpNet>" => "networks",
        "Vec<String>" => "texts",
        "Vec<Url>" => "URLs",
        "SecretRef" => "secret",
        "Localized" => "texts by language",
        "LogFormat" => "`json` or `text`",
        "bool" => "true or false",
        "u16" | "u32" | "usize" => "number",
        "MailTls" => "`starttls`, `implicit` or `none`",
        other => other,
    }
}

#[test]
fn the_reference_of_the_configuration_is_what_the_code_says() {
    let sections = sections(include_str!("file.rs"));
    let (whole, others) = sections.split_first().unwrap();
    let mut page = String::from(
        "# `idp.toml`\n\n\
         Written by a test from the comments in `idp/server/src/config/file.rs`; do not edit.\n\n\
         Unknown keys are errors.\n\
         `IDP_SECTION__KEY` in the environment overrides a key.\n\
         A secret is `{ env = \"NAME\" }` or `{ file = \"PATH\" }`.\n",
    );
    for (section, kind, about) in &whole.keys {
        let name = kind.trim_start_matches("Option<").trim_end_matches('>');
        write!(page, "\n## `[{section}]`\n\n{}\n", about.trim()).unwrap();
        let Some(fields) = others.iter().find(|other| other.name == name) else { continue };
        page.push_str("\n| key | is | means |\n|---|---|---|\n");
        for (key, kind, about) in &fields.keys {
            let inner = kind.trim_start_matches("Option<").trim_end_matches('>');
            match others.iter().find(|other| other.name == inner) {
                Some(table) => {
                    for (inner, kind, more) in &table.keys {
                        let more = more.trim();
                        writeln!(page, "| `{key}.{inner}` | {} | {more} |", plain(kind)).unwrap();
                    }
                }
                None => writeln!(page, "| `{key}` | {} | {} |", plain(kind), about.trim()).unwrap(),
            }
        }
    }
    let unused = others.iter().filter(|other| other.about.is_empty());
    assert_eq!(unused.count(), 0, "every section says what it is");
    expect_file!["../../../../docs/generated/config.md"].assert_eq(&page);
}
