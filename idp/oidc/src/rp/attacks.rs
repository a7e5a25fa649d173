//! The catalogue's attacks on our client role, as far as one token or answer carries them.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use idp_domain::Timestamp;
use serde_json::{Value, json};

use super::op::{self, CLIENT_ID, KEY, NOW, claims, expected, forge, mint, slug, verify, with};
use super::*;
use crate::jwk::JwkSet;
use crate::keys::{KeyKind, SigningAlg};

fn unsigned(header: &Value, signature: &str) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", encode(header), encode(&claims()))
}

fn verdict(token: &str) -> &'static str {
    verify(token).map_or_else(|error| error.slug(), |_| "fine")
}

//= oidc-core#3.1.3.7-7 test
#[test]
fn orp_01_no_spelling_of_none_is_an_algorithm() {
    let kid = KEY.kid();
    for alg in ["none", "None", "NONE", "nOnE", "", "es256", "ES256 ", "ES512"] {
        for signature in ["", "AAAA"] {
            let token = unsigned(&json!({"alg": alg, "kid": kid}), signature);
            assert_eq!(verdict(&token), "algorithm", "{alg:?}");
        }
        let signed = forge(&KEY, &json!({"alg": alg, "kid": kid}), &claims());
        assert_eq!(verdict(&signed), "algorithm", "{alg:?}, though signed");
    }
    assert_eq!(verdict(&unsigned(&json!({"kid": kid}), "")), "algorithm");
    assert_eq!(verdict(&unsigned(&json!({"alg": ["ES256"], "kid": kid}), "")), "algorithm");
    let empty = unsigned(&json!({"alg": "ES256", "kid": kid}), "");
    assert_eq!(verdict(&empty), "signature");
    let cut = empty.trim_end_matches('.').to_owned();
    assert_eq!(verdict(&cut), "malformed");
}

#[test]
fn orp_02_a_public_key_is_no_shared_secret() {
    let key = op::key_of(KeyKind::Rs256Bits2048);
    let set = op::jwks(&[&key]);
    let keys = JwkSet::from_value(&set).unwrap();
    let jwk = &set["keys"][0];
    let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        STANDARD.encode(&modulus)
    );
    let secrets = [
        pem.into_bytes(),
        jwk.to_string().into_bytes(),
        set.to_string().into_bytes(),
        modulus,
        b"the client secret".to_vec(),
    ];
    for secret in &secrets {
        for alg in ["HS256", "HS384", "HS512", "RS256"] {
            let token = unsigned(&json!({"alg": alg, "kid": key.kid()}), "");
            let signed = token.trim_end_matches('.');
            let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes());
            let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac));
            let error = verify_id_token(&token, &keys, &expected()).unwrap_err();
            let slug = if alg == "RS256" { "signature" } else { "algorithm" };
            assert_eq!(error.slug(), slug);
        }
    }
}

#[test]
fn orp_02_the_algorithm_is_the_configured_one_and_fits_the_key() {
    let rsa = op::key_of(KeyKind::Rs256Bits2048);
    let only_rsa = Expected { algs: &[SigningAlg::Rs256], ..expected() };
    let keys = JwkSet::from_value(&op::jwks(&[&KEY, &rsa])).unwrap();
    let verdict = |token: &str| verify_id_token(token, &keys, &only_rsa);
    assert!(verdict(&op::mint_with(&rsa, &claims())).is_ok());
    assert_eq!(verdict(&mint(&claims())).unwrap_err().slug(), "algorithm");
    // A header that names the RSA algorithm and the key on the curve.
    let header = json!({"alg": "RS256", "kid": KEY.kid()});
    assert_eq!(verdict(&forge(&KEY, &header, &claims())).unwrap_err().slug(), "key");
}

