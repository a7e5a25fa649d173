//! IDP: what service providers ask, and what is made for them.
//!
//! Length: one attack after the other, each short, on one scene.

use std::time::Instant;

use idp_tests::harness::http::Visitor;
use idp_tests::harness::page::Page;
use idp_tests::harness::run;
use idp_tests::peers::saml::forge::{AuthnRequest, Party};
use idp_tests::peers::saml::keys::KeyPair;
use idp_tests::peers::saml::message::{
    MFA, Message, PASSWORD, POST, Query, REDIRECT, base64, instant,
};
use serde_json::{Value, json};

use super::bench::{SamlBench, saml_bench};
use crate::house::{self, EVE, go_on, hands_over};

/// A browser that stops before this service provider.
fn visitor_of(party: &Party) -> Visitor {
    house::visitor().stopping_at(&party.home())
}

/// Signs eve in at a service provider; what it is told.
async fn sign_in(bench: &SamlBench, visitor: &mut Visitor, party: &Party) -> Message {
    let request = AuthnRequest::honest(&party.entity_id, &bench.sso(REDIRECT).await);
    ask(bench, visitor, party, &request).await
}

/// Asks, signs eve in where that is needed, and returns the answer.
async fn ask(
    bench: &SamlBench,
    visitor: &mut Visitor,
    party: &Party,
    request: &AuthnRequest,
) -> Message {
    let page = visitor.open(url_of(bench, party, request).await).await;
    let answer = Message::of(&go_on(visitor, page, EVE).await);
    assert_eq!(answer.attribute("InResponseTo").as_ref(), Some(&request.id), "{}", answer.xml);
    answer
}

async fn url_of(bench: &SamlBench, party: &Party, request: &AuthnRequest) -> String {
    let at = bench.sso(REDIRECT).await;
    let query = request.query(Some("relay"));
    if party.signs { query.signed(party.keys).at(&at) } else { query.at(&at) }
}

/// The page that would hand an answer over; nothing was pressed on it yet.
async fn hand_over_page(bench: &SamlBench, visitor: &mut Visitor, party: &Party) -> Page {
    sign_in(bench, visitor, party).await;
    let request = AuthnRequest::honest(&party.entity_id, &bench.sso(REDIRECT).await);
    let page = visitor.open(url_of(bench, party, &request).await).await;
    assert!(page.forms().iter().any(hands_over), "{}", page.describe());
    page
}

#[test]
fn idp_01_answers_go_to_addresses_in_the_metadata_and_nowhere_else() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let party = bench.provider("sp2");
        let at = bench.sso(REDIRECT).await;
        let acs = party.acs();
        let others = [
            "https://evil.example/acs".to_owned(),
            acs.replace("sp2.example", "sp2.example.evil.tld"),
            format!("{acs}/"),
            acs.replace("https://sp2", "HTTPS://SP2"),
            format!("{acs}?x=1"),
            format!("{acs}#x"),
            acs.replace("https://", "https://x@"),
            acs.replace("/acs", "/x/..;/acs"),
            acs.replace("/acs", "/./acs"),
            acs.replace("https://sp2.example", "https://sp2.example:443"),
            acs.replace("/acs", "/%61cs"),
            "javascript:alert(1)".to_owned(),
            String::new(),
        ];
        for other in others {
            let request = AuthnRequest::honest(&party.entity_id, &at)
                .with("AssertionConsumerServiceURL", &other);
            let reasons = ["acs_unknown", "schema"];
            bench.refuses_request(&request.query(None).at(&at), &reasons).await;
        }
        let request =
            AuthnRequest::honest(&party.entity_id, &at).with("AssertionConsumerServiceIndex", "7");
        bench.refuses_request(&request.query(None).at(&at), &["acs_unknown"]).await;
        // Those of the metadata do.
        let mut visitor = visitor_of(party);
        for (name, value, target) in [
            ("AssertionConsumerServiceURL", acs.as_str(), acs.as_str()),
            ("AssertionConsumerServiceIndex", "1", &format!("{}acs2", party.home())),
        ] {
            let request = AuthnRequest::honest(&party.entity_id, &at).with(name, value);
            let page = visitor.open(request.query(None).at(&at)).await;
            let page = go_on(&mut visitor, page, EVE).await;
            assert_eq!(page.url.as_str(), target);
            let answer = Message::of(&page);
            assert_eq!(answer.attribute("Destination").as_deref(), Some(target));
            let recipient = answer.attribute_of("SubjectConfirmationData", "Recipient");
            assert_eq!(recipient.as_deref(), Some(target));
        }
    });
}

