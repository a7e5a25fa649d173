//! Access passes, from their issue to their use.

use idp_domain::{AccessPassId, AccountId, AgencyId};

use super::{Bench, NOW, factors::reset, later, on_every_engine, random};
use crate::{
    factors::passes::{ApproveAccessPass, IssueAccessPass, UseAccessPass},
    journal::{Act, Hash, Outcome},
};

on_every_engine!(
    mfa_10_a_pass_is_used_once_by_its_account_alone,
    a_pass_reads_back_as_it_was_issued,
    a_pass_opens_nothing_when_its_time_is_up,
    a_pass_that_needs_approval_opens_nothing_without_it,
    nobody_approves_their_own_pass,
    mfa_16_the_latest_pass_alone_counts,
    a_reset_and_a_disabled_account_void_passes,
    a_help_desk_sees_what_waits_in_its_agency,
    a_pass_that_is_over_can_be_looked_at_for_thirty_days,
);

pub(super) fn issue(account: &AccountId, hash: Hash) -> IssueAccessPass {
    IssueAccessPass {
        pass: AccessPassId::from_random(random()),
        account: account.clone(),
        agency: una(),
        hash,
        reason: "Lost phone, ticket 12".to_owned(),
        issued_by: "Help desk of una".to_owned(),
        needs_approval: false,
        expires_at: later(600),
        letters: Vec::new(),
        now: NOW,
    }
}

pub(super) fn approve(pass: &AccessPassId, by: &str) -> Act {
    Act::ApproveAccessPass(ApproveAccessPass {
        pass: pass.clone(),
        approved_by: by.to_owned(),
        letters: Vec::new(),
        now: later(60),
    })
}

pub(super) fn present(account: &AccountId, hash: Hash, after: u32) -> Act {
    let (account, letters) = (account.clone(), Vec::new());
    Act::UseAccessPass(UseAccessPass { account, hash, letters, now: later(after) })
}

fn una() -> AgencyId {
    "una".parse().unwrap()
}

async fn mfa_10_a_pass_is_used_once_by_its_account_alone(bench: &Bench) {
    let [store, other] = &bench.nodes;
    let [alice, mallory] = [store.account().await, store.account().await];
    store.done(Act::IssueAccessPass(issue(&alice, [1; 32]))).await;
    assert_eq!(other.act(present(&mallory, [1; 32], 1)).await, Outcome::Unknown);
    assert_eq!(other.act(present(&alice, [2; 32], 1)).await, Outcome::Unknown);
    other.done(present(&alice, [1; 32], 1)).await;
    assert_eq!(store.act(present(&alice, [1; 32], 1)).await, Outcome::Used);
    assert_eq!(store.act(present(&alice, [1; 32], 9_000)).await, Outcome::Used);
}

async fn a_pass_reads_back_as_it_was_issued(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let act = issue(&account, [1; 32]);
    store.done(Act::IssueAccessPass(act.clone())).await;
    let found = store.access_passes.find(&act.pass).await.unwrap().unwrap();
    assert_eq!((&found.id, &found.account, &found.agency), (&act.pass, &account, &una()));
    assert_eq!((found.hash, &found.reason), ([1; 32], &act.reason));
    assert_eq!((&found.issued_by, found.issued_at), (&act.issued_by, NOW));
    assert_eq!((found.expires_at, found.used_at, &found.approved), (later(600), None, &None));
    store.done(present(&account, [1; 32], 5)).await;
    let of = store.access_passes.of(&account).await.unwrap();
    assert_eq!((of.len(), of[0].used_at), (1, Some(later(5))));
    let nobody = AccessPassId::from_random(random());
    assert_eq!(store.access_passes.find(&nobody).await.unwrap(), None);
}

async fn a_pass_opens_nothing_when_its_time_is_up(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    store.done(Act::IssueAccessPass(issue(&account, [1; 32]))).await;
    assert_eq!(store.act(present(&account, [1; 32], 600)).await, Outcome::Expired);
    store.done(present(&account, [1; 32], 599)).await;
}

async fn a_pass_that_needs_approval_opens_nothing_without_it(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let act = IssueAccessPass { needs_approval: true, ..issue(&account, [1; 32]) };
    store.done(Act::IssueAccessPass(act.clone())).await;
    assert_eq!(store.act(present(&account, [1; 32], 1)).await, Outcome::Conflict);
    store.done(approve(&act.pass, "Another")).await;
    let found = store.access_passes.find(&act.pass).await.unwrap().unwrap();
    assert_eq!(found.approved, Some(("Another".to_owned(), later(60))));
    assert!(!found.is_pending());
    store.done(present(&account, [1; 32], 61)).await;
    assert_eq!(store.act(approve(&act.pass, "Another")).await, Outcome::Used);
}

