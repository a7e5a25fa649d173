//! How PostgreSQL goes about statements whose cost would otherwise grow with what waits.

use super::Bench;
use crate::{letters, sessions};

impl Bench {
    /// How the writer's connection would do `statement`.
    async fn plan(&self, table: &'static str, statement: &str) -> String {
        let mut lease = self.store().db.writer().await.unwrap();
        let conn = lease.unsettle();
        let mut args = conn.args();
        args.int(20).int(10).int(64);
        let explain = Box::leak(format!("explain {statement}").into_boxed_str());
        let rows = conn.fetch(table, &*explain, args).await.unwrap();
        lease.settle();
        rows.iter().map(|row| row.text(0).unwrap()).collect::<Vec<_>>().join("\n")
    }
}

/// Once for all that is taken, not once for each that waits: nothing waits when the planner last
/// looked, as nearly always.
async fn is_picked_once(
    [table, index, fill]: [&'static str; 3],
    [_, among_others]: [&'static str; 2],
) {
    let Some(bench) = Bench::postgres().await else { return };
    bench
        .run(async |bench| {
            bench.store().account().await;
            bench.behind(fill).await;
            bench.behind("analyze").await;
            let plan = bench.plan(table, among_others).await;
            assert_eq!(plan.matches(index).count(), 1, "{plan}");
            assert!(plan.contains("CTE Scan on picked"), "{plan}");
        })
        .await;
}

#[tokio::test]
async fn notices_that_are_due_are_picked_once() {
    let fill = "with begun as (insert into sessions (id, account, source, source_name, ends_at) \
                select 'session-' || n, accounts.id, 'una', '', 1 \
                from accounts, generate_series(1, 5000) n returning id) \
                insert into participants (session, name, relying_party, since, tries) \
                select id, '', 'wiki', 1, 0 from begun";
    is_picked_once(["participants", "participants_by_due", fill], sessions::TAKE).await;
}

#[tokio::test]
async fn letters_that_are_due_are_picked_once() {
    let fill = "insert into letters (id, sealed, tries, due_at, until) \
                select 'letter-' || n, '', 0, 1000, 2000 from generate_series(1, 5000) n";
    is_picked_once(["letters", "letters_by_due", fill], letters::TAKE).await;
}
