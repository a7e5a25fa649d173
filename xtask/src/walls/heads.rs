//! A file says in its first line what it owns, and is short enough to be read at one sitting.

use std::path::Path;

use super::{Breach, Length};

/// What is wrong with the head and the length of one file.
pub(super) fn breaches(file: &Path, text: &str, length: &Length) -> Vec<Breach> {
    let breach = |line, rule: String| Breach { file: file.to_path_buf(), line, rule };
    let mut breaches = Vec::new();
    if !text.starts_with("//!") {
        breaches.push(breach(1, "a module opens with `//!`: what it owns".into()));
    }
    let lines = text.lines().count();
    let (limit, explain) = (length.limit, length.explain);
    if lines > limit {
        breaches
            .push(breach(lines, format!("{lines} lines; a file ends before {limit}: split it")));
    } else if lines > explain && !head(text).any(|line| line.starts_with("//! Length:")) {
        let rule =
            format!("{lines} lines; past {explain} the head gives a reason: `//! Length: …`");
        breaches.push(breach(lines, rule));
    }
    breaches
}

fn head(text: &str) -> impl Iterator<Item = &str> {
    text.lines().take_while(|line| line.starts_with("//!"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let length = Length { limit: 4, explain: 2 };
        let found = breaches(Path::new("a.rs"), text, &length);
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_short_file_with_a_head_is_fine() {
        check("//! Head.\nfn a() {}\n", &[]);
    }

    #[test]
    fn a_file_without_a_head_is_refused() {
        check("fn a() {}\n", &["a.rs:1: a module opens with `//!`: what it owns"]);
    }

    #[test]
    fn a_longer_file_needs_a_reason() {
        check(
            "//! Head.\n\nfn a() {}\n",
            &["a.rs:3: 3 lines; past 2 the head gives a reason: `//! Length: …`"],
        );
        check("//! Head.\n//! Length: one table.\n\nfn a() {}\n", &[]);
    }

    #[test]
    fn past_the_limit_no_reason_helps() {
        check(
            "//! Head.\n//! Length: one table.\n\nfn a() {}\nfn b() {}\n",
            &["a.rs:5: 5 lines; a file ends before 4: split it"],
        );
    }
}
