//! Fills the stores with sessions like those that people began: values of the same length under
//! names of the same length, and rows that differ in what they are found by.

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use redis::aio::MultiplexedConnection;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Executor as _, PgConnection};
use url::Url;

/// Values that are sent at once.
const BATCH: u32 = 1_000;
/// How long what fills the shelf lies, in milliseconds.
const LIES: u32 = 3_600_000;
/// Look-ups that one figure is taken from.
const LOOKUPS: u32 = 20_000;

/// A database of its own beside the one at `url`.
pub(super) async fn database(url: &str) -> Result<String> {
    const NAME: &str = "bench_sessions";
    let mut connection = url.parse::<PgConnectOptions>()?.connect().await?;
    connection.execute("create database bench_sessions").await?;
    let mut url: Url = url.parse()?;
    url.set_path(NAME);
    Ok(url.into())
}

/// The shelf in Redis.
pub(super) struct Shelf {
    redis: MultiplexedConnection,
    /// The names of sessions that were added.
    sample: Vec<Vec<u8>>,
}

/// What filling showed.
pub(super) struct Filled {
    pub(super) value_bytes: f64,
    pub(super) each_bytes: f64,
}

impl Shelf {
    pub(super) async fn open(url: &str) -> Result<Self> {
        let client = redis::Client::open(url)?;
        let redis = client.get_multiplexed_async_connection().await?;
        Ok(Self { redis, sample: Vec::new() })
    }

    /// Adds `count` sessions like those that are there.
    pub(super) async fn fill(&mut self, count: u32) -> Result<Filled> {
        let models = self.models().await?;
        let (name, _) = models.first().context("nobody has a session")?;
        let end = name.iter().rposition(|byte| *byte == b':').context("a name without a colon")?;
        let prefix = name.split_at(end + 1).0.to_vec();
        let length: usize = models.iter().map(|(_, value)| value.len()).sum();
        let before = self.used_memory().await?;
        let mut values = models.iter().map(|(_, value)| value).cycle();
        for _ in 0..count / BATCH {
            let mut pipe = redis::pipe();
            for place in 0..BATCH {
                let mut bits = [0; 32];
                aws_lc_rs::rand::fill(&mut bits).ok().context("no randomness")?;
                let mut name = prefix.clone();
                name.extend_from_slice(URL_SAFE_NO_PAD.encode(bits).as_bytes());
                let value = values.next().context("nobody has a session")?;
                pipe.cmd("SET").arg(&name).arg(value.as_slice()).arg("PX").arg(LIES).ignore();
                if place == 0 {
                    self.sample.push(name);
                }
            }
            pipe.exec_async(&mut self.redis).await?;
        }
        let grown = self.used_memory().await? - before;
        Ok(Filled { value_bytes: mean(length, models.len()), each_bytes: grown / f64::from(count) })
    }

    /// The sessions that people began: their names and their sealed values.
    async fn models(&mut self) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let names: Vec<Vec<u8>> =
            redis::cmd("KEYS").arg("lp:*:s:*").query_async(&mut self.redis).await?;
        let mut models = Vec::with_capacity(names.len());
        for name in names {
            let value = redis::cmd("GET").arg(&name).query_async(&mut self.redis).await?;
            models.push((name, value));
        }
        Ok(models)
    }

    async fn used_memory(&mut self) -> Result<f64> {
        let said: String = redis::cmd("INFO").arg("memory").query_async(&mut self.redis).await?;
        let line = said.lines().find_map(|line| line.strip_prefix("used_memory:"));
        Ok(line.context("Redis counts otherwise")?.trim().parse()?)
    }

    /// Looks sessions up one after the other; microseconds each.
    pub(super) async fn look_up(&mut self) -> Result<f64> {
        let begun = Instant::now();
        for name in self.sample.iter().cycle().take(LOOKUPS as usize) {
            let found: Option<Vec<u8>> =
                redis::cmd("GET").arg(name).query_async(&mut self.redis).await?;
            ensure!(found.is_some(), "a session is gone");
        }
        Ok(begun.elapsed().as_secs_f64() * 1e6 / f64::from(LOOKUPS))
    }

    /// Begins to count commands that take longer than 10 ms.
    pub(super) async fn forget_slow(&mut self) -> Result<()> {
        let mut set = redis::cmd("CONFIG");
        set.arg("SET").arg("slowlog-log-slower-than").arg(10_000);
        set.exec_async(&mut self.redis).await?;
        Ok(redis::cmd("SLOWLOG").arg("RESET").exec_async(&mut self.redis).await?)
    }

    /// How many there were since.
    pub(super) async fn slow(&mut self) -> Result<u64> {
        Ok(redis::cmd("SLOWLOG").arg("LEN").query_async(&mut self.redis).await?)
    }
}

