//! Applying, exporting and serving a federation, on a real database in memory.

mod accounts;
#[path = "../../../sources/src/saml/agency.rs"]
mod agency;
mod applied;
mod conformance;
mod documents;
mod factors;
mod logins;
mod refresh;
mod refused;
mod registry;
mod saml;
mod scale;

use std::{path::Path, sync::Arc};

use idp_domain::{Lifetime, Secret, Timestamp};
use idp_factors::password::{HashCost, Hasher, HasherSettings};
use idp_fetch::{Fetcher, Policy};
use idp_sources::{
    local::{Gate, GateLimits},
    oidc::{OidcDocuments, Outside},
};
use idp_store::{
    Db, Sealer, Shelf, Store, Throttle, audit::TrailRow, federation::Catalog, seal::Epoch,
    store::Node,
};
use serde_json::{Value, json};

use super::{
    ApplyError, Context, Plan, apply,
    export::{self, Format},
    read,
    registry::{Mirror, Tools},
};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const ISSUER: &str = "https://sso.example";
/// What we prove ourselves with at a source.
const SOURCE_SECRET: &str = "what the source knows us by";
/// What a relying party proves itself with.
const PARTY_SECRET: &str = "0123456789abcdef0123456789abcdef";
/// What a person types.
const PASSWORD: &str = "seven blue llamas waltz";

/// A database with nothing in it but tables.
async fn context() -> Context {
    context_in(Path::new(".")).await
}

async fn context_in(folder: &Path) -> Context {
    let db = Db::connect("sqlite::memory:").unwrap();
    db.migrate().await.unwrap();
    let node = Node { name: "test".to_owned(), token_lifetime: Lifetime::minutes(5), now: NOW };
    let cost = HashCost::new(64, 1, 1).unwrap();
    Context {
        store: Store::start(db, &node).unwrap(),
        sealer: Arc::new(Sealer::new(&Secret::new([7; 32]), Epoch::default()).unwrap()),
        hasher: Hasher::start(HasherSettings { cost, ..HasherSettings::default() }).unwrap(),
        issuer: ISSUER.to_owned(),
        loopback_peers: false,
        now: NOW,
        clock: || NOW,
        config_folder: folder.to_owned(),
    }
}

/// A mirror that reads what `context` wrote.
fn mirror(context: &Context) -> Mirror {
    let shelf = Arc::new(Shelf::memory(1_000));
    let gate = Gate::new(
        context.store.local_accounts.clone(),
        context.store.journal.clone(),
        Arc::new(Throttle::new(shelf, context.sealer.clone())),
        context.hasher.clone(),
        GateLimits::default(),
    );
    let outside = Outside {
        fetcher: Fetcher::new(Policy::default()).unwrap(),
        documents: Arc::new(OidcDocuments::default()),
        base_url: ISSUER.parse().unwrap(),
    };
    let tools = Tools {
        sealer: context.sealer.clone(),
        outside,
        ours: context.ours().unwrap(),
        issuer: context.issuer.clone(),
        loopback_peers: context.loopback_peers,
        account: super::own::account(&ISSUER.parse().unwrap()).unwrap(),
    };
    Mirror::new(tools, Arc::new(gate))
}

/// An agency, a source of each kind, a relying party.
fn federation() -> Value {
    json!({
        "agencies": [{
            "id": "una", "names": {"en": "Agency A", "fr": "Agence A"},
            "domains": ["una.example"], "scopes": ["una.example"],
        }],
        "sources": [
            {
                "id": "staff", "agency": "una", "kind": "oidc",
                "trusted_acr": ["https://refeds.org/profile/mfa"],
                "connection": {
                    "issuer": "https://op.una.example", "client_id": "broker",
                    "client_secret": SOURCE_SECRET,
                },
            },
            {
                "id": "guests", "agency": "una", "kind": "local",
                "connection": {"accounts": [{
                    "username": "Eve", "password": PASSWORD,
                    "attributes": {"mail": "eve@una.example", "displayName": ["Eve"]},
                }]},
            },
        ],
        "relying_parties": [{
            "id": "portal", "agency": "una", "kind": "oidc", "names": {"en": "Portal"},
            "connection": {
                "client_secret": PARTY_SECRET, "redirect_uris": ["https://portal.example/cb"],
            },
        }],
    })
}

/// The same with something else at a place such as `/agencies/0/names`.
fn with(place: &str, value: Value) -> Value {
    changed(federation(), place, value)
}

fn changed(mut file: Value, place: &str, value: Value) -> Value {
    let (parent, key) = place.rsplit_once('/').unwrap();
    let parent = file.pointer_mut(parent).expect("a place in the file");
    match parent {
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        parent => parent[key] = value,
    }
    file
}

async fn apply(context: &Context, file: &Value) -> Result<Plan, ApplyError> {
    apply_with(context, file, false).await
}

async fn apply_with(context: &Context, file: &Value, prune: bool) -> Result<Plan, ApplyError> {
    let file = read::parse(&file.to_string(), Path::new("federation.json")).unwrap();
    context.apply(file, prune).await
}

/// What a plan changes, one line each.
fn told(plan: &Plan) -> String {
    let changes = plan.changes.iter().map(|one| {
        format!("{:?} {}/{}: {}", one.action, one.kind.section(), one.id, one.means.join("; "))
    });
    let accounts = plan.accounts.iter().map(|one| format!("{one:?}"));
    changes.chain(accounts).collect::<Vec<_>>().join("\n")
}

/// Why a file is refused, one line each.
async fn refused(context: &Context, file: &Value) -> String {
    match apply(context, file).await {
        Ok(plan) => format!("applied: {}", told(&plan)),
        Err(error) => error.to_string(),
    }
}

async fn stored(context: &Context) -> Catalog {
    context.store.federation.load().await.unwrap()
}

async fn exported(context: &Context, format: Format) -> String {
    export::write(&export::file(stored(context).await).unwrap(), format).unwrap()
}

async fn trail(context: &Context) -> Vec<TrailRow> {
    let mut rows = context.store.audit.page(None, 100).await.unwrap();
    rows.reverse();
    rows
}
