//! Names that people would take for one another: entity IDs are compared byte by byte, so two that
//! differ by a slash would be two service providers, and one of them perhaps an impostor.

/// What `entity_id` looks like: equal for names that differ only by letter case, by a slash at the
/// end, by a port that goes without saying, or by needless percent-encoding.
///
/// For comparing alone; it is nobody's name.
#[must_use]
pub fn likeness(entity_id: &str) -> String {
    let mut likeness = decoded(entity_id).to_lowercase();
    for (scheme, port) in [("https://", ":443"), ("http://", ":80")] {
        let Some(rest) = likeness.strip_prefix(scheme) else { continue };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if let Some(host) = authority.strip_suffix(port) {
            let path = rest.get(authority.len()..).unwrap_or_default();
            likeness = format!("{scheme}{host}{path}");
        }
    }
    likeness.truncate(likeness.trim_end_matches('/').len());
    likeness
}

/// Whether two entity IDs could be taken for one another, or are the same.
#[must_use]
pub fn similar(a: &str, b: &str) -> bool {
    likeness(a) == likeness(b)
}

/// The text with its percent-encoded visible ASCII characters decoded, once.
fn decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        decoded.push_str(before);
        let byte = after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let Some(byte) = byte.filter(u8::is_ascii_graphic) {
            decoded.push(char::from(byte));
            rest = after.get(2..).unwrap_or_default();
        } else {
            decoded.push('%');
            rest = after;
        }
    }
    decoded.push_str(rest);
    decoded
}

#[cfg(test)]
mod tests {
    use super::similar;

    #[test]
    fn idp_16_a_name_that_differs_by_case_or_slash_is_taken_for_the_other() {
        let sp = "https://sp1.example/saml/metadata";
        for other in [
            sp,
            "https://sp1.example/saml/metadata/",
            "https://sp1.example/saml/metadata//",
            "https://SP1.example/saml/Metadata",
            "HTTPS://sp1.example:443/saml/metadata",
            "https://sp1.example/saml/%6detadata",
            "https://sp1.example/saml%2Fmetadata",
        ] {
            assert!(similar(sp, other), "{other}");
            assert!(similar(other, sp), "{other}");
        }
        assert!(similar("https://sp1.example", "https://sp1.example/"));
        assert!(similar("http://sp1.example:80/a", "http://sp1.example/a"));
        assert!(similar("urn:Example:SP", "urn:example:sp"));
    }

    #[test]
    fn idp_16_names_that_differ_otherwise_are_different() {
        let sp = "https://sp1.example/saml/metadata";
        for other in [
            "https://sp2.example/saml/metadata",
            "https://sp1.example/saml/metadata2",
            "https://sp1.example/saml",
            "https://sp1.example:8443/saml/metadata",
            "http://sp1.example/saml/metadata",
            "https://sp1.example/saml/metadata?x",
            "https://sp1.example/saml/metadata%zz",
            "",
        ] {
            assert!(!similar(sp, other), "{other}");
        }
    }
}
