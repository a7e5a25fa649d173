//! A connection to either engine, its arguments and its rows: the only match on the engine.

use std::sync::Arc;

use sqlx::{
    Arguments, AssertSqlSafe, Connection, Decode, Encode, Executor, Postgres, Row as _, Sqlite,
    Type,
    postgres::{PgArguments, PgConnection, PgRow},
    sqlite::{SqliteArguments, SqliteConnection, SqliteRow},
};

use crate::error::StoreError;

/// A statement's text: fixed, or made once for each number of rows and kept.
#[derive(Clone)]
pub(crate) enum Sql {
    Fixed(&'static str),
    Kept(Arc<str>),
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self::Fixed(text)
    }
}

/// A connection to either engine.
pub(crate) enum Conn {
    Postgres(Box<PgConnection>),
    Sqlite(Box<SqliteConnection>),
    /// It went back to the pool.
    Returned,
}

/// Runs `$sql` with `$args` through `$run`, a method of sqlx's `Executor`, on either engine.
macro_rules! on_engine {
    ($conn:expr, $sql:expr, $args:expr, $run:ident) => {
        match ($conn, $args) {
            (Conn::Postgres(conn), Args::Postgres(args)) => match $sql {
                Sql::Fixed(sql) => conn.$run(sqlx::query_with(sql, args)).await.map(Into::into),
                Sql::Kept(sql) => {
                    conn.$run(sqlx::query_with(AssertSqlSafe(sql), args)).await.map(Into::into)
                }
            },
            (Conn::Sqlite(conn), Args::Sqlite(args)) => match $sql {
                Sql::Fixed(sql) => conn.$run(sqlx::query_with(sql, args)).await.map(Into::into),
                Sql::Kept(sql) => {
                    conn.$run(sqlx::query_with(AssertSqlSafe(sql), args)).await.map(Into::into)
                }
            },
            // Arguments come from the connection itself or from its pool's engine.
            _ => Err(sqlx::Error::WorkerCrashed),
        }
    };
}

/// Rows of either engine, as sqlx hands them out.
enum Rows {
    Postgres(Vec<PgRow>),
    Sqlite(Vec<SqliteRow>),
}

impl From<Vec<PgRow>> for Rows {
    fn from(rows: Vec<PgRow>) -> Self {
        Self::Postgres(rows)
    }
}

impl From<Vec<SqliteRow>> for Rows {
    fn from(rows: Vec<SqliteRow>) -> Self {
        Self::Sqlite(rows)
    }
}

/// How many rows a statement changed.
struct Changed(u64);

impl From<sqlx::postgres::PgQueryResult> for Changed {
    fn from(result: sqlx::postgres::PgQueryResult) -> Self {
        Self(result.rows_affected())
    }
}

impl From<sqlx::sqlite::SqliteQueryResult> for Changed {
    fn from(result: sqlx::sqlite::SqliteQueryResult) -> Self {
        Self(result.rows_affected())
    }
}

impl Conn {
    /// Empty arguments for a statement on this connection.
    pub(crate) fn args(&self) -> Args {
        match self {
            Self::Postgres(_) => Args::Postgres(PgArguments::default()),
            Self::Sqlite(_) | Self::Returned => Args::Sqlite(SqliteArguments::default()),
        }
    }

