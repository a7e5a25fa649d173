//! Proofs, honest and otherwise. Must not know how a message is made: that is `soft`.

use super::*;
use crate::webauthn::Person;
use crate::webauthn::soft::{BACKED_UP, BACKUP_ELIGIBLE, Draft, NOW, Soft, UP_UV, person, site};
use idp_domain::Lifetime;

struct Case {
    soft: Soft,
    person: Person,
    record: PasskeyRecord,
}

fn case(flags: u8, counter: u32) -> Case {
    let (soft, person) = (Soft::new(), person());
    let record = soft.registered(&person, flags, counter);
    Case { soft, person, record }
}

impl Case {
    /// What becomes of a proof by anyone once `change` has been at it.
    fn prove(&self, change: impl FnOnce(&mut Draft)) -> Result<Outcome, CeremonyError> {
        self.prove_as(ProofAsk::Anyone, change)
    }

    fn prove_as(
        &self,
        ask: ProofAsk<'_>,
        change: impl FnOnce(&mut Draft),
    ) -> Result<Outcome, CeremonyError> {
        let (options, ceremony) = site().start_proof(ask, NOW).unwrap();
        let mut draft = self.soft.draft("webauthn.get", &options);
        draft.user_handle = Some(self.person.handle.as_bytes().to_vec());
        change(&mut draft);
        let presented = PresentedProof::parse(&self.soft.proof(&draft))?;
        site().finish_proof(ceremony, &presented, &self.record, NOW)
    }

    fn owner(&self) -> ProofAsk<'_> {
        let passkeys = std::slice::from_ref(&self.record);
        ProofAsk::Owner { handle: &self.person.handle, passkeys }
    }
}

#[test]
fn an_honest_passkey_proves_itself_to_whoever_asks() {
    let case = case(UP_UV, 0);
    for ask in [ProofAsk::Anyone, ProofAsk::Autofill, case.owner()] {
        let Outcome::Proven(proof) = case.prove_as(ask, |_| ()).unwrap() else {
            panic!("no proof")
        };
        assert_eq!(proof.credential, case.record.id());
        assert_eq!(proof.owner, case.person.handle);
    }
}

#[test]
fn what_is_asked_says_who_is_asked() {
    let case = case(UP_UV, 0);
    let (anyone, _) = site().start_proof(ProofAsk::Anyone, NOW).unwrap();
    assert_eq!(anyone["publicKey"]["userVerification"], "required");
    assert_eq!(anyone["publicKey"]["rpId"], "broker.example");
    assert!(anyone.get("mediation").is_none());
    let (autofill, _) = site().start_proof(ProofAsk::Autofill, NOW).unwrap();
    assert_eq!(autofill["mediation"], "conditional");
    let (owner, _) = site().start_proof(case.owner(), NOW).unwrap();
    assert_eq!(owner["publicKey"]["allowCredentials"][0]["id"], case.record.id().to_string());

    let (stranger, handle) = (person(), &case.person.handle);
    let passkeys = std::slice::from_ref(&case.record);
    for ask in [
        ProofAsk::Owner { handle, passkeys: &[] },
        ProofAsk::Owner { handle: &stranger.handle, passkeys },
    ] {
        let refusal = site().start_proof(ask, NOW).unwrap_err();
        assert_eq!(refusal, CeremonyError::UnknownCredential);
    }
}

#[test]
fn wan_15_what_anyone_is_asked_tells_nothing_of_accounts() {
    let ask = |ask| {
        let (mut options, _) = site().start_proof(ask, NOW).unwrap();
        options["publicKey"]["challenge"].take();
        options
    };
    let before = (ask(ProofAsk::Anyone), ask(ProofAsk::Autofill));
    let _account = case(UP_UV, 0);
    assert_eq!((ask(ProofAsk::Anyone), ask(ProofAsk::Autofill)), before);
    assert_eq!(before.0["publicKey"]["allowCredentials"], serde_json::json!([]));
}

#[test]
fn wan_01_only_our_very_origins_count() {
    let case = case(UP_UV, 0);
    for origin in [
        "https://badbroker.example",
        "https://broker.example.evil",
        "https://sub.broker.example",
        "http://broker.example",
        "https://broker.example:8443",
        "https://broker.example:443",
        "https://broker.example/",
        "https://BROKER.example",
        "https://broker.example.",
        "android:apk-key-hash:mEXbBUNOXkmXcPvlE1Zk4C3nVXQWHwNzcmAxYsOaUuM",
        "null",
        "",
    ] {
        let refusal = case.prove(|draft| draft.origin = origin.to_owned());
        assert_eq!(refusal, Err(CeremonyError::WrongOrigin), "{origin}");
    }
    assert!(case.prove(|draft| draft.origin = "https://passport.other".to_owned()).is_ok());
}

