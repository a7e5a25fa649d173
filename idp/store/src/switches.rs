//! The kill switch: what was put out of use, whatever the federation file says of it.
//!
//! One commit says so, revokes what rested on it for every node, and is in the trail. What rests
//! on it is ended once more when it is put back: a node that had not heard yet may have let
//! somebody in.

use std::collections::BTreeSet;

use idp_domain::{
    AccountId, Agency, AgencyId, AuditEvent, RelyingParty, Source, SourceId, Switched, Timestamp,
    audit::AuditKind,
};

use crate::{
    db::{Conn, Db, Row},
    error::StoreError,
    factors,
    grants::Revoking,
    journal::{Outcome, WriteError},
    sessions::{self, EndSessions, Ended, Of, Why},
};

/// Puts something out of use, or back into use.
#[derive(Clone, Debug)]
pub struct Switch {
    /// What.
    pub what: Switched,
    /// Whether it is out of use from now on.
    pub off: bool,
    /// Who wants it, as the trail names them.
    pub by: String,
    /// Why, in their words.
    pub reason: String,
    /// The time.
    pub now: Timestamp,
}

/// One switch, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What it is about.
    pub what: Switched,
    /// Whether it is out of use.
    pub off: bool,
    /// Since when.
    pub since: Timestamp,
    /// Who wanted it.
    pub by: String,
    /// Why, in their words.
    pub reason: String,
}

/// Reads switches. They are thrown through the journal.
#[derive(Clone, Debug)]
pub struct Switches {
    db: Db,
}

impl Switches {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// All that were ever thrown.
    pub async fn all(&self) -> Result<Vec<Standing>, StoreError> {
        let sql = "select kind, id, is_off, changed_at, changed_by, reason from switches \
                   order by kind, id";
        self.db.read("switches", sql, |_| {}).await?.iter().map(standing).collect()
    }

    /// Whether there is something of the name: a switch for nothing would be a mistake.
    pub async fn is_known(&self, what: &Switched) -> Result<bool, StoreError> {
        let (sql, table) = match what {
            Switched::Account(_) => {
                ("select 1 from accounts where id = $2 and $1 = 'account'", "accounts")
            }
            Switched::Source(_) | Switched::Agency(_) | Switched::RelyingParty(_) => (
                "select 1 from federation where kind = $1 and id = $2 and not deleted",
                "federation",
            ),
        };
        let row = self.db.read_one(table, sql, |args| {
            args.text(what.kind()).text(what.id());
        });
        Ok(row.await?.is_some())
    }

    /// What is out of use now.
    pub async fn load(&self) -> Result<Off, StoreError> {
        let all = self.all().await?;
        Ok(Off(all.into_iter().filter(|one| one.off).map(|one| one.what).collect()))
    }
}

fn standing(row: &Row) -> Result<Standing, StoreError> {
    let (kind, id) = (row.text(0)?, row.text(1)?);
    let corrupt = || row.corrupt(kind);
    let what = match kind {
        "source" => Switched::Source(id.parse().map_err(|_| corrupt())?),
        "agency" => Switched::Agency(id.parse().map_err(|_| corrupt())?),
        "relying_party" => Switched::RelyingParty(id.parse().map_err(|_| corrupt())?),
        "account" => Switched::Account(id.parse().map_err(|_| corrupt())?),
        _ => return Err(corrupt()),
    };
    Ok(Standing {
        what,
        off: row.bool(2)?,
        since: Timestamp::from_seconds(row.int(3)?),
        by: row.text(4)?.to_owned(),
        reason: row.text(5)?.to_owned(),
    })
}

/// What is out of use. Laid over the federation wherever it is served from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Off(BTreeSet<Switched>);

impl Off {
    /// Whether `what` itself is out of use.
    #[must_use]
    pub fn is_off(&self, what: &Switched) -> bool {
        self.0.contains(what)
    }

    /// The agency as it is to be served.
    #[must_use]
    pub fn over_agency(&self, mut agency: Agency) -> Agency {
        agency.enabled &= !self.has_agency(&agency.id);
        agency
    }

    /// The source as it is to be served. Its agency says for itself whether it is in use.
    #[must_use]
    pub fn over_source(&self, mut source: Source) -> Source {
        source.enabled &= !self.has_source(&source.id);
        source
    }

    /// The relying party as it is to be served: not, where the agency that runs it is out of use.
    #[must_use]
    pub fn over_relying_party(&self, mut party: RelyingParty) -> RelyingParty {
        let itself = self.is_off(&Switched::RelyingParty(party.id.clone()));
        party.enabled &= !itself && !self.has_agency(&party.agency);
        party
    }

