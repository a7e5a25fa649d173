//! Writes every page out, to be looked at in a browser: `tests/output/pages/`.

use std::{fs, path::PathBuf};

use idp_domain::{Agency, AgencyId, Lang, Localized};

use super::{pages, render};
use crate::page::{Choose, Directory, Page, context::Listing};

/// Where the pages are written; not part of the repository.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/output/pages")
}

/// A page for choosing among `count` agencies.
pub(super) fn crowded(lang: Lang, count: usize) -> Page {
    const NAMES: [&str; 8] = [
        "Economic Commission for Latin America and the Caribbean",
        "United Nations Office for Project Services",
        "World Meteorological Organization",
        "Joint United Nations Programme on HIV/AIDS",
        "International Fund for Agricultural Development",
        "Universal Postal Union",
        "United Nations Volunteers",
        "Office for the Coordination of Humanitarian Affairs",
    ];
    let acronyms = ["ECLAC", "UNOPS", "WMO", "UNAIDS", "IFAD", "UPU", "UN-Habitat", "OCHA"];
    let letters: Vec<char> = ('A'..='Z').collect();
    let agency = |n: usize| {
        let acronym = match n {
            0..8 => acronyms[n].to_owned(),
            _ => format!("{}{}", letters[n % 26], acronyms[n % 8]),
        };
        Agency {
            id: format!("a{n}").parse().unwrap(),
            names: Localized::new([(lang, NAMES[n % 8].to_owned())]),
            // One of them has no acronym.
            aliases: if n == 6 { Vec::new() } else { vec![acronym] },
            domains: Vec::new(),
            scopes: Vec::new(),
            logo: None,
            contacts: Vec::new(),
            factors: idp_domain::FactorRules::default(),
            sessions: idp_domain::session::Narrower::default(),
            enabled: true,
        }
    };
    let directory = Directory::new((0..count).map(agency));
    let slice = directory.slice(lang, "", None, 0, 50, |_| true);
    let href = |id: &AgencyId| format!("/login/0123456789abcdef0123456789abcdef/agency/{id}");
    let listing =
        Listing::new(&slice, lang, "/login/0123456789abcdef0123456789abcdef/choose", href);
    match super::sample("choose", lang) {
        Page::Choose(choose) => Page::Choose(Choose { listing, ..choose }),
        other => other,
    }
}

#[test]
fn every_page_is_written_out_to_be_looked_at() {
    let (pages, folder) = (pages(), folder());
    fs::create_dir_all(folder.join("static")).unwrap();
    for (path, asset) in pages.theme().assets() {
        fs::write(folder.join(path.trim_start_matches('/')), asset.content()).unwrap();
    }
    for lang in Lang::ALL {
        let mut all = Page::samples(lang);
        all.push(("choose-crowded".to_owned(), crowded(lang, 1_000)));
        for (name, page) in all {
            // Nobody could look at a page that sends itself away.
            let html = render(pages, &page, lang).html.replace("http-equiv=\"refresh\"", "");
            let html = html.replace("document.forms[0].submit()", "");
            fs::write(folder.join(format!("{name}.{}.html", lang.tag())), html).unwrap();
        }
    }
    let written = fs::read_dir(&folder).unwrap().count();
    assert!(written >= Page::samples(Lang::En).len() * 6, "{written}");
}