#[test]
fn idp_02_an_address_that_runs_is_registered_nowhere_and_runs_nowhere() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let mut party = Party::named("spx").unwrap();
        party.entity_id = "https://sphostile.example/saml".to_owned();
        for location in [
            "javascript:alert(1)//",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "https://x\"><script>alert(1)</script>",
            "http://evil.example/acs",
        ] {
            let file = registering(&bench, &party, |metadata| {
                let written = location.replace('"', "&quot;").replace('<', "&lt;");
                metadata.replace(&party.acs(), &written)
            });
            let ended = bench.bench.house.broker.plan(&file).await;
            assert_ne!(ended.status, Some(0), "{location}: {ended:?}");
        }
        let mut visitor = visitor_of(bench.provider("sp2"));
        let page = hand_over_page(&bench, &mut visitor, bench.provider("sp2")).await;
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.contains("default-src 'none'"), "{policy}");
        let targets = policy.split(';').find(|part| part.trim().starts_with("form-action"));
        let targets = targets.expect("form-action").trim().to_owned();
        assert!(targets.contains("https://sp2.example"), "{targets}");
        assert!(!targets.contains('*') && !targets.contains("sp1.example"), "{targets}");
    });
}

/// The federation with one more service provider, whose metadata `change` has changed.
fn registering(bench: &SamlBench, party: &Party, change: impl Fn(String) -> String) -> Value {
    let mut file = bench.bench.house.file.clone();
    let parties = file["relying_parties"].as_array_mut().unwrap();
    let like = parties.iter().find(|entry| entry["id"] == "spx").unwrap();
    let mut entry = like.clone();
    entry["id"] = json!("spnew");
    entry["connection"]["metadata"]["xml"] = json!(change(party.metadata()));
    parties.push(entry);
    file
}

#[test]
fn idp_03_who_says_that_requests_are_signed_is_taken_at_that_word() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let party = bench.provider("sp1");
        let at = bench.sso(REDIRECT).await;
        let request = AuthnRequest::honest(&party.entity_id, &at);
        bench.refuses_request(&request.query(None).at(&at), &["unsigned"]).await;
        let stranger = KeyPair::named("attacker").unwrap();
        let invalid = ["signature_invalid"];
        bench.refuses_request(&request.query(None).signed(stranger).at(&at), &invalid).await;
        let spx = bench.provider("spx").keys;
        bench.refuses_request(&request.query(None).signed(spx).at(&at), &invalid).await;
        // Other bytes than those that were signed: another request, another order.
        let mut other = request.query(None).signed(party.keys);
        let forged = request.clone().with("ForceAuthn", "false");
        other.pairs[0] = forged.query(None).pairs.remove(0);
        bench.refuses_request(&other.at(&at), &invalid).await;
        let none = request.query(None).signed_as(party.keys, "none", "sha256");
        bench.refuses_request(&none.at(&at), &["algorithm"]).await;
        // The same by form.
        let post = bench.sso(POST).await;
        let request = AuthnRequest::honest(&party.entity_id, &post);
        let form = |xml: String| vec![("SAMLRequest".to_owned(), base64(xml))];
        bench.refuses_request_form(&post, &form(request.xml()), &["unsigned"]).await;
        bench.refuses_request_form(&post, &form(request.signed(stranger)), &invalid).await;
        let changed = request.signed(party.keys).replace("Version=", "IsPassive=\"true\" Version=");
        bench.refuses_request_form(&post, &form(changed), &invalid).await;
        // Lower-case escapes, as some send them, are the bytes that were signed.
        let query = AuthnRequest::honest(&party.entity_id, &at).query(Some("a b/c"));
        let mut lower = Query { pairs: query.pairs };
        for (_, value) in &mut lower.pairs {
            *value = value.replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d");
        }
        let page = visitor_of(party).open(lower.signed(party.keys).at(&at)).await;
        assert_eq!(page.status, 200, "{}", page.describe());
    });
}

