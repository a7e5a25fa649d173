//! `idp attack-test`: the self-test of operators, against a node of ours and against a weak one.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::{Form, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response as Answer};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use idp_tests::harness::command::Ended;
use idp_tests::harness::http::Visitor;
use idp_tests::harness::run;
use idp_tests::harness::server::{Plan, Prepared};
use idp_tests::peers::saml::forge::{Agency, Party};
use idp_tests::peers::saml::xmlsec;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::house::{House, redirect_uri};

/// A node with a SAML source and a service provider, and whoever speaks for them.
struct Scene {
    house: House,
    agency: Agency,
    provider: Party,
    unsigned: Party,
}

impl Scene {
    async fn open(name: &str) -> Option<Self> {
        if !xmlsec::available() {
            return None;
        }
        let (agency, provider) = (Agency::named("aga")?, Party::named("sp1")?);
        let unsigned = Party::named("sp2")?.unsigned();
        let fill = |federation: idp_tests::harness::federation::Federation| {
            federation
                .agency("aga", "Agency A", "aga.example", json!({}))
                .saml_source("aga", "aga", &agency.metadata(), json!({}))
                .saml_party("sp1", "loc", &provider.metadata(), json!({}))
                .saml_party("sp2", "loc", &unsigned.metadata(), json!({}))
        };
        let house = House::open_more(Plan::new(name), &["bridges"], fill).await;
        Some(Self { house, agency, provider, unsigned })
    }

    async fn attack(&self, more: &[&str]) -> Ended {
        let source = ["attack-test", "--source", "aga"];
        self.house.broker.idp(&[&source, more].concat()).await
    }

