//! The fields and buttons by which somebody proves something: which of them act by themselves, and
//! how codes are typed and read.

use idp_domain::Lang;

use super::{html, html::Element, pages, render};
use crate::page::{AttemptError, Page, context::FactorError};

/// Runs `check` on every sample, in a language of each direction.
fn on_every_page(check: impl Fn(&str, &Page, &Element)) {
    for lang in [Lang::En, Lang::Ar] {
        for (name, page) in Page::samples(lang) {
            let tree = html::read(&render(pages(), &page, lang).html).unwrap();
            check(&name, &page, &tree);
        }
    }
}

#[test]
fn a_passkey_that_was_refused_is_not_offered_again_by_itself() {
    on_every_page(|place, page, tree| {
        let (form, by_itself) = match page {
            Page::Password(page) => (
                &page.passkey,
                page.error.is_none_or(AttemptError::is_of_a_field) && page.passkey.is_some(),
            ),
            Page::Factor(page) => (
                &page.passkey,
                page.error.is_none_or(FactorError::is_of_a_field)
                    && page.passkey.is_some()
                    && page.code.is_some(),
            ),
            _ => return,
        };
        let all = tree.all();
        let offered = all.iter().any(|e| e.attribute("data-autofill").is_some());
        let field = all.iter().any(|e| {
            let purpose = e.attribute("autocomplete").unwrap_or_default();
            purpose.split_whitespace().any(|word| word == "webauthn")
        });
        assert_eq!((offered, field), (by_itself, by_itself), "{place}");
        let forms = tree.named("form");
        let buttons = forms.iter().filter(|form| form.attribute("data-passkey").is_some());
        assert_eq!(buttons.count(), usize::from(form.is_some()), "{place}");
    });
}

#[test]
fn a_code_is_typed_from_left_to_right_and_at_once_where_nothing_else_can_be() {
    on_every_page(|place, page, tree| {
        let Page::Factor(factor) = page else { return };
        let fields: Vec<_> = tree
            .named("input")
            .into_iter()
            .filter(|input| input.attribute("type") == Some("text"))
            .collect();
        let offered = |input: &&&Element| {
            input.attribute("autocomplete").is_some_and(|word| word.starts_with("one-time-code"))
        };
        assert!(fields.iter().filter(offered).count() <= 1, "{place}: which one is meant?");
        for field in &fields {
            assert_eq!(field.attribute("dir"), Some("ltr"), "{place}");
            assert!(field.attribute("inputmode").is_some(), "{place}");
        }
        let at_once = factor.error.is_none() && factor.passkey.is_none();
        let first = fields.first().and_then(|field| field.attribute("autofocus"));
        assert_eq!(first.is_some(), at_once, "{place}");
    });
}

#[test]
fn the_key_of_an_app_is_in_groups_that_no_line_breaks_and_nobody_translates() {
    for name in ["enrol_app", "account_app", "account_app-wrong"] {
        let page = super::sample(name, Lang::Ar);
        let tree = html::read(&render(pages(), &page, Lang::Ar).html).unwrap();
        let keys = tree.named("code");
        assert_eq!(keys.len(), 1, "{name}");
        let key = keys[0];
        for (attribute, value) in [("dir", "ltr"), ("lang", "en"), ("translate", "no")] {
            assert_eq!(key.attribute(attribute), Some(value), "{name}");
        }
        let groups: Vec<_> = key.text.split(' ').collect();
        assert!(groups.len() == 8 && groups.iter().all(|group| group.len() == 4), "{groups:?}");
        let letters = groups.concat();
        assert!(letters.chars().all(|c| c.is_ascii_uppercase() || ('2'..='7').contains(&c)));
    }
}
