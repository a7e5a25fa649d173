//! The authorization request: the URL that a browser is sent to.

use idp_domain::{Acr, Lifetime};
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreJsonWebKeySet};
use openidconnect::{
    AuthUrl, AuthenticationContextClass, ClientId, CsrfToken, IssuerUrl, LanguageTag, LoginHint,
    Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};
use url::Url;

use super::discovery::Provider;
use super::error::PeerError;
use crate::pkce::Verifier;

/// What the source shall do with the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// Ask nothing.
    None,
    /// Let the person prove themselves again.
    Login,
    /// Let the person choose an account.
    SelectAccount,
    /// Ask for consent.
    Consent,
}

/// What is asked of the source.
#[derive(Debug, Clone)]
pub struct AuthorizationRequest<'a> {
    /// Who we are there.
    pub client_id: &'a str,
    /// Where the browser comes back.
    pub redirect_uri: &'a Url,
    /// The scopes beside `openid`, which is always asked for.
    pub scopes: &'a [String],
    /// Comes back with the browser.
    pub state: &'a str,
    /// Comes back in the ID token.
    pub nonce: &'a str,
    /// Redeems the code, and is sent hashed here.
    pub verifier: &'a Verifier,
    /// What the source shall do with the person.
    pub prompt: Option<Prompt>,
    /// How old the person's sign-in may be.
    pub max_age: Option<Lifetime>,
    /// The contexts that are wanted, best first.
    pub acr_values: &'a [Acr],
    /// The name that the person is likely to type.
    pub login_hint: Option<&'a str>,
    /// The languages of the pages, best first.
    pub ui_locales: &'a [&'a str],
    /// The `claims` parameter (OpenID Connect Core section 5.5), as JSON.
    pub claims: Option<&'a str>,
}

impl Provider {
    /// The URL that asks `request`.
    //= rfc9700#2.1.1-2
    //= rfc9700#2.1.1-3
    pub fn authorization_url(&self, request: &AuthorizationRequest<'_>) -> Result<Url, PeerError> {
        let not_an_issuer = || PeerError::NotAnIssuer { issuer: self.issuer.as_str().to_owned() };
        let issuer =
            IssuerUrl::new(self.issuer.as_str().to_owned()).map_err(|_| not_an_issuer())?;
        let client_id = ClientId::new(request.client_id.to_owned());
        let client = CoreClient::new(client_id, issuer, CoreJsonWebKeySet::default())
            .set_auth_uri(AuthUrl::from_url(self.authorization_endpoint.clone()))
            .set_redirect_uri(RedirectUrl::from_url(request.redirect_uri.clone()));
        let state = CsrfToken::new(request.state.to_owned());
        let nonce = Nonce::new(request.nonce.to_owned());
        let verifier = PkceCodeVerifier::new(request.verifier.expose().to_owned());
        let mut asked = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        for scope in request.scopes.iter().filter(|scope| *scope != "openid") {
            asked = asked.add_scope(Scope::new(scope.clone()));
        }
        if let Some(prompt) = request.prompt {
            asked = asked.add_prompt(match prompt {
                Prompt::None => CoreAuthPrompt::None,
                Prompt::Login => CoreAuthPrompt::Login,
                Prompt::SelectAccount => CoreAuthPrompt::SelectAccount,
                Prompt::Consent => CoreAuthPrompt::Consent,
            });
        }
        if let Some(max_age) = request.max_age {
            asked = asked.set_max_age(max_age.as_duration());
        }
        for acr in request.acr_values {
            let acr = AuthenticationContextClass::new(acr.as_str().to_owned());
            asked = asked.add_auth_context_value(acr);
        }
        if let Some(hint) = request.login_hint {
            asked = asked.set_login_hint(LoginHint::new(hint.to_owned()));
        }
        for locale in request.ui_locales {
            asked = asked.add_ui_locale(LanguageTag::new((*locale).to_owned()));
        }
        if let Some(claims) = request.claims {
            asked = asked.add_extra_param("claims", claims);
        }
        Ok(asked.url().0)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use idp_domain::assurance::REFEDS_MFA;

    use super::*;
    use crate::rp::op;

    fn parameters(request: &AuthorizationRequest<'_>) -> String {
        let url = op::provider().authorization_url(request).unwrap();
        let mut lines = vec![format!("{}", url.path())];
        lines.extend(url.query_pairs().map(|(name, value)| format!("{name}={value}")));
        lines.join("\n")
    }

    #[test]
    fn the_least_that_is_asked() {
        let request = op::request();
        expect![[r"
            /authorize
            p=1
            response_type=code
            client_id=broker
            state=the-state
            code_challenge=3Ev4DHdHPRMPoN6GukAY_pi7IUAF5qWJHRK6kURvnoE
            code_challenge_method=S256
            redirect_uri=https://broker.example/sources/una/callback
            scope=openid
            nonce=n-0S6_WzA2Mj"]]
        .assert_eq(&parameters(&request));
    }

    #[test]
    fn all_that_can_be_asked() {
        let scopes = ["openid", "profile", "email"].map(str::to_owned);
        let acr = [REFEDS_MFA.parse().unwrap()];
        let request = AuthorizationRequest {
            scopes: &scopes,
            prompt: Some(Prompt::SelectAccount),
            max_age: Some(Lifetime::minutes(5)),
            acr_values: &acr,
            login_hint: Some("zoë@una.example&x=y"),
            ui_locales: &["ar", "en"],
            claims: Some(r#"{"id_token":{"auth_time":{"essential":true}}}"#),
            ..op::request()
        };
        expect![[r#"
            /authorize
            p=1
            response_type=code
            client_id=broker
            state=the-state
            code_challenge=3Ev4DHdHPRMPoN6GukAY_pi7IUAF5qWJHRK6kURvnoE
            code_challenge_method=S256
            redirect_uri=https://broker.example/sources/una/callback
            scope=openid profile email
            claims={"id_token":{"auth_time":{"essential":true}}}
            nonce=n-0S6_WzA2Mj
            acr_values=https://refeds.org/profile/mfa
            login_hint=zoë@una.example&x=y
            max_age=300
            prompt=select_account
            ui_locales=ar en"#]]
        .assert_eq(&parameters(&request));
    }

    //= rfc9700#2.1.1-2 test
    //= rfc9700#2.1.1-3 test
    #[test]
    fn the_challenge_is_the_hash_of_the_verifier_and_the_verifier_stays_here() {
        let request = op::request();
        let text = parameters(&request);
        let challenge = request.verifier.challenge();
        assert!(text.contains(&format!("code_challenge={}", challenge.as_str())));
        assert!(!text.contains(request.verifier.expose()));
    }
}
