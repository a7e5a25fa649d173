//! Cases of sources that answer from memory, and of sessions that nothing but a new sign-in revives.

use expect_test::{Expect, expect};

use super::super::testing::{Case, NOW, essential, proof, trusted, with_nothing, with_totp};
use crate::{
    Assurance, AuthenticationEvent, Demand, Lifetime, assurance::REFEDS_MFA, session::Narrower,
};

fn check(case: &Case, expected: &Expect) {
    expected.assert_eq(&case.told());
}

/// What a source answers that was asked for a new sign-in.
fn asked_anew(event: AuthenticationEvent) -> Case {
    Case { event: Some(event), asked_anew: true, begun: 30, ..Case::default() }
}

fn old(source: &str) -> AuthenticationEvent {
    proof(source, Some(7_200), Assurance::Aal1)
}

/// A relying party believes sessions for a quarter of an hour that are not used; this one was not
/// used for half an hour.
fn lapsed(case: Case) -> Case {
    let idle = Narrower { idle: Some(15), ..Narrower::default() };
    Case {
        session: Some(old("una")),
        session_age: (7_200, 1_800),
        narrower: (Narrower::default(), idle),
        ..case
    }
}

//= oidc-core#3.1.3.7-13 test
#[test]
fn who_was_asked_for_a_new_sign_in_is_not_asked_for_it_again() {
    let max_age = Some(Lifetime::minutes(5));
    for demand in [
        Demand { max_age, ..Demand::default() },
        Demand { max_age: Some(Lifetime::seconds(0)), ..Demand::default() },
        Demand { force: true, ..Demand::default() },
    ] {
        for age in [Some(7_200), None] {
            let event = proof("una", age, Assurance::Aal1);
            let told = Case { demand: demand.clone(), ..asked_anew(event) }.told();
            assert!(told.starts_with("refuse: stale_authn"), "{told}");
        }
    }
    // Nobody demands a new sign-in of who is only to prove more: what is missing is proven here.
    let case = Case { demand: essential(REFEDS_MFA), ..asked_anew(old("unb")) };
    check(
        &Case { factors: Some(with_totp()), ..case.clone() },
        &expect![
            "prove totp or recovery_code (AAL2) because the demand https://refeds.org/profile/mfa is not met by AAL1; the source was asked and proved AAL1; the person can prove totp or recovery_code"
        ],
    );
    check(
        &Case { factors: Some(with_nothing()), ..case },
        &expect![
            "refuse: mfa_enrolment_required_contact_admin because the demand https://refeds.org/profile/mfa is not met by AAL1; the source was asked and proved AAL1; enrolment is closed: the sign-in at the source is not fresh"
        ],
    );
}

#[test]
fn an_old_answer_lets_nobody_change_factors() {
    let demand = Demand { factor_max_age: Some(Lifetime::minutes(5)), ..Demand::default() };
    for event in [old("una"), proof("una", None, Assurance::Aal1), trusted("unb", 7_200)] {
        let case = Case { demand: demand.clone(), ..asked_anew(event) };
        let told = Case { factors: Some(with_nothing()), ..case.clone() }.told();
        assert!(told.starts_with("refuse: stale_authn"), "{told}");
        let told = Case { factors: Some(with_totp()), ..case }.told();
        assert!(told.starts_with("prove totp or recovery_code"), "{told}");
    }
}

#[test]
fn a_source_that_does_not_say_when_is_not_believed_to_have_asked_anew() {
    let demand = essential(REFEDS_MFA);
    let silent = AuthenticationEvent { authenticated_at: None, ..trusted("unb", 0) };
    let case = Case { demand, factors: Some(with_totp()), ..asked_anew(silent) };
    check(
        &case,
        &expect![
            "prove totp or recovery_code (AAL2) because the source's context https://refeds.org/profile/mfa is believed no longer; the demand https://refeds.org/profile/mfa is not met by AAL1; the source was asked and proved AAL1; the person can prove totp or recovery_code"
        ],
    );
    check(
        &Case { asked_anew: false, ..case },
        &expect![
            "issue on the sign-in because the demand https://refeds.org/profile/mfa is met by the source's context https://refeds.org/profile/mfa; every demand is met"
        ],
    );
}

#[test]
fn what_a_source_remembers_does_not_revive_a_session() {
    check(
        &lapsed(Case { chosen: Some("una"), ..Case::default() }),
        &expect![
            "authenticate anew at una because the session was not used for 1800 s, 900 s are allowed; source una was named or chosen"
        ],
    );
    check(
        &lapsed(asked_anew(old("una"))),
        &expect![
            "refuse: stale_authn because the session was not used for 1800 s, 900 s are allowed; the authentication is 7200 s old, 90 s are allowed"
        ],
    );
    check(
        &lapsed(asked_anew(proof("una", None, Assurance::Aal1))),
        &expect![
            "refuse: stale_authn because the session was not used for 1800 s, 900 s are allowed; the source did not say how old the authentication is, 90 s are allowed"
        ],
    );
    check(
        &lapsed(asked_anew(proof("una", Some(90), Assurance::Aal1))),
        &expect!["issue on the sign-in because every demand is met"],
    );
    // A source that was not asked for a new one yet, as after an answer that nobody asked for.
    check(
        &Case { asked_anew: false, ..lapsed(asked_anew(old("una"))) },
        &expect![
            "authenticate anew at una because the session was not used for 1800 s, 900 s are allowed; the authentication is 7200 s old, 90 s are allowed"
        ],
    );
    // Another agency has nothing to do with it.
    check(
        &lapsed(asked_anew(old("unb"))),
        &expect!["issue on the sign-in because every demand is met"],
    );
}

#[test]
fn a_session_that_lapses_while_a_person_reads_pages_is_not_revived_but_was_there() {
    let mut event = old("una");
    event.received_at = NOW.minus(Lifetime::minutes(20));
    check(
        &Case { begun: 1_300, ..lapsed(asked_anew(event)) },
        &expect!["issue on the sign-in because every demand is met"],
    );
}
