//! The house under attack, and how to tell that an attack came to nothing.

use std::collections::{BTreeMap, BTreeSet};

use idp_tests::harness::database::{Database, Snapshot};
use idp_tests::harness::http::Visitor;
use idp_tests::harness::page::Page;
use idp_tests::harness::redis::Redis;
use idp_tests::harness::rp::{Begun, Party};
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard, OnceCell};

use crate::house::{self, House};

/// The house under attack, for one test at a time.
pub(crate) struct Bench {
    /// The house.
    pub(crate) house: &'static House,
    _turn: MutexGuard<'static, ()>,
}

/// How things stood at one moment.
pub(crate) struct Mark {
    tables: Snapshot,
    shelf: Vec<String>,
    trail: BTreeMap<String, u64>,
}

/// A row of the trail.
#[derive(Debug, Clone)]
pub(crate) struct TrailRow {
    /// What happened.
    pub(crate) kind: String,
    /// Why, as a slug.
    pub(crate) reason: String,
    /// The whole event.
    pub(crate) body: Value,
}

/// The hostile issuers, one or more an attack; each is a source and an agency of its own.
pub(crate) const ISSUERS: [&str; 23] = [
    "bridges",
    "orp01",
    "orp02rsa",
    "orp03",
    "orp03dup",
    "orp04",
    "orp04b",
    "orp04disc",
    "orp05",
    "orp08",
    "orp08b",
    "orp10",
    "orp11",
    "orp12",
    "orp12slow",
    "orp14",
    "orp14mfa",
    "orp15",
    "orp17",
    "orp18",
    "auz15",
    "auz19",
    "auz21",
];

/// Waits for this test's turn at the house under attack.
pub(crate) async fn bench() -> Bench {
    static HOUSE: OnceCell<House> = OnceCell::const_new();
    static TURN: Mutex<()> = Mutex::const_new(());
    let turn = TURN.lock().await;
    let house = HOUSE.get_or_init(open).await;
    for name in ISSUERS {
        house.provider.issuer(name).forget();
    }
    Bench { house, _turn: turn }
}

async fn open() -> House {
    House::open_with(production("attacked").await, &ISSUERS).await
}

/// On PostgreSQL and Redis as in production where they are to be had, else embedded.
pub(crate) async fn production(name: &str) -> Plan {
    let mut plan = Plan::new(name);
    if let Some(database) = Database::postgres().await {
        plan = plan.on(database);
    }
    if let Some(redis) = Redis::start().await {
        plan = plan.with_redis(redis);
    }
    plan
}

impl Bench {
    /// Another house under attack, with a turn of its own.
    pub(crate) fn of(house: &'static House, turn: MutexGuard<'static, ()>) -> Self {
        Self { house, _turn: turn }
    }

    /// How things stand now.
    pub(crate) async fn mark(&self) -> Mark {
        let broker = &self.house.broker;
        Mark {
            tables: broker.database.snapshot().await,
            shelf: self.lasting_keys().await,
            trail: broker.database.trail_ends().await,
        }
    }

    /// I0: nothing was created, changed or deleted since `mark`.
    pub(crate) async fn nothing_created(&self, mark: &Mark) {
        self.nothing_created_but(mark, &[]).await;
    }

    /// The same but for what stands in these tables: what was burned, and who is written to.
    pub(crate) async fn nothing_created_but(&self, mark: &Mark, tables: &[&str]) {
        let now = self.mark().await;
        let is_elsewhere = |change: &String| {
            let table = change.split([' ', ':']).nth(1).unwrap_or_default();
            !tables.contains(&table)
        };
        let mut changes = mark.tables.changes(&now.tables);
        changes.retain(is_elsewhere);
        assert_eq!(changes, Vec::<String>::new(), "I0: tables changed");
        let new = now.shelf.iter().filter(|key| !mark.shelf.contains(key));
        // Codes and copies of grants of earlier logins die by themselves meanwhile.
        let lost = mark.shelf.iter().filter(|key| is_session(key) && !now.shelf.contains(key));
        assert_eq!(new.chain(lost).collect::<Vec<_>>(), Vec::<&String>::new(), "I0: the shelf");
    }

