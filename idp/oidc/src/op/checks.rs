//! The table of checks: every rule of an authorization request, in the order of judgement.
//!
//! Rows are rules, columns are the doors that a request comes by. The first table ends on our own
//! page, the second at the client: a rule moves between them only if the way back is proven.

use idp_domain::{Acr, Lifetime, Subject};

use super::{
    ResponseMode,
    authorize::{Draft, Entry},
    client::{GrantType, Profile},
};
use crate::{
    claims,
    error::{
        ErrorCode::{
            self, InvalidRequest, InvalidScope, InvalidTarget, RegistrationNotSupported,
            RequestNotSupported, RequestUriNotSupported, UnauthorizedClient,
            UnsupportedResponseType,
        },
        Rule,
    },
    jwt, pkce, scope,
    scope::Scopes,
};

/// The longest state, in bytes.
const MAX_STATE: usize = 4_096;
/// The longest nonce, in bytes.
const MAX_NONCE: usize = 1_024;
/// The most contexts that are looked at.
const MAX_ACR: usize = 16;
/// The greatest age that can be asked for, in seconds: 68 years.
const MAX_AGE: u32 = i32::MAX.unsigned_abs();

/// One row: a rule, the doors where it holds, and whether a request keeps it.
///
/// A check that keeps its rule may write down in the draft what it has read.
pub(super) struct Row {
    get: bool,
    post: bool,
    check: fn(&mut Draft<'_>) -> bool,
    rule: Rule,
}

/// Who asks is not known, and so not where to answer.
pub(super) const CLIENT_UNKNOWN: Rule = Rule {
    slug: "oidc.authorize.client_unknown",
    code: InvalidRequest,
    text: "The request has no client_id, or one that is not registered.",
    cites: "RFC 6749 4.1.2.1",
};

const YES: bool = true;
const NO: bool = false;

const fn row(
    [get, post]: [bool; 2],
    check: fn(&mut Draft<'_>) -> bool,
    code: ErrorCode,
    slug: &'static str,
    text: &'static str,
    cites: &'static str,
) -> Row {
    Row { get, post, check, rule: Rule { slug, code, text, cites } }
}

/// Until the way back is proven: errors are shown to the person.
#[rustfmt::skip]
pub(super) static BEFORE_THE_TICKET: [Row; 6] = [
//       GET  POST
    row([NO,  YES], parameters_stand_in_the_form, InvalidRequest, "oidc.authorize.stray_query",
        "A POST request has parameters in its address.", "OpenID Connect Core 3.1.2.1"),
    row([YES, YES], way_back_stands_once, InvalidRequest, "oidc.authorize.repeated_way_back",
        "The request says twice who asks or where to answer.", "RFC 6749 3.1"),
    Row { get: YES, post: YES, check: client_is_known, rule: CLIENT_UNKNOWN },
    row([YES, YES], redirect_uri_is_there, InvalidRequest, "oidc.authorize.redirect_uri_missing",
        "The request has no redirect_uri.", "OpenID Connect Core 3.1.2.1"),
    row([YES, YES], redirect_uri_is_registered, InvalidRequest, "oidc.authorize.redirect_uri",
        "The redirect_uri is not registered for this client, character for character.", "RFC 9700 2.1"),
    row([YES, YES], state_is_short, InvalidRequest, "oidc.authorize.state_too_long",
        "The state is longer than 4,096 bytes.", "RFC 6749 10.14"),
];

/// Once the way back is proven: errors are told to the client.
#[rustfmt::skip]
pub(super) static WITH_THE_TICKET: [Row; 22] = [
//       GET  POST
    row([YES, YES], response_mode_is_allowed, InvalidRequest, "oidc.authorize.response_mode",
        "The response_mode is none that this client may use.", "OAuth 2.0 Multiple Response Types 2.1"),
    row([YES, YES], parameters_stand_once, InvalidRequest, "oidc.authorize.repeated",
        "The request has a parameter twice.", "RFC 6749 3.1"),
    row([YES, YES], |draft| draft.params.request.is_none(), RequestNotSupported, "oidc.authorize.request",
        "Request objects are not supported.", "OpenID Connect Core 6.1"),
    row([YES, YES], |draft| draft.params.request_uri.is_none(), RequestUriNotSupported, "oidc.authorize.request_uri",
        "Request objects by reference are not supported.", "OpenID Connect Core 6.2"),
    row([YES, YES], |draft| draft.params.registration.is_none(), RegistrationNotSupported, "oidc.authorize.registration",
        "Registration in a request is not supported.", "OpenID Connect Core 7.2.1"),
    row([YES, YES], |draft| draft.params.response_type.is_some(), InvalidRequest, "oidc.authorize.response_type_missing",
        "The request has no response_type.", "RFC 6749 3.1.1"),
    row([YES, YES], response_type_is_code, UnsupportedResponseType, "oidc.authorize.response_type",
        "The only response_type is code.", "RFC 9700 2.1.2"),
    row([YES, YES], client_may_have_codes, UnauthorizedClient, "oidc.authorize.grant_type",
        "This client is not registered for authorization codes.", "RFC 6749 4.1.2.1"),
    row([YES, YES], scope_is_well_formed, InvalidScope, "oidc.authorize.scope_malformed",
        "The scope is missing or malformed.", "RFC 6749 3.3"),
    row([YES, YES], scope_is_to_be_had, InvalidScope, "oidc.authorize.scope",
        "The client may have none of the scopes.", "RFC 6749 3.3"),
    row([YES, YES], nonce_is_short, InvalidRequest, "oidc.authorize.nonce_too_long",
        "The nonce is longer than 1,024 bytes.", "OpenID Connect Core 3.1.2.1"),
    row([YES, YES], pkce_is_complete, InvalidRequest, "oidc.authorize.pkce_method",
        "PKCE needs a code_challenge and the code_challenge_method S256.", "RFC 7636 4.3"),
    row([YES, YES], pkce_is_well_formed, InvalidRequest, "oidc.authorize.pkce_challenge",
        "The code_challenge is not an S256 hash: 43 characters of base64url.", "RFC 7636 4.2"),
    row([YES, YES], pkce_is_there, InvalidRequest, "oidc.authorize.pkce_missing",
        "The request has no code_challenge (PKCE).", "RFC 9700 2.1.1"),
    row([YES, YES], prompt_is_known, InvalidRequest, "oidc.authorize.prompt",
        "The prompt has a value other than none, login, consent and select_account.", "OpenID Connect Core 3.1.2.1"),
    row([YES, YES], prompt_none_is_alone, InvalidRequest, "oidc.authorize.prompt_none",
        "The prompt none stands beside another value.", "OpenID Connect Core 3.1.2.1"),
    row([YES, YES], max_age_is_an_age, InvalidRequest, "oidc.authorize.max_age",
        "The max_age is not a number of seconds from 0 to 2147483647.", "OpenID Connect Core 3.1.2.1"),
    row([YES, YES], acr_values_are_names, InvalidRequest, "oidc.authorize.acr_values",
        "The acr_values are not up to 16 names in visible ASCII.", "OpenID Connect Core 3.1.2.1"),
    row([YES, YES], claims_are_readable, InvalidRequest, "oidc.authorize.claims",
        "The claims parameter is not the JSON that it should be.", "OpenID Connect Core 5.5"),
    row([YES, YES], hint_is_ours, InvalidRequest, "oidc.authorize.id_token_hint",
        "The id_token_hint is not an ID token that we issued to this client.", "OpenID Connect Core 3.1.2.1"),
    row([YES, YES], one_person_is_expected, InvalidRequest, "oidc.authorize.two_subjects",
        "The id_token_hint and the claims parameter name different people.", "OpenID Connect Core 3.1.2.2"),
    row([YES, YES], resources_are_to_be_had, InvalidTarget, "oidc.authorize.resource",
        "The client may not ask for a token for that resource.", "RFC 8707 2"),
];

/// Runs the rows of a table that hold at the request's door, down to the first that it breaks.
pub(super) fn run(table: &'static [Row], draft: &mut Draft<'_>) -> Result<(), &'static Rule> {
    let entry = draft.asked.entry;
    for row in table {
        let holds_here = match entry {
            Entry::Get => row.get,
            Entry::Post => row.post,
        };
        if holds_here && !(row.check)(draft) {
            return Err(&row.rule);
        }
    }
    Ok(())
}

/// All rules of both tables.
pub(super) fn rules() -> impl Iterator<Item = &'static Rule> {
    BEFORE_THE_TICKET.iter().chain(&WITH_THE_TICKET).map(|row| &row.rule)
}

