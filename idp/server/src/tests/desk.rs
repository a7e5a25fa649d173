//! The commands of help desks and administrators, on a database that no node is using.

use idp_domain::{AccountId, Switched};
use idp_store::{Store, audit::TrailRow};
use tempfile::TempDir;

use super::{folder, is_live, know, person, session, session_called, settings};
use crate::{
    clock,
    command::{self, Ending},
    node::Memory,
};

/// A folder with a configuration and a federation, and one person of `una`.
struct Shop {
    folder: TempDir,
    ana: AccountId,
}

impl Shop {
    async fn open() -> Self {
        let folder = folder("");
        let memory = memory(&folder).await;
        know(&memory, &settings(&folder)).await;
        let ana = person(&memory.store, "una").await;
        memory.store.close().await;
        Self { folder, ana }
    }

    /// Runs `idp` with these arguments.
    async fn idp(&self, arguments: &str) -> Result<(), Ending> {
        let config = self.folder.path().join("idp.toml");
        let config = config.to_str().unwrap();
        let arguments = arguments.replace("ANA", self.ana.as_str());
        let mut words = vec!["idp", "--config", config];
        words.extend(arguments.split(' ').filter(|word| !word.is_empty()));
        command::run_line(&words).await
    }

    /// The status that `idp` would exit with.
    async fn status(&self, arguments: &str) -> u8 {
        match self.idp(arguments).await {
            Ok(()) => 0,
            Err(Ending::No(_)) => 1,
            Err(Ending::Wrong(_)) => 2,
        }
    }

    async fn with_store<T>(&self, look: impl AsyncFnOnce(&Store) -> T) -> T {
        let memory = memory(&self.folder).await;
        let seen = look(&memory.store).await;
        memory.store.close().await;
        seen
    }

    async fn trail(&self, kind: &str) -> Vec<TrailRow> {
        let rows = self.with_store(async |store| store.audit.page(None, 1_000).await.unwrap());
        rows.await.into_iter().filter(|row| row.kind == kind).collect()
    }
}

async fn memory(folder: &TempDir) -> Memory {
    Memory::open(&settings(folder), clock::now()).await.unwrap()
}

#[tokio::test]
async fn a_pass_is_issued_to_whoever_is_named_in_any_way() {
    let shop = Shop::open().await;
    let why = "--reason phone";
    assert_eq!(shop.status(&format!("access-pass issue --account ANA {why}")).await, 0);
    let named = "--source una-guests --username ANA@una.example";
    let named = named.replace("ANA@", "Ana@");
    assert_eq!(shop.status(&format!("access-pass issue {named} {why} --json")).await, 0);
    let rows = shop.trail("access_pass.issued").await;
    assert_eq!(rows.len(), 2);
    assert!(rows[0].event().unwrap().detail["by"].starts_with("cli:"));
    let passes = shop.with_store(async |store| store.access_passes.of(&shop.ana).await.unwrap());
    assert_eq!(passes.await.len(), 1, "the earlier one is void");
    for (arguments, status) in [
        ("access-pass issue --account ANA", 2),
        ("access-pass issue --account ANA --reason x --minutes 121", 2),
        ("access-pass issue --account ANA --reason x --agency unb", 1),
        ("access-pass issue --account AAAAAAAAAAAAAAAAAAAAAA --reason x", 1),
        ("access-pass issue --source una-guests --username bob --reason x", 1),
        ("access-pass issue --source una-guests --reason x", 2),
        ("access-pass approve AAAAAAAAAAAAAAAAAAAAAA", 1),
    ] {
        assert_eq!(shop.status(arguments).await, status, "{arguments}");
    }
}

#[tokio::test]
async fn factors_are_shown_and_removed() {
    let shop = Shop::open().await;
    assert_eq!(shop.status("factors show --account ANA").await, 0);
    assert_eq!(shop.status("factors show --account ANA --json").await, 0);
    assert_eq!(shop.status("factors reset --account ANA --reason phone").await, 0);
    let factors = shop.with_store(async |store| store.factors.of(&shop.ana).await.unwrap());
    assert!(factors.await.unwrap().must_enrol);
    assert_eq!(shop.trail("factors.reset").await.len(), 1);
    assert_eq!(shop.status("factors reset --account ANA").await, 2);
}

