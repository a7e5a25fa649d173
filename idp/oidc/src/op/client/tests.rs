//! Tests of registration, with the attacks on it.
//! Length: one form, one file of its cases.

use serde_json::{Value, json};

use super::{
    ApplicationType, AuthMethod, Client, ClientRegistration, GrantType, Profile, RegisteredSecret,
    Surroundings, web_uri,
};
use crate::{
    keys::{SigningAlg, testing::key},
    op::testing::{form, id, native_form, register, service_form},
};
use idp_domain::subject::SubjectKind;

const LOOPBACK: Surroundings = Surroundings { loopback_peers: true };

/// What is wrong with a form: each slug with its field.
fn wrong_in(form: &ClientRegistration, surroundings: Surroundings) -> Vec<String> {
    match Client::register(id("rp1"), form, surroundings) {
        Ok(_) => Vec::new(),
        Err(errors) => {
            errors.iter().map(|error| format!("{} {}", error.field, error.slug)).collect()
        }
    }
}

fn wrong(form: &ClientRegistration) -> Vec<String> {
    wrong_in(form, Surroundings::default())
}

fn redirect(form: ClientRegistration, uri: &str, surroundings: Surroundings) -> Vec<String> {
    wrong_in(&ClientRegistration { redirect_uris: vec![uri.to_owned()], ..form }, surroundings)
}

fn web(uri: &str) -> Vec<String> {
    redirect(form(), uri, Surroundings::default())
}

fn native(uri: &str) -> Vec<String> {
    redirect(native_form(), uri, Surroundings::default())
}

#[test]
fn a_sound_registration_becomes_a_client() {
    let client = register("rp1", &form());
    assert_eq!(client.authentication.method(), AuthMethod::ClientSecretBasic);
    assert_eq!(client.sector, "rp1.example");
    assert!(client.may_use(GrantType::AuthorizationCode));
    assert!(!client.may_use(GrantType::ClientCredentials));
    assert!(!client.is_public());
}

#[test]
fn the_registered_form_reads_and_refuses_what_it_does_not_know() {
    let read = |value: Value| serde_json::from_value::<ClientRegistration>(value);
    let form = read(json!({ "redirect_uris": ["https://rp1.example/cb"] })).unwrap();
    assert_eq!(form.profile, Profile::Strict);
    assert_eq!(form.id_token_signed_response_alg, SigningAlg::Es256);
    for unknown in ["jwks_uri", "redirect_uri", "client_secret", "response_types"] {
        let error = read(json!({ unknown: "x" })).unwrap_err().to_string();
        assert!(error.contains("unknown field"), "{error}");
    }
    assert!(read(json!({ "grant_types": ["password"] })).is_err());
    assert!(read(json!({ "token_endpoint_auth_method": "client_secret_jwt" })).is_err());
    assert!(read(json!({ "id_token_signed_response_alg": "none" })).is_err());
}

#[test]
fn every_mistake_is_told_at_once() {
    let form = ClientRegistration {
        redirect_uris: vec!["https://*.example/cb".to_owned(), "http://rp1.example".to_owned()],
        client_secrets: Vec::new(),
        access_token_lifetime: Some(86_400),
        ..form()
    };
    assert_eq!(
        wrong(&form),
        [
            "redirect_uris uri.pattern",
            "redirect_uris uri.scheme",
            "client_secrets client.no_secret",
            "access_token_lifetime client.lifetime",
        ]
    );
}

#[test]
fn auz_03_userinfo_is_refused() {
    for uri in [
        "https://rp2.example@@evil.example",
        "https://a@b@evil.example/cb",
        "https://rp2.example:pw@evil.example",
        "https://@evil.example/cb",
        "http://127.0.0.1:80@evil.example/cb",
    ] {
        assert_eq!(web(uri), ["redirect_uris uri.userinfo"], "{uri}");
        assert_eq!(native(uri), ["redirect_uris uri.userinfo"], "{uri}");
    }
    assert!(web("https://rp1.example/@cb").is_empty());
}

