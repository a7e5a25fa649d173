//! The page of factors: passkeys, the authenticator app, recovery codes, remembered devices.

use axum::{extract::State, response::Response};
use idp_broker::AccountView;
use idp_domain::{Fault, Timestamp};

use super::{Place, owner::Owner, shown};
use crate::{
    App,
    page::{
        DisplayName,
        context::{
            AccountPage,
            account::{AppRow, CodesRow, DeviceRow, Done, PasskeyRow, Security, When},
        },
    },
};

/// `GET /account/security`
pub(crate) async fn show(State(app): State<App>, owner: Owner) -> Response {
    let page = security(&app, &owner).await.map(AccountPage::Security);
    shown(&app, page, &owner, Place::Security)
}

async fn security(app: &App, owner: &Owner) -> Result<Security, Fault> {
    let view = app.broker.account_view(&owner.live, &owner.browser.visit).await?;
    let done = owner.desk().say().await?;
    Ok(page(&view, done, None, owner))
}

/// The page after a name for the passkey `credential` that is none.
pub(super) async fn misnamed(app: &App, credential: &str, owner: &Owner) -> Response {
    let view = app.broker.account_view(&owner.live, &owner.browser.visit).await;
    let page = view.map(|view| page(&view, None, Some(credential), owner));
    shown(app, page.map(AccountPage::Security), owner, Place::Security)
}

fn page(view: &AccountView, done: Option<Done>, misnamed: Option<&str>, owner: &Owner) -> Security {
    let now = owner.browser.visit.now;
    let has_factor = view.totp || !view.passkeys.is_empty();
    Security {
        done,
        passkeys: view.passkeys.iter().map(|row| passkey(row, misnamed, now)).collect(),
        app: AppRow { enrolled: view.totp, allowed: view.rules.totp },
        codes: CodesRow {
            left: view.recovery_codes,
            allowed: view.rules.recovery_codes,
            makeable: view.rules.recovery_codes && has_factor,
        },
        devices: view.devices.iter().map(|row| device(row, now)).collect(),
        form: owner.form(Place::Security.path()),
    }
}

fn passkey(row: &idp_broker::PasskeyRow, misnamed: Option<&str>, now: Timestamp) -> PasskeyRow {
    let shown = |text: &str| DisplayName::new(text, "?");
    PasskeyRow {
        id: row.credential.clone(),
        name: shown(&row.name),
        model: row.model.as_deref().map(shown),
        added: When::new(row.created_at, now),
        used: row.last_used_at.map(|at| When::new(at, now)),
        bound: !row.synced,
        misnamed: misnamed == Some(row.credential.as_str()),
    }
}

fn device(row: &idp_broker::DeviceRow, now: Timestamp) -> DeviceRow {
    DeviceRow {
        id: row.id.to_string(),
        browser: DisplayName::new(&row.browser, "?"),
        since: When::new(row.remembered_at, now),
        until: When::new(row.ends_at, now),
        current: row.this,
    }
}
