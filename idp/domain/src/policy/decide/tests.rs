//! Cases of the decision: tests are data, the rule is called in one place.

use expect_test::{Expect, expect};

use super::super::testing::{Case, acr, essential, proof};
use crate::{
    Assurance, Demand, Lifetime, Subject,
    assurance::{AAL1, REFEDS_MFA, Worth},
};

fn check(case: &Case, expected: &Expect) {
    let decision = case.decide();
    let because: Vec<_> = decision.because.iter().map(ToString::to_string).collect();
    expected.assert_eq(&format!("{:?} because {}", decision.step, because.join("; ")));
}

#[test]
fn a_stranger_chooses_an_agency() {
    check(
        &Case::default(),
        &expect![[r#"ChooseSource because the browser has no session; 2 sources are open"#]],
    );
}

#[test]
fn a_single_open_source_needs_no_choice() {
    check(
        &Case { sources: vec![("una", Worth::ONE_FACTOR)], ..Case::default() },
        &expect![[
            r#"Authenticate { source: SourceId(una), force: false } because the browser has no session; only source una is open"#
        ]],
    );
}

#[test]
fn a_session_is_reused_for_another_relying_party() {
    check(
        &Case { session: Some(proof("una", Some(60), Assurance::Aal1)), ..Case::default() },
        &expect![[r#"Issue(Session) because the session is reused; every demand is met"#]],
    );
}

#[test]
fn a_session_of_an_agency_that_is_not_admitted_does_not_count() {
    check(
        &Case { session: Some(proof("unx", Some(60), Assurance::Aal1)), ..Case::default() },
        &expect![[
            r#"ChooseSource because the proof is of unx, which is not admitted here; 2 sources are open"#
        ]],
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
        &expect![[
            r#"Authenticate { source: SourceId(unb), force: false } because the session is of una, another one was named; source unb was named or chosen"#
        ]],
    );
}

#[test]
fn nobody_is_asked_where_nobody_may_be_asked() {
    let demand = Demand { passive: true, ..Demand::default() };
    check(
        &Case { demand: demand.clone(), ..Case::default() },
        &expect![[
            r#"Refuse(InteractionNeeded(Login)) because the browser has no session; nobody may be asked anything"#
        ]],
    );
    let session = Some(proof("una", Some(60), Assurance::Aal1));
    check(
        &Case {
            demand: demand.clone(),
            session: session.clone(),
            ask_consent: true,
            ..Case::default()
        },
        &expect![[
            r#"Refuse(InteractionNeeded(Consent)) because the session is reused; consent is wanted; nobody may be asked anything"#
        ]],
    );
    check(
        &Case { demand, session, ..Case::default() },
        &expect![[r#"Issue(Session) because the session is reused; every demand is met"#]],
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
        &expect![[
            r#"Authenticate { source: SourceId(unb), force: true } because the session is reused; the authentication is 301 s old, 300 s are allowed"#
        ]],
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
        &expect![[
            r#"Refuse(StaleAuthentication) because the authentication is 7200 s old, 90 s are allowed"#
        ]],
    );
    check(
        &Case {
            demand: demand.clone(),
            event: Some(proof("una", None, Assurance::Aal1)),
            ..Case::default()
        },
        &expect![[
            r#"Refuse(StaleAuthentication) because the source did not say how old the authentication is, 60 s are allowed"#
        ]],
    );
    check(
        &Case {
            demand,
            event: Some(proof("una", Some(20), Assurance::Aal1)),
            begun: 30,
            ..Case::default()
        },
        &expect![[r#"Issue(Event) because every demand is met"#]],
    );
}

#[test]
fn an_essential_context_that_nobody_can_prove_is_refused_at_once() {
    check(
        &Case { demand: essential("urn:example:loa9"), ..Case::default() },
        &expect![
            "Refuse(AssuranceUnmet) because the browser has no session; the demand names nothing that could be proven here"
        ],
    );
    check(
        &Case {
            demand: essential("urn:example:loa9"),
            event: Some(proof("unb", Some(5), Assurance::Aal2)),
            ..Case::default()
        },
        &expect![
            "Refuse(AssuranceUnmet) because the demand urn:example:loa9 is not met by AAL2; the demand names nothing that could be proven here"
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
            "Authenticate { source: SourceId(unb), force: true } because the session is reused; the demand https://refeds.org/profile/mfa is not met by AAL1; source unb could prove it: asked first"
        ],
    );
    check(
        &Case { demand, session: Some(proof("unb", Some(60), Assurance::Aal2)), ..Case::default() },
        &expect![
            "Issue(Session) because the session is reused; the demand https://refeds.org/profile/mfa is met by the source's word; every demand is met"
        ],
    );
}

#[test]
fn a_context_that_is_only_wished_for_does_not_stop_a_login() {
    let demand = Demand { acr: vec![acr(REFEDS_MFA)], ..Demand::default() };
    check(
        &Case { demand, session: Some(proof("una", Some(60), Assurance::Aal1)), ..Case::default() },
        &expect![[r#"Issue(Session) because the session is reused; every demand is met"#]],
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
            "Enrol { kinds: [Passkey, Totp], wanted: Worth { assurance: Aal2, phishing_resistant: false }, optional: false } because the demand urn:laissez-passer:assurance:aal1 is met by the source's word; the relying party's floor https://refeds.org/profile/mfa is not met by AAL1; source una can prove no more than AAL1; enrolment is open: a fresh sign-in of somebody without a factor"
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
        &expect![[r#"Refuse(WrongPerson) because the proof is of another person than was named"#]],
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
        &expect![[r#"Refuse(RelyingPartyDisabled) because the relying party is switched off"#]],
    );
}

#[test]
fn consent_is_asked_last_and_once() {
    let session = Some(proof("una", Some(5), Assurance::Aal1));
    let case = Case { session, ask_consent: true, ..Case::default() };
    check(&case, &expect![[r#"Consent because the session is reused; consent is wanted"#]]);
    check(
        &Case { consented: true, ..case },
        &expect![[r#"Issue(Session) because the session is reused; every demand is met"#]],
    );
}
