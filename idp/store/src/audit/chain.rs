//! The chain of one writer, and the hash that binds its rows.

use aws_lc_rs::digest::{Context, SHA256};
use idp_domain::{AuditEvent, Timestamp};
use serde::Serialize;

use super::alerts::{self, Alert};
use crate::{
    db::{Conn, Many, draw_name},
    error::StoreError,
    journal::WriteError,
};

/// What stands before the first row of a chain.
pub(super) const NOTHING: [u8; 32] = [0; 32];

/// The kind of a chain's first row.
pub(super) const STARTED: &str = "trail.started";

/// Where the next row goes.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    name: String,
    next: i64,
    prev: [u8; 32],
    genesis: Genesis,
}

/// The body of a chain's first row.
#[derive(Clone, Debug, Serialize)]
struct Genesis {
    at: Timestamp,
    kind: &'static str,
    node: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

/// A row that is to be appended.
pub(crate) struct NewRow {
    pub(super) seq: i64,
    /// The event, if somebody should look at it now.
    pub(super) alert: Option<AuditEvent>,
    at: Timestamp,
    kind: &'static str,
    reason: String,
    body: String,
    prev: [u8; 32],
    hash: [u8; 32],
}

impl Chain {
    /// A new chain of the process `node`, under a name that nobody else has.
    pub(crate) fn start(node: &str, at: Timestamp) -> Result<Self, StoreError> {
        let name = draw_name().ok_or(StoreError::Closed)?;
        let genesis = Genesis { at, kind: STARTED, node: node.to_owned(), after: None };
        Ok(Self { name, next: 0, prev: NOTHING, genesis })
    }

    /// A new chain, because nobody knows whether the last rows of this one were written.
    pub(crate) fn renew(&self, at: Timestamp) -> Result<Self, StoreError> {
        let mut renewed = Self::start(&self.genesis.node, at)?;
        renewed.genesis.after = Some(self.name.clone());
        Ok(renewed)
    }

    /// The rows for `events`; a new chain's own first row before them.
    pub(crate) fn extend(&mut self, events: &[AuditEvent]) -> Result<Vec<NewRow>, StoreError> {
        let unstorable = |_| StoreError::Unstorable { field: "audit event" };
        let mut rows = Vec::with_capacity(events.len() + 1);
        if self.next == 0 && !events.is_empty() {
            let body = serde_json::to_string(&self.genesis).map_err(unstorable)?;
            rows.push(self.row(self.genesis.at, STARTED, String::new(), body));
        }
        for event in events {
            let body = serde_json::to_string(event).map_err(unstorable)?;
            let reason = column_text(&event.reason);
            let row = self.row(event.at, event.kind.as_str(), reason, body);
            rows.push(NewRow { alert: event.alert.then(|| event.clone()), ..row });
        }
        Ok(rows)
    }

    fn row(&mut self, at: Timestamp, kind: &'static str, reason: String, body: String) -> NewRow {
        let (seq, prev) = (self.next, self.prev);
        let hash = row_hash(&prev, &self.name, seq, &body);
        self.next += 1;
        self.prev = hash;
        NewRow { seq, alert: None, at, kind, reason, body, prev, hash }
    }
}

/// The text as a column can hold it: PostgreSQL has no place for a zero byte. The body, being
/// JSON, escapes it.
pub(super) fn column_text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// SHA-256 over the hash of the row before, the length of the chain's name (4 bytes, big endian),
/// the name, the place (8 bytes, big endian) and the body.
pub(super) fn row_hash(prev: &[u8; 32], chain: &str, seq: i64, body: &str) -> [u8; 32] {
    let length = u32::try_from(chain.len()).unwrap_or(u32::MAX);
    let mut context = Context::new(&SHA256);
    context.update(prev);
    context.update(&length.to_be_bytes());
    context.update(chain.as_bytes());
    context.update(&seq.to_be_bytes());
    context.update(body.as_bytes());
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    hash
}

static APPEND: Many =
    Many::new("insert into audit (chain, seq, at, kind, reason, body, prev, hash) values", 8, "");

/// Appends `rows` to `chain`, and returns the alerts among them, to be told after the commit.
pub(crate) async fn append(
    conn: &mut Conn,
    chain: &Chain,
    rows: Vec<NewRow>,
) -> Result<Vec<Alert>, WriteError> {
    APPEND
        .fetch(conn, "audit", &rows, |args, row| {
            args.text(&chain.name)
                .int(row.seq)
                .int(row.at.seconds())
                .text(row.kind)
                .text(&row.reason)
                .text(&row.body)
                .bytes(&row.prev)
                .bytes(&row.hash);
        })
        .await?;
    alerts::list(conn, &chain.name, rows).await
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use idp_domain::{AuditEvent, Timestamp, audit::AuditKind};

    use super::{Chain, Genesis, NOTHING, STARTED};

    /// The format is a promise to whoever verifies a trail years from now.
    #[test]
    fn the_hash_of_a_row_never_changes() {
        let at = Timestamp::from_seconds(1_790_000_000);
        let mut chain = Chain {
            name: "AAECAwQFBgcICQoLDA0ODw".to_owned(),
            next: 0,
            prev: NOTHING,
            genesis: Genesis { at, kind: STARTED, node: "node-1".to_owned(), after: None },
        };
        let event = AuditEvent::new(AuditKind::TokenRejected, at)
            .because_of("reuse")
            .with("presented", "line\nbreak");
        let rows = chain.extend(&[event]).unwrap();
        let lines = rows.iter().map(|row| {
            let hash =
                row.hash.iter().fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
            format!("{} {} {}\n{hash}\n", row.seq, row.kind, row.body)
        });
        expect![[r#"
            0 trail.started {"at":1790000000,"kind":"trail.started","node":"node-1"}
            e6959597bbb69e9cb002c9864d701047e867a512f1927712fab0b73dc53df37a
            1 token.rejected {"at":1790000000,"kind":"token.rejected","reason":"reuse","detail":{"presented":"line\nbreak"}}
            25224872e27f5fbcf523deb8b46b834a8d53123e4006883fc406c79eba1bf2a0
        "#]].assert_eq(&lines.collect::<String>());
    }
}
