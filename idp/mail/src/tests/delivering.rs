//! Letters from the store to the mail server: when, how often, and what the trail says of it.

use std::sync::Arc;

use expect_test::expect;
use idp_domain::{
    AccountId, AuditEvent, Lang, Lifetime, Secret, Timestamp,
    factor::FactorKind,
    letter::{Letter, LetterKind},
};
use idp_store::{
    Db, Sealer, Shelf, Store, Throttle,
    journal::{Act, Unit},
    letters::SealedLetter,
    seal::Epoch,
    store::Node,
};
use serde_json::json;
use tokio::net::TcpSocket;

use super::{letterhead, peer::Peer, sender};
use crate::{Delivery, Parts, Security, Server, letterhead::sample};

const NOW: Timestamp = Timestamp::from_seconds(1_793_801_100);

struct Bench {
    store: Store,
    sealer: Arc<Sealer>,
    delivery: Delivery,
    parts: Parts,
}

impl Bench {
    /// A node whose mail server is on `port`.
    async fn new(port: u16) -> Self {
        let db = Db::connect("sqlite::memory:").unwrap();
        db.migrate().await.unwrap();
        let token_lifetime = Lifetime::hours(1);
        let node = Node { name: "node".to_owned(), token_lifetime, now: NOW };
        let store = Store::start(db, &node).unwrap();
        let sealer = Arc::new(Sealer::new(&Secret::new([7; 32]), Epoch::default()).unwrap());
        let shelf = Arc::new(Shelf::memory(1_000));
        let parts = Parts {
            journal: store.journal.clone(),
            letters: store.letters.clone(),
            sealer: sealer.clone(),
            throttle: Arc::new(Throttle::new(shelf, sealer.clone())),
            server: server(port),
            sender: sender(),
            letterhead: letterhead(),
        };
        Self { store, sealer, delivery: Delivery::new(parts.clone()), parts }
    }

    /// The mail server is on another port from now on.
    fn turn_to(&mut self, port: u16) {
        self.delivery = Delivery::new(Parts { server: server(port), ..self.parts.clone() });
    }

    async fn queue(&self, letters: impl IntoIterator<Item = Letter>) {
        let seal = |letter| SealedLetter::seal(&self.sealer, &letter).unwrap();
        let sealed = letters.into_iter().map(seal).collect();
        self.store.journal.commit(Unit::new(Act::QueueLetters(sealed), vec![])).await.unwrap();
    }

    /// Sends all that is due `seconds` after the letters were written.
    async fn send(&self, seconds: u32) {
        while self.delivery.send_due(NOW + Lifetime::seconds(seconds)).await.unwrap() {}
    }

    /// In how many seconds after the letters were written one is due; none if none waits.
    async fn due(&self) -> Option<u32> {
        let due = self.store.letters.next_due().await.unwrap();
        due.map(|due| due.since(NOW).as_seconds())
    }

    /// What the trail says of letters.
    async fn trail(&self) -> Vec<AuditEvent> {
        let page = self.store.audit.page(None, 1_000).await.unwrap();
        page.iter().rev().filter_map(idp_store::audit::TrailRow::event).collect()
    }

    async fn told(&self) -> Vec<String> {
        self.trail().await.iter().map(told).collect()
    }
}

fn server(port: u16) -> Server {
    Server::new("127.0.0.1", port, Security::Plain, None, &[], "sso.example.org").unwrap()
}

/// A port on which nobody listens, and what keeps it so.
fn nobody() -> (TcpSocket, u16) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = socket.local_addr().unwrap().port();
    (socket, port)
}

fn letter(to: &str, kind: LetterKind) -> Letter {
    Letter { to: to.to_owned(), at: NOW, ..sample(Lang::En, kind) }
}

/// A letter to another person than all the other letters.
fn letter_to(nth: u8) -> Letter {
    let to = format!("person{nth}@agency.example");
    let account = AccountId::from_random([nth; 16]);
    Letter { account, ..letter(&to, LetterKind::FactorsReset) }
}

fn locked() -> Letter {
    letter("amina@agency.example", LetterKind::FactorLocked { factor: FactorKind::Totp })
}