#[test]
fn orp_03_a_key_from_the_header_is_not_used() {
    let own = op::signing_key();
    let own_jwk = op::jwks(&[&own])["keys"][0].clone();
    for (member, value) in [
        ("jwk", own_jwk),
        ("jku", json!("https://canary.example/keys")),
        ("x5u", json!("https://canary.example/chain")),
        ("x5c", json!(["MIIB"])),
    ] {
        for (key, kid) in [(&own, own.kid()), (&own, KEY.kid()), (&*KEY, KEY.kid())] {
            let mut header = json!({"alg": "ES256", "kid": kid});
            header[member] = value.clone();
            assert_eq!(verdict(&forge(key, &header, &claims())), "key", "{member}");
        }
    }
}

#[test]
fn orp_03_a_kid_is_looked_up_letter_for_letter() {
    let upper = KEY.kid().to_uppercase();
    let long = "k".repeat(10_240);
    for kid in ["../../dev/null", "' OR 1=1 --", "https://canary.example/k", "", &upper] {
        assert_eq!(verdict(&forge(&KEY, &json!({"alg": "ES256", "kid": kid}), &claims())), "key");
    }
    let token = forge(&KEY, &json!({"alg": "ES256", "kid": long}), &claims());
    assert_eq!(verdict(&token), "malformed");
    let mut twice = op::jwks(&[&KEY, &op::signing_key()]);
    twice["keys"][1]["kid"] = twice["keys"][0]["kid"].clone();
    assert!(JwkSet::from_value(&twice).is_err(), "two keys of one name are no set");
}

//= oidc-core#3.1.3.7-2 test
#[test]
fn orp_04_the_issuer_is_the_configured_one_byte_for_byte() {
    for issuer in [
        "https://op.example/",
        "https://op.example:443",
        "https://OP.example",
        "http://op.example",
        "https://op.example ",
        "https://evil.example",
        "op.example",
        "",
    ] {
        assert_eq!(slug(&with("iss", json!(issuer))), "issuer", "{issuer}");
    }
    assert_eq!(slug(&with("iss", Value::Null)), "issuer");
    assert_eq!(slug(&with("iss", json!(["https://op.example"]))), "issuer");
}

#[test]
fn orp_04_a_template_of_issuers_is_no_issuer() {
    for template in ["https://login.example/{tenantid}/v2.0", "https://{host}/"] {
        assert!(Issuer::parse(template, Transport::Https).is_err());
    }
}

//= oidc-core#3.1.3.7-3 test
//= oidc-core#3.1.3.7-5 test
#[test]
fn orp_05_the_audience_is_us_alone() {
    for aud in [
        json!("other"),
        json!([CLIENT_ID, "other"]),
        json!(["other", CLIENT_ID]),
        json!([]),
        json!({"broker": true}),
        json!([[CLIENT_ID]]),
        json!("broker other"),
        json!("Broker"),
        Value::Null,
    ] {
        assert_eq!(slug(&with("aud", aud.clone())), "audience", "{aud}");
    }
    for azp in [json!("other"), json!(""), json!([CLIENT_ID])] {
        assert_eq!(slug(&with("azp", azp.clone())), "audience", "{azp}");
    }
    assert_eq!(slug(&with("azp", json!(CLIENT_ID))), "fine");
}

#[test]
fn orp_08_a_code_of_another_transaction_brings_another_nonce() {
    assert_eq!(slug(&with("nonce", json!("the nonce of mallory's own login"))), "nonce");
}

#[test]
fn orp_11_a_token_that_is_not_an_id_token_is_no_login() {
    for typ in ["at+jwt", "application/at+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt"] {
        let header = json!({"alg": "ES256", "kid": KEY.kid(), "typ": typ});
        assert_eq!(verdict(&forge(&KEY, &header, &claims())), "malformed", "{typ}");
    }
    assert_eq!(slug(&with("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"))), "at_hash");
}

