//! Sessions by other names than their handles, and the notices that their ends leave behind.
//! Length: what must hold of a session from its first participant to its last notice.

use std::{collections::BTreeSet, slice::from_ref};

use idp_domain::{
    AccountId, RelyingPartyId, SessionId, Timestamp,
    assurance::Worth,
    logout::{Notice, Standing},
};

use super::{Bench, NOW, end, later, on_every_engine, open, random};
use crate::{
    journal::{
        Act, Attend, DisableAccount, EndSession, Joining, Outcome, SettleNotice, TakeNotices,
        UsedAt,
    },
    sessions::{EndSessions, Of, SourceSession},
    store::Store,
};

on_every_engine!(
    a_session_is_found_by_what_its_source_calls_it,
    a_session_is_found_by_what_a_participant_calls_it,
    a_later_proof_takes_the_place_of_the_first,
    whoever_was_told_of_a_session_has_to_hear_of_its_end,
    a_participant_that_knows_already_is_spared,
    nobody_joins_a_session_that_has_ended,
    lgo_06_a_code_of_a_session_that_has_ended_opens_nothing,
    slo_06_a_crash_before_delivery_leaves_the_notice_to_others,
    lgo_04_a_notice_is_delivered_by_one_node_at_a_time,
    a_participant_that_is_done_stays_so,
    a_disabled_account_takes_its_sessions_along,
    no_session_begins_on_what_was_put_out_of_use_since,
    what_has_still_to_be_told_is_not_swept,
    a_session_that_was_not_used_is_over_and_tells_nobody,
    whoever_joins_while_the_session_ends_is_told_or_refused,
);

/// So long are sessions kept after their ends, in seconds.
const MONTH: u32 = 30 * 86_400;

/// Alice's session at una, which the source calls `mark`.
pub(super) fn session(mark: &str) -> Attend {
    Attend {
        session: SessionId::from_random(random()),
        account: AccountId::from_random(random()),
        started_at: NOW,
        ends_at: later(3_600),
        source: said("alice", Some(mark)),
        agency: "una".parse().unwrap(),
        proven_at: NOW,
        worth: Worth::TWO_FACTORS,
        place: UsedAt { address: "192.0.2.1".to_owned(), browser: "Firefox · Linux".to_owned() },
        shared: false,
        device: None,
        joins: None,
        now: NOW,
    }
}

fn said(name: &str, mark: Option<&str>) -> SourceSession {
    SourceSession {
        source: "una".parse().unwrap(),
        issuer: "https://idp.una.example".to_owned(),
        name: name.to_owned(),
        mark: mark.map(str::to_owned),
    }
}

pub(super) fn joins(attend: &Attend, relying_party: &str, farewell: Option<&str>) -> Attend {
    let joins = Joining {
        relying_party: relying_party.parse().unwrap(),
        farewell: farewell.map(str::to_owned),
        released: BTreeSet::new(),
    };
    Attend { joins: Some(joins), ..attend.clone() }
}

impl Store {
    pub(super) async fn attend(&self, attend: &Attend) -> Outcome {
        self.act(Act::Attend(attend.clone())).await
    }

    /// A session with these participants.
    async fn attended(&self, parties: &[&str]) -> Attend {
        let session = session("s1");
        for party in parties {
            assert_eq!(self.attend(&joins(&session, party, None)).await, Outcome::Done);
        }
        session
    }

    async fn of_person(&self, name: &str, marks: &[&str]) -> Vec<SessionId> {
        let marks: Vec<_> = marks.iter().map(|mark| (*mark).to_owned()).collect();
        let said = said(name, None);
        let found = self.sessions.of_person(&said.source, &said.issuer, name, &marks).await;
        found.unwrap().into_iter().map(|found| found.id).collect()
    }

    async fn of_mark(&self, mark: &str) -> Vec<SessionId> {
        let said = said("", None);
        let found = self.sessions.of_mark(&said.source, &said.issuer, mark).await;
        found.unwrap().into_iter().map(|found| found.id).collect()
    }

