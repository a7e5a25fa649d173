//! What lies on the shelf, and under which key it is found: the kinds of values, and keys that
//! never show the handle they were made from.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::time::Duration;

/// A kind of thing that lies on the shelf.
///
/// Only what may be lost lies here; what must stay used, revoked or logged out through the loss of
/// the shelf is committed to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A login in progress.
    Transaction,
    /// A browser's standing with us.
    Session,
    /// An authorization code, bound to its PKCE challenge.
    Code,
    /// What ties a browser to its transactions: the record of its cookie.
    BrowserBinding,
    /// One challenge of a factor, waiting for its response.
    Ceremony,
    /// That something was used already: a cache before the database's word.
    ReplayMark,
    /// How often something was tried.
    Counter,
    /// A copy of a lasting grant, so that a token is judged without the database.
    GrantCache,
    /// A message from another site, waiting for its browser to come back with our cookies.
    Parked,
    /// A logout that a browser carries on.
    Logout,
}

const MINUTE: Duration = Duration::from_mins(1);

impl Kind {
    /// Every kind, in the order of [`Kind::index`].
    pub const ALL: [Self; 10] = [
        Self::Transaction,
        Self::Session,
        Self::Code,
        Self::BrowserBinding,
        Self::Ceremony,
        Self::ReplayMark,
        Self::Counter,
        Self::GrantCache,
        Self::Parked,
        Self::Logout,
    ];

    pub(crate) const fn index(self) -> usize {
        self as usize
    }

    /// Its name in logs, metrics and key derivation: a changed name closes what is sealed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transaction => "transaction",
            Self::Session => "session",
            Self::Code => "code",
            Self::BrowserBinding => "browser_binding",
            Self::Ceremony => "ceremony",
            Self::ReplayMark => "replay_mark",
            Self::Counter => "counter",
            Self::GrantCache => "grant_cache",
            Self::Parked => "parked",
            Self::Logout => "logout",
        }
    }

    /// Its letter in the names of Redis keys, where every byte is paid a million times.
    pub(crate) const fn letter(self) -> char {
        match self {
            Self::Transaction => 't',
            Self::Session => 's',
            Self::Code => 'c',
            Self::BrowserBinding => 'b',
            Self::Ceremony => 'w',
            Self::ReplayMark => 'r',
            Self::Counter => 'n',
            Self::GrantCache => 'g',
            Self::Parked => 'p',
            Self::Logout => 'l',
        }
    }

    /// The version of its values that this program writes; it reads this one and older ones.
    ///
    /// Raise it when an older program would misread a value. A field that older programs may
    /// ignore, and that has a default, needs no new version.
    #[must_use]
    pub const fn version(self) -> u32 {
        match self {
            Self::Transaction
            | Self::Session
            | Self::Code
            | Self::BrowserBinding
            | Self::Ceremony
            | Self::ReplayMark
            | Self::Counter
            | Self::GrantCache
            | Self::Parked
            | Self::Logout => 1,
        }
    }

    /// Longer, in bytes of JSON, than any value that belongs here; what is larger is a mistake or
    /// an attack.
    pub(crate) const fn largest(self) -> usize {
        match self {
            // A message of 256 KiB in base64, and what stands around it.
            Self::Parked => 360 * 1024,
            _ => 64 * 1024 - 1,
        }
    }

    /// Whether its values are worth pressing: long ones of which many lie for long.
    pub(crate) const fn is_pressed(self) -> bool {
        matches!(self, Self::Session | Self::GrantCache)
    }

    /// How long a value lies when nothing else is said.
    #[must_use]
    pub const fn default_ttl(self) -> Duration {
        match self {
            Self::Code | Self::Parked => MINUTE,
            Self::Ceremony => Duration::from_mins(5),
            Self::Transaction | Self::ReplayMark | Self::GrantCache | Self::Logout => {
                Duration::from_mins(10)
            }
            Self::Counter => Duration::from_mins(15),
            // Of disuse: every look at a session may begin it anew.
            Self::Session => Duration::from_hours(1),
            Self::BrowserBinding => Duration::from_hours(24),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where a value lies: its kind, and the keyed hash of its handle.
///
/// Made by [`crate::Sealer`] alone, so a handle cannot reach the shelf, and whoever copies the
/// shelf cannot tell whose value is whose.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    kind: Kind,
    digest: [u8; 32],
}

impl Key {
    pub(crate) const fn new(kind: Kind, digest: [u8; 32]) -> Self {
        Self { kind, digest }
    }

    pub(crate) const fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

impl Hash for Key {
    // The digest is keyed, so nobody can choose handles that collide: its first bytes are hash
    // enough, and hashing them again would cost more than the look-up.
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.digest.first_chunk().copied().map_or(0, u64::from_le_bytes));
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let beginning = self.digest.first_chunk().copied().map_or(0, u32::from_be_bytes);
        write!(f, "{}:{beginning:08x}…", self.kind)
    }
}

/// Sets this broker apart from others on the same Redis; part of every key's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance(Box<str>);

/// The name of an instance was not one to 24 lower-case letters, digits and hyphens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an instance's name is 1 to 24 lower-case letters, digits and hyphens")]
pub struct InstanceError;

impl Instance {
    /// Reads a name. Braces cannot stand in it, because Redis Cluster would put all keys of the
    /// instance on one node.
    pub fn parse(name: &str) -> Result<Self, InstanceError> {
        let fits = (1..=24).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits { Ok(Self(name.into())) } else { Err(InstanceError) }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_stand_in_the_order_of_their_index() {
        for (index, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind.index(), index, "{kind}");
        }
    }

    #[test]
    fn no_two_kinds_share_a_letter() {
        let letters: std::collections::BTreeSet<_> = Kind::ALL.map(Kind::letter).into();
        assert_eq!(letters.len(), Kind::ALL.len());
    }

    #[test]
    fn an_instance_with_braces_is_refused() {
        for name in ["", "{a}", "Prod", "a b", "a:b", &"x".repeat(25)] {
            assert_eq!(Instance::parse(name), Err(InstanceError), "{name}");
        }
        assert_eq!(
            Instance::parse("prod-1").map(|name| name.as_str().to_owned()).unwrap(),
            "prod-1"
        );
    }
}
