//! Tests of client authentication, with the attacks on it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Credentials, OnceOnly};
use crate::{
    error::{ErrorCode, Rule},
    jwt::{TokenType, mint},
    keys::{SigningAlg, testing::key},
    op::{
        Client, ClientRegistration, Params,
        client::{AuthMethod, RegisteredSecret},
        testing::{ENDPOINTS, ISSUER, NOW, SECRET, encode, form, id, register, rp1, rp2, sha256},
    },
};
use idp_domain::Lifetime;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A header as RFC 6749 §2.3.1 wants it: both halves form-encoded.
fn header(name: &str, secret: &str) -> String {
    let halves = encode(&[(name, secret)]).replacen('=', ":", 1);
    format!("Basic {}", STANDARD.encode(halves))
}

/// How a request of `client` ends: the slug, or who it was.
fn judge(
    client: Option<&Client>,
    header: Option<&str>,
    form: &str,
) -> Result<String, &'static str> {
    let params = Params::parse(form.as_bytes()).unwrap();
    let slug = |rule: &'static Rule| rule.slug.trim_start_matches("oidc.client_auth.");
    let credentials = Credentials::read(header, false, &params).map_err(slug)?;
    let proven = credentials.verify(client, &ISSUER, &ENDPOINTS, NOW).map_err(slug)?;
    Ok(proven.client.id.to_string())
}

fn with_method(method: AuthMethod) -> Client {
    register("rp1", &ClientRegistration { token_endpoint_auth_method: method, ..form() })
}

//= rfc6749#2.3.1-1 test
#[test]
fn jwt_06_name_and_secret_in_a_header_are_form_decoded() {
    let sound = header("rp1", SECRET);
    assert_eq!(judge(Some(&rp1()), Some(&sound), ""), Ok("rp1".into()));
    assert_eq!(judge(Some(&rp1()), Some(&sound), "client_id=rp1"), Ok("rp1".into()));
    assert_eq!(judge(Some(&rp1()), Some(&sound.replace("Basic", "bAsIc ")), ""), Ok("rp1".into()));
    // `+` and `%` of the secret that nobody encoded mean something else.
    let raw = format!("Basic {}", STANDARD.encode(format!("rp1:{SECRET}")));
    assert_eq!(judge(Some(&rp1()), Some(&raw), ""), Err("secret"));
}

#[test]
fn jwt_06_a_loosely_encoded_header_is_no_header() {
    let sound = header("rp1", SECRET);
    let coded = sound.trim_start_matches("Basic ");
    let bare = coded.trim_end_matches('=');
    let bad_percent = STANDARD.encode("rp1:a%zz");
    let no_colon = STANDARD.encode("rp1");
    let not_utf8 = STANDARD.encode(b"rp1:\xff");
    for header in [
        format!("Basic {coded}="),
        format!("Basic {bare}~"),
        format!("Basic {coded} "),
        format!("Basic\t{coded}"),
        format!("Basic {}", coded.replace(&coded[..4], &format!("{}\n", &coded[..4]))),
        format!("Basic {bad_percent}"),
        format!("Basic {no_colon}"),
        format!("Basic {not_utf8}"),
        "Basic".to_owned(),
        "Basic ".to_owned(),
        format!("Bearer {coded}"),
        String::new(),
    ] {
        assert_eq!(judge(Some(&rp1()), Some(&header), ""), Err("header"), "{header:?}");
    }
}

//= rfc6749#2.3.1-2 test
#[test]
fn jwt_06_a_secret_in_the_address_is_refused() {
    let params = Params::parse(b"").unwrap();
    let read = Credentials::read(Some(&header("rp1", SECRET)), true, &params);
    assert_eq!(read.unwrap_err().slug, "oidc.client_auth.query");
}

//= oidc-core#9-1 test
//= rfc6749#3.2.1-1 test
#[test]
fn jwt_06_a_wrong_or_empty_secret_is_refused() {
    for secret in ["", "x", &SECRET[1..], &format!("{SECRET}x"), &SECRET.to_lowercase()] {
        let header = header("rp1", secret);
        assert_eq!(judge(Some(&rp1()), Some(&header), ""), Err("secret"), "{secret}");
    }
    let long = "x".repeat(1_025);
    assert_eq!(judge(Some(&rp1()), Some(&header("rp1", &long)), ""), Err("secret"));
    let post = with_method(AuthMethod::ClientSecretPost);
    assert_eq!(judge(Some(&post), None, "client_id=rp1&client_secret=x"), Err("secret"));
    assert_eq!(judge(Some(&post), None, "client_id=rp1&client_secret="), Err("method"));
    let sound = encode(&[("client_id", "rp1"), ("client_secret", SECRET)]);
    assert_eq!(judge(Some(&post), None, &sound), Ok("rp1".into()));
}

