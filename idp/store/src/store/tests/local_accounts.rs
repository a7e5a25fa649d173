//! Local accounts, and what ends with a change of one.

use idp_domain::{
    AccountId, AttributeSet, AuditEvent, SourceId, audit::AuditKind, identity::SourceSubject,
};

use super::{
    Bench, NOW,
    devices::device,
    factors::app,
    later, link, on_every_engine, open,
    revocations::until,
    rotate,
    sessions::{joins, session},
    token,
};
use crate::{
    credentials::{LocalAccount, NewLocalAccount, Rehash},
    devices::RememberDevice,
    journal::{Act, Attend, By, Hash, LinkIdentity, OpenGrant, Outcome},
    revocations::RevokedKind,
    sessions::PORTION,
    store::Store,
};

on_every_engine!(
    an_account_reads_back_as_it_was_written,
    an_account_that_moved_on_is_not_overwritten,
    a_hash_is_replaced_only_where_it_was_read,
    names_are_compared_byte_for_byte,
    tok_09_a_disabled_local_account_ends_all_that_the_person_has,
    tok_09_another_password_ends_all_that_the_person_has,
    ses_13_no_device_stands_for_a_factor_after_another_password,
    what_changes_nothing_of_the_sign_in_ends_nothing,
    a_rehash_ends_nothing_and_is_known_to_be_of_the_same_password,
    a_change_that_comes_too_late_ends_nothing,
    more_than_a_portion_is_over_at_once_and_its_rows_follow,
);

fn partners() -> SourceId {
    "partners".parse().unwrap()
}

fn new(username: &str, replaces: i64) -> NewLocalAccount {
    NewLocalAccount {
        source: partners(),
        username: username.to_owned(),
        subject: SourceSubject::parse(&format!("subject-{username}")).unwrap(),
        password_hash: Some("$argon2id$1".to_owned()),
        disabled: false,
        attributes: link("x").attributes,
        replaces,
        now: NOW,
    }
}

async fn an_account_reads_back_as_it_was_written(bench: &Bench) {
    let store = bench.store();
    assert_eq!(store.act(Act::PutLocalAccount(new("eve", 0))).await, Outcome::Done);
    let found = bench.nodes[1].local_accounts.find(&partners(), "eve").await.unwrap().unwrap();
    assert_eq!(found.subject.as_str(), "subject-eve");
    assert_eq!(found.password_hash.as_deref(), Some("$argon2id$1"));
    assert_eq!(found.attributes, new("eve", 0).attributes);
    assert_eq!((found.disabled, found.version, found.updated_at), (false, 1, NOW));
    assert_eq!(store.local_accounts.load(&partners()).await.unwrap(), vec![found]);
    for nobody in ["mallory", "", "eve\0"] {
        assert_eq!(store.local_accounts.find(&partners(), nobody).await.unwrap(), None);
    }
}

async fn an_account_that_moved_on_is_not_overwritten(bench: &Bench) {
    let store = bench.store();
    store.act(Act::PutLocalAccount(new("eve", 0))).await;
    assert_eq!(store.act(Act::PutLocalAccount(new("eve", 0))).await, Outcome::Conflict);
    assert_eq!(store.act(Act::PutLocalAccount(new("eve", 2))).await, Outcome::Conflict);
    let mut disabled = new("eve", 1);
    disabled.disabled = true;
    disabled.subject = SourceSubject::parse("another").unwrap();
    assert!(store.put(disabled).await);
    let found = store.local_accounts.find(&partners(), "eve").await.unwrap().unwrap();
    assert_eq!((found.disabled, found.version), (true, 2));
    assert_eq!(found.subject.as_str(), "subject-eve", "a person's name never changes");
}

async fn a_hash_is_replaced_only_where_it_was_read(bench: &Bench) {
    let store = bench.store();
    store.act(Act::PutLocalAccount(new("eve", 0))).await;
    let rehash = |version| {
        Act::Rehash(Rehash {
            source: partners(),
            username: "eve".to_owned(),
            version,
            password_hash: "$argon2id$2".to_owned(),
            now: later(1),
        })
    };
    assert_eq!(store.act(rehash(1)).await, Outcome::Done);
    assert_eq!(bench.nodes[1].act(rehash(1)).await, Outcome::Conflict);
    let found = store.local_accounts.find(&partners(), "eve").await.unwrap().unwrap();
    assert_eq!(found.password_hash.as_deref(), Some("$argon2id$2"));
    assert_eq!((found.version, found.updated_at), (2, later(1)));
}