#[test]
fn auz_04_wildcards_and_expressions_are_refused() {
    for uri in [
        "https://*.example/cb",
        "https://rp1.example/*",
        "https://rp1.example.*",
        "https://rp1.example/cb.*",
        "https://rp1.example/(cb|x)",
        "https://rp1.example/[a-z]",
        "https://rp1.example/cb$",
        "^https://rp1.example/cb",
        "https://rp1.example/{id}",
        "https://rp1.example/cb\\d",
    ] {
        assert_eq!(web(uri), ["redirect_uris uri.pattern"], "{uri}");
    }
    // A dot is a dot.
    let client = register("rp1", &form());
    assert!(client.redirect_uris.admit("https://rp1xexample/cb").is_none());
}

//= rfc6749#3.1.2-1 test
#[test]
fn auz_05_fragments_and_parameters_of_answers_are_refused() {
    for uri in
        ["https://rp1.example/cb#", "https://rp1.example/cb#frag", "https://rp1.example/#/cb"]
    {
        assert_eq!(web(uri), ["redirect_uris uri.fragment"], "{uri}");
    }
    for query in ["code=attacker", "a=1&state=x", "iss", "%63ode=1", "error=", "b&response=1"] {
        let uri = format!("https://rp1.example/cb?{query}");
        assert_eq!(web(&uri), ["redirect_uris uri.response_parameter"], "{uri}");
    }
    assert!(web("https://rp1.example/cb?a=1&codes=2").is_empty());
}

//= rfc9700#2.6-1 test
#[test]
fn auz_06_loopback_is_for_native_applications() {
    for uri in ["http://127.0.0.1/cb", "http://127.0.0.1:8080/cb", "http://[::1]/cb?x=1"] {
        assert!(native(uri).is_empty(), "{uri}");
        assert_eq!(web(uri), ["redirect_uris uri.loopback"], "{uri}");
    }
    for uri in [
        "http://localhost/cb",
        "http://app.localhost/cb",
        "https://127.0.0.1/cb",
        "http://127.0.0.2/cb",
        "http://0.0.0.0/cb",
        "http://[::ffff:7f00:1]/cb",
        "https://localhost/cb",
    ] {
        assert_eq!(native(uri), ["redirect_uris uri.loopback"], "{uri}");
    }
    for uri in ["http://127.1/cb", "http://0x7f.1/cb", "http://2130706433/cb"] {
        assert_eq!(native(uri), ["redirect_uris uri.host"], "{uri}");
    }
    assert_eq!(native("http://rp2.example/cb"), ["redirect_uris uri.scheme"]);
    assert_eq!(web("http://rp1.example/cb"), ["redirect_uris uri.scheme"]);
}

#[test]
fn auz_06_loopback_peers_open_this_machine_and_nothing_else() {
    for uri in ["http://127.0.0.1:8081/cb", "http://localhost:8081/cb", "https://[::1]/cb"] {
        assert!(redirect(form(), uri, LOOPBACK).is_empty(), "{uri}");
    }
    assert_eq!(redirect(form(), "http://rp1.example/cb", LOOPBACK), ["redirect_uris uri.scheme"]);
    let web = redirect(form(), "http://127.0.0.1.evil.example/cb", LOOPBACK);
    assert_eq!(web, ["redirect_uris uri.scheme"]);
    // The port stays part of what is registered.
    let form =
        ClientRegistration { redirect_uris: vec!["http://127.0.0.1:8081/cb".to_owned()], ..form() };
    let client = Client::register(id("rp1"), &form, LOOPBACK).unwrap();
    assert!(client.redirect_uris.admit("http://127.0.0.1:8082/cb").is_none());
}

/// A form with `uri` in the field of that name.
fn with_uri(field: &str, uri: &str) -> ClientRegistration {
    let mut form = serde_json::to_value(form()).unwrap();
    let one = json!(uri);
    form[field] = if field.ends_with("uris") { json!([one]) } else { one };
    serde_json::from_value(form).unwrap()
}

