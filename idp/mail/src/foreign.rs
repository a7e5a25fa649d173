//! Texts of others in letters: what is left of a name, an address or a reference number.
//!
//! Whoever broke into an account chooses names that its owner will read in a letter of ours. So
//! nothing remains of them that breaks a line, turns the text around, or that a mail program makes
//! a link of.

use std::net::IpAddr;

/// The longest name that is repeated, in characters.
const LONGEST_NAME: usize = 64;

/// The longest reference number that is repeated, in bytes.
const LONGEST_REFERENCE: usize = 40;

/// What may be repeated of a name that a person chose; `None` if that is nothing.
pub(crate) fn name(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    let mut last = ' ';
    while let Some(c) = chars.next() {
        let is_fraction = c == '.'
            && last.is_ascii_digit()
            && chars.peek().is_some_and(char::is_ascii_digit)
            && !out.contains('.');
        let c =
            if is_fraction || c.is_alphanumeric() || "'’-_()+#,".contains(c) { c } else { ' ' };
        if c != ' ' || last != ' ' {
            out.push(c);
            last = c;
        }
    }
    let trimmed = out.trim_end();
    if trimmed.is_empty() {
        return None;
    }
    let mut short: String = trimmed.chars().take(LONGEST_NAME).collect();
    if short.len() < trimmed.len() {
        short.push('…');
    }
    Some(short)
}

/// Where the browser was: an address, or a network as `address/bits`; `None` if it is neither.
pub(crate) fn address(text: &str) -> Option<String> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
        None => (text, None),
    };
    let address = address.parse::<IpAddr>().ok()?.to_canonical();
    Some(match bits {
        Some(bits) => format!("{address}/{bits}"),
        None => address.to_string(),
    })
}

/// A reference number; `None` if it does not look like one.
pub(crate) fn reference(text: &str) -> Option<&str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_one = !text.is_empty() && text.len() <= LONGEST_REFERENCE && text.chars().all(fits);
    is_one.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{address, name, reference};

    #[test]
    fn an_honest_name_stays_as_it_is() {
        for honest in ["YubiKey 5.7", "Amina’s phone (work)", "مفتاح العمل", "工作手机", "Clé n°2"]
        {
            let kept = name(honest).unwrap();
            assert_eq!(kept, honest.replace('°', " "), "{honest}");
        }
    }

    #[test]
    fn nothing_of_a_name_becomes_a_link_a_line_or_another_direction() {
        let kept = |text| name(text).unwrap_or_default();
        assert_eq!(kept("https://evil.example/undo?a=b"), "https evil example undo a b");
        assert_eq!(kept("mail help@evil.example"), "mail help evil example");
        assert_eq!(kept("192.0.2.7"), "192.0 2 7");
        assert_eq!(kept("a\r\nBcc: b\u{2028}c\u{0}"), "a Bcc b c");
        assert_eq!(kept("\u{202e}txt\u{2069}\u{200f}<b>x</b>"), "txt b x b");
        assert_eq!(kept("${7*7} {{7*7}} { $x }"), "7 7 7 7 x");
        assert_eq!(name("\u{202e}\n ://"), None);
        assert_eq!(kept(&"ж".repeat(100)), format!("{}…", "ж".repeat(64)));
    }

    #[test]
    fn an_address_is_one_or_is_left_out() {
        assert_eq!(address("192.0.2.7").as_deref(), Some("192.0.2.7"));
        assert_eq!(address("::ffff:192.0.2.7").as_deref(), Some("192.0.2.7"));
        assert_eq!(address("2001:db8::/48").as_deref(), Some("2001:db8::/48"));
        for not in ["", "localhost", "192.0.2.7\nBcc: x", "192.0.2.0/x", "192.0.2.7/24/3"] {
            assert_eq!(address(not), None, "{not}");
        }
    }

    #[test]
    fn a_reference_number_is_one_or_is_left_out() {
        assert_eq!(reference("7KQ2-M9XD"), Some("7KQ2-M9XD"));
        for not in ["", "a b", "https://x", "a\r\n", &"a".repeat(41)] {
            assert_eq!(reference(not), None, "{not}");
        }
    }
}
