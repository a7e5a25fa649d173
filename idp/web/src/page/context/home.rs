//! The front door: what this is, which services there are, and the way out.

use idp_domain::Lang;
use serde::Serialize;

use super::{DisplayName, Form, sample_service, samples};

/// What the front door shows.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Home {
    /// Who is signed in.
    pub person: Option<Person>,
    /// Services that have an address to begin at.
    pub services: Vec<ServiceRow>,
    /// Signs out; sent by POST. Shown to whoever is signed in.
    pub sign_out: Option<Form>,
}

/// Who is signed in, as that person would say it.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    /// A name, or the user name where no other is known.
    pub name: String,
    /// The agency's name.
    pub agency: String,
}

/// A service as a link.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceRow {
    /// Its name.
    pub name: DisplayName,
    /// Where it begins.
    pub href: String,
    /// The name of the agency that runs it.
    pub agency: Option<String>,
}

impl Home {
    /// The page as it may look: to a stranger, and to somebody who is signed in.
    pub(super) fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let agency = samples::row(lang).name;
        let service = |name: DisplayName, href: &str| ServiceRow {
            name,
            href: href.to_owned(),
            agency: Some(agency.clone()),
        };
        let signed_in = Self {
            person: Some(Person { name: "Amina Diallo".to_owned(), agency: agency.clone() }),
            services: vec![
                service(sample_service(), "https://travel.example.org/"),
                service(DisplayName::new("Supply Ledger", ""), "https://ledger.example.org/"),
            ],
            sign_out: Some(Form::to("/logout")),
        };
        vec![("home", Self::default()), ("home-signed-in", signed_in)]
    }
}
