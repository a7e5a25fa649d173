//! Cases of what is asked for a wish, and of what is not.

use expect_test::{Expect, expect};

use super::super::{
    Step,
    testing::{Case, acr, factor, proof, trusted, with_nothing, with_passkey, with_totp},
};
use crate::{
    Acr, Assurance, AuthenticationEvent, Demand, FactorKind, FactorRules, Factors,
    assurance::{AAL1, PHR, REFEDS_MFA, Worth},
};

fn check(case: &Case, expected: &Expect) {
    expected.assert_eq(&case.told());
}

fn wished(names: &[&str]) -> Demand {
    let acr: Vec<Acr> = names.iter().map(|name| acr(name)).collect();
    Demand { acr, ..Demand::default() }
}

fn password(source: &str) -> AuthenticationEvent {
    proof(source, Some(20), Assurance::Aal1)
}

/// Somebody with a password and an app, of whom a relying party would like two factors.
fn case() -> Case {
    Case {
        demand: wished(&[REFEDS_MFA]),
        session: Some(password("una")),
        factors: Some(with_totp()),
        ..Case::default()
    }
}

#[test]
fn whoever_has_a_factor_is_asked_for_it() {
    check(
        &case(),
        &expect![
            "ask to prove totp or recovery_code (AAL2) because the session is reused; the wish https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the person can prove totp or recovery_code"
        ],
    );
    check(
        &Case { session: None, event: Some(password("una")), ..case() },
        &expect![
            "ask to prove totp or recovery_code (AAL2) because the wish https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the person can prove totp or recovery_code"
        ],
    );
    check(
        &Case { session_proofs: vec![factor(FactorKind::Totp, 60)], ..case() },
        &expect![
            "issue on the session because the session is reused; the wish https://refeds.org/profile/mfa is met by totp proven here 60 s ago; every demand is met"
        ],
    );
}

#[test]
fn whoever_has_none_goes_on() {
    check(
        &Case { factors: Some(with_nothing()), ..case() },
        &expect![
            "issue on the session because the session is reused; the wish https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the person has nothing for it, and a wish stops nobody; every demand is met"
        ],
    );
    check(
        &Case { demand: wished(&[PHR]), ..case() },
        &expect![
            "issue on the session because the session is reused; the wish phr is not met by AAL1; source una can prove no more than AAL1; the person has nothing for it, and a wish stops nobody; every demand is met"
        ],
    );
    let reported = Factors { must_enrol: true, ..with_totp() };
    check(
        &Case { factors: Some(reported), ..case() },
        &expect![
            "issue on the session because the session is reused; the wish https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the person has nothing for it, and a wish stops nobody; every demand is met"
        ],
    );
}

#[test]
fn whoever_declines_goes_on_with_less() {
    check(
        &Case { declined: true, ..case() },
        &expect![
            "issue on the session because the session is reused; the wish https://refeds.org/profile/mfa is not met by AAL1; the person went on without it; every demand is met"
        ],
    );
}

#[test]
fn the_source_is_asked_first_and_once() {
    let at_source = Case { session: Some(password("unb")), ..case() };
    check(
        &at_source,
        &expect![
            "authenticate anew at unb because the session is reused; the wish https://refeds.org/profile/mfa is not met by AAL1; source unb could prove it: asked once"
        ],
    );
    check(
        &Case { wished: true, ..at_source.clone() },
        &expect![
            "ask to prove totp or recovery_code (AAL2) because the session is reused; the wish https://refeds.org/profile/mfa is not met by AAL1; the source was asked and proved AAL1; the person can prove totp or recovery_code"
        ],
    );
    check(
        &Case { session: None, event: Some(password("unb")), ..at_source.clone() },
        &expect![
            "ask to prove totp or recovery_code (AAL2) because the wish https://refeds.org/profile/mfa is not met by AAL1; the source was asked and proved AAL1; the person can prove totp or recovery_code"
        ],
    );
    let mut lapsed = trusted("unb", 7_200);
    lapsed.credited_until = Some(super::super::testing::NOW);
    check(
        &Case { session: None, event: Some(lapsed), factors: Some(with_nothing()), ..at_source },
        &expect![
            "issue on the sign-in because the wish https://refeds.org/profile/mfa is not met by AAL1; the source was asked and proved AAL1; the source's context https://refeds.org/profile/mfa is believed no longer; the person has nothing for it, and a wish stops nobody; every demand is met"
        ],
    );
}

