//! MFA-06: guessing codes: in parallel, from everywhere, login by login, by turns.

use idp_tests::harness::run;

use crate::factor::bench::{FactorBench, factor_bench};
use crate::factor::login::Login;

/// A code that is not due, and neither is one around it.
fn wrong(app: &idp_tests::harness::totp::App, turn: u32) -> String {
    let due = [app.last_code(), app.code(), app.next_code()];
    let mut guesses = (0..).map(|more| format!("{:06}", (turn * 7_919 + more) % 1_000_000));
    guesses.find(|guess| !due.contains(guess)).expect("one of a million")
}

/// Types something; why it was not taken, by the trail.
async fn tries(bench: &FactorBench, login: &mut Login<'_>, field: &str, typed: &str) -> String {
    let ends = bench.trail_ends().await;
    login.type_in(field, typed).await;
    let rows = bench.bench.trail_after(&ends).await;
    let failed = rows.iter().find(|row| row.kind == "factor.failed");
    let reason = failed.map(|row| row.reason.clone()).unwrap_or_default();
    assert_eq!(reason.is_empty(), login.page().arrived(), "{}", login.page().describe());
    reason
}

#[test]
fn mfa_06_after_five_wrong_codes_nobody_looks_at_the_next_one() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let (app, codes) = bench.has_app("mfa06").await;
        app.steady().await;
        let mark = bench.bench.mark().await;
        // Each from another address, in another browser, in a login of its own, and with wrong
        // guesses at another factor between them.
        for turn in 0..5 {
            let mut login = bench.asked("mfa06").await;
            if turn % 2 == 1 {
                let reason = tries(&bench, &mut login, "recovery", "AAAA-AAAA-AAAA").await;
                assert!(reason.starts_with("factors.recovery."), "{reason}");
            }
            let reason = tries(&bench, &mut login, "code", &wrong(&app, turn)).await;
            assert_eq!(reason, "factors.totp.wrong", "guess {turn}");
        }
        let mut login = bench.asked("mfa06").await;
        let right = app.code();
        assert_eq!(tries(&bench, &mut login, "code", &right).await, "throttled");
        let page = login.page();
        assert!(page.text().contains("too many attempts"), "{}", page.describe());
        bench.came_to_nothing(&login, &mark).await;
        // The owner is told, once: it is in the trail.
        let rows = bench.bench.trail(&mark).await;
        let locked: Vec<_> =
            rows.iter().filter(|row| row.body["detail"]["locked"] == "true").collect();
        assert_eq!(locked.len(), 1, "{rows:#?}");
        // Another factor is not locked with it, and unlocks nothing.
        assert_eq!(tries(&bench, &mut login, "recovery", &codes[0]).await, "");
        assert_eq!(login.step(), "told");
        let mut login = bench.asked("mfa06").await;
        assert_eq!(tries(&bench, &mut login, "code", &app.code()).await, "throttled");
    });
}

#[test]
fn mfa_06_guesses_at_the_same_time_are_counted_before_they_are_looked_at() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let (app, _) = bench.has_app("mfa06-race").await;
        let login = bench.asked("mfa06-race").await;
        let mark = bench.bench.mark().await;
        let guesses = (0..60).map(|turn| {
            let (mut login, guess) = (login.clone(), wrong(&app, turn));
            tokio::spawn(async move {
                login.type_in("code", &guess).await;
                assert!(!login.page().arrived(), "{}", login.page().url);
            })
        });
        for guess in guesses.collect::<Vec<_>>() {
            guess.await.expect("a guess");
        }
        let rows = bench.bench.trail(&mark).await;
        let count = |reason: &str| rows.iter().filter(|row| row.reason == reason).count();
        assert_eq!(count("factors.totp.wrong"), 5, "looked at");
        assert_eq!(count("throttled"), 55, "not looked at");
        bench.came_to_nothing(&login, &mark).await;
    });
}

/// A passkey cannot be guessed: whoever has one is not held up by whoever guesses at codes.
#[test]
fn mfa_06_somebody_who_guesses_locks_nobody_out_who_has_a_passkey() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let device = bench.has_passkey("mfa06-owner").await;
        let mut login = bench.asked("mfa06-owner").await;
        for turn in 0..6 {
            let reason = tries(&bench, &mut login, "recovery", "AAAA-AAAA-AAAA").await;
            assert_eq!(reason == "throttled", turn == 5, "guess {turn}: {reason}");
        }
        let mut owner = bench.asked("mfa06-owner").await;
        owner.passkey(device, serde_json::json!({})).await;
        assert_eq!(owner.step(), "told", "{}", owner.page().describe());
    });
}
