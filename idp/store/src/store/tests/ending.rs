//! Ending many sessions: at once for all nodes, in portions for their rows.

use std::time::Duration;

use idp_domain::{AccountId, SessionId, audit::AuditKind};

use super::{
    Bench, NOW, later, on_every_engine, open, random,
    revocations::until,
    sessions::{joins, session},
    token,
};
use crate::{
    journal::{Act, Attend, By, OpenGrant, Outcome, Total},
    revocations::RevokedKind,
    sessions::{EndSessions, Of, PORTION},
    store::Store,
};

on_every_engine!(
    an_agencys_sessions_end_in_portions_and_others_go_on,
    what_is_revoked_for_many_is_known_everywhere_before_their_rows_follow,
    housekeeping_ends_what_a_dead_node_left,
    a_person_ends_all_sessions_but_the_own,
    offline_grants_end_only_where_that_is_wanted,
    sessions_end_by_what_their_source_calls_them,
    sessions_end_by_whom_they_were_told_to,
    a_session_that_began_later_goes_on,
    what_began_in_the_same_second_is_ended_by_name,
    a_session_of_a_clock_that_is_ahead_ends_too,
    whoever_was_told_is_told_of_the_end,
);

fn end(of: Of) -> EndSessions {
    EndSessions { of, except: None, offline: false, because: "help_desk", now: later(60) }
}

fn by() -> By {
    By { name: "token:soc".to_owned(), address: None }
}

fn una() -> Of {
    Of::Agency("una".parse().unwrap())
}

/// A grant that was opened in `session`.
fn opened(session: &Attend, bound: bool) -> OpenGrant {
    let mut open = open(&session.account);
    open.grant.session = Some(session.session.clone());
    open.grant.bound = bound;
    open
}

impl Store {
    /// A session of an account that there is.
    async fn session_of_somebody(&self) -> Attend {
        let session = Attend { account: self.account().await, ..session("s1") };
        assert_eq!(self.attend(&session).await, Outcome::Done);
        session
    }

    async fn is_over(&self, session: &SessionId) -> bool {
        self.sessions.find(session).await.unwrap().unwrap().ended_at.is_some()
    }

    async fn is_revoked(&self, grant: &OpenGrant) -> bool {
        self.grants.find(&grant.grant.id).await.unwrap().unwrap().revoked_at.is_some()
    }
}

impl Bench {
    /// So many sessions more like `session`, which is there.
    pub(super) async fn more_like(&self, count: u32, session: &Attend) {
        let mut lease = self.store().db.writer().await.unwrap();
        let conn = lease.unsettle();
        let mut args = conn.args();
        args.int(count.into()).text(session.session.as_str());
        let sql = "insert into sessions (id, account, source, source_name, ends_at, agency, \
                   started_at, proven_at, used_at) with recursive n (i) as (select 1 union all \
                   select i + 1 from n where i < $1) select id || '-' || i, account, source, \
                   source_name, ends_at, agency, started_at, proven_at, used_at from n, sessions \
                   where id = $2";
        conn.execute(sql, args).await.unwrap();
        lease.settle();
    }
}

async fn an_agencys_sessions_end_in_portions_and_others_go_on(bench: &Bench) {
    let store = bench.store();
    let one = session("s1");
    store.attend(&one).await;
    bench.more_like(2_499, &one).await;
    let other = Attend { agency: "unb".parse().unwrap(), ..session("s2") };
    store.attend(&other).await;

    let total = store.journal.end_sessions(end(una()), &by()).await.unwrap();
    assert_eq!(total, Total { sessions: 2_500, grants: 0 });
    assert!(store.is_over(&one.session).await && !store.is_over(&other.session).await);
    assert_eq!(store.attend(&one).await, Outcome::SessionOver);
    assert_eq!(store.attend(&other).await, Outcome::Done);
    let again = store.journal.end_sessions(end(una()), &by()).await.unwrap();
    assert_eq!(again, Total::default());

    let trail = store.audit.page(None, 3_000).await.unwrap();
    let ended = trail.iter().filter_map(crate::audit::TrailRow::event);
    let ended: Vec<_> = ended.filter(|event| event.kind == AuditKind::SessionEnded).collect();
    assert_eq!(ended.len(), 2_500, "each of them is in the trail");
    assert!(
        ended.iter().all(|event| event.reason == "help_desk" && event.detail["by"] == by().name)
    );
}

