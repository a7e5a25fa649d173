//! The table of checks: every rule of a request that can be read, in the order of judgement.
//!
//! The first table ends on our own page, the second at the service provider: a rule moves between
//! them only if the way back is proven.

use idp_domain::Lifetime;

use super::{NameIdKind, Rule, acceptable, receive::Draft};
use crate::{
    binding::Binding,
    schema::{
        StatusCode::{self, Requester, Responder},
        format, second,
    },
};

/// How old a request may be.
const MAX_AGE: Lifetime = Lifetime::minutes(10);
/// How far a service provider's clock may be ahead of ours.
const SKEW: Lifetime = Lifetime::minutes(3);
/// The longest relay state, in bytes: it lies on the shelf with every login.
pub(super) const MAX_RELAY_STATE: usize = 2_048;
/// The most contexts that are looked at.
const MAX_CONTEXTS: usize = 10;

/// One row: a rule, and whether a request keeps it.
///
/// A check that keeps its rule may write down in the draft what it has read.
pub(super) struct Row {
    check: fn(&mut Draft<'_>) -> bool,
    rule: Rule,
}

/// Where to answer is not proven.
pub(super) const ACS_UNKNOWN: Rule = Rule {
    slug: "acs_unknown",
    code: Requester,
    second: None,
    text: "The AssertionConsumerService is none of the metadata, character for character.",
    cites: "SAML Profiles 4.1.4.1",
};

const fn row(
    check: fn(&mut Draft<'_>) -> bool,
    (code, second): (StatusCode, Option<&'static str>),
    slug: &'static str,
    text: &'static str,
    cites: &'static str,
) -> Row {
    Row { check, rule: Rule { slug, code, second, text, cites } }
}

/// Until the way back is proven: errors are shown to the person.
#[rustfmt::skip]
pub(super) static BEFORE_THE_TICKET: [Row; 6] = [
    row(destination_is_ours, (Requester, None), "destination",
        "The Destination is not the address that the request came to, or a signed request has none.", "SAML Bindings 3.4.5.2"),
    row(is_not_of_the_future, (Requester, None), "not_yet_valid",
        "The request was made in the future.", "SAML Core 3.2.1"),
    row(is_not_old, (Requester, None), "expired",
        "The request was made more than ten minutes ago.", "SAML Core 3.2.1"),
    row(relay_state_is_short, (Requester, None), "relay_state",
        "The RelayState is longer than 2,048 bytes.", "SAML Bindings 3.4.3"),
    row(acs_is_named_once, (Requester, None), "acs_ambiguous",
        "The AssertionConsumerService is named by index and by URL.", "SAML Core 3.4.1"),
    Row { check: acs_is_registered, rule: ACS_UNKNOWN },
];

/// Once the way back is proven: errors are told to the service provider.
#[rustfmt::skip]
pub(super) static WITH_THE_TICKET: [Row; 11] = [
    row(answer_goes_by_post, (Requester, Some(second::UNSUPPORTED_BINDING)), "protocol_binding",
        "Answers go by HTTP-POST alone.", "SAML Core 3.4.1"),
    row(name_format_is_given, (Requester, Some(second::INVALID_NAME_ID_POLICY)), "name_id_format",
        "Names of that format are not given to this service provider.", "SAML Core 3.4.1.1"),
    row(name_is_its_own, (Requester, Some(second::INVALID_NAME_ID_POLICY)), "name_id_qualifier",
        "The name of a person towards another service provider is not given.", "SAML Core 3.4.1.1"),
    row(contexts_are_few, (Requester, Some(second::REQUEST_UNSUPPORTED)), "authn_context_count",
        "More than ten authentication contexts are named.", "SAML Core 3.3.2.2.1"),
    row(contexts_are_classes, (Responder, Some(second::NO_AUTHN_CONTEXT)), "authn_context_declaration",
        "Authentication contexts are known by class alone, not by declaration.", "SAML Core 3.3.2.2.1"),
    row(contexts_can_be_met, (Responder, Some(second::NO_AUTHN_CONTEXT)), "authn_context",
        "No authentication context can satisfy the comparison.", "SAML Core 3.3.2.2.1"),
    row(subject_is_a_name, (Requester, Some(second::REQUEST_UNSUPPORTED)), "subject_confirmation",
        "Subjects are expected by name alone, without confirmations.", "SAML Core 3.4.1"),
    row(subject_is_known, (Requester, Some(second::UNKNOWN_PRINCIPAL)), "subject",
        "The subject is not named as this service provider was told it.", "SAML Core 3.4.1"),
    row(others_may_be_asked, (Responder, Some(second::PROXY_COUNT_EXCEEDED)), "proxy_count",
        "People sign in at their agencies, and the request may not be passed on.", "SAML Core 3.4.1.5.1"),
    row(a_named_provider_is_known, (Responder, Some(second::NO_SUPPORTED_IDP)), "idp_list",
        "None of the identity providers in the list is known here.", "SAML Core 3.4.1.3"),
    row(wanted_values_are_short, (Requester, Some(second::REQUEST_UNSUPPORTED)), "requested_values",
        "The attribute values that alone are wanted take more than 2,048 bytes.", "SAML Metadata 2.4.4.2"),
];

/// Runs the rows of a table down to the first that the request breaks.
pub(super) fn run(table: &'static [Row], draft: &mut Draft<'_>) -> Result<(), &'static Rule> {
    match table.iter().find(|row| !(row.check)(draft)) {
        Some(row) => Err(&row.rule),
        None => Ok(()),
    }
}

/// All rules of both tables.
pub(super) fn rules() -> impl Iterator<Item = &'static Rule> {
    BEFORE_THE_TICKET.iter().chain(&WITH_THE_TICKET).map(|row| &row.rule)
}

/// What is signed says where it was sent, so that nobody can send it elsewhere.
//= saml-bindings#3.4.5.2-1
//= saml-bindings#3.5.5.2-1
fn destination_is_ours(draft: &mut Draft<'_>) -> bool {
    let provider = draft.asked.provider;
    let here = match draft.asked.message.binding {
        Binding::Redirect => &provider.sso_redirect,
        Binding::Post | Binding::Soap => &provider.sso_post,
    };
    match &draft.request.destination {
        Some(destination) => destination == here,
        None => !draft.signed,
    }
}

fn is_not_of_the_future(draft: &mut Draft<'_>) -> bool {
    draft.request.issue_instant <= draft.asked.now + SKEW
}

fn is_not_old(draft: &mut Draft<'_>) -> bool {
    draft.asked.now.since(draft.request.issue_instant) <= MAX_AGE
}

fn relay_state_is_short(draft: &mut Draft<'_>) -> bool {
    let relay_state = &draft.asked.message.relay_state;
    relay_state.as_ref().is_none_or(|text| text.len() <= MAX_RELAY_STATE)
}

fn acs_is_named_once(draft: &mut Draft<'_>) -> bool {
    draft.request.acs_index.is_none() || draft.request.acs_url.is_none()
}

//= saml-profiles#4.1.4.1-1
fn acs_is_registered(draft: &mut Draft<'_>) -> bool {
    let endpoints = draft.service_provider.acs();
    let acs = match (&draft.request.acs_url, draft.request.acs_index) {
        (Some(url), _) => endpoints.at(url),
        (None, Some(index)) => endpoints.numbered(index),
        (None, None) => endpoints.default(),
    };
    draft.acs = acs.map(|acs| acs.location.as_str().to_owned());
    draft.acs.is_some()
}

//= saml-profiles#4.1.2-1
fn answer_goes_by_post(draft: &mut Draft<'_>) -> bool {
    draft.request.protocol_binding.as_deref().is_none_or(|uri| uri == Binding::Post.uri())
}

/// Names are computed and never made on request, so `AllowCreate` changes nothing.
//= saml-core#3.4.1.1-1
fn name_format_is_given(draft: &mut Draft<'_>) -> bool {
    let policy = draft.request.name_id_policy.as_ref();
    let wanted = policy.and_then(|policy| policy.format.as_deref());
    let Some(wanted) = wanted.filter(|wanted| *wanted != format::UNSPECIFIED) else { return true };
    let Some(kind) = NameIdKind::from_format(wanted) else { return false };
    draft.name_id = kind;
    kind != NameIdKind::Email || draft.service_provider.email_name
}

fn name_is_its_own(draft: &mut Draft<'_>) -> bool {
    let policy = draft.request.name_id_policy.as_ref();
    let qualifier = policy.and_then(|policy| policy.sp_name_qualifier.as_deref());
    qualifier.is_none_or(|qualifier| qualifier == draft.service_provider.entity_id)
}

fn contexts_are_few(draft: &mut Draft<'_>) -> bool {
    let requested = draft.request.requested_authn_context.as_ref();
    requested.is_none_or(|one| one.classes.len().max(one.declarations.len()) <= MAX_CONTEXTS)
}

fn contexts_are_classes(draft: &mut Draft<'_>) -> bool {
    let requested = draft.request.requested_authn_context.as_ref();
    requested.is_none_or(|requested| requested.declarations.is_empty())
}

//= saml-core#3.3.2.2.1-1
fn contexts_can_be_met(draft: &mut Draft<'_>) -> bool {
    let Some(requested) = &draft.request.requested_authn_context else { return true };
    draft.demand.acr = acceptable(requested);
    draft.demand.essential = true;
    !draft.demand.acr.is_empty()
}

fn subject_is_a_name(draft: &mut Draft<'_>) -> bool {
    let subject = draft.request.subject.as_ref();
    subject.is_none_or(|subject| subject.name_id.is_some() && subject.confirmations.is_empty())
}

//= saml-core#3.4.1.4-1
fn subject_is_known(draft: &mut Draft<'_>) -> bool {
    let subject = draft.request.subject.as_ref();
    let Some(name) = subject.and_then(|subject| subject.name_id.as_ref()) else { return true };
    draft.demand.subject = draft.service_provider.subject_of(name, draft.asked.provider);
    draft.demand.subject.is_some()
}

//= saml-core#3.4.1.5.1-1
fn others_may_be_asked(draft: &mut Draft<'_>) -> bool {
    draft.request.scoping.as_ref().is_none_or(|scoping| scoping.proxy_count != Some(0))
}

/// A list that names one source of ours is a hint to it; one that names several leaves it to the
/// person, and so does our own name.
fn a_named_provider_is_known(draft: &mut Draft<'_>) -> bool {
    let Some(scoping) = &draft.request.scoping else { return true };
    let asked = draft.asked;
    let mut hinted: Vec<_> = scoping.idp_list.iter().filter_map(|id| (asked.hint)(id)).collect();
    hinted.dedup();
    if let [one] = hinted.as_slice() {
        draft.hints.source = Some(one.source.clone());
        draft.hints.agency = Some(one.agency.clone());
    }
    let names_us = scoping.idp_list.contains(&asked.provider.entity_id);
    scoping.idp_list.is_empty() || names_us || !hinted.is_empty()
}

/// Whether the request or the metadata names them: both are kept with the login.
fn wanted_values_are_short(draft: &mut Draft<'_>) -> bool {
    draft.wish.is_short()
}
