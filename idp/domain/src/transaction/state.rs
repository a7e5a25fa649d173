//! The state of a login in progress: named by what it waits for.

use serde::{Deserialize, Serialize};

use super::AuthnRequest;
use crate::{
    AccessPassId, AccountId, AuthenticationEvent, FactorKind, FactorProof, Kept, Lifetime,
    RelyingPartyId, SourceId, Timestamp, TransactionId, assurance::Worth,
};

/// How long a person has for a login.
pub const LIFETIME: Lifetime = Lifetime::minutes(60);

/// How long a source has to send the browser back.
pub const SOURCE_LIFETIME: Lifetime = Lifetime::minutes(10);

/// One login in progress.
///
/// It belongs to the browser that started it: `binding` is the hash of a secret that only that
/// browser's cookie leads to. Its id stands in URLs and opens nothing by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent things that happened")]
pub struct Transaction {
    /// Its name.
    pub id: TransactionId,
    /// The hash of the browser binding.
    pub binding: String,
    /// What was asked.
    pub request: AuthnRequest,
    /// When it began.
    pub started_at: Timestamp,
    /// What it waits for.
    pub awaiting: Awaiting,
    /// The source that was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<SourceId>,
    /// The proof that this login has brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Box<AuthenticationEvent>>,
    /// How often a source has vouched in this login: whoever vouched too weakly because the
    /// person's sign-in there is old is asked once more for a new one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub answers: u8,
    /// Whether the source was asked for a new sign-in. What it answers may be an old one all the
    /// same; it is not asked for a new one again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asked_anew: bool,
    /// Whether the person consented to the release.
    #[serde(default)]
    pub consented: bool,
    /// What was proven here in this login, and in no other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<FactorProof>,
    /// Whose proofs and pass these are. Of somebody else they count for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<AccountId>,
    /// How that person's factors stood when the first of these was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footing: Option<Footing>,
    /// The access pass that this login has used up: it opens enrolment, and nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass: Option<AccessPassId>,
    /// Whether the person was asked to enrol a factor that nothing demands, and said "later".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nudged: bool,
    /// Whether the source was asked for what the relying party would like.
    #[serde(default, skip_serializing_if = "Wished::is_not")]
    pub wished: Wished,
    /// Whether the person was asked for a factor that the relying party would like, and went on
    /// without it. Of what is demanded nothing can be declined.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub declined: bool,
    /// Whether the person wants this device to stand for the factor next time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub remember: bool,
    /// Whether the person says that others use this browser.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
}

/// How far a source was asked for what the relying party would like. It is asked once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wished {
    /// It was not.
    #[default]
    No,
    /// It is to answer: whatever it says, the session stands that the browser has.
    AtSource,
    /// It has answered, or could not.
    Answered,
}

impl Wished {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    fn is_not(&self) -> bool {
        *self == Self::No
    }
}

/// Since when something holds that was proven here, and on which factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footing {
    /// When it was proven.
    pub since: Timestamp,
    /// The epoch of the person's factors: when others are there, it has to be proven anew.
    pub epoch: i64,
}

/// What a transaction waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Awaiting {
    /// The person's choice of an agency.
    SourceChoice,
    /// A source's answer.
    Source(AskedSource),
    /// A proof of a factor.
    Factor(AskedFactor),
    /// A factor that the person enrols.
    Enrolment(Enrolling),
    /// The person's consent.
    Consent,
    /// Nothing yet: policy is to be asked.
    Decision,
}

/// A source that has been asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedSource {
    /// Which source.
    pub source: SourceId,
    /// What must come back with the browser.
    pub correlator: String,
    /// The connector's own memory.
    pub kept: Kept,
    /// Since when.
    pub since: Timestamp,
}

/// A factor that has been asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedFactor {
    /// Whose.
    pub account: AccountId,
    /// Of which kinds one is enough, the best first.
    pub kinds: Vec<FactorKind>,
    /// What the proof must be worth.
    pub wanted: Worth,
    /// Whether the person may go on without it, as far as nothing demands it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// Since when.
    pub since: Timestamp,
}

/// An enrolment that has been opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolling {
    /// Whose.
    pub account: AccountId,
    /// Of which kinds one is enough, the best first.
    pub kinds: Vec<FactorKind>,
    /// What a proof of it must be worth.
    pub wanted: Worth,
    /// Whether the person may say "later".
    pub optional: bool,
    /// The epoch of the account's factors in which it was opened: it is closed when they change.
    #[serde(default)]
    pub epoch: i64,
    /// The connector-like memory of the step: a secret of an app that waits for its first code,
    /// sealed. None while nothing was drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
    /// Since when.
    pub since: Timestamp,
}

impl Transaction {
    /// A new login for `request`, bound to a browser.
    #[must_use]
    pub fn begin(request: AuthnRequest, random: [u8; 16], binding: String, now: Timestamp) -> Self {
        Self {
            id: TransactionId::for_relying_party(random, &request.relying_party),
            binding,
            request,
            started_at: now,
            awaiting: Awaiting::Decision,
            chosen: None,
            event: None,
            answers: 0,
            asked_anew: false,
            consented: false,
            proofs: Vec::new(),
            person: None,
            footing: None,
            pass: None,
            nudged: false,
            wished: Wished::No,
            declined: false,
            remember: false,
            shared: false,
        }
    }

