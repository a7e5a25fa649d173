//! The pages of self-service: what a person sees of their own account, and can change in it.
//!
//! Every text in here was chosen by somebody else, a browser or the person, and is shown as a name.

mod change;
mod dispute;
mod enrol;
mod overview;
mod releases;
mod security;
mod sessions;
mod when;

use idp_domain::Lang;
use serde::Serialize;

use super::{AppCodeError, FormTargets, sample_service, samples};

pub use change::{Asked, Change, Done};
pub use dispute::{Dispute, Disputed};
pub use enrol::{AddApp, AddPasskey, Picture, Unprinted};
pub use overview::{Advice, Guard, IdentityRow, Overview};
pub use releases::{ReleaseRow, Releases};
pub use security::{AppRow, CodesRow, DeviceRow, PasskeyRow, Security};
pub use sessions::{SessionRow, Sessions, SignInRow};
pub use when::{Ago, When};

/// A page of self-service with all that it shows.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum AccountPage {
    /// Who the person is, what protects the account, what to do next.
    Overview(Overview),
    /// Passkeys, the authenticator app, recovery codes, remembered devices.
    Security(Security),
    /// A passkey is added.
    AddPasskey(AddPasskey),
    /// An authenticator app is added or replaced.
    AddApp(AddApp),
    /// Whether the person means what was asked for, or has to prove first who they are.
    Change(Change),
    /// Where the person is signed in, and was lately.
    Sessions(Sessions),
    /// What services were told.
    Releases(Releases),
    /// What happens when somebody reports their account.
    Dispute(Dispute),
    /// The account was reported.
    Disputed(Disputed),
}

impl AccountPage {
    /// The HTTP status that goes with the page.
    pub(super) fn status(&self) -> u16 {
        match self {
            Self::AddApp(AddApp { error: Some(AppCodeError::Throttled { .. }), .. }) => 429,
            _ => 200,
        }
    }

    /// Seconds to wait before another try.
    pub(super) fn retry_after(&self) -> Option<u32> {
        match self {
            Self::AddApp(AddApp { error: Some(AppCodeError::Throttled { seconds }), .. }) => {
                Some(*seconds)
            }
            _ => None,
        }
    }

    /// Where forms of the page may lead: nowhere but here.
    pub(super) fn form_targets(&self) -> FormTargets {
        match self {
            Self::Releases(_) | Self::Disputed(_) => FormTargets::none(),
            Self::Sessions(page) if page.others.is_empty() => FormTargets::none(),
            Self::Security(page) if !page.has_form() => FormTargets::none(),
            Self::Change(change) if change.form.is_none() => FormTargets::none(),
            _ => FormTargets::own(),
        }
    }

    /// Whether a field of the page was filled in wrongly.
    #[cfg(test)]
    pub(crate) fn has_wrong_field(&self) -> bool {
        match self {
            Self::AddApp(page) => matches!(page.error, Some(AppCodeError::Wrong)),
            Self::Security(page) => page.passkeys.iter().any(|row| row.misnamed),
            _ => false,
        }
    }

    pub(super) fn template(&self) -> &'static str {
        match self {
            Self::Overview(_) => "account.html",
            Self::Security(_) => "account_security.html",
            Self::AddPasskey(_) => "account_passkey.html",
            Self::AddApp(_) => "account_app.html",
            Self::Change(_) => "account_change.html",
            Self::Sessions(_) => "account_sessions.html",
            Self::Releases(_) => "account_releases.html",
            Self::Dispute(_) => "account_dispute.html",
            Self::Disputed(_) => "account_disputed.html",
        }
    }

    /// Every page in each of its shapes, by name.
    pub(super) fn samples(lang: Lang) -> Vec<(String, Self)> {
        let mut all = Vec::new();
        let mut add = |name: &str, page| all.push((name.to_owned(), page));
        for (name, page) in Overview::samples(lang) {
            add(name, Self::Overview(page));
        }
        for (name, page) in Security::samples() {
            add(&name, Self::Security(page));
        }
        for (name, page) in AddPasskey::samples() {
            add(name, Self::AddPasskey(page));
        }
        for (name, page) in AddApp::samples() {
            add(name, Self::AddApp(page));
        }
        for (name, page) in Change::samples() {
            add(&name, Self::Change(page));
        }
        for (name, page) in Sessions::samples(lang) {
            add(name, Self::Sessions(page));
        }
        for (name, page) in Releases::samples(lang) {
            add(name, Self::Releases(page));
        }
        for (name, page) in Dispute::samples() {
            add(name, Self::Dispute(page));
        }
        for (name, page) in Disputed::samples() {
            add(name, Self::Disputed(page));
        }
        all
    }
}
