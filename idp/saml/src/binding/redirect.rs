//! The HTTP Redirect binding (SAML Bindings 3.4). A query is read as it was received: its
//! signature is over those bytes, and nothing else.

use super::encoding::{base64, deflate, escape_into, inflate, unescape};
use super::{Binding, BindingError, Incoming, Kind, MAX_RELAY_STATE, QuerySignature};
use crate::dsig::{SignatureAlg, SigningKey};
use crate::xml::write_base64;

/// The only encoding there is (3.4.4).
const DEFLATE: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";

/// The parameters of the binding. Others are passed over, and are never signed.
const NAMES: [&str; 7] =
    ["SAMLRequest", "SAMLResponse", "SAMLart", "RelayState", "SigAlg", "Signature", "SAMLEncoding"];

/// Reads a message from a raw query string, without its `?`.
pub fn read(query: &str) -> Result<Incoming, BindingError> {
    let found = find(query)?;
    let [request, response, artifact, relay_state, sig_alg, signature, encoding] = found;
    let (kind, message) = match (request, response, artifact) {
        (Some(raw), None, None) => (Kind::Request, raw),
        (None, Some(raw), None) => (Kind::Response, raw),
        (None, None, _) => return Err(BindingError::Binding),
        _ => return Err(BindingError::DuplicateParameter("the message")),
    };
    let what = kind.parameter();
    if let Some(raw) = encoding
        && unescape(raw, "SAMLEncoding")? != DEFLATE
    {
        return Err(BindingError::BadEncoding("SAMLEncoding"));
    }
    let query_signature = read_signature(kind, message, relay_state, sig_alg, signature)?;
    let relay_state = relay_state.map(|raw| unescape(raw, "RelayState")).transpose()?;
    if relay_state.as_ref().is_some_and(|text| text.len() > MAX_RELAY_STATE) {
        return Err(BindingError::TooLong("RelayState"));
    }
    let deflated = base64(&unescape(message, what)?, what).map_err(|error| match error {
        // What is too long deflated is longer still when it is inflated.
        BindingError::TooLong(_) => BindingError::InflateLimit,
        other => other,
    })?;
    let xml = inflate(&deflated, what)?;
    Ok(Incoming { binding: Binding::Redirect, kind, xml, relay_state, query_signature })
}

/// The raw values of the binding's parameters, in the order of [`NAMES`].
fn find(query: &str) -> Result<[Option<&str>; NAMES.len()], BindingError> {
    let mut found = [None; NAMES.len()];
    for pair in query.split('&') {
        let (raw, value) = pair.split_once('=').unwrap_or((pair, ""));
        // A name that is written with escapes is another to whoever compares bytes.
        let escaped = raw.contains(['%', '+']).then(|| unescape(raw, "a parameter's name"));
        let name = match &escaped {
            Some(Ok(name)) => name,
            Some(Err(_)) => continue,
            None => raw,
        };
        let Some((known, place)) = NAMES.iter().zip(&mut found).find(|(known, _)| **known == name)
        else {
            continue;
        };
        if escaped.is_some() {
            return Err(BindingError::BadEncoding(known));
        }
        if place.replace(value).is_some() {
            return Err(BindingError::DuplicateParameter(known));
        }
    }
    Ok(found)
}

/// Puts together what was signed: the parameters as received, in the order of 3.4.4.1.
//= saml-bindings#3.4.4.1-2
fn read_signature(
    kind: Kind,
    message: &str,
    relay_state: Option<&str>,
    sig_alg: Option<&str>,
    signature: Option<&str>,
) -> Result<Option<QuerySignature>, BindingError> {
    let (sig_alg, signature) = match (sig_alg, signature) {
        (None, None) => return Ok(None),
        (Some(_), None | Some("")) => return Err(BindingError::Unsigned),
        (None, Some(_)) => return Err(BindingError::Algorithm),
        (Some(sig_alg), Some(signature)) => (sig_alg, signature),
    };
    let alg =
        SignatureAlg::from_uri(&unescape(sig_alg, "SigAlg")?).ok_or(BindingError::Algorithm)?;
    let value = base64(&unescape(signature, "Signature")?, "Signature")?;
    let mut signed = format!("{}={message}", kind.parameter());
    for (name, value) in [("RelayState", relay_state), ("SigAlg", Some(sig_alg))] {
        if let Some(value) = value {
            signed.extend(["&", name, "=", value]);
        }
    }
    Ok(Some(QuerySignature { alg, signed: signed.into_bytes(), value }))
}

/// Writes the URL that takes a message to `location`, signed.
///
/// `xml` bears no signature of its own: the binding has no place for one (3.4.4.1).
//= saml-bindings#3.4.4.1-3
pub fn write(
    location: &str,
    kind: Kind,
    xml: &[u8],
    relay_state: Option<&str>,
    key: &SigningKey,
    alg: SignatureAlg,
) -> Result<String, BindingError> {
    let mut query = unsigned(kind, xml, relay_state);
    query.push_str("&SigAlg=");
    escape_into(&mut query, alg.uri());
    let signature = key.sign(alg, query.as_bytes()).map_err(BindingError::Key)?;
    query.push_str("&Signature=");
    escape_into(&mut query, &write_base64(&signature));
    Ok(joined(location, &query))
}

/// Writes the same URL without a signature: for a receiver that wants none.
#[must_use]
pub fn write_unsigned(location: &str, kind: Kind, xml: &[u8], relay_state: Option<&str>) -> String {
    joined(location, &unsigned(kind, xml, relay_state))
}

fn unsigned(kind: Kind, xml: &[u8], relay_state: Option<&str>) -> String {
    let mut query = format!("{}=", kind.parameter());
    escape_into(&mut query, &write_base64(&deflate(xml)));
    if let Some(relay_state) = relay_state {
        query.push_str("&RelayState=");
        escape_into(&mut query, relay_state);
    }
    query
}

fn joined(location: &str, query: &str) -> String {
    let joint = if location.contains('?') { '&' } else { '?' };
    format!("{location}{joint}{query}")
}

#[cfg(test)]
mod tests;
