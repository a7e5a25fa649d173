//! The grant: the lasting right that a code, and then tokens, come from.

use idp_domain::{
    AccountId, Acr, AgencyId, Amr, AttributeSet, GrantId, Issuance, RelyingPartyId, SessionId,
    SourceId, Subject, Timestamp,
};
use serde::{Deserialize, Serialize};

use super::Ticket;
use crate::{claims::ClaimsRequest, scope::Scopes};

/// What was decided at the login, as far as tokens repeat it. A snapshot: it does not change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Its name.
    pub id: GrantId,
    /// Whose right it is.
    pub client: RelyingPartyId,
    /// About whom, as the broker knows them.
    pub account: AccountId,
    /// About whom, as the client is told.
    pub subject: Subject,
    /// The agency that vouched.
    pub agency: AgencyId,
    /// The source that vouched; none in grants of before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// The session that vouched.
    pub session: SessionId,
    /// The scopes.
    pub scopes: Scopes,
    /// The claims that were asked for by name.
    #[serde(default, skip_serializing_if = "ClaimsRequest::is_empty")]
    pub claims: ClaimsRequest,
    /// The resources that access tokens are for; none means ourselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// When the person authenticated, if the source said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authenticated_at: Option<Timestamp>,
    /// The context that was reached.
    pub acr: Acr,
    /// The methods that were used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<Amr>,
    /// The attributes that policy released.
    #[serde(default, skip_serializing_if = "AttributeSet::is_empty")]
    pub released: AttributeSet,
    /// When it began.
    pub created_at: Timestamp,
}

impl Grant {
    /// The grant `id` that an issuance gives to the client of `ticket`.
    #[must_use]
    pub fn new(id: GrantId, ticket: &Ticket, issuance: &Issuance) -> Self {
        Self {
            id,
            client: ticket.client.clone(),
            account: issuance.account.clone(),
            subject: issuance.subject.clone(),
            agency: issuance.agency.clone(),
            source: Some(issuance.source.clone()),
            session: issuance.session.clone(),
            scopes: ticket.scopes.clone(),
            claims: ticket.claims.clone(),
            resources: ticket.resources.clone(),
            authenticated_at: issuance.authenticated_at,
            acr: issuance.acr.clone(),
            amr: issuance.amr.clone(),
            released: issuance.released.clone(),
            created_at: issuance.at,
        }
    }
}
