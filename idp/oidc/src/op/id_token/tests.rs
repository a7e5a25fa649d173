//! Tests of ID tokens and of the name of a session.

use expect_test::{Expect, expect};
use idp_domain::SessionId;

use super::{mint, sid};
use crate::{
    keys::{SigningAlg, testing::key},
    op::{
        ClientRegistration, Grant,
        access_token::half_hash,
        testing::{ISSUER, NOW, claims_of, form, grant, id, register},
    },
};

fn check(grant: &Grant, form: &ClientRegistration, nonce: Option<&str>, expected: &Expect) {
    let client = register("rp1", form);
    let key = key(SigningAlg::Es256);
    let token = mint(grant, &client, &ISSUER, nonce, "the-access-token", &key, NOW).unwrap();
    let claims: serde_json::Value = serde_json::from_str(&claims_of(&token)).unwrap();
    expected.assert_eq(&serde_json::to_string_pretty(&claims).unwrap());
}

//= oidc-core#2-1 test
//= oidc-core#2-4 test
#[test]
fn an_id_token_says_who_when_and_how_and_nothing_of_scopes() {
    check(
        &grant(&[("scope", "openid email profile groups")]),
        &form(),
        Some("n-1"),
        &expect![[r#"
        {
          "acr": "https://refeds.org/profile/mfa",
          "amr": [
            "pwd",
            "otp"
          ],
          "at_hash": "uby9Z8Gb_H_x4fPjwNzguw",
          "aud": "rp1",
          "auth_time": 1799999940,
          "exp": 1800000600,
          "iat": 1800000000,
          "iss": "https://broker.example",
          "nonce": "n-1",
          "sid": "hkTd2ziAvCx5k3duDanzLQ",
          "sub": "alice-for-rp1"
        }"#]],
    );
}

//= oidc-core#12.2-1 test
#[test]
fn an_id_token_of_a_refresh_has_no_nonce_and_the_old_auth_time() {
    let mut grant = grant(&[]);
    grant.authenticated_at = None;
    grant.amr = Vec::new();
    check(
        &grant,
        &form(),
        None,
        &expect![[r#"
        {
          "acr": "https://refeds.org/profile/mfa",
          "at_hash": "uby9Z8Gb_H_x4fPjwNzguw",
          "aud": "rp1",
          "exp": 1800000600,
          "iat": 1800000000,
          "iss": "https://broker.example",
          "sid": "hkTd2ziAvCx5k3duDanzLQ",
          "sub": "alice-for-rp1"
        }"#]],
    );
}

#[test]
fn claims_stand_in_the_id_token_by_name_or_by_registration() {
    let by_name = grant(&[("claims", r#"{"id_token":{"groups":null}}"#)]);
    let by_scope = ClientRegistration { claims_in_id_token: true, ..form() };
    check(
        &by_name,
        &by_scope,
        None,
        &expect![[r#"
        {
          "acr": "https://refeds.org/profile/mfa",
          "amr": [
            "pwd",
            "otp"
          ],
          "at_hash": "uby9Z8Gb_H_x4fPjwNzguw",
          "aud": "rp1",
          "auth_time": 1799999940,
          "email": "alice@una.example",
          "email_verified": true,
          "exp": 1800000600,
          "groups": [
            "staff",
            "editors"
          ],
          "iat": 1800000000,
          "iss": "https://broker.example",
          "sid": "hkTd2ziAvCx5k3duDanzLQ",
          "sub": "alice-for-rp1"
        }"#]],
    );
}

#[test]
fn the_hash_of_the_access_token_is_that_of_the_standard() {
    // OpenID Connect Core, appendix A.3.
    let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    assert_eq!(half_hash(SigningAlg::Rs256, token), "77QmUPtjPfzWtF2AnpK9RQ");
    assert_eq!(half_hash(SigningAlg::EdDsa, token).len(), 43);
}

#[test]
fn two_clients_cannot_tell_a_session_by_its_name() {
    let session: SessionId = "session-1".parse().unwrap();
    assert_ne!(sid(&session, &id("rp1")), sid(&session, &id("rp2")));
    assert_eq!(sid(&session, &id("rp1")), sid(&session, &id("rp1")));
    assert!(!sid(&session, &id("rp1")).contains("session"));
}
