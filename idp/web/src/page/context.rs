//! What each page is told: one typed context a page, each with samples.
//!
//! A handler fills a context with values that are already in the person's language and with
//! addresses of its own; nothing here knows where they come from.

pub mod account;
mod choose;
mod consent;
mod enrol;
mod factor;
mod form;
mod home;
mod leaving;
mod password;
mod problem;
mod samples;
mod sign_out;

use idp_domain::Lang;
use serde::Serialize;
use url::Url;

pub use super::display_name::DisplayName;
pub use account::AccountPage;
pub use choose::{AgencyRow, Choose, EmailBox, EmailError, Letter, Listing, SharedBox};
pub use consent::{Consent, Release, ReleaseKind};
pub use enrol::{
    AppCodeError, Enrol, EnrolApp, EnrolChoice, EnrolPasskey, PasskeyError, RecoveryCodes,
};
pub use factor::{Factor, FactorError, PasskeyForm};
pub use form::{Form, FormTargets};
pub use home::{Home, Person, ServiceRow};
pub use leaving::{FormPost, Onward};
pub use password::{AttemptError, Password};
pub use problem::{Problem, ProblemKind, WayOn};
pub use sign_out::{Fate, ServiceFate, SignOut, SignedOut, SigningOut};

/// The script of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// None: the page's policy lets none run.
    None,
    /// A line in the page itself, which a nonce lets run.
    Inline,
    /// The theme's `passkey.js`, which may speak with the broker.
    Passkey,
}

/// A page with all that it shows.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Page {
    /// Which agency signs the person in.
    Choose(Choose),
    /// A user name and a password.
    Password(Password),
    /// Whether a relying party may be told something.
    Consent(Consent),
    /// A proof of a factor.
    Factor(Factor),
    /// A factor is set up.
    Enrol(Enrol),
    /// Recovery codes, to be kept.
    RecoveryCodes(RecoveryCodes),
    /// An answer that the browser carries to a relying party in a form.
    FormPost(FormPost),
    /// A way to another site that does not count as a form's answer.
    Onward(Onward),
    /// Something went wrong.
    Problem(Problem),
    /// Whether the person means to sign out.
    SignOut(SignOut),
    /// Services are being told that the person is signed out.
    SigningOut(SigningOut),
    /// The person is signed out.
    SignedOut(SignedOut),
    /// The front door.
    Home(Home),
    /// A page of self-service.
    Account(AccountPage),
}

impl Page {
    /// The HTTP status that goes with the page.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Problem(problem) => problem.kind.status(),
            Self::Account(page) => page.status(),
            Self::Password(Password { error: Some(AttemptError::Throttled { .. }), .. })
            | Self::Factor(Factor { error: Some(FactorError::Throttled { .. }), .. }) => 429,
            Self::Enrol(page) if page.retry_after().is_some() => 429,
            _ => 200,
        }
    }

    /// Seconds to wait before another try: the `Retry-After` header, where there is one.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Problem(problem) => problem.retry_after,
            Self::Account(page) => page.retry_after(),
            Self::Password(Password {
                error: Some(AttemptError::Throttled { seconds }), ..
            })
            | Self::Factor(Factor { error: Some(FactorError::Throttled { seconds }), .. }) => {
                Some(*seconds)
            }
            Self::Enrol(page) => page.retry_after(),
            _ => None,
        }
    }

    /// Where forms of the page may lead, by the way of redirects too.
    #[must_use]
    pub fn form_targets(&self) -> FormTargets {
        match self {
            Self::Choose(choose) => choose.targets.clone(),
            Self::Password(password) => password.targets.clone(),
            Self::Consent(consent) => consent.targets.clone(),
            Self::Factor(factor) => factor.targets.clone(),
            Self::Enrol(page) => page.form_targets(),
            Self::RecoveryCodes(codes) => codes.targets.clone(),
            Self::FormPost(answer) => answer.targets(),
            Self::SignOut(sign_out) => sign_out.targets.clone(),
            Self::Account(page) => page.form_targets(),
            Self::Home(home) if home.sign_out.is_some() => FormTargets::own(),
            Self::Onward(_)
            | Self::Problem(_)
            | Self::SigningOut(_)
            | Self::SignedOut(_)
            | Self::Home(_) => FormTargets::none(),
        }
    }

    /// What the browser loads in frames.
    #[must_use]
    pub fn frames(&self) -> &[Url] {
        match self {
            Self::SigningOut(page) => &page.frames,
            _ => &[],
        }
    }

    /// The script of the page.
    #[must_use]
    pub fn script(&self) -> Script {
        match self {
            Self::FormPost(_) => Script::Inline,
            Self::Password(Password { passkey: Some(_), .. })
            | Self::Factor(Factor { passkey: Some(_), .. })
            | Self::Enrol(Enrol::Passkey(_))
            | Self::Account(AccountPage::AddPasskey(_)) => Script::Passkey,
            _ => Script::None,
        }
    }

    pub(super) fn template(&self) -> &'static str {
        match self {
            Self::Choose(_) => "choose.html",
            Self::Password(_) => "password.html",
            Self::Consent(_) => "consent.html",
            Self::Factor(_) => "factor.html",
            Self::Enrol(page) => page.template(),
            Self::RecoveryCodes(_) => "codes.html",
            Self::FormPost(_) => "form_post.html",
            Self::Onward(_) => "onward.html",
            Self::Problem(_) => "problem.html",
            Self::SignOut(_) => "sign_out.html",
            Self::SigningOut(_) => "signing_out.html",
            Self::SignedOut(_) => "signed_out.html",
            Self::Home(_) => "home.html",
            Self::Account(page) => page.template(),
        }
    }

    /// Every page in each of its shapes, by name: what a theme must be able to show.
    ///
    /// A theme is tried on these at the start, and the tests look at them.
    #[must_use]
    pub fn samples(lang: Lang) -> Vec<(String, Self)> {
        let mut all = Vec::new();
        let mut add = |name: &str, page| all.push((name.to_owned(), page));
        for (name, page) in Choose::samples(lang) {
            add(name, Self::Choose(page));
        }
        for (name, page) in Password::samples(lang) {
            add(name, Self::Password(page));
        }
        for (name, page) in Consent::samples() {
            add(name, Self::Consent(page));
        }
        for (name, page) in Factor::samples() {
            add(&name, Self::Factor(page));
        }
        for (name, page) in Enrol::samples(lang) {
            add(name, Self::Enrol(page));
        }
        add("codes", Self::RecoveryCodes(RecoveryCodes::sample()));
        if let Some(answer) = FormPost::sample() {
            add("form_post", Self::FormPost(answer));
        }
        for (name, page) in Onward::samples(lang) {
            add(name, Self::Onward(page));
        }
        for (name, page) in Problem::samples(lang) {
            add(&name, Self::Problem(page));
        }
        for (name, page) in SignOut::samples() {
            add(name, Self::SignOut(page));
        }
        for (name, page) in SigningOut::samples() {
            add(name, Self::SigningOut(page));
        }
        for (name, page) in SignedOut::samples() {
            add(name, Self::SignedOut(page));
        }
        for (name, page) in Home::samples(lang) {
            add(name, Self::Home(page));
        }
        for (name, page) in AccountPage::samples(lang) {
            add(&name, Self::Account(page));
        }
        all
    }
}

/// A relying party's name for samples.
fn sample_service() -> DisplayName {
    DisplayName::new("Field Travel Desk", "travel.example.org")
}
