//! Which claims are told, where, and to whom.

use idp_tests::harness::run;
use serde_json::json;

use crate::house::{EVE, house, visitor};

#[test]
fn a_scope_that_was_not_asked_for_tells_nothing() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let tokens = house.sign_in_with(&mut visitor(), &party, &[("scope", "openid")]).await;
        let person = party.userinfo(tokens.access()).await.json;
        let told: Vec<_> = person.as_object().unwrap().keys().collect();
        assert_eq!(told, ["sub"]);
    });
}

#[test]
fn the_claims_parameter_asks_for_single_claims() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let wish = json!({"userinfo": {"email": null}, "id_token": {"name": {"essential": true}}});
        let wish = wish.to_string();
        let extra = [("scope", "openid"), ("claims", wish.as_str())];
        let tokens = house.sign_in_with(&mut visitor(), &party, &extra).await;
        assert_eq!(tokens.claims["name"], EVE.name);
        assert!(tokens.claims["email"].is_null());
        let person = party.userinfo(tokens.access()).await.json;
        assert_eq!(person["email"], EVE.mail);
        assert!(person["name"].is_null());
    });
}

#[test]
fn an_id_token_says_when_and_how_and_in_which_session() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let tokens = house.sign_in(&mut visitor(), &party).await;
        let claims = &tokens.claims;
        assert!(claims["auth_time"].is_u64(), "{claims}");
        assert!(claims["sid"].is_string(), "{claims}");
        assert_eq!(claims["amr"], json!(["pwd"]), "{claims}");
        assert!(claims["acr"].is_string(), "{claims}");
    });
}

#[test]
fn userinfo_refuses_what_is_no_access_token() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let tokens = house.sign_in(&mut visitor(), &party).await;
        for wrong in ["nonsense", tokens.id_token()] {
            let answer = party.userinfo(wrong).await;
            assert_eq!(answer.status, 401);
            let challenge = answer.header("www-authenticate").unwrap_or_default();
            assert!(challenge.starts_with("Bearer") && challenge.contains("invalid_token"));
        }
    });
}
