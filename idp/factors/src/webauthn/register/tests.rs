//! Registrations, honest and otherwise. Must not know how a message is made: that is `soft`.

use super::*;
use crate::webauthn::soft::{
    BACKED_UP, BACKUP_ELIGIBLE, Draft, Maker, NOW, ORIGIN, Soft, Statement, UP_UV, client_data,
    ec2, name, okp, person, rsa, site,
};
use crate::webauthn::{Aaguid, TrustError, TrustedModels};
use idp_domain::Lifetime;

/// What becomes of a registration under `policy` once `change` has been at it.
fn register_under(
    policy: &RegistrationPolicy,
    change: impl FnOnce(&mut Draft),
) -> Result<PasskeyRecord, CeremonyError> {
    let soft = Soft::new();
    let (options, ceremony) = site().start_registration(person(), &[], policy, NOW).unwrap();
    let mut draft = soft.draft("webauthn.create", &options);
    change(&mut draft);
    let presented = PresentedRegistration::parse(&soft.registration(&draft))?;
    site().finish_registration(ceremony, &presented, policy, name(), NOW)
}

fn register(change: impl FnOnce(&mut Draft)) -> Result<PasskeyRecord, CeremonyError> {
    register_under(&RegistrationPolicy::default(), change)
}

fn refusal(change: impl FnOnce(&mut Draft)) -> CeremonyError {
    register(change).unwrap_err()
}

#[test]
fn a_browser_is_asked_for_a_verified_discoverable_credential() {
    let existing = [CredentialId::from_bytes(vec![1, 2, 3])];
    let policy = RegistrationPolicy::default();
    let (options, _) = site().start_registration(person(), &existing, &policy, NOW).unwrap();
    let options = &options["publicKey"];
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["authenticatorSelection"]["requireResidentKey"], true);
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["excludeCredentials"][0]["id"], "AQID");
    assert_eq!(options["rp"]["id"], "broker.example");
    assert_eq!(options["timeout"], 300_000);
    let algorithms: Vec<_> =
        options["pubKeyCredParams"].as_array().unwrap().iter().map(|p| &p["alg"]).collect();
    assert_eq!(algorithms, [-7, -35, -257]);
}

#[test]
fn an_honest_passkey_is_recorded_and_survives_being_stored() {
    let record = register(|draft| draft.counter = 3).unwrap();
    assert_eq!((record.counter(), record.attested), (3, Attested::No));
    assert_eq!(record.aaguid, Aaguid::from_bytes([7; 16]));
    assert!(!record.backup_eligible() && !record.backed_up());
    assert_eq!((record.created_at, record.last_used_at), (NOW, None));

    let stored = serde_json::to_string(&record).unwrap();
    let again: PasskeyRecord = serde_json::from_str(&stored).unwrap();
    assert_eq!(again.id(), record.id());
    assert_eq!(serde_json::to_string(&again).unwrap(), stored);
    let newer = stored.replacen("\"v\":1", "\"v\":2", 1);
    assert_ne!(newer, stored);
    assert!(serde_json::from_str::<PasskeyRecord>(&newer).is_err());
}

#[test]
fn a_ceremony_survives_the_shelf() {
    let soft = Soft::new();
    let policy = RegistrationPolicy::default();
    let (options, ceremony) = site().start_registration(person(), &[], &policy, NOW).unwrap();
    let kept = serde_json::to_vec(&ceremony).unwrap();
    let ceremony: Registering = serde_json::from_slice(&kept).unwrap();
    let message = soft.registration(&soft.draft("webauthn.create", &options));
    let presented = PresentedRegistration::parse(&message).unwrap();
    let owner = ceremony.owner().clone();
    let record = site().finish_registration(ceremony, &presented, &policy, name(), NOW).unwrap();
    assert_eq!(record.owner, owner);
}

#[test]
fn wan_01_a_registration_from_another_origin_is_refused() {
    for origin in ["https://badbroker.example", "http://broker.example", "https://BROKER.example"] {
        assert_eq!(refusal(|draft| draft.origin = origin.to_owned()), CeremonyError::WrongOrigin);
    }
    assert!(register(|draft| draft.origin = "https://passport.other".to_owned()).is_ok());
}

#[test]
fn wan_03_a_proof_is_no_registration() {
    for kind in ["webauthn.get", "webauthn.create ", "payment.get", ""] {
        assert_eq!(refusal(|draft| draft.kind = kind.to_owned()), CeremonyError::WrongType);
    }
    let twice = r#","type":"webauthn.create""#;
    assert_eq!(refusal(|draft| draft.more = twice.to_owned()), CeremonyError::Malformed);
}

