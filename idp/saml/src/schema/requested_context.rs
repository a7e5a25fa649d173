//! How the person should authenticate (SAML Core 3.3.2.2.1).

use super::{
    SchemaError,
    form::{Others, Reader, leaf, uris},
};
use crate::xml::{Element, Markup, Sequence, ns};

/// How the person should authenticate (`samlp:RequestedAuthnContext`): by classes or by
/// declarations, never by both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestedAuthnContext {
    /// Classes, the best liked first.
    pub classes: Vec<String>,
    /// Addresses of declarations, the best liked first.
    pub declarations: Vec<String>,
    /// How what is had must compare with them.
    pub comparison: Comparison,
}

/// How a context must compare with the requested ones (SAML Core 3.3.2.2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// It must be one of them.
    #[default]
    Exact,
    /// It must be at least as strong as one of them.
    Minimum,
    /// It must be as strong as possible, without exceeding the strength of one of them.
    Maximum,
    /// It must be stronger than any of them.
    Better,
}

const CLASS: (&str, &str) = (ns::SAML, "AuthnContextClassRef");
const DECL_REF: (&str, &str) = (ns::SAML, "AuthnContextDeclRef");

impl RequestedAuthnContext {
    /// Reads a `samlp:RequestedAuthnContext`.
    pub fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let name = "RequestedAuthnContext";
        let requested = Reader::new(element, (ns::SAMLP, name), &["Comparison"], Others::Refused)?;
        let comparison = match element.attribute("Comparison") {
            None => Comparison::default(),
            Some(word) => Comparison::from_word(word)
                .ok_or(SchemaError::Attribute { element: name, attribute: "Comparison" })?,
        };
        let mut sequence = Sequence::of(element)?;
        let classes = uris(sequence.many(CLASS.0, CLASS.1), CLASS)?;
        let declarations =
            if classes.is_empty() { sequence.many(DECL_REF.0, DECL_REF.1) } else { Vec::new() };
        sequence.end()?;
        if classes.is_empty() && declarations.is_empty() {
            return Err(requested.bad_content());
        }
        Ok(Self { classes, declarations: uris(declarations, DECL_REF)?, comparison })
    }

    /// Writes it as `samlp:RequestedAuthnContext`.
    #[must_use]
    pub fn write(&self) -> Markup {
        Markup::new(ns::SAMLP, "RequestedAuthnContext")
            .attr("Comparison", self.comparison.word())
            .children(self.classes.iter().map(|class| leaf(CLASS, class)))
            .children(self.declarations.iter().map(|declared| leaf(DECL_REF, declared)))
    }
}

impl Comparison {
    const ALL: [Self; 4] = [Self::Exact, Self::Minimum, Self::Maximum, Self::Better];

    const fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::Better => "better",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}