fn parameters_stand_in_the_form(draft: &mut Draft<'_>) -> bool {
    !draft.asked.stray_query
}

fn way_back_stands_once(draft: &mut Draft<'_>) -> bool {
    ["client_id", "redirect_uri", "state", "response_mode"]
        .iter()
        .all(|wanted| draft.asked.params.names().filter(|name| name == wanted).count() <= 1)
}

fn client_is_known(draft: &mut Draft<'_>) -> bool {
    let named = draft.params.client_id;
    draft.asked.client.is_some_and(|client| named == Some(client.id.as_str()))
}

fn redirect_uri_is_there(draft: &mut Draft<'_>) -> bool {
    draft.params.redirect_uri.is_some()
}

//= rfc9700#2.1-1
//= rfc9700#2.1-2
fn redirect_uri_is_registered(draft: &mut Draft<'_>) -> bool {
    let requested = draft.params.redirect_uri.unwrap_or_default();
    let registered = draft.asked.client.map(|client| &client.redirect_uris);
    draft.redirect_uri = registered.and_then(|registered| registered.admit(requested));
    draft.redirect_uri.is_some()
}

fn state_is_short(draft: &mut Draft<'_>) -> bool {
    draft.params.state.is_none_or(|state| state.len() <= MAX_STATE)
}

