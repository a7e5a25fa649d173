//! How long sessions count, what ends them, and what is seen of a stolen one.
//!
//! Length: one scene of two nodes, and each thing that can happen to a session in it.

use std::{net::IpAddr, sync::Arc, time::Duration};

use idp_domain::{
    AccountId, Agency, AgencyId, Ask, Assurance, AttributeName, AttributeSet, AuditEvent,
    AuthenticationEvent, Begun, Connector, FactorRules, Identity, Inbound, Kept, Lifetime,
    Localized, Participant, Pending, Progress, Refusal, Session, SessionId, Source, Switched,
    Timestamp, Trust, audit::AuditKind, identity::SourceSubject, session::Narrower,
    source::SourceKind,
};
use idp_store::{
    Shelf, Store,
    journal::{By, Outcome},
    letters::TakeLetters,
    sessions::{EndSessions, Of},
    switches::Switch,
};

use crate::{
    Broker, Catalog, Handle, LiveSession, Visit,
    random::draw,
    testing::{self, NOW},
};

fn later(seconds: u32) -> Timestamp {
    NOW + Lifetime::seconds(seconds)
}

/// Two nodes over one database and one shelf.
struct House {
    nodes: [Broker; 2],
    store: Store,
}

/// A source that lets nobody in: sessions are made without it here.
struct Closed;

impl Connector for Closed {
    fn begin<'a>(&'a self, _: &'a Ask) -> Pending<'a, Begun> {
        Box::pin(async { Ok(Begun::Refused(Refusal::NoSource)) })
    }

    fn resume(&self, _: Kept, _: Inbound) -> Pending<'_, Progress> {
        Box::pin(async { Ok(Progress::Refused(Refusal::NoSource)) })
    }
}

fn catalog(sessions: Narrower, enabled: bool) -> Arc<Catalog> {
    let agency = Agency {
        id: "una".parse().unwrap(),
        names: Localized::default(),
        aliases: Vec::new(),
        domains: Vec::new(),
        scopes: Vec::new(),
        logo: None,
        contacts: Vec::new(),
        factors: FactorRules::default(),
        sessions,
        enabled: true,
    };
    let source = Source {
        id: "una".parse().unwrap(),
        agency: "una".parse().unwrap(),
        names: Localized::default(),
        kind: SourceKind::Oidc,
        trust: Trust::default(),
        enabled,
    };
    Arc::new(Catalog::new([agency], [(source, Arc::new(Closed) as Arc<dyn Connector>)], []))
}

impl House {
    async fn new() -> Self {
        let (store, shelf, sealer) =
            (testing::store().await, Arc::new(Shelf::memory(1_000)), testing::sealer());
        let nodes = [(); 2].map(|()| testing::broker(&store, &shelf, &sealer));
        for node in &nodes {
            node.replace_catalog(catalog(Narrower::default(), true));
        }
        // A node believes in no session until it has heard from the database.
        while !store.revocations.is_fresh() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Self { nodes, store }
    }

    fn broker(&self) -> &Broker {
        &self.nodes[0]
    }

    async fn session(&self) -> Handle {
        self.begun(|_| {}).await
    }

    /// A session of Alice that began now.
    async fn begun(&self, change: impl FnOnce(&mut Session)) -> Handle {
        let mut session = Session {
            id: SessionId::from_random(draw().unwrap()),
            account: AccountId::from_random(draw().unwrap()),
            events: vec![event()],
            proofs: Vec::new(),
            participants: Vec::new(),
            started_at: NOW,
            ends_at: NOW + Lifetime::hours(12),
            used_at: NOW,
            shared: false,
            device: None,
            whereabouts: None,
        };
        change(&mut session);
        let visit = at(NOW, OFFICE);
        assert!(self.broker().attend(&session, None, Vec::new(), &visit).await.unwrap());
        let handle = Handle::draw().unwrap();
        self.broker().shelve_session(&handle, &session, &visit).await.unwrap();
        handle
    }

    async fn find(&self, handle: &Handle, now: Timestamp) -> Option<LiveSession> {
        self.broker().session(handle, now).await.unwrap()
    }

    async fn trail(&self, kind: AuditKind) -> Vec<AuditEvent> {
        let rows = self.store.audit.page(None, 100).await.unwrap();
        let events = rows.into_iter().filter_map(|row| row.event());
        events.filter(|event| event.kind == kind).collect()
    }
}

