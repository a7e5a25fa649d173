//! What is used up once stays so when a database or a connection fails, and never without a trail.

use idp_domain::{AccountId, AuditEvent, audit::AuditKind};

use super::{
    Bench, NOW,
    access_passes::{issue, present},
    factors::{app, code, codes, passkey, proof, step},
    faults::cut_at_commit,
    letters::sealed,
    node, on_every_engine,
};
use crate::{
    db::Db,
    error::StoreError,
    factors::act::PutTotp,
    journal::{Act, Outcome, Unit},
    store::Store,
};

on_every_engine!(
    what_the_trail_cannot_tell_is_not_used_up,
    mfa_21_a_factor_whose_letter_cannot_be_written_is_not_enrolled,
);

/// Everything of an account that is used up once, each with what a second try answers.
fn once(account: &AccountId) -> [(Act, Outcome); 4] {
    [
        (step(account, 101), Outcome::Used),
        (code(account, [1; 32]), Outcome::Used),
        (present(account, [1; 32], 1), Outcome::Used),
        (proof(account, account.as_str().as_bytes(), 10, 11), Outcome::Conflict),
    ]
}

async fn prepared(store: &Store) -> AccountId {
    let account = store.account().await;
    store.done(Act::PutTotp(app(&account, 100))).await;
    store.done(Act::PutRecoveryCodes(codes(&account, &[[1; 32]]))).await;
    store.done(Act::PutPasskey(passkey(&account, account.as_str().as_bytes()))).await;
    store.done(Act::IssueAccessPass(issue(&account, [1; 32]))).await;
    account
}

async fn offered(store: &Store, act: Act) -> Result<Outcome, StoreError> {
    let event = AuditEvent::new(AuditKind::FactorProven, NOW);
    store.journal.commit(Unit::new(act, vec![event])).await
}

async fn what_the_trail_cannot_tell_is_not_used_up(bench: &Bench) {
    let store = bench.store();
    let account = prepared(store).await;
    bench.behind("alter table audit rename to elsewhere").await;
    for (act, _) in once(&account) {
        assert_eq!(offered(store, act).await.unwrap_err().slug(), "store.fault");
    }
    bench.behind("alter table elsewhere rename to audit").await;
    for (act, _) in once(&account) {
        assert_eq!(offered(store, act).await.unwrap(), Outcome::Done);
    }
    for (act, again) in once(&account) {
        assert_eq!(offered(store, act).await.unwrap(), again);
    }
}

async fn mfa_21_a_factor_whose_letter_cannot_be_written_is_not_enrolled(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    bench.behind("alter table letters rename to elsewhere").await;
    let letters = vec![sealed("alice@una.example")];
    let enrol = PutTotp { epoch: 0, letters, ..app(&account, 1) };
    let answer = offered(store, Act::PutTotp(enrol)).await;
    assert_eq!(answer.unwrap_err().slug(), "store.fault");
    bench.behind("alter table elsewhere rename to letters").await;
    assert_eq!(store.factors_of(&account).await.totp, None);
    assert_eq!(store.letters.next_due().await.unwrap(), None);
}

#[tokio::test]
async fn mfa_05_what_was_used_before_a_failover_is_used_after_it() {
    for server_hears in [false, true] {
        let Some(bench) = Bench::postgres().await else { return };
        let account = prepared(bench.store()).await;
        for number in 0..4 {
            let url = cut_at_commit(&bench.url, server_hears).await;
            let store = node(Db::connect(&url).unwrap(), "cut");
            let [act, twin] =
                [once(&account), once(&account)].map(|all| all.into_iter().nth(number));
            let answer = offered(&store, act.unwrap().0).await;
            assert_eq!(answer.unwrap_err().slug(), "store.away", "nobody is told yes");
            let (again, used) = twin.unwrap();
            let outcome = bench.nodes[1].act(again).await;
            let expected = if server_hears { used } else { Outcome::Done };
            assert_eq!(outcome, expected, "{number}");
            store.close().await;
        }
        bench.run(|_| std::future::ready(())).await;
    }
}
