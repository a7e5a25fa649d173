//! Where an answer may go: registered redirect URIs, and the proof that one is.

use std::fmt;

/// Loopback addresses that a native application may listen on, as they must be written.
const LOOPBACK: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];

/// A redirect URI that is registered for the client that named it.
///
/// Only [`RedirectUris::admit`] makes one, so whoever can send a browser back has compared.
#[derive(Clone, PartialEq, Eq)]
pub struct RegisteredRedirectUri(String);

impl RegisteredRedirectUri {
    /// The URI as the client wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its host, for pages that say where a person is sent; `None` for an application's own
    /// scheme.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        authority(&self.0).map(without_port).filter(|host| !host.is_empty())
    }
}

impl fmt::Debug for RegisteredRedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegisteredRedirectUri({})", self.0)
    }
}

/// The redirect URIs of a client, checked when they were registered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RedirectUris {
    texts: Vec<String>,
    any_port: bool,
}

impl RedirectUris {
    /// The URIs `texts`; with `any_port` those on loopback addresses are met on every port.
    pub(super) fn new(texts: Vec<String>, any_port: bool) -> Self {
        Self { texts, any_port }
    }

    /// Admits `requested` if it is registered, character for character.
    ///
    /// Texts are compared, not parsed URLs: a parser drops a default port and resolves dots, and
    /// so would call two different strings the same. Only the port of a native application's
    /// loopback URI may differ (RFC 8252 §7.3), on the same literal address.
    //= rfc9700#2.1-1
    #[must_use]
    pub fn admit(&self, requested: &str) -> Option<RegisteredRedirectUri> {
        let admitted = self.texts.iter().any(|registered| {
            registered == requested || self.any_port && is_same_but_port(registered, requested)
        });
        admitted.then(|| RegisteredRedirectUri(requested.to_owned()))
    }

    /// The URIs as they were registered.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(String::as_str)
    }
}

fn is_same_but_port(registered: &str, requested: &str) -> bool {
    let rest = |text| LOOPBACK.iter().find_map(|host| Some((host, after_port(text, host)?)));
    rest(registered).is_some_and(|registered| rest(requested) == Some(registered))
}

/// What follows host and port in `text`; `None` if it is not on `host`, or the port is none.
fn after_port<'a>(text: &'a str, host: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(host)?;
    let Some(port) = rest.strip_prefix(':') else {
        return (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest);
    };
    let end = port.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(port.len());
    let (digits, rest) = port.split_at_checked(end)?;
    let is_port = !digits.starts_with('0') && digits.parse::<u16>().is_ok();
    (is_port && (rest.is_empty() || rest.starts_with(['/', '?']))).then_some(rest)
}

/// The part between `//` and the path.
pub(super) fn authority(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    rest.split(['/', '?', '#', '\\']).next()
}

/// The host of an authority.
pub(super) fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests;