    /// The reasons in the trail, each time that an answer of the source was refused.
    async fn reasons(&self) -> Vec<String> {
        let rows = self.house.broker.database.trail().await;
        rows.values()
            .filter(|body| body["kind"] == "federation.inbound.rejected")
            .map(|body| body["reason"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// The messages in a report for scripts with this verdict.
fn with_verdict<'r>(report: &'r Value, verdict: &str) -> Vec<&'r Value> {
    let messages = report["messages"].as_array().unwrap();
    messages.iter().filter(|message| message["verdict"] == verdict).collect()
}

#[test]
fn a_node_refuses_every_forged_message_and_its_trail_says_why() {
    run(async {
        let Some(scene) = Scene::open("attack-test").await else { return };
        let uri = redirect_uri("rp1");
        let party = ["--relying-party", "rp1", "--redirect-uri", &uri];
        let names = ["--issuer", &scene.agency.entity_id];
        let provider = ["--service-provider", &scene.provider.entity_id, "--json"];
        let ended = scene.attack(&[&party[..], &names, &provider].concat()).await;
        let report: Value = serde_json::from_str(&ended.out).expect("one object");
        let refused = with_verdict(&report, "refused");
        assert_eq!(ended.status, Some(0), "{report:#}");
        assert_eq!(report["logins_begun"], true, "{report:#}");
        assert_eq!(report["refused"], refused.len());
        assert!(refused.len() > 130, "{report:#}");
        // Each was heard to its end: by the node's page, whose reference its log knows.
        let pages = refused.iter().filter(|message| message["reference"].is_string()).count();
        assert!(pages + 10 > refused.len(), "{report:#}");
        let reasons: BTreeSet<_> = scene.reasons().await.into_iter().collect();
        let wanted = [
            "doctype_forbidden",
            "depth_limit",
            "transform_not_allowed",
            "encoding",
            "bad_encoding",
            "ds_object_forbidden",
            "signature_invalid",
            "signature_scope",
            "algorithm",
            "assertion_count",
            "unsigned",
        ];
        for reason in wanted {
            assert!(reasons.contains(reason), "no {reason} in {reasons:?}");
        }
        let log = scene.house.broker.log();
        assert!(!log.contains("victim-of-attack-test"), "a name of a person in the log");
    });
}

#[test]
fn a_genuine_response_that_is_brought_is_wrapped_and_nothing_of_it_believed() {
    run(async {
        let Some(scene) = Scene::open("attack-genuine").await else { return };
        let party = scene.house.party("rp1").await;
        let begun = party.begin(&[]);
        let mut visitor = Visitor::new().stopping_at(&scene.agency.home());
        let page = visitor.open(&begun.url).await;
        let page = visitor.choose(&page, "Agency A").await;
        let asked = scene.agency.asked(&page);
        let said = scene.agency.response(&asked, "mallory").signed(scene.agency.keys);
        let file = scene.house.broker.folder.join("response.txt");
        std::fs::write(&file, STANDARD.encode(said)).unwrap();
        let (uri, file) = (redirect_uri("rp1"), file.to_str().unwrap());
        let ended = scene
            .attack(&["--relying-party", "rp1", "--redirect-uri", &uri, "--response", file])
            .await;
        assert_eq!(ended.status, Some(0), "{}", ended.out);
        assert!(ended.out.contains(" forged messages refused, 0 accepted"), "{}", ended.out);
        assert!(!ended.out.contains("mallory"), "{}", ended.out);
        // What the agency signed was good by itself, and failed for what was made of it.
        let reasons = scene.reasons().await;
        assert!(reasons.contains(&"unsigned_binding".to_owned()), "{reasons:?}");
    });
}

#[test]
fn a_service_provider_that_need_not_sign_begins_logins_too() {
    run(async {
        let Some(scene) = Scene::open("attack-service").await else { return };
        let ended =
            scene.attack(&["--service-provider", &scene.unsigned.entity_id, "--json"]).await;
        let report: Value = serde_json::from_str(&ended.out).expect("one object");
        assert_eq!((ended.status, &report["logins_begun"]), (Some(0), &json!(true)), "{report:#}");
        let skipped = with_verdict(&report, "not_played");
        let why: Vec<_> = skipped.iter().map(|message| &message["why"]).collect();
        assert_eq!(why, ["the service provider need not sign"]);
        let ended = scene.attack(&["--service-provider", &scene.provider.entity_id]).await.ok();
        let first = ended.out.lines().next().unwrap();
        assert!(first.contains("the service provider must sign what it asks"), "{first}");
    });
}

#[test]
fn without_a_relying_party_the_command_says_that_its_answers_come_unasked() {
    run(async {
        let Some(scene) = Scene::open("attack-unasked").await else { return };
        let ended = scene.attack(&[]).await.ok();
        let first = ended.out.lines().next().unwrap();
        assert!(first.contains("no login is begun (no relying party is named)"), "{first}");
        let reasons: BTreeSet<_> = scene.reasons().await.into_iter().collect();
        assert!(reasons.contains("unsolicited"), "{reasons:?}");
        assert!(!reasons.contains("signature_invalid"), "nothing was read: {reasons:?}");
        let ended = scene.attack(&["--source", "nobody"]).await;
        assert_eq!(ended.status, Some(2), "an option twice: {ended:?}");
        for (arguments, why) in [
            (&["--source", "nobody"][..], "knows no source nobody"),
            (&["--source", "bridges"], "knows no source bridges"),
            (&["--service-provider", "https://nobody.example"], "knows no service provider"),
            (&["--source", "aga", "--response", "/nowhere"], "/nowhere"),
        ] {
            let arguments = [&["attack-test"], arguments].concat();
            let ended = scene.house.broker.idp(&arguments).await;
            assert!(ended.one_line(2).contains(why), "{ended:?}");
        }
    });
}

#[test]
fn the_command_needs_a_node_that_runs() {
    run(async {
        let prepared = Plan::new("attack-nobody").prepare().await;
        let ended = prepared.idp(&["attack-test", "--source", "aga"]).await;
        assert!(ended.one_line(2).contains("is the node running?"), "{ended:?}");
        let half = prepared.idp(&["attack-test", "--relying-party", "rp1"]).await;
        assert_eq!(half.status, Some(2), "{half:?}");
    });
}

/// A node's page about a problem.
const NO: &str = "<h1>No</h1><code>source_misbehaved</code><code>7Q2M-0ABC-ZZ99</code>";
/// What a node sets when somebody has signed in.
const SESSION: [(&str, &str); 2] = [
    ("set-cookie", "__Host-lp-weak-session=AAAA; Path=/; HttpOnly; Secure; SameSite=Lax"),
    ("location", "https://rp.example/cb?code=AAAA"),
];

/// How a weak node takes what comes to its address for answers: it verifies one assertion and
/// believes another.
async fn believe(Form(fields): Form<Vec<(String, String)>>) -> Answer {
    let message = fields.iter().find(|(name, _)| name == "SAMLResponse");
    let xml = message.and_then(|(_, text)| STANDARD.decode(text).ok()).unwrap_or_default();
    let assertions = String::from_utf8_lossy(&xml).matches("<saml:Assertion ").count();
    match assertions {
        2 => (StatusCode::SEE_OTHER, SESSION).into_response(),
        _ => (StatusCode::FORBIDDEN, Html(NO)).into_response(),
    }
}

/// What it publishes at `base`, in one role.
fn published(base: &str, path: &str, role: &str, endpoints: &[(&str, &str, &str)]) -> String {
    let endpoints: Vec<_> = endpoints
        .iter()
        .map(|(kind, binding, place)| {
            let index = if kind.starts_with("Assertion") { " index=\"0\"" } else { "" };
            format!(
                "<md:{kind} Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" \
                 Location=\"{base}{place}\"{index}/>"
            )
        })
        .collect();
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         entityID=\"{base}{path}\"><md:{role} \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}</md:{role}>\
         </md:EntityDescriptor>",
        endpoints.concat()
    )
}

/// A node that refuses nearly everything; its address.
async fn weak() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let sso = [("SingleSignOnService", "HTTP-Redirect", "/sso")];
    let acs = [("AssertionConsumerService", "HTTP-POST", "/acs")];
    let idp = published(&base, "/saml/metadata", "IDPSSODescriptor", &sso);
    let sp = published(&base, "/saml/sp/metadata", "SPSSODescriptor", &acs);
    let no = async || (StatusCode::BAD_REQUEST, Html(NO));
    // It asks everybody to sign in who calls it by address, whatever they bring.
    let sign_in = async |Query(_): Query<Vec<(String, String)>>| Html("<h1>Sign in</h1>");
    let routes = Router::new()
        .route("/saml/metadata", get(async move || idp))
        .route("/saml/sp/metadata", get(async move || sp))
        .route("/acs", get(no).post(believe))
        .route("/sso", get(sign_in));
    tokio::spawn(async { axum::serve(listener, routes).await });
    base
}

