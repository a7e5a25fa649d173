//! Cases of what is missing, who is asked for it, and what is not even offered.

use expect_test::{Expect, expect};

use super::super::testing::{
    Case, NOW, acr, essential, factor, proof, trusted, with_nothing, with_passkey, with_totp,
};
use crate::{
    Assurance, AuthenticationEvent, Demand, FactorKind, FactorProof, FactorRules, Factors,
    Lifetime,
    assurance::{AAL3, PHR, REFEDS_MFA, Worth},
    trust::{Belief, Rule, Says, Trust},
};

fn check(case: &Case, expected: &Expect) {
    expected.assert_eq(&case.told());
}

fn password(source: &str) -> AuthenticationEvent {
    proof(source, Some(20), Assurance::Aal1)
}

/// A key of which its maker says that nothing leaves it.
fn hardware(age: u32) -> FactorProof {
    FactorProof { hardware: true, ..factor(FactorKind::Passkey, age) }
}

#[test]
fn a_source_that_is_trusted_for_two_factors_leaves_nothing_to_ask() {
    check(
        &Case {
            demand: essential(REFEDS_MFA),
            event: Some(trusted("unb", 20)),
            factors: None,
            ..Case::default()
        },
        &expect![
            "issue on the sign-in because the demand https://refeds.org/profile/mfa is met by the source's context https://refeds.org/profile/mfa; every demand is met"
        ],
    );
}

#[test]
fn what_a_source_cannot_prove_is_proven_here() {
    let case =
        Case { demand: essential(REFEDS_MFA), event: Some(password("una")), ..Case::default() };
    check(
        &Case { factors: Some(with_totp()), ..case.clone() },
        &expect![
            "prove totp or recovery_code (AAL2) because the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the person can prove totp or recovery_code"
        ],
    );
    check(
        &Case { factors: Some(with_passkey()), ..case.clone() },
        &expect![
            "prove passkey or recovery_code (AAL2) because the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the person can prove passkey or recovery_code"
        ],
    );
    check(
        &Case { factors: Some(with_nothing()), ..case },
        &expect![
            "enrol passkey or totp (AAL2) because the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; enrolment is open: a fresh sign-in of somebody without a factor"
        ],
    );
}

#[test]
fn a_source_that_could_prove_it_is_asked_before_a_factor_is() {
    let factors = Some(with_totp());
    let demand = essential(REFEDS_MFA);
    check(
        &Case {
            demand: demand.clone(),
            session: Some(password("unb")),
            factors,
            ..Case::default()
        },
        &expect![
            "authenticate anew at unb because the session is reused; the demand https://refeds.org/profile/mfa is not met by AAL1; source unb could prove it: asked first"
        ],
    );
    let factors = Some(with_totp());
    check(
        &Case { demand, event: Some(password("unb")), factors, ..Case::default() },
        &expect![
            "prove totp or recovery_code (AAL2) because the demand https://refeds.org/profile/mfa is not met by AAL1; the source was asked and proved AAL1; the person can prove totp or recovery_code"
        ],
    );
}

#[test]
fn a_source_that_answers_from_memory_is_asked_once_more() {
    let mut event = trusted("unb", 7_200);
    event.credited_until = Some(NOW);
    let demand = essential(REFEDS_MFA);
    let factors = Some(with_totp());
    let case = Case { demand, event: Some(event), factors, begun: 30, ..Case::default() };
    check(
        &case,
        &expect![
            "authenticate anew at unb because the source's context https://refeds.org/profile/mfa is believed no longer; the demand https://refeds.org/profile/mfa is not met by AAL1; source unb could prove it: asked first"
        ],
    );
    check(
        &Case { answers: 2, ..case },
        &expect![
            "prove totp or recovery_code (AAL2) because the source's context https://refeds.org/profile/mfa is believed no longer; the demand https://refeds.org/profile/mfa is not met by AAL1; the source was asked and proved AAL1; the person can prove totp or recovery_code"
        ],
    );
}

#[test]
fn a_word_that_was_too_old_when_it_came_is_asked_for_anew() {
    let believed = Belief::Trust { worth: Worth::TWO_FACTORS, max_age: Some(Lifetime::hours(1)) };
    let trust = Trust::new(vec![Rule { says: Says::Context(acr(REFEDS_MFA)), belief: believed }]);
    let mut event = proof("unb", Some(3_600), Assurance::Aal1);
    event.credit(&trust.credit(Some(&acr(REFEDS_MFA)), &[], event.authenticated_at, NOW));
    let case = Case { demand: essential(REFEDS_MFA), event: Some(event), ..Case::default() };
    check(
        &case,
        &expect![
            "authenticate anew at unb because the source's word is believed no longer; the demand https://refeds.org/profile/mfa is not met by AAL1; source unb could prove it: asked first"
        ],
    );
    check(
        &Case { answers: 2, factors: Some(with_totp()), ..case },
        &expect![
            "prove totp or recovery_code (AAL2) because the source's word is believed no longer; the demand https://refeds.org/profile/mfa is not met by AAL1; the source was asked and proved AAL1; the person can prove totp or recovery_code"
        ],
    );
}

