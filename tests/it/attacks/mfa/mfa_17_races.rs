//! MFA-17: one proof for two logins.

use idp_tests::harness::run;

use crate::factor::bench::factor_bench;

#[test]
fn mfa_17_a_proof_in_one_browser_ends_no_login_in_another() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let (app, _) = bench.has_app("mfa17").await;
        let mut owner = bench.asked("mfa17").await;
        // Whoever knows the first factor waits beside.
        let mut thief = bench.asked("mfa17").await;
        let code = app.code();
        let tries = (0..50).map(|turn| {
            let (mut thief, owner) = (thief.clone(), owner.clone());
            tokio::spawn(async move {
                let page = match turn % 4 {
                    0 => thief.post("/factor/code", &[]).await,
                    1 => thief.post("/enrol/codes", &[]).await,
                    2 => thief.post_at(&owner, "/factor/code", &[]).await,
                    _ => {
                        let there = thief.address("");
                        thief.visitor.open(there).await
                    }
                };
                assert!(!page.arrived(), "try {turn}: {}", page.url);
            })
        });
        let tries: Vec<_> = tries.collect();
        owner.type_in("code", &code).await;
        assert_eq!(owner.step(), "told", "{}", owner.page().describe());
        for one in tries {
            one.await.expect("a try");
        }
        owner.tokens().await;
        let page = thief.visitor.open(thief.address("")).await;
        thief.show(page);
        assert!(thief.step().starts_with("prove"), "{}", thief.page().describe());
        bench.bench.is_signed_out(&mut thief.visitor.clone(), &thief.party).await;
        // The owner's login is not the thief's to end either.
        let page = thief.post_at(&owner_of(&thief, &owner), "/factor/code", &[("code", "1")]).await;
        assert!(!page.arrived());
    });
}

/// The owner's login as it was while it waited: with the thief's page, and the owner's address.
fn owner_of<'a>(
    thief: &crate::factor::login::Login<'a>,
    owner: &crate::factor::login::Login<'a>,
) -> crate::factor::login::Login<'a> {
    let mut there = thief.clone();
    let before = owner.page().trail.iter().find(|hop| hop.contains("/login/"));
    let url = before.and_then(|hop| hop.split(' ').nth(1)).expect("its address");
    let mut page = thief.page().clone();
    page.url = url.parse().expect("an address");
    there.show(page);
    there
}

#[test]
fn mfa_17_a_login_that_wants_a_new_proof_takes_none_from_its_neighbour() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let (app, codes) = bench.has_app("mfa17-anew").await;
        let hints = [("idp_hint", "plain"), ("login_hint", "mfa17-anew")];
        let mut first = bench.asked("mfa17-anew").await;
        // In the same browser, one that must prove everything in itself.
        let anew = [&hints[..], &[("prompt", "login")]].concat();
        let mut second = first.on_to("rp-mfa", &anew).await;
        assert!(second.step().starts_with("prove"), "{}", second.page().describe());
        first.type_in("code", &app.code()).await;
        first.tokens().await;
        second.visitor = first.visitor.clone();
        let page = second.visitor.open(second.address("")).await;
        second.show(page);
        assert!(second.step().starts_with("prove"), "{}", second.page().describe());
        for step in ["/factor/code", "/enrol/codes", "/enrol/later", "/consent"] {
            let page = second.post(step, &[]).await;
            assert!(!page.arrived(), "{step}: {}", page.url);
        }
        second.type_in("recovery", &codes[0]).await;
        assert_eq!(second.step(), "told", "{}", second.page().describe());
        second.tokens().await;
    });
}
