//! An OpenID Provider on loopback for the tests of this connector. It is as strict as a real one,
//! and misbehaves where a test tells it to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use idp_domain::Timestamp;
use idp_oidc::jwt::{TokenType, mint};
use idp_oidc::keys::{KeyKind, KeyRecord, KeySet, KeyState, SigningKey};
use idp_oidc::pkce::{Challenge, Verifier};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

pub(super) const CLIENT_ID: &str = "broker";
pub(super) const SECRET: &str = "s3cret: & more";
pub(super) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const ACCESS_TOKEN: &str = "access-token-of-alice";

type Parameters = HashMap<String, String>;
type Change = Box<dyn Fn(&mut Value) + Send>;

/// What the provider does; each field that is set replaces one honest answer.
#[derive(Default)]
pub(super) struct Mood {
    pub(super) discovery: Option<Change>,
    pub(super) id_token: Option<Change>,
    pub(super) userinfo: Option<Change>,
    /// Status, media type and body of the token endpoint.
    pub(super) token: Option<(u16, &'static str, String)>,
    /// The endpoint that answers with status 503.
    pub(super) broken: Option<&'static str>,
}

/// A running provider.
pub(super) struct TestProvider {
    pub(super) base: String,
    house: Arc<House>,
    serving: JoinHandle<()>,
}

struct House {
    base: String,
    mood: Mutex<Mood>,
    /// The key that signs, and those that are published.
    keys: Mutex<(Arc<SigningKey>, Vec<Arc<SigningKey>>)>,
    /// What was asked for each code.
    codes: Mutex<HashMap<String, Parameters>>,
    /// Every request: its path and, of the token endpoint, its form.
    seen: Mutex<Vec<(String, Parameters)>>,
}

pub(super) fn key() -> Arc<SigningKey> {
    let pkcs8 = KeyKind::Es256.generate(&SystemRandom::new()).unwrap();
    Arc::new(SigningKey::from_pkcs8(KeyKind::Es256.alg(), pkcs8.expose()).unwrap())
}

impl TestProvider {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let key = key();
        let house = Arc::new(House {
            base: base.clone(),
            mood: Mutex::default(),
            keys: Mutex::new((key.clone(), vec![key])),
            codes: Mutex::default(),
            seen: Mutex::default(),
        });
        let serving = tokio::spawn(serve(listener, house.clone()));
        Self { base, house, serving }
    }

    pub(super) fn set(&self, mood: Mood) {
        *self.house.mood.lock().unwrap() = mood;
    }

    /// Signs with a new key, published beside the others or not.
    pub(super) fn rotate(&self, published: bool) {
        let new = key();
        let mut keys = self.house.keys.lock().unwrap();
        keys.0 = new.clone();
        if published {
            // Two keys of one algorithm: the older one does not sign any more.
            keys.1.push(new);
        }
    }

    /// The key that signs now.
    pub(super) fn signing_key(&self) -> Arc<SigningKey> {
        self.house.keys.lock().unwrap().0.clone()
    }

    /// How often an endpoint was asked.
    pub(super) fn asked(&self, path: &str) -> usize {
        self.house.seen.lock().unwrap().iter().filter(|(seen, _)| seen == path).count()
    }

    /// The form of the latest request to the token endpoint.
    pub(super) fn form(&self) -> Parameters {
        let seen = self.house.seen.lock().unwrap();
        seen.iter().rfind(|(path, _)| path == "/token").unwrap().1.clone()
    }

    /// What a person does who signs in at `url`: the parameters that come back.
    pub(super) fn sign_in(&self, url: &Url) -> Vec<(String, String)> {
        assert!(url.as_str().starts_with(&format!("{}/authorize?", self.base)), "{url}");
        let asked: Parameters = url.query_pairs().into_owned().collect();
        assert_eq!(asked["code_challenge_method"], "S256");
        let mut codes = self.house.codes.lock().unwrap();
        let code = format!("code-{}", codes.len());
        let state = asked["state"].clone();
        codes.insert(code.clone(), asked);
        [("code", code), ("state", state), ("iss", self.base.clone())]
            .map(|(name, value)| (name.to_owned(), value))
            .to_vec()
    }
}

impl Drop for TestProvider {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, house: Arc<House>) {
    while let Ok((stream, _)) = listener.accept().await {
        let house = house.clone();
        tokio::spawn(async move { answer(stream, &house).await });
    }
}

