//! How a relying party is told who somebody is.

use idp_tests::harness::run;

use crate::house::{house, visitor};

#[test]
fn pairwise_subjects_differ_from_party_to_party_and_stay_the_same_at_each() {
    run(async {
        let house = house().await;
        let (a, b) = (house.party("rp-pair-a").await, house.party("rp-pair-b").await);
        let mut visitor = visitor();
        let at_a = house.sign_in(&mut visitor, &a).await.claims["sub"].clone();
        let at_b = house.sign_in(&mut visitor, &b).await.claims["sub"].clone();
        let public =
            house.sign_in(&mut visitor, &house.party("rp1").await).await.claims["sub"].clone();
        assert!(at_a != at_b && at_a != public && at_b != public);
        let again = house.sign_in(&mut crate::house::visitor(), &a).await.claims["sub"].clone();
        assert_eq!(at_a, again);
    });
}

#[test]
fn a_public_subject_is_the_same_everywhere_and_tells_nothing() {
    run(async {
        let house = house().await;
        let mut visitor = visitor();
        let one = house.sign_in(&mut visitor, &house.party("rp1").await).await;
        let two = house.sign_in(&mut visitor, &house.party("rp2").await).await;
        assert_eq!(one.claims["sub"], two.claims["sub"]);
        assert!(!one.claims["sub"].as_str().unwrap().contains("eve"));
    });
}
