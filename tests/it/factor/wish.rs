//! Step-up as RFC 9470 has it, by a client that only wishes: whoever can prove more is asked, and may
//! go on without.

use idp_tests::harness::jose::part;
use idp_tests::harness::rp::Tokens;
use idp_tests::harness::run;
use serde_json::json;

use super::bench::factor_bench;
use super::login::Login;
use super::scene::{MFA, PHR};

const AAL1: &str = "urn:laissez-passer:assurance:aal1";

/// The context that an access token tells.
fn context(tokens: &Tokens) -> String {
    part(tokens.access(), 1)["acr"].as_str().expect("an acr").to_owned()
}

/// What a resource answers that takes no less than `wanted` (RFC 9470 section 3).
fn resource(tokens: &Tokens, wanted: &str) -> Result<(), String> {
    if context(tokens) == wanted {
        return Ok(());
    }
    let error = "insufficient_user_authentication";
    Err(format!("Bearer error=\"{error}\", acr_values=\"{wanted}\""))
}

/// The contexts that a challenge names.
fn named(challenge: &str) -> String {
    let named = challenge.split("acr_values=\"").nth(1).and_then(|rest| rest.split('"').next());
    named.expect("acr_values").to_owned()
}

/// The same client once more, in the same browser, with the contexts of the challenge and nothing
/// else.
async fn again<'a>(login: &Login<'a>, challenge: &str) -> Login<'a> {
    login.on_to("rp1", &[("acr_values", &named(challenge))]).await
}

//= rfc9470#5-1 test
//= rfc9470#6.1-1 test
#[test]
fn a_challenged_client_that_only_wishes_gets_more_from_whoever_has_an_app() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let (app, _) = bench.has_app("challenged-app").await;
        let login = bench.scene.login("rp1", "plain", "challenged-app").await;
        let tokens = login.tokens().await;
        assert_eq!(context(&tokens), AAL1);
        let challenge = resource(&tokens, MFA).expect_err("a challenge");
        let mut login = again(&login, &challenge).await;
        assert_eq!(login.step(), "prove, code, recovery, without");
        login.type_in("code", &app.code()).await;
        let tokens = login.tokens().await;
        resource(&tokens, MFA).expect("what it holds");
        assert_eq!(tokens.claims["acr"], MFA);
        assert!(part(tokens.access(), 1)["auth_time"].is_u64());
        assert_eq!(again(&login, &challenge).await.step(), "told", "and it is not asked again");
    });
}

#[test]
fn a_challenged_client_that_only_wishes_gets_more_from_whoever_has_a_passkey() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let device = bench.has_passkey("challenged-key").await;
        let login = bench.scene.login("rp1", "plain", "challenged-key").await;
        let challenge = resource(&login.tokens().await, PHR).expect_err("a challenge");
        let mut login = again(&login, &challenge).await;
        assert_eq!(login.step(), "prove, passkey, without");
        login.passkey(device, json!({})).await;
        resource(&login.tokens().await, PHR).expect("what it holds");
    });
}

#[test]
fn a_challenged_client_that_only_wishes_gets_more_from_an_agency_that_can_prove_it() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let person = "challenged-agency";
        bench.scene.says(person, json!({"amr": ["pwd"]}));
        let login = bench.scene.login("rp1", "proves", person).await;
        let challenge = resource(&login.tokens().await, MFA).expect_err("a challenge");
        bench.scene.says(person, json!({"acr": MFA, "amr": ["pwd", "otp"]}));
        let extra = [("acr_values", named(&challenge)), ("login_hint", person.to_owned())];
        let extra = extra.each_ref().map(|(name, value)| (*name, value.as_str()));
        let login = login.on_to("rp1", &extra).await;
        resource(&login.tokens().await, MFA).expect("what it holds");
    });
}

#[test]
fn whoever_has_no_factor_just_goes_on() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let login = bench.scene.login("rp1", "plain", "wish-nothing").await;
        let challenge = resource(&login.tokens().await, MFA).expect_err("a challenge");
        let login = again(&login, &challenge).await;
        assert_eq!(login.step(), "told");
        assert_eq!(context(&login.tokens().await), AAL1);
    });
}

//= rfc9470#5-3 test
#[test]
fn whoever_goes_on_without_gets_less_and_may_be_asked_by_the_next_login() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        bench.has_app("wish-declined").await;
        let extra = [("acr_values", MFA)];
        let mut login = bench.scene.login_with("rp1", "plain", "wish-declined", &extra).await;
        assert_eq!(login.step(), "prove, code, recovery, without");
        login.go_without().await;
        assert_eq!(context(&login.tokens().await), AAL1);
        let login = login.on_to("rp1", &extra).await;
        assert_eq!(login.step(), "prove, code, recovery, without");
    });
}

#[test]
fn nobody_is_asked_for_a_wish_where_nobody_may_be_asked() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        bench.has_app("wish-passive").await;
        let login = bench.scene.login("rp1", "plain", "wish-passive").await;
        let login = login.on_to("rp1", &[("acr_values", MFA), ("prompt", "none")]).await;
        assert_eq!(login.step(), "told");
        assert_eq!(context(&login.tokens().await), AAL1);
    });
}

#[test]
fn mfa_04_nobody_goes_on_without_what_is_demanded() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        bench.has_app("wish-demanded").await;
        let mut login = bench.asked("wish-demanded").await;
        assert_eq!(login.step(), "prove, code, recovery, pass", "there is no button");
        let page = login.post("/factor/without", &[]).await;
        assert!(!page.arrived(), "{}", page.describe());
        assert_eq!(super::login::step(&page), "400 txn_consumed");
        // And the login is where it was.
        let address = login.address("");
        let page = login.visitor.open(address).await;
        login.show(page);
        assert_eq!(login.step(), "prove, code, recovery, pass");
    });
}

#[test]
fn mfa_04_whoever_goes_on_without_a_wish_is_asked_for_what_is_demanded() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        bench.has_passkey("wish-and-demand").await;
        let extra = [("acr_values", PHR)];
        let mut login = bench.scene.login_with("rp-mfa", "plain", "wish-and-demand", &extra).await;
        assert_eq!(login.step(), "prove, passkey, without");
        login.go_without().await;
        assert_eq!(login.step(), "prove, passkey, recovery, pass");
        let page = login.post("/factor/without", &[]).await;
        assert_eq!(super::login::step(&page), "400 txn_consumed");
    });
}
