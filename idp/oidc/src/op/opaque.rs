//! Opaque values: codes and refresh tokens. Random text goes out, only its hash stays here.

use std::fmt;

use aws_lc_rs::digest::{Context, SHA256};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::Secret;
use serde::{Deserialize, Serialize};

/// The length of a value: 256 bits in base64url.
const LENGTH: usize = 43;

/// What an opaque value is for; its hash says it too, so that none passes for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpaqueKind {
    /// An authorization code.
    Code,
    /// A refresh token.
    RefreshToken,
}

impl OpaqueKind {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Code => b"code.",
            Self::RefreshToken => b"refresh.",
        }
    }
}

/// A value on its way out, and the handle under which its record is kept.
#[derive(Clone, Debug)]
pub struct Opaque {
    /// What the client is told.
    pub value: Secret<String>,
    /// What is kept.
    pub handle: Handle,
}

impl Opaque {
    /// The value of 256 random bits.
    //= rfc6749#10.10-1
    #[must_use]
    pub fn from_random(kind: OpaqueKind, bits: [u8; 32]) -> Self {
        let value = URL_SAFE_NO_PAD.encode(bits);
        let handle = Handle::hash(kind, &value);
        Self { value: Secret::new(value), handle }
    }
}

/// The hash of an opaque value: finds its record and leads back to nothing.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Handle(String);

impl Handle {
    /// The handle of a value that was presented; `None` when it cannot be one of ours.
    ///
    /// Every byte counts: the text is hashed, not what some decoder makes of it.
    #[must_use]
    pub fn of(kind: OpaqueKind, presented: &str) -> Option<Self> {
        let fits = presented.len() == LENGTH
            && presented.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        fits.then(|| Self::hash(kind, presented))
    }

    fn hash(kind: OpaqueKind, value: &str) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(kind.label());
        context.update(value.as_bytes());
        Self(URL_SAFE_NO_PAD.encode(context.finish()))
    }

    /// Its text: 43 characters of base64url.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Handle, Opaque, OpaqueKind};

    //= rfc6749#10.10-1 test
    #[test]
    fn a_value_has_256_bits_and_its_handle_does_not_show_them() {
        let opaque = Opaque::from_random(OpaqueKind::Code, [0xa5; 32]);
        assert_eq!(opaque.value.expose().len(), 43);
        assert_ne!(opaque.value.expose(), opaque.handle.as_str());
        assert_eq!(Handle::of(OpaqueKind::Code, opaque.value.expose()), Some(opaque.handle));
    }

    #[test]
    fn tok_11_a_value_that_was_cut_extended_or_written_otherwise_finds_nothing() {
        let opaque = Opaque::from_random(OpaqueKind::RefreshToken, [0x5a; 32]);
        let value = opaque.value.expose();
        let of = |text: &str| Handle::of(OpaqueKind::RefreshToken, text);
        for length in 0..value.len() {
            assert_eq!(of(&value[..length]), None);
        }
        for text in
            [format!("{value}="), format!("{value}A"), format!("{value} "), format!("%{value}")]
        {
            assert_eq!(of(&text), None, "{text}");
        }
        assert_ne!(of(&value.to_ascii_lowercase()), Some(opaque.handle.clone()));
        // The last character holds two bits that no byte needs: another text, another handle.
        let (body, last) = value.split_at(42);
        let loose = char::from(last.as_bytes()[0] + 1);
        assert_ne!(of(&format!("{body}{loose}")), Some(opaque.handle));
    }

    #[test]
    fn tok_12_a_code_is_no_refresh_token() {
        let code = Opaque::from_random(OpaqueKind::Code, [1; 32]);
        let token = Opaque::from_random(OpaqueKind::RefreshToken, [1; 32]);
        assert_eq!(code.value.expose(), token.value.expose());
        assert_ne!(code.handle, token.handle);
    }
}
