//! The house that SAML messages attack: agencies and service providers whose keys the test holds.
//!
//! Length: one scene, which all of these attacks share.

use std::collections::BTreeMap;

use idp_tests::harness::federation::{Federation, merged};
use idp_tests::harness::http::{Visitor, client};
use idp_tests::harness::jose;
use idp_tests::harness::page::Page;
use idp_tests::harness::rp::{Answer, Begun, Party as OidcParty};
use idp_tests::harness::run;
use idp_tests::peers::saml::forge::{Agency, Asked, Encryption, Party, Response, attribute};
use idp_tests::peers::saml::keys::KeyPair;
use idp_tests::peers::saml::message::{MFA, Message, base64};
use idp_tests::peers::saml::xmlsec::{self, Algorithms};
use serde_json::{Value, json};
use tokio::sync::{Mutex, OnceCell};

use crate::attacks::bench::{Bench, Mark, TrailRow, production};
use crate::house::House;

/// The agencies: each is a source, with what sets its connection apart.
fn sources() -> BTreeMap<&'static str, Value> {
    let connection = |more: Value| json!({"connection": more});
    BTreeMap::from([
        ("aga", connection(json!({}))),
        ("agm", connection(json!({}))),
        ("agu", connection(json!({"idp_initiated": true}))),
        ("age", connection(json!({"encryption": {"allow_oaep_sha1": true}}))),
        (
            "agr",
            connection(json!({
                "require_encryption": true, "encryption": {"allow_oaep_sha1": true},
            })),
        ),
        ("agec", connection(json!({}))),
        ("agmfa", json!({"trusted_acr": [MFA]})),
        ("agoff", connection(json!({"idp_initiated": true}))),
    ])
}

/// The house under attack by SAML, for one test at a time.
pub(crate) struct SamlBench {
    /// What is common to all attacks.
    pub(crate) bench: Bench,
    agencies: &'static BTreeMap<&'static str, Agency>,
    parties: &'static BTreeMap<&'static str, Party>,
}

/// A login that waits at an agency for its answer.
pub(crate) struct Held {
    /// The browser.
    pub(crate) visitor: Visitor,
    /// The relying party that the person wants to go to.
    pub(crate) party: OidcParty,
    /// What it has begun.
    pub(crate) begun: Begun,
    /// What the agency was asked.
    pub(crate) asked: Asked,
    /// Who was asked.
    pub(crate) agency: Agency,
}

struct Cast {
    house: House,
    agencies: BTreeMap<&'static str, Agency>,
    parties: BTreeMap<&'static str, Party>,
}

/// Waits for this test's turn; none where there is no `xmlsec1`.
pub(crate) async fn saml_bench() -> Option<SamlBench> {
    static CAST: OnceCell<Option<Cast>> = OnceCell::const_new();
    static TURN: Mutex<()> = Mutex::const_new(());
    let turn = TURN.lock().await;
    let Cast { house, agencies, parties } = CAST.get_or_init(open).await.as_ref()?;
    Some(SamlBench { bench: Bench::of(house, turn), agencies, parties })
}

async fn open() -> Option<Cast> {
    if !xmlsec::available() {
        return None;
    }
    let mut agencies = BTreeMap::new();
    for name in sources().into_keys() {
        agencies.insert(name, Agency::named(name)?);
    }
    let keys = KeyPair::named("sp1")?;
    let parties = BTreeMap::from([
        ("sp1", Party::named("sp1")?),
        ("sp2", Party::named("sp2")?.unsigned()),
        ("spx", Party::named("spx")?),
        ("spoff", Party::named("spoff")?.unsigned()),
        ("spenc", Party::named("spenc")?.encrypted(KeyPair::named("spenc")?, "")),
        ("sp3des", Party::named("sp3des")?.encrypted(keys, TRIPLE_DES)),
        ("spcbc", Party::named("spcbc")?.encrypted(keys, CBC)),
        ("sprsa15", Party::named("sprsa15")?.encrypted(keys, RSA_1_5)),
        ("sptiny", Party::named("sptiny")?.encrypted(KeyPair::named("weak")?, "")),
    ]);
    let fill = |mut federation: Federation| {
        for (name, more) in sources() {
            let (title, domain) = (format!("Agency {name}"), format!("{name}.example"));
            federation = federation.agency(name, &title, &domain, json!({})).saml_source(
                name,
                name,
                &agencies[name].metadata(),
                more,
            );
        }
        for (name, party) in &parties {
            let more = match *name {
                "spoff" => json!({"enabled": false}),
                "sptiny" | "sp3des" | "spcbc" | "sprsa15" => {
                    json!({"connection": {"encrypt": "required"}})
                }
                _ => json!({}),
            };
            federation = federation.saml_party(name, "loc", &party.metadata(), more);
        }
        federation
    };
    let house = House::open_more(production("attacked-saml").await, &["bridges"], fill).await;
    Some(Cast { house, agencies, parties })
}

