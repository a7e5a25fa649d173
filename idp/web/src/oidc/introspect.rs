//! Introspection (RFC 7662): is a token good, asked by whom it is for.

use axum::{body::Bytes, extract::State, response::Response};
use idp_domain::Fault;
use idp_oidc::op::{
    Client,
    introspect::{self, INACTIVE, Presented},
};
use idp_store::revocations::RevokedKind;

use super::{
    back::{Caller, No, form, json},
    token::{hash, read},
};
use crate::App;

/// `POST /oidc/introspect`
pub(crate) async fn introspect(State(app): State<App>, caller: Caller, body: Bytes) -> Response {
    let answer = judge(&app, &caller, &body).await;
    app.answer(&caller, "introspect", answer).await
}

async fn judge(app: &App, caller: &Caller, body: &Bytes) -> Result<Response, No> {
    let params = form(caller, body)?;
    let client = app.authenticate(caller, &params).await?;
    let broken = |rule| No::Broken(rule, Some(client.id.clone()));
    let token = introspect::request(&params, &client).map_err(broken)?;
    let answer = look(app, caller, &client, token).await?;
    Ok(json(answer.unwrap_or_else(|| INACTIVE.to_vec())))
}

/// What there is to say of a token; nothing of one that is not good.
async fn look(
    app: &App,
    caller: &Caller,
    client: &Client,
    token: &str,
) -> Result<Option<Vec<u8>>, Fault> {
    let published = app.keys.load();
    match Presented::read(token, &published.keys, &app.issuer, caller.now) {
        Presented::Access(token) => {
            if app.broker.revoked_at(RevokedKind::Token, &token.jti)?.is_some() {
                return Ok(None);
            }
            let stands = match (&token.grant, token.client_id.parse()) {
                (Some(id), _) => app.grant(id, caller.now).await?.is_some(),
                (None, Ok(owner)) => app.client_stands(&owner, token.issued_at)?,
                (None, Err(_)) => false,
            };
            if !stands {
                return Ok(None);
            }
            Ok(Some(introspect::access_token(&token, client)))
        }
        Presented::Refresh(handle) => {
            let found = app.store.grants.find_by_refresh_token(&hash(&handle)?).await;
            let found = found.map_err(|error| Fault::new("finding a refresh token", error))?;
            let live = found.filter(|found| {
                found.used_at.is_none()
                    && caller.now < found.expires_at
                    && found.grant.is_live(caller.now)
            });
            let Some(found) = live else { return Ok(None) };
            let grant = read(&found.grant.body)?;
            if !app.grant_stands(&grant)? {
                return Ok(None);
            }
            let said = introspect::refresh_token(&grant, found.expires_at, &app.issuer, client);
            Ok(Some(said))
        }
        Presented::Nothing => Ok(None),
    }
}
