//! The choice of an agency: by list, by mail address, by hints, as remembered.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::page::Page;
use idp_tests::harness::rp::{Begun, Party};
use idp_tests::harness::run;

use crate::house::{EVE, FOREIGN, LOCAL, go_on, house, visitor};

async fn at_choice(extra: &[(&str, &str)]) -> (Visitor, Party, Begun, Page) {
    let party = house().await.party("rp1").await;
    let begun = party.begin(extra);
    let mut visitor = visitor();
    let page = visitor.open(&begun.url).await;
    (visitor, party, begun, page)
}

async fn by_mail(visitor: &mut Visitor, page: &Page, address: &str) -> Page {
    let form = page.form_with("email").fill("email", address).enter();
    visitor.submit(page, form).await
}

async fn search(visitor: &mut Visitor, page: &Page, words: &str) -> Page {
    let form = page.form_with("q").fill("q", words).enter();
    visitor.submit(page, form).await
}

fn offers(page: &Page, agency: &str) -> bool {
    page.texts("#agencies a").iter().any(|text| text.contains(agency))
}

#[test]
fn a_mail_address_leads_to_its_agency() {
    run(async {
        for address in ["bob@unb.example", "Bob@UNB.example", " bob@geneva.unb.example "] {
            let (mut visitor, party, begun, page) = at_choice(&[]).await;
            let page = by_mail(&mut visitor, &page, address).await;
            party.finish(&begun, &page).await;
        }
        let (mut visitor, party, begun, page) = at_choice(&[]).await;
        let page = by_mail(&mut visitor, &page, "eve@loc.example").await;
        assert_eq!(page.form_with("password").value("username"), Some("eve@loc.example"));
        let page = go_on(&mut visitor, page, EVE).await;
        party.finish(&begun, &page).await;
    });
}

#[test]
fn a_mail_address_of_nobodys_domain_is_said_to_be_so() {
    run(async {
        for address in
            ["x@nowhere.example", "x@evil-unb.example", "x@unb.example.evil.example", "nonsense"]
        {
            let (mut visitor, _, _, page) = at_choice(&[]).await;
            let page = by_mail(&mut visitor, &page, address).await;
            assert!(!page.arrived(), "{address} led somewhere");
            assert_eq!(page.form_with("email").value("email"), Some(address.trim()));
            assert_eq!(page.attribute("#email", "aria-invalid").as_deref(), Some("true"));
        }
    });
}

#[test]
fn the_list_is_searched_by_name_acronym_and_in_every_language() {
    run(async {
        for words in ["bridges", "BRIDGES", "bureau", "BoB", "ponts", "الجسور", "brid"] {
            let (mut visitor, _, _, page) = at_choice(&[]).await;
            let page = search(&mut visitor, &page, words).await;
            assert!(offers(&page, FOREIGN), "`{words}`: {}", page.describe());
            assert!(!offers(&page, LOCAL), "`{words}`: {}", page.describe());
        }
        let (mut visitor, _, _, page) = at_choice(&[]).await;
        let page = search(&mut visitor, &page, "<script>").await;
        assert!(!offers(&page, FOREIGN) && !offers(&page, LOCAL));
        assert!(page.text().contains("<script>"), "what was searched for: {}", page.describe());
    });
}

#[test]
fn every_kind_of_hint_leads_straight_to_the_agency() {
    run(async {
        let hints = [
            ("idp_hint", "unb"),
            ("idp_hint", "bridges"),
            ("kc_idp_hint", "bridges"),
            ("kc_idp_hint", "unb"),
            ("domain_hint", "unb.example"),
            ("domain_hint", "staff.unb.example"),
            ("login_hint", "bob@unb.example"),
        ];
        for hint in hints {
            let (_, party, begun, page) = at_choice(&[hint]).await;
            assert!(page.arrived(), "{hint:?}: {}", page.describe());
            party.finish(&begun, &page).await;
        }
    });
}

#[test]
fn a_hint_that_means_nobody_leads_to_the_list() {
    run(async {
        for hint in
            [("idp_hint", "nobody"), ("domain_hint", "nowhere.example"), ("login_hint", "x")]
        {
            let (_, _, _, page) = at_choice(&[hint]).await;
            assert!(
                offers(&page, FOREIGN) && offers(&page, LOCAL),
                "{hint:?}: {}",
                page.describe()
            );
        }
    });
}

#[test]
fn only_agencies_that_may_use_the_relying_party_are_offered() {
    run(async {
        let house = house().await;
        let party = house.party("rp-closed").await;
        // One agency may use it, so nobody is asked which.
        let begun = party.begin(&[]);
        let page = visitor().open(&begun.url).await;
        party.finish(&begun, &page).await;
        // A hint opens no door.
        let begun = party.begin(&[("idp_hint", "loc"), ("prompt", "select_account")]);
        let page = visitor().open(&begun.url).await;
        if !page.arrived() {
            assert!(!offers(&page, LOCAL), "{}", page.describe());
        }
        let mut visitor = visitor();
        house.sign_in(&mut visitor, &house.party("rp1").await).await;
        let closed = house.party("rp-closed").await;
        let silent = closed.begin(&[("prompt", "none")]);
        let page = visitor.open(&silent.url).await;
        assert_eq!(closed.error(&silent, &page), "login_required", "eve is of another agency");
    });
}

#[test]
fn the_device_remembers_the_agency_and_can_forget_it() {
    run(async {
        let house = house().await;
        let party = house.party("rp1").await;
        let mut visitor = visitor();
        house.sign_in(&mut visitor, &party).await;
        let begun = party.begin(&[("prompt", "select_account")]);
        let page = visitor.open(&begun.url).await;
        let forget = page.forms().into_iter().find(|form| form.action.path().ends_with("/forget"));
        let forget = forget.unwrap_or_else(|| panic!("nothing remembered: {}", page.describe()));
        let before = page.texts("a").iter().filter(|text| text.contains(LOCAL)).count();
        let page = visitor.submit(&page, forget).await;
        let after = page.texts("a").iter().filter(|text| text.contains(LOCAL)).count();
        assert_eq!((before, after), (2, 1), "{}", page.describe());
    });
}

#[test]
fn a_person_can_go_back_and_choose_another_agency() {
    run(async {
        let (mut visitor, party, begun, choice) = at_choice(&[]).await;
        let form = visitor.choose(&choice, LOCAL).await;
        assert!(form.body.contains("password"), "{}", form.describe());
        // The browser's own back button shows the list again, and it still works.
        let page = visitor.choose(&choice, FOREIGN).await;
        party.finish(&begun, &page).await;
    });
}

#[test]
fn a_wrong_password_is_said_in_one_way_for_everybody() {
    run(async {
        let (mut visitor, party, begun, choice) = at_choice(&[]).await;
        let form = visitor.choose(&choice, LOCAL).await;
        let known = visitor.sign_in(&form, EVE.username, "wrong").await;
        let unknown = visitor.sign_in(&known, "nobody-knows-me", "wrong").await;
        assert_eq!(known.status, unknown.status);
        assert_eq!(
            known.text().replace(EVE.username, ""),
            unknown.text().replace("nobody-knows-me", "")
        );
        let page = visitor.sign_in(&unknown, EVE.username, EVE.password).await;
        party.finish(&begun, &page).await;
    });
}