async fn names_are_compared_byte_for_byte(bench: &Bench) {
    let store = bench.store();
    store.act(Act::PutLocalAccount(new("eve", 0))).await;
    assert_eq!(store.local_accounts.find(&partners(), "Eve").await.unwrap(), None);
    // The same subject under a second name would be the same person twice.
    let mut twin = new("eva", 0);
    twin.subject = new("eve", 0).subject;
    assert_eq!(store.act(Act::PutLocalAccount(twin)).await, Outcome::Conflict);
}

/// Eve, who is signed in.
struct Eve {
    account: AccountId,
    session: Attend,
    /// Outlives the session.
    grant: OpenGrant,
    device: RememberDevice,
}

const HANDLE: Hash = [7; 32];

impl Store {
    async fn eve(&self) -> Eve {
        assert_eq!(self.act(Act::PutLocalAccount(new("eve", 0))).await, Outcome::Done);
        let subject = new("eve", 0).subject;
        let identity = LinkIdentity { source: partners(), subject, ..link("eve") };
        let Outcome::Linked { account, .. } = self.act(Act::Link(identity)).await else {
            panic!("not linked");
        };
        let session = Attend { account: account.clone(), ..session("s1") };
        assert_eq!(self.attend(&joins(&session, "portal", None)).await, Outcome::Done);
        let mut grant = open(&account);
        (grant.grant.session, grant.grant.bound) = (Some(session.session.clone()), false);
        assert_eq!(self.act(Act::OpenGrant(grant.clone())).await, Outcome::Done);
        assert_eq!(self.act(Act::PutTotp(app(&account, 1))).await, Outcome::Done);
        let device = device(&account, self.factors_of(&account).await.epoch, HANDLE);
        assert_eq!(self.act(Act::RememberDevice(device.clone())).await, Outcome::Done);
        Eve { account, session, grant, device }
    }

    async fn found(&self) -> LocalAccount {
        self.local_accounts.find(&partners(), "eve").await.unwrap().unwrap()
    }

    /// Writes Eve's local account as the federation file would. Whether it was written.
    async fn put(&self, new: NewLocalAccount) -> bool {
        let event = AuditEvent::new(AuditKind::FederationApplied, new.now);
        let by = By { name: "federation file".to_owned(), address: None };
        self.journal.put_local_account(new, event, by).await.unwrap()
    }

    /// What the trail says of ends, and of writing local accounts.
    async fn said(&self) -> Vec<(AuditKind, String, String)> {
        let trail = self.audit.page(None, 1_000).await.unwrap();
        let events = trail.iter().filter_map(crate::audit::TrailRow::event);
        let detail =
            |event: &AuditEvent, key: &str| event.detail.get(key).cloned().unwrap_or_default();
        events
            .filter(|event| {
                matches!(event.kind, AuditKind::SessionEnded | AuditKind::FederationApplied)
            })
            .map(|event| {
                let more = format!("{}{}", detail(&event, "by"), detail(&event, "signed_out"));
                (event.kind, event.reason.clone(), more)
            })
            .collect()
    }
}

impl Eve {
    /// All that she had is over, for every node.
    async fn has_nothing(&self, bench: &Bench, because: &str) {
        let [store, other] = &bench.nodes;
        let found = store.sessions.find(&self.session.session).await.unwrap().unwrap();
        assert!(found.ended_at.is_some());
        assert_eq!(found.ended_because, because);
        assert_eq!(store.attend(&self.session).await, Outcome::SessionOver);
        assert_eq!(store.act(Act::Rotate(rotate(token(&self.grant)))).await, Outcome::Revoked);
        assert_eq!(store.devices.of(&self.account, later(60)).await.unwrap(), []);
        assert_eq!(store.claimed(later(90), later(120)).await.len(), 1, "the portal is told");
        let account = self.account.as_str();
        until(|| other.revocations.revoked_at(RevokedKind::Account, account) == Some(later(60)))
            .await;
        let told = store.said().await;
        let ended = (AuditKind::SessionEnded, because.to_owned(), "federation file".to_owned());
        assert!(told.contains(&ended), "{told:?}");
        let written = (AuditKind::FederationApplied, String::new(), because.to_owned());
        assert!(told.contains(&written), "{told:?}");
        assert!(store.factors_of(&self.account).await.totp.is_some(), "the app stays");
    }

    /// Nothing of hers is over.
    async fn has_all(&self, store: &Store) {
        let found = store.sessions.find(&self.session.session).await.unwrap().unwrap();
        assert_eq!(found.ended_at, None);
        assert_eq!(store.devices.of(&self.account, later(60)).await.unwrap().len(), 1);
        assert!(!store.revocations.is_revoked(RevokedKind::Account, self.account.as_str()));
        let grant = store.grants.find(&self.grant.grant.id).await.unwrap().unwrap();
        assert_eq!(grant.revoked_at, None);
    }
}

