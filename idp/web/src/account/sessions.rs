//! The page of sessions: where somebody is signed in, and signed in lately.

use std::net::IpAddr;

use axum::{extract::State, response::Response};
use idp_domain::{Fault, Timestamp, relying_party::Protocol};
use idp_store::sessions::Listed;
use ipnet::IpNet;

use super::{
    Place,
    lists::{self, Newest},
    owner::Owner,
    shown,
};
use crate::{
    App,
    page::{
        DisplayName,
        context::{
            AccountPage,
            account::{SessionRow, Sessions, SignInRow, When},
        },
    },
    problem::display_name,
};

/// `GET /account/sessions`
pub(crate) async fn show(State(app): State<App>, owner: Owner) -> Response {
    let page = sessions(&app, &owner).await.map(AccountPage::Sessions);
    shown(&app, page, &owner, Place::Sessions)
}

async fn sessions(app: &App, owner: &Owner) -> Result<Sessions, Fault> {
    let visit = &owner.browser.visit;
    let Newest { items: live, cut: live_cut } = lists::live(app, owner).await?;
    let Newest { items: recent, cut: recent_cut } = lists::recent(app, owner).await?;
    let is_open = |listed: &Listed| live.iter().any(|open| open.id == listed.id);
    let here = live.iter().find(|listed| listed.id == owner.live.session.id);
    let others = live.iter().filter(|listed| listed.id != owner.live.session.id);
    Ok(Sessions {
        done: owner.desk().say().await?,
        here: here.map_or_else(|| own_row(owner), |listed| row(app, listed, owner)),
        others: others.map(|listed| row(app, listed, owner)).collect(),
        live_cut,
        recent: recent.iter().map(|listed| sign_in(app, listed, is_open(listed), visit)).collect(),
        recent_cut,
        form: owner.form(Place::Sessions.path()),
    })
}

fn row(app: &App, listed: &Listed, owner: &Owner) -> SessionRow {
    let visit = &owner.browser.visit;
    let catalog = app.broker.catalog();
    let services = listed.services.iter().filter_map(|service| {
        let party = catalog.relying_party(&service.relying_party)?;
        (party.protocol != Protocol::Own).then(|| display_name(party, visit.lang))
    });
    let mut services: Vec<_> = services.collect();
    services.dedup();
    SessionRow {
        id: listed.id.to_string(),
        browser: browser(&listed.browser),
        network: network(&listed.address),
        since: When::new(listed.started_at, visit.now),
        used: When::new(listed.used_at.max(listed.started_at), visit.now),
        services,
        shared: listed.shared,
    }
}

/// The session of this browser, where the list does not have it: by what is known of it here.
fn own_row(owner: &Owner) -> SessionRow {
    let (visit, session) = (&owner.browser.visit, &owner.live.session);
    SessionRow {
        id: session.id.to_string(),
        browser: browser(&visit.browser),
        network: network(&visit.address.to_string()),
        since: When::new(session.started_at, visit.now),
        used: When::new(visit.now, visit.now),
        services: Vec::new(),
        shared: session.shared,
    }
}

fn sign_in(app: &App, listed: &Listed, open: bool, visit: &idp_broker::Visit) -> SignInRow {
    let catalog = app.broker.catalog();
    let agency = listed.agency.as_ref().and_then(|id| catalog.agency(id));
    SignInRow {
        at: When::new(began(listed), visit.now),
        browser: browser(&listed.browser),
        network: network(&listed.address),
        agency: agency.and_then(|agency| agency.names.text(visit.lang)).map(str::to_owned),
        open,
    }
}

fn began(listed: &Listed) -> Timestamp {
    listed.started_at
}

fn browser(label: &str) -> Option<DisplayName> {
    (!label.is_empty()).then(|| DisplayName::new(label, "?"))
}

/// The network that an address is in, as wide as one place has at most: nobody learns here where
/// exactly somebody was.
fn network(address: &str) -> Option<DisplayName> {
    let address = address.parse::<IpAddr>().ok()?.to_canonical();
    let width = if address.is_ipv4() { 24 } else { 48 };
    let network = IpNet::new(address, width).ok()?.trunc();
    Some(DisplayName::new(&network.to_string(), "?"))
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn an_address_is_told_as_its_network() {
        let shown = |address| network(address).map(|name| name.to_string());
        assert_eq!(shown("192.0.2.77").as_deref(), Some("192.0.2.0/24"));
        assert_eq!(shown("::ffff:192.0.2.77").as_deref(), Some("192.0.2.0/24"));
        assert_eq!(shown("2001:db8:12:3456::9").as_deref(), Some("2001:db8:12::/48"));
        assert_eq!([shown(""), shown("<b>"), shown("192.0.2.0/24")], [None, None, None]);
    }
}
