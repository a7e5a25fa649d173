//! Which passwords may be chosen (NIST SP 800-63B-4 section 3.1.1.2, ASVS 6.2).
//!
//! Length, a list of the commonest, and words of the context. No rules of composition, no expiry.

use std::collections::HashSet;
use std::sync::LazyLock;

use idp_domain::Secret;
use thiserror::Error;

use super::typed::Password;

/// The shortest password beside a second factor, in characters.
const LEAST_BESIDE_ANOTHER_FACTOR: usize = 8;
/// The shortest password that alone lets somebody in, in characters.
const LEAST_ALONE: usize = 15;
/// Shorter context words would forbid too much.
const LEAST_CONTEXT_WORD: usize = 3;
/// A password of fewer different characters is a pattern.
const LEAST_DISTINCT: usize = 4;

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("common.txt").lines().filter(|line| !line.starts_with('#')).collect()
});

/// The rule for new passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordPolicy {
    min_chars: usize,
}

/// A password that the policy let pass, and so may be hashed.
#[derive(Debug, Clone)]
pub struct AdmittedPassword(Password);

/// Why a new password is not good enough. It never quotes the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Weakness {
    /// Fewer characters than the policy asks for.
    #[error("the password has fewer than {min_chars} characters")]
    TooShort {
        /// The least number of characters.
        min_chars: usize,
    },
    /// More bytes than are ever looked at.
    #[error("the password is longer than 1024 bytes")]
    TooLong,
    /// One of the commonest, perhaps with digits or signs put around it.
    #[error("the password is among the commonest, or is made of one of them")]
    Common,
    /// Little more than the person's, the agency's or the service's name.
    #[error("the password is made of a name that others know")]
    Context,
    /// A row of characters, or very few different ones.
    #[error("the password is a simple pattern")]
    Pattern,
}

impl PasswordPolicy {
    /// For people whose password is all they prove: 15 characters.
    pub const ALONE: Self = Self { min_chars: LEAST_ALONE };
    /// For people who must also prove a second factor: 8 characters.
    pub const BESIDE_ANOTHER_FACTOR: Self = Self { min_chars: LEAST_BESIDE_ANOTHER_FACTOR };

    /// The same policy with at least `min_chars` characters; it can only grow stricter.
    #[must_use]
    pub fn at_least(self, min_chars: usize) -> Self {
        Self { min_chars: self.min_chars.max(min_chars) }
    }

    /// Admits `password`, unless it is easily guessed.
    ///
    /// `context` names what an attacker would try first: user name, names, mail address, agency,
    /// product. Words of fewer than three characters are passed over.
    pub fn admit(self, password: Password, context: &[&str]) -> Result<AdmittedPassword, Weakness> {
        let text = password.text().ok_or(Weakness::TooLong)?;
        let min_chars = self.min_chars;
        if text.chars().count() < min_chars {
            return Err(Weakness::TooShort { min_chars });
        }
        let folded = Secret::new(text.to_lowercase());
        let folded = folded.expose().as_str();
        if is_pattern(folded) {
            return Err(Weakness::Pattern);
        }
        if COMMON.contains(folded) || COMMON.contains(core_of(folded)) {
            return Err(Weakness::Common);
        }
        // Half a password must be left when everybody's words are taken out, and no common one.
        if let Some(left) = without_words(folded, context) {
            let left = core_of(left.expose());
            if left.chars().count() < min_chars.div_ceil(2) || COMMON.contains(left) {
                return Err(Weakness::Context);
            }
        }
        Ok(AdmittedPassword(password))
    }
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self::ALONE
    }
}

impl AdmittedPassword {
    pub(super) fn as_password(&self) -> &Password {
        &self.0
    }
}

/// The text without the digits and signs that people put around a word.
fn core_of(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphabetic())
}

/// Whether there are few different characters, or each is the neighbour of the one before.
fn is_pattern(text: &str) -> bool {
    let distinct: HashSet<char> = text.chars().collect();
    let row = |step: i64| {
        text.chars().zip(text.chars().skip(1)).all(|(a, b)| {
            let walked = i64::from(u32::from(b)) - i64::from(u32::from(a));
            // Rows of digits go on after the nine.
            walked == step || (a.is_ascii_digit() && b.is_ascii_digit() && walked == -9 * step)
        })
    };
    distinct.len() < LEAST_DISTINCT || row(1) || row(-1)
}

