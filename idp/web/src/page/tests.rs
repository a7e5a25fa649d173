//! Every page in every language: looked at as text, as a tree, and as a picture's source.

mod echoes;
mod hostile;
mod html;
mod look;
mod proofs;
mod rules;
mod snapshots;
mod weight;
mod wording;

use std::sync::LazyLock;

use idp_domain::Lang;

use super::{Frame, Nonce, Page, Pages, Rendered, Theme};

/// The pages of the default theme.
fn pages() -> &'static Pages {
    static PAGES: LazyLock<Pages> =
        LazyLock::new(|| Pages::new(Theme::embedded().unwrap()).unwrap());
    &PAGES
}

/// Renders `page` as the address `/login/t1/choose?lang=en` would.
fn render(pages: &Pages, page: &Page, lang: Lang) -> Rendered {
    let nonce = Nonce::new([7; 16]);
    pages.render(page, Frame { lang, nonce: &nonce, here: Some("/login/t1/choose?lang=en") })
}

/// The sample of this name.
fn sample(name: &str, lang: Lang) -> Page {
    let found = Page::samples(lang).into_iter().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("no sample `{name}`")).1
}