    /// The rows of the trail since `mark`.
    pub(crate) async fn trail(&self, mark: &Mark) -> Vec<TrailRow> {
        self.trail_after(&mark.trail).await
    }

    /// The rows of the trail behind these ends.
    pub(crate) async fn trail_after(&self, ends: &BTreeMap<String, u64>) -> Vec<TrailRow> {
        let rows = self.house.broker.database.trail_after(ends).await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        rows.into_values()
            .map(|body| TrailRow { kind: text(&body["kind"]), reason: text(&body["reason"]), body })
            .collect()
    }

    /// The one row of this kind since `mark`, whose reason is one of these.
    pub(crate) async fn told(&self, mark: &Mark, kind: &str, reasons: &[&str]) -> TrailRow {
        let rows = self.trail(mark).await;
        let found = rows
            .iter()
            .find(|row| row.kind == kind && reasons.contains(&row.reason.as_str()))
            .unwrap_or_else(|| panic!("no {kind} because of {reasons:?} in {rows:#?}"));
        found.clone()
    }

    /// Keys of the shelf but for burned logins, browser bindings and counters.
    async fn lasting_keys(&self) -> Vec<String> {
        match &self.house.broker.redis {
            Some(redis) => redis.keys().await.into_iter().filter(|key| is_lasting(key)).collect(),
            None => vec![],
        }
    }

    /// Begins a login for rp1 that a hint sends to the hostile issuer `name`, in a new browser.
    pub(crate) async fn lured(&self, name: &str) -> (Visitor, Party, Begun) {
        self.lured_with(name, &[]).await
    }

    /// The same with more parameters in the request.
    pub(crate) async fn lured_with(
        &self,
        name: &str,
        extra: &[(&str, &str)],
    ) -> (Visitor, Party, Begun) {
        let party = self.house.party("rp1").await;
        let mut all = vec![("idp_hint", name)];
        all.extend(extra);
        let begun = party.begin(&all);
        (house::visitor(), party, begun)
    }

    /// REJ-FED: signs in at `name` as it now behaves, and checks the required outcome: the page,
    /// the trail, nothing created, no session, the login burned.
    pub(crate) async fn rejects(&self, name: &str, reasons: &[&str]) -> TrailRow {
        self.rejects_with(name, &[], reasons).await
    }

    /// The same with more parameters in the relying party's request.
    pub(crate) async fn rejects_with(
        &self,
        name: &str,
        extra: &[(&str, &str)],
        reasons: &[&str],
    ) -> TrailRow {
        let (mut visitor, party, begun) = self.lured_with(name, extra).await;
        let mark = self.mark().await;
        let page = visitor.open(&begun.url).await;
        let row = self.rejected(&mut visitor, &party, &page, &mark, reasons).await;
        assert_eq!(row.body["source"], name);
        row
    }

    /// The required outcome of REJ-FED for a page that came back from a source.
    pub(crate) async fn rejected(
        &self,
        visitor: &mut Visitor,
        party: &Party,
        page: &Page,
        mark: &Mark,
        reasons: &[&str],
    ) -> TrailRow {
        let row = self.told(mark, "federation.inbound.rejected", reasons).await;
        self.shows_federation_error(page, &row);
        self.nothing_created(mark).await;
        self.is_signed_out(visitor, party).await;
        // The login is burned: the same answer again is no better.
        let again = visitor.open(&page.url).await;
        assert!(!again.arrived() && again.status >= 400, "burned? {}", again.describe());
        row
    }

