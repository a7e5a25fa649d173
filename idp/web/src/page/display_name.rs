//! Names that others chose for themselves, made fit to be shown beside our own words.

use std::fmt;

use serde::Serialize;
use unicode_normalization::char::is_combining_mark;

/// The most that is shown of a name, in visible characters.
pub const LONGEST: usize = 64;

/// Marks on one letter; more than any living script stacks, and too few to paint over a page.
const MOST_MARKS: usize = 3;

/// A name as it may be shown: one line, at most [`LONGEST`] visible characters, none of the
/// characters that turn the direction of text, hide, or take no room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct DisplayName(String);

impl DisplayName {
    /// Makes `name` fit to be shown; where nothing visible is left, `fallback` (a host, say).
    #[must_use]
    pub fn new(name: &str, fallback: &str) -> Self {
        let shown = fit(name);
        Self(if shown.is_empty() { fit(fallback) } else { shown })
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn fit(name: &str) -> String {
    let (mut out, mut visible, mut marks, mut space) = (String::new(), 0, 0, false);
    for c in name.chars().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() || c.is_control() {
            space = !out.is_empty();
        } else if is_combining_mark(c) {
            marks += 1;
            if marks <= MOST_MARKS && visible > 0 {
                out.push(c);
            }
        } else if visible + usize::from(space) >= LONGEST {
            out.push('…');
            break;
        } else {
            if space {
                out.push(' ');
                visible += 1;
            }
            out.push(c);
            (visible, marks, space) = (visible + 1, 0, false);
        }
    }
    out
}

/// Unicode's format characters and others that show nothing: bidirectional controls, joiners,
/// variation selectors, tags, fillers, private use.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffd}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DisplayName, LONGEST};

    fn shown(name: &str) -> String {
        DisplayName::new(name, "app.example").to_string()
    }

    #[test]
    fn auz_24_characters_that_turn_or_hide_text_are_taken_out() {
        assert_eq!(shown("UN\u{202e}liaM"), "UNliaM");
        assert_eq!(shown("\u{2067}Pay\u{200b}roll\u{2069}\u{feff}"), "Payroll");
        assert_eq!(shown("Mail\u{0}\r\n\tUN\u{2028}Secretariat"), "Mail UN Secretariat");
    }

    #[test]
    fn auz_24_a_long_name_ends_after_64_visible_characters() {
        let long = shown(&"x".repeat(5_000));
        assert_eq!(long.chars().count(), LONGEST + 1);
        assert!(long.ends_with('…'));
        assert_eq!(shown(&"x".repeat(LONGEST)), "x".repeat(LONGEST));
    }

    #[test]
    fn marks_cannot_be_stacked_over_the_page() {
        assert_eq!(shown(&format!("a{}b", "\u{301}".repeat(50))), "a\u{301}\u{301}\u{301}b");
    }

    #[test]
    fn a_name_of_nothing_visible_gives_way_to_the_fallback() {
        assert_eq!(shown(" \u{200f}\u{3164}\u{301} "), "app.example");
    }

    #[test]
    fn names_in_the_six_languages_stay_as_they_are() {
        for name in ["Voyages Élégants", "المنظمة الدولية", "世界粮食计划署", "Поездки и отпуск"]
        {
            assert_eq!(shown(name), name);
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_short_and_shows_the_same_again(name in "\\PC{0,200}|.{0,200}") {
            let once = shown(&name);
            prop_assert!(once.chars().count() <= (LONGEST + 1) * 4);
            prop_assert!(!once.chars().any(char::is_control));
        }
    }
}
