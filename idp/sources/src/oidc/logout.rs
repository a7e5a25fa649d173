//! An OpenID Provider says that sessions of its own are over: by a logout token that it posts.

use idp_domain::connector::{Heard, Message, Once, Over, Said};
use idp_domain::refusal::Fault;
use idp_domain::{Kept, Lifetime, Refusal};
use idp_oidc::rp::{ExpectedLogout, LoggedOut, LogoutTokenError, verify_logout_token};

use super::OidcConnector;
use super::stop::Stop;

impl OidcConnector {
    pub(super) async fn listen(&self, said: &Said) -> Result<Heard, Fault> {
        match self.logged_out(said).await {
            Ok(over) => Ok(Heard::Over(Box::new(over))),
            Err(stop) => stop.into_refusal().map(Heard::Refused),
        }
    }

    async fn logged_out(&self, said: &Said) -> Result<Over, Stop> {
        let token = token_of(&said.message)?;
        let expected = ExpectedLogout {
            issuer: &self.issuer,
            client_id: &self.connection.client_id,
            algs: &self.connection.id_token_algs,
            skew: Lifetime::seconds(self.connection.clock_skew_seconds),
            now: said.now,
        };
        let provider = self.provider().await?;
        let key = format!("{} {}", self.source, provider.jwks_uri());
        let documents = &self.outside.documents;
        let keys = documents.keys(&key, || self.fetch_keys(&provider)).await?;
        let verdict = match verify_logout_token(token, &keys, &expected) {
            Err(error) if error.is_unknown_key() => {
                let fetch = || self.fetch_keys(&provider);
                let newer = documents.newer_keys(&key, &keys, fetch).await?;
                verify_logout_token(token, &newer, &expected)
            }
            verdict => verdict,
        };
        Ok(self.over(verdict.map_err(|error| unbelievable(&error))?))
    }

    fn over(&self, token: LoggedOut) -> Over {
        let issuer = self.issuer.as_str().to_owned();
        let once =
            Once { key: format!("logout {issuer} {}", token.jti), until: token.replay_until };
        Over {
            issuer,
            names: token.subject.into_iter().collect(),
            marks: token.session.into_iter().collect(),
            once,
            // The answer is the status of this very request.
            asked: Kept::new(String::new()),
        }
    }
}

/// The one token of a form.
fn token_of(message: &Message) -> Result<&str, Stop> {
    let Message::Form(fields) = message else { return Err(no("binding", "not a form")) };
    let mut tokens = fields.iter().filter(|(name, _)| name == "logout_token");
    match (tokens.next(), tokens.next()) {
        (Some((_, token)), None) => Ok(token),
        _ => Err(no("malformed", "not one logout token")),
    }
}

fn unbelievable(error: &LogoutTokenError) -> Stop {
    no(error.slug(), &error.to_string())
}

fn no(reason: &'static str, detail: &str) -> Stop {
    Refusal::SourceMisbehaved { reason, detail: detail.to_owned() }.into()
}
