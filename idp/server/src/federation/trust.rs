//! The trust table of a source as it is written, and what is made of it. A wire format.

use std::{collections::BTreeSet, fmt::Write as _};

use idp_domain::{
    Acr, Amr, Assurance, Lifetime, Trust,
    assurance::Worth,
    trust::{Belief, Rule, Says},
};
use serde::{Deserialize, Serialize};

use super::{error::Problem, file::SourceEntry};

/// The most lines of a table: no product has half as many words.
const MAX_RULES: usize = 100;
/// The longest age that a line can set, in minutes: 30 days.
const MAX_AGE: u32 = 30 * 24 * 60;

/// One line: a word of the source, and what is made of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrustEntry {
    /// A context: `acr`, or an authentication context class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) context: Option<Acr>,
    /// A method: a value of `amr`, or of the attribute that lists methods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) method: Option<String>,
    /// It is trusted to mean this much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) worth: Option<Assurance>,
    /// With `worth`: whether what was used cannot be talked out of a person. AAL3 is not without.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) phishing_resistant: bool,
    /// With `worth`: how old the sign-in may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) max_age_minutes: Option<u32>,
    /// It counts for one factor; what is missing is proven here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) verify: bool,
    /// Whatever else is said beside it, the sign-in counts for one factor.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) never: bool,
}

/// What `entry` says its source's word is believed for.
pub(crate) fn trust(entry: &SourceEntry) -> Result<Trust, Vec<Problem>> {
    let short = Trust::in_contexts(entry.trusted_acr.iter().cloned());
    let mut problems = Vec::new();
    if entry.trust.len() > MAX_RULES {
        problems.push(Problem::new("trust", format!("more than {MAX_RULES} lines")));
    }
    let mut said: BTreeSet<String> = short.rules().iter().map(|rule| word(&rule.says)).collect();
    let mut rules = short.rules().to_vec();
    for (place, line) in entry.trust.iter().enumerate().take(MAX_RULES) {
        match line.rule() {
            Ok(rule) if !said.insert(word(&rule.says)) => {
                let message =
                    format!("{} stands twice, here or in `trusted_acr`", word(&rule.says));
                problems.push(Problem::new(format!("trust[{place}]"), message));
            }
            Ok(rule) => rules.push(rule),
            Err(problem) => problems.push(problem.within(&format!("trust[{place}]"))),
        }
    }
    if problems.is_empty() { Ok(Trust::new(rules)) } else { Err(problems) }
}

impl TrustEntry {
    fn rule(&self) -> Result<Rule, Problem> {
        Ok(Rule { says: self.says()?, belief: self.belief()? })
    }

    fn says(&self) -> Result<Says, Problem> {
        match (&self.context, &self.method) {
            (Some(context), None) => Ok(Says::Context(context.clone())),
            (None, Some(method)) => Amr::new(method).map(Says::Method).ok_or_else(|| {
                Problem::new("method", "a method is 1 to 128 visible ASCII characters")
            }),
            _ => {
                let message = "it names one word of the source: `context` or `method`, not both";
                Err(Problem::new("", message))
            }
        }
    }

    fn belief(&self) -> Result<Belief, Problem> {
        let Self { phishing_resistant, max_age_minutes, .. } = *self;
        match (self.worth, self.verify, self.never) {
            (Some(Assurance::Aal1), false, false) => {
                let message =
                    "every sign-in is worth `aal1`; write `verify: true`, or leave it out";
                Err(Problem::new("worth", message))
            }
            (Some(assurance), false, false) => {
                if let Some(minutes) = max_age_minutes
                    && !(1..=MAX_AGE).contains(&minutes)
                {
                    let message = format!("an age is 1 to {MAX_AGE} minutes");
                    return Err(Problem::new("max_age_minutes", message));
                }
                let phishing_resistant = phishing_resistant || assurance == Assurance::Aal3;
                let worth = Worth { assurance, phishing_resistant };
                Ok(Belief::Trust { worth, max_age: max_age_minutes.map(Lifetime::minutes) })
            }
            (None, ..) if phishing_resistant || max_age_minutes.is_some() => {
                let message = "`phishing_resistant` and `max_age_minutes` go with `worth` alone";
                Err(Problem::new("", message))
            }
            (None, true, false) => Ok(Belief::Verify),
            (None, false, true) => Ok(Belief::Never),
            _ => {
                let message = "it says one thing: `worth: aal2`, `verify: true` or `never: true`";
                Err(Problem::new("", message))
            }
        }
    }
}

