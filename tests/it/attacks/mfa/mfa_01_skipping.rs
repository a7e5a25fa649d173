//! MFA-01: getting past the second step. MFA-02: ending a step whose check never ran. MFA-03: what
//! is left of one way when another one is tried.

use idp_tests::harness::ceremony::Ceremony;
use idp_tests::harness::jose;
use idp_tests::harness::run;
use serde_json::json;
use url::Url;

use crate::factor::bench::{FactorBench, factor_bench};
use crate::factor::login::Login;
use crate::factor::scene::OWN;

/// The addresses of all steps of a login.
const STEPS: [&str; 15] = [
    "/email",
    "/forget",
    "/password",
    "/shared",
    "/passkey/finish",
    "/factor/code",
    "/factor/pass",
    "/factor/passkey/finish",
    "/enrol/passkey/finish",
    "/enrol/app",
    "/enrol/app/start",
    "/enrol/later",
    "/enrol/codes",
    "/consent",
    "",
];

/// A half-done login opens nothing: neither here, nor at the relying party.
async fn has_no_rights(bench: &FactorBench, login: &Login<'_>) {
    let mut visitor = login.visitor.clone();
    bench.bench.is_signed_out(&mut visitor, &login.party).await;
    let base = &bench.scene.house.broker.base;
    // Whoever is not signed in is led to a login.
    for path in ["/account", "/account/security", "/account/sessions", "/account/releases.json"] {
        let page = visitor.peek(format!("{base}{path}")).await;
        let to = page.header("location").unwrap_or_default();
        assert!(to.contains("/login/"), "{path}: {}", page.describe());
    }
    // Its cookies are no token, and no session.
    let cookies: Vec<_> = visitor.jar.of_host("localhost").cloned().collect();
    assert!(!cookies.iter().any(|cookie| cookie.name.ends_with("-session")), "{cookies:?}");
    for cookie in cookies {
        let answer = login.party.userinfo(&cookie.value).await;
        assert_eq!(answer.status, 401, "{}", cookie.name);
    }
}

#[test]
fn mfa_01_a_login_that_waits_for_a_factor_has_no_other_way_on() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        bench.has_app("mfa01").await;
        let mut login = bench.asked("mfa01").await;
        let mark = bench.bench.mark().await;
        has_no_rights(&bench, &login).await;
        for step in STEPS {
            let fields = [
                vec![],
                vec![("consent", "yes"), ("decision", "allow")],
                vec![("code", ""), ("recovery", "")],
            ];
            for fields in fields {
                let page = login.post(step, &fields).await;
                assert!(!page.arrived(), "{step} led on: {}", page.url);
                assert!(page.status != 500, "{step}: {}", page.describe());
            }
            let page = login.visitor.open(login.address(step)).await;
            assert!(!page.arrived(), "{step} led on: {}", page.url);
        }
        // What the source answered, once more.
        let callback = login.page().trail.iter().find(|hop| hop.contains("/callback?"));
        let callback = callback.and_then(|hop| hop.split(' ').nth(1)).map(str::to_owned);
        let callback = callback.expect("the callback");
        let page = login.visitor.open(callback).await;
        assert!(!page.arrived(), "{}", page.url);
        has_no_rights(&bench, &login).await;
        bench.bench.nothing_created_but(&mark, &["used_once"]).await;
        // And it still waits for nothing else.
        let page = login.visitor.open(login.address("")).await;
        login.show(page);
        assert!(login.step().starts_with("prove, code"), "{}", login.page().describe());
    });
}

#[test]
fn mfa_01_a_new_request_of_the_same_browser_is_asked_the_same() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        bench.has_app("mfa01-again").await;
        let login = bench.asked("mfa01-again").await;
        let hints = [("idp_hint", "plain"), ("login_hint", "mfa01-again")];
        for extra in [vec![], vec![("prompt", "login")], vec![("max_age", "100000")]] {
            let again = login.on_to("rp-mfa", &[&hints[..], &extra].concat()).await;
            assert!(again.step().starts_with("prove, code"), "{extra:?}: {}", again.step());
        }
        let silent = login.on_to("rp-mfa", &[("prompt", "none")]).await;
        assert_eq!(silent.error(), "login_required");
        // Where one factor is enough, one is told.
        let plain = login.on_to("rp1", &hints).await;
        assert!(plain.tokens().await.claims["acr"].as_str().unwrap().ends_with("aal1"));
        // And the session that came of it is no way in.
        let again = plain.on_to("rp-mfa", &[]).await;
        assert!(again.step().starts_with("prove, code"), "{}", again.step());
        let silent = plain.on_to("rp-mfa", &[("prompt", "none")]).await;
        assert_eq!(silent.error(), "login_required");
    });
}

