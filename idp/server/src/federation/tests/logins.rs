//! Logins through the broker at SAML sources, as a node serves them: what the catalogue demands of
//! broker and connector together.
//!
//! Length: one scene, and every entry of the catalogue that needs all of it.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use idp_broker::{Broker, Next, Reference, SubjectKey, Turn, Visit};
use idp_domain::{
    AuditEvent, AuthnRequest, Inbound, Issuance, Lang, Lifetime, Outbound, Refusal,
    assurance::{Assurance, REFEDS_MFA},
    relying_party::Protocol,
    transaction::{Demand, Hints, ReturnTicket},
};
use idp_factors::webauthn::{Site, SiteSettings};
use idp_fetch::{Fetcher, Policy};
use idp_saml::{
    binding::redirect,
    schema::{AuthnRequest as SamlRequest, NameId, Opener, format},
    xml::{Document, Limits},
};
use idp_store::{
    Shelf, Throttle,
    shelf::{Drawer, Kind},
};
use serde_json::{Value, json};

use super::{
    agency::{Agency, NOW, PASSWORD, Told, attribute},
    apply, changed, context, mirror, saml, trail,
};
use crate::{
    federation::{Context, registry::Mirror},
    keys::KeyKeeper,
};

const IDP: &str = "https://idp.una.example/metadata";
const BASE: &str = super::ISSUER;

/// A node with a SAML source, and the browser of one person.
struct House {
    context: Context,
    mirror: Mirror,
    broker: Broker,
    agency: Agency,
    file: Value,
}

impl House {
    async fn open() -> Self {
        Self::with("/sources/0/connection/idp_initiated", json!(true)).await
    }

    /// A house whose federation is another at a place.
    async fn with(place: &str, value: Value) -> Self {
        let (context, agency) = (context().await, Agency::new(IDP));
        let file = changed(saml::federation(&agency), place, value);
        let mirror = mirror(&context);
        let shelf = Arc::new(Shelf::memory(1_000));
        let (store, sealer) = (&context.store, &context.sealer);
        let broker = Broker::new(idp_broker::Parts {
            transactions: Drawer::new(shelf.clone(), sealer.clone(), Kind::Transaction),
            sessions: Drawer::new(shelf.clone(), sealer.clone(), Kind::Session),
            logouts: Drawer::new(shelf.clone(), sealer.clone(), Kind::Logout),
            known: store.sessions.clone(),
            fetcher: Fetcher::new(Policy::default()).unwrap(),
            journal: store.journal.clone(),
            accounts: store.accounts.clone(),
            revocations: store.revocations.clone(),
            subjects: SubjectKey::new(&[7; 32]),
            factors: store.factors.clone(),
            passes: store.access_passes.clone(),
            devices: store.devices.clone(),
            ceremonies: Drawer::new(shelf.clone(), sealer.clone(), Kind::Ceremony),
            sealer: sealer.clone(),
            letters: false,
            throttle: Arc::new(Throttle::new(shelf.clone(), sealer.clone())),
            site: site(),
            models: Arc::default(),
            settings: idp_domain::session::Limits {
                idle: Lifetime::hours(1),
                absolute: Lifetime::hours(8),
                factor: Lifetime::hours(8),
            },
            end_suspicious: false,
        });
        let mut house = Self { context, mirror, broker, agency, file };
        house.keys().await;
        house.change(house.file.clone()).await;
        // A broker that has heard of no revocations yet vouches for nobody.
        while !house.context.store.revocations.is_fresh() {
            tokio::task::yield_now().await;
        }
        house
    }

    async fn keys(&self) {
        let policy = idp_oidc::keys::KeyPolicy {
            kinds: vec![idp_oidc::keys::KeyKind::Es256],
            rotate_every: Lifetime::hours(1),
            publish_lead: Lifetime::minutes(1),
            longest_token: Lifetime::minutes(1),
            skew: Lifetime::minutes(1),
        };
        let Context { store, sealer, .. } = &self.context;
        let keeper = KeyKeeper::new(store.clone(), sealer.clone(), policy);
        let keys = keeper.saml("sso.example", NOW).await.unwrap();
        self.mirror.ours().keys.store(Some(Arc::new(keys)));
    }

