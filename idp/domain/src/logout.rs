//! Logouts: a session is over, and all who were told of it hear so, as does who vouched for it.
//!
//! Pure. The session itself has ended before a logout exists: nothing here can hold that up.
//!
//! Length: the machine and its states belong together; its tests stand apart.

use serde::{Deserialize, Serialize};

use crate::{
    AccountId, AuthenticationEvent, Kept, Lifetime, LogoutId, RelyingPartyId, SessionId, SourceId,
    Timestamp, connector::Ending,
};

/// How long one participant may take to answer.
pub const PATIENCE: Lifetime = Lifetime::seconds(3);

/// How long a browser may take to carry a logout to all who are told through it.
pub const LIFETIME: Lifetime = Lifetime::minutes(10);

/// The pauses after each attempt to tell a participant that failed; then it is given up. A
/// service's own session seldom lives longer than they are together.
const PAUSES: [Lifetime; 3] = [Lifetime::minutes(1), Lifetime::minutes(30), Lifetime::hours(12)];

/// How long to wait before a participant is told again, when `tries` have failed; `None` when
/// enough was tried.
#[must_use]
pub fn pause_after(tries: u32) -> Option<Lifetime> {
    PAUSES.get(usize::try_from(tries).ok()?.checked_sub(1)?).copied()
}

/// That a session is over, to be told to one participant: durable until it is settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The session that is over.
    pub session: SessionId,
    /// Whose it was.
    pub account: AccountId,
    /// Who has to be told.
    pub relying_party: RelyingPartyId,
    /// What its protocol remembers for this day.
    pub farewell: Option<String>,
    /// How often it was tried, this time included.
    pub tries: u32,
}

/// How a participant can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// By us, server to server; the browser has no part in it.
    Back,
    /// In a frame of a page of ours, which cannot tell whether it was heard.
    Frame,
    /// By the browser, which goes there and comes back with the answer.
    Visit,
    /// Not at all.
    None,
}

/// Where a participant stands in a logout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It has not answered, and may not have been asked.
    Waiting,
    /// It was told in a way that has no answer.
    Told,
    /// It says that the person is signed out there.
    Out,
    /// It did not answer in time, or said that it could not.
    Failed,
    /// It cannot be told.
    Mute,
}

impl Standing {
    const ALL: [Self; 5] = [Self::Waiting, Self::Told, Self::Out, Self::Failed, Self::Mute];

    /// Its stable name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Told => "told",
            Self::Out => "out",
            Self::Failed => "failed",
            Self::Mute => "mute",
        }
    }

    /// The standing of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == name)
    }
}

/// A question that the browser took along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its name, to be found in the answer.
    pub name: String,
    /// When it left.
    pub at: Timestamp,
}

/// A participant that is being told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    /// The session that it took part in.
    pub session: SessionId,
    /// Who it is.
    pub relying_party: RelyingPartyId,
    /// What its protocol remembers for this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub farewell: Option<String>,
    /// How it is told.
    pub way: Way,
    /// How it is told if that fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Way>,
    /// Where it stands.
    pub standing: Standing,
    /// What the browser took there, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Question>,
}

/// The source that vouched for the person, and is told too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upstream {
    /// What it vouched for.
    pub event: AuthenticationEvent,
    /// Where it stands.
    pub standing: Standing,
    /// What the browser took there, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Question>,
}

/// Who wished that the person be signed out, and how they are answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beginner {
    /// The person, who is shown how it went.
    Person,
    /// A relying party.
    RelyingParty {
        /// Which one.
        id: RelyingPartyId,
        /// How its protocol answers it; without, the person is shown how it went.
        answer: Option<String>,
    },
    /// The source that vouched.
    Source {
        /// Which one.
        id: SourceId,
        /// How its connector answers it.
        asked: Kept,
    },
}

