//! AUZ-17: codes and tokens leaked by Referer, by history, or by a repeated POST.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::page::Page;
use idp_tests::harness::run;

use crate::attacks::bench::{Bench, bench};
use crate::house::{EVE, LOCAL, visitor};

fn keeps_to_itself(bench: &Bench, page: &Page) {
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{}", page.describe());
    assert!(
        page.header("cache-control").is_some_and(|value| value.contains("no-store")),
        "{}",
        page.url
    );
    let policy = page.header("content-security-policy").unwrap_or_else(|| panic!("{}", page.url));
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    bench.has_a_way_on(page);
}

#[test]
fn auz_17_no_page_of_a_login_tells_another_site_where_it_was() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let begun = party.begin(&[("response_mode", "form_post")]);
        let mut visitor = Visitor::new();
        let choice = visitor.open(&begun.url).await;
        let form = visitor.choose(&choice, LOCAL).await;
        let wrong = visitor.sign_in(&form, EVE.username, "wrong").await;
        let answer = visitor.sign_in(&wrong, EVE.username, EVE.password).await;
        let error = visitor.open(format!("{}/login/nothing", bench.house.broker.base)).await;
        for page in [&choice, &form, &wrong, &answer, &error] {
            keeps_to_itself(&bench, page);
        }
    });
}

#[test]
fn auz_17_the_answer_to_a_post_does_not_carry_the_password_on() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let begun = party.begin(&[]);
        let mut visitor = visitor();
        let choice = visitor.open(&begun.url).await;
        let form = visitor.choose(&choice, LOCAL).await;
        let filled = form
            .form_with("password")
            .fill("username", EVE.username)
            .fill("password", EVE.password)
            .enter();
        let answer = visitor.submit_once(&form, filled).await;
        // A 303, or a page that leads on by itself; 307 and 308 would send the password along.
        assert!(answer.status == 303 || answer.refresh().is_some(), "{}", answer.describe());
        assert!(answer.header("location").is_none_or(|_| answer.status == 303));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    });
}

#[test]
fn auz_17_a_redirect_with_a_code_is_not_cached() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let mut visitor = visitor();
        bench.house.sign_in(&mut visitor, &party).await;
        let again = visitor.peek(&party.begin(&[]).url).await;
        assert!([302, 303].contains(&again.status), "{}", again.describe());
        assert!(again.header("location").unwrap().contains("code="));
        assert!(again.header("cache-control").is_some_and(|value| value.contains("no-store")));
        assert_eq!(again.header("referrer-policy"), Some("no-referrer"));
    });
}
