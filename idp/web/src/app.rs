//! The application: what every handler has at hand, and the table of all routes.
//!
//! Length: the table has a line for each route, and is read as a whole.

use std::{collections::HashMap, ops::Deref, sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{from_fn, from_fn_with_state},
    response::Response,
    routing::{get, post},
};
use http::StatusCode;
use idp_broker::{Broker, HelpDesk, Visit};
use idp_domain::{
    AuditEvent, Lifetime, RelyingPartyId, SourceId, Timestamp, audit::AuditKind, source::SourceKind,
};
use idp_oidc::{keys::KeySet, op};
use idp_saml::{dsig::KeyError, keys::SamlKeys};
use idp_store::{Store, Throttle, shelf::Drawer};
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};
use tower_sessions::session::Record;
use url::Url;

use crate::{
    account, api,
    cookies::CookieNames,
    home, login, logout,
    middleware::{self, address::TrustedProxies},
    oidc,
    page::{Directory, Pages},
    problem::Trouble,
    saml::{self, About, Parked, ServiceProviders},
    session_layer::{self, BindingStore},
    statics,
};

/// The largest body that is read, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// The largest form with an answer of a source: base64 of the longest message, each byte of it
/// escaped at worst where the alphabet has to be.
const MAX_MESSAGE: usize = 512 * 1024;

/// What changes when the federation changes.
pub struct Registry {
    /// The relying parties of OpenID Connect.
    pub clients: HashMap<RelyingPartyId, Arc<op::Client>>,
    /// The origins that public clients are served from.
    pub origins: std::collections::HashSet<String>,
    /// The relying parties of SAML.
    pub service_providers: ServiceProviders,
    /// The sources of SAML, by their entity ids as far as these are known.
    pub entities: HashMap<String, SourceId>,
    /// The agencies as people look for them.
    pub directory: Directory,
}

/// What the application is made of.
pub struct Parts {
    /// Carries logins.
    pub broker: Arc<Broker>,
    /// The lasting memory.
    pub store: Store,
    /// Does what help desks do.
    pub desk: HelpDesk,
    /// Counts calls of the administration API.
    pub throttle: Arc<Throttle>,
    /// Codes that wait to be redeemed.
    pub codes: Drawer<op::code::CodeRecord>,
    /// Grants that were lately looked at.
    pub grants: Drawer<op::Grant>,
    /// Browser bindings.
    pub bindings: Drawer<Record>,
    /// Messages that wait for their browser to come back.
    pub parked: Drawer<Parked>,
    /// The pages.
    pub pages: Pages,
    /// What our SAML metadata says about us.
    pub about: About,
    /// Where browsers reach us.
    pub base_url: Url,
    /// Our name towards relying parties, without a slash at its end.
    pub issuer: op::Issuer,
    /// A few letters that tell this instance's cookies from another's.
    pub mark: String,
    /// Whose word about addresses is believed.
    pub proxies: TrustedProxies,
    /// How long a session can last.
    pub session_life: Lifetime,
    /// How long a request may take.
    pub request_time: Duration,
    /// Tells the time.
    pub clock: fn() -> Timestamp,
}

/// The application. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// What every handler has at hand.
pub struct Inner {
    pub(crate) broker: Arc<Broker>,
    pub(crate) store: Store,
    pub(crate) desk: HelpDesk,
    pub(crate) throttle: Arc<Throttle>,
    pub(crate) codes: Drawer<op::code::CodeRecord>,
    pub(crate) grants: Drawer<op::Grant>,
    pub(crate) pages: Pages,
    pub(crate) issuer: op::Issuer,
    pub(crate) endpoints: op::Endpoints,
    pub(crate) origin: String,
    pub(crate) cookies: CookieNames,
    pub(crate) proxies: TrustedProxies,
    pub(crate) session_life: Lifetime,
    pub(crate) clock: fn() -> Timestamp,
    pub(crate) registry: ArcSwap<Registry>,
    pub(crate) keys: ArcSwap<oidc::Published>,
    pub(crate) saml: ArcSwap<saml::Published>,
    pub(crate) parked: Drawer<Parked>,
    bindings: Drawer<Record>,
    request_time: Duration,
}

