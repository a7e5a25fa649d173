//! Two public corpora of responses, valid and hostile, judged one by one.
//!
//! Most of them are signed with SHA-1, which does not exist here. So that each is refused for its
//! own fault, each is judged twice: as it is, with the certificates that it brings for keys, and
//! once more after it was signed anew, soundly, by the one who must be believed.

mod table;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use idp_domain::{Lifetime, Timestamp};

use super::testing::{Signed, remade};
use super::{Asked, DEFAULT_SKEW, Expected, IdpTrust, Quirks, consume};
use crate::dsig::testing::{decryption, signing, vector, verifying};
use crate::dsig::{DecryptionPolicy, SignatureAlg, VerifyingKey};
use crate::xml::{Document, Element, Limits, ns, read_instant};

/// A document of a corpus, and what becomes of it.
struct Row {
    file: &'static str,
    /// What the document itself does not say truly.
    truth: Option<Truth>,
    /// What becomes of it as it is.
    as_is: &'static str,
    /// What becomes of it signed anew.
    remade: &'static str,
}

const fn row(file: &'static str, as_is: &'static str, remade: &'static str) -> Row {
    Row { file, truth: None, as_is, remade }
}

impl Row {
    const fn when(self, truth: Truth) -> Self {
        Self { truth: Some(truth), ..self }
    }
}

/// Something of the setting in which a document was made.
#[derive(Clone, Copy)]
enum Truth {
    /// Who was asked.
    Idp(&'static str),
    /// Who asked.
    Sp(&'static str),
    /// The time.
    Now(i64),
}

/// The setting of a document: what it says of itself, where the table does not say otherwise.
struct Setting {
    idp: String,
    sp: String,
    acs: String,
    request: Option<String>,
    issued: Timestamp,
    now: Timestamp,
}

impl Setting {
    fn of(document: Option<&Document<'_>>, truth: Option<Truth>) -> Self {
        let all: Vec<_> = document
            .into_iter()
            .flat_map(|document| {
                std::iter::once(document.root()).chain(document.root().descendants())
            })
            .collect();
        let first = |local: &str| all.iter().copied().find(|element| element.is(ns::SAML, local));
        let text = |element: Option<Element<'_>>| -> String {
            element.and_then(|found| found.text().ok()).unwrap_or_default().trim().to_owned()
        };
        let attribute = |element: Option<Element<'_>>, name: &str| {
            element.and_then(|found| found.attribute(name)).map(str::to_owned)
        };
        let root = all.first().copied();
        let data = first("SubjectConfirmationData");
        let instant = |element: Option<Element<'_>>| {
            attribute(element, "IssueInstant").and_then(|text| read_instant(&text).ok())
        };
        let issued = instant(first("Assertion")).or(instant(root)).unwrap_or_default();
        let destination = attribute(root, "Destination").filter(|text| !text.is_empty());
        let mut setting = Self {
            idp: text(first("Issuer")),
            sp: text(first("Audience")),
            acs: destination.or(attribute(data, "Recipient")).unwrap_or_default(),
            request: attribute(root, "InResponseTo").or(attribute(data, "InResponseTo")),
            issued,
            now: issued + Lifetime::seconds(2),
        };
        match truth {
            None => {}
            Some(Truth::Idp(idp)) => idp.clone_into(&mut setting.idp),
            Some(Truth::Sp(sp)) => sp.clone_into(&mut setting.sp),
            Some(Truth::Now(now)) => setting.now = Timestamp::from_seconds(now),
        }
        setting
    }

    fn judge(&self, xml: &[u8], keys: Vec<VerifyingKey>) -> String {
        let idp = IdpTrust { entity_id: self.idp.clone(), keys, quirks: Quirks::default() };
        let asked =
            self.request.clone().map(|request_id| Asked { request_id, issued_at: self.issued });
        let keys = [decryption()];
        let expected = Expected {
            idp: &idp,
            our_entity_id: &self.sp,
            acs: &self.acs,
            asked: asked.as_ref(),
            decryption: &keys,
            // All that we can be made to take.
            policy: DecryptionPolicy { oaep_sha1: true, cbc: true },
            require_encryption: false,
            skew: DEFAULT_SKEW,
            now: self.now,
        };
        match consume(xml, &expected) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => error.slug().to_owned(),
        }
    }
}

