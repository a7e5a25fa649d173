//! Tests of client assertions, with the attacks on them.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::jwt::{TokenType, mint};
use crate::keys::testing::{fresh_key, key};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const ISSUER: &str = "https://broker.example";
const TOKEN_ENDPOINT: &str = "https://broker.example/oauth2/token";
const NOW: i64 = 1_800_000_000;

fn claims() -> Value {
    json!({ "iss": "rp1", "sub": "rp1", "aud": ISSUER, "jti": "a-1",
        "iat": NOW, "exp": NOW + 60 })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn key_set() -> JwkSet {
    let keys: Vec<Value> = [SigningAlg::Es256, SigningAlg::Rs256]
        .map(|alg| Value::Object(key(alg).public().to_jwk(alg.as_str(), alg)))
        .to_vec();
    JwkSet::from_value(&json!({ "keys": keys })).unwrap()
}

fn signed(header: &Value, claims: &Value, alg: SigningAlg) -> String {
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    );
    let signature = key(alg).sign(signed.as_bytes()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn assertion(claims: &Value) -> String {
    signed(&json!({ "alg": "ES256", "kid": "ES256" }), claims, SigningAlg::Es256)
}

fn judge_with(token: &str, legacy_audience: Option<&str>) -> Result<ClientAssertion, JwtError> {
    let keys = key_set();
    verify_client_assertion(
        token,
        &AssertionRules {
            client_id: "rp1",
            keys: &keys,
            algs: &[SigningAlg::Es256],
            issuer: ISSUER,
            legacy_audience,
            now: Timestamp::from_seconds(NOW),
            skew: Lifetime::seconds(60),
        },
    )
}

fn judge(token: &str) -> Result<ClientAssertion, JwtError> {
    judge_with(token, None)
}

#[test]
fn a_sound_assertion_holds_and_says_how_long_its_name_must_be_remembered() {
    assert_eq!(
        judge(&assertion(&claims())),
        Ok(ClientAssertion {
            jti: "a-1".to_owned(),
            remember_until: Timestamp::from_seconds(NOW + 120)
        })
    );
    for typ in ["JWT", "jwt", "client-authentication+jwt", "application/client-authentication+jwt"]
    {
        let header = json!({ "alg": "ES256", "kid": "ES256", "typ": typ });
        assert!(judge(&signed(&header, &claims(), SigningAlg::Es256)).is_ok(), "{typ}");
    }
}

#[test]
fn jwt_02_the_audience_is_our_issuer_alone() {
    for aud in [
        json!(TOKEN_ENDPOINT),
        json!("https://broker.example/oauth2/par"),
        json!([ISSUER, "https://other.example"]),
        json!([ISSUER]),
        json!("https://other.example"),
        json!("https://broker.example/"),
        json!("HTTPS://broker.example"),
        json!(""),
        json!(null),
    ] {
        let error = judge(&assertion(&with("aud", aud.clone()))).unwrap_err();
        assert_eq!(error, JwtError::Claim { claim: "aud" }, "{aud}");
    }
    let error = judge(&assertion(&without("aud"))).unwrap_err();
    assert_eq!(error, JwtError::Missing { claim: "aud" });
}

#[test]
fn jwt_02_the_token_endpoint_is_an_audience_only_for_clients_registered_so() {
    let legacy = assertion(&with("aud", json!(TOKEN_ENDPOINT)));
    assert!(judge_with(&legacy, Some(TOKEN_ENDPOINT)).is_ok());
    assert!(judge_with(&assertion(&claims()), Some(TOKEN_ENDPOINT)).is_ok());
    let listed = assertion(&with("aud", json!([TOKEN_ENDPOINT])));
    assert!(judge_with(&listed, Some(TOKEN_ENDPOINT)).is_err());
}

#[test]
fn jwt_03_times_out_of_bounds_are_refused() {
    let stamp = Timestamp::from_seconds;
    for (claims, error) in [
        (without("exp"), JwtError::Missing { claim: "exp" }),
        (with("exp", json!(NOW - 300)), JwtError::Expired { at: stamp(NOW - 300) }),
        (
            with("exp", json!(NOW + 315_360_000)),
            JwtError::TooLongLived { until: stamp(NOW + 315_360_000) },
        ),
        (with("iat", json!(NOW + 61)), JwtError::Early { from: stamp(NOW + 61) }),
        (with("nbf", json!(NOW + 61)), JwtError::Early { from: stamp(NOW + 61) }),
        (with("nbf", json!("soon")), JwtError::Claim { claim: "nbf" }),
    ] {
        assert_eq!(judge(&assertion(&claims)).unwrap_err(), error);
    }
    for name in ["iat", "nbf"] {
        assert!(judge(&assertion(&with(name, json!(NOW + 8)))).is_ok(), "{name} 8 s ahead");
    }
    assert!(judge(&assertion(&without("iat"))).is_ok());
    assert!(judge(&assertion(&with("exp", json!(NOW + 3_600)))).is_ok());
}

//= rfc7523#3-1 test
#[test]
fn jwt_03_an_assertion_is_by_and_about_the_client_and_has_a_name() {
    for claim in ["iss", "sub", "jti"] {
        assert_eq!(judge(&assertion(&without(claim))).unwrap_err(), JwtError::Missing { claim });
        for value in [json!(""), json!(1), json!(["rp1"])] {
            let error = judge(&assertion(&with(claim, value))).unwrap_err();
            assert_eq!(error, JwtError::Claim { claim });
        }
    }
    for claim in ["iss", "sub"] {
        for value in ["rp2", "RP1", "rp1 "] {
            let error = judge(&assertion(&with(claim, json!(value)))).unwrap_err();
            assert_eq!(error, JwtError::Claim { claim });
        }
    }
    let long = with("jti", json!("j".repeat(257)));
    assert_eq!(judge(&assertion(&long)).unwrap_err(), JwtError::Claim { claim: "jti" });
}

#[test]
fn jwt_04_only_the_registered_algorithm_counts() {
    // Truly signed with a registered key, but of an algorithm that was not agreed on.
    let rs256 = signed(&json!({ "alg": "RS256", "kid": "RS256" }), &claims(), SigningAlg::Rs256);
    assert_eq!(judge(&rs256).unwrap_err(), JwtError::Algorithm { alg: "RS256".to_owned() });
    for alg in ["none", "None", "HS256", "PS256", "EdDSA", "ES256K", "ES384", "ES512"] {
        let token = signed(&json!({ "alg": alg, "kid": "ES256" }), &claims(), SigningAlg::Es256);
        assert_eq!(judge(&token).unwrap_err(), JwtError::Algorithm { alg: alg.to_owned() });
    }
    // The right algorithm, and the name of a key that it does not fit.
    let misfit = signed(&json!({ "alg": "ES256", "kid": "RS256" }), &claims(), SigningAlg::Es256);
    assert_eq!(judge(&misfit).unwrap_err(), JwtError::UnknownKey);
}

#[test]
fn jwt_04_a_mac_with_the_public_key_or_a_secret_is_no_signature() {
    let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","kid":"ES256"}"#);
    let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims().to_string()));
    let public = key(SigningAlg::Es256).public().to_jwk("ES256", SigningAlg::Es256);
    for secret in [serde_json::to_vec(&public).unwrap(), b"the client's secret".to_vec()] {
        let mac = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &secret);
        let tag = aws_lc_rs::hmac::sign(&mac, signed.as_bytes());
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag));
        assert_eq!(judge(&token).unwrap_err(), JwtError::Algorithm { alg: "HS256".to_owned() });
    }
}