#[test]
fn idp_04_an_unknown_service_provider_learns_nothing() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let at = bench.sso(REDIRECT).await;
        let mut texts = std::collections::BTreeSet::new();
        let issuers = [
            "https://unknown.example/saml".to_owned(),
            "https://spoff.example/saml".to_owned(),
            "HTTPS://SP2.example/saml".to_owned(),
            "https://sp2.example/saml/".to_owned(),
            bench.agency("aga").entity_id.clone(),
            format!("{}/saml/metadata", bench.base()),
        ];
        for issuer in issuers {
            let request = AuthnRequest::honest(&issuer, &at);
            let page = bench.refuses_request(&request.query(None).at(&at), &["unknown_sp"]).await;
            let words = page.text();
            let bare: Vec<_> = words.split(' ').filter(|word| !reference_like(word)).collect();
            texts.insert((page.status, bare.join(" ")));
        }
        assert_eq!(texts.len(), 1, "{texts:#?}");
        for length in [1_025, 10_240] {
            let request = AuthnRequest::honest(&"x".repeat(length), &at);
            bench.refuses_request(&request.query(None).at(&at), &["unknown_sp", "schema"]).await;
        }
    });
}

/// Whether a word is the reference number of a page: three groups of four, digits or not.
fn reference_like(word: &str) -> bool {
    word.split('-').map(str::len).eq([4, 4, 4])
}

#[test]
fn idp_08_a_forced_authentication_is_a_new_one() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let party = bench.provider("sp1");
        let at = bench.sso(REDIRECT).await;
        let mut visitor = visitor_of(party);
        let first = sign_in(&bench, &mut visitor, party).await;
        let forced = AuthnRequest::honest(&party.entity_id, &at).with("ForceAuthn", "true");
        let page = visitor.open(url_of(&bench, party, &forced).await).await;
        assert!(!page.forms().iter().any(hands_over), "nobody was asked: {}", page.describe());
        // Nor is somebody else taken for her.
        let answer = Message::of(&go_on(&mut visitor, page, EVE).await);
        assert_eq!(answer.status(), ["Success"]);
        let when = |message: &Message| message.attribute_of("AuthnStatement", "AuthnInstant");
        assert!(when(&answer) >= when(&first), "{:?} {:?}", when(&answer), when(&first));
        let both = AuthnRequest::honest(&party.entity_id, &at)
            .with("ForceAuthn", "true")
            .with("IsPassive", "true");
        let answer = ask(&bench, &mut visitor, party, &both).await;
        assert_eq!(answer.status(), ["Responder", "NoPassive"], "{}", answer.xml);
        assert!(!answer.has("Assertion"));
    });
}

#[test]
fn idp_09_a_passive_request_shows_nothing_and_leaves_nothing() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let party = bench.provider("sp1");
        let at = bench.sso(REDIRECT).await;
        let passive = AuthnRequest::honest(&party.entity_id, &at).with("IsPassive", "true");
        let mark = bench.bench.mark().await;
        let mut visitor = visitor_of(party);
        let page = visitor.open(url_of(&bench, party, &passive).await).await;
        let form = page.forms().into_iter().find(hands_over);
        let Some(form) = form else { panic!("something else is shown: {}", page.describe()) };
        let page = visitor.submit(&page, form.enter()).await;
        assert_eq!(page.url.as_str(), party.acs());
        let answer = Message::of(&page);
        assert_eq!(answer.status(), ["Responder", "NoPassive"], "{}", answer.xml);
        assert_eq!(answer.relay_state.as_deref(), Some("relay"));
        bench.bench.nothing_created(&mark).await;
        // With a session there is an answer.
        sign_in(&bench, &mut visitor, party).await;
        let passive = AuthnRequest::honest(&party.entity_id, &at).with("IsPassive", "true");
        assert_eq!(ask(&bench, &mut visitor, party, &passive).await.status(), ["Success"]);
    });
}

