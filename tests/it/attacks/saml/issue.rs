//! IDP, the second half: what is issued, for many people at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use idp_tests::harness::run;
use idp_tests::peers::saml::forge::{AuthnRequest, attribute};
use idp_tests::peers::saml::message::{Message, REDIRECT};

use super::bench::{SamlBench, saml_bench};
use crate::house::{self, hands_over};

const DISPLAY_NAME: &str = "urn:oid:2.16.840.1.113730.3.1.241";
/// How many sign in at once.
const MANY: usize = 40;
const MAIL: &str = "urn:oid:0.9.2342.19200300.100.1.3";

/// Somebody of AGA signs in at a service provider; `name` is what AGA says that they are called.
async fn sign_in(
    bench: &SamlBench,
    party: &str,
    person: &str,
    name: &str,
) -> (Message, AuthnRequest) {
    let party = bench.provider(party);
    let agency = bench.agency("aga");
    let at = bench.sso(REDIRECT).await;
    let request = AuthnRequest::honest(&party.entity_id, &at);
    let mut visitor = house::visitor().stopping_at(&party.home()).stopping_at(&agency.home());
    let query = request.query(Some(person));
    let query = if party.signs { query.signed(party.keys) } else { query };
    let page = visitor.open(query.at(&at)).await;
    let page = visitor.choose(&page, "Agency aga").await;
    let asked = agency.asked(&page);
    let mut response = agency.response(&asked, person);
    let said = attribute(DISPLAY_NAME, "displayName", &[person]);
    assert!(response.assertion.attributes.contains(&said));
    response.assertion.attributes = response
        .assertion
        .attributes
        .replace(&said, &attribute(DISPLAY_NAME, "displayName", &[name]));
    let keys = agency.keys;
    let xml = tokio::task::spawn_blocking(move || response.signed(keys)).await.unwrap();
    let form = idp_tests::peers::saml::forge::Agency::form(&asked, xml);
    let page = visitor.post(&asked.acs, &form).await;
    let form = page.forms().into_iter().find(hands_over);
    let Some(form) = form else { panic!("no answer: {}", page.describe()) };
    let page = visitor.submit(&page, form.enter()).await;
    assert_eq!(page.url.as_str(), party.acs());
    (Message::of(&page), request)
}

#[test]
fn idp_05_a_name_made_of_markup_stays_a_name() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let names = [
            "</saml:AttributeValue></saml:Attribute><saml:Attribute Name=\"role\">\
             <saml:AttributeValue>admin",
            "]]>",
            "&lt;b&gt; & \"quotes\" 'and' <tags>",
            "and\u{a0}more",
            "\u{1f98a}\u{202e}",
        ];
        for name in names {
            println!("{name:?}");
            let (answer, _) = sign_in(&bench, "sp2", "alice", name).await;
            assert_eq!(answer.values(DISPLAY_NAME), [name], "{}", answer.xml);
            assert_eq!(answer.values("role"), Vec::<String>::new());
        }
    });
}

#[test]
fn idp_07_of_many_logins_at_once_each_ends_where_it_began() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let bench = Arc::new(bench);
        let logins: Vec<_> = (0..MANY)
            .map(|number| {
                let party = ["sp1", "sp2"][number % 2];
                let person = format!("person{number}");
                let bench = Arc::clone(&bench);
                tokio::spawn(async move {
                    let (answer, request) = sign_in(&bench, party, &person, &person).await;
                    (party, person, answer, request)
                })
            })
            .collect();
        let mut names = BTreeSet::new();
        for login in logins {
            let (party, person, answer, request) = login.await.unwrap();
            let party = bench.provider(party);
            assert_eq!(answer.text("Audience").as_ref(), Some(&party.entity_id));
            assert_eq!(answer.attribute("InResponseTo").as_ref(), Some(&request.id));
            let data = |name| answer.attribute_of("SubjectConfirmationData", name);
            assert_eq!(data("InResponseTo").as_ref(), Some(&request.id));
            assert_eq!(data("Recipient"), Some(party.acs()));
            assert_eq!(answer.attribute("Destination"), Some(party.acs()));
            assert_eq!(answer.values(MAIL), [format!("{person}@aga.example")]);
            assert_eq!(answer.relay_state.as_deref(), Some(person.as_str()));
            names.insert(answer.text("NameID").unwrap());
        }
        assert_eq!(names.len(), MANY);
    });
}
