//! The last good metadata of peers that publish it at an address, and when each is due again.
//!
//! What a document means is not known here. Of several nodes, the one whose conditional write
//! succeeds fetches.

use idp_domain::Timestamp;

use crate::{
    db::{Conn, Db, Row},
    error::StoreError,
    journal::{Outcome, WriteError},
};

/// How an entry stands: what its document says is not part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The entry of the federation, such as `sources/una`.
    pub entry: String,
    /// Where its metadata is published.
    pub url: String,
    /// When the last good document was fetched; none if there is none.
    pub fetched_at: Option<Timestamp>,
    /// When somebody should fetch it again.
    pub due_at: Timestamp,
    /// How often in a row that has failed.
    pub failures: u32,
    /// Counts the changes of the row.
    pub version: i64,
}

/// A document that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The entry of the federation.
    pub entry: String,
    /// Where it was fetched.
    pub url: String,
    /// When it was fetched.
    pub fetched_at: Timestamp,
    /// The document; none when the entry has moved to another address.
    pub text: Option<String>,
}

/// The documents that changed, and the number that they bring a reader to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The number.
    pub number: i64,
    /// The documents.
    pub documents: Vec<Document>,
}

/// A change of one entry's row, made only if the row is as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutMetadata {
    /// The entry of the federation.
    pub entry: String,
    /// Where its metadata is published. Another address than before loses the document.
    pub url: String,
    /// The version that was read; 0 where there was no row.
    pub against: i64,
    /// A new document and when it was fetched; none leaves what is there.
    pub document: Option<(String, Timestamp)>,
    /// When somebody should fetch it again.
    pub due_at: Timestamp,
    /// How often in a row that has failed.
    pub failures: u32,
}

/// Reads what is kept. It is changed through the journal.
#[derive(Clone, Debug)]
pub struct Metadata {
    db: Db,
}

impl Metadata {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// How every entry stands.
    pub async fn standings(&self) -> Result<Vec<Standing>, StoreError> {
        let sql = "select entry, url, fetched_at, due_at, failures, version from metadata \
                   order by entry";
        self.db.read("metadata", sql, |_| {}).await?.iter().map(standing).collect()
    }

    /// The documents that changed after `number`; after 0, all that are there.
    pub async fn load_since(&self, number: i64) -> Result<News, StoreError> {
        let sql = "select entry, url, fetched_at, document, number from metadata \
                   where number > $1 order by number, entry";
        let rows = self.db.read("metadata", sql, |args| {
            args.int(number);
        });
        let rows = rows.await?;
        let number = rows.last().map_or(Ok(number), |row| row.int(4))?;
        Ok(News { number, documents: rows.iter().map(document).collect::<Result<_, _>>()? })
    }

    /// The document of one entry, whatever its number.
    pub async fn find(&self, entry: &str) -> Result<Option<Document>, StoreError> {
        let sql = "select entry, url, fetched_at, document from metadata where entry = $1";
        let row = self.db.read_one("metadata", sql, |args| {
            args.text(entry);
        });
        row.await?.as_ref().map(document).transpose()
    }
}

fn standing(row: &Row) -> Result<Standing, StoreError> {
    let entry = row.text(0)?;
    Ok(Standing {
        entry: entry.to_owned(),
        url: row.text(1)?.to_owned(),
        fetched_at: row.maybe_int(2)?.map(Timestamp::from_seconds),
        due_at: Timestamp::from_seconds(row.int(3)?),
        failures: u32::try_from(row.int(4)?).map_err(|_| row.corrupt(entry))?,
        version: row.int(5)?,
    })
}

fn document(row: &Row) -> Result<Document, StoreError> {
    Ok(Document {
        entry: row.text(0)?.to_owned(),
        url: row.text(1)?.to_owned(),
        fetched_at: Timestamp::from_seconds(row.maybe_int(2)?.unwrap_or_default()),
        text: row.maybe_text(3)?.map(str::to_owned),
    })
}

/// Writes a row, if it is as it was read.
pub(crate) async fn put(conn: &mut Conn, put: &PutMetadata) -> Result<Outcome, WriteError> {
    let document = put.document.as_ref().map(|(text, _)| text.as_str());
    let fetched_at = put.document.as_ref().map(|(_, at)| at.seconds());
    let mut args = conn.args();
    args.text(&put.entry)
        .text(&put.url)
        .maybe_text(document)
        .maybe_int(fetched_at)
        .int(put.due_at.seconds())
        .int(put.failures.into());
    // The number -1 tells below that the document is another one, or gone.
    let sql = if put.against == 0 {
        args.int(if put.document.is_some() { -1 } else { 0 });
        "insert into metadata (entry, url, document, fetched_at, due_at, failures, number, \
         version) values ($1, $2, $3, $4, $5, $6, $7, 1) on conflict do nothing returning number"
    } else {
        args.int(put.against);
        "update metadata set url = $2, due_at = $5, failures = $6, version = version + 1, \
         number = case when url <> $2 or coalesce($3, document, '') <> coalesce(document, '') \
         then -1 else number end, \
         document = case when url <> $2 then $3 else coalesce($3, document) end, \
         fetched_at = case when url <> $2 then $4 else coalesce($4, fetched_at) end \
         where entry = $1 and version = $7 returning number"
    };
    let rows = conn.fetch("metadata", sql, args).await?;
    let Some(row) = rows.first() else { return Ok(Outcome::Conflict) };
    if row.int(0)? == -1 {
        number(conn, &put.entry).await?;
    }
    Ok(Outcome::Done)
}

/// Gives the row the next number, so that every node reads it.
async fn number(conn: &mut Conn, entry: &str) -> Result<(), WriteError> {
    let sql = "update counters set value = value + 1 where name = 'metadata' returning value";
    let args = conn.args();
    let rows = conn.fetch("counters", sql, args).await?;
    let Some(row) = rows.first() else { return Ok(()) };
    let mut args = conn.args();
    args.text(entry).int(row.int(0)?);
    conn.execute("update metadata set number = $2 where entry = $1", args).await?;
    Ok(())
}
