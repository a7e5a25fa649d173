//! Tests of tokens of our own, and of signatures against published vectors.

use idp_domain::{Lifetime, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::jwk::JwkSet;
use crate::keys::testing::{fresh_key, key, key_set, record, vector};
use crate::keys::{KeySet, KeyState, SigningAlg};

const ISSUER: &str = "https://broker.example";
const NOW: i64 = 1_800_000_000;

fn claims() -> Value {
    json!({ "iss": ISSUER, "sub": "alice", "aud": ["https://api.example", "rp1"],
        "iat": NOW, "exp": NOW + 300 })
}

fn expected(typ: TokenType) -> Expected<'static> {
    Expected {
        typ,
        issuer: ISSUER,
        audience: Audience::Includes("rp1"),
        now: Timestamp::from_seconds(NOW),
        skew: Lifetime::seconds(10),
    }
}

fn access() -> Expected<'static> {
    expected(TokenType::AccessToken)
}

fn minted(claims: &Value) -> String {
    mint(&key(SigningAlg::Es256), TokenType::AccessToken, claims).unwrap()
}

fn judge(token: &str) -> Result<VerifiedClaims, JwtError> {
    verify(token, &key_set(&[SigningAlg::Es256]), &access())
}

/// A token with this header and these claims, truly signed.
fn forged(header: &str, claims: &str) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = key(SigningAlg::Es256).sign(signed.as_bytes()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// As [`forged`], with the right type and key and `more` members in the header.
fn forged_with(more: &str) -> String {
    let kid = key(SigningAlg::Es256).kid().to_owned();
    let header = format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}"{more}}}"#);
    forged(&header, &claims().to_string())
}

#[test]
fn what_was_minted_verifies_with_every_algorithm() {
    for alg in SigningAlg::ALL {
        let key = key(alg);
        let token = mint(&key, TokenType::AccessToken, &claims()).unwrap();
        let verified = verify(&token, &key_set(&[alg]), &access()).unwrap();
        assert_eq!(verified.text("sub"), Some("alice"));
        assert_eq!(verified.time("exp"), Some(Timestamp::from_seconds(NOW + 300)));
        assert_eq!(verified.audience().collect::<Vec<_>>(), ["https://api.example", "rp1"]);
        assert_eq!(Value::Object(verified.into_all()), claims());
    }
}

#[test]
fn another_implementation_accepts_what_was_minted() {
    use jsonwebtoken as other;
    for (alg, theirs) in [
        (SigningAlg::Es256, other::Algorithm::ES256),
        (SigningAlg::EdDsa, other::Algorithm::EdDSA),
        (SigningAlg::Ps256, other::Algorithm::PS256),
        (SigningAlg::Rs256, other::Algorithm::RS256),
    ] {
        let key = key(alg);
        let token = mint(&key, TokenType::IdToken, &claims()).unwrap();
        let jwks: other::jwk::JwkSet = serde_json::from_str(&key_set(&[alg]).jwks()).unwrap();
        let header = other::decode_header(&token).unwrap();
        let jwk = jwks.find(&header.kid.unwrap()).unwrap();
        let thumbprint = jwk.thumbprint(other::jwk::ThumbprintHash::SHA256).unwrap();
        assert_eq!(thumbprint, key.kid());
        let mut rules = other::Validation::new(theirs);
        rules.set_audience(&["rp1"]);
        rules.set_issuer(&[ISSUER]);
        rules.validate_exp = false;
        let decoded: other::TokenData<Value> =
            other::decode(&token, &other::DecodingKey::from_jwk(jwk).unwrap(), &rules).unwrap();
        assert_eq!(decoded.claims, claims());
    }
}

//= rfc8725#3.11-1 test
#[test]
fn tok_12_no_type_of_token_passes_for_another() {
    let types = [TokenType::IdToken, TokenType::AccessToken, TokenType::LogoutToken];
    for made in types {
        let token = mint(&key(SigningAlg::Es256), made, &claims()).unwrap();
        for wanted in types {
            let verdict = verify(&token, &key_set(&[SigningAlg::Es256]), &expected(wanted));
            if made == wanted {
                assert!(verdict.is_ok());
            } else {
                let typ = Some(made.as_str().to_owned());
                assert_eq!(verdict.unwrap_err(), JwtError::Type { typ });
            }
        }
    }
}

