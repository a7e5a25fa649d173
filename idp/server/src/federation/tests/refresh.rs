//! Metadata that peers publish, fetched from a server on loopback.

mod publisher;

use std::cell::Cell;

use base64::{Engine, engine::general_purpose::STANDARD};
use idp_domain::{AuditEvent, Lifetime, Timestamp};
use idp_fetch::{Fetcher, Policy};
use idp_store::metadata::Standing;
use serde_json::{Value, json};

use publisher::Publisher;

use super::{NOW, agency::Agency, apply, context, mirror, saml, trail};
use crate::federation::{
    Context,
    metadata::Refresher,
    registry::{Built, Mirror},
};

const IDP: &str = "https://idp.una.example/metadata";
const SP: &str = "https://sp.una.example/metadata";

thread_local! {
    /// How many seconds have passed; each test has a thread of its own.
    static PASSED: Cell<i64> = const { Cell::new(0) };
}

fn clock() -> Timestamp {
    Timestamp::from_seconds(NOW.seconds() + PASSED.get())
}

fn pass(span: Lifetime) {
    PASSED.set(PASSED.get() + i64::from(span.as_seconds()));
}

/// A node: what it serves, and its part in refreshing.
struct Node {
    mirror: Mirror,
    refresher: Refresher,
}

impl Node {
    fn new(context: &Context) -> Self {
        let policy = Policy { allow_loopback: true, ..Policy::default() };
        let mirror = mirror(context);
        let fetcher = Fetcher::new(policy).unwrap();
        let refresher = mirror.refresher(context.store.clone(), fetcher, clock);
        Self { mirror, refresher }
    }

    /// Reads what is new in the database.
    async fn reload(&mut self, context: &Context) -> Option<Built> {
        let store = &context.store;
        let changed = store.federation.load_since(self.mirror.version()).await.unwrap();
        let learned = store.metadata.load_since(self.mirror.learned()).await.unwrap();
        self.mirror.take(changed);
        self.mirror.learn(learned);
        for entry in self.mirror.unread() {
            let document = store.metadata.find(&entry).await.unwrap();
            self.mirror.found(&entry, document);
        }
        self.mirror.news()
    }

    /// Refreshes what is due, and reads it.
    async fn refresh(&mut self, context: &Context) -> Option<Built> {
        self.refresher.round().await.unwrap();
        self.reload(context).await
    }

    /// The entity id of the source as far as the node knows it.
    fn knows(&self) -> Option<String> {
        self.refresher.book.find("sources/staff").map(|entity| entity.entity_id.clone())
    }

    fn signing_key(&self) -> Vec<u8> {
        let entity = self.refresher.book.find("sources/staff").unwrap();
        entity.idp.as_ref().unwrap().keys.0[0].certificates[0].clone()
    }
}

async fn scene() -> (Context, Publisher) {
    let mut context = context().await;
    context.loopback_peers = true;
    (context, Publisher::start().await)
}

/// A federation whose source and service provider publish their metadata at `publisher`.
fn file(publisher: &Publisher, source: &Value) -> Value {
    let mut file = saml::federation(&Agency::new(IDP));
    let mut place = json!({"url": format!("{}/idp", publisher.base)});
    place.as_object_mut().unwrap().extend(source.as_object().unwrap().clone());
    file["sources"][0]["connection"]["metadata"] = place;
    let place = json!({"url": format!("{}/sp", publisher.base)});
    file["relying_parties"][0]["connection"]["metadata"] = place;
    file
}

async fn standing(context: &Context, entry: &str) -> Standing {
    let all = context.store.metadata.standings().await.unwrap();
    all.into_iter().find(|one| one.entry == entry).unwrap()
}

/// What the trail says about metadata.
async fn told(context: &Context) -> Vec<AuditEvent> {
    let rows = trail(context).await.into_iter();
    rows.filter(|row| row.kind.starts_with("metadata.")).map(|row| row.event().unwrap()).collect()
}

