//! When a person is asked again: `prompt`, `max_age`, and the hints about who and how.

use idp_tests::harness::run;

use crate::house::{EVE, FOREIGN, LEO, LOCAL, go_on, house, visitor};

#[test]
fn prompt_none_succeeds_in_silence_with_a_session() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let mut visitor = visitor();
        let first = house.sign_in(&mut visitor, &party).await;
        let begun = party.begin(&[("prompt", "none")]);
        let page = visitor.open(&begun.url).await;
        let second = party.finish(&begun, &page).await;
        assert_eq!(first.claims["sub"], second.claims["sub"]);
    });
}

#[test]
fn prompt_none_without_a_session_is_login_required() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let begun = party.begin(&[("prompt", "none")]);
        let page = visitor().open(&begun.url).await;
        assert_eq!(party.error(&begun, &page), "login_required");
    });
}

#[test]
fn prompt_login_asks_again_and_moves_auth_time() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let mut visitor = visitor();
        let first = house.sign_in(&mut visitor, &party).await;
        pass_a_second().await;
        let begun = party.begin(&[("prompt", "login")]);
        let page = visitor.open(&begun.url).await;
        assert!(!page.arrived(), "the person must be asked");
        let page = go_on(&mut visitor, page, EVE).await;
        let second = party.finish(&begun, &page).await;
        let time = |tokens: &idp_tests::harness::rp::Tokens| tokens.claims["auth_time"].as_u64();
        assert!(time(&second).unwrap() > time(&first).unwrap());
    });
}

#[test]
fn prompt_select_account_shows_the_agencies_in_spite_of_a_session() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let mut visitor = visitor();
        house.sign_in(&mut visitor, &party).await;
        let begun = party.begin(&[("prompt", "select_account")]);
        let page = visitor.open(&begun.url).await;
        assert!(!page.arrived(), "the person must be asked");
        let page = visitor.choose(&page, FOREIGN).await;
        let tokens = party.finish(&begun, &page).await;
        let person = party.userinfo(tokens.access()).await;
        assert_eq!(person.json["email"], "bob@unb.example");
    });
}

#[test]
fn a_max_age_that_has_passed_asks_again_and_one_that_has_not_does_not() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let mut visitor = visitor();
        house.sign_in(&mut visitor, &party).await;
        let young = party.begin(&[("max_age", "600")]);
        let page = visitor.open(&young.url).await;
        let tokens = party.finish(&young, &page).await;
        assert!(tokens.claims["auth_time"].is_u64(), "max_age makes auth_time a must");
        pass_a_second().await;
        pass_a_second().await;
        let old = party.begin(&[("max_age", "1")]);
        let page = visitor.open(&old.url).await;
        assert!(!page.arrived(), "the person must be asked");
    });
}

#[test]
fn login_hint_fills_the_sign_in_form_and_chooses_the_agency() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let begun = party.begin(&[("login_hint", "eve@loc.example")]);
        let page = visitor().open(&begun.url).await;
        let form = page.form_with("password");
        assert_eq!(form.value("username"), Some("eve@loc.example"), "{}", page.describe());
    });
}

#[test]
fn ui_locales_choose_the_language_of_the_pages() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        for (asked, lang, dir) in
            [("ar", "ar", "rtl"), ("xx fr-CA en", "fr", "ltr"), ("zh-Hans", "zh", "ltr")]
        {
            let begun = party.begin(&[("ui_locales", asked)]);
            let page = visitor().open(&begun.url).await;
            assert_eq!(page.attribute("html", "lang").as_deref(), Some(lang), "{asked}");
            assert_eq!(page.attribute("html", "dir").unwrap_or_else(|| "ltr".into()), dir);
        }
    });
}

#[test]
fn a_hint_about_who_is_not_a_person_that_anybody_else_may_be() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let mut visitor = visitor();
        let eve = house.sign_in(&mut visitor, &party).await;
        let begun = party.begin(&[("id_token_hint", eve.id_token()), ("prompt", "login")]);
        let page = visitor.open(&begun.url).await;
        let page = go_on(&mut visitor, page, LEO).await;
        // Another person than the hinted one signed in: no success in her name.
        if page.arrived() {
            assert_eq!(party.error(&begun, &page), "login_required");
        } else {
            assert!(page.status >= 400, "{}", page.describe());
        }
    });
}

#[test]
fn a_voluntary_acr_that_cannot_be_had_is_answered_with_what_was_done() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let sfa = "https://refeds.org/profile/sfa";
        let tokens = house.sign_in_with(&mut visitor(), &party, &[("acr_values", sfa)]).await;
        assert_eq!(tokens.claims["acr"], sfa);
        let mfa = "https://refeds.org/profile/mfa";
        let tokens = house.sign_in_with(&mut visitor(), &party, &[("acr_values", mfa)]).await;
        assert_ne!(tokens.claims["acr"], mfa, "a password is no second factor");
    });
}

#[test]
fn the_agency_list_bears_the_name_of_each_agency() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let page = visitor().open(&party.begin(&[]).url).await;
        for name in [LOCAL, FOREIGN] {
            let there = page.form_by_button(name).is_some() || page.link(name).is_some();
            assert!(there, "no `{name}`: {}", page.describe());
        }
    });
}

/// `auth_time` counts whole seconds, so a later one needs a later second.
async fn pass_a_second() {
    tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
}