    /// The page of REJ-FED: a sentence, a reference, a way on, and not a word of the reason.
    pub(crate) fn shows_federation_error(&self, page: &Page, row: &TrailRow) {
        assert!([400, 403].contains(&page.status), "{}", page.describe());
        let reference = row.body["reference"].as_str().unwrap_or_default();
        assert!(!reference.is_empty() && page.text().contains(reference), "{}", page.describe());
        self.has_a_way_on(page);
        for secret in
            [row.body["detail"]["detail"].as_str().unwrap_or_default(), "panicked", "id_token"]
        {
            assert!(secret.is_empty() || !page.body.contains(secret), "tells `{secret}`");
        }
    }

    /// Every page leads on: a link or a button, and nothing from elsewhere.
    pub(crate) fn has_a_way_on(&self, page: &Page) {
        let leads_on = !page.links().is_empty() || !page.forms().is_empty();
        assert!(leads_on, "a dead end: {}", page.describe());
        let base = &self.house.broker.base;
        for resource in page.resources() {
            assert!(resource.as_str().starts_with(base.as_str()), "loads {resource}");
        }
    }

    /// The browser has no session: silence gives `login_required`.
    pub(crate) async fn is_signed_out(&self, visitor: &mut Visitor, party: &Party) {
        let silent = party.begin(&[("prompt", "none")]);
        let page = visitor.open(&silent.url).await;
        assert_eq!(party.error(&silent, &page), "login_required");
    }

    /// REJ-PAGE: opens a request that must end on our own page, never at an address it names.
    pub(crate) async fn refuses_on_a_page(&self, url: impl AsRef<str>, reasons: &[&str]) -> Page {
        let mark = self.mark().await;
        let page = Visitor::new().peek(url.as_ref()).await;
        assert!((400..500).contains(&page.status), "{}: {}", url.as_ref(), page.describe());
        assert_eq!(page.header("location"), None, "redirected: {}", url.as_ref());
        assert!(
            page.forms()
                .iter()
                .all(|form| form.action.as_str().starts_with(&self.house.broker.base))
        );
        self.told(&mark, "rp.request.rejected", reasons).await;
        self.nothing_created(&mark).await;
        self.has_a_way_on(&page);
        page
    }

    /// REJ-REDIR: opens a request that must be answered at the registered address with an error.
    pub(crate) async fn refuses_by_redirect(&self, party: &Party, begun: &Begun) -> String {
        let mark = self.mark().await;
        let page = house::visitor().open(&begun.url).await;
        let error = party.error(begun, &page);
        self.nothing_created(&mark).await;
        let rows = self.trail(&mark).await;
        let told =
            rows.iter().any(|row| row.kind == "rp.request.rejected" || row.kind == "login.refused");
        assert!(told, "nothing in the trail: {rows:#?}");
        error
    }
}

/// Sessions, codes and grants; the letters are the product's.
fn is_lasting(key: &str) -> bool {
    is_session(key) || key.contains(":c:") || key.contains(":g:")
}

fn is_session(key: &str) -> bool {
    key.contains(":s:")
}

/// The `claims` parameter that makes multi-factor authentication essential.
pub(crate) fn essential_mfa() -> String {
    let mfa = json!({"essential": true, "values": ["https://refeds.org/profile/mfa"]});
    json!({"id_token": {"acr": mfa}}).to_string()
}

/// The control of I0: what an honest login leaves is seen, in the tables and on the shelf.
#[test]
fn what_an_honest_login_leaves_is_seen() {
    run(async {
        let bench = bench().await;
        let before = bench.mark().await;
        let party = bench.house.party("rp1").await;
        bench.house.sign_in(&mut house::visitor(), &party).await;
        let after = bench.mark().await;
        let changes = before.tables.changes(&after.tables);
        assert!(changes.iter().any(|change| change.contains("grants")), "{changes:?}");
        if bench.house.broker.redis.is_some() {
            assert_ne!(before.shelf, after.shelf, "no session on the shelf");
        }
        let kinds: BTreeSet<_> =
            bench.trail(&before).await.into_iter().map(|row| row.kind).collect();
        for kind in ["authn.succeeded", "session.started", "login.issued", "token.issued"] {
            assert!(kinds.contains(kind), "no {kind} in {kinds:?}");
        }
    });
}
