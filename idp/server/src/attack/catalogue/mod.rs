//! The messages that are played, each by its id in the catalogue of attacks.
//!
//! Owns what is sent and in which words it is told; how a node must take it is the judge's.

mod encryption;
mod logout;
mod requests;
mod semantics;
mod signatures;
mod wrapping;
mod xml;

use super::{browser::Sent, error::ForgeError, forge::Forger, stage::Door};

/// One forged message.
pub(super) struct Entry {
    /// Its id in the catalogue of attacks; variants share one.
    pub(super) id: &'static str,
    /// What is wrong with it, in one line.
    pub(super) what: &'static str,
    /// Where it is brought to.
    pub(super) door: Door,
    /// Makes it.
    pub(super) forge: fn(&Forger<'_>) -> Result<Sent, ForgeError>,
}

/// A forged message for the source's address.
const fn answer(
    id: &'static str,
    what: &'static str,
    forge: fn(&Forger<'_>) -> Result<Sent, ForgeError>,
) -> Entry {
    Entry { id, what, door: Door::Acs, forge }
}

/// A forged message for another door.
const fn at(
    door: Door,
    id: &'static str,
    what: &'static str,
    forge: fn(&Forger<'_>) -> Result<Sent, ForgeError>,
) -> Entry {
    Entry { id, what, door, forge }
}

/// All of them, in the order in which they are played.
pub(super) fn all() -> impl Iterator<Item = &'static Entry> {
    xml::ENTRIES
        .iter()
        .chain(wrapping::ENTRIES)
        .chain(signatures::ENTRIES)
        .chain(semantics::ENTRIES)
        .chain(encryption::ENTRIES)
        .chain(requests::ENTRIES)
        .chain(logout::ENTRIES)
}

#[cfg(test)]
mod tests;
