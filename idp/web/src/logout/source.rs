//! A source speaks of logout: it ends sessions of its own, and ours go with them, or it answers
//! what our browser took there. What it says is judged by its connector.

use axum::response::Response;
use idp_broker::SigningOut;
use idp_domain::{
    Fault, Refusal, SourceId,
    connector::{Confirmed, Ending, Heard, Message, Over, Said},
    logout::{Beginner, PATIENCE},
};
use idp_store::{
    journal::{Act, Outcome, Unit, UseOnce},
    sessions::Found,
};

use super::carry;
use crate::{App, answer::see_other, login::follow::Came, problem::Trouble, visit::Browser};

/// The name under which a source's words are marked as heard.
const HEARD: &str = "source_logout";

/// Why a source is not listened to.
pub(crate) enum Deaf {
    /// It cannot be believed; the trail knows why.
    Refused(Refusal),
    /// We failed.
    Fault(Fault),
}

impl From<Fault> for Deaf {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl App {
    /// A browser brings what a source says.
    pub(crate) async fn source_speaks(
        &self,
        source: &SourceId,
        message: Message,
        browser: &Browser,
    ) -> Response {
        match self.heard(source, message, browser).await {
            Ok(Word::Left { correlator, out }) => {
                self.source_left(source, &correlator, out, browser).await
            }
            Ok(Word::Over(over, sessions)) => {
                if sessions.is_empty() {
                    return self.nothing_ended(source, &over, browser).await;
                }
                let wish = ending(source, *over, sessions, true);
                self.sign_out(wish, browser, Came::ByLink).await
            }
            Err(deaf) => self.deaf(deaf, browser),
        }
    }

    /// A source says something on a connection of its own, and waits for the answer.
    pub(crate) async fn source_calls(
        &self,
        source: &SourceId,
        message: Message,
        browser: &Browser,
    ) -> Result<Confirmed, Deaf> {
        let visit = &browser.visit;
        let Word::Over(over, sessions) = self.heard(source, message, browser).await? else {
            let reason = "binding";
            return Err(self.unbelieved(source, refusal(reason), browser).await);
        };
        let asked = over.asked.clone();
        let ending = if sessions.is_empty() {
            Ending::Unknown
        } else {
            let wish = ending(source, *over, sessions, false);
            let (mut logout, underway) = self.broker.sign_out(wish, visit).await?;
            underway.wait(PATIENCE.as_duration()).await;
            self.broker.look_after(&mut logout).await?;
            logout.ending()
        };
        let Some(registered) = self.broker.catalog().source(source).cloned() else {
            return Ok(Confirmed::Nothing);
        };
        Ok(registered.connector.confirm(&asked, ending, visit.now).await?)
    }

    /// The page for what is not listened to.
    pub(crate) fn deaf(&self, deaf: Deaf, browser: &Browser) -> Response {
        match deaf {
            Deaf::Refused(refusal) => self.problem(&Trouble::refused(&refusal), &browser.visit),
            Deaf::Fault(fault) => self.faulted(&fault, &browser.visit),
        }
    }

    async fn heard(
        &self,
        source: &SourceId,
        message: Message,
        browser: &Browser,
    ) -> Result<Word, Deaf> {
        let now = browser.visit.now;
        let registered = self.broker.catalog().source(source).cloned();
        let registered = registered.filter(|it| it.source.enabled && it.agency.enabled);
        let Some(registered) = registered else {
            return Err(self.unbelieved(source, Refusal::SourceDisabled, browser).await);
        };
        match registered.connector.hear(Said { message, now }).await? {
            Heard::Left { correlator, out } => Ok(Word::Left { correlator, out }),
            Heard::Refused(refusal) => Err(self.unbelieved(source, refusal, browser).await),
            Heard::Over(over) => {
                if !self.hears_first(&over).await? {
                    return Err(self.unbelieved(source, refusal("replay"), browser).await);
                }
                let sessions = self.sessions_of(source, &over).await?;
                Ok(Word::Over(over, sessions))
            }
        }
    }

    /// Writes down that a source was not believed.
    async fn unbelieved(&self, source: &SourceId, refusal: Refusal, browser: &Browser) -> Deaf {
        match self.broker.turn_away(source, refusal, &browser.visit).await {
            Ok(refusal) => Deaf::Refused(refusal),
            Err(fault) => Deaf::Fault(fault),
        }
    }

    /// Whether the source has not said this before: of several nodes, one hears it first.
    async fn hears_first(&self, over: &Over) -> Result<bool, Fault> {
        let (key, until) = (over.once.key.clone(), over.once.until);
        let mark = Act::UseOnce(UseOnce { kind: HEARD, key, until });
        let unit = Unit::new(mark, Vec::new());
        Ok(self.broker.commit("marking a source's word", unit).await? == Outcome::Done)
    }

    /// The live sessions that rest on what this source now says is over.
    async fn sessions_of(&self, source: &SourceId, over: &Over) -> Result<Vec<Found>, Fault> {
        let known = &self.store.sessions;
        let failed = |error| Fault::new("finding the sessions of a source", error);
        let mut found: Vec<Found> = Vec::new();
        for name in &over.names {
            let sessions = known.of_person(source, &over.issuer, name, &over.marks).await;
            found.extend(sessions.map_err(failed)?);
        }
        if over.names.is_empty() {
            for mark in &over.marks {
                let sessions = known.of_mark(source, &over.issuer, mark).await;
                found.extend(sessions.map_err(failed)?);
            }
        }
        found.sort_by(|one, other| one.id.cmp(&other.id));
        found.dedup_by(|one, other| one.id == other.id);
        Ok(found)
    }

    async fn nothing_ended(&self, source: &SourceId, over: &Over, browser: &Browser) -> Response {
        let visit = &browser.visit;
        let Some(registered) = self.broker.catalog().source(source).cloned() else {
            return see_other("/");
        };
        match registered.connector.confirm(&over.asked, Ending::Unknown, visit.now).await {
            Ok(Confirmed::Browser(outbound)) => match carry::led(outbound) {
                Some(led) => self.lead(led, Came::ByLink, visit),
                None => see_other("/"),
            },
            Ok(_) => see_other("/"),
            Err(fault) => self.faulted(&fault, visit),
        }
    }
}

/// What a source said, and what it means here.
enum Word {
    Over(Box<Over>, Vec<Found>),
    Left { correlator: String, out: bool },
}

fn ending(source: &SourceId, over: Over, sessions: Vec<Found>, by_browser: bool) -> SigningOut {
    SigningOut {
        sessions,
        begun_by: Beginner::Source { id: source.clone(), asked: over.asked },
        spares: None,
        upstream: None,
        by_browser,
    }
}

fn refusal(reason: &'static str) -> Refusal {
    Refusal::SourceMisbehaved { reason, detail: "what it says of logout".to_owned() }
}
