//! Whole nodes within the test: what help desks and administrators do, by API and by command.

mod api;
mod bounds;
mod desk;
mod parity;
mod schema;
mod start;
mod watch;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use axum::{Router, body::Body};
use http::{HeaderMap, Method, Request, StatusCode, header};
use idp_domain::{
    AccountId, AgencyId, AttributeSet, Lifetime, SessionId, SourceId, Timestamp, assurance::Worth,
    identity::SourceSubject,
};
use idp_factors::{
    api_token::{self, ApiToken},
    password::Hasher,
};
use idp_store::{
    Store,
    api_tokens::PutApiToken,
    audit::TrailRow,
    journal::{Act, Attend, Joining, LinkIdentity, Outcome, Unit, UsedAt},
    sessions::SourceSession,
};
use idp_web::{api::role::Role, middleware::address::Peer};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::{
    clock, config,
    federation::{Context, read},
    node::{Memory, Node},
    settings::Settings,
};

const PEER: ([u8; 4], u16) = ([192, 0, 2, 7], 4_711);
const PASSWORD: &str = "seven blue llamas waltz";

/// A node with two agencies, each with a source of local accounts, and two relying parties.
struct House {
    /// Goes with the house.
    _folder: TempDir,
    node: Arc<Node>,
    routes: Router,
}

/// What was answered.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

fn federation() -> Value {
    let agency = |id: &str, approve: bool| {
        json!({
            "id": id, "names": {"en": id}, "domains": [format!("{id}.example")],
            "scopes": [format!("{id}.example")],
            "factors": {"approve_access_passes": approve},
        })
    };
    let source = |agency: &str| {
        json!({
            "id": format!("{agency}-guests"), "agency": agency, "kind": "local",
            "connection": {"accounts": [{
                "username": format!("ana@{agency}.example"), "password": PASSWORD,
                "attributes": {"mail": format!("ana@{agency}.example"), "displayName": "Ana"},
            }]},
        })
    };
    let party = |id: &str| {
        json!({
            "id": id, "agency": "una", "kind": "oidc", "names": {"en": id},
            "connection": {
                "client_secret": "0123456789abcdef0123456789abcdef",
                "redirect_uris": [format!("https://{id}.example/cb")],
            },
        })
    };
    json!({
        "agencies": [agency("una", false), agency("unb", true)],
        "sources": [source("una"), source("unb")],
        "relying_parties": [party("portal"), party("wiki")],
    })
}

/// A folder with a configuration, and what stands in it besides.
fn folder(more: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key"), "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
        .unwrap();
    let database = folder.path().join("idp.sqlite");
    let text = format!(
        "[server]\nbase_url = \"https://sso.example\"\n[database]\nurl = \"sqlite:{}\"\n\
         [keys]\nmaster = {{ file = \"key\" }}\nalgorithms = [\"ES256\", \"RS256\"]\n\
         [limits]\nhash_memory_kib = 7168\nhash_passes = 5\n{more}",
        database.display()
    );
    std::fs::write(folder.path().join("idp.toml"), text).unwrap();
    folder
}

fn settings(folder: &TempDir) -> Settings {
    let path = folder.path().join("idp.toml");
    let file = config::load(&path, std::iter::empty()).unwrap();
    Settings::new(file, &path).unwrap()
}

/// Applies the federation, as `idp apply` would.
async fn know(memory: &Memory, settings: &Settings) {
    let context = Context {
        store: memory.store.clone(),
        sealer: Arc::clone(&memory.sealer),
        hasher: Hasher::start(settings.hashing).unwrap(),
        issuer: settings.issuer.as_str().to_owned(),
        loopback_peers: false,
        now: clock::now(),
        clock: clock::now,
        config_folder: PathBuf::new(),
    };
    let file = read::parse(&federation().to_string(), "f.json".as_ref()).unwrap();
    context.apply(file, false).await.unwrap();
}

impl House {
    async fn open() -> Self {
        let folder = folder("");
        let settings = settings(&folder);
        let memory = Memory::open(&settings, clock::now()).await.unwrap();
        know(&memory, &settings).await;
        let node = Node::build(settings, memory).await.unwrap();
        let routes = node.routes();
        Self { _folder: folder, node, routes }
    }

    fn store(&self) -> &Store {
        &self.node.memory.store
    }

    /// A person of `agency` who has signed in before.
    async fn person(&self, agency: &str) -> AccountId {
        person(self.store(), agency).await
    }

    /// A token of `role`.
    async fn token(&self, name: &str, role: &Role) -> String {
        self.token_until(name, role, Lifetime::hours(1)).await
    }

