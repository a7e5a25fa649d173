//! AUZ-15: the handle of a step carried to another browser.

use idp_tests::harness::run;
use idp_tests::peers::hostile::Mood;

use crate::attacks::bench::bench;
use crate::house::{EVE, LOCAL, visitor};

#[test]
fn auz_15_the_address_of_a_step_opens_nothing_in_another_browser() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let begun = party.begin(&[]);
        let (mut victim, mut thief) = (visitor(), visitor());
        let choice = victim.open(&begun.url).await;
        let form = victim.choose(&choice, LOCAL).await;
        // The thief has a login of their own, and so a binding of their own.
        let own = party.begin(&[]);
        thief.open(&own.url).await;
        for step in [&choice.url, &form.url] {
            let mark = bench.mark().await;
            let page = thief.open(step).await;
            assert!(!page.arrived() && [400, 403].contains(&page.status), "{}", page.describe());
            bench.told(&mark, "login.refused", &["txn_binding"]).await;
            bench.nothing_created(&mark).await;
            bench.has_a_way_on(&page);
        }
        // Nor does the thief's password put the thief into the victim's login.
        let mark = bench.mark().await;
        let page = thief.sign_in(&form, EVE.username, EVE.password).await;
        assert!(!page.arrived() && [400, 403].contains(&page.status), "{}", page.describe());
        bench.nothing_created(&mark).await;
        // The victim goes on undisturbed.
        let page = victim.sign_in(&form, EVE.username, EVE.password).await;
        party.finish(&begun, &page).await;
    });
}

#[test]
fn auz_15_polling_the_steps_of_a_victim_never_yields_a_code() {
    run(async {
        let bench = bench().await;
        bench.house.provider.issuer("auz15").set(Mood::default());
        let (victim, party, begun) = bench.lured("auz15").await;
        let callback = bench.house.callback("auz15");
        let mut victim = victim.stopping_at(&callback);
        let answer = victim.open(&begun.url).await;
        let steps: Vec<String> = answer
            .trail
            .iter()
            .filter_map(|line| line.split(' ').nth(1))
            .filter(|url| url.starts_with(&bench.house.broker.base) && !url.contains("authorize"))
            .map(str::to_owned)
            .collect();
        let mut thief = visitor();
        for step in steps.iter().chain([&answer.url.to_string()]) {
            let page = thief.open(step).await;
            assert!(!page.arrived(), "the thief got {}", page.url);
        }
        // The thief's look at the callback has not used the answer up either.
        let jar = victim.jar;
        let mut victim = visitor();
        victim.jar = jar;
        let page = victim.open(&answer.url).await;
        party.finish(&begun, &page).await;
    });
}

#[test]
fn auz_15_two_browsers_cannot_swap_their_logins() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let (mut one, mut two) = (visitor(), visitor());
        let (first, second) = (party.begin(&[]), party.begin(&[]));
        let at_one = one.open(&first.url).await;
        let at_two = two.open(&second.url).await;
        let form_one = one.choose(&at_one, LOCAL).await;
        let form_two = two.choose(&at_two, LOCAL).await;
        for (browser, form) in [(&mut one, &form_two), (&mut two, &form_one)] {
            let page = browser.sign_in(form, EVE.username, EVE.password).await;
            assert!(!page.arrived() && page.status >= 400, "{}", page.describe());
        }
    });
}
