//! SAM, the second half: the ways by which a Response comes, again, unasked, from somebody else.
//!
//! Length: one attack after the other, each short, on one scene.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::run;
use idp_tests::peers::saml::forge::{Agency, authn_statement, confirmation};
use idp_tests::peers::saml::message::{MFA, Message, PASSWORD, Query, base64, instant};
use serde_json::{Value, json};

use super::bench::{Held, SamlBench, saml_bench};
use crate::attacks::bench::essential_mfa;
use crate::house;

/// Reasons for which a copy of a used answer may be refused.
const USED: [&str; 3] = ["replay", "txn_lost", "txn_consumed"];

#[test]
fn sam_09_an_answer_is_taken_once_however_many_copies_come() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let mut held = bench.hold("aga").await;
        let honest = held.honest("alice");
        let page = held.deliver(&honest).await;
        held.party.finish(&held.begun, &page).await;
        // Again in the same browser.
        let mark = bench.bench.mark().await;
        let page = held.deliver(&honest).await;
        assert!(!page.arrived() && (400..500).contains(&page.status), "{}", page.describe());
        bench.bench.nothing_created(&mark).await;
        // In another browser, in a login of its own.
        let fresh = bench.hold("aga").await;
        bench
            .refuses_form(fresh, &["in_response_to", "replay"], |fresh| {
                Agency::form(&fresh.asked, &honest)
            })
            .await;
        // Many at once.
        let held = bench.hold("aga").await;
        let honest = held.honest("alice");
        let before = bench.bench.mark().await;
        let copies: Vec<_> = (0..50)
            .map(|_| {
                let mut visitor = held.visitor.clone();
                let (acs, form) = (held.asked.acs.clone(), Agency::form(&held.asked, &honest));
                tokio::spawn(async move { visitor.post(&acs, &form).await })
            })
            .collect();
        let mut arrived = vec![];
        for copy in copies {
            let page = copy.await.unwrap();
            if page.arrived() {
                arrived.push(page);
            } else {
                assert!((400..500).contains(&page.status), "{}", page.describe());
            }
        }
        let rows = bench.bench.trail(&before).await;
        assert_eq!(arrived.len(), 1, "copies were taken: {rows:#?}");
        held.party.finish(&held.begun, &arrived[0]).await;
        let proven = rows.iter().filter(|row| row.kind == "authn.succeeded").count();
        assert_eq!(proven, 1, "{rows:#?}");
        let refused: Vec<_> =
            rows.iter().filter(|row| row.kind == "federation.inbound.rejected").collect();
        assert!(refused.iter().all(|row| USED.contains(&row.reason.as_str())), "{refused:#?}");
    });
}

#[test]
fn sam_12_an_answer_that_nobody_asked_for_signs_nobody_in() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let mut held = bench.hold("aga").await;
        held.asked.relay_state = None;
        let row = bench.refuses_form(held, &["unsolicited"], unasked).await;
        assert_eq!(row.body["source"], "aga");
        // In a browser that has never been here.
        let mut held = bench.hold("aga").await;
        held.visitor = house::visitor();
        held.asked.relay_state = None;
        bench.refuses_form(held, &["unsolicited"], unasked).await;
        // Beside a login that is under way: an answer without a question does not end it.
        let held = bench.hold("aga").await;
        bench.refuses_form(held, &["unsolicited", "in_response_to"], unasked).await;
        // Where it is switched on, it is taken once, and stands in the trail under its own name.
        let mut held = bench.hold("agu").await;
        held.asked.relay_state = None;
        let fields = unasked(&held);
        let mark = bench.bench.mark().await;
        let page = held.visitor.post(&held.asked.acs, &fields).await;
        assert!(page.url.as_str().starts_with(bench.base()), "{}", page.describe());
        assert_eq!(page.status, 200, "{}", page.describe());
        let kinds: Vec<_> =
            bench.bench.trail(&mark).await.into_iter().map(|row| row.kind).collect();
        assert!(kinds.iter().any(|kind| kind == "authn.unsolicited"), "{kinds:?}");
        let silent = held.party.begin(&[("prompt", "none")]);
        let page = held.visitor.open(&silent.url).await;
        held.party.finish(&silent, &page).await;
        let mut held = bench.hold("agu").await;
        held.asked.relay_state = None;
        bench.refuses_form(held, &["replay"], |_| fields).await;
        // And within a minute.
        let mut late = bench.hold("agu").await;
        late.asked.relay_state = None;
        bench
            .refuses_form(late, &["expired"], |held| {
                let mut response = held.agency.response(&held.asked, "mallory");
                response.in_response_to = None;
                response.issue_instant = instant(-400);
                response.assertion.issue_instant = instant(-400);
                response.assertion.confirmations = confirmation(None, &held.asked.acs, 300);
                Agency::form(&held.asked, response.signed(held.agency.keys))
            })
            .await;
    });
}

