//! The database itself: its version, its name, its absence.

use super::{Bench, on_every_engine, random, sql, url_of};
use crate::{db::Db, error::StoreError};

on_every_engine!(
    migrating_twice_changes_nothing,
    a_newer_database_is_refused_and_left_alone,
    a_step_that_was_changed_afterwards_is_refused,
    every_node_finds_the_same_name,
);

async fn migrating_twice_changes_nothing(bench: &Bench) {
    let db = &bench.store().db;
    let name = db.instance().await.unwrap();
    db.migrate().await.unwrap();
    db.check_version().await.unwrap();
    assert_eq!(db.instance().await.unwrap(), name);
}

async fn a_newer_database_is_refused_and_left_alone(bench: &Bench) {
    bench
        .behind(
            "insert into _sqlx_migrations \
             (version, description, installed_on, success, checksum, execution_time) \
             select 9999, 'later', installed_on, success, checksum, 0 from _sqlx_migrations \
             where version = 1",
        )
        .await;
    let db = &bench.store().db;
    for error in [db.migrate().await.unwrap_err(), db.check_version().await.unwrap_err()] {
        assert!(matches!(error, StoreError::NewerDatabase { found: 9999, .. }), "{error}");
        assert_eq!(error.slug(), "store.newer_database");
    }
}

async fn a_step_that_was_changed_afterwards_is_refused(bench: &Bench) {
    bench.store().account().await;
    bench
        .behind(
            "update _sqlx_migrations set checksum = hash from audit where seq = 0 and version = 1",
        )
        .await;
    let error = bench.store().db.migrate().await.unwrap_err();
    assert!(matches!(error, StoreError::OtherHistory { version: 1 }), "{error}");
}

async fn every_node_finds_the_same_name(bench: &Bench) {
    let [a, b] = &bench.nodes;
    let (a, b) = tokio::join!(a.db.instance(), b.db.instance());
    assert_eq!(a.unwrap(), b.unwrap());
}

#[tokio::test]
async fn an_empty_database_says_that_it_has_to_be_migrated() {
    let db = Db::connect("sqlite::memory:").unwrap();
    let error = db.check_version().await.unwrap_err();
    assert!(matches!(error, StoreError::OlderDatabase { found: 0, .. }), "{error}");
}

#[tokio::test]
async fn two_nodes_that_migrate_at_once_do_it_once() {
    let Ok(admin) = std::env::var("LP_TEST_POSTGRES") else {
        eprintln!("skipped: LP_TEST_POSTGRES names no PostgreSQL");
        return;
    };
    let name = format!("lp_test_{}", super::hex(&random::<8>()));
    sql(&admin, &format!("create database {name}")).await;
    let mut url = url_of(&admin);
    url.set_path(&name);
    let [a, b] = [url.as_str(), url.as_str()].map(|url| Db::connect(url).unwrap());
    let (first, second) = tokio::join!(a.migrate(), b.migrate());
    first.unwrap();
    second.unwrap();
    a.close().await;
    b.close().await;
    sql(&admin, &format!("drop database {name}")).await;
}

#[tokio::test]
async fn a_database_that_is_away_is_away_and_not_in_the_way() {
    // A listener that was closed again: nothing answers there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let db = Db::connect(&format!("postgres://nobody@127.0.0.1:{port}/none")).unwrap();
    for error in [
        db.ping().await.unwrap_err(),
        db.migrate().await.unwrap_err(),
        db.check_version().await.unwrap_err(),
    ] {
        assert_eq!(error.slug(), "store.away");
        assert!(error.is_temporary());
    }
}

#[test]
fn an_address_that_is_none_is_refused_without_quoting_it() {
    for url in ["mysql://root:secret@db/x", "secret", "postgres://u:secret@host:port/x"] {
        let error = Db::connect(url).unwrap_err();
        assert_eq!(error.slug(), "store.address");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn a_sqlite_file_is_for_its_owner_and_one_node() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let url = format!("sqlite:{}", path.display());
    let [first, second] = [Db::connect(&url).unwrap(), Db::connect(&url).unwrap()];
    first.migrate().await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let claim = first.claim().unwrap();
    assert_eq!(second.claim().unwrap_err().slug(), "store.in_use");
    second.check_version().await.unwrap();
    drop(claim);
    second.claim().unwrap();
}
