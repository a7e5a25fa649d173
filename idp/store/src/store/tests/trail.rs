//! The trail: what is in it, and that nobody changes it unseen.

use idp_domain::{AuditEvent, audit::AuditKind};

use super::{Bench, NOW, later, link, on_every_engine, rotate, token};
use crate::{
    audit::Break,
    journal::{Act, Outcome, Unit},
    store::Store,
};

on_every_engine!(
    the_trail_can_name_what_the_act_found,
    a_page_shows_the_latest_first_and_leads_on,
    each_node_has_a_chain_that_stands,
    a_changed_row_is_found,
    a_column_that_disagrees_is_found,
    a_row_that_was_taken_out_is_found,
    a_rewritten_row_no_longer_fits_the_next,
    odd_characters_in_a_reason_are_kept_in_the_body,
);

fn event(reason: &str) -> AuditEvent {
    AuditEvent::new(AuditKind::TokenRejected, NOW).because_of(reason)
}

async fn record(store: &Store, reasons: &[&str]) {
    for reason in reasons {
        let unit = Unit::record(vec![event(reason)]);
        assert_eq!(store.journal.commit(unit).await.unwrap(), Outcome::Done);
    }
}

async fn chain(store: &Store) -> String {
    let chains = store.audit.chains().await.unwrap();
    assert_eq!(chains.len(), 1);
    chains.into_iter().next().unwrap()
}

async fn broken(store: &Store) -> Option<(i64, Break)> {
    store.audit.verify(&chain(store).await).await.unwrap().broken
}

async fn the_trail_can_name_what_the_act_found(bench: &Bench) {
    let store = bench.store();
    let grant = store.grant(&store.account().await).await;
    for _ in 0..2 {
        let act = Act::Rotate(rotate(token(&grant)));
        let unit = Unit::telling(act, |outcome| {
            let grant = match outcome {
                Outcome::Rotated(grant) => grant.id.clone(),
                Outcome::Reused { grant } => grant.clone(),
                other => panic!("{other:?}"),
            };
            let kind = match outcome {
                Outcome::Rotated(_) => AuditKind::TokenIssued,
                _ => AuditKind::TokenRejected,
            };
            vec![AuditEvent { grant: Some(grant), ..AuditEvent::new(kind, later(1)) }]
        });
        store.journal.commit(unit).await.unwrap();
    }
    let page = store.audit.page(None, 2).await.unwrap();
    let events = page.iter().map(|row| row.event().unwrap()).collect::<Vec<_>>();
    assert_eq!(events[0].kind, AuditKind::TokenRejected);
    assert_eq!(events[1].kind, AuditKind::TokenIssued);
    assert_eq!(events[0].grant.as_ref(), Some(&grant.grant.id));
}

async fn a_page_shows_the_latest_first_and_leads_on(bench: &Bench) {
    let store = bench.store();
    record(store, &["a", "b", "c", "d"]).await;
    let first = store.audit.page(None, 3).await.unwrap();
    let reasons = |rows: &[crate::audit::TrailRow]| {
        rows.iter().map(|row| row.reason.clone()).collect::<Vec<_>>()
    };
    assert_eq!(reasons(&first), ["d", "c", "b"]);
    assert_eq!(first[0].kind, "token.rejected");
    let second = store.audit.page(Some(&first[2].place), 3).await.unwrap();
    assert_eq!(reasons(&second), ["a", ""]);
    assert_eq!((second[1].kind.as_str(), second[1].event()), ("trail.started", None));
    assert!(second[1].body.contains(r#""node":"node""#));
}

async fn each_node_has_a_chain_that_stands(bench: &Bench) {
    for (node, store) in bench.nodes.iter().enumerate() {
        record(store, &["x"; 5][..=node + 1]).await;
    }
    // Several events of one unit, and units without any.
    let several = Unit::new(Act::Link(link("a")), vec![event("1"), event("2")]);
    bench.nodes[0].journal.commit(several).await.unwrap();
    bench.nodes[0].journal.commit(Unit::new(Act::Link(link("a")), Vec::new())).await.unwrap();
    let chains = bench.store().audit.chains().await.unwrap();
    let mut rows = Vec::new();
    for chain in chains {
        let verified = bench.store().audit.verify(&chain).await.unwrap();
        assert_eq!(verified.broken, None);
        rows.push(verified.rows);
    }
    rows.sort_unstable();
    assert_eq!(rows, [4, 5]);
}

async fn a_changed_row_is_found(bench: &Bench) {
    record(bench.store(), &["a", "b", "c"]).await;
    bench.behind("update audit set body = replace(body, 'b', 'x') where seq = 2").await;
    assert_eq!(broken(bench.store()).await, Some((2, Break::Altered)));
}

async fn a_column_that_disagrees_is_found(bench: &Bench) {
    for statement in [
        "update audit set at = at + 1 where seq = 1",
        "update audit set at = at - 1, kind = 'token.issued' where seq = 1",
        "update audit set kind = 'token.rejected', reason = '' where seq = 1",
    ] {
        if bench.store().audit.chains().await.unwrap().is_empty() {
            record(bench.store(), &["a", "b"]).await;
        }
        bench.behind(statement).await;
        assert_eq!(broken(bench.store()).await, Some((1, Break::Disagrees)), "{statement}");
    }
}

async fn a_row_that_was_taken_out_is_found(bench: &Bench) {
    record(bench.store(), &["a", "b", "c"]).await;
    bench.behind("delete from audit where seq = 2").await;
    assert_eq!(broken(bench.store()).await, Some((2, Break::Missing)));
    let none = bench.store().audit.verify("nobody").await.unwrap();
    assert_eq!((none.rows, none.broken), (0, Some((0, Break::Missing))));
}

async fn a_rewritten_row_no_longer_fits_the_next(bench: &Bench) {
    record(bench.store(), &["a", "b", "c"]).await;
    bench.behind("update audit set prev = hash where seq = 3").await;
    assert_eq!(broken(bench.store()).await, Some((3, Break::Unlinked)));
}

async fn odd_characters_in_a_reason_are_kept_in_the_body(bench: &Bench) {
    let store = bench.store();
    record(store, &["a\0b\n\u{1b}[31m"]).await;
    let page = store.audit.page(None, 1).await.unwrap();
    assert_eq!(page[0].event().unwrap().reason, "a\0b\n\u{1b}[31m");
    assert_eq!(broken(store).await, None);
}
