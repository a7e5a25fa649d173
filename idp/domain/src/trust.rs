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
    /// Until when it is worth more than one factor, or was; none: as long as the session lasts.
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
        let mut lapsed = None;
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
                // Of what happened at an unknown time it can be said only that it is over.
                lapsed = lapsed.max(Some(until.flatten().unwrap_or(now))).filter(|_| !veto);
            } else if worth > credit.worth {
                credit.worth = worth;
                credit.until = until.flatten();
                credit.by = Some(rule.says.clone());
            }
        }
        if credit.by.is_none() {
            credit.until = lapsed;
        }
        if credit.by.is_none() && credit.ignored.is_none() {
            let verified =
                self.0.iter().find(|rule| rule.belief == Belief::Verify && said(&rule.says));
            let word = verified.map(|rule| rule.says.clone());
            let word = word.or_else(|| says_more(context, methods));
            credit.ignored = word.map(|says| (says, Doubt::Untrusted));
        }
        credit
    }
}

/// The word by which a source speaks of more than one factor, if it does: its context, or the method
/// that says so (RFC 8176 section 2).
fn says_more(context: Option<&Acr>, methods: &[Amr]) -> Option<Says> {
    let context = context.filter(|acr| acr.demands() > Some(Assurance::Aal1));
    let method = methods.iter().find(|method| method.as_str() == "mfa");
    context.cloned().map(Says::Context).or_else(|| method.cloned().map(Says::Method))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::{Belief, Rule, Says, Trust};
    use crate::{
        Acr, Amr, Lifetime, Timestamp,
        assurance::{AAL1, AAL2, PHR, REFEDS_MFA, Worth},
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

    fn context(name: &str) -> Says {
        Says::Context(acr(name))
    }

    fn method(name: &str) -> Says {
        Says::Method(Amr::new(name).unwrap())
    }

    /// A table with each belief: two factors an hour long, a key for ever, one to be verified, one
    /// that spoils all.
    fn table() -> Trust {
        let key = acr(PHR).wants().unwrap();
        let hour = Some(Lifetime::hours(1));
        let two = Belief::Trust { worth: Worth::TWO_FACTORS, max_age: hour };
        let rules = [
            (context(REFEDS_MFA), two),
            (method("hwk"), Belief::Trust { worth: key, max_age: None }),
            (context(AAL2), Belief::Verify),
            (method("sms"), Belief::Never),
        ];
        Trust::new(rules.map(|(says, belief)| Rule { says, belief }).to_vec())
    }

    /// What it is worth to say `context` and `methods` of a sign-in that is `age` seconds old.
    fn check(context: &str, methods: &[&str], age: Option<u32>, expected: &Expect) {
        let methods: Vec<_> = methods.iter().filter_map(|name| Amr::new(name)).collect();
        let at = age.map(|age| NOW.minus(Lifetime::seconds(age)));
        let credit = table().credit(Some(&acr(context)), &methods, at, NOW);
        let by = credit.by.map(|says| format!(" by {says}")).unwrap_or_default();
        let until = credit.until.map(|until| format!(" for {} s", until.seconds() - NOW.seconds()));
        let ignored = credit.ignored.map(|(says, doubt)| format!("; {says}: {doubt:?}"));
        let rest = [until, ignored].map(Option::unwrap_or_default).concat();
        expected.assert_eq(&format!("{}{by}{rest}", credit.worth));
    }

    #[test]
    fn mfa_19_a_word_is_worth_what_the_table_says() {
        check(
            REFEDS_MFA,
            &[],
            Some(600),
            &expect!["AAL2 by context https://refeds.org/profile/mfa for 3000 s"],
        );
        check(REFEDS_MFA, &["hwk"], Some(600), &expect!["AAL2, phishing-resistant by method hwk"]);
        check(AAL1, &["pwd", "hwk"], None, &expect!["AAL2, phishing-resistant by method hwk"]);
    }

    #[test]
    fn mfa_19_a_word_that_is_too_old_or_of_unknown_age_is_not_believed() {
        check(
            REFEDS_MFA,
            &[],
            Some(3_599),
            &expect!["AAL2 by context https://refeds.org/profile/mfa for 1 s"],
        );
        check(
            REFEDS_MFA,
            &[],
            Some(3_600),
            &expect!["AAL1 for 0 s; context https://refeds.org/profile/mfa: TooOld"],
        );
        check(
            REFEDS_MFA,
            &[],
            None,
            &expect!["AAL1 for 0 s; context https://refeds.org/profile/mfa: TooOld"],
        );
    }

    #[test]
    fn mfa_19_one_word_can_spoil_all_others() {
        check(REFEDS_MFA, &["hwk", "sms"], Some(600), &expect!["AAL1; method hwk: Vetoed"]);
        check(AAL1, &["sms"], Some(600), &expect!["AAL1"]);
    }

    #[test]
    fn mfa_19_what_the_table_does_not_trust_is_written_down() {
        check(
            AAL2,
            &["otp"],
            Some(600),
            &expect!["AAL1; context urn:laissez-passer:assurance:aal2: Untrusted"],
        );
        check(PHR, &[], Some(600), &expect!["AAL1; context phr: Untrusted"]);
        check(AAL1, &["pwd", "mfa"], Some(600), &expect!["AAL1; method mfa: Untrusted"]);
    }

    #[test]
    fn a_source_can_prove_the_most_that_it_is_trusted_for() {
        assert_eq!(table().ceiling(), acr(PHR).wants().unwrap());
        assert_eq!(Trust::default().ceiling(), Worth::ONE_FACTOR);
    }
}