#[test]
fn orp_12_a_token_with_repeated_or_deep_claims_is_refused() {
    for payload in [
        r#"{"sub":"alice","sub":"bob"}"#.to_owned(),
        format!(r#"{{"sub":"alice","x":{}{}}}"#, "[".repeat(40), "]".repeat(40)),
    ] {
        let header = json!({"alg": "ES256", "kid": KEY.kid()}).to_string();
        let signed =
            format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = URL_SAFE_NO_PAD.encode(KEY.sign(signed.as_bytes()).unwrap());
        assert_eq!(verdict(&format!("{signed}.{signature}")), "malformed");
    }
}

#[test]
fn orp_14_the_time_of_a_sign_in_is_the_sources_and_not_ours() {
    let told = |auth_time: Value| {
        let token = verify(&mint(&with("auth_time", auth_time)));
        token.map(|token| token.authenticated_at()).map_err(|error| error.slug())
    };
    for at in [NOW.seconds() + 60, NOW.seconds() - 7_200, 0] {
        assert_eq!(told(json!(at)), Ok(Some(Timestamp::from_seconds(at))));
    }
    assert_eq!(told(Value::Null), Ok(None));
    assert_eq!(told(json!(NOW.seconds() + 61)), Err("id_token_time"));
    assert_eq!(told(json!("now")), Err("malformed"));
}

#[test]
fn orp_14_what_is_claimed_is_carried_and_not_improved() {
    let silent = verify(&mint(&claims())).unwrap();
    assert_eq!((silent.acr(), silent.amr()), (None, &[][..]));
    let weak = verify(&mint(&with("acr", json!("1fa")))).unwrap();
    assert_eq!(weak.acr().unwrap().as_str(), "1fa");
    let odd = verify(&mint(&with("amr", json!(["pwd", "<b>", "\u{0}"])))).unwrap();
    assert_eq!(odd.amr().iter().map(idp_domain::Amr::as_str).collect::<Vec<_>>(), ["pwd", "<b>"]);
    for (claim, value) in [("amr", json!("mfa")), ("amr", json!([1])), ("acr", json!(2))] {
        assert_eq!(slug(&with(claim, value)), "malformed");
    }
}

#[test]
fn orp_15_a_token_of_another_domain_or_directory_is_refused() {
    let required = BTreeMap::from([
        ("hd".to_owned(), vec!["unb.example".to_owned()]),
        ("tid".to_owned(), vec!["t1".to_owned(), "t2".to_owned()]),
    ]);
    let limited = Expected { required: &required, ..expected() };
    let verdict = |hd: Value, tid: Value| {
        let mut claims = with("hd", hd);
        if !tid.is_null() {
            claims["tid"] = tid;
        }
        op::verify_as(&mint(&claims), &limited).map_or_else(|error| error.slug(), |_| "fine")
    };
    assert_eq!(verdict(json!("unb.example"), json!("t2")), "fine");
    for (hd, tid) in [
        (json!("una.example"), json!("t1")),
        (json!("unb.example"), json!("t3")),
        (Value::Null, json!("t1")),
        (json!("unb.example"), Value::Null),
        (json!("UNB.example"), json!("t1")),
        (json!("x.unb.example"), json!("t1")),
        (json!(["unb.example"]), json!("t1")),
    ] {
        assert_eq!(verdict(hd, tid), "required_claim");
    }
}

#[test]
fn orp_18_an_encrypted_token_is_refused_before_anything_is_computed() {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    for header in [
        json!({"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": 2_147_483_648_u32, "p2s": "AA"}),
        json!({"alg": "RSA1_5", "enc": "A128CBC-HS256"}),
        json!({"alg": "RSA-OAEP-256", "enc": "A256GCM", "zip": "DEF"}),
        json!({"alg": "ECDH-ES", "enc": "A256GCM", "epk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}}),
        json!({"alg": "dir", "enc": "A256GCM", "cty": "JWT"}),
    ] {
        let jwe = format!("{}.AA.AA.AA.AA", encode(&header));
        assert_eq!(verify(&jwe).unwrap_err(), PeerError::Encrypted, "{header}");
        // The same header on what looks like a signed token.
        let jws = format!("{}.AA.AA", encode(&header));
        assert_eq!(verdict(&jws), "algorithm", "{header}");
    }
    let zipped = json!({"alg": "ES256", "kid": KEY.kid(), "zip": "DEF"});
    assert_eq!(verdict(&forge(&KEY, &zipped, &claims())), "algorithm");
}
