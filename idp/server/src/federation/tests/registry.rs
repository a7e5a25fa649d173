//! The mirror of a node: what it makes of documents, and what it keeps.

use std::sync::Arc;

use idp_domain::{AttributeName, RelyingParty, subject::SubjectKind};
use idp_store::{
    Act, Outcome, Unit,
    federation::{Changes, DocChange},
};
use serde_json::{Value, json};

use super::{apply, apply_with, changed, context, federation, mirror, stored, with};
use crate::federation::{
    Context,
    registry::{Built, Mirror},
};

/// What `mirror` makes of everything that it has not seen.
async fn follow(context: &Context, mirror: &mut Mirror) -> Option<Built> {
    let changed = context.store.federation.load_since(mirror.version()).await.unwrap();
    mirror.take(changed);
    mirror.news()
}

fn portal(built: &Built) -> Arc<RelyingParty> {
    Arc::clone(built.catalog.relying_party(&"portal".parse().unwrap()).unwrap())
}

fn names(party: &RelyingParty) -> Vec<&str> {
    party.releasable.iter().map(AttributeName::as_str).collect()
}

#[tokio::test]
async fn an_empty_federation_is_nothing_new() {
    let context = context().await;
    assert!(follow(&context, &mut mirror(&context)).await.is_none());
}

#[tokio::test]
async fn what_was_applied_is_served() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let mut mirror = mirror(&context);
    let built = follow(&context, &mut mirror).await.unwrap();
    assert_eq!(built.catalog.counts(), (1, 2, 1));
    assert_eq!(built.clients.len(), 1);
    assert!(built.directory.find(&"una".parse().unwrap()).is_some());
    let staff = built.catalog.source(&"staff".parse().unwrap()).unwrap();
    assert_eq!(staff.source.trust.rules().len(), 1);
    let portal = portal(&built);
    assert_eq!((portal.subject, portal.sector.as_str()), (SubjectKind::Pairwise, "portal.example"));
    assert_eq!(portal.home, None);
    // The usual scopes are openid, profile and email.
    assert_eq!(names(&portal), ["displayName", "givenName", "mail", "preferredLanguage", "sn"]);
    assert!(built.origins.is_empty(), "it has a secret");
    assert!(follow(&context, &mut mirror).await.is_none(), "nothing has changed since");
}

#[tokio::test]
async fn what_the_dialect_says_stands_in_for_what_the_entry_does_not() {
    let context = context().await;
    let connection = json!({
        "token_endpoint_auth_method": "none", "redirect_uris": [
            "https://portal.example/cb", "https://portal.example:8443/cb",
        ],
        "client_uri": "https://portal.example/", "initiate_login_uri": "https://portal.example/in",
        "subject_type": "public", "scopes": ["openid", "groups"],
    });
    apply(&context, &with("/relying_parties/0/connection", connection.clone())).await.unwrap();
    let mut mirror = mirror(&context);
    let built = follow(&context, &mut mirror).await.unwrap();
    let party = portal(&built);
    assert_eq!(party.home.as_ref().unwrap().as_str(), "https://portal.example/");
    assert_eq!(party.initiate.as_ref().unwrap().as_str(), "https://portal.example/in");
    assert_eq!((party.subject, names(&party)), (SubjectKind::Public, vec!["isMemberOf"]));
    let mut origins: Vec<_> = built.origins.iter().collect();
    origins.sort();
    assert_eq!(origins, ["https://portal.example", "https://portal.example:8443"]);

    let file = with("/relying_parties/0/connection", connection);
    let file = changed(file, "/relying_parties/0/home", json!("https://home.example/"));
    let file = changed(file, "/relying_parties/0/attributes", json!([]));
    let file = changed(file, "/relying_parties/0/enabled", json!(false));
    apply(&context, &file).await.unwrap();
    let built = follow(&context, &mut mirror).await.unwrap();
    let party = portal(&built);
    assert_eq!(party.home.as_ref().unwrap().as_str(), "https://home.example/");
    assert!(party.releasable.is_empty() && !party.enabled);
    assert!(built.origins.is_empty(), "nobody is served from it now");
}