    /// Applies another file, and takes it over.
    async fn change(&mut self, file: Value) {
        apply(&self.context, &file).await.unwrap();
        let store = &self.context.store;
        let news = store.federation.load_since(self.mirror.version()).await.unwrap();
        self.mirror.take(news);
        let built = self.mirror.news().unwrap();
        self.broker.replace_catalog(Arc::new(built.catalog));
        self.file = file;
    }

    /// Begins a login, up to the question that the browser takes to the agency.
    async fn begin(&self, demand: Demand) -> Begun {
        let turn = self.broker.begin(request(demand), &visit()).await.unwrap();
        let Turn { mut transaction, next, .. } = turn;
        let Next::Go(_, Outbound::Redirect(url)) = next else { panic!("{next:?}") };
        self.broker.keep(&mut transaction, "binding".to_owned()).await.unwrap();
        let incoming = redirect::read(url.query().unwrap()).unwrap();
        let document = Document::parse(&incoming.xml, Limits::MESSAGE).unwrap();
        let request = SamlRequest::read(document.root(), &Opener::CLOSED).unwrap();
        Begun { id: transaction.id, correlator: incoming.relay_state.unwrap(), request }
    }

    /// Brings what the agency says.
    async fn answer(&self, begun: &Begun, told: &Told) -> Next {
        let opened = self.broker.open(&begun.id, Some("binding"), &visit()).await.unwrap();
        let opened = opened.unwrap();
        let form = self.agency.form(told, &begun.correlator);
        let staff = "staff".parse().unwrap();
        let turn =
            self.broker.resume(opened, &staff, &begun.correlator, inbound(form), &visit()).await;
        turn.unwrap().next
    }

    /// A whole login, with what the agency says changed.
    async fn login(&self, demand: Demand, change: impl FnOnce(&mut Told)) -> Next {
        let begun = self.begin(demand).await;
        let mut told = Told::honest(BASE, "staff", Some(&begun.request.id));
        change(&mut told);
        self.answer(&begun, &told).await
    }

    async fn unasked(&self) -> Result<(), Refusal> {
        let form = self.agency.form(&Told::honest(BASE, "staff", None), "wiki");
        let staff = "staff".parse().unwrap();
        let visit = visit();
        let event = self.broker.unsolicited(&staff, inbound(form), &visit).await.unwrap()?;
        let turn = self.broker.begin_with(request(Demand::default()), event, &visit).await;
        match turn.unwrap().next {
            Next::Issue(..) => Ok(()),
            Next::Refuse(refusal) => Err(refusal),
            other => panic!("{other:?}"),
        }
    }

    async fn accounts(&self) -> usize {
        let rows = trail(&self.context).await;
        rows.iter().filter(|row| row.kind == "account.created").count()
    }

    async fn last(&self, kind: &str) -> AuditEvent {
        let rows = trail(&self.context).await;
        rows.iter().rfind(|row| row.kind == kind).expect(kind).event().unwrap()
    }
}

struct Begun {
    id: idp_domain::TransactionId,
    correlator: String,
    request: SamlRequest,
}

fn request(demand: Demand) -> AuthnRequest {
    AuthnRequest {
        relying_party: "wiki".parse().unwrap(),
        demand,
        ticket: ReturnTicket { protocol: Protocol::Saml, sealed: "{}".to_owned(), farewell: None },
        hints: Hints { source: Some("staff".parse().unwrap()), ..Hints::default() },
        wanted: [].into(),
    }
}

fn site() -> Site {
    Site::new(SiteSettings {
        name: "Laissez-Passer".into(),
        id: "broker.example".into(),
        origin: "https://broker.example".parse().unwrap(),
        related_origins: Vec::new(),
    })
    .unwrap()
}

fn visit() -> Visit {
    Visit {
        now: NOW,
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        browser: String::new(),
        lang: Lang::En,
        session: None,
        device: None,
        reference: Reference::draw().unwrap(),
    }
}

fn inbound(form: Vec<(String, String)>) -> Inbound {
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    Inbound { query: Vec::new(), form, certificate: None, address, now: NOW }
}

fn issued(next: Next) -> Issuance {
    match next {
        Next::Issue(issuance, ..) => *issuance,
        other => panic!("{other:?}"),
    }
}