fn serves_wiki(built: &Built) -> bool {
    let wiki = "wiki".parse().unwrap();
    assert_eq!(
        built.service_providers.of(&wiki).is_some(),
        built.catalog.relying_party(&wiki).is_some(),
        "both or none"
    );
    built.service_providers.called(SP).is_some()
}

#[tokio::test]
async fn what_peers_publish_is_in_force_on_every_node_and_fetched_by_one() {
    let (context, publisher) = scene().await;
    publisher.put("/idp", &Agency::new(IDP).metadata());
    publisher.put("/sp", &saml::service(SP, "https://sp.una.example/acs", ""));
    apply(&context, &file(&publisher, &json!({}))).await.unwrap();
    let mut one = Node::new(&context);
    let mut other = Node::new(&context);
    for node in [&mut one, &mut other] {
        let built = node.reload(&context).await.unwrap();
        assert!(!serves_wiki(&built), "nobody before its metadata is there");
        assert!(built.entities.is_empty() && node.knows().is_none());
    }
    let (first, second) = tokio::join!(one.refresher.round(), other.refresher.round());
    first.unwrap();
    second.unwrap();
    assert_eq!(publisher.asked(), 2, "one node fetches each document");
    for node in [&mut one, &mut other] {
        let built = node.reload(&context).await.unwrap();
        assert!(serves_wiki(&built));
        assert_eq!(built.entities[IDP].as_str(), "staff");
        assert_eq!(node.knows().as_deref(), Some(IDP));
        assert!(node.reload(&context).await.is_none(), "nothing is new any more");
    }
    one.refresher.round().await.unwrap();
    assert_eq!(publisher.asked(), 2, "nothing is due yet");
}

#[tokio::test]
async fn a_bad_refresh_changes_nothing_and_is_told() {
    let (context, publisher) = scene().await;
    let good = Agency::new(IDP);
    publisher.put("/idp", &good.metadata());
    publisher.put("/sp", &saml::service(SP, "https://sp.una.example/acs", ""));
    apply(&context, &file(&publisher, &json!({}))).await.unwrap();
    let mut node = Node::new(&context);
    node.reload(&context).await;
    node.refresh(&context).await.unwrap();
    let before = told(&context).await.len();
    let keyless =
        good.metadata().replace("<md:KeyDescriptor>", "<md:KeyDescriptor use=\"encryption\">");
    let ended = good.metadata_with("validUntil=\"2026-01-01T00:00:00Z\"", "");
    let service = saml::service(IDP, "https://sp.una.example/acs", "");
    let renamed = Agency::new("https://idp.unm.example/metadata").metadata();
    for (status, text, reason) in [
        (500, String::new(), "metadata_status"),
        (200, String::new(), "not_well_formed"),
        (200, format!("<!DOCTYPE x>{}", good.metadata()), "doctype_forbidden"),
        (200, keyless, "metadata_unfit"),
        (200, service, "metadata_unfit"),
        (200, ended, "metadata_expired"),
        (200, renamed, "entity_id_changed"),
        (302, String::new(), "fetch.answer.redirected"),
        (200, "x".repeat(2_000_000), "fetch.answer.too_large"),
    ] {
        publisher.answer("/idp", status, &text);
        pass(Lifetime::hours(25));
        assert!(node.refresh(&context).await.is_none(), "{reason}: nothing is new");
        let events = told(&context).await;
        let refused: Vec<_> = events.iter().skip(before).collect();
        let last = refused.last().unwrap();
        assert_eq!(last.kind.as_str(), "metadata.refused");
        assert_eq!(last.reason, reason);
        assert_eq!(last.source.as_ref().unwrap().as_str(), "staff");
        assert_eq!(last.alert, refused.len() >= 2, "{reason}");
        assert_eq!(node.signing_key(), good.key.certificate());
    }
    // It comes back, and all is well.
    publisher.put("/idp", &good.metadata());
    pass(Lifetime::hours(25));
    node.refresh(&context).await;
    assert_eq!(standing(&context, "sources/staff").await.failures, 0);
}

