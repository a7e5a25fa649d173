//! What peers publish about themselves: fetched in time, judged before it is taken over, kept when
//! good. Of several nodes one fetches; all of them read what it keeps.
//!
//! One bad refresh changes nothing but the log, a metric and the trail.

pub(super) mod facts;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use idp_domain::{AuditEvent, Lifetime, Timestamp, audit::AuditKind};
use idp_fetch::{Fetcher, Peer as Called, Request};
use idp_saml::{idp::likeness, metadata::Entity, xml::Limits};
use idp_sources::saml::EntityBook;
use idp_store::{Act, Outcome, Store, StoreError, Unit, metadata::PutMetadata};
use tokio::{sync::watch, task::JoinSet};

use super::registry::Peer;

/// How many documents are fetched at the same time.
const AT_ONCE: usize = 8;
/// How long one may take.
const LONGEST: Duration = Duration::from_secs(30);
/// So long nobody else fetches what one node has begun to.
const CLAIM: Lifetime = Lifetime::minutes(2);
/// The bounds of the time between two refreshes, and what it is where a document says nothing.
const SOONEST: Lifetime = Lifetime::minutes(5);
const USUAL: Lifetime = Lifetime::hours(1);
const LATEST: Lifetime = Lifetime::hours(24);
/// The pause after a first failure; each further one doubles it, up to an hour.
const PAUSE: Lifetime = Lifetime::seconds(30);
const LONGEST_PAUSE: Lifetime = Lifetime::hours(1);
/// So often in a row it may fail before somebody should look.
const PATIENCE: u32 = 2;
/// How often a node looks what is due, at least and at most.
const LOOK: (Duration, Duration) = (Duration::from_secs(1), Duration::from_mins(1));

/// The peers whose metadata is followed.
#[derive(Clone, Default)]
pub(crate) struct Followed {
    /// By the entries that name them.
    pub(crate) peers: BTreeMap<String, Peer>,
    /// Whose names are taken: what each looks like, and the entry that has it.
    pub(crate) taken: HashMap<String, String>,
}

/// What the name of a peer of `entry` looks like, among those of the same role.
pub(crate) fn look(entry: &str, entity_id: &str) -> String {
    let role = entry.split('/').next().unwrap_or_default();
    format!("{role} {}", likeness(entity_id))
}

/// Refreshes what peers publish. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Refresher {
    /// Where what is good is kept.
    pub(crate) store: Store,
    /// Fetches it.
    pub(crate) fetcher: Fetcher,
    /// What is in force.
    pub(crate) book: Arc<EntityBook>,
    /// Whose metadata is followed.
    pub(crate) followed: watch::Receiver<Arc<Followed>>,
    /// Tells the time.
    pub(crate) clock: fn() -> Timestamp,
}

/// Why a refresh brought nothing.
struct Trouble {
    slug: &'static str,
    detail: String,
}

