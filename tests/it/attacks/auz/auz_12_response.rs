//! AUZ-12: response types and modes that are not offered.

use idp_tests::harness::rp::Party;
use idp_tests::harness::run;

use crate::attacks::bench::bench;

#[test]
fn auz_12_only_the_code_is_given_out() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        for kind in [
            "token",
            "id_token",
            "code token",
            "code id_token",
            "id_token token",
            "none",
            "CODE",
            "code code",
        ] {
            let begun = party.begin(&[("response_type", kind)]);
            let error = bench.refuses_by_redirect(&party, &begun).await;
            assert_eq!(error, "unsupported_response_type", "{kind}");
        }
        let begun = party.begin(&[("response_type", Party::WITHOUT)]);
        assert_eq!(bench.refuses_by_redirect(&party, &begun).await, "invalid_request");
    });
}

#[test]
fn auz_12_only_query_and_form_post_carry_it() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        for mode in [
            "fragment",
            "form_post.jwt",
            "query.jwt",
            "jwt",
            "web_message",
            "okta_post_message",
            "QUERY",
        ] {
            let begun = party.begin(&[("response_mode", mode)]);
            let error = bench.refuses_by_redirect(&party, &begun).await;
            assert_eq!(error, "invalid_request", "{mode}");
        }
    });
}

#[test]
fn auz_12_the_way_of_the_answer_cannot_be_changed_on_the_way() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let begun = party.begin(&[]);
        let mut visitor = crate::house::visitor();
        let page = visitor.open(&begun.url).await;
        // The pages of a login carry no parameter of the request that could be changed.
        let mut form_fields = vec![];
        for form in page.forms() {
            form_fields.extend(form.fields.into_iter().map(|(name, _)| name));
        }
        for name in [
            "response_mode",
            "response_type",
            "redirect_uri",
            "scope",
            "state",
            "acr_values",
            "prompt",
        ] {
            assert!(!form_fields.iter().any(|field| field == name), "{name} travels in a form");
            assert!(
                !page.url.as_str().contains(&format!("{name}=")),
                "{name} travels in the address"
            );
        }
        let mut forged = page.url.clone();
        forged
            .query_pairs_mut()
            .append_pair("response_mode", "fragment")
            .append_pair("redirect_uri", "https://evil.example/cb");
        let page = visitor.open(forged).await;
        let page = crate::house::go_on(&mut visitor, page, crate::house::EVE).await;
        assert!(page.url.fragment().is_none());
        party.finish(&begun, &page).await;
    });
}

#[test]
fn auz_12_request_objects_are_refused_and_never_fetched() {
    run(async {
        let bench = bench().await;
        let canary = idp_tests::peers::canary::Canary::start().await;
        let party = bench.house.party("rp1").await;
        let begun = party.begin(&[("request_uri", &format!("{}/object", canary.base))]);
        assert_eq!(bench.refuses_by_redirect(&party, &begun).await, "request_uri_not_supported");
        let begun = party.begin(&[("request", "eyJhbGciOiJub25lIn0.e30.")]);
        assert_eq!(bench.refuses_by_redirect(&party, &begun).await, "request_not_supported");
        assert_eq!(canary.calls(), 0, "the broker fetched a request object");
    });
}

#[test]
fn auz_12_a_request_without_a_challenge_is_refused() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        for extra in [
            vec![("code_challenge", Party::WITHOUT), ("code_challenge_method", Party::WITHOUT)],
            vec![("code_challenge_method", "plain")],
            vec![("code_challenge_method", Party::WITHOUT)],
            vec![("code_challenge", "short")],
            vec![("code_challenge", ""), ("code_challenge_method", "S256")],
            vec![("code_challenge", challenge), ("code_challenge_method", "s256")],
        ] {
            let begun = party.begin(&extra);
            assert_eq!(bench.refuses_by_redirect(&party, &begun).await, "invalid_request");
        }
    });
}
