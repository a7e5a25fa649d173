//! One suite for both engines: on SQLite in memory and in a file always, on PostgreSQL where
//! `LP_TEST_POSTGRES` names an administrator's URL, reported as skipped where it does not.

use std::future::Future;

use idp_domain::{
    AccountId, AttributeName, AttributeSet, AuditEvent, GrantId, Lifetime, SessionId, Timestamp,
    audit::AuditKind, identity::SourceSubject,
};

use super::{Node, Store};
use crate::{
    db::Db,
    grants::NewGrant,
    journal::{
        Act, EndSession, Hash, LinkIdentity, NewRefreshToken, OpenGrant, Outcome, Rotate, Unit,
    },
};

mod access_passes;
mod accounts;
mod alerts;
mod api_tokens;
mod database;
mod devices;
mod ending;
mod factor_faults;
mod factor_races;
mod factors;
mod faults;
mod federation;
mod grants;
mod keys;
mod letters;
mod listing;
mod local_accounts;
mod measure;
mod metadata;
mod once;
mod passkeys;
mod plans;
mod races;
mod revocations;
mod sessions;
mod switches;
mod trail;

/// Runs each test of a module on every engine.
macro_rules! on_every_engine {
    ($($test:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $test() {
                crate::store::tests::Bench::memory().await.run(super::$test).await;
            })+
        }
        mod file {
            $(#[tokio::test]
            async fn $test() {
                crate::store::tests::Bench::file().await.run(super::$test).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $test() {
                if let Some(bench) = crate::store::tests::Bench::postgres().await {
                    bench.run(super::$test).await;
                }
            })+
        }
    };
}
use on_every_engine;

/// The time at which all tests happen.
const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

/// A database of a test's own, and two nodes on it.
struct Bench {
    url: String,
    nodes: [Store; 2],
    admin: Option<String>,
    _folder: Option<tempfile::TempDir>,
}

impl Bench {
    async fn memory() -> Self {
        let db = Db::connect("sqlite::memory:").unwrap();
        Self::on("sqlite::memory:".to_owned(), [db.clone(), db]).await
    }

    async fn file() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/store.sqlite", folder.path().display());
        let dbs = [Db::connect(&url).unwrap(), Db::connect(&url).unwrap()];
        Self { _folder: Some(folder), ..Self::on(url, dbs).await }
    }

    async fn postgres() -> Option<Self> {
        let Ok(admin) = std::env::var("LP_TEST_POSTGRES") else {
            eprintln!("skipped: LP_TEST_POSTGRES names no PostgreSQL");
            return None;
        };
        let name = format!("lp_test_{}", hex(&random::<8>()));
        sql(&admin, &format!("create database {name}")).await;
        let mut url = url_of(&admin);
        url.set_path(&name);
        let url = String::from(url);
        let dbs = [Db::connect(&url).unwrap(), Db::connect(&url).unwrap()];
        Some(Self { admin: Some(admin), ..Self::on(url, dbs).await })
    }

    async fn on(url: String, dbs: [Db; 2]) -> Self {
        for db in &dbs {
            db.migrate().await.unwrap();
        }
        let nodes = dbs.map(|db| node(db, "node"));
        Self { url, nodes, admin: None, _folder: None }
    }

    /// Runs a test, and takes the database away if it passed.
    async fn run<'a, F: Future<Output = ()>>(&'a self, test: impl FnOnce(&'a Self) -> F) {
        test(self).await;
        for node in &self.nodes {
            node.close().await;
        }
        if let Some(admin) = &self.admin {
            let name = url_of(&self.url).path().trim_start_matches('/').to_owned();
            sql(admin, &format!("drop database {name} with (force)")).await;
        }
    }

    fn store(&self) -> &Store {
        &self.nodes[0]
    }

    /// One more node on the same database.
    fn another(&self) -> Store {
        // A database in memory is where its connection is.
        let in_memory = self.url.contains(":memory:");
        let db = if in_memory { self.store().db.clone() } else { Db::connect(&self.url).unwrap() };
        node(db, "another")
    }

    /// Does something to the database behind the store's back.
    async fn behind(&self, statement: &'static str) {
        let mut lease = self.store().db.writer().await.unwrap();
        let conn = lease.unsettle();
        let args = conn.args();
        conn.execute(statement, args).await.unwrap();
        lease.settle();
    }
}