/// `EncryptionMethod`s that name nothing else than weak ones.
const TRIPLE_DES: &str =
    "<md:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#tripledes-cbc\"/>";
const CBC: &str =
    "<md:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes128-cbc\"/>";
const RSA_1_5: &str =
    "<md:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#rsa-1_5\"/>";

impl SamlBench {
    /// An agency by its name.
    pub(crate) fn agency(&self, name: &str) -> &'static Agency {
        &self.agencies[name]
    }

    /// A service provider by its name.
    pub(crate) fn provider(&self, name: &str) -> &'static Party {
        &self.parties[name]
    }

    /// The broker's address.
    pub(crate) fn base(&self) -> &str {
        &self.bench.house.broker.base
    }

    /// Our metadata: as identity provider, or as service provider.
    pub(crate) async fn metadata(&self, path: &str) -> Message {
        let answer = Answer::of(client().get(format!("{}{path}", self.base()))).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        Message { xml: answer.body, relay_state: None }
    }

    /// The address in our metadata of this kind of endpoint by this binding.
    pub(crate) async fn endpoint(&self, path: &str, kind: &str, binding: &str) -> String {
        let metadata = self.metadata(path).await;
        metadata.read(|root| {
            root.descendants()
                .filter(|node| node.tag_name().name() == kind)
                .find(|node| node.attribute("Binding") == Some(binding))
                .and_then(|node| node.attribute("Location"))
                .unwrap_or_else(|| panic!("no {kind} by {binding} in {path}"))
                .to_owned()
        })
    }

    /// Where service providers send people, by this binding.
    pub(crate) async fn sso(&self, binding: &str) -> String {
        self.endpoint("/saml/metadata", "SingleSignOnService", binding).await
    }

    /// The certificate to which agencies encrypt for us.
    pub(crate) async fn encryption_certificate(&self) -> String {
        let metadata = self.metadata("/saml/sp/metadata").await;
        metadata.read(|root| {
            root.descendants()
                .filter(|node| node.tag_name().name() == "KeyDescriptor")
                .find(|node| node.attribute("use") != Some("signing"))
                .and_then(|node| {
                    node.descendants().find(|node| node.tag_name().name() == "X509Certificate")
                })
                .and_then(|node| node.text())
                .expect("a certificate for encryption")
                .to_owned()
        })
    }

    /// Begins a login for rp1 that waits at this agency.
    pub(crate) async fn hold(&self, agency: &str) -> Held {
        self.hold_with(agency, &[]).await
    }

    /// The same with more parameters in the relying party's request.
    pub(crate) async fn hold_with(&self, agency: &str, extra: &[(&str, &str)]) -> Held {
        let agency = self.agency(agency).clone();
        let (visitor, party, begun) = self.bench.lured_with(&agency.name, extra).await;
        let mut visitor = visitor.stopping_at(&agency.home());
        let page = visitor.open(&begun.url).await;
        let asked = agency.asked(&page);
        Held { visitor, party, begun, asked, agency }
    }

    /// REJ-FED: an agency answers mallory's login with what `forge` makes of the honest response,
    /// and nothing comes of it.
    pub(crate) async fn refuses(
        &self,
        agency: &str,
        reasons: &[&str],
        forge: impl FnOnce(&mut Response, &Held) -> String,
    ) -> TrailRow {
        let held = self.hold(agency).await;
        let mut response = held.agency.response(&held.asked, "mallory");
        let xml = forge(&mut response, &held);
        self.refuses_form(held, reasons, |held| Agency::form(&held.asked, &xml)).await
    }

    /// REJ-FED for the fields that `fill` makes.
    pub(crate) async fn refuses_form(
        &self,
        mut held: Held,
        reasons: &[&str],
        fill: impl FnOnce(&Held) -> Vec<(String, String)>,
    ) -> TrailRow {
        let fields = fill(&held);
        let mark = self.bench.mark().await;
        let page = held.visitor.post(&held.asked.acs, &fields).await;
        let row = self.refused(&mut held, &page, &mark, reasons).await;
        assert_eq!(row.body["source"], held.agency.name);
        row
    }

    /// The required outcome of REJ-FED.
    pub(crate) async fn refused(
        &self,
        held: &mut Held,
        page: &Page,
        mark: &Mark,
        reasons: &[&str],
    ) -> TrailRow {
        let rows = self.bench.trail(mark).await;
        // An agency's no is an answer, not an attack, and has a kind of its own.
        let kinds = ["federation.inbound.rejected", "authn.failed"];
        let told: Vec<_> = rows.iter().filter(|row| kinds.contains(&row.kind.as_str())).collect();
        assert_eq!(told.len(), 1, "one line in the trail: {rows:#?}\n{}", page.describe());
        let row = self.bench.told(mark, &told[0].kind, reasons).await;
        self.bench.shows_federation_error(page, &row);
        for echo in ["saml:", "samlp:", "mallory", "alice", "&lt;"] {
            assert!(!page.body.contains(echo), "echoes {echo}");
        }
        self.bench.nothing_created(mark).await;
        self.bench.is_signed_out(&mut held.visitor, &held.party).await;
        row
    }

    /// REJ-PAGE: a request in an address that must end on our own page.
    pub(crate) async fn refuses_request(&self, url: &str, reasons: &[&str]) -> Page {
        let mark = self.bench.mark().await;
        let page = Visitor::new().peek(url).await;
        self.refused_request(&page, &mark, reasons).await;
        page
    }

    /// REJ-PAGE: a request in a form that must end on our own page.
    pub(crate) async fn refuses_request_form(
        &self,
        url: &str,
        fields: &[(String, String)],
        reasons: &[&str],
    ) -> Page {
        let mark = self.bench.mark().await;
        let page = Visitor::new().post(url, fields).await;
        self.refused_request(&page, &mark, reasons).await;
        page
    }

    /// The required outcome of REJ-PAGE.
    pub(crate) async fn refused_request(&self, page: &Page, mark: &Mark, reasons: &[&str]) {
        assert!((400..500).contains(&page.status), "{}", page.describe());
        assert_eq!(page.header("location"), None, "{}", page.describe());
        let ours = |url: &url::Url| url.as_str().starts_with(self.base());
        assert!(page.forms().iter().all(|form| ours(&form.action)), "{}", page.describe());
        for echo in ["saml:", "samlp:", "&lt;"] {
            assert!(!page.body.contains(echo), "echoes {echo}");
        }
        self.told_of_request(mark, reasons).await;
        self.bench.nothing_created(mark).await;
        self.bench.has_a_way_on(page);
    }

    /// The one line of the trail about a peer's request that was refused.
    pub(crate) async fn told_of_request(&self, mark: &Mark, reasons: &[&str]) -> TrailRow {
        let rows = self.bench.trail(mark).await;
        let kinds = ["rp.request.rejected", "federation.inbound.rejected"];
        let told: Vec<_> = rows.iter().filter(|row| kinds.contains(&row.kind.as_str())).collect();
        assert_eq!(told.len(), 1, "one line in the trail: {rows:#?}");
        assert!(reasons.contains(&told[0].reason.as_str()), "not {reasons:?}: {rows:#?}");
        told[0].clone()
    }

    /// A message from server to server that must not be obeyed.
    pub(crate) async fn refuses_soap(&self, url: &str, body: &str, reasons: &[&str]) -> Answer {
        let mark = self.bench.mark().await;
        let request = client().post(url).header("content-type", "text/xml; charset=utf-8");
        let answer = Answer::of(request.header("soapaction", "\"\"").body(body.to_owned())).await;
        assert!(!answer.body.contains("status:Success"), "{}", answer.body);
        self.told_of_request(&mark, reasons).await;
        self.bench.nothing_created(&mark).await;
        answer
    }

    /// The memory of the node, in KiB.
    pub(crate) fn resident_kib(&self) -> u64 {
        self.bench.house.broker.nodes[0].process().resident_kib()
    }

    /// The node holds at most so many MiB more than it did.
    pub(crate) fn has_not_grown(&self, before: u64, mib: u64) {
        let now = self.resident_kib();
        assert!(now <= before + mib * 1024, "grew from {before} to {now} KiB");
    }

    /// The node lives.
    pub(crate) fn is_alive(&self) {
        let node = self.bench.house.broker.nodes[0].process();
        assert!(node.ended().is_none(), "{}", node.log());
    }

    /// What an agency answers is taken: the login ends at the relying party.
    pub(crate) async fn takes(
        &self,
        agency: &str,
        forge: impl FnOnce(&mut Response, &Held) -> String,
    ) -> Value {
        let mut held = self.hold(agency).await;
        let mut response = held.agency.response(&held.asked, "alice");
        let xml = forge(&mut response, &held);
        let page = held.deliver(&xml).await;
        told(&held.party, &held.begun, &page).await
    }
}

