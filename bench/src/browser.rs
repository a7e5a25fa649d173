//! A person's browser that is signed in, and what the relying party behind it holds.

mod saml;

use std::collections::VecDeque;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{AUTHORIZATION, COOKIE, SET_COOKIE};

use crate::connection::{Answer, Connection};
use crate::node::{AUTHORIZATION_OF_PARTY, PARTY, PASSWORD, REDIRECT_URI, SOURCE, USERNAME};
use crate::saml::Keys;
pub(crate) use saml::Ahead;

/// Steps after which a login that does not end is given up.
const STEPS: usize = 6;

/// A virtual user.
pub(crate) struct Browser {
    /// Its connection.
    pub(crate) connection: Connection,
    jar: Jar,
    /// What its relying party got last.
    pub(crate) access_token: String,
    /// The present one of its family.
    pub(crate) refresh_token: String,
    /// Where the node believes to be.
    base: String,
    /// What the SAML peers sign with.
    keys: Arc<Keys>,
    /// What was made ahead of time.
    pub(crate) ahead: VecDeque<Ahead>,
}

/// Cookies.
#[derive(Default)]
pub(crate) struct Jar {
    cookies: Vec<(String, String)>,
    /// As a header says them.
    line: String,
}

impl Browser {
    /// A browser that knows nothing yet, at the node on this port, among SAML peers with `keys`.
    pub(crate) fn new(port: u16, keys: &Arc<Keys>) -> Self {
        Self {
            connection: Connection::to(port),
            jar: Jar::default(),
            access_token: String::new(),
            refresh_token: String::new(),
            base: format!("http://localhost:{port}"),
            keys: Arc::clone(keys),
            ahead: VecDeque::new(),
        }
    }

    /// Signs in with a password, and gets tokens to work with.
    pub(crate) async fn sign_in(&mut self) -> Result<()> {
        self.sign_in_at(SOURCE).await
    }

    /// The same at a source that has the same account.
    pub(crate) async fn sign_in_at(&mut self, source: &str) -> Result<()> {
        let (path, _) = request("openid%20profile%20email")?;
        let mut answer = self.visit(&format!("{path}&idp_hint={source}"), None).await?;
        for _ in 0..STEPS {
            if (300..400).contains(&answer.status) {
                let next = answer.location()?.to_owned();
                answer = self.visit(&next, None).await?;
                continue;
            }
            let page = answer.text(200)?;
            if page.contains("code=") {
                return self.code_flow("openid%20profile%20email%20offline_access").await;
            }
            let form = action(page, "/password").context("a page without a password's form")?;
            let fields = format!("username={USERNAME}&password={PASSWORD}");
            answer = self.visit(&form, Some(fields)).await?;
        }
        bail!("nobody is signed in after {STEPS} steps")
    }

    /// Where a login takes its password: the target of its form.
    pub(crate) async fn password_form(&mut self) -> Result<String> {
        let (path, _) = request("openid")?;
        let mut answer = self.visit(&format!("{path}&idp_hint={SOURCE}"), None).await?;
        for _ in 0..STEPS {
            if (300..400).contains(&answer.status) {
                let next = answer.location()?.to_owned();
                answer = self.visit(&next, None).await?;
                continue;
            }
            return action(answer.text(200)?, "/password").context("no form for a password");
        }
        bail!("no form for a password after {STEPS} steps")
    }

    /// One attempt at a login's password.
    pub(crate) async fn try_password(&mut self, form: &str, fields: String) -> Result<Answer> {
        self.visit(form, Some(fields)).await
    }

    /// Goes on at another node of the same broker, on this port.
    pub(crate) fn move_to(&mut self, port: u16) {
        self.connection = Connection::to(port);
    }

    /// Whether the node believes the browser's session, without any page being shown.
    pub(crate) async fn is_signed_in(&mut self) -> Result<bool> {
        let (path, _) = request("openid")?;
        let headers = [(COOKIE, self.jar.line.as_str())];
        let answer = self.connection.send(&format!("{path}&prompt=none"), &headers, None).await?;
        Ok(parameter(answer.location()?, "code").is_some())
    }

    /// From the session to tokens: authorize, then token.
    pub(crate) async fn code_flow(&mut self, scope: &str) -> Result<()> {
        let (path, verifier) = request(scope)?;
        let headers = [(COOKIE, self.jar.line.as_str())];
        let answer = self.connection.send(&path, &headers, None).await?;
        self.redeem(answer.location()?, &verifier).await
    }