fn enrolled() -> Letter {
    let name = "YubiKey".to_owned();
    let kind = LetterKind::FactorEnrolled { factor: FactorKind::Passkey, name };
    letter("amina@agency.example", kind)
}

fn told(event: &AuditEvent) -> String {
    let detail: Vec<_> =
        event.detail.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let alert = if event.alert { " alert" } else { "" };
    format!("{} {}{alert} {}", event.kind.as_str(), event.reason, detail.join(" "))
}

#[tokio::test]
async fn mfa_21_a_letter_is_sent_at_once_and_the_trail_says_so() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    let bench = Bench::new(peer.port).await;
    bench.queue([enrolled()]).await;
    bench.send(1).await;
    let got = peer.next();
    assert_eq!(got.0["to"], json!(["amina@agency.example"]));
    assert_eq!(bench.due().await, None);
    expect!["letter.sent  about=factor-enrolled outcome=sent tries=1"]
        .assert_eq(&bench.told().await.join("\n"));
    let trail = bench.trail().await;
    assert_eq!(trail[0].account, Some(enrolled().account));
    assert_eq!(trail[0].reference.as_deref(), Some("7KQ2-M9XD-40RT"));
}

#[tokio::test]
async fn mfa_21_letters_survive_an_outage_of_a_day() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    let (_kept, port) = nobody();
    let mut bench = Bench::new(port).await;
    bench.queue((1..=3).map(letter_to)).await;
    let mut tries = 0;
    let mut now = 0;
    while now < 24 * 3_600 {
        bench.send(now).await;
        now = bench.due().await.unwrap();
        tries += 1;
    }
    assert!((40..80).contains(&tries), "{tries}");
    bench.turn_to(peer.port);
    // They are due within a minute of each other.
    bench.send(now + 60).await;
    let mut to: Vec<_> = (0..3).map(|_| peer.next().0["to"][0].clone()).collect();
    to.sort_by_key(ToString::to_string);
    assert_eq!(
        json!(to),
        json!((1..=3).map(|n| format!("person{n}@agency.example")).collect::<Vec<_>>())
    );
    assert_eq!(bench.due().await, None);
    let told = bench.told().await;
    assert_eq!(told.len(), 6, "one that it waits and one that it is sent, each: {told:#?}");
    expect![[r"
        letter.failed smtp.unreachable about=factors-reset outcome=waits tries=1
        letter.sent  about=factors-reset outcome=sent tries=54"]]
    .assert_eq(&format!("{}\n{}", told[0], told[5]));
}

#[tokio::test]
async fn mfa_21_a_letter_that_nobody_takes_is_given_up_after_three_days() {
    let (_kept, port) = nobody();
    let bench = Bench::new(port).await;
    bench.queue([enrolled()]).await;
    let mut now = 0;
    while let Some(due) = bench.due().await {
        now = due;
        bench.send(now).await;
    }
    assert!((71 * 3_600..72 * 3_600).contains(&now), "{now}");
    expect![[r"
        letter.failed smtp.unreachable about=factor-enrolled outcome=waits tries=1
        letter.failed smtp.unreachable alert about=factor-enrolled outcome=given_up tries=149"]]
    .assert_eq(&bench.told().await.join("\n"));
}

#[tokio::test]
async fn a_letter_that_is_refused_for_good_is_given_up_at_once() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    let bench = Bench::new(peer.port).await;
    bench.queue([letter("never@agency.example", LetterKind::FactorsReset)]).await;
    bench.send(0).await;
    assert_eq!(bench.due().await, None);
    expect!["letter.failed smtp.refused alert about=factors-reset answer=550 5.1.1 outcome=given_up tries=1"].assert_eq(&bench.told().await.join("\n"));
}

#[tokio::test]
async fn a_letter_that_is_refused_for_now_waits_and_holds_up_no_other() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    let bench = Bench::new(peer.port).await;
    let troublesome = |to: &str, nth| Letter { to: to.to_owned(), ..letter_to(nth) };
    let letters = [troublesome("later@agency.example", 1), troublesome("drop@agency.example", 2)];
    bench.queue(letters.into_iter().chain((3..=20).map(letter_to))).await;
    bench.send(0).await;
    (0..18).for_each(|_| drop(peer.next()));
    assert_eq!(bench.due().await, Some(60));
    let mut told = bench.told().await;
    told.retain(|line| !line.starts_with("letter.sent"));
    told.sort();
    expect![[r"
        letter.failed smtp.broken about=factors-reset outcome=waits tries=1
        letter.failed smtp.deferred about=factors-reset answer=451 4.3.0 outcome=waits tries=1"]]
    .assert_eq(&told.join("\n"));
}

#[tokio::test]
async fn a_letter_whose_address_is_no_address_is_given_up_and_not_sent() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    let bench = Bench::new(peer.port).await;
    let to = "amina@agency.example>\r\nRCPT TO:<eve@evil.example";
    bench.queue([letter(to, LetterKind::FactorsReset)]).await;
    bench.send(0).await;
    assert!(peer.all().is_empty());
    expect!["letter.failed letter.address alert about=factors-reset outcome=given_up tries=1"]
        .assert_eq(&bench.told().await.join("\n"));
}

#[tokio::test]
async fn mfa_20_one_person_gets_so_many_letters_and_no_more() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    let bench = Bench::new(peer.port).await;
    bench.queue((0..50).map(|_| enrolled()).chain([letter_to(1)])).await;
    bench.send(0).await;
    let got: Vec<_> = (0..7).map(|_| peer.next().0["to"][0].clone()).collect();
    assert_eq!(got.iter().filter(|to| **to == "amina@agency.example").count(), 6);
    assert!(got.contains(&json!("person1@agency.example")));
    assert!(peer.all().is_empty());
    let due = bench.due().await.unwrap();
    assert!((1..=15 * 60 + 1).contains(&due), "the rest waits: {due}");
    assert_eq!(bench.trail().await.len(), 7, "of what waits nothing is said");
}

#[tokio::test]
async fn mfa_20_news_that_can_be_caused_at_will_hold_up_no_other() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    let bench = Bench::new(peer.port).await;
    bench.queue((0..20).map(|_| locked())).await;
    bench.send(0).await;
    let subject = || {
        let got = peer.next();
        let line = got.text("message").lines().find(|line| line.starts_with("Subject: ")).unwrap();
        line.to_owned()
    };
    let lot: Vec<_> = (0..3).map(|_| subject()).collect();
    assert!(
        lot.iter()
            .all(|line| line == "Subject: Too many failed attempts to sign in to your account"),
        "{lot:?}"
    );
    assert!(peer.all().is_empty());
    bench.queue([enrolled()]).await;
    bench.send(1).await;
    assert_eq!(subject(), "Subject: A sign-in method was added to your account");
}