    async fn ended(&self, act: EndSession) -> Vec<Notice> {
        match self.act(Act::EndSession(act)).await {
            Outcome::SessionEnded { notices, .. } => notices,
            other => panic!("{other:?}"),
        }
    }

    pub(super) async fn claimed(&self, now: Timestamp, until: Timestamp) -> Vec<Notice> {
        match self.act(Act::TakeNotices(TakeNotices { now, until, most: 100 })).await {
            Outcome::Claimed { notices } => notices,
            other => panic!("{other:?}"),
        }
    }

    pub(super) async fn standings(&self, session: &SessionId) -> Vec<(String, Option<Standing>)> {
        let all = self.sessions.participants(session).await.unwrap();
        all.into_iter().map(|one| (one.relying_party.as_str().to_owned(), one.standing)).collect()
    }
}

fn parties(notices: &[Notice]) -> BTreeSet<&str> {
    notices.iter().map(|notice| notice.relying_party.as_str()).collect()
}

fn settle(notice: &Notice, standing: Standing, again_at: Option<Timestamp>) -> Act {
    Act::SettleNotice(SettleNotice {
        session: notice.session.clone(),
        relying_party: notice.relying_party.clone(),
        farewell: notice.farewell.clone(),
        standing,
        again_at,
    })
}

async fn a_session_is_found_by_what_its_source_calls_it(bench: &Bench) {
    let store = bench.store();
    let (one, two) = (session("s1"), session("s2"));
    let mut bob = session("s3");
    bob.source = said("bob", None);
    let mut elsewhere = session("s1");
    elsewhere.source.issuer = "https://other.example".to_owned();
    for attend in [&one, &two, &bob, &elsewhere] {
        assert_eq!(store.attend(attend).await, Outcome::Done);
    }
    let both: BTreeSet<_> = [one.session.clone(), two.session.clone()].into();
    assert_eq!(store.of_person("alice", &[]).await.into_iter().collect::<BTreeSet<_>>(), both);
    assert_eq!(store.of_person("alice", &["s2", "s9"]).await, from_ref(&two.session));
    assert!(store.of_person("alice", &["s9"]).await.is_empty());
    assert!(store.of_person("bob", &["s3"]).await.is_empty(), "it was told no such mark");
    assert!(store.of_person("Alice", &[]).await.is_empty());
    assert_eq!(store.of_mark("s1").await, from_ref(&one.session));
    store.ended(end(&one.session, later(60), NOW)).await;
    assert!(store.of_mark("s1").await.is_empty());
    assert_eq!(store.of_person("alice", &[]).await, [two.session]);
}

async fn a_session_is_found_by_what_a_participant_calls_it(bench: &Bench) {
    let store = bench.store();
    let session = session("s1");
    store.attend(&joins(&session, "sp1", Some("name"))).await;
    let of = async |party: &str, farewell: Option<&str>| {
        let found = store.sessions.of_participant(&party.parse().unwrap(), farewell).await;
        found.unwrap().into_iter().map(|found| (found.id, found.ended)).collect::<Vec<_>>()
    };
    assert_eq!(of("sp1", Some("name")).await, [(session.session.clone(), false)]);
    assert!(of("spx", Some("name")).await.is_empty(), "another one's name");
    assert!(of("sp1", Some("other")).await.is_empty());
    assert!(of("sp1", None).await.is_empty());
    store.ended(end(&session.session, later(60), NOW)).await;
    assert_eq!(of("sp1", Some("name")).await, [(session.session, true)]);
}

async fn a_later_proof_takes_the_place_of_the_first(bench: &Bench) {
    let store = bench.store();
    let mut session = session("s1");
    store.attend(&session).await;
    session.source = said("alice", Some("s2"));
    store.attend(&joins(&session, "rp1", None)).await;
    store.attend(&joins(&session, "rp1", None)).await;
    assert!(store.of_mark("s1").await.is_empty());
    assert_eq!(store.of_mark("s2").await, [session.session.clone()]);
    assert_eq!(store.standings(&session.session).await, [("rp1".to_owned(), None)]);
}

