//! Tests of logging out: a real database in memory, and participants that answer, fail or hang.
//!
//! Length: one scene, and what becomes of a logout in it, one behaviour after the other.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use idp_domain::{
    AccountId, Assurance, AttributeSet, AuthenticationEvent, Identity, Lifetime, Logout, Session,
    SessionId, Timestamp,
    assurance::Worth,
    identity::SourceSubject,
    logout::{Beginner, Leaving, Standing, Step, Way},
};
use idp_store::{
    Shelf, Store,
    journal::{Act, Attend, By, Joining, Outcome, Unit, UsedAt},
    revocations::RevokedKind,
    sessions::{EndSessions, Of, SourceSession},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Barrier,
};

use super::{Envoy, Letter, SigningOut, Telling};
use crate::{
    Broker, Handle, LiveSession,
    random::draw,
    testing::{self, NOW, visit},
};

fn later(seconds: u32) -> Timestamp {
    NOW + Lifetime::seconds(seconds)
}

/// How the participants of a test are told, by name.
type Ways = Arc<Mutex<Vec<(&'static str, Told)>>>;

#[derive(Clone)]
enum Told {
    At(String),
    By(Way),
    AtOrBy(String, Way),
}

/// A broker, and how its participants are told.
struct House {
    broker: Broker,
    store: Store,
    ways: Ways,
}

impl House {
    async fn new() -> Self {
        let store = testing::store().await;
        let broker = testing::broker(&store, &Arc::new(Shelf::memory(1_000)), &testing::sealer());
        let ways = Ways::default();
        let known = Arc::clone(&ways);
        broker.speak_through(Envoy {
            farewell: Box::new(|_| None),
            tell: Box::new(move |notice, _| {
                let ways = known.lock().unwrap();
                let party = notice.relying_party.as_str();
                let way = ways.iter().find(|(name, _)| *name == party);
                match way.map(|(_, told)| told.clone()) {
                    Some(Told::At(url)) => Telling::Letter(letter(&url, None)),
                    Some(Told::AtOrBy(url, way)) => Telling::Letter(letter(&url, Some(way))),
                    Some(Told::By(way)) => Telling::Browser(way),
                    None => Telling::Mute,
                }
            }),
        });
        Self { broker, store, ways }
    }

    fn told(&self, party: &'static str, told: Told) {
        let mut ways = self.ways.lock().unwrap();
        ways.retain(|(name, _)| *name != party);
        ways.push((party, told));
    }

    /// A live session in which these take part.
    async fn session(&self, parties: &[&str]) -> LiveSession {
        let session = Session {
            id: SessionId::from_random(draw().unwrap()),
            account: AccountId::from_random(draw().unwrap()),
            events: vec![event()],
            proofs: Vec::new(),
            participants: Vec::new(),
            started_at: NOW,
            ends_at: later(3_600),
            used_at: NOW,
            shared: false,
            device: None,
            whereabouts: None,
        };
        let handle = Handle::draw().unwrap();
        self.broker.shelve_session(&handle, &session, &visit(NOW)).await.unwrap();
        for party in parties {
            let attend = Attend {
                session: session.id.clone(),
                account: session.account.clone(),
                started_at: NOW,
                ends_at: session.ends_at,
                agency: "una".parse().unwrap(),
                proven_at: NOW,
                worth: Worth::ONE_FACTOR,
                place: UsedAt::default(),
                shared: false,
                device: None,
                source: SourceSession {
                    source: "una".parse().unwrap(),
                    issuer: "https://idp.una.example".to_owned(),
                    name: "alice".to_owned(),
                    mark: None,
                },
                joins: Some(Joining {
                    relying_party: party.parse().unwrap(),
                    farewell: None,
                    released: BTreeSet::new(),
                }),
                now: NOW,
            };
            let unit = Unit::new(Act::Attend(attend), Vec::new());
            assert_eq!(self.store.journal.commit(unit).await.unwrap(), Outcome::Done);
        }
        // The broker believes in no session until it has heard from the database.
        while !self.store.revocations.is_fresh() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.broker.session(&handle, NOW).await.unwrap().unwrap()
    }

    async fn standing(&self, logout: &mut Logout, party: &str) -> Standing {
        self.broker.look_after(logout).await.unwrap();
        of(logout, party).standing
    }

    /// What the trail says about logouts: kind, party and reason, oldest first.
    async fn trail(&self) -> Vec<String> {
        let rows = self.store.audit.page(None, 100).await.unwrap();
        let events = rows.into_iter().filter_map(|row| row.event());
        let told = events.filter(|event| event.kind.as_str().starts_with("logout."));
        let mut lines: Vec<_> = told
            .map(|event| {
                let party = event.relying_party.map(|party| party.as_str().to_owned());
                format!("{} {} {}", event.kind.as_str(), party.unwrap_or_default(), event.reason)
            })
            .collect();
        lines.sort();
        lines
    }
}

fn event() -> AuthenticationEvent {
    AuthenticationEvent {
        identity: Identity {
            source: "una".parse().unwrap(),
            issuer: "https://idp.una.example".into(),
            subject: SourceSubject::parse("alice").unwrap(),
            attributes: AttributeSet::default(),
        },
        agency: "una".parse().unwrap(),
        authenticated_at: Some(NOW),
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
    }
}

fn letter(url: &str, otherwise: Option<Way>) -> Letter {
    Letter {
        url: url.parse().unwrap(),
        content_type: "text/plain",
        header: Some(("soapaction", "x")),
        body: b"over".to_vec(),
        confirm: Box::new(|reply| if reply.status == 200 { Ok(()) } else { Err("refused") }),
        otherwise,
    }
}

fn of<'a>(logout: &'a Logout, party: &str) -> &'a Leaving {
    logout.leaving.iter().find(|leaving| leaving.relying_party.as_str() == party).unwrap()
}

