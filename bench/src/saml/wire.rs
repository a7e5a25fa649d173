//! How messages look on the wire: base64, DEFLATE, escapes, instants, IDs.

use std::io::{Read as _, Write as _};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use time::OffsetDateTime;

/// A value of a form or query: base64, escaped.
pub(super) fn encoded(bytes: &[u8]) -> String {
    escaped(&STANDARD.encode(bytes))
}

/// Any text as a value of a form or query.
pub(super) fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Raw DEFLATE.
pub(super) fn deflate(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// The text behind DEFLATE and base64.
pub(super) fn inflated(value: &str) -> Result<String> {
    let bytes = STANDARD.decode(value)?;
    let mut text = String::new();
    DeflateDecoder::new(bytes.as_slice()).read_to_string(&mut text)?;
    Ok(text)
}

/// A moment so many seconds from now, as XML Schema writes it.
pub(super) fn instant(seconds: i64) -> Result<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let then = OffsetDateTime::from_unix_timestamp(i64::try_from(now)? + seconds)?;
    let (date, (hour, minute, second)) = (then.date(), then.to_hms());
    Ok(format!("{date}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// An `ID` that nobody has used.
pub(super) fn id() -> Result<String> {
    let mut bits = [0; 20];
    aws_lc_rs::rand::fill(&mut bits).ok().context("no randomness")?;
    Ok(format!("_{}", URL_SAFE_NO_PAD.encode(bits)))
}

#[cfg(test)]
mod tests {
    use super::{STANDARD, deflate, encoded, inflated, instant};
    use base64::Engine as _;

    #[test]
    fn what_is_deflated_is_read_again() {
        let deflated = deflate("<a>é</a>".as_bytes()).unwrap();
        assert_eq!(inflated(&STANDARD.encode(deflated)).unwrap(), "<a>é</a>");
        assert_eq!(encoded(&[0xfb, 0xff]), "%2B%2F8%3D");
    }

    #[test]
    fn an_instant_is_written_as_xml_wants_it() {
        let text = instant(0).unwrap();
        assert!(text.len() == 20 && text.starts_with("20") && text.ends_with('Z'), "{text}");
    }
}
