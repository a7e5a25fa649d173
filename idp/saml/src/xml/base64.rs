//! `xs:base64Binary`, read strictly.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::XmlError;

/// Reads base64 in the standard alphabet, folded by white space or not (XML Schema 2, 3.2.16).
///
/// The padding must be exact and the bits that carry nothing zero, so that no two texts give the
/// same bytes but for their folding. Nothing at all is no value.
pub fn read_base64(text: &str) -> Result<Vec<u8>, XmlError> {
    let folded: String = text.split([' ', '\t', '\n', '\r']).collect();
    let bytes = BASE64_STANDARD.decode(folded).map_err(|_| XmlError::Value("xs:base64Binary"))?;
    if bytes.is_empty() {
        return Err(XmlError::Value("xs:base64Binary"));
    }
    Ok(bytes)
}

/// Writes base64 in the standard alphabet, padded and not folded.
#[must_use]
pub fn write_base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::{read_base64, write_base64};

    #[test]
    fn xml_19_base64_may_be_folded_and_nothing_else() {
        for folded in ["Zm9vYmE=", " Zm9v\r\n YmE=\n", "Zm9vYmE\t="] {
            assert_eq!(read_base64(folded), Ok(b"fooba".to_vec()), "{folded:?}");
        }
        for other in [
            "",
            "   ",
            "Zm9vYmE",
            "Zm9vYmE==",
            "Zm9vYmF=",
            "Zm9vYm=",
            "Zm9v-_==",
            "Zm9vYmE=Zm9vYmE=",
            "Zm9v\u{a0}YmE=",
            "Zm9v\u{c}YmE=",
            "<xml/>",
        ] {
            assert!(read_base64(other).is_err(), "{other:?}");
        }
        assert_eq!(write_base64(b"fooba"), "Zm9vYmE=");
    }
}
