//! Passkeys as a second factor: whose, for which login, once, and what a counter tells.

use idp_domain::{FactorKind, Refusal, assurance::PHR};

use super::{house::*, soft::Soft, soft::UP_UV};
use crate::{Next, factor::FactorProblem};

#[tokio::test]
async fn a_passkey_proves_two_factors_and_resists_phishing() {
    let house = House::new().await;
    let (_, key) = house.enrolled("una", "amelie").await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "safe", "una", "amelie", later(60)).await;
    let turn = house.prove_with(&mut browser, &turn, &key, |_| {}, later(60)).await;
    let issuance = issued(turn);
    assert_eq!(acr(&issuance), PHR);
    assert_eq!(methods(&issuance), ["pop", "user", "mfa"]);
    let decided = house.trail("login.issued").await;
    assert_eq!(decided.len(), 2);
}

#[tokio::test]
async fn wan_01_wan_03_an_answer_that_does_not_hold_proves_nothing() {
    let house = House::new().await;
    let (_, key) = house.enrolled("una", "amelie").await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
    for (lie, slug) in [
        ("origin", "wrong_origin"),
        ("kind", "wrong_type"),
        ("unverified", "not_verified"),
        ("challenge", "wrong_challenge"),
    ] {
        let turn = house
            .prove_with(
                &mut browser,
                &turn,
                &key,
                |draft| match lie {
                    "origin" => draft.origin = "https://broker.example.evil".to_owned(),
                    "kind" => draft.kind = "webauthn.create".to_owned(),
                    "unverified" => draft.flags = UP_UV & 1,
                    _ => draft.challenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
                },
                later(60),
            )
            .await;
        assert_eq!(problem(&turn), FactorProblem::Passkey, "{lie}");
        let trail = house.trail("factor.failed").await;
        assert!(trail.iter().any(|line| line.ends_with(slug)), "{lie}: {trail:?}");
    }
}

#[tokio::test]
async fn wan_04_an_answer_counts_once() {
    let house = House::new().await;
    let (_, key) = house.enrolled("una", "amelie").await;
    let browser = &mut Browser::default();
    let turn = house.sign_in(browser, "vault", "una", "amelie", later(60)).await;
    let visit = house.visit(browser, later(60)).await;
    let opened = house.open(&turn.transaction, later(60)).await;
    let started = house.node().start_passkey_proof(&opened, &visit).await.unwrap().unwrap();
    let answer = assertion(&key, &started, |_| {});
    let again = house.open(&turn.transaction, later(60)).await;
    let first = house.node().prove_passkey(opened, &started.ceremony, &answer, &visit).await;
    assert!(matches!(first.unwrap().next, Next::Issue(..)));
    let second = house.nodes[1].prove_passkey(again, &started.ceremony, &answer, &visit).await;
    assert_eq!(problem(&second.unwrap()), FactorProblem::Expired);
}

#[tokio::test]
async fn wan_04_a_ceremony_that_the_shelf_finds_again_after_a_failover_stays_finished() {
    let house = House::new().await;
    let (_, key) = house.enrolled("una", "amelie").await;
    let browser = &mut Browser::default();
    let turn = house.sign_in(browser, "vault", "una", "amelie", later(60)).await;
    let visit = house.visit(browser, later(60)).await;
    let opened = house.open(&turn.transaction, later(60)).await;
    let started = house.node().start_passkey_proof(&opened, &visit).await.unwrap().unwrap();
    let kept = house.node().ceremonies.find(&started.ceremony).await.unwrap().unwrap().value;
    let answer = assertion(&key, &started, |_| {});
    let again = house.open(&turn.transaction, later(60)).await;
    let first = house.node().prove_passkey(opened, &started.ceremony, &answer, &visit).await;
    assert!(matches!(first.unwrap().next, Next::Issue(..)));
    let ttl = std::time::Duration::from_mins(5);
    house.node().ceremonies.put(&started.ceremony, &kept, ttl).await.unwrap();
    let second = house.node().prove_passkey(again, &started.ceremony, &answer, &visit).await;
    assert_eq!(problem(&second.unwrap()), FactorProblem::Expired);
}

#[tokio::test]
async fn mfa_17_a_proof_belongs_to_the_login_that_asked_for_it() {
    let house = House::new().await;
    let (_, key) = house.enrolled("una", "amelie").await;
    let (mut one, mut two) = (Browser::default(), Browser::default());
    let first = house.sign_in(&mut one, "vault", "una", "amelie", later(60)).await;
    let second = house.sign_in(&mut two, "vault", "una", "amelie", later(60)).await;
    let visit = house.visit(&one, later(60)).await;
    let opened = house.open(&first.transaction, later(60)).await;
    let started = house.node().start_passkey_proof(&opened, &visit).await.unwrap().unwrap();
    let answer = assertion(&key, &started, |_| {});
    let other = house.open(&second.transaction, later(60)).await;
    let turn = house.node().prove_passkey(other, &started.ceremony, &answer, &visit).await;
    assert_eq!(problem(&turn.unwrap()), FactorProblem::Expired);
    let turn = house.prove_with(&mut one, &first, &key, |_| {}, later(60)).await;
    issued(turn);
    let waiting = house.open(&second.transaction, later(60)).await;
    let turn = house.node().advance(waiting.transaction, &visit).await.unwrap();
    asked(&turn);
}

