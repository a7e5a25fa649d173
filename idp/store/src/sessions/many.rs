//! Ending many sessions: what is revoked once holds for all of them on every node at once; their
//! rows follow, a bounded number in each commit.

use std::collections::HashSet;

use idp_domain::{AccountId, AgencyId, Lifetime, RelyingPartyId, SessionId, SourceId, Timestamp};

use super::mark_hash;
use crate::{
    db::{Args, Conn, Many, Row},
    error::StoreError,
    grants::{self, Revoking},
    journal::WriteError,
    revocations::RevokedKind,
};

/// Rows that one commit ends at most: few enough that whoever writes beside it waits but shortly.
pub(crate) const PORTION: u32 = 128;

/// Clocks of nodes may differ by so much: what began "later" by another's clock is ended too.
const SKEW: Lifetime = Lifetime::seconds(5);

/// How long it is remembered that something was revoked for many: longer than any grant lasts.
const REMEMBERED: Lifetime = Lifetime::hours(24 * 400);

/// Longer than any login takes, by whatever clock.
const LONGEST: Lifetime = Lifetime::hours(2);

/// Which sessions are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// This one.
    Session(SessionId),
    /// Those of a person.
    Account(AccountId),
    /// Those that rest on the word of a source.
    Source(SourceId),
    /// Those that rest on the word of an agency's sources.
    Agency(AgencyId),
    /// Those in which a relying party was told of the person.
    RelyingParty(RelyingPartyId),
    /// Those that rest on one session of a source.
    SourceSession {
        /// The source.
        source: SourceId,
        /// Its own name for itself.
        issuer: String,
        /// Its name for the session.
        mark: String,
    },
}

impl Of {
    /// What is revoked for all of them at once; nothing where each is revoked by itself.
    fn revoked(&self) -> Option<(RevokedKind, &str)> {
        match self {
            Self::Source(id) => Some((RevokedKind::Source, id.as_str())),
            Self::Agency(id) => Some((RevokedKind::Agency, id.as_str())),
            Self::RelyingParty(id) => Some((RevokedKind::Participant, id.as_str())),
            Self::Session(_) | Self::Account(_) | Self::SourceSession { .. } => None,
        }
    }

    /// The statement that picks and ends a portion. Its arguments: the time, the reason, how many,
    /// the latest proof that is meant, the session that is spared, and which sessions. Its last
    /// column says since when there is what the revocation is compared with.
    fn statement(&self) -> &'static str {
        macro_rules! end {
            ($pick:literal, $which:literal) => {
                end!($pick, $which, "proven_at")
            };
            ($pick:literal, $which:literal, $since:literal) => {
                concat!(
                    "update sessions set ended_at = $1, ended_because = $2 where id in (select \
                     ",
                    $pick,
                    " where ",
                    $which,
                    " and ended_at is null and ends_at > $1 and proven_at <= $4 and id <> $5 \
                     limit $3) and ended_at is null returning id, account, ends_at, ",
                    $since
                )
            };
        }
        match self {
            Self::Session(_) => end!("id from sessions", "id = $6"),
            Self::Account(_) => end!("id from sessions", "account = $6"),
            Self::Source(_) => end!("id from sessions", "source = $6"),
            Self::Agency(_) => end!("id from sessions", "agency = $6"),
            Self::RelyingParty(_) => end!(
                "distinct id from participants join sessions on id = session",
                "relying_party = $6 and standing is null",
                // Joining is a use: there is none after it.
                "used_at"
            ),
            Self::SourceSession { .. } => end!("id from sessions", "source_mark = $6"),
        }
    }

    pub(super) fn bind(&self, args: &mut Args) {
        match self {
            Self::Session(id) => args.text(id.as_str()),
            Self::Account(id) => args.text(id.as_str()),
            Self::Source(id) => args.text(id.as_str()),
            Self::Agency(id) => args.text(id.as_str()),
            Self::RelyingParty(id) => args.text(id.as_str()),
            Self::SourceSession { source, issuer, mark } => {
                args.bytes(&mark_hash(source, issuer, mark))
            }
        };
    }
}

