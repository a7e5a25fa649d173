//! Bad input: one clear line, exit status 2, nothing half-written.

use idp_tests::harness::command::idp;
use idp_tests::harness::ports::free_port;
use idp_tests::harness::run;
use idp_tests::harness::server::{Plan, Prepared};
use serde_json::json;
use std::fs;
use std::net::TcpListener;
use std::time::Duration;

async fn prepared(name: &str) -> Prepared {
    Plan::new(name).prepare().await
}

fn edit(prepared: &Prepared, from: &str, to: &str) {
    let text = fs::read_to_string(prepared.config()).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(prepared.config(), text.replace(from, to)).unwrap();
}

#[test]
fn an_unknown_key_is_named_with_file_line_and_likely_meaning() {
    run(async {
        let prepared = prepared("cli-unknown-key").await;
        edit(&prepared, "base_url", "base_ulr");
        let ended = prepared.idp(&["check"]).await;
        let line = ended.one_line(2);
        for word in ["idp-0.toml:2", "base_ulr", "base_url"] {
            assert!(line.contains(word), "{line}");
        }
        let ended = prepared.idp(&["serve"]).await;
        assert!(ended.one_line(2).contains("base_ulr"));
        assert!(
            prepared.files().iter().all(|file| !file.contains("sqlite")),
            "{:?}",
            prepared.files()
        );
    });
}

#[test]
fn a_port_in_use_is_said_in_one_line() {
    run(async {
        let plan = Plan::new("cli-port");
        let port = plan.base.rsplit(':').next().unwrap().to_owned();
        let prepared = plan.prepare().await;
        let _taken = TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
        let ended = prepared.idp(&["serve"]).await;
        let line = ended.last_line(2);
        assert!(line.contains(&port) && line.contains("in use"), "{line}");
    });
}

#[test]
fn a_wrong_master_key_is_said_in_one_line_and_changes_nothing() {
    run(async {
        let prepared = prepared("cli-master-key").await;
        let broker = prepared.start_nodes().await;
        broker.nodes[0].process().signal("TERM");
        broker.nodes[0].process().wait(Duration::from_secs(10)).await;
        let before = broker.database.snapshot().await;
        let other = "b3RoZXIga2V5IG9mIHRoZSB0ZXN0IGJlZCwgMzIgYnk=";
        let ended = broker.idp_with_key(other, &["serve"]).await;
        let line = ended.last_line(2);
        assert!(line.contains("master key"), "{line}");
        assert_eq!(before.changes(&broker.database.snapshot().await), Vec::<String>::new());
    });
}

#[test]
fn a_master_key_that_is_none_is_said_in_one_line() {
    run(async {
        let prepared = prepared("cli-no-master-key").await;
        for key in ["", "short", "not base64 at all, but long enough for one!!"] {
            let ended = prepared.idp_with_key(key, &["check"]).await;
            let line = ended.one_line(2);
            assert!(line.contains("IDP_TEST_MASTER_KEY") || line.contains("master"), "{line}");
        }
    });
}

#[test]
fn a_database_newer_than_the_program_is_said_in_one_line() {
    run(async {
        let prepared = prepared("cli-newer").await;
        prepared.idp(&["migrate"]).await.ok();
        prepared.database.pretend_newer().await;
        for command in ["serve", "migrate"] {
            let ended = prepared.idp(&[command]).await;
            let line = ended.last_line(2);
            assert!(line.contains("this program knows"), "{command}: {line}");
        }
    });
}

#[test]
fn a_second_node_on_one_sqlite_file_is_refused() {
    run(async {
        let broker = prepared("cli-two-nodes").await.start_nodes().await;
        let other = broker.listening_elsewhere();
        let ended = broker.idp_with(&other, &["serve"]).await;
        let line = ended.last_line(2);
        assert!(line.contains("in use") && line.contains("PostgreSQL"), "{line}");
    });
}

#[test]
fn a_file_that_is_not_there_is_named() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let ended = idp(folder.path(), &["check", "--config", "nowhere.toml"], &[]).await;
        assert!(ended.one_line(2).contains("nowhere.toml"));
        let prepared = prepared("cli-no-file").await;
        let ended = prepared.idp(&["apply", "nowhere.yaml"]).await;
        assert!(ended.one_line(2).contains("nowhere.yaml"));
    });
}

#[test]
fn an_unknown_command_is_a_usage_error() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let ended = idp(folder.path(), &["srve"], &[]).await;
        assert_eq!(ended.status, Some(2));
        assert!(ended.err.contains("serve"), "a suggestion: {}", ended.err);
    });
}

#[test]
fn an_unknown_field_of_the_federation_is_named_with_its_likely_meaning() {
    run(async {
        let prepared = prepared("cli-unknown-field").await;
        let file =
            json!({"agencies": [{"id": "a", "names": {"en": "A"}, "domain": ["a.example"]}]});
        let ended = prepared.apply(&file).await;
        let line = ended.one_line(2);
        for word in ["federation.json:1", "`domain`", "`domains`"] {
            assert!(line.contains(word), "{line}");
        }
    });
}

#[test]
fn a_database_that_is_away_leaves_a_node_waiting_and_unready() {
    run(async {
        let port = free_port();
        let prepared = prepared("cli-away").await;
        let text = fs::read_to_string(prepared.config()).unwrap();
        let url = text.lines().find(|line| line.starts_with("url = ")).unwrap().to_owned();
        edit(&prepared, &url, &format!("url = \"postgres://nobody@127.0.0.1:{port}/none\""));
        let process = prepared.launch();
        let (http, management) = (idp_tests::harness::http::client(), prepared.management());
        let status = idp_tests::harness::process::until(
            "the management listener",
            Duration::from_secs(20),
            async || {
                assert!(process.ended().is_none(), "it ended:\n{}", process.log());
                let answer = http.get(format!("{management}/readyz")).send().await.ok()?;
                Some(answer.status().as_u16())
            },
        )
        .await;
        assert_eq!(status, 503);
        let alive = http.get(format!("{management}/healthz")).send().await.unwrap();
        assert_eq!(alive.status().as_u16(), 200);
        assert!(process.log().to_lowercase().contains("database"), "{}", process.log());
    });
}