#[test]
fn jwt_04_critical_and_unencoded_headers_are_refused() {
    for header in [
        json!({ "alg": "ES256", "kid": "ES256", "b64": false, "crit": ["b64"] }),
        json!({ "alg": "ES256", "kid": "ES256", "b64": false }),
        json!({ "alg": "ES256", "kid": "ES256", "crit": ["http://example.com/x"] }),
    ] {
        let token = signed(&header, &claims(), SigningAlg::Es256);
        assert_eq!(judge(&token).unwrap_err(), JwtError::Critical, "{header}");
    }
}

#[test]
fn jwt_04_a_signature_of_another_key_or_over_other_claims_is_refused() {
    let stranger = fresh_key();
    let token = mint(&stranger, TokenType::IdToken, &claims()).unwrap();
    assert_eq!(judge(&token).unwrap_err(), JwtError::UnknownKey);
    let good = assertion(&claims());
    let other = assertion(&with("jti", json!("a-2")));
    let (signed, _) = good.rsplit_once('.').unwrap();
    let (_, signature) = other.rsplit_once('.').unwrap();
    assert_eq!(judge(&format!("{signed}.{signature}")).unwrap_err(), JwtError::Signature);
}

#[test]
fn tok_12_tokens_of_other_types_are_no_assertions() {
    for typ in ["at+jwt", "application/at+jwt", "logout+jwt", "dpop+jwt", "oauth-authz-req+jwt"] {
        let header = json!({ "alg": "ES256", "kid": "ES256", "typ": typ });
        let token = signed(&header, &claims(), SigningAlg::Es256);
        let error = JwtError::Type { typ: Some(typ.to_owned()) };
        assert_eq!(judge(&token).unwrap_err(), error);
    }
}

#[test]
fn the_unverified_issuer_is_only_what_the_token_says() {
    assert_eq!(danger_unverified_issuer(&assertion(&claims())), Ok("rp1".to_owned()));
    let error = danger_unverified_issuer(&assertion(&without("iss"))).unwrap_err();
    assert_eq!(error, JwtError::Missing { claim: "iss" });
    assert!(danger_unverified_issuer(&assertion(&with("iss", json!(1)))).is_err());
    assert!(danger_unverified_issuer("rp1").is_err());
}

proptest! {
    #[test]
    fn no_text_makes_verification_panic(token in "\\PC{0,200}|[A-Za-z0-9_.-]{0,200}") {
        prop_assert!(judge(&token).is_err());
        prop_assert!(danger_unverified_issuer(&token).is_err());
    }

    #[test]
    fn no_claims_make_verification_panic(
        name in prop::sample::select(vec!["iss", "sub", "aud", "exp", "iat", "nbf", "jti"]),
        number in any::<f64>(),
        text in "\\PC{0,40}",
    ) {
        let _ = judge(&assertion(&with(name, json!(number))));
        let _ = judge(&assertion(&with(name, json!(text))));
        let _ = judge(&assertion(&with(name, json!({ text: [number] }))));
    }
}
