//! Letters: written with what they tell of, sealed, and sent by one node at a time.

use idp_domain::{FactorKind, Lang, Letter, LetterKind, Secret, Timestamp};

use super::{
    Bench, NOW,
    factors::{app, code, passkey},
    later, on_every_engine,
};
use crate::{
    factors::act::{PutPasskey, PutTotp},
    journal::{Act, Outcome},
    letters::{DueLetter, SealedLetter, SettleLetter, TakeLetters},
    seal::{Epoch, Sealer},
    store::Store,
};

on_every_engine!(
    a_letter_is_written_with_what_it_tells_of,
    what_is_not_done_tells_nobody,
    a_letter_is_one_nodes_to_send_at_a_time,
    mfa_21_a_letter_that_was_not_sent_is_tried_again,
    mfa_21_a_node_that_dies_leaves_its_letters_to_others,
    a_letter_is_forgotten_when_it_was_sent,
    a_letter_that_nobody_sends_or_gives_up_is_swept_a_week_later,
    at_rest_a_letter_shows_no_address,
);

fn sealer() -> Sealer {
    Sealer::new(&Secret::new([7; 32]), Epoch(1)).unwrap()
}

fn letter(to: &str) -> Letter {
    Letter {
        account: "alice".parse().unwrap(),
        to: to.to_owned(),
        lang: Lang::En,
        kind: LetterKind::FactorEnrolled { factor: FactorKind::Totp, name: "Phone".to_owned() },
        at: NOW,
        address: "192.0.2.7".to_owned(),
        reference: "ABC".to_owned(),
    }
}

pub(super) fn sealed(to: &str) -> SealedLetter {
    SealedLetter::seal(&sealer(), &letter(to)).unwrap()
}

fn settle(letter: &DueLetter, again_at: Option<Timestamp>) -> Act {
    Act::SettleLetter(SettleLetter { letter: letter.id.clone(), again_at })
}

impl Store {
    pub(super) async fn taken(&self, now: Timestamp, until: Timestamp) -> Vec<DueLetter> {
        match self.act(Act::TakeLetters(TakeLetters { now, until, most: 100 })).await {
            Outcome::Letters { letters } => letters,
            other => panic!("{other:?}"),
        }
    }
}

async fn a_letter_is_written_with_what_it_tells_of(bench: &Bench) {
    let [store, other] = &bench.nodes;
    let account = store.account().await;
    let letters = vec![sealed("alice@una.example"), sealed("alice@home.example")];
    store.done(Act::PutTotp(PutTotp { letters, ..app(&account, 1) })).await;
    store.done(Act::QueueLetters(vec![sealed("bob@una.example")])).await;
    assert_eq!(other.letters.next_due().await.unwrap(), Some(NOW));
    let taken = other.taken(NOW, later(60)).await;
    let mut opened = taken.iter().map(|due| due.open(&sealer()).unwrap()).collect::<Vec<_>>();
    opened.sort_by(|a, b| a.to.cmp(&b.to));
    let expected = ["alice@home.example", "alice@una.example", "bob@una.example"];
    assert_eq!(opened, expected.map(letter));
    assert!(taken.iter().all(|due| due.tries == 1 && due.until == later(72 * 3_600)));
}

async fn what_is_not_done_tells_nobody(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    store.done(Act::PutPasskey(passkey(&account, b"key"))).await;
    let letters = vec![sealed("alice@una.example")];
    let twice = PutPasskey { letters, ..passkey(&account, b"key") };
    assert_eq!(store.act(Act::PutPasskey(twice)).await, Outcome::Conflict);
    assert_eq!(store.act(code(&account, [1; 32])).await, Outcome::Unknown);
    assert_eq!(store.letters.next_due().await.unwrap(), None);
}

async fn a_letter_is_one_nodes_to_send_at_a_time(bench: &Bench) {
    let [store, other] = &bench.nodes;
    store.done(Act::QueueLetters((0..50).map(|_| sealed("a@una.example")).collect())).await;
    let (a, b) = tokio::join!(store.taken(NOW, later(60)), other.taken(NOW, later(60)));
    let mut ids = a.iter().chain(&b).map(|due| &due.id).collect::<Vec<_>>();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), a.len() + b.len()), (50, 50));
    assert_eq!(store.taken(later(59), later(120)).await, []);
}

async fn mfa_21_a_letter_that_was_not_sent_is_tried_again(bench: &Bench) {
    let [store, other] = &bench.nodes;
    store.done(Act::QueueLetters(vec![sealed("a@una.example")])).await;
    let first = store.taken(NOW, later(60)).await;
    store.done(settle(&first[0], Some(later(300)))).await;
    assert_eq!(other.letters.next_due().await.unwrap(), Some(later(300)));
    assert_eq!(other.taken(later(299), later(400)).await, []);
    let second = other.taken(later(300), later(400)).await;
    assert_eq!((second.len(), second[0].tries), (1, 2));
    assert_eq!(second[0].until, first[0].until, "trying does not put the end off");
}

async fn mfa_21_a_node_that_dies_leaves_its_letters_to_others(bench: &Bench) {
    let [store, other] = &bench.nodes;
    store.done(Act::QueueLetters(vec![sealed("a@una.example")])).await;
    assert_eq!(store.taken(NOW, later(60)).await.len(), 1);
    let taken = other.taken(later(60), later(120)).await;
    assert_eq!((taken.len(), taken[0].tries), (1, 2));
}

async fn a_letter_is_forgotten_when_it_was_sent(bench: &Bench) {
    let [store, other] = &bench.nodes;
    store.done(Act::QueueLetters(vec![sealed("a@una.example")])).await;
    let taken = store.taken(NOW, later(60)).await;
    store.done(settle(&taken[0], None)).await;
    assert_eq!(store.letters.next_due().await.unwrap(), None);
    let late = settle(&taken[0], Some(later(300)));
    assert_eq!(other.act(late).await, Outcome::Unknown, "a slower node brings nothing back");
    assert_eq!(other.taken(later(300), later(400)).await, []);
}

async fn a_letter_that_nobody_sends_or_gives_up_is_swept_a_week_later(bench: &Bench) {
    let store = bench.store();
    store.done(Act::QueueLetters(vec![sealed("a@una.example")])).await;
    let over = (72 + 7 * 24) * 3_600;
    assert_eq!(store.sweep(later(over)).await.unwrap(), 0);
    assert_eq!(store.sweep(later(over + 1)).await.unwrap(), 1);
}

async fn at_rest_a_letter_shows_no_address(bench: &Bench) {
    let store = bench.store();
    let letters = vec![sealed("alice@una.example"), sealed("alice@una.example")];
    assert!(!format!("{letters:?}").contains("alice"));
    store.done(Act::QueueLetters(letters)).await;
    let mut taken = store.taken(NOW, later(60)).await;
    for due in &taken {
        assert!(!due.sealed.windows(5).any(|part| part == b"alice"));
    }
    // A body that was moved to another row does not open there.
    let moved = taken.pop().unwrap();
    taken[0].sealed = moved.sealed;
    assert!(taken[0].open(&sealer()).is_err());
}
