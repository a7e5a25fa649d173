//! Whole logins at an identity provider, honest and otherwise.

mod attacks;
mod connection;
mod encryption;
mod logout;
mod published;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::LazyLock;

use idp_domain::Lang;
use idp_domain::assurance::{AAL2, PASSWORD as PASSWORD_ACR, REFEDS_MFA, REFEDS_SFA};
use idp_domain::refusal::Need;
use idp_saml::binding::redirect;
use idp_saml::dsig::{DecryptionKey, KeyKind, SigningKey, VerifyingKey, self_signed};
use idp_saml::schema::{AuthnRequest, Opener, Status, StatusCode, second};
use idp_saml::xml::{Document, Limits};
use serde_json::{Value, json};

use super::agency::{Agency, NOW, PASSWORD, Told, attribute};
use super::*;

const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const BASE: &str = "https://broker.example";
const IDP: &str = "https://idp.una.example/metadata";

/// Our own keys; made once, for they are slow to make.
static OURS: LazyLock<Arc<SamlKeys>> = LazyLock::new(|| {
    let make = |kind: KeyKind| {
        let pkcs8 = kind.generate().unwrap();
        let der = self_signed(pkcs8.expose(), "broker.example", NOW, 10, [1; 16]).unwrap();
        (pkcs8, der)
    };
    let (signing, signing_der) = make(KeyKind::P256);
    let (decryption, decryption_der) = make(KeyKind::Rsa2048);
    Arc::new(SamlKeys {
        signing: Arc::new(SigningKey::new(signing.expose(), &signing_der).unwrap()),
        published_signing_certs: vec![signing_der],
        decryption: vec![DecryptionKey::new(decryption.expose(), &decryption_der).unwrap()],
        published_encryption_certs: vec![decryption_der],
    })
});

/// A connector with an identity provider of its own.
struct Scene {
    agency: Agency,
    connector: SamlConnector,
}

impl Scene {
    fn new() -> Self {
        Self::with(&json!({}))
    }

    /// With more in its connection.
    fn with(more: &Value) -> Self {
        let agency = Agency::new(IDP);
        let connector = connector(connection(&agency, more)).unwrap();
        Self { agency, connector }
    }

    async fn begin(&self, ask: &Ask) -> (Url, Kept) {
        match self.connector.begin(ask).await.unwrap() {
            Begun::Go(Outbound::Redirect(url), kept) => (url, kept),
            other => panic!("{other:?}"),
        }
    }

    /// What the agency says to a login that begins with `ask`, as `change` has it.
    async fn answered(&self, ask: &Ask, change: impl FnOnce(&mut Told)) -> Progress {
        let (url, kept) = self.begin(ask).await;
        let request = asked(&url);
        let mut told = Told::honest(BASE, "una", Some(&request.id));
        change(&mut told);
        self.resume(kept, self.agency.form(&told, &ask.correlator)).await
    }

    async fn resume(&self, kept: Kept, form: Vec<(String, String)>) -> Progress {
        self.connector.resume(kept, inbound(form)).await.unwrap()
    }

    async fn proven(&self, change: impl FnOnce(&mut Told)) -> AuthenticationEvent {
        event(self.answered(&ask(), change).await)
    }

    async fn refused(&self, change: impl FnOnce(&mut Told)) -> Refusal {
        refusal(self.answered(&ask(), change).await)
    }

    async fn unasked(&self, change: impl FnOnce(&mut Told)) -> Progress {
        let mut told = Told::honest(BASE, "una", None);
        change(&mut told);
        let form = self.agency.form(&told, "portal");
        self.connector.unsolicited(inbound(form)).await.unwrap()
    }
}

fn event(progress: Progress) -> AuthenticationEvent {
    match progress {
        Progress::Proven { event, .. } => *event,
        other => panic!("{other:?}"),
    }
}

