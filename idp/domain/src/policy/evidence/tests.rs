//! Cases of what counts: factors of the session, a remembered device, and how recent a factor must
//! be.

use expect_test::{Expect, expect};

use super::super::testing::{
    Case, essential, factor, proof, trusted, with_nothing, with_passkey, with_totp,
};
use crate::{
    Assurance, AuthenticationEvent, Demand, FactorKind, FactorRules, Factors, Lifetime,
    assurance::{AAL2, PHR, REFEDS_MFA},
    factor::EnrolWith,
    identity::SourceSubject,
    session::Narrower,
};

fn check(case: &Case, expected: &Expect) {
    expected.assert_eq(&case.told());
}

fn password(source: &str) -> AuthenticationEvent {
    proof(source, Some(20), Assurance::Aal1)
}

#[test]
fn a_remembered_device_stands_for_codes_and_for_nothing_better() {
    let rules = FactorRules { remember_device_days: 30, ..FactorRules::default() };
    let day = 86_400;
    let case = |wanted, age| Case {
        demand: essential(wanted),
        session: Some(password("una")),
        rules: rules.clone(),
        factors: Some(Factors { device: Some(factor(FactorKind::Device, age)), ..with_passkey() }),
        ..Case::default()
    };
    check(
        &case(REFEDS_MFA, 9 * day),
        &expect![
            "issue on the session because the session is reused; the demand https://refeds.org/profile/mfa is met by device proven here 777600 s ago; every demand is met"
        ],
    );
    check(
        &case(REFEDS_MFA, 31 * day),
        &expect![
            "prove passkey or recovery_code (AAL2) because the session is reused; device proven here 2678400 s ago is too old: 2592000 s are allowed; the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the person can prove passkey or recovery_code"
        ],
    );
    check(
        &case(PHR, 60),
        &expect![
            "prove passkey (AAL2, phishing-resistant) because the session is reused; the demand phr is not met by AAL2; source una can prove no more than AAL1; recovery_code would be too weak, and is not offered; the person can prove passkey"
        ],
    );
    // Whatever else stands in its place is no device.
    let device = Some(factor(FactorKind::Passkey, 60));
    let factors = Some(Factors { device, ..with_passkey() });
    check(
        &Case { factors, ..case(PHR, 60) },
        &expect![
            "prove passkey (AAL2, phishing-resistant) because the session is reused; the demand phr is not met by AAL1; source una can prove no more than AAL1; recovery_code would be too weak, and is not offered; the person can prove passkey"
        ],
    );
    let never = FactorRules::default();
    check(
        &Case { rules: never, ..case(REFEDS_MFA, 60) },
        &expect![
            "prove passkey or recovery_code (AAL2) because the session is reused; the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the person can prove passkey or recovery_code"
        ],
    );
    let narrow = Narrower { factor: Some(60), ..Narrower::default() };
    check(
        &Case { narrower: (Narrower::default(), narrow), ..case(REFEDS_MFA, 3_601) },
        &expect![
            "prove passkey or recovery_code (AAL2) because the session is reused; device proven here 3601 s ago is too old: 3600 s are allowed; the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the person can prove passkey or recovery_code"
        ],
    );
}

#[test]
fn factors_are_changed_only_soon_after_one_was_proven() {
    let demand = Demand { factor_max_age: Some(Lifetime::minutes(5)), ..Demand::default() };
    let case = Case { demand, session: Some(password("una")), ..Case::default() };
    let with_proof = |age, factors| Case {
        session_proofs: vec![factor(FactorKind::Totp, age)],
        factors: Some(factors),
        ..case.clone()
    };
    check(
        &with_proof(300, with_totp()),
        &expect![
            "issue on the session because the session is reused; a factor was proven recently; every demand is met"
        ],
    );
    check(
        &with_proof(301, with_totp()),
        &expect![
            "prove totp or recovery_code (AAL2) because the session is reused; no factor was proven in the last 300 s; the person can prove totp or recovery_code"
        ],
    );
    // Who has none needs a sign-in as fresh.
    check(
        &Case { factors: Some(with_nothing()), ..case.clone() },
        &expect![
            "issue on the session because the session is reused; no factor was proven in the last 300 s; every demand is met"
        ],
    );
    let stale = Case { session: Some(proof("una", Some(301), Assurance::Aal1)), ..case.clone() };
    check(
        &Case { factors: Some(with_nothing()), ..stale.clone() },
        &expect![
            "authenticate anew at una because the session is reused; no factor was proven in the last 300 s; enrolment is closed: the sign-in at the source is not fresh"
        ],
    );
    // What the source proved counts as well.
    check(
        &Case { session: Some(trusted("unb", 20)), ..case.clone() },
        &expect![
            "issue on the session because the session is reused; a factor was proven recently; every demand is met"
        ],
    );
    // A remembered device does not.
    let device = Some(factor(FactorKind::Device, 10));
    let rules = FactorRules { remember_device_days: 30, ..FactorRules::default() };
    let factors = Some(Factors { device, ..with_totp() });
    check(
        &Case { rules, factors, ..case.clone() },
        &expect![
            "prove totp or recovery_code (AAL2) because the session is reused; no factor was proven in the last 300 s; the person can prove totp or recovery_code"
        ],
    );
    // An agency that wants a pass before anything is enrolled wants it here too.
    let rules = FactorRules { enrol_with: EnrolWith::AccessPass, ..FactorRules::default() };
    let case = Case { rules, factors: Some(with_nothing()), ..case };
    check(
        &case,
        &expect![
            "refuse: mfa_enrolment_required_contact_admin because the session is reused; no factor was proven in the last 300 s; enrolment is closed: the agency wants an access pass, or two factors at the source"
        ],
    );
    check(
        &Case { pass: true, ..case },
        &expect![
            "enrol passkey or totp (AAL2) because the session is reused; no factor was proven in the last 300 s; enrolment is open: an access pass was used"
        ],
    );
}

