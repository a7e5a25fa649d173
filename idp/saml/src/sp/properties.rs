//! What holds for every answer, however it was bent after it was signed.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::Accepted;
use super::testing::{Answer, Signed, Wish};
use crate::dsig::{ContentAlg, KeyTransport};
use crate::testing::wrapped;

const SIGNED: [Signed; 3] = [Signed::Assertion, Signed::Response, Signed::Both];

/// Genuine answers of all kinds, and what is accepted of each.
static GENUINE: LazyLock<Vec<(Vec<u8>, Accepted)>> = LazyLock::new(genuine);

fn genuine() -> Vec<(Vec<u8>, Accepted)> {
    let algorithms = (ContentAlg::Aes128Gcm, KeyTransport::OaepSha256Mgf1Sha256);
    let answers = SIGNED.into_iter().flat_map(|signed| {
        let plain = Answer { signed, ..Answer::genuine() };
        [Answer { sealed: Some(algorithms), ..plain.clone() }, plain]
    });
    answers
        .map(|answer| {
            let xml = answer.xml();
            let accepted = Wish::new().consume(&xml).unwrap();
            (xml, accepted)
        })
        .collect()
}

#[test]
fn no_wrapping_makes_us_accept_anything_but_what_was_signed() {
    let wish = Wish::new();
    let (mut refused, mut harmless) = (0, 0);
    for seed in 0..6_000 {
        let (xml, truth) = &GENUINE[usize::try_from(seed).unwrap() % GENUINE.len()];
        let hostile = wrapped(xml, ("mallory", "alice"), seed);
        match wish.consume(&hostile) {
            Err(_) => refused += 1,
            Ok(accepted) => {
                assert_eq!(&accepted, truth, "seed {seed}");
                harmless += 1;
            }
        }
    }
    println!("wrapped: {refused} refused, {harmless} accepted with what was signed");
    assert!(refused > harmless, "most of them are attacks");
}

/// One byte turned into another, taken out, or put in.
fn mutated(xml: &[u8], at: usize, with: u8, how: usize) -> Vec<u8> {
    let mut mutated = xml.to_vec();
    match how {
        0 => mutated[at] ^= with.max(1),
        1 => {
            mutated.remove(at);
        }
        _ => mutated.insert(at, with),
    }
    mutated
}

#[test]
fn no_byte_of_an_answer_can_be_changed_to_another_effect() {
    let wish = Wish::new();
    let mut same = 0;
    for (xml, truth) in GENUINE.iter() {
        for at in 0..xml.len() {
            let byte = b"\0 <>&\"'=ae01\x80\xff"[at % 14];
            let hostile = mutated(xml, at, byte, at % 3);
            if let Ok(accepted) = wish.consume(&hostile) {
                assert_eq!(accepted, *truth, "byte {at}: {}", String::from_utf8_lossy(&hostile));
                same += 1;
            }
        }
    }
    println!("{same} changes had no effect");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        prop_assert!(Wish::new().consume(&bytes).is_err());
    }

    #[test]
    fn several_changes_at_once_have_no_other_effect_either(
        kind in 0_usize..6,
        changes in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<u8>(), 0_usize..3), 1..4),
    ) {
        let (xml, truth) = &GENUINE[kind];
        let hostile = changes.iter().fold(xml.clone(), |xml, (at, with, how)| {
            mutated(&xml, at.index(xml.len()), *with, *how)
        });
        if let Ok(accepted) = Wish::new().consume(&hostile) {
            prop_assert_eq!(&accepted, truth);
        }
    }
}
