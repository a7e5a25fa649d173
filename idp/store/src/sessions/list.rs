//! Sessions as people and help desks see them.

use std::collections::BTreeSet;

use idp_domain::{
    AccountId, AgencyId, Assurance, AttributeName, DeviceId, RelyingPartyId, SessionId, SourceId,
    Timestamp, assurance::Worth,
};

use super::{Of, Sessions};
use crate::{
    db::{Args, Row},
    error::StoreError,
};

/// A session, live or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// The source that it rests on.
    pub source: SourceId,
    /// The agency of that source; none for sessions of before that was kept.
    pub agency: Option<AgencyId>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Timestamp,
    /// When it ends at the latest, or would have.
    pub ends_at: Timestamp,
    /// When it was ended, if it was.
    pub ended_at: Option<Timestamp>,
    /// Why it was ended, in a word of the trail; empty if it was not.
    pub ended_because: String,
    /// Where it was last used, as text.
    pub address: String,
    /// What the browser said it was, in a few words; empty if it did not say.
    pub browser: String,
    /// The most that was proven in it.
    pub worth: Worth,
    /// Whether others use the browser.
    pub shared: bool,
    /// The remembered device that it began on.
    pub device: Option<DeviceId>,
    /// Who was told of it, first come first.
    pub services: Vec<Told>,
}

impl Listed {
    /// A protocol may know a person by several names at one relying party: it is one all the same.
    fn told(&mut self, service: Told) {
        let same = |known: &&mut Told| known.relying_party == service.relying_party;
        match self.services.iter_mut().find(same) {
            Some(known) => known.released.extend(service.released),
            None => self.services.push(service),
        }
    }
}

/// A relying party that was told of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Which one.
    pub relying_party: RelyingPartyId,
    /// Since when.
    pub since: Timestamp,
    /// The attributes that it was told, by name.
    pub released: BTreeSet<AttributeName>,
}

/// Where a page of a list ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where in time the last session of the page stands.
    pub at: Timestamp,
    /// That session.
    pub id: SessionId,
}

/// One page of a list, the latest beginning first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The sessions.
    pub sessions: Vec<Listed>,
    /// Where the next page begins, if there is one.
    pub next: Option<Mark>,
}

/// Arguments 1 to 3 are the mark and how many. The list goes down by the column `$by` and the id.
macro_rules! list {
    ($from:literal, $by:literal, $($which:literal),+) => {
        concat!(
            "select s.id, s.account, s.source, s.agency, s.started_at, s.used_at, s.ends_at, \
             s.ended_at, s.ended_because, s.address, s.browser, s.assurance, \
             s.phishing_resistant, s.shared, s.device, s.place, p.relying_party, p.since, \
             p.released from (select sessions.*, ",
            $by,
            " as place from ",
            $from,
            " where (",
            $by,
            ", sessions.id) < ($1, $2) and ",
            $($which,)+
            " order by ",
            $by,
            " desc, sessions.id desc limit $3) s left join participants p on p.session = s.id \
             order by s.place desc, s.id desc, p.since, p.relying_party, p.name"
        )
    };
}

/// Live sessions. Arguments 4 and 5 are the time, and since when they were used at least once.
macro_rules! live {
    ($from:literal, $by:literal, $which:literal) => {
        list!(
            $from,
            $by,
            "sessions.ended_at is null and sessions.ends_at > $4 and sessions.used_at >= $5 and ",
            $which
        )
    };
}

const RECENT: &str = list!("sessions", "sessions.started_at", "account = $4");
const ONE: &str = list!("sessions", "sessions.started_at", "id = $4");

impl Of {
    fn live(&self) -> &'static str {
        match self {
            Self::Session(_) => live!("sessions", "sessions.started_at", "id = $6"),
            Self::Account(_) => live!("sessions", "sessions.started_at", "account = $6"),
            Self::Source(_) => live!("sessions", "sessions.started_at", "source = $6"),
            Self::Agency(_) => live!("sessions", "sessions.started_at", "agency = $6"),
            // Down by when it was told, which the index knows.
            Self::RelyingParty(_) => live!(
                "participants told join sessions on sessions.id = told.session",
                "told.since",
                "told.relying_party = $6 and told.standing is null"
            ),
            Self::SourceSession { .. } => {
                live!("sessions", "sessions.started_at", "source_mark = $6")
            }
        }
    }
}

