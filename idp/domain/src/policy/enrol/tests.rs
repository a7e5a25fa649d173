//! Cases of enrolment: what opens it, and what keeps it closed.

use expect_test::{Expect, expect};

use super::super::testing::{
    Case, acr, essential, factor, proof, trusted, with_nothing, with_passkey, with_totp,
};
use crate::{
    Assurance, AuthenticationEvent, Demand, FactorKind, FactorRules, Factors,
    assurance::{AAL3, PHR, REFEDS_MFA},
    factor::EnrolWith,
};

fn check(case: &Case, expected: &Expect) {
    expected.assert_eq(&case.told());
}

fn password(age: u32) -> AuthenticationEvent {
    proof("una", Some(age), Assurance::Aal1)
}

/// Two factors are wanted of somebody who has none.
fn nothing_yet() -> Case {
    Case { demand: essential(REFEDS_MFA), factors: Some(with_nothing()), ..Case::default() }
}

fn pass_wanted() -> FactorRules {
    FactorRules { enrol_with: EnrolWith::AccessPass, ..FactorRules::default() }
}

#[test]
fn mfa_08_a_session_opens_no_enrolment_and_a_fresh_sign_in_does() {
    let case = nothing_yet();
    check(
        &Case { session: Some(password(60)), ..case.clone() },
        &expect![
            "authenticate anew at una because the session is reused; the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; enrolment is closed: a session alone does not open it"
        ],
    );
    check(
        &Case { event: Some(password(60)), ..case.clone() },
        &expect![
            "enrol passkey or totp (AAL2) because the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; enrolment is open: a fresh sign-in of somebody without a factor"
        ],
    );
    // The source answered from memory, and then does so again.
    check(
        &Case { event: Some(password(301)), ..case.clone() },
        &expect![
            "authenticate anew at una because the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; enrolment is closed: the sign-in at the source is not fresh"
        ],
    );
    check(
        &Case { event: Some(password(301)), answers: 2, ..case.clone() },
        &expect![
            "refuse: mfa_enrolment_required_contact_admin because the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; enrolment is closed: the sign-in at the source is not fresh"
        ],
    );
    let silent = Some(proof("una", None, Assurance::Aal1));
    check(
        &Case { event: silent, answers: 2, ..case },
        &expect![
            "refuse: mfa_enrolment_required_contact_admin because the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; enrolment is closed: the sign-in at the source is not fresh"
        ],
    );
}

#[test]
fn mfa_08_one_factor_enrols_no_second_where_there_is_another_already() {
    let case = Case { demand: essential(PHR), factors: Some(with_totp()), ..Case::default() };
    check(
        &Case { event: Some(password(5)), ..case.clone() },
        &expect![
            "prove totp or recovery_code (AAL2) because the demand phr is not met by AAL1; source una can prove no more than AAL1; enrolment is closed: the best factor that the person has is to be proven first; the person can prove totp or recovery_code"
        ],
    );
    check(
        &Case { session: Some(password(5)), ..case.clone() },
        &expect![
            "authenticate anew at una because the session is reused; the demand phr is not met by AAL1; source una can prove no more than AAL1; enrolment is closed: a session alone does not open it"
        ],
    );
    let proofs = vec![factor(FactorKind::Totp, 5)];
    check(
        &Case { event: Some(password(5)), proofs, ..case.clone() },
        &expect![
            "enrol passkey (AAL2, phishing-resistant) because the demand phr is not met by AAL2; source una can prove no more than AAL1; enrolment is open: a fresh sign-in, and a factor that was proven besides"
        ],
    );
    let proofs = vec![factor(FactorKind::Device, 5)];
    let rules = FactorRules { remember_device_days: 30, ..FactorRules::default() };
    check(
        &Case { event: Some(password(5)), proofs, rules, ..case },
        &expect![
            "prove totp or recovery_code (AAL2) because the demand phr is not met by AAL2; source una can prove no more than AAL1; enrolment is closed: the best factor that the person has is to be proven first; the person can prove totp or recovery_code"
        ],
    );
}

