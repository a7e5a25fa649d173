//! Tests of logouts: every order of answers and silences comes to an end.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Beginner, LIFETIME, Leaving, Logout, PATIENCE, Standing, Step, Upstream, Way};
use crate::{
    Assurance, AttributeSet, AuthenticationEvent, Identity, Lifetime, Timestamp, connector::Ending,
    identity::SourceSubject,
};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn later(seconds: u32) -> Timestamp {
    NOW + Lifetime::seconds(seconds)
}

fn leaving(number: usize, way: Way) -> Leaving {
    Leaving {
        session: "s".parse().unwrap(),
        relying_party: format!("rp{number}").parse().unwrap(),
        farewell: None,
        way,
        otherwise: None,
        standing: if way == Way::None { Standing::Mute } else { Standing::Waiting },
        question: None,
    }
}

fn upstream() -> Upstream {
    let event = AuthenticationEvent {
        identity: Identity {
            source: "una".parse().unwrap(),
            issuer: "https://idp.una.example".into(),
            subject: SourceSubject::parse("1001").unwrap(),
            attributes: AttributeSet::default(),
        },
        agency: "una".parse().unwrap(),
        authenticated_at: None,
        received_at: NOW,
        acr: None,
        amr: Vec::new(),
        assurance: Assurance::Aal1,
        phishing_resistant: false,
        credited_by: None,
        credited_until: None,
        source_session: None,
        source_name: None,
        valid_until: None,
    };
    Upstream { event, standing: Standing::Waiting, question: None }
}

fn logout(ways: &[Way], has_upstream: bool) -> Logout {
    Logout {
        id: "l".parse().unwrap(),
        binding: None,
        own: true,
        sessions: vec!["s".parse().unwrap()],
        begun_by: Beginner::Person,
        leaving: ways.iter().enumerate().map(|(number, way)| leaving(number, *way)).collect(),
        upstream: has_upstream.then(upstream),
        begun_at: NOW,
    }
}

fn standings(logout: &Logout) -> Vec<Standing> {
    logout.leaving.iter().map(|leaving| leaving.standing).collect()
}

#[test]
fn a_logout_of_nobody_is_answered_at_once() {
    let mut alone = logout(&[], false);
    assert_eq!(alone.advance(NOW), Step::Answer);
    assert_eq!(alone.ending(), Ending::Complete);
}

#[test]
fn the_browser_does_not_wait_for_the_back_channel() {
    let mut logout = logout(&[Way::Back, Way::Visit, Way::Frame], true);
    assert_eq!(logout.advance(NOW), Step::Frames);
    logout.framed();
    assert_eq!(logout.advance(NOW), Step::Visit(1));
    logout.visits(1, "q1".into(), NOW);
    assert_eq!(logout.advance(later(1)), Step::Wait { until: later(3) });
    assert!(logout.answers(&"rp1".parse().unwrap(), "q1", true).is_some());
    assert_eq!(logout.advance(later(1)), Step::Upstream);
    logout.goes_upstream("q2".into(), later(1));
    assert!(logout.source_answers("q2", true));
    assert_eq!(logout.advance(later(2)), Step::Wait { until: NOW + PATIENCE });
    logout.heard(&"s".parse().unwrap(), &"rp0".parse().unwrap(), None, Standing::Out);
    assert_eq!(logout.advance(later(2)), Step::Answer);
    assert_eq!(standings(&logout), [Standing::Out, Standing::Out, Standing::Told]);
    assert_eq!(logout.ending(), Ending::Complete);
}

#[test]
fn a_participant_has_three_seconds_and_a_late_answer_still_counts() {
    let mut logout = logout(&[Way::Back, Way::Visit], false);
    logout.visits(1, "q1".into(), later(10));
    assert_eq!(logout.advance(later(12)), Step::Wait { until: later(13) });
    assert_eq!(logout.advance(later(13)), Step::Answer);
    assert_eq!(standings(&logout), [Standing::Failed, Standing::Failed]);
    assert_eq!(logout.ending(), Ending::Partial);
    assert!(logout.answers(&"rp1".parse().unwrap(), "q1", true).is_some());
    logout.heard(&"s".parse().unwrap(), &"rp0".parse().unwrap(), None, Standing::Out);
    assert_eq!(logout.ending(), Ending::Complete);
}

