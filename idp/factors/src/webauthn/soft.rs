//! An authenticator and its browser in software, which can be told to lie about anything.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idp_domain::Timestamp;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use serde_json::{Value, json};

use super::*;

pub(super) const ORIGIN: &str = "https://broker.example";
pub(super) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
/// User present, user verified.
pub(super) const UP_UV: u8 = 0x05;
pub(super) const BACKUP_ELIGIBLE: u8 = 0x08;
pub(super) const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;

pub(super) fn site() -> Site {
    Site::new(SiteSettings {
        name: "Laissez-Passer".to_owned(),
        id: "broker.example".to_owned(),
        origin: ORIGIN.parse().unwrap(),
        related_origins: vec!["https://passport.other".parse().unwrap()],
    })
    .unwrap()
}

pub(super) fn person() -> Person {
    Person {
        handle: UserHandle::draw().unwrap(),
        name: "amelie@example.org".to_owned(),
        display_name: "Amélie".to_owned(),
    }
}

pub(super) fn name() -> PasskeyName {
    PasskeyName::parse("key ring").unwrap()
}

/// One credential.
pub(super) struct Soft {
    key: EcdsaKeyPair,
    pub(super) id: Vec<u8>,
}

/// A message before it is signed: whatever a test wants changed, it changes here.
pub(super) struct Draft {
    pub(super) kind: String,
    pub(super) origin: String,
    pub(super) challenge: String,
    /// Members of the client data after the usual ones, each with a comma before it.
    pub(super) more: String,
    pub(super) rp_id: String,
    pub(super) flags: u8,
    pub(super) counter: u32,
    pub(super) aaguid: [u8; 16],
    pub(super) id: Vec<u8>,
    pub(super) cose: Vec<u8>,
    /// What follows the authenticator data.
    pub(super) tail: Vec<u8>,
    pub(super) statement: Statement,
    pub(super) user_handle: Option<Vec<u8>>,
    pub(super) rk: Option<bool>,
}

/// Who vouches for an authenticator.
pub(super) enum Statement {
    None,
    Itself,
    Maker(Maker),
}

/// A maker's attestation key, and the certificate that a root signed for it.
pub(super) struct Maker {
    key: EcdsaKeyPair,
    certificate: Vec<u8>,
    pub(super) root_pem: String,
}

impl Maker {
    pub(super) fn new() -> Self {
        let root_key = KeyPair::generate().unwrap();
        let mut root = CertificateParams::default();
        root.distinguished_name.push(DnType::CommonName, "Maker's Root");
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let root_pem = root.self_signed(&root_key).unwrap().pem();
        let issuer = Issuer::new(root, root_key);

        // What WebAuthn section 8.2.1 demands of the certificate.
        let leaf_key = KeyPair::generate().unwrap();
        let mut leaf = CertificateParams::default();
        leaf.is_ca = IsCa::ExplicitNoCa;
        for (kind, value) in [
            (DnType::CountryName, "CH"),
            (DnType::OrganizationName, "Maker"),
            (DnType::OrganizationalUnitName, "Authenticator Attestation"),
            (DnType::CommonName, "Batch 1"),
        ] {
            leaf.distinguished_name.push(kind, value);
        }
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let certificate = leaf.signed_by(&leaf_key, &issuer).unwrap().der().to_vec();
        let key =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &leaf_key.serialize_der());
        Self { key: key.unwrap(), certificate, root_pem }
    }
}