/// Which halves of a document are signed; both, if none is.
fn signed_in(document: &Document<'_>) -> Signed {
    let carries = |element: Element<'_>| element.children().any(|one| one.is(ns::DS, "Signature"));
    let root = document.root();
    let inside = root.children().any(|one| one.is(ns::SAML, "Assertion") && carries(one));
    match (carries(root), inside) {
        (true, false) => Signed::Response,
        (false, true) => Signed::Assertion,
        _ => Signed::Both,
    }
}

/// The keys that a document brings, as far as they are of a size that we use.
fn keys_in(document: &Document<'_>) -> Vec<VerifyingKey> {
    let certificates = document.root().descendants().filter(|e| e.is(ns::DS, "X509Certificate"));
    certificates
        .filter_map(|certificate| {
            let text: String = certificate.text().ok()?.split_whitespace().collect();
            VerifyingKey::from_certificate(&STANDARD.decode(text).ok()?).ok()
        })
        .collect()
}

/// The XML of a file: as it is, in base64, or in base64 and deflated.
fn xml_of(bytes: &[u8]) -> Vec<u8> {
    let is_xml = |bytes: &[u8]| {
        bytes.trim_ascii_start().starts_with(b"<") || bytes.starts_with(b"\xef\xbb\xbf")
    };
    if is_xml(bytes) {
        return bytes.to_vec();
    }
    let text: Vec<u8> = bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let decoded = STANDARD.decode(text).unwrap();
    if is_xml(&decoded) {
        return decoded;
    }
    let mut inflated = Vec::new();
    flate2::read::DeflateDecoder::new(&decoded[..]).read_to_end(&mut inflated).unwrap();
    inflated
}

/// What becomes of a row's document as it is, and signed anew.
fn outcomes(row: &Row, bytes: &[u8]) -> (String, String) {
    let xml = xml_of(bytes);
    let Ok(document) = Document::parse(&xml, Limits::MESSAGE) else {
        let setting = Setting::of(None, row.truth);
        return (setting.judge(&xml, Vec::new()), "unreadable".to_owned());
    };
    let setting = Setting::of(Some(&document), row.truth);
    let as_is = setting.judge(&xml, keys_in(&document));
    let again = remade(&xml, signed_in(&document), None, &signing(SignatureAlg::RsaSha256));
    let remade = setting.judge(&again, vec![verifying(SignatureAlg::RsaSha256)]);
    (as_is, remade)
}

/// How many files there are in a folder and in those inside.
fn count(folder: &Path) -> usize {
    let inside = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    inside.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
}

#[test]
fn the_public_corpora_are_judged_as_the_table_says() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/saml-responses");
    if !folder.is_dir() {
        println!("skipped: the corpora of responses are not here");
        return;
    }
    assert_eq!(count(&folder), table::ROWS.len(), "the table names every file");
    let mut tally: BTreeMap<(&str, String), usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for row in table::ROWS {
        let bytes = vector(&format!("saml-responses/{}", row.file)).unwrap();
        let (as_is, remade) = outcomes(&row, &bytes);
        if (as_is.as_str(), remade.as_str()) != (row.as_is, row.remade) {
            wrong.push(format!("{}: {as_is}, signed anew {remade}", row.file));
        }
        *tally.entry(("as it is", as_is)).or_default() += 1;
        *tally.entry(("signed anew", remade)).or_default() += 1;
    }
    for ((how, outcome), count) in &tally {
        println!("{how}: {outcome} {count}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // All of them are of SHA-1, of keys too short, unsigned, or spoilt.
    assert_eq!(tally.get(&("as it is", "accepted".to_owned())), None);
}
