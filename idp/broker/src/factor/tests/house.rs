//! The scene: an agency whose sign-in is worth one factor, one that is trusted for two, one whose
//! people we keep ourselves; services that demand nothing, two factors, and resistance to phishing.
//!
//! Length: whatever a browser does in these tests, it does here once.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use idp_domain::{
    Acr, Amr, AttributeName, AttributeSet, AuthnRequest, Demand, FactorRules, Inbound, Issuance,
    Letter, Lifetime, ReturnTicket, Timestamp, Transaction,
    identity::SourceSubject,
    policy::CHANGE_WINDOW,
    relying_party::Protocol,
    transaction::{Awaiting, Hints},
};
use idp_store::{
    Sealer, Shelf, Store,
    credentials::NewLocalAccount,
    journal::{Act, Outcome, Unit},
    letters::TakeLetters,
};

use super::{
    federation,
    soft::{Draft, Soft},
};
use crate::{
    Broker, DeviceChange, Handle, LiveSession, Next, Opened, SessionChange, Started, Turn, Visit,
    factor::{EnrolPage, FactorPage, FactorProblem},
    testing::{self, NOW},
};

/// Three nodes over one database and one shelf.
pub(super) struct House {
    pub(super) nodes: Vec<Arc<Broker>>,
    pub(super) store: Store,
    pub(super) sealer: Arc<Sealer>,
}

/// A browser with its cookies.
#[derive(Clone, Default)]
pub(super) struct Browser {
    pub(super) session: Option<Handle>,
    pub(super) device: Option<Handle>,
}

impl House {
    /// The scene by the usual rules.
    pub(super) async fn new() -> Self {
        Self::with(FactorRules::default()).await
    }

    /// The scene with these rules of every agency.
    pub(super) async fn with(rules: FactorRules) -> Self {
        let store = testing::store().await;
        let (shelf, sealer) = (Arc::new(Shelf::memory(100_000)), testing::sealer());
        let nodes: Vec<_> =
            (0..3).map(|_| Arc::new(testing::broker(&store, &shelf, &sealer))).collect();
        let house = Self { nodes, store, sealer };
        house.rule(&rules);
        while !house.store.revocations.is_fresh() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        house
    }

    /// Puts these rules of every agency into force.
    pub(super) fn rule(&self, rules: &FactorRules) {
        let catalog = Arc::new(federation::of(rules, &self.store.local_accounts));
        for node in &self.nodes {
            node.replace_catalog(Arc::clone(&catalog));
        }
    }

    pub(super) fn node(&self) -> &Broker {
        &self.nodes[0]
    }

    pub(super) async fn visit(&self, browser: &Browser, now: Timestamp) -> Visit {
        let mut visit = testing::visit(now);
        visit.device = browser.device.clone();
        if let Some(handle) = &browser.session {
            visit.session = self.node().session(handle, now).await.unwrap();
        }
        visit
    }

    pub(super) async fn live(&self, browser: &Browser, now: Timestamp) -> LiveSession {
        self.visit(browser, now).await.session.expect("the browser has a live session")
    }

    /// Begins a login, as far as it goes without a source.
    pub(super) async fn begin(&self, browser: &Browser, party: &str, now: Timestamp) -> Turn {
        self.demand(browser, party, Demand::default(), now).await
    }

    pub(super) async fn demand(
        &self,
        browser: &Browser,
        party: &str,
        demand: Demand,
        now: Timestamp,
    ) -> Turn {
        let request = AuthnRequest {
            relying_party: party.parse().unwrap(),
            demand,
            ticket: ReturnTicket {
                protocol: Protocol::Oidc,
                sealed: String::new(),
                farewell: None,
            },
            hints: Hints::default(),
            wanted: BTreeSet::from([AttributeName::parse("mail").unwrap()]),
        };
        let visit = self.visit(browser, now).await;
        let mut turn = self.node().begin(request, &visit).await.unwrap();
        self.node().keep(&mut turn.transaction, "binding".to_owned()).await.unwrap();
        turn
    }

    /// Signs in at `at` as `who`, up to what the login then waits for.
    pub(super) async fn sign_in(
        &self,
        browser: &mut Browser,
        party: &str,
        at: &str,
        who: &str,
        now: Timestamp,
    ) -> Turn {
        let turn = self.begin(browser, party, now).await;
        self.answer(browser, turn.transaction, at, &[("subject", who)], now).await
    }

    /// The same whatever session the browser has.
    pub(super) async fn sign_in_anew(
        &self,
        browser: &mut Browser,
        party: &str,
        at: &str,
        who: &str,
        now: Timestamp,
    ) -> Turn {
        let demand = Demand { select: true, ..Demand::default() };
        let turn = self.demand(browser, party, demand, now).await;
        self.answer(browser, turn.transaction, at, &[("subject", who)], now).await
    }

