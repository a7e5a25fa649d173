//! Cases of the decision: tests are data, the rule is called in one place.

use expect_test::{Expect, expect};

use super::super::{
    Facts, decide,
    testing::{Case, NOW, acr, essential, factor, proof, step, trusted},
};
use crate::{
    Assurance, AuthenticationEvent, Demand, FactorKind, FactorRules, Lifetime, Subject,
    assurance::{AAL1, AAL2, PHR, REFEDS_MFA, Worth},
    session::Narrower,
};

fn password(source: &str) -> AuthenticationEvent {
    proof(source, Some(20), Assurance::Aal1)
}

fn check(case: &Case, expected: &Expect) {
    expected.assert_eq(&case.told());
}

#[test]
fn a_stranger_chooses_an_agency() {
    check(
        &Case::default(),
        &expect!["choose an agency because the browser has no session; 2 sources are open"],
    );
}

#[test]
fn a_single_open_source_needs_no_choice() {
    check(
        &Case { sources: vec![("una", Worth::ONE_FACTOR)], ..Case::default() },
        &expect!["authenticate at una because the browser has no session; only source una is open"],
    );
}

#[test]
fn a_session_is_reused_for_another_relying_party() {
    check(
        &Case { session: Some(proof("una", Some(60), Assurance::Aal1)), ..Case::default() },
        &expect!["issue on the session because the session is reused; every demand is met"],
    );
}

#[test]
fn a_session_of_an_agency_that_is_not_admitted_does_not_count() {
    check(
        &Case { session: Some(proof("unx", Some(60), Assurance::Aal1)), ..Case::default() },
        &expect![
            "choose an agency because the proof is of unx, which is not admitted here; 2 sources are open"
        ],
    );
}

#[test]
fn a_named_agency_counts_more_than_a_session_of_another() {
    check(
        &Case {
            session: Some(proof("una", Some(60), Assurance::Aal1)),
            chosen: Some("unb"),
            ..Case::default()
        },
        &expect![
            "authenticate at unb because the session is of una, another one was named; source unb was named or chosen"
        ],
    );
}

#[test]
fn nobody_is_asked_where_nobody_may_be_asked() {
    let demand = Demand { passive: true, ..Demand::default() };
    check(
        &Case { demand: demand.clone(), ..Case::default() },
        &expect![
            "refuse: login_needed because the browser has no session; nobody may be asked anything"
        ],
    );
    let session = Some(proof("una", Some(60), Assurance::Aal1));
    check(
        &Case {
            demand: demand.clone(),
            session: session.clone(),
            ask_consent: true,
            ..Case::default()
        },
        &expect![
            "refuse: consent_needed because the session is reused; consent is wanted; nobody may be asked anything"
        ],
    );
    check(
        &Case { demand, session, ..Case::default() },
        &expect!["issue on the session because the session is reused; every demand is met"],
    );
}

#[test]
fn staleness_is_judged_before_strength() {
    let demand = Demand {
        max_age: Some(Lifetime::seconds(300)),
        acr: vec![acr(REFEDS_MFA)],
        essential: true,
        ..Demand::default()
    };
    check(
        &Case {
            demand,
            session: Some(proof("unb", Some(301), Assurance::Aal1)),
            ..Case::default()
        },
        &expect![
            "authenticate anew at unb because the session is reused; the authentication is 301 s old, 300 s are allowed"
        ],
    );
}

#[test]
fn a_source_that_ignores_a_forced_login_is_refused() {
    let demand = Demand { force: true, ..Demand::default() };
    check(
        &Case {
            demand: demand.clone(),
            event: Some(proof("una", Some(7_200), Assurance::Aal1)),
            begun: 30,
            ..Case::default()
        },
        &expect!["refuse: stale_authn because the authentication is 7200 s old, 90 s are allowed"],
    );
    check(
        &Case {
            demand: demand.clone(),
            event: Some(proof("una", None, Assurance::Aal1)),
            ..Case::default()
        },
        &expect![
            "refuse: stale_authn because the source did not say how old the authentication is, 60 s are allowed"
        ],
    );
    check(
        &Case {
            demand,
            event: Some(proof("una", Some(20), Assurance::Aal1)),
            begun: 30,
            ..Case::default()
        },
        &expect!["issue on the sign-in because every demand is met"],
    );
}

