//! Questions that a browser takes along, and their answers.

use axum::response::Response;
use idp_domain::{Fault, LogoutId, RelyingPartyId, SourceId};

use super::carry::TRIES;
use crate::{App, answer::see_other, visit::Browser};

/// A name for a question: unguessable, and it leads back to its logout. All of its letters may
/// stand in an ID of XML, though not the first of each.
pub(super) fn question(id: &LogoutId) -> Result<String, Fault> {
    let random = idp_broker::random::<16>()?;
    Ok(format!("q{id}.{}", LogoutId::from_random(random)))
}

/// The logout of a question.
pub(crate) fn logout_of(question: &str) -> Option<LogoutId> {
    question.strip_prefix('q')?.split_once('.')?.0.parse().ok()
}

impl App {
    /// A relying party says whether the person is signed out there. Whether it was asked that.
    pub(crate) async fn party_answers(
        &self,
        id: &LogoutId,
        party: &RelyingPartyId,
        question: &str,
        out: bool,
        browser: &Browser,
    ) -> Result<bool, Fault> {
        let visit = &browser.visit;
        for _ in 0..TRIES {
            let Some(held) = self.broker.logout(id, visit.now).await? else { return Ok(false) };
            let mut logout = held.value;
            let Some(leaving) = logout.answers(party, question, out).cloned() else {
                return Ok(false);
            };
            if self.broker.keep_logout_on(&logout, &held.version).await? {
                self.broker.heard_by_browser(&leaving, leaving.standing, visit).await?;
                return Ok(true);
            }
        }
        Err(Fault::broken("noting an answer while others do"))
    }

    /// The source says whether the person is signed out there.
    pub(crate) async fn source_left(
        &self,
        source: &SourceId,
        question: &str,
        out: bool,
        browser: &Browser,
    ) -> Response {
        let visit = &browser.visit;
        let Some(id) = logout_of(question) else {
            return self.inbound_rejected(source, "in_response_to", visit).await;
        };
        for _ in 0..TRIES {
            let held = match self.broker.logout(&id, visit.now).await {
                Ok(Some(held)) => held,
                Ok(None) => break,
                Err(fault) => return self.faulted(&fault, visit),
            };
            let mut logout = held.value;
            let asked = logout.upstream.as_ref().map(|it| &it.event.identity.source);
            if asked != Some(source) || !logout.source_answers(question, out) {
                break;
            }
            match self.broker.keep_logout_on(&logout, &held.version).await {
                Ok(true) => return see_other(&format!("/logout/{id}/on")),
                Ok(false) => {}
                Err(fault) => return self.faulted(&fault, visit),
            }
        }
        self.inbound_rejected(source, "in_response_to", visit).await
    }
}
