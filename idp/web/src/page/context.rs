//! What each page is told: one typed context a page, each with samples.
//!
//! A handler fills a context with values that are already in the person's language and with
//! addresses of its own; nothing here knows where they come from.

mod choose;
mod consent;
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
pub use choose::{AgencyRow, Choose, EmailBox, EmailError, Letter, Listing};
pub use consent::{Consent, Release, ReleaseKind};
pub use form::{Form, FormTargets};
pub use home::{Home, Person, ServiceRow};
pub use leaving::{FormPost, Onward};
pub use password::{AttemptError, Password};
pub use problem::{Problem, ProblemKind, WayOn};
pub use sign_out::{Fate, ServiceFate, SignOut, SignedOut, SigningOut};

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
}

impl Page {
    /// The HTTP status that goes with the page.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Problem(problem) => problem.kind.status(),
            Self::Password(Password { error: Some(AttemptError::Throttled { .. }), .. }) => 429,
            _ => 200,
        }
    }

    /// Seconds to wait before another try: the `Retry-After` header, where there is one.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Problem(problem) => problem.retry_after,
            Self::Password(Password {
                error: Some(AttemptError::Throttled { seconds }), ..
            }) => Some(*seconds),
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
            Self::FormPost(answer) => answer.targets(),
            Self::SignOut(sign_out) => sign_out.targets.clone(),
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

    /// Whether the page has a script, and so needs a nonce.
    #[must_use]
    pub fn has_script(&self) -> bool {
        matches!(self, Self::FormPost(_))
    }

    pub(super) fn template(&self) -> &'static str {
        match self {
            Self::Choose(_) => "choose.html",
            Self::Password(_) => "password.html",
            Self::Consent(_) => "consent.html",
            Self::FormPost(_) => "form_post.html",
            Self::Onward(_) => "onward.html",
            Self::Problem(_) => "problem.html",
            Self::SignOut(_) => "sign_out.html",
            Self::SigningOut(_) => "signing_out.html",
            Self::SignedOut(_) => "signed_out.html",
            Self::Home(_) => "home.html",
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
        all
    }
}

/// A relying party's name for samples.
fn sample_service() -> DisplayName {
    DisplayName::new("Field Travel Desk", "travel.example.org")
}
