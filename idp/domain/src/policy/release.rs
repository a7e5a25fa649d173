//! Release: the attributes that a relying party may be told.

use std::collections::BTreeSet;

use crate::{AttributeName, AttributeSet, RelyingParty};

/// What of `held` goes to `relying_party`: what it asked for, may have, and what there is.
#[must_use]
pub fn release(
    held: &AttributeSet,
    wanted: &BTreeSet<AttributeName>,
    relying_party: &RelyingParty,
) -> AttributeSet {
    held.only(|name| wanted.contains(name) && relying_party.releasable.contains(name))
}
