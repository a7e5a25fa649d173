//! A thousand agencies with a source each, ten thousand relying parties: how long it takes.

use std::{path::Path, time::Instant};

use serde_json::{Value, json};

use super::{PARTY_SECRET, SOURCE_SECRET, context, mirror, stored};
use crate::federation::{
    export::{self, Format},
    read,
};

const AGENCIES: usize = 1_000;
const PARTIES: usize = 10_000;

fn large() -> Value {
    let agencies = (0..AGENCIES).map(|n| {
        json!({
            "id": format!("agency-{n}"), "aliases": [format!("A{n}T")],
            "names": {
                "en": format!("Agency {n} for Testing"), "fr": format!("Agence {n} des essais"),
                "ru": format!("Агентство {n}"), "ar": format!("وكالة {n}"),
            },
            "domains": [format!("a{n}.example")], "scopes": [format!("a{n}.example")],
        })
    });
    let sources = (0..AGENCIES).map(|n| {
        json!({
            "id": format!("source-{n}"), "agency": format!("agency-{n}"), "kind": "oidc",
            "connection": {
                "issuer": format!("https://op-{n}.example"), "client_id": "broker",
                "client_secret": SOURCE_SECRET,
            },
        })
    });
    let parties = (0..PARTIES).map(|n| {
        json!({
            "id": format!("party-{n}"), "agency": format!("agency-{}", n % AGENCIES),
            "kind": "oidc", "names": {"en": format!("Application {n}")},
            "attributes": ["mail", "displayName"],
            "connection": {
                "client_secret": PARTY_SECRET,
                "redirect_uris": [format!("https://party-{n}.example/cb")],
                "post_logout_redirect_uris": [format!("https://party-{n}.example/")],
                "grant_types": ["authorization_code", "refresh_token"], "offline_access": true,
                "scopes": ["openid", "profile", "email", "offline_access"],
            },
        })
    });
    json!({
        "agencies": agencies.collect::<Vec<_>>(), "sources": sources.collect::<Vec<_>>(),
        "relying_parties": parties.collect::<Vec<_>>(),
    })
}

#[tokio::test]
async fn a_large_federation_is_applied_served_and_exported_in_seconds() {
    let context = context().await;
    let text = large().to_string();
    let timed = |what: &str, since: Instant| println!("{what}: {:?}", since.elapsed());

    let start = Instant::now();
    let file = read::parse(&text, Path::new("f.json")).unwrap();
    timed("read JSON", start);
    let start = Instant::now();
    let plan = context.apply(file, true).await.unwrap();
    timed("apply", start);
    assert_eq!(plan.counts(), [2 * AGENCIES + PARTIES, 0, 0]);

    let start = Instant::now();
    let file = read::parse(&text, Path::new("f.json")).unwrap();
    assert!(context.apply(file, true).await.unwrap().is_empty());
    timed("read and apply again", start);

    let documents = stored(&context).await;
    let mut mirror = mirror(&context);
    let start = Instant::now();
    mirror.take(documents.clone());
    let built = mirror.news().unwrap();
    timed("build what is served", start);
    assert_eq!(built.catalog.counts(), (AGENCIES, AGENCIES, PARTIES));

    let one = json!({"agencies": [{"id": "agency-7", "names": {"en": "Seven"}}]}).to_string();
    let one = read::parse(&one, Path::new("f.json")).unwrap();
    let start = Instant::now();
    assert_eq!(context.apply(one, false).await.unwrap().counts(), [0, 1, 0]);
    timed("apply one change", start);
    let news = context.store.federation.load_since(mirror.version()).await.unwrap();
    let start = Instant::now();
    mirror.take(news);
    mirror.news().unwrap();
    timed("build after one change", start);

    let file = export::file(documents).unwrap();
    for (format, name) in
        [(Format::Yaml, "f.yaml"), (Format::Json, "f.json"), (Format::Toml, "f.toml")]
    {
        let start = Instant::now();
        let text = export::write(&file, format).unwrap();
        timed(&format!("write {name}, {} KiB", text.len() / 1_024), start);
        let start = Instant::now();
        assert!(read::parse(&text, Path::new(name)).unwrap() == file);
        timed(&format!("read {name}"), start);
    }
}
