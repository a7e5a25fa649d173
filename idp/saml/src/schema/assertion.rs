//! Assertions (SAML Core 2.3.3).

use idp_domain::Timestamp;

use super::{
    Attribute, AuthnStatement, Conditions, Issuer, Opener, SchemaError, Subject,
    form::{Others, Reader},
};
use crate::xml::{Element, Markup, Sequence, ns, write_instant};

/// What an authority says about a subject (`saml:Assertion`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// Its ID, unique among all that the issuer ever makes.
    pub id: String,
    /// When it was made.
    pub issue_instant: Timestamp,
    /// Who says it.
    pub issuer: Issuer,
    /// Whom it is about.
    pub subject: Option<Subject>,
    /// When and for whom it holds.
    pub conditions: Option<Conditions>,
    /// That the subject authenticated.
    pub authn_statements: Vec<AuthnStatement>,
    /// What else is said of the subject: the attributes of all attribute statements, in order.
    pub attributes: Vec<Attribute>,
}

/// The statements of an assertion; of the first two kinds we read what they say.
const STATEMENTS: [(&str, &str); 4] = [
    (ns::SAML, "AuthnStatement"),
    (ns::SAML, "AttributeStatement"),
    (ns::SAML, "AuthzDecisionStatement"),
    (ns::SAML, "Statement"),
];

impl Assertion {
    /// Reads a `saml:Assertion`, opening encrypted names and attributes with `opener`.
    ///
    /// Read only an element of which a verified signature is known to cover all.
    pub fn read(element: Element<'_>, opener: &Opener<'_>) -> Result<Self, SchemaError> {
        const KNOWN: [&str; 3] = ["ID", "Version", "IssueInstant"];
        let frame = Reader::new(element, (ns::SAML, "Assertion"), &KNOWN, Others::Refused)?;
        frame.version()?;
        let mut sequence = Sequence::of(element)?;
        let issuer = sequence.required(ns::SAML, "Issuer")?;
        sequence.optional(ns::DS, "Signature");
        let subject = sequence.optional(ns::SAML, "Subject");
        let conditions = sequence.optional(ns::SAML, "Conditions");
        if sequence.optional(ns::SAML, "Conditions").is_some() {
            return Err(SchemaError::Conditions);
        }
        sequence.optional(ns::SAML, "Advice");
        let mut assertion = Self {
            id: frame.own_id()?,
            issue_instant: frame.required_instant("IssueInstant")?,
            issuer: Issuer::read(issuer)?,
            subject: subject.map(|one| Subject::read(one, opener)).transpose()?,
            conditions: conditions.map(Conditions::read).transpose()?,
            authn_statements: Vec::new(),
            attributes: Vec::new(),
        };
        while let Some(statement) = sequence.any_of(&STATEMENTS) {
            assertion.add(statement, opener)?;
        }
        sequence.end()?;
        Ok(assertion)
    }

    fn add(&mut self, statement: Element<'_>, opener: &Opener<'_>) -> Result<(), SchemaError> {
        match statement.local_name() {
            "AuthnStatement" => self.authn_statements.push(AuthnStatement::read(statement)?),
            "AttributeStatement" => {
                self.attributes.extend(Attribute::read_statement(statement, opener)?);
            }
            // Decisions of others, and statements of kinds to come, mean nothing here.
            _ => {}
        }
        Ok(())
    }

    /// Writes it as `saml:Assertion`, unsigned.
    #[must_use]
    pub fn write(&self) -> Markup {
        let attributes = (!self.attributes.is_empty()).then(|| {
            Markup::new(ns::SAML, "AttributeStatement")
                .children(self.attributes.iter().map(Attribute::write))
        });
        Markup::new(ns::SAML, "Assertion")
            .attr("ID", &self.id)
            .attr("Version", "2.0")
            .attr("IssueInstant", write_instant(self.issue_instant))
            .child(self.issuer.write())
            .maybe(self.subject.as_ref().map(Subject::write))
            .maybe(self.conditions.as_ref().map(Conditions::write))
            .children(self.authn_statements.iter().map(AuthnStatement::write))
            .maybe(attributes)
    }
}