async fn what_is_revoked_for_many_is_known_everywhere_before_their_rows_follow(bench: &Bench) {
    let [a, b] = &bench.nodes;
    let one = session("s1");
    a.attend(&one).await;
    bench.more_like(1_500, &one).await;
    let Outcome::SessionsEnded(first) = a.act(Act::EndSessions(end(una()))).await else {
        panic!("not ended");
    };
    assert!(first.more && first.sessions.len() == PORTION as usize);
    let begun = std::time::Instant::now();
    until(|| b.revocations.is_revoked(RevokedKind::Agency, "una")).await;
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(b.revocations.revoked_at(RevokedKind::Agency, "una"), Some(later(59)));
    assert!(!b.revocations.is_revoked(RevokedKind::Session, one.session.as_str()), "once for all");
}

async fn housekeeping_ends_what_a_dead_node_left(bench: &Bench) {
    let [a, b] = &bench.nodes;
    let one = session("s1");
    a.attend(&joins(&one, "rp1", None)).await;
    bench.more_like(1_500, &one).await;
    // It dies after the first portion.
    a.act(Act::EndSessions(end(una()))).await;
    let later_one = Attend { proven_at: later(61), started_at: later(61), ..session("s2") };
    b.attend(&later_one).await;
    b.sweep(later(90)).await.unwrap();
    let left = b.sessions.live(&una(), later(90), NOW, None, 10).await.unwrap();
    let left: Vec<_> = left.sessions.into_iter().map(|session| session.id).collect();
    assert_eq!(left, [later_one.session]);
    assert_eq!(b.claimed(later(90), later(120)).await.len(), 1, "its participant hears of it");
}

async fn a_person_ends_all_sessions_but_the_own(bench: &Bench) {
    let [a, b] = &bench.nodes;
    let own = a.session_of_somebody().await;
    let mut others = Vec::new();
    for mark in ["s2", "s3"] {
        let other = Attend { account: own.account.clone(), ..session(mark) };
        a.attend(&other).await;
        others.push(other);
    }
    let kept = opened(&own, true);
    let lost = opened(&others[0], true);
    a.act_all([&kept, &lost].map(|open| Act::OpenGrant(open.clone()))).await;
    let act =
        EndSessions { except: Some(own.session.clone()), ..end(Of::Account(own.account.clone())) };
    let total = a.journal.end_sessions(act, &by()).await.unwrap();
    assert_eq!(total, Total { sessions: 2, grants: 1 });
    assert!(!a.is_over(&own.session).await && a.is_over(&others[1].session).await);
    assert!(!a.is_revoked(&kept).await && a.is_revoked(&lost).await);
    for other in &others {
        until(|| b.revocations.is_revoked(RevokedKind::Session, other.session.as_str())).await;
    }
    assert!(!b.revocations.is_revoked(RevokedKind::Account, own.account.as_str()));
    until(|| b.revocations.is_revoked(RevokedKind::Login, own.account.as_str())).await;
    assert!(!b.revocations.is_revoked(RevokedKind::Session, own.session.as_str()));
}

async fn offline_grants_end_only_where_that_is_wanted(bench: &Bench) {
    let store = bench.store();
    let one = store.session_of_somebody().await;
    let (bound, offline) = (opened(&one, true), opened(&one, false));
    // Of a session that is over long since.
    let mut old = open(&one.account);
    old.grant.bound = false;
    store.act_all([&bound, &offline, &old].map(|open| Act::OpenGrant(open.clone()))).await;

    store.journal.end_sessions(end(Of::Account(one.account.clone())), &by()).await.unwrap();
    assert!(store.is_revoked(&bound).await && !store.is_revoked(&offline).await);

    let all = EndSessions { offline: true, ..end(Of::Account(one.account.clone())) };
    let total = store.journal.end_sessions(all, &by()).await.unwrap();
    assert_eq!(total, Total { sessions: 0, grants: 2 });
    assert!(store.is_revoked(&offline).await && store.is_revoked(&old).await);
    let revoked = store.revocations.revoked_at(RevokedKind::Account, one.account.as_str());
    assert_eq!(revoked, Some(later(59)));
    let found = store.grants.find_by_refresh_token(&token(&old)).await.unwrap().unwrap();
    assert!(!found.grant.is_live(later(61)));
}

