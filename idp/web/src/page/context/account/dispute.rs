//! The pages of "this was not me": what it does, and that it is done.

use serde::Serialize;

use crate::page::context::Form;

/// What the page shows before somebody reports their account.
#[derive(Clone, Debug, Serialize)]
pub struct Dispute {
    /// Reports it; sent by POST.
    pub form: Form,
    /// Where somebody proves first who they are, to have passkeys, app and codes removed too;
    /// none for somebody who just did.
    pub again: Option<String>,
    /// Where somebody goes who does not mean it.
    pub back: String,
}

/// What the page shows once the account is reported.
#[derive(Clone, Debug, Serialize)]
pub struct Disputed {
    /// Whether passkeys, app and codes are gone too: only whoever proved one lately can do that.
    pub reset: bool,
    /// The number under which help desks and the security team find it.
    pub reference: String,
    /// The front door.
    pub home: String,
}

impl Dispute {
    pub(super) fn samples() -> Vec<(&'static str, Self)> {
        let proven = Self {
            form: Form::to("/account/not-me").with("token", "t"),
            again: None,
            back: "/account".to_owned(),
        };
        let again = Some("/account/again/not-me".to_owned());
        let first = Self { again, ..proven.clone() };
        vec![("account_dispute-proven", proven), ("account_dispute", first)]
    }
}

impl Disputed {
    pub(super) fn samples() -> Vec<(&'static str, Self)> {
        let reset =
            Self { reset: true, reference: "7F3K-92QD-1XVB".to_owned(), home: "/".to_owned() };
        let ended = Self { reset: false, ..reset.clone() };
        vec![("account_disputed-ended", ended), ("account_disputed", reset)]
    }
}
