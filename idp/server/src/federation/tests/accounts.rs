//! Local accounts: hashed, compared, written; never a part of the documents.

use expect_test::{Expect, expect};
use idp_domain::{AccountId, AttributeSet};
use idp_factors::password::{Password, PasswordHash, Verdict};
use idp_store::{
    Act, Outcome, Unit,
    credentials::{LocalAccount, Rehash},
    journal::LinkIdentity,
    revocations::RevokedKind,
};
use serde_json::{Value, json};

use super::{NOW, PASSWORD, apply, context, federation, refused, stored, told, with};
use crate::federation::Context;

const ACCOUNT: &str = "/sources/1/connection/accounts";

async fn accounts(context: &Context) -> Vec<LocalAccount> {
    context.store.local_accounts.load(&"guests".parse().unwrap()).await.unwrap()
}

async fn opens(context: &Context, account: &LocalAccount, password: &str) -> bool {
    let hash = PasswordHash::parse(account.password_hash.as_deref().unwrap()).unwrap();
    let verdict = context.hasher.verify(Password::typed(password.to_owned()), hash).await;
    matches!(verdict.unwrap(), Verdict::Match { .. })
}

#[tokio::test]
async fn an_account_is_made_with_the_password_that_the_file_gives() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let [eve] = &accounts(&context).await[..] else { panic!("one account") };
    assert_eq!(eve.username, "eve", "in canonical form");
    assert!(opens(&context, eve, PASSWORD).await);
    assert!(!opens(&context, eve, "seven blue llamas walts").await);
    let text = format!("{:?}", stored(&context).await).to_lowercase();
    assert!(!text.contains("accounts") && !text.contains("eve"), "{text}");
}

#[tokio::test]
async fn a_changed_account_keeps_its_name_and_what_the_file_does_not_say() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let before = accounts(&context).await.remove(0);
    let file = with(ACCOUNT, json!([{"username": "EVE ", "enabled": false}]));
    let plan = apply(&context, &file).await.unwrap();
    expect![[r#"AccountCount { source: "guests", created: 0, updated: 1 }"#]]
        .assert_eq(&told(&plan));
    let after = accounts(&context).await.remove(0);
    assert_eq!(after.subject, before.subject);
    assert_eq!(after.password_hash, before.password_hash);
    assert!(after.disabled && after.attributes.is_empty());
    assert!(apply(&context, &file).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_new_password_takes_the_place_of_the_old_one() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let file = with(&format!("{ACCOUNT}/0/password"), json!("eleven green otters hum"));
    assert_eq!(apply(&context, &file).await.unwrap().accounts[0].updated, 1);
    let eve = accounts(&context).await.remove(0);
    assert!(opens(&context, &eve, "eleven green otters hum").await);
    assert!(!opens(&context, &eve, PASSWORD).await);
}

#[tokio::test]
async fn a_hash_is_taken_as_it_is() {
    let context = context().await;
    let hash =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let file = with(ACCOUNT, json!([{"username": "eve", "password_hash": hash}]));
    apply(&context, &file).await.unwrap();
    let eve = accounts(&context).await.remove(0);
    assert_eq!(eve.password_hash.as_deref(), Some(hash));
    assert!(apply(&context, &file).await.unwrap().is_empty());
}

#[tokio::test]
async fn accounts_that_are_not_named_stay() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let file = with(ACCOUNT, json!([{"username": "leo"}]));
    assert_eq!(apply(&context, &file).await.unwrap().accounts[0].created, 1);
    assert_eq!(accounts(&context).await.len(), 2);
    let none = with("/sources/1/connection", json!({}));
    assert!(apply(&context, &none).await.unwrap().is_empty());
}

#[tokio::test]
async fn many_accounts_are_written_together() {
    let context = context().await;
    let many: Vec<Value> = (0..300).map(|n| json!({"username": format!("p{n}")})).collect();
    let plan = apply(&context, &with(ACCOUNT, json!(many))).await.unwrap();
    assert_eq!(plan.accounts[0].created, 300);
    assert_eq!(accounts(&context).await.len(), 300);
}

/// Eve's account, as her first sign-in makes it.
async fn signed_in(context: &Context) -> AccountId {
    let link = LinkIdentity {
        source: "guests".parse().unwrap(),
        issuer: "guests".to_owned(),
        subject: accounts(context).await.remove(0).subject,
        account_if_new: AccountId::from_random([1; 16]),
        attributes: AttributeSet::default(),
        now: NOW,
    };
    match context.store.journal.commit(Unit::new(Act::Link(link), Vec::new())).await.unwrap() {
        Outcome::Linked { account, .. } => account,
        other => panic!("{other:?}"),
    }
}

/// Whether all that began until now is over for the account.
fn is_signed_out(context: &Context, account: &AccountId) -> bool {
    let at = context.store.revocations.revoked_at(RevokedKind::Account, account.as_str());
    at == Some(NOW)
}

/// Why people were signed out, as the trail has it.
async fn signed_out(context: &Context) -> Vec<String> {
    let trail = context.store.audit.page(None, 100).await.unwrap();
    let events = trail.iter().filter_map(idp_store::audit::TrailRow::event);
    events.filter_map(|event| event.detail.get("signed_out").cloned()).collect()
}

#[tokio::test]
async fn tok_09_whoever_is_disabled_by_the_file_is_signed_out() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let eve = signed_in(&context).await;
    let file = with(&format!("{ACCOUNT}/0/enabled"), json!(false));
    apply(&context, &file).await.unwrap();
    assert!(is_signed_out(&context, &eve));
    apply(&context, &file).await.unwrap();
    apply(&context, &federation()).await.unwrap();
    assert_eq!(signed_out(&context).await, ["local_account_off"], "once");
}