#[test]
fn jwt_06_each_of_two_secrets_counts_until_it_expires() {
    let secret = |text: &str, left: Option<i64>| RegisteredSecret {
        sha256: sha256(text),
        expires_at: left.map(|left| idp_domain::Timestamp::from_seconds(NOW.seconds() + left)),
    };
    let judge = |secrets, presented: &str| {
        let client = register("rp1", &ClientRegistration { client_secrets: secrets, ..form() });
        judge(Some(&client), Some(&header("rp1", presented)), "")
    };
    let rotating = |left| vec![secret("old", Some(left)), secret("new", None)];
    assert!(judge(rotating(1), "old").is_ok());
    assert!(judge(rotating(1), "new").is_ok());
    assert_eq!(judge(rotating(0), "old"), Err("secret"));
    assert!(judge(rotating(0), "new").is_ok());
    assert_eq!(judge(rotating(-1), "old"), Err("secret"));
}

//= rfc6749#2.3-1 test
#[test]
fn more_than_one_method_is_refused_before_any_is_tried() {
    let sound = header("rp1", SECRET);
    let secret = encode(&[("client_id", "rp1"), ("client_secret", SECRET)]);
    let assertion = encode(&[
        ("client_assertion", &assertion(&claims())),
        ("client_assertion_type", ASSERTION_TYPE),
    ]);
    for (header, form) in [
        (Some(sound.as_str()), secret.as_str()),
        (Some(sound.as_str()), assertion.as_str()),
        (None, &format!("{secret}&{assertion}")),
    ] {
        assert_eq!(judge(Some(&rp1()), header, form), Err("several"), "{form}");
    }
    assert_eq!(judge(Some(&rp1()), Some(&sound), "client_id=rp2"), Err("two_clients"));
    let other = format!("client_id=rp2&{assertion}");
    assert_eq!(judge(Some(&by_jwt(false)), None, &other), Err("two_clients"));
}

//= oidc-core#9-1 test
#[test]
fn jwt_07_nobody_passes_by_another_method_than_the_registered_one() {
    let post = encode(&[("client_id", "rp1"), ("client_secret", SECRET)]);
    let basic = header("rp1", SECRET);
    // Confidential clients that send only their name, or their secret elsewhere.
    assert_eq!(judge(Some(&rp1()), None, "client_id=rp1"), Err("method"));
    assert_eq!(judge(Some(&rp1()), None, &post), Err("method"));
    let by_post = with_method(AuthMethod::ClientSecretPost);
    assert_eq!(judge(Some(&by_post), Some(&basic), ""), Err("method"));
    assert_eq!(judge(Some(&by_jwt(false)), Some(&basic), ""), Err("method"));
    assert_eq!(judge(Some(&by_jwt(false)), None, "client_id=rp1"), Err("method"));
    // Public clients that pretend to have a secret, even an empty one.
    for secret in ["", "x"] {
        assert_eq!(judge(Some(&rp2()), Some(&header("rp2", secret)), ""), Err("method"));
    }
    assert_eq!(judge(Some(&rp2()), None, "client_id=rp2&client_secret=x"), Err("method"));
    assert_eq!(judge(Some(&rp2()), None, "client_id=rp2"), Ok("rp2".into()));
}

//= rfc7662#2.3-1 test
#[test]
fn nobody_and_an_unknown_client_are_told_the_same() {
    assert_eq!(judge(None, None, ""), Err("missing"));
    assert_eq!(judge(None, None, "client_id=rp9"), Err("unknown"));
    assert_eq!(judge(None, Some(&header("rp9", "x")), ""), Err("unknown"));
    assert_eq!(judge(Some(&rp1()), None, "client_id=rp9"), Err("unknown"));
    let told: std::collections::BTreeSet<_> = super::RULES
        .iter()
        .filter(|rule| rule.code == ErrorCode::InvalidClient)
        .map(|rule| (rule.body(), rule.status().as_u16()))
        .collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told.first().unwrap().1, 401);
}

/// RP1 with a key of its own.
fn by_jwt(legacy: bool) -> Client {
    register(
        "rp1",
        &ClientRegistration {
            token_endpoint_auth_method: AuthMethod::PrivateKeyJwt,
            token_endpoint_as_audience: legacy,
            client_secrets: Vec::new(),
            jwks: Some(json!({ "keys": [
            key(SigningAlg::Es256).public().to_jwk("es", SigningAlg::Es256),
            key(SigningAlg::Rs256).public().to_jwk("rs", SigningAlg::Rs256),
        ] })),
            ..form()
        },
    )
}

