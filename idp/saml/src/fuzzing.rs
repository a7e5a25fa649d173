//! What the fuzz targets do with bytes, and what must be true of whatever is let through. Each
//! returns whether that was anything, so that a test can tell that it reaches the end.

#![expect(
    clippy::missing_panics_doc,
    reason = "to panic where a rule is broken is what they are for"
)]

use std::sync::LazyLock;

use idp_domain::{Lifetime, Timestamp};

use crate::binding::{MAX_MESSAGE, MAX_RELAY_STATE, redirect, soap};
use crate::dsig::{DecryptionKey, DecryptionPolicy, KeyKind, VerifyingKey, gate, self_signed};
use crate::metadata::{self, Reading, Trust};
use crate::sp::{Accepted, Asked, DEFAULT_SKEW, Expected, IdpTrust, Quirks, consume};
use crate::xml::{Document, Limits};

#[cfg(test)]
mod smoke;

const NOW: Timestamp = Timestamp::from_seconds(1_830_000_000);
/// The certificate of the key that signed the seeds.
const IDP_CERTIFICATE: &[u8] = include_bytes!("../../../fuzz/seeds/idp.der");
/// The answer that every accepted one must agree with.
const GENUINE: &[u8] = include_bytes!("../../../fuzz/seeds/response/both.xml");

static KEYS: LazyLock<Vec<VerifyingKey>> =
    LazyLock::new(|| VerifyingKey::from_certificate(IDP_CERTIFICATE).into_iter().collect());

static TRUST: LazyLock<IdpTrust> = LazyLock::new(|| IdpTrust {
    entity_id: "https://idp.una.example/saml".to_owned(),
    keys: KEYS.clone(),
    quirks: Quirks::default(),
});

/// A key that nothing is encrypted to: only the way to it is of interest.
static DECRYPTION: LazyLock<Vec<DecryptionKey>> = LazyLock::new(|| {
    let pkcs8 = KeyKind::Rsa2048.generate().ok();
    let key = pkcs8.and_then(|pkcs8| {
        let der = self_signed(pkcs8.expose(), "fuzz.example", NOW, 1, [1; 16]).ok()?;
        DecryptionKey::new(pkcs8.expose(), &der).ok()
    });
    key.into_iter().collect()
});

static TRUTH: LazyLock<Option<Accepted>> = LazyLock::new(|| accept(GENUINE));

/// Reads any document to its last text.
pub fn xml(bytes: &[u8]) -> bool {
    let mut read = false;
    for limits in [Limits::MESSAGE, Limits::METADATA] {
        let Ok(document) = Document::parse(bytes, limits) else { continue };
        read = true;
        let root = document.root();
        let mut elements = 1;
        for element in root.descendants() {
            elements += 1;
            let texts = element.attributes().map(|(_, _, value)| value.len()).sum::<usize>();
            let text = element.text().map_or(0, |text| text.len());
            assert!(texts + text <= bytes.len(), "nothing is longer than what it was read from");
            assert!(element.is_within(root), "a tree has one root");
        }
        assert!(elements <= limits.tags, "the limit of tags holds");
        // Each goes its own way through the tree.
        let _ = gate(&document);
        let _ = soap::body(&document);
    }
    read
}

/// Reads a query, and verifies it.
pub fn redirect(bytes: &[u8]) -> bool {
    let Ok(query) = std::str::from_utf8(bytes) else { return false };
    let Ok(incoming) = redirect::read(query) else { return false };
    assert!(incoming.xml.len() <= MAX_MESSAGE, "the limit of inflation holds");
    let relay_state = incoming.relay_state.as_ref().map_or(0, String::len);
    assert!(relay_state <= MAX_RELAY_STATE, "the limit of the relay state holds");
    if incoming.verify_query(&KEYS).is_ok() {
        let text = String::from_utf8_lossy(&incoming.xml);
        assert!(text.contains("ID=\"_genuine\""), "nothing but what was signed verifies");
    }
    true
}

/// Reads metadata, with and without a signature that is demanded.
pub fn metadata(bytes: &[u8]) -> bool {
    let unsigned = Reading { trust: Trust::Unsigned, now: NOW, loopback_http: false };
    let signed = Reading { trust: Trust::Signed(&KEYS), ..unsigned };
    let read = metadata::read(bytes, &unsigned);
    if let Ok(entity) = &read {
        assert!((1..=1_024).contains(&entity.entity_id.chars().count()), "a name has a length");
        assert!(entity.valid_until.is_none_or(|end| end > NOW), "what has ended says nothing");
        let acs = entity.sp.iter().flat_map(|role| &role.acs).map(|acs| &acs.location);
        let sso = entity.idp.iter().flat_map(|role| &role.sso).map(|sso| &sso.location);
        for location in acs.chain(sso) {
            let scheme = location.as_str().get(..8).unwrap_or_default();
            assert!(scheme.eq_ignore_ascii_case("https://"), "no other address is kept");
        }
        if let Some(role) = &entity.idp {
            let _ = role.keys.verifying();
        }
    }
    if let Ok(entity) = metadata::read(bytes, &signed) {
        assert_eq!(Some(entity), read.as_ref().ok().cloned(), "a signature changes nothing");
    }
    read.is_ok()
}

/// Judges an answer. Whatever is accepted says what the genuine one says.
pub fn response(bytes: &[u8]) -> bool {
    let Some(accepted) = accept(bytes) else { return false };
    let Some(truth) = TRUTH.as_ref() else { return false };
    assert_eq!(accepted.name_id, truth.name_id, "the name is the one that was signed");
    assert_eq!(accepted.attributes, truth.attributes, "and so are the attributes");
    assert_eq!(accepted.assertion_id, truth.assertion_id, "and what marks it as used");
    assert_eq!(accepted.authn_instant, truth.authn_instant, "and when it was");
    assert_eq!(accepted.context, truth.context, "and how");
    assert_eq!(accepted.session_index, truth.session_index, "and in which session");
    true
}

fn accept(bytes: &[u8]) -> Option<Accepted> {
    let asked = Asked {
        request_id: "_0123456789abcdef".to_owned(),
        issued_at: NOW.minus(Lifetime::seconds(60)),
    };
    let expected = Expected {
        idp: &TRUST,
        our_entity_id: "https://broker.example/saml/sp/metadata",
        acs: "https://broker.example/sources/una/acs",
        asked: Some(&asked),
        decryption: &DECRYPTION,
        policy: DecryptionPolicy { oaep_sha1: true, cbc: true },
        require_encryption: false,
        skew: DEFAULT_SKEW,
        now: NOW,
    };
    consume(bytes, &expected).ok()
}
