//! Requested contexts: from a comparison to the list of contexts that satisfy it.
//!
//! The strengths are ours ([`KNOWN`], by what each name wants: a chain, on which resistance to
//! phishing makes two factors stronger); what we do not know has no strength, so it is never met
//! and nothing is said to be stronger than it.

use idp_domain::{
    Acr,
    assurance::{KNOWN, Worth},
};

use crate::schema::{Comparison, RequestedAuthnContext};

/// The contexts that satisfy `requested` (SAML Core 3.3.2.2.1), the best fit first.
///
/// Whatever of them is reached is named in the answer, so the ones that were asked for by name
/// stand before their equals. Empty when nothing can satisfy it.
#[must_use]
pub fn acceptable(requested: &RequestedAuthnContext) -> Vec<Acr> {
    let mut named: Vec<Acr> = Vec::new();
    for class in &requested.classes {
        // A name that no context can have is one that is never reached.
        if let Ok(acr) = class.parse()
            && !named.contains(&acr)
        {
            named.push(acr);
        }
    }
    let strengths = || named.iter().filter_map(Acr::wants);
    match requested.comparison {
        Comparison::Exact => named,
        Comparison::Minimum => {
            let Some(least) = strengths().min() else { return named };
            let others = known(|strength| strength >= least, &named);
            named.into_iter().chain(others).collect()
        }
        Comparison::Maximum => {
            let Some(most) = strengths().max() else { return named };
            let others = known(|strength| strength <= most, &named);
            let mut all: Vec<Acr> = named.into_iter().chain(others).collect();
            // Stable: among equals, names that were asked for stay in front.
            all.sort_by_key(|acr| std::cmp::Reverse(acr.wants()));
            all
        }
        Comparison::Better => {
            if let Some(unknown) = named.iter().find(|acr| acr.wants().is_none()) {
                return vec![unknown.clone()];
            }
            let Some(most) = strengths().max() else { return Vec::new() };
            known(|strength| strength > most, &[])
        }
    }
}

/// The known contexts whose strength is `wanted`, from weak to strong, but for those in `without`.
fn known(wanted: impl Fn(Worth) -> bool, without: &[Acr]) -> Vec<Acr> {
    let found = KNOWN.iter().filter_map(|name| name.parse::<Acr>().ok());
    let fits = |acr: &Acr| acr.wants().is_some_and(&wanted) && !without.contains(acr);
    found.filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use idp_domain::assurance::{AAL1, AAL2, AAL3, PASSWORD, PHR, PHRH, REFEDS_MFA};

    use super::acceptable;
    use crate::schema::{
        Comparison::{self, Better, Exact, Maximum, Minimum},
        RequestedAuthnContext,
    };

    const UNKNOWN: &str = "urn:example:loa9";

    fn check(comparison: Comparison, classes: &[&str], expected: &Expect) {
        let classes = classes.iter().map(|class| (*class).to_owned()).collect();
        let requested = RequestedAuthnContext { classes, comparison, ..Default::default() };
        let names: Vec<_> = acceptable(&requested)
            .iter()
            .map(|acr| acr.as_str().rsplit([':', '/']).next().unwrap_or_default().to_owned())
            .collect();
        expected.assert_eq(&names.join(" "));
    }

    #[test]
    fn idp_11_exact_means_what_was_named_and_nothing_else() {
        check(Exact, &[REFEDS_MFA], &expect!["mfa"]);
        check(Exact, &[UNKNOWN, AAL2, AAL2], &expect!["loa9 aal2"]);
        check(Exact, &[PHR], &expect!["phr"]);
        check(Exact, &["with blank", "é"], &expect![]);
    }

    #[test]
    fn idp_11_minimum_means_the_weakest_named_and_all_that_is_as_strong() {
        check(Minimum, &[REFEDS_MFA], &expect!["mfa aal2 phr aal3 phrh"]);
        check(
            Minimum,
            &[PASSWORD],
            &expect!["PasswordProtectedTransport sfa aal1 mfa aal2 phr aal3 phrh"],
        );
        check(Minimum, &[AAL3, AAL2], &expect!["aal3 aal2 mfa phr phrh"]);
        check(Minimum, &[PHR], &expect!["phr aal3 phrh"]);
        check(Minimum, &[UNKNOWN], &expect!["loa9"]);
        check(Minimum, &[UNKNOWN, AAL3], &expect!["loa9 aal3 phrh"]);
    }

    #[test]
    fn idp_11_better_means_stronger_than_each_that_was_named() {
        check(Better, &[AAL1], &expect!["mfa aal2 phr aal3 phrh"]);
        check(Better, &[PASSWORD, REFEDS_MFA], &expect!["phr aal3 phrh"]);
        check(Better, &[AAL3], &expect![]);
        check(Better, &[PHR], &expect!["aal3 phrh"]);
        check(Better, &[PHRH], &expect![]);
        // What is stronger than an unknown context, nobody can say.
        check(Better, &[AAL1, UNKNOWN], &expect!["loa9"]);
    }

    #[test]
    fn idp_11_maximum_means_the_strongest_that_does_not_exceed_one_that_was_named() {
        check(Maximum, &[AAL1], &expect!["aal1 PasswordProtectedTransport sfa"]);
        check(
            Maximum,
            &[AAL1, REFEDS_MFA],
            &expect!["mfa aal2 aal1 PasswordProtectedTransport sfa"],
        );
        check(
            Maximum,
            &[AAL3, UNKNOWN],
            &expect!["aal3 phrh phr mfa aal2 PasswordProtectedTransport sfa aal1 loa9"],
        );
        check(Maximum, &[PHR], &expect!["phr mfa aal2 PasswordProtectedTransport sfa aal1"]);
        check(Maximum, &[UNKNOWN], &expect!["loa9"]);
    }
}