/// The handle of the browser's session, and whether it is forgotten with the browser's windows.
fn session_of(visitor: &Visitor) -> (String, bool) {
    let mut cookies = visitor.jar.of_host("localhost");
    let session = cookies.find(|cookie| cookie.name.ends_with("-session")).expect("a session");
    (session.value.clone(), session.expires.is_none())
}

#[test]
fn ses_14_an_answer_that_nobody_asked_for_outlives_no_window_of_a_shared_browser() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        // In a browser of the person's own the session lasts.
        let mut own = bench.hold("agu").await;
        let honest = own.honest("alice");
        assert!(own.deliver(&honest).await.arrived());
        assert!(!session_of(&own.visitor).1);
        // In another one, of which the person says that others use it.
        let (agency, party) = (bench.agency("agu").clone(), own.party.clone());
        let begun = party.begin(&[]);
        let mut visitor = house::visitor().stopping_at(&agency.home());
        let page = visitor.open(&begun.url).await;
        let login = page.url.as_str().trim_end_matches("/choose").to_owned();
        visitor.submit(&page, page.form_with("shared")).await;
        let page = visitor.open(format!("{login}/agency/agu")).await;
        let mut held = Held { asked: agency.asked(&page), visitor, party, begun, agency };
        let honest = held.honest("alice");
        let page = held.deliver(&honest).await;
        assert!(page.arrived(), "{}", page.describe());
        let (first, with_windows) = session_of(&held.visitor);
        assert!(with_windows);
        // The agency sends the person once more, unasked.
        held.asked.relay_state = None;
        let fields = unasked_about(&held, "alice");
        let page = held.visitor.post(&held.asked.acs, &fields).await;
        assert_eq!(page.status, 200, "{}", page.describe());
        let (second, with_windows) = session_of(&held.visitor);
        assert!(second != first && with_windows);
    });
}

/// An honest answer that answers nothing.
fn unasked(held: &Held) -> Vec<(String, String)> {
    unasked_about(held, "mallory")
}

/// The same about somebody else.
fn unasked_about(held: &Held, person: &str) -> Vec<(String, String)> {
    let mut response = held.agency.response(&held.asked, person);
    response.in_response_to = None;
    response.assertion.confirmations = confirmation(None, &held.asked.acs, 300);
    Agency::form(&held.asked, response.signed(held.agency.keys))
}

#[test]
fn sam_15_another_agency_than_the_one_that_was_asked_answers_nothing() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let other = bench.agency("agm");
        let row = bench
            .refuses("aga", &["unexpected_issuer"], |_, held| {
                other.response(&held.asked, "alice").signed(other.keys)
            })
            .await;
        assert_eq!(row.body["alert"], true, "A+");
        // At its own address it answers a login that did not ask it.
        let mut held = bench.hold("aga").await;
        held.asked.acs = held.asked.acs.replace("/aga/", "/agm/");
        let fields =
            Agency::form(&held.asked, other.response(&held.asked, "alice").signed(other.keys));
        let mark = bench.bench.mark().await;
        let page = held.visitor.post(&held.asked.acs, &fields).await;
        let reasons = ["unexpected_issuer", "state", "txn_lost", "in_response_to"];
        bench.refused(&mut held, &page, &mark, &reasons).await;
        // The login itself is not harmed by that, or it is burned; it is never completed by it.
        assert!(!page.arrived(), "{}", page.describe());
    });
}

#[test]
fn sam_16_an_agency_that_was_switched_off_signs_nobody_in() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let broker = &bench.bench.house.broker;
        let mut held = bench.hold("agoff").await;
        let mut idle = bench.hold("agoff").await;
        idle.asked.relay_state = None;
        let off = switched(&bench.bench.house.file, "sources", "agoff");
        broker.apply(&off).await.ok();
        idp_tests::harness::process::until(
            "the change to arrive",
            std::time::Duration::from_secs(5),
            async || {
                let page = Visitor::new().post(&idle.asked.acs, &unasked(&idle)).await;
                (page.status >= 400).then_some(())
            },
        )
        .await;
        let mark = bench.bench.mark().await;
        let honest = held.honest("alice");
        let page = held.deliver(&honest).await;
        assert!(!page.arrived() && page.status >= 400, "{}", page.describe());
        bench.bench.nothing_created(&mark).await;
        let rows = bench.bench.trail(&mark).await;
        let reasons = ["upstream_disabled", "source_disabled"];
        assert!(rows.iter().any(|row| reasons.contains(&row.reason.as_str())), "{rows:#?}");
        let mark = bench.bench.mark().await;
        let page = Visitor::new().post(&idle.asked.acs, &unasked(&idle)).await;
        assert!(page.status >= 400, "{}", page.describe());
        bench.bench.nothing_created(&mark).await;
        broker.apply(&bench.bench.house.file).await.ok();
    });
}

