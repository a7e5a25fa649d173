//! A scripted browser without JavaScript: cookies, redirects and forms, request by request.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::LazyLock;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use serde_json::Value;
use url::Url;

use super::cookies::{Jar, Origin, same_site};
use super::page::{Form, Page};
use super::rp::Answer;

/// A client that follows no redirect, keeps no cookie, and stays on this machine.
///
/// Connections are not kept: the harness' balancer chooses a node for each one.
pub fn client() -> Client {
    // Making one reads every certificate of the machine.
    static CLIENT: LazyLock<Client> = LazyLock::new(build);
    CLIENT.clone()
}

fn build() -> Client {
    Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .pool_max_idle_per_host(0)
        .resolve("localhost", SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
        .timeout(Duration::from_secs(30))
        .build()
        .expect("an HTTP client")
}

/// A person's browser with its cookies; one tab is as good as another.
#[derive(Debug, Clone)]
pub struct Visitor {
    http: Client,
    /// What the browser remembers.
    pub jar: Jar,
    stops: Vec<String>,
    headers: HeaderMap,
}

impl Default for Visitor {
    fn default() -> Self {
        Self::new()
    }
}

/// One request to make.
struct Hop {
    method: Method,
    url: Url,
    form: Vec<(String, String)>,
    origin: Origin,
    referrer: Option<Url>,
    /// What a browser says in `Origin`, where it says it.
    says: String,
}

impl Hop {
    /// Typed, or from nowhere that is told.
    fn get(url: Url, origin: Origin) -> Self {
        Self { method: Method::GET, url, form: vec![], origin, referrer: None, says: String::new() }
    }

    /// From a page: a link, a form, a refresh.
    fn from(page: &Page, method: Method, url: Url, form: Vec<(String, String)>) -> Self {
        let here = same_site(&page.url, &url);
        // A page that wants no referrer told has its origin withheld as well (Fetch, "append a
        // request Origin header").
        let silent = page.header("referrer-policy") == Some("no-referrer");
        let told = page.url.origin().ascii_serialization();
        Self {
            method,
            url,
            form,
            origin: if here { Origin::Same } else { Origin::CrossSite },
            referrer: Some(page.url.clone()),
            says: if silent { "null".to_owned() } else { told },
        }
    }
}

impl Visitor {
    /// A fresh browser of an English reader.
    pub fn new() -> Self {
        let visitor =
            Self { http: client(), jar: Jar::default(), stops: vec![], headers: HeaderMap::new() };
        visitor.with_header("accept-language", "en")
    }

    /// The same browser, sending this header with each request.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        self.headers.insert(name, HeaderValue::from_str(value).expect("a header value"));
        self
    }

    /// The same browser, that does not go to addresses which begin with `prefix`: they are
    /// answers to a relying party, which the test wants to hold in its hand.
    #[must_use]
    pub fn stopping_at(mut self, prefix: &str) -> Self {
        self.stops.push(prefix.to_owned());
        self
    }

    /// Types an address into the address bar.
    pub async fn open(&mut self, url: impl AsRef<str>) -> Page {
        self.go(url, Origin::Same).await
    }

    /// Follows a link or redirect from another site.
    pub async fn come_from_elsewhere(&mut self, url: impl AsRef<str>) -> Page {
        self.go(url, Origin::CrossSite).await
    }

    /// Loads an address in a frame that a page of another site embeds.
    pub async fn open_in_foreign_frame(&mut self, url: impl AsRef<str>) -> Page {
        self.go(url, Origin::Embedded).await
    }

    /// Makes exactly one request, as typed into the address bar, and follows nothing.
    pub async fn peek(&mut self, url: impl AsRef<str>) -> Page {
        let hop = Hop::get(url.as_ref().parse().expect("a URL"), Origin::Same);
        self.once(&hop, &mut vec![]).await
    }

    /// Sends a form from the page that it stands on.
    pub async fn submit(&mut self, page: &Page, form: Form) -> Page {
        self.follow(Self::sending(page, form)).await
    }

    /// Sends a form and follows nothing.
    pub async fn submit_once(&mut self, page: &Page, form: Form) -> Page {
        let hop = Self::sending(page, form);
        self.once(&hop, &mut vec![]).await
    }

    /// What a script of a page at `from` gets when it posts JSON to `to`, our cookies with it as
    /// browsers send them.
    pub async fn fetch(&mut self, from: &Url, to: &Url, json: &Value) -> Answer {
        let here = same_site(from, to);
        let at_home = from.origin() == to.origin();
        let mut request = self.http.post(to.clone()).headers(self.headers.clone()).json(json);
        let origin = if here { Origin::Same } else { Origin::CrossSite };
        if let Some(cookies) = self.jar.header(to, "POST", origin) {
            request = request.header("cookie", cookies);
        }
        let site = match (at_home, here) {
            (true, _) => "same-origin",
            (false, true) => "same-site",
            (false, false) => "cross-site",
        };
        let request = request.header("sec-fetch-site", site);
        let answer =
            Answer::of(request.header("origin", from.origin().ascii_serialization())).await;
        for (_, line) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            self.jar.keep(to, line);
        }
        answer
    }

    /// Sends a form that a page of another site made up.
    pub async fn post_from_elsewhere(&mut self, url: &str, fields: &[(&str, &str)]) -> Page {
        let fields: Vec<_> =
            fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        self.post_from("https://evil.example/", url, &fields).await
    }

    /// Sends a form that a page of a peer, in whose place the test stands, made up.
    pub async fn post(&mut self, url: &str, fields: &[(String, String)]) -> Page {
        self.post_from("https://peer.example/", url, fields).await
    }

    /// Sends a form that a page at `from` made up.
    async fn post_from(&mut self, from: &str, url: &str, fields: &[(String, String)]) -> Page {
        let from: Url = from.parse().expect("a URL");
        self.follow(Hop {
            method: Method::POST,
            url: url.parse().expect("a URL"),
            form: fields.to_vec(),
            origin: Origin::CrossSite,
            says: from.origin().ascii_serialization(),
            referrer: Some(from),
        })
        .await
    }

    /// Presses the button or follows the link that bears `text`.
    pub async fn choose(&mut self, page: &Page, text: &str) -> Page {
        if let Some(form) = page.form_by_button(text) {
            return self.submit(page, form.press(text)).await;
        }
        let Some(url) = page.link(text) else { panic!("no `{text}` on {}", page.describe()) };
        self.follow(Hop::from(page, Method::GET, url, vec![])).await
    }

    /// Fills in the sign-in form of a page and sends it.
    pub async fn sign_in(&mut self, page: &Page, username: &str, password: &str) -> Page {
        let form = page.form_with("password");
        let form = form.fill("username", username).fill("password", password).enter();
        self.submit(page, form).await
    }

    fn sending(page: &Page, mut form: Form) -> Hop {
        let method: Method = form.method.parse().expect("a method");
        if method == Method::GET {
            form.action.set_query(None);
            form.action.query_pairs_mut().extend_pairs(form.fields.drain(..));
        }
        Hop::from(page, method, form.action, form.fields)
    }

    async fn go(&mut self, url: impl AsRef<str>, origin: Origin) -> Page {
        let url = url.as_ref().parse().expect("a URL");
        self.follow(Hop::get(url, origin)).await
    }

    async fn follow(&mut self, mut hop: Hop) -> Page {
        let mut trail = vec![];
        for _ in 0..30 {
            let page = self.once(&hop, &mut trail).await;
            let location = page.header("location").filter(|_| (300..400).contains(&page.status));
            let Some(location) = location else {
                let Some(url) = page.refresh() else { return page };
                hop = Hop::from(&page, Method::GET, url, vec![]);
                continue;
            };
            let url = page.url.join(location).expect("a Location");
            let keeps = [307, 308].contains(&page.status);
            // A chain that began on another site stays one; a hop through one makes one.
            if hop.origin == Origin::Same && !same_site(&page.url, &url) {
                hop.origin = Origin::CrossSite;
            }
            if !keeps {
                hop.method = Method::GET;
                hop.form = vec![];
            }
            hop.url = url;
        }
        panic!("more than 30 redirects:\n{}", trail.join("\n"));
    }

    async fn once(&mut self, hop: &Hop, trail: &mut Vec<String>) -> Page {
        if self.stops.iter().any(|stop| hop.url.as_str().starts_with(stop.as_str())) {
            trail.push(format!("{} {} (stop)", hop.method, hop.url));
            return Page {
                url: hop.url.clone(),
                status: 0,
                headers: vec![],
                body: String::new(),
                posted: (hop.method == Method::POST).then(|| hop.form.clone()),
                trail: trail.clone(),
            };
        }
        let mut request = self.http.request(hop.method.clone(), hop.url.clone());
        request = request.headers(self.headers.clone());
        if let Some(cookies) = self.jar.header(&hop.url, hop.method.as_str(), hop.origin) {
            request = request.header("cookie", cookies);
        }
        request = request.header(
            "sec-fetch-site",
            match hop.origin {
                Origin::Same if hop.referrer.is_none() => "none",
                Origin::Same => "same-origin",
                Origin::CrossSite | Origin::Embedded => "cross-site",
            },
        );
        if hop.method == Method::POST {
            request = request.header("origin", &hop.says).form(&hop.form);
        }
        let response = request.send().await.unwrap_or_else(|error| {
            panic!("{} {}: {error:?}\n{}", hop.method, hop.url, trail.join("\n"))
        });
        let status = response.status().as_u16();
        trail.push(format!("{} {} {status}", hop.method, hop.url));
        for line in response.headers().get_all("set-cookie") {
            self.jar.keep(&hop.url, line.to_str().expect("a cookie in ASCII"));
        }
        let headers = response
            .headers()
            .iter()
            .map(|(k, v)| (k.to_string(), String::from_utf8_lossy(v.as_bytes()).into_owned()))
            .collect();
        let body = response.text().await.expect("a body");
        Page { url: hop.url.clone(), status, headers, body, posted: None, trail: trail.clone() }
    }
}
