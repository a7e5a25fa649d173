//! What letters say, and what nobody can make them say.

use std::{collections::BTreeSet, fmt::Write as _};

use expect_test::{expect, expect_file};
use idp_domain::{
    Lang, Timestamp,
    factor::FactorKind,
    letter::{Letter, LetterKind},
};
use proptest::prelude::*;
use scraper::{Html, Selector};

use super::{letterhead, sender, words};
use crate::{
    Letterhead, Sender,
    letterhead::{every_kind, sample},
    render,
};

fn enrolled(name: &str) -> LetterKind {
    LetterKind::FactorEnrolled { factor: FactorKind::Passkey, name: name.to_owned() }
}

fn message(letter: &Letter) -> String {
    let now = Timestamp::from_seconds(1_793_801_160);
    let message = sender().message(&letterhead(), letter, "0f1e2d3c", now).unwrap();
    String::from_utf8(message.formatted()).unwrap()
}

/// The names and values of the headers, unfolded.
fn headers(message: &str) -> Vec<(String, String)> {
    let head = message.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
    let line = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_owned(), value.to_owned())
    };
    head.split("\r\n").map(line).collect()
}

#[test]
fn letters_of_every_kind_are_written_in_six_languages() {
    for lang in Lang::ALL {
        let mut all = String::new();
        for kind in every_kind() {
            let written = letterhead().write(&sample(lang, kind)).unwrap();
            writeln!(all, "{}\n{}\n", "=".repeat(72), render::plain(&written)).unwrap();
        }
        let path = format!("{}/src/tests/snapshots/{}.txt", env!("CARGO_MANIFEST_DIR"), lang.tag());
        expect_file![path].assert_eq(&all);
    }
}

#[test]
fn the_html_of_a_letter_is_a_document_of_its_language() {
    for lang in Lang::ALL {
        let written = letterhead().write(&sample(lang, enrolled("YubiKey 5.7"))).unwrap();
        let path =
            format!("{}/src/tests/snapshots/{}.html", env!("CARGO_MANIFEST_DIR"), lang.tag());
        expect_file![path].assert_eq(&render::html(&written));
    }
}

#[test]
fn a_letter_links_to_the_account_of_its_reader_and_to_nothing_else() {
    let own = ["https://sso.example.org/account", "https://sso.example.org/account/not-me"];
    for lang in Lang::ALL {
        for kind in every_kind() {
            let written = letterhead().write(&sample(lang, kind.clone())).unwrap();
            let html = Html::parse_document(&render::html(&written));
            let all = Selector::parse("a, link, img, script, style, iframe, form, [src], [href]");
            let mut links = BTreeSet::new();
            for element in html.select(&all.unwrap()) {
                assert_eq!(element.value().name(), "a", "{kind:?}");
                links.insert(element.attr("href").unwrap().to_owned());
            }
            let expected = if kind == LetterKind::Disputed { &own[..1] } else { &own[..] };
            assert!(links.iter().eq(expected), "{kind:?}: {links:?}");
            let plain = render::plain(&written);
            assert_eq!(plain.matches("://").count(), expected.len(), "{kind:?}\n{plain}");
        }
    }
}

