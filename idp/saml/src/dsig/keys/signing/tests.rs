//! What a signature costs.

#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "this measures time")]

use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};

use crate::dsig::SignatureAlg;
use crate::dsig::testing::{pair, rsa, signing, verifying};

/// The best of many rounds for each, taken in turn so that the machine's moods fall on all.
fn best(works: &mut [&mut dyn FnMut()]) -> Vec<Duration> {
    let mut best = vec![Duration::MAX; works.len()];
    for _ in 0..300 {
        for (work, best) in works.iter_mut().zip(&mut best) {
            let start = Instant::now();
            for _ in 0..5 {
                work();
            }
            *best = (*best).min(start.elapsed() / 5);
        }
    }
    best
}

#[test]
#[ignore = "a measurement: run it alone, on a quiet machine, and in release"]
fn a_signature_costs_what_the_bare_operation_costs() {
    const MESSAGE: &[u8] = &[b'x'; 1000];
    let (rsa_alg, ec_alg) = (SignatureAlg::RsaSha256, SignatureAlg::EcdsaSha256);
    let (ours, ours_ec) = (signing(rsa_alg), signing(ec_alg));
    let bare = RsaKeyPair::from_pkcs8(&rsa().pkcs8).unwrap();
    let bare_ec =
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pair(ec_alg).pkcs8).unwrap();
    let peer = verifying(rsa_alg);
    let signature = ours.sign(rsa_alg, MESSAGE).unwrap();
    let mut out = vec![0; 256];
    let times = best(&mut [
        &mut || drop(ours.sign(rsa_alg, MESSAGE).unwrap()),
        &mut || {
            bare.sign_digest(&RSA_PKCS1_SHA256, &digest(&SHA256, MESSAGE), &mut out).unwrap();
        },
        &mut || drop(ours_ec.sign(ec_alg, MESSAGE).unwrap()),
        &mut || {
            bare_ec.sign_digest(&digest(&SHA256, MESSAGE)).unwrap();
        },
        &mut || peer.verify(rsa_alg, MESSAGE, &signature).unwrap(),
    ]);
    let names = ["RSA sign", "bare", "P-256 sign", "bare", "RSA verify"];
    for (name, time) in names.iter().zip(&times) {
        println!("{name}: {time:?}");
    }
    assert!(times[0] < times[1] * 11 / 10, "parsed once, and nothing else is done");
}