/// Everything that a relying party is told: in the ID token, and at the userinfo endpoint.
pub(crate) async fn told(party: &OidcParty, begun: &Begun, page: &Page) -> Value {
    let tokens = party.finish(begun, page).await;
    merged(tokens.claims.clone(), party.userinfo(tokens.access()).await.json)
}

impl Held {
    /// Sends an answer from the agency's page.
    pub(crate) async fn deliver(&mut self, xml: impl AsRef<[u8]>) -> Page {
        self.visitor.post(&self.asked.acs, &Agency::form(&self.asked, xml)).await
    }

    /// The same message once more in the fields of a form, whatever its encoding.
    pub(crate) fn fields(&self, message: String) -> Vec<(String, String)> {
        let mut fields = Agency::form(&self.asked, "");
        fields[0].1 = message;
        fields
    }

    /// A honest answer, signed.
    pub(crate) fn honest(&self, person: &str) -> String {
        self.agency.response(&self.asked, person).signed(self.agency.keys)
    }
}

/// The control of all refusals: what is honest is taken, whichever part is signed.
#[test]
fn what_an_honest_agency_says_is_taken_however_it_signs() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let certificate = bench.encryption_certificate().await;
        let before = bench.bench.mark().await;
        let claims = bench.takes("aga", |honest, held| honest.signed(held.agency.keys)).await;
        assert_eq!(claims["email"], "alice@aga.example", "{claims}");
        let kinds: Vec<_> =
            bench.bench.trail(&before).await.into_iter().map(|row| row.kind).collect();
        assert!(kinds.iter().any(|kind| kind == "authn.succeeded"), "{kinds:?}");
        for part in ["response", "assertion", "encrypted", "encrypted, assertion signed"] {
            let agency = if part.starts_with("encrypted") { "age" } else { "aga" };
            bench
                .takes(agency, |honest, held| {
                    if part == "response" {
                        honest.assertion.signature = None;
                    }
                    if part.ends_with("assertion signed") || part == "assertion" {
                        honest.signature = None;
                    }
                    if agency == "age" {
                        honest.encryption = Some(Encryption::to(&certificate));
                    }
                    honest.signed(held.agency.keys)
                })
                .await;
        }
        for name in ["rsa-sha384", "rsa-sha512"] {
            bench
                .takes("aga", |honest, held| {
                    honest.signature = Some(Algorithms::named(name));
                    honest.assertion.signature = Some(Algorithms::named(name));
                    honest.signed(held.agency.keys)
                })
                .await;
        }
        bench
            .takes("agec", |honest, held| {
                honest.signature = Some(Algorithms::named("ecdsa-sha256"));
                honest.assertion.signature = Some(Algorithms::named("ecdsa-sha256"));
                honest.signed(held.agency.keys)
            })
            .await;
        // A long one too: some agencies say much, a portrait or hundreds of groups.
        let photo = "A".repeat(120_000);
        let groups: Vec<_> = (0..250).map(|n| format!("urn:aga:{n}:{}", jose::random())).collect();
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        for (name, values) in [
            ("urn:oid:0.9.2342.19200300.100.1.60", vec![photo.as_str()]),
            ("urn:oid:1.3.6.1.4.1.5923.1.1.1.7", groups),
        ] {
            bench
                .takes("aga", |honest, held| {
                    honest.assertion.attributes.push_str(&attribute(name, "much", &values));
                    honest.signed(held.agency.keys)
                })
                .await;
        }
        // White space in base64 is what some products send.
        let mut held = bench.hold("aga").await;
        let text = base64(held.honest("alice"));
        let folded: Vec<_> = text
            .as_bytes()
            .chunks(76)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect();
        let fields = held.fields(folded.join("\r\n"));
        let page = held.visitor.post(&held.asked.acs, &fields).await;
        held.party.finish(&held.begun, &page).await;
    });
}
