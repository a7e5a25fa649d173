//! The kill switch: what it ends, who hears of it, and how it is put back.

use idp_domain::{Switched, audit::AuditKind};

use super::{
    Bench, NOW, later, link, on_every_engine, open,
    revocations::until,
    sessions::{joins, session},
};
use crate::{
    journal::{Act, Attend, Outcome, Thrown, Total},
    revocations::RevokedKind,
    sessions::Of,
    store::Store,
    switches::Switch,
};

on_every_engine!(
    an_agency_that_is_switched_off_loses_its_sessions_and_grants,
    a_relying_party_that_is_switched_off_loses_what_it_was_given,
    a_relying_party_that_is_back_is_told_anew,
    an_account_that_is_switched_off_signs_in_nowhere,
    every_node_hears_of_a_switch,
    who_slipped_in_is_out_when_it_is_put_back,
    what_was_never_off_is_left_alone_by_switching_on,
    a_switch_is_in_the_trail_with_its_reason,
    a_switch_outlives_a_change_of_the_federation,
    of_a_hundred_hands_on_one_switch_one_throws_it,
);

fn agency() -> Switched {
    Switched::Agency("una".parse().unwrap())
}

fn party() -> Switched {
    Switched::RelyingParty("portal".parse().unwrap())
}

fn switch(what: Switched, off: bool, seconds: u32) -> Switch {
    let (by, reason) = ("cli:root".to_owned(), "incident 7".to_owned());
    Switch { what, off, by, reason, now: later(seconds) }
}

impl Store {
    async fn switched(&self, what: Switched, off: bool, seconds: u32) -> Thrown {
        let thrown = self.journal.switch(switch(what, off, seconds), None).await.unwrap();
        thrown.expect("there is such a thing")
    }
}

async fn an_agency_that_is_switched_off_loses_its_sessions_and_grants(bench: &Bench) {
    let store = bench.store();
    let one = Attend { account: store.account().await, ..session("s1") };
    store.attend(&joins(&one, "portal", None)).await;
    let mut offline = open(&one.account);
    offline.grant.session = Some(one.session.clone());
    offline.grant.bound = false;
    store.act(Act::OpenGrant(offline.clone())).await;

    let thrown = store.switched(agency(), true, 60).await;
    assert_eq!(thrown, Thrown { changed: true, total: Total { sessions: 1, grants: 1 } });
    assert_eq!(store.attend(&one).await, Outcome::SessionOver);
    let row = store.grants.find(&offline.grant.id).await.unwrap().unwrap();
    assert_eq!(row.revoked_at, Some(later(60)), "also what was to outlive the session");
    let revoked = store.revocations.revoked_at(RevokedKind::Agency, "una");
    assert_eq!(revoked, Some(later(60)));
    assert_eq!(store.claimed(later(60), later(75)).await.len(), 1);
    let off = store.switches.load().await.unwrap();
    assert!(off.is_off(&agency()) && !off.is_off(&party()));
    let found = store.sessions.find(&one.session).await.unwrap().unwrap();
    assert_eq!(found.ended_because, "agency_off");
}

async fn a_relying_party_that_is_switched_off_loses_what_it_was_given(bench: &Bench) {
    let store = bench.store();
    let one = Attend { account: store.account().await, ..session("s1") };
    store.attend(&joins(&one, "portal", None)).await;
    store.attend(&joins(&one, "wiki", None)).await;
    let mut grants = Vec::new();
    for party in ["portal", "wiki"] {
        let mut open = open(&one.account);
        open.grant.session = Some(one.session.clone());
        open.grant.relying_party = party.parse().unwrap();
        store.act(Act::OpenGrant(open.clone())).await;
        grants.push(open.grant.id);
    }
    let thrown = store.switched(party(), true, 60).await;
    assert_eq!(thrown.total, Total { sessions: 0, grants: 1 });
    let revoked = |row: Option<crate::grants::Grant>| row.unwrap().revoked_at.is_some();
    assert!(revoked(store.grants.find(&grants[0]).await.unwrap()));
    assert!(!revoked(store.grants.find(&grants[1]).await.unwrap()));
    let told = store.claimed(later(60), later(75)).await;
    let told: Vec<_> = told.iter().map(|notice| notice.relying_party.as_str()).collect();
    assert_eq!(told, ["portal"]);
    assert_eq!(store.attend(&one).await, Outcome::Done, "the person is signed in elsewhere");
    let revoked = store.revocations.revoked_at(RevokedKind::RelyingParty, "portal");
    assert_eq!(revoked, Some(later(60)));
}

async fn a_relying_party_that_is_back_is_told_anew(bench: &Bench) {
    let store = bench.store();
    let one = session("s1");
    store.attend(&joins(&one, "portal", None)).await;
    store.switched(party(), true, 60).await;
    assert_eq!(store.claimed(later(60), later(75)).await.len(), 1);
    store.switched(party(), false, 70).await;
    let back = Attend { now: later(80), ..joins(&one, "portal", None) };
    store.attend(&back).await;
    assert_eq!(store.claimed(later(90), later(99)).await, [], "it is in the session again");
    let end = super::end(&one.session, later(600), later(100));
    let Outcome::SessionEnded { notices, .. } = store.act(Act::EndSession(end)).await else {
        panic!("not ended");
    };
    assert_eq!(notices.len(), 1);
}

