//! Whether others use this browser: said by the person, kept with the login.

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::Response,
};
use tower_sessions::Session;

use crate::{
    App,
    answer::see_other,
    form::{pairs, single},
    visit::Browser,
};

/// Whether the form says so.
pub(crate) fn is_ticked(fields: &[(String, String)]) -> bool {
    single(fields, "shared") == Some("yes")
}

/// `POST /login/{transaction}/shared`: the person says that others use this browser, or takes it
/// back.
pub(crate) async fn say(
    State(app): State<App>,
    Path(id): Path<String>,
    cookie: Session,
    mut browser: Browser,
    body: Bytes,
) -> Response {
    let mut opened = match app.open(&id, &mut browser, &cookie).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let fields = pairs(&body).unwrap_or_default();
    opened.transaction.shared = is_ticked(&fields);
    match app.broker.keep_on(&opened).await {
        Ok(true) => see_other(&format!("/login/{}/choose", opened.transaction.id)),
        Ok(false) => app.overtaken(&opened, &browser).await,
        Err(fault) => app.faulted(&fault, &browser.visit),
    }
}
