//! The federation that most tests share: one broker, its agencies, sources and relying parties.

use std::collections::BTreeMap;

use idp_tests::harness::federation::{Federation, Person, jwks, merged};
use idp_tests::harness::http::Visitor;
use idp_tests::harness::jose::SigningKey;
use idp_tests::harness::page::{Form, Page};
use idp_tests::harness::rp::{Begun, Party, Proof, Tokens};
use idp_tests::harness::server::{Broker, Plan};
use idp_tests::peers::hostile::{CLIENT_ID, Hostile, SECRET as OP_SECRET};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The secret of every confidential relying party here.
pub(crate) const SECRET: &str = "secret of the test bed: 0123456789 & more";
/// What stands on the button of the agency whose people have accounts at the broker.
pub(crate) const LOCAL: &str = "Partners Office";
/// What stands on the button of the agency that has an OpenID Provider.
pub(crate) const FOREIGN: &str = "Bureau of Bridges";

/// A partner with a local account.
pub(crate) const EVE: Person = Person {
    username: "eve",
    password: "correct horse battery staple",
    name: "Eve Partner",
    mail: "eve@loc.example",
};
/// Another one.
pub(crate) const LEO: Person = Person {
    username: "leo",
    password: "another long and winding phrase",
    name: "Leo Partner",
    mail: "leo@loc.example",
};

/// A broker with its federation, and the provider behind one of its sources.
#[derive(Debug)]
pub(crate) struct House {
    pub(crate) broker: Broker,
    pub(crate) provider: Hostile,
    /// The federation file that was applied.
    pub(crate) file: Value,
    key: Arc<SigningKey>,
}

/// The house that tests share which disturb nobody.
pub(crate) async fn house() -> &'static House {
    static HOUSE: OnceCell<House> = OnceCell::const_new();
    HOUSE.get_or_init(async || House::open(Plan::new("house")).await).await
}

/// The redirect URI of a relying party: nobody listens there, visitors stop before it.
pub(crate) fn redirect_uri(id: &str) -> String {
    format!("https://{id}.example/cb")
}

impl House {
    /// Builds the usual federation on a broker.
    pub(crate) async fn open(plan: Plan) -> Self {
        Self::open_with(plan, &["bridges"]).await
    }

    /// The same with more issuers: each is a source of that id, in an agency of that id.
    pub(crate) async fn open_with(plan: Plan, issuers: &[&str]) -> Self {
        Self::open_more(plan, issuers, |federation| federation).await
    }

    /// The same with whatever else stands in the federation file.
    pub(crate) async fn open_more(
        plan: Plan,
        issuers: &[&str],
        more: impl FnOnce(Federation) -> Federation,
    ) -> Self {
        let provider = Hostile::start(issuers).await;
        let key = Arc::new(SigningKey::es256("party-key"));
        let mut federation = federation(&provider, &key);
        for name in issuers.iter().filter(|name| **name != "bridges") {
            let url = &provider.issuer(name).url;
            let more = match *name {
                "orp14mfa" => json!({"trusted_acr": ["https://refeds.org/profile/mfa"]}),
                "orp15" => json!({"connection": {"required_claims": {"hd": ["unb.example"]}}}),
                _ => json!({}),
            };
            federation = federation
                .agency(name, &format!("Agency {name}"), &format!("{name}.example"), json!({}))
                .oidc_source(name, name, url, (CLIENT_ID, OP_SECRET), more);
        }
        let file = more(federation).build();
        let broker = plan.start(&file).await;
        Self { broker, provider, file, key }
    }

    /// A house around a broker whose federation was applied elsewhere.
    pub(crate) async fn around(broker: Broker) -> Self {
        let provider = Hostile::start(&[]).await;
        let key = Arc::new(SigningKey::es256("party-key"));
        Self { broker, provider, file: Value::Null, key }
    }

    /// Where a source takes answers.
    pub(crate) fn callback(&self, source: &str) -> String {
        format!("{}/sources/{source}/callback", self.broker.base)
    }

    /// A relying party of this house by its id.
    pub(crate) async fn party(&self, id: &str) -> Party {
        let proof = match id {
            "rp-post" => Proof::Post(SECRET.to_owned()),
            "rp-key" => Proof::Key(Arc::clone(&self.key)),
            "rp-spa" | "rp-native" => Proof::None,
            _ => Proof::Basic(SECRET.to_owned()),
        };
        let redirect_uri = match id {
            "rp-native" => "http://127.0.0.1:51234/cb".to_owned(),
            "rp-query" => "https://rp-query.example/cb?a=1".to_owned(),
            _ => redirect_uri(id),
        };
        Party::discover(&self.broker.base, id, proof, &redirect_uri).await
    }

    /// Signs eve in at a relying party and returns its tokens.
    pub(crate) async fn sign_in(&self, visitor: &mut Visitor, party: &Party) -> Tokens {
        self.sign_in_with(visitor, party, &[]).await
    }

