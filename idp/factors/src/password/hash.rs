//! A stored password hash: Argon2id in the PHC string format, and nothing else.

use std::fmt;

use argon2::password_hash::phc::{self, Output, ParamsString, Salt};
use thiserror::Error;

use super::cost::{CostError, HashCost};

/// Longer than any hash that this program writes or reads.
const MAX_PHC_BYTES: usize = 256;
/// Argon2 version 1.3, the only one with a specification (RFC 9106).
const VERSION: u32 = 0x13;
/// The shortest output that is accepted, in bytes: 128 bits.
const MIN_OUTPUT: usize = 16;
/// The output of a new hash, in bytes.
pub(super) const NEW_OUTPUT: usize = 32;
/// The salt of a new hash, in bytes (RFC 9106 section 3.1).
pub(super) const NEW_SALT: usize = 16;

/// A stored Argon2id hash.
///
/// It says enough to guess the password offline, so it does not show itself; [`Self::to_phc`]
/// gives the text to store.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash {
    cost: HashCost,
    salt: Salt,
    output: Output,
}

/// Why a text is not a hash that we can use. It never quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PhcError {
    /// Not of the PHC string format.
    #[error("the stored hash is not a PHC string")]
    Format,
    /// Of another algorithm than Argon2id version 1.3.
    #[error("the stored hash is not argon2id version 19")]
    Algorithm,
    /// Parameters that are unknown, missing or named twice.
    #[error("the stored hash must have the parameters m, t and p, once each")]
    Parameters,
    /// A cost outside the bounds.
    #[error("the stored hash asks for a cost that is not allowed")]
    Cost(#[from] CostError),
    /// No salt or no output, or too short ones.
    #[error("the stored hash lacks a salt, or an output of at least 16 bytes")]
    Incomplete,
}

impl PasswordHash {
    /// Reads a PHC string such as `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`.
    pub fn parse(text: &str) -> Result<Self, PhcError> {
        if text.len() > MAX_PHC_BYTES {
            return Err(PhcError::Format);
        }
        let phc = phc::PasswordHash::new(text).map_err(|_| PhcError::Format)?;
        if phc.algorithm.as_str() != "argon2id" || phc.version != Some(VERSION) {
            return Err(PhcError::Algorithm);
        }
        let cost = parse_cost(&phc.params)?;
        let (Some(salt), Some(output)) = (phc.salt, phc.hash) else {
            return Err(PhcError::Incomplete);
        };
        if output.len() < MIN_OUTPUT {
            return Err(PhcError::Incomplete);
        }
        Ok(Self { cost, salt, output })
    }

    pub(super) fn from_parts(cost: HashCost, salt: Salt, output: Output) -> Self {
        Self { cost, salt, output }
    }

    /// The text to store.
    #[must_use]
    pub fn to_phc(&self) -> String {
        format!(
            "$argon2id$v={VERSION}$m={},t={},p={}${}${}",
            self.cost.memory_kib(),
            self.cost.passes(),
            self.cost.lanes(),
            self.salt,
            self.output
        )
    }

    /// What verifying against it costs.
    pub fn cost(&self) -> HashCost {
        self.cost
    }

    pub(super) fn salt(&self) -> &[u8] {
        self.salt.as_ref()
    }

    pub(super) fn output(&self) -> &[u8] {
        self.output.as_bytes()
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordHash").field("cost", &self.cost).finish_non_exhaustive()
    }
}

fn parse_cost(params: &ParamsString) -> Result<HashCost, PhcError> {
    let (mut memory, mut passes, mut lanes) = (None, None, None);
    for (name, value) in params.iter() {
        let slot = match name.as_str() {
            "m" => &mut memory,
            "t" => &mut passes,
            "p" => &mut lanes,
            _ => return Err(PhcError::Parameters),
        };
        let value = value.decimal().map_err(|_| PhcError::Parameters)?;
        if slot.replace(value).is_some() {
            return Err(PhcError::Parameters);
        }
    }
    let (Some(memory), Some(passes), Some(lanes)) = (memory, passes, lanes) else {
        return Err(PhcError::Parameters);
    };
    Ok(HashCost::new(memory, passes, lanes)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KNOWN: &str =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    #[test]
    fn a_hash_survives_being_stored() {
        let hash = PasswordHash::parse(KNOWN).unwrap();
        assert_eq!(hash.cost(), HashCost::new(65_536, 2, 1).unwrap());
        assert_eq!(hash.salt(), b"somesalt");
        assert_eq!(hash.to_phc(), KNOWN);
    }

    #[test]
    fn a_hash_does_not_show_its_output() {
        let shown = format!("{:?}", PasswordHash::parse(KNOWN).unwrap());
        assert!(!shown.contains("CTFh") && !shown.contains("c29t"), "{shown}");
    }

    #[test]
    fn only_argon2id_version_19_is_read() {
        for other in [
            KNOWN.replace("argon2id", "argon2i"),
            KNOWN.replace("argon2id", "argon2d"),
            KNOWN.replace("v=19", "v=16"),
            KNOWN.replace("$v=19", ""),
            KNOWN.replace("argon2id", "scrypt"),
        ] {
            assert_eq!(PasswordHash::parse(&other), Err(PhcError::Algorithm), "{other}");
        }
    }

    #[test]
    fn parameters_are_complete_single_and_bounded() {
        for params in
            ["m=65536,t=2", "m=65536,t=2,p=1,p=1", "m=65536,t=2,p=1,data=AAAA", "m=a,t=2,p=1"]
        {
            let text = KNOWN.replace("m=65536,t=2,p=1", params);
            assert_eq!(PasswordHash::parse(&text), Err(PhcError::Parameters), "{params}");
        }
        for params in ["m=4294967295,t=2,p=1", "m=65536,t=4294967295,p=1", "m=65536,t=2,p=16777215"]
        {
            let text = KNOWN.replace("m=65536,t=2,p=1", params);
            assert!(matches!(PasswordHash::parse(&text), Err(PhcError::Cost(_))), "{params}");
        }
    }

    #[test]
    fn a_hash_without_salt_or_with_a_short_output_is_refused() {
        let (without_output, _) = KNOWN.rsplit_once('$').unwrap();
        assert_eq!(PasswordHash::parse(without_output), Err(PhcError::Incomplete));
        let short = format!("{without_output}$AAAAAAAAAAAAAAAAAAAA");
        assert_eq!(PasswordHash::parse(&short), Err(PhcError::Incomplete));
        assert_eq!(PasswordHash::parse("correct horse battery staple"), Err(PhcError::Format));
        assert_eq!(PasswordHash::parse(&"$".repeat(300)), Err(PhcError::Format));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,300}") {
            let _ = PasswordHash::parse(&text);
        }

        #[test]
        fn whatever_is_read_is_written_so_that_it_reads_the_same(
            params in "[$mtp=,0-9]{0,24}",
            tail in "[A-Za-z0-9+/$=]{0,90}",
        ) {
            if let Ok(hash) = PasswordHash::parse(&format!("$argon2id$v=19${params}${tail}")) {
                prop_assert_eq!(PasswordHash::parse(&hash.to_phc()), Ok(hash));
            }
        }
    }
}
