//! The beginning and the end of a logout: sessions are over at once, and whoever wished that is
//! answered once everybody else was told.

use axum::response::Response;
use idp_broker::SigningOut;
use idp_domain::{
    RelyingPartyId, Timestamp,
    connector::Confirmed,
    logout::{Beginner, Logout, Step},
    relying_party::Protocol,
};

use super::{FIRST_PAGE, carry::led, clear, clear_shared};
use crate::{
    App, answer::see_other, login::follow::Came, oidc::answer::Led, problem::chain, saml,
    visit::Browser,
};

impl App {
    /// Ends sessions at the wish of somebody whose browser is here, and leads it on.
    pub(crate) async fn sign_out(
        &self,
        mut wish: SigningOut,
        browser: &Browser,
        came: Came,
    ) -> Response {
        let visit = &browser.visit;
        let own = visit
            .session
            .as_ref()
            .filter(|live| wish.sessions.iter().any(|session| session.id == live.session.id));
        if let Some(live) = own {
            wish.upstream = live.session.latest().cloned();
        }
        let (mut logout, underway) = match self.broker.sign_out(wish, visit).await {
            Ok(begun) => begun,
            Err(fault) => return self.faulted(&fault, visit),
        };
        if let Some(live) = own {
            self.broker.forget(live).await;
        }
        if matches!(logout.advance(visit.now), Step::Wait { .. }) {
            // Nothing is left for the browser to do, and most answers take no time.
            underway.wait(FIRST_PAGE).await;
        }
        // The session is over whatever happens from here on.
        if let Err(fault) = self.broker.look_after(&mut logout).await {
            tracing::warn!(error = %chain(&fault), "a logout cannot be followed");
        }
        // A browser whose cookies were left out of this request brings them with the next.
        let may_end = own.is_some() && came != Came::ByForm && awaits_answer(&logout);
        let mut response = if may_end && logout.advance(visit.now) == Step::Answer {
            self.conclude(&logout, browser, came).await
        } else if let Err(fault) = self.broker.keep_logout(&logout).await {
            tracing::warn!(error = %chain(&fault), "a logout cannot be carried on");
            self.page(&self.signed_out(&logout, None, visit.lang), visit, None)
        } else {
            // The answer to a form of ours may not lead away; a page of ours may.
            let on = if came == Came::ByForm { "" } else { "/on" };
            see_other(&format!("/logout/{}{on}", logout.id))
        };
        match own {
            Some(live) if live.session.shared => clear_shared(self, &mut response),
            Some(_) => clear(self, &mut response),
            None => {}
        }
        response
    }

    /// Answers whoever wished the logout.
    pub(super) async fn conclude(
        &self,
        logout: &Logout,
        browser: &Browser,
        came: Came,
    ) -> Response {
        let visit = &browser.visit;
        let led = match &logout.begun_by {
            Beginner::RelyingParty { id, answer: Some(answer) } => {
                self.answer_party(logout, id, answer, visit.now)
            }
            Beginner::Source { id, asked } => {
                let source = self.broker.catalog().source(id).cloned();
                let Some(source) = source else { return self.end(logout, None, browser) };
                match source.connector.confirm(asked, logout.ending(), visit.now).await {
                    Ok(Confirmed::Browser(outbound)) => led(outbound),
                    Ok(_) => None,
                    Err(fault) => return self.faulted(&fault, visit),
                }
            }
            Beginner::Person | Beginner::RelyingParty { .. } => None,
        };
        match led {
            // A person who must know something, or whose browser may not be led away, goes by a
            // link.
            Some(Led::To(way)) if came == Came::ByForm || self.must_show(logout) => {
                self.end(logout, Some(&way), browser)
            }
            Some(led) => self.lead(led, came, visit),
            None => self.end(logout, None, browser),
        }
    }

    /// Whether the person must see how it went. Other protocols tell the relying party.
    pub(super) fn must_show(&self, logout: &Logout) -> bool {
        let Beginner::RelyingParty { id, .. } = &logout.begun_by else { return false };
        let catalog = self.broker.catalog();
        let party = catalog.relying_party(id);
        party.is_some_and(|party| party.protocol == Protocol::Oidc) && logout.has_failed()
    }

    /// Whether the end is a message that the browser takes away, and no page.
    pub(super) fn must_lead_away(&self, logout: &Logout) -> bool {
        match &logout.begun_by {
            Beginner::RelyingParty { id, answer: Some(_) } => {
                let catalog = self.broker.catalog();
                let party = catalog.relying_party(id);
                party.is_some_and(|party| party.protocol == Protocol::Saml)
            }
            Beginner::Source { .. } => true,
            Beginner::Person | Beginner::RelyingParty { answer: None, .. } => false,
        }
    }

    fn answer_party(
        &self,
        logout: &Logout,
        id: &RelyingPartyId,
        answer: &str,
        now: Timestamp,
    ) -> Option<Led> {
        match self.broker.catalog().relying_party(id)?.protocol {
            Protocol::Oidc => Some(Led::To(answer.to_owned())),
            Protocol::Saml => saml::farewell::answer(self, id, answer, logout.ending(), now),
            Protocol::Own => None,
        }
    }

    fn end(&self, logout: &Logout, way: Option<&str>, browser: &Browser) -> Response {
        let page = self.signed_out(logout, way, browser.visit.lang);
        self.page_for(&page, browser, &format!("/logout/{}", logout.id))
    }
}

/// Whether somebody else than the person wants to know how it went.
pub(super) fn awaits_answer(logout: &Logout) -> bool {
    match &logout.begun_by {
        Beginner::RelyingParty { answer, .. } => answer.is_some(),
        Beginner::Source { .. } => true,
        Beginner::Person => false,
    }
}
