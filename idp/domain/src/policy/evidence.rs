//! Evidence: what is proven about the person, and what of it counts now.
//!
//! A demand is met by one piece alone; nothing is put together from two.

use std::fmt;

use super::{Basis, Facts, Reason, limits};
use crate::{
    Agency, AuthenticationEvent, FactorKind, FactorProof, Lifetime, Session, Timestamp,
    assurance::Worth, session::Limits, trust::Says,
};

/// By how much a source's clock may differ from ours.
const SKEW: u32 = 60;

/// What proves something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Means {
    /// The source's word.
    Source {
        /// What it said, where it is worth more than one factor.
        word: Option<Says>,
    },
    /// A factor that was proven here.
    Factor {
        /// Of which kind.
        kind: FactorKind,
        /// Which credential; empty where the account has one of its kind at most.
        credential: String,
        /// How long ago.
        age: Lifetime,
    },
}

impl fmt::Display for Means {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source { word: Some(word) } => write!(f, "the source's {word}"),
            Self::Source { word: None } => f.write_str("the source's word"),
            Self::Factor { kind, credential, age } => {
                f.write_str(kind.as_str())?;
                if !credential.is_empty() {
                    write!(f, " {credential}")?;
                }
                write!(f, " proven here {} s ago", age.as_seconds())
            }
        }
    }
}

/// Something that is proven, and what it is worth now.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) worth: Worth,
    pub(super) means: Means,
    /// The factor behind it, where it is not the source's word.
    pub(super) proof: Option<FactorProof>,
}

/// Everything that is proven about one person, and counts.
#[derive(Clone, Debug)]
pub(super) struct Evidence<'a> {
    pub(super) event: &'a AuthenticationEvent,
    pub(super) basis: Basis,
    pub(super) agency: &'a Agency,
    /// The source's word first, then factors, the latest first.
    pub(super) pieces: Vec<Piece>,
    /// Whether the source's word was worth more once than it is now.
    pub(super) aged: bool,
    /// What does not count, and why.
    pub(super) ignored: Vec<Reason>,
    /// Whether an access pass was used in this login.
    pub(super) pass: bool,
}

impl Evidence<'_> {
    /// The most that is proven.
    pub(super) fn best(&self) -> Worth {
        self.pieces.iter().map(|piece| piece.worth).fold(Worth::ONE_FACTOR, Worth::or)
    }

    /// What the source's word is worth now.
    pub(super) fn of_source(&self) -> Worth {
        self.pieces.first().map_or(Worth::ONE_FACTOR, |piece| piece.worth)
    }
}

/// What counts of everything that is proven about the person of `event`.
pub(super) fn gather<'a>(
    facts: &Facts<'a>,
    event: &'a AuthenticationEvent,
    basis: Basis,
    agency: &'a Agency,
    now: Timestamp,
) -> Evidence<'a> {
    let limits = limits::narrowed(facts, agency);
    let (word, aged) = of_source(event, limits, now);
    let session = facts.session.filter(|session| speaks_of(session, event, limits, now));
    // Another tab may have signed somebody else in since.
    let of_another = session.is_some_and(|session| {
        facts.transaction.person.as_ref().is_some_and(|person| *person != session.account)
    });
    let mut found = Evidence {
        event,
        basis,
        agency,
        aged: aged.is_some(),
        pieces: vec![word],
        ignored: aged.into_iter().collect(),
        pass: facts.transaction.pass.is_some() && !of_another,
    };
    let of_login = facts.transaction.proofs.iter().filter(|_| !of_another);
    let of_login = of_login.rev().map(|proof| (proof, true));
    let of_session = session.map(|session| session.proofs.as_slice()).unwrap_or_default();
    let of_session = of_session.iter().rev().map(|proof| (proof, false));
    let device = facts.factors.and_then(|factors| factors.device.as_ref());
    let device = device.filter(|proof| proof.factor == FactorKind::Device);
    let device = device.into_iter().map(|proof| (proof, false));
    for (proof, in_this_login) in of_login.chain(of_session).chain(device) {
        if !agency.factors.accepts(proof.factor) {
            continue;
        }
        let age = now.since(proof.at);
        let (kind, credential) = (proof.factor, proof.credential.clone());
        let means = Means::Factor { kind, credential, age };
        match exceeded(facts, proof, in_this_login, limits, agency, now) {
            None => {
                let (worth, proof) = (proof.worth(), Some(proof.clone()));
                found.pieces.push(Piece { worth, means, proof });
            }
            Some(max_age) => {
                found.ignored.push(Reason::Decayed { means, max_age: Some(max_age) });
            }
        }
    }
    found
}