impl From<Arc<Inner>> for App {
    fn from(inner: Arc<Inner>) -> Self {
        Self(inner)
    }
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// An application of these parts, with an empty federation.
    ///
    /// Fails only when our metadata cannot be signed with `saml_keys`.
    pub fn new(
        parts: Parts,
        keys: Arc<KeySet>,
        saml_keys: Arc<SamlKeys>,
    ) -> Result<Self, KeyError> {
        let registry = Registry {
            clients: HashMap::new(),
            origins: std::collections::HashSet::new(),
            service_providers: ServiceProviders::default(),
            entities: HashMap::new(),
            directory: Directory::new(std::iter::empty::<idp_domain::Agency>()),
        };
        let endpoints = op::Endpoints::of(&parts.issuer);
        let published = oidc::Published::new(&parts.issuer, &endpoints, keys);
        let stand = saml::Stand {
            about: Arc::new(parts.about.or_called(&parts.pages.theme().manifest().product)),
            base: parts.base_url,
            known: saml::Known::default(),
            keys: saml_keys,
        };
        let saml = saml::Published::render(stand, (parts.clock)())?;
        let app = Self(Arc::new(Inner {
            broker: parts.broker,
            store: parts.store,
            desk: parts.desk,
            throttle: parts.throttle,
            codes: parts.codes,
            grants: parts.grants,
            pages: parts.pages,
            origin: parts.issuer.as_str().to_owned(),
            endpoints,
            issuer: parts.issuer,
            cookies: CookieNames::new(&parts.mark),
            proxies: parts.proxies,
            session_life: parts.session_life,
            clock: parts.clock,
            registry: ArcSwap::from_pointee(registry),
            keys: ArcSwap::from_pointee(published),
            saml: ArcSwap::from_pointee(saml),
            parked: parts.parked,
            bindings: parts.bindings,
            request_time: parts.request_time,
        }));
        app.broker.speak_through(logout::envoy(Arc::downgrade(&app.0)));
        Ok(app)
    }

    /// The federation has changed; the broker's catalog is replaced already.
    pub fn replace_registry(&self, registry: Registry) -> Result<(), KeyError> {
        self.registry.store(Arc::new(registry));
        let catalog = self.broker.catalog();
        let sources = catalog.sources().filter(|source| source.kind == SourceKind::Saml);
        let sources = sources.map(|source| source.id.clone());
        let known = saml::Known::of(catalog.agencies(), sources);
        self.publish(|stand| saml::Stand { known, ..stand })
    }

    /// The keys of SAML have changed.
    pub fn replace_saml_keys(&self, keys: Arc<SamlKeys>) -> Result<(), KeyError> {
        self.publish(|stand| saml::Stand { keys, ..stand })
    }

    /// Time has passed: our metadata must not run out.
    pub fn renew_metadata(&self) -> Result<(), KeyError> {
        if self.saml.load().is_stale((self.clock)()) {
            return self.publish(|stand| stand);
        }
        Ok(())
    }

    fn publish(&self, change: impl FnOnce(saml::Stand) -> saml::Stand) -> Result<(), KeyError> {
        let stand = change(self.saml.load().stand());
        let published = saml::Published::render(stand, (self.clock)())?;
        self.saml.store(Arc::new(published));
        Ok(())
    }

    /// The keys have changed.
    pub fn replace_keys(&self, keys: Arc<KeySet>) {
        self.keys.store(Arc::new(oidc::Published::new(&self.issuer, &self.endpoints, keys)));
    }

