//! Pages for slow lines: what the first page weighs, and how long one takes to make.

use std::time::{Duration, Instant};

use idp_domain::Lang;

use super::{look, pages, render};
use crate::page::{Page, context::Script};

/// The goal for the first page with its stylesheet and pictures, in bytes, before compression.
const FIRST_PAGE: usize = 30 * 1024;

/// The goal for pages with a script or with more styles, which come after it.
const LATER_PAGE: usize = 36 * 1024;

/// The goal for every other page with the same.
const OTHER_PAGE: usize = 20 * 1024;

/// A page with all that a browser loads for it.
fn weight(html: &str) -> usize {
    let assets = pages().theme().assets();
    // The picture behind all pages is named by the stylesheet.
    let loaded = assets.filter(|(path, _)| html.contains(path) || path.contains("/arches."));
    loaded.map(|(_, asset)| asset.content().len()).sum::<usize>() + html.len()
}

#[test]
fn pages_are_light_even_among_a_thousand_agencies() {
    let pages = pages();
    for lang in Lang::ALL {
        let first = weight(&render(pages, &look::crowded(lang, 1_000), lang).html);
        assert!(first < FIRST_PAGE, "{first} bytes in {}", lang.tag());
        for (name, page) in Page::samples(lang) {
            let html = render(pages, &page, lang).html;
            let comes_later = page.script() == Script::Passkey || html.contains("/static/more.");
            let most = if comes_later { LATER_PAGE } else { OTHER_PAGE };
            let bytes = weight(&html);
            assert!(bytes < most, "{name}: {bytes} bytes in {}", lang.tag());
        }
    }
}

#[test]
fn a_page_is_made_quickly() {
    let pages = pages();
    let all = Page::samples(Lang::Ar);
    let start = Instant::now();
    let bytes: usize = all.iter().map(|(_, page)| render(pages, page, Lang::Ar).html.len()).sum();
    let each = start.elapsed() / u32::try_from(all.len()).unwrap();
    assert!(bytes > 0);
    // Without optimization; with it the same takes a twentieth.
    assert!(each < Duration::from_millis(20), "{each:?} a page");
}