/// A logout that a browser carries on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logout {
    /// Its name. Not a secret: it shows nothing without the browser binding.
    pub id: LogoutId,
    /// The browser that carries it: the first that comes with its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binding: Option<String>,
    /// That browser had one of the sessions. Any other is led to nobody and shown nobody: which
    /// services a person visits, and what they are called there, is not for those to know who may
    /// end a session.
    #[serde(default)]
    pub own: bool,
    /// The sessions that have ended.
    pub sessions: Vec<SessionId>,
    /// Who wished it.
    pub begun_by: Beginner,
    /// Who has to be told.
    pub leaving: Vec<Leaving>,
    /// The source, where it is to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream: Option<Upstream>,
    /// When it began.
    pub begun_at: Timestamp,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The browser loads the frames of all who are told so.
    Frames,
    /// The browser goes to this participant.
    Visit(usize),
    /// The browser goes to the source.
    Upstream,
    /// Somebody may still answer.
    Wait {
        /// Until then at the latest.
        until: Timestamp,
    },
    /// All is done that can be: whoever wished the logout is answered.
    Answer,
}

impl Logout {
    /// What comes next at `now`. Who has kept us waiting for too long is waited for no more.
    ///
    /// The back channel is under way since the beginning; meanwhile the browser does its part.
    pub fn advance(&mut self, now: Timestamp) -> Step {
        let begun_at = self.begun_at;
        for leaving in &mut self.leaving {
            let asked_at = match leaving.way {
                Way::Back => Some(begun_at),
                Way::Visit => leaving.question.as_ref().map(|question| question.at),
                Way::Frame | Way::None => None,
            };
            lose_patience(&mut leaving.standing, asked_at, now);
            leaving.try_otherwise();
        }
        if let Some(upstream) = &mut self.upstream {
            let asked_at = upstream.question.as_ref().map(|question| question.at);
            lose_patience(&mut upstream.standing, asked_at, now);
        }
        self.next()
    }

    fn next(&self) -> Step {
        let waiting = |way| {
            self.leaving.iter().enumerate().filter(move |(_, leaving)| {
                leaving.way == way && leaving.standing == Standing::Waiting
            })
        };
        if waiting(Way::Frame).next().is_some() {
            return Step::Frames;
        }
        if let Some((place, leaving)) = waiting(Way::Visit).next() {
            return match &leaving.question {
                None => Step::Visit(place),
                Some(question) => Step::Wait { until: question.at + PATIENCE },
            };
        }
        if let Some(upstream) = &self.upstream
            && upstream.standing == Standing::Waiting
        {
            return match &upstream.question {
                None => Step::Upstream,
                Some(question) => Step::Wait { until: question.at + PATIENCE },
            };
        }
        if waiting(Way::Back).next().is_some() {
            return Step::Wait { until: self.begun_at + PATIENCE };
        }
        Step::Answer
    }

    /// The frames were shown.
    pub fn framed(&mut self) {
        for leaving in &mut self.leaving {
            if leaving.way == Way::Frame && leaving.standing == Standing::Waiting {
                leaving.standing = Standing::Told;
            }
        }
    }

    /// The browser that carries it had none of the sessions, so nobody is told by it. Returns those
    /// who would have been.
    pub fn is_strangers(&mut self) -> Vec<Leaving> {
        self.leaving.iter_mut().for_each(|leaving| leaving.otherwise = None);
        let by_browser = self.leaving.iter_mut().filter(|leaving| {
            matches!(leaving.way, Way::Frame | Way::Visit) && leaving.standing == Standing::Waiting
        });
        let untold = by_browser.map(|leaving| {
            leaving.standing = Standing::Failed;
            leaving.clone()
        });
        untold.collect()
    }

    /// The browser goes to the participant at `place`, with a question of this name.
    pub fn visits(&mut self, place: usize, name: String, now: Timestamp) {
        if let Some(leaving) = self.leaving.get_mut(place) {
            leaving.question = Some(Question { name, at: now });
        }
    }

