//! The bare commit: one row, one transaction, and the wait until it is durable.

use std::path::Path;

use anyhow::{Context as _, Result};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Executor as _, PgConnection, SqliteConnection};

/// As long as a row of the trail and what goes with it.
const BODY: &str = concat!(
    "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz",
    "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz",
    "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz",
);

/// A file of SQLite's, committed as the store commits: WAL, `synchronous = FULL`.
pub(crate) async fn sqlite(folder: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("limits.sqlite"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = options.connect().await?;
    connection.execute("create table bare (id integer primary key, body text not null)").await?;
    Ok(connection)
}

/// One row more in SQLite.
pub(crate) async fn commit_to_sqlite(connection: &mut SqliteConnection) -> Result<()> {
    let insert = sqlx::query("insert into bare (body) values ($1)").bind(BODY);
    insert.execute(connection).await.context("SQLite").map(drop)
}

/// A table of PostgreSQL's.
pub(crate) async fn postgres(url: &str) -> Result<PgConnection> {
    let mut connection = url.parse::<PgConnectOptions>()?.connect().await?;
    let make = "create table if not exists bare (id bigserial primary key, body text not null)";
    connection.execute(make).await?;
    Ok(connection)
}

/// One row more in PostgreSQL.
pub(crate) async fn commit_to_postgres(connection: &mut PgConnection) -> Result<()> {
    let insert = sqlx::query("insert into bare (body) values ($1)").bind(BODY);
    insert.execute(connection).await.context("PostgreSQL").map(drop)
}