#[tokio::test]
async fn what_was_good_survives_a_restart_and_a_publisher_that_is_away() {
    let (context, publisher) = scene().await;
    publisher.put("/idp", &Agency::new(IDP).metadata());
    publisher.put("/sp", &saml::service(SP, "https://sp.una.example/acs", ""));
    apply(&context, &file(&publisher, &json!({}))).await.unwrap();
    let mut node = Node::new(&context);
    node.reload(&context).await;
    node.refresh(&context).await.unwrap();
    drop(publisher);
    pass(Lifetime::hours(48));
    let mut restarted = Node::new(&context);
    let built = restarted.reload(&context).await.unwrap();
    assert!(serves_wiki(&built));
    assert_eq!(restarted.knows().as_deref(), Some(IDP));
    restarted.refresh(&context).await;
    assert_eq!(restarted.knows().as_deref(), Some(IDP));
    assert_eq!(standing(&context, "sources/staff").await.failures, 1);
}

#[tokio::test]
async fn new_keys_are_taken_over_and_the_trail_says_which() {
    let (context, publisher) = scene().await;
    publisher.put("/idp", &Agency::new(IDP).metadata());
    apply(&context, &file(&publisher, &json!({}))).await.unwrap();
    let mut node = Node::new(&context);
    node.reload(&context).await;
    node.refresh(&context).await.unwrap();
    let next = Agency::new(IDP);
    publisher.put("/idp", &next.metadata());
    pass(Lifetime::hours(2));
    node.refresh(&context).await.unwrap();
    assert_eq!(node.signing_key(), next.key.certificate());
    let events = told(&context).await;
    let changed: Vec<_> =
        events.iter().filter(|event| event.kind.as_str() == "metadata.changed").collect();
    let [first, second] = changed[..] else { panic!("{changed:?}") };
    assert!(first.detail["came"].contains(IDP) && !first.detail.contains_key("went"));
    for side in ["came", "went"] {
        assert!(second.detail[side].starts_with("encryption key "), "{:?}", second.detail);
    }
    // The same once more is no change.
    pass(Lifetime::hours(2));
    assert!(node.refresh(&context).await.is_none());
    assert_eq!(told(&context).await.len(), events.len() + 1, "only the service provider is away");
}

#[tokio::test]
async fn a_signature_that_is_demanded_must_be_there() {
    let (context, publisher) = scene().await;
    publisher.put("/idp", &Agency::new(IDP).metadata());
    let signer = Agency::new("https://federation.example");
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----",
        STANDARD.encode(signer.key.certificate())
    );
    let file = file(&publisher, &json!({"signing_certificates": [pem]}));
    apply(&context, &file).await.unwrap();
    let mut node = Node::new(&context);
    node.reload(&context).await;
    node.refresh(&context).await;
    assert_eq!(node.knows(), None);
    let events = told(&context).await;
    let of_source = events.iter().find(|event| event.source.is_some()).unwrap();
    assert_eq!(of_source.reason, "unsigned");
}

#[tokio::test]
async fn idp_16_a_peer_that_begins_to_look_like_another_is_not_taken_over() {
    let (context, publisher) = scene().await;
    publisher.put("/sp", &saml::service(&format!("{SP}/"), "https://evil.example/acs", ""));
    let mut file = file(&publisher, &json!({}));
    let victim = saml::service(SP, "https://sp.una.example/acs", "");
    let mut other = file["relying_parties"][0].clone();
    other["id"] = json!("a-wiki");
    other["connection"]["metadata"] = json!({"xml": victim});
    file["relying_parties"].as_array_mut().unwrap().push(other);
    apply(&context, &file).await.unwrap();
    let mut node = Node::new(&context);
    node.reload(&context).await;
    node.refresh(&context).await;
    let events = told(&context).await;
    let refused = events.iter().find(|event| event.relying_party.is_some()).unwrap();
    assert_eq!(refused.reason, "metadata_collision");
    assert!(refused.detail["detail"].contains("relying_parties/a-wiki"));
}