#[test]
fn whom_a_letter_does_not_reach_the_browser_visits() {
    let mut logout = logout(&[Way::Back], false);
    logout.leaving[0].otherwise = Some(Way::Visit);
    assert_eq!(logout.advance(NOW), Step::Wait { until: later(3) });
    logout.heard(&"s".parse().unwrap(), &"rp0".parse().unwrap(), None, Standing::Failed);
    assert_eq!(logout.advance(later(1)), Step::Visit(0));
    logout.visits(0, "q0".into(), later(1));
    // What the back channel says of its failure is of no interest any more.
    logout.heard(&"s".parse().unwrap(), &"rp0".parse().unwrap(), None, Standing::Failed);
    assert_eq!(logout.advance(later(2)), Step::Wait { until: later(4) });
    assert_eq!(logout.advance(later(4)), Step::Answer);
    assert_eq!(standings(&logout), [Standing::Failed]);
}

#[test]
fn slo_05_an_answer_counts_once_for_its_own_question_and_its_own_asker() {
    let mut logout = logout(&[Way::Visit, Way::Visit], true);
    let answers = |logout: &mut Logout, party: &str, name: &str, out| {
        logout.answers(&party.parse().unwrap(), name, out).is_some()
    };
    assert!(!answers(&mut logout, "rp0", "q0", true), "nobody asked yet");
    logout.visits(0, "q0".into(), NOW);
    assert!(!answers(&mut logout, "rp1", "q0", true), "another one was asked");
    assert!(!answers(&mut logout, "rp0", "q1", true), "something else was asked");
    assert!(answers(&mut logout, "rp0", "q0", false));
    assert!(!answers(&mut logout, "rp0", "q0", true), "it has answered");
    assert_eq!(standings(&logout), [Standing::Failed, Standing::Waiting]);
    assert!(!logout.source_answers("q0", true), "the source was not asked yet");
}

#[test]
fn who_cannot_be_told_makes_a_logout_partial_and_a_source_without_ears_does_not() {
    let mut whole = logout(&[Way::Frame], true);
    whole.framed();
    whole.upstream_is_mute();
    assert_eq!(whole.advance(NOW), Step::Answer);
    assert_eq!(whole.ending(), Ending::Complete);
    assert_eq!(logout(&[Way::None], false).ending(), Ending::Partial);
    let mut unable = logout(&[Way::Visit], false);
    unable.is_mute(0);
    assert_eq!(unable.advance(NOW), Step::Answer);
    assert_eq!(unable.ending(), Ending::Partial);
}

#[test]
fn a_browser_that_had_none_of_the_sessions_is_led_to_nobody() {
    let mut logout = logout(&[Way::Back, Way::Visit, Way::Frame, Way::None], false);
    let untold: Vec<_> = logout.is_strangers().into_iter().map(|one| one.way).collect();
    assert_eq!(untold, [Way::Visit, Way::Frame]);
    assert_eq!(logout.advance(NOW), Step::Wait { until: NOW + PATIENCE });
    logout.heard(&"s".parse().unwrap(), &"rp0".parse().unwrap(), None, Standing::Out);
    assert_eq!(logout.advance(NOW), Step::Answer);
    let end = [Standing::Out, Standing::Failed, Standing::Failed, Standing::Mute];
    assert_eq!(standings(&logout), end);
    assert_eq!(logout.ending(), Ending::Partial);
    assert!(logout.is_strangers().is_empty(), "told once");
}

#[test]
fn a_silent_participant_is_told_again_three_times() {
    let pauses: Vec<_> =
        (0..6).map(|tries| super::pause_after(tries).map(Lifetime::as_seconds)).collect();
    assert_eq!(pauses, [None, Some(60), Some(1_800), Some(43_200), None, None]);
}

