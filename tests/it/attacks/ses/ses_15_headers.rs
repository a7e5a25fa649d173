//! SES-15: what every answer tells the browser, whatever is asked and whoever asks.

use std::collections::BTreeMap;

use idp_tests::harness::http::{Visitor, client};
use idp_tests::harness::rp::Answer;
use idp_tests::harness::run;
use url::Url;

use crate::attacks::bench::{Bench, bench};
use crate::house::visitor;

/// Every route, with its methods, as the product's own tests keep the list.
const ROUTES: &str = include_str!("../../../../docs/generated/routes.md");

/// What anybody may keep and read: no answer of it is about a person.
const PUBLIC: [&str; 7] = [
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/.well-known/passkey-endpoints",
    "/oidc/jwks",
    "/saml/metadata",
    "/saml/sp/metadata",
    "/api/openapi.json",
];

/// The one value of a header.
fn only<'a>(answer: &'a Answer, name: &str, asked: &str) -> &'a str {
    let mut found = answer.headers.iter().filter(|(key, _)| key == name);
    let value = found.next().map(|(_, value)| value.as_str());
    assert!(found.next().is_none(), "{asked}: {name} twice");
    value.unwrap_or_else(|| panic!("{asked}: {} without {name}", answer.status))
}

/// What is common to all answers.
fn is_safe(answer: &Answer, asked: &str, path: &str) {
    let is = |name: &str, wanted: &str| assert_eq!(only(answer, name, asked), wanted, "{asked}");
    is("x-content-type-options", "nosniff");
    is("referrer-policy", "no-referrer");
    is("x-frame-options", "DENY");
    is("cross-origin-opener-policy", "same-origin");
    let strict = only(answer, "strict-transport-security", asked);
    let age = strict.split("max-age=").nth(1).and_then(|rest| rest.split(';').next());
    let age: u64 = age.and_then(|age| age.parse().ok()).unwrap_or_default();
    assert!(age >= 31_536_000 && strict.contains("includeSubDomains"), "{asked}: {strict}");

    let policy = only(answer, "content-security-policy", asked);
    let says: BTreeMap<&str, &str> = policy
        .split(';')
        .map(|part| part.trim().split_once(' ').unwrap_or((part.trim(), "")))
        .collect();
    let mut wanted = vec!["default-src", "frame-ancestors"];
    if says.contains_key("sandbox") {
        // A file in a sandbox has no forms and no scripts, and no base of its own.
        assert_eq!(says["sandbox"], "", "{asked}: {policy}");
    } else {
        assert!(says.contains_key("form-action"), "{asked}: {policy}");
        wanted.push("base-uri");
    }
    for directive in wanted {
        assert_eq!(says.get(directive), Some(&"'none'"), "{asked}: {policy}");
    }
    for loose in ["unsafe", "*", "data:", "http:"] {
        let script = says.get("script-src").copied().unwrap_or_default();
        assert!(!script.contains(loose), "{asked}: {policy}");
    }
    assert!(!policy.contains("unsafe-"), "{asked}: {policy}");

    let kept = only(answer, "cache-control", asked);
    let is_public =
        answer.status == 200 && (PUBLIC.contains(&path) || path.starts_with("/static/"));
    if is_public {
        assert!(kept.contains("max-age=") || kept == "no-store", "{asked}: {kept}");
    } else {
        assert_eq!(kept, "no-store", "{asked}: {}", answer.status);
    }
    let resources = only(answer, "cross-origin-resource-policy", asked);
    assert!(resources == "same-origin" || PUBLIC.contains(&path), "{asked}: {resources}");
    assert_eq!(answer.header("access-control-allow-credentials"), None, "{asked}");
    if let Some(origin) = answer.header("access-control-allow-origin") {
        assert!(PUBLIC.contains(&path), "{asked}: may be read by {origin}");
    }
    for name in ["server", "x-powered-by"] {
        assert_eq!(answer.header(name), None, "{asked}");
    }
}

