//! Rules on the conditions: when and for whom the assertion holds (SAML Core 2.5).

use super::{ConsumeError, consume::Draft};
use crate::schema::Conditions;

fn of<'a>(draft: &'a Draft<'_>) -> Result<&'a Conditions, ConsumeError> {
    draft.assertion.conditions.as_ref().ok_or_else(|| broken("there are none"))
}

const fn broken(problem: &'static str) -> ConsumeError {
    ConsumeError::Conditions { problem }
}

//= saml-core#2.5.1.2-1
pub(super) fn hold_now(draft: &Draft<'_>) -> Result<(), ConsumeError> {
    let conditions = of(draft)?;
    let (begin, end) = (conditions.not_before, conditions.not_on_or_after);
    if begin.zip(end).is_some_and(|(begin, end)| end <= begin) {
        return Err(broken("they end before they begin"));
    }
    if begin.is_some_and(|begin| draft.expected.is_ahead(begin)) {
        return Err(ConsumeError::NotYetValid { what: "conditions" });
    }
    if end.is_some_and(|end| draft.expected.is_over(end)) {
        return Err(ConsumeError::Expired { what: "conditions" });
    }
    Ok(())
}

//= saml-core#2.5.1.4-1
pub(super) fn name_us(draft: &Draft<'_>) -> Result<(), ConsumeError> {
    let restrictions = &of(draft)?.audience_restrictions;
    if restrictions.is_empty() {
        return Err(broken("they name no audience"));
    }
    let ours = draft.expected.our_entity_id;
    if restrictions.iter().all(|one| one.audiences.iter().any(|audience| audience == ours)) {
        return Ok(());
    }
    Err(ConsumeError::Audience)
}

/// What we tell relying parties rests on the assertion, so one that may not be passed on is of no
/// use to a broker.
//= saml-core#2.5.1.6-1
pub(super) fn let_a_broker_pass_it_on(draft: &Draft<'_>) -> Result<(), ConsumeError> {
    match &of(draft)?.proxy_restriction {
        Some(restriction) if restriction.count == Some(0) || !restriction.audiences.is_empty() => {
            Err(broken("they restrict to whom it may be passed on"))
        }
        _ => Ok(()),
    }
}