#[test]
fn a_source_that_answers_from_memory_is_asked_once_to_forget() {
    let demand = Demand { max_age: Some(Lifetime::minutes(5)), ..Demand::default() };
    let case =
        Case { demand, event: Some(proof("una", Some(301), Assurance::Aal1)), ..Case::default() };
    check(
        &case,
        &expect![
            "authenticate anew at una because the authentication is 301 s old, 300 s are allowed"
        ],
    );
    check(
        &Case { answers: 2, ..case.clone() },
        &expect!["refuse: stale_authn because the authentication is 301 s old, 300 s are allowed"],
    );
    // Reading pages for long does not make a sign-in too old.
    check(
        &Case { begun: 300, ..case },
        &expect!["issue on the sign-in because every demand is met"],
    );
}

#[test]
fn an_essential_context_that_nobody_can_prove_is_refused_at_once() {
    check(
        &Case { demand: essential("urn:example:loa9"), ..Case::default() },
        &expect![
            "refuse: assurance_unmet because the browser has no session; the demand names nothing that could be proven here"
        ],
    );
    check(
        &Case {
            demand: essential("urn:example:loa9"),
            event: Some(proof("unb", Some(5), Assurance::Aal2)),
            ..Case::default()
        },
        &expect![
            "refuse: assurance_unmet because the demand names nothing that could be proven here"
        ],
    );
}

#[test]
fn an_essential_context_is_asked_of_the_source_that_can_prove_it() {
    let demand = essential(REFEDS_MFA);
    check(
        &Case {
            demand: demand.clone(),
            session: Some(proof("unb", Some(60), Assurance::Aal1)),
            ..Case::default()
        },
        &expect![
            "authenticate anew at unb because the session is reused; the demand https://refeds.org/profile/mfa is not met by AAL1; source unb could prove it: asked first"
        ],
    );
    check(
        &Case { demand, session: Some(proof("unb", Some(60), Assurance::Aal2)), ..Case::default() },
        &expect![
            "issue on the session because the session is reused; the demand https://refeds.org/profile/mfa is met by the source's word; every demand is met"
        ],
    );
}

#[test]
fn a_context_that_is_only_wished_for_does_not_stop_a_login() {
    let demand = Demand { acr: vec![acr(REFEDS_MFA)], ..Demand::default() };
    check(
        &Case { demand, session: Some(proof("una", Some(60), Assurance::Aal1)), ..Case::default() },
        &expect![
            "issue on the session because the session is reused; the wish https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; the person has nothing for it, and a wish stops nobody; every demand is met"
        ],
    );
}

#[test]
fn a_request_cannot_lower_the_floor_of_its_relying_party() {
    let demand = essential(AAL1);
    check(
        &Case {
            demand,
            floor: Some(REFEDS_MFA),
            event: Some(proof("una", Some(5), Assurance::Aal1)),
            ..Case::default()
        },
        &expect![
            "enrol passkey or totp (AAL2) because the demand urn:laissez-passer:assurance:aal1 is met by the source's word; the relying party's floor https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; enrolment is open: a fresh sign-in of somebody without a factor"
        ],
    );
}

#[test]
fn another_person_than_the_one_named_is_refused() {
    let demand = Demand { subject: Some(Subject::new("alice".into())), ..Demand::default() };
    check(
        &Case {
            demand,
            event: Some(proof("una", Some(5), Assurance::Aal1)),
            subject: Some("bob"),
            ..Case::default()
        },
        &expect!["refuse: wrong_person because the proof is of another person than was named"],
    );
}

#[test]
fn a_relying_party_that_is_switched_off_gets_nothing() {
    check(
        &Case {
            switched_off: true,
            session: Some(proof("una", Some(5), Assurance::Aal1)),
            ..Case::default()
        },
        &expect!["refuse: relying_party_disabled because the relying party is switched off"],
    );
}

#[test]
fn consent_is_asked_last_and_once() {
    let session = Some(proof("una", Some(5), Assurance::Aal1));
    let case = Case { session, ask_consent: true, ..Case::default() };
    check(&case, &expect!["ask for consent because the session is reused; consent is wanted"]);
    check(
        &Case { consented: true, ..case },
        &expect!["issue on the session because the session is reused; every demand is met"],
    );
}

