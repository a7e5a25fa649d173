//! Help desks: what they see, and removing all factors.

use idp_domain::{FactorRules, Lang, factor::EnrolWith};
use idp_factors::access_pass::PassReason;

use super::{house::*, passes::desk};
use crate::factor::{DeskRefusal, ResetBy};

#[tokio::test]
async fn a_help_desk_sees_what_there_is_and_no_secret() {
    let house = House::new().await;
    let (_, key) = house.enrolled("una", "amelie").await;
    let (account, _) = house.store.factors.by_credential(&key.id).await.unwrap().unwrap();
    let shown = desk(&house).show_factors(&account, later(1)).await.unwrap().unwrap();
    assert_eq!((shown.passkeys.len(), shown.recovery_codes, shown.must_enrol), (1, 10, false));
    assert_eq!(shown.passkeys[0].name, "key ring");
    let credential = super::soft::base64url(&key.id);
    assert!(!format!("{shown:?}").contains(&credential), "a short hash stands for the credential");
    assert_eq!(
        desk(&house).show_factors(&"nobody".parse().unwrap(), later(1)).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn a_reset_ends_every_session_and_asks_for_another_factor() {
    let rules = FactorRules { enrol_with: EnrolWith::SignIn, ..FactorRules::default() };
    let house = House::with(rules).await;
    let (mut browser, key) = house.enrolled("una", "amelie").await;
    let (account, _) = house.store.factors.by_credential(&key.id).await.unwrap().unwrap();
    house.letters().await;
    let wish = ResetBy {
        account,
        by: "helen".to_owned(),
        reason: PassReason::parse("stolen laptop").unwrap(),
        must_enrol: true,
        lang: Lang::En,
        now: later(60),
    };
    assert_eq!(desk(&house).reset_factors(&wish).await.unwrap(), Ok(()));
    assert_eq!(house.trail("factors.reset").await, ["factors.reset"]);
    assert_eq!(house.trail("session.ended").await, ["session.ended factors_reset"]);
    assert_eq!(house.letter_kinds().await, ["factors_reset"]);
    assert!(house.visit(&browser, later(61)).await.session.is_none());
    assert!(house.store.factors.by_credential(&key.id).await.unwrap().is_none());
    browser.session = None;
    let turn = house.sign_in(&mut browser, "portal", "una", "amelie", later(61)).await;
    assert!(!enrolling(&turn).optional, "even where nothing demands it");

    let nobody = ResetBy { account: "nobody".parse().unwrap(), ..wish };
    assert_eq!(desk(&house).reset_factors(&nobody).await.unwrap(), Err(DeskRefusal::Unknown));
}