#[test]
fn wan_03_a_registration_is_no_proof() {
    let case = case(UP_UV, 0);
    for kind in ["webauthn.create", " webauthn.get", "payment.get", "WEBAUTHN.GET"] {
        let refusal = case.prove(|draft| draft.kind = kind.to_owned());
        assert_eq!(refusal, Err(CeremonyError::WrongType), "{kind}");
    }
    for more in [r#","type":"webauthn.get""#, r#","origin":"https://broker.example""#] {
        let refusal = case.prove(|draft| draft.more = more.to_owned());
        assert_eq!(refusal, Err(CeremonyError::Malformed), "{more}");
    }
}

#[test]
fn wan_04_a_challenge_is_of_one_ceremony_and_of_five_minutes() {
    let case = case(UP_UV, 0);
    for challenge in ["", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let refusal = case.prove(|draft| draft.challenge = challenge.to_owned());
        assert_eq!(refusal, Err(CeremonyError::WrongChallenge), "{challenge}");
    }
    let (options, ceremony) = site().start_proof(ProofAsk::Anyone, NOW).unwrap();
    let (_, other) = site().start_proof(ProofAsk::Anyone, NOW).unwrap();
    let mut draft = case.soft.draft("webauthn.get", &options);
    draft.user_handle = Some(case.person.handle.as_bytes().to_vec());
    let presented = PresentedProof::parse(&case.soft.proof(&draft)).unwrap();
    let finish =
        |ceremony, now| site().finish_proof(ceremony, &presented, &case.record, now).map(|_| ());
    assert_eq!(finish(other, NOW), Err(CeremonyError::WrongChallenge));
    let before = NOW.minus(Lifetime::seconds(1));
    for outside in [NOW + Lifetime::minutes(5), before] {
        assert_eq!(finish(ceremony.clone(), outside), Err(CeremonyError::Expired));
    }
    assert_eq!(finish(ceremony, NOW + Lifetime::seconds(299)), Ok(()));
}

