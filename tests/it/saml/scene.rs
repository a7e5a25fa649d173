//! A broker between foreign SAML peers: `SimpleSAMLphp` and an OpenID Provider above, pysaml2,
//! `mod_auth_mellon` and OpenID Connect relying parties below.

use idp_tests::harness::federation::{Federation, merged};
use idp_tests::harness::http::{Visitor, client};
use idp_tests::harness::page::Page;
use idp_tests::harness::ports::free_port;
use idp_tests::harness::rp::{Answer, Party, Proof, Tokens};
use idp_tests::harness::server::{Broker, Plan};
use idp_tests::peers::apache::{Apache, Mellon};
use idp_tests::peers::openid_provider::{self, OpenidProvider};
use idp_tests::peers::saml::service_provider::{ServiceProvider, ServiceProviders};
use idp_tests::peers::saml::simplesamlphp::SimpleSamlPhp;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::house::{EVE, hands_over, redirect_uri};

/// What stands on the button of the agency that has `SimpleSAMLphp`.
pub(super) const UNA: &str = "Office of Oats";
/// What stands on the button of the agency that has an OpenID Provider.
pub(super) const UNB: &str = "Bureau of Barley";
/// The secret of relying parties and providers.
const SECRET: &str = "a-secret-of-the-test-bed-0123456789abcdef";

/// The broker and everybody around it.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) broker: Broker,
    pub(super) idp: SimpleSamlPhp,
    pub(super) op: OpenidProvider,
    pub(super) providers: ServiceProviders,
    pub(super) apache: Apache,
}

/// The scene that tests share which change nobody's habits.
pub(super) async fn shared() -> Option<&'static Scene> {
    static SCENE: OnceCell<Option<Scene>> = OnceCell::const_new();
    SCENE.get_or_init(async || Scene::open("saml", json!({}), json!({})).await).await.as_ref()
}

impl Scene {
    /// Opens one: `source` and `party` change the entries of the SAML source and of each SAML
    /// relying party.
    pub(super) async fn open(name: &str, source: Value, party: Value) -> Option<Self> {
        let plan = Plan::new(name);
        let idp = SimpleSamlPhp::start().await?;
        let people = json!({"bob": {
            "name": "Bob Barley", "email": "bob@unb.example", "email_verified": true,
        }});
        let registered = openid_provider::client("broker", SECRET, &plan.callback("unb"));
        let op = OpenidProvider::start(free_port(), &[registered], &people).await?;
        let settings = [
            ("sp", json!({"encrypt": true})),
            ("plain", json!({})),
            ("unsigned", json!({"signed": false})),
            ("soap", json!({"slo": ["soap"]})),
            ("posting", json!({"slo": ["post"]})),
        ];
        let metadata = format!("{}/saml/metadata", plan.base);
        let providers = ServiceProviders::start(free_port(), &metadata, &settings).await?;
        let mellon = Mellon::register(free_port())?;
        let connection = json!({"encryption": {"allow_oaep_sha1": true}});
        let own = merged(json!({"connection": connection}), source);
        let scopes: Value = json!({"connection": {"scopes": ["openid", "profile", "email"]}});
        let mut federation = Federation::new()
            .agency("loc", "Local Lentils", "loc.example", json!({}))
            .local_source("partners", "loc", &[EVE])
            .agency("una", UNA, "una.example", json!({"names": {"en": UNA, "ar": "مكتب الشوفان"}}))
            .saml_source("una", "una", &idp.metadata().await, own)
            .agency("unb", UNB, "unb.example", json!({}))
            .oidc_source("unb", "unb", &op.issuer, ("broker", SECRET), scopes)
            .saml_party("mellon", "loc", &mellon.metadata(), party.clone());
        for (name, _) in &settings {
            let metadata = providers.provider(name).metadata().await;
            federation = federation.saml_party(name, "loc", &metadata, party.clone());
        }
        for id in ["rp1", "rp2"] {
            let more = json!({"connection": {
                "post_logout_redirect_uris": [format!("https://{id}.example/bye")],
            }});
            federation = federation.party(id, SECRET, &redirect_uri(id), more);
        }
        let broker = plan.start(&federation.build()).await;
        idp.trust(&document(&format!("{}/saml/sp/metadata", broker.base)).await);
        let apache = mellon.start(&document(&metadata).await).await?;
        Some(Self { broker, idp, op, providers, apache })
    }

