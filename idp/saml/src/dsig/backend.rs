//! The engine behind the door: exclusive canonicalization, over the tree that values are read from.
//!
//! Nothing else of the engine is used: it resolves no reference and chooses no key.

use bergshamra_c14n::{C14nMode, canonicalize_doc};
use bergshamra_xml::NodeSet;
use bergshamra_xml::nodeset::{NodeIdSet, NodeSetType};

use super::DsigError;
use crate::xml::Element;

/// The exclusive canonical form, without comments, of `apex` and all in it but `left_out`.
///
/// `prefixes` are those of an `ec:InclusiveNamespaces`.
pub(super) fn canonicalize(
    apex: Element<'_>,
    left_out: Option<Element<'_>>,
    prefixes: &[&str],
) -> Result<Vec<u8>, DsigError> {
    let (tree, node) = apex.node();
    let unwanted = left_out.map(ids).unwrap_or_default();
    let set = if tree.document_element() == Some(node) {
        NodeSet::from_ids(unwanted, NodeSetType::Invert)
    } else {
        let wanted = ids(apex).difference(&unwanted).copied().collect();
        NodeSet::from_ids(wanted, NodeSetType::Normal)
    };
    canonicalize_doc(tree, C14nMode::Exclusive, Some(&set), prefixes)
        .map_err(|_| DsigError::Structure("it cannot be canonicalized"))
}

/// The nodes of an element: itself, and all that is in it.
fn ids(element: Element<'_>) -> NodeIdSet {
    let (tree, node) = element.node();
    let inside = tree.descendants(node).into_iter().map(|inner| inner.index());
    std::iter::once(node.index()).chain(inside).collect()
}
