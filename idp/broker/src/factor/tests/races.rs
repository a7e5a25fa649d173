//! A hundred at once, over three nodes: what counts once counts once.

use std::sync::Arc;

use idp_domain::{FactorKind, FactorRules, factor::EnrolWith, transaction::Awaiting};
use tokio::sync::Barrier;

use super::{codes::with_app, house::*, passes::issue};
use crate::{Broker, Next, Opened, Turn, Visit, testing::NOW};

const MANY: usize = 100;

/// Brings `step` to a hundred logins of amelie's at once; how many of them go on.
async fn at_once<F>(
    house: &House,
    party: &str,
    steps: impl Fn(Arc<Broker>, Opened, Visit) -> F,
) -> usize
where
    F: Future<Output = Turn> + Send + 'static,
{
    let start = Arc::new(Barrier::new(MANY));
    let mut tasks = Vec::new();
    for number in 0..MANY {
        let mut browser = Browser::default();
        let turn = house.sign_in(&mut browser, party, "una", "amelie", later(60)).await;
        let opened = house.open(&turn.transaction, later(60)).await;
        let mut visit = house.visit(&browser, later(60)).await;
        visit.address = format!("198.51.{number}.7").parse().unwrap();
        let step = steps(Arc::clone(&house.nodes[number % 3]), opened, visit);
        let start = Arc::clone(&start);
        tasks.push(tokio::spawn(async move {
            start.wait().await;
            step.await
        }));
    }
    let mut went_on = 0;
    for task in tasks {
        let turn = task.await.unwrap();
        went_on += usize::from(!matches!(turn.next, Next::Prove(_) | Next::Refuse(_)));
    }
    went_on
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn mfa_05_of_a_hundred_uses_of_one_code_one_succeeds() {
    let house = House::new().await;
    let (_, app) = with_app(&house).await;
    let code = app.code(later(60));
    let went_on = at_once(&house, "vault", |node, opened, visit| {
        let code = code.clone();
        async move {
            node.prove_code(opened, FactorKind::Totp, &code, false, &visit).await.unwrap()
        }
    })
    .await;
    assert_eq!(went_on, 1);
    assert_eq!(house.trail("factor.proven").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn mfa_06_pwd_04_of_a_hundred_guesses_at_once_five_are_looked_at() {
    let house = House::new().await;
    let (_, app) = with_app(&house).await;
    let wrong = app.wrong(later(60)).next().unwrap();
    let went_on =
        at_once(&house, "vault", |node, opened, visit| {
            let wrong = wrong.clone();
            async move {
                node.prove_code(opened, FactorKind::Totp, &wrong, false, &visit).await.unwrap()
            }
        })
        .await;
    assert_eq!(went_on, 0);
    let trail = house.trail("factor.failed").await;
    let looked_at = trail.iter().filter(|line| line.ends_with("factors.totp.wrong")).count();
    let throttled = trail.iter().filter(|line| line.ends_with("throttled")).count();
    assert_eq!((looked_at, throttled), (5, 95));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_uses_of_one_recovery_code_one_succeeds() {
    let house = House::new().await;
    let (browser, _) = with_app(&house).await;
    let (live, visit) = (house.live(&browser, NOW).await, house.visit(&browser, NOW).await);
    let codes = house.node().new_recovery_codes(&live, &visit).await.unwrap().unwrap();
    let code = codes.iter().next().unwrap().to_owned();
    let went_on = at_once(&house, "vault", |node, opened, visit| {
        let code = code.clone();
        async move {
            node.prove_code(opened, FactorKind::RecoveryCode, &code, false, &visit).await.unwrap()
        }
    })
    .await;
    assert_eq!(went_on, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn mfa_10_of_a_hundred_uses_of_one_access_pass_one_succeeds() {
    let rules = FactorRules { enrol_with: EnrolWith::AccessPass, ..FactorRules::default() };
    let house = House::with(rules).await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", NOW).await;
    let Awaiting::Factor(asked) = &turn.transaction.awaiting else { panic!() };
    let pass = issue(&house, &asked.account, false).await;
    let went_on = at_once(&house, "vault", |node, opened, visit| {
        let pass = pass.shown.expose().clone();
        async move { node.use_pass(opened, &pass, &visit).await.unwrap() }
    })
    .await;
    assert_eq!(went_on, 1);
    assert_eq!(house.trail("access_pass.used").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn wan_04_of_a_hundred_answers_to_one_ceremony_one_counts() {
    let house = House::new().await;
    let (_, key) = house.enrolled("una", "amelie").await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
    let visit = house.visit(&browser, later(60)).await;
    let opened = house.open(&turn.transaction, later(60)).await;
    let started = house.node().start_passkey_proof(&opened, &visit).await.unwrap().unwrap();
    let answer = Arc::new(assertion(&key, &started, |_| {}));
    let start = Arc::new(Barrier::new(MANY));
    let mut tasks = Vec::new();
    for number in 0..MANY {
        let opened = house.open(&turn.transaction, later(60)).await;
        let (node, start) = (Arc::clone(&house.nodes[number % 3]), Arc::clone(&start));
        let (answer, ceremony, visit) =
            (Arc::clone(&answer), started.ceremony.clone(), visit.clone());
        tasks.push(tokio::spawn(async move {
            start.wait().await;
            node.prove_passkey(opened, &ceremony, &answer, &visit).await.unwrap()
        }));
    }
    let mut issued = 0;
    for task in tasks {
        issued += usize::from(matches!(task.await.unwrap().next, Next::Issue(..)));
    }
    assert_eq!(issued, 1);
    assert_eq!(house.trail("factor.proven").await.len(), 1);
}
