//! Material for tests: signed messages, and hostile documents that are made of them.
//!
//! Nothing here judges anything: it is for the users of [`wrapped`] to show that nothing but what
//! was signed is ever read from it.

mod tree;
mod wrapping;

pub(crate) use wrapping::wrapped;

use crate::dsig::testing::signing;
use crate::dsig::{Place, SignatureAlg, sign};
use crate::xml::{Markup, ns};

/// Which elements of a Response are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    Assertion,
    Response,
    Both,
}

impl Signed {
    pub(crate) const ALL: [Self; 3] = [Self::Assertion, Self::Response, Self::Both];
}

/// An assertion about `name`.
pub(crate) fn assertion(id: &str, name: &str) -> Markup {
    let value = Markup::new(ns::SAML, "AttributeValue").text(name);
    let attribute = Markup::new(ns::SAML, "Attribute").attr("Name", "mail").child(value);
    Markup::new(ns::SAML, "Assertion")
        .attr("ID", id)
        .attr("Version", "2.0")
        .attr("IssueInstant", "2026-11-22T21:00:00Z")
        .child(Markup::new(ns::SAML, "Issuer").text("https://idp.example/"))
        .child(Markup::new(ns::SAML, "Subject").child(Markup::new(ns::SAML, "NameID").text(name)))
        .child(Markup::new(ns::SAML, "AttributeStatement").child(attribute))
}

/// A Response with that assertion.
pub(crate) fn response(id: &str, assertion: Markup) -> Markup {
    let code = Markup::new(ns::SAMLP, "StatusCode")
        .attr("Value", "urn:oasis:names:tc:SAML:2.0:status:Success");
    Markup::new(ns::SAMLP, "Response")
        .attr("ID", id)
        .attr("Version", "2.0")
        .attr("IssueInstant", "2026-11-22T21:00:00Z")
        .child(Markup::new(ns::SAML, "Issuer").text("https://idp.example/"))
        .child(Markup::new(ns::SAMLP, "Status").child(code))
        .child(assertion)
}

/// A Response about `name`, signed by the one key of this run for `alg`.
pub(crate) fn signed_response(signed: Signed, name: &str, alg: SignatureAlg) -> Vec<u8> {
    let key = signing(alg);
    let mut assertion = assertion("_assertion", name);
    if signed != Signed::Response {
        assertion = sign(assertion, &key, alg, Place::AfterIssuer).unwrap();
    }
    let mut response = response("_response", assertion);
    if signed != Signed::Assertion {
        response = sign(response, &key, alg, Place::AfterIssuer).unwrap();
    }
    response.to_canonical()
}
