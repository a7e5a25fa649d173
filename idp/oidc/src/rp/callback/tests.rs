//! Callbacks as a source, a stranger or chance would send them.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::rp::op;

fn pairs(query: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn judge(query: &str, names_issuer: bool) -> Result<Answer, PeerError> {
    let mut provider = op::provider();
    provider.answers_name_issuer = names_issuer;
    read_callback(&pairs(query), "the-state", &provider)
}

fn check(query: &str, expected: &Expect) {
    expected.assert_eq(&format!("{:?}", judge(query, false)));
}

#[test]
fn a_code_is_taken_and_not_shown() {
    assert_eq!(judge("code=c%2F1&state=the-state", false), Ok(Answer::Code("c/1".to_owned())));
    check("code=c1&state=the-state", &expect!["Ok(Code(…))"]);
}

//= oidc-core#3.1.2.7-1 test
#[test]
fn orp_08_an_answer_without_this_browser_s_state_is_not_read() {
    for query in [
        "code=c",
        "code=c&state=",
        "code=c&state=the-stat",
        "code=c&state=The-State",
        "code=c&state=the-state2",
        "error=access_denied&state=x",
    ] {
        assert_eq!(judge(query, false), Err(PeerError::State), "{query}");
    }
}

#[test]
fn a_parameter_that_comes_twice_is_refused_even_with_equal_values() {
    for query in [
        "code=a&code=b&state=the-state",
        "code=a&code=a&state=the-state",
        "code=a&state=the-state&state=the-state",
        "code=a&state=the-state&x=1&x=2",
    ] {
        assert!(matches!(judge(query, false), Err(PeerError::Repeated { .. })), "{query}");
    }
}

//= rfc9207#2.4-1 test
//= rfc9700#2.1-4 test
#[test]
fn the_answer_of_another_issuer_is_not_read() {
    for iss in ["https://op.example/", "https://OP.example", "https://evil.example", ""] {
        let query = format!("code=c&state=the-state&iss={iss}");
        assert_eq!(judge(&query, false), Err(PeerError::AnswerIssuer), "{iss}");
    }
    assert!(judge("code=c&state=the-state&iss=https://op.example", false).is_ok());
}

//= rfc9207#2.4-2 test
#[test]
fn an_issuer_that_names_itself_must_always_do_so() {
    assert_eq!(judge("code=c&state=the-state", true), Err(PeerError::AnswerIssuer));
    assert!(judge("code=c&state=the-state&iss=https://op.example", true).is_ok());
}

//= rfc9207#2.4-3 test
#[test]
fn the_error_of_another_issuer_is_not_believed() {
    let query = "error=access_denied&state=the-state&iss=https://evil.example";
    assert_eq!(judge(query, false), Err(PeerError::AnswerIssuer));
}

#[test]
fn orp_10_an_error_wins_over_a_code() {
    check(
        "error=access_denied&code=c&state=the-state",
        &expect![[r#"Ok(Error(ErrorAnswer { code: "access_denied", description: None }))"#]],
    );
}

#[test]
fn orp_10_what_an_error_says_is_cut_and_stripped() {
    let script = "%3Cscript%3Ealert(1)%3C/script%3E%0d%0aSet-Cookie:%20a=b%E2%80%AE";
    check(
        &format!("error=x%00%0a%C3%A9y&error_description={script}&state=the-state"),
        &expect![[
            r#"Ok(Error(ErrorAnswer { code: "xy", description: Some("<script>alert(1)</script>  Set-Cookie: a=b ") }))"#
        ]],
    );
    let long = "d".repeat(100_000);
    let query = format!("error={long}&error_description={long}&state=the-state");
    let Ok(Answer::Error(error)) = judge(&query, false) else { panic!() };
    assert_eq!((error.code.len(), error.description.unwrap().len()), (64, 200));
}

#[test]
fn neither_code_nor_error_is_no_answer() {
    for code in [String::new(), "%00".to_owned(), "%C3%A9".to_owned(), "c".repeat(4097)] {
        let query = format!("code={code}&state=the-state");
        assert_eq!(judge(&query, false), Err(PeerError::NoAnswer), "{code}");
    }
    assert_eq!(judge("state=the-state", false), Err(PeerError::NoAnswer));
}

proptest! {
    #[test]
    fn no_query_makes_the_reader_panic_or_yields_a_code_without_the_state(query in ".{0,300}") {
        let read = judge(&query, false);
        let has_state = pairs(&query).iter().any(|(n, v)| n == "state" && v == "the-state");
        prop_assert!(read.is_err() || has_state);
    }

    #[test]
    fn parameters_in_any_order_and_number_are_judged_without_panic(
        mut chosen in proptest::collection::vec((
            prop_oneof!["code", "state", "iss", "error", "error_description", "x"],
            prop_oneof!["", "the-state", "https://op.example", "\\PC{0,20}"],
        ), 0..8),
    ) {
        chosen.push(("state".to_owned(), "the-state".to_owned()));
        let read = read_callback(&chosen, "the-state", &op::provider());
        let states = chosen.iter().filter(|(name, _)| name == "state").count();
        prop_assert!(states == 1 || read.is_err());
    }
}