fn refused(next: Next) -> Refusal {
    match next {
        Next::Refuse(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

fn mfa() -> Demand {
    Demand { acr: vec![REFEDS_MFA.parse().unwrap()], essential: true, ..Demand::default() }
}

fn claims_mfa(told: &mut Told) {
    told.class = Some(REFEDS_MFA.to_owned());
}

#[tokio::test]
async fn a_person_of_a_saml_agency_is_vouched_for() {
    let house = House::open().await;
    let issuance = issued(house.login(Demand::default(), |_| {}).await);
    assert_eq!((issuance.issuer.as_str(), issuance.source.as_str()), (IDP, "staff"));
    assert_eq!(house.accounts().await, 1);
    issued(house.login(Demand::default(), |told| told.assertion_id = "_a2".to_owned()).await);
    assert_eq!(house.accounts().await, 1, "the same person");
}

#[tokio::test]
async fn sam_09_an_answer_that_was_accepted_is_not_accepted_again() {
    let house = House::open().await;
    let begun = house.begin(Demand::default()).await;
    let told = Told::honest(BASE, "staff", Some(&begun.request.id));
    issued(house.answer(&begun, &told).await);
    // A fresh login of another browser does not take it either, whichever way it comes.
    let refused = refused(house.login(Demand::default(), |_| {}).await);
    assert_eq!(refused.reason(), "replay");
    assert_eq!(house.unasked().await.unwrap_err().reason(), "replay");
    assert!(house.last("federation.inbound.rejected").await.alert);
}

#[tokio::test]
async fn sam_16_a_source_that_was_switched_off_lets_nobody_in() {
    let mut house = House::open().await;
    let begun = house.begin(Demand::default()).await;
    let off = changed(house.file.clone(), "/sources/0/enabled", json!(false));
    house.change(off).await;
    let told = Told::honest(BASE, "staff", Some(&begun.request.id));
    assert_eq!(refused(house.answer(&begun, &told).await), Refusal::SourceDisabled);
    assert_eq!(house.last("federation.inbound.rejected").await.reason, "upstream_disabled");
    assert_eq!(house.unasked().await.unwrap_err(), Refusal::SourceDisabled);
    let turn = house.broker.begin(request(Demand::default()), &visit()).await.unwrap();
    assert!(!matches!(turn.next, Next::Go(..)), "nobody is sent there any more");
    assert_eq!(house.accounts().await, 0);
}

#[tokio::test]
async fn sam_16_the_sources_of_an_agency_that_was_switched_off_let_nobody_in() {
    let mut house = House::open().await;
    let begun = house.begin(Demand::default()).await;
    let off = changed(house.file.clone(), "/agencies/0/enabled", json!(false));
    house.change(off).await;
    let told = Told::honest(BASE, "staff", Some(&begun.request.id));
    let refusal = refused(house.answer(&begun, &told).await);
    assert_eq!(refusal, Refusal::SourceDisabled);
    assert_eq!(house.unasked().await.unwrap_err(), Refusal::SourceDisabled);
    assert_eq!(house.accounts().await, 0);
}

#[tokio::test]
async fn sam_17_a_target_that_was_switched_off_gets_nobody_unasked() {
    let mut house = House::open().await;
    house.unasked().await.unwrap();
    let off = changed(house.file.clone(), "/relying_parties/0/enabled", json!(false));
    house.change(off).await;
    let told = Told { assertion_id: "_a2".to_owned(), ..Told::honest(BASE, "staff", None) };
    let form = house.agency.form(&told, "wiki");
    let (staff, visit) = ("staff".parse().unwrap(), visit());
    let event = house.broker.unsolicited(&staff, inbound(form), &visit).await.unwrap().unwrap();
    let turn = house.broker.begin_with(request(Demand::default()), event, &visit).await.unwrap();
    assert_eq!(refused(turn.next), Refusal::RelyingPartyDisabled);
}

#[tokio::test]
async fn sam_17_a_target_that_is_not_open_to_the_agency_gets_nobody_unasked() {
    let agencies = json!([
        {"id": "una", "names": {"en": "A"}, "scopes": ["una.example"]},
        {"id": "unb", "names": {"en": "B"}},
    ]);
    let mut house = House::with("/agencies", agencies).await;
    let file = changed(house.file.clone(), "/sources/0/connection/idp_initiated", json!(true));
    let file = changed(file, "/relying_parties/0/agencies", json!(["unb"]));
    house.change(file).await;
    let refusal = house.unasked().await.unwrap_err();
    assert_eq!(refusal, Refusal::AgencyNotAllowed { agency: "una".parse().unwrap() });
    assert_eq!(house.accounts().await, 0);
}

#[tokio::test]
async fn sam_26_what_is_weaker_than_demanded_is_never_passed_off_as_it() {
    let house = House::open().await;
    let issuance = issued(house.login(mfa(), claims_mfa).await);
    assert_eq!(issuance.assurance, Assurance::Aal2);
    let begun = house.begin(mfa()).await;
    let asked = begun.request.requested_authn_context.as_ref().unwrap();
    assert_eq!(asked.classes, [REFEDS_MFA], "the source was asked for it");
    let weak = ["_b1", "_b2", "_b3"].into_iter().zip([
        (Some(PASSWORD), None),
        (Some("urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"), None),
        (None, Some(REFEDS_MFA)),
    ]);
    for (id, (class, declaration)) in weak {
        let next = house.login(mfa(), |told| {
            told.assertion_id = id.to_owned();
            told.class = class.map(str::to_owned);
            told.declaration = declaration.map(str::to_owned);
        });
        // What is missing is to be proven here.
        let Next::Enrol(page) = next.await else { panic!("{class:?} {declaration:?}") };
        assert!(!page.optional);
    }
}

#[tokio::test]
async fn sam_27_a_claim_of_an_agency_that_is_not_trusted_for_it_counts_as_one_factor() {
    let house = House::with("/sources/0/trusted_acr", json!([])).await;
    let issuance = issued(house.login(Demand::default(), claims_mfa).await);
    assert_eq!(issuance.assurance, Assurance::Aal1);
    assert_ne!(issuance.acr.as_str(), REFEDS_MFA);
    let told = house.last("authn.succeeded").await;
    assert_eq!(told.detail["claim_ignored"], REFEDS_MFA);
    let turn = house.broker.begin(request(mfa()), &visit()).await.unwrap();
    assert!(!matches!(turn.next, Next::Issue(..)));
}

#[tokio::test]
async fn sam_28_a_sign_in_that_is_older_than_demanded_is_not_made_younger() {
    let house = House::open().await;
    let old = NOW.minus(Lifetime::hours(2));
    let force = Demand { force: true, ..Demand::default() };
    let begun = house.begin(force.clone()).await;
    assert!(begun.request.force_authn);
    let mut told = Told::honest(BASE, "staff", Some(&begun.request.id));
    told.authn_instant = old;
    assert_eq!(refused(house.answer(&begun, &told).await), Refusal::StaleAuthentication);
    let young = Demand { max_age: Some(Lifetime::seconds(60)), ..Demand::default() };
    let next = house.login(young, |told| {
        told.assertion_id = "_c1".to_owned();
        told.authn_instant = old;
    });
    match next.await {
        Next::Refuse(refusal) => assert_eq!(refusal, Refusal::StaleAuthentication),
        // Or the source is asked again, with force.
        Next::Go(..) => {}
        other => panic!("{other:?}"),
    }
    let next = house.login(Demand::default(), |told| {
        told.assertion_id = "_c2".to_owned();
        told.authn_instant = old;
    });
    assert_eq!(issued(next.await).authenticated_at, Some(old), "never now");
}

#[tokio::test]
async fn sam_31_a_transient_name_makes_no_account() {
    let house = House::open().await;
    for id in ["_d1", "_d2"] {
        let next = house.login(Demand::default(), |told| {
            told.assertion_id = id.to_owned();
            told.name_id = Some(NameId::new("t-1", format::TRANSIENT));
        });
        assert_eq!(refused(next.await).reason(), "no_stable_identifier");
    }
    assert_eq!(house.accounts().await, 0);
}

#[tokio::test]
async fn lnk_01_a_scope_that_is_another_agency_s_refuses_the_login() {
    let house = House::open().await;
    let next = house.login(Demand::default(), |told| {
        let uri = "urn:oasis:names:tc:SAML:attribute:subject-id";
        told.attributes.push(attribute(uri, &["alice@unb.example"]));
    });
    assert_eq!(refused(next.await).reason(), "scope_violation");
    assert_eq!(house.accounts().await, 0);
}