#[test]
fn sam_17_nobody_comes_unasked_to_a_service_that_was_switched_off_or_does_not_want_it() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        for target in ["spoff", "sp1"] {
            let mut held = bench.hold("agu").await;
            held.asked.relay_state = Some(target.to_owned());
            let home = bench.provider(target).home();
            let mut visitor = held.visitor.stopping_at(&home);
            let form = unasked_of(&held.agency, &held.asked);
            let page = visitor.post(&held.asked.acs, &form).await;
            assert!(!page.arrived(), "{target}: {}", page.url);
            assert!(page.url.as_str().starts_with(bench.base()), "{}", page.describe());
            assert!(!page.forms().iter().any(house::hands_over), "{target}: {}", page.describe());
        }
    });
}

/// A federation file with one of its entries switched off.
fn switched(file: &Value, kind: &str, id: &str) -> Value {
    let mut file = file.clone();
    let entries = file[kind].as_array_mut().unwrap();
    let entry = entries.iter_mut().find(|entry| entry["id"] == id).unwrap();
    entry["enabled"] = json!(false);
    file
}

#[test]
fn sam_18_a_relay_state_leads_nowhere_by_itself() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let states = [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\t//evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "https://localhost@evil.example/",
            "%0d%0aLocation: https://evil.example",
            "a\r\nLocation: https://evil.example",
            "<script>alert(1)</script>",
        ];
        for state in states {
            let mut held = bench.hold("agu").await;
            held.asked.relay_state = Some(state.to_owned());
            let mut visitor = held.visitor.stopping_at("https://evil").stopping_at("http://evil");
            let page = visitor.post(&held.asked.acs, &unasked_of(&held.agency, &held.asked)).await;
            assert!(!page.arrived(), "{state}: {}", page.describe());
            assert!(page.url.as_str().starts_with(bench.base()), "{state}: {}", page.describe());
            assert!(!page.body.contains("evil") && !page.body.contains("alert(1)"), "{state}");
            assert_eq!(page.header("location"), None);
            // The same with an answer to what was asked.
            let mut held = bench.hold("aga").await;
            let mut fields = Agency::form(&held.asked, held.honest("alice"));
            fields[1].1 = state.to_owned();
            let mut visitor = held.visitor.stopping_at("https://evil").stopping_at("http://evil");
            let page = visitor.post(&held.asked.acs, &fields).await;
            assert!(!page.arrived() && page.status >= 400, "{state}: {}", page.describe());
            held.visitor = visitor;
        }
    });
}

fn unasked_of(
    agency: &Agency,
    asked: &idp_tests::peers::saml::forge::Asked,
) -> Vec<(String, String)> {
    let mut response = agency.response(asked, "alice");
    response.in_response_to = None;
    response.assertion.confirmations = confirmation(None, &asked.acs, 300);
    Agency::form(asked, response.signed(agency.keys))
}

/// Asks for two factors, answers with this context, and returns what rp1 is told.
async fn stepped_up(bench: &SamlBench, agency: &str, context: &str) -> Result<Value, String> {
    let mut held = bench.hold_with(agency, &[("claims", &essential_mfa())]).await;
    let mut response = held.agency.response(&held.asked, "alice");
    response.assertion.authn = authn_statement(0, "s", PASSWORD).replace(
        &format!("<saml:AuthnContextClassRef>{PASSWORD}</saml:AuthnContextClassRef>"),
        context,
    );
    let xml = response.signed(held.agency.keys);
    let page = held.deliver(xml).await;
    if !page.arrived() {
        let refused = (400..500).contains(&page.status);
        assert!(refused || page.asks_for_factor(), "{}", page.describe());
        return Err(if refused { "page" } else { "factor" }.to_owned());
    }
    match page.answer("error") {
        Some(error) => Err(error),
        None => Ok(held.party.finish(&held.begun, &page).await.claims),
    }
}

fn class(uri: &str) -> String {
    format!("<saml:AuthnContextClassRef>{uri}</saml:AuthnContextClassRef>")
}

#[test]
fn sam_26_a_weaker_context_than_was_asked_for_is_not_taken_for_it() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let held = bench.hold_with("agmfa", &[("claims", &essential_mfa())]).await;
        assert_eq!(held.asked.message.texts("AuthnContextClassRef"), [MFA]);
        let weaker = [
            class(PASSWORD),
            class("urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"),
            class("https://refeds.org/profile/mfa/"),
            class("urn:x:strong"),
            format!("<saml:AuthnContextDeclRef>{MFA}</saml:AuthnContextDeclRef>"),
            format!(
                "{}<saml:AuthnContextDeclRef>{MFA}</saml:AuthnContextDeclRef>",
                class(PASSWORD)
            ),
        ];
        for context in weaker {
            let told = stepped_up(&bench, "agmfa", &context).await;
            let error = told.expect_err(&context);
            // What the agency did not prove is to be proven here.
            assert_eq!(error, "factor", "{context}");
        }
        let told = stepped_up(&bench, "agmfa", &class(MFA)).await.expect("a login");
        assert_eq!(told["acr"], MFA, "{told}");
    });
}

