//! The pages at the end: whether the person means to sign out, that services are being told, and
//! how that went.

use serde::Serialize;
use url::Url;

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

/// What the page says while services are being told.
#[derive(Clone, Debug, Serialize)]
pub struct SigningOut {
    /// Who is told, and how that goes.
    pub services: Vec<ServiceFate>,
    /// What the browser loads unseen: the addresses of those who are told in no other way.
    pub frames: Vec<Url>,
    /// Where the browser goes by itself, and the person by a link.
    pub onward: String,
    /// After how many seconds.
    pub seconds: u32,
}

/// What the page says after signing out.
#[derive(Clone, Debug, Serialize)]
pub struct SignedOut {
    /// Whether there was a session to end.
    pub was_signed_in: bool,
    /// Who was told, and how that went.
    pub services: Vec<ServiceFate>,
    /// The way back to the relying party, with its name.
    pub back: Option<(DisplayName, String)>,
    /// The front door.
    pub home: String,
}

/// A service that the person used, and what has become of its own session.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceFate {
    /// Its name; of the person's agency, where that was told too.
    pub name: DisplayName,
    /// What has become of it.
    pub fate: Fate,
}

/// What has become of a service's own session, as far as it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It has ended.
    Out,
    /// The service was told, in a way that has no answer.
    Told,
    /// The service has still to answer.
    Waiting,
    /// The service did not answer, or said that it could not.
    Failed,
    /// The service cannot be told.
    Mute,
}

impl Fate {
    /// All fates.
    pub const ALL: [Self; 5] = [Self::Out, Self::Told, Self::Waiting, Self::Failed, Self::Mute];
}

impl SigningOut {
    /// The page as it may look: with frames, and while somebody has still to answer.
    pub(super) fn samples() -> Vec<(&'static str, Self)> {
        let waiting = Self {
            services: fates(&[Fate::Out, Fate::Waiting]),
            frames: Vec::new(),
            onward: "/logout/l1".to_owned(),
            seconds: 2,
        };
        let frame = "https://forms.example.org/bye?iss=https%3A%2F%2Fidp.example&sid=x";
        let frames = Self {
            services: fates(&[Fate::Waiting, Fate::Waiting]),
            frames: Url::parse(frame).into_iter().collect(),
            onward: "/logout/l1/on".to_owned(),
            seconds: 3,
        };
        vec![("signing_out", waiting), ("signing_out-frames", frames)]
    }
}

/// A service of each of these fates.
fn fates(fates: &[Fate]) -> Vec<ServiceFate> {
    const NAMES: [&str; 5] = [
        "Field Travel Desk",
        "Learning Management Platform for Humanitarian Staff",
        "Payroll",
        "Document Registry",
        "Forms",
    ];
    let named = NAMES.iter().zip(fates);
    named
        .map(|(name, fate)| ServiceFate { name: DisplayName::new(name, name), fate: *fate })
        .collect()
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
        let all = |of: &[Fate], back| Self {
            was_signed_in: true,
            services: fates(of),
            back,
            home: "/".to_owned(),
        };
        vec![
            ("signed_out", all(&[], back)),
            ("signed_out-everywhere", all(&[Fate::Out, Fate::Told], None)),
            ("signed_out-some", all(&Fate::ALL, None)),
            ("signed_out-before", Self { was_signed_in: false, ..all(&[], None) }),
        ]
    }
}
