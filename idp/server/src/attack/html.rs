//! What is looked for in pages: values of fields, the code and the reference of a problem.
//!
//! Themes change how pages look, so as little as can be is taken for granted.

/// The value of the first field of this name, as the page means it.
pub(super) fn field(page: &str, name: &str) -> Option<String> {
    let (_, after) = page.split_once(&format!("name=\"{name}\""))?;
    let (tag, _) = after.split_once('>')?;
    let (_, value) = tag.split_once("value=\"")?;
    Some(unescape(value.split_once('"')?.0))
}

/// Where the first form leads.
pub(super) fn action(page: &str) -> Option<String> {
    let (_, after) = page.split_once("<form")?;
    let (tag, _) = after.split_once('>')?;
    let (_, value) = tag.split_once("action=\"")?;
    Some(unescape(value.split_once('"')?.0))
}

/// The word that a page about a problem says it with: the first text in `<code>` of small letters.
pub(super) fn code(page: &str) -> Option<&str> {
    let texts = page.split("<code").skip(1).filter_map(|rest| {
        let (_, rest) = rest.split_once('>')?;
        Some(rest.split_once("</code>")?.0)
    });
    let is_word = |text: &&str| {
        !text.is_empty()
            && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
    };
    texts.map(str::trim).find(is_word)
}

/// The reference number of a page: three groups of four letters of Crockford's alphabet.
pub(super) fn reference(page: &str) -> Option<&str> {
    const LONG: usize = 14;
    let bytes = page.as_bytes();
    let inside = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let mut starts = (0..bytes.len()).filter(|at| {
        let window = bytes.get(*at..at + LONG).unwrap_or_default();
        let is_bordered = !inside(at.checked_sub(1).and_then(|before| bytes.get(before)))
            && !inside(bytes.get(at + LONG));
        is_bordered && is_reference(window)
    });
    starts.find_map(|at| page.get(at..at + LONG))
}

fn is_reference(window: &[u8]) -> bool {
    let is_letter = |byte: u8| {
        byte.is_ascii_digit()
            || byte.is_ascii_uppercase() && !matches!(byte, b'I' | b'L' | b'O' | b'U')
    };
    window.len() == 14
        && window.iter().enumerate().all(|(place, byte)| match place {
            4 | 9 => *byte == b'-',
            _ => is_letter(*byte),
        })
}

/// Undoes the escapes that a template writes into attributes.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let escape = after.split_once(';').and_then(|(name, rest)| Some((letter(name)?, rest)));
        let (letter, left) = escape.unwrap_or(('&', after));
        out.push(letter);
        rest = left;
    }
    out.push_str(rest);
    out
}

fn letter(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{action, code, field, reference};

    const FORM: &str = r#"<form method="post" action="https:&#x2f;&#x2f;idp.example&#x2f;sso?a&#61;1&amp;b">
        <input type="hidden" name="SAMLRequest" value="PH&#x2f;+A&#x3d;">
        <input type="hidden" name="RelayState" value="a&quot;&amp;b &c"></form>"#;

    #[test]
    fn fields_are_read_as_a_browser_would_send_them() {
        assert_eq!(field(FORM, "SAMLRequest").as_deref(), Some("PH/+A="));
        assert_eq!(field(FORM, "RelayState").as_deref(), Some("a\"&b &c"));
        assert_eq!(field(FORM, "SAMLResponse"), None);
        assert_eq!(action(FORM).as_deref(), Some("https://idp.example/sso?a=1&b"));
        assert_eq!(action("<p>"), None);
    }

    #[test]
    fn code_and_reference_are_found_wherever_a_theme_puts_them() {
        let page =
            r#"<dd><code class="copy">7Q2M-0ABC-ZZ99</code></dd><code>source_misbehaved</code>"#;
        assert_eq!(code(page), Some("source_misbehaved"));
        assert_eq!(reference(page), Some("7Q2M-0ABC-ZZ99"));
        for other in [
            "",
            "7Q2M-0ABC-ZZ9",
            "7Q2M-0ABC-ZZ99A",
            "X7Q2M-0ABC-ZZ99",
            "7Q2M-OABC-ZZ99",
            "é7q2m-0abc-zz99",
        ] {
            assert_eq!(reference(other), None, "{other}");
        }
        assert_eq!(reference("é 7Q2M-0ABC-ZZ99 é"), Some("7Q2M-0ABC-ZZ99"));
    }
}
