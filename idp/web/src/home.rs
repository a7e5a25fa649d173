//! The front door.

use axum::{extract::State, response::Response};
use idp_domain::{AttributeName, relying_party::Protocol};

use crate::{
    App,
    page::{
        Form, Home, Page,
        context::{Person, ServiceRow},
    },
    problem::display_name,
    visit::Browser,
};

/// `GET /`
pub(crate) async fn home(State(app): State<App>, browser: Browser) -> Response {
    let visit = &browser.visit;
    let catalog = app.broker.catalog();
    let person = visit.session.as_ref().and_then(|live| {
        let event = live.session.latest()?;
        let said = &event.identity.attributes;
        let of = |name| {
            AttributeName::parse(name).and_then(|name| said.single(&name).map(str::to_owned))
        };
        let name =
            of("displayName").or_else(|| of("mail")).or_else(|| of("eduPersonPrincipalName"));
        let agency = catalog.agency(&event.agency)?.names.text(visit.lang)?.to_owned();
        Some(Person { name: name.unwrap_or_else(|| agency.clone()), agency })
    });
    let participants = visit.session.iter().flat_map(|live| &live.session.participants);
    let services = participants.filter_map(|participant| {
        let party = catalog.relying_party(&participant.relying_party)?;
        if party.protocol == Protocol::Own {
            return None;
        }
        let href = party.initiate.as_ref().or(party.home.as_ref())?;
        let agency = catalog.agency(&party.agency)?.names.text(visit.lang);
        Some(ServiceRow {
            name: display_name(party, visit.lang),
            href: href.as_str().to_owned(),
            agency: agency.map(str::to_owned),
        })
    });
    let services = services.collect();
    let sign_out = visit.session.as_ref().map(|_| Form::to("/logout"));
    app.page_for(&Page::Home(Home { person, services, sign_out }), &browser, "/")
}