    /// Chooses `at`, and comes back from there with this reply.
    pub(super) async fn answer(
        &self,
        browser: &mut Browser,
        mut transaction: Transaction,
        at: &str,
        reply: &[(&str, &str)],
        now: Timestamp,
    ) -> Turn {
        let visit = self.visit(browser, now).await;
        if !matches!(transaction.awaiting, Awaiting::Source(_)) {
            transaction.choose(at.parse().unwrap());
            let turn = self.node().advance(transaction, &visit).await.unwrap();
            transaction = turn.transaction;
        }
        self.node().keep_over(&transaction).await.unwrap();
        let Awaiting::Source(asked) = transaction.awaiting.clone() else {
            panic!("no source is asked: {:?}", transaction.awaiting)
        };
        let opened = self.open(&transaction, now).await;
        let reply = Inbound {
            query: reply.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect(),
            form: Vec::new(),
            certificate: None,
            address: visit.address,
            now,
        };
        let from = at.parse().unwrap();
        let turn = self.node().resume(opened, &from, &asked.correlator, reply, &visit).await;
        self.follow(browser, turn.unwrap()).await
    }

    pub(super) async fn open(&self, transaction: &Transaction, now: Timestamp) -> Opened {
        let visit = testing::visit(now);
        let opened = self.node().open(&transaction.id, Some("binding"), &visit).await.unwrap();
        opened.unwrap_or_else(|stopped| panic!("{stopped:?}"))
    }

    /// What pages do with a turn: keep the login, or end it and take the cookies.
    pub(super) async fn follow(&self, browser: &mut Browser, turn: Turn) -> Turn {
        match &turn.next {
            Next::Issue(_, session, device) => {
                assert!(self.node().burn(&turn.transaction.id).await.unwrap());
                if let SessionChange::Set(handle) = session {
                    browser.session = Some(handle.clone());
                }
                match device {
                    DeviceChange::None => {}
                    DeviceChange::Set(handle, _) => browser.device = Some(handle.clone()),
                    DeviceChange::Clear => browser.device = None,
                }
            }
            Next::Refuse(_) => {}
            _ if turn.kept => {}
            _ => self.node().keep_over(&turn.transaction).await.unwrap(),
        }
        turn
    }

    /// Types a code, and follows.
    pub(super) async fn type_code(
        &self,
        browser: &mut Browser,
        turn: &Turn,
        kind: idp_domain::FactorKind,
        typed: &str,
        remember: bool,
        now: Timestamp,
    ) -> Turn {
        let visit = self.visit(browser, now).await;
        let opened = self.open(&turn.transaction, now).await;
        let turn = self.node().prove_code(opened, kind, typed, remember, &visit).await.unwrap();
        self.follow(browser, turn).await
    }

    /// Goes on without a factor, and follows.
    pub(super) async fn go_without(
        &self,
        browser: &mut Browser,
        turn: &Turn,
        now: Timestamp,
    ) -> Turn {
        let visit = self.visit(browser, now).await;
        let opened = self.open(&turn.transaction, now).await;
        let turn = self.node().go_without(opened, &visit).await.unwrap();
        self.follow(browser, turn).await
    }

    /// Proves with `key`, which `alter` may make lie, and follows.
    pub(super) async fn prove_with(
        &self,
        browser: &mut Browser,
        turn: &Turn,
        key: &Soft,
        alter: impl FnOnce(&mut Draft),
        now: Timestamp,
    ) -> Turn {
        let visit = self.visit(browser, now).await;
        let opened = self.open(&turn.transaction, now).await;
        let started = self.node().start_passkey_proof(&opened, &visit).await.unwrap().unwrap();
        let answer = assertion(key, &started, alter);
        let turn = self.node().prove_passkey(opened, &started.ceremony, &answer, &visit).await;
        self.follow(browser, turn.unwrap()).await
    }

    /// Enrols `key` in a login that waits for that, keeps the codes, and follows.
    pub(super) async fn enrol_key(
        &self,
        browser: &mut Browser,
        turn: &Turn,
        key: &Soft,
        now: Timestamp,
    ) -> Turn {
        let visit = self.visit(browser, now).await;
        let opened = self.open(&turn.transaction, now).await;
        let started = self.node().start_passkey_enrolment(&opened, &visit).await.unwrap().unwrap();
        let answer = registration(key, &started);
        let turn = self
            .node()
            .enrol_passkey(opened, &started.ceremony, &answer, "key ring", &visit)
            .await
            .unwrap();
        let turn = self.follow(browser, turn).await;
        if !matches!(turn.next, Next::Codes(_)) {
            return turn;
        }
        let opened = self.open(&turn.transaction, now).await;
        let turn = self.node().codes_kept(opened, &visit).await.unwrap();
        self.follow(browser, turn).await
    }

    /// A browser of `who`, whose account has `key`, after a sign-in that was issued at [`NOW`].
    pub(super) async fn enrolled(&self, at: &str, who: &str) -> (Browser, Soft) {
        let (mut browser, key) = (Browser::default(), Soft::new());
        let turn = self.sign_in(&mut browser, "vault", at, who, NOW).await;
        assert!(matches!(turn.next, Next::Enrol(_)), "{:?}", turn.next);
        let turn = self.enrol_key(&mut browser, &turn, &key, NOW).await;
        issued(turn);
        (browser, key)
    }

