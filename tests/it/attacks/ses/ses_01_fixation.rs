//! SES-01, -02, -03, -09: values that an attacker plants, keeps or makes a browser send.

use idp_tests::harness::run;

use crate::attacks::bench::bench;
use crate::house::{LEO, LOCAL, go_on, visitor};

#[test]
fn ses_01_what_was_planted_before_a_login_is_worth_nothing_after_it() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        // Mallory was here, has a session of their own and plants all of their cookies.
        let mut planted = visitor();
        let own = bench.house.sign_in(&mut planted, &party).await;
        let before = planted.clone();
        let begun = party.begin(&[("prompt", "login")]);
        let page = planted.open(&begun.url).await;
        let page = go_on(&mut planted, page, LEO).await;
        let tokens = party.finish(&begun, &page).await;
        assert_ne!(tokens.claims["sub"], own.claims["sub"]);
        // Whoever kept the old values is signed in as nobody.
        let mut mallory = before;
        bench.is_signed_out(&mut mallory, &party).await;
    });
}

#[test]
fn ses_02_a_login_of_another_browser_goes_on_in_none() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        // Mallory begins a login and sends Eve, who is signed in, its addresses.
        let begun = party.begin(&[]);
        let lure = visitor().open(&begun.url).await;
        let base = lure.url.as_str().trim_end_matches("/choose").to_owned();
        let mut eve = visitor();
        bench.house.sign_in(&mut eve, &party).await;
        let mark = bench.mark().await;
        let pages =
            ["", "/choose", "/agency/loc", "/source/partners", "/enrol/passkey", "/enrol/app"];
        for path in pages {
            let page = eve.open(format!("{base}{path}")).await;
            assert!(!page.arrived(), "{path}: {}", page.url);
            assert!((400..500).contains(&page.status), "{path}: {}", page.describe());
        }
        bench.nothing_created(&mark).await;
        let rows = bench.trail(&mark).await;
        assert!(rows.iter().any(|row| row.reason == "txn_binding"), "{rows:#?}");
    });
}

#[test]
fn ses_03_after_a_logout_with_half_its_cookies_nobody_gets_what_was_another_s() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let mut browser = visitor();
        // Eve leaves a tab open in the middle of a login, and another one signed in.
        let first = bench.house.sign_in(&mut browser, &party).await;
        let left = party.begin(&[("prompt", "login")]);
        let tab = browser.open(&left.url).await;
        let out = browser.open(format!("{}/logout", bench.house.broker.base)).await;
        let form = out.forms().into_iter().find(|form| form.method == "POST").expect("a form");
        browser.submit(&out, form).await;
        // Leo sits down there; Eve's tab is still open, and Leo finishes it.
        let tokens = {
            let begun = party.begin(&[]);
            let page = browser.open(&begun.url).await;
            let page = go_on(&mut browser, page, LEO).await;
            party.finish(&begun, &page).await
        };
        assert_ne!(tokens.claims["sub"], first.claims["sub"]);
        assert_ne!(tokens.claims["sid"], first.claims["sid"]);
        let page = go_on(&mut browser, tab, LEO).await;
        if page.arrived() && page.answer("code").is_some() {
            let finished = party.finish(&left, &page).await;
            assert_eq!(finished.claims["sub"], tokens.claims["sub"]);
        }
        // And Eve's tokens are no more.
        assert_eq!(party.userinfo(first.access()).await.status, 401);
    });
}

#[test]
fn ses_09_no_other_site_signs_a_browser_in() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        // A login that waits for a password in Eve's own browser, and another one in Mallory's.
        let mut eve = visitor();
        let begun = party.begin(&[]);
        let page = eve.open(&begun.url).await;
        let page = eve.choose(&page, LOCAL).await;
        let own = page.form_with("password").action.to_string();
        let mut mallory = visitor();
        let page = mallory.open(&party.begin(&[]).url).await;
        let page = mallory.choose(&page, LOCAL).await;
        let foreign = page.form_with("password").action.to_string();
        let mark = bench.mark().await;
        let fields = [("username", LEO.username), ("password", LEO.password)];
        for action in [own, foreign] {
            let answer = eve.post_from_elsewhere(&action, &fields).await;
            assert!(!answer.arrived(), "{}", answer.url);
            assert!((400..500).contains(&answer.status), "{}", answer.describe());
        }
        bench.nothing_created(&mark).await;
        bench.is_signed_out(&mut eve, &party).await;
    });
}