    /// All routes of the public listener.
    #[expect(clippy::too_many_lines, reason = "a table, which is read as a whole")]
    pub fn routes(&self) -> Router {
        use op::issuer::path;
        let bound =
            session_layer::layer(BindingStore::new(self.bindings.clone()), &self.cookies.binding);
        #[rustfmt::skip]
        let people = Router::new()
            .route(path::AUTHORIZE,                    get(oidc::authorize::by_get).post(oidc::authorize::by_post))
            .route("/login/{transaction}",             get(login::show::show))
            .route("/login/{transaction}/choose",      get(login::choose::show))
            .route("/login/{transaction}/agency/{agency}", get(login::choose::agency))
            .route("/login/{transaction}/source/{source}", get(login::choose::source))
            .route("/login/{transaction}/enrol/passkey", get(login::enrol::passkey))
            .route("/sources/{source}/callback",       get(login::callback::callback))
            .route("/sources/{source}/acs",            get(saml::acs::by_get).post(saml::acs::answer).layer(DefaultBodyLimit::max(MAX_MESSAGE)))
            .route("/sources/{source}/acs/{handle}",   get(saml::acs::back))
            .route("/saml/sso",                        get(saml::sso::by_redirect).post(saml::sso::by_post))
            .route("/saml/sso/{handle}",               get(saml::sso::back))
            .route("/logout/{logout}",                 get(logout::show))
            .route("/logout/{logout}/on",              get(logout::on))
            .layer(bound.clone());
        #[rustfmt::skip]
        let own = Router::new()
            .route("/account",                         get(account::overview))
            .route("/account/security",                get(account::security).post(account::ask))
            .route("/account/security/passkey",        get(account::passkey))
            .route("/account/security/passkey/start",  post(account::start_passkey))
            .route("/account/security/passkey/finish", post(account::finish_passkey))
            .route("/account/security/app",            get(account::app).post(account::confirm_app))
            .route("/account/sessions",                get(account::sessions).post(account::ask))
            .route("/account/releases",                get(account::releases))
            .route("/account/releases.json",           get(account::receipt))
            .route("/account/change",                  get(account::change).post(account::confirm))
            .route("/account/again/{place}",           get(account::again))
            .route("/account/not-me",                  get(account::dispute).post(account::report))
            .layer(bound.clone())
            .layer(from_fn_with_state(self.clone(), account::guard));
        #[rustfmt::skip]
        let forms = Router::new()
            .route("/login/{transaction}/email",       post(login::choose::email))
            .route("/login/{transaction}/forget",      post(login::choose::forget))
            .route("/login/{transaction}/password",    post(login::local::sign_in))
            .route("/login/{transaction}/shared",      post(login::shared::say))
            .route("/login/{transaction}/passkey/start", post(login::local::start_passkey))
            .route("/login/{transaction}/passkey/finish", post(login::local::finish_passkey))
            .route("/login/{transaction}/factor/code", post(login::factor::code))
            .route("/login/{transaction}/factor/pass", post(login::factor::pass))
            .route("/login/{transaction}/factor/without", post(login::factor::without))
            .route("/login/{transaction}/factor/passkey/start", post(login::factor::start))
            .route("/login/{transaction}/factor/passkey/finish", post(login::factor::finish))
            .route("/login/{transaction}/enrol/passkey/start", post(login::enrol::start_passkey))
            .route("/login/{transaction}/enrol/passkey/finish", post(login::enrol::finish_passkey))
            .route("/login/{transaction}/enrol/app",   get(login::enrol::app).post(login::enrol::finish_app))
            .route("/login/{transaction}/enrol/app/start", post(login::enrol::start_app))
            .route("/login/{transaction}/enrol/later", post(login::enrol::later))
            .route("/login/{transaction}/enrol/codes", post(login::enrol::kept))
            .route("/login/{transaction}/consent",     post(login::consent::answer))
            .layer(bound)
            .route("/logout",                          get(logout::ask).post(logout::confirmed))
            .layer(from_fn_with_state(self.clone(), middleware::origin::own));
        #[rustfmt::skip]
        let machines = Router::new()
            .route(path::DISCOVERY,                    get(oidc::discovery::document))
            .route(path::METADATA,                     get(oidc::discovery::document))
            .route(path::JWKS,                         get(oidc::discovery::keys))
            .route("/.well-known/passkey-endpoints",   get(statics::passkey_endpoints))
            .route("/.well-known/webauthn",            get(statics::related_origins))
            .route("/saml/metadata",                   get(saml::metadata::identity_provider))
            .route("/saml/sp/metadata",                get(saml::metadata::service_provider))
            .route("/saml/slo/soap",                   post(saml::slo::by_soap).layer(DefaultBodyLimit::max(MAX_MESSAGE)))
            .route("/saml/sp/slo/soap",                post(saml::sp_slo::by_soap).layer(DefaultBodyLimit::max(MAX_MESSAGE)))
            .route("/sources/{source}/backchannel_logout", post(oidc::backchannel::hear))
            .route(path::TOKEN,                        post(oidc::token::token).options(oidc::cors::preflight))
            .route(path::USERINFO,                     get(oidc::userinfo::by_get).post(oidc::userinfo::by_post).options(oidc::cors::preflight))
            .route(path::INTROSPECT,                   post(oidc::introspect::introspect))
            .route(path::REVOKE,                       post(oidc::revoke::revoke).options(oidc::cors::preflight));
        #[rustfmt::skip]
        let rest = Router::new()
            .route("/",                                get(home::home))
            .route(path::LOGOUT,                       get(logout::by_get).post(logout::by_post))
            .route("/saml/slo",                        get(saml::slo::by_redirect).post(saml::slo::by_post).layer(DefaultBodyLimit::max(MAX_MESSAGE)))
            .route("/saml/sp/slo",                     get(saml::sp_slo::by_redirect).post(saml::sp_slo::by_post).layer(DefaultBodyLimit::max(MAX_MESSAGE)))
            .route("/static/{*path}",                  get(statics::asset));
        #[rustfmt::skip]
        let administration = Router::new()
            .route("/api/openapi.json",                get(api::description::show))
            .route("/api/v1/accounts",                 get(api::accounts::find))
            .route("/api/v1/accounts/{account}",       get(api::accounts::show))
            .route("/api/v1/accounts/{account}/factors", get(api::factors::show))
            .route("/api/v1/accounts/{account}/factors/reset", post(api::factors::reset))
            .route("/api/v1/accounts/{account}/access-passes", post(api::passes::issue))
            .route("/api/v1/alerts",                   get(api::alerts::list))
            .route("/api/v1/access-passes",            get(api::passes::pending))
            .route("/api/v1/access-passes/{pass}/approve", post(api::passes::approve))
            .route("/api/v1/sessions",                 get(api::sessions::list))
            .route("/api/v1/sessions/end",             post(api::sessions::end))
            .route("/api/v1/switches",                 get(api::switches::list))
            .route("/api/v1/switches/off",             post(api::switches::off))
            .route("/api/v1/switches/on",              post(api::switches::on))
            .route("/api/v1/{*rest}",                  get(api::nowhere).post(api::nowhere));
        people
            .merge(own)
            .merge(forms)
            .merge(rest)
            .layer(from_fn_with_state(self.clone(), middleware::doubled::refuse))
            .merge(machines)
            .merge(administration)
            .fallback(not_found)
            .method_not_allowed_fallback(method_not_allowed)
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .layer(TimeoutLayer::with_status_code(
                StatusCode::SERVICE_UNAVAILABLE,
                self.request_time,
            ))
            .layer(CatchPanicLayer::custom(|_| panicked()))
            .layer(from_fn(middleware::headers::add))
            .layer(from_fn(middleware::counted::count))
            .with_state(self.clone())
    }

