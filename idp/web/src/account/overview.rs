//! The first page: who somebody is here, how well that is protected, what to do next.

use axum::{extract::State, response::Response};
use idp_broker::AccountView;
use idp_domain::{Assurance, Fault};

use super::{Place, lists, owner::Owner, releases, shown};
use crate::{
    App,
    page::{
        DisplayName, Form,
        context::{
            AccountPage, Person,
            account::{Advice, Guard, IdentityRow, Overview, When},
        },
    },
};

/// So few recovery codes are worth a word.
const FEW_CODES: u32 = 2;

/// `GET /account`
pub(crate) async fn show(State(app): State<App>, owner: Owner) -> Response {
    let page = overview(&app, &owner).await.map(AccountPage::Overview);
    shown(&app, page, &owner, Place::Overview)
}

async fn overview(app: &App, owner: &Owner) -> Result<Overview, Fault> {
    let visit = &owner.browser.visit;
    let view = app.broker.account_view(&owner.live, visit).await?;
    let live = lists::live(app, owner).await?;
    let told = lists::told(app, owner).await?;
    let catalog = app.broker.catalog();
    let agency_name = |id| {
        let agency = catalog.agency(id)?;
        Some(agency.names.text(visit.lang)?.to_owned())
    };
    let agency = agency_name(&view.agency).unwrap_or_default();
    let name = view.name.clone().or_else(|| view.mail.clone());
    let here = owner.live.session.latest().map(|event| &event.identity.source);
    let identities = view.links.iter().filter_map(|link| {
        let registered = catalog.source(&link.source)?;
        let alone = catalog
            .sources()
            .filter(|source| source.agency == registered.source.agency)
            .nth(1)
            .is_none();
        let source = registered.source.names.text(visit.lang).filter(|_| !alone);
        Some(IdentityRow {
            agency: agency_name(&registered.agency.id)?,
            source: source.map(|name| DisplayName::new(name, link.source.as_str())),
            since: When::new(link.since, visit.now),
            current: here == Some(&link.source),
        })
    });
    Ok(Overview {
        person: Person { name: name.unwrap_or_else(|| agency.clone()), agency },
        done: owner.desk().say().await?,
        guard: guard(&view, owner),
        advice: advice(&view),
        passkeys: view.passkeys.len(),
        app: view.totp,
        codes: view.recovery_codes,
        sessions: live.items.len().max(1),
        sessions_cut: live.cut,
        services: releases::told(&told.items).len(),
        identities: identities.collect(),
        sign_out: Form::to("/logout"),
    })
}

fn guard(view: &AccountView, owner: &Owner) -> Guard {
    let now = owner.browser.visit.now;
    let by_agency = owner.live.session.latest().map(|event| event.worth(now).assurance);
    match by_agency {
        _ if view.must_enrol => Guard::Reported,
        _ if !view.passkeys.is_empty() => Guard::Passkey,
        _ if view.totp => Guard::App,
        Some(assurance) if assurance > Assurance::Aal1 => Guard::Agency,
        _ => Guard::Bare,
    }
}

fn advice(view: &AccountView) -> Vec<Advice> {
    let may_have_codes = view.rules.recovery_codes && (view.totp || !view.passkeys.is_empty());
    let passkey = match view.passkeys.len() {
        0 => Some(Advice::Passkey),
        1 => Some(Advice::SecondPasskey),
        _ => None,
    };
    let codes = match view.recovery_codes {
        _ if !may_have_codes => None,
        0 => Some(Advice::Codes),
        left if left <= FEW_CODES => Some(Advice::FewCodes(left)),
        _ => None,
    };
    passkey.into_iter().chain(codes).collect()
}