#[test]
fn what_is_enrolled_beside_a_factor_is_enrolled_by_the_best_that_there_is() {
    let both = Factors { totp: true, ..with_passkey() };
    let case = Case { demand: essential(AAL3), event: Some(password(5)), ..Case::default() };
    let case = Case { factors: Some(both), ..case };
    check(
        &case,
        &expect![
            "prove passkey (AAL2, phishing-resistant) because the demand urn:laissez-passer:assurance:aal3 is not met by AAL1; source una can prove no more than AAL1; enrolment is closed: the best factor that the person has is to be proven first; totp would be too weak, and is not offered; recovery_code would be too weak, and is not offered; the person can prove passkey"
        ],
    );
    let proofs = vec![factor(FactorKind::Totp, 5)];
    check(
        &Case { proofs, ..case.clone() },
        &expect![
            "prove passkey (AAL2, phishing-resistant) because the demand urn:laissez-passer:assurance:aal3 is not met by AAL2; source una can prove no more than AAL1; enrolment is closed: the best factor that the person has is to be proven first; totp would be too weak, and is not offered; recovery_code would be too weak, and is not offered; the person can prove passkey"
        ],
    );
    let proofs = vec![factor(FactorKind::Passkey, 5)];
    check(
        &Case { proofs, ..case.clone() },
        &expect![
            "enrol passkey (AAL3, phishing-resistant) because the demand urn:laissez-passer:assurance:aal3 is not met by AAL2, phishing-resistant; source una can prove no more than AAL1; enrolment is open: a fresh sign-in, and a factor that was proven besides"
        ],
    );
    // What the agency accepts no longer opens nothing.
    let rules = FactorRules { totp: false, recovery_codes: false, ..FactorRules::default() };
    check(
        &Case { factors: Some(with_totp()), rules, ..case },
        &expect![
            "refuse: mfa_enrolment_required_contact_admin because the demand urn:laissez-passer:assurance:aal3 is not met by AAL1; source una can prove no more than AAL1; enrolment is closed: the best factor that the person has is to be proven first"
        ],
    );
}

#[test]
fn mfa_08_an_agency_may_want_a_pass_or_two_factors_of_its_own() {
    let case = Case { rules: pass_wanted(), ..nothing_yet() };
    check(
        &Case { event: Some(password(5)), ..case.clone() },
        &expect![
            "refuse: mfa_enrolment_required_contact_admin because the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; enrolment is closed: the agency wants an access pass, or two factors at the source"
        ],
    );
    check(
        &Case { session: Some(password(5)), ..case.clone() },
        &expect![
            "refuse: mfa_enrolment_required_contact_admin because the session is reused; the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; enrolment is closed: the agency wants an access pass, or two factors at the source"
        ],
    );
    check(
        &Case { event: Some(password(5)), pass: true, ..case.clone() },
        &expect![
            "enrol passkey or totp (AAL2) because the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; enrolment is open: an access pass was used"
        ],
    );
    check(
        &Case { demand: essential(PHR), event: Some(trusted("unb", 5)), ..case },
        &expect![
            "enrol passkey (AAL2, phishing-resistant) because the demand phr is not met by AAL2; source unb can prove no more than AAL2; enrolment is open: a fresh sign-in of somebody without a factor"
        ],
    );
}

#[test]
fn a_pass_replaces_what_was_lost() {
    let case = Case { event: Some(password(5)), pass: true, ..nothing_yet() };
    check(
        &Case { factors: Some(with_passkey()), ..case },
        &expect![
            "enrol passkey or totp (AAL2) because the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; enrolment is open: an access pass was used"
        ],
    );
}

