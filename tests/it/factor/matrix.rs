//! What relying parties of both dialects get, who demand a second factor in every way that there
//! is, of people whose agencies prove one, claim one, know of none, or proved one long ago.

use expect_test::expect_file;
use idp_tests::harness::rp::now;
use idp_tests::harness::run;
use idp_tests::peers::saml::forge::AuthnRequest;
use idp_tests::peers::saml::message::Message;
use serde_json::{Value, json};

use super::bench::{FactorBench, factor_bench};
use super::login::step;
use super::scene::{ANEW, MFA, PHR, somebody};
use crate::attacks::bench::essential_mfa;

/// An agency, and what its provider says of a sign-in.
fn evidence() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("proves it", "proves", json!({"acr": MFA, "amr": ["pwd", "otp", "mfa"]})),
        ("proves more", "proves", json!({"acr": PHR, "amr": ["hwk", "user"]})),
        ("could, and does not", "proves", json!({"amr": ["pwd"]})),
        ("by text message", "proves", json!({"acr": MFA, "amr": ["pwd", "sms", "mfa"]})),
        ("claims it", "claims", json!({"acr": MFA, "amr": ["pwd", "otp", "mfa"]})),
        ("knows of none", "plain", json!({})),
        (
            "lately enough",
            "proved",
            json!({"acr": MFA, "auth_time": now() - 600, ANEW: {"auth_time": now()}}),
        ),
        (
            "too long ago, and again when asked",
            "proved",
            json!({"acr": MFA, "auth_time": now() - 7_200, ANEW: {"auth_time": now()}}),
        ),
        (
            "too long ago, and one factor when asked",
            "proved",
            json!({"acr": MFA, "auth_time": now() - 7_200, ANEW: {"auth_time": now(), "acr": null}}),
        ),
        (
            "too long ago, whatever is asked",
            "proved",
            json!({"acr": MFA, "auth_time": now() - 7_200}),
        ),
        ("nobody knows when", "proved", json!({"acr": MFA, "auth_time": null})),
    ]
}

/// What the relying party gets: what it is told, or what the person is asked.
async fn openid_connect(
    bench: &FactorBench,
    party: &str,
    extra: &[(&str, &str)],
    (agency, person): (&str, &str),
) -> String {
    let login = bench.scene.login_with(party, agency, person, extra).await;
    if login.step() != "told" {
        return login.step();
    }
    let claims = login.tokens().await.claims;
    let amr: Vec<_> = claims["amr"].as_array().into_iter().flatten().collect();
    let amr: Vec<_> = amr.iter().filter_map(|method| method.as_str()).collect();
    format!("{} [{}]", short(claims["acr"].as_str().unwrap_or_default()), amr.join(" "))
}

async fn saml(
    bench: &FactorBench,
    provider: &str,
    demand: Option<(&str, &str)>,
    (agency, person): (&str, &str),
) -> String {
    bench.scene.speaks_for(agency, person);
    let party = &bench.scene.providers[provider];
    let sso = format!("{}/saml/sso", bench.scene.house.broker.base);
    let mut request = AuthnRequest::honest(&party.entity_id, &sso);
    if let Some((comparison, class)) = demand {
        request = request.demanding(comparison, &[class]);
    }
    let mut visitor = somebody();
    let page = visitor.open(request.query(None).at(&sso)).await;
    let mut page = visitor.choose(&page, &format!("Agency {agency}")).await;
    if let Some(form) = page.forms().into_iter().find(crate::house::hands_over) {
        page = visitor.submit(&page, form.enter()).await;
    }
    bench.scene.speaks_for(agency, "nobody");
    if !page.arrived() {
        return step(&page);
    }
    let answer = Message::of(&page);
    match answer.text("AuthnContextClassRef") {
        Some(context) => short(&context),
        None => answer.status().last().cloned().unwrap_or_default(),
    }
}

fn short(acr: &str) -> String {
    acr.rsplit(['/', ':']).next().unwrap_or_default().to_owned()
}

/// Who has no account yet: each time another person, of whom is said the same.
fn somebody_new(bench: &FactorBench, row: &str, column: &str, claims: &Value) -> String {
    let person = format!("{}-{}", row.replace([' ', ','], "-"), column.replace(' ', "-"));
    bench.scene.says(&person, claims.clone());
    person
}

#[test]
fn an_application_gets_what_it_demands_or_the_person_is_asked_for_what_is_missing() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let (essential, mut table) = (essential_mfa(), vec![]);
        for (row, agency, claims) in evidence() {
            table.push(format!("{row}:"));
            for (column, party, extra) in [
                ("plain", "rp1", vec![]),
                ("wish", "rp1", vec![("acr_values", MFA)]),
                ("essential", "rp1", vec![("claims", essential.as_str())]),
                ("passive", "rp1", vec![("claims", &essential), ("prompt", "none")]),
                ("floor", "rp-mfa", vec![]),
                ("phr floor", "rp-phr", vec![]),
            ] {
                let person = somebody_new(&bench, row, column, &claims);
                let got = openid_connect(&bench, party, &extra, (agency, &person)).await;
                table.push(format!("  {column}: {got}"));
            }
        }
        expect_file!["matrix/openid_connect.txt"].assert_eq(&table.join("\n"));
    });
}

#[test]
fn a_service_gets_what_it_demands_or_the_person_is_asked_for_what_is_missing() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let mut table = vec![];
        for (row, agency, claims) in evidence() {
            table.push(format!("{row}:"));
            for (column, provider, demand) in [
                ("sp plain", "sp", None),
                ("exact", "sp", Some(("exact", MFA))),
                ("minimum", "sp", Some(("minimum", MFA))),
                ("floor at sp", "sp-mfa", None),
                ("phr floor at sp", "sp-phr", None),
            ] {
                let person = somebody_new(&bench, row, column, &claims);
                let got = saml(&bench, provider, demand, (agency, &person)).await;
                table.push(format!("  {column}: {got}"));
            }
        }
        expect_file!["matrix/saml.txt"].assert_eq(&table.join("\n"));
    });
}

#[test]
fn whoever_has_a_factor_here_is_asked_for_exactly_that() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let mut table = vec![];
        let known =
            ["proves it", "could, and does not", "claims it", "too long ago, whatever is asked"];
        let rows = evidence().into_iter().filter(|(name, ..)| known.contains(name));
        for (name, agency, claims) in rows {
            table.push(format!("{name}:"));
            for has in ["app", "passkey"] {
                let person = format!("{agency}-{has}-{}", table.len());
                let mut login = bench.scene.login("rp-mfa", agency, &person).await;
                if has == "app" {
                    login.new_app().await;
                } else {
                    login.new_passkey().await;
                }
                login.keep_codes().await;
                assert_eq!(login.tokens().await.claims["acr"], MFA);
                bench.scene.says(&person, claims.clone());
                for (column, party, extra) in [
                    ("plain", "rp1", vec![]),
                    ("wish", "rp1", vec![("acr_values", MFA)]),
                    ("phr wish", "rp1", vec![("acr_values", PHR)]),
                    ("floor", "rp-mfa", vec![]),
                    ("floor, phr wish", "rp-mfa", vec![("acr_values", PHR)]),
                    ("phr floor", "rp-phr", vec![]),
                    ("phr floor, wish", "rp-phr", vec![("acr_values", MFA)]),
                ] {
                    let got = openid_connect(&bench, party, &extra, (agency, &person)).await;
                    table.push(format!("  {has}, {column}: {got}"));
                }
            }
        }
        expect_file!["matrix/own_factors.txt"].assert_eq(&table.join("\n"));
    });
}
