//! A minimal relying party of our own: PKCE, the code exchange, and an ID token checked to the
//! letter. It works against any OpenID Provider, so it is tried on a foreign one as well.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use url::Url;

use super::http::client;
use super::jose::{self, SigningKey};
use super::page::Page;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// How a relying party proves itself at the token endpoint.
#[derive(Debug, Clone)]
pub enum Proof {
    /// `client_secret_basic`.
    Basic(String),
    /// `client_secret_post`.
    Post(String),
    /// `private_key_jwt`.
    Key(Arc<SigningKey>),
    /// Not at all: a public one.
    None,
}

/// A relying party and what it has discovered.
#[derive(Debug, Clone)]
pub struct Party {
    /// Its `client_id`.
    pub id: String,
    /// How it proves itself.
    pub proof: Proof,
    /// Where it wants answers.
    pub redirect_uri: String,
    /// The provider's discovery document.
    pub provider: Value,
    http: Client,
}

/// A login that was begun: what the relying party remembers meanwhile.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Where the browser is sent.
    pub url: Url,
    /// Comes back with the answer.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Opens the code.
    pub verifier: String,
}

/// A successful answer of the token endpoint.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The whole answer.
    pub answer: Value,
    /// The verified claims of the ID token; null without one.
    pub claims: Value,
}

impl Tokens {
    /// The access token.
    pub fn access(&self) -> &str {
        self.answer["access_token"].as_str().expect("an access token")
    }

    /// The refresh token.
    pub fn refresh(&self) -> &str {
        self.answer["refresh_token"].as_str().expect("a refresh token")
    }

    /// The ID token.
    pub fn id_token(&self) -> &str {
        self.answer["id_token"].as_str().expect("an ID token")
    }
}

/// What an endpoint answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Header names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, if it is JSON.
    pub json: Value,
    /// The body.
    pub body: String,
}

impl Answer {
    /// Reads a response to its end.
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(k, v)| (k.to_string(), String::from_utf8_lossy(v.as_bytes()).into_owned()))
            .collect();
        let body = response.text().await.expect("a body");
        let json = serde_json::from_str(&body).unwrap_or(Value::Null);
        Self { status, headers, json, body }
    }

    /// A header's first value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The OAuth error code, if it is an error.
    pub fn error(&self) -> Option<&str> {
        self.json["error"].as_str()
    }
}

impl Party {
    /// Reads the provider's discovery document and checks that it speaks of itself.
    pub async fn discover(issuer: &str, id: &str, proof: Proof, redirect_uri: &str) -> Self {
        let http = client();
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let answer = Answer::of(http.get(&address)).await;
        assert_eq!(answer.status, 200, "{address}: {}", answer.body);
        assert_eq!(answer.json["issuer"], issuer, "the issuer names itself");
        Self {
            id: id.to_owned(),
            proof,
            redirect_uri: redirect_uri.to_owned(),
            provider: answer.json,
            http,
        }
    }

    /// The same one with another proof: a thief, or a fool.
    #[must_use]
    pub fn with_proof(&self, proof: Proof) -> Self {
        Self { proof, ..self.clone() }
    }

