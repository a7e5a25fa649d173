//! What a registration can change: the signature of ID tokens, and the profile of old software.

use idp_tests::harness::jose;
use idp_tests::harness::rp::{Answer, Party};
use idp_tests::harness::run;

use crate::house::{EVE, house, visitor};

#[test]
fn an_id_token_is_signed_as_the_relying_party_is_registered() {
    run(async {
        let house = house().await;
        for (id, algorithm) in [("rp1", "ES256"), ("rp-rs256", "RS256"), ("rp-eddsa", "EdDSA")] {
            let party = house.party(id).await;
            let tokens = house.sign_in(&mut visitor(), &party).await;
            assert_eq!(jose::part(tokens.id_token(), 0)["alg"], algorithm, "{id}");
        }
    });
}

const NO_CHALLENGE: [(&str, &str); 2] =
    [("code_challenge", Party::WITHOUT), ("code_challenge_method", Party::WITHOUT)];

#[test]
fn old_software_without_pkce_signs_in_by_its_nonce() {
    run(async {
        let house = house().await;
        let party = house.party("rp-old").await;
        let begun = party.begin(&NO_CHALLENGE);
        let page = house.answer(&mut visitor(), &begun, EVE).await;
        let code = party.code(&begun, &page);
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", &party.redirect_uri),
        ];
        let answer: Answer = party.token(&form).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        party.read_tokens(answer, Some(&begun.nonce)).await;
    });
}

#[test]
fn old_software_without_pkce_and_without_a_nonce_is_refused() {
    run(async {
        let party = house().await.party("rp-old").await;
        let begun = party.begin(&[&NO_CHALLENGE[..], &[("nonce", Party::WITHOUT)]].concat());
        let page = visitor().open(&begun.url).await;
        assert_eq!(party.error(&begun, &page), "invalid_request");
    });
}

#[test]
fn a_verifier_for_a_code_that_had_no_challenge_is_refused() {
    run(async {
        let house = house().await;
        let party = house.party("rp-old").await;
        let begun = party.begin(&NO_CHALLENGE);
        let page = house.answer(&mut visitor(), &begun, EVE).await;
        let code = party.code(&begun, &page);
        // A downgrade: the attacker took the challenge out of the request (RFC 9700, 4.8.2).
        let answer = party.redeem(&code, &begun.verifier).await;
        assert_eq!((answer.status, answer.error()), (400, Some("invalid_grant")));
    });
}
