//! What is pressed comes back, and stays readable from release to release.

use proptest::prelude::*;

use super::*;

/// A session as it is kept: one event with the usual attributes.
pub(in crate::shelf) fn session(participants: usize) -> String {
    let participants: Vec<_> = (0..participants)
        .map(|n| format!(r#"{{"relying_party":"portal-{n}","since":17953792{n:02}}}"#))
        .collect();
    format!(
        r#"{{"v":1,"d":{{"id":"q83vEjRWeJCrze8SNFZ4kA1f3c5d8b00","account":"mrzeEjRWeJCrze8SNFZ4kA","events":[{{"identity":{{"source":"una-oidc","issuer":"https://idp.una.example","subject":"7d5c0a41-93b0-4f7c-9f0e-2c84b5a3d1e6","attributes":{{"displayName":["Alice Example"],"eduPersonScopedAffiliation":["member@una.example","staff@una.example"],"givenName":["Alice"],"mail":["alice.example@una.example"],"sn":["Example"]}}}},"agency":"una","authenticated_at":1795379259,"received_at":1795379260,"acr":"urn:laissez-passer:assurance:aal1","amr":["pwd"],"assurance":"aal1","source_session":"0b9a2c55-6f1d-4b8e-8a37-d2f5e1c09764"}}],"participants":[{}],"started_at":1795379260,"ends_at":1795422460}}}}"#,
        participants.join(",")
    )
}

#[test]
fn a_session_is_pressed_to_less_than_half() {
    for participants in [1, 3, 8] {
        let json = session(participants).into_bytes();
        let pressed = press(json.clone());
        assert!(pressed.len() * 2 < json.len(), "{} of {}", pressed.len(), json.len());
        assert_eq!(unpress(&pressed).unwrap(), json);
    }
}

#[test]
fn what_the_first_release_pressed_is_still_read() {
    let hex = include_str!("golden/session.hex").trim();
    let digits = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    let pressed: Vec<_> = (0..hex.len()).step_by(2).map(digits).collect();
    assert_eq!(unpress(&pressed).unwrap(), session(1).as_bytes());
}

#[test]
fn short_and_noisy_values_stay_as_they_are() {
    let short = br#"{"v":1,"d":null}"#.to_vec();
    assert_eq!(press(short.clone()), short);
    let mut noise = vec![0; 4096];
    aws_lc_rs::rand::fill(&mut noise).unwrap();
    noise[0] = b'{';
    assert_eq!(press(noise.clone()), noise);
    assert_eq!(unpress(&noise).unwrap(), noise);
}

#[test]
fn a_press_that_says_a_wrong_length_is_not_read() {
    let json = session(1).into_bytes();
    let pressed = press(json.clone());
    for length in [0, 1, json.len() - 1, json.len() + 1, 65_535] {
        let mut wrong = pressed.clone();
        wrong[1..3].copy_from_slice(&u16::try_from(length).unwrap().to_le_bytes());
        assert_eq!(unpress(&wrong), None, "{length}");
    }
    assert_eq!(unpress(&pressed[..pressed.len() - 1]), None);
}

proptest! {
    #[test]
    fn whatever_is_pressed_comes_back(text in "\\{[a-z\":{}, ]{0,400}", times in 1..200_usize) {
        let json = text.repeat(times).into_bytes();
        prop_assert_eq!(unpress(&press(json.clone())).unwrap().into_owned(), json);
    }

    #[test]
    fn no_bytes_make_it_panic(noise in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = unpress(&noise);
        let _ = unpress(&[&[PRESSED, 200, 0], noise.as_slice()].concat());
    }
}
