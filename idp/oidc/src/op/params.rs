//! Parameters: the one reader of queries and forms, strict and bounded.
//!
//! What a request says twice, or in bytes that are no text, it does not say. Nothing here knows
//! what a parameter means.

use std::{borrow::Cow, fmt};

use crate::error::{Rule, rules};

/// The longest query or form that is read, in bytes.
pub const MAX_LENGTH: usize = 32 * 1024;
/// The most parameters in one request.
const MAX_COUNT: usize = 64;
/// May stand several times (RFC 8707 §2).
const REPEATABLE: &str = "resource";
/// May hold line breaks: it is JSON.
const MULTILINE: &str = "claims";

rules! {
    TOO_LONG = "oidc.params.too_long", InvalidRequest,
        "The request is longer than 32 kB or has more than 64 parameters.", "RFC 6749 3.1";
    NOT_TEXT = "oidc.params.not_text", InvalidRequest,
        "The request has a parameter that is not percent-encoded UTF-8.", "RFC 6749 B";
    CONTROL = "oidc.params.control", InvalidRequest,
        "The request has a parameter with a control character.", "RFC 6749 A";
    REPEATED = "oidc.params.repeated", InvalidRequest,
        "The request has a parameter twice.", "RFC 6749 3.1";
}

/// The parameters of one query or form, decoded.
#[derive(Clone, Default)]
pub struct Params<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    repeated: Option<usize>,
}

impl<'a> Params<'a> {
    /// Reads `application/x-www-form-urlencoded` text, which a query is too.
    pub fn parse(text: &'a [u8]) -> Result<Self, &'static Rule> {
        if text.len() > MAX_LENGTH {
            return Err(&TOO_LONG);
        }
        let mut params = Self { pairs: Vec::with_capacity(16), repeated: None };
        for piece in text.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty()) {
            if params.pairs.len() == MAX_COUNT {
                return Err(&TOO_LONG);
            }
            let mut halves = piece.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default()).ok_or(&NOT_TEXT)?;
            let value = decode(halves.next().unwrap_or_default()).ok_or(&NOT_TEXT)?;
            params.add(name, value)?;
        }
        Ok(params)
    }

    fn add(&mut self, name: Cow<'a, str>, value: Cow<'a, str>) -> Result<(), &'static Rule> {
        let breaks = |letter: char| matches!(letter, '\t' | '\n' | '\r') && name == MULTILINE;
        let bad = |letter: char| letter.is_ascii_control() && !breaks(letter);
        if name.contains(bad) || value.contains(bad) {
            return Err(&CONTROL);
        }
        if name != REPEATABLE
            && self.repeated.is_none()
            && self.pairs.iter().any(|(other, _)| *other == name)
        {
            self.repeated = Some(self.pairs.len());
        }
        self.pairs.push((name, value));
        Ok(())
    }

    /// The value of a parameter; one without a value counts as omitted.
    ///
    /// Of several the first counts, but see [`Params::once`].
    //= rfc6749#3.1-2
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| &**value).filter(|value| !value.is_empty())
    }

    /// All parameters with their values, in order, those without a value left out.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.pairs.iter().map(|(name, value)| (&**name, &**value));
        all.filter(|(_, value)| !value.is_empty())
    }

    /// The names of all parameters, with and without a value.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(name, _)| &**name)
    }

    /// The first parameter that stands twice, if one does.
    #[must_use]
    pub fn repeated(&self) -> Option<&str> {
        self.pairs.get(self.repeated?).map(|(name, _)| &**name)
    }

    /// The same, if no parameter stands twice.
    //= rfc6749#3.1-3
    //= rfc6749#3.2-1
    pub fn once(self) -> Result<Self, &'static Rule> {
        if self.repeated.is_some() { Err(&REPEATED) } else { Ok(self) }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

impl fmt::Debug for Params<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names only: values are codes, secrets and tokens.
        f.debug_set().entries(self.names()).finish()
    }
}