    /// An endpoint by its name in the discovery document.
    pub fn endpoint(&self, name: &str) -> &str {
        self.provider[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.provider))
    }

    /// Begins a login for `openid profile email`; `extra` overrides or adds parameters.
    pub fn begin(&self, extra: &[(&str, &str)]) -> Begun {
        let (state, nonce, verifier) = (jose::random(), jose::random(), jose::random());
        let challenge = jose::b64(jose::sha256(&verifier));
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", "openid profile email"),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        pairs.retain(|(key, _)| extra.iter().all(|(other, _)| key != other));
        // `-` takes a parameter out.
        pairs.extend(extra.iter().filter(|(_, value)| *value != Self::WITHOUT));
        let mut url: Url = self.endpoint("authorization_endpoint").parse().expect("a URL");
        url.query_pairs_mut().extend_pairs(&pairs);
        let given = |name: &str, made: String| {
            extra.iter().find(|(key, _)| *key == name).map_or(made, |(_, v)| (*v).to_owned())
        };
        Begun {
            url,
            state: given("state", state.clone()),
            nonce: given("nonce", nonce.clone()),
            verifier,
        }
    }

    /// The value that takes a parameter out of [`Self::begin`].
    pub const WITHOUT: &'static str = "\u{0}without";

    /// Reads the answer in the browser's address and exchanges its code; panics on an error.
    pub async fn finish(&self, begun: &Begun, page: &Page) -> Tokens {
        let code = self.code(begun, page);
        self.exchange(begun, &code).await
    }

    /// The code in an answer, once state and issuer are checked.
    pub fn code(&self, begun: &Begun, page: &Page) -> String {
        assert!(page.arrived(), "the login did not come back:\n{}", page.describe());
        assert_eq!(page.answer("error"), None, "an error came back: {}", page.url);
        assert_eq!(page.answer("state").as_deref(), Some(begun.state.as_str()), "state");
        // RFC 9207: a provider that announces it must send it.
        if self.provider["authorization_response_iss_parameter_supported"] == true {
            let issuer = self.provider["issuer"].as_str();
            assert_eq!(page.answer("iss").as_deref(), issuer, "iss (RFC 9207)");
        }
        page.answer("code").unwrap_or_else(|| panic!("no code in {}", page.url))
    }

    /// The error in an answer, once state and issuer are checked.
    pub fn error(&self, begun: &Begun, page: &Page) -> String {
        assert!(page.arrived(), "no answer came back:\n{}", page.describe());
        assert_eq!(page.answer("code"), None, "a code came back: {}", page.url);
        assert_eq!(page.answer("state").as_deref(), Some(begun.state.as_str()), "state");
        let issuer = self.provider["issuer"].as_str();
        assert_eq!(page.answer("iss").as_deref(), issuer, "iss (RFC 9207)");
        page.answer("error").unwrap_or_else(|| panic!("no error in {}", page.url))
    }

    /// Exchanges a code and verifies the ID token.
    pub async fn exchange(&self, begun: &Begun, code: &str) -> Tokens {
        let answer = self.redeem(code, &begun.verifier).await;
        assert_eq!(answer.status, 200, "token endpoint: {}", answer.body);
        self.read_tokens(answer, Some(&begun.nonce)).await
    }

    /// Sends a code with its verifier; whatever comes back.
    pub async fn redeem(&self, code: &str, verifier: &str) -> Answer {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", verifier),
        ])
        .await
    }

    /// Uses a refresh token; whatever comes back.
    pub async fn refresh(&self, refresh_token: &str) -> Answer {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }

    /// Verifies a token answer: its shape, and its ID token if it carries one.
    pub async fn read_tokens(&self, answer: Answer, nonce: Option<&str>) -> Tokens {
        assert!(
            answer.header("cache-control").is_some_and(|value| value.contains("no-store")),
            "tokens must not be cached: {:?}",
            answer.headers
        );
        assert_eq!(
            answer.json["token_type"].as_str().map(str::to_lowercase).as_deref(),
            Some("bearer")
        );
        let claims = match answer.json["id_token"].as_str() {
            Some(token) => self.verify_id_token(token, nonce).await,
            None => Value::Null,
        };
        Tokens { answer: answer.json, claims }
    }

    /// The claims of an ID token that is meant for us (OpenID Connect Core, section 3.1.3.7).
    pub async fn verify_id_token(&self, token: &str, nonce: Option<&str>) -> Value {
        let claims = jose::verify(token, &self.jwks().await).expect("a valid ID token");
        assert_eq!(claims["iss"], self.provider["issuer"], "iss");
        let audience = &claims["aud"];
        let ours = audience == &json!(self.id) || audience == &json!([self.id]);
        assert!(ours, "aud is {audience}");
        let now = now();
        assert!(claims["exp"].as_u64().expect("exp") > now, "exp");
        assert!(claims["iat"].as_u64().expect("iat") <= now + 5, "iat");
        if let Some(nonce) = nonce {
            assert_eq!(claims["nonce"], nonce, "nonce");
        }
        assert!(!claims["sub"].as_str().expect("sub").is_empty());
        claims
    }

    /// The provider's public keys.
    pub async fn jwks(&self) -> Value {
        Answer::of(self.http.get(self.endpoint("jwks_uri"))).await.json
    }

    /// Claims about the person.
    pub async fn userinfo(&self, access_token: &str) -> Answer {
        let request = self.http.get(self.endpoint("userinfo_endpoint"));
        Answer::of(request.bearer_auth(access_token)).await
    }

    /// Asks whether a token is good (RFC 7662).
    pub async fn introspect(&self, token: &str) -> Answer {
        self.post("introspection_endpoint", &[("token", token)]).await
    }

    /// Gives a token back (RFC 7009).
    pub async fn revoke(&self, token: &str) -> Answer {
        self.post("revocation_endpoint", &[("token", token)]).await
    }

    /// Sends a form to the token endpoint, with our proof.
    pub async fn token(&self, form: &[(&str, &str)]) -> Answer {
        self.post("token_endpoint", form).await
    }

    /// Where to send the browser to sign out.
    pub fn logout_url(&self, id_token: &str, back_to: Option<&str>) -> Url {
        let mut url: Url = self.endpoint("end_session_endpoint").parse().expect("a URL");
        url.query_pairs_mut().append_pair("id_token_hint", id_token);
        if let Some(address) = back_to {
            url.query_pairs_mut()
                .append_pair("post_logout_redirect_uri", address)
                .append_pair("state", "signed-out");
        }
        url
    }

    /// A client assertion for `private_key_jwt`, valid for a minute.
    pub fn assertion(&self, key: &SigningKey) -> String {
        key.sign(&json!({
            "iss": self.id, "sub": self.id, "aud": self.provider["issuer"],
            "jti": jose::random(), "iat": now(), "exp": now() + 60,
        }))
    }

    async fn post(&self, endpoint: &str, form: &[(&str, &str)]) -> Answer {
        let mut request = self.http.post(self.endpoint(endpoint));
        let mut form: Vec<(String, String)> =
            form.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let mut add = |key: &str, value: String| form.push((key.to_owned(), value));
        match &self.proof {
            Proof::Basic(secret) => {
                request = request.header("authorization", basic(&self.id, secret));
            }
            Proof::Post(secret) => {
                add("client_id", self.id.clone());
                add("client_secret", secret.clone());
            }
            Proof::Key(key) => {
                add("client_id", self.id.clone());
                let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                add("client_assertion_type", kind.to_owned());
                add("client_assertion", self.assertion(key));
            }
            Proof::None => add("client_id", self.id.clone()),
        }
        Answer::of(request.form(&form)).await
    }
}

/// `Authorization: Basic` as RFC 6749 section 2.3.1 wants it: both halves form-urlencoded first.
pub fn basic(id: &str, secret: &str) -> String {
    let encode =
        |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", encode(id), encode(secret))))
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}
