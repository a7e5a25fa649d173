//! How a hostile issuer misbehaves: each field replaces one honest answer.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::Forge;

/// Makes an ID token.
pub type MakeToken = Arc<dyn Fn(&mut Forge<'_>) -> String + Send + Sync>;
/// Changes the parameters that go back to the broker's callback.
pub type ChangeAnswer = Arc<dyn Fn(&mut Vec<(String, String)>) + Send + Sync>;
/// Changes a JSON answer.
pub type ChangeJson = Arc<dyn Fn(&mut Value) + Send + Sync>;

/// The behaviour of one issuer.
#[derive(Clone, Default)]
pub struct Mood {
    /// Makes the ID token, instead of signing the honest one.
    pub id_token: Option<MakeToken>,
    /// Changes the answer of the authorization endpoint.
    pub answer: Option<ChangeAnswer>,
    /// Changes the discovery document.
    pub discovery: Option<ChangeJson>,
    /// Changes the published keys.
    pub jwks: Option<ChangeJson>,
    /// Changes the claims of the userinfo endpoint.
    pub userinfo: Option<ChangeJson>,
    /// What the token endpoint does.
    pub token: TokenAnswer,
    /// Whose login this is: the honest `sub` and mail address.
    pub person: Option<String>,
    /// Whether it is theirs whom the request hints at, where there is a hint: so that many logins
    /// at a time can be of as many people.
    pub by_hint: bool,
}

impl fmt::Debug for Mood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mood").field("token", &self.token).finish_non_exhaustive()
    }
}

/// What the token endpoint does.
#[derive(Clone, Default)]
pub enum TokenAnswer {
    /// Answers as it should.
    #[default]
    Honest,
    /// Answers honest JSON that was changed first.
    Changed(ChangeJson),
    /// Answers these bytes; `{id_token}` in them is replaced by an honest one.
    Raw(Raw),
    /// Takes the request and never answers.
    Silent,
}

impl fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Honest => "Honest",
            Self::Changed(_) => "Changed",
            Self::Raw(_) => "Raw",
            Self::Silent => "Silent",
        })
    }
}

/// An answer byte for byte.
#[derive(Clone, Debug)]
pub struct Raw {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: BTreeMap<&'static str, String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Raw {
    /// A JSON text with status 200.
    pub fn json(body: impl Into<Vec<u8>>) -> Self {
        let headers = BTreeMap::from([("content-type", "application/json".to_owned())]);
        Self { status: 200, headers, body: body.into() }
    }

    /// The same with another header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.to_owned());
        self
    }
}
