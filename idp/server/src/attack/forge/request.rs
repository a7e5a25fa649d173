//! Requests and logouts, as a service provider or an agency would send them.

use idp_domain::Timestamp;
use idp_saml::{
    binding::{Kind, redirect},
    xml::{Markup, ns, write_instant},
};

use super::{Forger, id, name_id, text};
use crate::attack::{
    error::ForgeError,
    stage::{Door, Stage},
};

/// A service provider that asks without a signature.
pub(in crate::attack) struct Requester<'a> {
    /// Its name.
    pub(in crate::attack) entity_id: &'a str,
    /// The node.
    pub(in crate::attack) stage: &'a Stage,
    /// The time.
    pub(in crate::attack) now: Timestamp,
}

impl Requester<'_> {
    /// The address that asks for nothing special.
    pub(in crate::attack) fn honest(&self, door: Door) -> Result<String, ForgeError> {
        let place = self.stage.place(door);
        let place = place.ok_or(ForgeError::NotHere("the node has no such endpoint"))?;
        let request = message("AuthnRequest", place, self.entity_id, self.now)?;
        Ok(redirect::write_unsigned(place, Kind::Request, &request.to_canonical(), None))
    }
}

/// A message of this name, for this place, of this sender; nothing stands in it yet.
fn message(
    local: &'static str,
    place: &str,
    entity_id: &str,
    now: Timestamp,
) -> Result<Markup, ForgeError> {
    Ok(Markup::new(ns::SAMLP, local)
        .attr("ID", id()?)
        .attr("Version", "2.0")
        .attr("IssueInstant", write_instant(now))
        .attr("Destination", place)
        .child(Markup::new(ns::SAML, "Issuer").text(entity_id)))
}

impl Forger<'_> {
    /// A request for a login, for this door.
    pub(in crate::attack) fn request(
        &self,
        door: Door,
        entity_id: &str,
    ) -> Result<Markup, ForgeError> {
        message("AuthnRequest", self.place(door)?, entity_id, self.now)
    }

    /// A request for a logout of the victim, for this door.
    pub(in crate::attack) fn logout(&self, door: Door) -> Result<Markup, ForgeError> {
        let sender = if door.is_of_the_source() { self.agency() } else { self.any_provider() };
        let request = message("LogoutRequest", self.place(door)?, &sender, self.now)?;
        Ok(request.child(name_id(super::VICTIM)))
    }

    /// An answer that a logout is done, for this door, to a request of this ID.
    pub(in crate::attack) fn logged_out(
        &self,
        door: Door,
        in_response_to: &str,
    ) -> Result<Markup, ForgeError> {
        let sender = if door.is_of_the_source() { self.agency() } else { self.any_provider() };
        let code = Markup::new(ns::SAMLP, "StatusCode")
            .attr("Value", format!("{}Success", super::words::STATUS));
        let response = message("LogoutResponse", self.place(door)?, &sender, self.now)?;
        Ok(response
            .attr("InResponseTo", in_response_to)
            .child(Markup::new(ns::SAMLP, "Status").child(code)))
    }

    /// The address that brings a message signed by the attacker.
    pub(in crate::attack) fn signed_query(
        &self,
        door: Door,
        kind: Kind,
        message: &Markup,
        relay_state: Option<&str>,
    ) -> Result<String, ForgeError> {
        let (place, xml) = (self.place(door)?, message.to_canonical());
        let alg = self.key.default_alg();
        Ok(redirect::write(place, kind, &xml, relay_state, self.key, alg)?)
    }

    /// The text of a message signed by the attacker.
    pub(in crate::attack) fn signed_text(&self, message: Markup) -> Result<String, ForgeError> {
        text(&self.sign(message)?)
    }
}
