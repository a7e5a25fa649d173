//! The authorization endpoint: from parameters to a wish for a login, or a reasoned no.
//!
//! What is checked, and in which order, stands in the table of `checks`.

mod params;

use idp_domain::{
    AuthnRequest, Demand, Lifetime, RelyingPartyId, agency::Domain, transaction::Hints,
};

pub use params::AuthorizeParams;

use super::{
    Answer, Client, Issuer, Params, RegisteredRedirectUri, ResponseMode, Ticket, checks,
    response_mode::WayBack,
};
use crate::{
    claims::{ClaimsDemand, ClaimsRequest},
    error::Rule,
    keys::KeySet,
    pkce::Challenge,
    scope::Scopes,
};

/// The longest login hint that is kept, in bytes: a mail address.
const MAX_LOGIN_HINT: usize = 320;
/// The longest list of languages that is kept, in bytes.
const MAX_LOCALES: usize = 255;

/// By which door a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// GET: the parameters are in the query.
    Get,
    /// POST: the parameters are in the form.
    Post,
}

/// A request, and what the web knows of it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// By which door it came.
    pub entry: Entry,
    /// Its parameters.
    pub params: &'a Params<'a>,
    /// Whether a POST has parameters in its address too.
    pub stray_query: bool,
    /// The client of the parameter `client_id`, if there is one of that name.
    pub client: Option<&'a Client>,
    /// Our name.
    pub issuer: &'a Issuer,
    /// Our keys, for `id_token_hint`.
    pub keys: &'a KeySet,
}

/// A request that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declined {
    /// Nobody knows where to answer: the person is told, on a page of ours.
    //= rfc6749#3.1.2.4-1
    //= rfc9700#4.11.2-1
    Page(PageError),
    /// The client is told.
    Redirect(RedirectError),
}

/// An error for a page of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageError {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// The client, if the request named one that exists.
    pub client: Option<RelyingPartyId>,
}

/// An error for the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectError {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// The client.
    pub client: RelyingPartyId,
    /// The way to it.
    pub way_back: WayBack,
}

impl RedirectError {
    /// What the browser is told to do.
    #[must_use]
    pub fn answer(&self, issuer: &Issuer) -> Answer {
        self.way_back.broken(issuer, self.rule)
    }
}

impl Declined {
    /// The rule that was broken.
    #[must_use]
    pub fn rule(&self) -> &'static Rule {
        match self {
            Self::Page(error) => error.rule,
            Self::Redirect(error) => error.rule,
        }
    }
}

/// What the checks have established so far.
pub(super) struct Draft<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) params: AuthorizeParams<'a>,
    pub(super) challenge: Option<Challenge>,
    pub(super) scopes: Scopes,
    pub(super) claims: ClaimsRequest,
    pub(super) claims_demand: ClaimsDemand,
    pub(super) demand: Demand,
    pub(super) resources: Vec<String>,
    pub(super) redirect_uri: Option<RegisteredRedirectUri>,
    pub(super) mode: ResponseMode,
}

/// Judges a request, and makes a wish for a login of it.
//= oidc-core#3.1.2.1-1
//= oidc-core#3.1.2.2-1
//= rfc6749#3.1-1
pub fn authorize(asked: &Asked<'_>) -> Result<AuthnRequest, Declined> {
    let mut draft = Draft {
        asked,
        params: AuthorizeParams::read(asked.params),
        challenge: None,
        scopes: Scopes::default(),
        claims: ClaimsRequest::default(),
        claims_demand: ClaimsDemand::default(),
        demand: Demand::default(),
        resources: Vec::new(),
        redirect_uri: None,
        mode: ResponseMode::default(),
    };
    let page = |rule| {
        let client = asked.client.map(|client| client.id.clone());
        Declined::Page(PageError { rule, client })
    };
    checks::run(&checks::BEFORE_THE_TICKET, &mut draft).map_err(page)?;
    let (Some(client), Some(redirect_uri)) = (asked.client, draft.redirect_uri.take()) else {
        return Err(page(&checks::CLIENT_UNKNOWN));
    };
    let judged = checks::run(&checks::WITH_THE_TICKET, &mut draft);
    let state = draft.params.state.map(str::to_owned);
    let way_back = WayBack { redirect_uri, state, mode: draft.mode };
    match judged {
        Ok(()) => Ok(draft.request(client, way_back)),
        Err(rule) => {
            Err(Declined::Redirect(RedirectError { rule, client: client.id.clone(), way_back }))
        }
    }
}

impl Draft<'_> {
    /// The wish for a login.
    fn request(self, client: &Client, way_back: WayBack) -> AuthnRequest {
        let hints = self.hints();
        let mut wanted = self.scopes.attributes();
        wanted.extend(self.claims.id_token.attributes().chain(self.claims.userinfo.attributes()));
        let demand = with_defaults(self.demand, &self.claims_demand, client);
        let ticket = Ticket {
            client: client.id.clone(),
            way_back,
            nonce: self.params.nonce.map(str::to_owned),
            challenge: self.challenge,
            scopes: self.scopes,
            claims: self.claims,
            resources: self.resources,
        };
        AuthnRequest {
            relying_party: client.id.clone(),
            demand,
            ticket: ticket.seal(),
            hints,
            wanted,
        }
    }

    /// The hints. One that makes no sense is no hint; none makes a request fail.
    //= oidc-core#15.1-1
    fn hints(&self) -> Hints {
        let params = &self.params;
        let login = params.login_hint.filter(|hint| hint.len() <= MAX_LOGIN_HINT);
        let named = params.idp_hint.or(params.kc_idp_hint);
        let domain = params
            .domain_hint
            .and_then(|hint| hint.to_ascii_lowercase().parse::<Domain>().ok())
            .or_else(|| login.and_then(Domain::of_mail));
        Hints {
            // One word names a source or its agency; which one it is, the federation knows.
            source: named.and_then(|hint| hint.parse().ok()),
            agency: named.and_then(|hint| hint.parse().ok()),
            domain: domain.map(String::from),
            login: login.map(str::to_owned),
            locales: params
                .ui_locales
                .filter(|locales| locales.len() <= MAX_LOCALES)
                .map(str::to_owned),
        }
    }
}

/// The demand with what the claims parameter and the registration add to it.
fn with_defaults(mut demand: Demand, claims: &ClaimsDemand, client: &Client) -> Demand {
    //= oidc-core#5.5.1.1-1
    if claims.essential_acr {
        // An essential acr without values makes those of acr_values binding: stricter than the
        // standard asks, and what a client that sends both means.
        demand.essential = true;
        if !claims.acr.is_empty() {
            demand.acr.clone_from(&claims.acr);
        }
    } else if !claims.acr.is_empty() {
        let others = std::mem::replace(&mut demand.acr, claims.acr.clone());
        demand.acr.extend(others);
    }
    if demand.acr.is_empty() {
        demand.acr.clone_from(&client.default_acr);
    }
    demand.max_age = demand.max_age.or(client.default_max_age);
    //= oidc-core#2-3
    if demand.max_age.is_none() && (claims.essential_auth_time || client.require_auth_time) {
        // Any age will do, but the source must say how old the authentication is.
        demand.max_age = Some(Lifetime::seconds(u32::MAX));
    }
    demand
}

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod tests;
