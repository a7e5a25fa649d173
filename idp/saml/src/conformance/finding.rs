//! What was found about a peer, clause by clause.

use std::borrow::Cow;

use serde::Serialize;

use super::Clause;

/// Whether a clause is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is.
    Held,
    /// It is not.
    NotHeld,
    /// Nothing that is registered or published tells.
    CannotTell,
}

impl Verdict {
    /// The words for people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::NotHeld => "not held",
            Self::CannotTell => "cannot tell",
        }
    }
}

/// Who has to keep a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// The peer.
    Peer,
    /// We, towards the peer: its registration decides.
    Ours,
}

/// What was found about one clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The clause; for what lies beyond the profile, a name of ours.
    pub clause: &'static str,
    /// Who has to keep it.
    pub whose: Whose,
    /// Whether it is kept.
    pub verdict: Verdict,
    /// What was seen.
    pub found: Cow<'static, str>,
    /// What to do: about what is not kept, and to learn what cannot be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<Cow<'static, str>>,
}

impl Finding {
    /// The clause in full.
    #[must_use]
    pub fn text(&self) -> Option<&'static Clause> {
        Clause::find(self.clause)
    }
}

/// All that was found about a peer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The clauses, in the order of the profile, the peer's before ours.
    pub clauses: Vec<Finding>,
    /// What the profile only recommends, or others demand: it changes no verdict.
    pub beyond: Vec<Finding>,
}

impl Report {
    /// How many clauses have this verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.clauses.iter().filter(|finding| finding.verdict == verdict).count()
    }
}

/// What a rule says of its clause.
pub(super) struct Judged {
    verdict: Verdict,
    found: Cow<'static, str>,
    advice: Option<Cow<'static, str>>,
}

impl Judged {
    /// As part of a report.
    pub(super) fn about(self, clause: &'static str, whose: Whose) -> Finding {
        let Self { verdict, found, advice } = self;
        Finding { clause, whose, verdict, found, advice }
    }
}

/// It is kept.
pub(super) fn held(found: impl Into<Cow<'static, str>>) -> Judged {
    Judged { verdict: Verdict::Held, found: found.into(), advice: None }
}

/// It is not kept.
pub(super) fn broken(
    found: impl Into<Cow<'static, str>>,
    advice: impl Into<Cow<'static, str>>,
) -> Judged {
    Judged { verdict: Verdict::NotHeld, found: found.into(), advice: Some(advice.into()) }
}

/// It cannot be seen from here.
pub(super) fn unseen(
    found: impl Into<Cow<'static, str>>,
    advice: impl Into<Cow<'static, str>>,
) -> Judged {
    Judged { verdict: Verdict::CannotTell, found: found.into(), advice: Some(advice.into()) }
}

/// It is kept if `kept`; else that was found which follows, and that is to be done.
pub(super) fn either(
    kept: bool,
    found: &'static str,
    lacks: &'static str,
    advice: &'static str,
) -> Judged {
    if kept { held(found) } else { broken(lacks, advice) }
}
