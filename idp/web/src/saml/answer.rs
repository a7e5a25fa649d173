//! Answers to service providers.

use idp_broker::Visit;
use idp_domain::{Issuance, Refusal, RelyingPartyId, Transaction};

use crate::{App, oidc::answer::Led, problem::Trouble};

/// Answers with an assertion.
pub(crate) fn issue(app: &App, issuance: Issuance, visit: &Visit) -> Led {
    withdrawn(app, &issuance.relying_party, visit)
}

/// Answers with a no.
pub(crate) fn refuse(app: &App, transaction: &Transaction, _: &Refusal, visit: &Visit) -> Led {
    withdrawn(app, transaction.relying_party(), visit)
}

/// It was withdrawn, or its address was, while the person signed in.
fn withdrawn(app: &App, relying_party: &RelyingPartyId, visit: &Visit) -> Led {
    let trouble = Trouble::misregistered("withdrawn", Some(relying_party.clone()));
    Led::Nowhere(Box::new(app.problem(&trouble, visit)))
}