async fn whoever_was_told_of_a_session_has_to_hear_of_its_end(bench: &Bench) {
    let store = bench.store();
    let session = session("s1");
    store.attend(&joins(&session, "rp1", None)).await;
    store.attend(&joins(&session, "sp1", Some("one"))).await;
    store.attend(&joins(&session, "sp1", Some("two"))).await;
    store.attended(&["elsewhere"]).await;
    let notices = store.ended(end(&session.session, later(60), NOW)).await;
    assert_eq!(parties(&notices), ["rp1", "sp1"].into());
    assert_eq!(notices.len(), 3);
    let of_rp1 = notices.iter().find(|notice| notice.relying_party.as_str() == "rp1").unwrap();
    let expected = Notice {
        session: session.session.clone(),
        account: session.account.clone(),
        relying_party: "rp1".parse().unwrap(),
        farewell: None,
        tries: 1,
    };
    assert_eq!(*of_rp1, expected);
    let again = bench.nodes[1].ended(end(&session.session, later(60), NOW)).await;
    assert!(again.is_empty(), "of several, one tells them");
}

async fn a_participant_that_knows_already_is_spared(bench: &Bench) {
    let store = bench.store();
    let session = store.attended(&["rp1", "rp2"]).await;
    let spares = Some(("rp2".parse().unwrap(), None));
    let act = EndSession { spares, ..end(&session.session, later(60), NOW) };
    assert_eq!(parties(&store.ended(act).await), ["rp1"].into());
    let expected =
        [("rp1".to_owned(), Some(Standing::Waiting)), ("rp2".to_owned(), Some(Standing::Out))];
    assert_eq!(store.standings(&session.session).await, expected);
}

async fn nobody_joins_a_session_that_has_ended(bench: &Bench) {
    let [a, b] = &bench.nodes;
    let session = a.attended(&["rp1"]).await;
    a.ended(end(&session.session, later(60), NOW)).await;
    assert_eq!(b.attend(&joins(&session, "rp2", None)).await, Outcome::SessionOver);
    assert_eq!(b.attend(&session).await, Outcome::SessionOver);
    assert_eq!(a.standings(&session.session).await.len(), 1);
}

async fn lgo_06_a_code_of_a_session_that_has_ended_opens_nothing(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let [ended, other] = [session("s1"), session("s2")];
    for one in [&ended, &other] {
        assert_eq!(store.attend(one).await, Outcome::Done);
    }
    store.act(Act::EndSession(end(&ended.session, later(600), later(1)))).await;
    let open = |session: &Attend, bound| {
        let mut act = open(&account);
        act.grant.session = Some(session.session.clone());
        act.grant.bound = bound;
        Act::OpenGrant(act)
    };
    for bound in [true, false] {
        // The other node has not heard of it yet: the database has.
        let outcome = bench.nodes[1].act(open(&ended, bound)).await;
        assert_eq!(outcome, Outcome::SessionOver, "bound: {bound}");
        assert_eq!(bench.nodes[1].act(open(&other, bound)).await, Outcome::Done);
    }
}

async fn slo_06_a_crash_before_delivery_leaves_the_notice_to_others(bench: &Bench) {
    let [a, b] = &bench.nodes;
    let session = a.attended(&["rp1"]).await;
    let act = EndSession { told_until: later(15), ..end(&session.session, later(60), NOW) };
    a.ended(act).await;
    // The node that ended it is heard of no more.
    assert_eq!(b.sessions.next_due().await.unwrap(), Some(later(15)));
    assert!(b.claimed(later(14), later(30)).await.is_empty(), "it is somebody's turn");
    let claimed = b.claimed(later(15), later(30)).await;
    assert_eq!((claimed.len(), claimed[0].tries), (1, 2));
    assert_eq!(claimed[0].account, session.account);
    assert!(a.claimed(later(16), later(30)).await.is_empty());
    assert_eq!(a.claimed(later(30), later(45)).await[0].tries, 3);
    assert_eq!(b.act(settle(&claimed[0], Standing::Out, None)).await, Outcome::Done);
    assert_eq!(b.sessions.next_due().await.unwrap(), None);
}

