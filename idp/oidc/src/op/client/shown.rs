//! How a client's name is shown: it may not pass for more than it is.

/// The longest name, in characters.
const MAX_CHARACTERS: usize = 64;

/// `name` as pages show it: one line, without marks that turn or hide text, at most 64 characters.
///
/// Who it is, a page says by the host of the redirect URI beside it.
#[must_use]
pub fn shown_name(name: &str) -> String {
    let mut shown = String::with_capacity(name.len().min(MAX_CHARACTERS));
    for word in name.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
        let mut letters = word.chars().filter(|letter| !is_invisible(*letter)).peekable();
        if letters.peek().is_some() && !shown.is_empty() {
            shown.push(' ');
        }
        shown.extend(letters);
    }
    shown.chars().take(MAX_CHARACTERS).collect::<String>().trim_end().to_owned()
}

/// Marks of direction, joiners, fillers and tags: they have no shape of their own.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::shown_name;

    #[test]
    fn auz_24_a_name_cannot_turn_hide_or_outgrow_the_page() {
        assert_eq!(shown_name("liaM\u{202e} Mail\u{202c}\u{200b}"), "liaM Mail");
        assert_eq!(
            shown_name("\u{2066}UN\u{2069}\n\r\t  Secretariat\u{0}Mail "),
            "UN Secretariat Mail"
        );
        assert_eq!(shown_name(&"x".repeat(5_000)).len(), 64);
        assert_eq!(shown_name("\u{3164}\u{2800} \u{feff}"), "");
    }

    #[test]
    fn names_in_the_six_languages_stay_as_they_are() {
        for name in ["بوابة الموردين", "Vendor portal", "Achats & marchés", "采购门户", "Портал"]
        {
            assert_eq!(shown_name(name), name);
        }
    }
}
