//! Tests of the ticket on its way through a login.

use idp_domain::{ReturnTicket, relying_party::Protocol};

use super::{Ticket, TicketError};
use crate::idp::{
    NameIdKind, ServiceProvider,
    testing::{ACS, RELAY_STATE, SP1, acs, ask, registered, sp1, sp1_role, sp2},
};

fn sealed() -> ReturnTicket {
    ask(|_| ()).unwrap().ticket
}

fn open_for(service_provider: &ServiceProvider) -> Result<Ticket, TicketError> {
    Ticket::open(&sealed(), service_provider)
}

#[test]
fn a_ticket_opens_as_it_was_sealed() {
    let ticket = open_for(&sp1()).unwrap();
    assert_eq!(ticket.acs(), ACS);
    assert_eq!(ticket.relay_state.as_deref(), Some(RELAY_STATE));
    assert_eq!(ticket.in_response_to.as_deref(), Some("_request-1"));
    assert_eq!(ticket.name_id(), NameIdKind::Persistent);
    assert_eq!(ticket.clone().seal(), sealed());
    assert!(!format!("{ticket:?}").contains("ss:mem"), "the relay state is not shown");
}

#[test]
fn a_sealed_ticket_is_short() {
    // It lies on the shelf with every login.
    let fixed = sealed().sealed.len() - SP1.len() - ACS.len() - RELAY_STATE.len();
    assert!(fixed < 80, "{}", sealed().sealed);
}

#[test]
fn idp_01_an_endpoint_that_was_withdrawn_during_the_login_gets_no_answer() {
    let moved = sp1_role(|role| role.acs = vec![acs(1, None, "https://sp1.example/new")]);
    assert_eq!(open_for(&registered(&moved)), Err(TicketError::Withdrawn));
}

#[test]
fn a_ticket_of_another_service_provider_does_not_open() {
    assert_eq!(open_for(&sp2()), Err(TicketError::OtherServiceProvider));
}

#[test]
fn what_is_no_ticket_does_not_open() {
    for sealed in ["", "{}", "null", "{\"p\":\"https://sp1.example/saml\"}"] {
        let ticket =
            ReturnTicket { protocol: Protocol::Saml, sealed: sealed.to_owned(), farewell: None };
        assert_eq!(Ticket::open(&ticket, &sp1()), Err(TicketError::NotOurs), "{sealed}");
    }
    let foreign = ReturnTicket { protocol: Protocol::Oidc, ..sealed() };
    assert_eq!(Ticket::open(&foreign, &sp1()), Err(TicketError::NotOurs));
}
