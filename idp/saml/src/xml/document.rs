//! A parsed document: the one tree that signatures are verified over and values are read from.

use std::borrow::Cow;

use uppsala::{NodeId, NodeKind, Parser};

use super::guard::guard;
use super::plain::plain;
use super::{Element, XmlError};

/// How much of a document is borne.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole.
    pub bytes: usize,
    /// Elements inside each other.
    pub depth: u32,
    /// Elements in all.
    pub tags: usize,
    /// Attributes of one element, and namespace declarations in scope.
    pub attributes: usize,
    /// Whether comments are left out, as metadata written by hand has them. Else they are refused.
    pub drop_comments: bool,
}

impl Limits {
    /// For a protocol message, and for an assertion that was decrypted.
    pub const MESSAGE: Self =
        Self { bytes: 256 * 1024, depth: 64, tags: 12_000, attributes: 64, drop_comments: false };
    /// For the metadata of one entity.
    pub const METADATA: Self =
        Self { bytes: 1024 * 1024, depth: 64, tags: 40_000, attributes: 64, drop_comments: true };
}

/// A document that passed the guard and was parsed.
#[derive(Debug)]
pub struct Document<'a> {
    tree: uppsala::Document<'a>,
    /// The outermost element.
    root: NodeId,
}

impl<'a> Document<'a> {
    /// Parses `bytes`: UTF-8, one root, no document type, no processing instruction, no CDATA
    /// section, no comment (but see [`Limits::drop_comments`]).
    pub fn parse(bytes: &'a [u8], limits: Limits) -> Result<Self, XmlError> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let findings = match std::str::from_utf8(bytes) {
            _ if bytes.len() > limits.bytes => guard(bytes, &limits)?,
            Err(_) => return Err(XmlError::Encoding),
            Ok(_) => guard(bytes, &limits)?,
        };
        let text = std::str::from_utf8(bytes).map_err(|_| XmlError::Encoding)?;
        if findings.raw_space || findings.comments {
            let plain = plain(text);
            return Self::build(parse(&plain, limits)?.into_static());
        }
        Self::build(parse(text, limits)?)
    }

    fn build(tree: uppsala::Document<'a>) -> Result<Self, XmlError> {
        let root = tree.document_element().ok_or(XmlError::NotWellFormed("no root"))?;
        judge(&tree)?;
        Ok(Self { tree, root })
    }

    /// The outermost element.
    #[must_use]
    pub fn root(&self) -> Element<'_> {
        Element::new(&self.tree, self.root)
    }

    /// All elements, in document order.
    pub(crate) fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        std::iter::once(self.root()).chain(self.root().descendants())
    }
}

fn parse(text: &str, limits: Limits) -> Result<uppsala::Document<'_>, XmlError> {
    let parser = Parser::new()
        .with_forbid_dtd(true)
        .with_max_entity_expansion(0)
        .with_max_depth(limits.depth);
    parser.parse(text).map_err(|error| {
        XmlError::NotWellFormed(match error {
            uppsala::XmlError::Namespace(_) => "namespaces",
            uppsala::XmlError::UnexpectedEof => "no end",
            _ => "syntax",
        })
    })
}

/// Refuses what the parser lets pass: other encodings and versions, names that Namespaces in XML
/// forbids, and whatever the guard should have kept out.
fn judge(tree: &uppsala::Document<'_>) -> Result<(), XmlError> {
    if let Some(declaration) = &tree.xml_declaration {
        if !declaration.encoding.as_deref().is_none_or(|name| name.eq_ignore_ascii_case("utf-8")) {
            return Err(XmlError::Encoding);
        }
        if declaration.version != "1.0" {
            return Err(XmlError::NotWellFormed("version"));
        }
    }
    for node in tree.descendants(tree.root()) {
        match tree.node_kind(node) {
            Some(NodeKind::Element(element)) => names(element)?,
            Some(NodeKind::Text(_)) => {}
            _ => return Err(XmlError::MixedContent),
        }
    }
    Ok(())
}

fn names(element: &uppsala::Element<'_>) -> Result<(), XmlError> {
    const NAMES: XmlError = XmlError::NotWellFormed("namespaces");
    let unbound = |(prefix, uri): &(Cow<'_, str>, Cow<'_, str>)| {
        uri.is_empty() && !prefix.is_empty() || prefix == "xmlns"
    };
    if element.namespace_declarations.iter().any(unbound) {
        return Err(NAMES);
    }
    let attributes = element.attributes.iter().map(|attribute| &attribute.name);
    for name in std::iter::once(&element.name).chain(attributes) {
        let local = name.local_name.as_ref();
        let starts_well = !local.starts_with(['-', '.', '\u{B7}'])
            && !local.contains(':')
            && !local.starts_with(|first: char| first.is_ascii_digit());
        if !starts_well || name.prefix.as_deref() == Some("xmlns") {
            return Err(NAMES);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
