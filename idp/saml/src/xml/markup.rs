//! Writing: a tree of our own whose only serialization is exclusive canonical XML 1.0.
//!
//! What is written needs no canonicalization before it is signed, and parsing it and
//! canonicalizing it again gives the same bytes.

use std::borrow::Cow;

use super::ns;

/// An element to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Markup {
    ns: &'static str,
    local: &'static str,
    attributes: Vec<Attribute>,
    content: Vec<Content>,
    prefixes: Prefixes,
}

/// Prefixes that stand in for the usual ones: for some namespaces, each with another prefix.
pub type Prefixes = &'static [(&'static str, &'static str)];

#[derive(Clone, Debug, PartialEq, Eq)]
struct Attribute {
    ns: &'static str,
    local: &'static str,
    value: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Element(Markup),
    Text(String),
}

impl Markup {
    /// An empty element of this name; an empty `ns` is none.
    #[must_use]
    pub const fn new(ns: &'static str, local: &'static str) -> Self {
        Self { ns, local, attributes: Vec::new(), content: Vec::new(), prefixes: &[] }
    }

    /// Sets an attribute in no namespace.
    #[must_use]
    pub fn attr(self, name: &'static str, value: impl Into<String>) -> Self {
        self.attr_ns("", name, value)
    }

    /// Sets an attribute in no namespace, if there is a value.
    #[must_use]
    pub fn attr_maybe(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Sets an attribute in a namespace.
    #[must_use]
    pub fn attr_ns(
        mut self,
        ns: &'static str,
        name: &'static str,
        value: impl Into<String>,
    ) -> Self {
        self.attributes.retain(|attribute| (attribute.ns, attribute.local) != (ns, name));
        self.attributes.push(Attribute { ns, local: name, value: value.into() });
        self
    }

    /// Appends an element.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        self.content.push(Content::Element(child));
        self
    }

    /// Appends elements.
    #[must_use]
    pub fn children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.content.extend(children.into_iter().map(Content::Element));
        self
    }

    /// Appends an element, if there is one.
    #[must_use]
    pub fn maybe(self, child: Option<Self>) -> Self {
        self.children(child)
    }

    /// Appends text. Characters that XML 1.0 cannot hold are written as U+FFFD.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        match self.content.last_mut() {
            Some(Content::Text(last)) => last.push_str(&text.into()),
            _ => self.content.push(Content::Text(text.into())),
        }
        self
    }

    /// Writes it, and all that stands in it by now, with these prefixes instead of the usual ones.
    #[must_use]
    pub fn prefixed(mut self, prefixes: Prefixes) -> Self {
        self.prefixes = prefixes;
        self.content = self
            .content
            .into_iter()
            .map(|content| match content {
                Content::Element(element) => Content::Element(element.prefixed(prefixes)),
                Content::Text(text) => Content::Text(text),
            })
            .collect();
        self
    }

    /// What [`Markup::prefixed`] was told.
    pub(crate) const fn own_prefixes(&self) -> Prefixes {
        self.prefixes
    }

    /// The value of an attribute in no namespace.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.ns.is_empty() && attribute.local == name)
            .map(|attribute| attribute.value.as_str())
    }

    /// Puts `child` right after the first child, if that has this name, and else first of all.
    pub(crate) fn insert_after(&mut self, ns: &str, local: &str, child: Self) {
        let follows = matches!(self.content.first(),
            Some(Content::Element(first)) if first.ns == ns && first.local == local);
        self.content.insert(usize::from(follows), Content::Element(child));
    }

    /// Puts `child` before all else.
    pub(crate) fn insert_first(&mut self, child: Self) {
        self.content.insert(0, Content::Element(child));
    }

    /// The exclusive canonical form (Exclusive XML Canonicalization 1.0, without comments).
    #[must_use]
    pub fn to_canonical(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1024);
        self.write(&mut out, &mut Vec::new());
        out
    }

    /// Writes it where `rendered` prefixes are declared already, the innermost last.
    fn write<'m>(&'m self, out: &mut Vec<u8>, rendered: &mut Vec<(Cow<'static, str>, &'m str)>) {
        let used = self.prefixes();
        let outer = rendered.len();
        out.push(b'<');
        push_name(out, prefix_in(&used, self.ns), self.local);
        let mut declared: Vec<_> = used
            .iter()
            .filter(|(prefix, uri)| {
                let bound = rendered.iter().rev().find(|(name, _)| name == prefix);
                *uri != ns::XML && bound.is_none_or(|(_, bound)| bound != uri)
            })
            .cloned()
            .collect();
        declared.sort();
        for (prefix, uri) in &declared {
            out.extend_from_slice(b" xmlns:");
            push_attribute(out, prefix, uri);
        }
        rendered.append(&mut declared);
        let mut attributes: Vec<_> = self.attributes.iter().collect();
        attributes.sort_by_key(|attribute| (attribute.ns, attribute.local));
        for attribute in attributes {
            out.push(b' ');
            let prefix = prefix_in(&used, attribute.ns);
            if let Some(prefix) = prefix {
                out.extend_from_slice(prefix.as_bytes());
                out.push(b':');
            }
            push_attribute(out, attribute.local, &attribute.value);
        }
        out.push(b'>');
        for content in &self.content {
            match content {
                Content::Element(element) => element.write(out, rendered),
                Content::Text(text) => push_escaped(out, text, false),
            }
        }
        out.extend_from_slice(b"</");
        push_name(out, prefix_in(&used, self.ns), self.local);
        out.push(b'>');
        rendered.truncate(outer);
    }

    /// The prefixes that its own name and its attributes need.
    fn prefixes(&self) -> Vec<(Cow<'static, str>, &'static str)> {
        let mut used: Vec<(Cow<'static, str>, &'static str)> = Vec::new();
        let names = self.attributes.iter().map(|attribute| attribute.ns);
        for uri in std::iter::once(self.ns).chain(names) {
            if uri.is_empty() || used.iter().any(|(_, known)| *known == uri) {
                continue;
            }
            let own = self.prefixes.iter().find(|(known, _)| *known == uri);
            let prefix = own.map(|(_, prefix)| *prefix).or_else(|| ns::prefix(uri));
            let prefix = prefix.map_or_else(|| format!("n{}", used.len()).into(), Cow::from);
            used.push((prefix, uri));
        }
        used
    }
}

