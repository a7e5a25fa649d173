//! Which language a page speaks: one of a fixed list, whatever the browser or the relying party
//! writes. Texts from outside choose among six values and go no further.

use idp_domain::Lang;

/// Longer lists of languages come from nobody's browser and are not read.
const LONGEST_LIST: usize = 1_000;

/// What was said about the language of a page, strongest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes<'a> {
    /// What the person chose on a page: a `lang` parameter, or the cookie that remembers it.
    pub choice: Option<&'a str>,
    /// What the relying party asked for: `ui_locales`, tags separated by spaces
    /// (`OpenID` Connect Core §3.1.2.1).
    pub ui_locales: Option<&'a str>,
    /// What the browser prefers: `Accept-Language` (RFC 9110 §12.5.4).
    pub accept_language: Option<&'a str>,
}

/// The language of a page. A person's own choice on a page goes before the relying party's wish,
/// and that before the browser's; English where nobody names a language that we have.
#[must_use]
pub fn negotiate(wishes: &Wishes<'_>) -> Lang {
    let chosen = wishes.choice.and_then(Lang::from_tag);
    let asked = || {
        let list = wishes.ui_locales.filter(|list| list.len() <= LONGEST_LIST)?;
        list.split_ascii_whitespace().find_map(Lang::from_tag)
    };
    let accepted = || accept(wishes.accept_language?);
    chosen.or_else(asked).or_else(accepted).unwrap_or(Lang::En)
}

/// The language that an `Accept-Language` header weighs heaviest; of equals, the first.
fn accept(header: &str) -> Option<Lang> {
    if header.len() > LONGEST_LIST {
        return None;
    }
    let mut best: Option<(Lang, f32)> = None;
    for range in header.split(',') {
        let mut parts = range.split(';');
        let Some(lang) = parts.next().map(str::trim).and_then(Lang::from_tag) else { continue };
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).unwrap_or("1");
        let weight = weight.trim().parse::<f32>().unwrap_or(0.0);
        let heavier = best.is_none_or(|(_, heaviest)| weight > heaviest);
        if weight > 0.0 && weight <= 1.0 && heavier {
            best = Some((lang, weight));
        }
    }
    best.map(|(lang, _)| lang)
}

#[cfg(test)]
mod tests {
    use idp_domain::Lang;
    use proptest::prelude::*;

    use super::{Wishes, negotiate};

    fn of(choice: &str, ui_locales: &str, accept_language: &str) -> Lang {
        let said = |text| (!str::is_empty(text)).then_some(text);
        negotiate(&Wishes {
            choice: said(choice),
            ui_locales: said(ui_locales),
            accept_language: said(accept_language),
        })
    }

    #[test]
    fn a_persons_choice_goes_before_the_relying_partys_wish_and_the_browsers() {
        assert_eq!(of("fr", "es ru", "ar"), Lang::Fr);
        assert_eq!(of("", "es ru", "ar"), Lang::Es);
        assert_eq!(of("", "", "ar"), Lang::Ar);
        assert_eq!(of("", "", ""), Lang::En);
    }

    #[test]
    fn the_first_language_that_we_have_is_taken_from_ui_locales() {
        assert_eq!(of("", "de-CH pt zh-Hant-TW en", ""), Lang::Zh);
        assert_eq!(of("", "de it", "ru"), Lang::Ru);
    }

    #[test]
    fn accept_language_is_weighed() {
        assert_eq!(of("", "", "en;q=0.5, fr-CH, de;q=0.9"), Lang::Fr);
        assert_eq!(of("", "", "en;q=0.5,ar;q=0.8"), Lang::Ar);
        assert_eq!(of("", "", "fr;q=0, es;q=0.1"), Lang::Es);
        assert_eq!(of("", "", "*"), Lang::En);
        assert_eq!(of("", "", "fr;q=NaN,es;q=7,ru;q=x"), Lang::En);
    }

    #[test]
    fn ses_19_a_locale_that_is_none_of_the_six_is_nobodys() {
        let huge = "a".repeat(10_000);
        let many = "fr ".repeat(5_000);
        let paths = ["../../etc/passwd", "..%2f", "fr/../../x", "{{7*7}}", "${7*7}", "\0", "fr\0"];
        for hostile in paths.into_iter().chain([huge.as_str(), many.as_str()]) {
            assert_eq!(of(hostile, hostile, hostile), Lang::En, "{:?}", hostile.get(..20));
        }
    }

    proptest! {
        #[test]
        fn any_text_yields_one_of_the_six(a in ".{0,60}", b in ".{0,60}", c in ".{0,60}") {
            prop_assert!(Lang::ALL.contains(&of(&a, &b, &c)));
        }
    }
}