#[expect(clippy::cast_precision_loss, reason = "thousands")]
fn mean(sum: usize, count: usize) -> f64 {
    sum as f64 / count.max(1) as f64
}

/// The rows in PostgreSQL.
pub(super) struct Rows(PgConnection);

impl Rows {
    pub(super) async fn open(url: &str) -> Result<Self> {
        Ok(Self(url.parse::<PgConnectOptions>()?.connect().await?))
    }

    /// The account with the most sessions: of whoever signed in for the measurements.
    pub(super) async fn person(&mut self) -> Result<String> {
        let sql = "select account from sessions where source = 'partners' \
                   and account not like 'person-%' limit 1";
        let account = sqlx::query_scalar(sql).fetch_one(&mut self.0).await?;
        Ok(account)
    }

    /// Adds `count` sessions of many people and agencies, with a participant each, and `agency`
    /// ones of one agency, with two participants and a grant each. Returns the bytes that one of
    /// the many takes.
    pub(super) async fn fill(&mut self, count: u32, agency: u32) -> Result<f64> {
        let before = self.size().await?;
        let sql = "insert into sessions (id, account, source, source_name, ends_at, agency, \
                   started_at, proven_at, used_at, address, browser, assurance) \
                   select 'many-' || n, 'person-' || n / 3, model.source, \
                   sha256(('many' || n)::bytea), model.ends_at, 'agency-' || n % 97, \
                   model.started_at - n % 1800, model.proven_at - n % 1800, model.used_at, \
                   model.address, model.browser, model.assurance \
                   from (select * from sessions where source = 'partners' limit 1) model, \
                   generate_series(1, $1::int) n";
        sqlx::query(sql).bind(i32::try_from(count)?).execute(&mut self.0).await?;
        self.join("many-%", "bench").await?;
        let each = (self.size().await? - before) / f64::from(count);
        let sql = "insert into sessions (id, account, source, source_name, ends_at, agency, \
                   started_at, proven_at, used_at, address, browser, assurance) \
                   select 'field-' || n, 'field-' || n, model.source, \
                   sha256(('field' || n)::bytea), model.ends_at, model.agency, \
                   model.started_at, model.proven_at, model.used_at, model.address, \
                   model.browser, model.assurance \
                   from (select * from sessions where source = 'field' limit 1) model, \
                   generate_series(1, $1::int) n";
        sqlx::query(sql).bind(i32::try_from(agency)?).execute(&mut self.0).await?;
        for party in ["bench", "party-1"] {
            self.join("field-%", party).await?;
        }
        let sql = "insert into grants (id, relying_party, account, session, bound, code_hash, \
                   created_at, expires_at, body) \
                   select sessions.id, model.relying_party, model.account, sessions.id, true, \
                   sha256(sessions.id::bytea), model.created_at, model.expires_at, model.body \
                   from (select * from grants limit 1) model, sessions \
                   where sessions.id like 'field-%'";
        self.0.execute(sql).await?;
        // What is still to be written of all this is no cost of what is measured next.
        self.0.execute("vacuum analyze").await?;
        self.0.execute("checkpoint").await?;
        Ok(each)
    }

    async fn join(&mut self, sessions: &str, party: &str) -> Result<()> {
        let sql = "insert into participants (session, name, relying_party, since, tries) \
                   select id, sha256((id || $2)::bytea), $2, started_at, 0 from sessions \
                   where id like $1";
        sqlx::query(sql).bind(sessions).bind(party).execute(&mut self.0).await?;
        Ok(())
    }

    async fn size(&mut self) -> Result<f64> {
        let sql = "select (pg_total_relation_size('sessions') \
                   + pg_total_relation_size('participants'))::float8";
        Ok(sqlx::query_scalar(sql).fetch_one(&mut self.0).await?)
    }
}
