//! The federation's documents: agencies, sources, relying parties, policy, each a JSON text.
//!
//! What they mean is not known here. Every change gives the whole a new version.

use crate::{
    db::{Conn, Db, Many, Row},
    error::StoreError,
    journal::{Outcome, WriteError},
};

/// A document of the federation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doc {
    /// What kind of thing it describes, such as `agency`.
    pub kind: String,
    /// The id of the thing.
    pub id: String,
    /// The version of the whole that brought it.
    pub version: i64,
    /// The JSON text; none when the thing was deleted.
    pub text: Option<String>,
}

/// A change of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocChange {
    /// What kind of thing it describes.
    pub kind: String,
    /// The id of the thing.
    pub id: String,
    /// The new JSON text; none deletes it.
    pub text: Option<String>,
}

/// A set of changes, applied as a whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The version of the whole that the changes were made against.
    pub against: i64,
    /// What changes.
    pub docs: Vec<DocChange>,
}

/// Documents, and the version of the whole that they bring a reader to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    /// The version of the whole.
    pub version: i64,
    /// The documents.
    pub docs: Vec<Doc>,
}

/// Reads the federation's documents. They are changed through the journal.
#[derive(Clone, Debug)]
pub struct Federation {
    db: Db,
}

impl Federation {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// All documents that are not deleted.
    pub async fn load(&self) -> Result<Catalog, StoreError> {
        let mut catalog = self.load_since(0).await?;
        catalog.docs.retain(|doc| doc.text.is_some());
        Ok(catalog)
    }

    /// The documents that changed after `version`, deleted ones included.
    pub async fn load_since(&self, version: i64) -> Result<Catalog, StoreError> {
        // One statement sees all of a change or nothing of it; changes appear in their order.
        let sql = "select kind, id, version, doc, deleted from federation \
                   where version > $1 order by version, kind, id";
        let rows = self.db.read("federation", sql, |args| {
            args.int(version);
        });
        let docs = rows.await?.iter().map(doc).collect::<Result<Vec<_>, _>>()?;
        let version = docs.last().map_or(version, |doc| doc.version);
        Ok(Catalog { version, docs })
    }

    /// The version of the whole.
    pub async fn version(&self) -> Result<i64, StoreError> {
        let sql = "select value from counters where name = 'federation'";
        self.db.read_one("counters", sql, |_| {}).await?.map_or(Ok(0), |row| row.int(0))
    }
}

fn doc(row: &Row) -> Result<Doc, StoreError> {
    let text = row.text(3)?;
    Ok(Doc {
        kind: row.text(0)?.to_owned(),
        id: row.text(1)?.to_owned(),
        version: row.int(2)?,
        text: (!row.bool(4)?).then(|| text.to_owned()),
    })
}

static PUT: Many = Many::new(
    "insert into federation (kind, id, version, doc, deleted) values",
    5,
    "on conflict (kind, id) do update \
     set version = excluded.version, doc = excluded.doc, deleted = excluded.deleted",
);

/// Applies `changes`, if they were made against what is there.
pub(crate) async fn apply(conn: &mut Conn, changes: &Changes) -> Result<Outcome, WriteError> {
    let mut args = conn.args();
    args.int(changes.against);
    let sql = "update counters set value = value + 1 \
               where name = 'federation' and value = $1 returning value";
    let rows = conn.fetch("counters", sql, args).await?;
    let Some(row) = rows.first() else { return Ok(Outcome::Conflict) };
    let version = row.int(0)?;
    PUT.fetch(conn, "federation", &changes.docs, |args, doc| {
        args.text(&doc.kind)
            .text(&doc.id)
            .int(version)
            .text(doc.text.as_deref().unwrap_or_default())
            .bool(doc.text.is_none());
    })
    .await?;
    Ok(Outcome::Applied { version })
}