/// Stands for the epoch of an account's factors at the moment at which an act is done.
const LATEST: i64 = i64::MIN;

fn node(db: Db, name: &str) -> Store {
    let token_lifetime = Lifetime::minutes(10);
    Store::start(db, &Node { name: name.to_owned(), token_lifetime, now: NOW }).unwrap()
}

fn url_of(text: &str) -> url::Url {
    text.parse().unwrap()
}

async fn sql(url: &str, statement: &str) {
    use sqlx::{Connection, Executor};
    let mut conn = sqlx::PgConnection::connect(url).await.unwrap();
    conn.execute(sqlx::AssertSqlSafe(statement.to_owned())).await.unwrap();
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).unwrap();
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn later(seconds: u32) -> Timestamp {
    NOW + Lifetime::seconds(seconds)
}

impl Store {
    /// Does `act`, with one event of `Done` in the trail.
    async fn act(&self, mut act: Act) -> Outcome {
        let decided = match &mut act {
            Act::PutPasskey(act) => Some((&act.account, &mut act.epoch)),
            Act::PutTotp(act) => Some((&act.account, &mut act.epoch)),
            Act::PutRecoveryCodes(act) => Some((&act.account, &mut act.epoch)),
            _ => None,
        };
        if let Some((account, epoch)) = decided.filter(|(_, epoch)| **epoch == LATEST) {
            let factors = self.factors.of(account).await.unwrap();
            *epoch = factors.map_or(0, |factors| factors.epoch);
        }
        let event = AuditEvent::new(AuditKind::TokenIssued, NOW);
        self.journal.commit(Unit::new(act, vec![event])).await.unwrap()
    }

    /// Does all of `acts`, together.
    async fn act_all(&self, acts: impl IntoIterator<Item = Act>) {
        let mut all = tokio::task::JoinSet::new();
        for act in acts {
            let store = self.clone();
            all.spawn(async move { store.act(act).await });
        }
        for outcome in all.join_all().await {
            assert_eq!(outcome, Outcome::Done);
        }
    }

    /// A linked account.
    async fn account(&self) -> AccountId {
        match self.act(Act::Link(link(&hex(&random::<8>())))).await {
            Outcome::Linked { account, created: true, disabled: false } => account,
            other => panic!("{other:?}"),
        }
    }

    /// A grant of `account` with a refresh token; returns the act that opened it.
    async fn grant(&self, account: &AccountId) -> OpenGrant {
        let act = open(account);
        assert_eq!(self.act(Act::OpenGrant(act.clone())).await, Outcome::Done);
        act
    }
}

fn link(subject: &str) -> LinkIdentity {
    let mut attributes = AttributeSet::default();
    attributes.add(AttributeName::parse("mail").unwrap(), "a@unhcr.org".to_owned());
    LinkIdentity {
        source: "unhcr".parse().unwrap(),
        issuer: "https://login.unhcr.example".to_owned(),
        subject: SourceSubject::parse(subject).unwrap(),
        account_if_new: AccountId::from_random(random()),
        attributes,
        now: NOW,
    }
}

fn open(account: &AccountId) -> OpenGrant {
    OpenGrant {
        grant: NewGrant {
            id: GrantId::from_random(random()),
            relying_party: "portal".parse().unwrap(),
            account: account.clone(),
            session: Some(SessionId::from_random(random())),
            bound: true,
            created_at: NOW,
            expires_at: later(86_400),
            body: r#"{"scope":"openid"}"#.to_owned(),
        },
        code_hash: random(),
        refresh: Some(NewRefreshToken { hash: random(), expires_at: later(3_600) }),
    }
}

fn rotate(old_hash: Hash) -> Rotate {
    Rotate {
        old_hash,
        successor: NewRefreshToken { hash: random(), expires_at: later(7_200) },
        relying_party: "portal".parse().unwrap(),
        now: later(60),
    }
}

fn end(session: &SessionId, until: Timestamp, now: Timestamp) -> EndSession {
    let because = "person";
    EndSession { session: session.clone(), until, because, spares: None, told_until: now, now }
}

fn token(act: &OpenGrant) -> Hash {
    act.refresh.unwrap().hash
}
