//! Self-service: what a person sees of their own account, and changes in it.
//!
//! Handlers translate. Whether something may be changed, and what follows, the broker says.

mod app;
mod change;
mod dispute;
mod kept;
mod lists;
mod overview;
mod owner;
mod passkey;
mod place;
mod receipt;
mod releases;
mod security;
mod sessions;
mod wish;

pub(crate) use app::{confirm as confirm_app, show as app};
pub(crate) use change::{ask, confirm, show as change};
pub(crate) use dispute::{report, show as dispute};
pub(crate) use overview::show as overview;
pub(crate) use owner::{again, guard};
pub(crate) use passkey::{finish as finish_passkey, show as passkey, start as start_passkey};
pub(crate) use place::Place;
pub(crate) use receipt::download as receipt;
pub(crate) use releases::show as releases;
pub(crate) use security::show as security;
pub(crate) use sessions::show as sessions;

use axum::response::Response;
use idp_broker::Codes;
use idp_domain::Fault;

use crate::{
    App,
    page::{
        FormTargets, Page,
        context::{AccountPage, RecoveryCodes, account::Unprinted},
    },
};
use kept::Desk;
use owner::Owner;

impl Owner {
    fn desk(&self) -> Desk<'_> {
        Desk {
            cookie: &self.cookie,
            account: &self.live.session.account,
            now: self.browser.visit.now,
        }
    }
}

/// A page of self-service, or the page for the failure that there was instead of one.
fn shown(app: &App, page: Result<AccountPage, Fault>, owner: &Owner, place: Place) -> Response {
    match page {
        Ok(page) => app.page_for(&Page::Account(page), &owner.browser, place.path()),
        Err(fault) => app.faulted(&fault, &owner.browser.visit),
    }
}

/// Recovery codes, for the one time that they are shown: as the answer to a form, at no address.
fn codes(app: &App, codes: &Codes, owner: &Owner) -> Response {
    let page = Page::RecoveryCodes(RecoveryCodes {
        codes: codes.iter().map(|code| Unprinted(code.to_owned())).collect(),
        form: owner.form(Place::Security.path()).with("change", "kept"),
        targets: FormTargets::own(),
    });
    app.page(&page, &owner.browser.visit, None)
}