#[test]
fn tok_12_a_token_without_type_or_signed_by_a_client_is_none_of_ours() {
    let kid = key(SigningAlg::Es256).kid().to_owned();
    let header = format!(r#"{{"alg":"ES256","kid":"{kid}"}}"#);
    let untyped = forged(&header, &claims().to_string());
    assert_eq!(judge(&untyped).unwrap_err(), JwtError::Type { typ: None });
    // A client assertion, signed with the client's key.
    let theirs = mint(&fresh_key(), TokenType::AccessToken, &claims()).unwrap();
    assert_eq!(judge(&theirs).unwrap_err(), JwtError::UnknownKey);
    for opaque in ["", "SplxlOBeZQQYbYS6WxSbIA", "<saml:Assertion/>", "a.b.c.d.e"] {
        assert!(judge(opaque).is_err());
    }
}

#[test]
fn tok_12_issuer_and_audience_are_checked() {
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        judge(&minted(&claims))
    };
    for iss in [json!("https://broker.example/"), json!("https://evil.example"), json!([ISSUER])] {
        assert_eq!(with("iss", iss).unwrap_err(), JwtError::Claim { claim: "iss" });
    }
    for aud in [json!("rp2"), json!([]), json!(["RP1"]), json!(null), json!({ "rp1": true })] {
        assert_eq!(with("aud", aud).unwrap_err(), JwtError::Claim { claim: "aud" });
    }
    assert!(with("aud", json!("rp1")).is_ok());
}

#[test]
fn a_token_holds_from_its_beginning_to_its_end_give_or_take_the_skew() {
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        judge(&minted(&claims)).map(|_| ())
    };
    let stamp = Timestamp::from_seconds;
    assert_eq!(with("exp", json!(NOW - 9)), Ok(()));
    assert_eq!(with("exp", json!(NOW - 10)), Err(JwtError::Expired { at: stamp(NOW - 10) }));
    assert_eq!(with("exp", json!(null)), Err(JwtError::Claim { claim: "exp" }));
    assert_eq!(with("exp", json!("1800000300")), Err(JwtError::Claim { claim: "exp" }));
    assert_eq!(with("exp", json!(1e300)), Err(JwtError::Claim { claim: "exp" }));
    assert_eq!(with("exp", json!(1_800_000_300.75)), Ok(()));
    for name in ["iat", "nbf"] {
        assert_eq!(with(name, json!(NOW + 10)), Ok(()));
        assert_eq!(with(name, json!(NOW + 11)), Err(JwtError::Early { from: stamp(NOW + 11) }));
    }
    let mut endless = claims();
    endless.as_object_mut().unwrap().remove("exp");
    assert_eq!(judge(&minted(&endless)).unwrap_err(), JwtError::Missing { claim: "exp" });
}

#[test]
fn a_hint_may_have_expired_and_nothing_else() {
    let mut old = claims();
    old["exp"] = json!(NOW - 1_000_000);
    let keys = key_set(&[SigningAlg::Es256]);
    let hint = mint(&key(SigningAlg::Es256), TokenType::IdToken, &old).unwrap();
    assert_eq!(verify_hint(&hint, &keys, ISSUER).unwrap().text("sub"), Some("alice"));
    assert!(verify_hint(&hint, &keys, "https://other.example").is_err());
    assert!(verify_hint(&minted(&old), &keys, ISSUER).is_err(), "an access token is no hint");
    let foreign = mint(&fresh_key(), TokenType::IdToken, &old).unwrap();
    assert_eq!(verify_hint(&foreign, &keys, ISSUER).unwrap_err(), JwtError::UnknownKey);
}

#[test]
fn a_token_of_a_retired_key_verifies_while_the_key_is_published() {
    let (old, new) =
        (record(fresh_key(), KeyState::Retired, 0), record(fresh_key(), KeyState::Active, 0));
    let token = mint(&old.key, TokenType::AccessToken, &claims()).unwrap();
    let both = KeySet::new(vec![old, new.clone()]).unwrap();
    assert!(verify(&token, &both, &access()).is_ok());
    let removed = KeySet::new(vec![new]).unwrap();
    assert_eq!(verify(&token, &removed, &access()).unwrap_err(), JwtError::UnknownKey);
}