async fn an_account_that_is_switched_off_signs_in_nowhere(bench: &Bench) {
    let store = bench.store();
    let account = match store.act(Act::Link(link("alice"))).await {
        Outcome::Linked { account, .. } => account,
        other => panic!("{other:?}"),
    };
    let one = Attend { account: account.clone(), ..session("s1") };
    store.attend(&one).await;
    let what = Switched::Account(account.clone());
    let thrown = store.switched(what.clone(), true, 60).await;
    assert_eq!(thrown.total.sessions, 1);
    let disabled = async || match store.act(Act::Link(link("alice"))).await {
        Outcome::Linked { disabled, .. } => disabled,
        other => panic!("{other:?}"),
    };
    assert!(disabled().await);
    assert_eq!(store.act(Act::OpenGrant(open(&account))).await, Outcome::Disabled);
    store.switched(what, false, 70).await;
    assert!(!disabled().await);
    let nobody = Switched::Account("nobody".parse().unwrap());
    assert_eq!(store.journal.switch(switch(nobody, true, 60), None).await.unwrap(), None);
}

async fn every_node_hears_of_a_switch(bench: &Bench) {
    let [a, b] = &bench.nodes;
    let versions = b.revocations.versions();
    let before = versions.borrow().switches;
    a.switched(agency(), true, 60).await;
    until(|| versions.borrow().switches > before).await;
    until(|| b.revocations.is_revoked(RevokedKind::Agency, "una")).await;
    let heard = versions.borrow().switches;
    assert!(!a.switched(agency(), true, 61).await.changed, "it is off already");
    assert!(a.switched(agency(), false, 62).await.changed);
    until(|| versions.borrow().switches == heard + 1).await;
    assert!(!b.switches.load().await.unwrap().is_off(&agency()));
    let revoked = b.revocations.revoked_at(RevokedKind::Agency, "una");
    assert!(revoked >= Some(later(60)), "what was before does not come back");
}

async fn who_slipped_in_is_out_when_it_is_put_back(bench: &Bench) {
    let [a, b] = &bench.nodes;
    a.switched(agency(), true, 60).await;
    // This node has not heard of it yet.
    let late = Attend { proven_at: later(66), started_at: later(66), ..session("s1") };
    assert_eq!(b.attend(&late).await, Outcome::Done);
    let thrown = a.switched(agency(), false, 100).await;
    assert_eq!(thrown, Thrown { changed: true, total: Total { sessions: 1, grants: 0 } });
    assert_eq!(b.attend(&late).await, Outcome::SessionOver);
    until(|| b.revocations.is_revoked(RevokedKind::Session, late.session.as_str())).await;
    assert_eq!(b.revocations.revoked_at(RevokedKind::Agency, "una"), Some(later(60)));
    // At the very moment at which it is put back people are welcome.
    let honest = Attend { proven_at: later(100), started_at: later(100), ..session("s2") };
    assert_eq!(b.attend(&honest).await, Outcome::Done);
    b.sweep(later(200)).await.unwrap();
    assert_eq!(b.attend(&honest).await, Outcome::Done);
}

async fn what_was_never_off_is_left_alone_by_switching_on(bench: &Bench) {
    let store = bench.store();
    let one = session("s1");
    store.attend(&one).await;
    let thrown = store.switched(agency(), false, 60).await;
    assert_eq!(thrown, Thrown { changed: false, total: Total::default() });
    assert_eq!(store.attend(&one).await, Outcome::Done);
    assert_eq!(store.switches.all().await.unwrap(), []);
}

async fn a_switch_is_in_the_trail_with_its_reason(bench: &Bench) {
    let store = bench.store();
    let one = session("s1");
    store.attend(&one).await;
    store.switched(agency(), true, 60).await;
    let trail = store.audit.page(None, 10).await.unwrap();
    let events: Vec<_> = trail.iter().filter_map(crate::audit::TrailRow::event).collect();
    let of = |kind| events.iter().find(|event| event.kind == kind).unwrap();
    let off = of(AuditKind::SwitchedOff);
    assert_eq!((off.reason.as_str(), off.alert), ("agency", true));
    assert_eq!(off.agency.as_ref().unwrap().as_str(), "una");
    assert_eq!((off.detail["by"].as_str(), off.detail["why"].as_str()), ("cli:root", "incident 7"));
    let ended = of(AuditKind::SessionEnded);
    assert_eq!(ended.session.as_ref(), Some(&one.session));
    assert_eq!(ended.reason, "agency_off");
    let standing = store.switches.all().await.unwrap();
    assert_eq!((standing[0].off, standing[0].since), (true, later(60)));
    assert_eq!((standing[0].by.as_str(), standing[0].reason.as_str()), ("cli:root", "incident 7"));
}

async fn a_switch_outlives_a_change_of_the_federation(bench: &Bench) {
    use crate::federation::{Changes, DocChange};
    let store = bench.store();
    let against = store.federation.version().await.unwrap();
    store.switched(agency(), true, 60).await;
    let (kind, id, text) = ("agency".to_owned(), "una".to_owned(), Some("{}".to_owned()));
    let docs = vec![DocChange { kind, id, text }];
    let applied = store.act(Act::ChangeFederation(Changes { against, docs })).await;
    assert!(matches!(applied, Outcome::Applied { .. }), "a switch is no change of the file");
    assert!(store.switches.load().await.unwrap().is_off(&agency()));
    let live = store.sessions.live(&Of::Agency("una".parse().unwrap()), NOW, NOW, None, 9).await;
    assert_eq!(live.unwrap().sessions, []);
}

async fn of_a_hundred_hands_on_one_switch_one_throws_it(bench: &Bench) {
    let mut hands = tokio::task::JoinSet::new();
    for number in 0..100 {
        let node = bench.nodes[number % 2].clone();
        hands.spawn(async move { node.switched(agency(), true, 60).await.changed });
    }
    let changed = hands.join_all().await.into_iter().filter(|changed| *changed).count();
    assert_eq!(changed, 1);
}
