//! The life of a login: begun by a relying party, moved on by policy, ended by an answer.
//!
//! Every way in comes to [`Broker::advance`].

use idp_domain::{
    AgencyId, Amr, Ask, AuditEvent, AuthenticationEvent, AuthnRequest, Begun, Fault, Inbound,
    Progress, Refusal, SourceId, Transaction, TransactionId,
    agency::Domain,
    audit::AuditKind,
    connector::Once,
    policy,
    transaction::{Awaiting, LIFETIME, SOURCE_LIFETIME, Wished},
};
use idp_store::{
    journal::{Act, Outcome, Unit, UseOnce},
    shelf::Swap,
};

use crate::{
    Broker, Catalog,
    catalog::Registered,
    random::{draw, handle_text},
    visit::{Next, Opened, Stopped, Turn, Visit},
};

/// The kind under which proofs that count once are marked.
const PROOF: &str = "proof";

/// How often a login is looked at that others of the same browser change meanwhile.
const TRIES: usize = 8;

impl Broker {
    /// Begins a login for `request`. What comes back is not kept yet: see [`Broker::keep`].
    pub async fn begin(&self, request: AuthnRequest, visit: &Visit) -> Result<Turn, Fault> {
        let catalog = self.catalog();
        let mut transaction = Transaction::begin(request, draw()?, String::new(), visit.now);
        let Some(relying_party) = catalog.relying_party(transaction.relying_party()) else {
            return Err(Fault::broken("looking up a relying party that a protocol knows"));
        };
        let candidates = catalog.candidates(relying_party);
        let hints = &transaction.request.hints;
        let domain = hints.domain.as_deref().and_then(|domain| agency_of(&catalog, domain));
        let hinted = policy::hinted(hints, domain.as_ref(), &candidates);
        transaction.chosen = hinted.map(|candidate| candidate.source.clone());
        self.advance(transaction, visit).await
    }

    /// The person says no.
    pub async fn decline(&self, transaction: Transaction, visit: &Visit) -> Result<Turn, Fault> {
        let refusal = Refusal::PersonDeclined;
        let refused = Self::about(AuditKind::LoginRefused, &transaction, visit);
        self.record(vec![refused.because_of(refusal.slug())]).await?;
        Ok(Turn::to(transaction, Next::Refuse(refusal)))
    }

    /// Asks a source to authenticate the person.
    pub(crate) async fn ask(
        &self,
        catalog: &Catalog,
        transaction: &mut Transaction,
        source: &SourceId,
        force: bool,
        visit: &Visit,
    ) -> Result<Next, Fault> {
        let Some(registered) = catalog.source(source) else {
            return Ok(Next::Refuse(Refusal::SourceDisabled));
        };
        let demand = &transaction.request.demand;
        let Some(relying_party) = catalog.relying_party(transaction.relying_party()) else {
            return Ok(Next::Refuse(Refusal::RelyingPartyDisabled));
        };
        let ceiling = registered.source.trust.ceiling();
        let ask = Ask {
            correlator: format!("{}.{}", transaction.id, handle_text()?),
            force,
            passive: demand.passive,
            max_age: demand.max_age,
            acr: policy::contexts(relying_party, &registered.agency, demand, ceiling),
            relying_party: transaction.relying_party().clone(),
            login_hint: transaction.request.hints.login.clone(),
            lang: visit.lang,
            address: visit.address,
            now: visit.now,
        };
        match registered.connector.begin(&ask).await? {
            Begun::Go(outbound, kept) => {
                transaction.chosen = Some(source.clone());
                transaction.ask(source.clone(), force, ask.correlator, kept, visit.now);
                Ok(Next::Go(source.clone(), outbound))
            }
            Begun::Refused(refusal) => {
                let kind = match transaction.wished {
                    // The login goes on.
                    Wished::AtSource => AuditKind::AuthnFailed,
                    Wished::No | Wished::Answered => AuditKind::LoginRefused,
                };
                let event = Self::about(kind, transaction, visit);
                let event = AuditEvent { source: Some(source.clone()), ..event };
                self.record(vec![explained(event, &refusal)]).await?;
                transaction.awaiting = Awaiting::SourceChoice;
                Ok(Next::Refuse(refusal))
            }
        }
    }

    /// Opens the transaction `id` for the browser whose binding hashes to `binding`, without what it
    /// must no longer rest on.
    pub async fn open(
        &self,
        id: &TransactionId,
        binding: Option<&str>,
        visit: &Visit,
    ) -> Result<Result<Opened, Stopped>, Fault> {
        let catalog = self.catalog();
        let named = id.tag().and_then(|tag| catalog.by_tag(tag)).map(|party| party.id.clone());
        for _ in 0..TRIES {
            let found = self.transactions.find(id.as_str()).await;
            let found = found.map_err(|error| Fault::new("opening a login", error))?;
            let Some(held) = found.filter(|found| !found.value.is_over(visit.now)) else {
                return Ok(Err(Stopped {
                    refusal: Refusal::TransactionLost,
                    relying_party: named,
                }));
            };
            let mut opened = Opened { transaction: held.value, version: held.version };
            if binding != Some(opened.transaction.binding.as_str()) {
                let event = Self::about(AuditKind::LoginRefused, &opened.transaction, visit);
                self.record(vec![event.because_of(Refusal::BindingMissing.slug())]).await?;
                return Ok(Err(Stopped { refusal: Refusal::BindingMissing, relying_party: named }));
            }
            let Some(why) = self.why_revoked(&opened.transaction).await? else {
                return Ok(Ok(opened));
            };
            // What is written is another version than what was found; so it is found once more.
            self.revoke_login(&mut opened.transaction, why, visit).await?;
            self.keep_on(&opened).await?;
        }
        Err(Fault::broken("opening a login that changes all the time"))
    }