//= rfc8725#3.1-1 test
#[test]
fn the_token_does_not_choose_its_algorithm() {
    let kid = key(SigningAlg::Es256).kid().to_owned();
    for alg in ["none", "None", "NONE", "", "HS256", "RS256", "EdDSA", "es256", "ES256K", "ES384"] {
        let header = format!(r#"{{"alg":"{alg}","typ":"at+jwt","kid":"{kid}"}}"#);
        let token = forged(&header, &claims().to_string());
        let expected = JwtError::Algorithm { alg: alg.to_owned() };
        assert_eq!(judge(&token).unwrap_err(), expected);
        let (unsigned, _) = token.rsplit_once('.').unwrap();
        assert_eq!(judge(&format!("{unsigned}.")).unwrap_err(), expected);
    }
}

//= rfc8725#3.5-1 test
#[test]
fn keys_that_the_token_brings_are_not_looked_at() {
    let attacker = fresh_key();
    let jwk = Value::Object(attacker.public().to_jwk(attacker.kid(), SigningAlg::Es256));
    let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": key(SigningAlg::Es256).kid(),
        "jwk": jwk, "jku": "https://canary.example/jwks", "x5u": "https://canary.example/x5u" });
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims().to_string())
    );
    let signature = URL_SAFE_NO_PAD.encode(attacker.sign(signed.as_bytes()).unwrap());
    assert_eq!(judge(&format!("{signed}.{signature}")).unwrap_err(), JwtError::Signature);
    for kid in ["../../dev/null", "' or 1=1 --", "", &"k".repeat(10_000)] {
        let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": kid }).to_string();
        let token = forged(&header, &claims().to_string());
        assert_eq!(judge(&token).unwrap_err(), JwtError::UnknownKey);
    }
}

//= rfc7515#4.1.11-1 test
#[test]
fn extensions_of_the_header_are_refused() {
    assert!(judge(&forged_with("")).is_ok());
    for more in [
        r#","crit":["exp"],"exp":1"#,
        r#","crit":[]"#,
        r#","b64":false"#,
        r#","crit":["b64"],"b64":true"#,
    ] {
        assert_eq!(judge(&forged_with(more)).unwrap_err(), JwtError::Critical, "{more}");
    }
}

#[test]
fn a_repeated_name_in_header_or_claims_is_refused() {
    for more in [r#","alg":"ES256""#, r#","kid":"x""#, r#","x":{"a":1,"a":2}"#] {
        assert!(matches!(judge(&forged_with(more)).unwrap_err(), JwtError::Json(_)), "{more}");
    }
    let kid = key(SigningAlg::Es256).kid().to_owned();
    let header = format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}"}}"#);
    let twice = claims().to_string().replacen('{', r#"{"sub":"mallory","#, 1);
    assert!(matches!(judge(&forged(&header, &twice)).unwrap_err(), JwtError::Json(_)));
    for other in ["[]", "null", "\"x\"", "", "{", "{}x", "\u{feff}{}"] {
        assert!(judge(&forged(&header, other)).is_err(), "{other}");
    }
}

