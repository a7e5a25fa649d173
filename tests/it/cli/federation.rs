//! `plan`, `apply` and `export`: the federation as a file.

use idp_tests::harness::federation::Federation;
use idp_tests::harness::run;
use idp_tests::harness::server::{Plan, Prepared};
use serde_json::{Value, json};
use std::fs;

use crate::house::{EVE, SECRET};

fn file() -> Federation {
    Federation::new()
        .agency("loc", "Partners Office", "loc.example", json!({}))
        .local_source("partners", "loc", &[EVE])
        .party("rp1", SECRET, "https://rp1.example/cb", json!({}))
}

async fn prepared(name: &str) -> Prepared {
    let prepared = Plan::new(name).prepare().await;
    prepared.idp(&["migrate"]).await.ok();
    prepared
}

#[test]
fn applying_twice_changes_nothing() {
    run(async {
        let prepared = prepared("fed-twice").await;
        prepared.apply(&file().build()).await.ok();
        let once = prepared.database.snapshot().await;
        prepared.apply(&file().build()).await.ok();
        let twice = prepared.database.snapshot().await;
        assert_eq!(once.changes(&twice), Vec::<String>::new());
    });
}

#[test]
fn plan_shows_the_difference_and_writes_nothing() {
    run(async {
        let prepared = prepared("fed-plan").await;
        let before = prepared.database.snapshot().await;
        let planned = prepared.plan(&file().build(), &[]).await.ok();
        for id in ["loc", "partners", "rp1"] {
            assert!(planned.out.contains(id), "{}", planned.out);
        }
        assert_eq!(before.changes(&prepared.database.snapshot().await), Vec::<String>::new());
        let planned = prepared.plan(&file().build(), &["--exit-code"]).await;
        assert_eq!(planned.status, Some(1), "a difference was found");
        prepared.apply(&file().build()).await.ok();
        prepared.plan(&file().build(), &["--exit-code"]).await.ok();
    });
}

#[test]
fn what_the_file_no_longer_names_goes_only_with_prune() {
    run(async {
        let prepared = prepared("fed-prune").await;
        let two = file().party("rp2", SECRET, "https://rp2.example/cb", json!({}));
        prepared.apply(&two.build()).await.ok();
        prepared.apply(&file().build()).await.ok();
        let exported = prepared.idp(&["export"]).await.ok().out;
        assert!(exported.contains("rp2"), "{exported}");
        prepared.apply_with(&file().build(), &["--prune"]).await.ok();
        let exported = prepared.idp(&["export"]).await.ok().out;
        assert!(exported.contains("rp1") && !exported.contains("rp2"), "{exported}");
    });
}

#[test]
fn what_is_exported_can_be_applied_and_changes_nothing() {
    run(async {
        let prepared = prepared("fed-export").await;
        prepared.apply(&file().build()).await.ok();
        let exported = prepared.idp(&["export"]).await.ok().out;
        assert!(!exported.contains(EVE.password), "a password is exported");
        assert!(!exported.contains(SECRET), "a secret is exported");
        let path = prepared.folder.join("exported.yaml");
        fs::write(&path, &exported).unwrap();
        let ended = prepared.idp(&["plan", path.to_str().unwrap(), "--exit-code"]).await;
        assert_eq!(ended.status, Some(0), "{ended:?}\n{exported}");
    });
}

#[test]
fn yaml_json_and_toml_say_the_same() {
    run(async {
        let prepared = prepared("fed-formats").await;
        let json = json!({"agencies": [{"id": "a", "names": {"en": "A", "ar": "أ"}}]});
        let yaml = "agencies:\n  - id: a\n    names: { en: A, ar: أ }\n";
        let toml = "[[agencies]]\nid = \"a\"\nnames = { en = \"A\", ar = \"أ\" }\n";
        prepared.apply(&json).await.ok();
        for (name, text) in [("a.yaml", yaml), ("a.yml", yaml), ("a.toml", toml)] {
            let path = prepared.folder.join(name);
            fs::write(&path, text).unwrap();
            let ended = prepared.idp(&["plan", path.to_str().unwrap(), "--exit-code"]).await;
            assert_eq!(ended.status, Some(0), "{name}: {ended:?}");
        }
    });
}

#[test]
fn a_file_that_contradicts_itself_is_refused_whole() {
    run(async {
        let prepared = prepared("fed-contradiction").await;
        let agency = |id: &str| json!({"id": id, "names": {"en": id}});
        let party = |agency: &str| {
            json!({
                "id": "p", "agency": agency, "kind": "oidc", "names": {"en": "P"},
                "connection": {"redirect_uris": ["https://p.example/cb"], "token_endpoint_auth_method": "none"},
            })
        };
        let wrong: [(Value, &str); 3] = [
            (json!({"agencies": [agency("a"), agency("a")]}), "agencies/a"),
            (json!({"agencies": [agency("alpha")], "relying_parties": [party("alfa")]}), "alpha"),
            (json!({"agencies": [{"id": "a", "names": {}}]}), "agencies/a"),
        ];
        let before = prepared.database.snapshot().await;
        for (file, word) in wrong {
            let ended = prepared.apply(&file).await;
            assert!(ended.one_line(2).contains(word), "{ended:?}");
        }
        assert_eq!(before.changes(&prepared.database.snapshot().await), Vec::<String>::new());
    });
}

#[test]
fn a_machine_reads_the_plan_as_json() {
    run(async {
        let prepared = prepared("fed-json").await;
        let planned = prepared.plan(&file().build(), &["--json"]).await.ok();
        let read: Value = serde_json::from_str(&planned.out).expect("JSON on standard output");
        assert!(read.to_string().contains("rp1"), "{read}");
    });
}
