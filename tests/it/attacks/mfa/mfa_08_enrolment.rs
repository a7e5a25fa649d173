//! MFA-08: a second factor of the attacker's own, for whoever's first one was stolen. MFA-02,
//! MFA-10, MFA-16: access passes, which stand where others send links by mail.
//!
//! A pass is over after its minutes: that is shown in the crates, with a clock of its own.

use idp_tests::harness::process::until;
use idp_tests::harness::run;
use serde_json::json;
use url::Url;

use crate::factor::bench::{FactorBench, factor_bench};
use crate::factor::login::{Login, form_to};

/// Nothing of an enrolment can be had in this login.
async fn enrols_nothing(bench: &FactorBench, login: &mut Login<'_>) {
    let mark = bench.bench.mark().await;
    let start: Url = login.address("/enrol/passkey/start").parse().expect("an address");
    let said = login.visitor.fetch(&start, &start, &json!({})).await;
    assert_eq!(said.status, 409, "{}", said.body);
    for (step, fields) in [
        ("/enrol/app/start", vec![]),
        ("/enrol/app", vec![("code", "000000")]),
        ("/enrol/passkey/finish", vec![("ceremony", "x"), ("answer", "{}"), ("name", "x")]),
        ("/enrol/later", vec![]),
        ("/enrol/codes", vec![]),
    ] {
        let page = login.post(step, &fields).await;
        assert!(!page.arrived(), "{step}: {}", page.url);
        assert!(page.texts("code.secret").is_empty(), "{step}: {}", page.describe());
    }
    let page = login.visitor.open(login.address("/enrol/passkey")).await;
    assert_eq!(page.attribute("form[data-passkey=create]", "action"), None, "{}", page.describe());
    bench.came_to_nothing(login, &mark).await;
}

#[test]
fn mfa_08_a_password_alone_sets_up_nothing_where_the_help_desk_has_to() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let mark = bench.bench.mark().await;
        let mut login = bench.scene.login("rp-mfa", "desk", "mfa08").await;
        assert_eq!(login.step(), "prove, pass", "{}", login.page().describe());
        let needs_help = ["mfa_enrolment_required_contact_admin"];
        bench.bench.told(&mark, "login.refused", &needs_help).await;
        enrols_nothing(&bench, &mut login).await;
        // Where one factor is enough there is a session, which enrols nothing at the account page.
        let plain = [("idp_hint", "desk"), ("login_hint", "mfa08")];
        let mut plain = login.on_to("rp1", &plain).await;
        plain.tokens().await;
        let page = format!("{}/account/security/passkey", bench.scene.house.broker.base);
        let start: Url = format!("{page}/start").parse().unwrap();
        let said = plain.visitor.fetch(&start, &start, &json!({})).await;
        assert_eq!((said.status, &said.json["problem"]), (403, &json!("step_up_required")));
        // The help desk opens it.
        let pass = bench.scene.issues_pass("ann", "desk", "mfa08").await;
        let mut owner = bench.scene.login("rp-mfa", "desk", "mfa08").await;
        owner.type_in("pass", pass["pass"].as_str().unwrap()).await;
        assert_eq!(owner.step(), "enrol passkey, enrol app", "{}", owner.page().describe());
        owner.new_passkey().await;
        owner.keep_codes().await;
        owner.tokens().await;
    });
}

#[test]
fn mfa_08_whoever_has_a_factor_sets_up_no_other_without_it() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let (app, _) = bench.has_app("mfa08-has").await;
        let mut login = bench.asked("mfa08-has").await;
        enrols_nothing(&bench, &mut login).await;
        // Where only a passkey would do, one is set up by whoever has proven the app, and not
        // before.
        let mut login = bench.scene.login("rp-phr", "plain", "mfa08-has").await;
        assert_eq!(login.step(), "prove, code, recovery, pass", "{}", login.page().describe());
        enrols_nothing(&bench, &mut login).await;
        let page = login.visitor.open(login.address("")).await;
        login.show(page);
        login.type_in("code", &app.code()).await;
        assert_eq!(login.step(), "enrol passkey", "{}", login.page().describe());
    });
}

/// The help desk removes all factors of `person`, a second after whatever came before.
async fn resets(bench: &FactorBench, person: &str) {
    // Time is told in seconds.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let whom = ["factors", "reset", "--source", "plain", "--subject", person];
    let reset = [&whom[..], &["--reason", "stolen, called back on the number on file"]].concat();
    bench.scene.house.broker.idp_as("ann", &reset).await.ok();
    // Another process did it: the node hears of it with its next poll.
    tokio::time::sleep(std::time::Duration::from_millis(900)).await;
    // It tells the services of what the reset has ended, before anybody looks what changes.
    let waiting = "select session from participants where standing = 'waiting'";
    let database = &bench.scene.house.broker.database;
    until("the notices of the reset to be out", std::time::Duration::from_secs(10), async || {
        database.texts(waiting).await.is_empty().then_some(())
    })
    .await;
}

