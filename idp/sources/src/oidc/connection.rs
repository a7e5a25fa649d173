//! How to reach a source that is an OpenID Provider, as its operator configures it.
//!
//! A wire format: secrets stand in it by value, resolved by whoever read the configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use idp_domain::{Acr, AttributeName, Secret};
use idp_oidc::keys::{KeyError, SigningAlg, SigningKey};
use idp_oidc::rp::{ClientProof, Endpoints, Issuer, PeerError, Provider, Transport};
use serde::{Deserialize, Deserializer};
use thiserror::Error;

/// The most that a source's clock may be off, in seconds.
const MAX_SKEW: u32 = 300;

/// The connection of a source of the kind `oidc`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcConnection {
    /// The issuer, byte for byte as it stands in the source's tokens.
    pub issuer: String,
    /// Who we are there.
    pub client_id: String,
    /// The secret that we share with the source.
    #[serde(default, deserialize_with = "secret")]
    pub client_secret: Option<Secret<String>>,
    /// Our private key for this source: PKCS #8, PEM; P-256, Ed25519 or RSA.
    #[serde(default, deserialize_with = "secret")]
    pub private_key: Option<Secret<String>>,
    /// How we prove who we are; by the secret in the header or by the key, if left out.
    #[serde(default)]
    pub token_endpoint_auth_method: Option<TokenEndpointAuth>,
    /// Whom an assertion signed with the private key is addressed to.
    #[serde(default)]
    pub assertion_audience: AssertionAudience,
    /// What is asked for beside `openid`.
    #[serde(default = "usual_scopes")]
    pub scopes: Vec<String>,
    /// The algorithms that ID tokens may be signed with.
    #[serde(default = "all_algs")]
    pub id_token_algs: Vec<SigningAlg>,
    /// Audiences that an ID token may name beside us.
    #[serde(default)]
    pub other_audiences: Vec<String>,
    /// Claims that an ID token must have with one of these values, such as `hd` or `tid`.
    #[serde(default)]
    pub required_claims: BTreeMap<String, Vec<String>>,
    /// The source's own names for authentication contexts, and ours for the same.
    #[serde(default)]
    pub acr: BTreeMap<String, Acr>,
    /// What the source does with the person where nobody demands otherwise.
    #[serde(default)]
    pub prompt: Option<PromptWish>,
    /// Attributes that stand in another claim than the registry says.
    #[serde(default)]
    pub claims: BTreeMap<AttributeName, String>,
    /// The endpoints of a source that publishes no discovery document.
    #[serde(default)]
    pub endpoints: Option<Endpoints>,
    /// Whether the userinfo endpoint is asked, if there is one.
    #[serde(default = "yes")]
    pub userinfo: bool,
    /// How far the source's clock may be off, in seconds, at most 300.
    #[serde(default = "usual_skew")]
    pub clock_skew_seconds: u32,
}

/// How we prove at the token endpoint who we are (OpenID Connect Core section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenEndpointAuth {
    /// The secret, in the `Authorization` header.
    ClientSecretBasic,
    /// The secret, in the form.
    ClientSecretPost,
    /// An assertion signed with the private key.
    PrivateKeyJwt,
}

/// Whom an assertion is addressed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssertionAudience {
    /// The issuer, which no other server can pass off as its own.
    #[default]
    Issuer,
    /// The token endpoint, for sources that know no better.
    TokenEndpoint,
}

/// What the source does with the person where nobody demands otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromptWish {
    /// Lets them prove themselves again.
    Login,
    /// Lets them choose an account.
    SelectAccount,
    /// Asks for consent.
    Consent,
}

