//! Issuances: what we vouch for, before it has a wire form.

use crate::{
    AccountId, Acr, AgencyId, Amr, Assurance, AttributeSet, RelyingPartyId, ReturnTicket,
    SessionId, SourceId, Subject, Timestamp,
};

/// Everything that a protocol needs to answer its relying party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuance {
    /// To whom.
    pub relying_party: RelyingPartyId,
    /// Where and how to answer; opens only for the protocol that made it.
    pub ticket: ReturnTicket,
    /// About whom, as the broker knows them.
    pub account: AccountId,
    /// About whom, as the relying party is told.
    pub subject: Subject,
    /// The agency that vouches upstream.
    pub agency: AgencyId,
    /// The source that vouches upstream.
    pub source: SourceId,
    /// That source's own name for itself.
    pub issuer: String,
    /// The session that vouches.
    pub session: SessionId,
    /// When the proof reached us.
    pub received_at: Timestamp,
    /// When that session ends at the latest.
    pub session_ends_at: Timestamp,
    /// When the person authenticated, if the source said.
    pub authenticated_at: Option<Timestamp>,
    /// The context that was reached, by the name that the relying party asked for where it is met.
    pub acr: Acr,
    /// The methods that were used.
    pub amr: Vec<Amr>,
    /// What the proof is worth.
    pub assurance: Assurance,
    /// The attributes that policy releases.
    pub released: AttributeSet,
    /// When it was decided.
    pub at: Timestamp,
}
