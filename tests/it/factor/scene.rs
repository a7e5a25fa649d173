//! A federation whose agencies prove a second factor in every way that there is, and whose relying
//! parties want one in every way that there is.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use idp_tests::harness::federation::{Federation, Person, merged};
use idp_tests::harness::http::Visitor;
use idp_tests::harness::rp::{Party, Proof};
use idp_tests::harness::server::Plan;
use idp_tests::peers::authenticator::{METADATA_SIGNER, SoftAuthenticators};
use idp_tests::peers::hostile::{Forge, Mood};
use idp_tests::peers::saml::forge::Party as SamlParty;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::login::Login;
use crate::house::{House, SECRET, redirect_uri, visitor};

/// Two factors, as REFEDS calls them.
pub(crate) const MFA: &str = "https://refeds.org/profile/mfa";
/// Phishing-resistant.
pub(crate) const PHR: &str = "phr";
/// See [`Scene::says`].
pub(crate) const ANEW: &str = "anew";
/// The model of authenticators that the metadata file knows.
pub(crate) const MODEL: &str = "07070707-0707-0707-0707-070707070707";
/// One of which it says that its keys are worth nothing.
pub(crate) const BROKEN_MODEL: &str = "08080808-0808-0808-0808-080808080808";

/// Agencies that have an OpenID Provider, with what their entries and those of their sources say.
fn agencies() -> BTreeMap<&'static str, (Value, Value)> {
    let passkeys = |rules: Value| json!({"factors": {"passkeys": rules}});
    let table = json!([
        {"context": MFA, "worth": "aal2"},
        {"context": PHR, "worth": "aal2", "phishing_resistant": true},
        {"method": "hwk", "worth": "aal2", "phishing_resistant": true},
        {"method": "sms", "never": true},
    ]);
    let aged = json!([{"context": MFA, "worth": "aal2", "max_age_minutes": 60}]);
    BTreeMap::from([
        // It is believed.
        ("proves", (json!({}), json!({"trust": table}))),
        // It is not.
        ("claims", (json!({}), json!({}))),
        // It has nothing to be believed for.
        ("plain", (json!({}), json!({}))),
        // It is believed for an hour.
        ("proved", (json!({}), json!({"trust": aged}))),
        // Everybody of it needs a second factor.
        ("strict", (json!({"factors": {"demand": MFA}}), json!({}))),
        // Its help desk opens enrolment.
        ("desk", (json!({"factors": {"enrol_with": "access_pass"}}), json!({}))),
        // The same, and two of the help desk must agree.
        (
            "pair",
            (
                json!({"factors": {"enrol_with": "access_pass", "approve_access_passes": true}}),
                json!({}),
            ),
        ),
        // Particular about passkeys.
        ("trusting", (passkeys(json!({"attestation": "trusted"})), json!({}))),
        ("attested", (passkeys(json!({"attestation": "any"})), json!({}))),
        ("bound", (passkeys(json!({"device_bound": true})), json!({}))),
        ("picky", (passkeys(json!({"only": [MODEL]})), json!({}))),
        ("averse", (passkeys(json!({"never": [MODEL]})), json!({}))),
    ])
}

/// People with passwords of ours, at the source `people`.
pub(crate) const LOCALS: [Person; 4] = [
    Person { username: "kim", password: "many words of kim", name: "Kim", mail: "kim@own.example" },
    Person { username: "lou", password: "many words of lou", name: "Lou", mail: "lou@own.example" },
    Person { username: "max", password: "many words of max", name: "Max", mail: "max@own.example" },
    Person { username: "noa", password: "many words of noa", name: "Noa", mail: "noa@own.example" },
];
/// What stands on the button of their agency.
pub(crate) const OWN: &str = "Own Office";

/// The service providers: each with the context that it always demands.
const PROVIDERS: [(&str, Option<&str>); 3] =
    [("sp", None), ("sp-mfa", Some(MFA)), ("sp-phr", Some(PHR))];