async fn answer(mut stream: TcpStream, house: &House) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let header = |name: &str| {
        head.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).map(str::to_owned)
    };
    let length = header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let form = url::form_urlencoded::parse(&body).into_owned().collect();
    let (status, media_type, body) = house.answer(&path, &form, header("authorization").as_deref());
    house.seen.lock().unwrap().push((path, form));
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} So\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n"
    );
    // The connector may have given up by now.
    let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
}

impl House {
    fn answer(
        &self,
        path: &str,
        form: &Parameters,
        authorization: Option<&str>,
    ) -> (u16, &'static str, String) {
        const JSON: &str = "application/json";
        let mood = self.mood.lock().unwrap();
        if mood.broken == Some(path) {
            return (503, "text/plain", "away".to_owned());
        }
        match path {
            "/.well-known/openid-configuration" => {
                (200, JSON, changed(self.discovery(), mood.discovery.as_ref()))
            }
            "/keys" => (200, JSON, self.published()),
            "/token" => match (self.redeem(form, authorization), &mood.token) {
                (_, Some(answer)) => answer.clone(),
                (Err(error), None) => (400, JSON, json!({ "error": error }).to_string()),
                (Ok(asked), None) => {
                    let claims = changed(honest_claims(&self.base, &asked), mood.id_token.as_ref());
                    let claims: Value = serde_json::from_str(&claims).unwrap();
                    let key = self.keys.lock().unwrap().0.clone();
                    let id_token = mint(&key, TokenType::IdToken, &claims).unwrap();
                    let answer = json!({
                        "access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": id_token,
                    });
                    (200, JSON, answer.to_string())
                }
            },
            "/userinfo" => {
                assert_eq!(authorization, Some("Bearer access-token-of-alice"));
                let said = json!({"sub": "alice", "email": "alice@una.example"});
                (200, JSON, changed(said, mood.userinfo.as_ref()))
            }
            _ => (404, "text/plain", String::new()),
        }
    }

    fn discovery(&self) -> Value {
        let base = &self.base;
        json!({
            "issuer": base,
            "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"),
            "jwks_uri": format!("{base}/keys"),
            "userinfo_endpoint": format!("{base}/userinfo"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "authorization_response_iss_parameter_supported": true,
        })
    }

    fn published(&self) -> String {
        let keys = self.keys.lock().unwrap();
        let record = |key: &Arc<SigningKey>| KeyRecord {
            key: key.clone(),
            state: KeyState::Next,
            since: NOW,
        };
        KeySet::new(keys.1.iter().map(record).collect()).unwrap().jwks().to_string()
    }

    /// What was asked for the code, if everything about its redemption is right.
    fn redeem(
        &self,
        form: &Parameters,
        authorization: Option<&str>,
    ) -> Result<Parameters, &'static str> {
        let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let encoded = format!("Basic {}", STANDARD.encode("broker:s3cret%3A+%26+more"));
        let posted = field("client_id") == CLIENT_ID && field("client_secret") == SECRET;
        let asserted = !field("client_assertion").is_empty();
        if authorization != Some(&encoded) && !posted && !asserted {
            return Err("invalid_client");
        }
        let asked = self.codes.lock().unwrap().remove(field("code")).ok_or("invalid_grant")?;
        let verifier = Verifier::parse(field("code_verifier")).ok_or("invalid_grant")?;
        let challenge = Challenge::parse(&asked["code_challenge"]).ok_or("invalid_grant")?;
        let same_place = asked["redirect_uri"] == field("redirect_uri");
        (challenge.is_met_by(&verifier) && same_place).then_some(asked).ok_or("invalid_grant")
    }
}

fn honest_claims(issuer: &str, asked: &Parameters) -> Value {
    json!({
        "iss": issuer, "sub": "alice", "aud": CLIENT_ID, "nonce": asked["nonce"],
        "iat": NOW.seconds(), "exp": NOW.seconds() + 300, "auth_time": NOW.seconds(),
        "acr": "gold", "amr": ["pwd", "otp"], "sid": "s1", "name": "Alice A.",
    })
}

fn changed(mut value: Value, change: Option<&Change>) -> String {
    if let Some(change) = change {
        change(&mut value);
    }
    value.to_string()
}
