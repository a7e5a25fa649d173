//! Shows that each encoding has one reading.

use proptest::prelude::*;

use super::{base64, deflate, escape_into, inflate, unescape};
use crate::binding::{BindingError, MAX_MESSAGE};
use crate::xml::write_base64;

/// Raw DEFLATE that inflates to `length` spaces.
fn bomb(length: usize) -> Vec<u8> {
    deflate(&vec![b' '; length])
}

#[test]
fn xml_08_a_request_that_inflates_without_end_is_cut_at_the_limit() {
    let inside = bomb(MAX_MESSAGE);
    assert_eq!(inflate(&inside, "SAMLRequest").unwrap().len(), MAX_MESSAGE);
    for length in [MAX_MESSAGE + 1, 12 << 20, 50 << 20] {
        assert_eq!(inflate(&bomb(length), "SAMLRequest"), Err(BindingError::InflateLimit));
    }
}

#[test]
fn xml_09_a_wrapped_stream_is_not_taken_for_a_raw_one() {
    use std::io::Write as _;
    let message = b"<samlp:LogoutRequest/>".repeat(9);
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    zlib.write_all(&message).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&message).unwrap();
    for wrapped in [zlib.finish().unwrap(), gzip.finish().unwrap()] {
        assert_eq!(inflate(&wrapped, "SAMLRequest"), Err(BindingError::BadEncoding("SAMLRequest")));
    }
}

#[test]
fn a_stream_must_end_and_be_alone() {
    let whole = deflate(b"<a/>");
    let bad = Err(BindingError::BadEncoding("SAMLRequest"));
    for cut in 0..whole.len() {
        assert_eq!(inflate(&whole[..cut], "SAMLRequest"), bad, "cut at {cut}");
    }
    let followed = [whole.as_slice(), &[0]].concat();
    assert_eq!(inflate(&followed, "SAMLRequest"), bad);
    let twice = [whole.as_slice(), &whole].concat();
    assert_eq!(inflate(&twice, "SAMLRequest"), bad);
    assert_eq!(inflate(&deflate(b""), "SAMLRequest"), bad);
}

#[test]
fn xml_19_base64_has_one_reading() {
    let read = |text: &str| base64(text, "SAMLResponse");
    for text in ["PGE+PC9hPg==", "PGE+\r\nPC9hPg==\n", " PGE+ PC9h\tPg== "] {
        assert_eq!(read(text).unwrap(), b"<a></a>", "{text:?}");
    }
    for text in [
        "",                         // nothing
        "PGE-PC9hPg==",             // the alphabet of URLs
        "PGE+PC9hPg",               // no padding
        "PGE+PC9hPg=",              // half of it
        "PGE+PC9hPg===",            // too much of it
        "PGE+PC9hPh==",             // stray bits
        "PGE+PC9hPg==PGE+PC9hPg==", // two of them
        "PGE+PC9hPg==PGE+",         // and what follows
        "<a></a>",                  // not base64 at all
        "PGE+PC9hPg==\u{a0}",       // a space that is none
        "PGE+PC9hPg==\0",
        "PGE+\u{b}PC9hPg==",
    ] {
        assert_eq!(read(text), Err(BindingError::BadEncoding("SAMLResponse")), "{text:?}");
    }
}

#[test]
fn text_that_holds_more_than_a_message_is_not_decoded() {
    let long = "A".repeat(MAX_MESSAGE * 2);
    assert_eq!(base64(&long, "SAMLResponse"), Err(BindingError::TooLong("SAMLResponse")));
}

#[test]
fn an_escape_that_is_none_is_refused() {
    for raw in ["%", "%4", "%zz", "%+1", "%%41", "%ff", "%c3", "%ed%a0%80"] {
        assert_eq!(unescape(raw, "RelayState"), Err(BindingError::BadEncoding("RelayState")));
    }
    assert_eq!(unescape("a+b%20c%2bd%2Be", "RelayState").unwrap(), "a b c+d+e");
}

proptest! {
    #[test]
    fn what_is_escaped_comes_back(text in ".*") {
        let mut escaped = String::new();
        escape_into(&mut escaped, &text);
        prop_assert!(escaped.is_ascii());
        prop_assert_eq!(unescape(&escaped, "RelayState").unwrap(), text);
    }

    #[test]
    fn what_is_deflated_comes_back(bytes in proptest::collection::vec(any::<u8>(), 1..20_000)) {
        prop_assert_eq!(inflate(&deflate(&bytes), "SAMLRequest").unwrap(), bytes);
    }

    #[test]
    fn what_is_encoded_comes_back(bytes in proptest::collection::vec(any::<u8>(), 1..200)) {
        prop_assert_eq!(base64(&write_base64(&bytes), "SAMLRequest").unwrap(), bytes);
    }

    #[test]
    fn any_bytes_inflate_to_something_or_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(out) = inflate(&bytes, "SAMLRequest") {
            prop_assert!(out.len() <= MAX_MESSAGE);
        }
    }
}
