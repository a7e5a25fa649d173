//! Sign-ins that begin with us: no request, and so no word of the service provider but its
//! registration.

use idp_domain::{AuthnRequest, Demand, Timestamp, transaction::Hints};

use super::{Declined, PageError, ServiceProvider, Ticket, receive::wished};

/// Makes a wish for a login at `service_provider`, where it is registered for that.
///
/// `acs` must be one of its endpoints, character for character; none means its default one.
/// `target` is told it as `RelayState`.
//= saml-profiles#4.1.5-1
pub fn unsolicited(
    service_provider: &ServiceProvider,
    acs: Option<&str>,
    target: Option<&str>,
    now: Timestamp,
) -> Result<AuthnRequest, Declined> {
    let page = |slug, detail: &str| {
        let service_provider = Some(service_provider.id.clone());
        Declined::Page(PageError { slug, detail: detail.to_owned(), service_provider })
    };
    if !service_provider.unsolicited {
        return Err(page("unsolicited", "sign-ins of this service provider begin there alone"));
    }
    if service_provider.is_expired(now) {
        return Err(page("metadata_expired", "the metadata of the service provider has expired"));
    }
    if target.is_some_and(|target| target.len() > super::checks::MAX_RELAY_STATE) {
        return Err(page("relay_state", "the target is longer than 2,048 bytes"));
    }
    let endpoints = service_provider.acs();
    let acs = match acs {
        Some(url) => endpoints.at(url),
        None => endpoints.default(),
    };
    let acs = acs.ok_or_else(|| page("acs_unknown", "the endpoint is none of the metadata"))?;
    let wish = service_provider.wish(&[], None);
    if !wish.is_short() {
        return Err(page("requested_values", "the metadata wants too many attribute values"));
    }
    let ticket = Ticket {
        service_provider: service_provider.id.clone(),
        acs: acs.location.as_str().to_owned(),
        in_response_to: None,
        relay_state: target.map(str::to_owned),
        name_id: service_provider.name_id,
        values: wish.values.clone(),
    };
    Ok(wished(service_provider, ticket, wish, Demand::default(), Hints::default()))
}
