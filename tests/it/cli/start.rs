//! `init`, `check`, `migrate`, and a graceful end.

use idp_tests::harness::command::idp;
use idp_tests::harness::process::until;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use idp_tests::peers::hostile::{Mood, TokenAnswer};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use crate::house::{House, visitor};

#[test]
fn init_writes_a_commented_configuration_that_check_accepts() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        idp(folder.path(), &["init"], &[]).await.ok();
        let text = fs::read_to_string(folder.path().join("idp.toml")).unwrap();
        assert!(text.lines().filter(|line| line.starts_with('#')).count() > 20, "{text}");
        for section in ["[server]", "[database]", "[keys]", "redis"] {
            assert!(text.contains(section), "{section}: {text}");
        }
        let checked = idp(folder.path(), &["check", "--config", "idp.toml"], &[]).await;
        assert_eq!(checked.status, Some(0), "{checked:?}");
        for entry in fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            let secret = entry.file_name().to_string_lossy().contains("key");
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            assert!(!secret || mode == 0o600, "{:?} is readable by others: {mode:o}", entry.path());
        }
    });
}

#[test]
fn init_overwrites_nothing() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        idp(folder.path(), &["init"], &[]).await.ok();
        let read = || {
            let mut files: Vec<_> = fs::read_dir(folder.path())
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .map(|path| (path.clone(), fs::read(path).unwrap()))
                .collect();
            files.sort();
            files
        };
        let before = read();
        let again = idp(folder.path(), &["init"], &[]).await;
        assert!(matches!(again.status, Some(1 | 2)), "{again:?}");
        assert_eq!(before, read());
    });
}

#[test]
fn pwd_12_every_installation_draws_a_key_of_its_own_and_none_starts_without() {
    run(async {
        let mut keys = vec![];
        for _ in 0..2 {
            let folder = tempfile::tempdir().unwrap();
            idp(folder.path(), &["init"], &[]).await.ok();
            let key = folder.path().join("master.key");
            keys.push(fs::read_to_string(&key).unwrap());
            let config = fs::read_to_string(folder.path().join("idp.toml")).unwrap();
            let written: Vec<_> = config.lines().filter(|line| !line.starts_with('#')).collect();
            let secret = written.iter().find(|line| line.contains("password ="));
            assert_eq!(secret, None, "a password that everybody knows");
            for content in ["", "master", &"0".repeat(44)] {
                fs::write(&key, content).unwrap();
                let checked = idp(folder.path(), &["check", "--config", "idp.toml"], &[]).await;
                assert_ne!(checked.status, Some(0), "{content:?} is a key: {checked:?}");
            }
            fs::remove_file(&key).unwrap();
            for command in ["check", "serve"] {
                let without = idp(folder.path(), &[command, "--config", "idp.toml"], &[]).await;
                assert!(matches!(without.status, Some(1 | 2)), "{command}: {without:?}");
            }
        }
        assert!(keys[0] != keys[1] && keys[0].trim().len() >= 43, "drawn anew each time");
    });
}

#[test]
fn check_warns_of_loopback_peers() {
    run(async {
        let prepared = Plan::new("start-check").prepare().await;
        let checked = prepared.idp(&["check"]).await.ok();
        let said = format!("{}{}", checked.out, checked.err);
        assert!(said.contains("loopback_peers"), "{said}");
    });
}

#[test]
fn migrate_can_be_run_again() {
    run(async {
        let prepared = Plan::new("start-migrate").prepare().await;
        prepared.idp(&["migrate"]).await.ok();
        let once = prepared.database.tables().await;
        prepared.idp(&["migrate"]).await.ok();
        assert_eq!(once, prepared.database.tables().await);
    });
}

#[test]
fn a_node_that_is_asked_to_stop_finishes_what_it_is_doing() {
    run(async {
        let house = House::open(Plan::new("start-stop")).await;
        let issuer = house.provider.issuer("bridges");
        issuer.set(Mood { token: TokenAnswer::Silent, ..Mood::default() });
        let party = house.party("rp1").await;
        let begun = party.begin(&[("idp_hint", "bridges")]);
        let waiting = tokio::spawn(async move { visitor().open(&begun.url).await });
        until("the broker to ask its source", Duration::from_secs(10), async || {
            (!issuer.seen("token").is_empty()).then_some(())
        })
        .await;
        let node = house.broker.nodes[0].process();
        node.signal("TERM");
        let page = waiting.await.expect("an answer, not a broken connection");
        assert!(page.status >= 400 && !page.links().is_empty(), "{}", page.describe());
        let status = node.wait(Duration::from_secs(15)).await;
        assert!(status.success(), "{status:?}\n{}", house.broker.log());
    });
}

#[test]
fn metrics_and_health_are_on_the_management_listener_only() {
    run(async {
        let house = crate::house::house().await;
        let http = idp_tests::harness::http::client();
        for path in ["/healthz", "/readyz", "/metrics"] {
            let inside = format!("{}{path}", house.broker.nodes[0].management);
            assert_eq!(http.get(&inside).send().await.unwrap().status().as_u16(), 200, "{inside}");
            let outside = format!("{}{path}", house.broker.base);
            assert_eq!(
                http.get(&outside).send().await.unwrap().status().as_u16(),
                404,
                "{outside}"
            );
        }
    });
}

#[test]
fn the_log_holds_no_secret() {
    run(async {
        let house = House::open(Plan::new("start-log").logging("trace")).await;
        let party = house.party("rp1").await;
        let mut visitor = visitor();
        let tokens =
            house.sign_in_with(&mut visitor, &party, &[("scope", "openid offline_access")]).await;
        let mut secrets = vec![
            crate::house::EVE.password.to_owned(),
            tokens.access().to_owned(),
            tokens.refresh().to_owned(),
            tokens.id_token().to_owned(),
        ];
        secrets.extend(visitor.jar.of_host("localhost").map(|cookie| cookie.value.clone()));
        let log = house.broker.log();
        for secret in secrets.iter().filter(|secret| secret.len() > 20) {
            assert!(!log.contains(secret.as_str()), "the log holds {secret}");
        }
        assert!(!log.contains(crate::house::EVE.mail), "the log holds an attribute");
    });
}
