//! Several tabs, the back button, and logins that are over.

use idp_tests::harness::page::Page;
use idp_tests::harness::run;

use crate::house::{EVE, FOREIGN, LOCAL, go_on, house, redirect_uri, visitor};

#[test]
fn several_tabs_at_once_do_not_disturb_each_other() {
    run(async {
        let house = house().await;
        let mut visitor = visitor();
        let (one, two) = (house.party("rp1").await, house.party("rp2").await);
        let three = house.party("rp-pair-a").await;
        let begun = [one.begin(&[]), two.begin(&[]), three.begin(&[])];
        let mut tabs: Vec<Page> = vec![];
        for login in &begun {
            tabs.push(visitor.open(&login.url).await);
        }
        // The first and the third go to the local form, the second to another agency.
        tabs[0] = visitor.choose(&tabs[0].clone(), LOCAL).await;
        tabs[2] = visitor.choose(&tabs[2].clone(), LOCAL).await;
        let at_two = visitor.choose(&tabs[1].clone(), FOREIGN).await;
        two.finish(&begun[1], &at_two).await;
        for (index, party) in [(2, &three), (0, &one)] {
            let page = visitor.sign_in(&tabs[index].clone(), EVE.username, EVE.password).await;
            let tokens = party.finish(&begun[index], &page).await;
            assert_eq!(party.userinfo(tokens.access()).await.json["email"], EVE.mail);
        }
    });
}

#[test]
fn ten_tabs_opened_at_once_by_a_restored_window_all_work() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let mut visitor = visitor();
        let begun: Vec<_> = (0..10).map(|_| party.begin(&[])).collect();
        let mut pages = vec![];
        for login in &begun {
            pages.push(visitor.open(&login.url).await);
        }
        // Signing in in the last one is enough: the others find the session.
        let page = go_on(&mut visitor, pages[9].clone(), EVE).await;
        party.finish(&begun[9], &page).await;
        for index in 0..9 {
            let page = visitor.open(&pages[index].url).await;
            let page = go_on(&mut visitor, page, EVE).await;
            party.finish(&begun[index], &page).await;
        }
    });
}

#[test]
fn the_back_button_after_a_login_leads_on_and_not_to_a_dead_end() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let begun = party.begin(&[]);
        let mut visitor = visitor();
        let choice = visitor.open(&begun.url).await;
        let form = visitor.choose(&choice, LOCAL).await;
        let answer = visitor.sign_in(&form, EVE.username, EVE.password).await;
        party.finish(&begun, &answer).await;
        for old in [&choice.url, &form.url] {
            let page = visitor.open(old).await;
            leads_back(&page);
        }
        let again = visitor.sign_in(&form, EVE.username, EVE.password).await;
        leads_back(&again);
    });
}

#[test]
fn a_login_that_nobody_remembers_leads_back_to_the_application() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let page = visitor().open(&party.begin(&[]).url).await;
        // The same address with another number: as after the loss of the shelf.
        let id = page.url.path_segments().unwrap().nth(1).unwrap().to_owned();
        let lost: String = id
            .char_indices()
            .map(|(at, letter)| if at < 6 && letter.is_ascii_alphanumeric() { 'A' } else { letter })
            .collect();
        let address = page.url.as_str().replace(&id, &lost);
        let page = visitor().open(address).await;
        assert!(!page.arrived() && (400..500).contains(&page.status), "{}", page.describe());
        assert!(!page.links().is_empty(), "{}", page.describe());
    });
}

#[test]
fn a_browser_without_cookies_is_told_what_is_wrong() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let mut visitor = visitor();
        let page = visitor.open(&party.begin(&[]).url).await;
        visitor.jar.forget("localhost");
        let page = visitor.open(&page.url).await;
        assert!([400, 403].contains(&page.status), "{}", page.describe());
        leads_back(&page);
    });
}

/// The page says what happened and has a way to the application.
fn leads_back(page: &Page) {
    assert!(!page.arrived(), "a second answer: {}", page.url);
    assert!((400..500).contains(&page.status), "{}", page.describe());
    assert_eq!(page.texts("h1").len(), 1);
    let home = redirect_uri("rp1").replace("/cb", "/");
    let back = page.links().into_iter().any(|(_, url)| url.as_str().starts_with(&home));
    assert!(back, "no way back to {home}: {}", page.describe());
}