#[test]
fn a_session_is_believed_as_long_as_the_narrowest_limit_says() {
    let narrow = |idle, absolute| Narrower { idle, absolute, factor: None };
    let case = |session_age, agency, relying_party| Case {
        session: Some(proof("una", Some(30_000), Assurance::Aal1)),
        session_age,
        narrower: (agency, relying_party),
        ..Case::default()
    };
    let none = Narrower::default();
    check(
        &case((9_000, 3_600), none, none),
        &expect!["issue on the session because the session is reused; every demand is met"],
    );
    check(
        &case((9_000, 3_601), none, none),
        &expect![
            "choose an agency because the session was not used for 3601 s, 3600 s are allowed; 2 sources are open"
        ],
    );
    check(
        &case((9_000, 901), narrow(Some(15), None), none),
        &expect![
            "choose an agency because the session was not used for 901 s, 900 s are allowed; 2 sources are open"
        ],
    );
    check(
        &case((9_000, 10), narrow(Some(15), None), narrow(None, Some(120))),
        &expect![
            "choose an agency because the session is 9000 s old, 7200 s are allowed; 2 sources are open"
        ],
    );
    // Whoever has signed in again since has begun anew.
    let again = Some(proof("una", Some(60), Assurance::Aal1));
    check(
        &Case { session: again, ..case((9_000, 10), none, narrow(None, Some(120))) },
        &expect!["issue on the session because the session is reused; every demand is met"],
    );
}

#[test]
fn exactly_the_facts_that_are_needed_are_asked_for() {
    let asks = |case: &Case| case.needs_factors();
    let plain = Case { session: Some(password("una")), factors: None, ..Case::default() };
    assert!(!asks(&plain), "a plain session needs no factors");
    assert!(!asks(&Case { demand: essential(PHR), ..Case::default() }), "nobody is there yet");
    let demanding = Case { demand: essential(AAL2), ..plain.clone() };
    assert!(asks(&demanding));
    let proven = vec![factor(FactorKind::Totp, 5)];
    assert!(!asks(&Case { session_proofs: proven, ..demanding }), "the session has one");
    let wish = Demand { acr: vec![acr(AAL2)], ..Demand::default() };
    let wishing = Case { demand: wish.clone(), ..plain.clone() };
    assert!(asks(&wishing), "somebody may have what is wished");
    let declined = Case { declined: true, ..wishing.clone() };
    assert!(!asks(&declined), "it was asked for");
    let wishing = Case { demand: Demand { passive: true, ..wish }, ..wishing };
    assert!(!asks(&wishing), "nobody may be asked");
    let rules = FactorRules { remember_device_days: 1, ..FactorRules::default() };
    assert!(asks(&Case { rules, ..wishing }), "a device may meet the wish");
    assert!(
        asks(&Case { event: Some(password("una")), ..plain }),
        "the old factors may be reported"
    );
    let trusted = Case { event: Some(trusted("unb", 5)), factors: None, ..Case::default() };
    assert!(!asks(&trusted));
    let ceiling = Case { sources: vec![("una", Worth::TWO_FACTORS)], ..Case::default() };
    assert!(!asks(&ceiling));
}

#[test]
fn mfa_04_without_the_facts_the_answer_is_no() {
    let case = Case { demand: essential(AAL2), event: Some(password("una")), ..Case::default() };
    check(
        &Case { factors: None, ..case.clone() },
        &expect!["refuse: assurance_unmet because what the person has enrolled is not known"],
    );
    let unknown = case.with_facts(|facts| {
        let facts = Facts { agency: None, ..facts.clone() };
        decide(&facts, NOW).step
    });
    expect!["refuse: agency_not_allowed"].assert_eq(&step(&unknown));
    let lenient = Case { event: Some(password("unb")), ..case.clone() }.agency();
    let another = case.with_facts(|facts| {
        let facts = Facts { agency: lenient.as_ref(), ..facts.clone() };
        decide(&facts, NOW).step
    });
    expect!["refuse: agency_not_allowed"].assert_eq(&step(&another));
}
