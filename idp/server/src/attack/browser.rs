//! A browser of the attacker's: keeps cookies, follows redirects as far as they stay at the node,
//! and writes down everything that it is told.

use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderName, HeaderValue, header};
use idp_fetch::{Answer, FetchError, Fetcher, Peer, Request};
use idp_saml::binding::{Incoming, Kind, post, redirect, soap};
use url::Url;

use super::html;

/// How long one answer is waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// The most redirects that are followed.
const MOST: usize = 5;

/// A message on its way.
#[derive(Clone, Debug)]
pub(super) enum Sent {
    /// A form that another site lets the browser send.
    Form {
        /// Where to.
        to: String,
        /// Names and values, in order; a name may come twice.
        fields: Vec<(&'static str, String)>,
    },
    /// An address that the browser is sent to.
    Query(String),
    /// An envelope, without a browser.
    Soap {
        /// Where to.
        to: String,
        /// The envelope.
        body: Vec<u8>,
    },
}

/// One answer.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// The HTTP status.
    pub(super) status: u16,
    /// Where it leads.
    pub(super) location: Option<Url>,
    /// The cookies that it sets, each as `name=value` with its attributes.
    pub(super) cookies: Vec<String>,
    /// The page.
    pub(super) body: String,
}

impl Seen {
    /// What the browser carries elsewhere from here: where to, and the message, if it is one.
    pub(super) fn handed_over(
        &self,
        kind: Kind,
        base: &Url,
    ) -> Option<(Option<Url>, Option<Incoming>)> {
        if let Some(url) = &self.location {
            let message = redirect::read(url.query().unwrap_or_default()).ok();
            return Some((Some(url.clone()), message));
        }
        let fields = [kind.parameter(), "RelayState"];
        let fields = fields.map(|name| html::field(&self.body, name).map(|text| (name, text)));
        let fields: Vec<_> = fields.into_iter().flatten().collect();
        let at = html::action(&self.body).and_then(|action| base.join(&action).ok());
        (!fields.is_empty()).then(|| (at, post::read(&fields).ok()))
    }
}

/// The browser.
pub(super) struct Browser<'a> {
    fetcher: &'a Fetcher,
    base: &'a Url,
    peer: Peer,
    jar: Vec<(String, String)>,
}

impl<'a> Browser<'a> {
    /// A browser that was never at the node.
    pub(super) fn new(fetcher: &'a Fetcher, base: &'a Url) -> Self {
        // What one of them meets is no reason to spare the node the next: each is a peer of its own.
        let name = idp_broker::random::<8>()
            .map_or_else(|_| String::new(), |random| URL_SAFE_NO_PAD.encode(random));
        Self { fetcher, base, peer: Peer::Source(name), jar: Vec::new() }
    }

    /// Goes to an address, and no further.
    pub(super) async fn get(&mut self, url: Url) -> Result<Seen, FetchError> {
        let request = Request::get(url.clone());
        let request = match self.cookies() {
            Some(cookies) => request.header(header::COOKIE, cookies),
            None => request,
        };
        self.ask(url, request).await
    }

    /// Sends a message and follows where it leads, within the node; what was seen on the way, and
    /// how long it took.
    ///
    /// A form comes from another site, so that cookies stay behind (`SameSite=Lax`), as they do in
    /// every browser.
    pub(super) async fn play(&mut self, sent: &Sent) -> Result<(Vec<Seen>, Duration), FetchError> {
        let start = Instant::now();
        let mut last = self.send(sent).await?;
        let mut seen = Vec::new();
        while seen.len() < MOST
            && let Some(url) = last.location.clone().filter(|url| self.is_ours(url))
        {
            let next = self.get(url).await?;
            seen.push(std::mem::replace(&mut last, next));
        }
        seen.push(last);
        Ok((seen, start.elapsed()))
    }

    async fn send(&mut self, sent: &Sent) -> Result<Seen, FetchError> {
        match sent {
            Sent::Query(to) => self.get(self.place(to)?).await,
            Sent::Form { to, fields } => {
                let url = self.place(to)?;
                let body = url::form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(fields)
                    .finish();
                self.ask(url.clone(), Request::post_form(url, body)).await
            }
            Sent::Soap { to, body } => {
                let url = self.place(to)?;
                let action = HeaderName::from_static("soapaction");
                let request = Request::post(url.clone(), soap::CONTENT_TYPE, body.clone())
                    .header(action, HeaderValue::from_static(soap::ACTION));
                self.ask(url, request).await
            }
        }
    }

    /// An address below the node's own.
    fn place(&self, text: &str) -> Result<Url, FetchError> {
        let unresolved = || FetchError::Unresolved { host: text.chars().take(80).collect() };
        self.base
            .join(text)
            .map_err(|_| unresolved())
            .and_then(|url| if self.is_ours(&url) { Ok(url) } else { Err(unresolved()) })
    }

    pub(super) fn is_ours(&self, url: &Url) -> bool {
        url.origin() == self.base.origin()
    }

    async fn ask(&mut self, url: Url, request: Request) -> Result<Seen, FetchError> {
        let request = request.timeout(PATIENCE).takes_redirect();
        let answer = self.fetcher.fetch(&self.peer, request).await?;
        let seen = read(&url, &answer);
        for cookie in &seen.cookies {
            self.keep(cookie);
        }
        Ok(seen)
    }

    fn keep(&mut self, cookie: &str) {
        let (name, value) = pair(cookie);
        self.jar.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.jar.push((name.to_owned(), value.to_owned()));
        }
    }

    fn cookies(&self) -> Option<HeaderValue> {
        let pairs: Vec<_> =
            self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut value = HeaderValue::try_from(pairs.join("; ")).ok()?;
        value.set_sensitive(true);
        (!self.jar.is_empty()).then_some(value)
    }
}

/// Name and value of a cookie that is set.
pub(super) fn pair(cookie: &str) -> (&str, &str) {
    let (pair, _) = cookie.split_once(';').unwrap_or((cookie, ""));
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    (name.trim(), value.trim())
}

fn read(url: &Url, answer: &Answer) -> Seen {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let location = answer.headers.get(header::LOCATION).map(text);
    Seen {
        status: answer.status.as_u16(),
        location: location.and_then(|location| url.join(&location).ok()),
        cookies: answer.headers.get_all(header::SET_COOKIE).iter().map(text).collect(),
        body: String::from_utf8_lossy(&answer.body).into_owned(),
    }
}
