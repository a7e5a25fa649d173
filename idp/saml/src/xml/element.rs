//! Elements of a document, borrowed from it.

use std::borrow::Cow;
use std::fmt;

use uppsala::{NodeId, NodeKind};

use super::XmlError;

/// An element of a [`Document`](super::Document).
#[derive(Clone, Copy)]
pub struct Element<'d> {
    tree: &'d uppsala::Document<'d>,
    node: NodeId,
}

impl<'d> Element<'d> {
    /// The element at `node`, which must be one.
    pub(super) const fn new(tree: &'d uppsala::Document<'d>, node: NodeId) -> Self {
        Self { tree, node }
    }

    /// The element at `node`, if it is one.
    fn at(tree: &'d uppsala::Document<'d>, node: NodeId) -> Option<Self> {
        tree.element(node).map(|_| Self::new(tree, node))
    }

    fn data(self) -> Option<&'d uppsala::Element<'d>> {
        self.tree.element(self.node)
    }

    /// The tree and the node, for the engine behind `dsig`.
    pub(crate) const fn node(self) -> (&'d uppsala::Document<'d>, NodeId) {
        (self.tree, self.node)
    }

    /// Whether it has this name.
    #[must_use]
    pub fn is(self, ns: &str, local: &str) -> bool {
        self.local_name() == local && self.namespace() == ns
    }

    /// The namespace of its name; empty if it has none.
    #[must_use]
    pub fn namespace(self) -> &'d str {
        self.data().and_then(|data| data.name.namespace_uri.as_deref()).unwrap_or("")
    }

    /// Its name without the prefix.
    #[must_use]
    pub fn local_name(self) -> &'d str {
        self.data().map_or("", |data| data.name.local_name.as_ref())
    }

    /// The value of an attribute in no namespace.
    #[must_use]
    pub fn attribute(self, local: &str) -> Option<&'d str> {
        self.attribute_ns("", local)
    }

    /// The value of an attribute in a namespace.
    #[must_use]
    pub fn attribute_ns(self, ns: &str, local: &str) -> Option<&'d str> {
        self.attributes()
            .find(|(namespace, name, _)| *name == local && *namespace == ns)
            .map(|(_, _, value)| value)
    }

    /// Its attributes: namespace (empty if none), local name, value.
    pub fn attributes(self) -> impl Iterator<Item = (&'d str, &'d str, &'d str)> {
        self.data().into_iter().flat_map(|data| &data.attributes).map(|attribute| {
            let name = &attribute.name;
            let namespace = name.namespace_uri.as_deref().unwrap_or("");
            (namespace, name.local_name.as_ref(), attribute.value.as_ref())
        })
    }

    /// The elements directly inside, in order.
    pub fn children(self) -> impl Iterator<Item = Self> {
        self.tree.children_iter(self.node).filter_map(move |node| Self::at(self.tree, node))
    }

    /// The element that it stands in.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        Self::at(self.tree, self.tree.parent(self.node)?)
    }

    /// The elements inside at any depth, in document order; not itself.
    pub fn descendants(self) -> impl Iterator<Item = Self> {
        let mut at = self.node;
        std::iter::from_fn(move || {
            loop {
                at = self.following(at)?;
                if let Some(element) = Self::at(self.tree, at) {
                    return Some(element);
                }
            }
        })
    }

    /// The node that follows `at` in document order, within this element.
    fn following(self, at: NodeId) -> Option<NodeId> {
        if let Some(child) = self.tree.first_child(at) {
            return Some(child);
        }
        let mut node = at;
        while node != self.node {
            if let Some(sibling) = self.tree.next_sibling(node) {
                return Some(sibling);
            }
            node = self.tree.parent(node)?;
        }
        None
    }

    /// All of its text, as it was written. Fails if there are elements inside.
    pub fn text(self) -> Result<Cow<'d, str>, XmlError> {
        if self.children().next().is_some() {
            return Err(XmlError::MixedContent);
        }
        let mut texts = self.texts();
        let first = texts.next().unwrap_or("");
        Ok(texts.fold(Cow::Borrowed(first), |all, more| all + more))
    }

    /// Whether any text directly inside is more than white space.
    #[must_use]
    pub fn has_text(self) -> bool {
        self.texts()
            .any(|text| !text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')))
    }

    fn texts(self) -> impl Iterator<Item = &'d str> {
        self.tree.children_iter(self.node).filter_map(move |node| match self.tree.node_kind(node) {
            Some(NodeKind::Text(text)) => Some(text.as_ref()),
            _ => None,
        })
    }

    /// Whether both are the same place of the same document.
    #[must_use]
    pub fn same(self, other: Element<'_>) -> bool {
        std::ptr::addr_eq(self.tree, other.tree) && self.node == other.node
    }

    /// Whether it is `other` or stands anywhere inside it.
    #[must_use]
    pub fn is_within(self, other: Element<'_>) -> bool {
        std::iter::successors(Some(self), |element| element.parent()).any(|up| up.same(other))
    }
}

impl fmt::Debug for Element<'_> {
    /// Its name only: what stands in it may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}{}", self.namespace(), self.local_name())
    }
}
