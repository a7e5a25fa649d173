//! Logins towards ourselves: for the broker's own pages, which want to know who is there.
//!
//! The ticket holds the page to come back to. Nothing is told to anybody else.

use idp_broker::Visit;
use idp_domain::{Issuance, Refusal, Transaction};

use crate::{App, account::Place, answer::see_other, oidc::answer::Led, problem::Trouble};

/// Leads the person to the page that they came for. It is ours, and so may answer a form of ours.
pub(crate) fn issue(issuance: &Issuance) -> Led {
    Led::Nowhere(Box::new(see_other(Place::at(&issuance.ticket.sealed).path())))
}

/// Says no, on a page: nobody else is to be told.
pub(crate) fn refuse(
    app: &App,
    transaction: &Transaction,
    refusal: &Refusal,
    visit: &Visit,
) -> Led {
    let trouble = Trouble::refused(refusal).of(transaction.relying_party());
    Led::Nowhere(Box::new(app.problem(&trouble, visit)))
}
