//! Things that may be used once: assertion ids, client-assertion ids and their like.

use std::collections::HashSet;

use aws_lc_rs::digest::{SHA256, digest};

use crate::{
    db::{Conn, Many},
    journal::{Outcome, Picked, UseOnce, WriteError},
};

static USE: Many = Many::new(
    "insert into used_once (kind, key, until) values",
    3,
    "on conflict do nothing returning kind, key",
);

/// Marks things as used.
pub(crate) async fn use_once(
    conn: &mut Conn,
    acts: &[Picked<'_, UseOnce>],
    outcomes: &mut [Outcome],
) -> Result<(), WriteError> {
    // The other side chose the key: its hash has a bounded length and no odd characters.
    let marks =
        acts.iter().map(|(_, act)| (act, digest(&SHA256, act.key.as_bytes()))).collect::<Vec<_>>();
    let rows = USE
        .fetch(conn, "used_once", &marks, |args, (act, key)| {
            args.text(act.kind).bytes(key.as_ref()).int(act.until.seconds());
        })
        .await?;
    let mut fresh = HashSet::with_capacity(rows.len());
    for row in &rows {
        fresh.insert((row.text(0)?, row.bytes(1)?));
    }
    for ((place, _), (act, key)) in acts.iter().zip(&marks) {
        if !fresh.contains(&(act.kind, key.as_ref()))
            && let Some(outcome) = outcomes.get_mut(*place)
        {
            *outcome = Outcome::Used;
        }
    }
    Ok(())
}