fn prefix_in<'u>(used: &'u [(Cow<'static, str>, &str)], ns: &str) -> Option<&'u str> {
    used.iter().find(|(_, uri)| *uri == ns).map(|(prefix, _)| prefix.as_ref())
}

fn push_name(out: &mut Vec<u8>, prefix: Option<&str>, local: &str) {
    if let Some(prefix) = prefix {
        out.extend_from_slice(prefix.as_bytes());
        out.push(b':');
    }
    out.extend_from_slice(local.as_bytes());
}

fn push_attribute(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"=\"");
    push_escaped(out, value, true);
    out.push(b'"');
}

/// Escapes as Canonical XML 1.0 §1.3.3 does, and copies what stands between in one piece.
fn push_escaped(out: &mut Vec<u8>, text: &str, attribute: bool) {
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let (length, written) = match byte {
            b'&' => (1, "&amp;"),
            b'<' => (1, "&lt;"),
            b'>' if !attribute => (1, "&gt;"),
            b'"' if attribute => (1, "&quot;"),
            b'\t' if attribute => (1, "&#x9;"),
            b'\n' if attribute => (1, "&#xA;"),
            b'\r' => (1, "&#xD;"),
            b'\t' | b'\n' => continue,
            ..b' ' => (1, "\u{FFFD}"),
            0xEF if is_no_character(bytes.get(at..)) => (3, "\u{FFFD}"),
            _ => continue,
        };
        out.extend_from_slice(bytes.get(copied..at).unwrap_or_default());
        out.extend_from_slice(written.as_bytes());
        copied = at + length;
    }
    out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
}

/// Whether U+FFFE or U+FFFF stands there.
fn is_no_character(rest: Option<&[u8]>) -> bool {
    matches!(rest, Some([0xEF, 0xBF, 0xBE | 0xBF, ..]))
}

#[cfg(test)]
mod tests;