#[test]
fn auz_07_dangerous_schemes_are_refused_in_every_field() {
    let fields = [
        "redirect_uris",
        "post_logout_redirect_uris",
        "client_uri",
        "initiate_login_uri",
        "policy_uri",
        "tos_uri",
    ];
    for uri in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "javascript://rp1.example/%0aalert(1)",
        " javascript:alert(1)",
        "\tjavascript:alert(1)",
        "\njavascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "blob:https://rp1.example/x",
        "file:///etc/passwd",
        "view-source:https://rp1.example",
    ] {
        for field in fields {
            let wrong = wrong(&with_uri(field, uri));
            assert_eq!(wrong, [format!("{field} uri.scheme_dangerous")], "{uri:?}");
        }
    }
    for field in fields {
        let broken = wrong(&with_uri(field, "java\tscript:alert(1)"));
        assert_eq!(broken, [format!("{field} uri.not_ascii")]);
    }
}

#[test]
fn auz_07_a_scheme_of_its_own_is_for_native_applications_and_bears_a_domain() {
    assert!(native("com.app:/cb").is_empty());
    assert!(native("com.app://cb").is_empty());
    assert_eq!(native("app:/cb"), ["redirect_uris uri.scheme"]);
    assert_eq!(native("ftp://rp2.example/cb"), ["redirect_uris uri.scheme"]);
    assert_eq!(web("com.app:/cb"), ["redirect_uris uri.scheme"]);
    assert_eq!(wrong(&with_uri("client_uri", "com.app:/x")), ["client_uri uri.scheme"]);
}

#[test]
fn a_uri_is_absolute_short_and_ascii() {
    for (uri, slug) in [
        ("https://bücher.example/cb", "uri.not_ascii"),
        ("https://rp1.example/c b", "uri.not_ascii"),
        ("https://rp1.example/cb ", "uri.not_ascii"),
        ("https://rp1.example/c\0b", "uri.not_ascii"),
        ("", "uri.not_absolute"),
        ("/cb", "uri.not_absolute"),
        ("rp1.example/cb", "uri.not_absolute"),
        ("https://", "uri.not_absolute"),
        ("https:rp1.example/cb", "uri.host"),
        ("https:/rp1.example/cb", "uri.host"),
        ("https:///rp1.example/cb", "uri.host"),
        ("https://%72p1.example/cb", "uri.host"),
        ("https://[::1/cb", "uri.pattern"),
        ("https://rp1.example/cb?a=%zz", "uri.query"),
    ] {
        assert_eq!(web(uri), [format!("redirect_uris {slug}")], "{uri}");
    }
    let long = format!("https://rp1.example/{}", "x".repeat(1_981));
    assert_eq!(web(&long), ["redirect_uris uri.too_long"]);
    assert!(web(&long[..2_000]).is_empty());
    assert!(web("https://[2001:db8::1]:8443/cb").is_empty());
    assert!(web("https://xn--bcher-kva.example/cb").is_empty());
}

#[test]
fn the_same_rules_can_be_asked_for_a_single_page() {
    assert!(web_uri("home", "https://rp1.example/", Surroundings::default()).is_ok());
    let error = web_uri("home", "javascript:1", Surroundings::default()).unwrap_err();
    assert_eq!((error.field, error.slug), ("home", "uri.scheme_dangerous"));
    assert_eq!(error.to_string(), "home: \"javascript:1\" is not accepted (uri.scheme_dangerous)");
}

fn by_jwt(jwks: Option<Value>) -> ClientRegistration {
    ClientRegistration {
        token_endpoint_auth_method: AuthMethod::PrivateKeyJwt,
        client_secrets: Vec::new(),
        jwks,
        ..form()
    }
}

fn public_key(alg: SigningAlg) -> Value {
    Value::Object(key(alg).public().to_jwk("k", alg))
}

