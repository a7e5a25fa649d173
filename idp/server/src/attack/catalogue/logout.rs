//! SLO: logouts that nobody may ask for, and answers to questions that nobody has asked.

use idp_saml::binding::Kind;

use super::{Entry, at};
use crate::attack::{
    browser::Sent,
    error::ForgeError,
    forge::{EVIL, Forger, text},
    stage::Door,
};

#[rustfmt::skip]
pub(super) static ENTRIES: &[Entry] = &[
    at(Door::SloRedirect, "SLO-01", "a service's logout that nobody signed, by address", |f| unsigned(f, Door::SloRedirect)),
    at(Door::SloPost, "SLO-01", "a service's logout that nobody signed, by form", |f| unsigned(f, Door::SloPost)),
    at(Door::SloSoap, "SLO-01", "a service's logout that nobody signed, by SOAP", |f| unsigned(f, Door::SloSoap)),
    at(Door::SloRedirect, "SLO-01", "a service's logout that an attacker signed, by address", |f| signed_by_address(f, Door::SloRedirect)),
    at(Door::SloPost, "SLO-01", "a service's logout that an attacker signed, by form", |f| signed(f, Door::SloPost)),
    at(Door::SloSoap, "SLO-01", "a service's logout that an attacker signed, by SOAP", |f| signed(f, Door::SloSoap)),
    at(Door::SpSloRedirect, "SLO-01", "the agency's logout that nobody signed, by address", |f| unsigned(f, Door::SpSloRedirect)),
    at(Door::SpSloPost, "SLO-01", "the agency's logout that an attacker signed, by form", |f| signed(f, Door::SpSloPost)),
    at(Door::SpSloSoap, "SLO-01", "the agency's logout that an attacker signed, by SOAP", |f| signed(f, Door::SpSloSoap)),
    at(Door::SloRedirect, "SLO-02", "a service's word that somebody is out, unsigned", |f| {
        let response = f.logged_out(Door::SloRedirect, "_attack-test")?;
        f.bring(Door::SloRedirect, Kind::Response, text(&response)?)
    }),
    at(Door::SloPost, "SLO-02", "a service's word that somebody is out, signed by an attacker", |f| {
        let response = f.logged_out(Door::SloPost, "_attack-test")?;
        f.bring(Door::SloPost, Kind::Response, f.signed_text(response)?)
    }),
    at(Door::SpSloRedirect, "SLO-02", "the agency's word that somebody is out, signed by an attacker", |f| {
        let response = f.logged_out(Door::SpSloRedirect, "_attack-test")?;
        Ok(Sent::Query(f.signed_query(Door::SpSloRedirect, Kind::Response, &response, None)?))
    }),
    at(Door::SloRedirect, "SLO-05", "an answer to no question, with an address for a relay state", |f| {
        let response = f.logged_out(Door::SloRedirect, "_nobody-asked-attack-test")?;
        Ok(Sent::Query(f.signed_query(Door::SloRedirect, Kind::Response, &response, Some(EVIL))?))
    }),
];

fn unsigned(f: &Forger<'_>, door: Door) -> Result<Sent, ForgeError> {
    f.bring(door, Kind::Request, text(&f.logout(door)?)?)
}

fn signed(f: &Forger<'_>, door: Door) -> Result<Sent, ForgeError> {
    let request = f.logout(door)?;
    f.bring(door, Kind::Request, f.signed_text(request)?)
}

fn signed_by_address(f: &Forger<'_>, door: Door) -> Result<Sent, ForgeError> {
    let request = f.logout(door)?;
    Ok(Sent::Query(f.signed_query(door, Kind::Request, &request, None)?))
}
