//! Tests of the comparison of redirect URIs.

use proptest::prelude::*;

use super::RedirectUris;

const WEB: [&str; 2] = ["https://rp1.example/cb", "https://rp1.example/cb?a=1"];
const NATIVE: [&str; 3] = ["http://127.0.0.1/cb", "http://[::1]:8080/cb?x=1", "com.app:/cb"];

fn uris(texts: &[&str], any_port: bool) -> RedirectUris {
    RedirectUris::new(texts.iter().map(|text| (*text).to_owned()).collect(), any_port)
}

fn native(requested: &str) -> bool {
    uris(&NATIVE, true).admit(requested).is_some()
}

//= rfc9700#2.1-1 test
#[test]
fn a_registered_uri_is_admitted_as_it_was_written() {
    for text in WEB {
        assert_eq!(uris(&WEB, false).admit(text).unwrap().as_str(), text);
    }
}

//= rfc9700#2.1-1 test
#[test]
fn an_equivalent_uri_is_still_another_text() {
    for text in [
        "https://rp1.example:443/cb",
        "https://rp1.example/./cb",
        "https://RP1.example/cb",
        "https://rp1.example/c%62",
        "https://rp1.example/cb?",
        "HTTPS://rp1.example/cb",
    ] {
        assert_eq!(uris(&WEB, false).admit(text), None, "{text}");
    }
}

#[test]
fn a_native_application_listens_on_any_port_of_the_registered_address() {
    for text in [
        "http://127.0.0.1/cb",
        "http://127.0.0.1:51234/cb",
        "http://127.0.0.1:65535/cb",
        "http://[::1]/cb?x=1",
        "http://[::1]:1/cb?x=1",
        "com.app:/cb",
    ] {
        assert!(native(text), "{text}");
    }
}

#[test]
fn auz_06_other_spellings_and_neighbours_of_a_loopback_address_are_refused() {
    for text in [
        "http://localhost/cb",
        "http://localhost:1/cb",
        "http://127.1/cb",
        "http://0x7f.1/cb",
        "http://2130706433/cb",
        "http://127.0.0.2/cb",
        "http://[::ffff:127.0.0.1]/cb",
        "http://[0:0:0:0:0:0:0:1]/cb?x=1",
        "http://127.0.0.1.evil.example/cb",
        "http://127.0.0.1:80@evil.example/cb",
        "http://127.0.0.1@evil.example/cb",
        "http://127.0.0.1:80/other",
        "http://127.0.0.1:80/cb/",
        "http://127.0.0.1:80/cb?x=1",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:080/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:8080",
        "http://127.0.0.1:8O/cb",
        "https://127.0.0.1:80/cb",
        "http://[::1]:80/cb",
        "com.app:8080/cb",
    ] {
        assert!(!native(text), "{text}");
    }
}

#[test]
fn auz_06_the_port_is_free_for_native_applications_alone() {
    let web = uris(&["http://127.0.0.1/cb"], false);
    assert!(web.admit("http://127.0.0.1/cb").is_some());
    assert!(web.admit("http://127.0.0.1:51234/cb").is_none());
}

#[test]
fn auz_24_the_host_is_known_for_the_page_that_shows_it() {
    let host = |text: &str| uris(&[text], false).admit(text).unwrap().host().map(str::to_owned);
    assert_eq!(host("https://rp1.example:8443/cb?x=https://y/").as_deref(), Some("rp1.example"));
    assert_eq!(host("http://[::1]:80/cb").as_deref(), Some("[::1]"));
    assert_eq!(host("com.app:/cb"), None);
}

/// Texts that are near to a registered one.
fn near() -> impl Strategy<Value = String> {
    let registered = prop::sample::select([&WEB[..], &NATIVE[..]].concat());
    (registered, any::<prop::sample::Index>(), "\\PC{0,3}", 0_usize..3).prop_map(
        |(text, place, inserted, removed)| {
            let at = place.index(text.len() + 1);
            let rest = text.get(at + removed..).unwrap_or_default();
            format!("{}{inserted}{rest}", &text[..at])
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    //= rfc9700#2.1-1 test
    #[test]
    fn whatever_is_not_byte_equal_to_a_registered_uri_is_never_admitted(
        text in prop_oneof![near(), "\\PC{0,40}", "https?://[a-z0-9.@:/\\[\\]]{0,30}"],
    ) {
        let admitted = uris(&WEB, false).admit(&text);
        prop_assert_eq!(admitted.is_some(), WEB.contains(&text.as_str()));
    }

    #[test]
    fn a_native_uri_differs_from_a_registered_one_by_its_port_alone(
        text in prop_oneof![near(), "http://127\\.0\\.0\\.1:[0-9]{1,6}/cb"],
    ) {
        if let Some(admitted) = uris(&NATIVE, true).admit(&text) {
            prop_assert_eq!(admitted.as_str(), &text);
            let without_port = url::Url::parse(&text).map(|mut url| {
                let _ = url.set_port(None);
                url.to_string()
            });
            let registered = NATIVE.iter().any(|registered| {
                let mut url = url::Url::parse(registered).unwrap();
                let _ = url.set_port(None);
                without_port == Ok(url.to_string())
            });
            prop_assert!(registered);
        }
    }
}
