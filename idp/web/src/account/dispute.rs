//! "This was not me": what it does is said first, and nothing is left in the browser afterwards.

use axum::{body::Bytes, extract::State, response::Response};
use idp_broker::Disputed as Outcome;

use super::{Place, owner::Owner, shown};
use crate::{
    App,
    answer::add_cookie,
    cookies, logout,
    page::{
        Page,
        context::{
            AccountPage,
            account::{Dispute, Disputed},
        },
    },
};

/// `GET /account/not-me`
pub(crate) async fn show(State(app): State<App>, owner: Owner) -> Response {
    let view = app.broker.account_view(&owner.live, &owner.browser.visit).await;
    let page = view.map(|view| {
        AccountPage::Dispute(Dispute {
            form: owner.form(Place::NotMe.path()),
            again: (!view.may_change).then(|| Place::NotMe.again()),
            back: Place::Overview.path().to_owned(),
        })
    });
    shown(&app, page, &owner, Place::NotMe)
}

/// `POST /account/not-me`
pub(crate) async fn report(State(app): State<App>, owner: Owner, body: Bytes) -> Response {
    if let Err(response) = owner.fields(&app, &body).await {
        return response;
    }
    let visit = &owner.browser.visit;
    let outcome = match app.broker.dispute(&owner.live, visit).await {
        Ok(outcome) => outcome,
        Err(fault) => return app.faulted(&fault, visit),
    };
    let page = Page::Account(AccountPage::Disputed(Disputed {
        reset: outcome == Outcome::Reset,
        reference: visit.reference.to_string(),
        home: "/".to_owned(),
    }));
    let mut response = app.page(&page, visit, None);
    logout::clear(&app, &mut response);
    add_cookie(&mut response, cookies::clear(&app.cookies.device));
    response
}
