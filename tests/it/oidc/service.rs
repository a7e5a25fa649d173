//! A program that acts for itself: client credentials.

use idp_tests::harness::jose;
use idp_tests::harness::run;

use crate::house::house;

const ASK: [(&str, &str); 1] = [("grant_type", "client_credentials")];

#[test]
fn a_program_gets_an_access_token_for_itself() {
    run(async {
        let house = house().await;
        let party = house.party("rp-service").await;
        let answer = party.token(&ASK).await;
        let tokens = party.read_tokens(answer, None).await;
        assert!(tokens.answer["refresh_token"].is_null() && tokens.answer["id_token"].is_null());
        // RFC 9068.
        assert_eq!(jose::part(tokens.access(), 0)["typ"], "at+jwt");
        let claims = jose::verify(tokens.access(), &party.jwks().await).unwrap();
        assert_eq!(claims["client_id"], "rp-service");
        assert_eq!(claims["sub"], "rp-service");
        for claim in ["iss", "exp", "aud", "iat", "jti"] {
            assert!(!claims[claim].is_null(), "{claim}: {claims}");
        }
    });
}

#[test]
fn a_relying_party_that_was_not_given_the_grant_may_not_use_it() {
    run(async {
        let answer = house().await.party("rp1").await.token(&ASK).await;
        assert_eq!((answer.status, answer.error()), (400, Some("unauthorized_client")));
    });
}

#[test]
fn a_public_relying_party_cannot_act_for_itself() {
    run(async {
        let answer = house().await.party("rp-spa").await.token(&ASK).await;
        assert!(matches!(answer.error(), Some("unauthorized_client" | "invalid_client")));
    });
}