    /// The same with more parameters in the request.
    pub(crate) async fn sign_in_with(
        &self,
        visitor: &mut Visitor,
        party: &Party,
        extra: &[(&str, &str)],
    ) -> Tokens {
        let begun = party.begin(extra);
        let page = self.answer(visitor, &begun, EVE).await;
        party.finish(&begun, &page).await
    }

    /// Takes a login from its beginning to the answer, choosing and signing in where asked.
    pub(crate) async fn answer(
        &self,
        visitor: &mut Visitor,
        begun: &Begun,
        person: Person,
    ) -> Page {
        let page = visitor.open(&begun.url).await;
        go_on(visitor, page, person).await
    }
}

/// Goes on from any page of a login to its answer, as a person would.
pub(crate) async fn go_on(visitor: &mut Visitor, mut page: Page, person: Person) -> Page {
    for _ in 0..5 {
        if page.arrived() || page.asks_for_factor() {
            return page;
        }
        page = if let Some(form) = page.forms().into_iter().find(hands_over) {
            // A message in a form, with a button for browsers without scripts.
            assert!(!form.buttons.is_empty(), "no button: {}", page.describe());
            visitor.submit(&page, form.enter()).await
        } else if page.forms().iter().any(|form| form.inputs.iter().any(|i| i == "password")) {
            visitor.sign_in(&page, person.username, person.password).await
        } else {
            visitor.choose(&page, LOCAL).await
        };
    }
    page
}

/// Whether a form carries a SAML message.
pub(crate) fn hands_over(form: &Form) -> bool {
    form.value("SAMLResponse").is_some() || form.value("SAMLRequest").is_some()
}

/// A browser that stops before every relying party of the house.
pub(crate) fn visitor() -> Visitor {
    Visitor::new().stopping_at("https://rp").stopping_at("http://127.0.0.1:51234/cb")
}

fn federation(provider: &Hostile, key: &SigningKey) -> Federation {
    let mut federation = Federation::new()
        .agency("loc", LOCAL, "loc.example", json!({"aliases": ["PO", "مكتب الشركاء"]}))
        .agency(
            "unb",
            FOREIGN,
            "unb.example",
            json!({
                "names": {"en": FOREIGN, "fr": "Bureau des ponts", "ar": "مكتب الجسور"},
                "domains": ["unb.example", "*.unb.example"], "aliases": ["BoB"],
            }),
        )
        .local_source("partners", "loc", &[EVE, LEO])
        .oidc_source(
            "bridges",
            "unb",
            &provider.issuer("bridges").url,
            (CLIENT_ID, OP_SECRET),
            json!({}),
        );
    for (id, more) in parties(key) {
        let home = json!({"home": redirect_uri(id).replace("/cb", "/")});
        let more = match id {
            "rp-closed" | "rp-imposter" => more,
            _ => json!({"connection": more}),
        };
        federation = federation.party(id, SECRET, &redirect_uri(id), merged(home, more));
    }
    federation
}

/// Every relying party with what sets it apart in its connection.
fn parties(key: &SigningKey) -> BTreeMap<&'static str, Value> {
    BTreeMap::from([
        ("rp1", json!({"post_logout_redirect_uris": ["https://rp1.example/bye"]})),
        ("rp2", json!({})),
        ("rp-post", json!({"token_endpoint_auth_method": "client_secret_post"})),
        (
            "rp-key",
            json!({
                "client_secrets": null, "token_endpoint_auth_method": "private_key_jwt",
                "jwks": jwks(key),
            }),
        ),
        ("rp-spa", json!({"client_secrets": null, "token_endpoint_auth_method": "none"})),
        (
            "rp-native",
            json!({
                "client_secrets": null, "token_endpoint_auth_method": "none",
                "application_type": "native", "redirect_uris": ["http://127.0.0.1/cb"],
            }),
        ),
        ("rp-pair-a", json!({"subject_type": "pairwise"})),
        ("rp-pair-b", json!({"subject_type": "pairwise"})),
        (
            "rp-two",
            json!({
                "redirect_uris": ["https://rp-two.example/cb", "https://rp-two.example/cb2"],
            }),
        ),
        ("rp-query", json!({"redirect_uris": ["https://rp-query.example/cb?a=1"]})),
        ("rp-closed", json!({"agencies": ["unb"]})),
        ("rp-rs256", json!({"id_token_signed_response_alg": "RS256"})),
        ("rp-eddsa", json!({"id_token_signed_response_alg": "EdDSA"})),
        ("rp-old", json!({"profile": "baseline"})),
        ("rp-loop", json!({"redirect_uris": ["http://127.0.0.1:4711/cb"]})),
        (
            "rp-imposter",
            json!({
                "names": {"en": "UN Secretariat \u{202e}liaM\u{202c}"}, "consent": "ask",
            }),
        ),
        (
            "rp-service",
            json!({
                "grant_types": ["client_credentials"], "redirect_uris": [], "offline_access": false,
            }),
        ),
    ])
}