async fn lgo_04_a_notice_is_delivered_by_one_node_at_a_time(bench: &Bench) {
    let names: Vec<_> = (0..40).map(|number| format!("rp{number}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let session = bench.store().attended(&names).await;
    bench.store().ended(end(&session.session, later(60), NOW)).await;
    let mut all = tokio::task::JoinSet::new();
    for number in 0..20 {
        let node = bench.nodes[number % 2].clone();
        all.spawn(async move {
            let act = TakeNotices { now: later(1), until: later(30), most: 7 };
            match node.act(Act::TakeNotices(act)).await {
                Outcome::Claimed { notices } => notices,
                other => panic!("{other:?}"),
            }
        });
    }
    let claimed: Vec<_> = all.join_all().await.into_iter().flatten().collect();
    assert_eq!((claimed.len(), parties(&claimed).len()), (40, 40));
}

async fn a_participant_that_is_done_stays_so(bench: &Bench) {
    let store = bench.store();
    let session = store.attended(&["rp1", "rp2"]).await;
    let notices = store.ended(end(&session.session, later(60), NOW)).await;
    let of = |party: &str| notices.iter().find(|one| one.relying_party.as_str() == party).unwrap();
    // A slow attempt ends after a later one has succeeded.
    assert_eq!(store.act(settle(of("rp1"), Standing::Out, Some(later(9)))).await, Outcome::Done);
    let slow = settle(of("rp1"), Standing::Failed, Some(later(60)));
    assert_eq!(store.act(slow).await, Outcome::Unknown);
    let failed = settle(of("rp2"), Standing::Failed, Some(later(60)));
    assert_eq!(store.act(failed).await, Outcome::Done);
    let all = store.sessions.participants(&session.session).await.unwrap();
    let stand: Vec<_> = all.iter().map(|one| (one.standing, one.due_at)).collect();
    let expected = [(Some(Standing::Out), None), (Some(Standing::Failed), Some(later(60)))];
    assert_eq!(stand, expected);
    let alive = store.attended(&["rp1"]).await;
    let notice = Notice { session: alive.session, ..of("rp1").clone() };
    let early = settle(&notice, Standing::Out, None);
    assert_eq!(store.act(early).await, Outcome::Unknown, "its session lives");
}

async fn a_disabled_account_takes_its_sessions_along(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let session = Attend { account: account.clone(), ..session("s1") };
    store.attend(&joins(&session, "rp1", None)).await;
    let other = store.attended(&["rp1"]).await;
    let disable = DisableAccount { account, until: later(600), now: later(1) };
    store.act(Act::DisableAccount(disable)).await;
    assert_eq!(store.attend(&session).await, Outcome::SessionOver);
    let claimed = store.claimed(later(1), later(30)).await;
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].session, session.session);
    assert_eq!(store.standings(&other.session).await, [("rp1".to_owned(), None)]);
}