fn claims() -> Value {
    let now = NOW.seconds();
    json!({ "iss": "rp1", "sub": "rp1", "aud": ISSUER.as_str(), "jti": "j-1", "iat": now,
        "exp": now + 60 })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

/// The claims, signed, with the `kid` that the client registered.
fn signed(claims: &Value, kid: &str, alg: SigningAlg) -> String {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let header = json!({ "alg": alg.as_str(), "kid": kid });
    let text = [header.to_string(), claims.to_string()].map(|part| URL_SAFE_NO_PAD.encode(part));
    let signed = text.join(".");
    let signature = key(alg).sign(signed.as_bytes()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn assertion(claims: &Value) -> String {
    signed(claims, "es", SigningAlg::Es256)
}

fn judge_assertion(client: &Client, assertion: &str) -> Result<Option<OnceOnly>, &'static str> {
    let form =
        encode(&[("client_assertion", assertion), ("client_assertion_type", ASSERTION_TYPE)]);
    let params = Params::parse(form.as_bytes()).unwrap();
    let proven = Credentials::read(None, false, &params)
        .and_then(|it| it.verify(Some(client), &ISSUER, &ENDPOINTS, NOW).map(|it| it.once));
    proven.map_err(|rule| rule.slug.trim_start_matches("oidc.client_auth."))
}

//= oidc-core#9-2 test
#[test]
fn jwt_01_an_assertion_says_what_must_be_used_once() {
    let once = OnceOnly {
        client: id("rp1"),
        jti: "j-1".to_owned(),
        remember_until: NOW + Lifetime::minutes(2),
    };
    assert_eq!(judge_assertion(&by_jwt(false), &assertion(&claims())), Ok(Some(once)));
}

#[test]
fn jwt_02_the_audience_of_an_assertion_is_our_issuer_as_a_single_text() {
    for aud in [
        json!(ENDPOINTS.token),
        json!([ISSUER.as_str(), "https://other.example"]),
        json!([ISSUER.as_str()]),
        json!("https://other.example"),
        json!(format!("{}/", ISSUER.as_str())),
    ] {
        let judged = judge_assertion(&by_jwt(false), &assertion(&with("aud", aud.clone())));
        assert_eq!(judged, Err("assertion"), "{aud}");
    }
    let old = assertion(&with("aud", json!(ENDPOINTS.token)));
    assert!(judge_assertion(&by_jwt(true), &old).is_ok());
    let introspect = assertion(&with("aud", json!(ENDPOINTS.introspect)));
    assert_eq!(judge_assertion(&by_jwt(true), &introspect), Err("assertion"));
}

#[test]
fn jwt_03_an_assertion_is_of_the_client_and_of_now() {
    let now = NOW.seconds();
    for (name, value, outcome) in [
        ("exp", json!(now - 300), Err("assertion")),
        ("exp", json!(now + 315_360_000), Err("assertion")),
        ("exp", Value::Null, Err("assertion")),
        ("iat", json!(now + 61), Err("assertion")),
        ("nbf", json!(now + 61), Err("assertion")),
        ("iat", json!(now + 8), Ok(())),
        ("sub", json!("rp2"), Err("assertion")),
        ("sub", Value::Null, Err("assertion")),
        ("jti", Value::Null, Err("assertion")),
        // The client is looked up by this one.
        ("iss", json!("rp2"), Err("unknown")),
        ("iss", Value::Null, Err("assertion")),
    ] {
        let judged = judge_assertion(&by_jwt(false), &assertion(&with(name, value.clone())));
        assert_eq!(judged.map(|_| ()), outcome, "{name} {value}");
    }
}

#[test]
fn jwt_04_the_algorithm_is_the_registered_one() {
    let rs256 = signed(&claims(), "rs", SigningAlg::Rs256);
    assert_eq!(judge_assertion(&by_jwt(false), &rs256), Err("assertion"));
    let unsigned = format!("{}.", assertion(&claims()).rsplit_once('.').unwrap().0);
    assert_eq!(judge_assertion(&by_jwt(false), &unsigned), Err("assertion"));
}

#[test]
fn tok_12_no_token_of_ours_proves_a_client() {
    for typ in [TokenType::AccessToken, TokenType::LogoutToken] {
        let token = mint(&key(SigningAlg::Es256), typ, &claims()).unwrap();
        assert_eq!(judge_assertion(&by_jwt(false), &token), Err("assertion"));
    }
}

#[test]
fn an_assertion_needs_its_type() {
    let token = assertion(&claims());
    for form in [
        encode(&[("client_assertion", &token)]),
        encode(&[("client_assertion_type", ASSERTION_TYPE), ("client_id", "rp1")]),
        encode(&[
            ("client_assertion", token.as_str()),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"),
        ]),
    ] {
        assert_eq!(judge(Some(&by_jwt(false)), None, &form), Err("assertion_form"));
    }
}

proptest! {
    #[test]
    fn any_header_and_form_are_judged(header in "\\PC{0,60}", form in "[ -~]{0,80}") {
        if let Ok(params) = Params::parse(form.as_bytes()) {
            let client = rp1();
            if let Ok(credentials) = Credentials::read(Some(&header), false, &params) {
                let judged = credentials.verify(Some(&client), &ISSUER, &ENDPOINTS, NOW);
                prop_assert!(judged.is_err());
            }
        }
    }

    #[test]
    fn any_secret_reads_back_from_its_header(secret in "\\PC{1,40}") {
        let hash = RegisteredSecret { sha256: sha256(&secret), expires_at: None };
        let form = ClientRegistration { client_secrets: vec![hash], ..form() };
        let client = register("rp1", &form);
        prop_assert!(judge(Some(&client), Some(&header("rp1", &secret)), "").is_ok());
    }
}
