//! Pages for slow lines: what the first page weighs, and how long one takes to make.

use std::time::{Duration, Instant};

use idp_domain::Lang;

use super::{look, pages, render};
use crate::page::Page;

/// The goal for the first page with its stylesheet and logo, in bytes, before compression.
const FIRST_PAGE: usize = 30 * 1024;

/// The goal for every other page with the same.
const OTHER_PAGE: usize = 20 * 1024;

#[test]
fn pages_are_light_even_among_a_thousand_agencies() {
    let pages = pages();
    let assets = pages.theme().assets();
    let shared: usize = assets.map(|(_, asset)| asset.content().len()).sum();
    for lang in Lang::ALL {
        let first = render(pages, &look::crowded(lang, 1_000), lang).html.len() + shared;
        assert!(first < FIRST_PAGE, "{first} bytes in {}", lang.tag());
        for (name, page) in Page::samples(lang) {
            let bytes = render(pages, &page, lang).html.len() + shared;
            assert!(bytes < OTHER_PAGE, "{name}: {bytes} bytes in {}", lang.tag());
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