#[test]
fn sam_27_an_agency_that_may_not_claim_two_factors_claims_in_vain() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        // It is not asked for what it would not be believed, and the second is proven here.
        let held = bench.hold_with("agm", &[("claims", &essential_mfa())]).await;
        assert!(held.asked.message.texts("AuthnContextClassRef").is_empty());
        assert_eq!(stepped_up(&bench, "agm", &class(MFA)).await, Err("factor".to_owned()));
        // Without the demand the person gets in, and nobody is told of two factors.
        let claims = bench
            .takes("agm", |honest, held| {
                honest.assertion.authn = authn_statement(0, "s", MFA);
                honest.signed(held.agency.keys)
            })
            .await;
        assert_ne!(claims["acr"], MFA, "{claims}");
    });
}

#[test]
fn sam_28_an_old_authentication_is_not_a_new_one() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        for (name, value) in [("prompt", "login"), ("max_age", "60")] {
            let held = bench.hold_with("aga", &[(name, value)]).await;
            let forced = held.asked.message.attribute("ForceAuthn");
            if name == "prompt" {
                assert_eq!(forced.as_deref(), Some("true"), "{}", held.asked.message.xml);
            }
            let mut held = held;
            let mut response = held.agency.response(&held.asked, "mallory");
            response.assertion.authn = authn_statement(-7200, "s", PASSWORD);
            let xml = response.signed(held.agency.keys);
            let mark = bench.bench.mark().await;
            let page = held.deliver(xml).await;
            if page.url.as_str().starts_with("https://aga.example/") {
                // It answered from memory, and is asked once more to forget it.
                assert_eq!(name, "max_age", "{}", page.url);
                let again = Message::of(&page);
                assert_eq!(again.attribute("ForceAuthn").as_deref(), Some("true"));
            } else {
                assert!(page.url.as_str().starts_with(bench.base()), "{}", page.describe());
                let rows = bench.bench.trail(&mark).await;
                let told = rows.iter().any(|row| row.reason == "stale_authn");
                assert!(told || name == "max_age", "{rows:#?}");
            }
        }
        // When somebody authenticated is told as it was, not as it would be liked.
        let mut held = bench.hold("aga").await;
        let mut response = held.agency.response(&held.asked, "alice");
        response.assertion.authn = authn_statement(-1800, "s", PASSWORD);
        let before = idp_tests::harness::rp::now();
        let xml = response.signed(held.agency.keys);
        let page = held.deliver(xml).await;
        let claims = held.party.finish(&held.begun, &page).await.claims;
        let told = claims["auth_time"].as_u64().expect("auth_time");
        assert!(before - 1810 < told && told < before - 1790, "{claims}");
    });
}

#[test]
fn sam_33_an_answer_comes_by_one_form_field() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        // In the address, signed.
        let mut held = bench.hold("aga").await;
        let xml = held.agency.response(&held.asked, "mallory").assertion.xml();
        let query = Query::of("SAMLResponse", &xml, held.asked.relay_state.as_deref());
        let mark = bench.bench.mark().await;
        let page = held.visitor.open(query.signed(held.agency.keys).at(&held.asked.acs)).await;
        bench.refused(&mut held, &page, &mark, &["binding"]).await;
        // Beside a query.
        let mut held = bench.hold("aga").await;
        held.asked.acs += "?SAMLResponse=x";
        let row = bench
            .refuses_form(held, &["binding", "duplicate_parameter"], |held| {
                Agency::form(&held.asked, held.honest("mallory"))
            })
            .await;
        assert_eq!(row.body["source"], "aga");
        // Twice, and beside an artifact.
        let reasons_for = |name: &str| -> &[&str] {
            match name {
                "RelayState" => &["duplicate_parameter", "unsolicited"],
                _ => &["duplicate_parameter", "malformed", "binding"],
            }
        };
        for more in ["SAMLResponse", "SAMLart", "RelayState", "SAMLRequest"] {
            let held = bench.hold("aga").await;
            bench
                .refuses_form(held, reasons_for(more), |held| {
                    let mut fields = Agency::form(&held.asked, held.honest("mallory"));
                    fields.push((more.to_owned(), base64(held.honest("alice"))));
                    fields
                })
                .await;
        }
    });
}