fn refusal(progress: Progress) -> Refusal {
    match progress {
        Progress::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

fn inbound(form: Vec<(String, String)>) -> Inbound {
    Inbound { query: Vec::new(), form, certificate: None, address: ADDRESS, now: NOW }
}

fn connection(agency: &Agency, more: &Value) -> Value {
    let mut connection = json!({"metadata": {"xml": agency.metadata()}});
    connection.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    connection
}

fn ours() -> Ours {
    Ours {
        base_url: BASE.parse().unwrap(),
        keys: Arc::new(ArcSwapOption::new(Some(Arc::clone(&OURS)))),
        book: Arc::default(),
        loopback_peers: false,
    }
}

fn connector(connection: Value) -> Result<SamlConnector, ConnectionError> {
    let connection = serde_json::from_value(connection).unwrap();
    SamlConnector::new("una".parse().unwrap(), "agency".parse().unwrap(), connection, ours())
}

fn ask() -> Ask {
    Ask {
        correlator: "t1.secret".to_owned(),
        force: false,
        passive: false,
        max_age: None,
        acr: vec![],
        login_hint: None,
        relying_party: "portal".parse().unwrap(),
        lang: Lang::Fr,
        address: ADDRESS,
        now: NOW,
    }
}

/// The request in a URL, which our key must have signed.
fn asked(url: &Url) -> AuthnRequest {
    let incoming = redirect::read(url.query().unwrap()).unwrap();
    let key = VerifyingKey::from_certificate(OURS.signing.certificate()).unwrap();
    incoming.verify_query(&[key]).unwrap();
    assert_eq!(incoming.relay_state.as_deref(), Some("t1.secret"));
    read_request(&incoming.xml)
}

fn read_request(xml: &[u8]) -> AuthnRequest {
    let document = Document::parse(xml, Limits::MESSAGE).unwrap();
    AuthnRequest::read(document.root(), &Opener::CLOSED).unwrap()
}

fn classes(request: &AuthnRequest) -> Vec<&str> {
    let context = request.requested_authn_context.iter();
    context.flat_map(|context| &context.classes).map(String::as_str).collect()
}

#[tokio::test]
async fn a_person_who_signs_in_is_proven_with_all_that_the_source_says() {
    let scene = Scene::with(&json!({"acr": {PASSWORD: REFEDS_SFA}}));
    let progress = scene
        .answered(&ask(), |told| {
            told.attributes.push(attribute("urn:oid:1.3.6.1.4.1.5923.1.5.1.1", &["a", "b", "a"]));
            told.session_until = Some(NOW + Lifetime::hours(8));
        })
        .await;
    let Progress::Proven { event, once: Some(once) } = progress else { panic!("{progress:?}") };
    assert_eq!(event.identity.issuer, IDP);
    assert_eq!(event.identity.subject.as_str(), "persistent   Alice-1");
    assert_eq!((event.identity.source.as_str(), event.agency.as_str()), ("una", "agency"));
    assert_eq!(event.authenticated_at, Some(NOW));
    assert_eq!(event.acr.unwrap().as_str(), REFEDS_SFA);
    assert_eq!(event.assurance, Assurance::Aal1, "crediting more is the broker's matter");
    assert_eq!(event.source_session.as_deref(), Some("s1"));
    assert!(event.source_name.unwrap().contains("Alice-1"));
    assert_eq!(event.valid_until, Some(NOW + Lifetime::hours(8)));
    let said: Vec<_> = event.identity.attributes.iter().map(|(_, values)| values).collect();
    assert_eq!(said, [&["Alice A."][..], &["a", "b"]]);
    // The assertion holds for five minutes, and a clock may be three off.
    assert_eq!(once.key, format!("{IDP} _a1"));
    assert_eq!(once.until, NOW + Lifetime::minutes(8));
}

#[tokio::test]
async fn the_request_says_who_asks_what_and_where_to_answer() {
    let acr = json!({"gold": REFEDS_MFA, "platinum": REFEDS_MFA});
    let scene = Scene::with(&json!({"acr": acr, "name_id_format": "persistent"}));
    let wanted = [PASSWORD_ACR, REFEDS_MFA, "urn:other", AAL2].map(|acr| acr.parse().unwrap());
    let ask = Ask { acr: wanted.to_vec(), force: true, ..ask() };
    let (url, _) = scene.begin(&ask).await;
    assert!(url.as_str().starts_with("https://idp.una.example/sso?SAMLRequest="), "{url}");
    let request = asked(&url);
    assert_eq!(request.id.len(), 41, "160 bits");
    assert_eq!(
        request.issuer.as_ref().unwrap().as_str(),
        "https://broker.example/saml/sp/metadata"
    );
    assert_eq!(request.destination.as_deref(), Some("https://idp.una.example/sso"));
    assert_eq!(request.acs_url.as_deref(), Some("https://broker.example/sources/una/acs"));
    assert_eq!((request.force_authn, request.is_passive), (true, false));
    assert_eq!(classes(&request), ["gold", "platinum", "urn:other"], "no less than what is wanted");
    let policy = request.name_id_policy.unwrap();
    assert!(policy.format.unwrap().ends_with(":persistent") && policy.allow_create);
    assert_eq!(request.scoping.unwrap().requester_ids, ["portal"]);
    let (other, _) = scene.begin(&ask).await;
    assert_ne!(asked(&other).id, request.id, "each login has a request of its own");
}

#[tokio::test]
async fn strengths_go_in_words_that_others_know() {
    let of = async |more: Value, acr: &str| {
        let scene = Scene::with(&more);
        let ask = Ask { acr: vec![acr.parse().unwrap()], passive: true, ..ask() };
        let request = asked(&scene.begin(&ask).await.0);
        assert!(request.is_passive);
        classes(&request).iter().map(|class| (*class).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of(json!({}), AAL2).await, [REFEDS_MFA]);
    assert_eq!(of(json!({"acr": {"gold": REFEDS_MFA}}), AAL2).await, ["gold"]);
    assert_eq!(of(json!({"acr": {"gold": AAL2}}), REFEDS_MFA).await, [REFEDS_MFA]);
    assert!(of(json!({}), idp_domain::assurance::AAL3).await.is_empty());
    assert!(of(json!({"request_acr": "omit"}), REFEDS_MFA).await.is_empty());
    let required = json!({"required_authn_context": ["urn:smartcard"]});
    assert_eq!(of(required.clone(), REFEDS_SFA).await, ["urn:smartcard"]);
    assert_eq!(of(required, REFEDS_MFA).await, [REFEDS_MFA]);
}

#[tokio::test]
async fn a_request_can_travel_in_a_form_or_unsigned() {
    let scene = Scene::with(&json!({"request_binding": "post", "name_requester": false}));
    let Begun::Go(Outbound::Post { url, fields }, _) = scene.connector.begin(&ask()).await.unwrap()
    else {
        panic!("a form")
    };
    assert_eq!(url.as_str(), "https://idp.una.example/sso");
    let incoming = post::read(&fields).unwrap();
    assert_eq!(incoming.relay_state.as_deref(), Some("t1.secret"));
    let document = Document::parse(&incoming.xml, Limits::MESSAGE).unwrap();
    let key = VerifyingKey::from_certificate(OURS.signing.certificate()).unwrap();
    idp_saml::dsig::verify(&document, document.root(), &[key]).unwrap();
    assert_eq!(read_request(&incoming.xml).scoping, None);

    let scene = Scene::with(&json!({"sign_requests": false}));
    let (url, kept) = scene.begin(&ask()).await;
    assert!(!url.as_str().contains("Signature"), "{url}");
    let incoming = redirect::read(url.query().unwrap()).unwrap();
    let request = read_request(&incoming.xml).id;
    let told = Told::honest(BASE, "una", Some(&request));
    event(scene.resume(kept, scene.agency.form(&told, "t1.secret")).await);
}

#[tokio::test]
async fn a_handle_that_is_longer_than_relay_state_may_be_is_our_own_mistake() {
    let ask = Ask { correlator: "x".repeat(81), ..ask() };
    assert!(Scene::new().connector.begin(&ask).await.is_err());
}

#[tokio::test]
async fn contexts_may_stand_in_an_attribute_and_the_strongest_counts() {
    const METHODS: &str = "http://schemas.microsoft.com/claims/authnmethodsreferences";
    let scene = Scene::with(&json!({
        "context_attribute": METHODS,
        "acr": {"urn:multiple": REFEDS_MFA, "urn:single": REFEDS_SFA},
    }));
    let acr = async |values: &[&str]| {
        let event = scene.proven(|told| told.attributes.push(attribute(METHODS, values))).await;
        event.acr.unwrap().as_str().to_owned()
    };
    assert_eq!(acr(&["urn:single", "urn:multiple"]).await, REFEDS_MFA);
    assert_eq!(acr(&["urn:multiple", "urn:single"]).await, REFEDS_MFA);
    assert_eq!(acr(&["urn:unknown"]).await, PASSWORD, "what has no word of ours is not looked at");
}

#[tokio::test]
async fn the_methods_that_a_source_tells_are_kept_as_it_names_them() {
    const METHODS: &str = "http://schemas.microsoft.com/claims/authnmethodsreferences";
    const MULTIPLE: &str = "http://schemas.microsoft.com/claims/multipleauthn";
    const PASSWORD: &str =
        "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password";
    let scene = Scene::with(&json!({"context_attribute": METHODS}));
    let values = [PASSWORD, MULTIPLE, "not a name"];
    let event = scene.proven(|told| told.attributes.push(attribute(METHODS, &values))).await;
    assert_eq!(event.amr, [PASSWORD, MULTIPLE].map(|name| Amr::new(name).unwrap()));
    let silent = Scene::new();
    let event = silent.proven(|told| told.attributes.push(attribute(METHODS, &values))).await;
    assert!(event.amr.is_empty(), "only of the attribute that the operator names");
}

#[tokio::test]
async fn a_context_that_is_required_must_be_there() {
    let scene = Scene::with(&json!({"required_authn_context": ["urn:smartcard"]}));
    assert_eq!(scene.refused(|_| {}).await, Refusal::AssuranceUnmet);
    let declared = |told: &mut Told| {
        told.class = None;
        told.declaration = Some("urn:smartcard".to_owned());
    };
    assert_eq!(scene.refused(declared).await, Refusal::AssuranceUnmet);
    scene.proven(|told| told.class = Some("urn:smartcard".to_owned())).await;
}

#[tokio::test]
async fn a_no_of_the_source_is_told_in_our_words() {
    use StatusCode::{Requester, Responder};
    let scene = Scene::new();
    let says = async |passive, code, minor: Option<&str>| {
        let ask = Ask { passive, ..ask() };
        let message = Some("Call +1 555 0100\r\nnow".to_owned());
        let second = minor.map(str::to_owned);
        let status = Status { code, second, message };
        refusal(scene.answered(&ask, |told| told.status = status).await)
    };
    let needs_login = Refusal::InteractionNeeded(Need::Login);
    assert_eq!(says(true, Responder, Some(second::NO_PASSIVE)).await, needs_login);
    let unmet = says(false, Requester, Some(second::NO_AUTHN_CONTEXT)).await;
    assert_eq!(unmet, Refusal::AssuranceUnmet);
    for (minor, expected) in [
        (Some(second::AUTHN_FAILED), "AuthnFailed"),
        (Some(second::REQUEST_DENIED), "RequestDenied"),
        (Some(second::NO_PASSIVE), "NoPassive"),
        (Some("urn:x:\u{e9}<b>y"), "<b>y"),
        (None, "Responder"),
    ] {
        let Refusal::SourceRefused { code, detail } = says(false, Responder, minor).await else {
            panic!("a refusal of the source")
        };
        assert_eq!(code, expected);
        assert!(!detail.contains(['\r', '\n']), "{detail}");
    }
}

#[tokio::test]
async fn a_memory_of_another_issuer_or_of_no_login_at_all_is_lost() {
    let scene = Scene::new();
    let agency = Agency::new("https://idp.unb.example/metadata");
    let other = connector(connection(&agency, &json!({}))).unwrap();
    let Begun::Go(_, kept) = other.begin(&ask()).await.unwrap() else { panic!("asked") };
    for kept in [kept, Kept::new(String::new()), Kept::new("{}".to_owned())] {
        assert_eq!(refusal(scene.resume(kept, vec![]).await), Refusal::TransactionLost);
    }
}

#[tokio::test]
async fn an_answer_that_comes_after_ten_minutes_finds_nothing() {
    let scene = Scene::new();
    let (url, kept) = scene.begin(&ask()).await;
    let told = Told::honest(BASE, "una", Some(&asked(&url).id));
    let late = NOW + Lifetime::seconds(601);
    let reply = Inbound { now: late, ..inbound(scene.agency.form(&told, "t1.secret")) };
    let progress = scene.connector.resume(kept, reply).await.unwrap();
    assert_eq!(refusal(progress), Refusal::TransactionLost);
}