/// Ends sessions, with the grants that end with them.
#[derive(Clone, Debug)]
pub struct EndSessions {
    /// Which.
    pub of: Of,
    /// One that goes on.
    pub except: Option<SessionId>,
    /// Whether grants end as well that would outlive the sessions.
    pub offline: bool,
    /// Why, in a word for the trail.
    pub because: &'static str,
    /// The time; the same for every portion.
    pub now: Timestamp,
}

/// A session that was ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedSession {
    /// Which one.
    pub id: SessionId,
    /// Whose it was.
    pub account: AccountId,
}

/// What a portion has ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// The sessions.
    pub sessions: Vec<EndedSession>,
    /// How many grants, as far as they are bound to these sessions or to their account.
    pub grants: u64,
    /// Whether there may be more: then the same act is done again.
    pub more: bool,
}

/// Why many sessions end, and so what is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Somebody wishes it: whoever signs in at this very moment is welcome.
    Wish,
    /// What they rest on is out of use from now on.
    Off,
    /// It was out of use until now: what there is slipped in meanwhile.
    On,
}

impl Why {
    /// What is of this instant or before is meant without being named.
    fn at(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Wish => now.minus(Lifetime::seconds(1)),
            Self::Off | Self::On => now,
        }
    }
}

/// A row that was ended.
struct EndedRow {
    session: EndedSession,
    ends_at: Timestamp,
    /// Whether what is revoked for many does not hold for it.
    single: bool,
}

/// Ends a portion of the sessions that `act` means.
pub(crate) async fn end_many(
    conn: &mut Conn,
    act: &EndSessions,
    why: Why,
    revoking: &mut Revoking,
) -> Result<Ended, WriteError> {
    let at = why.at(act.now);
    let revoked = act.of.revoked().filter(|_| act.except.is_none() && why != Why::On);
    if let Some((kind, key)) = revoked {
        revoking.tell(kind, key, at, act.now + REMEMBERED);
    }
    if let Of::Account(account) = &act.of
        && why != Why::On
    {
        // Of one's own sessions the one at hand may go on, but no login elsewhere.
        revoking.tell(RevokedKind::Login, account.as_str(), at, act.now + LONGEST);
    }
    let mut grants = 0;
    if let Of::Account(account) = &act.of
        && act.offline
        && act.except.is_none()
    {
        if why != Why::On {
            revoking.tell(RevokedKind::Account, account.as_str(), at, act.now + REMEMBERED);
        }
        grants += grants::end_with_accounts(conn, &[(account, act.now)], revoking).await?;
    }
    let mut args = conn.args();
    args.int(act.now.seconds())
        .text(act.because)
        .int(PORTION.into())
        .int((act.now + SKEW).seconds())
        .text(act.except.as_ref().map_or("", SessionId::as_str));
    act.of.bind(&mut args);
    let rows = conn.fetch("sessions", act.of.statement(), args).await?;
    let later = |row: &Row| Ok(Timestamp::from_seconds(row.int(3)?) > at);
    let ended = rows
        .iter()
        .map(|row| ended(row, revoked.is_none() || later(row)?))
        .collect::<Result<Vec<_>, StoreError>>()?;
    for row in ended.iter().filter(|row| row.single) {
        revoking.ended_session(&row.session.id, act.now, row.ends_at);
    }
    leave(conn, ended.iter().map(|row| (&row.session.id, act.now))).await?;
    let all = revoked.filter(|(kind, _)| *kind != RevokedKind::Participant).map(|_| at);
    grants += end_grants(conn, act, &ended, all, revoking).await?;
    let more = rows.len() >= PORTION as usize;
    Ok(Ended { sessions: ended.into_iter().map(|row| row.session).collect(), grants, more })
}

fn ended(row: &Row, single: bool) -> Result<EndedRow, StoreError> {
    let id = row.text(0)?.parse().map_err(|_| row.corrupt("id"))?;
    let account = row.text(1)?.parse().map_err(|_| row.corrupt("account"))?;
    let ends_at = Timestamp::from_seconds(row.int(2)?);
    Ok(EndedRow { session: EndedSession { id, account }, ends_at, single })
}

