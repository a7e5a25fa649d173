//! The last good metadata of peers.

use super::{Bench, NOW, later, on_every_engine};
use crate::{
    journal::{Act, Outcome},
    metadata::PutMetadata,
    store::Store,
};

on_every_engine!(
    of_nodes_that_claim_an_entry_one_fetches,
    a_document_is_news_only_when_it_changes,
    another_address_loses_the_document,
    what_nobody_renews_goes,
);

const ENTRY: &str = "sources/una";

fn claim(against: i64) -> PutMetadata {
    PutMetadata {
        entry: ENTRY.to_owned(),
        url: "https://una.example/metadata".to_owned(),
        against,
        document: None,
        due_at: later(60),
        failures: 0,
    }
}

fn found(against: i64, text: &str) -> PutMetadata {
    PutMetadata { document: Some((text.to_owned(), later(1))), ..claim(against) }
}

async fn put(store: &Store, act: PutMetadata) -> Outcome {
    store.act(Act::PutMetadata(act)).await
}

async fn text(store: &Store) -> Option<String> {
    store.metadata.load_since(0).await.unwrap().documents.into_iter().find_map(|one| one.text)
}

async fn of_nodes_that_claim_an_entry_one_fetches(bench: &Bench) {
    let [a, b] = &bench.nodes;
    let (first, second) = tokio::join!(put(a, claim(0)), put(b, claim(0)));
    let outcomes = [first, second];
    assert!(outcomes.contains(&Outcome::Done) && outcomes.contains(&Outcome::Conflict));
    let (first, second) = tokio::join!(put(a, claim(1)), put(b, claim(1)));
    let outcomes = [first, second];
    assert!(outcomes.contains(&Outcome::Done) && outcomes.contains(&Outcome::Conflict));
    let standings = a.metadata.standings().await.unwrap();
    let [only] = &standings[..] else { panic!("{standings:?}") };
    assert_eq!((only.version, only.due_at, only.fetched_at), (2, later(60), None));
    assert_eq!(a.metadata.load_since(0).await.unwrap().number, 0, "a claim is no news");
}

async fn a_document_is_news_only_when_it_changes(bench: &Bench) {
    let [a, b] = &bench.nodes;
    assert_eq!(put(a, claim(0)).await, Outcome::Done);
    assert_eq!(put(a, found(1, "<one/>")).await, Outcome::Done);
    let news = b.metadata.load_since(0).await.unwrap();
    assert_eq!((news.number, news.documents.len()), (1, 1));
    assert_eq!(news.documents[0].text.as_deref(), Some("<one/>"));
    assert_eq!(news.documents[0].fetched_at, later(1));
    assert_eq!(b.metadata.find(ENTRY).await.unwrap().as_ref(), news.documents.first());
    assert_eq!(b.metadata.find("sources/unb").await.unwrap(), None);
    // A failure and the same document once more leave everything as it is.
    assert_eq!(put(a, PutMetadata { failures: 3, ..claim(2) }).await, Outcome::Done);
    assert_eq!(put(a, found(3, "<one/>")).await, Outcome::Done);
    assert!(b.metadata.load_since(1).await.unwrap().documents.is_empty());
    assert_eq!(put(a, found(4, "<two/>")).await, Outcome::Done);
    let news = b.metadata.load_since(1).await.unwrap();
    assert_eq!((news.number, news.documents[0].text.as_deref()), (2, Some("<two/>")));
    assert_eq!(put(a, found(4, "<late/>")).await, Outcome::Conflict);
    assert_eq!(text(b).await.as_deref(), Some("<two/>"));
}

async fn another_address_loses_the_document(bench: &Bench) {
    let store = bench.store();
    put(store, found(0, "<one/>")).await;
    let moved = PutMetadata { url: "https://unb.example/metadata".to_owned(), ..claim(1) };
    assert_eq!(put(store, moved).await, Outcome::Done);
    let news = store.metadata.load_since(1).await.unwrap();
    assert_eq!((news.number, &news.documents[0].text), (2, &None));
    assert_eq!(news.documents[0].url, "https://unb.example/metadata");
}

async fn what_nobody_renews_goes(bench: &Bench) {
    let store = bench.store();
    put(store, found(0, "<one/>")).await;
    assert_eq!(store.sweep(NOW).await.unwrap(), 0);
    assert_eq!(store.sweep(later(61 + 30 * 24 * 3_600)).await.unwrap(), 1);
    assert!(store.metadata.standings().await.unwrap().is_empty());
}
