//! The SOAP binding (SAML Bindings 3.2, SOAP 1.1): a message in an envelope, without a browser.

use super::{Binding, BindingError, Incoming, Kind, MAX_MESSAGE};
use crate::xml::{Document, Element, Markup, Sequence, XmlError, ns};

/// The media type of what is sent (SOAP 1.1, 6.1).
pub const CONTENT_TYPE: &str = "text/xml; charset=utf-8";
/// The value of the `SOAPAction` header of what is sent (SAML Bindings 3.2.3.1), quoted.
pub const ACTION: &str = "\"http://www.oasis-open.org/committees/security\"";

/// Takes a body that came over HTTP; the caller has looked at its media type.
pub fn read(kind: Kind, body: Vec<u8>) -> Result<Incoming, BindingError> {
    if body.len() > MAX_MESSAGE {
        return Err(BindingError::TooLong("the envelope"));
    }
    let (binding, query_signature) = (Binding::Soap, None);
    Ok(Incoming { binding, kind, xml: body, relay_state: None, query_signature })
}

/// The one element that an envelope carries.
pub fn body<'d>(document: &'d Document<'_>) -> Result<Element<'d>, BindingError> {
    let root = document.root();
    if !root.is(ns::SOAP, "Envelope") {
        return Err(BindingError::Envelope("it is none of SOAP 1.1"));
    }
    let unlike = |_: XmlError| BindingError::Envelope("it is not built as SOAP 1.1 has it");
    let mut parts = Sequence::of(root).map_err(unlike)?;
    if let Some(header) = parts.optional(ns::SOAP, "Header") {
        let demands = |block: Element<'_>| {
            let must = block.attribute_ns(ns::SOAP, "mustUnderstand");
            must.is_some_and(|must| must.trim() != "0")
        };
        // No header block is understood here, so one that must be is a reason to stop (4.2.3).
        if header.children().any(demands) {
            return Err(BindingError::Envelope("a header must be understood"));
        }
    }
    let body = parts.required(ns::SOAP, "Body").map_err(unlike)?;
    parts.end().map_err(unlike)?;
    if body.has_text() {
        return Err(BindingError::Envelope("its body is a text"));
    }
    let mut inside = body.children();
    match (inside.next(), inside.next()) {
        (Some(fault), None) if fault.is(ns::SOAP, "Fault") => {
            Err(BindingError::Envelope("it carries a fault"))
        }
        (Some(message), None) => Ok(message),
        _ => Err(BindingError::Envelope("its body has not one child")),
    }
}

/// Writes the envelope that carries a message. A signature in the message stays good: its
/// canonical form is exclusive of the envelope.
#[must_use]
pub fn write(message: Markup) -> Vec<u8> {
    let body = Markup::new(ns::SOAP, "Body").child(message);
    Markup::new(ns::SOAP, "Envelope").child(body).to_canonical()
}

/// Whose fault a fault is (SOAP 1.1, 4.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultCode {
    /// The message is at fault.
    Client,
    /// We are.
    Server,
    /// A header that must be understood is not.
    MustUnderstand,
}

/// Writes a fault, to be sent with status 500 (SAML Bindings 3.2.3.3). `text` is for people and
/// repeats nothing that was sent.
#[must_use]
pub fn fault(code: FaultCode, text: &'static str) -> Vec<u8> {
    // A qualified name in content: the writer's prefix for SOAP is this one.
    let code = match code {
        FaultCode::Client => "soap:Client",
        FaultCode::Server => "soap:Server",
        FaultCode::MustUnderstand => "soap:MustUnderstand",
    };
    let fault = Markup::new(ns::SOAP, "Fault")
        .child(Markup::new("", "faultcode").text(code))
        .child(Markup::new("", "faultstring").text(text));
    write(fault)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{FaultCode, body, fault, read, write};
    use crate::binding::{BindingError, Kind, MAX_MESSAGE};
    use crate::xml::{Document, Limits, Markup, ns};

    fn name(xml: &str) -> Result<String, BindingError> {
        let document = Document::parse(xml.as_bytes(), Limits::MESSAGE).unwrap();
        body(&document).map(|element| element.local_name().to_owned())
    }

    fn envelope(inside: &str) -> String {
        format!(r#"<S:Envelope xmlns:S="{}" xmlns:x="urn:x">{inside}</S:Envelope>"#, ns::SOAP)
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = write(Markup::new(ns::SAMLP, "LogoutRequest").attr("ID", "_1"));
        expect![[r#"<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1"></samlp:LogoutRequest></soap:Body></soap:Envelope>"#]]
            .assert_eq(std::str::from_utf8(&bytes).unwrap());
        let incoming = read(Kind::Request, bytes).unwrap();
        let document = Document::parse(&incoming.xml, Limits::MESSAGE).unwrap();
        assert!(body(&document).unwrap().is(ns::SAMLP, "LogoutRequest"));
    }

    #[test]
    fn a_header_that_need_not_be_understood_is_passed_over() {
        for header in [
            "<S:Header/>",
            "<S:Header><x:a/></S:Header>",
            r#"<S:Header><x:a S:mustUnderstand="0"/></S:Header>"#,
            r#"<S:Header><x:a mustUnderstand="1"/></S:Header>"#,
        ] {
            let xml = envelope(&format!("{header}<S:Body><x:message/></S:Body>"));
            assert_eq!(name(&xml).unwrap(), "message");
        }
    }

    #[test]
    fn a_header_that_must_be_understood_is_refused() {
        for value in ["1", "true", " 1 ", ""] {
            let header = format!(r#"<S:Header><x:a S:mustUnderstand="{value}"/></S:Header>"#);
            let error = name(&envelope(&format!("{header}<S:Body><x:m/></S:Body>"))).unwrap_err();
            assert_eq!(error, BindingError::Envelope("a header must be understood"));
        }
    }

    #[test]
    fn an_envelope_carries_exactly_one_message() {
        for inside in [
            "",
            "<S:Header/>",
            "<S:Body/>",
            "<S:Body>text</S:Body>",
            "<S:Body><x:a/>text</S:Body>",
            "<S:Body><x:a/><x:b/></S:Body>",
            "<S:Body><x:a/></S:Body><S:Body><x:b/></S:Body>",
            "<S:Body><x:a/></S:Body><x:b/>",
            "<S:Body><x:a/></S:Body><S:Header/>",
            "<x:a/>",
            "<Body><x:a/></Body>",
            "<S:Body><S:Fault><faultcode>S:Server</faultcode></S:Fault></S:Body>",
        ] {
            assert_eq!(name(&envelope(inside)).unwrap_err().slug(), "soap_envelope", "{inside}");
        }
        for xml in [
            "<Envelope><Body><a/></Body></Envelope>",
            r#"<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Body><a/></S:Body></S:Envelope>"#,
        ] {
            assert_eq!(name(xml), Err(BindingError::Envelope("it is none of SOAP 1.1")));
        }
        let long = read(Kind::Request, vec![b' '; MAX_MESSAGE + 1]);
        assert_eq!(long, Err(BindingError::TooLong("the envelope")));
    }

    #[test]
    fn a_fault_says_whose_it_is() {
        let bytes = fault(FaultCode::Client, "The message is not accepted.");
        expect![[r#"<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>The message is not accepted.</faultstring></soap:Fault></soap:Body></soap:Envelope>"#]]
            .assert_eq(std::str::from_utf8(&bytes).unwrap());
    }
}
