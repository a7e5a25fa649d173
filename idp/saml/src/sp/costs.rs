//! What judging an answer costs beside the bare verifications in it.

use super::testing::{Answer, Signed, Wish, attribute};
use crate::dsig::testing::signing;
use crate::dsig::{ContentAlg, KeyTransport, SignatureAlg};

/// What identity providers commonly tell of a person.
const ATTRIBUTES: [(&str, &str); 8] = [
    ("urn:oid:0.9.2342.19200300.100.1.3", "mallory@una.example"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "mallory@una.example"),
    ("urn:oid:2.16.840.1.113730.3.1.241", "Mallory Example"),
    ("urn:oid:2.5.4.42", "Mallory"),
    ("urn:oid:2.5.4.4", "Example"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.9", "member@una.example"),
    ("urn:oid:1.3.6.1.4.1.25178.1.2.9", "una.example"),
    ("urn:oid:2.5.4.20", "+41 00 000 00 00"),
];

/// Prints it.
#[test]
#[ignore = "a measurement: run it in release, with --nocapture"]
#[expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "it measures time")]
fn measure_consumption_beside_the_raw_verification() {
    const ROUNDS: u32 = 500;
    let micros = |run: &dyn Fn()| {
        run();
        let best = (0..7).map(|_| {
            let start = std::time::Instant::now();
            (0..ROUNDS).for_each(|_| run());
            start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
        });
        best.fold(f64::INFINITY, f64::min)
    };
    let (wish, alg) = (Wish::new(), SignatureAlg::RsaSha256);
    let signature = signing(alg).sign(alg, &[7; 600]).unwrap();
    let raw = micros(&|| wish.idp.keys[0].verify(alg, &[7; 600], &signature).unwrap());
    println!("{raw:.1} us the raw RSA-2048 verification");
    let sealed = Some((ContentAlg::Aes256Gcm, KeyTransport::OaepSha256Mgf1Sha256));
    for (what, signed, sealed) in [
        ("the response is signed", Signed::Response, None),
        ("the assertion is signed", Signed::Assertion, None),
        ("both are signed", Signed::Both, None),
        ("the assertion is signed and encrypted", Signed::Assertion, sealed),
    ] {
        let mut answer = Answer { signed, sealed, ..Answer::genuine() };
        let told = ATTRIBUTES.map(|(name, value)| attribute(name, &[value]));
        answer.assertion().attributes = told.into();
        let xml = answer.xml();
        let cost = micros(&|| drop(wish.consume(&xml).unwrap()));
        let (bytes, times) = (xml.len(), cost / raw);
        println!("{cost:.1} us, {times:.1} x the raw one: {bytes} bytes, {what}");
    }
}
