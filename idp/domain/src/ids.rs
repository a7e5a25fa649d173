//! One newtype for each kind of identifier; a bare `String` identifies nothing.
//!
//! Registered ids are chosen by administrators and checked when parsed. Drawn ids come from 128
//! random bits that the caller brings.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a text is not an identifier.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum IdError {
    /// Empty, or longer than the kind allows.
    #[error("an identifier has 1 to {max} bytes, this one has {length}")]
    Length {
        /// Length of the text in bytes.
        length: usize,
        /// The longest that is allowed.
        max: usize,
    },
    /// A character outside the kind's alphabet.
    #[error("`{character}` may not stand in this identifier; {allowed} may")]
    Character {
        /// The first character that offends.
        character: char,
        /// The alphabet in words.
        allowed: &'static str,
    },
}

fn admit(
    text: &str,
    max: usize,
    allowed: &'static str,
    fits: impl Fn(char) -> bool,
) -> Result<(), IdError> {
    if text.is_empty() || text.len() > max {
        return Err(IdError::Length { length: text.len(), max });
    }
    match text.chars().find(|character| !fits(*character)) {
        Some(character) => Err(IdError::Character { character, allowed }),
        None => Ok(()),
    }
}

fn is_slug(character: char) -> bool {
    character.is_ascii_lowercase() || character.is_ascii_digit() || "-_.".contains(character)
}

fn is_visible(character: char) -> bool {
    character.is_ascii_graphic()
}

fn is_base64url(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-_".contains(character)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $max:literal, $allowed:literal, $fits:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The identifier as it stands on the wire and in the database.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                admit(text, $max, $allowed, $fits)?;
                Ok(Self(text.into()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

macro_rules! drawn {
    ($name:ident) => {
        impl $name {
            /// The identifier of 128 random bits.
            #[must_use]
            pub fn from_random(bits: [u8; 16]) -> Self {
                Self(base64url(&bits).into())
            }
        }
    };
}

id!(
    /// Names an agency: lower-case letters, digits, `-`, `_` and `.`.
    AgencyId, 64, "lower-case letters, digits, `-`, `_` and `.`", is_slug
);
id!(
    /// Names a source; it stands in the source's callback URL.
    SourceId, 64, "lower-case letters, digits, `-`, `_` and `.`", is_slug
);
id!(
    /// Names a relying party: a `client_id` (RFC 6749 §2.2) or a SAML entity id.
    RelyingPartyId, 255, "visible ASCII characters", is_visible
);
id!(
    /// Names an access pass in the trail and to help desks; not the secret that a person types.
    AccessPassId, 64, "letters, digits, `-` and `_`", is_base64url
);
id!(
    /// Names a remembered device; not the secret in its cookie.
    DeviceId, 64, "letters, digits, `-` and `_`", is_base64url
);
id!(
    /// Names the broker's lasting record of a person.
    AccountId, 64, "letters, digits, `-` and `_`", is_base64url
);
id!(
    /// Names a grant.
    GrantId, 64, "letters, digits, `-` and `_`", is_base64url
);
id!(
    /// Names a session in the trail and in revocations; not the secret handle in the cookie.
    SessionId, 64, "letters, digits, `-` and `_`", is_base64url
);
id!(
    /// Names a logout in a URL. Not a secret: it shows nothing without the browser binding.
    LogoutId, 64, "letters, digits, `-` and `_`", is_base64url
);
id!(
    /// Names a transaction in a URL. Not a secret: it opens nothing without the browser binding.
    TransactionId, 64, "letters, digits, `-` and `_`", is_base64url
);
drawn!(AccessPassId);
drawn!(AccountId);
drawn!(DeviceId);
drawn!(GrantId);
drawn!(SessionId);
drawn!(LogoutId);

/// Length of the random part of a [`TransactionId`] in characters.
const RANDOM_CHARACTERS: usize = 22;

impl TransactionId {
    /// The identifier of 128 random bits, followed by a tag of its relying party.
    ///
    /// The tag lets a lost transaction still lead the person back to the right application.
    #[must_use]
    pub fn for_relying_party(bits: [u8; 16], relying_party: &RelyingPartyId) -> Self {
        let tag = relying_party_tag(relying_party);
        Self(format!("{}{tag}", base64url(&bits)).into())
    }

    /// The tag of the relying party, as [`relying_party_tag`] makes it.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.0.get(RANDOM_CHARACTERS..).filter(|tag| !tag.is_empty())
    }
}

/// A short name for a relying party in URLs: eight hexadecimal digits, not unique by design of
/// anything that matters, and of no use but to find the way back.
#[must_use]
pub fn relying_party_tag(id: &RelyingPartyId) -> String {
    // FNV-1a: stable over releases and machines, which the standard library's hasher is not.
    let hash = id
        .as_str()
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{hash:08x}")
}

/// Base64url without padding (RFC 4648 §5); 16 bytes become 22 characters.
fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = [0_u8; 3];
        for (slot, byte) in group.iter_mut().zip(chunk) {
            *slot = *byte;
        }
        let [a, b, c] = group;
        let word = (u32::from(a) << 16) | (u32::from(b) << 8) | u32::from(c);
        for position in 0..=chunk.len() {
            let index = (word >> (18 - 6 * position)) & 63;
            if let Some(letter) = ALPHABET.get(index as usize) {
                text.push(char::from(*letter));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{AgencyId, IdError, RelyingPartyId, SessionId, TransactionId, base64url};

    #[test]
    fn a_registered_id_keeps_to_its_alphabet() {
        assert!("unhcr".parse::<AgencyId>().is_ok());
        assert_eq!(
            "UNHCR".parse::<AgencyId>(),
            Err(IdError::Character {
                character: 'U',
                allowed: "lower-case letters, digits, `-`, `_` and `.`",
            })
        );
        assert_eq!("".parse::<AgencyId>(), Err(IdError::Length { length: 0, max: 64 }));
        assert!("https://sp.example/metadata".parse::<RelyingPartyId>().is_ok());
        assert!("with space".parse::<RelyingPartyId>().is_err());
    }

    #[test]
    fn a_drawn_id_reads_back() {
        let id = SessionId::from_random([0xff; 16]);
        assert_eq!(id.as_str(), "_____________________w");
        assert_eq!(id.as_str().parse::<SessionId>(), Ok(id));
    }

    #[test]
    fn a_transaction_id_names_its_relying_party() {
        let portal: RelyingPartyId = "portal".parse().unwrap();
        let id = TransactionId::for_relying_party([7; 16], &portal);
        assert_eq!(id.tag(), Some(super::relying_party_tag(&portal).as_str()));
        assert_eq!(id.as_str().len(), 30);
    }

    #[test]
    fn base64url_agrees_with_the_rfc() {
        assert_eq!(base64url(b"f"), "Zg");
        assert_eq!(base64url(b"fo"), "Zm8");
        assert_eq!(base64url(b"foo"), "Zm9v");
        assert_eq!(base64url(b"foob"), "Zm9vYg");
    }
}
