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

#[cfg(test)]
mod tests {
    use super::Sequence;
    use crate::xml::{Document, Limits, XmlError};

    fn with<T>(xml: &str, read: impl FnOnce(Sequence<'_>) -> T) -> T {
        let document = Document::parse(xml.as_bytes(), Limits::MESSAGE).unwrap();
        read(Sequence::of(document.root()).unwrap())
    }

    #[test]
    fn children_are_read_in_their_order() {
        let xml = "<r xmlns='urn:a'> <a/>\n<b/><b/><c/><x xmlns='urn:x'/><d/> </r>";
        with(xml, |mut rest| {
            assert!(rest.required("urn:a", "a").is_ok());
            assert!(rest.optional("urn:a", "c").is_none());
            assert_eq!(rest.many("urn:a", "b").len(), 2);
            assert!(rest.any_of(&[("urn:a", "z"), ("urn:a", "c")]).is_some());
            assert_eq!(rest.other("urn:a").len(), 1);
            assert!(rest.optional("urn:a", "d").is_some());
            assert_eq!(rest.end(), Ok(()));
        });
    }

    #[test]
    fn what_is_missing_and_what_is_left_over_are_refused() {
        with("<r><b/><a/></r>", |mut rest| {
            let missing = XmlError::Missing { what: "a", inside: "r".to_owned() };
            assert_eq!(rest.required("", "a").unwrap_err(), missing);
            let left = XmlError::Unexpected { found: "b".to_owned(), inside: "r".to_owned() };
            assert_eq!(rest.end(), Err(left));
        });
        with("<r xmlns='urn:a'><a xmlns=''/></r>", |mut rest| {
            assert!(rest.optional("urn:a", "a").is_none());
            assert!(rest.other("urn:a").is_empty(), "an element in no namespace is not other");
        });
    }

    #[test]
    fn text_between_children_is_refused() {
        let document = Document::parse(b"<r>x<a/></r>", Limits::MESSAGE).unwrap();
        assert_eq!(Sequence::of(document.root()).unwrap_err().slug(), "schema");
    }
}