#[tokio::test]
async fn tok_09_whoever_gets_another_password_by_the_file_is_signed_out() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let eve = signed_in(&context).await;
    let file = with(&format!("{ACCOUNT}/0/password"), json!("eleven green otters hum"));
    apply(&context, &file).await.unwrap();
    assert!(is_signed_out(&context, &eve));
    apply(&context, &file).await.unwrap();
    assert_eq!(signed_out(&context).await, ["password_changed"], "once");
}

#[tokio::test]
async fn a_file_that_says_nothing_new_of_a_sign_in_ends_nothing() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let eve = signed_in(&context).await;
    apply(&context, &federation()).await.unwrap();
    let file = with(&format!("{ACCOUNT}/0/attributes"), json!({"displayName": "Eve E."}));
    assert_eq!(apply(&context, &file).await.unwrap().accounts[0].updated, 1);
    // Whoever is not named stays as they are.
    apply(&context, &with(ACCOUNT, json!([]))).await.unwrap();
    assert!(!is_signed_out(&context, &eve) && signed_out(&context).await.is_empty());
}

#[tokio::test]
async fn a_password_that_was_hashed_anew_at_a_sign_in_is_the_one_that_the_file_gives() {
    let context = context().await;
    let hash =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let file = with(ACCOUNT, json!([{"username": "eve", "password_hash": hash}]));
    apply(&context, &file).await.unwrap();
    let eve = signed_in(&context).await;
    let renewed =
        "$argon2id$v=19$m=65536,t=3,p=1$b3RoZXJzYWx0$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let rehash = Rehash {
        source: "guests".parse().unwrap(),
        username: "eve".to_owned(),
        version: 1,
        password_hash: renewed.to_owned(),
        now: NOW,
    };
    let unit = Unit::new(Act::Rehash(rehash), Vec::new());
    assert_eq!(context.store.journal.commit(unit).await.unwrap(), Outcome::Done);
    assert!(apply(&context, &file).await.unwrap().is_empty());
    assert_eq!(accounts(&context).await[0].password_hash.as_deref(), Some(renewed));
    assert!(!is_signed_out(&context, &eve));
}

async fn check(account: Value, expected: &Expect) {
    let context = context().await;
    expected.assert_eq(&refused(&context, &with(ACCOUNT, json!([account]))).await);
    assert!(accounts(&context).await.is_empty());
}

#[tokio::test]
async fn an_account_that_could_not_sign_in_is_refused_by_name() {
    check(json!({"username": "eve", "password": "short"}), &expect!["sources/guests: connection.accounts.eve.password: the password has fewer than 15 characters"]).await;
    check(json!({"username": "eve", "passwort": PASSWORD}), &expect!["sources/guests: connection.accounts.eve: unknown key `passwort`; did you mean `password`?"]).await;
    check(
        json!({"password": PASSWORD}),
        &expect!["sources/guests: connection.accounts.0.username: it is missing"],
    )
    .await;
    check(json!({"username": "eve", "password_hash": "$2b$12$x"}), &expect!["sources/guests: connection.accounts.eve.password_hash: the stored hash is not a PHC string"]).await;
    check(json!({"username": "eve", "password": PASSWORD, "password_hash": "x"}), &expect!["sources/guests: connection.accounts.eve.password: it cannot stand beside `password_hash`"]).await;
    check(json!({"username": "eve", "attributes": {"mail": ["a", "b"]}}), &expect!["sources/guests: connection.accounts.eve.attributes: a login would be refused for `mail` (attribute_ambiguous): scoped values end in `@` and one of the agency's scopes, and some attributes have one value only"]).await;
    check(json!({"username": "eve", "attributes": {"email": "a"}}), &expect!["sources/guests: connection.accounts.eve.attributes: there is no attribute `email`; did you mean `mail`?"]).await;
    check(json!({"username": "eve", "attributes": {"agency": "una"}}), &expect!["sources/guests: connection.accounts.eve.attributes: `agency` is said by the broker itself"]).await;
    let foreign = json!({"eduPersonScopedAffiliation": "staff@unb.example"});
    check(json!({"username": "eve", "attributes": foreign}), &expect!["sources/guests: connection.accounts.eve.attributes: a login would be refused for `eduPersonScopedAffiliation` (scope_violation): scoped values end in `@` and one of the agency's scopes, and some attributes have one value only"]).await;
}

#[tokio::test]
async fn one_name_in_two_spellings_is_refused() {
    let context = context().await;
    let file = with(ACCOUNT, json!([{"username": "eve"}, {"username": " EVE"}]));
    expect!["sources/guests: connection.accounts. EVE: this name stands here twice"]
        .assert_eq(&refused(&context, &file).await);
}