#[test]
fn a_standing_reads_back() {
    for standing in Standing::ALL {
        assert_eq!(Standing::find(standing.as_str()), Some(standing));
    }
}

/// What the world does while a logout is under way.
#[derive(Clone, Copy, Debug)]
enum Doing {
    /// The one who was asked says that it is done, or that it cannot.
    Answer(bool),
    /// The back channel to one of them comes to an end.
    Hear(usize, bool),
    /// Nothing but time happens, in seconds.
    Pass(u32),
}

fn doing() -> impl Strategy<Value = Doing> {
    prop_oneof![
        any::<bool>().prop_map(Doing::Answer),
        (0_usize..6, any::<bool>()).prop_map(|(place, out)| Doing::Hear(place, out)),
        (0_u32..5).prop_map(Doing::Pass),
    ]
}

fn way() -> impl Strategy<Value = Way> {
    prop_oneof![Just(Way::Back), Just(Way::Frame), Just(Way::Visit), Just(Way::None)]
}

fn question(name: usize) -> String {
    format!("q{name}")
}

proptest! {
    #[test]
    fn every_order_of_answers_and_silences_ends(
        ways in proptest::collection::vec(way(), 0..6),
        otherwise in proptest::collection::vec(any::<bool>(), 6),
        has_upstream in any::<bool>(),
        doings in proptest::collection::vec(doing(), 0..60),
    ) {
        let mut logout = logout(&ways, has_upstream);
        for (leaving, otherwise) in logout.leaving.iter_mut().zip(&otherwise) {
            let second = *otherwise && leaving.way == Way::Back;
            leaving.otherwise = second.then_some(Way::Visit);
        }
        let (mut now, mut doings) = (NOW, doings.into_iter());
        let mut visited = BTreeMap::new();
        let mut steps = 0;
        loop {
            steps += 1;
            // Each participant takes a step of its own and at most three seconds of waiting.
            prop_assert!(steps < 200, "it goes on and on: {logout:?}");
            match logout.advance(now) {
                Step::Frames => logout.framed(),
                Step::Visit(place) => {
                    *visited.entry(place).or_insert(0) += 1;
                    logout.visits(place, question(place), now);
                }
                Step::Upstream => {
                    *visited.entry(99).or_insert(0) += 1;
                    logout.goes_upstream(question(99), now);
                }
                Step::Wait { until } => {
                    prop_assert!(until > now && until <= now + PATIENCE);
                    // Once the world falls silent, time alone must do.
                    match doings.next().unwrap_or(Doing::Pass(1)) {
                        Doing::Pass(seconds) => now = now + Lifetime::seconds(seconds),
                        Doing::Hear(place, out) => {
                            let standing = if out { Standing::Out } else { Standing::Failed };
                            let party = format!("rp{place}").parse().unwrap();
                            logout.heard(&"s".parse().unwrap(), &party, None, standing);
                        }
                        Doing::Answer(out) => {
                            for place in 0..ways.len() {
                                let party = format!("rp{place}").parse().unwrap();
                                logout.answers(&party, &question(place), out);
                            }
                            logout.source_answers(&question(99), out);
                        }
                    }
                }
                Step::Answer => break,
            }
        }
        prop_assert!(visited.values().all(|times| *times == 1), "nobody is bothered twice");
        prop_assert!(now.since(NOW) <= LIFETIME);
        for (leaving, way) in logout.leaving.iter().zip(&ways) {
            prop_assert!(leaving.standing != Standing::Waiting, "nobody is forgotten");
            prop_assert_eq!(leaving.standing == Standing::Mute, *way == Way::None);
            prop_assert_eq!(leaving.standing == Standing::Told, *way == Way::Frame);
        }
        let visits = logout.leaving.iter().filter(|leaving| leaving.way == Way::Visit).count();
        prop_assert_eq!(visited.len(), visits + usize::from(has_upstream));
    }
}