fn response_mode_is_allowed(draft: &mut Draft<'_>) -> bool {
    let Some(client) = draft.asked.client else { return false };
    let wanted = match draft.params.response_mode {
        Some(name) => ResponseMode::find(name),
        None => Some(ResponseMode::Query),
    };
    let allowed = wanted.filter(|mode| client.response_modes.contains(mode));
    // An error travels as the registration has it.
    let registered = client.response_modes.first().copied();
    draft.mode = allowed.or(registered).unwrap_or_default();
    allowed.is_some()
}

//= rfc6749#3.1-3
fn parameters_stand_once(draft: &mut Draft<'_>) -> bool {
    draft.asked.params.repeated().is_none()
}

//= rfc6749#3.1.1-1
//= rfc9700#2.1.2-1
fn response_type_is_code(draft: &mut Draft<'_>) -> bool {
    draft.params.response_type == Some("code")
}

fn client_may_have_codes(draft: &mut Draft<'_>) -> bool {
    draft.asked.client.is_some_and(|client| client.may_use(GrantType::AuthorizationCode))
}

fn scope_is_well_formed(draft: &mut Draft<'_>) -> bool {
    let read = draft.params.scope.and_then(Scopes::parse);
    draft.scopes = read.unwrap_or_default();
    !draft.scopes.is_empty()
}

//= oidc-core#3.1.2.1-2
//= oidc-core#11-1
fn scope_is_to_be_had(draft: &mut Draft<'_>) -> bool {
    let Some(client) = draft.asked.client else { return false };
    draft.scopes = draft.scopes.only(|one| {
        client.scopes.contains(one) && (one != scope::OFFLINE_ACCESS || client.offline_access)
    });
    !draft.scopes.is_empty()
}

fn nonce_is_short(draft: &mut Draft<'_>) -> bool {
    draft.params.nonce.is_none_or(|nonce| nonce.len() <= MAX_NONCE)
}

//= rfc9700#2.1.1-3
//= rfc7636#4.4.1-1
fn pkce_is_complete(draft: &mut Draft<'_>) -> bool {
    match (draft.params.code_challenge, draft.params.code_challenge_method) {
        (None, None) => true,
        (Some(_), Some(method)) => method == pkce::METHOD,
        _ => false,
    }
}

