//! Texts as people type them: without letter case, accents, vowel marks and punctuation.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// What `text` sounds like to the search: words in lower case, one space between them.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c) && *c != '\u{640}') {
        for c in plain(c).to_lowercase() {
            if c.is_alphanumeric() {
                out.push(c);
            } else if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Letters that Arabic and Russian writers use for one another.
fn plain(c: char) -> char {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ة' => 'ه',
        'ک' => 'ك',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::fold;

    #[test]
    fn case_accents_and_punctuation_make_no_difference() {
        assert_eq!(fold("  Réfugiés — l’Alimentation! "), "refugies l alimentation");
        assert_eq!(fold("UN-Habitat"), "un habitat");
        assert_eq!(fold("ＷＦＰ"), "wfp");
        assert_eq!(fold("Организация объединённых"), "организация объединенных");
        assert_eq!(fold("الأغذيةُ والزِّراعـــة"), fold("الاغذيه والزراعه"));
        assert_eq!(fold("世界粮食计划署"), "世界粮食计划署");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing_more(text in "\\PC{0,40}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
