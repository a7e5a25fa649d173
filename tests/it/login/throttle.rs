//! Wrong passwords: slowed down, by account and by address, without telling who exists.

use idp_tests::harness::page::Page;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;

use crate::house::{EVE, House, LEO, LOCAL, visitor};

async fn attempts(house: &House, username: &str, passwords: &[&str]) -> Vec<Page> {
    let party = house.party("rp1").await;
    let mut visitor = visitor();
    let page = visitor.open(&party.begin(&[]).url).await;
    let mut pages = vec![visitor.choose(&page, LOCAL).await];
    for password in passwords {
        let form = pages.last().unwrap().clone();
        pages.push(visitor.sign_in(&form, username, password).await);
    }
    pages
}

/// What a page says, but for the name that was typed and the seconds that are left to wait.
fn told(page: &Page, username: &str) -> String {
    page.text().replace(username, "…").replace(|letter: char| letter.is_ascii_digit(), "")
}

#[test]
fn an_account_is_closed_for_a_while_and_one_that_does_not_exist_likewise() {
    run(async {
        let house = House::open(Plan::new("throttle").with("attempts_per_account = 3")).await;
        let wrong = ["wrong", "wrong", "wrong", EVE.password];
        let known = attempts(&house, EVE.username, &wrong).await;
        let unknown = attempts(&house, "nobody", &wrong).await;
        for (one, other) in known.iter().zip(&unknown) {
            assert_eq!(one.status, other.status);
            assert_eq!(told(one, EVE.username), told(other, "nobody"));
        }
        assert!(!known[4].arrived(), "the right password came through: {}", known[4].url);
        // Somebody else at the same address is not harmed.
        let other = attempts(&house, LEO.username, &[LEO.password]).await;
        assert!(other[1].arrived(), "{}", other[1].describe());
    });
}

#[test]
fn an_address_that_tries_many_names_is_slowed_down() {
    run(async {
        let house = House::open(Plan::new("throttle-spray").with("attempts_per_address = 5")).await;
        for name in ["a", "b", "c", "d", "e", "f"] {
            attempts(&house, name, &["spring2026"]).await;
        }
        let pages = attempts(&house, LEO.username, &[LEO.password]).await;
        assert!(!pages[1].arrived(), "{}", pages[1].url);
    });
}
