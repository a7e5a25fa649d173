//! The federation's documents.

use super::{Bench, on_every_engine};
use crate::{
    federation::{Catalog, Changes, DocChange},
    journal::{Act, Outcome},
    store::Store,
};

on_every_engine!(
    a_set_of_changes_is_one_version,
    changes_against_an_old_version_change_nothing,
    a_deleted_document_is_told_to_those_who_had_it,
    ten_thousand_documents_are_one_change,
);

fn doc(id: &str, text: Option<&str>) -> DocChange {
    DocChange { kind: "agency".to_owned(), id: id.to_owned(), text: text.map(str::to_owned) }
}

async fn apply(store: &Store, against: i64, docs: Vec<DocChange>) -> Outcome {
    store.act(Act::ChangeFederation(Changes { against, docs })).await
}

async fn a_set_of_changes_is_one_version(bench: &Bench) {
    let [a, b] = &bench.nodes;
    assert_eq!(b.federation.load().await.unwrap(), Catalog { version: 0, docs: Vec::new() });
    let docs = vec![doc("unhcr", Some("{}")), doc("wfp", Some("{\"x\":\"é\\u0000\"}"))];
    assert_eq!(apply(a, 0, docs).await, Outcome::Applied { version: 1 });
    assert_eq!(apply(b, 1, vec![doc("wfp", Some("[]"))]).await, Outcome::Applied { version: 2 });

    let all = a.federation.load().await.unwrap();
    let lines = all.docs.iter().map(|doc| (&*doc.id, doc.version, doc.text.as_deref()));
    let expected = [("unhcr", 1, Some("{}")), ("wfp", 2, Some("[]"))];
    assert_eq!(lines.collect::<Vec<_>>(), expected);
    assert_eq!(all.version, 2);
    assert_eq!(b.federation.version().await.unwrap(), 2);

    let news = a.federation.load_since(1).await.unwrap();
    assert_eq!((news.version, news.docs.len()), (2, 1));
    let nothing = a.federation.load_since(2).await.unwrap();
    assert_eq!(nothing, Catalog { version: 2, docs: Vec::new() });
}

async fn changes_against_an_old_version_change_nothing(bench: &Bench) {
    let store = bench.store();
    apply(store, 0, vec![doc("unhcr", Some("1"))]).await;
    for against in [0, 2] {
        let outcome = apply(store, against, vec![doc("unhcr", Some("2"))]).await;
        assert_eq!(outcome, Outcome::Conflict);
    }
    let catalog = store.federation.load().await.unwrap();
    assert_eq!(catalog.docs[0].text.as_deref(), Some("1"));
    assert_eq!(catalog.version, 1);
}

async fn a_deleted_document_is_told_to_those_who_had_it(bench: &Bench) {
    let store = bench.store();
    apply(store, 0, vec![doc("unhcr", Some("1")), doc("wfp", Some("1"))]).await;
    apply(store, 1, vec![doc("unhcr", None)]).await;
    let news = store.federation.load_since(1).await.unwrap();
    assert_eq!((&*news.docs[0].id, &news.docs[0].text), ("unhcr", &None));
    let all = store.federation.load().await.unwrap();
    assert_eq!((all.version, all.docs.len()), (2, 1));
    // It may come back.
    apply(store, 2, vec![doc("unhcr", Some("2"))]).await;
    assert_eq!(store.federation.load().await.unwrap().docs.len(), 2);
}

async fn ten_thousand_documents_are_one_change(bench: &Bench) {
    let store = bench.store();
    let docs = (0..10_000).map(|n| doc(&format!("rp-{n}"), Some("{}"))).collect();
    assert_eq!(apply(store, 0, docs).await, Outcome::Applied { version: 1 });
    assert_eq!(store.federation.load().await.unwrap().docs.len(), 10_000);
}
