//! Consent: where it is asked for, and what a no means.

use idp_tests::harness::page::Page;
use idp_tests::harness::run;

use crate::house::{EVE, LOCAL, house, visitor};

fn asks(page: &Page) -> bool {
    page.forms().iter().any(|form| form.action.path().ends_with("/consent"))
}

#[test]
fn a_yes_leads_on_and_a_no_is_told_to_the_relying_party() {
    run(async {
        let house = house().await;
        let party = house.party("rp-imposter").await;
        for (answer, told) in [("allow", true), ("deny", false)] {
            let begun = party.begin(&[]);
            let mut visitor = visitor();
            let page = visitor.open(&begun.url).await;
            let page = visitor.choose(&page, LOCAL).await;
            let page = visitor.sign_in(&page, EVE.username, EVE.password).await;
            assert!(asks(&page), "{}", page.describe());
            assert!(page.text().contains(EVE.mail), "what is released: {}", page.describe());
            let form =
                page.forms().into_iter().find(|form| form.action.path().ends_with("/consent"));
            let mut form = form.unwrap();
            form.fields.push(("consent".to_owned(), answer.to_owned()));
            let page = visitor.submit(&page, form).await;
            if told {
                party.finish(&begun, &page).await;
            } else {
                assert_eq!(party.error(&begun, &page), "access_denied");
            }
        }
    });
}

#[test]
fn a_relying_party_can_ask_for_consent_by_prompt() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let mut visitor = visitor();
        house.sign_in(&mut visitor, &party).await;
        let begun = party.begin(&[("prompt", "consent")]);
        let page = visitor.open(&begun.url).await;
        assert!(asks(&page), "{}", page.describe());
    });
}

#[test]
fn silence_is_no_consent() {
    run(async {
        let house = house().await;
        let party = house.party("rp-imposter").await;
        let mut visitor = visitor();
        house.sign_in(&mut visitor, &house.party("rp1").await).await;
        let begun = party.begin(&[("prompt", "none")]);
        let page = visitor.open(&begun.url).await;
        assert_eq!(party.error(&begun, &page), "consent_required");
    });
}
