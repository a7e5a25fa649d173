//! Revocation (RFC 7009): a client gives back what it has.

use axum::{
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use idp_domain::{AuditEvent, Fault, audit::AuditKind};
use idp_oidc::op::{Client, introspect::Presented, revoke};
use idp_store::journal::{Act, RevokeToken, Unit};

use super::{
    back::{Caller, No, form},
    token::{give_back, hash},
};
use crate::App;

/// `POST /oidc/revoke`
pub(crate) async fn revoke(State(app): State<App>, caller: Caller, body: Bytes) -> Response {
    let answer = take(&app, &caller, &body).await;
    app.answer(&caller, "revoke", answer).await
}

async fn take(app: &App, caller: &Caller, body: &Bytes) -> Result<Response, No> {
    let params = form(caller, body)?;
    let client = app.authenticate(caller, &params).await?;
    let token =
        revoke::request(&params).map_err(|rule| No::Broken(rule, Some(client.id.clone())))?;
    give_up(app, caller, &client, token).await?;
    Ok(StatusCode::OK.into_response())
}

/// Revokes what is the client's own. What is not is answered alike, and put on the trail.
async fn give_up(app: &App, caller: &Caller, client: &Client, token: &str) -> Result<(), Fault> {
    let published = app.keys.load();
    let event = AuditEvent {
        relying_party: Some(client.id.clone()),
        address: Some(caller.address),
        ..AuditEvent::new(AuditKind::TokenRejected, caller.now)
    };
    let foreign = event.because_of("revoke_foreign_token").with("endpoint", "revoke");
    match Presented::read(token, &published.keys, &app.issuer, caller.now) {
        Presented::Access(token) => match revoke::access_token(&token, client) {
            Some(revoked) => {
                let event = AuditEvent {
                    relying_party: Some(client.id.clone()),
                    grant: token.grant.clone(),
                    address: Some(caller.address),
                    ..AuditEvent::new(AuditKind::GrantRevoked, caller.now)
                };
                let event = event.because_of("token_revoked_by_client");
                let act = Act::RevokeToken(RevokeToken {
                    jti: revoked.jti,
                    until: revoked.remember_until,
                    now: caller.now,
                });
                app.broker.commit("revoking a token", Unit::new(act, vec![event])).await?;
                Ok(())
            }
            None => app.broker.record(vec![foreign]).await,
        },
        Presented::Refresh(handle) => {
            let found = app.store.grants.find_by_refresh_token(&hash(&handle)?).await;
            let found = found.map_err(|error| Fault::new("finding a refresh token", error))?;
            match found {
                Some(found) if revoke::is_owner(client, &found.grant.relying_party) => {
                    give_back(app, caller, &client.id, found.grant.id).await
                }
                Some(_) => app.broker.record(vec![foreign]).await,
                None => Ok(()),
            }
        }
        Presented::Nothing => Ok(()),
    }
}
