//! What is sent to the token endpoint, and what is taken from it.

use expect_test::{Expect, expect};

use super::*;
use crate::jwk::JwkSet;
use crate::jwt::{AssertionRules, verify_client_assertion};
use crate::rp::op;

fn exchange<'a>(proof: &'a ClientProof, verifier: &'a Verifier, uri: &'a Url) -> CodeExchange<'a> {
    CodeExchange {
        client_id: "broker",
        proof,
        code: "c/1+2",
        redirect_uri: uri,
        verifier,
        nonce: [7; 16],
        now: op::NOW,
    }
}

fn request(proof: &ClientProof) -> TokenRequest {
    let uri = "https://broker.example/sources/una/callback".parse().unwrap();
    exchange(proof, &op::verifier(), &uri).request().unwrap()
}

#[test]
fn a_secret_in_the_header_is_form_encoded_first() {
    let sent = request(&ClientProof::SecretBasic(Secret::new("p:a+s s%é".to_owned())));
    let encoded = sent.authorization.unwrap().strip_prefix("Basic ").unwrap().to_owned();
    let decoded = String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap();
    assert_eq!(decoded, "broker:p%3Aa%2Bs+s%25%C3%A9");
    expect!["grant_type=authorization_code&code=c%2F1%2B2&redirect_uri=https%3A%2F%2Fbroker.example%2Fsources%2Funa%2Fcallback&code_verifier=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"].assert_eq(&sent.form);
}

#[test]
fn a_secret_in_the_form_stands_nowhere_else() {
    let sent = request(&ClientProof::SecretPost(Secret::new("p&s=".to_owned())));
    assert_eq!(sent.authorization, None);
    assert!(sent.form.ends_with("&client_id=broker&client_secret=p%26s%3D"), "{}", sent.form);
}

#[test]
fn an_assertion_passes_the_verification_that_we_put_others_to() {
    let key = Arc::new(op::signing_key());
    let issuer = "https://op.example".to_owned();
    let proof = ClientProof::PrivateKey { key: key.clone(), audience: issuer.clone() };
    let sent = request(&proof);
    let fields: Vec<_> = url::form_urlencoded::parse(sent.form.as_bytes()).collect();
    let assertion = fields.iter().find(|(name, _)| name == "client_assertion").unwrap();
    let keys = JwkSet::from_value(&op::jwks(&[&key])).unwrap();
    let rules = AssertionRules {
        client_id: "broker",
        keys: &keys,
        algs: &[key.alg()],
        issuer: &issuer,
        legacy_audience: None,
        now: op::NOW,
        skew: Lifetime::seconds(0),
    };
    let assertion = verify_client_assertion(&assertion.1, &rules).unwrap();
    assert_eq!(assertion.jti, "BwcHBwcHBwcHBwcHBwcHBw");
}

fn check(status: u16, body: &str, expected: &Expect) {
    let found = match read_token_answer(&op::reply(status, body)) {
        Ok(answer) => format!("{} {}", answer.id_token, answer.access_token.expose()),
        Err(error) => format!("{}: {error}", error.slug()),
    };
    expected.assert_eq(&found);
}

#[test]
fn a_sound_answer_is_read_and_what_else_it_holds_is_left() {
    check(
        200,
        r#"{"id_token":"i","access_token":"a","token_type":"bearer","refresh_token":"r"}"#,
        &expect!["i a"],
    );
}

//= oidc-core#3.1.3.5-1 test
#[test]
fn orp_11_an_access_token_alone_is_no_login() {
    check(
        200,
        r#"{"access_token":"a","token_type":"Bearer"}"#,
        &expect!["id_token_missing: the token answer holds no ID token"],
    );
    check(
        200,
        r#"{"access_token":"a","token_type":"Bearer","id_token":""}"#,
        &expect![[r#"upstream_protocol: the token answer has no usable "id_token""#]],
    );
    check(
        200,
        r#"{"access_token":"a","token_type":"Bearer","id_token":{"sub":"alice"}}"#,
        &expect![[r#"upstream_protocol: the token answer has no usable "id_token""#]],
    );
}

#[test]
fn orp_12_an_odd_answer_is_refused() {
    check(
        200,
        r#"{"id_token":"i","id_token":"j","access_token":"a","token_type":"Bearer"}"#,
        &expect!["upstream_protocol: the token answer cannot be read"],
    );
    check(
        200,
        &format!(r#"{{"x":{}"#, "[".repeat(100_000)),
        &expect!["upstream_protocol: the token answer cannot be read"],
    );
    check(
        200,
        r#"{"id_token":"i","access_token":"a"}"#,
        &expect![[r#"upstream_protocol: the token answer has no usable "token_type""#]],
    );
    check(
        200,
        r#"{"id_token":"i","access_token":"a","token_type":"DPoP"}"#,
        &expect![[r#"upstream_protocol: the token answer has no usable "token_type""#]],
    );
    check(
        200,
        "<!doctype html><title>Sign in</title>",
        &expect!["upstream_protocol: the token answer cannot be read"],
    );
    check(200, r#"["id_token"]"#, &expect!["upstream_protocol: the token answer cannot be read"]);
    check(
        201,
        r#"{"id_token":"i","access_token":"a","token_type":"Bearer"}"#,
        &expect!["upstream_protocol: the token answer came with status 201"],
    );
    check(
        503,
        r#"{"error":"temporarily_unavailable"}"#,
        &expect!["upstream_protocol: the token answer came with status 503"],
    );
}

#[test]
fn a_proper_no_keeps_its_code() {
    check(
        400,
        r#"{"error":"invalid_grant","error_description":"used\ntwice"}"#,
        &expect![[r#"token_refused: the token endpoint said "invalid_grant""#]],
    );
    check(
        401,
        r#"{"error":"invalid_client"}"#,
        &expect![[r#"token_refused: the token endpoint said "invalid_client""#]],
    );
}

#[test]
fn orp_12_tokens_that_do_not_come_as_json_are_refused() {
    let body = r#"{"id_token":"i","access_token":"a","token_type":"Bearer"}"#;
    for (media_type, fits) in [
        ("application/json", true),
        ("text/html", false),
        ("text/plain", false),
        ("application/jwt", false),
        ("", false),
    ] {
        let reply = Reply { media_type, ..op::reply(200, body) };
        assert_eq!(read_token_answer(&reply).is_ok(), fits, "{media_type}");
    }
}
