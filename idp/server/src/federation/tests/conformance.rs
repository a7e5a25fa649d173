//! Registered peers, judged by a profile.

use std::collections::BTreeMap;

use expect_test::expect;
use idp_saml::conformance::{Report, Verdict};
use idp_store::{Act, Outcome, Unit, metadata::PutMetadata};
use serde_json::json;

use super::{
    Context, NOW,
    agency::Agency,
    apply, changed, context,
    saml::{federation as saml, service},
};
use crate::federation::conformance::{Court, Judged, Unjudged};

const IDP: &str = "https://idp.una.example/metadata";
const SP: &str = "https://sp.una.example/metadata";
const PUBLISHED: &str = "https://sp.una.example/published";

async fn service_of(context: &Context, id: &str) -> Result<Judged, Unjudged> {
    let court = Court::open(&context.store, context.loopback_peers, NOW).await.unwrap();
    court.relying_party(&id.parse().unwrap()).await
}

async fn source_of(context: &Context, id: &str) -> Result<Judged, Unjudged> {
    let court = Court::open(&context.store, context.loopback_peers, NOW).await.unwrap();
    court.source(&id.parse().unwrap()).await
}

fn verdicts(report: &Report) -> BTreeMap<&'static str, Verdict> {
    report.clauses.iter().map(|finding| (finding.clause, finding.verdict)).collect()
}

fn broken(report: &Report) -> String {
    let broken = report.clauses.iter().filter(|finding| finding.verdict == Verdict::NotHeld);
    broken.map(|finding| finding.clause).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_service_and_a_source_are_judged_as_they_are_registered() {
    let context = context().await;
    apply(&context, &saml(&Agency::new(IDP))).await.unwrap();
    let wiki = service_of(&context, "wiki").await.ok().unwrap();
    assert_eq!(wiki.entity_id, SP);
    expect!["SDP-MD01 SDP-MD03 SDP-MD08 SDP-MD09 SDP-MD11 SDP-SP10 SDP-SP15 SDP-SP39 SDP-IDP11 SDP-IDP12"].assert_eq(&broken(&wiki.report));
    let staff = source_of(&context, "staff").await.ok().unwrap();
    assert_eq!(staff.entity_id, IDP);
    expect!["SDP-MD01 SDP-MD03 SDP-MD09 SDP-MD11 SDP-MD12 SDP-IDP14 SDP-IDP33 SDP-ALG01"]
        .assert_eq(&broken(&staff.report));
}

#[tokio::test]
async fn what_the_entry_says_and_its_product_needs_counts() {
    use Verdict::{CannotTell, Held, NotHeld};
    let context = context().await;
    let file = saml(&Agency::new(IDP));
    let more = |place: &str, value| changed(saml(&Agency::new(IDP)), place, value);
    let of = async |file| {
        apply(&context, &file).await.unwrap();
        let staff = source_of(&context, "staff").await.ok().unwrap();
        let found = verdicts(&staff.report);
        ["SDP-ALG01", "SDP-SP04", "SDP-SP14", "SDP-SP17"].map(|clause| found[clause])
    };
    assert_eq!(of(file).await, [NotHeld, Held, Held, Held]);
    let preset = more("/sources/0/connection/preset", json!("shibboleth"));
    assert_eq!(of(preset).await, [Held, Held, Held, Held]);
    let google = more("/sources/0/connection/preset", json!("google"));
    assert_eq!(of(google).await, [NotHeld, NotHeld, NotHeld, Held]);
    let cbc = json!({"allow_oaep_sha1": true, "allow_cbc_until": "2099-01-01"});
    let cbc = more("/sources/0/connection/encryption", cbc);
    assert_eq!(of(cbc).await, [NotHeld, Held, Held, Held]);
    let unscoped = more("/agencies/0/scopes", json!([]));
    assert_eq!(of(unscoped).await, [NotHeld, Held, Held, CannotTell]);
}

#[tokio::test]
async fn what_a_peer_publishes_counts_as_it_was_last_good() {
    let context = context().await;
    let place = "/relying_parties/0/connection/metadata";
    let file = changed(saml(&Agency::new(IDP)), place, json!({"url": PUBLISHED}));
    apply(&context, &file).await.unwrap();
    let unknown = service_of(&context, "wiki").await.err().unwrap();
    assert!(matches!(unknown, Unjudged::Unknown(_)), "{unknown}");
    keep(&context, &service(SP, "https://sp.una.example/acs", ""), PUBLISHED, 0).await;
    let wiki = service_of(&context, "wiki").await.ok().unwrap();
    let found = verdicts(&wiki.report);
    assert_eq!([found["SDP-MD01"], found["SDP-MD02"]], [Verdict::Held; 2]);
    keep(&context, "no metadata", PUBLISHED, 1).await;
    let unfit = service_of(&context, "wiki").await.err().unwrap();
    assert!(matches!(unfit, Unjudged::Unfit { .. }), "{unfit}");
    keep(&context, &service(SP, "https://sp.una.example/acs", ""), "https://other.example/", 2)
        .await;
    let moved = service_of(&context, "wiki").await.err().unwrap();
    assert!(matches!(moved, Unjudged::Unknown(_)), "{moved}");
}

/// Keeps a document, as a node that fetched it does.
async fn keep(context: &Context, text: &str, url: &str, against: i64) {
    let put = PutMetadata {
        entry: "relying_parties/wiki".to_owned(),
        url: url.to_owned(),
        against,
        document: Some((text.to_owned(), NOW)),
        due_at: NOW,
        failures: 0,
    };
    let unit = Unit::telling(Act::PutMetadata(put), |_| Vec::new());
    assert_eq!(context.store.journal.commit(unit).await.unwrap(), Outcome::Done);
}

#[tokio::test]
async fn who_is_not_there_or_speaks_otherwise_is_not_judged() {
    let context = context().await;
    apply(&context, &super::federation()).await.unwrap();
    for (error, text) in [
        (service_of(&context, "nobody").await.err(), "there is no relying_parties/nobody"),
        (source_of(&context, "nobody").await.err(), "there is no sources/nobody"),
        (service_of(&context, "portal").await.err(), "relying_parties/portal does not speak SAML"),
        (source_of(&context, "staff").await.err(), "sources/staff does not speak SAML"),
    ] {
        let error = error.unwrap().to_string();
        assert!(error.starts_with(text), "{error}");
    }
}
