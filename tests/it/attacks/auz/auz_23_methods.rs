//! AUZ-23: parameters by another method, another content type, or in the wrong place.

use idp_tests::harness::http::client;
use idp_tests::harness::rp::{Answer, Party, basic};
use idp_tests::harness::run;
use reqwest::Method;

use crate::attacks::bench::bench;
use crate::house::{EVE, SECRET, visitor};

async fn code(bench: &crate::attacks::bench::Bench, party: &Party) -> (String, String) {
    let begun = party.begin(&[]);
    let page = bench.house.answer(&mut visitor(), &begun, EVE).await;
    (party.code(&begun, &page), begun.verifier)
}

#[test]
fn auz_23_the_token_endpoint_takes_one_content_type() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let (code, verifier) = code(&bench, &party).await;
        let form = format!(
            "grant_type=authorization_code&code={code}&code_verifier={verifier}\
             &redirect_uri=https%3A%2F%2Frp1.example%2Fcb"
        );
        let json = format!(
            r#"{{"grant_type":"authorization_code","code":"{code}","code_verifier":"{verifier}","redirect_uri":"https://rp1.example/cb"}}"#
        );
        let utf16: Vec<u8> = form.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let bodies: [(&str, Vec<u8>); 6] = [
            ("application/json", json.into()),
            ("multipart/form-data; boundary=x", form.clone().into()),
            ("text/plain", form.clone().into()),
            ("application/x-www-form-urlencoded; charset=utf-16", utf16),
            ("application/x-www-form-urlencoded-not", form.clone().into()),
            ("", form.clone().into()),
        ];
        let mark = bench.mark().await;
        for (kind, body) in bodies {
            let mut request = client()
                .post(party.endpoint("token_endpoint"))
                .header("authorization", basic("rp1", SECRET))
                .body(body);
            if !kind.is_empty() {
                request = request.header("content-type", kind);
            }
            let answer = Answer::of(request).await;
            assert!(
                [400, 415].contains(&answer.status),
                "{kind}: {} {}",
                answer.status,
                answer.body
            );
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{kind}");
        }
        bench.nothing_created(&mark).await;
        // The code was not used up by any of these.
        let answer = party.redeem(&code, &verifier).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    });
}

#[test]
fn auz_23_the_token_endpoint_takes_one_method() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        for name in ["token_endpoint", "introspection_endpoint", "revocation_endpoint"] {
            for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE] {
                let url = format!("{}?grant_type=client_credentials&token=x", party.endpoint(name));
                let request = client()
                    .request(method.clone(), url)
                    .header("authorization", basic("rp1", SECRET));
                let answer = Answer::of(request).await;
                assert_eq!(answer.status, 405, "{method} {name}: {}", answer.body);
                assert!(answer.header("allow").is_some_and(|allow| allow.contains("POST")));
            }
        }
    });
}

#[test]
fn auz_23_a_secret_in_the_address_is_refused() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp-post").await;
        let (code, verifier) = code(&bench, &party).await;
        let mut url: url::Url = party.endpoint("token_endpoint").parse().unwrap();
        url.query_pairs_mut()
            .append_pair("client_secret", SECRET)
            .append_pair("client_id", "rp-post");
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("code_verifier", &verifier),
            ("redirect_uri", "https://rp-post.example/cb"),
        ];
        let answer = Answer::of(client().post(url).form(&form)).await;
        assert!([400, 401].contains(&answer.status), "{}", answer.body);
    });
}

#[test]
fn auz_23_a_parameter_given_twice_is_refused() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let (code, verifier) = code(&bench, &party).await;
        let answer = party
            .token(&[
                ("grant_type", "authorization_code"),
                ("grant_type", "refresh_token"),
                ("code", &code),
                ("code_verifier", &verifier),
                ("redirect_uri", "https://rp1.example/cb"),
            ])
            .await;
        assert_eq!((answer.status, answer.error()), (400, Some("invalid_request")));
        for (name, value) in [("scope", "openid"), ("nonce", "other"), ("client_id", "rp1")] {
            let mut url = party.begin(&[]).url;
            url.query_pairs_mut().append_pair(name, value);
            let page = visitor().open(&url).await;
            let refused = if page.arrived() {
                page.answer("error").as_deref() == Some("invalid_request")
            } else {
                page.status == 400
            };
            assert!(refused, "{name} twice: {}", page.describe());
        }
    });
}

#[test]
fn auz_23_two_proofs_at_once_are_refused() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let (code, verifier) = code(&bench, &party).await;
        let answer = party
            .token(&[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("code_verifier", &verifier),
                ("redirect_uri", "https://rp1.example/cb"),
                ("client_id", "rp1"),
                ("client_secret", SECRET),
            ])
            .await;
        assert!([400, 401].contains(&answer.status), "{}", answer.body);
    });
}

#[test]
fn auz_23_the_authorization_endpoint_takes_no_json_and_no_other_method() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let endpoint = party.endpoint("authorization_endpoint");
        for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x"] {
            let query = party.begin(&[]).url.query().unwrap().to_owned();
            let request = client().post(endpoint).header("content-type", kind).body(query);
            let answer = Answer::of(request).await;
            assert!([400, 415].contains(&answer.status), "{kind}: {}", answer.status);
        }
        for method in [Method::PUT, Method::DELETE] {
            let answer = Answer::of(client().request(method, party.begin(&[]).url)).await;
            assert_eq!(answer.status, 405);
        }
    });
}
