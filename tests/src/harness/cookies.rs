//! A cookie jar that keeps and sends cookies as browsers do, on plain-http loopback too.

use std::time::{Duration, Instant};

use url::{Host, Url};

/// `SameSite`; a cookie without the attribute is `Lax`, as browsers have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameSite {
    /// Sent from the site itself only.
    Strict,
    /// Sent also with a top-level GET that another site started.
    Lax,
    /// Always sent; needs `Secure`.
    None,
}

/// One cookie as a browser keeps it.
#[derive(Debug, Clone)]
pub struct Cookie {
    /// Its name, prefix included.
    pub name: String,
    /// Its value, byte for byte.
    pub value: String,
    /// The host that set it.
    pub host: String,
    /// The path below which it is sent.
    pub path: String,
    /// Whether it carries `Secure`.
    pub secure: bool,
    /// Whether scripts are kept away from it.
    pub http_only: bool,
    /// When other sites may cause it to be sent.
    pub same_site: SameSite,
    /// When it dies by itself; none for a session cookie.
    pub expires: Option<Instant>,
}

/// Where a request comes from: what decides about `SameSite`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The address bar, or a page of the same site.
    Same,
    /// A link, redirect or form on another site, at top level.
    CrossSite,
    /// A frame or image that a page of another site embeds.
    Embedded,
}

/// The cookies of one browser.
#[derive(Debug, Clone, Default)]
pub struct Jar {
    cookies: Vec<Cookie>,
    /// `Set-Cookie` lines that a browser would have thrown away, with the reason.
    pub refused: Vec<String>,
}

impl Jar {
    /// Keeps, replaces or deletes what a `Set-Cookie` line says, or notes why it may not.
    pub fn keep(&mut self, from: &Url, line: &str) {
        match parse(from, line) {
            Ok(cookie) => {
                self.cookies.retain(|kept| {
                    (&kept.name, &kept.host, &kept.path)
                        != (&cookie.name, &cookie.host, &cookie.path)
                });
                if cookie.expires.is_none_or(|end| end > Instant::now()) {
                    self.cookies.push(cookie);
                }
            }
            Err(reason) => self.refused.push(format!("{reason}: {line}")),
        }
    }

    /// The `Cookie` header for a request, if any cookie goes with it.
    pub fn header(&self, to: &Url, method: &str, origin: Origin) -> Option<String> {
        let now = Instant::now();
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .filter(|cookie| cookie.expires.is_none_or(|end| end > now))
            .filter(|cookie| Some(cookie.host.as_str()) == to.host_str())
            .filter(|cookie| path_covers(&cookie.path, to.path()))
            .filter(|cookie| !cookie.secure || trustworthy(to))
            .filter(|cookie| match (cookie.same_site, origin) {
                (_, Origin::Same) | (SameSite::None, _) => true,
                (SameSite::Lax, Origin::CrossSite) => method == "GET",
                _ => false,
            })
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// All cookies that a host has set.
    pub fn of_host<'a>(&'a self, host: &'a str) -> impl Iterator<Item = &'a Cookie> {
        self.cookies.iter().filter(move |cookie| cookie.host == host)
    }

    /// Forgets every cookie of a host, as a person does who clears the site's data.
    pub fn forget(&mut self, host: &str) {
        self.cookies.retain(|cookie| cookie.host != host);
    }
}

/// Whether two addresses belong to one site: the same scheme and the same host (ports differ
/// freely). Loopback names have no registrable domain above them.
pub fn same_site(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme() && one.host_str() == other.host_str()
}

/// What browsers call potentially trustworthy: `Secure` cookies go there.
fn trustworthy(url: &Url) -> bool {
    url.scheme() == "https"
        || match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

fn path_covers(cookie: &str, request: &str) -> bool {
    request == cookie
        || (request.starts_with(cookie)
            && (cookie.ends_with('/') || request[cookie.len()..].starts_with('/')))
}

fn parse(from: &Url, line: &str) -> Result<Cookie, &'static str> {
    let mut parts = line.split(';');
    let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).ok_or("no name")?;
    let default_path = match from.path().rfind('/') {
        Some(0) | None => "/",
        Some(end) => &from.path()[..end],
    };
    let mut cookie = Cookie {
        name: name.trim().to_owned(),
        value: value.trim().to_owned(),
        host: from.host_str().ok_or("no host")?.to_owned(),
        path: default_path.to_owned(),
        secure: false,
        http_only: false,
        same_site: SameSite::Lax,
        expires: None,
    };
    let mut domain = false;
    for part in parts {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        match (key.trim().to_ascii_lowercase().as_str(), value.trim()) {
            ("secure", _) => cookie.secure = true,
            ("httponly", _) => cookie.http_only = true,
            ("domain", _) => domain = true,
            ("path", path) if path.starts_with('/') => path.clone_into(&mut cookie.path),
            ("max-age", seconds) => {
                let seconds: i64 = seconds.parse().map_err(|_| "max-age is no number")?;
                let left = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
                cookie.expires = Some(Instant::now() + left);
            }
            ("samesite", word) => {
                cookie.same_site = match word.to_ascii_lowercase().as_str() {
                    "strict" => SameSite::Strict,
                    "none" => SameSite::None,
                    _ => SameSite::Lax,
                }
            }
            _ => {}
        }
    }
    if cookie.secure && !trustworthy(from) {
        return Err("Secure from an insecure origin");
    }
    if cookie.same_site == SameSite::None && !cookie.secure {
        return Err("SameSite=None without Secure");
    }
    if cookie.name.starts_with("__Secure-") && !cookie.secure {
        return Err("__Secure- without Secure");
    }
    let host_prefix = cookie.name.starts_with("__Host-");
    if host_prefix && (!cookie.secure || domain || cookie.path != "/") {
        return Err("__Host- needs Secure, Path=/ and no Domain");
    }
    Ok(cookie)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn a_host_cookie_is_kept_on_plain_localhost_and_sent_back() {
        let mut jar = Jar::default();
        let here = url("http://localhost:1234/login/x");
        jar.keep(&here, "__Host-lp=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
        assert_eq!(jar.header(&here, "GET", Origin::Same).as_deref(), Some("__Host-lp=abc"));
        assert_eq!(jar.header(&here, "POST", Origin::CrossSite), None, "Lax and another site");
        assert_eq!(jar.header(&here, "GET", Origin::Embedded), None, "Lax and a frame");
    }

    #[test]
    fn a_host_cookie_with_a_path_is_thrown_away() {
        let mut jar = Jar::default();
        jar.keep(&url("http://localhost/"), "__Host-lp=abc; Path=/login; Secure");
        assert_eq!(jar.refused.len(), 1);
        assert_eq!(jar.of_host("localhost").count(), 0);
    }

    #[test]
    fn a_max_age_of_zero_deletes() {
        let mut jar = Jar::default();
        let here = url("http://localhost/");
        jar.keep(&here, "a=1; Path=/");
        jar.keep(&here, "a=; Path=/; Max-Age=0");
        assert_eq!(jar.header(&here, "GET", Origin::Same), None);
    }
}