/// What is left of `text` when the context's words are taken out, if there is any in it.
fn without_words(text: &str, context: &[&str]) -> Option<Secret<String>> {
    let mut words: Vec<String> = context
        .iter()
        .flat_map(|entry| {
            let whole = std::iter::once(*entry);
            whole.chain(entry.split(|c: char| !c.is_alphanumeric()))
        })
        .filter(|word| word.chars().count() >= LEAST_CONTEXT_WORD)
        .map(str::to_lowercase)
        .collect();
    // The longest first, so that one word inside another does not save the rest of it.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.iter().fold(None, |left: Option<Secret<String>>, word| {
        let before = left.as_ref().map_or(text, |left| left.expose().as_str());
        if before.contains(word.as_str()) {
            return Some(Secret::new(before.replace(word.as_str(), " ")));
        }
        left
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(policy: PasswordPolicy, text: &str) -> Result<(), Weakness> {
        let context =
            ["Layla Haddad", "layla.haddad@unhcr.example", "UNHCR", "WFP", "Laissez-Passer"];
        policy.admit(Password::typed(text.to_owned()), &context).map(|_admitted| ())
    }

    const BESIDE: PasswordPolicy = PasswordPolicy::BESIDE_ANOTHER_FACTOR;
    const ALONE: PasswordPolicy = PasswordPolicy::ALONE;

    #[test]
    fn pwd_11_length_is_counted_in_characters_and_is_shorter_beside_a_second_factor() {
        assert_eq!(judge(BESIDE, "kx0-vz9"), Err(Weakness::TooShort { min_chars: 8 }));
        assert_eq!(judge(BESIDE, "kx0-vz9!"), Ok(()));
        assert_eq!(judge(ALONE, "kx0-vz9!kx0-vz"), Err(Weakness::TooShort { min_chars: 15 }));
        assert_eq!(judge(ALONE, "kx0-vz9!kx0-vz9"), Ok(()));
        assert_eq!(judge(BESIDE, "سلام عليكم"), Ok(()));
        assert_eq!(judge(BESIDE, "密码密码密码密"), Err(Weakness::TooShort { min_chars: 8 }));
        assert_eq!(
            judge(BESIDE.at_least(12), "kx0-vz9!"),
            Err(Weakness::TooShort { min_chars: 12 })
        );
        assert_eq!(ALONE.at_least(3), ALONE, "a policy is never loosened");
    }

    #[test]
    fn pwd_11_the_commonest_are_refused_in_any_case_and_with_trimmings() {
        for text in [
            "baseball",
            "Password",
            "PASSWORD1",
            "Sunshine2026!",
            "!!football!!",
            "trustno1",
            "1qaz2wsx",
        ] {
            assert_eq!(judge(BESIDE, text), Err(Weakness::Common), "{text}");
        }
    }

    #[test]
    fn pwd_11_at_least_three_thousand_of_the_list_are_long_enough_to_matter() {
        let long = COMMON.iter().filter(|word| word.chars().count() >= 8).count();
        assert!(long >= 3_000, "{long}");
        assert!(COMMON.iter().all(|word| !word.is_empty() && *word == word.to_lowercase()));
    }

    #[test]
    fn pwd_11_everything_in_the_list_is_refused() {
        for word in COMMON.iter() {
            assert!(judge(BESIDE, word).is_err(), "{word}");
        }
    }

    #[test]
    fn pwd_11_words_of_the_context_are_refused() {
        for text in [
            "UNHCR2026!",
            "unhcrunhcr",
            "LaylaHaddad",
            "wfp-unhcr-2026",
            "laissez-passer",
            "Hello.Layla!",
        ] {
            assert_eq!(judge(BESIDE, text), Err(Weakness::Context), "{text}");
        }
        assert_eq!(judge(ALONE, "unhcr and seven blue llamas"), Ok(()));
    }

    #[test]
    fn pwd_11_patterns_are_refused() {
        for text in [
            "aaaaaaaaaaaaaaaa",
            "abcdefghijklmnop",
            "123456789012345678",
            "0987654321098765",
            "abababababababab",
        ] {
            assert_eq!(judge(ALONE, text), Err(Weakness::Pattern), "{text}");
        }
    }

    #[test]
    fn pwd_11_there_are_no_rules_of_composition() {
        for text in ["seven blue llamas waltz", "SEVEN BLUE LLAMAS WALTZ", "731905284668021"] {
            assert_eq!(judge(ALONE, text), Ok(()), "{text}");
        }
    }

    #[test]
    fn pwd_08_sixty_four_characters_are_welcome_and_more_than_1024_bytes_are_not() {
        let sixty_four = "kx0-vz9!".repeat(8);
        assert_eq!(judge(ALONE, &sixty_four), Ok(()));
        assert_eq!(judge(ALONE, &"kx0-vz9!".repeat(129)), Err(Weakness::TooLong));
    }
}
