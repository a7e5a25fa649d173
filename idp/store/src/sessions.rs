//! What must be known of a session without its handle: whose it is, what its source calls it, and
//! who was told of it. The session itself lies on the shelf.

mod attend;
mod end;
mod list;
mod many;
mod notices;
mod rest;

use aws_lc_rs::digest::{Context, SHA256};
use idp_domain::{
    AccountId, Assurance, RelyingPartyId, SessionId, SourceId, Timestamp, logout::Standing,
};

pub(crate) use attend::{attend, keep_using};
pub(crate) use end::{end, end_of_accounts};
pub use list::{Listed, Listing, Mark, Told};
#[cfg(test)]
pub(crate) use many::PORTION;
pub use many::{EndSessions, Ended, EndedSession, Of};
pub(crate) use many::{Why, end_many, end_participation};
#[cfg(test)]
pub(crate) use notices::TAKE;
pub(crate) use notices::{claim, settle};
pub(crate) use rest::end_rest;

use crate::{
    db::{Db, Row},
    error::StoreError,
};

/// What a source calls a person and the session in which they proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSession {
    /// The source.
    pub source: SourceId,
    /// Its own name for itself.
    pub issuer: String,
    /// Its name for the person; only its hash is kept.
    pub name: String,
    /// Its name for the session, if it has one; only its hash is kept.
    pub mark: Option<String>,
}

/// A session that was found by something else than its handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// When it ends by itself.
    pub ends_at: Timestamp,
    /// Whether it was ended already.
    pub ended: bool,
}

/// A participant of a session, and how it fared if the session has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participation {
    /// Who.
    pub relying_party: RelyingPartyId,
    /// What its protocol remembers.
    pub farewell: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// Where it stands, if the session has ended.
    pub standing: Option<Standing>,
    /// When it is told next, if that is still to be tried.
    pub due_at: Option<Timestamp>,
}

/// Finds sessions without their handles. They are written through the journal.
#[derive(Clone, Debug)]
pub struct Sessions {
    db: Db,
}

impl Sessions {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// The live sessions that rest on the word of a source about the person `name`: all of them,
    /// or those that the source calls one of `marks`.
    pub async fn of_person(
        &self,
        source: &SourceId,
        issuer: &str,
        name: &str,
        marks: &[String],
    ) -> Result<Vec<Found>, StoreError> {
        let hash = name_hash(source, issuer, name);
        let sql = "select id, account, ends_at, ended_at, source_mark from sessions \
                   where source_name = $1 and ended_at is null";
        let rows = self.db.read("sessions", sql, |args| {
            args.bytes(&hash);
        });
        let marks: Vec<_> = marks.iter().map(|mark| mark_hash(source, issuer, mark)).collect();
        let mut sessions = Vec::new();
        for row in &rows.await? {
            let mark = row.maybe_bytes(4)?;
            if marks.is_empty() || marks.iter().any(|wanted| mark == Some(wanted)) {
                sessions.push(found(row)?);
            }
        }
        Ok(sessions)
    }

    /// The live sessions that a source calls `mark`.
    pub async fn of_mark(
        &self,
        source: &SourceId,
        issuer: &str,
        mark: &str,
    ) -> Result<Vec<Found>, StoreError> {
        let hash = mark_hash(source, issuer, mark);
        let sql = "select id, account, ends_at, ended_at from sessions \
                   where source_mark = $1 and ended_at is null";
        let rows = self.db.read("sessions", sql, |args| {
            args.bytes(&hash);
        });
        rows.await?.iter().map(found).collect()
    }

