//! A metadata service of our own: the real file is signed for its publisher alone, and nothing here
//! goes out to fetch it. Form and signatures are those of the specification.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use idp_domain::factor::{Attestation, PasskeyRules};
use proptest::prelude::*;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_RSA_SHA256, RsaKeySize, date_time_ymd,
};
use serde_json::{Value, json};

use super::*;
use crate::webauthn::soft::{Draft, Maker, NOW, Soft, Statement, base64url, name, person, site};
use crate::webauthn::{
    Attested, CeremonyError, PasskeyRecord, PresentedRegistration, RegistrationPolicy,
};

const MODEL: &str = "07070707-0707-0707-0707-070707070707";

/// Who publishes metadata, with a certificate between the root and the signer's own.
struct Signer {
    root_pem: String,
    root_der: Vec<u8>,
    middle: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

impl Signer {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let root = authority("Root");
        let certificate = root.self_signed(&key).unwrap();
        let root = Issuer::new(root, key);
        let middle_key = KeyPair::generate().unwrap();
        let middle = authority("Middle");
        let between = middle.signed_by(&middle_key, &root).unwrap();
        Self {
            root_pem: certificate.pem(),
            root_der: certificate.der().to_vec(),
            middle: between.der().to_vec(),
            issuer: Issuer::new(middle, middle_key),
        }
    }

    fn publisher(&self) -> Publisher {
        Publisher { root: self.root_pem.clone().into_bytes(), signer: FIDO_SIGNER.to_owned() }
    }

    /// A file of `payload`, signed by the name `signer` in a certificate that `change` was at.
    fn blob_of(
        &self,
        payload: &Value,
        signer: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> String {
        let key = KeyPair::generate().unwrap();
        let mut leaf = CertificateParams::new([signer.to_owned()]).unwrap();
        change(&mut leaf);
        let leaf = leaf.signed_by(&key, &self.issuer).unwrap().der().to_vec();
        let text = self.signed("ES256", &leaf, payload);
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &key.serialize_der());
        let signature = key.unwrap().sign(&SystemRandom::new(), text.as_bytes()).unwrap();
        format!("{text}.{}", base64url(signature.as_ref()))
    }

    fn signed(&self, alg: &str, leaf: &[u8], payload: &Value) -> String {
        let x5c = [leaf, &self.middle].map(|one| STANDARD.encode(one));
        let header = json!({ "alg": alg, "typ": "JWT", "x5c": x5c });
        let parts = [&header, payload].map(|part| base64url(part.to_string().as_bytes()));
        parts.join(".")
    }

    fn blob(&self, payload: &Value) -> String {
        self.blob_of(payload, FIDO_SIGNER, |_| {})
    }

    fn read(&self, blob: &str) -> Result<Models, MdsError> {
        Models::read(blob.as_bytes(), &self.publisher(), NOW)
    }
}

fn model(root: &str, protection: &[&str], statuses: &[&str]) -> Value {
    let reports: Vec<_> = statuses.iter().map(|status| json!({ "status": status })).collect();
    json!({
        "aaguid": MODEL,
        "metadataStatement": {
            "description": "Example \u{7}Key 5",
            "aaguid": MODEL,
            "keyProtection": protection,
            "attestationRootCertificates": [root],
            "icon": "data:image/png;base64,AAAA",
        },
        "statusReports": reports,
        "timeOfLastStatusChange": "2026-01-01",
    })
}

fn payload(entries: &[Value]) -> Value {
    json!({ "legalHeader": "…", "no": 42, "nextUpdate": "2026-08-31", "entries": entries })
}

