//! Six languages, one of them from right to left.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::page::Page;
use idp_tests::harness::run;

use crate::house::{LOCAL, house};

const LANGUAGES: [&str; 6] = ["ar", "en", "es", "fr", "ru", "zh"];

async fn first_page(accept: &str) -> (Visitor, Page) {
    let party = house().await.party("rp1").await;
    let mut visitor = Visitor::new().with_header("accept-language", accept);
    let page = visitor.open(&party.begin(&[]).url).await;
    (visitor, page)
}

fn language(page: &Page) -> String {
    page.attribute("html", "lang").unwrap_or_default()
}

#[test]
fn a_page_is_in_the_language_of_the_browser() {
    run(async {
        let mut headings = std::collections::BTreeSet::new();
        for tag in LANGUAGES {
            let (_, page) = first_page(&format!("{tag}-XX,xx;q=0.5")).await;
            assert_eq!(language(&page), tag);
            let direction = page.attribute("html", "dir");
            assert_eq!(direction.as_deref() == Some("rtl"), tag == "ar", "{tag}");
            headings.insert(page.texts("h1").join(" "));
        }
        assert_eq!(headings.len(), LANGUAGES.len(), "{headings:?}");
    });
}

#[test]
fn a_language_that_we_do_not_speak_gets_english() {
    run(async {
        for accept in ["tlh", "xx-YY, *;q=0.1", ""] {
            let (_, page) = first_page(accept).await;
            assert_eq!(language(&page), "en", "{accept}");
        }
    });
}

#[test]
fn a_language_that_a_person_chooses_stays_on_this_device() {
    run(async {
        let (mut visitor, page) = first_page("en").await;
        let russian = page.attribute("a[lang=ru]", "href").expect("a link to Russian");
        let page = visitor.open(page.url.join(&russian).unwrap()).await;
        assert_eq!(language(&page), "ru", "{}", page.describe());
        let party = house().await.party("rp2").await;
        let page = visitor.open(&party.begin(&[("ui_locales", "fr")]).url).await;
        assert_eq!(language(&page), "ru", "a person's choice weighs more than a service's wish");
    });
}

#[test]
fn an_agency_is_called_by_its_name_in_the_language_of_the_page() {
    run(async {
        for (tag, name) in
            [("fr", "Bureau des ponts"), ("ar", "مكتب الجسور"), ("ru", "Bureau of Bridges")]
        {
            let (_, page) = first_page(tag).await;
            assert!(page.text().contains(name), "{tag}: {}", page.describe());
        }
    });
}

#[test]
fn an_error_page_speaks_the_same_languages() {
    run(async {
        let base = &house().await.broker.base;
        let mut texts = std::collections::BTreeSet::new();
        for tag in LANGUAGES {
            let mut visitor = Visitor::new().with_header("accept-language", tag);
            let page = visitor.open(format!("{base}/nothing/here")).await;
            assert_eq!((page.status, language(&page).as_str()), (404, tag));
            texts.insert(page.texts("h1").join(" "));
        }
        assert_eq!(texts.len(), LANGUAGES.len(), "{texts:?}");
    });
}

#[test]
fn the_sign_in_form_comes_in_arabic_too() {
    run(async {
        let (mut visitor, page) = first_page("ar").await;
        let page = visitor.choose(&page, LOCAL).await;
        assert_eq!(language(&page), "ar", "{}", page.describe());
        page.form_with("password");
    });
}