    /// Whether its time is up at `now`.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        now.since(self.started_at) > LIFETIME || now < self.started_at.minus(LIFETIME)
    }

    /// The relying party that asked.
    #[must_use]
    pub fn relying_party(&self) -> &RelyingPartyId {
        &self.request.relying_party
    }

    /// The person chose a source: whatever was proven elsewhere no longer counts.
    pub fn choose(&mut self, source: SourceId) {
        self.chosen = Some(source);
        self.wished = Wished::No;
        self.forget_person();
        self.awaiting = Awaiting::Decision;
    }

    /// The person wants to choose again.
    pub fn reconsider(&mut self) {
        self.chosen = None;
        self.forget_person();
        self.awaiting = Awaiting::SourceChoice;
    }

    /// Whatever was proven is of somebody who may be another than who signs in next.
    fn forget_person(&mut self) {
        self.event = None;
        self.answers = 0;
        self.asked_anew = false;
        self.consented = false;
        self.forget_factors();
    }

    /// What a source vouched for, and what was proven here on top of it, must no longer be
    /// believed: the person is asked anew, from the choice of an agency on. A source that is to
    /// answer may still do so.
    pub fn revoke(&mut self) {
        self.chosen = None;
        self.wished = Wished::No;
        self.forget_person();
        if !matches!(self.awaiting, Awaiting::Source(_)) {
            self.awaiting = Awaiting::Decision;
        }
    }

    /// Whatever was proven here is of somebody else than the login is about now.
    pub fn forget_factors(&mut self) {
        self.proofs.clear();
        self.person = None;
        self.footing = None;
        self.pass = None;
        self.nudged = false;
        self.declined = false;
        self.remember = false;
    }

    /// `person` proved a factor.
    pub fn prove(&mut self, person: &AccountId, proof: FactorProof) {
        self.belongs_to(person);
        self.proofs.push(proof);
        self.awaiting = Awaiting::Decision;
    }

    /// `person` goes on without the factor that the relying party would like.
    pub fn decline(&mut self, person: &AccountId) {
        self.belongs_to(person);
        self.declined = true;
        self.awaiting = Awaiting::Decision;
    }

    /// Holds what was proven here against who the login is about now.
    pub fn belongs_to(&mut self, person: &AccountId) {
        if self.person.as_ref().is_some_and(|before| before != person) {
            self.forget_factors();
        }
        self.person = Some(person.clone());
    }

    /// The same for what is proven now, on these factors: what was proven on others is forgotten.
    pub fn stands_on(&mut self, person: &AccountId, footing: Footing) {
        if self.footing.is_some_and(|before| before.epoch != footing.epoch) {
            self.forget_factors();
        }
        self.belongs_to(person);
        self.footing.get_or_insert(footing);
    }

    /// The person has changed the factors here: what was proven before stands.
    pub fn moves_on(&mut self, footing: Footing) {
        let since = self.footing.map_or(footing.since, |before| before.since);
        self.footing = Some(Footing { since, ..footing });
    }

    /// A source was asked, for a new sign-in if `anew`, and is to answer.
    pub fn ask(
        &mut self,
        source: SourceId,
        anew: bool,
        correlator: String,
        kept: Kept,
        now: Timestamp,
    ) {
        self.asked_anew = anew;
        self.awaiting = Awaiting::Source(AskedSource { source, correlator, kept, since: now });
    }

    /// A source vouched. An answer from any source but the one that was asked does not get here.
    ///
    /// Unless it vouches for whom it vouched for before in this login, what was proven here, and
    /// consented to, is of somebody else.
    ///
    /// One that was asked for a new sign-in and does not say when it was may have answered from
    /// memory: it then proves one factor.
    pub fn record(&mut self, mut event: AuthenticationEvent) {
        if self.is_asked_anew() && event.authenticated_at.is_none() {
            event.discredit();
        }
        let before = self.event.as_deref().map(|event| &event.identity);
        if !before.is_some_and(|before| before.is_same_person(&event.identity)) {
            let (answers, asked_anew) = (self.answers, self.asked_anew);
            self.forget_person();
            (self.answers, self.asked_anew) = (answers, asked_anew);
        }
        self.chosen = Some(event.identity.source.clone());
        self.event = Some(Box::new(event));
        if self.wished == Wished::AtSource {
            self.wished = Wished::Answered;
        }
        self.answers = self.answers.saturating_add(1);
        self.awaiting = Awaiting::Decision;
    }

    /// A source vouched: see [`Self::record`]. Where it was asked only because the relying party
    /// would like more, and proves less than `before`, the sign-in of the browser's session, or
    /// answers from an older one, that stands: a wish lowers nothing.
    pub fn hear(&mut self, event: AuthenticationEvent, before: Option<&AuthenticationEvent>) {
        let asked = self.clone();
        self.record(event);
        let before = before.filter(|_| asked.wished == Wished::AtSource);
        let (Some(event), Some(before)) = (self.event.as_deref(), before) else { return };
        let (worth, now) = (event.worth(event.received_at), event.received_at);
        let as_good =
            worth.meets(before.worth(now)) && event.authenticated_at >= before.authenticated_at;
        if before.identity.is_same_person(&event.identity) && !as_good {
            *self = asked;
            self.wished = Wished::Answered;
            self.awaiting = Awaiting::Decision;
        }
    }

    /// Whether the source that vouched was asked for a new sign-in: whoever vouched before is asked
    /// again for nothing else.
    #[must_use]
    pub fn is_asked_anew(&self) -> bool {
        self.asked_anew || self.answers > 1
    }

    /// The person consented.
    pub fn consent(&mut self) {
        self.consented = true;
        self.awaiting = Awaiting::Decision;
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(count: &u8) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests;
