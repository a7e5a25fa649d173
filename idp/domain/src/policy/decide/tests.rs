//! Cases of the decision: tests are data, the rule is called in one place.
//! Length: the cases belong beside each other.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{
    super::{Basis, Candidate, Facts, Step},
    decide,
};
use crate::{
    Acr, Assurance, AttributeSet, AuthenticationEvent, AuthnRequest, Demand, Identity, Lifetime,
    Localized, RelyingParty, ReturnTicket, Session, SourceId, Subject, Timestamp, Transaction,
    assurance::{AAL1, REFEDS_MFA, Worth},
    identity::SourceSubject,
    relying_party::{Consent, OpenTo, Protocol},
    session::Limits,
    subject::SubjectKind,
    transaction::Hints,
};

const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

/// A case: what differs from a plain login of somebody who was never here.
#[derive(Clone, Debug, Default)]
struct Case {
    demand: Demand,
    session: Option<AuthenticationEvent>,
    event: Option<AuthenticationEvent>,
    chosen: Option<&'static str>,
    consented: bool,
    subject: Option<&'static str>,
    floor: Option<&'static str>,
    ask_consent: bool,
    switched_off: bool,
    sources: Option<Vec<(&'static str, Assurance)>>,
    /// How long ago the login began, in seconds.
    begun: u32,
}

fn acr(text: &str) -> Acr {
    text.parse().unwrap()
}

/// A proof from `source`, `age` seconds old.
fn proof(source: &str, age: Option<u32>, assurance: Assurance) -> AuthenticationEvent {
    AuthenticationEvent {
        identity: Identity {
            source: source.parse().unwrap(),
            issuer: "https://source.example".into(),
            subject: SourceSubject::parse("1001").unwrap(),
            attributes: AttributeSet::default(),
        },
        agency: source.parse().unwrap(),
        authenticated_at: age.map(|age| NOW.minus(Lifetime::seconds(age))),
        received_at: NOW,
        acr: None,
        amr: Vec::new(),
        assurance,
        phishing_resistant: false,
        credited_by: None,
        credited_until: None,
        source_session: None,
        source_name: None,
        valid_until: None,
    }
}

fn run(case: &Case) -> super::Decision {
    let relying_party = RelyingParty {
        id: "portal".parse().unwrap(),
        agency: "una".parse().unwrap(),
        names: Localized::default(),
        home: None,
        initiate: None,
        protocol: Protocol::Oidc,
        open_to: OpenTo::All,
        floor: case.floor.map(acr),
        sessions: crate::session::Narrower::default(),
        releasable: [].into(),
        subject: SubjectKind::Pairwise,
        sector: "portal.example".into(),
        consent: if case.ask_consent { Consent::Ask } else { Consent::Agreed },
        verified: true,
        enabled: !case.switched_off,
    };
    let request = AuthnRequest {
        relying_party: relying_party.id.clone(),
        demand: case.demand.clone(),
        ticket: ReturnTicket { protocol: Protocol::Oidc, sealed: String::new(), farewell: None },
        hints: Hints::default(),
        wanted: [].into(),
    };
    let started = NOW.minus(Lifetime::seconds(case.begun));
    let mut transaction = Transaction::begin(request, [0; 16], String::new(), started);
    transaction.chosen = case.chosen.map(|source| source.parse().unwrap());
    transaction.event = case.event.clone().map(Box::new);
    transaction.consented = case.consented;
    let session = case.session.clone().map(|event| Session {
        id: "s".parse().unwrap(),
        account: "a".parse().unwrap(),
        events: vec![event],
        proofs: Vec::new(),
        used_at: NOW,
        shared: false,
        device: None,
        whereabouts: None,
        participants: Vec::new(),
        started_at: NOW,
        ends_at: NOW + Lifetime::hours(8),
    });
    let sources = case.sources.clone();
    let sources = sources.unwrap_or(vec![("una", Assurance::Aal1), ("unb", Assurance::Aal2)]);
    let candidates: Vec<_> = sources
        .into_iter()
        .map(|(source, ceiling)| Candidate {
            source: source.parse().unwrap(),
            agency: source.parse().unwrap(),
            ceiling: Worth { assurance: ceiling, phishing_resistant: false },
        })
        .collect();
    let subject = case.subject.map(|text| Subject::new(text.into()));
    let facts = Facts {
        transaction: &transaction,
        relying_party: &relying_party,
        session: session.as_ref(),
        candidates: &candidates,
        subject: subject.as_ref(),
        agency: None,
        factors: None,
        limits: Limits {
            idle: Lifetime::hours(1),
            absolute: Lifetime::hours(8),
            factor: Lifetime::hours(8),
        },
    };
    decide(&facts, NOW)
}

fn check(case: &Case, expected: &Expect) {
    let decision = run(case);
    let because: Vec<_> = decision.because.iter().map(ToString::to_string).collect();
    expected.assert_eq(&format!("{:?} because {}", decision.step, because.join("; ")));
}

#[test]
fn a_stranger_chooses_an_agency() {
    check(
        &Case::default(),
        &expect!["ChooseSource because the browser has no session; 2 sources are open"],
    );
}

#[test]
fn a_single_open_source_needs_no_choice() {
    check(
        &Case { sources: Some(vec![("una", Assurance::Aal1)]), ..Case::default() },
        &expect![
            "Authenticate { source: SourceId(una), force: false } because the browser has no session; only source una is open"
        ],
    );
}

#[test]
fn a_session_is_reused_for_another_relying_party() {
    check(
        &Case { session: Some(proof("una", Some(60), Assurance::Aal1)), ..Case::default() },
        &expect!["Issue(Session) because the session is reused; every demand is met"],
    );
}

#[test]
fn a_session_of_an_agency_that_is_not_admitted_does_not_count() {
    check(
        &Case { session: Some(proof("unx", Some(60), Assurance::Aal1)), ..Case::default() },
        &expect![
            "ChooseSource because the proof is of unx, which is not admitted here; 2 sources are open"
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
            "Authenticate { source: SourceId(unb), force: false } because the session is of una, another one was named; source unb was named or chosen"
        ],
    );
}

#[test]
fn nobody_is_asked_where_nobody_may_be_asked() {
    let demand = Demand { passive: true, ..Demand::default() };
    check(
        &Case { demand: demand.clone(), ..Case::default() },
        &expect![
            "Refuse(InteractionNeeded(Login)) because the browser has no session; nobody may be asked anything"
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
            "Refuse(InteractionNeeded(Consent)) because the session is reused; consent is wanted; nobody may be asked anything"
        ],
    );
    check(
        &Case { demand, session, ..Case::default() },
        &expect!["Issue(Session) because the session is reused; every demand is met"],
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
            "Authenticate { source: SourceId(unb), force: true } because the session is reused; the authentication is 301 s old, 300 s are allowed"
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
        &expect![
            "Refuse(StaleAuthentication) because the authentication is 7200 s old, 90 s are allowed"
        ],
    );
    check(
        &Case {
            demand: demand.clone(),
            event: Some(proof("una", None, Assurance::Aal1)),
            ..Case::default()
        },
        &expect![
            "Refuse(StaleAuthentication) because the source did not say how old the authentication is, 60 s are allowed"
        ],
    );
    check(
        &Case {
            demand,
            event: Some(proof("una", Some(20), Assurance::Aal1)),
            begun: 30,
            ..Case::default()
        },
        &expect!["Issue(Event) because every demand is met"],
    );
}

#[test]
fn an_essential_context_that_nobody_can_prove_is_refused_at_once() {
    let demand = Demand { acr: vec![acr(REFEDS_MFA)], essential: true, ..Demand::default() };
    check(
        &Case {
            demand: demand.clone(),
            sources: Some(vec![("una", Assurance::Aal1)]),
            ..Case::default()
        },
        &expect![
            "Refuse(AssuranceUnmet) because the browser has no session; no open source could prove what is demanded"
        ],
    );
    check(
        &Case { demand, event: Some(proof("unb", Some(5), Assurance::Aal1)), ..Case::default() },
        &expect![
            "Refuse(AssuranceUnmet) because the proof is worth Aal1, more is demanded; the source was asked and proved Aal1"
        ],
    );
}

#[test]
fn an_essential_context_is_asked_of_the_source_that_can_prove_it() {
    let demand = Demand { acr: vec![acr(REFEDS_MFA)], essential: true, ..Demand::default() };
    check(
        &Case {
            demand: demand.clone(),
            session: Some(proof("unb", Some(60), Assurance::Aal1)),
            ..Case::default()
        },
        &expect![
            "Authenticate { source: SourceId(unb), force: true } because the session is reused; the proof is worth Aal1, more is demanded"
        ],
    );
    check(
        &Case { demand, session: Some(proof("unb", Some(60), Assurance::Aal2)), ..Case::default() },
        &expect![
            "Issue(Session) because the session is reused; the proof meets https://refeds.org/profile/mfa; every demand is met"
        ],
    );
}

#[test]
fn a_context_that_is_only_wished_for_does_not_stop_a_login() {
    let demand = Demand { acr: vec![acr(REFEDS_MFA)], ..Demand::default() };
    check(
        &Case { demand, session: Some(proof("una", Some(60), Assurance::Aal1)), ..Case::default() },
        &expect!["Issue(Session) because the session is reused; every demand is met"],
    );
}

#[test]
fn a_request_cannot_lower_the_floor_of_its_relying_party() {
    let demand = Demand { acr: vec![acr(AAL1)], essential: true, ..Demand::default() };
    check(
        &Case {
            demand,
            floor: Some(REFEDS_MFA),
            event: Some(proof("una", Some(5), Assurance::Aal1)),
            ..Case::default()
        },
        &expect![
            "Refuse(AssuranceUnmet) because the proof is worth Aal1, more is demanded; the source was asked and proved Aal1"
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
        &expect!["Refuse(WrongPerson) because the proof is of another person than was named"],
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
        &expect!["Refuse(RelyingPartyDisabled) because the relying party is switched off"],
    );
}

#[test]
fn consent_is_asked_last_and_once() {
    let session = Some(proof("una", Some(5), Assurance::Aal1));
    let case = Case { session, ask_consent: true, ..Case::default() };
    check(&case, &expect!["Consent because the session is reused; consent is wanted"]);
    check(
        &Case { consented: true, ..case },
        &expect!["Issue(Session) because the session is reused; every demand is met"],
    );
}

fn any_assurance() -> impl Strategy<Value = Assurance> {
    prop_oneof![Just(Assurance::Aal1), Just(Assurance::Aal2), Just(Assurance::Aal3)]
}

fn any_proof() -> impl Strategy<Value = AuthenticationEvent> {
    (prop_oneof!["una", "unb", "unx"], proptest::option::of(0_u32..10_000), any_assurance())
        .prop_map(|(source, age, assurance)| proof(&source, age, assurance))
}

fn any_demand() -> impl Strategy<Value = Demand> {
    let wish = proptest::option::of(prop_oneof![Just(AAL1), Just(REFEDS_MFA), Just("urn:x")]);
    (wish, any::<[bool; 5]>(), proptest::option::of(0_u32..5_000)).prop_map(|(wish, flags, age)| {
        let [essential, force, passive, consent, select] = flags;
        Demand {
            acr: wish.into_iter().map(acr).collect(),
            essential,
            max_age: age.map(Lifetime::seconds),
            factor_max_age: None,
            force,
            passive,
            consent,
            select,
            subject: None,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nothing_is_issued_while_a_demand_is_unmet(
        demand in any_demand(),
        session in proptest::option::of(any_proof()),
        event in proptest::option::of(any_proof()),
        consented: bool,
        ask_consent: bool,
        begun in 0_u32..3_000,
    ) {
        let case = Case { demand, session, event, consented, ask_consent, begun, ..Case::default() };
        let decision = run(&case);
        let demand = &case.demand;
        match decision.step {
            Step::Issue(basis) => {
                let proof = match basis {
                    Basis::Event => case.event.as_ref().unwrap(),
                    Basis::Session => case.session.as_ref().unwrap(),
                };
                if demand.essential && !demand.acr.is_empty() {
                    prop_assert!(demand.acr.iter().any(|acr| acr.wants().is_some_and(|wanted| proof.worth(NOW).meets(wanted))));
                }
                if demand.force {
                    let age = NOW.since(proof.authenticated_at.unwrap()).as_seconds();
                    prop_assert!(basis == Basis::Event && age <= begun + 60);
                }
                if demand.max_age.is_some() {
                    prop_assert!(proof.authenticated_at.is_some());
                }
                prop_assert!(consented || !(ask_consent || demand.consent));
                let source: &SourceId = &proof.identity.source;
                prop_assert_ne!(source.as_str(), "unx");
            }
            Step::ChooseSource
            | Step::Authenticate { .. }
            | Step::ProveFactor { .. }
            | Step::Enrol { .. }
            | Step::Consent => {
                prop_assert!(!demand.passive, "nobody may be asked");
            }
            Step::Refuse(_) => {}
        }
        prop_assert!(!decision.because.is_empty(), "a decision has a reason");
    }
}