impl Soft {
    pub(super) fn new() -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        Self { id: digest(&SHA256, key.public_key().as_ref()).as_ref()[..16].to_vec(), key }
    }

    /// What an honest browser and authenticator make of `options`.
    pub(super) fn draft(&self, kind: &str, options: &Value) -> Draft {
        let point = self.key.public_key().as_ref();
        Draft {
            kind: kind.to_owned(),
            origin: ORIGIN.to_owned(),
            challenge: options["publicKey"]["challenge"].as_str().unwrap().to_owned(),
            more: String::new(),
            rp_id: "broker.example".to_owned(),
            flags: UP_UV,
            counter: 0,
            aaguid: [7; 16],
            id: self.id.clone(),
            cose: ec2(-7, 1, &point[1..33], &point[33..]),
            tail: Vec::new(),
            statement: Statement::None,
            user_handle: None,
            rk: Some(true),
        }
    }

    /// The JSON of a registration.
    pub(super) fn registration(&self, draft: &Draft) -> Vec<u8> {
        let client_data = client_data(draft);
        let mut auth_data = fixed(draft, draft.flags | ATTESTED);
        auth_data.extend(draft.aaguid);
        auth_data.extend(u16::try_from(draft.id.len()).unwrap().to_be_bytes());
        auth_data.extend(&draft.id);
        auth_data.extend(&draft.cose);
        auth_data.extend(&draft.tail);
        let signed = signed(&auth_data, &client_data);
        let (format, statement) = match &draft.statement {
            Statement::None => ("none", vec![0xa0]),
            Statement::Itself => {
                let signature = sign(&self.key, &signed);
                ("packed", map(&[(text("alg"), number(-7)), (text("sig"), bytes(&signature))]))
            }
            Statement::Maker(maker) => {
                let signature = sign(&maker.key, &signed);
                let chain = [head(4, 1), bytes(&maker.certificate)].concat();
                let entries = [
                    (text("alg"), number(-7)),
                    (text("sig"), bytes(&signature)),
                    (text("x5c"), chain),
                ];
                ("packed", map(&entries))
            }
        };
        let object = map(&[
            (text("fmt"), text(format)),
            (text("attStmt"), statement),
            (text("authData"), bytes(&auth_data)),
        ]);
        Self::registration_json(draft, &client_data, &object)
    }

    /// The JSON of a registration around any attestation object.
    pub(super) fn registration_json(draft: &Draft, client_data: &str, object: &[u8]) -> Vec<u8> {
        let rk = draft.rk.map_or(json!({}), |rk| json!({ "credProps": { "rk": rk } }));
        json!({
            "id": base64url(&draft.id),
            "rawId": base64url(&draft.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": base64url(client_data.as_bytes()),
                "attestationObject": base64url(object),
                "transports": ["internal"],
            },
            "clientExtensionResults": rk,
        })
        .to_string()
        .into_bytes()
    }

    /// The JSON of a proof.
    pub(super) fn proof(&self, draft: &Draft) -> Vec<u8> {
        let client_data = client_data(draft);
        let mut auth_data = fixed(draft, draft.flags);
        auth_data.extend(&draft.tail);
        let signature = sign(&self.key, &signed(&auth_data, &client_data));
        json!({
            "id": base64url(&draft.id),
            "rawId": base64url(&draft.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": base64url(client_data.as_bytes()),
                "authenticatorData": base64url(&auth_data),
                "signature": base64url(&signature),
                "userHandle": draft.user_handle.as_deref().map(base64url),
            },
            "clientExtensionResults": {},
        })
        .to_string()
        .into_bytes()
    }

    /// Registers the credential as an honest one would, with `flags` and `counter`.
    pub(super) fn registered(&self, person: &Person, flags: u8, counter: u32) -> PasskeyRecord {
        let policy = RegistrationPolicy::default();
        let (options, ceremony) =
            site().start_registration(person.clone(), &[], &policy, NOW).unwrap();
        let mut draft = self.draft("webauthn.create", &options);
        (draft.flags, draft.counter) = (flags, counter);
        let presented = PresentedRegistration::parse(&self.registration(&draft)).unwrap();
        site().finish_registration(ceremony, &presented, &policy, name(), NOW).unwrap()
    }
}

pub(super) fn client_data(draft: &Draft) -> String {
    let Draft { kind, origin, challenge, more, .. } = draft;
    format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}"{more}}}"#)
}

fn fixed(draft: &Draft, flags: u8) -> Vec<u8> {
    let mut auth_data = digest(&SHA256, draft.rp_id.as_bytes()).as_ref().to_vec();
    auth_data.push(flags);
    auth_data.extend(draft.counter.to_be_bytes());
    auth_data
}

fn signed(auth_data: &[u8], client_data: &str) -> Vec<u8> {
    [auth_data, digest(&SHA256, client_data.as_bytes()).as_ref()].concat()
}

fn sign(key: &EcdsaKeyPair, message: &[u8]) -> Vec<u8> {
    key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
}

pub(super) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An EC2 key in COSE.
pub(super) fn ec2(algorithm: i64, curve: i64, x: &[u8], y: &[u8]) -> Vec<u8> {
    map(&[
        (number(1), number(2)),
        (number(3), number(algorithm)),
        (number(-1), number(curve)),
        (number(-2), bytes(x)),
        (number(-3), bytes(y)),
    ])
}

/// An RSA key in COSE.
pub(super) fn rsa(algorithm: i64, n: &[u8], e: &[u8]) -> Vec<u8> {
    map(&[
        (number(1), number(3)),
        (number(3), number(algorithm)),
        (number(-1), bytes(n)),
        (number(-2), bytes(e)),
    ])
}

/// An Ed25519 key in COSE.
pub(super) fn okp(x: &[u8]) -> Vec<u8> {
    map(&[
        (number(1), number(1)),
        (number(3), number(-8)),
        (number(-1), number(6)),
        (number(-2), bytes(x)),
    ])
}

fn map(entries: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut out = head(5, entries.len());
    for (key, value) in entries {
        out.extend(key);
        out.extend(value);
    }
    out
}

fn number(value: i64) -> Vec<u8> {
    if value < 0 {
        head(1, usize::try_from(-1 - value).unwrap())
    } else {
        head(0, usize::try_from(value).unwrap())
    }
}

fn bytes(value: &[u8]) -> Vec<u8> {
    [&head(2, value.len()), value].concat()
}

fn text(value: &str) -> Vec<u8> {
    [&head(3, value.len()), value.as_bytes()].concat()
}

fn head(major: u8, value: usize) -> Vec<u8> {
    let value = u32::try_from(value).unwrap();
    let major = major << 5;
    match value {
        0..=23 => vec![major | u8::try_from(value).unwrap()],
        24..=255 => vec![major | 0x18, u8::try_from(value).unwrap()],
        256..=65_535 => {
            [&[major | 0x19][..], &u16::try_from(value).unwrap().to_be_bytes()].concat()
        }
        _ => [&[major | 0x1a][..], &value.to_be_bytes()].concat(),
    }
}
