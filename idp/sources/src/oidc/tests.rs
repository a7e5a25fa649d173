//! Whole logins at a provider on loopback, honest and otherwise.

mod attacks;
mod connection;
mod logout;

use std::net::{IpAddr, Ipv4Addr};

use idp_domain::Lang;
use idp_domain::assurance::REFEDS_MFA;
use idp_fetch::Policy;
use serde_json::{Value, json};

use super::provider::{CLIENT_ID, Mood, NOW, SECRET, TestProvider};
use super::*;

const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A connector with a provider of its own.
struct Scene {
    op: TestProvider,
    connector: OidcConnector,
}

impl Scene {
    async fn new() -> Self {
        Self::with(json!({"client_secret": SECRET})).await
    }

    /// With more in its connection.
    async fn with(more: Value) -> Self {
        let op = TestProvider::start().await;
        let mut connection = json!({"issuer": op.base, "client_id": CLIENT_ID});
        connection.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let connector = connector(connection).unwrap();
        Self { op, connector }
    }

    async fn begin(&self, ask: &Ask) -> (Url, Kept) {
        match self.connector.begin(ask).await.unwrap() {
            Begun::Go(Outbound::Redirect(url), kept) => (url, kept),
            other => panic!("{other:?}"),
        }
    }

    async fn resume(&self, kept: Kept, query: Vec<(String, String)>) -> Progress {
        self.resume_at(kept, query, NOW).await
    }

    async fn resume_at(
        &self,
        kept: Kept,
        query: Vec<(String, String)>,
        now: Timestamp,
    ) -> Progress {
        let reply = Inbound { query, form: vec![], certificate: None, address: ADDRESS, now };
        self.connector.resume(kept, reply).await.unwrap()
    }

    /// A whole login, from the question to what it proves.
    async fn login(&self, ask: &Ask) -> Progress {
        let (url, kept) = self.begin(ask).await;
        let query = self.op.sign_in(&url);
        self.resume(kept, query).await
    }

    async fn proven(&self) -> AuthenticationEvent {
        self.proven_for(&ask()).await
    }

    async fn proven_for(&self, ask: &Ask) -> AuthenticationEvent {
        match self.login(ask).await {
            Progress::Proven { event, .. } => *event,
            other => panic!("{other:?}"),
        }
    }

    /// The refusal that a login ends in.
    async fn refused(&self) -> Refusal {
        refusal(self.login(&ask()).await)
    }
}