#[test]
fn idp_11_a_context_that_was_demanded_is_met_or_refused_by_its_name() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let party = bench.provider("sp1");
        let at = bench.sso(REDIRECT).await;
        let mut visitor = visitor_of(party);
        sign_in(&bench, &mut visitor, party).await;
        let unspecified = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified";
        let ten: Vec<String> = (0..9).map(|n| format!("urn:x:{n}")).collect();
        let mut ten: Vec<&str> = ten.iter().map(String::as_str).collect();
        let none = ["Responder", "NoAuthnContext"];
        // What the person could still prove here is asked for, and nothing is told before.
        for (comparison, classes) in
            [("exact", [MFA]), ("minimum", [MFA]), ("better", [MFA]), ("better", [PASSWORD])]
        {
            let request =
                AuthnRequest::honest(&party.entity_id, &at).demanding(comparison, &classes);
            let page = visitor.open(url_of(&bench, party, &request).await).await;
            let page = go_on(&mut visitor, page, EVE).await;
            assert!(page.asks_for_factor(), "{comparison} {classes:?}: {}", page.describe());
        }
        let cases: [(&str, Vec<&str>, bool); 5] = [
            ("exact", vec!["urn:x:unknown"], false),
            ("exact", ten.clone(), false),
            ("exact", vec![PASSWORD], true),
            ("minimum", vec![PASSWORD], true),
            ("maximum", vec![MFA], true),
        ];
        for (comparison, classes, met) in cases {
            let request =
                AuthnRequest::honest(&party.entity_id, &at).demanding(comparison, &classes);
            let answer = ask(&bench, &mut visitor, party, &request).await;
            if met {
                assert_eq!(
                    answer.status(),
                    ["Success"],
                    "{comparison} {classes:?}: {}",
                    answer.xml
                );
                let told = answer.text("AuthnContextClassRef").expect("a context");
                assert_ne!(told, unspecified);
                if comparison == "exact" {
                    assert!(classes.contains(&told.as_str()), "{told}");
                }
            } else {
                assert_eq!(answer.status(), none, "{comparison} {classes:?}: {}", answer.xml);
                assert!(!answer.has("Assertion"));
            }
        }
        // One of ten is enough.
        ten.push(PASSWORD);
        let request = AuthnRequest::honest(&party.entity_id, &at).demanding("exact", &ten);
        assert_eq!(ask(&bench, &mut visitor, party, &request).await.status(), ["Success"]);
        // A comparison that does not exist.
        let odd = AuthnRequest::honest(&party.entity_id, &at).demanding("weaker", &[PASSWORD]);
        let url = url_of(&bench, party, &odd).await;
        bench.refuses_request(&url, &["schema"]).await;
    });
}

#[test]
fn idp_12_a_request_that_is_sent_again_gives_nobody_anything() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let party = bench.provider("sp1");
        let at = bench.sso(REDIRECT).await;
        let request = AuthnRequest::honest(&party.entity_id, &at);
        let url = url_of(&bench, party, &request).await;
        let mut visitor = visitor_of(party);
        let page = visitor.open(&url).await;
        go_on(&mut visitor, page, EVE).await;
        for _ in 0..20 {
            let page = visitor_of(party).open(&url).await;
            assert!(!page.arrived() && !page.forms().iter().any(hands_over), "{}", page.describe());
        }
        for seconds in [-700, -3600, 700] {
            let mut old = AuthnRequest::honest(&party.entity_id, &at);
            old.issue_instant = instant(seconds);
            let url = url_of(&bench, party, &old).await;
            bench.refuses_request(&url, &["expired", "not_yet_valid"]).await;
        }
        for other in [bench.sso(POST).await + "/x", "https://evil.example/".to_owned()] {
            let elsewhere = AuthnRequest::honest(&party.entity_id, &other);
            let url = url_of(&bench, party, &elsewhere).await;
            bench.refuses_request(&url, &["destination"]).await;
        }
    });
}

