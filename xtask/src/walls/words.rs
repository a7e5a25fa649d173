//! One word for one thing: the names of the glossary hold where it says that they hold.

use std::path::{Path, PathBuf};

use super::lexer::{Name, names};
use super::{Breach, Rules, Words};

/// A name of more words than this is a sentence, as the names of tests are, and free.
const SENTENCE: usize = 5;

/// Every name in one file that the glossary bans there.
pub(super) fn breaches(file: &Path, text: &str, rules: &Rules) -> Vec<Breach> {
    let here: Vec<&Words> = rules
        .words
        .iter()
        .filter(|words| {
            let inside =
                |folders: &[PathBuf]| folders.iter().any(|folder| file.starts_with(folder));
            inside(&words.under) && !inside(&words.but)
        })
        .collect();
    let mut breaches = Vec::new();
    let mut keyword = "";
    for Name { text, line } in names(text) {
        let mut refuse = |rule: String| {
            breaches.push(Breach { file: file.to_path_buf(), line, rule });
        };
        let parts = parts(text);
        for words in &here {
            if parts.len() > SENTENCE || words.except.iter().any(|name| name == text) {
                continue;
            }
            if let Some(word) = words.never.iter().find(|word| holds(&parts, word)) {
                refuse(format!("`{text}` says `{word}`: {}", words.rule));
            }
        }
        if matches!(keyword, "struct" | "enum" | "trait" | "type" | "union") {
            let last = parts.last().map(String::as_str).unwrap_or_default();
            let endings = &rules.types.never_end;
            if let Some(ending) = endings.iter().find(|ending| ending.to_lowercase() == last) {
                refuse(format!("the type `{text}` ends in {ending}, which says nothing"));
            }
        }
        if keyword == "fn"
            && let Some(start) = rules.functions.never_begin.iter().find(|s| text.starts_with(*s))
        {
            refuse(format!("`{text}` begins with `{start}`: say what it does, or just the noun"));
        }
        keyword = text;
    }
    breaches
}

/// The words of an identifier, in lower case: `OidcClient` and `oidc_client` alike.
fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut after_small = false;
    for piece in name.split('_') {
        parts.push(String::new());
        for letter in piece.chars() {
            if letter.is_uppercase() && after_small {
                parts.push(String::new());
            }
            after_small = !letter.is_uppercase();
            if let Some(part) = parts.last_mut() {
                part.extend(letter.to_lowercase());
            }
        }
        after_small = false;
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Whether the parts hold `word` (which may be several, `redirect_uri`), or its plural.
fn holds(parts: &[String], word: &str) -> bool {
    let wanted: Vec<&str> = word.split('_').collect();
    parts.windows(wanted.len()).any(|window| {
        window
            .iter()
            .zip(&wanted)
            .all(|(part, wanted)| part == wanted || part.strip_suffix('s') == Some(*wanted))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        check_in("idp/domain/src/a.rs", text, expected);
    }

    fn check_in(file: &str, text: &str, expected: &[&str]) {
        let rules: Rules = toml::from_str(
            r#"
            [arrows]
            [only]
            [never]
            [length]
            limit = 500
            explain = 400
            [types]
            never_end = ["Manager", "Data"]
            [functions]
            never_begin = ["get_"]
            [[words]]
            rule = "say Agency"
            under = ["idp"]
            never = ["tenant"]
            [[words]]
            rule = "no dialect here"
            under = ["idp/domain"]
            but = ["idp/domain/src/attribute"]
            never = ["claim", "redirect_uri"]
            except = ["claim_once"]
            "#,
        )
        .unwrap();
        let found = breaches(Path::new(file), text, &rules);
        assert_eq!(found.iter().map(|found| found.rule.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_banned_word_is_found_in_either_case_and_in_the_plural() {
        check("struct TenantId;", &["`TenantId` says `tenant`: say Agency"]);
        check("let all_tenants = 1;", &["`all_tenants` says `tenant`: say Agency"]);
        check("fn claims() {}", &["`claims` says `claim`: no dialect here"]);
        check("fn lieutenant() {}", &[]);
    }

    #[test]
    fn several_words_match_in_a_row_only() {
        check("redirect_uris", &["`redirect_uris` says `redirect_uri`: no dialect here"]);
        check("redirect_to_uri", &[]);
    }

    #[test]
    fn an_exception_is_a_whole_name() {
        check("claim_once()", &[]);
        check("claim_twice()", &["`claim_twice` says `claim`: no dialect here"]);
    }

    #[test]
    fn a_folder_can_be_left_out() {
        check_in("idp/domain/src/attribute/registry.rs", "claim", &[]);
        check_in("idp/web/src/a.rs", "claim", &[]);
    }

    #[test]
    fn the_name_of_a_test_is_a_sentence_and_free() {
        check("fn the_first_claim_to_a_name_wins() {}", &[]);
    }

    #[test]
    fn a_type_may_not_end_in_an_empty_word() {
        check("struct KeyManager;", &["the type `KeyManager` ends in Manager, which says nothing"]);
        check("struct Metadata;", &[]);
        check("let x: KeyData = y;", &[]);
    }

    #[test]
    fn a_function_does_not_begin_with_get() {
        check(
            "fn get_key() {}",
            &["`get_key` begins with `get_`: say what it does, or just the noun"],
        );
    }

    #[test]
    fn capitals_in_a_row_are_one_word() {
        assert_eq!(parts("OIDCClient2"), ["oidcclient2"]);
        assert_eq!(parts("OidcClient"), ["oidc", "client"]);
        assert_eq!(parts("MAX_AGE"), ["max", "age"]);
    }
}