#[tokio::test]
async fn urgent_letters_go_first() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    let bench = Bench::new(peer.port).await;
    bench.queue([locked(), locked(), locked(), enrolled()]).await;
    bench.send(0).await;
    assert!(peer.next().text("message").contains("Subject: A sign-in method was added"));
}

#[tokio::test]
async fn two_nodes_send_each_letter_once() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    let bench = Bench::new(peer.port).await;
    let other = Delivery::new(bench.parts.clone());
    bench.queue((0..100).map(letter_to)).await;
    let send = async |delivery: &Delivery| {
        while delivery.send_due(NOW).await.unwrap() {}
    };
    tokio::join!(send(&bench.delivery), send(&other));
    let mut to: Vec<_> = (0..100).map(|_| peer.next().0["to"][0].to_string()).collect();
    to.sort();
    to.dedup();
    assert_eq!((to.len(), peer.all().len()), (100, 0));
    assert_eq!(bench.due().await, None);
}

#[tokio::test]
async fn the_trail_names_no_address() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    let bench = Bench::new(peer.port).await;
    let names = ["amina", "never", "later", "junk"];
    let letters =
        names.map(|name| letter(&format!("{name}@agency.example"), LetterKind::AccessPassIssued));
    bench.queue(letters).await;
    bench.send(0).await;
    let trail = serde_json::to_string(&bench.trail().await).unwrap();
    assert!(!trail.contains("agency.example"), "{trail}");
}
