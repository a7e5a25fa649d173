//! The page on which a person with a local account gives a user name and a password.

use idp_domain::Lang;
use serde::Serialize;

use super::{AgencyRow, DisplayName, Form, FormTargets, PasskeyForm, sample_service, samples};

/// What the page for signing in shows. The form is sent by POST with the fields `username`,
/// `password` and, of a browser that others use, `shared`.
#[derive(Clone, Debug, Serialize)]
pub struct Password {
    /// Where the form is sent.
    pub form: Form,
    /// The agency whose account is asked for.
    pub agency: AgencyRow,
    /// Where the person is going.
    pub service: Option<DisplayName>,
    /// The user name, if it is known or was typed.
    pub username: String,
    /// Whether the person has said that others use this browser.
    pub shared: bool,
    /// A passkey instead, where the agency's accounts are ours.
    pub passkey: Option<PasskeyForm>,
    /// Why the last attempt failed.
    pub error: Option<AttemptError>,
    /// The way to the choice of another agency.
    pub other_agency: Option<String>,
    /// What the form may reach.
    #[serde(skip)]
    pub targets: FormTargets,
}

/// Why an attempt to sign in failed. Never says whether an account exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum AttemptError {
    /// The two do not fit together.
    Wrong,
    /// No user name was given.
    UsernameMissing,
    /// No password was given.
    PasswordMissing,
    /// The passkey was not accepted.
    Passkey,
    /// Nobody has this passkey here.
    UnknownPasskey,
    /// The passkey came too late.
    Late,
    /// No script ran that could have asked for a passkey.
    Script,
    /// There were too many attempts.
    Throttled {
        /// How long to wait.
        seconds: u32,
    },
}

impl AttemptError {
    /// Whether it is about a field.
    #[must_use]
    pub fn is_of_a_field(self) -> bool {
        matches!(self, Self::Wrong | Self::UsernameMissing | Self::PasswordMissing)
    }
}

impl Password {
    /// The page as it may look: first seen, and after each kind of failure.
    pub(super) fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let first = Self {
            form: Form::to("/login/t1/password").with("attempt", "1"),
            agency: samples::row(lang),
            service: Some(sample_service()),
            username: String::new(),
            shared: false,
            passkey: Some(PasskeyForm::sample("/login/t1/passkey")),
            error: None,
            other_agency: Some("/login/t1/choose".to_owned()),
            targets: FormTargets::own(),
        };
        let after = |error| Self {
            username: "amina.diallo".to_owned(),
            error: Some(error),
            ..first.clone()
        };
        let plain = Self { passkey: None, shared: true, ..first.clone() };
        vec![
            ("password-plain", plain),
            ("password-passkey", after(AttemptError::Passkey)),
            ("password-unknown-passkey", after(AttemptError::UnknownPasskey)),
            ("password-late", after(AttemptError::Late)),
            ("password-script", after(AttemptError::Script)),
            ("password-wrong", after(AttemptError::Wrong)),
            ("password-no-username", after(AttemptError::UsernameMissing)),
            ("password-no-password", after(AttemptError::PasswordMissing)),
            ("password-throttled", after(AttemptError::Throttled { seconds: 300 })),
            (
                "password-throttled-briefly",
                Self {
                    service: None,
                    other_agency: None,
                    ..after(AttemptError::Throttled { seconds: 20 })
                },
            ),
            ("password", first),
        ]
    }
}
