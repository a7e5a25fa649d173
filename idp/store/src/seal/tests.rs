//! Sealed bytes open in their place, in their epoch, under their key, and nowhere else.

use expect_test::expect;
use proptest::prelude::*;

use super::*;

fn sealer(epoch: u16) -> Sealer {
    Sealer::new(&Secret::new([42; KEY_LEN]), Epoch(epoch)).unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    let hex: String = hex.split_whitespace().collect();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

const PLACE: &[u8] = b"signing_keys/k1";

#[test]
fn what_was_sealed_opens_in_its_place_only() {
    let ours = sealer(0);
    let sealed = ours.seal(Purpose::SigningKey, PLACE, b"key").unwrap();
    assert_eq!(sealed.len(), OVERHEAD + 3);
    assert_eq!(ours.open(Purpose::SigningKey, PLACE, &sealed).unwrap(), b"key");
    let elsewhere = ours.open(Purpose::SigningKey, b"signing_keys/k2", &sealed);
    assert_eq!(elsewhere, Err(SealError::Altered));
    let misused = ours.open(Purpose::SourceSecret, PLACE, &sealed);
    assert_eq!(misused, Err(SealError::Altered));
}

#[test]
fn equal_things_are_sealed_differently() {
    let sealer = sealer(0);
    let seal = || sealer.seal(Purpose::SigningKey, PLACE, b"key").unwrap();
    assert_ne!(seal()[..PREFIX_LEN], seal()[..PREFIX_LEN]);
}

#[test]
fn another_master_key_is_told_clearly() {
    let sealed = sealer(0).seal(Purpose::SigningKey, PLACE, b"key").unwrap();
    let other = Sealer::new(&Secret::new([43; KEY_LEN]), Epoch(0)).unwrap();
    let error = other.open(Purpose::SigningKey, PLACE, &sealed).unwrap_err();
    expect!["sealed under another master key (its mark is adac03e9, ours is d1b3c365): give every node the master key that this was sealed under"]
    .assert_eq(&error.to_string());
}

#[test]
fn a_newer_format_is_told_from_damage() {
    let mut sealed = sealer(0).seal(Purpose::SigningKey, PLACE, b"key").unwrap();
    sealed[0] = 2;
    let error = sealer(0).open(Purpose::SigningKey, PLACE, &sealed).unwrap_err();
    assert_eq!(error, SealError::NewerFormat { found: 2 });
}

#[test]
fn the_shelf_opens_in_the_epochs_beside_it_and_in_no_other() {
    let digest = [9; 32];
    let mut sealed = sealer(7).seal_value(Kind::Session, &digest, b"s").unwrap();
    for epoch in [6, 7, 8] {
        let mut copy = sealed.clone();
        let opened =
            sealer(epoch).open_value(Kind::Session, &digest, &mut copy).map(<[u8]>::to_vec);
        assert_eq!(opened, Ok(b"s".to_vec()), "in epoch {epoch}");
    }
    for epoch in [0, 5, 9, u16::MAX] {
        let error = sealer(epoch).open_value(Kind::Session, &digest, &mut sealed).unwrap_err();
        assert_eq!(error, SealError::EpochClosed { found: Epoch(7), current: Epoch(epoch) });
    }
}

#[test]
fn an_advance_counts_at_once_and_leaves_names_and_keys_at_rest_alone() {
    let ours = sealer(u16::MAX - 1);
    let (digest, at_rest) =
        (ours.digest("session", b"handle"), ours.seal(Purpose::SigningKey, PLACE, b"key").unwrap());
    let mut sealed = ours.seal_value(Kind::Session, &digest, b"s").unwrap();
    ours.advance(Epoch(u16::MAX)).unwrap();
    assert_eq!(ours.epoch(), Epoch(u16::MAX));
    assert_eq!(ours.digest("session", b"handle"), digest);
    assert_eq!(ours.open(Purpose::SigningKey, PLACE, &at_rest).unwrap(), b"key");
    assert!(ours.open_value(Kind::Session, &digest, &mut sealed).is_ok());
}

#[test]
fn a_value_of_the_shelf_moves_to_no_other_key_and_no_other_kind() {
    let ours = sealer(1);
    let sealed = ours.seal_value(Kind::Session, &[1; 32], b"s").unwrap();
    for (kind, digest) in [(Kind::Session, [2; 32]), (Kind::Code, [1; 32])] {
        let error = ours.open_value(kind, &digest, &mut sealed.clone()).unwrap_err();
        assert_eq!(error, SealError::Altered);
    }
    // Nor to the database, where no epoch ends.
    assert!(ours.open(Purpose::SigningKey, &[1; 32], &sealed).is_err());
}

#[test]
fn a_name_is_found_by_another_hash_in_every_domain_and_under_every_master_key() {
    let other = Sealer::new(&Secret::new([43; KEY_LEN]), Epoch(0)).unwrap();
    let digests = [
        sealer(0).digest("session", b"h"),
        sealer(0).digest("code", b"h"),
        sealer(0).digest("session", b"H"),
        other.digest("session", b"h"),
    ];
    for (index, digest) in digests.iter().enumerate() {
        assert!(!digests[..index].contains(digest));
    }
    assert_eq!(sealer(3).digest("session", b"h"), digests[0], "the same in every epoch");
}

#[test]
fn what_the_first_release_sealed_still_opens() {
    let sealed = bytes(include_str!("golden/at_rest.hex"));
    let opened = sealer(0).open(Purpose::SigningKey, PLACE, &sealed).unwrap();
    assert_eq!(opened, b"a signing key");
    let mut sealed = bytes(include_str!("golden/session.hex"));
    let opened = sealer(7).open_value(Kind::Session, &[9; 32], &mut sealed).unwrap();
    assert_eq!(opened, br#"{"v":1,"d":"a session"}"#);
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_open(noise in proptest::collection::vec(any::<u8>(), 0..200)) {
        let ours = sealer(7);
        prop_assert!(ours.open(Purpose::SigningKey, PLACE, &noise).is_err());
        prop_assert!(ours.open_value(Kind::Session, PLACE, &mut noise.clone()).is_err());
        // Behind a header that is right, too.
        for epoch in [0, 7] {
            let mut noise = [ours.header(Epoch(epoch)).as_slice(), &noise].concat();
            prop_assert!(ours.open(Purpose::SigningKey, PLACE, &noise).is_err());
            prop_assert!(ours.open_value(Kind::Session, PLACE, &mut noise).is_err());
        }
    }

    #[test]
    fn altered_bytes_never_open(
        plain in proptest::collection::vec(any::<u8>(), 0..100),
        at in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let ours = sealer(7);
        let mut sealed = ours.seal(Purpose::SigningKey, PLACE, &plain).unwrap();
        prop_assert_eq!(&ours.open(Purpose::SigningKey, PLACE, &sealed).unwrap(), &plain);
        let at = at.index(sealed.len());
        sealed[at] ^= flip;
        prop_assert!(ours.open(Purpose::SigningKey, PLACE, &sealed).is_err());
        sealed.truncate(at);
        prop_assert!(ours.open(Purpose::SigningKey, PLACE, &sealed).is_err());
    }
}
