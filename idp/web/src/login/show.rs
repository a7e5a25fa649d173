//! The page of a login: whatever it waits for.

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::Uri;
use idp_broker::{Opened, Turn};
use idp_domain::{Transaction, TransactionId, connector::Form, transaction::Awaiting};
use tower_sessions::Session;

use super::{choose, consent, enrol, factor, follow::Came, local};
use crate::{
    App, page::context::FactorError, problem::Trouble, session_layer::binding, visit::Browser,
};

/// `GET /login/{transaction}`
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    cookie: Session,
    mut browser: Browser,
) -> Response {
    let opened = match app.open(&id, &mut browser, &cookie).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let transaction = opened.transaction;
    match &transaction.awaiting {
        Awaiting::Consent => consent::page(&app, &transaction, &browser),
        Awaiting::Factor(_) => match app.broker.factor_page(&transaction, &browser.visit) {
            Ok(Some(asked)) => {
                factor::page(&app, &transaction, &asked, FactorError::Code, &browser)
            }
            Ok(None) => app.overtaken_by(&transaction, &browser).await,
            Err(fault) => app.faulted(&fault, &browser.visit),
        },
        Awaiting::Enrolment(_) => enrol::show(&app, &transaction, &browser).await,
        Awaiting::Source(asked) if local::is_local(&app, &asked.source) => {
            let form = Form::Password {
                problem: None,
                username: transaction.request.hints.login.clone().unwrap_or_default(),
            };
            local::form(&app, &transaction, &asked.source, &form, &browser)
        }
        Awaiting::SourceChoice | Awaiting::Source(_) => {
            choose::page(&app, &transaction, uri.query(), None, &browser)
        }
        Awaiting::Decision => {
            // Somebody was faster, or a node died between two steps: ask policy again.
            let turn = app.broker.advance(transaction, &browser.visit).await;
            app.follow_or_fault(turn, Came::ByLink, &browser, &cookie).await
        }
    }
}

impl App {
    /// Opens the login `id` for this browser, or says why not on a page.
    pub(crate) async fn open(
        &self,
        id: &str,
        browser: &mut Browser,
        cookie: &Session,
    ) -> Result<Opened, Response> {
        let visit = &browser.visit;
        let Ok(id) = id.parse::<TransactionId>() else {
            return Err(self.rejected(Trouble::not_found(), visit).await);
        };
        let bound = match binding(cookie).await {
            Ok(bound) => bound,
            Err(fault) => return Err(self.faulted(&fault, visit)),
        };
        match self.broker.open(&id, bound.as_deref(), visit).await {
            Ok(Ok(opened)) => {
                browser.wish_lang(opened.transaction.request.hints.locales.as_deref());
                Ok(opened)
            }
            Ok(Err(stopped)) => Err(self.problem(&Trouble::stopped(stopped), visit)),
            Err(fault) => Err(self.faulted(&fault, visit)),
        }
    }

    /// Follows a turn, or shows the failure that there was instead of one.
    pub(crate) async fn follow_or_fault(
        &self,
        turn: Result<Turn, idp_domain::Fault>,
        came: Came,
        browser: &Browser,
        cookie: &Session,
    ) -> Response {
        match turn {
            Ok(turn) => self.follow(turn, came, browser, cookie).await,
            Err(fault) => self.faulted(&fault, &browser.visit),
        }
    }

    /// A step of ours that another request of the same browser was faster to take.
    pub(crate) async fn overtaken(&self, opened: &Opened, browser: &Browser) -> Response {
        self.overtaken_by(&opened.transaction, browser).await
    }

    /// The same for a login that was looked at alone.
    pub(crate) async fn overtaken_by(
        &self,
        transaction: &Transaction,
        browser: &Browser,
    ) -> Response {
        let refusal = idp_domain::Refusal::TransactionConsumed;
        let trouble = Trouble::refused(&refusal).of(transaction.relying_party());
        self.rejected(trouble, &browser.visit).await
    }

    /// A form that no page of ours sends.
    pub(crate) async fn malformed(&self, browser: &Browser) -> Response {
        self.rejected(Trouble::misshapen(), &browser.visit).await
    }
}
