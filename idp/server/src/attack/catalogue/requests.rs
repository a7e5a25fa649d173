//! IDP: requests that no service provider has made.

use idp_saml::binding::{Kind, redirect};

use super::{Entry, at};
use crate::attack::{
    browser::Sent,
    error::ForgeError,
    forge::{EVIL, Forger, text},
    stage::Door,
};

#[rustfmt::skip]
pub(super) static ENTRIES: &[Entry] = &[
    at(Door::SsoRedirect, "IDP-01", "to be answered at an attacker's address", |f| to_be_answered_at(f, &format!("{EVIL}/acs"))),
    at(Door::SsoRedirect, "IDP-01", "to be answered by a script", |f| to_be_answered_at(f, "javascript:alert('attack-test')")),
    at(Door::SsoRedirect, "IDP-01", "to be answered at an empty address", |f| to_be_answered_at(f, "")),
    at(Door::SsoRedirect, "IDP-01", "to be answered at an address of a number that there is not", |f| {
        let request = f.request(Door::SsoRedirect, f.provider()?)?;
        f.bring(Door::SsoRedirect, Kind::Request, text(&request.attr("AssertionConsumerServiceIndex", "65535"))?)
    }),
    at(Door::SsoRedirect, "IDP-03", "unsigned, though requests are signed", |f| {
        if f.provider.is_some_and(|(_, is_free)| *is_free) {
            return Err(ForgeError::NotHere("the service provider need not sign"));
        }
        let request = f.request(Door::SsoRedirect, f.provider()?)?;
        f.bring(Door::SsoRedirect, Kind::Request, text(&request)?)
    }),
    at(Door::SsoRedirect, "IDP-03", "signed by an attacker", |f| {
        let request = f.request(Door::SsoRedirect, f.provider()?)?;
        Ok(Sent::Query(f.signed_query(Door::SsoRedirect, Kind::Request, &request, None)?))
    }),
    at(Door::SsoPost, "IDP-03", "signed by an attacker, by form", |f| {
        let request = f.request(Door::SsoPost, f.provider()?)?;
        f.bring(Door::SsoPost, Kind::Request, f.signed_text(request)?)
    }),
    at(Door::SsoRedirect, "IDP-03", "signed over other bytes", |f| {
        let request = f.request(Door::SsoRedirect, f.provider()?)?;
        let url = f.signed_query(Door::SsoRedirect, Kind::Request, &request, Some("one"))?;
        Ok(Sent::Query(url.replacen("RelayState=one", "RelayState=two", 1)))
    }),
    at(Door::SsoRedirect, "IDP-03", "signed by no algorithm", |f| {
        let (place, request) = (f.place(Door::SsoRedirect)?, f.request(Door::SsoRedirect, f.provider()?)?);
        let url = redirect::write_unsigned(place, Kind::Request, &request.to_canonical(), None);
        Ok(Sent::Query(url + "&SigAlg=none&Signature=AAAA"))
    }),
    at(Door::SsoRedirect, "IDP-04", "of a service provider that nobody knows", |f| issued_by(f, &format!("{EVIL}/sp"))),
    at(Door::SsoRedirect, "IDP-04", "of a service provider with a name of 10,240 letters", |f| {
        issued_by(f, &format!("{EVIL}/{}", "x".repeat(10_240)))
    }),
    at(Door::SsoRedirect, "IDP-04", "of the node itself", |f| issued_by(f, &f.stage.entity_id)),
    at(Door::SsoRedirect, "IDP-04", "of a service provider spelt in capitals", |f| {
        let provider = f.provider()?;
        let other = provider.to_uppercase();
        if other == provider {
            return Err(ForgeError::NotHere("its name is written in capitals"));
        }
        issued_by(f, &other)
    }),
];

fn to_be_answered_at(f: &Forger<'_>, acs: &str) -> Result<Sent, ForgeError> {
    let request = f.request(Door::SsoRedirect, f.provider()?)?;
    let request = request.attr("AssertionConsumerServiceURL", acs);
    f.bring(Door::SsoRedirect, Kind::Request, text(&request)?)
}

fn issued_by(f: &Forger<'_>, entity_id: &str) -> Result<Sent, ForgeError> {
    let request = f.request(Door::SsoRedirect, entity_id)?;
    f.bring(Door::SsoRedirect, Kind::Request, text(&request)?)
}
