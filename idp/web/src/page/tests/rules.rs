//! What every page keeps: well-formed, reachable without sight, mouse or script, closed to others.

use std::collections::BTreeSet;

use idp_domain::Lang;

use super::{html, html::Element, pages, render};
use crate::page::{
    AttemptError, Page,
    context::{AppCodeError, Enrol, FactorError, PasskeyError, Script},
};

/// Runs `check` on every sample in every language.
fn on_every_page(check: impl Fn(&str, Lang, &Page, &Element)) {
    let pages = pages();
    for lang in Lang::ALL {
        for (name, page) in Page::samples(lang) {
            let rendered = render(pages, &page, lang);
            let place = format!("{name} in {}", lang.tag());
            let tree =
                html::read(&rendered.html).unwrap_or_else(|error| panic!("{place}: {error}"));
            check(&place, lang, &page, &tree);
        }
    }
}

#[test]
fn every_page_is_well_formed_and_says_its_language_and_direction() {
    on_every_page(|place, lang, _, tree| {
        let root = tree.named("html")[0];
        assert_eq!(root.attribute("lang"), Some(lang.tag()), "{place}");
        let dir = if lang == Lang::Ar { "rtl" } else { "ltr" };
        assert_eq!(root.attribute("dir"), Some(dir), "{place}");
        assert_eq!(tree.named("title").len(), 1, "{place}");
        assert!(tree.named("title")[0].text.contains("Laissez-Passer"), "{place}");
    });
}

#[test]
fn ids_are_unique_and_references_lead_somewhere() {
    on_every_page(|place, _, _, tree| {
        let mut ids = BTreeSet::new();
        for element in tree.all() {
            if let Some(id) = element.attribute("id") {
                assert!(ids.insert(id), "{place}: `{id}` twice");
            }
        }
        let references = ["for", "form", "aria-describedby", "aria-labelledby"];
        for element in tree.all() {
            let named = references.iter().filter_map(|name| element.attribute(name));
            let anchors = element.attribute("href").and_then(|href| href.strip_prefix('#'));
            for id in named.flat_map(str::split_whitespace).chain(anchors) {
                assert!(ids.contains(id), "{place}: nothing has the id `{id}`");
            }
        }
    });
}

#[test]
fn every_field_has_a_label_and_an_autocomplete_purpose() {
    on_every_page(|place, _, _, tree| {
        for input in tree.named("input") {
            if input.attribute("type") == Some("hidden") {
                continue;
            }
            let id = input.attribute("id").unwrap_or_default();
            let label = tree.named("label").into_iter().find(|l| l.attribute("for") == Some(id));
            assert!(label.is_some_and(|label| !label.text.trim().is_empty()), "{place}: `{id}`");
            assert!(input.attribute("autocomplete").is_some(), "{place}: `{id}`");
            assert!(input.attribute("placeholder").is_none(), "{place}: `{id}`");
        }
    });
}

#[test]
fn a_wrong_field_says_so_and_points_to_the_words() {
    on_every_page(|place, _, page, tree| {
        let wrong: Vec<_> = tree
            .all()
            .into_iter()
            .filter(|e| e.attribute("aria-invalid") == Some("true"))
            .collect();
        for input in &wrong {
            let described = input.attribute("aria-describedby").unwrap_or_default();
            let error = described.split_whitespace().find(|id| id.ends_with("-error"));
            let words = error.and_then(|id| tree.with_id(id)).map(|element| element.text.trim());
            assert!(words.is_some_and(|words| !words.is_empty()), "{place}");
        }
        let must_be = match page {
            Page::Choose(choose) => choose.email.error.is_some(),
            Page::Password(page) => page.error.is_some_and(AttemptError::is_of_a_field),
            Page::Factor(page) => page.error.is_some_and(FactorError::is_of_a_field),
            Page::Enrol(Enrol::Passkey(page)) => page.error == Some(PasskeyError::Name),
            Page::Enrol(Enrol::App(page)) => page.error == Some(AppCodeError::Wrong),
            Page::Account(page) => page.has_wrong_field(),
            _ => false,
        };
        assert_eq!(!wrong.is_empty(), must_be, "{place}");
    });
}

#[test]
fn headings_begin_with_one_h1_and_skip_no_level() {
    on_every_page(|place, _, _, tree| {
        let mut last = 0;
        for element in tree.all() {
            let level = match element.name.as_str() {
                "h1" => 1,
                "h2" => 2,
                "h3" => 3,
                _ => continue,
            };
            assert!(
                level <= last + 1 && (level > 1 || last == 0),
                "{place}: h{level} after h{last}"
            );
            assert!(!element.text.trim().is_empty(), "{place}");
            last = level;
        }
        assert_eq!(tree.named("h1").len(), 1, "{place}");
        assert_eq!(tree.named("main").len(), 1, "{place}");
        assert_eq!(tree.with_id("main").unwrap().name, "main", "{place}");
    });
}

