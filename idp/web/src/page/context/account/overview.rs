//! The first page of self-service: who somebody is here, how well that is protected, what to do.

use idp_domain::Lang;
use serde::Serialize;

use super::{Done, When, samples, when::before};
use crate::page::context::{DisplayName, Form, Person};

/// What the first page of self-service shows.
#[derive(Clone, Debug, Serialize)]
pub struct Overview {
    /// Who is signed in.
    pub person: Person,
    /// What was just done.
    pub done: Option<Done>,
    /// What protects the account.
    pub guard: Guard,
    /// What would protect it better, the most useful first.
    pub advice: Vec<Advice>,
    /// How many passkeys there are.
    pub passkeys: usize,
    /// Whether there is an authenticator app.
    pub app: bool,
    /// How many recovery codes are left.
    pub codes: u32,
    /// In how many browsers the person is signed in, this one among them.
    pub sessions: usize,
    /// How many browsers were counted, where there are more.
    pub sessions_cut: Option<u32>,
    /// How many services were told something.
    pub services: usize,
    /// Which accounts at agencies open this one.
    pub identities: Vec<IdentityRow>,
    /// Signs out; sent by POST.
    pub sign_out: Form,
}

/// What protects an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// A passkey.
    Passkey,
    /// Codes of an authenticator app.
    App,
    /// Whatever the agency asks for, which was believed to be two factors at the last sign-in.
    Agency,
    /// One factor at the agency.
    Bare,
    /// Nothing here: the account was reported, and the person has to enrol anew.
    Reported,
}

/// Something that would protect the account better, and where it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "to", content = "left")]
pub enum Advice {
    /// A first passkey.
    Passkey,
    /// A second passkey, for the day on which the first is lost.
    SecondPasskey,
    /// A set of recovery codes.
    Codes,
    /// Another set of recovery codes: so few are left.
    FewCodes(u32),
}

/// An account at an agency that opens this one.
#[derive(Clone, Debug, Serialize)]
pub struct IdentityRow {
    /// The agency's name.
    pub agency: String,
    /// The name of the source, where the agency has several.
    pub source: Option<DisplayName>,
    /// Since when it opens this account.
    pub since: When,
    /// Whether it did so for this session.
    pub current: bool,
}

impl Overview {
    /// The page as it may look: well protected, and with each lack.
    pub(super) fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let agency = samples::row(lang).name;
        let identity = |source: Option<&str>, days: i64, current| IdentityRow {
            agency: agency.clone(),
            source: source.map(|name| DisplayName::new(name, "")),
            since: before(days * 86_400),
            current,
        };
        let well = Self {
            person: Person { name: "Amina Diallo".to_owned(), agency: agency.clone() },
            done: None,
            guard: Guard::Passkey,
            advice: Vec::new(),
            passkeys: 2,
            app: true,
            codes: 8,
            sessions: 3,
            sessions_cut: None,
            services: 5,
            identities: vec![identity(Some("Entra ID"), 400, true), identity(None, 31, false)],
            sign_out: Form::to("/logout"),
        };
        let new = Self {
            guard: Guard::Bare,
            advice: vec![Advice::Passkey],
            passkeys: 0,
            app: false,
            codes: 0,
            sessions: 1,
            services: 0,
            identities: vec![identity(None, 0, true)],
            ..well.clone()
        };
        let app = Self {
            guard: Guard::App,
            advice: vec![Advice::Passkey, Advice::FewCodes(2)],
            passkeys: 0,
            codes: 2,
            done: Some(Done::AppAdded),
            ..well.clone()
        };
        let one = Self {
            advice: vec![Advice::SecondPasskey, Advice::Codes],
            passkeys: 1,
            app: false,
            codes: 0,
            sessions: 50,
            sessions_cut: Some(50),
            ..well.clone()
        };
        let agency = Self { guard: Guard::Agency, ..new.clone() };
        let reported = Self { guard: Guard::Reported, ..new.clone() };
        vec![
            ("account-new", new),
            ("account-app", app),
            ("account-one", one),
            ("account-agency", agency),
            ("account-reported", reported),
            ("account", well),
        ]
    }
}
