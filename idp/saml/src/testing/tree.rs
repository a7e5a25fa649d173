//! A tree that can be taken apart: names and prefixes as they are written, nothing checked.

use crate::xml::Element;

/// An element, its attributes and declarations of namespaces as written, and what is in it.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) content: Vec<Piece>,
}

/// What stands in an element.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Tree(Tree),
    Text(String),
}

impl Tree {
    pub(super) fn new(name: &str, content: Vec<Self>) -> Self {
        let content = content.into_iter().map(Piece::Tree).collect();
        Self { name: name.to_owned(), attributes: Vec::new(), content }
    }

    /// A copy of a parsed element.
    pub(super) fn copy(element: Element<'_>) -> Self {
        let (tree, node) = element.node();
        let data = tree.element(node).unwrap();
        let declared =
            data.namespace_declarations.iter().map(|(prefix, uri)| match prefix.as_ref() {
                "" => ("xmlns".to_owned(), uri.to_string()),
                prefix => (format!("xmlns:{prefix}"), uri.to_string()),
            });
        let plain = data.attributes.iter().map(|attribute| {
            (attribute.name.prefixed_name().into_owned(), attribute.value.to_string())
        });
        let content = match element.children().next() {
            None => vec![Piece::Text(element.text().unwrap().into_owned())],
            Some(_) => element.children().map(|child| Piece::Tree(Self::copy(child))).collect(),
        };
        let name = data.name.prefixed_name().into_owned();
        Self { name, attributes: declared.chain(plain).collect(), content }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn set(&mut self, name: &str, value: Option<&str>) {
        self.attributes.retain(|(known, _)| known != name);
        self.attributes.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    }

    pub(super) fn children(&self) -> impl Iterator<Item = &Self> {
        self.content.iter().filter_map(|piece| match piece {
            Piece::Tree(tree) => Some(tree),
            Piece::Text(_) => None,
        })
    }

    /// Itself and all elements in it, in document order.
    pub(super) fn all(&self) -> Vec<&Self> {
        std::iter::once(self).chain(self.children().flat_map(Self::all)).collect()
    }

    /// The element at that place of [`Tree::all`].
    pub(super) fn nth(&mut self, mut index: usize) -> Option<&mut Self> {
        if index == 0 {
            return Some(self);
        }
        index -= 1;
        for piece in &mut self.content {
            if let Piece::Tree(tree) = piece {
                let size = tree.all().len();
                if index < size {
                    return tree.nth(index);
                }
                index -= size;
            }
        }
        None
    }

    /// Where the elements of that name stand in [`Tree::all`].
    pub(super) fn find(&self, name: &str) -> Vec<usize> {
        let all = self.all();
        (0..all.len()).filter(|index| all[*index].name == name).collect()
    }

    /// Puts another element in the place of the one there, and gives that.
    pub(super) fn swap(&mut self, index: usize, other: Self) -> Self {
        std::mem::replace(self.nth(index).unwrap(), other)
    }

    /// Takes the first element of that name out of those directly inside.
    pub(super) fn take(&mut self, name: &str) -> Option<Self> {
        let found = |piece: &Piece| matches!(piece, Piece::Tree(tree) if tree.name == name);
        let index = self.content.iter().position(found)?;
        match self.content.remove(index) {
            Piece::Tree(tree) => Some(tree),
            Piece::Text(_) => None,
        }
    }

    /// Replaces text in all texts and attributes.
    pub(super) fn replace(&mut self, from: &str, to: &str) {
        for (_, value) in &mut self.attributes {
            *value = value.replace(from, to);
        }
        for piece in &mut self.content {
            match piece {
                Piece::Tree(tree) => tree.replace(from, to),
                Piece::Text(text) => *text = text.replace(from, to),
            }
        }
    }

    pub(super) fn write(&self, out: &mut String) {
        let escape = |text: &str| {
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            text.replace('"', "&quot;").replace('\r', "&#xD;")
        };
        out.extend(["<", &self.name]);
        for (name, value) in &self.attributes {
            let value = escape(value).replace('\n', "&#xA;").replace('\t', "&#x9;");
            out.extend([" ", name, "=\"", &value, "\""]);
        }
        out.push('>');
        for piece in &self.content {
            match piece {
                Piece::Tree(tree) => tree.write(out),
                Piece::Text(text) => out.push_str(&escape(text)),
            }
        }
        out.extend(["</", &self.name, ">"]);
    }
}
