//! ORP-12: a token endpoint that answers oddly.

use idp_tests::harness::run;
use idp_tests::peers::canary::Canary;
use idp_tests::peers::hostile::{Mood, Raw, TokenAnswer};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::attacks::bench::{Bench, bench};

const HONEST: &str = r#"{"access_token":"access-token-of-bob","token_type":"Bearer","expires_in":300,"id_token":"{id_token}""#;

async fn refuses(bench: &Bench, what: &str, raw: Raw) {
    let issuer = bench.house.provider.issuer("orp12");
    issuer.set(Mood { token: TokenAnswer::Raw(raw), ..Mood::default() });
    let (mut visitor, party, begun) = bench.lured("orp12").await;
    let mark = bench.mark().await;
    let start = Instant::now();
    let page = visitor.open(&begun.url).await;
    assert!(!page.arrived() && page.status >= 400, "{what}: {}", page.describe());
    assert!(start.elapsed() < Duration::from_secs(6), "{what} took {:?}", start.elapsed());
    bench.nothing_created(&mark).await;
    bench.is_signed_out(&mut visitor, &party).await;
    bench.has_a_way_on(&page);
    let rows = bench.trail(&mark).await;
    let told = rows.iter().any(|row| {
        ["federation.inbound.rejected", "authn.failed"].contains(&row.kind.as_str())
            && row.body["source"] == "orp12"
    });
    assert!(told, "{what}: nothing in the trail: {rows:#?}");
}

#[test]
fn orp_12_large_deep_and_doubled_answers_are_refused() {
    run(async {
        let bench = bench().await;
        let before = bench.house.broker.nodes[0].process().resident_kib();
        let filler = "x".repeat(5 * 1024 * 1024);
        refuses(&bench, "5 MB", Raw::json(format!(r#"{HONEST},"x":"{filler}"}}"#))).await;
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        refuses(&bench, "depth", Raw::json(format!(r#"{HONEST},"x":{deep}}}"#))).await;
        let bomb = "[".repeat(200_000);
        refuses(&bench, "open depth", Raw::json(format!(r#"{HONEST},"x":{bomb}"#))).await;
        let twice = r#","id_token":"{id_token}"}"#;
        refuses(&bench, "a key twice", Raw::json(format!("{HONEST}{twice}"))).await;
        let grown = bench.house.broker.nodes[0].process().resident_kib().saturating_sub(before);
        assert!(grown < 48 * 1024, "the node grew by {grown} KiB");
    });
}

#[test]
fn orp_12_answers_of_another_kind_are_refused() {
    run(async {
        let bench = bench().await;
        let without_type = HONEST.replace(r#""token_type":"Bearer","#, "");
        refuses(&bench, "no token_type", Raw::json(format!("{without_type}}}"))).await;
        let mac = HONEST.replace("Bearer", "mac");
        refuses(&bench, "another token_type", Raw::json(format!("{mac}}}"))).await;
        let html = Raw::json(format!("{HONEST}}}")).header("content-type", "text/html");
        refuses(&bench, "JSON as HTML", html).await;
        let page = Raw::json("<html>Sign in</html>").header("content-type", "text/html");
        refuses(&bench, "HTML with 200", page).await;
        refuses(&bench, "an empty body", Raw::json("")).await;
        refuses(&bench, "an array", Raw::json("[]")).await;
        let server_error = Raw { status: 500, ..Raw::json(format!("{HONEST}}}")) };
        refuses(&bench, "tokens with status 500", server_error).await;
    });
}

#[test]
fn orp_12_a_compressed_bomb_is_not_blown_up() {
    run(async {
        let bench = bench().await;
        let before = bench.house.broker.nodes[0].process().resident_kib();
        let bomb = gzip(&vec![b' '; 64 * 1024 * 1024]);
        let raw = Raw::json(bomb).header("content-encoding", "gzip");
        refuses(&bench, "a gzip bomb", raw).await;
        let grown = bench.house.broker.nodes[0].process().resident_kib().saturating_sub(before);
        assert!(grown < 32 * 1024, "the node grew by {grown} KiB");
    });
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut child = Command::new("gzip")
        .arg("-c")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("gzip");
    let mut stdin = child.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    output.stdout
}

#[test]
fn orp_12_a_redirect_is_not_followed() {
    run(async {
        let bench = bench().await;
        let canary = Canary::start().await;
        for status in [301, 302, 303, 307, 308] {
            let raw = Raw { status, ..Raw::json("{}") }.header("location", &canary.base);
            refuses(&bench, "a redirect", raw).await;
        }
        assert_eq!(canary.calls(), 0, "the broker followed a redirect");
    });
}

#[test]
fn orp_12_silence_is_given_up_after_five_seconds_and_harms_nobody_else() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp12slow");
        issuer.set(Mood { token: TokenAnswer::Silent, ..Mood::default() });
        let (mut visitor, _, begun) = bench.lured("orp12slow").await;
        let mark = bench.mark().await;
        let start = Instant::now();
        let waiting = tokio::spawn(async move { visitor.open(&begun.url).await });
        // Meanwhile another agency's people sign in as ever.
        bench.house.provider.issuer("bridges").set(Mood::default());
        let (mut other, party, begun) = bench.lured("bridges").await;
        let page = other.open(&begun.url).await;
        party.finish(&begun, &page).await;
        assert!(start.elapsed() < Duration::from_secs(4), "others waited {:?}", start.elapsed());
        let page = waiting.await.unwrap();
        assert!(!page.arrived() && page.status >= 400, "{}", page.describe());
        let took = start.elapsed();
        assert!(took < Duration::from_secs(7), "took {took:?}");
        let rows = bench.trail(&mark).await;
        assert!(rows.iter().any(|row| row.body["source"] == "orp12slow"), "{rows:#?}");
    });
}
