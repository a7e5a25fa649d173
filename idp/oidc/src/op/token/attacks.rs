//! The attacks on the token endpoint that are decided here, each by its id.

use crate::{
    error::Rule,
    op::{
        Client, Grant, Params, Ticket,
        access_token::AccessToken,
        client_auth::Credentials,
        introspect::Presented,
        opaque::{Handle, OpaqueKind},
        refresh,
        testing::{ISSUER, KEYS, NOW, SECRET_HASH, ask, encode, grant, json, rp1, rp2, service},
        token::{Mint, TokenRequest},
        userinfo,
    },
};

fn ends(client: &Client, form: &str) -> &'static str {
    let params = Params::parse(form.as_bytes()).and_then(Params::once);
    let read = |params: &Params<'_>| TokenRequest::read(params, client).map(|_| ());
    match params.and_then(|params| read(&params)) {
        Ok(()) => "read",
        Err(Rule { code, .. }) => code.as_str(),
    }
}

//= rfc9700#2.4-1 test
#[test]
fn tok_17_only_registered_grant_types_are_open() {
    for unknown in [
        "password",
        "implicit",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:openid:params:grant-type:ciba",
        "urn:ietf:params:oauth:grant-type:device_code",
        "AUTHORIZATION_CODE",
        "x",
    ] {
        let form = format!("grant_type={unknown}&username=a&password=b&code=c");
        assert_eq!(ends(&rp1(), &form), "unsupported_grant_type", "{unknown}");
    }
    assert_eq!(ends(&rp1(), "grant_type=client_credentials"), "unauthorized_client");
    assert_eq!(ends(&service(), "grant_type=authorization_code&code=x"), "unauthorized_client");
    assert_eq!(ends(&rp2(), "grant_type=refresh_token&refresh_token=x"), "unauthorized_client");
    assert_eq!(ends(&service(), "grant_type=client_credentials"), "read");
}

//= rfc6749#3.2-1 test
#[test]
fn tok_17_a_parameter_that_stands_twice_is_refused() {
    for form in [
        "grant_type=authorization_code&grant_type=password&code=x",
        "grant_type=authorization_code&code=x&code=y",
        "grant_type=authorization_code&code=x&client_id=rp1&client_id=rp2",
    ] {
        assert_eq!(ends(&rp1(), form), "invalid_request", "{form}");
    }
}

#[test]
fn what_is_incomplete_or_in_another_form_is_refused() {
    for form in [
        "",
        "code=x",
        "grant_type=authorization_code",
        "grant_type=authorization_code&code=",
        "grant_type=refresh_token",
        // AUZ-23: bodies of other content types, read as a form by mistake.
        r#"{"grant_type":"authorization_code","code":"x"}"#,
        "--b\r\nContent-Disposition: form-data; name=grant_type\r\n\r\npassword",
    ] {
        assert_eq!(ends(&rp1(), form), "invalid_request", "{form}");
    }
}

/// An access token, an ID token and a refresh token of one grant.
fn tokens(grant: &Grant) -> [String; 3] {
    let (refresh_token, _) = refresh::issue(&rp1(), [5; 32], NOW);
    let mint = Mint { issuer: &ISSUER, keys: &KEYS, now: NOW };
    let answered = mint
        .about_person(&rp1(), grant, &grant.scopes, &[], None, Some(&refresh_token), [6; 16])
        .unwrap();
    let body = json(&answered.body);
    ["access_token", "id_token", "refresh_token"]
        .map(|name| body[name].as_str().unwrap().to_owned())
}

