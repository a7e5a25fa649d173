//! That somebody authenticated, when and how (SAML Core 2.7.2).

use idp_domain::Timestamp;

use super::{
    SchemaError,
    form::{Others, Reader, leaf, uris},
};
use crate::xml::{Element, Markup, Sequence, ns, write_instant};

/// That the subject authenticated (`saml:AuthnStatement`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthnStatement {
    /// When they did.
    pub authn_instant: Timestamp,
    /// The session at the authority, to be named at logout.
    pub session_index: Option<String>,
    /// Until when a session may rest on this statement.
    pub session_not_on_or_after: Option<Timestamp>,
    /// From where they did.
    pub locality: Option<SubjectLocality>,
    /// How they did.
    pub context: AuthnContext,
}

/// From where the subject authenticated (`saml:SubjectLocality`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectLocality {
    /// The network address.
    pub address: Option<String>,
    /// The DNS name.
    pub dns_name: Option<String>,
}

/// How the subject authenticated (`saml:AuthnContext`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthnContext {
    /// The class of the context (`saml:AuthnContextClassRef`). The only part that we give credit
    /// for.
    pub class: Option<String>,
    /// The address of a declaration that describes the context (`saml:AuthnContextDeclRef`).
    pub decl_ref: Option<String>,
    /// Who was involved in the authentication besides the issuer, nearest to the person first
    /// (`saml:AuthenticatingAuthority`).
    pub authorities: Vec<String>,
}

impl AuthnStatement {
    /// Reads a `saml:AuthnStatement`.
    pub fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        const KNOWN: [&str; 3] = ["AuthnInstant", "SessionIndex", "SessionNotOnOrAfter"];
        let statement =
            Reader::new(element, (ns::SAML, "AuthnStatement"), &KNOWN, Others::Refused)?;
        let mut sequence = Sequence::of(element)?;
        let locality = sequence.optional(ns::SAML, "SubjectLocality");
        let context = sequence.required(ns::SAML, "AuthnContext")?;
        sequence.end()?;
        Ok(Self {
            authn_instant: statement.required_instant("AuthnInstant")?,
            session_index: statement.text("SessionIndex"),
            session_not_on_or_after: statement.instant("SessionNotOnOrAfter")?,
            locality: locality.map(SubjectLocality::read).transpose()?,
            context: AuthnContext::read(context)?,
        })
    }

    /// Writes it as `saml:AuthnStatement`.
    #[must_use]
    pub fn write(&self) -> Markup {
        Markup::new(ns::SAML, "AuthnStatement")
            .attr("AuthnInstant", write_instant(self.authn_instant))
            .attr_maybe("SessionIndex", self.session_index.as_deref())
            .attr_maybe("SessionNotOnOrAfter", self.session_not_on_or_after.map(write_instant))
            .maybe(self.locality.as_ref().map(SubjectLocality::write))
            .child(self.context.write())
    }
}

impl SubjectLocality {
    fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let known = ["Address", "DNSName"];
        let locality =
            Reader::new(element, (ns::SAML, "SubjectLocality"), &known, Others::Refused)?;
        Sequence::of(element)?.end()?;
        Ok(Self { address: locality.text("Address"), dns_name: locality.text("DNSName") })
    }

    fn write(&self) -> Markup {
        Markup::new(ns::SAML, "SubjectLocality")
            .attr_maybe("Address", self.address.as_deref())
            .attr_maybe("DNSName", self.dns_name.as_deref())
    }
}

const CLASS: (&str, &str) = (ns::SAML, "AuthnContextClassRef");
const DECL: (&str, &str) = (ns::SAML, "AuthnContextDecl");
const DECL_REF: (&str, &str) = (ns::SAML, "AuthnContextDeclRef");
const AUTHORITY: (&str, &str) = (ns::SAML, "AuthenticatingAuthority");

impl AuthnContext {
    fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let frame = Reader::new(element, (ns::SAML, "AuthnContext"), &[], Others::Refused)?;
        let mut sequence = Sequence::of(element)?;
        let class = sequence
            .optional(CLASS.0, CLASS.1)
            .map(|one| Reader::new(one, CLASS, &[], Others::Refused)?.uri())
            .transpose()?;
        // What a declaration says is not looked at: no credit is given for it.
        let declared = sequence.any_of(&[DECL, DECL_REF]);
        let authorities = uris(sequence.many(AUTHORITY.0, AUTHORITY.1), AUTHORITY)?;
        sequence.end()?;
        if class.is_none() && declared.is_none() {
            return Err(frame.bad_content());
        }
        let decl_ref = declared
            .filter(|one| one.is(DECL_REF.0, DECL_REF.1))
            .map(|one| Reader::new(one, DECL_REF, &[], Others::Refused)?.uri())
            .transpose()?;
        Ok(Self { class, decl_ref, authorities })
    }

    fn write(&self) -> Markup {
        Markup::new(ns::SAML, "AuthnContext")
            .maybe(self.class.as_deref().map(|class| leaf(CLASS, class)))
            .maybe(self.decl_ref.as_deref().map(|declared| leaf(DECL_REF, declared)))
            .children(self.authorities.iter().map(|authority| leaf(AUTHORITY, authority)))
    }
}