    /// The page for an answer of a source that nobody can place, and its line in the trail.
    pub(crate) async fn inbound_rejected(
        &self,
        source: &SourceId,
        reason: &'static str,
        visit: &Visit,
    ) -> Response {
        let event = AuditEvent {
            source: Some(source.clone()),
            address: Some(visit.address),
            reference: Some(visit.reference.to_string()),
            ..AuditEvent::new(AuditKind::InboundRejected, visit.now)
        };
        let refusal = idp_domain::Refusal::TransactionLost;
        match self.broker.record(vec![event.because_of(reason)]).await {
            Ok(()) => self.problem(&Trouble::refused(&refusal), visit),
            Err(fault) => self.faulted(&fault, visit),
        }
    }
}

async fn not_found(
    axum::extract::State(app): axum::extract::State<App>,
    request: Request,
) -> Response {
    match app.visit_of(&request) {
        Ok(visit) => app.rejected(Trouble::not_found(), &visit).await,
        Err(response) => response,
    }
}

async fn method_not_allowed() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}

/// A handler panicked: a bug, which must not take the connection with it or tell its text.
fn panicked() -> Response {
    tracing::error!("a handler panicked");
    let mut response = Response::new(axum::body::Body::from("Something failed on our side."));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect_file;
    use idp_oidc::op::issuer::path;

    /// The names of paths that stand in the wire crate.
    const NAMED: [(&str, &str); 9] = [
        ("path::AUTHORIZE", path::AUTHORIZE),
        ("path::TOKEN", path::TOKEN),
        ("path::USERINFO", path::USERINFO),
        ("path::INTROSPECT", path::INTROSPECT),
        ("path::REVOKE", path::REVOKE),
        ("path::LOGOUT", path::LOGOUT),
        ("path::JWKS", path::JWKS),
        ("path::DISCOVERY", path::DISCOVERY),
        ("path::METADATA", path::METADATA),
    ];

    #[test]
    fn the_list_of_routes_is_what_the_table_says() {
        let mut page = String::from(
            "# Routes of the public listener\n\n\
             Written by a test from the table in `idp/web/src/app.rs`; do not edit.\n\n\
             | route | methods |\n|---|---|\n",
        );
        let rows = include_str!("app.rs").lines().map(str::trim);
        for row in rows.filter_map(|line| line.strip_prefix(".route(")) {
            let (name, methods) = row.split_once(',').unwrap();
            let named = NAMED.iter().find(|(named, _)| *named == name);
            let route = named.map_or(name.trim_matches('"'), |(_, route)| route);
            let has = |method: &str| methods.contains(&format!("{method}("));
            let known = ["get", "post", "options"];
            let methods: Vec<_> = known.into_iter().filter(|method| has(method)).collect();
            let methods = methods.join(", ").to_uppercase();
            writeln!(page, "| `{route}` | {methods} |").unwrap();
        }
        expect_file!["../../../docs/generated/routes.md"].assert_eq(&page);
    }
}
