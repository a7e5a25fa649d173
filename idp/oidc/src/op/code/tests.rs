//! Tests of codes and their redemption, with the attacks on it.

use expect_test::expect;
use idp_domain::{GrantId, Lifetime, Timestamp};

use super::{CodeRecord, LIFETIME, Redemption, issue};
use crate::op::{
    Client, Handle, Opaque, Ticket,
    opaque::OpaqueKind,
    testing::{CALLBACK, NOW, ask_as, form, issuance, legacy, register, request, rp1, verifier},
};

fn issue_for(client: &Client, changes: &[(&str, &str)]) -> (Opaque, CodeRecord) {
    let request = ask_as(Some(client), &request(changes)).unwrap();
    let ticket = Ticket::open(&request.ticket, client).unwrap();
    issue(&ticket, &issuance(&request), GrantId::from_random([3; 16]), [9; 32])
}

fn record() -> CodeRecord {
    issue_for(&rp1(), &[]).1
}

/// Of a client that may do without PKCE, and did.
fn record_without_challenge() -> CodeRecord {
    issue_for(&legacy(), &[("code_challenge", ""), ("code_challenge_method", "")]).1
}

fn redeem(record: CodeRecord, uri: Option<&str>, verifier: Option<&str>) -> &'static str {
    let redemption = Redemption { code: "", redirect_uri: uri, verifier };
    match record.redeem(&redemption, &rp1(), NOW) {
        Ok(_) => "redeemed",
        Err(rule) => {
            assert_eq!(rule.code.as_str(), "invalid_grant");
            rule.slug.trim_start_matches("oidc.token.")
        }
    }
}

//= oidc-core#3.1.3.2-1 test
//= rfc7636#4.4-1 test
#[test]
fn a_code_gives_what_was_granted() {
    let (code, record) = issue_for(&rp1(), &[("resource", "https://api.example")]);
    let found = Handle::of(OpaqueKind::Code, code.value.expose());
    assert_eq!(found, Some(code.handle));
    let verifier = verifier();
    let redemption = Redemption {
        code: code.value.expose(),
        redirect_uri: Some(CALLBACK),
        verifier: Some(verifier.expose()),
    };
    let redeemed = record.redeem(&redemption, &rp1(), NOW).unwrap();
    assert_eq!(redeemed.nonce.as_deref(), Some("n-1"));
    assert_eq!(redeemed.grant.resources, ["https://api.example"]);
    assert_eq!(redeemed.grant.scopes.as_str(), "openid email");
    assert_eq!(redeemed.grant.subject.as_str(), "alice-for-rp1");
}

#[test]
fn the_record_has_a_form_that_another_release_can_read() {
    let record = issue_for(&rp1(), &[("claims", r#"{"id_token":{"email":null}}"#)]).1;
    let text = serde_json::to_string_pretty(&record).unwrap();
    expect![[r#"
        {
          "grant": {
            "id": "AwMDAwMDAwMDAwMDAwMDAw",
            "client": "rp1",
            "account": "account-of-alice",
            "subject": "alice-for-rp1",
            "agency": "una",
            "source": "una-oidc",
            "session": "session-1",
            "scopes": "openid email",
            "claims": {
              "id_token": [
                "email"
              ]
            },
            "authenticated_at": 1799999940,
            "acr": "https://refeds.org/profile/mfa",
            "amr": [
              "pwd",
              "otp"
            ],
            "released": {
              "displayName": [
                "Alice Ångström"
              ],
              "isMemberOf": [
                "staff",
                "editors"
              ],
              "mail": [
                "alice@una.example"
              ]
            },
            "created_at": 1800000000
          },
          "redirect_uri": "https://rp1.example/cb",
          "challenge": "3Ev4DHdHPRMPoN6GukAY_pi7IUAF5qWJHRK6kURvnoE",
          "nonce": "n-1",
          "expires_at": 1800000060
        }"#]]
    .assert_eq(&text);
    assert_eq!(serde_json::from_str::<CodeRecord>(&text).unwrap(), record);
}

//= rfc6749#4.1.2-1 test
#[test]
fn a_code_lives_for_a_minute() {
    let redeem_at = |now: Timestamp| {
        let verifier = verifier();
        let redemption = Redemption {
            code: "",
            redirect_uri: Some(CALLBACK),
            verifier: Some(verifier.expose()),
        };
        record().redeem(&redemption, &rp1(), now).map(|_| ()).map_err(|rule| rule.slug)
    };
    assert_eq!(redeem_at((NOW + LIFETIME).minus(Lifetime::seconds(1))), Ok(()));
    assert_eq!(redeem_at(NOW + LIFETIME), Err("oidc.token.code"));
}

//= rfc6749#4.1.3-1 test
//= rfc6749#4.1.2-3 test
#[test]
fn a_code_of_one_client_is_nothing_to_another() {
    let thief = register("rpx", &form());
    let verifier = verifier();
    let redemption =
        Redemption { code: "", redirect_uri: Some(CALLBACK), verifier: Some(verifier.expose()) };
    let rule = record().redeem(&redemption, &thief, NOW).unwrap_err();
    assert_eq!(rule.slug, "oidc.token.code_client");
}

//= rfc6749#4.1.3-2 test
#[test]
fn auz_10_the_redirect_uri_of_a_code_is_named_again_exactly() {
    let verifier = verifier();
    for uri in [
        None,
        Some("https://rp1.example/cb2"),
        Some("https://rp1.example/CB"),
        Some("https://rp1.example/cb/"),
        Some("https://rp1.example:443/cb"),
    ] {
        // The record is consumed: a second try finds no code.
        assert_eq!(redeem(record(), uri, Some(verifier.expose())), "redirect_uri", "{uri:?}");
    }
    assert_eq!(redeem(record(), Some(CALLBACK), Some(verifier.expose())), "redeemed");
}

//= rfc9700#2.1.1-5 test
//= rfc9700#2.1.1-6 test
//= rfc9700#4.8.2-1 test
//= rfc7636#4.6-1 test
#[test]
fn tok_05_a_challenge_is_met_by_its_verifier_alone() {
    let verifier = verifier();
    let challenge = verifier.challenge();
    let other = crate::pkce::Verifier::from_random([8; 32]);
    for (sent, end) in [
        (None, "verifier_missing"),
        (Some(""), "verifier"),
        (Some(other.expose()), "verifier"),
        (Some(challenge.as_str()), "verifier"),
        (Some(&verifier.expose()[1..]), "verifier"),
        (Some(verifier.expose()), "redeemed"),
    ] {
        assert_eq!(redeem(record(), Some(CALLBACK), sent), end, "{sent:?}");
    }
}

//= rfc9700#4.8.2-1 test
#[test]
fn tok_05_a_verifier_without_a_challenge_is_a_downgrade() {
    let verifier = verifier();
    let stray = redeem(record_without_challenge(), Some(CALLBACK), Some(verifier.expose()));
    assert_eq!(stray, "verifier_stray");
    assert_eq!(redeem(record_without_challenge(), Some(CALLBACK), None), "redeemed");
}