    /// Of a statement that takes rows, the text for an engine that only we write to, or the one
    /// that passes over the rows which another node is just taking.
    pub(crate) fn taking(&self, [alone, among_others]: [&'static str; 2]) -> &'static str {
        if matches!(self, Self::Postgres(_)) { among_others } else { alone }
    }

    /// Runs a statement and returns its rows, which are of `table`.
    pub(crate) async fn fetch(
        &mut self,
        table: &'static str,
        sql: impl Into<Sql>,
        args: Args,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let rows: Rows = on_engine!(self, sql.into(), args, fetch_all)?;
        Ok(match rows {
            Rows::Postgres(rows) => {
                rows.into_iter().map(|row| Row { table, of: RowOf::Postgres(row) }).collect()
            }
            Rows::Sqlite(rows) => {
                rows.into_iter().map(|row| Row { table, of: RowOf::Sqlite(row) }).collect()
            }
        })
    }

    /// Runs a statement and returns how many rows it changed.
    pub(crate) async fn execute(
        &mut self,
        sql: impl Into<Sql>,
        args: Args,
    ) -> Result<u64, sqlx::Error> {
        let Changed(rows) = on_engine!(self, sql.into(), args, execute)?;
        Ok(rows)
    }

    /// Begins a transaction that is going to write.
    pub(crate) async fn begin(&mut self) -> Result<(), sqlx::Error> {
        // Taking SQLite's write lock only at the first write could fail half-way.
        let sql = if matches!(self, Self::Sqlite(_)) { "begin immediate" } else { "begin" };
        self.command(sql).await
    }

    /// Commits the transaction.
    pub(crate) async fn commit(&mut self) -> Result<(), sqlx::Error> {
        self.command("commit").await
    }

    /// Takes the transaction back.
    pub(crate) async fn rollback(&mut self) -> Result<(), sqlx::Error> {
        self.command("rollback").await
    }

    /// Runs a statement that has neither arguments nor rows.
    async fn command(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        match self {
            // As text: one message, where a prepared statement takes a round trip more at first.
            Self::Postgres(conn) => conn.execute(sql).await.map(|_| ()),
            Self::Sqlite(_) | Self::Returned => self.execute(sql, self.args()).await.map(|_| ()),
        }
    }

    /// Says good-bye to the server.
    pub(crate) async fn close(self) {
        // Nothing depends on the farewell: the server notices a closed connection by itself.
        let _ = match self {
            Self::Postgres(conn) => conn.close().await,
            Self::Sqlite(conn) => conn.close().await,
            Self::Returned => Ok(()),
        };
    }
}

/// The arguments of a statement, in the order of its placeholders.
pub(crate) enum Args {
    Postgres(PgArguments),
    Sqlite(SqliteArguments),
}

impl Args {
    fn add<'t, T>(&mut self, value: T) -> &mut Self
    where
        T: Encode<'t, Postgres> + Type<Postgres> + Encode<'t, Sqlite> + Type<Sqlite>,
    {
        // Only a value of over two gigabytes cannot be encoded; the statement then lacks an
        // argument and fails as a whole.
        let _ = match self {
            Self::Postgres(args) => args.add(value),
            Self::Sqlite(args) => args.add(value),
        };
        self
    }

    pub(crate) fn text(&mut self, value: &str) -> &mut Self {
        self.add(value)
    }

    pub(crate) fn maybe_text(&mut self, value: Option<&str>) -> &mut Self {
        self.add(value)
    }

    pub(crate) fn int(&mut self, value: i64) -> &mut Self {
        self.add(value)
    }

    pub(crate) fn maybe_int(&mut self, value: Option<i64>) -> &mut Self {
        self.add(value)
    }

    pub(crate) fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.add(value)
    }

    pub(crate) fn maybe_bytes(&mut self, value: Option<&[u8]>) -> &mut Self {
        self.add(value)
    }

    pub(crate) fn bool(&mut self, value: bool) -> &mut Self {
        self.add(value)
    }
}

/// A row of either engine.
pub(crate) struct Row {
    table: &'static str,
    of: RowOf,
}

enum RowOf {
    Postgres(PgRow),
    Sqlite(SqliteRow),
}

impl Row {
    fn read<'r, T>(&'r self, column: usize) -> Result<T, StoreError>
    where
        T: Decode<'r, Postgres> + Type<Postgres> + Decode<'r, Sqlite> + Type<Sqlite>,
    {
        let value = match &self.of {
            RowOf::Postgres(row) => row.try_get(column),
            RowOf::Sqlite(row) => row.try_get(column),
        };
        value.map_err(|_| self.corrupt(format!("column {column}")))
    }

    /// This row cannot be read back; `key` says which it is, by ids only.
    pub(crate) fn corrupt(&self, key: impl Into<String>) -> StoreError {
        StoreError::Corrupt { table: self.table, key: key.into() }
    }

    pub(crate) fn text(&self, column: usize) -> Result<&str, StoreError> {
        self.read(column)
    }

    pub(crate) fn maybe_text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        self.read(column)
    }

    pub(crate) fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.read(column)
    }

    pub(crate) fn maybe_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        self.read(column)
    }

    pub(crate) fn bytes(&self, column: usize) -> Result<&[u8], StoreError> {
        self.read(column)
    }

    pub(crate) fn maybe_bytes(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        self.read(column)
    }

    pub(crate) fn bool(&self, column: usize) -> Result<bool, StoreError> {
        self.read(column)
    }

    pub(crate) fn maybe_bool(&self, column: usize) -> Result<Option<bool>, StoreError> {
        self.read(column)
    }

    /// A column of 32 bytes.
    pub(crate) fn hash(&self, column: usize) -> Result<[u8; 32], StoreError> {
        let bytes = self.read::<&[u8]>(column)?;
        bytes.try_into().map_err(|_| self.corrupt(format!("column {column}")))
    }
}