/// One request, just as it is, by a page of somebody else.
async fn ask(browser: &Visitor, method: &str, url: &str) -> Answer {
    let url: Url = url.parse().expect("a URL");
    let mut request = client().request(method.parse().expect("a method"), url.clone());
    let origin = idp_tests::harness::cookies::Origin::Same;
    if let Some(cookies) = browser.jar.header(&url, method, origin) {
        request = request.header("cookie", cookies);
    }
    Answer::of(request.header("origin", "https://evil.example")).await
}

/// The addresses of a route: with a login in progress, and with nothing that is there.
fn addresses(route: &str, login: &str, style: &str) -> Vec<String> {
    let filled = |transaction: &str, other: &str| {
        route
            .replace("{transaction}", transaction)
            .replace("{agency}", "loc")
            .replace("{source}", other)
            .replace("{place}", "security")
            .replace("{*path}", style)
            .replace("{*rest}", "nothing")
            .replace(['{', '}'], "")
    };
    let mut all = vec![filled(login, "partners"), filled("nothing", "nothing")];
    all.dedup();
    all
}

/// Somebody who is signed in, with a login that waits; that login, and a style sheet of its page.
async fn scene(bench: &Bench) -> (Visitor, String, String) {
    let party = bench.house.party("rp1").await;
    let mut eve = visitor();
    bench.house.sign_in(&mut eve, &party).await;
    let page = eve.open(&party.begin(&[("prompt", "login")]).url).await;
    let login = page.url.path().split('/').nth(2).expect("a login").to_owned();
    let style = page.attribute("link[rel=stylesheet]", "href").expect("a style sheet");
    let style = style.strip_prefix("/static/").expect("one of ours").to_owned();
    (eve, login, style)
}

#[test]
fn ses_15_every_answer_to_everybody_carries_every_header() {
    run(async {
        let bench = bench().await;
        let base = &bench.house.broker.base;
        let (eve, login, style) = scene(&bench).await;
        let routes = ROUTES.lines().filter_map(|line| line.strip_prefix("| `"));
        let routes: Vec<_> = routes.filter_map(|line| line.split_once("` | ")).collect();
        assert!(routes.len() > 60, "the list of routes has another shape");
        let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
        let mut crawl = async |browser: &Visitor, method: &str, path: &str| {
            let asked = format!("{method} {path}");
            let answer = ask(browser, method, &format!("{base}{path}")).await;
            is_safe(&answer, &asked, path.split('?').next().unwrap_or_default());
            *statuses.entry(answer.status).or_default() += 1;
            answer
        };
        for (route, methods) in routes {
            for path in addresses(route, &login, &style) {
                for method in ["GET", "POST", "OPTIONS", "DELETE"] {
                    let answer = crawl(&visitor(), method, &path).await;
                    let known = methods.split([',', ' ', '|']).any(|known| known == method);
                    assert!(known || answer.status >= 400, "{method} {path}: {}", answer.status);
                }
                // What ends a session comes last, and what is posted without a token is refused.
                if !route.contains("logout") {
                    crawl(&eve, "GET", &path).await;
                    crawl(&eve, "POST", &path).await;
                }
            }
        }
        for path in ["/nothing", "/static/nothing.css", "/login", "/api/v2/x", "/%ff", "//x"] {
            let answer = crawl(&eve, "GET", path).await;
            assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        }
        // Pages, files, JSON; on from here; refusals of all sorts.
        for status in [200, 303, 400, 401, 403, 404, 405] {
            assert!(statuses.contains_key(&status), "no {status} among {statuses:?}");
        }
        // And an answer to what is too long to be read.
        let long = client().post(format!("{base}/oidc/token")).body(vec![b'a'; 70_000]);
        let answer = Answer::of(long).await;
        assert_eq!(answer.status, 413, "{}", answer.body);
        is_safe(&answer, "a long body", "/oidc/token");
    });
}