    fn has_agency(&self, id: &AgencyId) -> bool {
        self.is_off(&Switched::Agency(id.clone()))
    }

    fn has_source(&self, id: &SourceId) -> bool {
        self.is_off(&Switched::Source(id.clone()))
    }
}

/// Throws a switch, revokes what rested on it, and ends a portion of it.
pub(crate) async fn switch(
    conn: &mut Conn,
    act: &Switch,
    revoking: &mut Revoking,
) -> Result<Outcome, WriteError> {
    if let Switched::Account(account) = &act.what
        && !set_disabled(conn, account, act.off).await?
    {
        return Ok(Outcome::Unknown);
    }
    let changed = throw(conn, act).await?;
    if !act.off && !changed {
        return Ok(Outcome::Switched { changed, ended: Ended::default() });
    }
    if let Switched::Account(account) = &act.what {
        factors::disown(conn, std::iter::once((account, act.now))).await?;
    }
    let why = if act.off { Why::Off } else { Why::On };
    let ended = match (ending(act), &act.what) {
        (Some(end), _) => sessions::end_many(conn, &end, why, revoking).await?,
        (None, what) => {
            sessions::end_participation(conn, what.id(), why, act.now, revoking).await?
        }
    };
    Ok(Outcome::Switched { changed, ended })
}

/// Writes how the switch stands now, and lets every node hear of it. Whether it stood otherwise.
async fn throw(conn: &mut Conn, act: &Switch) -> Result<bool, WriteError> {
    // What was never out of use needs no row to be in use.
    let sql = "insert into switches (kind, id, is_off, changed_at, changed_by, reason) \
               select $1, $2, $3, $4, $5, $6 where $3 \
               or exists (select 1 from switches where kind = $1 and id = $2) \
               on conflict (kind, id) do update set is_off = excluded.is_off, \
               changed_at = excluded.changed_at, changed_by = excluded.changed_by, \
               reason = excluded.reason where switches.is_off <> excluded.is_off returning kind";
    let mut args = conn.args();
    args.text(act.what.kind())
        .text(act.what.id())
        .bool(act.off)
        .int(act.now.seconds())
        .text(&act.by)
        .text(&act.reason);
    let changed = !conn.fetch("switches", sql, args).await?.is_empty();
    if changed {
        let args = conn.args();
        let sql = "update counters set value = value + 1 where name = 'switches'";
        conn.execute(sql, args).await?;
    }
    Ok(changed)
}

async fn set_disabled(conn: &mut Conn, id: &AccountId, off: bool) -> Result<bool, WriteError> {
    let mut args = conn.args();
    args.bool(off).text(id.as_str());
    let sql = "update accounts set disabled = $1 where id = $2";
    Ok(conn.execute(sql, args).await? > 0)
}

/// The sessions that end with it; none where only what one relying party knows of them ends.
fn ending(act: &Switch) -> Option<EndSessions> {
    let of = match &act.what {
        Switched::Source(id) => Of::Source(id.clone()),
        Switched::Agency(id) => Of::Agency(id.clone()),
        Switched::Account(id) => Of::Account(id.clone()),
        Switched::RelyingParty(_) => return None,
    };
    Some(EndSessions { of, except: None, offline: true, because: because(&act.what), now: act.now })
}

/// Why sessions end with it, in a word. When it is put back, those end that should not have begun.
pub(crate) fn because(what: &Switched) -> &'static str {
    match what {
        Switched::Source(_) => "source_off",
        Switched::Agency(_) => "agency_off",
        Switched::RelyingParty(_) => "relying_party_off",
        Switched::Account(_) => "account_off",
    }
}

/// What the trail says of a switch.
pub(crate) fn event(act: &Switch, address: Option<std::net::IpAddr>) -> AuditEvent {
    let kind = if act.off { AuditKind::SwitchedOff } else { AuditKind::SwitchedOn };
    let event = AuditEvent::new(kind, act.now)
        .because_of(act.what.kind())
        .with("by", act.by.as_str())
        .with("why", act.reason.chars().take(500).collect::<String>());
    let event = AuditEvent { address, alert: true, ..event };
    match act.what.clone() {
        Switched::Source(id) => AuditEvent { source: Some(id), ..event },
        Switched::Agency(id) => AuditEvent { agency: Some(id), ..event },
        Switched::RelyingParty(id) => AuditEvent { relying_party: Some(id), ..event },
        Switched::Account(id) => AuditEvent { account: Some(id), ..event },
    }
}