/// There is no push and no mail to wait for here: the steps that end with a word from elsewhere
/// are ceremonies and access passes. Passes that nobody approved: [`super::mfa_08_enrolment`].
#[test]
fn mfa_02_a_step_does_not_end_without_its_check() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let device = bench.has_passkey("mfa02").await;
        let mut login = bench.asked("mfa02").await;
        let mut other = bench.asked("mfa02").await;
        let mark = bench.bench.mark().await;
        let real = login.ceremony().await;
        let elsewhere = other.ceremony().await;
        let answer = real.answer(&bench.scene.drawer, device, json!({})).await;
        let elsewhere_answer = elsewhere.answer(&bench.scene.drawer, device, json!({})).await;
        // No ceremony, one that nobody began, one of another login.
        let (made_up, name) = (jose::random(), elsewhere.name.clone());
        for (name, answer) in [(&made_up, &answer), (&name, &elsewhere_answer)] {
            let shown = Ceremony { name: name.clone(), ..real.clone() };
            bench.refuses_answer(&mut login, &shown, answer, &["ceremony"]).await;
        }
        for fields in [
            vec![],
            vec![("ceremony", real.name.as_str())],
            vec![("ceremony", &real.name), ("answer", "")],
            vec![("ceremony", &real.name), ("answer", "null")],
            vec![("ceremony", &real.name), ("verified", "true")],
        ] {
            let page = login.post("/factor/passkey/finish", &fields).await;
            assert!(!page.arrived(), "{fields:?}: {}", page.url);
        }
        bench.came_to_nothing(&login, &mark).await;
        login.passkey(device, json!({"counter": 50})).await;
        assert_eq!(login.step(), "told");
    });
}

#[test]
fn mfa_03_no_step_counts_that_was_not_taken() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let (app, codes) = bench.has_app("mfa03").await;
        let mut login = bench.asked("mfa03").await;
        let mark = bench.bench.mark().await;
        // Every step that this login does not wait for.
        let code = app.code();
        for (step, fields) in [
            ("/enrol/codes", vec![]),
            ("/enrol/later", vec![]),
            ("/enrol/app/start", vec![]),
            ("/enrol/app", vec![("code", code.as_str())]),
            ("/password", vec![("username", "kim"), ("password", "many words of kim")]),
            ("/consent", vec![("consent", "yes")]),
            ("/factor/code", vec![("code", "000000"), ("recovery", &codes[0])]),
            ("/factor/code", vec![("code", &code), ("code", &code)]),
        ] {
            let page = login.post(step, &fields).await;
            assert!(!page.arrived(), "{step}: {}", page.url);
            assert!(page.texts("code.secret").is_empty() && page.texts("ul.codes").is_empty());
        }
        bench.came_to_nothing(&login, &mark).await;
        let page = login.visitor.open(login.address("")).await;
        login.show(page);
        assert_eq!(login.step(), "prove, code, recovery, pass");
        login.type_in("code", &code).await;
        assert_eq!(login.step(), "told", "{}", login.page().describe());
    });
}

#[test]
fn mfa_03_what_was_proven_for_one_person_counts_for_nobody_who_comes_after_them() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let (app, _) = bench.has_app("mfa03-ann").await;
        bench.has_passkey("mfa03-ben").await;
        // Ann's first factor; then the browser goes back and chooses again, and is ben's.
        let mut login = bench.asked("mfa03-ann").await;
        let choice = login.visitor.open(login.address("/choose")).await;
        bench.scene.speaks_for("plain", "mfa03-ben");
        let page = login.visitor.choose(&choice, "Agency plain").await;
        bench.scene.speaks_for("plain", "nobody");
        login.show(page);
        // The provider was given ann's hint again, or not: whoever it is, is asked for theirs.
        assert!(login.step().starts_with("prove"), "{}", login.page().describe());
        let code = app.code();
        let page = login.post("/factor/code", &[("code", &code)]).await;
        if page.arrived() {
            let tokens = login.party.finish(&login.begun, &page).await;
            let who = login.party.userinfo(tokens.access()).await.json;
            assert_eq!(who["name"], "mfa03-ann of the test bed", "ann's code signed in {who}");
        }
        // By way of our own source: nobody is taken over.
        let mut login = bench.asked("mfa03-ann").await;
        let choice = login.visitor.open(login.address("/choose")).await;
        let form = login.visitor.choose(&choice, OWN).await;
        let page = login.visitor.sign_in(&form, "max", "many words of max").await;
        login.show(page);
        assert_eq!(login.step(), "enrol passkey, enrol app", "max has no factor of his own");
        let page = login.post("/factor/code", &[("code", &app.next_code())]).await;
        assert!(!page.arrived(), "{}", page.url);
        let start: Url = login.address("/factor/passkey/start").parse().unwrap();
        let said = login.visitor.fetch(&start, &start, &json!({})).await;
        assert_eq!(said.status, 409, "{}", said.body);
    });
}