#[tokio::test]
async fn wan_05_a_passkey_of_somebody_else_proves_nobody() {
    let house = House::new().await;
    let (_, hers) = house.enrolled("una", "amelie").await;
    let (_, his) = house.enrolled("una", "bob").await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
    let other = house.prove_with(&mut browser, &turn, &his, |_| {}, later(60)).await;
    assert_eq!(problem(&other), FactorProblem::Passkey);
    let forged = |draft: &mut super::soft::Draft| draft.user_handle = Some(vec![7; 32]);
    let other = house.prove_with(&mut browser, &turn, &hers, forged, later(60)).await;
    assert_eq!(problem(&other), FactorProblem::Passkey);
    let trail = house.trail("factor.failed").await;
    assert_eq!(trail, ["factor.failed factors.webauthn.wrong_owner"; 2]);
}

#[tokio::test]
async fn an_unknown_passkey_is_named_to_the_browser_that_it_may_forget_it() {
    let house = House::new().await;
    house.enrolled("una", "amelie").await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
    let stranger = Soft::new();
    let turn = house.prove_with(&mut browser, &turn, &stranger, |_| {}, later(60)).await;
    let credential = super::soft::base64url(&stranger.id);
    assert_eq!(problem(&turn), FactorProblem::UnknownPasskey { credential });
}

#[tokio::test]
async fn wan_08_a_counter_that_does_not_grow_is_a_clone_and_gets_nobody_in() {
    let house = House::new().await;
    let (_, key) = house.enrolled("una", "amelie").await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
    issued(house.prove_with(&mut browser, &turn, &key, |one| one.counter = 10, later(60)).await);
    house.letters().await;
    for counter in [10, 9, 0] {
        let mut browser = Browser::default();
        let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(90)).await;
        let turn = house
            .prove_with(&mut browser, &turn, &key, |one| one.counter = counter, later(90))
            .await;
        assert_eq!(problem(&turn), FactorProblem::Passkey, "{counter}");
    }
    let signals = house.trail("authenticator.").await;
    assert_eq!(signals, ["authenticator.clone_suspected counter !"; 3]);
    assert_eq!(house.letter_kinds().await, ["factor_locked"]);
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(95)).await;
    issued(house.prove_with(&mut browser, &turn, &key, |one| one.counter = 11, later(95)).await);
}

#[tokio::test]
async fn wan_08_of_two_proofs_with_one_counter_one_counts() {
    let house = House::new().await;
    let (_, key) = house.enrolled("una", "amelie").await;
    let mut pending = Vec::new();
    for node in 0..2 {
        let mut browser = Browser::default();
        let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
        let visit = house.visit(&browser, later(60)).await;
        let opened = house.open(&turn.transaction, later(60)).await;
        let started = house.nodes[node].start_passkey_proof(&opened, &visit).await.unwrap();
        let started = started.unwrap();
        let answer = assertion(&key, &started, |one| one.counter = 11);
        pending.push((opened, started.ceremony, answer, visit));
    }
    let mut proven = 0;
    let tasks: Vec<_> = pending
        .into_iter()
        .enumerate()
        .map(|(node, (opened, ceremony, answer, visit))| {
            let node = house.nodes[node].clone();
            tokio::spawn(async move {
                node.prove_passkey(opened, &ceremony, &answer, &visit).await.unwrap()
            })
        })
        .collect();
    for task in tasks {
        proven += usize::from(matches!(task.await.unwrap().next, Next::Issue(..)));
    }
    assert_eq!(proven, 1);
    let signals = house.trail("authenticator.").await;
    assert_eq!(signals.len(), 1, "{signals:?}");
}

#[tokio::test]
async fn mfa_01_a_login_that_waits_for_a_factor_has_no_other_way_on() {
    let house = House::new().await;
    let (_, _) = house.enrolled("una", "amelie").await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
    let visit = house.visit(&browser, later(60)).await;
    let opened = || house.open(&turn.transaction, later(60));
    let node = house.node();
    for next in [
        node.enrol_later(opened().await, &visit).await.unwrap().next,
        node.codes_kept(opened().await, &visit).await.unwrap().next,
        node.enrol_totp(opened().await, "", &visit).await.unwrap().next,
        node.prove_code(opened().await, FactorKind::Totp, "", false, &visit).await.unwrap().next,
        node.prove_code(opened().await, FactorKind::Device, "", false, &visit).await.unwrap().next,
        node.sign_in_with_passkey(opened().await, "", "", &visit).await.unwrap().next,
    ] {
        assert!(matches!(next, Next::Refuse(Refusal::TransactionConsumed)), "{next:?}");
    }
    let waiting = opened().await;
    let turn = node.advance(waiting.transaction, &visit).await.unwrap();
    asked(&turn);
    assert!(browser.session.is_none(), "there is no session before the proof");
}