/// Why a connection can never work.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConnectionError {
    /// Issuer or endpoints cannot be used.
    #[error("the connection names a place that cannot be used")]
    Place(#[from] PeerError),
    /// Neither a secret nor a key, or both, or not the one that the method needs.
    #[error("{wanted} is needed, and it alone, for the way in which we prove who we are")]
    Proof {
        /// What is needed.
        wanted: &'static str,
    },
    /// The private key cannot be read.
    #[error("private_key is not a private key in PEM (PKCS #8: `BEGIN PRIVATE KEY`)")]
    PrivateKey(#[source] Option<KeyError>),
    /// A field is empty that must not be.
    #[error("{field} is empty")]
    Empty {
        /// The field.
        field: &'static str,
    },
    /// An attribute that the registry does not have.
    #[error("claims: there is no attribute {name}")]
    UnknownAttribute {
        /// What was written.
        name: String,
    },
    /// A clock may not be off so far.
    #[error("clock_skew_seconds is {seconds}, more than {MAX_SKEW}")]
    Skew {
        /// What was written.
        seconds: u32,
    },
    /// Our own base URL takes no path.
    #[error("no callback can lie under the base URL")]
    BaseUrl,
}

impl OidcConnection {
    /// Refuses what the form alone does not.
    pub(super) fn verify(
        &self,
        issuer: &Issuer,
        transport: Transport,
    ) -> Result<(), ConnectionError> {
        let without_values = self.required_claims.values().any(Vec::is_empty);
        for (field, is_empty) in [
            ("client_id", self.client_id.is_empty()),
            ("id_token_algs", self.id_token_algs.is_empty()),
            ("required_claims", without_values),
        ] {
            if is_empty {
                return Err(ConnectionError::Empty { field });
            }
        }
        if self.clock_skew_seconds > MAX_SKEW {
            return Err(ConnectionError::Skew { seconds: self.clock_skew_seconds });
        }
        if let Some(endpoints) = &self.endpoints {
            Provider::configured(endpoints, issuer, transport)?;
        }
        Ok(())
    }

    /// How we prove who we are.
    pub(super) fn proof(&self, issuer: &Issuer) -> Result<ClientProof, ConnectionError> {
        use TokenEndpointAuth::{ClientSecretBasic, ClientSecretPost, PrivateKeyJwt};
        match (self.token_endpoint_auth_method, &self.client_secret, &self.private_key) {
            (Some(ClientSecretBasic) | None, Some(secret), None) => {
                Ok(ClientProof::SecretBasic(secret.clone()))
            }
            (Some(ClientSecretPost), Some(secret), None) => {
                Ok(ClientProof::SecretPost(secret.clone()))
            }
            (Some(PrivateKeyJwt) | None, None, Some(pem)) => Ok(ClientProof::PrivateKey {
                key: Arc::new(signing_key(pem)?),
                audience: issuer.as_str().to_owned(),
            }),
            (Some(PrivateKeyJwt), _, _) => Err(ConnectionError::Proof { wanted: "private_key" }),
            _ => Err(ConnectionError::Proof { wanted: "client_secret" }),
        }
    }
}

/// The key in `pem`, of whichever kind it is.
fn signing_key(pem: &Secret<String>) -> Result<SigningKey, ConnectionError> {
    let body = pem
        .expose()
        .trim()
        .strip_prefix("-----BEGIN PRIVATE KEY-----")
        .and_then(|rest| rest.strip_suffix("-----END PRIVATE KEY-----"))
        .ok_or(ConnectionError::PrivateKey(None))?;
    let packed = Secret::new(body.split_ascii_whitespace().collect::<String>());
    let der = STANDARD.decode(packed.expose()).map_err(|_| ConnectionError::PrivateKey(None))?;
    let der = Secret::new(der);
    let read = |alg| SigningKey::from_pkcs8(alg, der.expose());
    read(SigningAlg::Es256)
        .or_else(|_| read(SigningAlg::EdDsa))
        .or_else(|_| read(SigningAlg::Rs256))
        .map_err(|error| ConnectionError::PrivateKey(Some(error)))
}

fn secret<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Secret<String>>, D::Error> {
    Ok(Option::<String>::deserialize(reader)?.map(Secret::new))
}

fn usual_scopes() -> Vec<String> {
    ["profile", "email"].map(str::to_owned).to_vec()
}

fn all_algs() -> Vec<SigningAlg> {
    SigningAlg::ALL.to_vec()
}

const fn yes() -> bool {
    true
}

const fn usual_skew() -> u32 {
    60
}