#[test]
fn mfa_08_a_password_of_before_a_reset_sets_up_nothing_after_it() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        bench.has_app("mfa08-reset").await;
        let mut thief = bench.asked("mfa08-reset").await;
        resets(&bench, "mfa08-reset").await;
        enrols_nothing(&bench, &mut thief).await;
        // The page leads to a new sign-in, and nowhere else.
        let page = thief.visitor.open(thief.address("")).await;
        thief.show(page);
        assert_eq!(thief.step(), "choose", "{}", thief.page().describe());
        enrols_nothing(&bench, &mut thief).await;
        let mut owner = bench.scene.login("rp-mfa", "plain", "mfa08-reset").await;
        assert_eq!(owner.step(), "enrol passkey, enrol app", "{}", owner.page().describe());
        owner.new_passkey().await;
        owner.keep_codes().await;
        owner.tokens().await;
    });
}

#[test]
fn mfa_08_whoever_waits_for_consent_while_everything_is_reset_has_proven_nothing() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let (app, _) = bench.has_app("mfa08-consent").await;
        let asks = [("prompt", "consent")];
        let mut thief = bench.scene.login_with("rp-mfa", "plain", "mfa08-consent", &asks).await;
        thief.type_in("code", &app.code()).await;
        assert!(form_to(thief.page(), "/consent").is_some(), "{}", thief.page().describe());
        resets(&bench, "mfa08-consent").await;
        let mark = bench.bench.mark().await;
        let mut form = form_to(thief.page(), "/consent").expect("a way to consent");
        form.fields.push(("consent".to_owned(), "allow".to_owned()));
        thief.send(form).await;
        assert!(!thief.page().arrived(), "{}", thief.page().describe());
        bench.bench.told(&mark, "login.refused", &["account_revoked_meanwhile"]).await;
        let page = thief.visitor.open(thief.address("")).await;
        thief.show(page);
        assert_eq!(thief.step(), "choose", "{}", thief.page().describe());
        bench.came_to_nothing(&thief, &mark).await;
    });
}

#[test]
fn mfa_08_an_enrolment_that_waits_is_closed_when_the_owner_enrols() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let mut thief = bench.scene.login("rp-mfa", "plain", "mfa08-late").await;
        assert_eq!(thief.step(), "enrol passkey, enrol app", "{}", thief.page().describe());
        let mut other = bench.scene.login("rp-mfa", "plain", "mfa08-late").await;
        let (app, _) = bench.has_app("mfa08-late").await;
        let before = bench.scene.house.broker.database.texts(FACTORS).await;
        // A passkey beside the owner's app, and an app in its place.
        let device = bench.scene.drawer.draw(json!({})).await;
        thief.passkey(device, json!({})).await;
        assert!(thief.step().starts_with("prove, code"), "{}", thief.page().describe());
        other.new_app().await;
        assert!(other.step().starts_with("prove, code"), "{}", other.page().describe());
        assert_eq!(bench.scene.house.broker.database.texts(FACTORS).await, before);
        for login in [&thief, &other] {
            bench.bench.is_signed_out(&mut login.visitor.clone(), &login.party).await;
        }
        let mut owner = bench.asked("mfa08-late").await;
        owner.type_in("code", &app.code()).await;
        owner.tokens().await;
    });
}

/// All that anybody has enrolled.
const FACTORS: &str = "select account, 'epoch ' || epoch from factors \
                       union all select account, name from passkeys order by 1, 2";

/// Types a pass that must not be taken.
async fn refuses_pass(bench: &FactorBench, login: &mut Login<'_>, pass: &str, reason: &str) {
    let (ends, before) = (bench.trail_ends().await, login.step());
    login.type_in("pass", pass).await;
    bench.refused(login, &ends, &before, &[reason]).await;
    let said = login.page().text();
    assert!(said.contains("The access pass was not accepted"), "{said}");
}

