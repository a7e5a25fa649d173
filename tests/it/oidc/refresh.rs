//! Refresh tokens: rotation, and what a second use gives away.

use idp_tests::harness::run;

use crate::house::{house, visitor};

const OFFLINE: [(&str, &str); 1] = [("scope", "openid email offline_access")];

#[test]
fn a_refresh_token_is_replaced_with_each_use() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let first = house.sign_in_with(&mut visitor(), &party, &OFFLINE).await;
        let second = party.read_tokens(party.refresh(first.refresh()).await, None).await;
        assert_ne!(first.refresh(), second.refresh());
        assert_ne!(first.access(), second.access());
        assert_eq!(second.claims["sub"], first.claims["sub"]);
        assert_eq!(second.claims["auth_time"], first.claims["auth_time"], "nobody signed in again");
        assert_eq!(party.userinfo(second.access()).await.status, 200);
    });
}

#[test]
fn the_second_use_of_a_refresh_token_revokes_the_whole_family() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let first = house.sign_in_with(&mut visitor(), &party, &OFFLINE).await;
        let second = party.read_tokens(party.refresh(first.refresh()).await, None).await;
        // The network may repeat a request; only a use after its successor's is a theft for sure.
        let third = party.read_tokens(party.refresh(second.refresh()).await, None).await;
        let reuse = party.refresh(first.refresh()).await;
        assert_eq!((reuse.status, reuse.error()), (400, Some("invalid_grant")));
        let latest = party.refresh(third.refresh()).await;
        assert_eq!(latest.error(), Some("invalid_grant"), "the thief may hold the latest one");
        assert_eq!(party.userinfo(third.access()).await.status, 401);
    });
}

#[test]
fn a_refresh_token_belongs_to_its_relying_party() {
    run(async {
        let house = house().await;
        let (owner, thief) = (house.party("rp1").await, house.party("rp2").await);
        let tokens = house.sign_in_with(&mut visitor(), &owner, &OFFLINE).await;
        let answer = thief.refresh(tokens.refresh()).await;
        assert_eq!((answer.status, answer.error()), (400, Some("invalid_grant")));
        assert_eq!(owner.refresh(tokens.refresh()).await.status, 200, "the owner is not harmed");
    });
}

#[test]
fn a_scope_can_shrink_and_never_grow() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let tokens = house.sign_in_with(&mut visitor(), &party, &OFFLINE).await;
        let with_scope = |scope| {
            [("grant_type", "refresh_token"), ("refresh_token", tokens.refresh()), ("scope", scope)]
        };
        let more = party.token(&with_scope("openid email profile")).await;
        assert_eq!((more.status, more.error()), (400, Some("invalid_scope")));
        let less = party.token(&with_scope("openid")).await;
        let less = party.read_tokens(less, None).await;
        let person = party.userinfo(less.access()).await.json;
        assert!(person["email"].is_null(), "{person}");
    });
}

#[test]
fn without_offline_access_there_is_no_refresh_token() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let tokens = house.sign_in(&mut visitor(), &party).await;
        assert!(tokens.answer["refresh_token"].is_null());
    });
}