fn refusal(progress: Progress) -> Refusal {
    match progress {
        Progress::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

fn connector(connection: Value) -> Result<OidcConnector, ConnectionError> {
    let policy = Policy { allow_loopback: true, ..Policy::default() };
    let outside = Outside {
        fetcher: Fetcher::new(policy).unwrap(),
        documents: Arc::default(),
        base_url: "https://broker.example".parse().unwrap(),
    };
    let connection = serde_json::from_value(connection).unwrap();
    OidcConnector::new("una".parse().unwrap(), "agency".parse().unwrap(), connection, outside)
}

fn ask() -> Ask {
    Ask {
        relying_party: "portal".parse().unwrap(),
        correlator: "t1.secret".to_owned(),
        force: false,
        passive: false,
        max_age: None,
        acr: vec![],
        login_hint: None,
        lang: Lang::Fr,
        address: ADDRESS,
        now: NOW,
    }
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}

//= oidc-core#5.7-1 test
#[tokio::test]
async fn a_person_who_signs_in_is_proven_with_all_that_the_source_says() {
    let scene = Scene::with(json!({"client_secret": SECRET, "acr": {"gold": REFEDS_MFA}})).await;
    let event = scene.proven().await;
    assert_eq!(event.identity.issuer, scene.op.base);
    assert_eq!(event.identity.subject.as_str(), "alice");
    assert_eq!(event.identity.source.as_str(), "una");
    assert_eq!(event.agency.as_str(), "agency");
    assert_eq!(event.authenticated_at, Some(NOW));
    assert_eq!(event.acr.unwrap().as_str(), REFEDS_MFA);
    assert_eq!(event.amr.len(), 2);
    assert_eq!(event.assurance, Assurance::Aal1, "crediting more is the broker's matter");
    assert_eq!(event.source_session.as_deref(), Some("s1"));
    let said: Vec<_> = event.identity.attributes.iter().map(|(_, values)| values).collect();
    assert_eq!(said, [["Alice A."], ["alice@una.example"]]);
}

#[tokio::test]
async fn what_is_demanded_is_passed_on_in_the_source_s_words() {
    let acr = json!({"gold": REFEDS_MFA, "platinum": REFEDS_MFA});
    let scene = Scene::with(json!({"client_secret": SECRET, "acr": acr})).await;
    let ask = Ask {
        acr: vec![REFEDS_MFA.parse().unwrap(), "urn:other".parse().unwrap()],
        max_age: Some(Lifetime::minutes(5)),
        login_hint: Some("alice".to_owned()),
        ..ask()
    };
    let (url, _) = scene.begin(&ask).await;
    let named = |name| parameter(&url, name).unwrap_or_default();
    assert_eq!(named("redirect_uri"), "https://broker.example/sources/una/callback");
    assert_eq!(named("state"), "t1.secret");
    assert_eq!(named("scope"), "openid profile email");
    assert_eq!(named("acr_values"), "gold platinum urn:other");
    assert_eq!(named("max_age"), "300");
    assert_eq!(named("login_hint"), "alice");
    assert_eq!(named("ui_locales"), "fr");
    assert_eq!(parameter(&url, "prompt"), None);
}

#[tokio::test]
async fn silence_and_force_are_passed_on_before_any_wish_of_the_configuration() {
    let scene = Scene::with(json!({"client_secret": SECRET, "prompt": "select_account"})).await;
    for (passive, force, prompt, max_age) in [
        (false, false, "select_account", None),
        (false, true, "login", Some("0".to_owned())),
        (true, false, "none", None),
    ] {
        let (url, _) = scene.begin(&Ask { passive, force, ..ask() }).await;
        assert_eq!(parameter(&url, "prompt").unwrap(), prompt);
        assert_eq!(parameter(&url, "max_age"), max_age);
    }
}

#[tokio::test]
async fn nonce_and_challenge_are_new_for_each_login() {
    let scene = Scene::new().await;
    let (one, _) = scene.begin(&ask()).await;
    let (other, _) = scene.begin(&ask()).await;
    for name in ["nonce", "code_challenge"] {
        assert_ne!(parameter(&one, name), parameter(&other, name), "{name}");
    }
}

#[tokio::test]
async fn what_a_source_publishes_is_fetched_once() {
    let scene = Scene::new().await;
    scene.proven().await;
    scene.proven().await;
    assert_eq!(scene.op.asked("/.well-known/openid-configuration"), 1);
    assert_eq!(scene.op.asked("/keys"), 1);
    assert_eq!(scene.op.asked("/token"), 2);
}

//= oidc-core#10.1.1-2 test
#[tokio::test]
async fn a_key_that_is_new_is_looked_for_once_and_then_believed() {
    let scene = Scene::new().await;
    scene.proven().await;
    scene.op.rotate(true);
    scene.proven().await;
    assert_eq!(scene.op.asked("/keys"), 2);
}

//= oidc-core#10.1.1-2 test
#[tokio::test]
async fn a_key_that_is_not_published_is_looked_for_once_and_not_believed() {
    let scene = Scene::new().await;
    scene.proven().await;
    scene.op.rotate(false);
    assert_eq!(scene.refused().await.reason(), "key");
    assert_eq!(scene.refused().await.reason(), "key");
    assert_eq!(scene.op.asked("/keys"), 2, "not again so soon");
}

#[tokio::test]
async fn a_memory_of_another_issuer_or_of_no_login_at_all_is_lost() {
    let one = Scene::new().await;
    let (_, kept) = one.begin(&ask()).await;
    let other = Scene::new().await;
    for kept in [kept, Kept::new(String::new()), Kept::new("{}".to_owned())] {
        assert_eq!(refusal(other.resume(kept, vec![]).await), Refusal::TransactionLost);
    }
}

#[tokio::test]
async fn a_source_that_is_away_is_unavailable_at_each_step() {
    for path in ["/.well-known/openid-configuration", "/token", "/keys", "/userinfo"] {
        let scene = Scene::new().await;
        scene.op.set(Mood { broken: Some(path), ..Mood::default() });
        let refusal = match scene.connector.begin(&ask()).await.unwrap() {
            Begun::Refused(refusal) => refusal,
            Begun::Go(..) => scene.refused().await,
        };
        assert_eq!(refusal.slug(), "source_unavailable", "{path}");
    }
}

#[tokio::test]
async fn a_discovery_document_of_somebody_else_sends_nobody_anywhere() {
    let scene = Scene::new().await;
    let discovery =
        Some(Box::new(|found: &mut Value| found["issuer"] = json!("https://x.example")) as _);
    scene.op.set(Mood { discovery, ..Mood::default() });
    match scene.connector.begin(&ask()).await.unwrap() {
        Begun::Refused(refusal) => assert_eq!(refusal.reason(), "discovery_issuer"),
        other @ Begun::Go(..) => panic!("{other:?}"),
    }
}
