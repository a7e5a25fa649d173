//! Base64, DEFLATE and percent-encoding, each with one reading only.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::{BindingError, MAX_MESSAGE};
use crate::xml::read_base64;

/// Base64 of the longest message is shorter than this, line breaks included.
const MAX_BASE64: usize = MAX_MESSAGE / 3 * 4 + MAX_MESSAGE / 16;

/// Reads base64: the standard alphabet, exact padding, no stray bits; folding is passed over.
pub(super) fn base64(text: &str, what: &'static str) -> Result<Vec<u8>, BindingError> {
    if text.len() > MAX_BASE64 {
        return Err(BindingError::TooLong(what));
    }
    read_base64(text).map_err(|_| BindingError::BadEncoding(what))
}

/// Inflates raw DEFLATE (RFC 1951), and stops where the message would pass [`MAX_MESSAGE`].
///
/// A wrapper (RFC 1950, RFC 1952), a stream that does not end and one that is followed by
/// anything are refused.
pub(super) fn inflate(deflated: &[u8], what: &'static str) -> Result<Vec<u8>, BindingError> {
    let bad = || BindingError::BadEncoding(what);
    // Grows with what comes out, so a small message costs little and a bomb at most the limit.
    let mut out = Vec::with_capacity(deflated.len().saturating_mul(4).clamp(1_024, 16 * 1_024));
    let mut stream = Decompress::new(false);
    loop {
        let read = usize::try_from(stream.total_in()).unwrap_or(usize::MAX);
        let rest = deflated.get(read..).unwrap_or_default();
        let before = (stream.total_in(), out.len());
        let status =
            stream.decompress_vec(rest, &mut out, FlushDecompress::None).map_err(|_| bad())?;
        if out.len() > MAX_MESSAGE {
            return Err(BindingError::InflateLimit);
        }
        if status == Status::StreamEnd {
            let is_all = stream.total_in() == deflated.len() as u64;
            return if is_all && !out.is_empty() { Ok(out) } else { Err(bad()) };
        }
        if out.len() == out.capacity() {
            // One byte past the limit is enough to know.
            let room = out.len().min(MAX_MESSAGE + 1 - out.len());
            out.reserve_exact(room);
        } else if before == (stream.total_in(), out.len()) {
            return Err(bad());
        }
    }
}

/// Deflates, without a wrapper.
pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 2 + 64);
    let mut stream = Compress::new(Compression::default(), false);
    loop {
        let read = usize::try_from(stream.total_in()).unwrap_or(usize::MAX);
        let rest = bytes.get(read..).unwrap_or_default();
        // Deflating into memory has no way to fail but a full buffer, and that is made larger.
        match stream.compress_vec(rest, &mut out, FlushCompress::Finish) {
            Ok(Status::StreamEnd) | Err(_) => return out,
            Ok(_) => out.reserve(out.capacity().max(64)),
        }
    }
}

/// Undoes percent-encoding as forms do it: `+` is a space (WHATWG URL, urlencoded parsing).
///
/// What is not an escape, and what is not UTF-8, has two readings and is refused.
pub(super) fn unescape(raw: &str, what: &'static str) -> Result<String, BindingError> {
    let bad = || BindingError::BadEncoding(what);
    let mut out = Vec::with_capacity(raw.len());
    let mut bytes = raw.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let mut digit = || {
                    let letter = char::from(bytes.next()?);
                    letter.to_digit(16).and_then(|value| u8::try_from(value).ok())
                };
                let (high, low) = (digit().ok_or_else(bad)?, digit().ok_or_else(bad)?);
                out.push(high << 4 | low);
            }
            other => out.push(other),
        }
    }
    String::from_utf8(out).map_err(|_| bad())
}

/// Appends `text` percent-encoded: all but the unreserved letters of RFC 3986 2.3, in upper case.
pub(super) fn escape_into(out: &mut String, text: &str) {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or('0');
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.extend(['%', digit(byte >> 4), digit(byte & 0xf)]);
        }
    }
}

#[cfg(test)]
mod tests;
