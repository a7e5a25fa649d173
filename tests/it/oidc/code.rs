//! The authorization code flow from a relying party's button to its tokens.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::page::Page;
use idp_tests::harness::rp::Proof;
use idp_tests::harness::run;

use crate::house::{EVE, FOREIGN, LOCAL, SECRET, go_on, house, visitor};

#[test]
fn a_partner_signs_in_with_a_password_and_the_relying_party_gets_tokens() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let mut visitor = visitor();
        let tokens = house.sign_in(&mut visitor, &party).await;
        assert_eq!(visitor.jar.refused, Vec::<String>::new(), "cookies a browser refuses");
        let person = party.userinfo(tokens.access()).await;
        assert_eq!(person.json["sub"], tokens.claims["sub"]);
        assert_eq!(person.json["name"], EVE.name);
        assert_eq!(person.json["email"], EVE.mail);
    });
}

#[test]
fn a_person_signs_in_at_the_agencys_own_provider() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let begun = party.begin(&[]);
        let mut visitor = visitor();
        let page = visitor.open(&begun.url).await;
        let page = visitor.choose(&page, FOREIGN).await;
        let tokens = party.finish(&begun, &page).await;
        let person = party.userinfo(tokens.access()).await;
        assert_eq!(person.json["email"], "bob@unb.example");
        assert_ne!(person.json["sub"], "bob", "a source's own name for a person stays inside");
    });
}

#[test]
fn a_second_relying_party_needs_no_prompt() {
    run(async {
        let house = house().await;
        let (first, second) = (house.party("rp1").await, house.party("rp2").await);
        let mut visitor = visitor();
        let one = house.sign_in(&mut visitor, &first).await;
        let begun = second.begin(&[]);
        let page = visitor.open(&begun.url).await;
        let two = second.finish(&begun, &page).await;
        assert_eq!(one.claims["auth_time"], two.claims["auth_time"]);
        assert_eq!(one.claims["sub"], two.claims["sub"], "public subjects are the same");
    });
}

#[test]
fn every_way_of_client_authentication_works() {
    run(async {
        let house = house().await;
        for id in ["rp1", "rp-post", "rp-key", "rp-spa", "rp-native"] {
            let party = house.party(id).await;
            let tokens = house.sign_in(&mut visitor(), &party).await;
            assert_eq!(tokens.claims["aud"], *id, "{id}");
        }
    });
}

#[test]
fn a_wrong_secret_is_an_invalid_client() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let begun = party.begin(&[]);
        let page = house.answer(&mut visitor(), &begun, EVE).await;
        let code = party.code(&begun, &page);
        let thief = party.with_proof(Proof::Basic(format!("{SECRET}x")));
        let answer = thief.redeem(&code, &begun.verifier).await;
        assert_eq!((answer.status, answer.error()), (401, Some("invalid_client")));
        assert!(answer.header("www-authenticate").is_some_and(|v| v.starts_with("Basic")));
    });
}

#[test]
fn a_code_opens_only_with_its_verifier() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let begun = party.begin(&[]);
        let page = house.answer(&mut visitor(), &begun, EVE).await;
        let code = party.code(&begun, &page);
        let other = party.begin(&[]).verifier;
        let answer = party.redeem(&code, &other).await;
        assert_eq!((answer.status, answer.error()), (400, Some("invalid_grant")));
    });
}

#[test]
fn a_code_works_once_and_its_second_use_revokes_what_the_first_gave() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let begun = party.begin(&[("scope", "openid offline_access")]);
        let page = house.answer(&mut visitor(), &begun, EVE).await;
        let code = party.code(&begun, &page);
        let tokens = party.exchange(&begun, &code).await;
        let again = party.redeem(&code, &begun.verifier).await;
        assert_eq!((again.status, again.error()), (400, Some("invalid_grant")));
        let refreshed = party.refresh(tokens.refresh()).await;
        assert_eq!(refreshed.error(), Some("invalid_grant"));
        assert_eq!(party.userinfo(tokens.access()).await.status, 401);
    });
}

#[test]
fn a_code_is_good_for_its_own_relying_party_only() {
    run(async {
        let house = house().await;
        let (owner, thief) = (house.party("rp1").await, house.party("rp2").await);
        let begun = owner.begin(&[]);
        let page = house.answer(&mut visitor(), &begun, EVE).await;
        let code = owner.code(&begun, &page);
        let answer = thief.redeem(&code, &begun.verifier).await;
        assert_eq!((answer.status, answer.error()), (400, Some("invalid_grant")));
    });
}

#[test]
fn form_post_answers_with_a_form_that_a_person_can_send() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let begun = party.begin(&[("response_mode", "form_post")]);
        let mut visitor = Visitor::new();
        let page = visitor.open(&begun.url).await;
        let page = go_on_until_post(&mut visitor, page).await;
        let form = page.form_with("code");
        assert_eq!(
            (form.method.as_str(), form.action.as_str()),
            ("POST", party.redirect_uri.as_str())
        );
        assert!(!form.buttons.is_empty(), "a button for when no script runs");
        assert_eq!(form.value("state"), Some(begun.state.as_str()));
        assert_eq!(form.value("iss"), party.provider["issuer"].as_str());
        party.exchange(&begun, form.value("code").unwrap()).await;
    });
}

async fn go_on_until_post(visitor: &mut Visitor, page: Page) -> Page {
    let page = visitor.choose(&page, LOCAL).await;
    visitor.sign_in(&page, EVE.username, EVE.password).await
}

#[test]
fn state_comes_back_byte_for_byte() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let mut visitor = visitor();
        house.sign_in(&mut visitor, &party).await;
        let long = "é %2F+&=\"'<>".repeat(100);
        for state in ["a b", "a+b", "100%", "\"quotes\" & 'more'", "ümläut ☃ مرحبا", &long]
        {
            let begun = party.begin(&[("state", state)]);
            let page = visitor.open(&begun.url).await;
            assert_eq!(page.answer("state").as_deref(), Some(state));
        }
    });
}

#[test]
fn a_request_by_post_is_as_good_as_one_by_get() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let begun = party.begin(&[]);
        let mut visitor = visitor();
        let pairs: Vec<(String, String)> = begun.url.query_pairs().into_owned().collect();
        let pairs: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let endpoint = party.endpoint("authorization_endpoint");
        let page = visitor.post_from_elsewhere(endpoint, &pairs).await;
        let page = go_on(&mut visitor, page, EVE).await;
        party.finish(&begun, &page).await;
    });
}
