//! An OpenID Provider that behaves well until a test tells it how to misbehave.
//!
//! One listener serves many issuers, `/op/{name}`, each with keys and a mood of its own, so that
//! every attack has its source and none disturbs another.

mod forge;
mod mood;
mod serve;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::net::TcpListener;

pub use forge::Forge;
pub use mood::{ChangeAnswer, ChangeJson, MakeToken, Mood, Raw, TokenAnswer};

use crate::harness::jose::SigningKey;

/// The secret that the broker has at every hostile issuer.
pub const SECRET: &str = "a-secret-of-the-test-bed-0123456789abcdef";
/// The `client_id` that the broker has there.
pub const CLIENT_ID: &str = "broker";

/// The listener with all its issuers.
#[derive(Debug, Clone)]
pub struct Hostile {
    base: String,
    issuers: Arc<BTreeMap<String, Arc<Issuer>>>,
}

/// One issuer.
#[derive(Debug)]
pub struct Issuer {
    /// Its identifier.
    pub url: String,
    /// The key that it signs with.
    pub key: SigningKey,
    mood: Mutex<Mood>,
    seen: Mutex<Vec<Seen>>,
    codes: Mutex<BTreeMap<String, BTreeMap<String, String>>>,
}

/// A request that came in.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Which endpoint: `authorize`, `token`, `userinfo`, `jwks` or `discovery`.
    pub endpoint: &'static str,
    /// The parameters of query or form.
    pub parameters: BTreeMap<String, String>,
    /// The `Authorization` header.
    pub authorization: Option<String>,
}

impl Hostile {
    /// Starts one issuer for each name. `rs256` names sign with RSA, the others with P-256.
    pub async fn start(names: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let issuers = names.iter().map(|name| {
            let key = if name.contains("rsa") {
                SigningKey::rsa(&format!("{name}-key"))
            } else {
                SigningKey::es256(&format!("{name}-key"))
            };
            let url = format!("{base}/op/{name}");
            ((*name).to_owned(), Arc::new(Issuer::new(url, key)))
        });
        let issuers = Arc::new(issuers.collect());
        let hostile = Self { base, issuers };
        let router = serve::router(hostile.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        hostile
    }

    /// The issuer of this name.
    pub fn issuer(&self, name: &str) -> Arc<Issuer> {
        self.find(name).unwrap_or_else(|| panic!("no issuer `{name}` at {}", self.base))
    }

    fn find(&self, name: &str) -> Option<Arc<Issuer>> {
        self.issuers.get(name).cloned()
    }
}

impl Issuer {
    fn new(url: String, key: SigningKey) -> Self {
        Self { url, key, mood: Mutex::default(), seen: Mutex::default(), codes: Mutex::default() }
    }

    /// Behaves like this from now on.
    pub fn set(&self, mood: Mood) {
        *lock(&self.mood) = mood;
    }

    /// Makes every ID token from now on as `make` says.
    pub fn forge(&self, make: impl Fn(&mut Forge<'_>) -> String + Send + Sync + 'static) {
        self.set(Mood { id_token: Some(Arc::new(make)), ..Mood::default() });
    }

    /// Changes the claims of every ID token from now on, and signs them properly.
    pub fn claims(&self, change: impl Fn(&mut Value) + Send + Sync + 'static) {
        self.forge(move |forge| {
            change(&mut forge.claims);
            forge.sign()
        });
    }

    /// The requests to an endpoint since the last call of [`Self::forget`].
    pub fn seen(&self, endpoint: &str) -> Vec<Seen> {
        lock(&self.seen).iter().filter(|seen| seen.endpoint == endpoint).cloned().collect()
    }

    /// Forgets the requests so far.
    pub fn forget(&self) {
        lock(&self.seen).clear();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
