//! Pressing: long-lived values are deflated against what such values always say, so that a session
//! costs Redis half as much. What is pressed is sealed afterwards; no press is ever opened before.

use std::borrow::Cow;
use std::cell::RefCell;

use zlib_rs::{Deflate, DeflateConfig, DeflateFlush, Inflate, InflateFlush, Status};

/// Shorter JSON gains too little to pay for the work.
const WORTHWHILE: usize = 256;
/// The first byte of a pressed value. JSON begins with a brace, so the two are told apart.
const PRESSED: u8 = 1;
/// The mark, and the length of the JSON.
const HEAD_LEN: usize = 3;
/// Enough to look back over the dictionary and any value of a usual size.
const WINDOW_BITS: u8 = 12;

/// What sessions and grants always say, the commonest last. Part of the format: pressed values of
/// before cannot be read with another text.
const DICTIONARY: &[u8] = br#"https://refeds.org/assurance/profile/cappuccino","https://refeds.org/profile/sfa","https://refeds.org/profile/mfa","urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport","pairwise-id":["subject-id":["eduPersonEntitlement":["isMemberOf":["eduPersonAssurance":["eduPersonPrincipalName":["schacHomeOrganization":["preferredLanguage":["student@faculty@employee@","userinfo":"claims":{"id_token":"resources":["amr":["otp","hwk","swk","mfa","pwd"],"offline_access","email","profile","openid"],"released":{"created_at":17"scopes":["session":"subject":"client":"valid_until":17{"v":1,"d":{"id":"","account":"","events":[{"identity":{"source":"","issuer":"https://idp.","subject":"","attributes":{"displayName":[""],"eduPersonScopedAffiliation":["member@","staff@"],"givenName":[""],"mail":["@"],"sn":[""]}},"agency":"","authenticated_at":17,"received_at":17,"acr":"urn:laissez-passer:assurance:aal1","amr":["pwd"],"assurance":"aal2","source_session":""}],"participants":[{"relying_party":"","since":17},{"relying_party":"","since":17}],"started_at":17,"ends_at":17"#;

thread_local! {
    /// Kept, because its tables are large and quicker to clear than to make.
    static DEFLATE: RefCell<Deflate> = RefCell::new(Deflate::new_with_config(DeflateConfig {
        window_bits: -i32::from(WINDOW_BITS),
        ..DeflateConfig::default()
    }));
}

/// Presses `json` if that makes it shorter.
pub(super) fn press(json: Vec<u8>) -> Vec<u8> {
    if json.len() < WORTHWHILE {
        return json;
    }
    pressed(&json).unwrap_or(json)
}

fn pressed(json: &[u8]) -> Option<Vec<u8>> {
    let [low, high] = u16::try_from(json.len()).ok()?.to_le_bytes();
    let mut bytes = vec![0; json.len()];
    let (head, body) = bytes.split_first_chunk_mut::<HEAD_LEN>()?;
    *head = [PRESSED, low, high];
    let length = DEFLATE.with_borrow_mut(|deflate| {
        deflate.reset();
        deflate.set_dictionary(DICTIONARY).ok()?;
        let status = deflate.compress(json, body, DeflateFlush::Finish).ok()?;
        let length = usize::try_from(deflate.total_out()).ok()?;
        // Anything but the end means that it did not become shorter.
        (status == Status::StreamEnd).then_some(length)
    })?;
    bytes.truncate(HEAD_LEN + length);
    Some(bytes)
}

/// The JSON that was pressed, or left as it was.
pub(super) fn unpress(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    let Some(([PRESSED, low, high], body)) = bytes.split_first_chunk::<HEAD_LEN>() else {
        return Some(Cow::Borrowed(bytes));
    };
    let mut json = vec![0; usize::from(u16::from_le_bytes([*low, *high]))];
    let mut inflate = Inflate::new(false, WINDOW_BITS);
    inflate.set_dictionary(DICTIONARY).ok()?;
    let status = inflate.decompress(body, &mut json, InflateFlush::Finish).ok()?;
    let whole = status == Status::StreamEnd && inflate.total_out() == json.len() as u64;
    whole.then_some(Cow::Owned(json))
}

#[cfg(test)]
pub(super) mod tests;
