//! Alerts: listed in the order of commits, and told once, after the commit and not without it.

use std::{
    fmt::{Debug, Write},
    sync::{Arc, Mutex},
};

use idp_domain::{AuditEvent, Timestamp, audit::AuditKind};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use super::{Bench, NOW, later, on_every_engine};
use crate::{
    audit::Break,
    journal::{Act, Outcome, Unit},
    store::Store,
};

on_every_engine!(
    alerts_are_listed_in_the_order_of_commits_whoever_wrote_them,
    a_page_of_alerts_leads_on_and_begins_where_it_is_told,
    an_alert_that_was_taken_off_the_list_is_missed,
    what_is_no_alert_cannot_be_listed_as_one,
    alerts_of_before_the_list_are_brought_onto_it,
    whoever_polls_while_nodes_write_misses_none,
);

fn alert(reason: &str) -> AuditEvent {
    let event = AuditEvent::new(AuditKind::AccountDisputed, NOW).because_of(reason);
    AuditEvent { alert: true, ..event }
}

async fn record(store: &Store, events: Vec<AuditEvent>) {
    assert_eq!(store.journal.commit(Unit::record(events)).await.unwrap(), Outcome::Done);
}

/// Position and reason of each alert.
async fn listed(store: &Store, after: i64, since: Timestamp, limit: u32) -> Vec<(i64, String)> {
    let alerts = store.audit.alerts(after, since, limit).await.unwrap();
    alerts.into_iter().map(|alert| (alert.position, alert.row.reason)).collect()
}

async fn all(store: &Store) -> Vec<(i64, String)> {
    listed(store, 0, NOW, 100).await
}

async fn alerts_are_listed_in_the_order_of_commits_whoever_wrote_them(bench: &Bench) {
    let quiet = AuditEvent { alert: false, ..alert("quiet \"alert\":true") };
    let [one, other] = &bench.nodes;
    record(one, vec![quiet.clone(), alert("a"), quiet.clone(), alert("b")]).await;
    // By the clock of the other node it is earlier.
    record(other, vec![AuditEvent { at: Timestamp::from_seconds(0), ..alert("c") }]).await;
    record(one, vec![quiet]).await;
    record(one, vec![alert("d")]).await;
    let alerts = one.audit.alerts(0, Timestamp::from_seconds(0), 100).await.unwrap();
    let reasons: Vec<_> = alerts.iter().map(|alert| alert.row.reason.as_str()).collect();
    assert_eq!(reasons, ["a", "b", "c", "d"]);
    let positions: Vec<_> = alerts.iter().map(|alert| alert.position).collect();
    assert_eq!(positions, [1, 2, 3, 4]);
    assert!(alerts.iter().all(|alert| alert.row.event().unwrap().alert));
}

async fn a_page_of_alerts_leads_on_and_begins_where_it_is_told(bench: &Bench) {
    let store = bench.store();
    let events = ["a", "b", "c"].map(alert).to_vec();
    record(store, events).await;
    record(store, vec![AuditEvent { at: later(60), ..alert("d") }]).await;
    let page = async |after, since, limit| {
        let page = listed(store, after, since, limit).await;
        page.into_iter().map(|(_, reason)| reason).collect::<String>()
    };
    assert_eq!(page(0, NOW, 2).await, "ab");
    assert_eq!(page(2, NOW, 2).await, "cd");
    assert_eq!(page(4, NOW, 2).await, "");
    assert_eq!(page(0, later(60), 2).await, "d");
    assert_eq!(page(0, later(61), 2).await, "");
}

async fn an_alert_that_was_taken_off_the_list_is_missed(bench: &Bench) {
    let store = bench.store();
    record(store, ["a", "b"].map(alert).to_vec()).await;
    let chain = store.audit.chains().await.unwrap().remove(0);
    assert_eq!(store.audit.verify(&chain).await.unwrap().unlisted, 0);
    bench.behind("delete from alerts where position = 1").await;
    let verified = store.audit.verify(&chain).await.unwrap();
    assert_eq!((verified.unlisted, verified.rows, verified.broken), (1, 3, None));
}

async fn what_is_no_alert_cannot_be_listed_as_one(bench: &Bench) {
    let store = bench.store();
    record(store, vec![AuditEvent { alert: false, ..alert("quiet") }]).await;
    bench.behind("insert into alerts select 1, at, chain, seq from audit where seq = 1").await;
    let chain = store.audit.chains().await.unwrap().remove(0);
    let broken = store.audit.verify(&chain).await.unwrap().broken;
    assert_eq!(broken, Some((1, Break::Disagrees)));
}