/// A configuration whose address is another.
fn pointing(prepared: &Prepared, base: &str) {
    let text = std::fs::read_to_string(prepared.config()).unwrap();
    std::fs::write(prepared.config(), text.replace(&prepared.base, base)).unwrap();
}

#[test]
fn a_node_that_believes_a_forged_message_is_told_so_with_exit_status_1() {
    static WRAPPED: LazyLock<BTreeSet<&str>> =
        LazyLock::new(|| BTreeSet::from(["XSW-03", "XSW-04", "XSW-05"]));
    run(async {
        let prepared = Plan::new("attack-weak").prepare().await;
        pointing(&prepared, &weak().await);
        let ended = prepared.idp(&["attack-test", "--source", "una", "--json"]).await;
        assert_eq!(ended.status, Some(1), "{ended:?}");
        let report: Value = serde_json::from_str(&ended.out).unwrap();
        let accepted = with_verdict(&report, "accepted");
        let cookies: Vec<_> = accepted
            .iter()
            .filter(|message| message["why"] == "sets the cookie __Host-lp-weak-session")
            .collect();
        let ids: BTreeSet<_> =
            cookies.iter().map(|message| message["id"].as_str().unwrap()).collect();
        assert!(ids.is_superset(&WRAPPED), "{report:#}");
        assert_eq!(report["accepted"], accepted.len());
        // A page to sign in at is no refusal either.
        let led = accepted.iter().filter(|message| message["why"] == "goes on with status 200");
        assert!(led.count() > 3, "{report:#}");
        assert!(with_verdict(&report, "refused").len() > 80, "{report:#}");
        let ended = prepared.idp(&["attack-test", "--source", "una"]).await;
        assert_eq!(ended.status, Some(1), "{ended:?}");
        let line = "XSW-03 ACCEPTED   a forged assertion before the signed one: sets the cookie";
        assert!(ended.out.contains(line), "{}", ended.out);
        let sum = ended.out.lines().last().unwrap();
        assert!(sum.contains(&format!(", {} accepted", accepted.len())), "{sum}");
    });
}
