//! Tests of the ticket on its way through a login.

use idp_domain::{ReturnTicket, relying_party::Protocol};

use super::{Ticket, TicketError};
use crate::op::{
    Client, ClientRegistration, ResponseMode,
    testing::{CALLBACK, ask, form, register, rp1},
};

fn sealed() -> ReturnTicket {
    ask(&[("resource", "https://api.example"), ("response_mode", "form_post")]).unwrap().ticket
}

fn open_for(client: &Client) -> Result<Ticket, TicketError> {
    Ticket::open(&sealed(), client)
}

#[test]
fn a_ticket_opens_as_it_was_sealed() {
    let ticket = open_for(&rp1()).unwrap();
    assert_eq!(ticket.way_back.redirect_uri.as_str(), CALLBACK);
    assert_eq!(ticket.way_back.state.as_deref(), Some("s t=a/t%e"));
    assert_eq!(ticket.way_back.mode, ResponseMode::FormPost);
    assert_eq!(ticket.nonce.as_deref(), Some("n-1"));
    assert_eq!(ticket.scopes.as_str(), "openid email");
    assert_eq!(ticket.resources, ["https://api.example"]);
    assert_eq!(ticket.clone().seal(), sealed());
}

#[test]
fn a_sealed_ticket_is_short() {
    // It lies on the shelf with every login.
    assert!(sealed().sealed.len() < 250, "{}", sealed().sealed);
}

#[test]
fn auz_12_what_was_withdrawn_during_the_login_gets_no_answer() {
    let moved =
        ClientRegistration { redirect_uris: vec!["https://rp1.example/new".to_owned()], ..form() };
    let query_only = ClientRegistration { response_modes: vec![ResponseMode::Query], ..form() };
    for form in [moved, query_only] {
        assert_eq!(open_for(&register("rp1", &form)), Err(TicketError::Withdrawn));
    }
}

#[test]
fn a_ticket_of_another_client_does_not_open() {
    assert_eq!(open_for(&register("rpx", &form())), Err(TicketError::OtherClient));
}

#[test]
fn what_is_no_ticket_does_not_open() {
    for sealed in ["", "{}", "null", "{\"c\":\"rp1\"}"] {
        let ticket =
            ReturnTicket { protocol: Protocol::Oidc, sealed: sealed.to_owned(), farewell: None };
        assert_eq!(Ticket::open(&ticket, &rp1()), Err(TicketError::NotOurs), "{sealed}");
    }
}
