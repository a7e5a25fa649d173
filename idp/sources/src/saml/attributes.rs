//! Which SAML attributes of a source become which attributes. What the agency may assert is judged
//! later.

use std::collections::BTreeMap;

use idp_domain::attribute::{REGISTRY, by_name};
use idp_domain::{AttributeName, AttributeSet};
use idp_saml::schema::{Attribute, AttributeValue};

use super::connection::{ConnectionError, Names};
use super::stop::{Stop, misbehaved};

/// The attributes that are read, each with the names that it may stand under.
#[derive(Debug)]
pub(super) struct Reading(Vec<Row>);

#[derive(Debug)]
struct Row {
    attribute: AttributeName,
    single: bool,
    names: Vec<String>,
}

impl Reading {
    /// Every attribute of the registry, under its own name and those that are given besides.
    pub(super) fn new(others: &BTreeMap<AttributeName, Names>) -> Result<Self, ConnectionError> {
        if let Some(unknown) = others.keys().find(|name| by_name(name.as_str()).is_none()) {
            return Err(ConnectionError::UnknownAttribute { name: unknown.to_string() });
        }
        let rows = REGISTRY.iter().map(|def| {
            let others = others.get(&def.name).into_iter().flat_map(Names::all);
            Row {
                attribute: def.name.clone(),
                single: def.single,
                names: std::iter::once(def.uri.to_owned()).chain(others.cloned()).collect(),
            }
        });
        Ok(Self(rows.collect()))
    }

    /// The attributes in `said`. Of what a person has one of, there must not be two.
    pub(super) fn read(&self, said: &[Attribute]) -> Result<AttributeSet, Stop> {
        let mut attributes = AttributeSet::default();
        for row in &self.0 {
            for text in texts(said, |name| row.names.iter().any(|known| known == name))? {
                attributes.add(row.attribute.clone(), text.to_owned());
            }
            if row.single && attributes.values(&row.attribute).len() > 1 {
                return Err(ambiguous(row.attribute.as_str()));
            }
        }
        Ok(attributes)
    }
}

/// The only text under `name`; `None` if there is none.
pub(super) fn only_text<'a>(said: &'a [Attribute], name: &str) -> Result<Option<&'a str>, Stop> {
    let found = texts(said, |known| known == name)?;
    match found.split_first() {
        None => Ok(None),
        Some((first, rest)) if rest.iter().all(|other| other == first) => Ok(Some(first)),
        Some(_) => Err(ambiguous(name)),
    }
}

/// All texts under the names that are wanted, but for empty ones. Whatever is no text cannot be
/// kept as one, and nobody knows what was meant.
pub(super) fn texts(said: &[Attribute], wanted: impl Fn(&str) -> bool) -> Result<Vec<&str>, Stop> {
    let mut texts = Vec::new();
    for attribute in said.iter().filter(|attribute| wanted(&attribute.name)) {
        for value in &attribute.values {
            match value {
                AttributeValue::Text(text) if text.is_empty() => {}
                AttributeValue::Nil => {}
                AttributeValue::Text(text) => texts.push(text.as_str()),
                AttributeValue::NameId(_) | AttributeValue::Complex => {
                    let detail =
                        format!("attribute {} has a value that is no text", attribute.name);
                    return Err(misbehaved("attribute_value", &detail));
                }
            }
        }
    }
    Ok(texts)
}

fn ambiguous(name: &str) -> Stop {
    misbehaved("attribute_ambiguous", &format!("attribute {name} has more than one value"))
}
