//! Limits: how long sessions and factors are believed.

use super::{Facts, Reason};
use crate::{
    Agency, FactorKind, FactorRules, Factors, Lifetime, Session, Timestamp, assurance::Worth,
    factor::EnrolWith, session::Limits,
};

/// How recent a proof must be for factors to be changed.
pub const CHANGE_WINDOW: Lifetime = Lifetime::minutes(5);

/// The limits for people of `agency` towards the relying party.
pub(super) fn narrowed(facts: &Facts<'_>, agency: &Agency) -> Limits {
    facts.limits.within(agency.sessions).within(facts.relying_party.sessions)
}

/// Whether `session` still speaks for its person. `limits` are the narrowed ones.
#[must_use]
pub fn session_counts(session: &Session, limits: Limits, now: Timestamp) -> bool {
    !session.is_over(now) && lapsed(session, limits, now).is_none()
}

/// Which limit `session` has passed.
pub(super) fn lapsed(session: &Session, limits: Limits, now: Timestamp) -> Option<Reason> {
    let age = now.since(session.started_at);
    if age > limits.absolute {
        return Some(Reason::SessionOld { age, limit: limits.absolute });
    }
    // What an older node has kept does not say when it was used.
    let idle = now.since(session.used_at.max(session.started_at));
    (idle > limits.idle).then_some(Reason::SessionIdle { idle, limit: limits.idle })
}

/// Whether the person of `session` may change factors now: one was proven in the last five
/// minutes, here or at the source. Who has none must have signed in as lately, and `rules`, those
/// of the person's agency, must let a sign-in alone open enrolment.
#[must_use]
pub fn may_change_factors(
    session: &Session,
    factors: &Factors,
    rules: &FactorRules,
    now: Timestamp,
) -> bool {
    let recent = |at: Timestamp| now.since(at) <= CHANGE_WINDOW;
    let by_factor = session.proofs.iter().any(|proof| {
        // A device that is remembered proves that somebody has it, and no more.
        proof.factor != FactorKind::Device && rules.accepts(proof.factor) && recent(proof.at)
    });
    let sign_in = session.latest().filter(|event| event.authenticated_at.is_some_and(recent));
    let by_sign_in = sign_in.is_some_and(|event| {
        let alone = factors.start_anew() && rules.enrol_with == EnrolWith::SignIn;
        alone || event.worth(now).meets(Worth::TWO_FACTORS)
    });
    !session.is_over(now) && (by_factor || by_sign_in)
}
