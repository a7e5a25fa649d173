//! Notices that are to be delivered: whoever moves one's time on has the turn.

use idp_domain::logout::{Notice, Standing};

use super::participant_hash;
use crate::{
    db::{Conn, Row},
    error::StoreError,
    journal::{Outcome, SettleNotice, TakeNotices, WriteError},
};

// What is due is picked once and then looked up by its key: the planner believes that nothing is
// due, for that is so but for the minutes after many sessions were ended, and would otherwise pick
// anew for each row that is due.
macro_rules! take {
    ($passing:literal) => {
        concat!(
            "with picked as materialized (select session, name from participants \
             where due_at <= $2 order by due_at limit $3",
            $passing,
            ") update participants set due_at = $1, tries = tries + 1 \
             where (session, name) in (select session, name from picked) and due_at + 0 <= $2 \
             returning session, relying_party, farewell, tries, \
             (select account from sessions where id = session)"
        )
    };
}

pub(crate) const TAKE: [&str; 2] = [take!(""), take!(" for update skip locked")];

/// Takes the turn to deliver what is due. Nodes that ask at the same time get different ones.
pub(crate) async fn claim(conn: &mut Conn, act: &TakeNotices) -> Result<Outcome, WriteError> {
    let sql = conn.taking(TAKE);
    let mut args = conn.args();
    args.int(act.until.seconds()).int(act.now.seconds()).int(i64::from(act.most));
    let rows = conn.fetch("participants", sql, args).await?;
    let notices = rows.iter().map(notice).collect::<Result<_, _>>()?;
    Ok(Outcome::Claimed { notices })
}

fn notice(row: &Row) -> Result<Notice, StoreError> {
    Ok(Notice {
        session: row.text(0)?.parse().map_err(|_| row.corrupt("session"))?,
        account: row.text(4)?.parse().map_err(|_| row.corrupt("account"))?,
        relying_party: row.text(1)?.parse().map_err(|_| row.corrupt("relying_party"))?,
        farewell: row.maybe_text(2)?.map(str::to_owned),
        tries: u32::try_from(row.int(3)?).map_err(|_| row.corrupt("tries"))?,
    })
}

/// Writes how a participant fared. One that said it was signed out is not asked again, whatever
/// an attempt that was slower says.
pub(crate) async fn settle(conn: &mut Conn, act: &SettleNotice) -> Result<Outcome, WriteError> {
    let sql = "update participants set standing = $1, due_at = $2 \
               where session = $3 and name = $4 and standing is not null and standing <> 'out'";
    let mut args = conn.args();
    let again = act.again_at.filter(|_| act.standing != Standing::Out);
    args.text(act.standing.as_str())
        .maybe_int(again.map(idp_domain::Timestamp::seconds))
        .text(act.session.as_str())
        .bytes(&participant_hash(&act.relying_party, act.farewell.as_deref()));
    let rows = conn.execute(sql, args).await?;
    Ok(if rows > 0 { Outcome::Done } else { Outcome::Unknown })
}
