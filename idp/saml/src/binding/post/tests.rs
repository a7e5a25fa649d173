//! Shows that a form carries one message.

use proptest::prelude::*;

use super::{read, write};
use crate::binding::{Binding, BindingError, Kind, MAX_MESSAGE, MAX_RELAY_STATE};
use crate::xml::write_base64;

const XML: &[u8] = b"<samlp:Response/>";

#[test]
fn what_is_written_is_read() {
    for kind in [Kind::Request, Kind::Response] {
        for relay_state in
            [None, Some(""), Some("a b%20+&=\"'é中\u{1} \r\n"), Some(&*"x".repeat(2_048))]
        {
            let form = write("https://sp.example/acs", kind, XML, relay_state);
            assert_eq!(form.action, "https://sp.example/acs");
            let incoming = read(&form.fields).unwrap();
            assert_eq!(incoming.xml, XML);
            assert_eq!(incoming.relay_state.as_deref(), relay_state);
            incoming.demand(Binding::Post, kind).unwrap();
        }
    }
}

#[test]
fn sam_33_two_messages_are_none() {
    let text = write_base64(XML);
    let text = text.as_str();
    for (fields, error) in [
        (
            vec![("SAMLResponse", text), ("SAMLResponse", text)],
            BindingError::DuplicateParameter("SAMLResponse"),
        ),
        (
            vec![("SAMLResponse", text), ("SAMLart", "AAQ")],
            BindingError::DuplicateParameter("the message"),
        ),
        (
            vec![("SAMLResponse", text), ("SAMLRequest", text)],
            BindingError::DuplicateParameter("the message"),
        ),
        (
            vec![("RelayState", "a"), ("SAMLResponse", text), ("RelayState", "b")],
            BindingError::DuplicateParameter("RelayState"),
        ),
        (vec![("SAMLart", "AAQ")], BindingError::Binding),
        (vec![("RelayState", "a")], BindingError::Binding),
        (vec![], BindingError::Binding),
    ] {
        assert_eq!(read(&fields), Err(error), "{fields:?}");
    }
}

#[test]
fn xml_19_what_is_not_base64_is_never_taken_for_xml() {
    for text in ["<samlp:Response/>", "PHNhbWxwOlJlc3BvbnNlLz4", "PHNhbWxwOlJlc3BvbnNlLz4-"] {
        let error = BindingError::BadEncoding("SAMLResponse");
        assert_eq!(read(&[("SAMLResponse", text)]), Err(error));
    }
    let folded =
        write_base64(&XML.repeat(9)).as_bytes().chunks(76).fold(String::new(), |mut all, line| {
            all.extend([std::str::from_utf8(line).unwrap(), "\r\n"]);
            all
        });
    assert_eq!(read(&[("SAMLResponse", &folded)]).unwrap().xml, XML.repeat(9));
}

#[test]
fn a_message_or_a_relay_state_that_is_too_long_is_refused() {
    let just = write_base64(&vec![b' '; MAX_MESSAGE]);
    assert_eq!(read(&[("SAMLResponse", &just)]).unwrap().xml.len(), MAX_MESSAGE);
    for length in [MAX_MESSAGE + 1, MAX_MESSAGE * 4] {
        let long = write_base64(&vec![b' '; length]);
        let error = BindingError::TooLong("SAMLResponse");
        assert_eq!(read(&[("SAMLResponse", &long)]), Err(error));
    }
    let state = "x".repeat(MAX_RELAY_STATE + 1);
    let fields = [("SAMLResponse", write_base64(XML)), ("RelayState", state)];
    assert_eq!(read(&fields), Err(BindingError::TooLong("RelayState")));
}

proptest! {
    #[test]
    fn any_form_is_read_or_refused(fields in proptest::collection::vec(("SAML(Request|Response|art)|RelayState|x", ".{0,80}"), 0..4)) {
        let _ = read(&fields);
    }
}