    async fn token_until(&self, name: &str, role: &Role, life: Lifetime) -> String {
        let token = ApiToken::draw().unwrap();
        let now = clock::now().minus(Lifetime::minutes(30));
        let act = PutApiToken {
            hash: api_token::hash(token.shown()).unwrap(),
            name: name.to_owned(),
            role: role.name().to_owned(),
            agency: role.agency().cloned(),
            created_by: "test".to_owned(),
            expires_at: now + life,
            now,
        };
        assert_eq!(commit(self.store(), Act::PutApiToken(act)).await, Outcome::Done);
        token.shown().to_owned()
    }

    async fn get(&self, token: &str, path: &str) -> Answer {
        self.call(Method::GET, token, path, None).await
    }

    async fn post(&self, token: &str, path: &str, body: Value) -> Answer {
        self.call(Method::POST, token, path, Some(body)).await
    }

    /// Calls, and holds the answer against the description of the API.
    async fn call(&self, method: Method, token: &str, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method.clone()).uri(path);
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let answer = self.send(request.body(body).unwrap()).await;
        schema::check(&method, path, &answer);
        answer
    }

    async fn send(&self, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(Peer(SocketAddr::from(PEER)));
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// The reasons of the denials in the trail since the last call, the oldest first.
    async fn denials(&self) -> Vec<String> {
        let rows = self.trail("admin.denied").await;
        rows.iter().map(|row| row.event().unwrap().reason).collect()
    }

    async fn trail(&self, kind: &str) -> Vec<TrailRow> {
        let mut rows = self.store().audit.page(None, 1_000).await.unwrap();
        rows.reverse();
        rows.into_iter().filter(|row| row.kind == kind).collect()
    }
}

async fn commit(store: &Store, act: Act) -> Outcome {
    store.journal.commit(Unit::new(act, Vec::new())).await.unwrap()
}

/// A person of `agency` who has signed in at its source.
async fn person(store: &Store, agency: &str) -> AccountId {
    let source: SourceId = format!("{agency}-guests").parse().unwrap();
    let local = store.local_accounts.find(&source, &format!("ana@{agency}.example")).await.unwrap();
    link(store, &source, &local.unwrap().subject, AccountId::from_random(random())).await
}

async fn link(
    store: &Store,
    source: &SourceId,
    subject: &SourceSubject,
    account: AccountId,
) -> AccountId {
    let act = LinkIdentity {
        source: source.clone(),
        issuer: "https://sso.example".to_owned(),
        subject: subject.clone(),
        account_if_new: account,
        attributes: AttributeSet::default(),
        now: clock::now(),
    };
    match commit(store, Act::Link(act)).await {
        Outcome::Linked { account, .. } => account,
        other => panic!("{other:?}"),
    }
}

/// A session of `account`, of which `portal` was told.
async fn session(store: &Store, account: &AccountId, agency: &str) -> SessionId {
    session_called(store, account, agency, None).await
}

/// The same, which the source calls `mark`.
async fn session_called(
    store: &Store,
    account: &AccountId,
    agency: &str,
    mark: Option<&str>,
) -> SessionId {
    let now = clock::now();
    let id = SessionId::from_random(random());
    let act = Attend {
        session: id.clone(),
        account: account.clone(),
        started_at: now,
        ends_at: now + Lifetime::hours(8),
        source: SourceSession {
            source: format!("{agency}-guests").parse().unwrap(),
            issuer: "https://sso.example".to_owned(),
            name: "ana".to_owned(),
            mark: mark.map(str::to_owned),
        },
        agency: agency.parse().unwrap(),
        proven_at: now,
        worth: Worth::ONE_FACTOR,
        place: UsedAt { address: "192.0.2.0/24".to_owned(), browser: "Firefox".to_owned() },
        shared: false,
        device: None,
        joins: Some(Joining {
            relying_party: "portal".parse().unwrap(),
            farewell: None,
            released: std::iter::once(idp_domain::AttributeName::parse("mail").unwrap()).collect(),
        }),
        now,
    };
    assert_eq!(commit(store, Act::Attend(act)).await, Outcome::Done);
    id
}

async fn is_live(store: &Store, id: &SessionId) -> bool {
    store.sessions.find(id).await.unwrap().unwrap().ended_at.is_none()
}

fn random() -> [u8; 16] {
    idp_broker::random().unwrap()
}

fn desk(agency: &str) -> Role {
    Role::HelpDesk(agency.parse::<AgencyId>().unwrap())
}

fn in_seconds(time: Timestamp) -> i64 {
    time.seconds()
}
