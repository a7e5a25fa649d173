//! Introspection and revocation.

use idp_tests::harness::rp::Proof;
use idp_tests::harness::run;

use crate::house::{SECRET, house, visitor};

#[test]
fn introspection_tells_the_owner_about_a_live_token() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let tokens = house.sign_in(&mut visitor(), &party).await;
        let answer = party.introspect(tokens.access()).await.json;
        assert_eq!(answer["active"], true);
        assert_eq!(answer["client_id"], "rp1");
        assert_eq!(answer["sub"], tokens.claims["sub"]);
        assert_eq!(answer["token_type"].as_str().map(str::to_lowercase).as_deref(), Some("bearer"));
    });
}

#[test]
fn introspection_says_nothing_of_a_token_that_is_none() {
    run(async {
        let party = house().await.party("rp1").await;
        let answer = party.introspect("nonsense").await;
        assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"active":false}"#));
    });
}

#[test]
fn introspection_needs_a_proof_of_who_asks() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let tokens = house.sign_in(&mut visitor(), &party).await;
        let stranger = party.with_proof(Proof::Basic(format!("{SECRET}!")));
        let answer = stranger.introspect(tokens.access()).await;
        assert_eq!((answer.status, answer.error()), (401, Some("invalid_client")));
    });
}

#[test]
fn a_revoked_access_token_opens_nothing() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let tokens = house.sign_in(&mut visitor(), &party).await;
        assert_eq!(party.revoke(tokens.access()).await.status, 200);
        assert_eq!(party.introspect(tokens.access()).await.json["active"], false);
        assert_eq!(party.userinfo(tokens.access()).await.status, 401);
    });
}

#[test]
fn a_revoked_refresh_token_takes_its_access_tokens_along() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let extra = [("scope", "openid offline_access")];
        let tokens = house.sign_in_with(&mut visitor(), &party, &extra).await;
        assert_eq!(party.revoke(tokens.refresh()).await.status, 200);
        assert_eq!(party.refresh(tokens.refresh()).await.error(), Some("invalid_grant"));
        assert_eq!(party.userinfo(tokens.access()).await.status, 401);
    });
}

#[test]
fn nobody_revokes_the_token_of_another() {
    run(async {
        let house = house().await;
        let (owner, other) = (house.party("rp1").await, house.party("rp2").await);
        let tokens = house.sign_in(&mut visitor(), &owner).await;
        other.revoke(tokens.access()).await;
        assert_eq!(owner.userinfo(tokens.access()).await.status, 200);
    });
}

#[test]
fn revoking_what_does_not_exist_is_done_already() {
    run(async {
        let party = house().await.party("rp1").await;
        assert_eq!(party.revoke("nonsense").await.status, 200);
    });
}
