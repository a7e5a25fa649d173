//! Reads the children of an element in the order that its schema type prescribes.

use super::{Element, XmlError};

/// The children of an element that are not read yet.
///
/// What is neither taken nor expected makes [`Sequence::end`] fail, so an element in the wrong
/// place, one too many, or one that nobody asked for is never passed over.
#[derive(Debug)]
#[must_use = "children that are not asked for are refused by `end`"]
pub struct Sequence<'d> {
    parent: Element<'d>,
    rest: Vec<Element<'d>>,
}

impl<'d> Sequence<'d> {
    /// Starts before the first child. Between children only white space may stand.
    pub fn of(parent: Element<'d>) -> Result<Self, XmlError> {
        if parent.has_text() {
            return Err(XmlError::Unexpected {
                found: "text".to_owned(),
                inside: parent.local_name().to_owned(),
            });
        }
        let mut rest: Vec<_> = parent.children().collect();
        rest.reverse();
        Ok(Self { parent, rest })
    }

    /// The next child, if it has this name.
    pub fn optional(&mut self, ns: &str, local: &str) -> Option<Element<'d>> {
        self.rest.pop_if(|next| next.is(ns, local))
    }

    /// The next child, which must have this name.
    pub fn required(&mut self, ns: &str, local: &'static str) -> Result<Element<'d>, XmlError> {
        self.optional(ns, local).ok_or_else(|| XmlError::Missing {
            what: local,
            inside: self.parent.local_name().to_owned(),
        })
    }

    /// The next children, as long as they have this name.
    pub fn many(&mut self, ns: &str, local: &str) -> Vec<Element<'d>> {
        std::iter::from_fn(|| self.optional(ns, local)).collect()
    }

    /// The next child, if it has one of these names (`xs:choice`).
    pub fn any_of(&mut self, names: &[(&str, &str)]) -> Option<Element<'d>> {
        self.rest.pop_if(|next| names.iter().any(|(ns, local)| next.is(ns, local)))
    }

    /// The next children, as long as they are in a namespace other than this one (`xs:any` with
    /// `##other`).
    pub fn other(&mut self, not_ns: &str) -> Vec<Element<'d>> {
        std::iter::from_fn(|| {
            self.rest.pop_if(|next| !next.namespace().is_empty() && next.namespace() != not_ns)
        })
        .collect()
    }

    /// All children have been read.
    pub fn end(mut self) -> Result<(), XmlError> {
        match self.rest.pop() {
            None => Ok(()),
            Some(next) => Err(XmlError::Unexpected {
                found: next.local_name().to_owned(),
                inside: self.parent.local_name().to_owned(),
            }),
        }
    }
}
