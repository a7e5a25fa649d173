//! The page of releases: which service was told what, and when.

use std::collections::{BTreeMap, BTreeSet};

use axum::{extract::State, response::Response};
use idp_domain::{
    AttributeName, Fault, RelyingPartyId, Timestamp,
    relying_party::{ACCOUNT, Protocol},
};
use idp_store::sessions::Listed;

use super::{Place, lists, owner::Owner, shown};
use crate::{
    App,
    page::{
        DisplayName,
        context::{
            AccountPage, ReleaseKind,
            account::{ReleaseRow, Releases, When},
        },
    },
    problem::display_name,
};

/// For how many days it is known what was told.
pub(super) const DAYS: u32 = 30;

/// Where the same is to be had as a file.
const RECEIPT: &str = "/account/releases.json";

/// `GET /account/releases`
pub(crate) async fn show(State(app): State<App>, owner: Owner) -> Response {
    let page = releases(&app, &owner).await.map(AccountPage::Releases);
    shown(&app, page, &owner, Place::Releases)
}

/// What one service was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// When it was told last.
    pub(super) at: Timestamp,
    /// Of which attributes, by name.
    pub(super) names: BTreeSet<AttributeName>,
}

/// What each service was told in `sessions`.
pub(super) fn told(sessions: &[Listed]) -> BTreeMap<RelyingPartyId, Told> {
    let mut all: BTreeMap<RelyingPartyId, Told> = BTreeMap::new();
    let services = sessions.iter().flat_map(|listed| &listed.services);
    for service in services.filter(|service| service.relying_party.as_str() != ACCOUNT) {
        let told = all.entry(service.relying_party.clone()).or_default();
        told.at = told.at.max(service.since);
        told.names.extend(service.released.iter().cloned());
    }
    all
}

async fn releases(app: &App, owner: &Owner) -> Result<Releases, Fault> {
    let visit = &owner.browser.visit;
    let newest = lists::told(app, owner).await?;
    let catalog = app.broker.catalog();
    let mut told: Vec<_> = told(&newest.items).into_iter().collect();
    told.sort_by_key(|(_, told)| std::cmp::Reverse(told.at));
    let services = told.into_iter().map(|(id, told)| {
        let party = catalog.relying_party(&id).filter(|party| party.protocol != Protocol::Own);
        let agency = party.and_then(|party| catalog.agency(&party.agency));
        let (kinds, others) = in_words(&told.names);
        ReleaseRow {
            // A service that is gone is known by its id alone.
            service: party.map_or_else(
                || DisplayName::new(id.as_str(), "?"),
                |party| display_name(party, visit.lang),
            ),
            agency: agency.and_then(|agency| agency.names.text(visit.lang)).map(str::to_owned),
            at: When::new(told.at, visit.now),
            kinds,
            others,
        }
    });
    Ok(Releases {
        services: services.collect(),
        receipt: RECEIPT.to_owned(),
        days: DAYS,
        cut: newest.cut,
    })
}

/// What was told, in words of ours; and the names of what has none. Every service is told a code
/// that stands for the person.
fn in_words(names: &BTreeSet<AttributeName>) -> (Vec<ReleaseKind>, Vec<DisplayName>) {
    let known = names.iter().map(ReleaseKind::of).filter(|kind| *kind != ReleaseKind::Other);
    let kinds: BTreeSet<_> = known.chain([ReleaseKind::Identifier]).collect();
    let others = names.iter().filter(|name| ReleaseKind::of(name) == ReleaseKind::Other);
    let others = others.map(|name| DisplayName::new(name.as_str(), "?"));
    (kinds.into_iter().collect(), others.collect())
}

#[cfg(test)]
mod tests {
    use super::in_words;
    use crate::page::context::ReleaseKind;

    #[test]
    fn what_has_no_word_of_ours_is_named() {
        let names = ["mail", "pairwise-id", "dutyStation"];
        let names = names.into_iter().filter_map(idp_domain::AttributeName::parse);
        let (kinds, others) = in_words(&names.collect());
        assert_eq!(kinds, [ReleaseKind::Identifier, ReleaseKind::Email]);
        let others: Vec<_> = others.iter().map(ToString::to_string).collect();
        assert_eq!(others, ["dutyStation"]);
    }
}
