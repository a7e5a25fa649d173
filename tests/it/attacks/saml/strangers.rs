//! SLO-03, its other half: who may end somebody's session, and does so from a browser of their own,
//! learns nothing of where else the person was.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::run;
use idp_tests::peers::saml::forge::{AuthnRequest, LogoutRequest, Party, name_id};
use idp_tests::peers::saml::message::{Message, REDIRECT};

use super::bench::{SamlBench, saml_bench};
use crate::house::{self, EVE, go_on};

/// Signs eve in at a service provider; returns her name and session there.
async fn sign_in(bench: &SamlBench, visitor: &mut Visitor, party: &Party) -> (String, String) {
    let at = bench.sso(REDIRECT).await;
    let request = AuthnRequest::honest(&party.entity_id, &at);
    let page = visitor.open(request.query(None).signed(party.keys).at(&at)).await;
    let answer = Message::of(&go_on(visitor, page, EVE).await);
    assert_eq!(answer.status(), ["Success"], "{}", answer.xml);
    let name = answer.read(|root| {
        let node = root.descendants().find(|node| node.tag_name().name() == "NameID").unwrap();
        let attributes: Vec<_> = node.attributes().map(|a| (a.name(), a.value())).collect();
        name_id(node.text().unwrap(), &attributes)
    });
    (name, answer.attribute_of("AuthnStatement", "SessionIndex").expect("a SessionIndex"))
}

#[test]
fn slo_03_who_ends_a_session_does_not_learn_where_else_it_led() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let (sp1, spx) = (bench.provider("sp1"), bench.provider("spx"));
        let stopping = || house::visitor().stopping_at(&sp1.home()).stopping_at(&spx.home());
        let mut eve = stopping();
        sign_in(&bench, &mut eve, sp1).await;
        let (name, index) = sign_in(&bench, &mut eve, spx).await;
        let at = bench.endpoint("/saml/metadata", "SingleLogoutService", REDIRECT).await;
        let request = LogoutRequest::honest(&spx.entity_id, &at, &name, &[&index]);
        let mut spy = stopping();
        let page = spy.open(request.query(Some("x")).signed(spx.keys).at(&at)).await;
        let page = go_on(&mut spy, page, EVE).await;
        assert!(!page.body.contains("sp1"), "{}", page.describe());
        assert!(page.url.as_str().starts_with(&spx.home()), "{}", page.url);
        let told = Message::of(&page);
        assert_eq!(told.kind(), "LogoutResponse", "{}", told.xml);
        assert_eq!(told.status(), ["Success", "PartialLogout"], "{}", told.xml);
        // Her own browser is led on.
        sign_in(&bench, &mut eve, sp1).await;
        let (name, index) = sign_in(&bench, &mut eve, spx).await;
        let request = LogoutRequest::honest(&spx.entity_id, &at, &name, &[&index]);
        let page = eve.open(request.query(Some("x")).signed(spx.keys).at(&at)).await;
        let page = go_on(&mut eve, page, EVE).await;
        assert!(page.url.as_str().starts_with(&sp1.home()), "{}", page.url);
        assert_eq!(Message::of(&page).kind(), "LogoutRequest");
    });
}