fn changed(replaces: i64, change: impl FnOnce(&mut NewLocalAccount)) -> NewLocalAccount {
    let mut new = NewLocalAccount { now: later(60), ..new("eve", replaces) };
    change(&mut new);
    new
}

fn other_password(new: &mut NewLocalAccount) {
    new.password_hash = Some("$argon2id$other".to_owned());
}

async fn tok_09_a_disabled_local_account_ends_all_that_the_person_has(bench: &Bench) {
    let store = bench.store();
    let eve = store.eve().await;
    assert!(store.put(changed(1, |new| new.disabled = true)).await);
    eve.has_nothing(bench, "local_account_off").await;
    // What comes later is not meant: it is disabled already.
    let (started_at, proven_at) = (later(61), later(61));
    let again = session("s2").session;
    let again = Attend { session: again, started_at, proven_at, ..eve.session.clone() };
    assert_eq!(store.attend(&again).await, Outcome::Done);
    assert!(store.put(changed(2, |new| new.disabled = true)).await);
    assert_eq!(store.attend(&again).await, Outcome::Done);
}

async fn tok_09_another_password_ends_all_that_the_person_has(bench: &Bench) {
    let store = bench.store();
    let eve = store.eve().await;
    assert!(store.put(changed(1, other_password)).await);
    eve.has_nothing(bench, "password_changed").await;
}

async fn ses_13_no_device_stands_for_a_factor_after_another_password(bench: &Bench) {
    let store = bench.store();
    let eve = store.eve().await;
    let epoch = store.factors_of(&eve.account).await.epoch;
    assert!(store.put(changed(1, other_password)).await);
    assert_eq!(store.factors_of(&eve.account).await.epoch, epoch + 1);
    let late = RememberDevice { hash: [8; 32], ..device(&eve.account, epoch, [8; 32]) };
    assert_eq!(store.act(Act::RememberDevice(late)).await, Outcome::Conflict);
    let shown = super::devices::exchange(&eve.device, HANDLE, [9; 32]);
    assert_eq!(store.act(Act::RotateDevice(shown)).await, Outcome::Revoked);
}

async fn what_changes_nothing_of_the_sign_in_ends_nothing(bench: &Bench) {
    let store = bench.store();
    let eve = store.eve().await;
    assert!(store.put(changed(1, |_| {})).await);
    assert!(store.put(changed(2, |new| new.attributes = AttributeSet::default())).await);
    eve.has_all(store).await;
}

async fn a_rehash_ends_nothing_and_is_known_to_be_of_the_same_password(bench: &Bench) {
    let store = bench.store();
    let eve = store.eve().await;
    let rehash = Rehash {
        source: partners(),
        username: "eve".to_owned(),
        version: 1,
        password_hash: "$argon2id$dearer".to_owned(),
        now: later(60),
    };
    assert_eq!(store.act(Act::Rehash(rehash)).await, Outcome::Done);
    let found = store.found().await;
    assert!(found.was_given("$argon2id$1") && !found.was_given("$argon2id$dearer"));
    // Something else of the account is changed: what was given stays known.
    let dearer = |new: &mut NewLocalAccount| new.password_hash = found.password_hash.clone();
    assert!(store.put(changed(2, dearer)).await);
    assert!(store.found().await.was_given("$argon2id$1"));
    eve.has_all(store).await;
    assert!(store.put(changed(3, other_password)).await);
    assert!(store.found().await.was_given("$argon2id$other"));
}

async fn a_change_that_comes_too_late_ends_nothing(bench: &Bench) {
    let store = bench.store();
    let eve = store.eve().await;
    assert!(!store.put(changed(7, other_password)).await);
    eve.has_all(store).await;
    assert_eq!(store.found().await.version, 1);
}

async fn more_than_a_portion_is_over_at_once_and_its_rows_follow(bench: &Bench) {
    let store = bench.store();
    let eve = store.eve().await;
    bench.more_like(PORTION * 2, &eve.session).await;
    let outcome = store.act(Act::PutLocalAccount(changed(1, other_password))).await;
    let Outcome::SignedOut { ended, .. } = outcome else { panic!("{outcome:?}") };
    assert!(ended.more && ended.grants == 1);
    assert!(store.revocations.is_revoked(RevokedKind::Account, eve.account.as_str()));
    let of = crate::sessions::Of::Account(eve.account.clone());
    let live = async || store.sessions.live(&of, later(90), NOW, None, 500).await.unwrap();
    assert!(!live().await.sessions.is_empty());
    for _ in 0..2 {
        store.sweep(later(90)).await.unwrap();
    }
    assert!(live().await.sessions.is_empty());
}
