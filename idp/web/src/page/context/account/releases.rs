//! The page of releases: which service was told what, and when.

use idp_domain::Lang;
use serde::Serialize;

use super::{When, sample_service, samples, when::before};
use crate::page::context::{DisplayName, ReleaseKind};

/// What the page of releases shows.
#[derive(Clone, Debug, Serialize)]
pub struct Releases {
    /// The services, the one that was told last first.
    pub services: Vec<ReleaseRow>,
    /// Where the receipt is.
    pub receipt: String,
    /// For how many days the record is kept.
    pub days: u32,
    /// How many sign-ins the list rests on, where there were more.
    pub cut: Option<u32>,
}

/// A service that was told something.
#[derive(Clone, Debug, Serialize)]
pub struct ReleaseRow {
    /// Its name.
    pub service: DisplayName,
    /// The name of the agency that runs it.
    pub agency: Option<String>,
    /// When it was told last.
    pub at: When,
    /// What it was told, in words of ours.
    pub kinds: Vec<ReleaseKind>,
    /// What it was told that has no word of ours, by name.
    pub others: Vec<DisplayName>,
}

impl Releases {
    /// The page as it may look: several services, and none.
    pub(super) fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let agency = Some(samples::row(lang).name);
        let travel = ReleaseRow {
            service: sample_service(),
            agency: agency.clone(),
            at: before(60 * 8),
            kinds: vec![
                ReleaseKind::Identifier,
                ReleaseKind::Name,
                ReleaseKind::Email,
                ReleaseKind::Agency,
            ],
            others: Vec::new(),
        };
        let ledger = ReleaseRow {
            service: DisplayName::new("Supply Ledger", ""),
            agency: None,
            at: before(86_400 * 17),
            kinds: vec![ReleaseKind::Identifier, ReleaseKind::Affiliation, ReleaseKind::Groups],
            others: vec![DisplayName::new("dutyStation", "")],
        };
        let some = Self {
            services: vec![travel, ledger],
            receipt: "/account/releases.json".to_owned(),
            days: 30,
            cut: None,
        };
        let cut = Self { cut: Some(500), ..some.clone() };
        let none = Self { services: Vec::new(), ..some.clone() };
        vec![
            ("account_releases-none", none),
            ("account_releases-cut", cut),
            ("account_releases", some),
        ]
    }
}