#[test]
fn jwt_10_keys_are_judged_when_they_are_registered() {
    assert!(wrong(&by_jwt(Some(json!({ "keys": [public_key(SigningAlg::Es256)] })))).is_empty());
    let mut private = public_key(SigningAlg::Es256);
    private["d"] = json!("AAAA");
    let other_use = {
        let mut key = public_key(SigningAlg::Es256);
        key["use"] = json!("enc");
        key
    };
    for (jwks, slug) in [
        (None, "client.no_keys"),
        (Some(json!({ "keys": [] })), "client.keys"),
        (Some(json!({ "keys": [private] })), "client.keys"),
        (Some(json!({ "keys": [{ "kty": "oct", "k": "AAAA" }] })), "client.keys"),
        (Some(json!({ "keys": [other_use] })), "client.keys"),
        (
            Some(json!({ "keys": [public_key(SigningAlg::Es256), public_key(SigningAlg::EdDsa)] })),
            "client.keys",
        ),
        (Some(json!([])), "client.keys"),
        (Some(json!({ "keys": [public_key(SigningAlg::EdDsa)] })), "client.no_key_for_alg"),
    ] {
        assert_eq!(wrong(&by_jwt(jwks)), [format!("jwks {slug}")]);
    }
    let null: ClientRegistration =
        serde_json::from_value(json!({ "redirect_uris": ["https://rp1.example/cb"], "jwks": null,
            "token_endpoint_auth_method": "private_key_jwt" }))
        .unwrap();
    assert_eq!(wrong(&null), ["jwks client.no_keys"]);
}

//= oidc-core#8.1-2 test
#[test]
fn several_hosts_with_pairwise_subjects_need_a_sector() {
    let several = ClientRegistration {
        redirect_uris: ["https://a.example/cb", "https://b.example/cb"].map(str::to_owned).to_vec(),
        ..form()
    };
    assert_eq!(wrong(&several), ["sector client.sector"]);
    let named = ClientRegistration { sector: Some("a.example".to_owned()), ..several.clone() };
    assert_eq!(register("rp1", &named).sector, "a.example");
    let public = ClientRegistration { subject_type: SubjectKind::Public, ..several };
    assert!(wrong(&public).is_empty());
    for sector in ["https://a.example", "A.example", "a.example:443", "", "a b"] {
        let form = ClientRegistration { sector: Some(sector.to_owned()), ..form() };
        assert_eq!(wrong(&form), ["sector client.sector"], "{sector}");
    }
}

#[test]
fn a_client_on_no_host_of_its_own_is_its_own_sector() {
    assert_eq!(register("rp2", &native_form()).sector, "client:rp2");
    let local =
        ClientRegistration { redirect_uris: vec!["http://127.0.0.1:8081/cb".to_owned()], ..form() };
    let client = Client::register(id("demo"), &local, LOOPBACK).unwrap();
    assert_eq!(client.sector, "client:demo");
}

//= rfc9700#4.15.1-1 test
//= rfc9068#5-1 test
#[test]
fn a_client_cannot_be_named_like_a_person() {
    let refused = |name: &str| {
        let registered = Client::register(id(name), &form(), Surroundings::default());
        registered.is_err_and(|errors| errors.iter().any(|error| error.slug == "client.id"))
    };
    assert!(refused(&"x".repeat(43)));
    assert!(refused("BPi7AGxUAOlJRuc6I8RLXLVDplWchlHLY8NQhlEX-_4"));
    assert!(!refused(&"x".repeat(42)));
    assert!(!refused(&"x".repeat(44)));
    assert!(!refused("https://vendor-portal.procurement.example/a"));
}

//= rfc6749#4.4-1 test
#[test]
fn a_public_client_has_no_credentials_and_no_way_around_pkce() {
    let public = ClientRegistration {
        token_endpoint_auth_method: AuthMethod::None,
        client_secrets: Vec::new(),
        ..form()
    };
    let credentials = ClientRegistration {
        grant_types: vec![GrantType::AuthorizationCode, GrantType::ClientCredentials],
        offline_access: false,
        ..public.clone()
    };
    assert_eq!(wrong(&credentials), ["grant_types client.public_credentials"]);
    let baseline = ClientRegistration { profile: Profile::Baseline, ..public };
    assert_eq!(wrong(&baseline), ["profile client.public_baseline"]);
}

