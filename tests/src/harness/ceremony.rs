//! The two steps of a passkey ceremony as `passkey.js` makes them, for browsers without scripts.

use serde_json::{Value, json};
use url::Url;

use super::http::Visitor;
use super::page::{Form, Page};
use super::rp::Answer;
use crate::peers::authenticator::{SoftAuthenticator, SoftAuthenticators};

/// A ceremony that a page has begun.
#[derive(Debug, Clone)]
pub struct Ceremony {
    /// What the authenticator is asked.
    pub options: Value,
    /// The name under which its answer is given.
    pub name: String,
    /// The page.
    pub page: Page,
}

/// Where the ceremony of a page begins, if it has one of `get` or `create`.
pub fn start_of(page: &Page, kind: &str) -> Option<Url> {
    if !page.body.contains("data-passkey") {
        return None;
    }
    let start = page.attribute(&format!("form[data-passkey={kind}]"), "data-start")?;
    Some(page.url.join(&start).expect("an address"))
}

impl Ceremony {
    /// Begins the one that the page offers: to create a passkey where it offers that, else to use
    /// one.
    pub async fn begin(visitor: &mut Visitor, page: &Page) -> Self {
        let answer = Self::try_to_begin(visitor, page).await;
        assert_eq!(answer.status, 200, "{}\n{}", answer.body, page.describe());
        let text = |name: &str| answer.json[name].as_str().expect("a text").to_owned();
        Self { name: text("ceremony"), options: answer.json["options"].clone(), page: page.clone() }
    }

    /// The same, whatever comes of it.
    pub async fn try_to_begin(visitor: &mut Visitor, page: &Page) -> Answer {
        let start = start_of(page, "create").or_else(|| start_of(page, "get"));
        let Some(start) = start else { panic!("no ceremony on {}", page.describe()) };
        visitor.fetch(&page.url, &start, &json!({"autofill": false})).await
    }

    /// What is asked, without the envelope.
    pub fn asked(&self) -> &Value {
        &self.options["publicKey"]
    }

    /// The origin at which it is honest to answer.
    pub fn origin(&self) -> String {
        self.page.url.origin().ascii_serialization()
    }

    /// The form that goes back, with this answer in it.
    pub fn form(&self, answer: &Value) -> Form {
        let form = self.page.form_with("ceremony");
        form.fill("ceremony", &self.name).fill("answer", &answer.to_string()).enter()
    }

    /// Gives this answer.
    pub async fn finish(&self, visitor: &mut Visitor, answer: &Value) -> Page {
        visitor.submit(&self.page, self.form(answer)).await
    }

    /// What `device` answers, honestly but for `change`, of which its program says more.
    pub async fn answer(
        &self,
        drawer: &SoftAuthenticators,
        device: SoftAuthenticator,
        change: Value,
    ) -> Value {
        if self.asked().get("rp").is_some() {
            drawer.create(device, &self.options, &self.origin(), change).await
        } else {
            drawer.get(device, &self.options, &self.origin(), change).await
        }
    }
}
