//! Letters that wait to be sent, sealed: they hold an address. Each is written in one commit with
//! what it tells of, and whoever moves its time on has the turn to send it.

use idp_domain::{Letter, Lifetime, Timestamp};
use thiserror::Error;

use crate::{
    db::{Conn, Db, Many, Row, draw_name},
    error::StoreError,
    journal::{Act, Outcome, Waiting, WriteError},
    seal::{Purpose, SealError, Sealer},
};

/// For how long sending is tried.
pub const GIVE_UP: Lifetime = Lifetime::hours(72);

/// A letter to be queued.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedLetter {
    id: String,
    sealed: Vec<u8>,
    at: Timestamp,
}

impl std::fmt::Debug for SealedLetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedLetter").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A letter could not be sealed, or is none.
#[derive(Debug, Error)]
pub enum LetterError {
    /// The system has no randomness to give.
    #[error("no randomness")]
    Randomness,
    /// It does not seal, or does not open: it was sealed under another master key, say.
    #[error("a letter cannot be sealed or opened")]
    Seal(#[source] SealError),
    /// It opens, and is not a letter that this program can read.
    #[error("a sealed letter is of another form")]
    Form(#[source] serde_json::Error),
}

impl SealedLetter {
    /// Seals a letter; it is due at once.
    pub fn seal(sealer: &Sealer, letter: &Letter) -> Result<Self, LetterError> {
        let id = draw_name().ok_or(LetterError::Randomness)?;
        let plain = serde_json::to_vec(letter).map_err(LetterError::Form)?;
        let body = sealer.seal(Purpose::Letter, id.as_bytes(), &plain);
        Ok(Self { id, sealed: body.map_err(LetterError::Seal)?, at: letter.at })
    }
}

/// A letter that is the caller's to send, for as long as its turn lasts.
#[derive(Clone, PartialEq, Eq)]
pub struct DueLetter {
    /// Its id.
    pub id: String,
    /// Itself, sealed.
    pub sealed: Vec<u8>,
    /// The how-manieth attempt this is; the first is 1.
    pub tries: u32,
    /// When it is not tried any more.
    pub until: Timestamp,
}

impl std::fmt::Debug for DueLetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DueLetter")
            .field("id", &self.id)
            .field("tries", &self.tries)
            .finish_non_exhaustive()
    }
}

impl DueLetter {
    /// Opens the letter.
    pub fn open(&self, sealer: &Sealer) -> Result<Letter, LetterError> {
        let plain = sealer.open(Purpose::Letter, self.id.as_bytes(), &self.sealed);
        serde_json::from_slice(&plain.map_err(LetterError::Seal)?).map_err(LetterError::Form)
    }
}

/// Takes the turn to send letters that are due.
#[derive(Clone, Copy, Debug)]
pub struct TakeLetters {
    /// The time.
    pub now: Timestamp,
    /// Until when the turn lasts: a letter that is not settled by then is due again.
    pub until: Timestamp,
    /// The most that are taken.
    pub most: u32,
}

/// Writes how a letter fared.
#[derive(Clone, Debug)]
pub struct SettleLetter {
    /// Its id.
    pub letter: String,
    /// When it is tried again; none if it was sent or given up: then it is forgotten.
    pub again_at: Option<Timestamp>,
}

/// Reads what waits. Letters are queued, taken and settled through the journal. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Letters {
    db: Db,
}

impl Letters {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// When the next letter is due, if one is waiting.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let row = self.db.read_one("letters", "select min(due_at) from letters", |_| {}).await?;
        let due = row.map(|row| row.maybe_int(0)).transpose()?.flatten();
        Ok(due.map(Timestamp::from_seconds))
    }
}

static QUEUE: Many =
    Many::new("insert into letters (id, sealed, tries, due_at, until) values", 5, "");

/// Queues the letters of every act that was done.
pub(crate) async fn queue(
    conn: &mut Conn,
    batch: &[Waiting],
    outcomes: &[Outcome],
) -> Result<(), WriteError> {
    let done = batch.iter().zip(outcomes).filter(|(_, outcome)| **outcome == Outcome::Done);
    let letters = done.flat_map(|(waiting, _)| letters(&waiting.unit.act)).collect::<Vec<_>>();
    QUEUE
        .fetch(conn, "letters", &letters, |args, letter| {
            args.text(&letter.id)
                .bytes(&letter.sealed)
                .int(0)
                .int(letter.at.seconds())
                .int((letter.at + GIVE_UP).seconds());
        })
        .await?;
    Ok(())
}

/// What an act has somebody written.
fn letters(act: &Act) -> &[SealedLetter] {
    match act {
        Act::PutPasskey(act) => &act.letters,
        Act::RemovePasskey(act) => &act.letters,
        Act::PutTotp(act) => &act.letters,
        Act::RemoveTotp(act) => &act.letters,
        Act::PutRecoveryCodes(act) => &act.letters,
        Act::UseRecoveryCode(act) => &act.letters,
        Act::ResetFactors(act) => &act.letters,
        Act::IssueAccessPass(act) => &act.letters,
        Act::ApproveAccessPass(act) => &act.letters,
        Act::UseAccessPass(act) => &act.letters,
        Act::RememberDevice(act) => &act.letters,
        Act::QueueLetters(letters) => letters,
        _ => &[],
    }
}

// Picked once, then looked up by its key: see what is said of notices.
macro_rules! take {
    ($passing:literal) => {
        concat!(
            "with picked as materialized \
             (select id from letters where due_at <= $2 order by due_at limit $3",
            $passing,
            ") update letters set due_at = $1, tries = tries + 1 \
             where id in (select id from picked) and due_at + 0 <= $2 \
             returning id, sealed, tries, until"
        )
    };
}

pub(crate) const TAKE: [&str; 2] = [take!(""), take!(" for update skip locked")];

/// Takes the turn to send what is due. Nodes that ask at the same time get different ones.
pub(crate) async fn take(conn: &mut Conn, act: &TakeLetters) -> Result<Outcome, WriteError> {
    let sql = conn.taking(TAKE);
    let mut args = conn.args();
    args.int(act.until.seconds()).int(act.now.seconds()).int(act.most.into());
    let rows = conn.fetch("letters", sql, args).await?;
    let letters = rows.iter().map(due).collect::<Result<_, _>>()?;
    Ok(Outcome::Letters { letters })
}

fn due(row: &Row) -> Result<DueLetter, StoreError> {
    Ok(DueLetter {
        id: row.text(0)?.to_owned(),
        sealed: row.bytes(1)?.to_vec(),
        tries: u32::try_from(row.int(2)?).map_err(|_| row.corrupt("tries"))?,
        until: Timestamp::from_seconds(row.int(3)?),
    })
}

/// Writes how a letter fared.
pub(crate) async fn settle(conn: &mut Conn, act: &SettleLetter) -> Result<Outcome, WriteError> {
    let mut args = conn.args();
    args.text(&act.letter);
    let sql = match act.again_at {
        Some(at) => {
            args.int(at.seconds());
            "update letters set due_at = $2 where id = $1"
        }
        None => "delete from letters where id = $1",
    };
    let rows = conn.execute(sql, args).await?;
    Ok(if rows > 0 { Outcome::Done } else { Outcome::Unknown })
}
