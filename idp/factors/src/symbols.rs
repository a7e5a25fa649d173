//! Random bytes as symbols that a person can read out and type again, and back as they were typed.
//!
//! Thirty-two symbols, so that five bits make one. Nothing here compares anything.

use std::fmt::Write as _;

use aws_lc_rs::digest::{Context, SHA256};
use idp_domain::Secret;
use thiserror::Error;
use zeroize::Zeroizing;

/// RFC 4648 section 6: what authenticator apps read.
pub(crate) const BASE32: [u8; 32] = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Crockford's alphabet: no I, L, O and U, so that no symbol is taken for another.
pub(crate) const READABLE: [u8; 32] = *b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What is looked at of a typed text, in bytes: several times the longest code with its dashes.
const MAX_TYPED_BYTES: usize = 256;

/// The random source of the system failed; nothing was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the random source failed")]
pub struct NoRandomness;

/// `N` fresh random bytes, wiped when dropped.
pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, NoRandomness> {
    let mut bytes = Zeroizing::new([0; N]);
    aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// `chunks` in symbols of `alphabet`, eight for every five bytes.
pub(crate) fn encode(alphabet: &[u8; 32], bytes: &[u8]) -> Secret<String> {
    let (chunks, rest) = bytes.as_chunks::<5>();
    debug_assert!(rest.is_empty(), "every length in use is a multiple of five");
    // All the room at once: growing would leave unwiped copies behind.
    let mut text = String::with_capacity(chunks.len() * 8);
    for &[a, b, c, d, e] in chunks {
        let forty = u64::from_be_bytes([0, 0, 0, a, b, c, d, e]);
        let symbols = (0..8).rev().filter_map(|place| {
            let index = usize::try_from(forty >> (5 * place) & 31).ok()?;
            alphabet.get(index).copied().map(char::from)
        });
        text.extend(symbols);
    }
    Secret::new(text)
}

/// `symbols` in groups of four with dashes between, for the eye.
pub(crate) fn grouped(symbols: &str) -> Secret<String> {
    let mut text = String::with_capacity(symbols.len() + symbols.len() / 4);
    for (place, symbol) in symbols.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
        text.push(symbol);
    }
    Secret::new(text)
}

/// The symbols of [`READABLE`] that a person meant, exactly `count` of them.
///
/// Case, blanks, dashes of any kind and invisible marks do not count; O is 0, I and L are 1; wide
/// letters and the digits of Arabic and Persian keyboards are what they stand for.
pub(crate) fn read(typed: &str, count: usize) -> Option<Secret<String>> {
    if typed.len() > MAX_TYPED_BYTES {
        return None;
    }
    let mut symbols = Zeroizing::new(String::with_capacity(MAX_TYPED_BYTES));
    for c in typed.chars().filter(|c| !is_filler(*c)) {
        let symbol = match plain(c).to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let known = u8::try_from(symbol).is_ok_and(|byte| READABLE.contains(&byte));
        if !known || symbols.len() == count {
            return None;
        }
        symbols.push(symbol);
    }
    (symbols.len() == count).then(|| Secret::new(symbols.as_str().to_owned()))
}

/// The digits that a person typed, exactly `count` of them; blanks and dashes do not count.
pub(crate) fn read_digits(typed: &str, count: usize) -> Option<u32> {
    if typed.len() > MAX_TYPED_BYTES {
        return None;
    }
    let mut digits = 0_usize;
    let mut number = 0_u32;
    for c in typed.chars().filter(|c| !is_filler(*c)) {
        let digit = plain(c).to_digit(10)?;
        number = number.checked_mul(10)?.checked_add(digit)?;
        digits += 1;
    }
    (digits == count).then_some(number)
}

/// SHA-256 of `symbols` for one `purpose`, so that a hash of one kind is none of another.
pub(crate) fn hash(purpose: &str, symbols: &str) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(purpose.as_bytes());
    context.update(&[0]);
    context.update(symbols.as_bytes());
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// `text` with every byte escaped that RFC 3986 section 2.3 does not leave alone.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// What people and pages put between groups, seen or unseen.
fn is_filler(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
        )
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The ASCII character that `c` stands for on another keyboard, or `c` itself.
fn plain(c: char) -> char {
    let code = u32::from(c);
    let ascii = match c {
        '\u{660}'..='\u{669}' => code - 0x660 + 0x30,
        '\u{6f0}'..='\u{6f9}' => code - 0x6f0 + 0x30,
        '\u{ff01}'..='\u{ff5e}' => code - 0xfee0,
        _ => code,
    };
    char::from_u32(ascii).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn base32_is_that_of_rfc_4648() {
        // RFC 4648 section 10.
        assert_eq!(encode(&BASE32, b"fooba").expose(), "MZXW6YTB");
        assert_eq!(encode(&BASE32, &[0xff; 10]).expose(), "7777777777777777");
    }

    #[test]
    fn a_code_is_read_as_it_was_meant() {
        for typed in [
            "0123-89AB",
            "0l23 89ab",
            " oI23\u{2013}89AB\n",
            "\u{200f}\u{660}\u{661}\u{662}\u{663}\u{200e}\u{668}\u{669}AB",
            "\u{6f0}1\u{6f2}389ab",
            "\u{ff10}\u{ff11}23\u{ff0d}89\u{ff21}\u{ff42}",
        ] {
            assert_eq!(read(typed, 8).unwrap().expose(), "012389AB", "{typed:?}");
        }
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        let long = "0".repeat(300);
        for typed in ["", "0123-89A", "0123-89ABC", "0123-89AU", "0123.89AB", "0123-89Aß", &long] {
            assert!(read(typed, 8).is_none(), "{typed:?}");
        }
    }

    #[test]
    fn digits_of_any_keyboard_are_read_and_counted() {
        for typed in ["012345", "012 345", "012-345", "٠١٢٣٤٥", "۰۱۲ ۳۴۵", "０１２３４５"]
        {
            assert_eq!(read_digits(typed, 6), Some(12_345), "{typed:?}");
        }
        for typed in ["", "12345", "1234567", "12345a", "+12345", "1e2345", "99999999999999"] {
            assert_eq!(read_digits(typed, 6), None, "{typed:?}");
        }
    }

    #[test]
    fn a_hash_of_one_purpose_is_none_of_another() {
        assert_ne!(hash("a", "bc"), hash("ab", "c"));
        assert_ne!(hash("a", "b"), hash("c", "b"));
        assert_eq!(hash("a", "b"), hash("a", "b"));
    }

    #[test]
    fn random_bytes_do_not_repeat() {
        assert_ne!(random::<15>().unwrap(), random::<15>().unwrap());
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(bytes in any::<[u8; 15]>()) {
            let symbols = encode(&READABLE, &bytes);
            let shown = grouped(symbols.expose());
            prop_assert_eq!(shown.expose().len(), 29);
            let read = read(&shown.expose().to_lowercase(), 24).unwrap();
            prop_assert_eq!(read.expose(), symbols.expose());
        }

        #[test]
        fn no_text_makes_the_readers_panic(text in "\\PC{0,300}") {
            let _ = (read(&text, 24), read_digits(&text, 6));
        }
    }
}