#[test]
fn wan_04_a_challenge_is_of_one_ceremony_and_of_five_minutes() {
    let soft = Soft::new();
    let policy = RegistrationPolicy::default();
    let (options, ceremony) = site().start_registration(person(), &[], &policy, NOW).unwrap();
    let (_, other) = site().start_registration(person(), &[], &policy, NOW).unwrap();
    let message = soft.registration(&soft.draft("webauthn.create", &options));
    let presented = PresentedRegistration::parse(&message).unwrap();
    let finish = |ceremony, now| {
        site().finish_registration(ceremony, &presented, &policy, name(), now).map(|_| ())
    };
    assert_eq!(finish(other, NOW), Err(CeremonyError::WrongChallenge));
    assert_eq!(finish(ceremony.clone(), NOW + Lifetime::minutes(5)), Err(CeremonyError::Expired));
    assert_eq!(finish(ceremony, NOW + Lifetime::seconds(299)), Ok(()));
}

#[test]
fn wan_07_backup_flags_agree_with_each_other_and_with_the_policy() {
    assert_eq!(refusal(|draft| draft.flags = UP_UV | BACKED_UP), CeremonyError::BackupFlags);
    let synced = UP_UV | BACKUP_ELIGIBLE | BACKED_UP;
    let record = register(|draft| draft.flags = synced).unwrap();
    assert!(record.backup_eligible() && record.backed_up());

    let policy = RegistrationPolicy { device_bound: true, ..RegistrationPolicy::default() };
    for flags in [synced, UP_UV | BACKUP_ELIGIBLE] {
        let refusal = register_under(&policy, |draft| draft.flags = flags).unwrap_err();
        assert_eq!(refusal, CeremonyError::NotDeviceBound);
    }
    assert!(register_under(&policy, |_| ()).is_ok());
}

#[test]
fn wan_10_what_the_browser_was_asked_for_is_judged_again() {
    assert_eq!(refusal(|draft| draft.flags = 0x01), CeremonyError::NotVerified);
    assert_eq!(refusal(|draft| draft.flags = 0x04), CeremonyError::NotPresent);
    assert_eq!(refusal(|draft| draft.rk = Some(false)), CeremonyError::NotDiscoverable);
    assert_eq!(
        refusal(|draft| draft.rp_id = "other.example".to_owned()),
        CeremonyError::WrongRelyingParty
    );
    // RS1, an algorithm that was never offered.
    let rs1 = rsa(-65_535, &[0xff; 256], &[1, 0, 1]);
    assert_eq!(refusal(|draft| draft.cose = rs1), CeremonyError::Algorithm);
    assert_eq!(refusal(|draft| draft.cose = okp(&[1; 32])), CeremonyError::Algorithm);
    let denied = RegistrationPolicy {
        denied: [Aaguid::from_bytes([7; 16])].into(),
        ..RegistrationPolicy::default()
    };
    assert_eq!(register_under(&denied, |_| ()).unwrap_err(), CeremonyError::ModelNotAllowed);
}

#[test]
fn wan_10_the_same_authenticator_is_not_registered_twice() {
    let soft = Soft::new();
    let policy = RegistrationPolicy::default();
    let existing = [CredentialId::from_bytes(soft.id.clone())];
    let (options, ceremony) = site().start_registration(person(), &existing, &policy, NOW).unwrap();
    let message = soft.registration(&soft.draft("webauthn.create", &options));
    let presented = PresentedRegistration::parse(&message).unwrap();
    let refusal = site().finish_registration(ceremony, &presented, &policy, name(), NOW);
    assert_eq!(refusal.unwrap_err(), CeremonyError::AlreadyRegistered);
}

#[test]
fn wan_12_keys_that_are_worth_nothing_are_refused() {
    assert_eq!(
        refusal(|draft| draft.cose = ec2(-7, 1, &[1; 32], &[1; 32])),
        CeremonyError::UnfitKey,
        "a point off its curve"
    );
    for (what, cose) in [
        ("RSA with the exponent 1", rsa(-257, &[0xff; 256], &[0, 0, 1])),
        ("RSA with the exponent 3", rsa(-257, &[0xff; 256], &[0, 0, 3])),
        ("RSA of 1,024 bits", rsa(-257, &[0xff; 128], &[1, 0, 1])),
        ("RSA with leading zeros", rsa(-257, &[&[0; 200][..], &[0xff; 56]].concat(), &[1, 0, 1])),
        ("RSA with an even modulus", rsa(-257, &[0xfe; 256], &[1, 0, 1])),
    ] {
        assert_eq!(refusal(|draft| draft.cose = cose), CeremonyError::UnfitKey, "{what}");
    }
}

#[test]
fn wan_12_ids_and_bytes_that_do_not_fit_are_refused() {
    for id in [vec![], vec![9; 1_024], vec![9; 4_096]] {
        assert_eq!(refusal(|draft| draft.id = id), CeremonyError::Malformed);
    }
    assert_eq!(refusal(|draft| draft.tail = vec![0]), CeremonyError::Malformed);
    assert_eq!(refusal(|draft| draft.cose = vec![0x81; 10_000]), CeremonyError::Malformed);
    let (options, _) = {
        let policy = RegistrationPolicy::default();
        site().start_registration(person(), &[], &policy, NOW).unwrap()
    };
    let draft = Soft::new().draft("webauthn.create", &options);
    let parse = |object: &[u8]| {
        let json = Soft::registration_json(&draft, &client_data(&draft), object);
        PresentedRegistration::parse(&json).unwrap_err()
    };
    for object in [&[][..], &[0xa0], &[0xbf, 0xff], &vec![0x81; 20_000], &[0xff; 100]] {
        assert_eq!(parse(object), CeremonyError::Malformed);
    }
    assert_eq!(parse(&vec![0; 1_000_000]), CeremonyError::Oversized);
}