impl Refresher {
    /// Refreshes whatever is due, for as long as anything can be written.
    pub(crate) async fn run(mut self) {
        while self.store.journal.is_open() {
            let wait = match self.round().await {
                Ok(next) => {
                    let left = next.map(|next| next.since((self.clock)()).as_duration());
                    left.unwrap_or(LOOK.1).clamp(LOOK.0, LOOK.1)
                }
                Err(error) => {
                    tracing::warn!(%error, "metadata of peers cannot be looked after");
                    LOOK.1
                }
            };
            tokio::select! {
                changed = self.followed.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Refreshes what is due now. Returns when something is due next.
    pub(crate) async fn round(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let followed = Arc::clone(&self.followed.borrow_and_update());
        if followed.peers.is_empty() {
            return Ok(None);
        }
        let standings = self.store.metadata.standings().await?;
        let standings: HashMap<_, _> =
            standings.into_iter().map(|one| (one.entry.clone(), one)).collect();
        let (now, mut next, mut tasks) = ((self.clock)(), None::<Timestamp>, JoinSet::new());
        for (entry, peer) in &followed.peers {
            let standing = standings.get(entry);
            let same = standing.filter(|one| peer.place().url.as_ref() == Some(&one.url));
            if let Some(due_at) = same.map(|one| one.due_at).filter(|due_at| *due_at > now) {
                next = Some(next.map_or(due_at, |next| next.min(due_at)));
                continue;
            }
            if tasks.len() >= AT_ONCE {
                tasks.join_next().await;
            }
            let visit = Visit {
                refresher: self.clone(),
                followed: Arc::clone(&followed),
                entry: entry.clone(),
                peer: peer.clone(),
                version: standing.map_or(0, |one| one.version),
                failures: same.map_or(0, |one| one.failures),
                known: same.is_some_and(|one| one.fetched_at.is_some()),
            };
            tasks.spawn(visit.make());
        }
        while tasks.join_next().await.is_some() {}
        Ok(next)
    }
}

/// One refresh of one peer.
struct Visit {
    refresher: Refresher,
    followed: Arc<Followed>,
    entry: String,
    peer: Peer,
    version: i64,
    failures: u32,
    /// Whether something good is kept already.
    known: bool,
}

impl Visit {
    async fn make(self) {
        if let Err(error) = self.refresh().await {
            tracing::warn!(entry = self.entry, %error, "metadata of a peer cannot be kept");
        }
    }

    async fn refresh(&self) -> Result<(), StoreError> {
        let now = (self.refresher.clock)();
        let claim = self.put(self.version, None, now + CLAIM, self.failures);
        if self.commit(claim, Vec::new()).await? != Outcome::Done {
            // Another node does it.
            return Ok(());
        }
        match self.learn(now).await {
            Ok((text, entity)) => self.keep(text, &entity, now).await,
            Err(trouble) => self.give_up(&trouble, now).await,
        }
    }

    async fn learn(&self, now: Timestamp) -> Result<(String, Entity), Trouble> {
        let text = self.fetch().await?;
        let loopback = self.refresher.fetcher.allows_loopback();
        let entity = self.peer.place().read(text.as_bytes(), Some(now), loopback);
        let entity = entity.map_err(|error| trouble(error.slug(), error.to_string()))?;
        self.peer.judge(&entity).map_err(|detail| trouble("metadata_unfit", detail))?;
        self.is_itself(&entity)?;
        Ok((text, entity))
    }

    async fn fetch(&self) -> Result<String, Trouble> {
        let address = self.peer.place().address(self.refresher.fetcher.allows_loopback());
        let address = address.map_err(|error| trouble(error.slug(), error.to_string()))?;
        let address = address.ok_or_else(|| trouble("metadata_place", String::new()))?;
        let request = Request::get(address)
            .accept("application/samlmetadata+xml, application/xml, text/xml")
            .max_body(Limits::METADATA.bytes)
            .timeout(LONGEST);
        let answer = self.refresher.fetcher.fetch(&self.called(), request).await;
        let answer = answer.map_err(|error| trouble(error.slug(), error.to_string()))?;
        if answer.status.as_u16() != 200 {
            return Err(trouble("metadata_status", format!("status {}", answer.status.as_u16())));
        }
        String::from_utf8(answer.body)
            .map_err(|_| trouble("encoding", "the document is not UTF-8".to_owned()))
    }

    fn called(&self) -> Called {
        match self.entry.split_once('/') {
            Some(("sources", id)) => Called::Source(id.to_owned()),
            _ => Called::RelyingParty(self.id().to_owned()),
        }
    }

    fn id(&self) -> &str {
        self.entry.split_once('/').map_or("", |(_, id)| id)
    }

    /// Refuses who calls itself otherwise than before, or like somebody else.
    fn is_itself(&self, entity: &Entity) -> Result<(), Trouble> {
        let before = self.refresher.book.find(&self.entry);
        if before.is_some_and(|before| before.entity_id != entity.entity_id) {
            let detail = "the entity id is another than before; write the new one into the entry";
            return Err(trouble("entity_id_changed", detail.to_owned()));
        }
        let taken = self.followed.taken.get(&look(&self.entry, &entity.entity_id));
        match taken.filter(|other| **other != self.entry) {
            Some(other) => {
                let detail = format!("the entity id could be taken for that of {other}");
                Err(trouble("metadata_collision", detail))
            }
            None => Ok(()),
        }
    }

    async fn keep(&self, text: String, entity: &Entity, now: Timestamp) -> Result<(), StoreError> {
        let before = self.refresher.book.find(&self.entry);
        let change = facts::change(before.as_deref(), entity);
        let mut events = Vec::new();
        if let Some(change) = change.filter(|_| before.is_some() || !self.known) {
            tracing::info!(entry = self.entry, "metadata of a peer has changed");
            let event = self.event(AuditKind::MetadataChanged, now);
            events.push(change.tell(event));
        }
        let put = self.put(self.version + 1, Some((text, now)), due(entity, now), 0);
        self.commit(put, events).await?;
        count("kept");
        Ok(())
    }

    async fn give_up(&self, trouble: &Trouble, now: Timestamp) -> Result<(), StoreError> {
        let failures = self.failures.saturating_add(1);
        let Trouble { slug, detail } = trouble;
        tracing::warn!(entry = self.entry, slug, detail, failures, "metadata was not refreshed");
        let mut event = self.event(AuditKind::MetadataRefused, now).because_of(*slug);
        event.alert = failures >= PATIENCE;
        let detail: String = detail.chars().take(200).collect();
        let event = event.with("detail", detail).with("failures", failures.to_string());
        let put = self.put(self.version + 1, None, now + pause(failures), failures);
        self.commit(put, vec![event]).await?;
        count(slug);
        Ok(())
    }

    fn event(&self, kind: AuditKind, now: Timestamp) -> AuditEvent {
        let mut event = AuditEvent::new(kind, now);
        match self.called() {
            Called::Source(id) => event.source = id.parse().ok(),
            Called::RelyingParty(id) => event.relying_party = id.parse().ok(),
        }
        event
    }

    fn put(
        &self,
        against: i64,
        document: Option<(String, Timestamp)>,
        due_at: Timestamp,
        failures: u32,
    ) -> PutMetadata {
        PutMetadata {
            entry: self.entry.clone(),
            url: self.peer.place().url.clone().unwrap_or_default(),
            against,
            document,
            due_at,
            failures,
        }
    }

    async fn commit(
        &self,
        put: PutMetadata,
        events: Vec<AuditEvent>,
    ) -> Result<Outcome, StoreError> {
        let unit = Unit::telling(Act::PutMetadata(put), move |outcome| match outcome {
            Outcome::Done => events.clone(),
            _ => Vec::new(),
        });
        self.refresher.store.journal.commit(unit).await
    }
}

/// When a document is asked for again: as it says, but not too soon or late, and well before it
/// ends. A tenth of the time is left to chance, so that not all are due at once.
fn due(entity: &Entity, now: Timestamp) -> Timestamp {
    let wanted = entity.cache_duration.unwrap_or(USUAL).min(LATEST);
    let half = entity.valid_until.map(|end| Lifetime::seconds(end.since(now).as_seconds() / 2));
    let wanted = half.map_or(wanted, |half| wanted.min(half)).max(SOONEST);
    now + Lifetime::seconds(wanted.as_seconds() - chance(wanted.as_seconds() / 10))
}

fn pause(failures: u32) -> Lifetime {
    let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
    let seconds = PAUSE.as_seconds().saturating_mul(doubled).min(LONGEST_PAUSE.as_seconds());
    Lifetime::seconds(seconds - chance(seconds / 10))
}

/// A number below `bound`, or 0 where there is no chance.
fn chance(bound: u32) -> u32 {
    let drawn = idp_broker::random::<4>().map(u32::from_be_bytes).unwrap_or_default();
    drawn.checked_rem(bound).unwrap_or_default()
}

fn trouble(slug: &'static str, detail: String) -> Trouble {
    Trouble { slug, detail }
}

fn count(outcome: &'static str) {
    metrics::counter!("idp_metadata_refreshes_total", "outcome" => outcome).increment(1);
}
