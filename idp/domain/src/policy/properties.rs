//! What holds of every decision, whatever is asked and whatever is proven.

use proptest::prelude::*;

use super::{
    Basis, Facts, Step, decide, reached,
    testing::{
        Case, NOW, acr,
        any::{BEST, KINDS, any_case, any_factors, any_proof, any_worth},
        essential, factor,
        oracle::{anew, demands, met, proven, sign_in, wish},
        proof,
    },
};
use crate::{
    Acr, Amr, Assurance, Demand, FactorKind, Lifetime, Refusal, Trust,
    assurance::{PHR, REFEDS_MFA, Worth},
    factor::EnrolWith,
    trust::{Belief, Rule, Says},
};

/// Whether a proof was given here in this login, by more than a device that is remembered.
fn proven_in_this_login(case: &Case) -> bool {
    case.proofs.iter().any(|proof| proof.factor != FactorKind::Device)
}

/// The sign-in of this login is fresh enough to enrol on.
fn fresh(case: &Case) -> bool {
    let at = case.event.as_ref().and_then(|event| event.authenticated_at);
    at.is_some_and(|at| NOW.since(at).as_seconds() <= 300.max(case.begun + 60))
}

/// Whether the person is better served by `before`. What sends them to a source says nothing yet:
/// the answer may be a no.
fn is_worse(after: &Step, before: &Step) -> bool {
    let refused = matches!(after, Step::Refuse(_));
    let passes = |step: &Step| match step {
        Step::Issue(_) => 2,
        Step::Consent
        | Step::Enrol { optional: true, .. }
        | Step::ProveFactor { optional: true, .. } => 1,
        _ => 0,
    };
    match before {
        Step::ProveFactor { .. } | Step::Enrol { optional: false, .. } => refused,
        _ => passes(after) < passes(before),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn mfa_03_nothing_is_issued_while_a_demand_is_unmet(case in any_case()) {
        let decision = case.decide();
        prop_assert!(!decision.because.is_empty(), "a decision has a reason");
        let Step::Issue(basis) = decision.step else { return Ok(()) };
        let (event, worths) = (sign_in(&case, basis), proven(&case, basis));
        for names in demands(&case) {
            prop_assert!(met(&names, &worths), "{names:?} is not met by any of {worths:?}");
        }
        prop_assert_ne!(event.identity.source.as_str(), "unx");
        let age = event.authenticated_at.map(|at| NOW.since(at).as_seconds());
        if anew(&case) {
            prop_assert!(basis == Basis::Event && age.unwrap() <= case.begun + 60);
        } else if let Some(max_age) = case.demand.max_age {
            let reading = if basis == Basis::Event { case.begun + 60 } else { 0 };
            prop_assert!(age.unwrap() <= max_age.as_seconds().max(reading));
        }
        prop_assert!(case.consented || !(case.ask_consent || case.demand.consent));
    }

    #[test]
    fn nobody_is_asked_anything_where_nobody_may_be_asked(case in any_case()) {
        let demand = Demand { passive: true, ..case.demand.clone() };
        let step = Case { demand, ..case }.decide().step;
        prop_assert!(matches!(step, Step::Issue(_) | Step::Refuse(_)), "{step:?}");
    }

    #[test]
    fn mfa_04_a_request_that_leaves_everything_out_lowers_nothing(case in any_case()) {
        let demand = Demand::default();
        let case = Case { demand, chosen: None, ..case };
        if let Step::Issue(basis) = case.decide().step {
            for names in demands(&case) {
                prop_assert!(met(&names, &proven(&case, basis)));
            }
        }
    }

    #[test]
    fn mfa_04_what_is_not_known_is_not_taken_for_granted(case in any_case(), any in any_factors()) {
        let unknown = Case { factors: None, ..case.clone() };
        let known = Case { factors: Some(any), ..case };
        let (without, with) = (unknown.decide(), known.decide());
        if let Step::Issue(_) = without.step {
            let asked = matches!(with.step, Step::ProveFactor { optional: true, .. });
            prop_assert!(asked || without.step == with.step, "{:?}", with.step);
        }
        if !known.needs_factors() {
            prop_assert_eq!(without, with, "it does not depend on what was not asked for");
        }
        let nobody = known.with_facts(|facts| decide(&Facts { agency: None, ..facts.clone() }, NOW));
        prop_assert!(!matches!(nobody.step, Step::Issue(_)), "the agency's rules are not known");
    }

    #[test]
    fn mfa_12_nothing_weaker_is_offered_than_what_is_missing(case in any_case()) {
        let step = case.decide().step;
        let (Step::ProveFactor { kinds, wanted, .. } | Step::Enrol { kinds, wanted, .. }) = &step else {
            return Ok(());
        };
        let (factors, wanted) = (case.factors.as_ref().unwrap(), *wanted);
        prop_assert!(!kinds.is_empty() && kinds.is_sorted());
        prop_assert!(kinds.iter().all(|kind| case.rules.accepts(*kind)));
        prop_assert!(!kinds.contains(&FactorKind::Device), "a device is not asked for");
        prop_assert!(wanted.is_met_by_codes() || kinds == &[FactorKind::Passkey]);
        let basis = if case.event.is_some() { Basis::Event } else { Basis::Session };
        let worths = proven(&case, basis);
        let unmet = demands(&case).into_iter().filter(|names| !met(names, &worths));
        let least = unmet.filter_map(|names| names.iter().filter_map(Acr::wants).min()).max();
        let Some(least) = least.filter(|least| !wanted.meets(*least)) else { return Ok(()) };
        // What is asked for does not meet the demand: it opens the enrolment of what will.
        prop_assert!(matches!(step, Step::ProveFactor { .. }) && fresh(&case), "{step:?}");
        let enough = |kind: &FactorKind| case.rules.accepts(*kind) && factors.can_prove(*kind, least);
        prop_assert!(!KINDS.iter().any(enough), "the person has something better");
        prop_assert!(factors.passkeys == 0 || kinds == &[FactorKind::Passkey]);
    }

    #[test]
    fn a_wish_refuses_nobody_enrols_nobody_and_asks_once(case in any_case()) {
        let demand = Demand { acr: Vec::new(), ..case.demand.clone() };
        let plain = Case { demand, ..case.clone() };
        let (step, plain) = (case.decide().step, plain.decide().step);
        if case.demand.essential {
            let optional = matches!(step, Step::ProveFactor { optional: true, .. });
            prop_assert!(!optional, "what is demanded cannot be left out");
            return Ok(());
        }
        if step == plain {
            return Ok(());
        }
        // Nobody is asked more than once, or asked at all where nobody may be.
        prop_assert!(!case.declined && !case.demand.passive, "{plain:?} became {step:?}");
        let basis = if case.event.is_some() { Basis::Event } else { Basis::Session };
        let (names, least) = wish(&case).unwrap();
        prop_assert!(!met(&names, &proven(&case, basis)), "{names:?} is met");
        match &step {
            Step::ProveFactor { kinds, wanted, optional: true } => {
                let factors = case.factors.as_ref().unwrap();
                prop_assert_eq!(*wanted, least);
                prop_assert!(kinds.iter().all(|kind| factors.can_prove(*kind, least)));
            }
            Step::Authenticate { source, .. } => {
                prop_assert!(case.event.is_none() && !case.wished, "it was asked");
                prop_assert_eq!(source, &sign_in(&case, basis).identity.source);
            }
            _ => prop_assert!(false, "{plain:?} became {step:?}"),
        }
    }

    #[test]
    fn whoever_declines_a_wish_is_asked_for_what_is_demanded(case in any_case()) {
        let Step::ProveFactor { optional: true, .. } = case.decide().step else { return Ok(()) };
        let after = Case { declined: true, ..case.clone() }.decide().step;
        let demand = Demand { acr: Vec::new(), ..case.demand.clone() };
        let plain = Case { demand, ..case }.decide().step;
        prop_assert_eq!(after, plain);
    }

    #[test]
    fn mfa_08_one_factor_alone_never_opens_enrolment_beside_another(case in any_case()) {
        let Step::Enrol { optional, .. } = case.decide().step else { return Ok(()) };
        if case.pass {
            return Ok(());
        }
        prop_assert!(case.event.is_some() && fresh(&case), "it takes a fresh sign-in");
        let factors = case.factors.as_ref().unwrap();
        let none = factors.must_enrol || !factors.any();
        prop_assert!(none || proven_in_this_login(&case));
        let two = proven(&case, Basis::Event)[0].meets(Worth::TWO_FACTORS);
        let pass_wanted = case.rules.enrol_with == EnrolWith::AccessPass;
        prop_assert!(!pass_wanted || two || proven_in_this_login(&case));
        prop_assert!(!optional || (case.rules.nudge && !case.nudged && none));
    }

    #[test]
    fn whoever_must_enrol_anew_does(case in any_case()) {
        let reported = case.factors.as_ref().is_some_and(|factors| factors.must_enrol);
        if let Step::Issue(Basis::Event) = case.decide().step {
            let two = proven(&case, Basis::Event)[0].meets(Worth::TWO_FACTORS);
            prop_assert!(!reported || two || proven_in_this_login(&case));
        }
    }

    #[test]
    fn more_evidence_never_leads_to_worse(case in any_case(), extra in any_proof(), way in 0..5) {
        let before = case.decide().step;
        let mut more = case;
        match way {
            0 => more.proofs.push(extra),
            1 => more.session_proofs.push(extra),
            2 => for event in more.event.iter_mut().chain(&mut more.session) {
                event.assurance = BEST.assurance;
                event.phishing_resistant = true;
                event.credited_until = None;
            },
            3 => for event in more.event.iter_mut().chain(&mut more.session) {
                event.authenticated_at = Some(NOW);
            },
            _ => if let Some(factors) = &mut more.factors {
                factors.device.get_or_insert(extra);
            },
        }
        let after = more.decide().step;
        prop_assert!(!is_worse(&after, &before), "{before:?} became {after:?} by way {way}");
    }

    #[test]
    fn what_is_told_is_never_more_than_what_one_piece_proves(case in any_case()) {
        let Step::Issue(basis) = case.decide().step else { return Ok(()) };
        let told = case.with_facts(|facts| reached(facts, basis, NOW)).unwrap();
        let worths = proven(&case, basis);
        prop_assert!(met(std::slice::from_ref(&told.acr), &worths), "{} of {worths:?}", told.acr);
        prop_assert!(worths.contains(&told.worth));
        let two = worths.iter().any(|worth| worth.meets(Worth::TWO_FACTORS));
        prop_assert_eq!(told.amr.iter().any(|method| method.as_str() == "mfa"), two);
        for names in demands(&case) {
            prop_assert!(told.by.iter().any(|by| names.iter().any(|acr| by.contains(acr.as_str()))));
        }
    }
}

/// A person who does whatever each step asks for, at sources that do whatever they like.
struct Person {
    /// What the sources answer, in turn: the worth, and the age that they have in mind.
    answers: Vec<(Worth, u32)>,
    /// Whether they sign people in anew where they are told to.
    obey: bool,
    /// Whether the person says "later" where that is possible.
    later: bool,
    /// Whether the help desk gives out a pass.
    pass: bool,
}

impl Person {
    /// Takes `step` in `case`; `false` when there is none to take.
    fn take(&mut self, case: &mut Case, step: Step) -> bool {
        match step {
            Step::ChooseSource => case.chosen = Some("una"),
            Step::Authenticate { source, force } => {
                let (worth, age) = self.answers.pop().unwrap_or((Worth::ONE_FACTOR, 0));
                let age = if force && self.obey { 0 } else { age };
                case.asked_anew = force;
                let mut event = proof(source.as_str(), Some(age), worth.assurance);
                event.phishing_resistant = worth.phishing_resistant;
                let mut transaction = case.transaction();
                transaction.record(event.clone());
                case.answers = transaction.answers;
                case.proofs = transaction.proofs;
                case.pass = transaction.pass.is_some();
                case.consented = transaction.consented;
                case.declined = transaction.declined;
                case.event = Some(event);
            }
            Step::ProveFactor { optional: true, .. } if self.later => case.declined = true,
            Step::ProveFactor { kinds, wanted, .. } => Self::prove(case, kinds[0], wanted),
            Step::Enrol { optional: true, .. } if self.later => case.nudged = true,
            Step::Enrol { kinds, wanted, .. } => {
                let factors = case.factors.as_mut().unwrap();
                factors.must_enrol = false;
                match kinds[0] {
                    FactorKind::Passkey => factors.passkeys += 1,
                    _ => factors.totp = true,
                }
                if wanted.assurance == Assurance::Aal3 {
                    factors.hardware_passkeys += 1;
                }
                case.pass = false;
                Self::prove(case, kinds[0], wanted);
            }
            Step::Consent => case.consented = true,
            Step::Refuse(Refusal::EnrolmentNeedsHelp) if self.pass => {
                self.pass = false;
                case.pass = true;
            }
            Step::Issue(_) | Step::Refuse(_) => return false,
        }
        true
    }

    fn prove(case: &mut Case, kind: FactorKind, wanted: Worth) {
        let mut proof = factor(kind, 0);
        proof.hardware = wanted.assurance == Assurance::Aal3;
        case.proofs.push(proof);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whoever_does_what_each_step_asks_comes_to_an_end(
        case in any_case(),
        answers in proptest::collection::vec((any_worth(), 0_u32..20_000), 0..6),
        obey: bool,
        later: bool,
        pass: bool,
    ) {
        let mut case = case;
        // A login begins without any proof of its own, and is answered while the clock stands.
        case.event = None;
        case.proofs.clear();
        case.pass = false;
        case.begun = 0;
        case.answers = 0;
        case.declined = false;
        case.wished = false;
        case.factors.get_or_insert_default();
        let mut person = Person { answers, obey, later, pass };
        let mut steps = Vec::new();
        loop {
            let step = case.decide().step;
            let anew = |step: &&Step| matches!(step, Step::Authenticate { force: true, .. });
            steps.push(step.clone());
            prop_assert!(steps.iter().filter(anew).count() <= 1, "asked twice: {steps:?}");
            prop_assert!(steps.len() <= 10, "{steps:?}");
            if !person.take(&mut case, step) {
                break;
            }
        }
    }
}

/// How old a word may be for it to be believed, in the tables below.
const MAX_AGE: Lifetime = Lifetime::hours(1);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn mfa_19_what_a_source_is_not_trusted_for_never_counts(
        table in proptest::collection::vec((0_usize..4, 0_usize..4), 0..5),
        said in 0_usize..16,
        age in proptest::option::of(0_u32..8_000),
        wanted in proptest::sample::select(vec![REFEDS_MFA, PHR]),
    ) {
        let resistant = Worth { assurance: Assurance::Aal2, phishing_resistant: true };
        let words = [
            Says::Context(acr(REFEDS_MFA)),
            Says::Method(Amr::new("mfa").unwrap()),
            Says::Method(Amr::new("hwk").unwrap()),
            Says::Method(Amr::new("sms").unwrap()),
        ];
        let beliefs = [
            Belief::Trust { worth: Worth::TWO_FACTORS, max_age: Some(MAX_AGE) },
            Belief::Trust { worth: resistant, max_age: None },
            Belief::Verify,
            Belief::Never,
        ];
        let rules: Vec<_> = table
            .iter()
            .map(|(word, belief)| Rule { says: words[*word].clone(), belief: beliefs[*belief] })
            .collect();
        let spoken: Vec<_> = (0..4).filter(|word| said & (1 << word) != 0).collect();
        let mut event = proof("unc", age, Assurance::Aal1);
        event.acr = spoken.contains(&0).then(|| acr(REFEDS_MFA));
        event.amr = ["mfa", "hwk", "sms"].iter().enumerate()
            .filter(|(index, _)| spoken.contains(&(index + 1)))
            .filter_map(|(_, name)| Amr::new(name)).collect();
        let credit = Trust::new(rules.clone()).credit(
            event.acr.as_ref(), &event.amr, event.authenticated_at, NOW,
        );
        event.credit(&credit);
        let case = Case {
            demand: essential(wanted),
            event: Some(event),
            answers: 2,
            sources: vec![("unc", BEST)],
            ..Case::default()
        };
        let wanted = acr(wanted).wants().unwrap();
        let heard = |rule: &&Rule| spoken.iter().any(|word| words[*word] == rule.says);
        let vetoed = rules.iter().filter(heard).any(|rule| rule.belief == Belief::Never);
        let believed = rules.iter().filter(heard).any(|rule| match rule.belief {
            Belief::Trust { worth, max_age } => {
                let young = max_age.is_none_or(|max_age| age.is_some_and(|age| age < max_age.as_seconds()));
                worth.meets(wanted) && young
            }
            Belief::Verify | Belief::Never => false,
        });
        let issued = matches!(case.decide().step, Step::Issue(_));
        prop_assert!(!issued || (believed && !vetoed), "a word counted that is not believed");
    }
}
