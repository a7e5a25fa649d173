//! SES-04, -05, -06: cookies that a neighbour tosses, what ours are like, and those that are kept,
//! exchanged or bent.

use std::collections::BTreeSet;

use idp_tests::harness::cookies::{Cookie, SameSite};
use idp_tests::harness::http::{Visitor, client};
use idp_tests::harness::page::Page;
use idp_tests::harness::rp::{Answer, Party};
use idp_tests::harness::run;
use url::Url;

use crate::attacks::bench::{Bench, bench};
use crate::house::{EVE, LEO, LOCAL, go_on, visitor};

/// What the browser has of ours.
fn cookies(browser: &Visitor) -> Vec<Cookie> {
    browser.jar.of_host("localhost").cloned().collect()
}

/// The one of this purpose.
fn cookie(browser: &Visitor, purpose: &str) -> Cookie {
    let found = cookies(browser).into_iter().find(|cookie| cookie.name.ends_with(purpose));
    found.unwrap_or_else(|| panic!("no {purpose} in {:?}", browser.jar))
}

/// `/account` asked for with exactly these cookies.
async fn account(bench: &Bench, cookies: &str) -> Answer {
    let url = format!("{}/account", bench.house.broker.base);
    Answer::of(client().get(url).header("cookie", cookies)).await
}

/// Whether somebody is signed in there: whoever is not is sent to a login.
fn shows(answer: &Answer) -> bool {
    assert!([200, 303].contains(&answer.status), "{}: {}", answer.status, answer.body);
    answer.status == 200
}

async fn signed_in(bench: &Bench, party: &Party, leo: bool) -> Visitor {
    let mut browser = visitor();
    let begun = party.begin(&[]);
    let page = browser.open(&begun.url).await;
    let page = go_on(&mut browser, page, if leo { LEO } else { EVE }).await;
    party.finish(&begun, &page).await;
    assert!(shows(&account(bench, &pair(&cookie(&browser, "-session"))).await));
    browser
}

fn pair(cookie: &Cookie) -> String {
    format!("{}={}", cookie.name, cookie.value)
}

#[test]
fn ses_04_a_cookie_that_comes_twice_is_no_session_and_is_cleared() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let (eve, mallory) =
            (signed_in(&bench, &party, false).await, signed_in(&bench, &party, true).await);
        let (own, tossed) = (cookie(&eve, "-session"), cookie(&mallory, "-session"));
        // Whichever of the two comes first, and were it the same one.
        for line in [
            format!("{}; {}", pair(&own), pair(&tossed)),
            format!("{}; {}", pair(&tossed), pair(&own)),
            format!("{}; {}", pair(&own), pair(&own)),
            format!("{}; x=1; {}=", pair(&own), own.name),
        ] {
            let answer = account(&bench, &line).await;
            assert!(!shows(&answer), "{line}");
            let cleared = format!("{}=; Max-Age=0", own.name);
            let set = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
            assert!(set.clone().any(|(_, line)| line.starts_with(&cleared)), "{line}: {answer:?}");
            assert!(!answer.body.contains(EVE.mail) && !answer.body.contains(LEO.mail));
        }
        // The browser's tie to its logins, twice, ties it to none.
        let mut browser = visitor();
        let page = browser.open(&party.begin(&[]).url).await;
        let tie = pair(&cookie(&browser, "-binding"));
        let twice = client().get(page.url.clone()).header("cookie", format!("{tie}; {tie}"));
        let answer = Answer::of(twice).await;
        assert!((400..500).contains(&answer.status), "{}", answer.status);
        let once = Answer::of(client().get(page.url).header("cookie", &tie)).await;
        assert_eq!(once.status, 200, "{}", once.body);
        // Two hundred of others do not push ours out, nor do names that resemble ours.
        let many: Vec<_> = (0..200).map(|number| format!("toss{number}=1; ")).collect();
        let many = many.concat();
        let resembling = own.name.replacen("__Host-", "__host-", 1);
        let line = format!("{many}{resembling}={}; {}", tossed.value, pair(&own));
        assert!(shows(&account(&bench, &line).await));
        let bare = own.name.replacen("__Host-", "", 1);
        assert!(!shows(&account(&bench, &format!("{bare}={}", own.value)).await));
    });
}