fn pkce_is_well_formed(draft: &mut Draft<'_>) -> bool {
    draft.challenge = draft.params.code_challenge.and_then(pkce::Challenge::parse);
    draft.challenge.is_some() == draft.params.code_challenge.is_some()
}

//= rfc9700#2.1.1-1
//= rfc9700#2.1.1-2
//= rfc9700#2.1.1-4
fn pkce_is_there(draft: &mut Draft<'_>) -> bool {
    // A nonce protects only a client that receives an ID token and can keep a secret.
    let excused = draft.asked.client.is_some_and(|client| {
        client.profile == Profile::Baseline
            && !client.is_public()
            && draft.params.nonce.is_some()
            && draft.scopes.has_openid()
    });
    draft.challenge.is_some() || excused
}

fn prompt_is_known(draft: &mut Draft<'_>) -> bool {
    let Some(prompt) = draft.params.prompt else { return true };
    for value in prompt.split(' ').filter(|value| !value.is_empty()) {
        match value {
            "none" => draft.demand.passive = true,
            "login" => draft.demand.force = true,
            "consent" => draft.demand.consent = true,
            "select_account" => draft.demand.select = true,
            _ => return false,
        }
    }
    true
}

//= oidc-core#3.1.2.1-5
fn prompt_none_is_alone(draft: &mut Draft<'_>) -> bool {
    let demand = &draft.demand;
    !demand.passive || !(demand.force || demand.consent || demand.select)
}

//= oidc-core#3.1.2.1-3
fn max_age_is_an_age(draft: &mut Draft<'_>) -> bool {
    let Some(text) = draft.params.max_age else { return true };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = text.parse().ok().filter(|seconds| digits && *seconds <= MAX_AGE);
    draft.demand.max_age = seconds.map(Lifetime::seconds);
    seconds.is_some()
}

fn acr_values_are_names(draft: &mut Draft<'_>) -> bool {
    let text = draft.params.acr_values.unwrap_or_default();
    let names = text.split(' ').filter(|name| !name.is_empty());
    let Ok(acr) = names.map(str::parse::<Acr>).collect::<Result<Vec<_>, _>>() else {
        return false;
    };
    draft.demand.acr = acr;
    draft.demand.acr.len() <= MAX_ACR
}

fn claims_are_readable(draft: &mut Draft<'_>) -> bool {
    let Some(text) = draft.params.claims else { return true };
    let Some((request, demand)) = claims::parse(text) else { return false };
    (draft.claims, draft.claims_demand) = (request, demand);
    true
}

//= oidc-core#3.1.2.2-2
fn hint_is_ours(draft: &mut Draft<'_>) -> bool {
    let Some(token) = draft.params.id_token_hint else { return true };
    let Some(client) = draft.asked.client else { return false };
    let Ok(claims) = jwt::verify_hint(token, draft.asked.keys, draft.asked.issuer.as_str()) else {
        return false;
    };
    // The name in it means somebody only to the client that it was issued to.
    let is_for_client = claims.audience().any(|audience| audience == client.id.as_str());
    draft.demand.subject = claims.text("sub").map(|sub| Subject::new(sub.to_owned()));
    is_for_client && draft.demand.subject.is_some()
}

fn one_person_is_expected(draft: &mut Draft<'_>) -> bool {
    let Some(claimed) = draft.claims_demand.subject.take() else { return true };
    let hinted = draft.demand.subject.replace(claimed);
    hinted.is_none() || hinted == draft.demand.subject
}

fn resources_are_to_be_had(draft: &mut Draft<'_>) -> bool {
    let Some(client) = draft.asked.client else { return false };
    for resource in &draft.params.resource {
        if *resource != draft.asked.issuer.as_str() && !client.audiences.contains(*resource) {
            return false;
        }
        if !draft.resources.iter().any(|other| other == resource) {
            draft.resources.push((*resource).to_owned());
        }
    }
    true
}
