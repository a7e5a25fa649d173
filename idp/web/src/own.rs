//! Logins towards ourselves: for the broker's own pages, which want to know who is there.
//!
//! The ticket holds the page to come back to. Nothing is told to anybody else.

use idp_broker::Visit;
use idp_domain::{Issuance, Refusal, Transaction};

use crate::{App, oidc::answer::Led, problem::Trouble};

/// The page that the ticket holds, where it is one of ours.
fn page(sealed: &str) -> &str {
    let ours = sealed.starts_with("/account") && !sealed.contains("//");
    if ours { sealed } else { "/account" }
}

/// Leads the person to the page that they came for.
pub(crate) fn issue(issuance: &Issuance) -> Led {
    Led::To(page(&issuance.ticket.sealed).to_owned())
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
