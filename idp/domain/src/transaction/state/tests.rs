//! What a login keeps and forgets from step to step.

use super::{Awaiting, Footing, Wished};
use crate::{
    Assurance, AuthenticationEvent, FactorKind, Kept, Lifetime, SourceId,
    assurance::Worth,
    identity::SourceSubject,
    policy::testing::{Case, NOW, factor, proof, trusted},
};

fn proven() -> Case {
    Case {
        event: Some(proof("una", Some(5), Assurance::Aal1)),
        proofs: vec![factor(FactorKind::Totp, 1)],
        pass: true,
        consented: true,
        ..Case::default()
    }
}

#[test]
fn mfa_03_what_was_proven_is_forgotten_when_another_agency_is_chosen() {
    let mut transaction = proven().transaction();
    transaction.choose("unb".parse::<SourceId>().unwrap());
    assert!(transaction.event.is_none() && transaction.proofs.is_empty());
    assert!(transaction.pass.is_none() && !transaction.consented);
    assert_eq!(transaction.answers, 0);
}

#[test]
fn a_source_that_does_not_say_that_a_sign_in_is_new_proves_one_factor_by_it() {
    let silent = AuthenticationEvent { authenticated_at: None, ..trusted("unb", 0) };
    for (anew, event, worth) in [
        (false, silent.clone(), Worth::TWO_FACTORS),
        (true, silent, Worth::ONE_FACTOR),
        (true, trusted("unb", 0), Worth::TWO_FACTORS),
    ] {
        let mut transaction = Case::default().transaction();
        let source = event.identity.source.clone();
        transaction.ask(source, anew, "c".into(), Kept::new("k".into()), NOW);
        transaction.record(event);
        assert_eq!(transaction.is_asked_anew(), anew);
        let event = transaction.event.as_deref().unwrap();
        assert_eq!(event.worth(NOW), worth, "in this login and in the session after it");
        transaction.reconsider();
        assert!(!transaction.is_asked_anew());
    }
}

#[test]
fn what_was_proven_on_other_factors_is_forgotten() {
    let on = |epoch, minutes| Footing { since: NOW + Lifetime::minutes(minutes), epoch };
    let person = "a".parse().unwrap();
    let mut transaction = Case::default().transaction();
    for minutes in [1, 2] {
        transaction.stands_on(&person, on(3, minutes));
        transaction.prove(&person, factor(FactorKind::Totp, minutes));
    }
    assert_eq!(transaction.proofs.len(), 2);
    assert_eq!(transaction.footing, Some(on(3, 1)), "since the first of them");
    transaction.moves_on(on(5, 3));
    assert_eq!((transaction.proofs.len(), transaction.footing), (2, Some(on(5, 1))));
    transaction.stands_on(&person, on(6, 4));
    assert!(transaction.proofs.is_empty());
    assert_eq!(transaction.footing, Some(on(6, 4)));
    transaction.stands_on(&"b".parse().unwrap(), on(6, 5));
    assert_eq!(transaction.footing, Some(on(6, 5)), "another's epochs are others");
}

#[test]
fn what_is_revoked_is_asked_anew_but_a_source_that_was_asked_may_answer() {
    let mut transaction = proven().transaction();
    transaction.awaiting = Awaiting::Consent;
    transaction.revoke();
    assert_eq!(transaction.awaiting, Awaiting::Decision);
    assert!(transaction.event.is_none() && transaction.proofs.is_empty());
    assert!(transaction.pass.is_none() && !transaction.consented);
    assert!(transaction.chosen.is_none(), "no agency is asked in silence");
    let mut transaction = proven().transaction();
    let source = "unb".parse::<SourceId>().unwrap();
    transaction.ask(source, true, "c".into(), Kept::new("k".into()), NOW);
    transaction.revoke();
    assert!(matches!(transaction.awaiting, Awaiting::Source(_)));
    assert!(transaction.event.is_none());
}

#[test]
fn what_somebody_else_declined_is_asked_for() {
    let mut transaction = Case::default().transaction();
    transaction.decline(&"a".parse().unwrap());
    assert!(transaction.declined);
    transaction.belongs_to(&"a".parse().unwrap());
    assert!(transaction.declined);
    transaction.belongs_to(&"b".parse().unwrap());
    assert!(!transaction.declined);
}

#[test]
fn a_source_that_proves_less_than_the_session_takes_nothing_away_by_a_wish() {
    let (strong, weak) = (trusted("unb", 0), proof("unb", Some(0), Assurance::Aal1));
    let (old, silent) = (trusted("unb", 60), proof("unb", None, Assurance::Aal1));
    for (wished, before, event, taken) in [
        (Wished::AtSource, &strong, &weak, false),
        (Wished::AtSource, &weak, &weak, true),
        (Wished::AtSource, &weak, &strong, true),
        (Wished::AtSource, &weak, &old, false),
        (Wished::AtSource, &weak, &silent, false),
        (Wished::AtSource, &silent, &weak, true),
        (Wished::No, &strong, &weak, true),
        (Wished::Answered, &strong, &weak, true),
    ] {
        let mut transaction = Case::default().transaction();
        transaction.wished = wished;
        transaction.hear(event.clone(), Some(before));
        assert_eq!(transaction.event.is_some(), taken, "{wished:?}");
        assert_ne!(transaction.wished, Wished::AtSource, "it is asked once");
    }
    let mut another = weak;
    another.identity.subject = SourceSubject::parse("1002").unwrap();
    let mut transaction = Case::default().transaction();
    transaction.wished = Wished::AtSource;
    transaction.hear(another, Some(&strong));
    assert!(transaction.event.is_some(), "somebody else has signed in");
}

#[test]
fn mfa_17_a_factor_counts_for_whoever_proved_it() {
    let mut transaction = proven().transaction();
    transaction.record(proof("una", Some(0), Assurance::Aal1));
    assert_eq!(transaction.proofs.len(), 1, "the same person signed in again");
    assert_eq!(transaction.answers, 2);
    let mut another = proof("una", Some(0), Assurance::Aal1);
    another.identity.subject = SourceSubject::parse("1002").unwrap();
    transaction.record(another);
    assert!(transaction.proofs.is_empty() && transaction.pass.is_none());
    assert!(!transaction.consented);
    assert_eq!(transaction.answers, 3);
}
