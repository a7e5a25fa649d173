//! The page on which a person chooses an agency: by mail address, by search, from the list.

use idp_domain::{AgencyId, Lang};
use serde::Serialize;

use super::{DisplayName, Form, FormTargets, sample_service};
use crate::page::search::{Entry, Slice};

/// What the page for choosing an agency shows.
#[derive(Clone, Debug, Serialize)]
pub struct Choose {
    /// Where the person is going.
    pub service: Option<DisplayName>,
    /// Agencies that were used on this device, the latest first.
    pub remembered: Vec<AgencyRow>,
    /// Forgets the remembered agencies; sent by POST.
    pub forget: Option<Form>,
    /// The box for a mail address.
    pub email: EmailBox,
    /// The search; sent by GET with the field `q`.
    pub search: Form,
    /// The list.
    pub listing: Listing,
    /// Says that others use this browser, or takes it back.
    pub shared: SharedBox,
    /// Whether some agencies are left out because they may not use the service.
    pub restricted: bool,
    /// What the forms may reach.
    #[serde(skip)]
    pub targets: FormTargets,
}

/// The box for a mail address; sent by POST with the field `email`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct EmailBox {
    /// Where it is sent.
    pub form: Form,
    /// What was typed.
    pub address: String,
    /// What was wrong with it.
    pub error: Option<EmailError>,
}

/// Whether others use this browser; sent by POST with the field `shared`, which is `yes` or `no`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SharedBox {
    /// Where it is sent.
    pub form: Form,
    /// What the person has said.
    pub shared: bool,
}

/// Why a mail address led nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmailError {
    /// It is no mail address.
    Malformed,
    /// No agency that may be chosen here has its domain.
    Unknown,
}

/// An agency as a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgencyRow {
    /// Where the choice leads.
    pub href: String,
    /// Its name in the person's language.
    pub name: String,
    /// Its acronym.
    pub acronym: Option<String>,
    /// The path of its logo on the broker.
    pub logo: Option<String>,
    /// What stands in place of a logo where there is no acronym either.
    pub initials: String,
}

impl AgencyRow {
    /// The row of `entry`, whose choice leads to `href`.
    #[must_use]
    pub fn new(entry: &Entry, lang: Lang, href: String) -> Self {
        let name = entry.name(lang).to_owned();
        let words = name.split_whitespace().filter_map(|word| word.chars().next());
        let initials = words.filter(|c| c.is_alphanumeric()).take(2).collect();
        Self {
            href,
            acronym: entry.acronym(lang).map(str::to_owned).filter(|acronym| *acronym != name),
            logo: entry.logo().map(str::to_owned),
            initials,
            name,
        }
    }
}

/// A part of the list of agencies, with the ways to the other parts.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Listing {
    /// What was searched for; empty for the list as a whole.
    pub query: String,
    /// The agencies.
    pub agencies: Vec<AgencyRow>,
    /// The place of the first of them, from 1.
    pub first: usize,
    /// The place of the last of them.
    pub last: usize,
    /// How many there are in all.
    pub total: usize,
    /// The first letters by which one can turn the pages.
    pub letters: Vec<Letter>,
    /// The way to the next part.
    pub more: Option<String>,
    /// The way back to the list as a whole.
    pub all: Option<String>,
}

/// A first letter of agencies.
#[derive(Clone, Debug, Serialize)]
pub struct Letter {
    /// The letter.
    pub text: String,
    /// The way to its agencies.
    pub href: String,
    /// Whether these are shown.
    pub current: bool,
}

impl Listing {
    /// The listing of `slice` on the page at `here` (a path, with or without a query), where
    /// `href` says where the choice of an agency leads.
    ///
    /// The ways to other parts carry the parameters `q`, `letter` and `from`.
    pub fn new(
        slice: &Slice<'_>,
        lang: Lang,
        here: &str,
        href: impl Fn(&AgencyId) -> String,
    ) -> Self {
        let link = |pairs: &[(&str, &str)]| crate::page::functions::with_query(here, pairs);
        let row = |entry: &&Entry| AgencyRow::new(entry, lang, href(entry.id()));
        let (query, letter) = (slice.query.as_str(), slice.letter.as_deref());
        let part = letter.map(|letter| ("letter", letter)).into_iter();
        let part = part.chain((!query.is_empty()).then_some(("q", query)));
        let more = slice.next.map(|next| {
            let from = next.to_string();
            link(&part.clone().chain([("from", from.as_str())]).collect::<Vec<_>>())
        });
        let letters = slice.letters.iter().map(|text| Letter {
            href: link(&[("letter", text)]),
            current: letter == Some(text),
            text: text.clone(),
        });
        Self {
            query: slice.query.clone(),
            agencies: slice.entries.iter().map(row).collect(),
            first: slice.from + 1,
            last: slice.from + slice.entries.len(),
            total: slice.total,
            letters: letters.collect(),
            more,
            all: (part.count() > 0 || slice.from > 0).then(|| link(&[])),
        }
    }
}

impl Choose {
    /// The page as it may look: first seen, with remembered agencies, searched, in vain.
    pub(super) fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let directory = super::samples::directory();
        let here = "/login/t1/choose";
        let href = |id: &AgencyId| format!("/login/t1/agency/{id}");
        let list = |query: &str, letter: Option<&str>, limit| {
            let slice = directory.slice(lang, query, letter, 0, limit, |_| true);
            Listing::new(&slice, lang, here, href)
        };
        let whole = list("", None, 50);
        let first = Self {
            service: Some(sample_service()),
            remembered: Vec::new(),
            forget: None,
            email: EmailBox { form: Form::to("/login/t1/email"), ..EmailBox::default() },
            search: Form::to(here).with("lang", lang.tag()),
            listing: whole.clone(),
            shared: SharedBox { form: Form::to("/login/t1/shared"), shared: false },
            restricted: false,
            targets: FormTargets::own(),
        };
        let email = |address: &str, error| EmailBox {
            address: address.to_owned(),
            error: Some(error),
            ..first.email.clone()
        };
        vec![
            (
                "choose-remembered",
                Self {
                    remembered: whole.agencies.iter().take(2).cloned().collect(),
                    forget: Some(Form::to("/login/t1/forget")),
                    restricted: true,
                    ..first.clone()
                },
            ),
            (
                "choose-shared",
                Self {
                    shared: SharedBox { shared: true, ..first.shared.clone() },
                    ..first.clone()
                },
            ),
            ("choose-search", Self { listing: list("food", None, 50), ..first.clone() }),
            ("choose-none", Self { listing: list("qqq", None, 50), ..first.clone() }),
            ("choose-letter", Self { listing: list("", Some("U"), 1), ..first.clone() }),
            ("choose-part", Self { listing: list("", None, 1), ..first.clone() }),
            (
                "choose-unknown-email",
                Self { email: email("amina@example.net", EmailError::Unknown), ..first.clone() },
            ),
            (
                "choose-malformed-email",
                Self {
                    email: email("amina", EmailError::Malformed),
                    service: None,
                    ..first.clone()
                },
            ),
            ("choose", first),
        ]
    }
}