impl Sessions {
    /// A page of live sessions, `most` at most: those that were not ended, are not over at `now`
    /// and were used since `used_since`.
    pub async fn live(
        &self,
        of: &Of,
        now: Timestamp,
        used_since: Timestamp,
        after: Option<&Mark>,
        most: u32,
    ) -> Result<Listing, StoreError> {
        let rows = self.db.read("sessions", of.live(), |args| {
            begin(args, after, most);
            args.int(now.seconds()).int(used_since.seconds());
            of.bind(args);
        });
        listing(&rows.await?, most)
    }

    /// The session `id`, live or ended, as long as it is kept.
    pub async fn find(&self, id: &SessionId) -> Result<Option<Listed>, StoreError> {
        let rows = self.db.read("sessions", ONE, |args| {
            begin(args, None, 1);
            args.text(id.as_str());
        });
        Ok(listing(&rows.await?, 1)?.sessions.pop())
    }

    /// A page of a person's sessions, ended ones too, as far back as they are kept.
    pub async fn recent(
        &self,
        account: &AccountId,
        after: Option<&Mark>,
        most: u32,
    ) -> Result<Listing, StoreError> {
        let rows = self.db.read("sessions", RECENT, |args| {
            begin(args, after, most);
            args.text(account.as_str());
        });
        listing(&rows.await?, most)
    }
}

fn begin(args: &mut Args, after: Option<&Mark>, most: u32) {
    let (at, id) = after.map_or((i64::MAX, ""), |mark| (mark.at.seconds(), mark.id.as_str()));
    args.int(at).text(id).int(most.into());
}

fn listing(rows: &[Row], most: u32) -> Result<Listing, StoreError> {
    let mut sessions: Vec<Listed> = Vec::new();
    let mut marks = BTreeSet::new();
    for row in rows {
        let id = row.text(0)?.parse::<SessionId>().map_err(|_| row.corrupt("id"))?;
        let known = sessions.iter().rposition(|known| known.id == id);
        marks.insert((row.int(15)?, id));
        let place = known.unwrap_or(sessions.len());
        if known.is_none() {
            sessions.push(listed(row)?);
        }
        if let (Some(session), Some(service)) = (sessions.get_mut(place), service(row)?) {
            session.told(service);
        }
    }
    // A relying party that was told twice of one session counts twice.
    let full = marks.len() >= most as usize;
    let next = marks.pop_first().filter(|_| full);
    let next = next.map(|(at, id)| Mark { at: Timestamp::from_seconds(at), id });
    Ok(Listing { sessions, next })
}

fn listed(row: &Row) -> Result<Listed, StoreError> {
    let corrupt = |column| row.corrupt(column);
    let agency = Some(row.text(3)?).filter(|agency| !agency.is_empty());
    Ok(Listed {
        id: row.text(0)?.parse().map_err(|_| corrupt("id"))?,
        account: row.text(1)?.parse().map_err(|_| corrupt("account"))?,
        source: row.text(2)?.parse().map_err(|_| corrupt("source"))?,
        agency: agency.map(str::parse).transpose().map_err(|_| corrupt("agency"))?,
        started_at: Timestamp::from_seconds(row.int(4)?),
        used_at: Timestamp::from_seconds(row.int(5)?),
        ends_at: Timestamp::from_seconds(row.int(6)?),
        ended_at: row.maybe_int(7)?.map(Timestamp::from_seconds),
        ended_because: row.text(8)?.to_owned(),
        address: row.text(9)?.to_owned(),
        browser: row.text(10)?.to_owned(),
        worth: Worth { assurance: assurance(row.text(11)?), phishing_resistant: row.bool(12)? },
        shared: row.bool(13)?,
        device: row.maybe_text(14)?.map(str::parse).transpose().map_err(|_| corrupt("device"))?,
        services: Vec::new(),
    })
}

/// Of a session of before that was kept, nothing more is known than that there was a proof.
fn assurance(name: &str) -> Assurance {
    let all = [Assurance::Aal2, Assurance::Aal3];
    let known = all.into_iter().find(|assurance| super::assurance_name(*assurance) == name);
    known.unwrap_or(Assurance::Aal1)
}

fn service(row: &Row) -> Result<Option<Told>, StoreError> {
    let Some(relying_party) = row.maybe_text(16)? else { return Ok(None) };
    let names = row.maybe_text(18)?.unwrap_or_default().split_ascii_whitespace();
    Ok(Some(Told {
        relying_party: relying_party.parse().map_err(|_| row.corrupt("relying_party"))?,
        since: Timestamp::from_seconds(row.maybe_int(17)?.unwrap_or_default()),
        released: names
            .map(|name| AttributeName::parse(name).ok_or_else(|| row.corrupt("released")))
            .collect::<Result<_, _>>()?,
    }))
}
