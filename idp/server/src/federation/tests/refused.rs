//! What cannot be applied, and what is said of it.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{apply, apply_with, changed, context, federation, refused, stored, trail, with};

/// Applies `file`, which must be refused with these words and leave nothing behind.
async fn check(file: &Value, expected: &Expect) {
    let context = context().await;
    expected.assert_eq(&refused(&context, file).await);
    assert!(stored(&context).await.docs.is_empty(), "nothing is written");
    assert!(trail(&context).await.is_empty(), "nothing is in the trail");
}

#[tokio::test]
async fn every_entry_that_is_wrong_is_named_with_its_key() {
    let file = with("/agencies/0/contacts", json!(["nobody"]));
    let file = changed(file, "/sources/0/connection/issuer", json!("http://op.una.example"));
    let file = changed(file, "/sources/0/trusted_acr", json!(["urn:x"]));
    let file = changed(file, "/relying_parties/0/attributes", json!(["displayname"]));
    let file = changed(file, "/relying_parties/0/connection/redirect_uris", json!([]));
    check(&file, &expect![[r#"
        agencies/una: contacts: a contact is a mail address
        sources/staff: trusted_acr: `urn:x` is no context that can be proven here; the usual one is `https://refeds.org/profile/mfa`
        sources/staff: connection: the connection names a place that cannot be used: "http://op.una.example" is not an issuer: an https URL without user name, query or fragment
        relying_parties/portal: attributes: there is no attribute `displayname`; did you mean `displayName`?
        relying_parties/portal: connection.redirect_uris: the client may have codes, and no address to receive them (client.no_redirect_uri). Register a redirect URI, or leave authorization_code out of grant_types."#]]).await;
}

#[tokio::test]
async fn keys_of_a_connection_that_are_not_known_or_unfit_are_all_told() {
    let connection = json!({
        "isuer": "https://op.una.example", "client_id": 7, "client_secret": "abc",
        "prompt": "loginn", "clock_skew_seconds": "hunter2",
    });
    check(
        &with("/sources/0/connection", connection),
        &expect![[r"
        sources/staff: connection.issuer: it is missing
        sources/staff: connection.client_id: invalid type: integer `7`, expected a string
        sources/staff: connection.clock_skew_seconds: invalid type: text, expected u32
        sources/staff: connection: unknown key `isuer`; did you mean `issuer`?
        sources/staff: connection.prompt: unknown value `loginn`; did you mean `login`?"]],
    )
    .await;
    let connection = json!({
        "redirect_uri": "https://portal.example/cb", "profile": "strickt",
        "scopes": "hunter2", "token_endpoint_auth_method": "none",
    });
    check(&with("/relying_parties/0/connection", connection), &expect![[r"
        relying_parties/portal: connection.profile: unknown value `strickt`; did you mean `strict`?
        relying_parties/portal: connection: unknown key `redirect_uri`; did you mean `redirect_uris`?
        relying_parties/portal: connection.scopes: invalid type: text, expected a sequence"]]).await;
}

#[tokio::test]
async fn a_source_that_could_never_work_is_refused() {
    for (key, value, expected) in [
        (
            "client_secret",
            Value::Null,
            expect![
                "sources/staff: connection: client_secret is needed, and it alone, for the way in which we prove who we are"
            ],
        ),
        (
            "private_key",
            json!("not a key"),
            expect![
                "sources/staff: connection: private_key is not a private key in PEM (PKCS #8: `BEGIN PRIVATE KEY`)"
            ],
        ),
        (
            "clock_skew_seconds",
            json!(301),
            expect!["sources/staff: connection: clock_skew_seconds is 301, more than 300"],
        ),
        (
            "claims",
            json!({"shoeSize": "s"}),
            expect!["sources/staff: connection: claims: there is no attribute shoeSize"],
        ),
        (
            "endpoints",
            json!({"authorization_endpoint": "ftp://x"}),
            expect!["sources/staff: connection.endpoints: missing field `token_endpoint`"],
        ),
    ] {
        let mut file = with(&format!("/sources/0/connection/{key}"), value);
        if key == "private_key" {
            file = changed(file, "/sources/0/connection/client_secret", Value::Null);
        }
        check(&file, &expected).await;
    }
}

#[tokio::test]
async fn a_secret_that_cannot_be_found_is_named_by_its_place() {
    let file = with("/sources/0/connection/client_secret", json!({"env": "IDP_TEST_UNSET"}));
    let file = changed(
        file,
        "/relying_parties/0/connection/client_secret",
        json!({"file": "/nowhere/secret"}),
    );
    check(&file, &expect![[r"
        relying_parties/portal: connection.client_secret: secret file /nowhere/secret cannot be read: No such file or directory (os error 2)
        sources/staff: connection.client_secret: environment variable IDP_TEST_UNSET is not set"]]).await;
}

#[tokio::test]
async fn names_that_would_fill_a_page_are_refused() {
    let file = with("/agencies/0/names", json!({"en": "A".repeat(129), "fr": " ", "es": "a\nb"}));
    let file = changed(file, "/relying_parties/0/names", json!({}));
    check(
        &file,
        &expect![[r"
        agencies/una: names.en: it is longer than 128 characters
        agencies/una: names.es: it has a control character or a line break
        agencies/una: names.fr: it is empty
        relying_parties/portal: names: it needs a name in at least one of ar, en, es, fr, ru, zh"]],
    )
    .await;
}

#[tokio::test]
async fn a_relying_party_that_nobody_could_use_is_refused() {
    let file = with("/relying_parties/0/agencies", json!([]));
    let file = changed(file, "/relying_parties/0/required_acr", json!("urn:x"));
    check(&file, &expect![[r"
        relying_parties/portal: required_acr: `urn:x` is no context that can be proven here; the usual one is `https://refeds.org/profile/mfa`
        relying_parties/portal: agencies: nobody could use it; leave the key out for everybody"]]).await;
}

#[tokio::test]
async fn an_agency_that_still_has_sources_cannot_go() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let before = stored(&context).await;
    let file = json!({
        "sources": [{"id": "guests", "agency": "una", "kind": "local"}],
        "agencies": [{"id": "unb", "names": {"en": "B"}}],
    });
    let error = apply_with(&context, &file, true).await.unwrap_err();
    expect![[r"
        sources/guests: agency: there is no agency `una`; did you mean `unb`?
        agencies/una: it cannot go: sources/guests still belongs to it"]]
    .assert_eq(&error.to_string());
    assert_eq!(stored(&context).await, before);
    assert_eq!(apply_with(&context, &file, false).await.unwrap().counts(), [1, 0, 0]);
}

#[tokio::test]
async fn a_domain_that_another_agency_claims_is_refused() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let file = json!({
        "agencies": [{"id": "unb", "names": {"en": "B"}, "domains": ["una.example"]}],
    });
    let said = refused(&context, &file).await;
    assert!(said.contains("`una.example` is claimed by agency"), "{said}");
}

/// Each of these texts is refused as a redirect URI, and the entry is named.
async fn cannot_be_registered(uris: &[&str]) {
    let context = context().await;
    for uri in uris {
        let file = with("/relying_parties/0/connection/redirect_uris", json!([uri]));
        let said = refused(&context, &file).await;
        let entry = "relying_parties/portal: connection.redirect_uris: ";
        assert!(said.starts_with(entry), "{uri:?} was registered: {said}");
    }
    assert!(stored(&context).await.docs.is_empty(), "nothing is written");
}

#[tokio::test]
async fn auz_04_no_wildcard_and_no_expression_is_registered() {
    cannot_be_registered(&[
        "https://*.example/cb",
        "https://rp1.example/*",
        "https://rp1.example.*",
        "*",
        "^https://rp1.example/cb$",
        "https://rp1.example/(cb|evil)",
        "https://rp1.example/[a-z]+",
        "https://rp1.example/{id}",
    ])
    .await;
}

#[tokio::test]
async fn auz_05_no_fragment_and_no_parameter_of_an_answer_is_registered() {
    cannot_be_registered(&[
        "https://rp1.example/cb#",
        "https://rp1.example/cb#frag",
        "https://rp1.example/cb?code=attacker",
        "https://rp1.example/cb?a=1&state=1",
        "https://rp1.example/cb?%63ode=1",
    ])
    .await;
}

#[tokio::test]
async fn auz_07_no_dangerous_scheme_is_registered_anywhere() {
    let schemes = [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "\tjavascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "blob:https://rp1.example/1",
        "file:///etc/passwd",
        "com.app:/cb",
    ];
    cannot_be_registered(&schemes).await;
    let context = context().await;
    for uri in schemes {
        for (place, value) in [
            ("/relying_parties/0/home", json!(uri)),
            ("/relying_parties/0/connection/post_logout_redirect_uris", json!([uri])),
            ("/relying_parties/0/connection/client_uri", json!(uri)),
            ("/relying_parties/0/connection/policy_uri", json!(uri)),
            ("/relying_parties/0/connection/tos_uri", json!(uri)),
            ("/relying_parties/0/connection/initiate_login_uri", json!(uri)),
            ("/agencies/0/logo", json!(uri)),
        ] {
            let said = refused(&context, &with(place, value)).await;
            let key = place.rsplit('/').next().unwrap();
            assert!(said.contains(key) && !said.starts_with("applied"), "{place} {uri}: {said}");
        }
    }
    assert!(stored(&context).await.docs.is_empty(), "nothing is written");
}
