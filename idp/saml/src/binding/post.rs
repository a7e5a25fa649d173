//! The HTTP POST binding (SAML Bindings 3.5): a message in a form that the browser sends on.

use super::encoding::base64;
use super::{Binding, BindingError, Incoming, Kind, MAX_MESSAGE, MAX_RELAY_STATE};
use crate::xml::write_base64;

/// Reads a message from the decoded fields of a form.
///
/// Fields that are not of the binding are passed over.
pub fn read<N: AsRef<str>, V: AsRef<str>>(fields: &[(N, V)]) -> Result<Incoming, BindingError> {
    let request = only(fields, "SAMLRequest")?;
    let response = only(fields, "SAMLResponse")?;
    let artifact = only(fields, "SAMLart")?;
    let relay_state = only(fields, "RelayState")?;
    let (kind, message) = match (request, response, artifact) {
        (Some(text), None, None) => (Kind::Request, text),
        (None, Some(text), None) => (Kind::Response, text),
        (None, None, _) => return Err(BindingError::Binding),
        _ => return Err(BindingError::DuplicateParameter("the message")),
    };
    if relay_state.is_some_and(|text| text.len() > MAX_RELAY_STATE) {
        return Err(BindingError::TooLong("RelayState"));
    }
    let xml = base64(message, kind.parameter())?;
    if xml.len() > MAX_MESSAGE {
        return Err(BindingError::TooLong(kind.parameter()));
    }
    let relay_state = relay_state.map(str::to_owned);
    Ok(Incoming { binding: Binding::Post, kind, xml, relay_state, query_signature: None })
}

fn only<'a, N: AsRef<str>, V: AsRef<str>>(
    fields: &'a [(N, V)],
    name: &'static str,
) -> Result<Option<&'a str>, BindingError> {
    let mut values = fields.iter().filter(|(field, _)| field.as_ref() == name);
    let first = values.next().map(|(_, value)| value.as_ref());
    if values.next().is_some() { Err(BindingError::DuplicateParameter(name)) } else { Ok(first) }
}

/// A form that takes a message to its receiver. Its texts are still to be escaped for HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostForm {
    /// Where it goes.
    pub action: String,
    /// Its hidden fields: name and value.
    pub fields: Vec<(&'static str, String)>,
}

/// Writes the form that takes a message to `location`.
#[must_use]
pub fn write(location: &str, kind: Kind, xml: &[u8], relay_state: Option<&str>) -> PostForm {
    let mut fields = vec![(kind.parameter(), write_base64(xml))];
    fields.extend(relay_state.map(|text| ("RelayState", text.to_owned())));
    PostForm { action: location.to_owned(), fields }
}

#[cfg(test)]
mod tests;