    /// The browser goes to the source, with a question of this name.
    pub fn goes_upstream(&mut self, name: String, now: Timestamp) {
        if let Some(upstream) = &mut self.upstream {
            upstream.question = Some(Question { name, at: now });
        }
    }

    /// The source cannot be told by the browser.
    pub fn upstream_is_mute(&mut self) {
        if let Some(upstream) = &mut self.upstream {
            upstream.standing = Standing::Mute;
        }
    }

    /// The participant at `place` cannot be told by the browser.
    pub fn is_mute(&mut self, place: usize) {
        if let Some(leaving) = self.leaving.get_mut(place) {
            leaving.standing = Standing::Mute;
        }
    }

    /// `relying_party` answers the question of this name: it is signed out there, or not. `None`
    /// unless it was asked that question, and has not answered before. A late answer counts.
    pub fn answers(
        &mut self,
        relying_party: &RelyingPartyId,
        name: &str,
        out: bool,
    ) -> Option<&Leaving> {
        let leaving = self.leaving.iter_mut().find(|leaving| {
            leaving.relying_party == *relying_party
                && leaving.question.as_ref().is_some_and(|question| question.name == name)
        })?;
        leaving.question = None;
        leaving.standing = if out { Standing::Out } else { Standing::Failed };
        Some(leaving)
    }

    /// The source answers the question of this name. Whether it was asked that question, and has
    /// not answered before.
    pub fn source_answers(&mut self, name: &str, out: bool) -> bool {
        let asked = self.upstream.as_mut().filter(|upstream| {
            upstream.question.as_ref().is_some_and(|question| question.name == name)
        });
        let Some(upstream) = asked else { return false };
        upstream.question = None;
        upstream.standing = if out { Standing::Out } else { Standing::Failed };
        true
    }

    /// The back channel says where a participant stands.
    pub fn heard(
        &mut self,
        session: &SessionId,
        relying_party: &RelyingPartyId,
        farewell: Option<&str>,
        standing: Standing,
    ) {
        let told = self.leaving.iter_mut().filter(|leaving| {
            leaving.way == Way::Back
                && leaving.session == *session
                && leaving.relying_party == *relying_party
                && leaving.farewell.as_deref() == farewell
        });
        for leaving in told {
            leaving.standing = standing;
        }
    }

    /// What whoever wished the logout is told: complete once everybody has said, or was told in a
    /// way that has no answer, that the person is signed out.
    #[must_use]
    pub fn ending(&self) -> Ending {
        let fine = |standing| matches!(standing, Standing::Out | Standing::Told);
        let upstream = self.upstream.as_ref().map(|upstream| upstream.standing);
        let all = self.leaving.iter().all(|leaving| fine(leaving.standing));
        if all && upstream != Some(Standing::Failed) { Ending::Complete } else { Ending::Partial }
    }

    /// Whether somebody was asked and has not said yes: a person should know.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        let mut all = self.leaving.iter().map(|leaving| leaving.standing);
        all.any(|standing| standing == Standing::Failed)
            || self.upstream.as_ref().is_some_and(|upstream| upstream.standing == Standing::Failed)
    }

    /// Whether it is too old to be carried on.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.begun_at + LIFETIME
    }
}

impl Leaving {
    /// Takes the other way, if there is one and the first has failed.
    fn try_otherwise(&mut self) {
        if self.standing == Standing::Failed
            && let Some(way) = self.otherwise.take()
        {
            self.way = way;
            self.standing = Standing::Waiting;
            self.question = None;
        }
    }
}

/// Who was asked and has not answered in time has failed to.
fn lose_patience(standing: &mut Standing, asked_at: Option<Timestamp>, now: Timestamp) {
    if *standing == Standing::Waiting && asked_at.is_some_and(|at| now >= at + PATIENCE) {
        *standing = Standing::Failed;
    }
}

#[cfg(test)]
mod tests;
