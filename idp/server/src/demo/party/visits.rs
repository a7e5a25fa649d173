//! What a relying party remembers of its visitors, in memory, by a random handle in a cookie.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{Lifetime, Secret, Timestamp};
use idp_oidc::rp::LoggedOut;
use idp_saml::schema::NameId;
use serde_json::{Map, Value};

use super::{ClientError, Leaving};

/// How long a visitor is remembered.
const LIFE: Lifetime = Lifetime::hours(8);
/// The most visitors that are remembered.
const MAX_VISITS: usize = 10_000;
/// The most sign-ins of one visitor that may be under way: one a tab.
const MAX_LEAVING: usize = 8;

/// What signing out takes.
#[derive(Clone)]
pub(super) enum Farewell {
    /// The ID token.
    IdToken(Secret<String>),
    /// The name, and the session that it was given in.
    Name(NameId, Option<String>),
}

/// Somebody who signed in.
#[derive(Clone)]
pub(super) struct Person {
    /// What signing out takes.
    pub(super) farewell: Farewell,
    /// How they signed in.
    pub(super) acr: Option<String>,
    /// When they signed in.
    pub(super) authenticated_at: Option<Timestamp>,
    /// All that was said.
    pub(super) claims: Map<String, Value>,
}

/// All visitors.
#[derive(Default)]
pub(super) struct Visits(Mutex<HashMap<String, Visit>>);

struct Visit {
    begun: Timestamp,
    leaving: Vec<Leaving>,
    person: Option<Person>,
}

impl Visit {
    fn lasts(&self, now: Timestamp) -> bool {
        now < self.begun + LIFE
    }
}

impl Visits {
    /// The person who is signed in.
    pub(super) fn person(&self, handle: &str, now: Timestamp) -> Option<Person> {
        self.lock().get(handle).filter(|visit| visit.lasts(now))?.person.clone()
    }

    /// Remembers that a visitor went to the broker; answers the visitor's handle.
    pub(super) fn leave(
        &self,
        handle: Option<&str>,
        leaving: Leaving,
        now: Timestamp,
    ) -> Result<String, ClientError> {
        let mut visits = self.lock();
        if let Some(handle) = handle
            && let Some(visit) = visits.get_mut(handle).filter(|visit| visit.lasts(now))
        {
            if visit.leaving.len() == MAX_LEAVING {
                visit.leaving.remove(0);
            }
            visit.leaving.push(leaving);
            return Ok(handle.to_owned());
        }
        add(&mut visits, Visit { begun: now, leaving: vec![leaving], person: None }, now)
    }

    /// What was remembered when this visitor left with `state`. It is forgotten by that.
    pub(super) fn take_leaving(
        &self,
        handle: &str,
        state: &str,
        now: Timestamp,
    ) -> Option<Leaving> {
        let mut visits = self.lock();
        let visit = visits.get_mut(handle).filter(|visit| visit.lasts(now))?;
        let at = visit.leaving.iter().position(|leaving| leaving.state == state)?;
        Some(visit.leaving.remove(at))
    }

    /// Signs a person in, under a new handle: one that was planted before must not become theirs.
    pub(super) fn arrive(
        &self,
        handle: &str,
        person: Person,
        now: Timestamp,
    ) -> Result<String, ClientError> {
        let mut visits = self.lock();
        let leaving = visits.remove(handle).map(|visit| visit.leaving).unwrap_or_default();
        add(&mut visits, Visit { begun: now, leaving, person: Some(person) }, now)
    }

    /// Signs a person out.
    pub(super) fn forget(&self, handle: &str) -> Option<Person> {
        self.lock().remove(handle)?.person
    }

    /// Signs out whoever is in a session that the broker has ended.
    pub(super) fn forget_session(&self, over: &LoggedOut) {
        let says = |person: &Person, claim: &str, wanted: &Option<String>| {
            wanted.as_deref().is_none_or(|wanted| {
                person.claims.get(claim).and_then(Value::as_str) == Some(wanted)
            })
        };
        self.lock().retain(|_, visit| {
            visit.person.as_ref().is_none_or(|person| {
                !says(person, "sid", &over.session) || !says(person, "sub", &over.subject)
            })
        });
    }

    /// Signs out whoever is called `name`, in one session of theirs or in all.
    pub(super) fn forget_called(&self, name: &NameId, sessions: &[String]) -> bool {
        let meant = |visit: &Visit| match &visit.person {
            Some(Person { farewell: Farewell::Name(known, session), .. }) => {
                known.value == name.value
                    && known.format() == name.format()
                    && (sessions.is_empty()
                        || session.as_ref().is_some_and(|session| sessions.contains(session)))
            }
            _ => false,
        };
        let mut visits = self.lock();
        let before = visits.len();
        visits.retain(|_, visit| !meant(visit));
        visits.len() < before
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Visit>> {
        // Nothing that can panic runs under this lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn add(
    visits: &mut HashMap<String, Visit>,
    visit: Visit,
    now: Timestamp,
) -> Result<String, ClientError> {
    if visits.len() >= MAX_VISITS {
        visits.retain(|_, visit| visit.lasts(now));
    }
    if visits.len() >= MAX_VISITS {
        visits.clear();
    }
    let random = idp_broker::random::<32>().map_err(|_| ClientError::Random)?;
    let handle = URL_SAFE_NO_PAD.encode(random);
    visits.insert(handle.clone(), visit);
    Ok(handle)
}
