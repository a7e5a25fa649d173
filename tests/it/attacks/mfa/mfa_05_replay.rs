//! MFA-05: a code of an app, used again. MFA-16: what a help desk or a page gives out once, used
//! again; how it is kept.
//!
//! There are no links for forgotten passwords here. What stands in their place, and has to have
//! their properties, are recovery codes and access passes.

use idp_tests::harness::run;
use idp_tests::harness::totp::App;

use crate::factor::bench::{FactorBench, factor_bench};
use crate::factor::login::Login;

/// Types a code that must not be taken.
async fn refuses_typed(
    bench: &FactorBench,
    login: &mut Login<'_>,
    field: &str,
    typed: &str,
    reasons: &[&str],
) {
    let (ends, before) = (bench.trail_ends().await, login.step());
    login.type_in(field, typed).await;
    bench.refused(login, &ends, &before, reasons).await;
}

#[test]
fn mfa_05_a_code_counts_once_and_buries_the_ones_before_it() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let (app, _): (App, _) = bench.has_app("mfa05").await;
        app.steady().await;
        let mut login = bench.asked("mfa05").await;
        let mut other = bench.asked("mfa05").await;
        let mark = bench.bench.mark().await;
        // The code that the app was set up with. Where the half minute is over meanwhile, it is
        // too old besides.
        let (before, now) = (app.last_code(), app.code());
        let used = ["totp.used", "totp.wrong"];
        refuses_typed(&bench, &mut login, "code", &before, &used).await;
        bench.came_to_nothing(&login, &mark).await;
        login.type_in("code", &now).await;
        assert_eq!(login.step(), "told", "{}", login.page().describe());
        // In another login, in the same one, and those of earlier steps.
        refuses_typed(&bench, &mut other, "code", &now, &used).await;
        refuses_typed(&bench, &mut other, "code", &before, &used).await;
        let page = login.post_at(&other, "/factor/code", &[("code", &now)]).await;
        assert!(!page.arrived(), "{}", page.url);
        // A blank or two between its digits make it no other code.
        let spaced = format!("{} {}", &now[..3], &now[3..]);
        let reasons = ["totp.used", "totp.wrong", "totp.malformed"];
        refuses_typed(&bench, &mut other, "code", &spaced, &reasons).await;
        bench.bench.is_signed_out(&mut other.visitor.clone(), &other.party).await;
    });
}

#[test]
fn mfa_16_a_recovery_code_counts_once_and_a_new_set_ends_the_old_one() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let (app, codes) = bench.has_app("mfa16").await;
        let mut login = bench.asked("mfa16").await;
        login.type_in("recovery", &codes[0].to_lowercase()).await;
        assert_eq!(login.step(), "told", "{}", login.page().describe());
        let mut again = bench.asked("mfa16").await;
        let mark = bench.bench.mark().await;
        let reasons = ["recovery.used"];
        refuses_typed(&bench, &mut again, "recovery", &codes[0], &reasons).await;
        bench.came_to_nothing(&again, &mark).await;
        // At rest there is nothing that could be typed.
        let plain: String = codes[1].chars().filter(char::is_ascii_alphanumeric).collect();
        for text in [&codes[1], &plain] {
            assert_eq!(bench.scene.house.broker.database.holds(text).await, None);
        }
        // Somebody else's is nobody's.
        let (_, others) = bench.has_app("mfa16-other").await;
        let reasons = ["recovery.wrong", "recovery.unknown"];
        refuses_typed(&bench, &mut again, "recovery", &others[0], &reasons).await;
        // A new set: the account page, after a proof.
        let mut owner = bench.asked("mfa16").await;
        owner.type_in("code", &app.code()).await;
        assert_eq!(owner.step(), "told", "{}", owner.page().describe());
        let there = format!("{}/account/security", bench.scene.house.broker.base);
        let page = owner.visitor.open(&there).await;
        let form = page
            .forms()
            .into_iter()
            .find(|form| {
                form.buttons.iter().any(|button| {
                    button.pair.as_ref().is_some_and(|(_, value)| value == "make-codes")
                })
            })
            .expect("a button for new codes");
        let mut page = owner.visitor.submit(&page, form.enter()).await;
        if page.texts("ul.codes code").is_empty() {
            let form = page.form_with("nonce").enter();
            page = owner.visitor.submit(&page, form).await;
        }
        let fresh = page.texts("ul.codes code");
        assert_eq!(fresh.len(), 10, "{}", page.describe());
        let reasons = ["recovery.wrong", "recovery.unknown"];
        refuses_typed(&bench, &mut again, "recovery", &codes[1], &reasons).await;
        again.type_in("recovery", &fresh[0]).await;
        assert_eq!(again.step(), "told", "{}", again.page().describe());
    });
}

#[test]
fn mfa_16_the_page_with_codes_tells_nobody_else() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let mut login = bench.scene.login("rp-mfa", "plain", "mfa16-page").await;
        login.new_app().await;
        let page = login.page();
        let codes = page.texts("ul.codes code");
        assert_eq!(codes.len(), 10);
        let base = bench.scene.house.broker.base.as_str();
        for resource in page.resources() {
            assert!(resource.as_str().starts_with(base), "loads {resource}");
        }
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert!(page.header("cache-control").is_some_and(|value| value.contains("no-store")));
        assert!(codes.iter().all(|code| !page.url.as_str().contains(code.as_str())));
        // Whoever has not enrolled in this browser does not get to see it.
        let mut stranger = crate::factor::scene::somebody();
        let seen = stranger.open(&page.url).await;
        assert!(codes.iter().all(|code| !seen.body.contains(code.as_str())));
    });
}
