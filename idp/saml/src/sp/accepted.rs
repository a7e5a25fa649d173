//! What an identity provider vouches for, once all of it has been judged.

use std::collections::BTreeMap;

use idp_domain::{Lifetime, Timestamp};

use super::{ConsumeError, consume::Draft, message::Content, statement};
use crate::schema::{Assertion, Attribute, NameId, name_format};

/// How long an accepted assertion is remembered at the most.
const MARK: Lifetime = Lifetime::hours(24);

/// What an identity provider vouches for. Only [`super::consume`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accepted {
    /// Who vouches: the entity ID that was expected.
    pub issuer: String,
    /// The assertion's ID: with the issuer, what must be marked as used, once for all nodes.
    pub assertion_id: String,
    /// Until when the mark must be kept: from then on the assertion is refused for its age.
    pub replay_until: Timestamp,
    /// When the assertion was made.
    pub issue_instant: Timestamp,
    /// The name of the person: 1 to 256 characters, no blanks at its ends, no control characters.
    pub name_id: Option<NameId>,
    /// The attributes. Those of the same name and name format are one, with the values of all.
    pub attributes: Vec<Attribute>,
    /// When the person authenticated, by the identity provider's word.
    pub authn_instant: Timestamp,
    /// The identity provider's session, to be named at logout.
    pub session_index: Option<String>,
    /// Until when a session may rest on the assertion.
    pub session_until: Option<Timestamp>,
    /// The class of the authentication context that the identity provider claims.
    pub context: Option<String>,
    /// Who else was involved in the authentication, nearest to the person first.
    pub authorities: Vec<String>,
    /// The assertion came encrypted.
    pub encrypted: bool,
}

impl Accepted {
    /// What remains of an assertion that kept all rules.
    pub(super) fn of(draft: Draft<'_>) -> Result<Self, ConsumeError> {
        let statement = statement::of(&draft)?.clone();
        let encrypted = matches!(draft.message.content, Content::Encrypted(_));
        let skew = draft.expected.skew();
        let assertion = draft.assertion.into_inner();
        Ok(Self {
            // A login waits an hour at most, and what nobody asked for is a minute old at most:
            // whatever end the peer names, a day later nobody believes a copy.
            replay_until: (last_instant(&assertion) + skew).min(draft.expected.now + MARK),
            issuer: assertion.issuer.0,
            assertion_id: assertion.id,
            issue_instant: assertion.issue_instant,
            name_id: assertion.subject.and_then(|subject| subject.name_id),
            attributes: merged(assertion.attributes),
            authn_instant: statement.authn_instant,
            session_index: statement.session_index,
            session_until: statement.session_not_on_or_after,
            context: statement.context.class,
            authorities: statement.context.authorities,
            encrypted,
        })
    }
}

/// The last instant at which anything in the assertion could still hold.
fn last_instant(assertion: &Assertion) -> Timestamp {
    let conditions = assertion.conditions.iter().filter_map(|one| one.not_on_or_after);
    let confirmations = assertion.subject.iter().flat_map(|subject| &subject.confirmations);
    let data = confirmations.filter_map(|one| one.data.as_ref()?.not_on_or_after);
    conditions.chain(data).max().unwrap_or(assertion.issue_instant)
}

/// Attributes of the same name and name format made one: who maps them sees all values.
fn merged(attributes: Vec<Attribute>) -> Vec<Attribute> {
    let mut places = BTreeMap::new();
    let mut merged: Vec<Attribute> = Vec::new();
    for attribute in attributes {
        let format = attribute.name_format.as_deref().unwrap_or(name_format::UNSPECIFIED);
        let key = (attribute.name.clone(), format.to_owned());
        let place = *places.entry(key).or_insert(merged.len());
        match merged.get_mut(place) {
            Some(known) => known.values.extend(attribute.values),
            None => merged.push(attribute),
        }
    }
    merged
}
