//! What a person is shown of a logout.

use idp_domain::{
    Lang,
    logout::{Beginner, Logout, Standing},
};

use crate::{
    App,
    page::{DisplayName, Fate, Page, ServiceFate, SignedOut},
    problem::display_name,
};

impl App {
    /// Who was told, each once, and what has become of it. Not for a stranger's browser to see.
    pub(super) fn fates(&self, logout: &Logout, lang: Lang) -> Vec<ServiceFate> {
        if !logout.own {
            return Vec::new();
        }
        let catalog = self.broker.catalog();
        let mut seen: Vec<(&str, Standing)> = Vec::new();
        for leaving in &logout.leaving {
            let id = leaving.relying_party.as_str();
            match seen.iter_mut().find(|(known, _)| *known == id) {
                // Of several standings of one service, the worst is the one to know.
                Some((_, standing)) => *standing = worse(*standing, leaving.standing),
                None => seen.push((id, leaving.standing)),
            }
        }
        let services = seen.into_iter().map(|(id, standing)| {
            let party = id.parse().ok().and_then(|id| catalog.relying_party(&id).cloned());
            let name =
                party.map_or_else(|| DisplayName::new(id, id), |party| display_name(&party, lang));
            ServiceFate { name, fate: fate(standing) }
        });
        let mut fates: Vec<_> = services.collect();
        if let Some(upstream) = &logout.upstream
            && matches!(upstream.standing, Standing::Out | Standing::Failed)
            && let Some(agency) = catalog.agency(&upstream.event.agency)
        {
            let id = agency.id.as_str();
            let name = DisplayName::new(agency.names.text(lang).unwrap_or_default(), id);
            fates.push(ServiceFate { name, fate: fate(upstream.standing) });
        }
        fates
    }

    /// The page at the end. `way` is the address that whoever wished the logout wants.
    pub(super) fn signed_out(&self, logout: &Logout, way: Option<&str>, lang: Lang) -> Page {
        let catalog = self.broker.catalog();
        let party = match &logout.begun_by {
            Beginner::RelyingParty { id, .. } => catalog.relying_party(id),
            Beginner::Person | Beginner::Source { .. } => None,
        };
        let back = party.and_then(|party| {
            let home = party.home.as_ref().map(url::Url::as_str);
            Some((display_name(party, lang), way.or(home)?.to_owned()))
        });
        Page::SignedOut(SignedOut {
            was_signed_in: true,
            services: self.fates(logout, lang),
            back,
            home: "/".to_owned(),
        })
    }
}

/// The page for a browser that has nothing to sign out of.
pub(super) fn nothing_to_do(back: Option<(DisplayName, String)>) -> Page {
    let home = "/".to_owned();
    Page::SignedOut(SignedOut { was_signed_in: false, services: Vec::new(), back, home })
}

fn worse(one: Standing, other: Standing) -> Standing {
    let badness = |standing| match standing {
        Standing::Out => 0,
        Standing::Told => 1,
        Standing::Waiting => 2,
        Standing::Mute => 3,
        Standing::Failed => 4,
    };
    if badness(other) > badness(one) { other } else { one }
}

fn fate(standing: Standing) -> Fate {
    match standing {
        Standing::Out => Fate::Out,
        Standing::Told => Fate::Told,
        Standing::Waiting => Fate::Waiting,
        Standing::Failed => Fate::Failed,
        Standing::Mute => Fate::Mute,
    }
}