    /// Tokens for the code that is in `location`.
    async fn redeem(&mut self, location: &str, verifier: &str) -> Result<()> {
        let code = parameter(location, "code").with_context(|| format!("no code: {location}"))?;
        let form = format!(
            "grant_type=authorization_code&code={code}&redirect_uri={REDIRECT_URI}&code_verifier={verifier}"
        );
        let answer = self.back_channel("/oidc/token", form).await?;
        let text = answer.text(200)?;
        ensure!(member(text, "id_token").is_some(), "no ID token");
        self.keep(text)
    }

    /// A new pair for the present refresh token.
    pub(crate) async fn refresh(&mut self) -> Result<()> {
        let form = format!("grant_type=refresh_token&refresh_token={}", self.refresh_token);
        let answer = self.back_channel("/oidc/token", form).await?;
        self.keep(answer.text(200)?)
    }

    /// A request of the relying party's back end.
    pub(crate) async fn back_channel(&mut self, path: &str, form: String) -> Result<Answer> {
        let headers = [(AUTHORIZATION, AUTHORIZATION_OF_PARTY)];
        self.connection.send(path, &headers, Some(form)).await
    }

    fn keep(&mut self, text: &str) -> Result<()> {
        member(text, "access_token").context("no access token")?.clone_into(&mut self.access_token);
        if let Some(token) = member(text, "refresh_token") {
            token.clone_into(&mut self.refresh_token);
        }
        Ok(())
    }

    /// A page of the broker, with cookies in both directions.
    async fn visit(&mut self, path: &str, form: Option<String>) -> Result<Answer> {
        let headers = [(COOKIE, self.jar.line.as_str())];
        let headers = if self.jar.line.is_empty() { &[][..] } else { &headers[..] };
        let answer = self.connection.send(path, headers, form).await?;
        self.jar.keep(&answer)?;
        Ok(answer)
    }
}

impl Jar {
    fn keep(&mut self, answer: &Answer) -> Result<()> {
        let mut set = answer.headers.get_all(SET_COOKIE).iter().peekable();
        if set.peek().is_none() {
            return Ok(());
        }
        for cookie in set {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else { continue };
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let pairs: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        self.line = pairs.join("; ");
        Ok(())
    }
}

/// The path of an authorization request, and the verifier of its challenge.
fn request(scope: &str) -> Result<(String, String)> {
    let mut bits = [0; 64];
    aws_lc_rs::rand::fill(&mut bits).ok().context("no randomness")?;
    let (verifier, rest) = bits.split_at(32);
    let (state, nonce) = rest.split_at(16);
    let verifier = URL_SAFE_NO_PAD.encode(verifier);
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
    let (state, nonce) = (URL_SAFE_NO_PAD.encode(state), URL_SAFE_NO_PAD.encode(nonce));
    let path = format!(
        "/oidc/authorize?response_type=code&client_id={PARTY}&redirect_uri={REDIRECT_URI}\
         &scope={scope}&state={state}&nonce={nonce}\
         &code_challenge={challenge}&code_challenge_method=S256"
    );
    Ok((path, verifier))
}

/// The target of the form whose target ends in `ending`.
fn action(page: &str, ending: &str) -> Option<String> {
    let targets = page.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut targets = targets.map(|target| target.replace("&#x2f;", "/"));
    targets.find(|target| target.ends_with(ending))
}

/// A parameter of a URL's query that needs no decoding.
fn parameter<'a>(url: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = url.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(key, value)| (key == name).then_some(value))
}

/// A text in a flat JSON object, read without a parser: the driver is to cost little.
fn member<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = json.split_once(&format!("\"{name}\":\""))?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::{action, member, parameter};

    #[test]
    fn what_is_needed_is_read() {
        assert_eq!(parameter("https://rp.example/cb?state=s&code=c", "code"), Some("c"));
        assert_eq!(parameter("https://rp.example/cb", "code"), None);
        assert_eq!(member(r#"{"a":"b","access_token":"t"}"#, "access_token"), Some("t"));
        assert_eq!(member(r#"{"a":"b"}"#, "access_token"), None);
        let page = r#"<form action="/lang"><form method="post" action="/login/1/password">"#;
        assert_eq!(action(page, "/password").as_deref(), Some("/login/1/password"));
    }
}