fn out(live: &LiveSession) -> SigningOut {
    SigningOut::of(&live.session, Beginner::Person)
}

/// What a participant does with a letter.
#[derive(Clone)]
enum Mood {
    Status(u16),
    Hang,
    /// Answers once so many were asked.
    Together(Arc<Barrier>),
}

/// A participant on loopback: its address, and how many letters it got.
async fn participant(mood: Mood) -> (String, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/logout", listener.local_addr().unwrap());
    let got = Arc::new(Mutex::new(0));
    let count = Arc::clone(&got);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, mood.clone(), Arc::clone(&count)));
        }
    });
    (url, got)
}

async fn serve(mut stream: TcpStream, mood: Mood, count: Arc<Mutex<usize>>) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\nover") {
        let Ok(byte) = stream.read_u8().await else { return };
        request.push(byte);
    }
    *count.lock().unwrap() += 1;
    let status = match mood {
        Mood::Status(status) => status,
        Mood::Together(barrier) => {
            barrier.wait().await;
            200
        }
        Mood::Hang => std::future::pending().await,
    };
    let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let _ = stream.write_all(answer.as_bytes()).await;
}

#[tokio::test]
async fn lgo_04_a_participant_that_hangs_does_not_hold_up_the_logout() {
    let house = House::new().await;
    let (url, _) = participant(Mood::Hang).await;
    house.told("rp2", Told::At(url));
    let live = house.session(&["rp2"]).await;
    let begun = std::time::Instant::now();
    let (mut logout, underway) = house.broker.sign_out(out(&live), &visit(NOW)).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    // It is over, for good, before anybody has answered.
    let revoked = house.broker.revoked_at(RevokedKind::Session, live.session.id.as_str());
    assert_eq!(revoked.unwrap(), Some(NOW));
    assert!(house.broker.session(&live.handle, NOW).await.unwrap().is_none());
    assert_eq!(house.standing(&mut logout, "rp2").await, Standing::Waiting);
    underway.wait(Duration::from_secs(10)).await;
    assert!(begun.elapsed() < Duration::from_secs(6), "three seconds a participant");
    assert_eq!(house.standing(&mut logout, "rp2").await, Standing::Failed);
    assert_eq!(house.trail().await, ["logout.failed rp2 fetch.peer.slow"]);
}