#[test]
fn the_least_wanted_name_that_is_met_is_enough() {
    let session_proofs = vec![factor(FactorKind::Totp, 60)];
    let factors = Some(Factors { totp: true, ..with_passkey() });
    let case = Case { session_proofs, factors, ..case() };
    check(
        &Case { demand: wished(&[PHR, REFEDS_MFA]), ..case.clone() },
        &expect![
            "issue on the session because the session is reused; the wish https://refeds.org/profile/mfa is met by totp proven here 60 s ago; every demand is met"
        ],
    );
    check(
        &Case { demand: wished(&[PHR, AAL1]), session_proofs: Vec::new(), ..case.clone() },
        &expect![
            "issue on the session because the session is reused; the wish urn:laissez-passer:assurance:aal1 is met by the source's word; every demand is met"
        ],
    );
    check(
        &Case { demand: wished(&[PHR, REFEDS_MFA]), session_proofs: Vec::new(), ..case },
        &expect![
            "ask to prove passkey or totp or recovery_code (AAL2) because the session is reused; the wish phr or https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the person can prove passkey or totp or recovery_code"
        ],
    );
}

#[test]
fn a_name_that_nobody_knows_asks_nobody() {
    check(
        &Case { demand: wished(&["urn:example:loa9"]), ..case() },
        &expect![
            "issue on the session because the session is reused; the wish names nothing that could be proven here; every demand is met"
        ],
    );
    check(
        &Case { demand: wished(&["urn:example:loa9", REFEDS_MFA]), ..case() },
        &expect![
            "ask to prove totp or recovery_code (AAL2) because the session is reused; the wish urn:example:loa9 or https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the person can prove totp or recovery_code"
        ],
    );
}

#[test]
fn nobody_is_asked_where_nobody_may_be_asked() {
    let demand = Demand { passive: true, ..wished(&[REFEDS_MFA]) };
    check(
        &Case { demand: demand.clone(), ..case() },
        &expect![
            "issue on the session because the session is reused; the wish https://refeds.org/profile/mfa is not met by AAL1; nobody may be asked anything; every demand is met"
        ],
    );
    check(
        &Case { demand, session: Some(password("unb")), ..case() },
        &expect![
            "issue on the session because the session is reused; the wish https://refeds.org/profile/mfa is not met by AAL1; nobody may be asked anything; every demand is met"
        ],
    );
}

#[test]
fn the_time_of_grace_is_not_for_wishes() {
    let rules =
        FactorRules { demand: Some(acr(REFEDS_MFA)), grace_days: 14, ..FactorRules::default() };
    check(
        &Case { rules, ..case() },
        &expect![
            "ask to prove totp or recovery_code (AAL2) because the session is reused; the account is new: its agency demands nothing for 14 days; the wish https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the person can prove totp or recovery_code"
        ],
    );
}

#[test]
fn mfa_04_whoever_declines_a_wish_is_asked_for_what_is_demanded() {
    let both = Factors { totp: true, ..with_passkey() };
    let case =
        Case { demand: wished(&[PHR]), floor: Some(REFEDS_MFA), factors: Some(both), ..case() };
    check(
        &case,
        &expect![
            "ask to prove passkey (AAL2, phishing-resistant) because the session is reused; the relying party's floor https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the wish phr is not met by AAL1; totp would be too weak, and is not offered; recovery_code would be too weak, and is not offered; the person can prove passkey"
        ],
    );
    check(
        &Case { declined: true, ..case.clone() },
        &expect![
            "prove passkey or totp or recovery_code (AAL2) because the session is reused; the relying party's floor https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the wish phr is not met by AAL1; the person went on without it; the person can prove passkey or totp or recovery_code"
        ],
    );
    // Who cannot prove what is wished is asked for what is demanded alone.
    check(
        &Case { factors: Some(with_totp()), ..case },
        &expect![
            "prove totp or recovery_code (AAL2) because the session is reused; the relying party's floor https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the wish phr is not met by AAL1; the person can prove totp or recovery_code"
        ],
    );
}

#[test]
fn a_wish_for_less_than_is_demanded_makes_nothing_optional() {
    let case = Case { floor: Some(PHR), factors: Some(with_passkey()), ..case() };
    let resistant = Worth { assurance: Assurance::Aal2, phishing_resistant: true };
    let kinds = vec![FactorKind::Passkey];
    let asked = Step::ProveFactor { kinds, wanted: resistant, optional: false };
    assert_eq!(case.decide().step, asked);
    assert_eq!(Case { declined: true, ..case }.decide().step, asked);
}