/// The time, the relying party, how many, and the latest beginning that is meant.
const LEAVE_ONE: &str = "update participants set standing = 'waiting', tries = 0, due_at = $1 \
     where (session, name) in (select session, name from participants join sessions on id = session \
     where relying_party = $2 and standing is null and since <= $4 and ended_at is null \
     and ends_at > $1 limit $3) and standing is null returning session";

static END_GRANTS_OF: Many = Many::new(
    "with ending (session_id, now, party) as (values",
    3,
    ") update grants set revoked_at = ending.now from ending \
     where session = ending.session_id and relying_party = ending.party and revoked_at is null \
     returning id, revoked_at, expires_at",
);

/// Ends what one relying party knows of sessions, and a portion of its grants. The sessions go on.
pub(crate) async fn end_participation(
    conn: &mut Conn,
    party: &str,
    why: Why,
    now: Timestamp,
    revoking: &mut Revoking,
) -> Result<Ended, WriteError> {
    if why != Why::On {
        revoking.tell(RevokedKind::RelyingParty, party, why.at(now), now + REMEMBERED);
    }
    let mut args = conn.args();
    args.int(now.seconds()).text(party).int(PORTION.into()).int((now + SKEW).seconds());
    let rows = conn.fetch("participants", LEAVE_ONE, args).await?;
    let sessions = rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?;
    let grants = END_GRANTS_OF
        .fetch(conn, "grants", &sessions, |args, session| {
            args.text(session).int(now.seconds()).text(party);
        })
        .await?;
    for row in grants.iter().filter(|_| why == Why::On) {
        grants::tell_grant(row, revoking)?;
    }
    let more = rows.len() >= PORTION as usize;
    Ok(Ended { sessions: Vec::new(), grants: grants.len() as u64, more })
}

// They are told by whoever delivers notices next: nobody has tried yet.
static LEAVE: Many = Many::new(
    "with ending (session_id, now) as (values",
    2,
    ") update participants set standing = 'waiting', tries = 0, due_at = ending.now from ending \
     where session = ending.session_id and standing is null",
);

/// The participants of ended sessions become notices that are due.
pub(super) async fn leave<'a>(
    conn: &mut Conn,
    ended: impl Iterator<Item = (&'a SessionId, Timestamp)>,
) -> Result<(), WriteError> {
    let ended: Vec<_> = ended.collect();
    LEAVE
        .fetch(conn, "participants", &ended, |args, (session, now)| {
            args.text(session.as_str()).int(now.seconds());
        })
        .await?;
    Ok(())
}

static END_GRANTS: Many = Many::new(
    "with ending (session_id, now, all_of_them) as (values",
    3,
    ") update grants set revoked_at = ending.now from ending \
     where session = ending.session_id and (bound or ending.all_of_them) and revoked_at is null \
     returning id, revoked_at, expires_at, bound, session, created_at",
);

/// Ends the grants of ended sessions. Nodes know of those that were opened until `all`, where all
/// was revoked that an agency or a source vouched for; and of those that are bound to a session
/// that they know of. The others are named to them.
async fn end_grants(
    conn: &mut Conn,
    act: &EndSessions,
    ended: &[EndedRow],
    all: Option<Timestamp>,
    revoking: &mut Revoking,
) -> Result<u64, WriteError> {
    let rows = END_GRANTS
        .fetch(conn, "grants", ended, |args, row| {
            args.text(row.session.id.as_str()).int(act.now.seconds()).bool(act.offline);
        })
        .await?;
    let single = ended.iter().filter(|row| row.single).map(|row| row.session.id.as_str());
    let single: HashSet<_> = single.collect();
    for row in &rows {
        let with_session = row.bool(3)? && single.contains(row.text(4)?);
        let with_all = all.is_some_and(|at| row.int(5).is_ok_and(|since| since <= at.seconds()));
        if !with_session && !with_all {
            grants::tell_grant(row, revoking)?;
        }
    }
    Ok(rows.len() as u64)
}