/// A broker with that federation.
pub(crate) struct Scene {
    pub(crate) house: House,
    pub(crate) drawer: SoftAuthenticators,
    pub(crate) providers: BTreeMap<&'static str, SamlParty>,
    says: Arc<Mutex<BTreeMap<String, Value>>>,
    discovered: OnceCell<Party>,
}

impl Scene {
    /// Opens one; none where a tool is missing. `more` is the last word on the federation.
    pub(crate) async fn open(
        plan: Plan,
        more: impl FnOnce(Federation) -> Federation,
    ) -> Option<Self> {
        let drawer = SoftAuthenticators::start()?;
        let mut providers = BTreeMap::new();
        for (name, _) in PROVIDERS {
            providers.insert(name, SamlParty::named(name)?.unsigned());
        }
        let lines = files(&plan, &drawer).await;
        let plan = plan.with(&lines);
        let issuers: Vec<_> = std::iter::once("bridges").chain(agencies().into_keys()).collect();
        let house =
            House::open_more(plan, &issuers, |federation| more(filled(federation, &providers)))
                .await;
        let says: Arc<Mutex<BTreeMap<String, Value>>> = Arc::default();
        let scene = Self { house, drawer, providers, says, discovered: OnceCell::new() };
        for name in agencies().into_keys() {
            scene.speaks_for(name, "nobody");
        }
        Some(scene)
    }

    /// The provider of `agency` says from now on that `person` is there, unless it is given a hint.
    pub(crate) fn speaks_for(&self, agency: &str, person: &str) {
        let (says, domain) = (Arc::clone(&self.says), format!("{agency}.example"));
        let id_token = move |forge: &mut Forge<'_>| {
            let says = says.lock().unwrap_or_else(PoisonError::into_inner);
            let person = forge.claims["sub"].as_str().unwrap_or_default().to_owned();
            forge.claims["email"] = format!("{person}@{domain}").into();
            if let Some(more) = says.get(&person) {
                let mut more = more.clone();
                let anew = more.as_object_mut().and_then(|more| more.remove(ANEW));
                let is_anew = forge.asked.get("prompt").is_some_and(|asked| asked == "login");
                forge.claims = merged(forge.claims.take(), more);
                if let Some(anew) = anew.filter(|_| is_anew) {
                    forge.claims = merged(forge.claims.take(), anew);
                }
            }
            forge.sign()
        };
        let only_who = |claims: &mut Value| {
            claims
                .as_object_mut()
                .expect("claims")
                .retain(|name, _| name == "sub" || name == "name");
        };
        self.house.provider.issuer(agency).set(Mood {
            id_token: Some(Arc::new(id_token)),
            userinfo: Some(Arc::new(only_who)),
            person: Some(person.to_owned()),
            by_hint: true,
            ..Mood::default()
        });
    }

    /// Every provider says this besides of `person` from now on; null takes a claim out. What
    /// stands under [`ANEW`] is said where the person is to sign in anew.
    pub(crate) fn says(&self, person: &str, claims: Value) {
        let mut says = self.says.lock().unwrap_or_else(PoisonError::into_inner);
        says.insert(person.to_owned(), claims);
    }

    /// A relying party.
    pub(crate) async fn party(&self, id: &str) -> Party {
        let proof = Proof::Basic(SECRET.to_owned());
        let discover =
            async || Party::discover(&self.house.broker.base, id, proof, &redirect_uri(id)).await;
        let mut party = self.discovered.get_or_init(discover).await.clone();
        (party.id, party.redirect_uri) = (id.to_owned(), redirect_uri(id));
        party
    }

    /// Begins a login of `person` of `agency` at a relying party, in a new browser: as far as
    /// it goes without anybody doing anything.
    pub(crate) async fn login(&self, party: &str, agency: &str, person: &str) -> Login<'_> {
        self.login_with(party, agency, person, &[]).await
    }

    /// The same with more parameters.
    pub(crate) async fn login_with(
        &self,
        party: &str,
        agency: &str,
        person: &str,
        extra: &[(&str, &str)],
    ) -> Login<'_> {
        self.login_in(somebody(), party, agency, person, extra).await
    }

    /// The same in a browser that is there already.
    pub(crate) async fn login_in(
        &self,
        visitor: Visitor,
        party: &str,
        agency: &str,
        person: &str,
        extra: &[(&str, &str)],
    ) -> Login<'_> {
        let party = self.party(party).await;
        let mut all = vec![("idp_hint", agency), ("login_hint", person)];
        all.retain(|(name, _)| extra.iter().all(|(other, _)| name != other));
        all.extend(extra);
        let begun = party.begin(&all);
        let mut login = Login { scene: self, visitor, party, page: None, begun };
        login.open().await;
        login
    }

    /// The help desk, by the hand of `by`, gives out an access pass: its `id`, and the `pass`.
    pub(crate) async fn issues_pass(&self, by: &str, agency: &str, person: &str) -> Value {
        let whom = ["--source", agency, "--subject", person];
        let more = ["--reason", "lost the phone", "--minutes", "5", "--json"];
        let issue = [&["access-pass", "issue"][..], &whom, &more].concat();
        let issued = self.house.broker.idp_as(by, &issue).await.ok();
        serde_json::from_str(&issued.out).expect("an access pass")
    }

    /// The row of the account of a person who has signed in: by the name at their provider.
    pub(crate) async fn account(&self, person: &str) -> String {
        let sql = "select account, subject from links";
        let links = self.house.broker.database.texts(sql).await;
        let found = links.into_iter().find(|link| link[1].as_deref() == Some(person));
        found.and_then(|link| link[0].clone()).unwrap_or_else(|| panic!("no account of {person}"))
    }
}