#[test]
fn the_headers_of_a_letter_are_these() {
    let headers = headers(&message(&sample(Lang::Fr, enrolled("YubiKey 5.7"))));
    let shown: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    expect![[r#"
        From: Laissez-Passer <no-reply@sso.example.org>
        To: amina@agency.example
        Subject: Une =?utf-8?b?bcOpdGhvZGU=?= de connexion a =?utf-8?b?w6l0w6kg?= =?utf-8?b?YWpvdXTDqWUgw6A=?= votre compte
        Date: Wed, 04 Nov 2026 14:06:00 +0000
        Message-ID: <0f1e2d3c@sso.example.org>
        Content-Language: fr
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary="part-0f1e2d3c""#]].assert_eq(&shown.join("\n"));
}

#[test]
fn an_address_that_is_more_than_one_address_gets_no_letter() {
    for to in [
        "",
        "amina",
        "@agency.example",
        "amina@agency.example\r\nBcc: eve@evil.example",
        "amina@agency.example\nRCPT TO:<eve@evil.example>",
        "amina@agency.example,eve@evil.example",
        "amina@agency.example eve@evil.example",
        "Amina <amina@agency.example>",
        "\"a b\"@agency.example",
        "amina@agency.example>",
        "amina\u{0}@agency.example",
        "amina\u{85}@agency.example",
        "amina\u{2028}@agency.example",
        &format!("{}@agency.example", "a".repeat(300)),
    ] {
        let letter = Letter { to: to.to_owned(), ..sample(Lang::En, LetterKind::FactorsReset) };
        let now = Timestamp::from_seconds(0);
        assert!(sender().message(&letterhead(), &letter, "id", now).is_err(), "{to:?}");
        assert!(Sender::new(to, None, "sso.example.org").is_err(), "{to:?}");
    }
}

#[test]
fn ses_18_no_text_of_others_is_more_than_text_in_a_letter() {
    let polyglot = "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//%0D%0A//</stYle/\
                    </titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert()//>\\x3e";
    let honest = Html::parse_document(&page(Lang::En, "x", "", ""));
    for hostile in [polyglot, "<img src=x onerror=alert(1)>", "\" onmouseover=\"alert(1)", "<!--"] {
        let html = Html::parse_document(&page(Lang::En, hostile, hostile, hostile));
        assert_eq!(elements(&html), elements(&honest), "{hostile}");
    }
}

#[test]
fn ses_19_what_looks_like_a_template_stays_text() {
    let html = page(Lang::En, "{{7*7}} ${7*7} { $product } <%= 7*7 %>", "{{7*7}}", "${x}");
    assert!(!html.contains("49"), "{html}");
    assert!(html.contains("<bdi>7 7 7 7 product 7 7</bdi>"), "{html}");
}

#[test]
fn a_name_of_the_broker_stays_in_its_header() {
    let product = "Evil\r\nBcc: eve@evil.example\r\n\r\n<b>";
    let letterhead = Letterhead::new(product, "https://sso.example.org", None, words()).unwrap();
    let letter = sample(Lang::En, LetterKind::FactorsReset);
    let message = sender().message(&letterhead, &letter, "id", letter.at).unwrap();
    let names: Vec<_> = headers(&String::from_utf8(message.formatted()).unwrap())
        .into_iter()
        .map(|h| h.0)
        .collect();
    let honest: Vec<_> = headers(&self::message(&letter)).into_iter().map(|h| h.0).collect();
    assert_eq!(names, honest);
}

#[test]
fn without_an_address_of_help_nothing_is_said_of_it() {
    let letterhead =
        Letterhead::new("Laissez-Passer", "https://sso.example.org", None, words()).unwrap();
    let letter = sample(Lang::En, LetterKind::FactorsReset);
    let plain = render::plain(&letterhead.write(&letter).unwrap());
    assert!(!plain.contains('@') && !plain.contains("cannot sign in"), "{plain}");
}

proptest! {
    #[test]
    fn whatever_others_put_into_a_letter_its_headers_and_elements_stay_the_same(
        name in any::<String>(),
        address in any::<String>(),
        reference in any::<String>(),
        rtl in any::<bool>(),
    ) {
        let lang = if rtl { Lang::Ar } else { Lang::En };
        let kind = enrolled(&format!("{name}\r\nBcc: eve@evil.example"));
        let letter = Letter { address, reference, ..sample(lang, kind) };
        let honest = message(&sample(lang, enrolled("x")));
        prop_assert_eq!(headers(&message(&letter)), headers(&honest));
        let html = Html::parse_document(&render::html(&letterhead().write(&letter).unwrap()));
        let text = html.root_element().text().collect::<String>();
        prop_assert!(!text.contains("eve@evil"));
        prop_assert!(!text.contains(turns), "{:?}", text);
    }
}

/// Whether a character turns the text around it.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn page(lang: Lang, name: &str, address: &str, reference: &str) -> String {
    let (address, reference) = (address.to_owned(), reference.to_owned());
    let letter = Letter { address, reference, ..sample(lang, enrolled(name)) };
    render::html(&letterhead().write(&letter).unwrap())
}

fn elements(html: &Html) -> Vec<String> {
    let every = Selector::parse("*").unwrap();
    let all = html.select(&every).map(|element| {
        let attributes: Vec<_> = element.value().attrs().collect();
        format!("{} {attributes:?}", element.value().name())
    });
    all.collect()
}
