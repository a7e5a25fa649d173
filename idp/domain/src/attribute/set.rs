//! Sets of attributes by canonical name.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

/// The canonical name of an attribute: letters, digits, `-`, `_`, at most 64 bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AttributeName(Cow<'static, str>);

impl AttributeName {
    /// A name that stands in our own registry.
    pub(crate) const fn fixed(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// Reads a name; `None` when it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        fits.then(|| Self(Cow::Owned(text.to_owned())))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AttributeName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("an attribute's name has letters, digits, `-` and `_`")
    }
}

impl From<AttributeName> for String {
    fn from(name: AttributeName) -> Self {
        name.0.into_owned()
    }
}

impl fmt::Display for AttributeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AttributeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AttributeName({})", self.0)
    }
}

/// Attributes and their values, without duplicates, in a fixed order.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttributeSet(BTreeMap<AttributeName, Vec<String>>);

impl AttributeSet {
    /// Adds a value; one that is there already is not added again.
    pub fn add(&mut self, name: AttributeName, value: String) {
        let values = self.0.entry(name).or_default();
        if !values.contains(&value) {
            values.push(value);
        }
    }

    /// Takes an attribute out.
    pub fn remove(&mut self, name: &AttributeName) {
        self.0.remove(name);
    }

    /// The values of an attribute; none when it is not there.
    #[must_use]
    pub fn values(&self, name: &AttributeName) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The only value of an attribute; `None` when there is none or more than one.
    #[must_use]
    pub fn single(&self, name: &AttributeName) -> Option<&str> {
        match self.values(name) {
            [only] => Some(only),
            _ => None,
        }
    }

    /// All attributes with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&AttributeName, &[String])> {
        self.0.iter().map(|(name, values)| (name, values.as_slice()))
    }

    /// The part of the set whose names `keep` wants.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&AttributeName) -> bool) -> Self {
        let kept = self.0.iter().filter(|(name, _)| keep(name));
        Self(kept.map(|(name, values)| (name.clone(), values.clone())).collect())
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for AttributeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names only: values are personal.
        f.debug_set().entries(self.0.keys()).finish()
    }
}