/// A browser somewhere else than all others: so many addresses that none of them is slowed down.
pub(crate) fn somebody() -> Visitor {
    static NEXT: AtomicU16 = AtomicU16::new(1);
    let [high, low] = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    at(&format!("198.18.{high}.{low}"))
}

/// A browser at this address, by the word of a proxy.
pub(crate) fn at(address: &str) -> Visitor {
    visitor().stopping_at("https://sp").with_header("x-forwarded-for", address)
}

/// The lines of `idp.toml` for a proxy, and for a metadata file that knows our authenticators.
async fn files(plan: &Plan, drawer: &SoftAuthenticators) -> String {
    let blob = drawer.metadata(json!({MODEL: ["FIDO_CERTIFIED_L1"], BROKEN_MODEL: ["REVOKED"]}));
    let write = |name: &str, text: String| {
        let file = plan.folder().join(name);
        std::fs::write(&file, text).expect("a file");
        file.display().to_string()
    };
    let (blob, root) = (write("mds.jwt", blob.await), write("mds.pem", drawer.maker().await));
    format!(
        "[passkeys]\nmetadata = \"{blob}\"\nmetadata_root = \"{root}\"\n\
         metadata_signer = \"{METADATA_SIGNER}\"\n\
         [server.proxy]\ntrusted = [\"127.0.0.0/8\", \"::1/128\"]"
    )
}

fn filled(mut federation: Federation, providers: &BTreeMap<&'static str, SamlParty>) -> Federation {
    for (id, (agency, source)) in agencies() {
        federation = federation.changed("agencies", id, agency).changed("sources", id, source);
    }
    federation = federation
        .agency("own", OWN, "own.example", json!({"names": {"ar": "مكتبنا", "en": OWN}}))
        .local_source("people", "own", &LOCALS);
    for (id, floor) in [("rp-mfa", MFA), ("rp-phr", PHR)] {
        let more = json!({"required_acr": floor});
        federation = federation.party(id, SECRET, &redirect_uri(id), more);
    }
    for (id, floor) in PROVIDERS {
        let more = floor.map_or(json!({}), |floor| json!({"required_acr": floor}));
        federation = federation.saml_party(id, "loc", &providers[id].metadata(), more);
    }
    federation
}