    /// A service provider of pysaml2 by its name.
    pub(super) fn provider(&self, name: &str) -> ServiceProvider {
        self.providers.provider(name)
    }

    /// An OpenID Connect relying party.
    pub(super) async fn party(&self, id: &str) -> Party {
        let proof = Proof::Basic(SECRET.to_owned());
        Party::discover(&self.broker.base, id, proof, &redirect_uri(id)).await
    }

    /// Goes on from any page of a login to where it ends, as a person of this name would: `alice`
    /// and `borge` at `SimpleSAMLphp`, `bob` at the OpenID Provider.
    pub(super) async fn go_on(&self, visitor: &mut Visitor, mut page: Page, person: &str) -> Page {
        for _ in 0..10 {
            let is_broker = page.url.as_str().starts_with(&self.broker.base);
            let has = |name: &str| page.forms().iter().any(|form| form.value(name).is_some());
            page = if page.arrived() {
                return page;
            } else if self.idp.owns(&page) {
                if has("username") {
                    self.idp.sign_in(visitor, &page, person).await
                } else {
                    self.idp.press_on(visitor, page).await
                }
            } else if page.url.as_str().starts_with(&self.op.issuer) {
                self.op.sign_in(visitor, &page, person).await
            } else if let Some(form) = page.forms().into_iter().find(hands_over) {
                visitor.submit(&page, form.enter()).await
            } else if is_broker && page.links().iter().any(|(text, _)| text.contains(UNA)) {
                visitor.choose(&page, if person == "bob" { UNB } else { UNA }).await
            } else {
                return page;
            };
        }
        page
    }

    /// Signs somebody in at an OpenID Connect relying party.
    pub(super) async fn sign_in_at(
        &self,
        visitor: &mut Visitor,
        party: &Party,
        person: &str,
    ) -> Tokens {
        let begun = party.begin(&[]);
        let page = visitor.open(&begun.url).await;
        let page = self.go_on(visitor, page, person).await;
        assert!(page.arrived(), "{:?}\n{}", self.reasons().await, page.describe());
        let tokens = party.finish(&begun, &page).await;
        let more = party.userinfo(tokens.access()).await.json;
        Tokens { claims: merged(tokens.claims.clone(), more), ..tokens }
    }

    /// Signs somebody in at a service provider of pysaml2, which asks so; what it was told.
    pub(super) async fn sign_in_to(
        &self,
        visitor: &mut Visitor,
        provider: &ServiceProvider,
        asked: &[(&str, &str)],
        person: &str,
    ) -> Value {
        let page = visitor.open(provider.sign_in(asked)).await;
        let page = self.go_on(visitor, page, person).await;
        provider.told(&page)
    }

    /// Signs somebody in behind mellon; the protected page.
    pub(super) async fn sign_in_behind_mellon(&self, visitor: &mut Visitor, person: &str) -> Page {
        let page = visitor.open(self.apache.protected()).await;
        let page = self.go_on(visitor, page, person).await;
        assert!(
            page.url.as_str() == self.apache.protected() && page.status == 200,
            "{}\n{}",
            page.describe(),
            self.apache.log()
        );
        page
    }

    /// Whether the browser has a session at the broker.
    pub(super) async fn is_signed_in(&self, visitor: &mut Visitor) -> bool {
        let party = self.party("rp2").await;
        let begun = party.begin(&[("prompt", "none")]);
        let page = visitor.open(&begun.url).await;
        match page.answer("error").as_deref() {
            None => true,
            Some("login_required") => false,
            Some(error) => panic!("{error}"),
        }
    }

    /// Why answers of sources were not believed, so far: for the message of a failed test.
    pub(super) async fn reasons(&self) -> Vec<String> {
        let rows = self.broker.database.trail().await.into_values();
        rows.filter(|row| row["kind"] == "federation.inbound.rejected")
            .map(|row| format!("{} {}", row["reason"], row["detail"]))
            .collect()
    }

    /// A browser that stops before the relying parties that nobody runs.
    pub(super) fn visitor() -> Visitor {
        Visitor::new().stopping_at("https://rp")
    }
}

/// A document that somebody publishes.
pub(super) async fn document(url: &str) -> String {
    let answer = Answer::of(client().get(url)).await;
    assert_eq!(answer.status, 200, "{url}: {}", answer.body);
    answer.body
}