#[test]
fn wan_04_challenges_have_256_bits_and_do_not_repeat() {
    let challenges: std::collections::HashSet<String> = (0..1_000)
        .map(|_| {
            let (options, _) = site().start_proof(ProofAsk::Anyone, NOW).unwrap();
            options["publicKey"]["challenge"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(challenges.len(), 1_000);
    assert!(challenges.iter().all(|challenge| challenge.len() == 43));
}

#[test]
fn wan_05_a_credential_proves_its_owner_and_nobody_else() {
    let (alice, bob) = (case(UP_UV, 0), case(UP_UV, 0));
    // Alice is asked; Bob answers with his own valid passkey.
    let (options, ceremony) = site().start_proof(alice.owner(), NOW).unwrap();
    let message = bob.soft.proof(&bob.soft.draft("webauthn.get", &options));
    let presented = PresentedProof::parse(&message).unwrap();
    let finish = |record| site().finish_proof(ceremony.clone(), &presented, record, NOW);
    assert_eq!(finish(&bob.record), Err(CeremonyError::WrongOwner));
    assert_eq!(finish(&alice.record), Err(CeremonyError::UnknownCredential));

    let bobs = Some(bob.person.handle.as_bytes().to_vec());
    for ask in [ProofAsk::Anyone, alice.owner()] {
        let refusal = alice.prove_as(ask, |draft| draft.user_handle.clone_from(&bobs));
        assert_eq!(refusal, Err(CeremonyError::WrongOwner));
    }
    let nobody = alice.prove(|draft| draft.user_handle = None);
    assert_eq!(nobody, Err(CeremonyError::WrongOwner));
    assert!(alice.prove_as(alice.owner(), |draft| draft.user_handle = None).is_ok());
}

#[test]
fn wan_05_a_passkey_that_was_not_asked_for_proves_nothing() {
    let (first, second) = (Soft::new(), Soft::new());
    let person = person();
    let asked = [first.registered(&person, UP_UV, 0)];
    let other = second.registered(&person, UP_UV, 0);
    let ask = ProofAsk::Owner { handle: &person.handle, passkeys: &asked };
    let (options, ceremony) = site().start_proof(ask, NOW).unwrap();
    let message = second.proof(&second.draft("webauthn.get", &options));
    let presented = PresentedProof::parse(&message).unwrap();
    let refusal = site().finish_proof(ceremony, &presented, &other, NOW);
    assert_eq!(refusal, Err(CeremonyError::UnknownCredential));
}

#[test]
fn wan_07_backup_flags_do_not_change_their_minds() {
    let bound = case(UP_UV, 0);
    for flags in [UP_UV | BACKUP_ELIGIBLE, UP_UV | BACKED_UP, UP_UV | BACKUP_ELIGIBLE | BACKED_UP] {
        let refusal = bound.prove(|draft| draft.flags = flags);
        assert_eq!(refusal, Err(CeremonyError::BackupFlags), "{flags:#x}");
    }
    let mut synced = case(UP_UV | BACKUP_ELIGIBLE, 0);
    assert_eq!(synced.prove(|_| ()), Err(CeremonyError::BackupFlags));
    let flags = UP_UV | BACKUP_ELIGIBLE | BACKED_UP;
    let Outcome::Proven(proof) = synced.prove(|draft| draft.flags = flags).unwrap() else {
        panic!("no proof")
    };
    assert!(proof.backed_up && !synced.record.backed_up());
    synced.record.apply(&proof, NOW);
    assert!(synced.record.backed_up());
}

#[test]
fn wan_08_a_counter_that_does_not_grow_is_a_signal() {
    let mut case = case(UP_UV, 10);
    for presented in [10, 9, 0] {
        let outcome = case.prove(|draft| draft.counter = presented).unwrap();
        let Outcome::Cloned(signal) = outcome else { panic!("{presented} was believed") };
        assert_eq!((signal.stored, signal.presented), (10, presented));
        assert_eq!(
            (signal.credential, signal.owner),
            (case.record.id(), case.person.handle.clone())
        );
        assert!(!signal.backup_eligible);
    }
    let Outcome::Proven(proof) = case.prove(|draft| draft.counter = 11).unwrap() else {
        panic!("11 is more than 10")
    };
    assert_eq!((proof.previous_counter, proof.counter), (10, 11));
    case.record.apply(&proof, NOW);
    assert_eq!((case.record.counter(), case.record.last_used_at), (11, Some(NOW)));
    assert!(matches!(case.prove(|draft| draft.counter = 11), Ok(Outcome::Cloned(_))));
}

#[test]
fn wan_08_a_counter_that_runs_over_is_a_signal_and_none_at_all_is_not() {
    let full = case(UP_UV, u32::MAX);
    assert!(matches!(full.prove(|draft| draft.counter = 0), Ok(Outcome::Cloned(_))));
    let none = case(UP_UV, 0);
    assert!(matches!(none.prove(|_| ()), Ok(Outcome::Proven(_))));
}

#[test]
fn wan_08_a_forged_proof_is_no_signal() {
    let case = case(UP_UV, 10);
    let mut forger = Soft::new();
    forger.id.clone_from(&case.soft.id);
    let (options, ceremony) = site().start_proof(ProofAsk::Anyone, NOW).unwrap();
    let mut draft = forger.draft("webauthn.get", &options);
    draft.user_handle = Some(case.person.handle.as_bytes().to_vec());
    draft.counter = 9;
    let presented = PresentedProof::parse(&forger.proof(&draft)).unwrap();
    let refusal = site().finish_proof(ceremony, &presented, &case.record, NOW);
    assert_eq!(refusal, Err(CeremonyError::WrongSignature));
}

#[test]
fn nobody_is_proven_who_was_absent_unverified_or_elsewhere() {
    let case = case(UP_UV, 0);
    assert_eq!(case.prove(|draft| draft.flags = 0x01), Err(CeremonyError::NotVerified));
    assert_eq!(case.prove(|draft| draft.flags = 0x04), Err(CeremonyError::NotPresent));
    let elsewhere = case.prove(|draft| draft.rp_id = "other.example".to_owned());
    assert_eq!(elsewhere, Err(CeremonyError::WrongRelyingParty));
    for more in [r#","crossOrigin":true"#, r#","topOrigin":"https://evil.example""#] {
        let framed = case.prove(|draft| draft.more = more.to_owned());
        assert_eq!(framed, Err(CeremonyError::CrossOrigin));
    }
}

#[test]
fn wan_12_a_proof_that_is_not_of_its_form_is_refused() {
    let case = case(UP_UV, 0);
    assert_eq!(case.prove(|draft| draft.tail = vec![0]), Err(CeremonyError::Malformed));
    // Attested data, and extensions, which are announced and are not there.
    for flag in [0x40, 0x80] {
        let refusal = case.prove(|draft| draft.flags = UP_UV | flag);
        assert_eq!(refusal, Err(CeremonyError::Malformed), "{flag:#x}");
    }
    let extended = case.prove(|draft| (draft.flags, draft.tail) = (UP_UV | 0x80, vec![0xa0]));
    assert!(extended.is_ok());
    for json in [&b""[..], b"{}", b"[]", b"null", &vec![b'['; 60_000]] {
        assert_eq!(PresentedProof::parse(json).unwrap_err(), CeremonyError::Malformed);
    }
    assert_eq!(PresentedProof::parse(&vec![b' '; 70_000]).unwrap_err(), CeremonyError::Oversized);
}

#[test]
fn a_ceremony_survives_the_shelf_and_holds_no_record() {
    let case = case(UP_UV, 0);
    let (options, ceremony) = site().start_proof(case.owner(), NOW).unwrap();
    let kept = serde_json::to_string(&ceremony).unwrap();
    assert!(kept.len() < 500, "{kept}");
    let ceremony: Proving = serde_json::from_str(&kept).unwrap();
    let message = case.soft.proof(&case.soft.draft("webauthn.get", &options));
    let presented = PresentedProof::parse(&message).unwrap();
    assert_eq!(presented.credential_id(), &case.record.id());
    assert!(site().finish_proof(ceremony, &presented, &case.record, NOW).is_ok());
}