fn event() -> AuthenticationEvent {
    let mut attributes = AttributeSet::default();
    attributes.add(AttributeName::parse("mail").unwrap(), "alice@una.example".to_owned());
    AuthenticationEvent {
        identity: Identity {
            source: "una".parse().unwrap(),
            issuer: "https://idp.una.example".into(),
            subject: SourceSubject::parse("alice").unwrap(),
            attributes,
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

const OFFICE: (&str, &str) = ("192.0.2.17", "Firefox · Linux");
const ELSEWHERE: (&str, &str) = ("198.51.100.4", "Chrome · Windows");

fn at(now: Timestamp, (address, browser): (&str, &str)) -> Visit {
    let address: IpAddr = address.parse().unwrap();
    Visit { address, browser: browser.to_owned(), ..testing::visit(now) }
}

#[tokio::test]
async fn a_session_that_nobody_uses_is_over_and_looking_is_no_use_of_it() {
    let house = House::new().await;
    let handle = house.session().await;
    for minutes in [20, 40, 60] {
        assert!(house.find(&handle, later(minutes * 60)).await.is_some(), "{minutes} minutes");
    }
    assert!(house.find(&handle, later(3_601)).await.is_none());
}

#[tokio::test]
async fn a_session_that_is_used_goes_on_until_its_day_is_over() {
    let house = House::new().await;
    let handle = house.session().await;
    for half_hours in 1..24 {
        let now = later(half_hours * 1_800);
        let live = house.find(&handle, now).await.unwrap();
        assert!(house.broker().keep_using(&live, Vec::new(), &at(now, OFFICE)).await.unwrap());
    }
    assert!(house.find(&handle, later(12 * 3_600 - 1)).await.is_some());
    assert!(house.find(&handle, later(12 * 3_600)).await.is_none());
}

#[tokio::test]
async fn a_use_is_written_once_a_minute_at_most() {
    let house = House::new().await;
    let handle = house.session().await;
    let mut writings = std::collections::HashSet::new();
    for seconds in (0..180).step_by(5) {
        let now = later(seconds);
        let live = house.find(&handle, now).await.unwrap();
        house.broker().keep_using(&live, Vec::new(), &at(now, OFFICE)).await.unwrap();
        let live = house.find(&handle, now).await.unwrap();
        assert!(now.since(live.session.used_at) < Lifetime::minutes(1));
        writings.insert(live.session.used_at);
    }
    assert_eq!(writings.len(), 3);
    let id = house.find(&handle, later(180)).await.unwrap().session.id;
    let row = house.broker().session_by_id(&id).await.unwrap().unwrap();
    assert_eq!(row.used_at, later(120), "help desks know it too");
}

#[tokio::test]
async fn an_agency_narrows_the_life_of_its_sessions_and_never_widens_it() {
    let house = House::new().await;
    let (idle, old) = (house.session().await, house.session().await);
    let narrow = Narrower { idle: Some(10), absolute: Some(30), factor: None };
    house.broker().replace_catalog(catalog(narrow, true));
    assert!(house.find(&idle, later(600)).await.is_some());
    assert!(house.find(&idle, later(601)).await.is_none());
    for minutes in [9, 18, 27] {
        let now = later(minutes * 60);
        let live = house.find(&old, now).await.unwrap();
        house.broker().keep_using(&live, Vec::new(), &at(now, OFFICE)).await.unwrap();
    }
    assert!(house.find(&old, later(1_800)).await.is_none());
    let wide = Narrower { idle: Some(9_999), absolute: Some(9_999), factor: None };
    house.broker().replace_catalog(catalog(wide, true));
    assert!(house.find(&idle, later(3_601)).await.is_none());
}

#[tokio::test]
async fn a_session_in_a_shared_browser_is_idle_sooner() {
    let house = House::new().await;
    let handle = house.begun(|session| session.shared = true).await;
    assert!(house.find(&handle, later(900)).await.is_some());
    assert!(house.find(&handle, later(901)).await.is_none());
}

#[tokio::test]
async fn what_an_agency_or_a_source_vouched_for_ends_at_once() {
    for of in [Of::Agency("una".parse().unwrap()), Of::Source("una".parse().unwrap())] {
        let house = House::new().await;
        let handle = house.session().await;
        let end =
            EndSessions { of, except: None, offline: false, because: "help_desk", now: later(60) };
        house.broker().end_sessions(end, &By::default()).await.unwrap();
        for node in &house.nodes {
            assert!(node.session(&handle, later(61)).await.unwrap().is_none());
        }
        let lies = house.broker().sessions.find(handle.as_str()).await.unwrap();
        assert!(lies.is_none(), "whoever finds it takes it off the shelf");
        let fresh = |session: &mut Session| {
            session.started_at = later(62);
            session.events[0].received_at = later(62);
        };
        let again = house.begun(fresh).await;
        assert!(house.find(&again, later(63)).await.is_some(), "signing in again works");
    }
}

#[tokio::test]
async fn sessions_of_a_source_that_is_out_of_use_do_not_count_while_it_is() {
    let house = House::new().await;
    let handle = house.session().await;
    house.broker().replace_catalog(catalog(Narrower::default(), false));
    assert!(house.find(&handle, later(1)).await.is_none());
    house.broker().replace_catalog(catalog(Narrower::default(), true));
    assert!(house.find(&handle, later(1)).await.is_some());
}

#[tokio::test]
async fn a_relying_party_that_was_out_of_use_is_no_participant_any_more() {
    let house = House::new().await;
    let told = |name: &str| Participant {
        relying_party: name.parse().unwrap(),
        since: NOW,
        farewell: None,
        released: [].into(),
    };
    let parties = vec![told("portal"), told("wiki")];
    let handle = house.begun(|session| session.participants = parties).await;
    let what = Switched::RelyingParty("portal".parse().unwrap());
    let (by, reason) = ("cli".to_owned(), "test".to_owned());
    let switch = Switch { what, off: true, by, reason, now: later(60) };
    house.store.journal.switch(switch, None).await.unwrap();
    let live = house.find(&handle, later(61)).await.unwrap();
    let left: Vec<_> = live.session.participants.iter().map(|one| &one.relying_party).collect();
    assert_eq!(left, [&"wiki".parse().unwrap()]);
}

#[tokio::test]
async fn whoever_was_told_takes_a_session_along_that_is_ended_by_its_relying_party() {
    let house = House::new().await;
    let participant = Participant {
        relying_party: "portal".parse().unwrap(),
        since: NOW,
        farewell: None,
        released: [].into(),
    };
    let handle = house.begun(|session| session.participants = vec![participant]).await;
    let other = house.session().await;
    let of = Of::RelyingParty("portal".parse().unwrap());
    let end = EndSessions { of, except: None, offline: false, because: "soc", now: later(60) };
    house.broker().end_sessions(end, &By::default()).await.unwrap();
    assert!(house.find(&handle, later(61)).await.is_none());
    assert!(house.find(&other, later(61)).await.is_some());
}

#[tokio::test]
async fn two_requests_at_once_both_use_a_session() {
    let house = House::new().await;
    let handle = house.session().await;
    let now = later(120);
    let live = house.find(&handle, now).await.unwrap();
    let told = |name: &str| Participant {
        relying_party: name.parse().unwrap(),
        since: now,
        farewell: None,
        released: [].into(),
    };
    // Both found the same writing.
    for (node, name) in house.nodes.iter().zip(["portal", "wiki"]) {
        let told = told(name);
        let visit = at(now, OFFICE);
        node.update(&live, &visit, |session| session.tell(told.clone())).await.unwrap();
    }
    let live = house.find(&handle, now).await.unwrap();
    assert_eq!((live.session.participants.len(), live.session.used_at), (2, now));
}

/// A thief goes on with Alice's cookie, and so does she.
async fn steal(house: &House, handle: &Handle) -> Vec<bool> {
    let mut found = Vec::new();
    for (turn, place) in [OFFICE, ELSEWHERE, OFFICE, ELSEWHERE].into_iter().enumerate() {
        let seconds = u32::try_from(turn).unwrap() * 10;
        let visit = at(later(seconds), place);
        // Each request of theirs may come to another node.
        let node = &house.nodes[turn % 2];
        found.push(node.recognize(handle, &visit).await.unwrap().is_some());
    }
    found
}

#[tokio::test]
async fn ses_21_a_session_in_two_places_is_reported_once_and_its_owner_hears_of_it() {
    let house = House::new().await;
    let handle = house.session().await;
    assert_eq!(steal(&house, &handle).await, [true; 4], "reported, and not more");
    let reported = house.trail(AuditKind::SessionSuspicious).await;
    assert_eq!(reported.len(), 1);
    let live = house.find(&handle, later(60)).await.unwrap();
    assert!(reported[0].alert && reported[0].session == Some(live.session.id));
    assert_eq!(reported[0].reason, "goes_on");
    let take = TakeLetters { now: later(60), until: later(90), most: 10 };
    let unit = idp_store::Unit::new(idp_store::Act::TakeLetters(take), Vec::new());
    let Outcome::Letters { letters } = house.store.journal.commit(unit).await.unwrap() else {
        panic!("no letters");
    };
    assert_eq!(letters.len(), 1);
}

#[tokio::test]
async fn ses_21_a_session_in_two_places_ends_where_that_is_wanted() {
    let mut house = House::new().await;
    for node in &mut house.nodes {
        node.end_suspicious = true;
    }
    let handle = house.session().await;
    assert_eq!(steal(&house, &handle).await, [true, true, false, false]);
    let ended = house.trail(AuditKind::SessionEnded).await;
    assert_eq!((ended.len(), ended[0].reason.as_str()), (1, "suspicious"));
}

#[tokio::test]
async fn ses_21_a_person_who_travels_is_not_reported() {
    let house = House::new().await;
    let handle = house.session().await;
    let places = ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "192.0.2.200"];
    for (turn, address) in places.into_iter().enumerate() {
        let seconds = u32::try_from(turn).unwrap() * 10;
        let visit = at(later(seconds), (address, "Firefox · Linux"));
        assert!(house.broker().recognize(&handle, &visit).await.unwrap().is_some());
    }
    assert!(house.trail(AuditKind::SessionSuspicious).await.is_empty());
}

#[tokio::test]
async fn ses_01_a_session_lies_under_a_new_handle_when_more_is_proven() {
    let house = House::new().await;
    let planted = house.session().await;
    let live = house.find(&planted, NOW).await.unwrap();
    let visit = Visit { session: Some(live.clone()), ..at(later(60), OFFICE) };
    let fresh = house.broker().replace_session(&live.session, &visit).await.unwrap();
    assert_ne!(fresh, planted);
    assert!(house.find(&planted, later(61)).await.is_none(), "whoever knew it knows nothing");
    let risen = house.find(&fresh, later(61)).await.unwrap();
    assert_eq!(risen.session.id, live.session.id);
}

#[tokio::test]
async fn ses_03_nobody_gets_the_session_of_somebody_else() {
    let house = House::new().await;
    let alice = house.session().await;
    let live = house.find(&alice, NOW).await.unwrap();
    // Bob signs in at the same browser, which still has Alice's cookie.
    let visit = Visit { session: Some(live.clone()), ..at(later(60), OFFICE) };
    let bob = AccountId::from_random(draw().unwrap());
    let limits = Narrower::default();
    let session = house.broker().session_after(&bob, &event(), limits, &visit).unwrap();
    assert_ne!(session.id, live.session.id, "an id is never used again");
    assert!(session.participants.is_empty() && session.proofs.is_empty());
    house.broker().attend(&session, None, Vec::new(), &visit).await.unwrap();
    let handle = house.broker().replace_session(&session, &visit).await.unwrap();
    assert!(house.find(&alice, later(61)).await.is_none());
    assert_eq!(house.find(&handle, later(61)).await.unwrap().session.account, bob);
    let row = house.broker().session_by_id(&live.session.id).await.unwrap().unwrap();
    assert_eq!(row.ended_because, "replaced");
}

#[tokio::test]
async fn sessions_are_listed_for_their_owner_and_the_help_desk() {
    let house = House::new().await;
    let handle = house.session().await;
    let live = house.find(&handle, NOW).await.unwrap().session;
    let of = Of::Account(live.account.clone());
    let page = house.broker().live_sessions(&of, None, 10, later(3_600)).await.unwrap();
    assert_eq!(page.sessions.len(), 1);
    assert_eq!(page.sessions[0].browser, OFFICE.1);
    let una: AgencyId = "una".parse().unwrap();
    let page = house.broker().live_sessions(&Of::Agency(una), None, 10, later(3_700)).await;
    assert_eq!(page.unwrap().sessions, [], "unused for too long");
    let recent = house.broker().recent_sessions(&live.account, None, 10).await.unwrap();
    assert_eq!(recent.sessions[0].id, live.id);
}