/// Decodes one name or value; without escapes nothing is copied.
pub(super) fn decode(text: &[u8]) -> Option<Cow<'_, str>> {
    if !text.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return std::str::from_utf8(text).ok().map(Cow::Borrowed);
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => (digit(*bytes.next()?)? << 4) | digit(*bytes.next()?)?,
            other => *other,
        });
    }
    String::from_utf8(decoded).ok().map(Cow::Owned)
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Appends `text` to a query, all but RFC 3986's unreserved characters percent-encoded.
///
/// A blank becomes `%20` and not `+`, which readers of URIs and of forms understand alike.
pub(super) fn encode_into(query: &mut String, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            query.push(char::from(byte));
            continue;
        }
        query.push('%');
        for nibble in [byte >> 4, byte & 15] {
            query.extend(DIGITS.get(usize::from(nibble)).map(|digit| char::from(*digit)));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MAX_LENGTH, Params, encode_into};

    fn slug(text: &[u8]) -> &'static str {
        Params::parse(text).map_or_else(|rule| rule.slug, |_| "read")
    }

    #[test]
    fn a_value_is_decoded_once() {
        let params = Params::parse(b"a=%2541+b&c=d=e&caf%C3%A9=%E2%82%AC").unwrap();
        assert_eq!(params.find("a"), Some("%41 b"));
        assert_eq!(params.find("c"), Some("d=e"));
        assert_eq!(params.find("caf\u{e9}"), Some("\u{20ac}"));
    }

    //= rfc6749#3.1-2 test
    #[test]
    fn a_parameter_without_a_value_counts_as_omitted() {
        let params = Params::parse(b"a=&b&=c&&").unwrap();
        assert_eq!((params.find("a"), params.find("b")), (None, None));
        assert_eq!(params.iter().collect::<Vec<_>>(), [("", "c")]);
    }

    //= rfc6749#3.1-3 test
    //= rfc6749#3.2-1 test
    #[test]
    fn a_parameter_that_stands_twice_is_noticed_even_without_a_value() {
        for text in ["a=1&a=1", "a=1&a=", "a&b&a", "%61=1&a=1"] {
            let params = Params::parse(text.as_bytes()).unwrap();
            assert_eq!(params.repeated(), Some("a"), "{text}");
            assert_eq!(params.once().unwrap_err().slug, "oidc.params.repeated");
        }
        assert_eq!(Params::parse(b"a=1&A=1&resource=x&resource=y").unwrap().repeated(), None);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for text in [&b"a=%"[..], b"a=%4", b"a=%zz", b"a=%c3", b"a=\xff", b"%ff=1"] {
            assert_eq!(slug(text), "oidc.params.not_text", "{text:?}");
        }
    }

    #[test]
    fn control_characters_are_refused_but_for_line_breaks_in_json() {
        for text in ["state=a%00b", "state=a%0d%0ab", "nonce=%7f", "a%00=b", "x=%09", "claims=%00"]
        {
            assert_eq!(slug(text.as_bytes()), "oidc.params.control", "{text}");
        }
        assert_eq!(slug(b"claims=%7b%0d%0a%09%7d"), "read");
    }

    #[test]
    fn length_and_number_are_bounded() {
        assert_eq!(slug(&vec![b'a'; MAX_LENGTH]), "read");
        assert_eq!(slug(&vec![b'a'; MAX_LENGTH + 1]), "oidc.params.too_long");
        let many: Vec<_> = (0..65).map(|number| format!("p{number}=1")).collect();
        assert_eq!(slug(many.join("&").as_bytes()), "oidc.params.too_long");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(text in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = Params::parse(&text);
        }

        #[test]
        fn what_is_encoded_reads_back(name in "[a-z]{1,8}", value in "\\PC{1,40}") {
            let mut text = format!("{name}=");
            encode_into(&mut text, &value);
            prop_assert!(text.is_ascii());
            let params = Params::parse(text.as_bytes()).unwrap();
            prop_assert_eq!(params.find(&name), Some(value.as_str()));
        }
    }
}