#[tokio::test]
async fn whoever_else_has_signed_in_at_the_browser_since_proves_nothing_for_the_one_before() {
    let house = House::new().await;
    let (mut browser, _) = house.enrolled("una", "amelie").await;
    // Amelie's session is asked for a fresh factor by her own page.
    let turn = house.demand(&browser, "account", step_up(), too_late()).await;
    asked(&turn);
    // In another tab bob signs in, and his session takes the place of hers.
    issued(house.sign_in_anew(&mut browser, "portal", "una", "bob", too_late()).await);
    let visit = house.visit(&browser, too_late()).await;
    let opened = house.open(&turn.transaction, too_late()).await;
    let started = house.node().start_passkey_proof(&opened, &visit).await.unwrap();
    assert!(matches!(started, Err(Refusal::TransactionConsumed)));
}

#[tokio::test]
async fn mfa_17_what_one_person_proved_counts_for_nobody_who_signs_in_next() {
    let house = House::new().await;
    let (mut browser, key) = house.enrolled("una", "amelie").await;
    let turn = house.demand(&browser, "account", step_up(), too_late()).await;
    let visit = house.visit(&browser, too_late()).await;
    let opened = house.open(&turn.transaction, too_late()).await;
    let started = house.node().start_passkey_proof(&opened, &visit).await.unwrap().unwrap();
    let answer = assertion(&key, &started, |_| {});
    let turn = house.node().prove_passkey(opened, &started.ceremony, &answer, &visit).await;
    let turn = turn.unwrap();
    // The login as it stood with her proof, at a browser that is bob's by then.
    issued(house.sign_in_anew(&mut browser, "portal", "una", "bob", too_late()).await);
    let bobs = house.visit(&browser, too_late()).await;
    let mut transaction = turn.transaction;
    assert!(!transaction.proofs.is_empty());
    transaction.request.relying_party = "vault".parse().unwrap();
    let turn = house.node().advance(transaction, &bobs).await.unwrap();
    assert!(turn.transaction.proofs.is_empty());
    assert!(!matches!(turn.next, Next::Issue(..)), "{:?}", turn.next);
}

/// The failures in the trail, oldest first: whether there were too many by then.
async fn too_many(house: &House) -> Vec<bool> {
    let rows = house.store.audit.page(None, 1_000).await.unwrap();
    let mut events: Vec<_> = rows.into_iter().filter_map(|row| row.event()).collect();
    events.reverse();
    events.retain(|event| event.kind.as_str() == "factor.failed");
    events.iter().map(|event| event.detail.contains_key("too_many")).collect()
}

#[tokio::test]
async fn wan_05_wrong_passkeys_are_counted_for_the_account_and_lock_nobody_out() {
    let house = House::new().await;
    let (_, key) = house.enrolled("una", "amelie").await;
    house.letters().await;
    // Each from another address, on another node, in a login of its own; with answers that belong
    // to nothing, to nobody and to her.
    let stranger = Soft::new();
    for turn in 0..7_u8 {
        let mut browser = Browser::default();
        let login = house.sign_in(&mut browser, "safe", "una", "amelie", later(60)).await;
        let mut visit = house.visit(&browser, later(60)).await;
        visit.address = std::net::Ipv4Addr::new(198, 51, 100, turn).into();
        let opened = house.open(&login.transaction, later(60)).await;
        let node = &house.nodes[usize::from(turn) % 3];
        let started = node.start_passkey_proof(&opened, &visit).await.unwrap().unwrap();
        let lying = |draft: &mut super::soft::Draft| draft.origin = "https://evil.example".into();
        let (ceremony, answer) = match turn % 3 {
            0 => ("of nobody".to_owned(), assertion(&key, &started, |_| {})),
            1 => (started.ceremony.clone(), assertion(&stranger, &started, |_| {})),
            _ => (started.ceremony.clone(), assertion(&key, &started, lying)),
        };
        let login = node.prove_passkey(opened, &ceremony, &answer, &visit).await.unwrap();
        problem(&login);
    }
    assert_eq!(too_many(&house).await, [false, false, false, false, true, true, true]);
    assert_eq!(house.letter_kinds().await, ["factor_locked"], "the owner hears of it once");
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "safe", "una", "amelie", later(60)).await;
    issued(house.prove_with(&mut browser, &turn, &key, |_| {}, later(60)).await);
}