#[test]
fn what_a_source_proved_ages_as_factors_do() {
    let case = |age| Case {
        demand: essential(REFEDS_MFA),
        session: Some(trusted("unb", age)),
        ..Case::default()
    };
    check(
        &case(14_400),
        &expect![
            "issue on the session because the session is reused; the demand https://refeds.org/profile/mfa is met by the source's context https://refeds.org/profile/mfa; every demand is met"
        ],
    );
    check(
        &case(14_401),
        &expect![
            "authenticate anew at unb because the session is reused; the source's context https://refeds.org/profile/mfa is too old: 14400 s are allowed; the demand https://refeds.org/profile/mfa is not met by AAL1; source unb could prove it: asked first"
        ],
    );
}

#[test]
fn a_session_and_a_factor_are_enough_where_the_source_cannot_prove_more() {
    let case = Case {
        demand: essential(REFEDS_MFA),
        session: Some(password("una")),
        factors: Some(with_totp()),
        ..Case::default()
    };
    check(
        &case,
        &expect![
            "prove totp or recovery_code (AAL2) because the session is reused; the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the person can prove totp or recovery_code"
        ],
    );
    let proofs = vec![factor(FactorKind::Totp, 5)];
    check(
        &Case { proofs, ..case },
        &expect![
            "issue on the session because the session is reused; the demand https://refeds.org/profile/mfa is met by totp proven here 5 s ago; every demand is met"
        ],
    );
}

#[test]
fn mfa_12_nothing_weaker_is_offered_than_what_is_wanted() {
    let case = |wanted, factors| Case {
        demand: essential(wanted),
        event: Some(password("una")),
        factors: Some(factors),
        ..Case::default()
    };
    let both = Factors { totp: true, ..with_passkey() };
    check(
        &case(PHR, both),
        &expect![
            "prove passkey (AAL2, phishing-resistant) because the demand phr is not met by AAL1; source una can prove no more than AAL1; totp would be too weak, and is not offered; recovery_code would be too weak, and is not offered; the person can prove passkey"
        ],
    );
    let key = Factors { hardware_passkeys: 1, ..with_passkey() };
    check(
        &case(AAL3, key),
        &expect![
            "prove passkey (AAL3, phishing-resistant) because the demand urn:laissez-passer:assurance:aal3 is not met by AAL1; source una can prove no more than AAL1; recovery_code would be too weak, and is not offered; the person can prove passkey"
        ],
    );
}

#[test]
fn mfa_12_what_was_proven_is_told_for_no_more_than_it_is() {
    let case = |proof| Case {
        demand: essential(PHR),
        event: Some(password("una")),
        proofs: vec![proof],
        factors: Some(with_passkey()),
        ..Case::default()
    };
    check(
        &case(factor(FactorKind::Totp, 5)),
        &expect![
            "prove passkey (AAL2, phishing-resistant) because the demand phr is not met by AAL2; source una can prove no more than AAL1; recovery_code would be too weak, and is not offered; the person can prove passkey"
        ],
    );
    check(
        &case(factor(FactorKind::Passkey, 5)),
        &expect![
            "issue on the sign-in because the demand phr is met by passkey proven here 5 s ago; every demand is met"
        ],
    );
    check(
        &case(hardware(5)),
        &expect![
            "issue on the sign-in because the demand phr is met by passkey proven here 5 s ago; every demand is met"
        ],
    );
}

#[test]
fn mfa_19_an_app_at_the_source_is_no_key_here() {
    check(
        &Case {
            demand: essential(PHR),
            event: Some(trusted("unb", 20)),
            factors: Some(with_passkey()),
            ..Case::default()
        },
        &expect![
            "prove passkey (AAL2, phishing-resistant) because the demand phr is not met by AAL2; source unb can prove no more than AAL2; recovery_code would be too weak, and is not offered; the person can prove passkey"
        ],
    );
}

#[test]
fn mfa_04_an_agency_s_rule_binds_whatever_a_request_leaves_out() {
    let rules =
        FactorRules { demand: Some(acr(REFEDS_MFA)), grace_days: 14, ..FactorRules::default() };
    let case = Case {
        event: Some(password("una")),
        rules,
        factors: Some(with_nothing()),
        ..Case::default()
    };
    check(
        &case,
        &expect![
            "issue on the sign-in because the account is new: its agency demands nothing for 14 days; every demand is met"
        ],
    );
    check(
        &Case { factors: Some(Factors::default()), ..case.clone() },
        &expect![
            "issue on the sign-in because the account is new: its agency demands nothing for 14 days; every demand is met"
        ],
    );
    // The account is ten days old and some hours.
    let rules = FactorRules { grace_days: 10, ..case.rules.clone() };
    check(
        &Case { rules, ..case },
        &expect![
            "enrol passkey or totp (AAL2) because the agency's rule https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; enrolment is open: a fresh sign-in of somebody without a factor"
        ],
    );
}

#[test]
fn nobody_is_asked_for_a_factor_where_nobody_may_be_asked() {
    let demand = Demand { passive: true, ..essential(REFEDS_MFA) };
    let case = Case { demand, session: Some(password("una")), ..Case::default() };
    check(
        &Case { factors: Some(with_totp()), ..case.clone() },
        &expect![
            "refuse: login_needed because the session is reused; the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the person can prove totp or recovery_code; nobody may be asked anything"
        ],
    );
    check(
        &Case { session: Some(password("unb")), ..case },
        &expect![
            "refuse: login_needed because the session is reused; the demand https://refeds.org/profile/mfa is not met by AAL1; source unb could prove it: asked first; nobody may be asked anything"
        ],
    );
}
