//! A database of a test's own, and looks into its tables: what exists, and what the trail says.

use serde_json::Value;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, PgPool, Row, SqlitePool};
use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use super::jose;
use super::tools;

/// The tables of one broker.
#[derive(Debug)]
pub struct Database {
    /// Where the product finds it.
    pub url: String,
    pool: Pool,
}

#[derive(Debug)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Every row of every table that matters, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot(BTreeMap<String, Vec<String>>);

impl Database {
    /// A SQLite file in `folder`, which the product will make.
    pub fn sqlite(folder: &Path) -> Self {
        let file = folder.join("idp.sqlite");
        let url = format!("sqlite:{}", file.display());
        let options = SqliteConnectOptions::from_str(&url).expect("a URL").read_only(true);
        let pool = SqlitePoolOptions::new().max_connections(2).connect_lazy_with(options);
        Self { url, pool: Pool::Sqlite(pool) }
    }

    /// A fresh database on the PostgreSQL server of `LP_TEST_POSTGRES`.
    pub async fn postgres() -> Option<Self> {
        let server = tools::service("LP_TEST_POSTGRES", "a PostgreSQL server")?;
        let name = format!("idp_test_{}", jose::random().to_lowercase().replace(['-', '_'], "x"));
        let name = &name[..40];
        let admin = PgPool::connect(&server).await.expect("PostgreSQL");
        let create = format!("create database {name}");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&admin).await.expect("a database");
        let mut url = url::Url::parse(&server).expect("a URL");
        url.set_path(name);
        let pool = PgPoolOptions::new().max_connections(2).connect_lazy(url.as_str());
        Some(Self { url: url.into(), pool: Pool::Postgres(pool.expect("a URL")) })
    }

    /// What exists now, but for the trail and for counters that any request may move.
    pub async fn snapshot(&self) -> Snapshot {
        let tables = self.tables().await.into_iter().filter(|table| !bookkeeping(table));
        let tables: Vec<String> = tables.collect();
        let mut rows = BTreeMap::new();
        if let Pool::Postgres(_) = self.pool {
            // In one question: there are many tables, and attacks take many looks.
            let parts = tables.iter().map(|t| format!("select '{t}', t::text from \"{t}\" t"));
            let sql = parts.collect::<Vec<_>>().join(" union all ") + " order by 1, 2";
            rows.extend(tables.into_iter().map(|table| (table, vec![])));
            for row in self.texts_of(&sql).await {
                let [table, text] = row.try_into().expect("two columns");
                let known = rows.entry(table.expect("a table")).or_insert_with(Vec::new);
                known.push(text.expect("a row"));
            }
        } else {
            for table in tables {
                let all = self.rows(&table).await;
                rows.insert(table, all);
            }
        }
        // The trail counts its alerts there.
        if let Some(counters) = rows.get_mut("counters") {
            counters.retain(|row| !row.contains("alerts"));
        }
        Snapshot(rows)
    }

    /// The names of all tables.
    pub async fn tables(&self) -> Vec<String> {
        let names = match &self.pool {
            Pool::Sqlite(pool) => {
                let sql = "select name from sqlite_master where type = 'table' \
                           and name not like 'sqlite_%' order by 1";
                sqlx::query_scalar(sql).fetch_all(pool).await
            }
            Pool::Postgres(pool) => {
                let sql = "select tablename::text from pg_tables \
                           where schemaname = 'public' order by 1";
                sqlx::query_scalar(sql).fetch_all(pool).await
            }
        };
        names.expect("the tables")
    }

    /// Every row of a table as text, sorted.
    pub async fn rows(&self, table: &str) -> Vec<String> {
        match &self.pool {
            Pool::Sqlite(pool) => {
                let columns = format!("select name from pragma_table_info('{table}')");
                let columns: Vec<String> = sqlx::query_scalar(AssertSqlSafe(columns))
                    .fetch_all(pool)
                    .await
                    .expect("the columns");
                let quoted: Vec<_> = columns.iter().map(|c| format!("quote(\"{c}\")")).collect();
                let sql =
                    format!("select {} from \"{table}\" order by 1", quoted.join(" || '|' || "));
                sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(pool).await.expect("rows")
            }
            Pool::Postgres(pool) => {
                let sql = format!("select t::text from \"{table}\" t order by 1");
                sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(pool).await.expect("rows")
            }
        }
    }

    /// Rows of text columns by a query of the test's own.
    pub async fn texts(&self, sql: &'static str) -> Vec<Vec<Option<String>>> {
        self.texts_of(sql).await
    }

    async fn texts_of(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        macro_rules! fetch {
            ($pool:expr) => {
                sqlx::query(AssertSqlSafe(sql.to_owned()))
                    .fetch_all($pool)
                    .await
                    .unwrap_or_else(|error| panic!("{sql}: {error}"))
                    .iter()
                    .map(|row| (0..row.len()).map(|column| row.get(column)).collect())
                    .collect()
            };
        }
        match &self.pool {
            Pool::Sqlite(pool) => fetch!(pool),
            Pool::Postgres(pool) => fetch!(pool),
        }
    }

    /// The trail: each row by its place, `chain/seq`, with the event.
    pub async fn trail(&self) -> BTreeMap<String, Value> {
        self.trail_after(&BTreeMap::new()).await
    }

    /// Where each chain of the trail ends now.
    pub async fn trail_ends(&self) -> BTreeMap<String, u64> {
        let sql = "select chain, cast(max(seq) as text) from audit group by chain";
        let rows = self.texts(sql).await.into_iter().map(|row| {
            let [chain, seq] = row.try_into().expect("two columns");
            (chain.expect("a chain"), seq.and_then(|seq| seq.parse().ok()).expect("a place"))
        });
        rows.collect()
    }

    /// The rows of the trail behind these ends.
    pub async fn trail_after(&self, ends: &BTreeMap<String, u64>) -> BTreeMap<String, Value> {
        let known = ends.iter().map(|(chain, seq)| format!("(chain = '{chain}' and seq <= {seq})"));
        let known = known.collect::<Vec<_>>().join(" or ");
        let sql = "select chain, cast(seq as text), body from audit";
        let sql =
            if known.is_empty() { sql.to_owned() } else { format!("{sql} where not ({known})") };
        let rows = self.texts_of(&sql).await.into_iter().map(|row| {
            let [chain, seq, body] = row.try_into().expect("three columns");
            let place = format!("{}/{:0>12}", chain.expect("a chain"), seq.expect("a place"));
            (place, serde_json::from_str(&body.expect("a body")).expect("JSON"))
        });
        rows.collect()
    }

    /// Marks the database as one that a later program has migrated further.
    pub async fn pretend_newer(&self) {
        self.write(
            "insert into _sqlx_migrations \
             (version, description, success, checksum, execution_time) \
             select max(version) + 1, 'of a later program', true, max(checksum), 0 \
             from _sqlx_migrations",
        )
        .await;
    }

    /// Makes the next signing keys a month older: nobody can wait for that.
    pub async fn age_next_keys(&self) {
        let sql = "update keys set created_at = created_at - 2592000 where state = 'next'";
        self.write(sql).await;
    }

    /// Changes a SQLite database behind the product's back.
    async fn write(&self, sql: &'static str) {
        let writer = SqlitePoolOptions::new().connect(&self.url).await.expect("SQLite");
        sqlx::query(sql).execute(&writer).await.expect(sql);
        writer.close().await;
    }

    /// Whether `needle` stands in any row of any table: for secrets that must not be kept.
    pub async fn holds(&self, needle: &str) -> Option<String> {
        for table in self.tables().await {
            if self.rows(&table).await.iter().any(|row| row.contains(needle)) {
                return Some(table);
            }
        }
        None
    }
}

impl Snapshot {
    /// What differs in `later`, a line for each row.
    pub fn changes(&self, later: &Self) -> Vec<String> {
        let mut changes = vec![];
        for (table, rows) in &later.0 {
            let before = self.0.get(table).map(Vec::as_slice).unwrap_or_default();
            changes.extend(
                rows.iter()
                    .filter(|row| !before.contains(row))
                    .map(|row| format!("+ {table}: {row}")),
            );
            changes.extend(
                before
                    .iter()
                    .filter(|row| !rows.contains(row))
                    .map(|row| format!("- {table}: {row}")),
            );
        }
        changes
    }
}

/// Tables that a refused request may write to: the trail, and counters.
fn bookkeeping(table: &str) -> bool {
    ["audit", "alerts", "throttle", "migration"].iter().any(|word| table.contains(word))
}
