//! Reads the metadata of one entity: strict about who says it and where people would be sent,
//! lenient about the rest, for real metadata is sloppy.

mod entity;
mod key;
mod reader;
mod role;
mod ui;

use idp_domain::Timestamp;

use super::{Entity, MetadataError};
use crate::dsig::{self, VerifyingKey};
use crate::xml::{Document, Element, Limits, ns};

/// Whose word the metadata is.
#[derive(Clone, Copy, Debug)]
pub enum Trust<'a> {
    /// That of the holder of one of these keys: the document or the entity bears its signature.
    Signed(&'a [VerifyingKey]),
    /// That of whoever brought it. A signature in it is passed over, for nobody said whose it
    /// should be.
    Unsigned,
}

/// How metadata is read.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// Whose word it must be.
    pub trust: Trust<'a>,
    /// What time it is.
    pub now: Timestamp,
    /// Whether endpoints may be plain `http` on loopback addresses.
    pub loopback_http: bool,
}

/// Reads the only entity of a document.
pub fn read(xml: &[u8], reading: &Reading<'_>) -> Result<Entity, MetadataError> {
    find(xml, None, reading)
}

/// Reads the entity named `entity_id`, compared byte by byte, from a document that may hold
/// others.
pub fn read_one(
    xml: &[u8],
    entity_id: &str,
    reading: &Reading<'_>,
) -> Result<Entity, MetadataError> {
    find(xml, Some(entity_id), reading)
}

fn find(
    xml: &[u8],
    entity_id: Option<&str>,
    reading: &Reading<'_>,
) -> Result<Entity, MetadataError> {
    let document = Document::parse(xml, Limits::METADATA)?;
    let mut entities = entities(document.root())?;
    if let Some(entity_id) = entity_id {
        entities.retain(|entity| entity.attribute("entityID") == Some(entity_id));
    }
    let entity = match entities.as_slice() {
        [one] => *one,
        [] => return Err(MetadataError::NotFound),
        _ => return Err(MetadataError::Ambiguous),
    };
    if let Trust::Signed(keys) = reading.trust {
        let signed = [document.root(), entity]
            .into_iter()
            .find(|element| element.children().any(|child| child.is(ns::DS, "Signature")))
            .ok_or(MetadataError::Unsigned)?;
        dsig::verify(&document, signed, keys)?;
    }
    entity::entity(entity, reading)
}

/// The entities of a document, which groups may hold inside each other (SAML Metadata 2.3.1).
fn entities(root: Element<'_>) -> Result<Vec<Element<'_>>, MetadataError> {
    if !root.is(ns::MD, "EntityDescriptor") && !root.is(ns::MD, "EntitiesDescriptor") {
        return Err(MetadataError::NotMetadata);
    }
    let mut found = Vec::new();
    let mut open = vec![root];
    while let Some(element) = open.pop() {
        if element.is(ns::MD, "EntityDescriptor") {
            found.push(element);
        } else if element.is(ns::MD, "EntitiesDescriptor") {
            open.extend(element.children());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