/// The root of a maker, as the service writes it.
fn root_of(maker: &Maker) -> String {
    maker.root_pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

fn aaguid() -> Aaguid {
    Aaguid::try_from(MODEL.to_owned()).unwrap()
}

#[test]
fn a_file_tells_names_roots_and_when_the_next_one_comes() {
    let signer = Signer::new();
    let other = json!({ "aaid": "4e4e#4005", "statusReports": [] });
    let entry = model(&root_of(&Maker::new()), &["hardware"], &["FIDO_CERTIFIED_L1"]);
    let models = signer.read(&signer.blob(&payload(&[entry, other]))).unwrap();
    assert_eq!((models.number(), models.len()), (42, 1));
    assert_eq!(models.name(aaguid()), Some("Example Key 5"));
    assert_eq!(models.compromise(aaguid()), None);
    // 2026-08-31T23:59:59Z
    assert_eq!(models.next_update(), Some(Timestamp::from_seconds(1_788_220_799)));
    assert!(Models::default().is_empty() && Models::default().next_update().is_none());
}

#[test]
fn the_root_may_stand_in_der_and_the_key_may_be_rsa() {
    let signer = Signer::new();
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
    let leaf = CertificateParams::new([FIDO_SIGNER.to_owned()]).unwrap();
    let leaf = leaf.signed_by(&key, &signer.issuer).unwrap().der().to_vec();
    let token = signer.signed("RS256", &leaf, &payload(&[]));
    let key = RsaKeyPair::from_pkcs8(&key.serialize_der()).unwrap();
    let mut signature = vec![0; key.public_modulus_len()];
    let random = SystemRandom::new();
    key.sign(&RSA_PKCS1_SHA256, &random, token.as_bytes(), &mut signature).unwrap();
    let blob = format!("{token}.{}\n", base64url(&signature));
    let root = signer.root_der.clone();
    let publisher = Publisher { root, ..signer.publisher() };
    assert_eq!(Models::read(blob.as_bytes(), &publisher, NOW).unwrap().number(), 42);
}

#[test]
fn only_the_name_of_the_service_signs_though_its_root_signs_for_others() {
    let signer = Signer::new();
    let blob = signer.blob_of(&payload(&[]), "shop.example", |_| {});
    assert!(matches!(signer.read(&blob), Err(MdsError::Untrusted(_))));
    let shop = Publisher { signer: "shop.example".to_owned(), ..signer.publisher() };
    assert!(Models::read(blob.as_bytes(), &shop, NOW).is_ok());
    let nameless = Publisher { signer: "not a name".to_owned(), ..signer.publisher() };
    let error = Models::read(blob.as_bytes(), &nameless, NOW).unwrap_err();
    assert_eq!(error, MdsError::Signer);
}

#[test]
fn a_chain_to_another_root_or_of_another_time_is_refused() {
    let (signer, other) = (Signer::new(), Signer::new());
    let blob = signer.blob(&payload(&[]));
    assert!(matches!(other.read(&blob), Err(MdsError::Untrusted(_))));
    let over = signer.blob_of(&payload(&[]), FIDO_SIGNER, |leaf| {
        leaf.not_after = date_time_ymd(2020, 1, 1);
    });
    assert!(matches!(signer.read(&over), Err(MdsError::Untrusted(_))));
    let broken = Publisher { root: b"-----BEGIN".to_vec(), ..signer.publisher() };
    assert_eq!(Models::read(blob.as_bytes(), &broken, NOW).unwrap_err(), MdsError::Root);
}

#[test]
fn what_was_changed_after_it_was_signed_is_refused() {
    let signer = Signer::new();
    let blob = signer.blob(&payload(&[]));
    let [header, _, signature] = blob.split('.').collect::<Vec<_>>().try_into().unwrap();
    let other = base64url(payload(&[model("", &[], &[])]).to_string().as_bytes());
    let error = signer.read(&format!("{header}.{other}.{signature}")).unwrap_err();
    assert_eq!(error, MdsError::Signature);
    for alg in ["none", "HS256", "ES384"] {
        let header: Value = serde_json::from_slice(&base64_decoded(header))
            .map(|mut header: Value| {
                header["alg"] = json!(alg);
                header
            })
            .unwrap();
        let header = base64url(header.to_string().as_bytes());
        let error = signer.read(&format!("{header}.{other}.{signature}")).unwrap_err();
        assert!(matches!(error, MdsError::Malformed(_)), "{alg}: {error}");
    }
}

fn base64_decoded(text: &str) -> Vec<u8> {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}

#[test]
fn a_file_that_says_something_else_than_the_specification_is_refused() {
    let signer = Signer::new();
    for payload in [
        json!({}),
        json!({ "no": 1, "nextUpdate": "soon", "entries": [] }),
        json!({ "no": 1, "nextUpdate": "2026-13-01", "entries": [] }),
        json!({ "no": -1, "nextUpdate": "2026-08-31", "entries": [] }),
        json!({ "no": 1, "nextUpdate": "2026-08-31", "entries": {} }),
    ] {
        let error = signer.read(&signer.blob(&payload)).unwrap_err();
        assert!(matches!(error, MdsError::Malformed(_)), "{payload}: {error}");
    }
    for blob in ["", "a.b", "a.b.c", "e30.e30.e30"] {
        assert!(matches!(signer.read(blob), Err(MdsError::Malformed(_))), "{blob}");
    }
}

#[test]
fn an_entry_that_nobody_can_read_loses_no_other() {
    let signer = Signer::new();
    let mut broken = model("", &["hardware"], &[]);
    broken["metadataStatement"]["keyProtection"] = json!(6);
    let well = model(&root_of(&Maker::new()), &["hardware"], &[]);
    let models = signer.read(&signer.blob(&payload(&[broken, json!(null), well]))).unwrap();
    assert_eq!((models.unreadable(), models.len()), (2, 1));
}

/// What becomes of a registration of the model, by `maker`, for an agency with `rules`.
fn register(
    models: &Models,
    rules: &PasskeyRules,
    statement: Statement,
) -> Result<PasskeyRecord, CeremonyError> {
    let policy = RegistrationPolicy::of(rules, models).unwrap();
    let soft = Soft::new();
    let (options, ceremony) = site().start_registration(person(), &[], &policy, NOW).unwrap();
    let mut draft: Draft = soft.draft("webauthn.create", &options);
    draft.statement = statement;
    let presented = PresentedRegistration::parse(&soft.registration(&draft))?;
    site().finish_registration(ceremony, &presented, &policy, name(), NOW)
}

fn models_with(entry: Value) -> Models {
    let signer = Signer::new();
    signer.read(&signer.blob(&payload(&[entry]))).unwrap()
}

#[test]
fn a_maker_of_the_file_vouches_for_keys_in_hardware_alone() {
    let rules = PasskeyRules { attestation: Attestation::Trusted, ..PasskeyRules::default() };
    let maker = Maker::new();
    let models = models_with(model(&root_of(&maker), &["hardware"], &[]));
    let attested = register(&models, &rules, Statement::Maker(maker)).map(|one| one.attested);
    assert_eq!(attested, Ok(Attested::Trusted));
    let maker = Maker::new();
    let software = models_with(model(&root_of(&maker), &["software"], &[]));
    let refused = register(&software, &rules, Statement::Maker(maker)).unwrap_err();
    assert_eq!(refused, CeremonyError::ModelNotAllowed);
    let nobody = register(&Models::default(), &rules, Statement::Maker(Maker::new())).unwrap_err();
    assert_eq!(nobody, CeremonyError::ModelNotAllowed);
}

#[test]
fn a_model_that_is_reported_is_refused_to_every_agency() {
    for status in ["REVOKED", "USER_KEY_REMOTE_COMPROMISE", "ATTESTATION_KEY_COMPROMISE"] {
        let later = ["FIDO_CERTIFIED", status, "UPDATE_AVAILABLE", "FIDO_CERTIFIED_L2"];
        let models = models_with(model("", &["hardware"], &later));
        assert_eq!(models.compromise(aaguid()), Some(status));
        let refused = register(&models, &PasskeyRules::default(), Statement::None).unwrap_err();
        assert_eq!(refused, CeremonyError::ModelNotAllowed);
    }
    let well = models_with(model("", &["hardware"], &["FIDO_CERTIFIED", "UPDATE_AVAILABLE"]));
    assert!(register(&well, &PasskeyRules::default(), Statement::None).is_ok());
}

#[test]
fn an_agency_names_the_models_that_it_wants_and_those_that_it_does_not() {
    let models = Models::default();
    let named = || vec![MODEL.to_uppercase()];
    let other = || vec!["08080808-0808-0808-0808-080808080808".to_owned()];
    let outcome = |only, never| {
        let rules = PasskeyRules { only, never, ..PasskeyRules::default() };
        register(&models, &rules, Statement::None).map(|_| ())
    };
    assert_eq!(outcome(named(), Vec::new()), Ok(()));
    assert_eq!(outcome(Vec::new(), other()), Ok(()));
    assert_eq!(outcome(other(), Vec::new()), Err(CeremonyError::ModelNotAllowed));
    assert_eq!(outcome(named(), named()), Err(CeremonyError::ModelNotAllowed));
    let unreadable = PasskeyRules { only: vec!["key".to_owned()], ..PasskeyRules::default() };
    assert!(RegistrationPolicy::of(&unreadable, &models).is_err(), "and not all models");
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_fail_in_any_other_way_than_saying_so(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        text in "[A-Za-z0-9_.-]{0,200}",
    ) {
        let publisher = Publisher { root: bytes.clone(), signer: text.clone() };
        prop_assert!(Models::read(&bytes, &publisher, NOW).is_err());
        prop_assert!(Models::read(text.as_bytes(), &publisher, NOW).is_err());
    }

    #[test]
    fn a_date_is_a_date_or_nothing(text in "[0-9-]{0,12}") {
        if let Some(end) = entry::end_of_day(&text) {
            prop_assert!(text.len() == 10 && (end.seconds() + 1) % 86_400 == 0);
        }
    }
}
