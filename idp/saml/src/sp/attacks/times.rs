//! SAM-05, SAM-06, SAM-07, SAM-12, SAM-28: instants, and the second at which each of them turns.

use idp_domain::Lifetime;

use crate::sp::testing::{Answer, NOW, Wish, at, bent, outcome};

/// The skew of the tests, in seconds.
const SKEW: i64 = 180;

#[test]
fn sam_05_an_expired_confirmation_is_not_saved_by_conditions_that_last() {
    let outcome = bent(|answer| {
        answer.data().not_on_or_after = Some(at(-600));
        answer.conditions().not_on_or_after = Some(at(8 * 3600));
    });
    assert_eq!(outcome, "expired");
}

//= saml-profiles#4.1.4.3-2 test
#[test]
fn sam_05_a_confirmation_ends_with_the_skew_and_not_a_second_later() {
    for (end, wanted) in [(-SKEW - 1, "expired"), (-SKEW, "expired"), (-SKEW + 1, "accepted")] {
        assert_eq!(bent(|answer| answer.data().not_on_or_after = Some(at(end))), wanted, "{end}");
    }
}

#[test]
fn sam_05_one_confirmation_that_lasts_is_enough() {
    let outcome = bent(|answer| {
        let mut expired = answer.subject().confirmations[0].clone();
        expired.data.as_mut().unwrap().not_on_or_after = Some(at(-600));
        answer.subject().confirmations.insert(0, expired);
    });
    assert_eq!(outcome, "accepted");
}

//= saml-core#2.5.1.2-1 test
#[test]
fn sam_06_conditions_end_with_the_skew_though_the_confirmation_lasts() {
    for (end, wanted) in [(-SKEW - 1, "expired"), (-SKEW, "expired"), (-SKEW + 1, "accepted")] {
        let outcome = bent(|answer| {
            answer.conditions().not_before = None;
            answer.conditions().not_on_or_after = Some(at(end));
        });
        assert_eq!(outcome, wanted, "{end}");
    }
}

#[test]
fn sam_06_a_skew_of_more_than_five_minutes_is_not_granted() {
    for (skew, wanted) in [(300, "accepted"), (301, "accepted"), (86_400, "accepted")] {
        let mut answer = Answer::genuine();
        answer.data().not_on_or_after = Some(at(-299));
        let wish = Wish { skew: Lifetime::seconds(skew), ..Wish::new() };
        assert_eq!(outcome(&answer.xml(), &wish), wanted, "{skew}");
        answer.data().not_on_or_after = Some(at(-300));
        assert_eq!(outcome(&answer.xml(), &wish), "expired", "{skew}");
    }
}

#[test]
fn sam_07_conditions_begin_with_the_skew_and_not_a_second_earlier() {
    for (begin, wanted) in
        [(SKEW, "accepted"), (SKEW + 1, "not_yet_valid"), (SKEW + 5, "not_yet_valid")]
    {
        let outcome = bent(|answer| answer.conditions().not_before = Some(at(begin)));
        assert_eq!(outcome, wanted, "{begin}");
    }
}

#[test]
fn sam_07_nothing_was_made_or_done_in_the_future() {
    for (instant, wanted) in
        [(SKEW, "accepted"), (SKEW + 1, "not_yet_valid"), (3600, "not_yet_valid")]
    {
        let instant = at(instant);
        assert_eq!(bent(|answer| answer.response.issue_instant = instant), wanted);
        assert_eq!(bent(|answer| answer.assertion().issue_instant = instant), wanted);
        assert_eq!(bent(|answer| answer.statement().authn_instant = instant), wanted);
    }
}

//= saml-profiles#3.3-1 test
#[test]
fn sam_07_a_bearers_confirmation_has_no_beginning() {
    assert_eq!(bent(|answer| answer.data().not_before = Some(at(-60))), "subject_confirmation");
    assert_eq!(bent(|answer| answer.data().not_before = Some(at(3600))), "not_yet_valid");
}

#[test]
fn sam_07_an_assertion_is_not_older_than_the_request_that_it_answers() {
    // The request was made 30 seconds ago.
    for (issued, wanted) in [(-30 - SKEW, "accepted"), (-31 - SKEW, "expired")] {
        assert_eq!(bent(|answer| answer.assertion().issue_instant = at(issued)), wanted);
    }
}

#[test]
fn sam_12_an_unsolicited_assertion_is_a_minute_old_at_most() {
    for (issued, wanted) in [(-60, "accepted"), (-61, "expired")] {
        let mut answer = Answer::unsolicited();
        answer.assertion().issue_instant = at(issued);
        assert_eq!(outcome(&answer.xml(), &Wish::unsolicited()), wanted, "{issued}");
    }
}

#[test]
fn sam_28_the_time_of_the_authentication_is_the_sources_and_not_ours() {
    let mut answer = Answer::genuine();
    answer.statement().authn_instant = at(-7200);
    let accepted = Wish::new().consume(&answer.xml()).unwrap();
    assert_eq!(accepted.authn_instant, at(-7200));
    assert_ne!(accepted.authn_instant, NOW);
}