#[tokio::test]
async fn the_kill_switch_works_without_a_node() {
    let shop = Shop::open().await;
    let open = shop.with_store(async |store| session(store, &shop.ana, "una").await).await;
    assert_eq!(shop.status("switch off agency una --reason INC-1").await, 0);
    assert!(!shop.with_store(async |store| is_live(store, &open).await).await);
    let off = async || shop.with_store(async |store| store.switches.load().await.unwrap()).await;
    assert!(off().await.is_off(&Switched::Agency("una".parse().unwrap())));
    assert_eq!(shop.status("switch list --json").await, 0);
    assert_eq!(shop.status("switch on agency una --reason mended").await, 0);
    assert!(!off().await.is_off(&Switched::Agency("una".parse().unwrap())));
    let [offs, ons] = [shop.trail("switched.off").await, shop.trail("switched.on").await];
    assert_eq!((offs.len(), ons.len()), (1, 1));
    assert_eq!(offs[0].event().unwrap().detail["why"], "INC-1");
    for (arguments, status) in [
        ("switch off agency unc --reason x", 1),
        ("switch off agencies una --reason x", 2),
        ("switch off agency Una --reason x", 2),
        ("switch off agency una", 2),
    ] {
        assert_eq!(shop.status(arguments).await, status, "{arguments}");
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let shop = Shop::open().await;
    let open = shop.with_store(async |store| session(store, &shop.ana, "una").await).await;
    for whose in ["--account ANA", "--agency una", "--source una-guests", "--relying-party portal"]
    {
        assert_eq!(shop.status(&format!("sessions list {whose} --json")).await, 0, "{whose}");
    }
    assert_eq!(shop.status("sessions list").await, 2);
    assert_eq!(shop.status("sessions list --account ANA --agency una").await, 2);
    assert_eq!(shop.status("sessions end --relying-party portal --reason INC-1").await, 0);
    assert!(!shop.with_store(async |store| is_live(store, &open).await).await);
    assert_eq!(shop.trail("session.ended").await.len(), 2, "who asked, and the session");
}

#[tokio::test]
async fn one_session_is_ended_and_the_others_go_on() {
    let shop = Shop::open().await;
    let (one, other) = shop
        .with_store(async |store| {
            (session(store, &shop.ana, "una").await, session(store, &shop.ana, "una").await)
        })
        .await;
    assert_eq!(shop.status(&format!("sessions list --session {one}")).await, 0);
    let end = format!("sessions end --session {one} --reason INC-1");
    assert_eq!(shop.status(&end).await, 0);
    let live = async |id| shop.with_store(async |store| is_live(store, id).await).await;
    assert!(!live(&one).await && live(&other).await);
    assert_eq!(shop.status(&end).await, 0, "it has ended, as was wished");
    for (whose, status) in [
        ("--session AAAAAAAAAAAAAAAAAAAAAA", 1),
        ("--session a/b", 2),
        ("--session x --agency una", 2),
    ] {
        let end = format!("sessions end {whose} --reason x");
        assert_eq!(shop.status(&end).await, status, "{whose}");
    }
    let rows = shop.trail("session.ended").await;
    assert!(rows.iter().all(|row| row.event().unwrap().session == Some(one.clone())));
}

#[tokio::test]
async fn tokens_are_made_listed_and_revoked() {
    let shop = Shop::open().await;
    let create = "token create --name una-desk --role help_desk --agency una --days 7";
    assert_eq!(shop.status(create).await, 0);
    assert_eq!(shop.status(create).await, 1, "the name is taken");
    let tokens = shop.with_store(async |store| store.api_tokens.list().await.unwrap()).await;
    assert_eq!((tokens.len(), tokens[0].role.as_str()), (1, "help_desk"));
    assert_eq!(shop.status("token list").await, 0);
    assert_eq!(shop.status("token revoke una-desk").await, 0);
    assert_eq!(shop.status("token revoke una-desk").await, 0, "it is revoked, as was wished");
    let rows = shop.trail("api_token.changed").await;
    let mut reasons: Vec<_> = rows.iter().map(|row| row.reason.as_str()).collect();
    reasons.sort_unstable();
    assert_eq!(reasons, ["created", "revoked"]);
    for (arguments, status) in [
        ("token create --name x --role root", 2),
        ("token create --name x --role help_desk", 2),
        ("token create --name x --role soc --agency una", 2),
        ("token create --name x --role help_desk --agency unc", 1),
        ("token create --name x/y --role soc", 2),
        ("token create --name x --role soc --days 400", 2),
        ("token revoke nobody", 1),
    ] {
        assert_eq!(shop.status(arguments).await, status, "{arguments}");
    }
}

#[tokio::test]
async fn what_rests_on_one_session_of_a_source_is_ended_by_the_name_that_it_has_there() {
    let shop = Shop::open().await;
    let [one, other] = shop
        .with_store(async |store| {
            let one = session_called(store, &shop.ana, "una", Some("s1")).await;
            [one, session_called(store, &shop.ana, "una", Some("s2")).await]
        })
        .await;
    let end = "sessions end --reason INC-1";
    assert_eq!(shop.status(&format!("{end} --source-session s1")).await, 2, "of which source?");
    assert_eq!(shop.status(&format!("{end} --account ANA --source-session s1")).await, 2);
    let named = "--source una-guests --source-session s1";
    assert_eq!(shop.status(&format!("sessions list {named} --json")).await, 0);
    assert_eq!(shop.status(&format!("{end} {named}")).await, 0);
    let live = shop
        .with_store(async |store| [is_live(store, &one).await, is_live(store, &other).await])
        .await;
    assert_eq!(live, [false, true]);
}

#[tokio::test]
async fn alerts_are_asked_for_since_an_instant() {
    let shop = Shop::open().await;
    assert_eq!(shop.status("audit alerts").await, 0);
    assert_eq!(shop.status("audit alerts --since 2026-11-22T21:00:00Z --json").await, 0);
    assert_eq!(shop.status("audit alerts --since yesterday").await, 2);
}