#[test]
fn mfa_10_a_pass_opens_one_enrolment_of_one_person() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let asked = async |person| bench.scene.login("rp-mfa", "desk", person).await;
        let mut alice = asked("mfa10-alice").await;
        let mut elsewhere = asked("mfa10-alice").await;
        let mut mallory = asked("mfa10-mallory").await;
        let pass = bench.scene.issues_pass("ann", "desk", "mfa10-alice").await;
        let pass = pass["pass"].as_str().unwrap();
        let mark = bench.bench.mark().await;
        refuses_pass(&bench, &mut mallory, pass, "access_pass.wrong").await;
        bench.came_to_nothing(&mallory, &mark).await;
        alice.type_in("pass", pass).await;
        assert_eq!(alice.step(), "enrol passkey, enrol app", "{}", alice.page().describe());
        // Used: in another browser, and by her own.
        refuses_pass(&bench, &mut elsewhere, pass, "access_pass.used").await;
        let page = alice.post("/factor/pass", &[("pass", pass)]).await;
        assert!(!page.arrived(), "{}", page.url);
        // It opens an enrolment, and no other step.
        let page = alice.post("/consent", &[("consent", "yes")]).await;
        assert!(!page.arrived(), "{}", page.url);
        bench.bench.is_signed_out(&mut alice.visitor.clone(), &alice.party).await;
        let page = alice.visitor.open(alice.address("")).await;
        alice.show(page);
        alice.new_passkey().await;
        alice.keep_codes().await;
        alice.tokens().await;
        refuses_pass(&bench, &mut elsewhere, pass, "access_pass.used").await;
    });
}

#[test]
fn mfa_10_a_pass_is_overtaken_by_whatever_was_enrolled_since() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let first = bench.scene.login("rp1", "plain", "mfa10-since").await;
        first.tokens().await;
        let pass = bench.scene.issues_pass("ann", "plain", "mfa10-since").await;
        let pass = pass["pass"].as_str().unwrap();
        // Time is told in seconds.
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        bench.has_app("mfa10-since").await;
        let mut login = bench.asked("mfa10-since").await;
        let mark = bench.bench.mark().await;
        refuses_pass(&bench, &mut login, pass, "access_pass.overtaken").await;
        bench.came_to_nothing(&login, &mark).await;
    });
}

#[test]
fn mfa_16_the_latest_pass_alone_counts_and_is_kept_as_a_hash() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let mut login = bench.scene.login("rp-mfa", "desk", "mfa16-pass").await;
        let [first, second] = [
            bench.scene.issues_pass("ann", "desk", "mfa16-pass").await,
            bench.scene.issues_pass("ben", "desk", "mfa16-pass").await,
        ];
        let [first, second] = [&first, &second].map(|pass| pass["pass"].as_str().unwrap());
        for shown in [first, second] {
            let plain: String = shown.chars().filter(char::is_ascii_alphanumeric).collect();
            for text in [shown, &plain] {
                assert_eq!(bench.scene.house.broker.database.holds(text).await, None);
            }
        }
        let (ends, before) = (bench.trail_ends().await, login.step());
        login.type_in("pass", first).await;
        bench.refused(&login, &ends, &before, &["access_pass.wrong", "access_pass.replaced"]).await;
        login.type_in("pass", second).await;
        assert_eq!(login.step(), "enrol passkey, enrol app", "{}", login.page().describe());
    });
}

#[test]
fn mfa_02_a_pass_that_nobody_else_has_approved_opens_nothing() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let mut login = bench.scene.login("rp-mfa", "pair", "mfa02-pass").await;
        let mut other = bench.scene.login("rp-mfa", "pair", "mfa02-other").await;
        let pass = bench.scene.issues_pass("ann", "pair", "mfa02-pass").await;
        let others = bench.scene.issues_pass("ann", "pair", "mfa02-other").await;
        assert_eq!(pass["needs_approval"], true);
        let [pass, others] = [pass, others].map(|pass| {
            (pass["id"].as_str().unwrap().to_owned(), pass["pass"].as_str().unwrap().to_owned())
        });
        let mark = bench.bench.mark().await;
        refuses_pass(&bench, &mut login, &pass.1, "access_pass.pending").await;
        bench.came_to_nothing(&login, &mark).await;
        // Who issued it does not approve it, and the approval of another one is none of this.
        let broker = &bench.scene.house.broker;
        let own = broker.idp_as("ann", &["access-pass", "approve", &pass.0]).await;
        assert_eq!(own.status, Some(1), "{own:?}");
        broker.idp_as("ben", &["access-pass", "approve", &others.0]).await.ok();
        refuses_pass(&bench, &mut login, &pass.1, "access_pass.pending").await;
        refuses_pass(&bench, &mut other, &pass.1, "access_pass.wrong").await;
        broker.idp_as("ben", &["access-pass", "approve", &pass.0]).await.ok();
        login.type_in("pass", &pass.1).await;
        assert_eq!(login.step(), "enrol passkey, enrol app", "{}", login.page().describe());
    });
}