#[tokio::test]
async fn another_address_is_another_peer_until_it_says_who_it_is() {
    let (context, publisher) = scene().await;
    publisher.put("/idp", &Agency::new(IDP).metadata());
    apply(&context, &file(&publisher, &json!({}))).await.unwrap();
    let mut node = Node::new(&context);
    node.reload(&context).await;
    node.refresh(&context).await.unwrap();
    let moved = json!({"url": format!("{}/moved", publisher.base)});
    apply(&context, &file(&publisher, &moved)).await.unwrap();
    node.reload(&context).await.unwrap();
    assert_eq!(node.knows(), None, "what stood elsewhere says nothing about it");
    publisher.put("/moved", &Agency::new("https://new.una.example/metadata").metadata());
    node.refresh(&context).await.unwrap();
    assert_eq!(node.knows().as_deref(), Some("https://new.una.example/metadata"));
    // Another change of the entry keeps what is known.
    let mut file = file(&publisher, &json!({"url": format!("{}/moved", publisher.base)}));
    file["sources"][0]["names"] = json!({"en": "Staff"});
    apply(&context, &file).await.unwrap();
    node.reload(&context).await.unwrap();
    assert!(node.knows().is_some());
}

#[tokio::test]
async fn an_entry_that_comes_back_finds_what_is_kept() {
    let (context, publisher) = scene().await;
    publisher.put("/idp", &Agency::new(IDP).metadata());
    let whole = file(&publisher, &json!({}));
    apply(&context, &whole).await.unwrap();
    let mut node = Node::new(&context);
    node.reload(&context).await;
    node.refresh(&context).await.unwrap();
    let without = json!({"agencies": whole["agencies"]});
    super::apply_with(&context, &without, true).await.unwrap();
    node.reload(&context).await.unwrap();
    assert_eq!(node.knows(), None);
    apply(&context, &whole).await.unwrap();
    node.reload(&context).await.unwrap();
    assert_eq!(node.knows().as_deref(), Some(IDP));
}

#[tokio::test]
async fn the_next_refresh_is_when_the_document_says_within_bounds() {
    let (context, publisher) = scene().await;
    apply(&context, &file(&publisher, &json!({}))).await.unwrap();
    let mut node = Node::new(&context);
    node.reload(&context).await;
    let agency = Agency::new(IDP);
    // How long, in seconds, and a tenth of it is left to chance.
    for (said, longest) in [
        ("", 3_600),
        ("cacheDuration=\"PT1S\"", 300),
        ("cacheDuration=\"PT2H\"", 7_200),
        ("cacheDuration=\"P30D\"", 86_400),
    ] {
        publisher.put("/idp", &agency.metadata_with(said, ""));
        pass(Lifetime::hours(25));
        node.refresh(&context).await;
        let wait = standing(&context, "sources/staff").await.due_at.since(clock()).as_seconds();
        assert!((longest * 9 / 10..=longest).contains(&wait), "{said}: {wait}");
    }
    let end = idp_saml::xml::write_instant(clock() + Lifetime::hours(26));
    publisher.put("/idp", &agency.metadata_with(&format!("validUntil=\"{end}\""), ""));
    pass(Lifetime::hours(25));
    node.refresh(&context).await;
    let wait = standing(&context, "sources/staff").await.due_at.since(clock()).as_seconds();
    assert!((1_620..=1_800).contains(&wait), "well before it ends: {wait}");
    // Whoever is away is asked again soon, and then less and less often.
    drop(publisher);
    let mut waits = Vec::new();
    for _ in 0..10 {
        pass(Lifetime::hours(25));
        node.refresh(&context).await;
        waits.push(standing(&context, "sources/staff").await.due_at.since(clock()).as_seconds());
    }
    assert!((27..=30).contains(&waits[0]) && (54..=60).contains(&waits[1]), "{waits:?}");
    assert!(waits.iter().all(|wait| *wait <= 3_600), "{waits:?}");
}
