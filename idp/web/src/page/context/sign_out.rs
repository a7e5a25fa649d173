//! The pages at the end: whether the person means to sign out, and that it is done.

use serde::Serialize;

use super::{DisplayName, Form, FormTargets, sample_service};

/// What the page asks before signing out. The form is sent by POST.
#[derive(Clone, Debug, Serialize)]
pub struct SignOut {
    /// Where the form is sent.
    pub form: Form,
    /// Who is signed in, by the name that the person would know.
    pub person: Option<String>,
    /// The relying party that asks for it.
    pub service: Option<DisplayName>,
    /// Where a person who stays signed in goes.
    pub stay: String,
    /// What the form may reach.
    #[serde(skip)]
    pub targets: FormTargets,
}

/// What the page says after signing out.
#[derive(Clone, Debug, Serialize)]
pub struct SignedOut {
    /// Whether there was a session to end.
    pub was_signed_in: bool,
    /// The way back to the relying party, with its name.
    pub back: Option<(DisplayName, String)>,
    /// The front door.
    pub home: String,
}

impl SignOut {
    /// The page as it may look: asked by a relying party, and opened by the person.
    pub(super) fn samples() -> Vec<(&'static str, Self)> {
        let asked = Self {
            form: Form::to("/logout"),
            person: Some("Amina Diallo".to_owned()),
            service: Some(sample_service()),
            stay: "/".to_owned(),
            targets: FormTargets::own(),
        };
        let opened = Self { service: None, person: None, ..asked.clone() };
        vec![("sign_out", opened), ("sign_out-asked", asked)]
    }
}

impl SignedOut {
    /// The page as it may look.
    pub(super) fn samples() -> Vec<(&'static str, Self)> {
        let back = Some((sample_service(), "https://travel.example.org/".to_owned()));
        let home = "/".to_owned();
        vec![
            ("signed_out", Self { was_signed_in: true, back, home: home.clone() }),
            ("signed_out-before", Self { was_signed_in: false, back: None, home }),
        ]
    }
}
