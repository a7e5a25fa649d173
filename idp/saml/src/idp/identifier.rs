//! `subject-id` and `pairwise-id` (SAML V2.0 Subject Identifier Attributes Profile 1.0): what a
//! service provider says that it needs, and the values.

use aws_lc_rs::digest::{SHA256, digest};
use idp_domain::Subject;
use serde::{Deserialize, Serialize};

/// Which identifier a service provider needs (section 4.1, `subject-id:req`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentifierNeed {
    /// None: none is given.
    #[default]
    None,
    /// One that other service providers know too.
    SubjectId,
    /// One of its own.
    PairwiseId,
    /// Either: it is given the one that tells others less.
    Any,
}

impl IdentifierNeed {
    /// The need that an entity attribute states: exactly one value, and a known one.
    #[must_use]
    pub fn from_values(values: &[String]) -> Option<Self> {
        let [value] = values else { return None };
        match value.trim() {
            "none" => Some(Self::None),
            "subject-id" => Some(Self::SubjectId),
            "pairwise-id" => Some(Self::PairwiseId),
            "any" => Some(Self::Any),
            _ => None,
        }
    }
}

/// The value of an identifier for `subject` within `scope`, a domain of the broker's own.
///
/// Subjects are opaque and case-sensitive; values of these attributes are not, and may not have
/// `_` (sections 3.3.2 and 3.4.2). A hash in lower-case base32 keeps what is different apart:
/// 52 of the 127 characters that are allowed.
#[must_use]
pub fn scoped(subject: &Subject, scope: &str) -> String {
    let mut value = base32(digest(&SHA256, subject.as_str().as_bytes()).as_ref());
    value.push('@');
    value.push_str(scope);
    value
}

/// Base32 (RFC 4648 section 6) in lower case, without padding.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut text = String::with_capacity((bytes.len() * 8).div_ceil(5));
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    let mut letter = |index: u32| {
        if let Some(letter) = ALPHABET.get((index & 31) as usize) {
            text.push(char::from(*letter));
        }
    };
    for byte in bytes {
        buffer = (buffer << 8 | u32::from(*byte)) & 0xfff;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            letter(buffer >> bits);
        }
    }
    if bits > 0 {
        letter(buffer << (5 - bits));
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use idp_domain::Subject;

    use super::{IdentifierNeed, base32, scoped};

    #[test]
    fn base32_agrees_with_the_rfc() {
        for (bytes, text) in [
            ("", ""),
            ("f", "my"),
            ("fo", "mzxq"),
            ("foo", "mzxw6"),
            ("foob", "mzxw6yq"),
            ("fooba", "mzxw6ytb"),
            ("foobar", "mzxw6ytboi"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        assert_eq!(base32(&[0xff; 5]), "77777777");
    }

    #[test]
    fn idp_16_an_identifier_keeps_to_its_alphabet_and_tells_subjects_apart() {
        let of = |text: &str| scoped(&Subject::new(text.to_owned()), "broker.example");
        expect!["5ytk5ywxa4m76fvkbsbotghkfn6jbwjmcp6ddd32o3pggcsqrsvq@broker.example"]
            .assert_eq(&of("-_AbC"));
        assert_ne!(of("-_AbC"), of("-_aBC"));
        let value = of("-_AbC");
        let name = value.strip_suffix("@broker.example").unwrap();
        assert_eq!(name.len(), 52);
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
    }

    #[test]
    fn a_need_is_one_known_word() {
        let need = |words: &[&str]| {
            let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
            IdentifierNeed::from_values(&words)
        };
        assert_eq!(need(&["none"]), Some(IdentifierNeed::None));
        assert_eq!(need(&["subject-id"]), Some(IdentifierNeed::SubjectId));
        assert_eq!(need(&[" pairwise-id\n"]), Some(IdentifierNeed::PairwiseId));
        assert_eq!(need(&["any"]), Some(IdentifierNeed::Any));
        for words in [&[][..], &["Any"], &["any", "none"], &["subject-id pairwise-id"]] {
            assert_eq!(need(words), None);
        }
    }
}
