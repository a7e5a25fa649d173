//! Sessions as people and help desks see them.

use std::collections::BTreeSet;

use idp_domain::{Assurance, AttributeName, assurance::Worth};

use super::{
    Bench, NOW, end, later, link, on_every_engine,
    sessions::{joins, session},
};
use crate::{
    journal::{Act, Attend, Joining, LinkIdentity, Outcome, UseSession, UsedAt},
    sessions::{Listed, Of, SourceSession},
};

on_every_engine!(
    a_listed_session_says_what_its_owner_wants_to_know,
    a_list_comes_in_pages_the_latest_first,
    what_is_over_or_unused_is_not_live,
    recent_sign_ins_hold_what_has_ended,
    a_list_by_relying_party_names_each_session_once,
    what_a_participant_was_told_is_kept,
    a_session_that_is_used_elsewhere_says_where,
    a_session_of_a_source_is_found_whatever_the_source_called_itself,
);

fn ids(sessions: &[Listed]) -> Vec<&str> {
    sessions.iter().map(|listed| listed.id.as_str()).collect()
}

fn names(names: &[&str]) -> BTreeSet<AttributeName> {
    names.iter().map(|name| AttributeName::parse(name).unwrap()).collect()
}

/// A session of one account that began so many seconds after now.
fn begun(first: &Attend, seconds: u32) -> Attend {
    let at = later(seconds);
    let other = Attend { started_at: at, proven_at: at, now: at, ..session("s") };
    Attend { account: first.account.clone(), ..other }
}

async fn a_listed_session_says_what_its_owner_wants_to_know(bench: &Bench) {
    let store = bench.store();
    let one = Attend { shared: true, device: Some("d1".parse().unwrap()), ..session("s1") };
    store.attend(&joins(&one, "rp1", None)).await;
    let listed = store.sessions.find(&one.session).await.unwrap().unwrap();
    assert_eq!((&listed.id, &listed.account), (&one.session, &one.account));
    assert_eq!(listed.source.as_str(), "una");
    assert_eq!(listed.agency.as_ref().unwrap().as_str(), "una");
    assert_eq!((listed.started_at, listed.used_at, listed.ends_at), (NOW, NOW, later(3_600)));
    assert_eq!(
        (listed.address.as_str(), listed.browser.as_str()),
        ("192.0.2.1", "Firefox · Linux")
    );
    assert_eq!(listed.worth, Worth::TWO_FACTORS);
    assert!(listed.shared && listed.device == one.device);
    assert_eq!((listed.ended_at, listed.ended_because.as_str()), (None, ""));
    assert_eq!(listed.services.len(), 1);
    assert_eq!(listed.services[0].relying_party.as_str(), "rp1");
    // A second proof, worth more.
    let worth = Worth { assurance: Assurance::Aal3, phishing_resistant: true };
    let proven = Attend { worth, now: later(60), proven_at: later(60), ..one.clone() };
    store.attend(&proven).await;
    let listed = store.sessions.find(&one.session).await.unwrap().unwrap();
    assert_eq!((listed.worth, listed.started_at, listed.used_at), (worth, NOW, later(60)));
    assert_eq!(store.sessions.find(&"none".parse().unwrap()).await.unwrap(), None);
}

