//! TOK: attacks on tokens, over HTTP. Those on single tokens are beside the endpoints, in `oidc`.

use std::time::Duration;

use idp_tests::harness::federation::Person;
use idp_tests::harness::http::Visitor;
use idp_tests::harness::process::until;
use idp_tests::harness::rp::{Party, Tokens};
use idp_tests::harness::run;
use serde_json::{Value, json};

use crate::attacks::bench::production;
use crate::house::{EVE, House, LEO, go_on, visitor};

/// A browser that is signed in, and what its relying party holds.
struct SignedIn {
    browser: Visitor,
    tokens: Tokens,
}

impl SignedIn {
    async fn new(party: &Party, person: Person) -> Self {
        let mut browser = visitor();
        let begun = party.begin(&[("scope", "openid offline_access")]);
        let page = browser.open(&begun.url).await;
        let page = go_on(&mut browser, page, person).await;
        let tokens = party.finish(&begun, &page).await;
        Self { browser, tokens }
    }

    /// Whether it is all over within the five seconds that nodes have.
    async fn is_out(&mut self, party: &Party) {
        until("the end of an access token", Duration::from_secs(5), async || {
            (party.userinfo(self.tokens.access()).await.status == 401).then_some(())
        })
        .await;
        let answer = party.refresh(self.tokens.refresh()).await;
        assert_eq!((answer.status, answer.error()), (400, Some("invalid_grant")));
        let silent = party.begin(&[("prompt", "none")]);
        let page = self.browser.open(&silent.url).await;
        assert_eq!(party.error(&silent, &page), "login_required");
    }

    /// Whether nothing of it is over.
    async fn is_in(&mut self, party: &Party) {
        assert_eq!(party.userinfo(self.tokens.access()).await.status, 200);
        let answer = party.refresh(self.tokens.refresh()).await;
        self.tokens = party.read_tokens(answer, None).await;
        let silent = party.begin(&[("prompt", "none")]);
        let page = self.browser.open(&silent.url).await;
        party.code(&silent, &page);
    }
}

/// The file with something else said of a person with a local account.
fn saying(file: &Value, person: Person, key: &str, value: Value) -> Value {
    let mut file = file.clone();
    let sources = file["sources"].as_array_mut().expect("sources");
    let local = sources.iter_mut().find(|source| source["id"] == "partners").expect("partners");
    let accounts = local["connection"]["accounts"].as_array_mut().expect("accounts");
    let account = accounts.iter_mut().find(|account| account["username"] == person.username);
    account.expect("the account")[key] = value;
    file
}

#[test]
fn tok_09_whoever_a_file_disables_or_gives_another_password_has_nothing_left() {
    run(async {
        let house = House::open(production("tok09").await).await;
        let party = house.party("rp1").await;
        let mut eve = SignedIn::new(&party, EVE).await;
        let mut leo = SignedIn::new(&party, LEO).await;
        // A file that says nothing new ends nothing.
        house.broker.apply(&house.file).await.ok();
        eve.is_in(&party).await;

        let without_eve = saying(&house.file, EVE, "enabled", json!(false));
        house.broker.apply(&without_eve).await.ok();
        eve.is_out(&party).await;
        leo.is_in(&party).await;

        let other = json!("a phrase that nobody knew before");
        house.broker.apply(&saying(&without_eve, LEO, "password", other)).await.ok();
        leo.is_out(&party).await;
    });
}