    /// Account of `who` at a source of ours.
    pub(super) async fn put_local(&self, who: &str, disabled: bool, replaces: i64) {
        let account = NewLocalAccount {
            source: "partner".parse().unwrap(),
            username: who.to_owned(),
            subject: SourceSubject::parse(who).unwrap(),
            password_hash: None,
            disabled,
            attributes: AttributeSet::default(),
            replaces,
            now: NOW,
        };
        let unit = Unit::new(Act::PutLocalAccount(account), Vec::new());
        let outcome = self.store.journal.commit(unit).await.unwrap();
        // Whoever is disabled is signed out with it.
        assert!(matches!(outcome, Outcome::Done | Outcome::SignedOut { .. }), "{outcome:?}");
    }

    /// The lines of the trail of these kinds, oldest first: kind, reason, alert.
    pub(super) async fn trail(&self, of: &str) -> Vec<String> {
        let rows = self.store.audit.page(None, 1_000).await.unwrap();
        let mut events: Vec<_> = rows.into_iter().filter_map(|row| row.event()).collect();
        events.reverse();
        let events = events.iter().filter(|event| event.kind.as_str().starts_with(of));
        let line = |event: &idp_domain::AuditEvent| {
            let mut line = event.kind.as_str().to_owned();
            if !event.reason.is_empty() {
                line = format!("{line} {}", event.reason);
            }
            if event.alert {
                line.push_str(" !");
            }
            line
        };
        let mut lines: Vec<_> = events.map(line).collect();
        lines.sort();
        lines
    }

    /// Letters that wait: to whom, and about what.
    pub(super) async fn letters(&self) -> Vec<(String, Letter)> {
        let until = NOW + Lifetime::hours(24);
        let take = TakeLetters { now: until, until: until + Lifetime::hours(1), most: 1_000 };
        let unit = Unit::new(Act::TakeLetters(take), Vec::new());
        let Outcome::Letters { letters } = self.store.journal.commit(unit).await.unwrap() else {
            panic!("no letters")
        };
        let open = |letter: &idp_store::letters::DueLetter| {
            let letter = letter.open(&self.sealer).unwrap();
            let about = serde_json::to_value(&letter.kind).unwrap();
            (about["about"].as_str().unwrap().to_owned(), letter)
        };
        let mut letters: Vec<_> = letters.iter().map(open).collect();
        letters.sort_by(|one, other| one.0.cmp(&other.0));
        letters
    }

    pub(super) async fn letter_kinds(&self) -> Vec<String> {
        self.letters().await.into_iter().map(|(about, _)| about).collect()
    }
}

pub(super) fn later(seconds: u32) -> Timestamp {
    NOW + Lifetime::seconds(seconds)
}

/// After what was proven at [`NOW`] opens no change any more.
pub(super) fn too_late() -> Timestamp {
    NOW + CHANGE_WINDOW + Lifetime::seconds(1)
}

pub(super) fn issued(turn: Turn) -> Issuance {
    match turn.next {
        Next::Issue(issuance, ..) => *issuance,
        next => panic!("not issued: {next:?}"),
    }
}

pub(super) fn asked(turn: &Turn) -> &FactorPage {
    match &turn.next {
        Next::Prove(page) => page,
        next => panic!("no factor is asked for: {next:?}"),
    }
}

pub(super) fn problem(turn: &Turn) -> FactorProblem {
    asked(turn).problem.clone().expect("a problem")
}

pub(super) fn enrolling(turn: &Turn) -> &EnrolPage {
    match &turn.next {
        Next::Enrol(page) => page,
        next => panic!("nothing is to be enrolled: {next:?}"),
    }
}

pub(super) fn acr(issuance: &Issuance) -> &str {
    issuance.acr.as_str()
}

pub(super) fn methods(issuance: &Issuance) -> Vec<&str> {
    issuance.amr.iter().map(Amr::as_str).collect()
}

/// The answer of an honest browser and authenticator to a question for a proof.
pub(super) fn assertion(key: &Soft, started: &Started, alter: impl FnOnce(&mut Draft)) -> String {
    let mut draft = key.draft("webauthn.get", &started.options);
    alter(&mut draft);
    String::from_utf8(key.proof(&draft)).unwrap()
}

/// The answer of an honest browser and authenticator to a question for a new passkey.
pub(super) fn registration(key: &Soft, started: &Started) -> String {
    registration_with(key, started, |_| {})
}

pub(super) fn registration_with(
    key: &Soft,
    started: &Started,
    alter: impl FnOnce(&mut Draft),
) -> String {
    let mut draft = key.draft("webauthn.create", &started.options);
    alter(&mut draft);
    String::from_utf8(key.registration(&draft)).unwrap()
}

/// A demand that a factor of the last five minutes meets alone.
pub(super) fn step_up() -> Demand {
    Demand { factor_max_age: Some(CHANGE_WINDOW), ..Demand::default() }
}

pub(super) fn wished(acr: &str) -> Demand {
    Demand { essential: false, ..essential(acr) }
}

pub(super) fn essential(acr: &str) -> Demand {
    let acr: Acr = acr.parse().unwrap();
    Demand { acr: vec![acr], essential: true, ..Demand::default() }
}