    /// The live sessions that `source` calls `mark`, by whichever of its own names for itself.
    pub async fn of_source_session(&self, source: &SourceId, mark: &str) -> Result<Of, StoreError> {
        // From one name to the next, over as many people as there are.
        let sql = "with recursive names (issuer) as ( \
                   select min(issuer) from links where source = $1 union all \
                   select (select min(issuer) from links where source = $1 \
                   and issuer > names.issuer) from names where names.issuer is not null) \
                   select issuer from names where issuer is not null";
        let names = self.db.read("links", sql, |args| {
            args.text(source.as_str());
        });
        let mut issuer = String::new();
        for row in &names.await? {
            let name = row.text(0)?;
            if !self.of_mark(source, name, mark).await?.is_empty() {
                name.clone_into(&mut issuer);
                break;
            }
        }
        // No source calls itself nothing: then there is no such session.
        Ok(Of::SourceSession { source: source.clone(), issuer, mark: mark.to_owned() })
    }

    /// The sessions in which `relying_party` was told of a person in the way that `farewell` says,
    /// ended ones too.
    pub async fn of_participant(
        &self,
        relying_party: &RelyingPartyId,
        farewell: Option<&str>,
    ) -> Result<Vec<Found>, StoreError> {
        let hash = participant_hash(relying_party, farewell);
        let sql = "select id, account, ends_at, ended_at from participants \
                   join sessions on id = session where name = $1";
        let rows = self.db.read("sessions", sql, |args| {
            args.bytes(&hash);
        });
        rows.await?.iter().map(found).collect()
    }

    /// Who was told of a session, first come first.
    pub async fn participants(&self, id: &SessionId) -> Result<Vec<Participation>, StoreError> {
        let sql = "select relying_party, farewell, since, standing, due_at from participants \
                   where session = $1 order by since, relying_party, name";
        let rows = self.db.read("participants", sql, |args| {
            args.text(id.as_str());
        });
        rows.await?.iter().map(participation).collect()
    }

    /// When the next notice is due, if one is.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "select min(due_at) from participants where due_at is not null";
        let row = self.db.read_one("participants", sql, |_| {}).await?;
        let due = row.map(|row| row.maybe_int(0)).transpose()?.flatten();
        Ok(due.map(Timestamp::from_seconds))
    }
}

fn found(row: &Row) -> Result<Found, StoreError> {
    Ok(Found {
        id: row.text(0)?.parse().map_err(|_| row.corrupt("id"))?,
        account: row.text(1)?.parse().map_err(|_| row.corrupt("account"))?,
        ends_at: Timestamp::from_seconds(row.int(2)?),
        ended: row.maybe_int(3)?.is_some(),
    })
}

fn participation(row: &Row) -> Result<Participation, StoreError> {
    Ok(Participation {
        relying_party: row.text(0)?.parse().map_err(|_| row.corrupt("relying_party"))?,
        farewell: row.maybe_text(1)?.map(str::to_owned),
        since: Timestamp::from_seconds(row.int(2)?),
        standing: row
            .maybe_text(3)?
            .map(|name| Standing::find(name).ok_or_else(|| row.corrupt("standing")))
            .transpose()?,
        due_at: row.maybe_int(4)?.map(Timestamp::from_seconds),
    })
}

/// As it stands in the database.
fn assurance_name(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::Aal1 => "aal1",
        Assurance::Aal2 => "aal2",
        Assurance::Aal3 => "aal3",
    }
}

fn name_hash(source: &SourceId, issuer: &str, name: &str) -> [u8; 32] {
    hash(&["name", source.as_str(), issuer, name])
}

fn mark_hash(source: &SourceId, issuer: &str, mark: &str) -> [u8; 32] {
    hash(&["mark", source.as_str(), issuer, mark])
}

/// What tells one participation of a session from the others.
fn participant_hash(relying_party: &RelyingPartyId, farewell: Option<&str>) -> [u8; 32] {
    match farewell {
        Some(farewell) => hash(&["party", relying_party.as_str(), farewell]),
        None => hash(&["party", relying_party.as_str()]),
    }
}

/// Others chose the parts: a hash has a bounded length and names nobody.
fn hash(parts: &[&str]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        // Lengths keep parts apart that would read the same when joined.
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    let mut hash = [0; 32];
    for (slot, byte) in hash.iter_mut().zip(context.finish().as_ref()) {
        *slot = *byte;
    }
    hash
}