#[tokio::test]
async fn only_what_changed_is_made_anew() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let mut mirror = mirror(&context);
    let first = follow(&context, &mut mirror).await.unwrap();
    let file = with("/agencies/0/names", json!({"en": "Agency of A"}));
    apply(&context, &file).await.unwrap();
    let second = follow(&context, &mut mirror).await.unwrap();
    for id in ["staff", "guests"] {
        let connector = |built: &Built| {
            Arc::as_ptr(&built.catalog.source(&id.parse().unwrap()).unwrap().connector)
        };
        assert!(std::ptr::addr_eq(connector(&first), connector(&second)), "{id}");
    }
    let id = "portal".parse().unwrap();
    assert!(Arc::ptr_eq(&first.clients[&id], &second.clients[&id]));
    let agency = second.catalog.agency(&"una".parse().unwrap()).unwrap();
    assert_eq!(agency.names.text(idp_domain::Lang::En), Some("Agency of A"));
}

#[tokio::test]
async fn what_was_deleted_is_not_served() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let mut mirror = mirror(&context);
    follow(&context, &mut mirror).await.unwrap();
    let only = json!({"agencies": federation()["agencies"]});
    apply_with(&context, &only, true).await.unwrap();
    let built = follow(&context, &mut mirror).await.unwrap();
    assert_eq!((built.catalog.counts(), built.clients.len()), ((1, 0, 0), 0));
}

async fn write(context: &Context, kind: &str, id: &str, text: &str) {
    let text = Some(text.to_owned());
    let doc = DocChange { kind: kind.to_owned(), id: id.to_owned(), text };
    let against = context.store.federation.version().await.unwrap();
    let act = Act::ChangeFederation(Changes { against, docs: vec![doc] });
    let outcome = context.store.journal.commit(Unit::new(act, Vec::new())).await.unwrap();
    assert!(matches!(outcome, Outcome::Applied { .. }));
}

#[tokio::test]
async fn one_bad_document_does_not_lose_the_rest() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let mut mirror = mirror(&context);
    follow(&context, &mut mirror).await.unwrap();
    let newer = json!({
        "id": "portal", "agency": "una", "kind": "saml", "names": {"en": "P"}, "connection": {},
    });
    write(&context, "relying_party", "portal", &newer.to_string()).await;
    write(&context, "source", "staff", "{\"id\": ").await;
    write(&context, "policy", "p", "{}").await;
    let built = follow(&context, &mut mirror).await.unwrap();
    assert_eq!(built.catalog.counts(), (1, 1, 0), "what it was before is not served either");
    assert!(built.clients.is_empty());
    // It can be mended.
    apply(&context, &federation()).await.unwrap();
    let built = follow(&context, &mut mirror).await.unwrap();
    assert_eq!(built.catalog.counts(), (1, 2, 1));
}

#[tokio::test]
async fn a_source_that_was_sealed_under_another_key_is_left_out() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let mut others = super::context().await;
    let key = idp_domain::Secret::new([8; 32]);
    let epoch = idp_store::seal::Epoch::default();
    others.sealer = Arc::new(idp_store::Sealer::new(&key, epoch).unwrap());
    let mut mirror = mirror(&others);
    mirror.take(stored(&context).await);
    let built = mirror.news().unwrap();
    assert_eq!(built.catalog.counts(), (1, 1, 1));
}

#[tokio::test]
async fn a_node_that_knows_nothing_yet_gets_everything() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let other: Value = with("/relying_parties/0/names", json!({"en": "Gate"}));
    apply(&context, &other).await.unwrap();
    let built = follow(&context, &mut mirror(&context)).await.unwrap();
    assert_eq!(portal(&built).names.text(idp_domain::Lang::En), Some("Gate"));
}
