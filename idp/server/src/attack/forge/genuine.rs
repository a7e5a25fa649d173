//! A response that the agency has really sent, brought in a file: raw material for wrapping.
//!
//! Its text is kept byte for byte. What is signed in it is found here, and not verified.

use std::path::Path;

use idp_saml::xml::{Document, Limits, ns, read_base64};

use super::{lift, span};
use crate::attack::error::AttackError;

/// What the agency has said.
#[derive(Clone, Debug)]
pub(in crate::attack) struct Genuine {
    /// All of it.
    pub(in crate::attack) response: String,
    /// Whether the response bears a signature of its own.
    pub(in crate::attack) is_signed: bool,
    /// The assertion, if it is in the clear and bears a signature of its own.
    pub(in crate::attack) assertion: Option<String>,
    /// The namespaces that the root declares, to be repeated wherever parts are moved.
    pub(in crate::attack) declared: String,
    /// Who says it.
    pub(in crate::attack) issuer: String,
}

impl Genuine {
    /// Reads a file with a `Response`: XML, or its base64 as it stands in a form.
    pub(in crate::attack) fn open(path: &Path) -> Result<Self, AttackError> {
        let wrong = |problem: String| AttackError::Response { path: path.to_owned(), problem };
        let bytes = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
        Self::read(&bytes).map_err(|problem| wrong(problem.to_owned()))
    }

    fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii();
        let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
        let decoded = if text.starts_with('<') {
            text.as_bytes().to_vec()
        } else {
            let no = "it is neither XML nor base64, as it stands in the field SAMLResponse";
            read_base64(text).map_err(|_| no)?
        };
        let document = Document::parse(&decoded, Limits::MESSAGE);
        let document =
            document.map_err(|_| "its XML is not of the kind that messages are made of")?;
        let root = document.root();
        if !root.is(ns::SAMLP, "Response") {
            return Err("it is no Response of SAML 2.0");
        }
        let issuer = root.descendants().find(|element| element.is(ns::SAML, "Issuer"));
        let issuer =
            issuer.and_then(|issuer| issuer.text().ok().map(|text| text.trim().to_owned()));
        let text = std::str::from_utf8(&decoded).map_err(|_| "it is not UTF-8")?;
        let outer = span(text, "Response").ok_or("it is no Response of SAML 2.0")?;
        let response = text.get(outer.whole.clone()).unwrap_or_default().to_owned();
        let tag = text.get(outer.whole.start..outer.inside.start).unwrap_or_default();
        let assertion = span(&response, "Assertion")
            .and_then(|span| response.get(span.whole))
            .filter(|assertion| lift(assertion).is_some())
            .map(str::to_owned);
        let genuine = Self {
            is_signed: lift(&response).is_some(),
            assertion,
            declared: declarations(tag),
            issuer: issuer.ok_or("nobody is its issuer")?,
            response,
        };
        if genuine.assertion.is_none() && !genuine.is_signed {
            return Err("nothing in it is signed");
        }
        Ok(genuine)
    }
}

/// The declarations in a tag, but for the one that the frame has already.
fn declarations(tag: &str) -> String {
    let mut declared = String::new();
    let mut rest = tag;
    while let Some(at) = rest.find("xmlns") {
        rest = rest.get(at..).unwrap_or_default();
        let value = rest.find(['"', '\'']).and_then(|open| {
            let quote = rest.get(open..=open)?;
            let length = rest.get(open + 1..)?.find(quote)?;
            rest.get(..open + length + 2)
        });
        let Some(declaration) = value else { break };
        if !declaration.starts_with("xmlns:samlp=") {
            declared.push(' ');
            declared.push_str(declaration);
        }
        rest = rest.get(declaration.len()..).unwrap_or_default();
    }
    declared
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};

    use super::{Genuine, declarations};

    const SIGNED: &str = "<s:Signature xmlns:s=\"urn:x\"/>";

    fn response(outer: &str, inner: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<p:Response xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' \
             xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\"><a:Issuer> https://idp.example/ \
             </a:Issuer>{outer}<a:Assertion ID=\"_1\"><a:Issuer>x</a:Issuer>{inner}</a:Assertion>\
             </p:Response>\n"
        )
    }

    #[test]
    fn what_is_signed_is_found_and_keeps_its_bytes() {
        for (outer, inner) in [(SIGNED, ""), ("", SIGNED), (SIGNED, SIGNED)] {
            let xml = response(outer, inner);
            for bytes in [xml.clone(), STANDARD.encode(&xml) + "\n"] {
                let genuine = Genuine::read(bytes.as_bytes()).unwrap();
                assert_eq!(genuine.is_signed, !outer.is_empty());
                assert_eq!(genuine.assertion.is_some(), !inner.is_empty());
                assert_eq!(genuine.issuer, "https://idp.example/");
                assert!(xml.contains(&genuine.response) && genuine.response.ends_with("Response>"));
            }
        }
        let genuine = Genuine::read(response("", SIGNED).as_bytes()).unwrap();
        assert!(genuine.assertion.unwrap().starts_with("<a:Assertion ID=\"_1\">"));
        assert_eq!(
            genuine.declared,
            " xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' \
             xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\""
        );
    }

    #[test]
    fn what_cannot_be_wrapped_is_said_to_be_so() {
        for (bytes, why) in [
            (response("", ""), "nothing in it is signed"),
            ("no letter of base64!".to_owned(), "neither XML nor base64"),
            ("<!DOCTYPE x><x/>".to_owned(), "its XML is not"),
            ("<x/>".to_owned(), "no Response"),
        ] {
            let problem = Genuine::read(bytes.as_bytes()).unwrap_err();
            assert!(problem.contains(why), "{problem}");
        }
    }

    #[test]
    fn declarations_are_copied_as_they_are_written() {
        let tag = "<p:Response ID='_1' xmlns = 'a b' xmlns:samlp=\"p\" xmlns:x=\"urn:x\" B=\"1\">";
        assert_eq!(declarations(tag), " xmlns = 'a b' xmlns:x=\"urn:x\"");
        assert_eq!(declarations("<p:Response ID='_1'>"), "");
    }
}