fn word(says: &Says) -> String {
    let mut word = String::new();
    // Writing to a text does not fail.
    let _ = match says {
        Says::Context(acr) => write!(word, "context `{acr}`"),
        Says::Method(amr) => write!(word, "method `{}`", amr.as_str()),
    };
    word
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use super::trust;
    use crate::federation::file::SourceEntry;

    fn source(trusted_acr: &Value, table: &Value) -> SourceEntry {
        let entry = json!({
            "id": "s", "agency": "a", "kind": "local",
            "trusted_acr": trusted_acr, "trust": table,
        });
        serde_json::from_value(entry).unwrap()
    }

    fn check(trusted_acr: &Value, table: &Value, expected: &Expect) {
        let said = match trust(&source(trusted_acr, table)) {
            Ok(trust) => serde_json::to_string(&trust).unwrap(),
            Err(problems) => {
                problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
            }
        };
        expected.assert_eq(&said);
    }

    #[test]
    fn a_table_says_what_is_trusted_verified_and_never_believed() {
        let table = json!([
            {"context": "https://refeds.org/profile/mfa", "worth": "aal2", "max_age_minutes": 480},
            {"method": "hwk", "worth": "aal2", "phishing_resistant": true},
            {"method": "sc", "worth": "aal3"},
            {"method": "sms", "never": true},
            {"context": "urn:example:gold", "verify": true},
        ]);
        check(
            &json!([]),
            &table,
            &expect![[
                r#"[{"says":{"context":"https://refeds.org/profile/mfa"},"belief":{"trust":{"worth":{"assurance":"aal2"},"max_age":28800}}},{"says":{"method":"hwk"},"belief":{"trust":{"worth":{"assurance":"aal2","phishing_resistant":true}}}},{"says":{"method":"sc"},"belief":{"trust":{"worth":{"assurance":"aal3","phishing_resistant":true}}}},{"says":{"method":"sms"},"belief":"never"},{"says":{"context":"urn:example:gold"},"belief":"verify"}]"#
            ]],
        );
    }

    #[test]
    fn the_short_form_is_a_table_of_contexts_that_mean_what_they_are_called() {
        let mfa = json!(["https://refeds.org/profile/mfa"]);
        check(
            &mfa,
            &json!([]),
            &expect![[
                r#"[{"says":{"context":"https://refeds.org/profile/mfa"},"belief":{"trust":{"worth":{"assurance":"aal2"}}}}]"#
            ]],
        );
    }

    #[test]
    fn a_line_that_says_nothing_or_two_things_is_told_with_its_place() {
        let table = json!([
            {"worth": "aal2"},
            {"context": "a:b", "method": "otp", "worth": "aal2"},
            {"method": "a b", "worth": "aal2"},
            {"method": "otp"},
            {"method": "otp", "worth": "aal2", "never": true},
            {"method": "otp", "worth": "aal1"},
            {"method": "otp", "verify": true, "max_age_minutes": 5},
            {"method": "otp", "worth": "aal2", "max_age_minutes": 0},
            {"method": "otp", "worth": "aal2"},
            {"method": "otp", "never": true},
            {"context": "https://refeds.org/profile/mfa", "verify": true},
        ]);
        let mfa = json!(["https://refeds.org/profile/mfa"]);
        check(
            &mfa,
            &table,
            &expect![[r"
            trust[0]: it names one word of the source: `context` or `method`, not both
            trust[1]: it names one word of the source: `context` or `method`, not both
            trust[2].method: a method is 1 to 128 visible ASCII characters
            trust[3]: it says one thing: `worth: aal2`, `verify: true` or `never: true`
            trust[4]: it says one thing: `worth: aal2`, `verify: true` or `never: true`
            trust[5].worth: every sign-in is worth `aal1`; write `verify: true`, or leave it out
            trust[6]: `phishing_resistant` and `max_age_minutes` go with `worth` alone
            trust[7].max_age_minutes: an age is 1 to 43200 minutes
            trust[9]: method `otp` stands twice, here or in `trusted_acr`
            trust[10]: context `https://refeds.org/profile/mfa` stands twice, here or in `trusted_acr`"]],
        );
    }
}