#[test]
fn only_what_would_be_enough_can_be_enrolled() {
    let case = Case { event: Some(password(5)), ..nothing_yet() };
    check(
        &Case { demand: essential(AAL3), ..case.clone() },
        &expect![
            "enrol passkey (AAL3, phishing-resistant) because the demand urn:laissez-passer:assurance:aal3 is not met by AAL1; source una can prove no more than AAL1; enrolment is open: a fresh sign-in of somebody without a factor"
        ],
    );
    let rules = FactorRules { totp: false, ..FactorRules::default() };
    check(
        &Case { rules, ..case },
        &expect![
            "enrol passkey (AAL2) because the demand https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; enrolment is open: a fresh sign-in of somebody without a factor"
        ],
    );
}

#[test]
fn after_a_report_the_old_factors_are_none() {
    let reported = Factors { must_enrol: true, ..with_totp() };
    let case = Case { factors: Some(reported), ..Case::default() };
    check(
        &Case { event: Some(password(5)), ..case.clone() },
        &expect![
            "enrol passkey or totp (AAL2) because the old factors were reported; enrolment is open: a fresh sign-in of somebody without a factor"
        ],
    );
    check(
        &Case { event: Some(password(301)), ..case.clone() },
        &expect![
            "authenticate anew at una because the old factors were reported; enrolment is closed: the sign-in at the source is not fresh"
        ],
    );
    check(
        &Case { event: Some(password(5)), rules: pass_wanted(), ..case.clone() },
        &expect![
            "refuse: mfa_enrolment_required_contact_admin because the old factors were reported; enrolment is closed: the agency wants an access pass, or two factors at the source"
        ],
    );
    check(
        &Case { event: Some(trusted("unb", 5)), ..case.clone() },
        &expect!["issue on the sign-in because every demand is met"],
    );
    let demand = Demand { passive: true, ..Demand::default() };
    check(
        &Case { event: Some(password(5)), demand, ..case },
        &expect![
            "refuse: login_needed because the old factors were reported; enrolment is open: a fresh sign-in of somebody without a factor; nobody may be asked anything"
        ],
    );
}

#[test]
fn who_has_no_factor_is_reminded_once_and_never_stopped() {
    let rules = FactorRules { nudge: true, ..FactorRules::default() };
    let case = Case { rules, factors: Some(with_nothing()), ..Case::default() };
    let signed_in = Case { event: Some(password(5)), ..case.clone() };
    check(
        &signed_in,
        &expect![
            "suggest to enrol passkey or totp (AAL2) because the agency asks people without a factor to enrol one; enrolment is open: a fresh sign-in of somebody without a factor"
        ],
    );
    check(
        &Case { nudged: true, ..signed_in.clone() },
        &expect!["issue on the sign-in because every demand is met"],
    );
    check(
        &Case { factors: Some(with_totp()), ..signed_in.clone() },
        &expect!["issue on the sign-in because every demand is met"],
    );
    check(
        &Case { event: Some(password(301)), ..signed_in },
        &expect!["issue on the sign-in because every demand is met"],
    );
    check(
        &Case { session: Some(password(5)), ..case.clone() },
        &expect!["issue on the session because the session is reused; every demand is met"],
    );
    let demand = Demand { passive: true, ..Demand::default() };
    check(
        &Case { event: Some(password(5)), demand, ..case },
        &expect!["issue on the sign-in because every demand is met"],
    );
}

#[test]
fn a_reminder_comes_in_the_time_of_grace_too() {
    let rules = FactorRules {
        demand: Some(acr(REFEDS_MFA)),
        grace_days: 14,
        nudge: true,
        ..FactorRules::default()
    };
    let case = Case {
        rules,
        event: Some(password(5)),
        factors: Some(Factors::default()),
        ..Case::default()
    };
    check(
        &case,
        &expect![
            "suggest to enrol passkey or totp (AAL2) because the account is new: its agency demands nothing for 14 days; the agency asks people without a factor to enrol one; enrolment is open: a fresh sign-in of somebody without a factor"
        ],
    );
    check(
        &Case { nudged: true, ..case },
        &expect![
            "issue on the sign-in because the account is new: its agency demands nothing for 14 days; every demand is met"
        ],
    );
}