#[test]
fn links_buttons_and_pictures_have_names() {
    on_every_page(|place, _, _, tree| {
        for element in tree.named("a").into_iter().chain(tree.named("button")) {
            assert!(!element.text.trim().is_empty(), "{place}: {:?}", element.attributes);
        }
        for picture in tree.named("img") {
            assert_eq!(picture.attribute("alt"), Some(""), "{place}: pictures here only adorn");
            assert!(picture.attribute("width").is_some(), "{place}: the page would jump");
        }
        for drawing in tree.named("svg") {
            assert_eq!(drawing.attribute("aria-hidden"), Some("true"), "{place}");
        }
        for link in tree.named("a") {
            let href = link.attribute("href").unwrap_or_default();
            // An app for codes on the same device is opened by its own kind of address.
            let leads = ["/", "#", "https://", "otpauth://totp/"]
                .iter()
                .any(|start| href.starts_with(start));
            assert!(leads && link.attribute("target").is_none(), "{place}: {href}");
        }
    });
}

#[test]
fn nothing_on_a_page_needs_an_exception_from_its_policy() {
    on_every_page(|place, _, page, tree| {
        for element in tree.all() {
            for (name, value) in &element.attributes {
                assert!(name != "style" && !name.starts_with("on"), "{place}: {name}");
                assert!(!value.to_lowercase().contains("javascript:"), "{place}: {value}");
            }
            assert!(!["style", "object", "base"].contains(&&*element.name), "{place}");
        }
        let frames = tree.named("iframe");
        assert_eq!(frames.len(), page.frames().len(), "{place}");
        for frame in frames {
            // It may neither lead the page elsewhere nor be met by whoever reads or tabs along.
            assert_eq!(frame.attribute("sandbox"), Some("allow-scripts allow-same-origin"));
            assert_eq!(frame.attribute("aria-hidden"), Some("true"), "{place}");
            assert_eq!(frame.attribute("tabindex"), Some("-1"), "{place}");
        }
        let scripts = tree.named("script");
        assert_eq!(scripts.len(), usize::from(page.script() != Script::None), "{place}");
        for script in scripts {
            let names: Vec<_> = script.attributes.iter().map(|(name, _)| name.as_str()).collect();
            if page.script() == Script::Inline {
                assert_eq!(script.attribute("nonce"), Some("BwcHBwcHBwcHBwcHBwcHBw=="), "{place}");
                assert_eq!(names, ["nonce"], "{place}");
            } else {
                assert_eq!(names, ["src", "integrity", "defer"], "{place}");
                assert!(script.text.is_empty(), "{place}");
            }
        }
    });
}

#[test]
fn ses_15_every_page_is_sent_with_a_strict_policy_and_kept_nowhere() {
    let pages = pages();
    for (name, page) in Page::samples(Lang::En) {
        let rendered = render(pages, &page, Lang::En);
        let header =
            |wanted| rendered.headers().find(|(name, _)| *name == wanted).map(|(_, value)| value);
        let policy = header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; "), "{name}");
        assert!(policy.ends_with("base-uri 'none'; frame-ancestors 'none'"), "{name}");
        assert!(!policy.contains("unsafe"), "{name}");
        let script = page.script();
        assert_eq!(policy.contains("script-src 'nonce-"), script == Script::Inline, "{name}");
        let own = policy.contains("script-src 'self'; connect-src 'self'; ");
        assert_eq!(own, script == Script::Passkey, "{name}");
        assert_eq!(policy.contains("script-src"), script != Script::None, "{name}");
        assert_eq!(policy.contains("frame-src"), !page.frames().is_empty(), "{name}");
        assert_eq!(header("cache-control").unwrap(), "no-store", "{name}");
        let has_form = rendered.html.contains("<form");
        assert_eq!(policy.contains("form-action 'none'"), !has_form, "{name}");
    }
}

#[test]
fn every_page_is_offered_in_the_other_languages_where_it_can_be_had_again() {
    on_every_page(|place, lang, _, tree| {
        let links: Vec<_> =
            tree.named("a").into_iter().filter(|a| a.attribute("hreflang").is_some()).collect();
        assert_eq!(links.len(), 6, "{place}");
        for link in links {
            let tag = link.attribute("hreflang").unwrap();
            assert_eq!(link.attribute("lang"), Some(tag), "{place}");
            assert_eq!(link.attribute("href").unwrap(), format!("/login/t1/choose?lang={tag}"));
            assert_eq!(link.attribute("aria-current").is_some(), tag == lang.tag(), "{place}");
        }
    });
}

#[test]
fn a_script_finds_each_agency_as_one_link_with_its_name() {
    let pages = pages();
    for lang in Lang::ALL {
        let page = super::sample("choose", lang);
        let Page::Choose(choose) = &page else { panic!("not the page for choosing") };
        let tree = html::read(&render(pages, &page, lang).html).unwrap();
        for row in &choose.listing.agencies {
            let links: Vec<_> =
                tree.named("a").into_iter().filter(|a| a.text.contains(&row.name)).collect();
            assert_eq!(links.len(), 1, "{}", row.name);
            assert_eq!(links[0].attribute("href"), Some(row.href.as_str()));
            assert!(links[0].text.contains(row.acronym.as_ref().unwrap()), "{}", row.name);
        }
    }
}