#[test]
fn secrets_are_hashes_and_at_most_two() {
    let secret = |text: &str| RegisteredSecret { sha256: text.to_owned(), expires_at: None };
    let with = |secrets: Vec<RegisteredSecret>| {
        wrong(&ClientRegistration { client_secrets: secrets, ..form() })
    };
    let hash = "ab".repeat(32);
    assert!(with(vec![secret(&hash), secret(&hash.to_uppercase())]).is_empty());
    assert_eq!(with(vec![secret(&hash); 3]), ["client_secrets client.too_many_secrets"]);
    for text in ["", "hunter2", &"zz".repeat(32), &"ab".repeat(31), &"é".repeat(32)] {
        assert_eq!(with(vec![secret(text)]), ["client_secrets client.secret_hash"], "{text}");
    }
    let native = ClientRegistration { client_secrets: vec![secret(&hash)], ..native_form() };
    assert_eq!(wrong(&native), ["client_secrets client.unused_secret"]);
}

#[test]
fn what_makes_no_sense_together_is_told() {
    let cases = [
        (
            ClientRegistration { redirect_uris: Vec::new(), ..form() },
            "redirect_uris client.no_redirect_uri",
        ),
        (
            ClientRegistration { grant_types: vec![GrantType::AuthorizationCode], ..form() },
            "offline_access client.offline_access",
        ),
        (
            ClientRegistration { response_modes: Vec::new(), ..form() },
            "response_modes client.no_response_modes",
        ),
        (
            ClientRegistration { grant_types: Vec::new(), offline_access: false, ..form() },
            "grant_types client.no_grant_types",
        ),
        (ClientRegistration { scopes: vec!["a b".to_owned()], ..form() }, "scopes client.scope"),
        (
            ClientRegistration { audiences: vec!["api".to_owned()], ..form() },
            "audiences client.resource",
        ),
        (
            ClientRegistration { resources: vec!["https://a.example/#x".to_owned()], ..form() },
            "resources client.resource",
        ),
        (
            ClientRegistration { refresh_token_lifetime: Some(1), ..form() },
            "refresh_token_lifetime client.lifetime",
        ),
    ];
    for (form, expected) in cases {
        assert_eq!(wrong(&form), [expected]);
    }
    assert!(wrong(&service_form()).is_empty());
    let web = ClientRegistration { application_type: ApplicationType::Web, ..native_form() };
    assert_eq!(wrong(&web), ["redirect_uris uri.loopback", "redirect_uris uri.scheme"]);
}

//= oidc-frontchannel#2-1 test
#[test]
fn logouts_are_told_to_https_addresses_and_framed_from_the_clients_own_origin_alone() {
    let with = |back: Option<&str>, front: Option<&str>| {
        wrong(&ClientRegistration {
            backchannel_logout_uri: back.map(str::to_owned),
            frontchannel_logout_uri: front.map(str::to_owned),
            ..form()
        })
    };
    assert!(with(Some("https://logout.example/x?y=1"), Some("https://rp1.example/bye")).is_empty());
    for (uri, slug) in [
        ("http://rp1.example/x", "uri.scheme"),
        ("https://rp1.example/x#y", "uri.fragment"),
        ("javascript:alert(1)", "uri.scheme_dangerous"),
        ("https://u:p@rp1.example/", "uri.userinfo"),
        ("https://127.0.0.1/x", "uri.loopback"),
    ] {
        assert_eq!(with(Some(uri), None), [format!("backchannel_logout_uri {slug}")]);
        assert_eq!(with(None, Some(uri)), [format!("frontchannel_logout_uri {slug}")]);
    }
    for elsewhere in ["https://rp1.example:8443/bye", "https://sub.rp1.example/bye"] {
        let slug = "frontchannel_logout_uri client.frontchannel_origin";
        assert_eq!(with(None, Some(elsewhere)), [slug]);
    }
}
