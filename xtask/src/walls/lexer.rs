//! Just enough of Rust's lexer to tell names from comments and literals.

/// A name in the source, and the line where it stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name<'a> {
    pub(super) text: &'a str,
    pub(super) line: usize,
}

/// Every identifier and keyword, in order; comments and literals hold none.
pub(super) fn names(source: &str) -> Vec<Name<'_>> {
    let mut names = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '"' => 1 + string(rest.get(1..).unwrap_or_default()),
            '\'' => quote(rest),
            'a'..='z' | 'A'..='Z' | '_' => {
                if let Some(length) = raw_string(rest) {
                    length
                } else {
                    let length = word(rest);
                    let (text, after) = rest.split_at(length);
                    // The prefix of `b"…"` or `b'…'` is no name.
                    if !(matches!(text, "b" | "c") && after.starts_with(['"', '\''])) {
                        names.push(Name { text, line });
                    }
                    length
                }
            }
            '0'..='9' => word(rest),
            other => other.len_utf8(),
        };
        let (passed, after) = rest.split_at(length.min(rest.len()));
        line += passed.matches('\n').count();
        rest = after;
    }
    names
}

fn word(rest: &str) -> usize {
    rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len())
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(tail) = rest.get(at..) {
        if tail.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with("*/") {
            depth = depth.saturating_sub(1);
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            let Some(letter) = tail.chars().next() else { break };
            at += letter.len_utf8();
        }
    }
    rest.len()
}

/// The length of a string after its opening quote, with the closing one.
fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of `r"…"`, `br#"…"#` and the like, if one begins here.
fn raw_string(rest: &str) -> Option<usize> {
    let prefix = ["r", "br", "cr"].into_iter().find(|prefix| {
        rest.strip_prefix(prefix)
            .is_some_and(|after| after.trim_start_matches('#').starts_with('"'))
    })?;
    let after = rest.strip_prefix(prefix)?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let close = format!("\"{}", "#".repeat(hashes));
    let opening = prefix.len() + hashes + 1;
    let end = rest.get(opening..)?.find(&close).map_or(rest.len(), |at| opening + at + close.len());
    Some(end)
}

/// The length of a character literal, or of the apostrophe and name of a lifetime.
fn quote(rest: &str) -> usize {
    let after = rest.get(1..).unwrap_or_default();
    if let Some(escape) = after.strip_prefix('\\') {
        let tail = escape.chars().next().map_or(0, char::len_utf8);
        let close = escape.get(tail..).and_then(|text| text.find('\'')).unwrap_or(0);
        return 2 + tail + close + 1;
    }
    let mut letters = after.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), Some('\'')) => 1 + letter.len_utf8() + 1,
        _ => 1 + word(after),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &[&str]) {
        let found: Vec<_> = names(source).into_iter().map(|name| name.text).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn comments_hold_no_names() {
        check("fn a() {} // tenant\n/* realm /* hub */ x */ b", &["fn", "a", "b"]);
    }

    #[test]
    fn literals_hold_no_names() {
        check(r#"let a = "tenant \" realm"; b"hub"; c"#, &["let", "a", "c"]);
        check("x(r#\"tenant \" realm\"#, br\"hub\") y", &["x", "y"]);
    }

    #[test]
    fn characters_and_lifetimes_are_told_apart() {
        check(r"let q = '\''; z", &["let", "q", "z"]);
        check(r"let q = '\u{1f}'; z", &["let", "q", "z"]);
        check("fn f<'tenant>(c: &'tenant str) -> 'x' {}", &["fn", "f", "c", "str"]);
    }

    #[test]
    fn numbers_are_no_names() {
        check("1_000u32 + a1", &["a1"]);
    }

    #[test]
    fn a_name_knows_its_line() {
        assert_eq!(names("a\n\"x\ny\"\nb").last(), Some(&Name { text: "b", line: 4 }));
    }
}