//= rfc9068#4-1 test
#[test]
fn tok_12_no_token_does_anothers_work() {
    let [access, id, refresh] = tokens(&grant(&[("scope", "openid offline_access")]));
    let opens_userinfo = |token: &str| userinfo::admit(token, &KEYS, &ISSUER, NOW).is_ok();
    assert!(opens_userinfo(&access));
    assert!(!opens_userinfo(&id));
    assert!(!opens_userinfo(&refresh));
    for token in [&access, &id] {
        assert_eq!(Handle::of(OpaqueKind::RefreshToken, token), None);
        assert_eq!(Handle::of(OpaqueKind::Code, token), None);
    }
    let found = |token: &str| match Presented::read(token, &KEYS, &ISSUER, NOW) {
        Presented::Access(_) => "access",
        Presented::Refresh(_) => "refresh",
        Presented::Nothing => "nothing",
    };
    assert_eq!([found(&access), found(&id), found(&refresh)], ["access", "nothing", "refresh"]);
}

//= rfc9068#4-2 test
#[test]
fn tok_12_an_access_token_of_another_issuer_time_or_key_is_none() {
    let [access, ..] = tokens(&grant(&[("scope", "openid offline_access")]));
    let other = crate::op::Issuer::parse("https://other.example").unwrap();
    let over = NOW + rp1().access_token_lifetime + idp_domain::Lifetime::seconds(10);
    let fresh = crate::keys::KeySet::new(vec![crate::keys::testing::record(
        crate::keys::testing::fresh_key(),
        crate::keys::KeyState::Active,
        0,
    )])
    .unwrap();
    assert!(AccessToken::verify(&access, &KEYS, &ISSUER, NOW).is_ok());
    assert!(AccessToken::verify(&access, &KEYS, &other, NOW).is_err());
    assert!(AccessToken::verify(&access, &KEYS, &ISSUER, over).is_err());
    assert!(AccessToken::verify(&access, &fresh, &ISSUER, NOW).is_err());
    let (head, tail) = access.split_at(access.len() / 2);
    let changed = format!("{head}{}{}", if tail.starts_with('A') { 'B' } else { 'A' }, &tail[1..]);
    assert!(AccessToken::verify(&changed, &KEYS, &ISSUER, NOW).is_err());
}

#[test]
fn tok_22_what_is_written_for_debugging_holds_no_secret() {
    const SECRET: &str = "s3cr3t";
    let form = encode(&[
        ("grant_type", "authorization_code"),
        ("client_id", "rp1"),
        ("client_secret", SECRET),
        ("code", SECRET),
        ("code_verifier", SECRET),
        ("refresh_token", SECRET),
    ]);
    let params = Params::parse(form.as_bytes()).unwrap();
    let refresh = form.replace("authorization_code", "refresh_token");
    let refresh = Params::parse(refresh.as_bytes()).unwrap();
    let assertion = encode(&[
        ("client_assertion", "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJycDEifQ.s3cr3tAA"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
    ]);
    let assertion = Params::parse(assertion.as_bytes()).unwrap();
    let grant = grant(&[("state", SECRET), ("scope", "openid offline_access")]);
    let [access, id, refresh_token] = tokens(&grant);
    let mint = Mint { issuer: &ISSUER, keys: &KEYS, now: NOW };
    let answered =
        mint.about_person(&rp1(), &grant, &grant.scopes, &[], None, None, [6; 16]).unwrap();
    let request = ask(&[("state", SECRET)]).unwrap();
    let way_back = Ticket::open(&request.ticket, &rp1()).unwrap().way_back;
    for text in [
        format!("{params:?}"),
        format!("{:?}", TokenRequest::read(&params, &rp1()).unwrap()),
        format!("{:?}", TokenRequest::read(&refresh, &rp1()).unwrap()),
        format!("{:?}", Credentials::read(None, false, &params).unwrap()),
        format!("{:?}", Credentials::read(None, false, &assertion).unwrap()),
        format!("{answered:?} {:?}", refresh::issue(&rp1(), [5; 32], NOW).0),
        format!("{request:?} {way_back:?} {:?}", way_back.code(&ISSUER, SECRET)),
        format!("{:?}", AccessToken::verify(&access, &KEYS, &ISSUER, NOW).unwrap()),
        format!("{grant:?} {:?}", rp1()),
    ] {
        for secret in [SECRET, &access, &id, &refresh_token, "alice@una.example", &SECRET_HASH] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