    /// Whether the login `id` waits for an answer of `source`, whoever's browser asks.
    pub async fn awaits(&self, id: &TransactionId, source: &SourceId) -> Result<bool, Fault> {
        let found = self.transactions.find(id.as_str()).await;
        let found = found.map_err(|error| Fault::new("finding a login", error))?;
        Ok(found.is_some_and(|held| match held.value.awaiting {
            Awaiting::Source(asked) => asked.source == *source,
            _ => false,
        }))
    }

    /// Keeps a login that has just begun, bound to a browser.
    pub async fn keep(&self, transaction: &mut Transaction, binding: String) -> Result<(), Fault> {
        transaction.binding = binding;
        self.keep_over(transaction).await
    }

    /// Keeps a login whatever lay there: the caller alone holds it.
    pub async fn keep_over(&self, transaction: &Transaction) -> Result<(), Fault> {
        let ttl = LIFETIME.as_duration();
        let kept = self.transactions.put(transaction.id.as_str(), transaction, ttl).await;
        kept.map_err(|error| Fault::new("keeping a login", error))
    }

    /// Keeps a login that has moved on, unless another request of the same browser was faster.
    pub async fn keep_on(&self, opened: &Opened) -> Result<bool, Fault> {
        let Opened { transaction, version } = opened;
        let ttl = LIFETIME.as_duration();
        let swapped = self.transactions.swap(transaction.id.as_str(), version, transaction, ttl);
        let swapped = swapped.await.map_err(|error| Fault::new("keeping a login", error))?;
        Ok(swapped == Swap::Done)
    }

    /// Takes a login off the shelf: it is answered or burned. Of two callers one gets `true`.
    pub async fn burn(&self, id: &TransactionId) -> Result<bool, Fault> {
        let taken = self.transactions.take(id.as_str()).await;
        Ok(taken.map_err(|error| Fault::new("ending a login", error))?.is_some())
    }

    /// Reads what came back from a source, and what it proves.
    ///
    /// The question is taken back before the answer is read, so that of two copies of one answer
    /// one is judged, on whatever node.
    pub async fn resume(
        &self,
        mut opened: Opened,
        from: &SourceId,
        correlator: &str,
        reply: Inbound,
        visit: &Visit,
    ) -> Result<Turn, Fault> {
        let asked = std::mem::replace(&mut opened.transaction.awaiting, Awaiting::Decision);
        let Awaiting::Source(asked) = asked else {
            return self.reject(opened, from, Refusal::TransactionConsumed, visit).await;
        };
        if asked.source != *from || !same(&asked.correlator, correlator) {
            let refusal = misbehaved("state", "the answer does not belong to the question");
            return self.reject(opened, from, refusal, visit).await;
        }
        if visit.now.since(asked.since) > SOURCE_LIFETIME {
            let refusal = misbehaved("state_expired", "the answer came after ten minutes");
            return self.reject(opened, from, refusal, visit).await;
        }
        if !self.keep_on(&opened).await? {
            return self.reject(opened, from, Refusal::TransactionConsumed, visit).await;
        }
        let catalog = self.catalog();
        let Some(registered) = catalog.source(from).filter(|found| found.is_open()) else {
            return self.reject(opened, from, Refusal::SourceDisabled, visit).await;
        };
        match registered.connector.resume(asked.kept, reply).await? {
            Progress::Proven { event, once } => {
                let event = match credit(*event, registered) {
                    Ok(event) => event,
                    Err(refusal) => return self.reject(opened, from, refusal, visit).await,
                };
                let proven = Self::about(AuditKind::AuthnSucceeded, &opened.transaction, visit);
                let proven = worth(proven, &event);
                let proven = AuditEvent { source: Some(from.clone()), ..proven };
                if !self.seen_first(once, proven).await? {
                    let refusal = misbehaved("replay", "the answer was accepted before");
                    return self.reject(opened, from, refusal, visit).await;
                }
                let session = visit.session.as_ref().and_then(|live| live.session.latest());
                opened.transaction.hear(event, session);
                self.advance(opened.transaction, visit).await
            }
            Progress::Again(outbound, kept) => {
                let failed = Self::about(AuditKind::AuthnFailed, &opened.transaction, visit);
                let failed = AuditEvent { source: Some(from.clone()), ..failed };
                self.record(vec![failed.because_of("credentials")]).await?;
                let mut transaction = opened.transaction;
                let anew = transaction.asked_anew;
                transaction.ask(from.clone(), anew, asked.correlator, kept, asked.since);
                Ok(Turn::to(transaction, Next::Go(from.clone(), outbound)))
            }
            Progress::Refused(refusal) => self.reject(opened, from, refusal, visit).await,
        }
    }