#[test]
fn idp_13_requests_that_are_never_finished_cost_little() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let party = bench.provider("sp2");
        let at = bench.sso(REDIRECT).await;
        let fresh = || AuthnRequest::honest(&party.entity_id, &at).query(None).at(&at);
        // One browser.
        let mut visitor = visitor_of(party);
        let mut pages = vec![];
        for _ in 0..30 {
            pages.push(visitor.open(fresh()).await);
        }
        let last = pages.pop().unwrap();
        let page = go_on(&mut visitor, last, EVE).await;
        assert_eq!(Message::of(&page).status(), ["Success"]);
        let first = visitor.open(&pages[0].url).await;
        assert!(first.status >= 400, "the oldest of thirty is still there: {}", first.describe());
        // Many browsers.
        let Some(redis) = &bench.bench.house.broker.redis else { return };
        let http = idp_tests::harness::http::client();
        let before = redis.used_bytes().await;
        let start = Instant::now();
        let many = 400;
        for _ in 0..many / 20 {
            let all: Vec<_> = (0..20).map(|_| tokio::spawn(http.get(fresh()).send())).collect();
            for one in all {
                let status = one.await.unwrap().unwrap().status().as_u16();
                assert!((200..400).contains(&status), "{status}");
            }
        }
        let grown = redis.used_bytes().await.saturating_sub(before);
        println!("{} bytes a request, {:?}", grown / many, start.elapsed());
        assert!(grown / many <= 2048, "{} bytes a request", grown / many);
    });
}

#[test]
fn idp_16_two_services_cannot_find_out_that_they_serve_one_person() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let mut names = vec![];
        for name in ["sp1", "sp2", "sp1"] {
            let party = bench.provider(name);
            let mut visitor = visitor_of(party);
            let request = AuthnRequest::honest(&party.entity_id, &bench.sso(REDIRECT).await)
                .asking(
                    "<samlp:NameIDPolicy AllowCreate=\"true\" \
                     Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\"/>",
                );
            let answer = ask(&bench, &mut visitor, party, &request).await;
            let name = answer.text("NameID").expect("a name");
            assert!(!name.contains("eve"), "{name}");
            names.push(name);
        }
        assert_ne!(names[0], names[1]);
        assert_eq!(names[0], names[2]);
        for other in ["https://SP1.example/saml", "https://sp1.example/saml/"] {
            let mut party = Party::named("spx").unwrap();
            party.entity_id = other.to_owned();
            let file = registering(&bench, &party, |metadata| metadata);
            let ended = bench.bench.house.broker.plan(&file).await;
            assert_ne!(ended.status, Some(0), "{other}: {ended:?}");
        }
    });
}

#[test]
fn idp_17_the_page_that_hands_an_answer_over_is_in_no_frame_and_no_cache() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let party = bench.provider("sp1");
        let mut visitor = visitor_of(party);
        let page = hand_over_page(&bench, &mut visitor, party).await;
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        let cache = page.header("cache-control").expect("a rule for caches");
        assert!(cache.contains("no-store"), "{cache}");
        let form = page.forms().into_iter().find(hands_over).unwrap();
        assert!(!form.buttons.is_empty() && !form.buttons[0].text.is_empty(), "no button");
        assert_eq!(form.method, "POST");
        for script in page.texts("script") {
            assert!(script.is_empty() || policy.contains("nonce-") || policy.contains("sha256-"));
        }
        assert!(!page.body.contains(" onload="), "{}", page.body);
    });
}
