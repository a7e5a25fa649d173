//! One login, step by step, as a person with authenticators would do it.

use idp_tests::harness::ceremony::{Ceremony, start_of};
use idp_tests::harness::http::Visitor;
use idp_tests::harness::page::{Form, Page};
use idp_tests::harness::rp::{Begun, Party, Tokens};
use idp_tests::harness::totp::App;
use idp_tests::peers::authenticator::SoftAuthenticator;
use serde_json::{Value, json};

use super::scene::Scene;

/// A login in one browser.
#[derive(Clone)]
pub(crate) struct Login<'a> {
    pub(crate) scene: &'a Scene,
    pub(crate) visitor: Visitor,
    pub(crate) party: Party,
    pub(crate) begun: Begun,
    pub(super) page: Option<Page>,
}

impl Login<'_> {
    /// What the browser shows.
    pub(crate) fn page(&self) -> &Page {
        self.page.as_ref().expect("a page")
    }

    /// Shows something else.
    pub(crate) fn show(&mut self, page: Page) {
        self.page = Some(page);
    }

    /// Goes where the relying party sends the browser.
    pub(crate) async fn open(&mut self) {
        let page = self.visitor.open(&self.begun.url).await;
        self.page = Some(page);
    }

    /// Another login of the same browser at another relying party.
    pub(crate) async fn on_to(&self, party: &str, extra: &[(&str, &str)]) -> Self {
        let party = self.scene.party(party).await;
        let begun = party.begin(extra);
        let mut login = Self { party, begun, ..self.clone() };
        login.open().await;
        login
    }

    /// What the browser is waiting for, in a few words.
    pub(crate) fn step(&self) -> String {
        step(self.page())
    }

    /// Sends a form of the page.
    pub(crate) async fn send(&mut self, form: Form) {
        let page = self.page().clone();
        self.page = Some(self.visitor.submit(&page, form).await);
    }

    /// The address of a step of this login.
    pub(crate) fn address(&self, step: &str) -> String {
        let path = self.page().url.path().to_owned();
        let id = path.split('/').nth(2).unwrap_or_else(|| panic!("no login at {path}"));
        format!("{}/login/{id}{step}", self.scene.house.broker.base)
    }

    /// Sends what a page of ours could send, whether this page does or not.
    pub(crate) async fn post(&mut self, step: &str, fields: &[(&str, &str)]) -> Page {
        let other = self.clone();
        self.post_at(&other, step, fields).await
    }

    /// The same in this browser, to another login.
    pub(crate) async fn post_at(
        &mut self,
        other: &Login<'_>,
        step: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let action = other.address(step).parse().expect("an address");
        let fields = fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let form =
            Form { action, method: "POST".to_owned(), fields, inputs: vec![], buttons: vec![] };
        self.visitor.submit(other.page(), form).await
    }

    /// Begins the ceremony of the page; where there is a choice, that of a new passkey.
    pub(crate) async fn ceremony(&mut self) -> Ceremony {
        if start_of(self.page(), "create").is_none() && start_of(self.page(), "get").is_none() {
            let page = self.visitor.open(self.address("/enrol/passkey")).await;
            self.page = Some(page);
        }
        let page = self.page().clone();
        Ceremony::begin(&mut self.visitor, &page).await
    }

    /// Carries out the ceremony of the page, honestly but for `change`.
    pub(crate) async fn passkey(&mut self, device: SoftAuthenticator, change: Value) {
        let ceremony = self.ceremony().await;
        let answer = ceremony.answer(&self.scene.drawer, device, change).await;
        self.page = Some(ceremony.finish(&mut self.visitor, &answer).await);
    }

    /// Makes a passkey in a new authenticator.
    pub(crate) async fn new_passkey(&mut self) -> SoftAuthenticator {
        let device = self.scene.drawer.draw(json!({})).await;
        self.passkey(device, json!({})).await;
        device
    }

    /// Sets up an app; its code of the half minute before is used up, so that two more are good.
    pub(crate) async fn new_app(&mut self) -> App {
        let form = form_to(self.page(), "/enrol/app/start").expect("an app").enter();
        self.send(form).await;
        let app = App::told(&self.page().texts("code.secret")[0]);
        app.steady().await;
        let form = self.page().form_with("code").fill("code", &app.last_code()).enter();
        self.send(form).await;
        app
    }

    /// Keeps the recovery codes that the page shows.
    pub(crate) async fn keep_codes(&mut self) -> Vec<String> {
        assert_eq!(self.step(), "codes", "{}", self.page().describe());
        let codes = self.page().texts("ul.codes code");
        assert_eq!(codes.len(), 10);
        let form = form_to(self.page(), "/enrol/codes").expect("a way on").enter();
        self.send(form).await;
        codes
    }

    /// Types something into a field of the page: `code`, `recovery` or `pass`.
    pub(crate) async fn type_in(&mut self, field: &str, text: &str) {
        let form = self.page().form_with(field).fill(field, text).enter();
        self.send(form).await;
    }

    /// Goes on without a proof, where the page lets one.
    pub(crate) async fn go_without(&mut self) {
        let form = form_to(self.page(), "/factor/without").expect("a way on without").enter();
        self.send(form).await;
    }

    /// What the relying party is told.
    pub(crate) async fn tokens(&self) -> Tokens {
        self.party.finish(&self.begun, self.page()).await
    }

    /// What the relying party is told, when it is an error.
    pub(crate) fn error(&self) -> String {
        self.party.error(&self.begun, self.page())
    }
}

/// The form of a page that is sent to an address with this end.
pub(crate) fn form_to(page: &Page, end: &str) -> Option<Form> {
    page.forms().into_iter().find(|form| form.action.path().ends_with(end))
}

/// What a page waits for, in a few words.
pub(crate) fn step(page: &Page) -> String {
    if page.arrived() {
        let told = page.answer("error").map(|error| format!("told {error}"));
        return told.unwrap_or_else(|| "told".to_owned());
    }
    // By its text: parsing it for each question would take longer than everything else.
    let has = |text: &str| page.body.contains(text);
    let mut words = vec![];
    if has("/enrol/codes\"") {
        words.push("codes");
    }
    if has("data-passkey=\"create\"") || has("/enrol/passkey\"") {
        words.push("enrol passkey");
    }
    if has("/enrol/app/start\"") || has("/enrol/app\"") {
        words.push("enrol app");
    }
    if has("/enrol/later\"") {
        words.push("later");
    }
    if has("/factor/") {
        words.push("prove");
        words.extend(has("data-passkey=\"get\"").then_some("passkey"));
        let fields = ["code", "recovery", "pass"].into_iter();
        words.extend(fields.filter(|name| has(&format!("name=\"{name}\""))));
        words.extend(has("/factor/without\"").then_some("without"));
    } else if has("name=\"password\"") {
        words.push("sign in");
    } else if has("id=\"agencies\"") {
        words.push("choose");
    }
    if words.is_empty() {
        let code = page.texts("dl.facts code").into_iter().next();
        return format!("{} {}", page.status, code.unwrap_or_default()).trim().to_owned();
    }
    words.join(", ")
}