#[test]
fn ses_05_every_cookie_that_is_set_is_ours_alone_and_out_of_reach_of_scripts() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let mut browser = visitor();
        let mut seen = BTreeSet::new();
        let mut look = |page: &Page| {
            for (_, line) in page.headers.iter().filter(|(name, _)| name == "set-cookie") {
                let (name, rest) = line.split_once('=').expect("a name");
                assert!(name.starts_with("__Host-"), "{line}");
                let said: Vec<_> = rest.split(';').skip(1).map(str::trim).collect();
                for wanted in ["Path=/", "HttpOnly", "Secure", "SameSite=Lax"] {
                    assert!(said.contains(&wanted), "{wanted}: {line}");
                }
                assert!(!line.to_ascii_lowercase().contains("domain="), "{line}");
                let life = said.iter().find_map(|part| part.strip_prefix("Max-Age="));
                let life: u64 = life.map_or(0, |life| life.parse().expect("seconds"));
                assert!(life <= 366 * 24 * 3_600, "{line}");
                seen.insert(name.rsplit('-').next().unwrap_or_default().to_owned());
            }
        };
        // A login with every answer of it, in French, and the way out.
        let mut next = party.begin(&[]).url;
        let mut page;
        loop {
            page = browser.peek(&next).await;
            look(&page);
            let Some(to) = page.header("location") else { break };
            next = page.url.join(to).expect("a Location");
        }
        let french = browser.peek(format!("{}?lang=fr", page.url)).await;
        look(&french);
        let agency = page.link(LOCAL).expect("the agency");
        let mut page = browser.peek(&agency).await;
        look(&page);
        while let Some(to) = page.header("location") {
            page = browser.peek(page.url.join(to).expect("a Location")).await;
            look(&page);
        }
        let form = page.form_with("password");
        let form = form.fill("username", EVE.username).fill("password", EVE.password).enter();
        look(&browser.submit_once(&page, form).await);
        let out = browser.open(format!("{}/logout", bench.house.broker.base)).await;
        let form = out.forms().into_iter().find(|form| form.action.path() == "/logout");
        look(&browser.submit_once(&out, form.expect("a button").enter()).await);
        let wanted = ["agencies", "binding", "lang", "session"].map(str::to_owned);
        assert_eq!(seen, BTreeSet::from(wanted));
        assert!(browser.jar.refused.is_empty(), "{:?}", browser.jar.refused);
        for cookie in cookies(&browser) {
            assert!(cookie.secure && cookie.http_only && cookie.same_site == SameSite::Lax);
        }
    });
}

#[test]
fn ses_06_a_cookie_that_is_bent_swapped_or_kept_after_a_logout_signs_nobody_in() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let (mut eve, leo) =
            (signed_in(&bench, &party, false).await, signed_in(&bench, &party, true).await);
        let (own, name) = (cookie(&eve, "-session"), cookie(&eve, "-session").name);
        let tie = cookie(&eve, "-binding");
        let value = &own.value;
        let mark = bench.mark().await;
        let mut bent: Vec<String> = vec![
            String::new(),
            value[1..].to_owned(),
            value[..value.len() - 1].to_owned(),
            format!("{value}A"),
            format!("{value}="),
            format!("\"{value}"),
            value.to_lowercase() + "-",
            value.replace(&value[..1], "%41"),
            "%00%ff%fe".to_owned(),
            "../../etc/passwd".to_owned(),
            "A".repeat(4_097),
            tie.value.clone(),
        ];
        for place in 0..value.len() {
            let other = if value.as_bytes()[place] == b'A' { "B" } else { "A" };
            bent.push(format!("{}{other}{}", &value[..place], &value[place + 1..]));
        }
        for value in bent {
            let answer = account(&bench, &format!("{name}={value}")).await;
            assert!(!shows(&answer), "{value}");
        }
        // One person's tie beside another's session: whose session it is, that person is shown.
        let line = format!("{}; {}", pair(&cookie(&leo, "-binding")), pair(&own));
        let answer = account(&bench, &line).await;
        assert!(shows(&answer) && answer.body.contains(EVE.name), "{}", answer.status);
        assert!(!answer.body.contains(LEO.name));
        // What stands on eve's page is good in leo's browser for nothing: each has its own token.
        let page = eve.open(format!("{}/account/not-me", bench.house.broker.base)).await;
        let form = page.form_with("token");
        let mut stranger = leo.clone();
        let refused = stranger.submit(&page, form.enter()).await;
        assert_eq!(refused.status, 403, "{}", refused.describe());
        // And a login of hers is not there for him.
        let hers = eve.open(&party.begin(&[("prompt", "login")]).url).await;
        let his = stranger.open(&hers.url).await;
        assert!((400..500).contains(&his.status), "{}", his.describe());
        bench.nothing_created(&mark).await;
        // After the logout the value is worth nothing, whoever kept it.
        let out = eve.open(format!("{}/logout", bench.house.broker.base)).await;
        let form = out.forms().into_iter().find(|form| form.action.path() == "/logout");
        eve.submit(&out, form.expect("a button").enter()).await;
        assert!(!shows(&account(&bench, &pair(&own)).await));
        assert!(shows(&account(&bench, &pair(&cookie(&leo, "-session"))).await), "leo stays");
        let url: Url = format!("{}/account", bench.house.broker.base).parse().expect("a URL");
        let page = eve.open(&url).await;
        assert!(page.url.path().starts_with("/login/"), "{}", page.url);
    });
}
