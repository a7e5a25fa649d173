//! The userinfo endpoint: the attributes behind an access token.

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    response::Response,
};
use http::{HeaderValue, header};
use idp_oidc::{
    error::Rule,
    op::{Params, userinfo},
};
use idp_store::revocations::RevokedKind;

use super::back::{Caller, No, is_form, json};
use crate::App;

/// `GET /oidc/userinfo`
pub(crate) async fn by_get(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Response {
    let answer = tell(&app, &caller, query.as_deref(), None).await;
    answered(&app, &caller, answer).await
}

/// `POST /oidc/userinfo`
pub(crate) async fn by_post(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    caller: Caller,
    body: Bytes,
) -> Response {
    let form = (is_form(&caller.headers) || !body.is_empty()).then_some(&body);
    let answer = tell(&app, &caller, query.as_deref(), form).await;
    answered(&app, &caller, answer).await
}

async fn tell(
    app: &App,
    caller: &Caller,
    query: Option<&str>,
    form: Option<&Bytes>,
) -> Result<Response, No> {
    let query = Params::parse(query.unwrap_or_default().as_bytes())?;
    if form.is_some() && !is_form(&caller.headers) {
        return Err(No::NotAForm);
    }
    let form = form.map(|form| Params::parse(form)?.once()).transpose()?;
    let token = userinfo::bearer(caller.authorization(), &query, form.as_ref())?;
    let published = app.keys.load();
    let token = userinfo::admit(token, &published.keys, &app.issuer, caller.now)?;
    let broken = |rule| No::Broken(rule, token.client_id.parse().ok());
    let revoked = || broken(userinfo::revoked());
    if app.broker.revoked_at(RevokedKind::Token, &token.jti)?.is_some() {
        return Err(revoked());
    }
    let grant = match &token.grant {
        Some(id) => app.grant(id, caller.now).await?,
        None => None,
    };
    let grant = grant.ok_or_else(revoked)?;
    Ok(json(userinfo::body(&token, &grant).map_err(broken)?))
}

/// A no says by its header what is wrong with the token (RFC 6750 §3).
async fn answered(app: &App, caller: &Caller, answer: Result<Response, No>) -> Response {
    let rule: Option<&'static Rule> = match &answer {
        Err(No::Broken(rule, _)) => Some(*rule),
        _ => None,
    };
    let mut response = app.answer(caller, "userinfo", answer).await;
    if let Some(challenge) =
        rule.and_then(|rule| HeaderValue::try_from(userinfo::challenge(rule)).ok())
    {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