async fn a_list_comes_in_pages_the_latest_first(bench: &Bench) {
    let store = bench.store();
    let first = session("s1");
    let mut all = vec![first.clone()];
    store.attend(&first).await;
    for seconds in [10, 10, 20, 30] {
        let other = begun(&first, seconds);
        store.attend(&other).await;
        all.push(other);
    }
    store.attend(&session("of somebody else")).await;
    all.sort_by_key(|one| std::cmp::Reverse((one.started_at, one.session.clone())));
    let all: Vec<_> = all.iter().map(|one| one.session.as_str()).collect();
    let of = Of::Account(first.account.clone());
    let (mut after, mut seen) = (None, Vec::new());
    for _ in 0..4 {
        let page = store.sessions.live(&of, later(60), NOW, after.as_ref(), 2).await.unwrap();
        seen.extend(page.sessions);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(ids(&seen), all);
    for of in [Of::Agency("una".parse().unwrap()), Of::Source("una".parse().unwrap())] {
        let page = store.sessions.live(&of, later(60), NOW, None, 100).await.unwrap();
        assert_eq!((page.sessions.len(), page.next), (6, None));
    }
    let none = Of::Agency("unb".parse().unwrap());
    assert_eq!(store.sessions.live(&none, later(60), NOW, None, 9).await.unwrap().sessions, []);
}

async fn what_is_over_or_unused_is_not_live(bench: &Bench) {
    let store = bench.store();
    let one = session("s1");
    store.attend(&one).await;
    let of = Of::Account(one.account.clone());
    let live = async |now, used_since| {
        store.sessions.live(&of, now, used_since, None, 9).await.unwrap().sessions.len()
    };
    assert_eq!(live(later(3_599), NOW).await, 1);
    assert_eq!(live(later(3_600), NOW).await, 0, "its time is up");
    assert_eq!(live(later(60), later(1)).await, 0, "nobody has used it since");
    store.act(Act::EndSession(end(&one.session, later(60), NOW))).await;
    assert_eq!(live(later(1), NOW).await, 0);
}

async fn recent_sign_ins_hold_what_has_ended(bench: &Bench) {
    let store = bench.store();
    let one = session("s1");
    let two = begun(&one, 60);
    store.attend(&joins(&one, "rp1", None)).await;
    store.attend(&two).await;
    store.act(Act::EndSession(end(&one.session, later(60), later(30)))).await;
    let page = store.sessions.recent(&one.account, None, 10).await.unwrap();
    assert_eq!(ids(&page.sessions), [two.session.as_str(), one.session.as_str()]);
    let ended = &page.sessions[1];
    assert_eq!((ended.ended_at, ended.ended_because.as_str()), (Some(later(30)), "person"));
    assert_eq!(ended.services.len(), 1);
}

async fn a_list_by_relying_party_names_each_session_once(bench: &Bench) {
    let store = bench.store();
    let one = session("s1");
    let two = begun(&one, 10);
    for (attend, farewell) in [(&one, "a"), (&two, "b"), (&one, "c")] {
        store.attend(&joins(attend, "sp1", Some(farewell))).await;
    }
    store.attend(&joins(&session("s3"), "rp2", None)).await;
    let of = Of::RelyingParty("sp1".parse().unwrap());
    let (mut after, mut seen) = (None, BTreeSet::new());
    for _ in 0..5 {
        let page = store.sessions.live(&of, later(60), NOW, after.as_ref(), 1).await.unwrap();
        assert!(page.sessions.iter().all(|listed| listed.services.len() == 1));
        seen.extend(page.sessions.into_iter().map(|listed| listed.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [one.session, two.session].into());
}

async fn what_a_participant_was_told_is_kept(bench: &Bench) {
    let store = bench.store();
    let one = session("s1");
    let told = |released: &[&str]| Attend {
        joins: Some(Joining {
            relying_party: "rp1".parse().unwrap(),
            farewell: None,
            released: names(released),
        }),
        ..one.clone()
    };
    store.attend(&told(&["mail"])).await;
    store.attend(&told(&["mail", "displayName"])).await;
    let listed = store.sessions.find(&one.session).await.unwrap().unwrap();
    assert_eq!(listed.services[0].released, names(&["displayName", "mail"]));
    assert_eq!(listed.services[0].since, NOW);
}

async fn a_session_that_is_used_elsewhere_says_where(bench: &Bench) {
    let store = bench.store();
    let one = session("s1");
    store.attend(&one).await;
    let place = UsedAt { address: "198.51.100.7".to_owned(), browser: "Chrome".to_owned() };
    let used = UseSession { session: one.session.clone(), place, now: later(120) };
    assert_eq!(store.act(Act::UseSession(used.clone())).await, Outcome::Done);
    let listed = store.sessions.find(&one.session).await.unwrap().unwrap();
    assert_eq!((listed.used_at, listed.address.as_str()), (later(120), "198.51.100.7"));
    store.act(Act::EndSession(end(&one.session, later(600), later(130)))).await;
    assert_eq!(store.act(Act::UseSession(used)).await, Outcome::SessionOver);
}

async fn a_session_of_a_source_is_found_whatever_the_source_called_itself(bench: &Bench) {
    let store = bench.store();
    let own = session("s1");
    for (person, issuer) in [("a", "https://a.example"), ("b", "https://b.example")] {
        for source in [own.source.source.clone(), "elsewhere".parse().unwrap()] {
            let issuer = issuer.to_owned();
            store.act(Act::Link(LinkIdentity { source, issuer, ..link(person) })).await;
        }
    }
    let called = |issuer: &str, mark: &str| {
        let mark = Some(mark.to_owned());
        let source = SourceSession { issuer: issuer.to_owned(), mark, ..own.source.clone() };
        Attend { account: own.account.clone(), source, ..session("s") }
    };
    let old = called("https://a.example", "m1");
    let new = called("https://b.example", "m2");
    for one in [&old, &new] {
        store.attend(one).await;
    }
    let found = async |source: &str, mark: &str| {
        let of = store.sessions.of_source_session(&source.parse().unwrap(), mark).await.unwrap();
        let page = store.sessions.live(&of, NOW, NOW, None, 10).await.unwrap();
        page.sessions.into_iter().map(|listed| listed.id).collect::<Vec<_>>()
    };
    let source = own.source.source.as_str();
    assert_eq!(found(source, "m1").await, [old.session]);
    assert_eq!(found(source, "m2").await, [new.session]);
    assert_eq!(found(source, "m3").await, []);
    assert_eq!(found("elsewhere", "m1").await, []);
    assert_eq!(found("unknown", "m1").await, []);
}
