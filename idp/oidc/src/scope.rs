//! Scopes: what a client asks for in one word, and the attributes that a word means.
//!
//! Which attribute belongs to which scope is said by the registry of the domain alone.

use std::{collections::BTreeSet, fmt};

use idp_domain::{AttributeName, attribute::REGISTRY};
use serde::{Deserialize, Serialize};

/// The request is one of OpenID Connect.
pub const OPENID: &str = "openid";
/// A refresh token is wanted.
pub const OFFLINE_ACCESS: &str = "offline_access";
/// The scopes that mean something here; all others are names of an API's own.
pub const STANDARD: [&str; 7] =
    [OPENID, "profile", "email", "agency", "groups", "federation", OFFLINE_ACCESS];

/// The most scopes in one request.
const MAX_SCOPES: usize = 32;
/// The longest scope, in bytes.
const MAX_SCOPE: usize = 128;

/// Whether `text` is one scope (RFC 6749 §3.3), and not longer than we care to keep.
#[must_use]
pub fn is_scope(text: &str) -> bool {
    (1..=MAX_SCOPE).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}

/// A set of scopes, in the order in which they were named; one text, as on the wire.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scopes(String);

impl Scopes {
    /// Reads a list of scopes; `None` when it breaks the grammar or is too long.
    ///
    /// A scope that is named twice counts once. Nothing at all is an empty set.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut scopes = Self(String::with_capacity(text.len()));
        let mut count = 0;
        for scope in text.split(' ').filter(|scope| !scope.is_empty()) {
            count += 1;
            if count > MAX_SCOPES || !is_scope(scope) {
                return None;
            }
            scopes.add(scope);
        }
        Some(scopes)
    }

    /// Adds a scope whose grammar is known to be right.
    fn add(&mut self, scope: &str) {
        if self.contains(scope) {
            return;
        }
        if !self.0.is_empty() {
            self.0.push(' ');
        }
        self.0.push_str(scope);
    }

    /// The scopes, one by one.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|scope| !scope.is_empty())
    }

    /// Whether `scope` is among them.
    #[must_use]
    pub fn contains(&self, scope: &str) -> bool {
        self.iter().any(|one| one == scope)
    }

    /// Whether all of them are among `others`.
    #[must_use]
    pub fn is_within(&self, others: &Self) -> bool {
        self.iter().all(|scope| others.contains(scope))
    }

    /// Those that `keep` wants.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&str) -> bool) -> Self {
        let mut kept = Self(String::with_capacity(self.0.len()));
        self.iter().filter(|scope| keep(scope)).for_each(|scope| kept.add(scope));
        kept
    }

    /// Whether the request is one of OpenID Connect.
    #[must_use]
    pub fn has_openid(&self) -> bool {
        self.contains(OPENID)
    }

    /// Whether a refresh token is wanted.
    #[must_use]
    pub fn has_offline_access(&self) -> bool {
        self.contains(OFFLINE_ACCESS)
    }

    /// The attributes that the scopes ask for.
    //= oidc-core#5.4-1
    #[must_use]
    pub fn attributes(&self) -> BTreeSet<AttributeName> {
        let asked = REGISTRY.iter().filter(|def| self.contains(def.scope));
        asked.map(|def| def.name.clone()).collect()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scopes as one text, separated by single blanks.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Scopes {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("scopes are visible ASCII without quotes, separated by blanks")
    }
}

impl From<Scopes> for String {
    fn from(scopes: Scopes) -> Self {
        scopes.0
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scopes({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use idp_domain::{AttributeName, attribute::REGISTRY};

    use super::{STANDARD, Scopes};

    fn scopes(text: &str) -> Scopes {
        Scopes::parse(text).unwrap()
    }

    #[test]
    fn a_scope_counts_once_and_blanks_count_for_nothing() {
        assert_eq!(scopes("  openid email  openid ").as_str(), "openid email");
        assert!(scopes("").is_empty());
        assert!(scopes(" ").is_empty());
    }

    #[test]
    fn a_scope_is_compared_whole_and_by_case() {
        let scopes = scopes("openid profile");
        assert!(!scopes.contains("open"));
        assert!(!scopes.contains("OpenID"));
        assert!(!scopes.contains(""));
        assert!(!scopes.contains("openid profile"));
    }

    #[test]
    fn what_is_no_scope_makes_the_list_unreadable() {
        for text in ["a\"b", "a\\b", "caf\u{e9}", "a\tb", "a\nb", &"x".repeat(129)] {
            assert_eq!(Scopes::parse(text), None, "{text:?}");
        }
        assert_eq!(Scopes::parse(&"a ".repeat(33)), None);
    }

    //= oidc-core#5.4-1 test
    #[test]
    fn each_scope_asks_for_its_attributes_and_openid_for_none() {
        assert!(scopes("openid offline_access").attributes().is_empty());
        let names: Vec<_> = scopes("email groups").attributes().into_iter().collect();
        assert_eq!(
            names.iter().map(AttributeName::as_str).collect::<Vec<_>>(),
            ["isMemberOf", "mail"]
        );
    }

    #[test]
    fn the_registry_names_no_scope_that_discovery_does_not() {
        assert!(REGISTRY.iter().all(|def| STANDARD.contains(&def.scope)));
    }
}
