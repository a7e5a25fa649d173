//! Agencies: the organizations that own sources and relying parties.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{AgencyId, FactorRules, Localized, session::Narrower};

/// An organization of the federation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Its id in the federation.
    pub id: AgencyId,
    /// Its full names.
    pub names: Localized,
    /// Acronyms and other names by which people search for it, in any language.
    pub aliases: Vec<String>,
    /// The mail domains of its people.
    pub domains: Vec<DomainPattern>,
    /// The scopes that it may assert in scoped attributes, compared byte for byte in lower case.
    pub scopes: Vec<Domain>,
    /// Where its logo can be found, for pages.
    pub logo: Option<String>,
    /// Addresses of its technical and security contacts, for administrators.
    pub contacts: Vec<String>,
    /// What it wants of the factors of its people.
    pub factors: FactorRules,
    /// How long the sessions of its people are believed.
    pub sessions: Narrower,
    /// Whether its people may sign in at all.
    pub enabled: bool,
}

impl Agency {
    /// How specifically the agency claims the mail domain `domain`: the length of the longest
    /// pattern that covers it, so that the most specific agency wins.
    #[must_use]
    pub fn domain_match(&self, domain: &Domain) -> Option<usize> {
        self.domains.iter().filter(|pattern| pattern.covers(domain)).map(DomainPattern::len).max()
    }

    /// Whether the agency may assert values in `scope` (the part after the `@`).
    #[must_use]
    pub fn owns_scope(&self, scope: &Domain) -> bool {
        self.scopes.contains(scope)
    }

    /// Whether a mail address at `domain` can belong to the agency's people.
    #[must_use]
    pub fn owns_mail_domain(&self, domain: &Domain) -> bool {
        self.domain_match(domain).is_some() || self.owns_scope(domain)
    }
}

/// Why a text is not a domain name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}` is not a domain name in lower-case ASCII")]
pub struct DomainError {
    /// The text, at most 255 bytes of it.
    pub text: String,
}

/// A domain name: lower-case ASCII, at least two labels, no trailing dot.
///
/// Internationalized names stand in their `xn--` form, so that look-alikes stay different.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Domain(String);

impl Domain {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The domain of a mail address, judged after the last `@`, in any letter case.
    #[must_use]
    pub fn of_mail(address: &str) -> Option<Self> {
        let (local, domain) = address.trim().rsplit_once('@')?;
        if local.is_empty() || address.len() > 320 {
            return None;
        }
        domain.to_ascii_lowercase().parse().ok()
    }
}

impl FromStr for Domain {
    type Err = DomainError;

    fn from_str(text: &str) -> Result<Self, DomainError> {
        let label_fits = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        let fits = text.len() <= 253
            && text.split('.').count() >= 2
            && text.split('.').all(label_fits)
            && !text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(DomainError { text: text.chars().take(64).collect() })
        }
    }
}

impl TryFrom<String> for Domain {
    type Error = DomainError;

    fn try_from(text: String) -> Result<Self, DomainError> {
        text.parse()
    }
}

impl From<Domain> for String {
    fn from(domain: Domain) -> Self {
        domain.0
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Domain({})", self.0)
    }
}

/// One domain, or with `*.` in front every domain below it (not itself).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DomainPattern {
    domain: Domain,
    below: bool,
}

impl DomainPattern {
    /// Whether `domain` is the one meant, or lies below it where the pattern says so.
    #[must_use]
    pub fn covers(&self, domain: &Domain) -> bool {
        if self.below {
            let parent = domain.0.strip_suffix(&self.domain.0);
            parent.is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
        } else {
            *domain == self.domain
        }
    }

    /// The domain of the pattern, without the star.
    #[must_use]
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// Whether the pattern means the domains below and not the domain itself.
    #[must_use]
    pub fn is_below(&self) -> bool {
        self.below
    }

    fn len(&self) -> usize {
        // An exact name is more specific than the star above it.
        self.domain.0.len() * 2 + usize::from(!self.below)
    }
}

impl FromStr for DomainPattern {
    type Err = DomainError;

    fn from_str(text: &str) -> Result<Self, DomainError> {
        match text.strip_prefix("*.") {
            Some(domain) => Ok(Self { domain: domain.parse()?, below: true }),
            None => Ok(Self { domain: text.parse()?, below: false }),
        }
    }
}

impl TryFrom<String> for DomainPattern {
    type Error = DomainError;

    fn try_from(text: String) -> Result<Self, DomainError> {
        text.parse()
    }
}

impl From<DomainPattern> for String {
    fn from(pattern: DomainPattern) -> Self {
        if pattern.below { format!("*.{}", pattern.domain.0) } else { pattern.domain.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::{Domain, DomainPattern};

    fn covers(pattern: &str, domain: &str) -> bool {
        pattern.parse::<DomainPattern>().unwrap().covers(&domain.parse().unwrap())
    }

    #[test]
    fn a_domain_does_not_imply_what_lies_below_it() {
        assert!(covers("unhcr.org", "unhcr.org"));
        assert!(!covers("unhcr.org", "evil.unhcr.org"));
        assert!(covers("*.unhcr.org", "mail.geneva.unhcr.org"));
        assert!(!covers("*.unhcr.org", "unhcr.org"));
        assert!(!covers("*.unhcr.org", "notunhcr.org"));
    }

    #[test]
    fn a_mail_domain_is_what_follows_the_last_at() {
        let of = |mail: &str| Domain::of_mail(mail).map(String::from);
        assert_eq!(of(" Alice@UNHCR.org "), Some("unhcr.org".into()));
        assert_eq!(of("\"a@b\"@wfp.org"), Some("wfp.org".into()));
        assert_eq!(of("@wfp.org"), None);
        assert_eq!(of("alice@10.0.0.1"), None);
        assert_eq!(of("alice@пример.org"), None);
        assert_eq!(of("alice"), None);
    }
}
