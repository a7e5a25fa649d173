//! Trust: the table between what a source says about a sign-in and what that is worth here.
//!
//! Data and its one reading. The source's words are kept beside what they were credited for.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Acr, Amr, Assurance, Lifetime, Timestamp, assurance::Worth};

/// What a source may say about a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// A context: `acr`, or an authentication context class.
    Context(Acr),
    /// One of the methods: `amr`, or a value of the attribute that lists them.
    Method(Amr),
}

/// What is made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Belief {
    /// It is worth this, if the sign-in is no older than this.
    Trust {
        /// Its worth.
        worth: Worth,
        /// How old the sign-in may be; a sign-in of unknown age is then not believed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_age: Option<Lifetime>,
    },
    /// It is worth one factor; what is missing is proven here. So is whatever no rule names.
    Verify,
    /// The sign-in is worth one factor whatever else the source says about it.
    Never,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What the source says.
    pub says: Says,
    /// What is made of it.
    pub belief: Belief,
}

/// What a source's word about a sign-in is believed for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Trust(Vec<Rule>);

/// What a sign-in is worth here, and by which word of its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Its worth now.
    pub worth: Worth,
    /// Until when it is worth more than one factor; none: as long as the session lasts.
    pub until: Option<Timestamp>,
    /// The word that it rests on, where it is worth more than one factor.
    pub by: Option<Says>,
    /// A word that would have been believed, and why it was not.
    pub ignored: Option<(Says, Doubt)>,
}

/// Why a word is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// No rule trusts it, though it is a word for more than one factor.
    Untrusted,
    /// The source said besides what is never believed.
    Vetoed,
    /// The sign-in is too old, or its age is unknown.
    TooOld,
}

impl fmt::Display for Says {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Context(acr) => write!(f, "context {acr}"),
            Self::Method(amr) => write!(f, "method {}", amr.as_str()),
        }
    }
}

impl Trust {
    /// Trust by these rules.
    #[must_use]
    pub fn new(rules: Vec<Rule>) -> Self {
        Self(rules)
    }

    /// Trust in exactly these contexts, for what their names mean.
    #[must_use]
    pub fn in_contexts(believed: impl IntoIterator<Item = Acr>) -> Self {
        let rule = |acr: Acr| {
            let worth = acr.wants()?;
            Some(Rule { says: Says::Context(acr), belief: Belief::Trust { worth, max_age: None } })
        };
        Self(believed.into_iter().filter_map(rule).collect())
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.0
    }

    /// The most that the source can ever prove here.
    #[must_use]
    pub fn ceiling(&self) -> Worth {
        let worths = self.0.iter().filter_map(|rule| match rule.belief {
            Belief::Trust { worth, .. } => Some(worth),
            Belief::Verify | Belief::Never => None,
        });
        worths.fold(Worth::ONE_FACTOR, Worth::or)
    }

    /// What a sign-in is worth here of which the source says `context` and `methods`, and that it
    /// happened at `authenticated_at`.
    #[must_use]
    pub fn credit(
        &self,
        context: Option<&Acr>,
        methods: &[Amr],
        authenticated_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Credit {
        let said = |says: &Says| match says {
            Says::Context(acr) => context == Some(acr),
            Says::Method(amr) => methods.contains(amr),
        };
        let mut credit = Credit { worth: Worth::ONE_FACTOR, until: None, by: None, ignored: None };
        let veto = self.0.iter().any(|rule| rule.belief == Belief::Never && said(&rule.says));
        for rule in self.0.iter().filter(|rule| said(&rule.says)) {
            let Belief::Trust { worth, max_age } = rule.belief else { continue };
            let until = max_age.map(|max_age| authenticated_at.map(|at| at + max_age));
            let fresh = match until {
                None => true,
                Some(Some(until)) => now < until,
                Some(None) => false,
            };
            if veto || !fresh {
                let doubt = if veto { Doubt::Vetoed } else { Doubt::TooOld };
                credit.ignored = Some((rule.says.clone(), doubt));
            } else if worth > credit.worth {
                credit.worth = worth;
                credit.until = until.flatten();
                credit.by = Some(rule.says.clone());
            }
        }
        let claims_more = context.filter(|acr| acr.demands() > Some(Assurance::Aal1));
        if credit.by.is_none()
            && credit.ignored.is_none()
            && let Some(acr) = claims_more
        {
            credit.ignored = Some((Says::Context(acr.clone()), Doubt::Untrusted));
        }
        credit
    }
}

#[cfg(test)]
mod tests {
    use super::Trust;
    use crate::{
        Acr, Timestamp,
        assurance::{AAL1, REFEDS_MFA, Worth},
    };

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn acr(text: &str) -> Acr {
        text.parse().unwrap()
    }

    #[test]
    fn an_untrusted_context_is_worth_one_factor() {
        let worth = |trust: &Trust, acr: Option<&Acr>| trust.credit(acr, &[], None, NOW).worth;
        let nobody = Trust::default();
        assert_eq!(worth(&nobody, Some(&acr(REFEDS_MFA))), Worth::ONE_FACTOR);
        let trusted = Trust::in_contexts([acr(REFEDS_MFA)]);
        assert_eq!(worth(&trusted, Some(&acr(REFEDS_MFA))), Worth::TWO_FACTORS);
        assert_eq!(worth(&trusted, Some(&acr(AAL1))), Worth::ONE_FACTOR);
        assert_eq!(worth(&trusted, None), Worth::ONE_FACTOR);
    }
}