#[tokio::test]
async fn everybody_is_told_at_the_same_time() {
    let house = House::new().await;
    let together = Arc::new(Barrier::new(5));
    for party in ["rp1", "rp2", "rp3", "rp4", "rp5"] {
        let (url, _) = participant(Mood::Together(together.clone())).await;
        house.told(party, Told::At(url));
    }
    let live = house.session(&["rp1", "rp2", "rp3", "rp4", "rp5"]).await;
    let (mut logout, underway) = house.broker.sign_out(out(&live), &visit(NOW)).await.unwrap();
    underway.wait(Duration::from_secs(10)).await;
    house.broker.look_after(&mut logout).await.unwrap();
    assert!(logout.leaving.iter().all(|leaving| leaving.standing == Standing::Out));
}

#[tokio::test]
async fn lgo_04_who_did_not_answer_is_told_again_three_times_and_no_more() {
    let house = House::new().await;
    let (down, got) = participant(Mood::Status(503)).await;
    house.told("rp2", Told::At(down));
    let live = house.session(&["rp2"]).await;
    let (mut logout, underway) = house.broker.sign_out(out(&live), &visit(NOW)).await.unwrap();
    underway.wait(Duration::from_secs(10)).await;
    assert_eq!(house.standing(&mut logout, "rp2").await, Standing::Failed);
    let mut now = NOW;
    assert_eq!(house.broker.tell_due(later(59)).await.unwrap(), 0, "not so soon");
    for pause in [60, 1_800, 43_200] {
        now = now + Lifetime::seconds(pause);
        assert_eq!(house.broker.tell_due(now).await.unwrap(), 1);
    }
    now = now + Lifetime::hours(24 * 30);
    assert_eq!(house.broker.tell_due(now).await.unwrap(), 0, "given up");
    assert_eq!(*got.lock().unwrap(), 4);
}

#[tokio::test]
async fn lgo_04_who_is_back_hears_of_it_once() {
    let house = House::new().await;
    let (down, _) = participant(Mood::Status(503)).await;
    house.told("rp2", Told::At(down));
    let live = house.session(&["rp2"]).await;
    let (mut logout, underway) = house.broker.sign_out(out(&live), &visit(NOW)).await.unwrap();
    underway.wait(Duration::from_secs(10)).await;
    let (up, got) = participant(Mood::Status(200)).await;
    house.told("rp2", Told::At(up));
    assert_eq!(house.broker.tell_due(later(60)).await.unwrap(), 1);
    assert_eq!(house.standing(&mut logout, "rp2").await, Standing::Out);
    assert_eq!(house.broker.tell_due(later(100_000)).await.unwrap(), 0);
    assert_eq!(*got.lock().unwrap(), 1);
    assert_eq!(house.trail().await, ["logout.failed rp2 refused", "logout.told rp2 out"]);
}

#[tokio::test]
async fn slo_06_a_node_that_dies_before_it_tells_anybody_leaves_that_to_others() {
    let house = House::new().await;
    let (url, got) = participant(Mood::Status(200)).await;
    let live = house.session(&["rp1"]).await;
    // The end is committed, and the node is heard of no more.
    let found = super::found(&live.session);
    house.broker.end(&found, None, "person", &visit(NOW)).await.unwrap();
    house.told("rp1", Told::At(url));
    assert_eq!(house.broker.tell_due(later(14)).await.unwrap(), 0);
    assert_eq!(house.broker.tell_due(later(15)).await.unwrap(), 1);
    assert_eq!(*got.lock().unwrap(), 1);
}

#[tokio::test]
async fn everybody_hears_of_sessions_that_were_ended_by_the_hundred() {
    let house = House::new().await;
    let (url, got) = participant(Mood::Status(200)).await;
    house.told("rp1", Told::At(url));
    for _ in 0..150 {
        house.session(&["rp1"]).await;
    }
    let of = Of::Agency("una".parse().unwrap());
    let end = EndSessions { of, except: None, offline: true, because: "soc", now: later(60) };
    let total = house.broker.end_sessions(end, &By::default()).await.unwrap();
    assert_eq!(total.sessions, 150);
    // More than are told at once: the same turn goes on until nobody is left.
    assert_eq!(house.broker.tell_due(later(60)).await.unwrap(), 150);
    assert_eq!(*got.lock().unwrap(), 150);
    assert_eq!(house.broker.tell_due(later(100_000)).await.unwrap(), 0);
}

