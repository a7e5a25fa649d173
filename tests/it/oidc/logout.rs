//! Signing out: by a relying party, and by the person.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::page::Page;
use idp_tests::harness::run;

use crate::house::{House, house, visitor};

#[test]
fn a_relying_party_signs_a_person_out_and_gets_her_back() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let mut visitor = visitor();
        let tokens = house.sign_in(&mut visitor, &party).await;
        let goodbye = "https://rp1.example/bye";
        let page = visitor.open(party.logout_url(tokens.id_token(), Some(goodbye))).await;
        let page = confirm(&mut visitor, page).await;
        assert!(page.arrived() && page.url.as_str().starts_with(goodbye), "{}", page.describe());
        assert_eq!(page.answer("state").as_deref(), Some("signed-out"));
        assert_signed_out(house, &mut visitor).await;
    });
}

#[test]
fn an_address_that_is_not_registered_is_not_gone_to_after_sign_out() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let mut visitor = visitor().stopping_at("https://evil.example");
        let tokens = house.sign_in(&mut visitor, &party).await;
        for address in ["https://evil.example/", "https://rp1.example/bye/", "https://rp1.example/"]
        {
            let page = visitor.open(party.logout_url(tokens.id_token(), Some(address))).await;
            assert!(!page.arrived(), "went to {address}");
        }
    });
}

#[test]
fn a_logout_without_a_hint_asks_the_person_first() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let mut visitor = visitor();
        house.sign_in(&mut visitor, &party).await;
        let page = visitor.open(party.endpoint("end_session_endpoint")).await;
        assert_eq!(page.status, 200, "{}", page.describe());
        // Anybody can make a browser load an address: that alone must sign nobody out.
        let silent = party.begin(&[("prompt", "none")]);
        let still = visitor.open(&silent.url).await;
        party.finish(&silent, &still).await;
        confirm(&mut visitor, page).await;
        assert_signed_out(house, &mut visitor).await;
    });
}

#[test]
fn signing_out_ends_the_tokens_of_the_session_but_not_offline_access() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let mut visitor = visitor();
        let online = house.sign_in(&mut visitor, &party).await;
        let page = visitor.open(party.logout_url(online.id_token(), None)).await;
        confirm(&mut visitor, page).await;
        assert_eq!(party.userinfo(online.access()).await.status, 401);
    });
}

/// Presses the button of a page that asks whether to sign out, if there is one.
async fn confirm(visitor: &mut Visitor, page: Page) -> Page {
    if page.arrived() {
        return page;
    }
    let form = page.forms().into_iter().find(|form| form.action.path().contains("logout"));
    match form {
        Some(form) => visitor.submit(&page, form.enter()).await,
        None => page,
    }
}

async fn assert_signed_out(house: &House, visitor: &mut Visitor) {
    let party = house.party("rp2").await;
    let begun = party.begin(&[("prompt", "none")]);
    let page = visitor.open(&begun.url).await;
    assert_eq!(party.error(&begun, &page), "login_required");
}
