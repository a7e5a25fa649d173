//! Delivers notices, server to server: each by itself, for three seconds at most, again later if
//! that fails. What becomes of one is written down before it is forgotten here.

use std::time::Duration;

use http::{HeaderName, HeaderValue};
use idp_domain::{
    AuditEvent, Timestamp,
    audit::AuditKind,
    logout::{Notice, PATIENCE, Standing, pause_after},
};
use idp_fetch::{Blame, FetchError, Fetcher, Peer, Request};
use idp_store::journal::{Act, Journal, SettleNotice, Unit};
use tokio::{task::JoinHandle, time::Instant};

use super::envoy::{Letter, Reply};

/// The longest answer that is read, in bytes.
const MAX_ANSWER: usize = 64 * 1024;

/// Delivers notices. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Courier {
    pub(crate) fetcher: Fetcher,
    pub(crate) journal: Journal,
}

/// Deliveries under way. They go on when this is dropped.
#[derive(Default)]
pub struct Underway(Vec<JoinHandle<()>>);

impl Underway {
    /// Waits until all have come to an end, for `limit` at most.
    pub async fn wait(self, limit: Duration) {
        let deadline = Instant::now() + limit;
        for task in self.0 {
            if tokio::time::timeout_at(deadline, task).await.is_err() {
                return;
            }
        }
    }

    pub(crate) fn add(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.push(tokio::spawn(task));
    }
}

/// What became of an attempt to tell a participant.
pub(crate) enum Fate {
    /// It stands there now.
    Stands(Standing),
    /// It was tried and failed, for this reason.
    Failed(&'static str),
    /// It was not even tried: our own rules forbid the address.
    Blocked(&'static str),
    /// It was not even tried: too many others were being told to the same participant.
    Crowded,
}

impl Courier {
    /// Delivers a notice, and writes down what became of it.
    pub(crate) async fn deliver(self, notice: Notice, letter: Letter, now: Timestamp) {
        let fate = self.send(&notice, letter).await;
        self.settle(&notice, &fate, now).await;
    }

    async fn send(&self, notice: &Notice, letter: Letter) -> Fate {
        let peer = Peer::RelyingParty(notice.relying_party.as_str().to_owned());
        let Letter { url, content_type, header, body, confirm, .. } = letter;
        let mut request = Request::post(url, content_type, body)
            .timeout(PATIENCE.as_duration())
            .max_body(MAX_ANSWER);
        if let Some((name, value)) = header {
            let name = HeaderName::from_static(name);
            request = request.header(name, HeaderValue::from_static(value));
        }
        match self.fetcher.fetch(&peer, request).await {
            Ok(answer) => {
                let reply = Reply { status: answer.status.as_u16(), body: &answer.body };
                match confirm(&reply) {
                    Ok(()) => Fate::Stands(Standing::Out),
                    Err(reason) => Fate::Failed(reason),
                }
            }
            Err(FetchError::Crowded { .. }) => Fate::Crowded,
            Err(error) if error.blame() == Blame::Configuration => Fate::Blocked(error.slug()),
            Err(error) => Fate::Failed(error.slug()),
        }
    }

    /// Writes down what became of a notice. If that fails, it is due again when its turn is over.
    pub(crate) async fn settle(&self, notice: &Notice, fate: &Fate, now: Timestamp) {
        let (standing, kind, reason) = match fate {
            // The browser has not been there yet.
            Fate::Stands(Standing::Waiting) | Fate::Crowded => (Standing::Waiting, None, ""),
            Fate::Stands(standing @ (Standing::Out | Standing::Told)) => {
                (*standing, Some(AuditKind::LogoutTold), standing.as_str())
            }
            Fate::Stands(standing) => (*standing, Some(AuditKind::LogoutFailed), "unreachable"),
            Fate::Failed(reason) => (Standing::Failed, Some(AuditKind::LogoutFailed), *reason),
            Fate::Blocked(reason) => (Standing::Failed, Some(AuditKind::OutboundBlocked), *reason),
        };
        let pause = match fate {
            Fate::Failed(_) => pause_after(notice.tries),
            // That says nothing about it, and is not counted as one of its failures.
            Fate::Crowded => pause_after(1),
            Fate::Stands(_) | Fate::Blocked(_) => None,
        };
        let act = Act::SettleNotice(SettleNotice {
            session: notice.session.clone(),
            relying_party: notice.relying_party.clone(),
            farewell: notice.farewell.clone(),
            standing,
            again_at: pause.map(|pause| now + pause),
        });
        let trail = kind.map(|kind| {
            let event = AuditEvent {
                account: Some(notice.account.clone()),
                session: Some(notice.session.clone()),
                relying_party: Some(notice.relying_party.clone()),
                ..AuditEvent::new(kind, now)
            };
            event.because_of(reason).with("tries", notice.tries.to_string())
        });
        metrics::counter!("idp_logout_notices_total", "outcome" => standing.as_str()).increment(1);
        let unit = Unit::new(act, trail.into_iter().collect());
        if let Err(error) = self.journal.commit(unit).await {
            tracing::warn!(
                %error, relying_party.id = %notice.relying_party,
                "what became of a logout notice could not be written"
            );
        }
    }
}