async fn sessions_end_by_what_their_source_calls_them(bench: &Bench) {
    let store = bench.store();
    let (one, two) = (session("s1"), session("s2"));
    store.attend(&one).await;
    store.attend(&two).await;
    let source = one.source.source.clone();
    let issuer = one.source.issuer.clone();
    let of = Of::SourceSession { source: source.clone(), issuer, mark: "s1".to_owned() };
    assert_eq!(store.journal.end_sessions(end(of), &by()).await.unwrap().sessions, 1);
    assert!(store.is_over(&one.session).await && !store.is_over(&two.session).await);
    assert!(store.revocations.is_revoked(RevokedKind::Session, one.session.as_str()));
    let of = Of::Source(source);
    assert_eq!(store.journal.end_sessions(end(of), &by()).await.unwrap().sessions, 1);
    assert!(store.revocations.is_revoked(RevokedKind::Source, "una"));
    let three = Attend { proven_at: later(60), ..session("s3") };
    store.attend(&three).await;
    let of = Of::Session(three.session.clone());
    assert_eq!(store.journal.end_sessions(end(of), &by()).await.unwrap().sessions, 1);
    assert!(store.revocations.is_revoked(RevokedKind::Session, three.session.as_str()));
}

async fn sessions_end_by_whom_they_were_told_to(bench: &Bench) {
    let store = bench.store();
    let (one, two) = (session("s1"), session("s2"));
    // A protocol knew the person by two names there.
    for farewell in [Some("name"), Some("other name")] {
        store.attend(&joins(&one, "sp1", farewell)).await;
    }
    store.attend(&joins(&two, "rp2", None)).await;
    let of = Of::RelyingParty("sp1".parse().unwrap());
    assert_eq!(store.journal.end_sessions(end(of), &by()).await.unwrap().sessions, 1);
    assert!(store.is_over(&one.session).await && !store.is_over(&two.session).await);
    assert!(store.revocations.is_revoked(RevokedKind::Participant, "sp1"));
    assert!(!store.revocations.is_revoked(RevokedKind::RelyingParty, "sp1"), "it is in use");
}

async fn a_session_that_began_later_goes_on(bench: &Bench) {
    let store = bench.store();
    let early = session("s1");
    let late = Attend { proven_at: later(66), started_at: later(66), ..session("s2") };
    store.attend(&early).await;
    store.attend(&late).await;
    // Of several portions this is the last: people sign in again while the first are written.
    assert_eq!(store.journal.end_sessions(end(una()), &by()).await.unwrap().sessions, 1);
    assert!(!store.is_over(&late.session).await);
    let revoked = store.revocations.revoked_at(RevokedKind::Agency, "una").unwrap();
    assert!(late.proven_at > revoked);
    store.sweep(later(90)).await.unwrap();
    assert!(!store.is_over(&late.session).await);
}

async fn what_began_in_the_same_second_is_ended_by_name(bench: &Bench) {
    let [a, b] = &bench.nodes;
    let fresh = a.session_of_somebody().await;
    let fresh = Attend { proven_at: later(60), started_at: later(60), ..fresh };
    a.attend(&fresh).await;
    let old = a.session_of_somebody().await;
    let mut grant = opened(&old, true);
    grant.grant.created_at = later(60);
    a.act(Act::OpenGrant(grant.clone())).await;
    a.journal.end_sessions(end(una()), &by()).await.unwrap();
    until(|| b.revocations.is_revoked(RevokedKind::Session, fresh.session.as_str())).await;
    until(|| b.revocations.is_revoked(RevokedKind::Grant, grant.grant.id.as_str())).await;
    assert!(!b.revocations.is_revoked(RevokedKind::Session, old.session.as_str()));
    // Whoever signs in again at once is not taken for one of before.
    let again = Attend { proven_at: later(60), started_at: later(60), ..session("s2") };
    assert_eq!(a.attend(&again).await, Outcome::Done);
    assert!(b.revocations.revoked_at(RevokedKind::Agency, "una").unwrap() < again.proven_at);
}

async fn a_session_of_a_clock_that_is_ahead_ends_too(bench: &Bench) {
    let [a, b] = &bench.nodes;
    let ahead = Attend { proven_at: later(62), started_at: later(62), ..session("s1") };
    b.attend(&ahead).await;
    a.journal.end_sessions(end(una()), &by()).await.unwrap();
    assert!(a.is_over(&ahead.session).await);
    until(|| b.revocations.is_revoked(RevokedKind::Session, ahead.session.as_str())).await;
}

async fn whoever_was_told_is_told_of_the_end(bench: &Bench) {
    let store = bench.store();
    let account = AccountId::from_random(random());
    for mark in ["s1", "s2"] {
        let session = Attend { account: account.clone(), ..session(mark) };
        for party in ["rp1", "rp2"] {
            store.attend(&joins(&session, party, None)).await;
        }
    }
    store.journal.end_sessions(end(una()), &by()).await.unwrap();
    assert_eq!(store.sessions.next_due().await.unwrap(), Some(later(60)), "at once");
    let claimed = store.claimed(later(60), later(75)).await;
    assert_eq!(claimed.len(), 4);
    assert!(claimed.iter().all(|notice| notice.tries == 1 && notice.account == account));
}