    /// Records a proof, unless what counts once was seen before: of several, one is told `true`.
    pub(crate) async fn seen_first(
        &self,
        once: Option<Once>,
        proven: AuditEvent,
    ) -> Result<bool, Fault> {
        let Some(Once { key, until }) = once else {
            return self.record(vec![proven]).await.map(|()| true);
        };
        let act = Act::UseOnce(UseOnce { kind: PROOF, key, until });
        let unit = Unit::telling(act, move |outcome| match outcome {
            Outcome::Done => vec![proven.clone()],
            _ => Vec::new(),
        });
        Ok(self.commit("recording a proof", unit).await? == Outcome::Done)
    }

    /// Says no to what came back from a source. What cannot be believed burns the login; where
    /// the source only failed or declined, the person may choose again.
    async fn reject(
        &self,
        opened: Opened,
        from: &SourceId,
        refusal: Refusal,
        visit: &Visit,
    ) -> Result<Turn, Fault> {
        let mut transaction = opened.transaction;
        let kind = match refusal {
            Refusal::SourceRefused { .. } | Refusal::SourceUnavailable { .. } => {
                AuditKind::AuthnFailed
            }
            _ => AuditKind::InboundRejected,
        };
        let mut event = Self::about(kind, &transaction, visit);
        event.source = Some(from.clone());
        event.alert = matches!(refusal, Refusal::SourceMisbehaved { .. });
        self.record(vec![explained(event, &refusal)]).await?;
        match refusal {
            Refusal::SourceRefused { .. } | Refusal::SourceUnavailable { .. } => {
                let wished = transaction.wished == Wished::AtSource;
                if wished {
                    transaction.wished = Wished::Answered;
                }
                transaction.reconsider();
                self.keep_over(&transaction).await?;
                if wished {
                    // It was only wished: the login goes on with the session that there is.
                    return self.advance(transaction, visit).await;
                }
            }
            // Another copy of the answer was faster: the login is that one's to finish.
            Refusal::TransactionConsumed => {}
            _ => {
                self.burn(&transaction.id).await?;
            }
        }
        Ok(Turn::to(transaction, Next::Refuse(refusal)))
    }
}

/// What a proof is worth here, and what of its attributes its agency may say.
pub(crate) fn credit(
    mut event: AuthenticationEvent,
    registered: &Registered,
) -> Result<AuthenticationEvent, Refusal> {
    let said = (event.acr.as_ref(), event.amr.as_slice());
    let trust = &registered.source.trust;
    let credit = trust.credit(said.0, said.1, event.authenticated_at, event.received_at);
    event.credit(&credit);
    event.agency = registered.agency.id.clone();
    let said = &event.identity.attributes;
    event.identity.attributes = idp_domain::attribute::admit(said, &registered.agency)?;
    Ok(event)
}

/// Adds what the source said of the sign-in as it said it, and what that is worth here.
pub(crate) fn worth(proven: AuditEvent, event: &AuthenticationEvent) -> AuditEvent {
    let methods: Vec<_> = event.amr.iter().map(Amr::as_str).collect();
    // Whoever sends hundreds of methods is not quoted in full.
    let methods: String = methods.join(" ").chars().take(MAX_SAID).collect();
    let ignored = event.acr.as_ref().filter(|acr| acr.demands() > Some(event.assurance));
    let said = [
        ("acr", event.acr.as_ref().map(ToString::to_string)),
        ("amr", (!methods.is_empty()).then_some(methods)),
        ("credited_by", event.credited_by.as_ref().map(ToString::to_string)),
        ("claim_ignored", ignored.map(ToString::to_string)),
    ];
    let proven = proven.with("assurance", format!("{:?}", event.assurance));
    said.into_iter().fold(proven, |proven, (name, said)| match said {
        Some(said) => proven.with(name, said),
        None => proven,
    })
}

/// How much of a source's list of methods is written down, in characters.
const MAX_SAID: usize = 400;

/// Adds the real reason, for the trail alone.
pub(crate) fn explained(event: AuditEvent, refusal: &Refusal) -> AuditEvent {
    let event = event.because_of(refusal.reason());
    match refusal.detail() {
        Some(detail) => event.with("detail", detail.chars().take(200).collect::<String>()),
        None => event,
    }
}

fn misbehaved(reason: &'static str, detail: &str) -> Refusal {
    Refusal::SourceMisbehaved { reason, detail: detail.to_owned() }
}

/// The agency of a mail domain.
fn agency_of(catalog: &Catalog, domain: &str) -> Option<AgencyId> {
    let domain = domain.parse::<Domain>().ok()?;
    catalog.agency_of_domain(&domain).map(|agency| agency.id.clone())
}

/// Compares two secrets in a time that does not depend on where they differ.
fn same(a: &str, b: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(a.as_bytes(), b.as_bytes()).is_ok()
}