async fn nobody_approves_their_own_pass(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let act = IssueAccessPass { needs_approval: true, ..issue(&account, [1; 32]) };
    store.done(Act::IssueAccessPass(act.clone())).await;
    assert_eq!(store.act(approve(&act.pass, &act.issued_by)).await, Outcome::Conflict);
    assert_eq!(store.act(present(&account, [1; 32], 61)).await, Outcome::Conflict);
    store.done(approve(&act.pass, "Another")).await;
    assert_eq!(store.act(approve(&act.pass, "A third")).await, Outcome::Conflict);
    let nobody = AccessPassId::from_random(random());
    assert_eq!(store.act(approve(&nobody, "Another")).await, Outcome::Unknown);

    let late = IssueAccessPass { expires_at: later(60), ..act };
    let late = IssueAccessPass { pass: AccessPassId::from_random(random()), ..late };
    store.done(Act::IssueAccessPass(IssueAccessPass { hash: [2; 32], ..late.clone() })).await;
    assert_eq!(store.act(approve(&late.pass, "Another")).await, Outcome::Expired);
    let free = issue(&account, [3; 32]);
    store.done(Act::IssueAccessPass(free.clone())).await;
    assert_eq!(store.act(approve(&free.pass, "Another")).await, Outcome::Conflict, "needs none");
}

async fn mfa_16_the_latest_pass_alone_counts(bench: &Bench) {
    let store = bench.store();
    let [account, other] = [store.account().await, store.account().await];
    store.done(Act::IssueAccessPass(issue(&other, [9; 32]))).await;
    store.done(Act::IssueAccessPass(issue(&account, [1; 32]))).await;
    store.done(Act::IssueAccessPass(issue(&account, [2; 32]))).await;
    assert_eq!(store.act(present(&account, [1; 32], 1)).await, Outcome::Unknown);
    store.done(present(&account, [2; 32], 1)).await;
    store.done(Act::IssueAccessPass(issue(&account, [3; 32]))).await;
    assert_eq!(store.act(present(&account, [2; 32], 1)).await, Outcome::Used);
    store.done(present(&other, [9; 32], 1)).await;
}

async fn a_reset_and_a_disabled_account_void_passes(bench: &Bench) {
    let store = bench.store();
    let [account, other] = [store.account().await, store.account().await];
    store.done(Act::IssueAccessPass(issue(&account, [1; 32]))).await;
    store.done(Act::ResetFactors(reset(&account, true))).await;
    assert_eq!(store.act(present(&account, [1; 32], 1)).await, Outcome::Unknown);
    store.done(Act::IssueAccessPass(issue(&account, [2; 32]))).await;
    store.done(Act::IssueAccessPass(issue(&other, [3; 32]))).await;
    store.disable(&account).await;
    assert_eq!(store.act(present(&account, [2; 32], 1)).await, Outcome::Unknown);
    assert!(store.access_passes.of(&account).await.unwrap().is_empty());
    let none = Act::IssueAccessPass(issue(&account, [4; 32]));
    assert_eq!(store.act(none).await, Outcome::Unknown, "it opens nothing");
    store.done(present(&other, [3; 32], 1)).await;
}

async fn a_help_desk_sees_what_waits_in_its_agency(bench: &Bench) {
    let store = bench.store();
    let mut passes = Vec::new();
    for (number, agency) in (1_u32..).zip(["una", "wfp", "una", "una"]) {
        let account = store.account().await;
        let act = IssueAccessPass {
            needs_approval: number < 4,
            agency: agency.parse().unwrap(),
            expires_at: later(600 - number),
            ..issue(&account, [u8::try_from(number).unwrap(); 32])
        };
        store.done(Act::IssueAccessPass(act.clone())).await;
        passes.push(act.pass);
    }
    let pending = async |agency: Option<AgencyId>, after| {
        let found = store.access_passes.pending(agency.as_ref(), later(after)).await.unwrap();
        found.into_iter().map(|pass| pass.id).collect::<Vec<_>>()
    };
    let [first, second, third, _] = <[_; 4]>::try_from(passes).unwrap();
    assert_eq!(pending(Some(una()), 0).await, [third.clone(), first.clone()]);
    assert_eq!(pending(None, 0).await, [third.clone(), second.clone(), first.clone()]);
    assert_eq!(pending(None, 597).await, [second.clone(), first.clone()], "one is over");
    store.done(approve(&first, "Another")).await;
    assert_eq!(pending(None, 597).await, [second]);
}

async fn a_pass_that_is_over_can_be_looked_at_for_thirty_days(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    store.done(Act::IssueAccessPass(issue(&account, [1; 32]))).await;
    let over = 600 + 30 * 86_400;
    assert_eq!(store.sweep(later(over)).await.unwrap(), 0);
    assert_eq!(store.access_passes.of(&account).await.unwrap().len(), 1);
    assert_eq!(store.sweep(later(over + 1)).await.unwrap(), 1);
    assert!(store.access_passes.of(&account).await.unwrap().is_empty());
}