async fn no_session_begins_on_what_was_put_out_of_use_since(bench: &Bench) {
    let [store, other] = &bench.nodes;
    let account = store.account().await;
    let of = |account: &AccountId| Attend { account: account.clone(), ..session("s1") };
    let end = |of: Of, now| {
        let because = "administrator";
        Act::EndSessions(EndSessions { of, except: None, offline: true, because, now })
    };
    // Between its link and its session, on another node.
    let disable = DisableAccount { account: account.clone(), until: later(600), now: later(1) };
    store.act(Act::DisableAccount(disable)).await;
    let late = Attend { started_at: later(9), proven_at: later(9), ..of(&account) };
    assert_eq!(other.attend(&joins(&late, "rp1", None)).await, Outcome::SessionOver);
    assert!(other.standings(&late.session).await.is_empty());

    // What was proven until the second before a report counts no more.
    let reported = store.account().await;
    store.act(end(Of::Account(reported.clone()), later(10))).await;
    for (second, outcome) in [(9, Outcome::SessionOver), (10, Outcome::Done)] {
        let at = later(second);
        let begun = Attend { started_at: at, proven_at: at, now: later(11), ..of(&reported) };
        assert_eq!(other.attend(&begun).await, outcome, "{second}");
    }
    let elsewhere = of(&store.account().await);
    assert_eq!(other.attend(&elsewhere).await, Outcome::Done, "another's goes on");
    let una = (Of::Source("una".parse().unwrap()), Of::Agency("una".parse().unwrap()));
    for (vouched, second) in [(una.0, 20), (una.1, 30)] {
        let free = store.account().await;
        store.act(end(vouched, later(second))).await;
        let begun = Attend { started_at: later(second), now: later(second), ..of(&free) };
        let before = Attend { proven_at: later(second - 1), ..begun.clone() };
        assert_eq!(other.attend(&before).await, Outcome::SessionOver);
        let since = Attend { proven_at: later(second), ..begun };
        assert_eq!(other.attend(&since).await, Outcome::Done);
    }
}

async fn what_has_still_to_be_told_is_not_swept(bench: &Bench) {
    let store = bench.store();
    let over = store.attended(&["rp1"]).await;
    let open = store.attended(&["rp1"]).await;
    let mut notices = Vec::new();
    for session in [&over, &open] {
        notices.extend(store.ended(end(&session.session, later(3_600), NOW)).await);
    }
    store.act(settle(&notices[0], Standing::Out, None)).await;
    store.act(settle(&notices[1], Standing::Failed, Some(later(9_000)))).await;
    let gone = async |session: &Attend| store.standings(&session.session).await.is_empty();
    store.sweep(later(MONTH + 3_600)).await.unwrap();
    assert!(!gone(&over).await, "its owner may still ask about it");
    store.sweep(later(MONTH + 3_700)).await.unwrap();
    assert!(gone(&over).await && !gone(&open).await);
    store.act(settle(&notices[1], Standing::Failed, None)).await;
    store.sweep(later(MONTH + 3_700)).await.unwrap();
    assert!(gone(&open).await);
}

async fn a_session_that_was_not_used_is_over_and_tells_nobody(bench: &Bench) {
    let store = bench.store();
    let session = store.attended(&["rp1"]).await;
    assert_eq!(store.claimed(later(3_601), later(3_616)).await, []);
    store.sweep(later(MONTH + 3_601)).await.unwrap();
    assert!(store.standings(&session.session).await.is_empty(), "it is gone");
    let much_later = MONTH + 90_000;
    assert_eq!(store.claimed(later(much_later), later(much_later + 15)).await, []);
}

async fn whoever_joins_while_the_session_ends_is_told_or_refused(bench: &Bench) {
    let session = bench.store().attended(&["first"]).await;
    let mut all = tokio::task::JoinSet::new();
    for number in 0..60 {
        let node = bench.nodes[number % 2].clone();
        let attend = joins(&session, &format!("rp{number}"), None);
        all.spawn(async move {
            match node.attend(&attend).await {
                Outcome::Done => Some(attend.joins.unwrap().relying_party),
                Outcome::SessionOver => None,
                other => panic!("{other:?}"),
            }
        });
        if number == 30 {
            tokio::task::yield_now().await;
        }
    }
    let notices = bench.nodes[1].ended(end(&session.session, later(60), NOW)).await;
    let joined = all.join_all().await;
    let joined: BTreeSet<_> = joined.iter().flatten().map(RelyingPartyId::as_str).collect();
    let mut told = parties(&notices);
    assert!(told.remove("first"));
    assert_eq!(told, joined, "nobody believes in a session whose end it will not hear of");
}
