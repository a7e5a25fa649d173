//! Rules on the name of the person (SAML Core 2.2.2, 8.3). An assertion without a name is taken:
//! an attribute may name the person.

use super::{ConsumeError, consume::Draft};
use crate::schema::{NameId, format};

/// The longest name, in characters (SAML Core 8.3.7, 8.3.8).
const MAX_NAME: usize = 256;
/// The longest qualifier, in characters: mostly the name of an entity (SAML Core 8.3.6).
const MAX_QUALIFIER: usize = 1_024;

fn of<'a>(draft: &'a Draft<'_>) -> Option<&'a NameId> {
    draft.assertion.subject.as_ref()?.name_id.as_ref()
}

/// A name is kept byte for byte, so one that a reader could mistake for another is refused; so is
/// one that a session could not carry, for it is kept whole until the logout.
pub(super) fn identifies_somebody(draft: &Draft<'_>) -> Result<(), ConsumeError> {
    let Some(name) = of(draft) else { return Ok(()) };
    let value = name.value.as_str();
    let proper = !value.is_empty()
        && value.trim() == value
        && is_at_most(MAX_NAME, value)
        && !value.contains(char::is_control);
    let qualifiers = [&name.name_qualifier, &name.sp_name_qualifier, &name.sp_provided_id];
    let are_short = qualifiers.into_iter().flatten().all(|one| is_at_most(MAX_QUALIFIER, one));
    if proper && are_short { Ok(()) } else { Err(ConsumeError::Identifier) }
}

/// Other formats may be qualified by any domain, which is then a part of the name.
//= saml-core#8.3.7-1
pub(super) fn was_made_by_whom_we_asked(draft: &Draft<'_>) -> Result<(), ConsumeError> {
    let Some(name) = of(draft) else { return Ok(()) };
    let opaque = [format::PERSISTENT, format::TRANSIENT].contains(&name.format());
    let foreign =
        name.name_qualifier.as_ref().is_some_and(|by| *by != draft.expected.idp.entity_id);
    if opaque && foreign {
        return Err(ConsumeError::NameQualifier { attribute: "NameQualifier" });
    }
    Ok(())
}

//= saml-core#8.3.7-1
pub(super) fn was_made_for_us(draft: &Draft<'_>) -> Result<(), ConsumeError> {
    let whose = of(draft).and_then(|name| name.sp_name_qualifier.as_deref());
    if whose.is_some_and(|whose| whose != draft.expected.our_entity_id) {
        return Err(ConsumeError::NameQualifier { attribute: "SPNameQualifier" });
    }
    Ok(())
}

fn is_at_most(most: usize, text: &str) -> bool {
    text.chars().take(most + 1).count() <= most
}