/// The source's word, and why it is worth less than it was.
fn of_source(
    event: &AuthenticationEvent,
    limits: Limits,
    now: Timestamp,
) -> (Piece, Option<Reason>) {
    let raw = Worth { assurance: event.assurance, phishing_resistant: event.phishing_resistant };
    let piece = |worth, word| Piece { worth, means: Means::Source { word }, proof: None };
    let means = Means::Source { word: event.credited_by.clone() };
    let lapsed = event.credited_until.is_some_and(|until| now >= until);
    if lapsed {
        return (piece(Worth::ONE_FACTOR, None), Some(Reason::Decayed { means, max_age: None }));
    }
    if Worth::ONE_FACTOR.meets(raw) {
        return (piece(Worth::ONE_FACTOR, None), None);
    }
    // A source that does not say when is taken to mean the moment at which it vouched.
    let age = now.since(event.authenticated_at.unwrap_or(event.received_at));
    if age > limits.factor {
        let max_age = Some(limits.factor);
        return (piece(Worth::ONE_FACTOR, None), Some(Reason::Decayed { means, max_age }));
    }
    (piece(raw, event.credited_by.clone()), None)
}

/// Whether `session` is the live one of the person of `event`.
fn speaks_of(
    session: &Session,
    event: &AuthenticationEvent,
    limits: Limits,
    now: Timestamp,
) -> bool {
    let same = session.latest().is_some_and(|own| own.identity.is_same_person(&event.identity));
    same && limits::session_counts(session, limits, now)
}

/// The age that `proof` exceeds, if it does.
fn exceeded(
    facts: &Facts<'_>,
    proof: &FactorProof,
    in_this_login: bool,
    limits: Limits,
    agency: &Agency,
    now: Timestamp,
) -> Option<Lifetime> {
    let demand = &facts.transaction.request.demand;
    let lasting = if proof.factor == FactorKind::Device {
        // It stands for a factor as long as the agency says, unless the relying party wants
        // factors younger than that.
        let own = facts.relying_party.sessions.factor.map(Lifetime::minutes);
        own.map_or(agency.factors.device_life(), |own| own.min(agency.factors.device_life()))
    } else {
        limits.factor
    };
    if is_anew(demand) && !in_this_login {
        return Some(Lifetime::seconds(0));
    }
    let asked = demand.max_age;
    let asked = asked.map(|age| if in_this_login { age.max(since_start(facts, now)) } else { age });
    let allowed = asked.map_or(lasting, |asked| asked.min(lasting));
    (now.since(proof.at) > allowed).then_some(allowed)
}

/// Whether everything must be proven in this very login.
pub(super) fn is_anew(demand: &crate::Demand) -> bool {
    demand.force || demand.max_age == Some(Lifetime::seconds(0))
}

/// How long this login has lasted. What was fresh enough when it began does not grow stale while
/// a person reads a page.
pub(super) fn since_start(facts: &Facts<'_>, now: Timestamp) -> Lifetime {
    let lasted = now.since(facts.transaction.started_at).as_seconds();
    Lifetime::seconds(lasted.saturating_add(SKEW))
}

/// How old the sign-in at the source may be, if that is limited.
pub(super) fn freshness(facts: &Facts<'_>, basis: Basis, now: Timestamp) -> Option<Lifetime> {
    let demand = &facts.transaction.request.demand;
    match (basis, is_anew(demand), demand.max_age) {
        (Basis::Event, true, _) => Some(since_start(facts, now)),
        (Basis::Event, false, Some(max_age)) => Some(max_age.max(since_start(facts, now))),
        (Basis::Session, _, Some(max_age)) => Some(max_age),
        (_, _, None) => None,
    }
}

#[cfg(test)]
mod tests;