#[test]
fn only_the_one_compact_form_is_read() {
    let token = minted(&claims());
    assert!(judge(&token).is_ok());
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = signed.split_once('.').unwrap();
    for other in [
        format!("{token}."),
        format!(".{token}"),
        format!("{token}.{signature}"),
        format!("{signed}."),
        signed.to_owned(),
        format!("{header}..{signature}"),
        format!(".{payload}.{signature}"),
        format!("{token}="),
        format!("{token}\n"),
        format!(" {token}"),
        format!("{header}\n.{payload}.{signature}"),
        format!("{header}=.{payload}.{signature}"),
        token.replace('-', "+").replace('_', "/") + "/",
        format!(r#"{{"protected":"{header}","payload":"{payload}","signature":"{signature}"}}"#),
    ] {
        assert!(judge(&other).is_err(), "{other}");
    }
    // Other bits at the end of the last character that would decode to the same bytes.
    let last = token.chars().last().unwrap();
    let twin = char::from(u8::try_from(last).unwrap() + 1);
    assert!(judge(&format!("{}{twin}", &token[..token.len() - 1])).is_err());
}

#[test]
fn a_token_over_16_kib_is_refused_before_it_is_read() {
    let mut long = claims();
    long["x"] = json!("x".repeat(16_384));
    let token = minted(&long);
    assert_eq!(judge(&token).unwrap_err(), JwtError::TooLong { bytes: token.len() });
}

/// Whether a published JWS verifies with a published key; the payload need not be claims.
fn holds(token: &str, jwks: &Value) -> bool {
    let set = if jwks.get("keys").is_some() { jwks.clone() } else { json!({ "keys": [jwks] }) };
    JwkSet::from_value(&set).is_ok_and(|set| verify::open(token, &set, &SigningAlg::ALL).is_ok())
}

#[test]
fn the_vectors_of_wycheproof_are_judged_as_they_say() {
    for (file, least) in
        [("json_web_signature_test", 10), ("json_web_crypto_test", 2), ("json_web_key_test", 1)]
    {
        let Some(vectors) = vector(&format!("wycheproof/{file}.json")) else { continue };
        let (mut accepted, mut refused) = (0, 0);
        for group in vectors["testGroups"].as_array().unwrap() {
            let Some(public) = group.get("public") else { continue };
            for test in group["tests"].as_array().unwrap() {
                // The tests of JWE are not for us, nor is the JSON form.
                let Some(jws) = test["jws"].as_str() else { continue };
                let ours = ["ES256", "RS256", "PS256", "EdDSA"];
                let alg = jws
                    .split('.')
                    .next()
                    .and_then(|header| URL_SAFE_NO_PAD.decode(header).ok())
                    .and_then(|header| serde_json::from_slice::<Value>(&header).ok())
                    .and_then(|header| header["alg"].as_str().map(str::to_owned));
                let known = alg.is_some_and(|alg| ours.contains(&alg.as_str()));
                let valid = test["result"] == "valid" && known;
                assert_eq!(
                    holds(jws, public),
                    valid,
                    "{file} {}: {}",
                    test["tcId"],
                    test["comment"]
                );
                *(if valid { &mut accepted } else { &mut refused }) += 1;
            }
        }
        assert!(accepted >= least && refused > 0, "{file}: {accepted} accepted, {refused} refused");
    }
}

#[test]
fn the_signatures_of_rfc_7520_and_8037_are_judged_as_they_say() {
    if let Some(vector) = vector("jose-cookbook/jws/4_1.rsa_v15_signature.json") {
        let mut jwk = vector["input"]["key"].clone();
        for member in ["d", "p", "q", "dp", "dq", "qi"] {
            jwk.as_object_mut().unwrap().remove(member);
        }
        assert!(holds(vector["output"]["compact"].as_str().unwrap(), &jwk));
    }
    if let Some(vector) = vector("jose-cookbook/curve25519/jws.json") {
        let mut jwk = vector["input"]["key"].clone();
        jwk.as_object_mut().unwrap().remove("d");
        assert!(holds(vector["output"]["compact"].as_str().unwrap(), &jwk));
    }
}

proptest! {
    #[test]
    fn no_text_makes_verification_panic(token in "\\PC{0,200}|[A-Za-z0-9_.-]{0,200}") {
        prop_assert!(judge(&token).is_err());
    }

    #[test]
    fn no_header_or_claims_make_verification_panic(header in "\\PC{0,80}", claims in "\\PC{0,80}") {
        prop_assert!(judge(&forged(&header, &claims)).is_err());
    }

    #[test]
    fn a_token_with_any_character_changed_is_refused(place in 0usize..400, by in 1u8..127) {
        let mut token = minted(&claims()).into_bytes();
        let place = place % token.len();
        token[place] = (token[place] + by) % 128;
        let token = String::from_utf8(token).unwrap();
        prop_assert!(judge(&token).is_err());
    }
}