#[test]
fn a_script_can_fill_in_and_send_the_form_for_signing_in() {
    let tree = html::read(&render(pages(), &super::sample("password", Lang::Fr), Lang::Fr).html);
    let tree = tree.unwrap();
    let form = tree.named("form")[0];
    assert_eq!(form.attribute("method"), Some("post"));
    let fields: Vec<_> =
        form.named("input").iter().filter_map(|input| input.attribute("name")).collect();
    assert_eq!(fields, ["attempt", "username", "password", "shared"]);
    assert_eq!(form.named("button").len(), 1);
}

#[test]
fn a_script_can_fill_in_and_send_each_code() {
    let tree = html::read(&render(pages(), &super::sample("factor", Lang::Ar), Lang::Ar).html);
    let tree = tree.unwrap();
    let forms: Vec<_> = tree.named("form");
    let fields = |form: &&Element| {
        let inputs = form.named("input");
        let names = inputs.iter().filter_map(|input| input.attribute("name"));
        names.map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    let all: Vec<_> = forms.iter().map(fields).collect();
    assert_eq!(all, ["ceremony answer", "code remember", "recovery", "pass"]);
    assert!(forms.iter().all(|form| form.attribute("method") == Some("post")));
    assert!(forms.iter().all(|form| form.named("button").len() == 1));
}

#[test]
fn what_the_passkey_script_says_stands_in_the_page() {
    let script = include_str!("../../../../../themes/default/static/passkey.js");
    on_every_page(|place, _, page, tree| {
        if page.script() != Script::Passkey {
            return;
        }
        let forms: Vec<_> = tree.named("form");
        let form = forms.iter().find(|form| form.attribute("data-passkey").is_some()).unwrap();
        for word in ["cancelled", "unsupported", "failed", "busy"] {
            let said = form.attribute(&format!("data-{word}"));
            assert!(said.is_some_and(|said| said.len() > 10), "{place}: {word}");
            assert!(script.contains(&format!("'{word}'")) || word == "failed", "{word}");
        }
        let places = form.all().into_iter().filter(|e| e.attribute("data-complaint").is_some());
        assert_eq!(places.count(), 1, "{place}");
        let other_ways = match page {
            Page::Password(_) => true,
            Page::Factor(factor) => factor.code.is_some(),
            _ => false,
        };
        assert_eq!(tree.named("noscript").len(), usize::from(!other_ways), "{place}");
    });
}

#[test]
fn whoever_has_to_wait_is_told_for_how_long() {
    let pages = pages();
    let all = Page::samples(Lang::Es);
    let told = |name: &str| name.contains("throttled") && !name.starts_with("problem-");
    let throttled: Vec<_> = all.iter().filter(|(name, _)| told(name)).collect();
    assert!(throttled.len() > 5);
    for (name, page) in throttled {
        let rendered = render(pages, page, Lang::Es);
        let wait = rendered.headers().find(|(name, _)| *name == "retry-after");
        let wait = wait.map(|(_, seconds)| seconds.parse::<u32>().unwrap());
        assert!(wait.is_some_and(|wait| wait >= 20), "{name}");
        assert_eq!(wait, page.retry_after(), "{name}");
        assert_eq!(rendered.status, 429, "{name}");
    }
}

#[test]
fn mfa_12_a_page_offers_nothing_that_it_was_not_told_to_offer() {
    for (name, ways) in [
        ("factor-only-passkey", &["answer"][..]),
        ("factor-only-code", &["code", "recovery"]),
        ("factor-only-recovery", &["recovery"]),
        ("factor-only-pass", &["pass"]),
    ] {
        let page = super::sample(name, Lang::En);
        let tree = html::read(&render(pages(), &page, Lang::En).html).unwrap();
        let inputs = tree.named("input");
        let names: Vec<_> = inputs.iter().filter_map(|input| input.attribute("name")).collect();
        for way in ["answer", "code", "recovery", "pass"] {
            assert_eq!(names.contains(&way), ways.contains(&way), "{name}: {way}");
        }
    }
}

#[test]
fn mfa_04_only_a_wish_has_a_way_on_without_it() {
    on_every_page(|place, _, page, tree| {
        let Page::Factor(factor) = page else { return };
        let leads = |form: &&Element| {
            form.attribute("action").is_some_and(|to| to.ends_with("/factor/without"))
        };
        let ways = tree.named("form").into_iter().filter(leads).count();
        assert_eq!(ways, usize::from(factor.without.is_some()), "{place}");
    });
}

#[test]
fn a_problem_always_shows_code_reference_blame_and_a_way_on() {
    on_every_page(|place, _, page, tree| {
        let Page::Problem(problem) = page else { return };
        let main = tree.with_id("main").unwrap();
        assert!(main.text.contains(&problem.code), "{place}");
        assert!(main.text.contains(&problem.reference), "{place}");
        assert_eq!(main.named("a").len(), problem.ways.len().max(1), "{place}");
        assert_eq!(main.named("dt").len(), 3, "{place}");
    });
}