#[tokio::test]
async fn who_needs_the_browser_waits_for_it_and_fails_without_one() {
    let house = House::new().await;
    house.told("sp1", Told::By(Way::Visit));
    house.told("rp1", Told::By(Way::Frame));
    let parties = ["sp1", "rp1", "rp9"];
    let live = house.session(&parties).await;
    let (mut logout, underway) = house.broker.sign_out(out(&live), &visit(NOW)).await.unwrap();
    underway.wait(Duration::from_secs(10)).await;
    let ways: Vec<_> = parties.map(|party| of(&logout, party).way).into();
    assert_eq!(ways, [Way::Visit, Way::Frame, Way::None]);
    assert_eq!(logout.advance(NOW), Step::Frames);
    assert!(logout.upstream.is_some() && logout.own);

    let live = house.session(&parties).await;
    let wish = SigningOut { by_browser: false, ..out(&live) };
    let (mut logout, underway) = house.broker.sign_out(wish, &visit(NOW)).await.unwrap();
    underway.wait(Duration::from_secs(10)).await;
    let stand: Vec<_> = parties.map(|party| of(&logout, party).standing).into();
    assert_eq!(stand, [Standing::Failed, Standing::Failed, Standing::Mute]);
    assert_eq!(logout.advance(NOW), Step::Answer);
    assert_eq!(house.broker.tell_due(later(100_000)).await.unwrap(), 0, "nothing to try again");
}

#[tokio::test]
async fn whom_a_letter_does_not_reach_the_browser_reaches() {
    let house = House::new().await;
    let (url, _) = participant(Mood::Status(500)).await;
    house.told("sp1", Told::AtOrBy(url, Way::Visit));
    let live = house.session(&["sp1"]).await;
    let wish = SigningOut { upstream: None, ..out(&live) };
    let (mut logout, underway) = house.broker.sign_out(wish, &visit(NOW)).await.unwrap();
    underway.wait(Duration::from_secs(10)).await;
    house.broker.look_after(&mut logout).await.unwrap();
    assert_eq!(logout.advance(NOW), Step::Visit(0));
    logout.visits(0, "q".to_owned(), NOW);
    let leaving = logout.answers(&"sp1".parse().unwrap(), "q", true).cloned().unwrap();
    house.broker.heard_by_browser(&leaving, leaving.standing, &visit(NOW)).await.unwrap();
    assert_eq!(house.broker.tell_due(later(100_000)).await.unwrap(), 0, "it has said it is out");
}

#[tokio::test]
async fn a_browser_that_comes_with_its_cookie_later_brings_the_source_along() {
    let house = House::new().await;
    let live = house.session(&["rp1"]).await;
    let other = house.session(&["rp1"]).await;
    let wish = SigningOut { upstream: None, ..out(&live) };
    let (mut logout, _) = house.broker.sign_out(wish, &visit(NOW)).await.unwrap();
    assert!(!house.broker.adopt(&mut logout, &other.handle).await.unwrap());
    assert!(!logout.own && logout.upstream.is_none());
    assert!(house.broker.adopt(&mut logout, &live.handle).await.unwrap());
    assert!(logout.own && logout.upstream.is_some());
    assert!(!house.broker.adopt(&mut logout, &live.handle).await.unwrap(), "it is off the shelf");
    assert!(house.broker.session(&other.handle, NOW).await.unwrap().is_some());
}

#[tokio::test]
async fn a_logout_is_kept_moved_on_and_finished_once() {
    let house = House::new().await;
    let live = house.session(&[]).await;
    let (logout, _) = house.broker.sign_out(out(&live), &visit(NOW)).await.unwrap();
    house.broker.keep_logout(&logout).await.unwrap();
    let held = house.broker.logout(&logout.id, NOW).await.unwrap().unwrap();
    assert_eq!(held.value, logout);
    assert!(house.broker.keep_logout_on(&logout, &held.version).await.unwrap());
    assert!(!house.broker.keep_logout_on(&logout, &held.version).await.unwrap(), "too late");
    assert!(house.broker.logout(&logout.id, later(600)).await.unwrap().is_none(), "too old");
    assert!(house.broker.finish_logout(&logout.id).await.unwrap());
    assert!(!house.broker.finish_logout(&logout.id).await.unwrap());
}
