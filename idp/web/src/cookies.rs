//! Cookies: their names, their attributes, and what is believed of those that come in.
//!
//! All of them are `__Host-`, `Secure` and `HttpOnly`, so that no sibling host can plant one and no
//! script can read one. Their values are opaque handles, or choices that open nothing.

use http::{HeaderMap, HeaderValue, header};
use idp_broker::Handle;
use idp_domain::{Lang, Lifetime, SourceId};

/// Agencies that a device remembers.
const REMEMBERED: usize = 3;

/// How long a device remembers an agency and a language.
const YEAR: Lifetime = Lifetime::hours(24 * 365);

/// The names of an instance's cookies: instances on one machine do not disturb each other.
#[derive(Clone, Debug)]
pub(crate) struct CookieNames {
    /// Ties the browser to its logins in progress.
    pub binding: String,
    /// The session.
    pub session: String,
    /// The device that stands for a factor.
    pub device: String,
    /// Agencies that were chosen on this device.
    pub agencies: String,
    /// The language that was chosen.
    pub lang: String,
}

impl CookieNames {
    /// The names of the instance `mark`: a few letters and digits.
    #[must_use]
    pub(crate) fn new(mark: &str) -> Self {
        let name = |what: &str| format!("__Host-lp-{mark}-{what}");
        Self {
            binding: name("binding"),
            session: name("session"),
            device: name("device"),
            agencies: name("agencies"),
            lang: name("lang"),
        }
    }

    fn all(&self) -> [&str; 5] {
        [&self.binding, &self.session, &self.device, &self.agencies, &self.lang]
    }
}

/// The cookies of a request, as far as they are ours.
#[derive(Clone, Debug, Default)]
pub(crate) struct Jar {
    /// The session's handle.
    pub session: Option<Handle>,
    /// The handle of the remembered device.
    pub device: Option<Handle>,
    /// Sources that were chosen on this device, the latest first.
    pub sources: Vec<SourceId>,
    /// The language that was chosen.
    pub lang: Option<Lang>,
    /// Names of ours that came more than once: none of them is believed, and they are cleared.
    pub doubled: Vec<String>,
}

impl Jar {
    /// Reads what came in. What is malformed counts as absent.
    #[must_use]
    pub(crate) fn read(headers: &HeaderMap, names: &CookieNames) -> Self {
        let mut jar = Self::default();
        for name in names.all() {
            let mut found = values(headers, name);
            let value = found.next();
            if found.next().is_some() {
                jar.doubled.push(name.to_owned());
                continue;
            }
            let Some(value) = value else { continue };
            if name == names.session {
                jar.session = Handle::parse(value);
            } else if name == names.device {
                jar.device = Handle::parse(value);
            } else if name == names.lang {
                jar.lang = Lang::from_tag(value);
            } else if name == names.agencies {
                let sources = value.split('.').filter_map(decode);
                jar.sources = sources.take(REMEMBERED).collect();
            }
        }
        jar
    }
}

/// The values of the cookie `name`, in the order in which they came.
fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter_map(move |(found, value)| (found == name).then_some(value))
}

/// Sets the session's handle: for `life`, or, without one, until the browser is closed.
pub(crate) fn set_session(
    names: &CookieNames,
    handle: &Handle,
    life: Option<Lifetime>,
) -> Option<HeaderValue> {
    let value = handle.as_str();
    match life {
        Some(life) => set(&names.session, value, life),
        None => cookie(format!("{}={value}", names.session)),
    }
}

/// Sets the handle of the remembered device, for a year at most.
pub(crate) fn set_device(
    names: &CookieNames,
    handle: &Handle,
    life: Lifetime,
) -> Option<HeaderValue> {
    set(&names.device, handle.as_str(), life.min(YEAR))
}

/// Remembers `source` on this device, before those that were remembered already.
pub(crate) fn remember(names: &CookieNames, jar: &Jar, source: &SourceId) -> Option<HeaderValue> {
    let others = jar.sources.iter().filter(|other| *other != source);
    let all = std::iter::once(source).chain(others).take(REMEMBERED);
    let value: Vec<_> = all.map(encode).collect();
    set(&names.agencies, &value.join("."), YEAR)
}

/// Remembers a language on this device.
pub(crate) fn set_lang(names: &CookieNames, lang: Lang) -> Option<HeaderValue> {
    set(&names.lang, lang.tag(), YEAR)
}

/// Takes the cookie `name` away.
pub(crate) fn clear(name: &str) -> Option<HeaderValue> {
    set(name, "", Lifetime::seconds(0))
}