#[test]
fn wan_12_the_id_around_a_message_is_the_one_within() {
    let soft = Soft::new();
    let policy = RegistrationPolicy::default();
    let (options, _) = site().start_registration(person(), &[], &policy, NOW).unwrap();
    let message = soft.registration(&soft.draft("webauthn.create", &options));
    let mut message: Value = serde_json::from_slice(&message).unwrap();
    for member in ["rawId", "id"] {
        let honest = message[member].take();
        message[member] = "AAAA".into();
        let refusal = PresentedRegistration::parse(message.to_string().as_bytes());
        assert_eq!(refusal.unwrap_err(), CeremonyError::Malformed, "{member}");
        message[member] = honest;
    }
    assert!(PresentedRegistration::parse(message.to_string().as_bytes()).is_ok());
}

#[test]
fn attestation_by_any_maker_is_asked_for_and_must_be_there() {
    let policy =
        RegistrationPolicy { attestation: AttestationPolicy::Any, ..RegistrationPolicy::default() };
    let (options, _) = site().start_registration(person(), &[], &policy, NOW).unwrap();
    assert_eq!(options["publicKey"]["attestation"], "direct");
    for statement in [Statement::None, Statement::Itself] {
        let refusal = register_under(&policy, |draft| draft.statement = statement).unwrap_err();
        assert_eq!(refusal, CeremonyError::NotAttested);
    }
    let maker = Statement::Maker(Maker::new());
    let record = register_under(&policy, |draft| draft.statement = maker).unwrap();
    assert_eq!(record.attested, Attested::Unchecked);
    let stored = serde_json::to_string(&record).unwrap();
    assert!(serde_json::from_str::<PasskeyRecord>(&stored).is_ok());
}

#[test]
fn only_a_root_of_the_model_vouches_for_it() {
    let (maker, other) = (Maker::new(), Maker::new());
    let (model, other_model) = (Aaguid::from_bytes([7; 16]), Aaguid::from_bytes([8; 16]));
    let mut models = TrustedModels::default();
    models.trust(model, &maker.root_pem).unwrap();
    models.trust(other_model, &other.root_pem).unwrap();
    let policy = RegistrationPolicy {
        attestation: AttestationPolicy::Trusted(models),
        ..RegistrationPolicy::default()
    };
    let present = |maker, aaguid: [u8; 16]| {
        register_under(&policy, |draft| {
            draft.statement = maker;
            draft.aaguid = aaguid;
        })
        .map(|record| record.attested)
    };
    let unlisted = present(Statement::Maker(Maker::new()), [9; 16]);
    assert_eq!(unlisted, Err(CeremonyError::ModelNotAllowed));
    let strange = present(Statement::Maker(Maker::new()), [7; 16]);
    assert_eq!(strange, Err(CeremonyError::UntrustedAttestation));
    assert_eq!(present(Statement::Maker(other), [7; 16]), Err(CeremonyError::UntrustedAttestation));
    assert!(present(Statement::None, [7; 16]).is_err());
    assert!(present(Statement::Itself, [7; 16]).is_err());
    assert_eq!(present(Statement::Maker(maker), [7; 16]), Ok(Attested::Trusted));
}

#[test]
fn a_model_needs_a_number_and_a_certificate_to_be_trusted() {
    let mut models = TrustedModels::default();
    let pem = Maker::new().root_pem;
    assert_eq!(models.trust(Aaguid::from_bytes([0; 16]), &pem), Err(TrustError::NoModel));
    let model = Aaguid::from_bytes([7; 16]);
    assert_eq!(models.trust(model, "not a certificate"), Err(TrustError::Certificate));
}

#[test]
fn a_page_within_a_page_of_another_site_registers_nothing() {
    for more in [r#","crossOrigin":true"#, r#","topOrigin":"https://evil.example""#] {
        assert_eq!(refusal(|draft| draft.more = more.to_owned()), CeremonyError::CrossOrigin);
    }
    assert!(register(|draft| draft.more = r#","crossOrigin":false,"new":{}"#.to_owned()).is_ok());
    assert_eq!(ORIGIN, site().origins()[0]);
}

#[test]
fn a_person_without_a_name_is_refused() {
    let nameless = Person { name: String::new(), ..person() };
    let policy = RegistrationPolicy::default();
    let refusal = site().start_registration(nameless, &[], &policy, NOW).unwrap_err();
    assert_eq!(refusal, CeremonyError::Nameless);
}
