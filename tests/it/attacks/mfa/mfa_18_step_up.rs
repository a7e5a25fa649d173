//! MFA-18: a step-up that reaches further than to whoever made it.

use idp_tests::harness::run;

use crate::attacks::bench::essential_mfa;
use crate::factor::bench::factor_bench;
use crate::factor::scene::MFA;

#[test]
fn mfa_18_a_step_up_changes_nothing_of_what_was_there_before() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let (app, codes) = bench.has_app("mfa18").await;
        let offline = [("scope", "openid email offline_access")];
        let first = bench.scene.login_with("rp1", "plain", "mfa18", &offline).await;
        let before = first.tokens().await;
        assert!(before.claims["acr"].as_str().unwrap().ends_with("aal1"), "{}", before.claims);
        // Whoever has copied the cookies now.
        let stolen = first.clone();
        let mut second = first.on_to("rp-mfa", &[]).await;
        assert!(second.step().starts_with("prove"), "{}", second.page().describe());
        second.type_in("code", &app.code()).await;
        let after = second.tokens().await;
        assert_eq!(after.claims["acr"], MFA);

        // The copy is worth nothing, not even what it was.
        let silent = stolen.on_to("rp1", &[("prompt", "none")]).await;
        assert_eq!(silent.error(), "login_required");
        let cookie = |login: &crate::factor::login::Login<'_>| {
            let mut cookies = login.visitor.jar.of_host("localhost");
            let session = cookies.find(|cookie| cookie.name.ends_with("-session"));
            session.expect("a session").value.clone()
        };
        assert_ne!(cookie(&stolen), cookie(&second), "the handle is another one");

        // What the first service was given stays what it was.
        let party = &first.party;
        let refreshed = party.read_tokens(party.refresh(before.refresh()).await, None).await;
        for claim in ["acr", "auth_time", "sub"] {
            assert_eq!(refreshed.claims[claim], before.claims[claim], "{claim}");
        }
        // It may ask the session that there is now, and gets what is true of that.
        let essential = essential_mfa();
        let asked = [("claims", essential.as_str()), ("prompt", "none")];
        let silent = second.on_to("rp1", &asked).await;
        assert_eq!(silent.tokens().await.claims["acr"], MFA);
        // But nothing of before is new.
        let anew = [("claims", essential.as_str()), ("max_age", "0"), ("prompt", "none")];
        let silent = second.on_to("rp1", &anew).await;
        assert_eq!(silent.error(), "login_required");
        let hints = [("idp_hint", "plain"), ("login_hint", "mfa18"), ("prompt", "login")];
        let mut anew = second.on_to("rp-mfa", &hints).await;
        assert!(anew.step().starts_with("prove"), "{}", anew.page().describe());
        anew.type_in("recovery", &codes[0]).await;
        anew.tokens().await;
    });
}