async fn alerts_of_before_the_list_are_brought_onto_it(bench: &Bench) {
    let store = bench.store();
    let quoting = AuditEvent { alert: false, ..alert("quiet") }.with("text", "\"alert\":true");
    record(store, vec![alert("a"), quoting, alert("b")]).await;
    bench.behind("delete from alerts").await;
    assert_eq!(all(store).await, []);
    let migration = include_str!("../../../../../migrations/0006_alerts.sql");
    let statement = migration.split(';').find(|text| text.contains("insert into alerts"));
    bench.behind(Box::leak(statement.unwrap().to_owned().into_boxed_str())).await;
    assert_eq!(all(store).await, [(1, "a".to_owned()), (2, "b".to_owned())]);
}

async fn whoever_polls_while_nodes_write_misses_none(bench: &Bench) {
    const EACH: usize = 60;
    let mut writing = tokio::task::JoinSet::new();
    for (node, store) in bench.nodes.iter().enumerate() {
        for number in 0..EACH {
            let store = store.clone();
            let event = alert(&format!("{node}-{number}"));
            writing.spawn(async move { record(&store, vec![event]).await });
        }
    }
    let (mut seen, mut after, mut over) = (Vec::new(), 0, false);
    loop {
        let page = listed(bench.store(), after, NOW, 7).await;
        if page.is_empty() && over {
            break;
        }
        after = page.last().map_or(after, |(position, _)| *position);
        seen.extend(page.into_iter().map(|(_, reason)| reason));
        // What is written after this look is seen by the next one.
        over = writing.is_empty();
        if let Some(written) = writing.join_next().await {
            written.unwrap();
        }
    }
    let mut known: Vec<_> = seen.clone();
    known.sort();
    known.dedup();
    assert_eq!((seen.len(), known.len()), (2 * EACH, 2 * EACH));
}

/// Keeps what is told to the target of alerts.
#[derive(Clone, Default)]
struct Ears(Arc<Mutex<Vec<String>>>);

impl Subscriber for Ears {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "idp_alert"
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() != "chain" {
            write!(self.0, " {field}={value:?}").unwrap();
        }
    }
}

/// On one engine: what listens is known to the whole process.
#[tokio::test]
async fn an_alert_is_told_once_and_only_if_it_was_written() {
    let bench = Bench::memory().await;
    let (store, ears) = (bench.store(), Ears::default());
    let account = store.account().await;
    let _listening = tracing::subscriber::set_default(ears.clone());
    // Another test may have been the first to tell an alert, with nobody to listen: that is
    // remembered until it is asked again.
    record(store, vec![alert("first")]).await;
    tracing::callsite::rebuild_interest_cache();
    ears.0.lock().unwrap().clear();
    let told = AuditEvent { account: Some(account.clone()), ..alert("a") };
    let told = told.with("by", "somebody");
    // They share a transaction, which fails for the second one and is done again for the others.
    let (first, second, third) = tokio::join!(
        store.journal.commit(Unit::record(vec![told])),
        store.journal.commit(Unit::telling(Act::Record, |_| panic!("on purpose"))),
        store.journal.commit(Unit::record(vec![alert("b")])),
    );
    assert_eq!((first.unwrap(), third.unwrap()), (Outcome::Done, Outcome::Done));
    assert!(second.is_err());
    bench.behind("alter table audit rename to elsewhere").await;
    assert!(store.journal.commit(Unit::record(vec![alert("c")])).await.is_err());
    bench.behind("alter table elsewhere rename to audit").await;
    record(store, vec![AuditEvent { alert: false, ..alert("d") }]).await;
    let at = NOW.seconds();
    let lines = [format!("account={:?} seq=3 at={at}", account.as_str()), format!("seq=4 at={at}")];
    let reasons = ["a", "b"];
    let lines = lines.iter().zip(reasons).map(|(line, reason)| {
        format!("WARN message=alert kind=\"account.disputed\" reason=\"{reason}\" {line}")
    });
    assert_eq!(*ears.0.lock().unwrap(), lines.collect::<Vec<_>>());
    assert_eq!(all(store).await[1..], [(2, "a".to_owned()), (3, "b".to_owned())]);
}
