//! The six languages say the same things, all of them, and nothing that no page asks for.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use idp_domain::Lang;

use super::{pages, render};
use crate::page::{Page, context::ReleaseKind, theme::Theme};

/// The keys of a language's words, each with the variables that it uses.
fn keys(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let path =
        format!("{}/../../themes/default/words/{}.ftl", env!("CARGO_MANIFEST_DIR"), lang.tag());
    let source = std::fs::read_to_string(path).unwrap();
    let resource = FluentResource::try_new(source.clone()).map_err(|(_, errors)| errors).unwrap();
    assert!(resource.entries().count() > 100);
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with(' ')) {
            key.clone_into(&mut current);
            assert!(keys.insert(current.clone(), BTreeSet::new()).is_none(), "`{key}` twice");
        }
        for variable in line.split('$').skip(1) {
            let name: String = variable.chars().take_while(char::is_ascii_alphanumeric).collect();
            keys.get_mut(&current).unwrap().insert(name);
        }
    }
    keys
}

#[test]
fn every_language_has_the_same_keys_with_the_same_variables() {
    let english = keys(Lang::En);
    for lang in Lang::ALL {
        let other = keys(lang);
        for (key, variables) in &english {
            assert_eq!(other.get(key), Some(variables), "`{key}` in {}", lang.tag());
        }
        assert_eq!(other.len(), english.len(), "{} has keys that English lacks", lang.tag());
    }
}

#[test]
fn every_key_is_asked_for_by_some_page() {
    for (_, page) in Page::samples(Lang::En) {
        assert!(!render(pages(), &page, Lang::En).html.is_empty());
    }
    let asked = pages().theme().words(Lang::En).asked();
    // Feet of pages that the default theme leaves empty.
    let optional = ["footer-nav", "support-email", "support-page"];
    let known = keys(Lang::En);
    // Letters are no pages: their own tests ask for these.
    let is_page = |key: &&String| !key.starts_with("letter-");
    let unused: Vec<_> = known
        .keys()
        .filter(is_page)
        .filter(|key| !asked.contains(*key) && !optional.contains(&&***key))
        .collect();
    assert_eq!(unused, Vec::<&String>::new());
}

#[test]
fn plural_forms_are_those_of_the_language() {
    let theme = Theme::embedded().unwrap();
    let minutes = |lang: Lang, count| {
        let insets = [("count", crate::page::i18n::Inset::Count(count))];
        theme.words(lang).html("retry-minutes", &insets).unwrap()
    };
    let of = |lang, counts: &[i64]| counts.iter().map(|n| minutes(lang, *n)).collect::<Vec<_>>();
    expect_test::expect![[r#"
        [
            "Повторите попытку через 1 минуту.",
            "Повторите попытку через 3 минуты.",
            "Повторите попытку через 5 минут.",
            "Повторите попытку через 21 минуту.",
        ]
    "#]]
    .assert_debug_eq(&of(Lang::Ru, &[1, 3, 5, 21]));
    expect_test::expect![[r#"
        [
            "حاول مرة أخرى بعد دقيقة واحدة.",
            "حاول مرة أخرى بعد دقيقتين.",
            "حاول مرة أخرى بعد 3 دقائق.",
            "حاول مرة أخرى بعد 11 دقيقة.",
            "حاول مرة أخرى بعد 100 دقيقة.",
        ]
    "#]]
    .assert_debug_eq(&of(Lang::Ar, &[1, 2, 3, 11, 100]));
    assert_eq!(of(Lang::Fr, &[1, 2]), ["Réessayez dans 1 minute.", "Réessayez dans 2 minutes."]);
}

#[test]
fn every_kind_of_release_has_a_word() {
    let theme = Theme::embedded().unwrap();
    for def in &idp_domain::attribute::REGISTRY {
        let kind = ReleaseKind::of(&def.name);
        assert_ne!(kind, ReleaseKind::Other, "{:?}", def.name);
        let key = format!("release-{}", serde_json::to_value(kind).unwrap().as_str().unwrap());
        assert!(theme.words(Lang::Zh).html(&key, &[]).is_some(), "{key}");
    }
}
