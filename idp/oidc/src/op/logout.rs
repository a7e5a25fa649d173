//! Logout that a relying party starts (OpenID Connect RP-Initiated Logout 1.0).
//!
//! Who is meant and where the browser may go is judged here; nothing is ended here.

use idp_domain::{RelyingPartyId, SessionId, Subject};

use super::{Client, Issuer, Params, id_token, response_mode::append_query};
use crate::{
    error::{Rule, rules},
    jwt,
    keys::KeySet,
};

/// The longest state, in bytes.
const MAX_STATE: usize = 4_096;

rules! {
    HINT = "oidc.logout.id_token_hint", InvalidRequest,
        "The id_token_hint is not an ID token that we issued.", "RP-Initiated Logout 4";
    OTHER_CLIENT = "oidc.logout.client", InvalidRequest,
        "The client_id is not the client that the id_token_hint was issued to.", "RP-Initiated Logout 2";
    UNKNOWN_CLIENT = "oidc.logout.client_unknown", InvalidRequest,
        "The client is not registered.", "RP-Initiated Logout 4";
    NO_CLIENT = "oidc.logout.client_missing", InvalidRequest,
        "A post_logout_redirect_uri needs an id_token_hint or a client_id.", "RP-Initiated Logout 2";
    URI = "oidc.logout.redirect_uri", InvalidRequest,
        "The post_logout_redirect_uri is not registered for this client, character for character.",
        "RP-Initiated Logout 3";
    STATE = "oidc.logout.state_too_long", InvalidRequest,
        "The state is longer than 4,096 bytes.", "RP-Initiated Logout 2";
}

/// A wish to end a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutRequest<'a> {
    /// The client that asks, as far as it said so.
    pub client: Option<RelyingPartyId>,
    /// Whose session is meant.
    pub hint: Option<LogoutHint>,
    /// The languages that the client would like, as it wrote them.
    pub ui_locales: Option<&'a str>,
    redirect_uri: Option<&'a str>,
    state: Option<&'a str>,
}

/// What an ID token of ours says about the session that it was issued in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutHint {
    /// The person, as the client knows them.
    pub subject: Subject,
    sid: Option<String>,
}

impl LogoutHint {
    /// Whether the hint means `session`, towards the client that it was issued to.
    #[must_use]
    pub fn names(&self, session: &SessionId, client: &RelyingPartyId) -> bool {
        self.sid.as_deref() == Some(id_token::sid(session, client).as_str())
    }
}

/// Where the browser may go when all is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutWayBack(String);

impl LogoutWayBack {
    /// The address, state included.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.0
    }
}

impl<'a> LogoutRequest<'a> {
    /// Reads a request by GET or POST. The client is then looked up.
    //= oidc-rpinitiated#2-2
    //= oidc-rpinitiated#2-3
    pub fn read(
        params: &'a Params<'_>,
        keys: &KeySet,
        issuer: &Issuer,
    ) -> Result<Self, &'static Rule> {
        let mut client = match params.find("client_id").map(str::parse::<RelyingPartyId>) {
            None => None,
            Some(Ok(id)) => Some(id),
            Some(Err(_)) => return Err(&UNKNOWN_CLIENT),
        };
        let mut hint = None;
        if let Some(token) = params.find("id_token_hint") {
            let claims = jwt::verify_hint(token, keys, issuer.as_str()).map_err(|_| &HINT)?;
            let issued_to = claims.text("aud").and_then(|aud| aud.parse().ok()).ok_or(&HINT)?;
            if client.as_ref().is_some_and(|client| *client != issued_to) {
                return Err(&OTHER_CLIENT);
            }
            client = Some(issued_to);
            hint = Some(LogoutHint {
                subject: Subject::new(claims.text("sub").ok_or(&HINT)?.to_owned()),
                sid: claims.text("sid").map(str::to_owned),
            });
        }
        let state = params.find("state");
        if state.is_some_and(|state| state.len() > MAX_STATE) {
            return Err(&STATE);
        }
        Ok(Self {
            client,
            hint,
            ui_locales: params.find("ui_locales"),
            redirect_uri: params.find("post_logout_redirect_uri"),
            state,
        })
    }

    /// Where the browser may go afterwards; `client` is what was found by the name in the request.
    //= oidc-rpinitiated#2-5
    //= oidc-rpinitiated#3-1
    //= oidc-rpinitiated#3-2
    //= oidc-rpinitiated#4-1
    pub fn way_back(
        &self,
        client: Option<&Client>,
    ) -> Result<Option<LogoutWayBack>, &'static Rule> {
        let client = match (&self.client, client) {
            (None, _) => None,
            (Some(named), Some(client)) if client.id == *named => Some(client),
            _ => return Err(&UNKNOWN_CLIENT),
        };
        let Some(uri) = self.redirect_uri else { return Ok(None) };
        let client = client.ok_or(&NO_CLIENT)?;
        if !client.post_logout_redirect_uris.iter().any(|registered| registered == uri) {
            return Err(&URI);
        }
        let state = self.state.map(|state| ("state", state));
        Ok(Some(LogoutWayBack(append_query(uri, state.into_iter()))))
    }

    /// Whether the person must be asked before `session` ends: always, unless the client proves
    /// by a hint that it means this very session.
    //= oidc-rpinitiated#2-4
    #[must_use]
    pub fn must_ask(&self, session: &SessionId) -> bool {
        let (Some(hint), Some(client)) = (&self.hint, &self.client) else { return true };
        !hint.names(session, client)
    }
}

#[cfg(test)]
mod tests;