#[test]
fn a_factor_of_the_session_counts_until_it_has_aged() {
    let case = |age, minutes| Case {
        demand: essential(AAL2),
        session: Some(password("una")),
        session_proofs: vec![factor(FactorKind::Totp, age)],
        factors: Some(with_totp()),
        narrower: (Narrower::default(), Narrower { factor: minutes, ..Narrower::default() }),
        ..Case::default()
    };
    check(
        &case(14_400, None),
        &expect![
            "issue on the session because the session is reused; the demand urn:laissez-passer:assurance:aal2 is met by totp proven here 14400 s ago; every demand is met"
        ],
    );
    check(
        &case(14_401, None),
        &expect![
            "prove totp or recovery_code (AAL2) because the session is reused; totp proven here 14401 s ago is too old: 14400 s are allowed; the demand urn:laissez-passer:assurance:aal2 is not met by AAL1; source una can prove no more than AAL1; the person can prove totp or recovery_code"
        ],
    );
    check(
        &case(901, Some(15)),
        &expect![
            "prove totp or recovery_code (AAL2) because the session is reused; totp proven here 901 s ago is too old: 900 s are allowed; the demand urn:laissez-passer:assurance:aal2 is not met by AAL1; source una can prove no more than AAL1; the person can prove totp or recovery_code"
        ],
    );
}

#[test]
fn a_factor_of_the_session_of_somebody_else_does_not_count() {
    let case = Case {
        demand: essential(AAL2),
        event: Some(password("una")),
        session: Some(password("una")),
        session_proofs: vec![factor(FactorKind::Totp, 60)],
        factors: Some(with_totp()),
        ..Case::default()
    };
    check(
        &case,
        &expect![
            "issue on the sign-in because the demand urn:laissez-passer:assurance:aal2 is met by totp proven here 60 s ago; every demand is met"
        ],
    );
    // Nor does one of a session that is believed no longer.
    check(
        &Case { session_age: (7_200, 3_601), ..case.clone() },
        &expect![
            "prove totp or recovery_code (AAL2) because the demand urn:laissez-passer:assurance:aal2 is not met by AAL1; source una can prove no more than AAL1; the person can prove totp or recovery_code"
        ],
    );
    let mut another = proof("una", Some(20), Assurance::Aal1);
    another.identity.subject = SourceSubject::parse("1002").unwrap();
    check(
        &Case { session: Some(another), ..case },
        &expect![
            "prove totp or recovery_code (AAL2) because the demand urn:laissez-passer:assurance:aal2 is not met by AAL1; source una can prove no more than AAL1; the person can prove totp or recovery_code"
        ],
    );
}

#[test]
fn mfa_17_what_was_proven_counts_for_nobody_who_signed_in_meanwhile() {
    let case = Case {
        demand: essential(AAL2),
        session: Some(password("una")),
        proofs: vec![factor(FactorKind::Totp, 5)],
        pass: true,
        factors: Some(with_totp()),
        ..Case::default()
    };
    check(
        &case,
        &expect![
            "issue on the session because the session is reused; the demand urn:laissez-passer:assurance:aal2 is met by totp proven here 5 s ago; every demand is met"
        ],
    );
    check(
        &Case { person: "b", ..case },
        &expect![
            "prove totp or recovery_code (AAL2) because the session is reused; the demand urn:laissez-passer:assurance:aal2 is not met by AAL1; source una can prove no more than AAL1; the person can prove totp or recovery_code"
        ],
    );
}

#[test]
fn age_and_force_concern_factors_as_they_do_the_sign_in() {
    let case = Case {
        demand: Demand { max_age: Some(Lifetime::minutes(5)), ..essential(AAL2) },
        session: Some(password("una")),
        session_proofs: vec![factor(FactorKind::Totp, 301)],
        factors: Some(with_totp()),
        ..Case::default()
    };
    check(
        &case,
        &expect![
            "prove totp or recovery_code (AAL2) because the session is reused; totp proven here 301 s ago is too old: 300 s are allowed; the demand urn:laissez-passer:assurance:aal2 is not met by AAL1; source una can prove no more than AAL1; the person can prove totp or recovery_code"
        ],
    );
    check(
        &Case {
            demand: Demand { force: true, ..essential(AAL2) },
            event: Some(password("una")),
            session_proofs: vec![factor(FactorKind::Totp, 10)],
            begun: 60,
            ..case
        },
        &expect![
            "prove totp or recovery_code (AAL2) because totp proven here 10 s ago is too old: 0 s are allowed; the demand urn:laissez-passer:assurance:aal2 is not met by AAL1; source una can prove no more than AAL1; the person can prove totp or recovery_code"
        ],
    );
}