fn set(name: &str, value: &str, life: Lifetime) -> Option<HeaderValue> {
    cookie(format!("{name}={value}; Max-Age={}", life.as_seconds()))
}

/// A cookie as all of ours are, however long it lives.
fn cookie(said: String) -> Option<HeaderValue> {
    HeaderValue::try_from(said + "; Path=/; HttpOnly; Secure; SameSite=Lax").ok()
}

/// A source's id without the dot, which separates them.
fn encode(source: &SourceId) -> String {
    source.as_str().replace('_', "__").replace('.', "_d")
}

fn decode(text: &str) -> Option<SourceId> {
    let mut id = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        id.push(match letter {
            '_' => match letters.next()? {
                '_' => '_',
                'd' => '.',
                _ => return None,
            },
            other => other,
        });
    }
    id.parse().ok()
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};
    use idp_broker::Handle;
    use idp_domain::{Lifetime, SourceId};

    use super::{CookieNames, Jar, clear, decode, encode, remember, set_device, set_session};

    fn read(lines: &[&str]) -> Jar {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_str(line).unwrap());
        }
        Jar::read(&headers, &CookieNames::new("t"))
    }

    const HANDLE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn ses_04_a_cookie_that_comes_twice_is_not_believed() {
        let line = format!("__Host-lp-t-session={HANDLE}");
        assert!(read(&[&line]).session.is_some());
        let twice = read(&[&line, &line]);
        assert!(twice.session.is_none());
        assert_eq!(twice.doubled, ["__Host-lp-t-session"]);
    }

    #[test]
    fn ses_06_a_malformed_cookie_counts_as_absent() {
        for value in ["", "short", "ä", &"A".repeat(5_000), &HANDLE.replace('A', "!")] {
            let mut headers = HeaderMap::new();
            let line = format!("__Host-lp-t-session={value}");
            headers.append(header::COOKIE, HeaderValue::from_bytes(line.as_bytes()).unwrap());
            assert!(Jar::read(&headers, &CookieNames::new("t")).session.is_none(), "{value}");
        }
    }

    #[test]
    fn the_latest_sources_are_remembered_once_each() {
        let id = |text: &str| text.parse::<SourceId>().unwrap();
        let jar = read(&["__Host-lp-t-agencies=a.b_dc.d__e.f"]);
        assert_eq!(jar.sources, [id("a"), id("b.c"), id("d_e")]);
        let set = remember(&CookieNames::new("t"), &jar, &id("b.c")).unwrap();
        assert!(set.to_str().unwrap().starts_with("__Host-lp-t-agencies=b_dc.a.d__e; Max-Age="));
    }

    #[test]
    fn ses_05_every_cookie_has_all_attributes_and_a_bounded_life() {
        let (names, handle) = (CookieNames::new("t"), Handle::parse(HANDLE).unwrap());
        let text = |cookie: Option<HeaderValue>| cookie.unwrap().to_str().unwrap().to_owned();
        let attributes = "Path=/; HttpOnly; Secure; SameSite=Lax";
        let hour = Some(Lifetime::hours(1));
        assert_eq!(
            text(set_session(&names, &handle, hour)),
            format!("__Host-lp-t-session={HANDLE}; Max-Age=3600; {attributes}")
        );
        assert_eq!(
            text(set_session(&names, &handle, None)),
            format!("__Host-lp-t-session={HANDLE}; {attributes}")
        );
        assert_eq!(
            text(set_device(&names, &handle, Lifetime::hours(24 * 5_000))),
            format!("__Host-lp-t-device={HANDLE}; Max-Age=31536000; {attributes}")
        );
        assert_eq!(
            text(clear(&names.device)),
            format!("__Host-lp-t-device=; Max-Age=0; {attributes}")
        );
    }

    #[test]
    fn ses_06_the_cookie_of_one_purpose_is_not_taken_for_another() {
        let jar = read(&[&format!("__Host-lp-t-device={HANDLE}")]);
        assert!(jar.device.is_some() && jar.session.is_none());
        let jar = read(&[&format!("__Host-lp-t-session={HANDLE}")]);
        assert!(jar.device.is_none() && jar.session.is_some());
    }

    #[test]
    fn an_encoded_source_reads_back() {
        for text in ["a", "a.b", "a_b", "_d", "a__d.", "-"] {
            let id: SourceId = text.parse().unwrap();
            assert_eq!(decode(&encode(&id)), Some(id));
        }
    }
}
