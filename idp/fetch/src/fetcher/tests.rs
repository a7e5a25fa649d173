//! The fetcher against peers that answer well, oddly, or not at all, over real sockets.

mod crowd;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::AtomicUsize;

use expect_test::{Expect, expect};
use tokio::net::TcpListener;

use super::*;
use crate::odd_peer::{Manner, OddPeer, bytes, endless, hanging_after};

const SOON: Duration = Duration::from_millis(150);

fn lenient() -> Policy {
    Policy { allow_loopback: true, ..Policy::default() }
}

fn fetcher() -> Fetcher {
    Fetcher::new(lenient()).unwrap()
}

fn source() -> Peer {
    Peer::Source("una".to_owned())
}

/// A fetcher for which `name` has these addresses.
fn knowing(policy: Policy, name: &'static str, addresses: &[&str]) -> Fetcher {
    let addresses: Vec<IpAddr> = addresses.iter().map(|text| text.parse().unwrap()).collect();
    let table = HashMap::from([(name, addresses)]);
    Fetcher::with_names(policy, Names::Table(table, AtomicUsize::new(0))).unwrap()
}

/// A resolver that asks `names`, and lets loopback pass.
fn asking(names: Arc<Names>) -> JudgingResolver {
    JudgingResolver { allow_loopback: true, trusted_host: None, names }
}

fn around(client: Client, policy: Policy) -> Fetcher {
    let shared = Shared { client, policy, peers: Peers::new(1), ourselves: None };
    Fetcher { shared: Arc::new(shared) }
}

async fn get(fetcher: &Fetcher, url: &str) -> Result<String, FetchError> {
    let answer = fetcher.fetch(&source(), Request::get(url.parse().unwrap())).await?;
    Ok(format!("{} {}", answer.status.as_u16(), String::from_utf8_lossy(&answer.body)))
}

/// What a fetch of a peer that answers in this manner comes to.
async fn check(manner: Manner, expected: &Expect) {
    check_within(Duration::from_secs(5), manner, expected).await;
}

async fn check_within(limit: Duration, manner: Manner, expected: &Expect) {
    let peer = OddPeer::with(manner).await;
    let request = Request::get(peer.url()).timeout(limit);
    let found = match fetcher().fetch(&source(), request).await {
        Ok(answer) => String::from_utf8_lossy(&answer.body).into_owned(),
        Err(error) => format!("{}: {error}", error.slug()),
    };
    expected.assert_eq(&found);
}

#[tokio::test]
async fn a_plain_answer_comes_through_whatever_its_status() {
    let peer = OddPeer::saying("HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}").await;
    assert_eq!(get(&fetcher(), peer.url().as_str()).await.unwrap(), "400 {}");
    let head = peer.latest_head();
    assert!(head.contains("accept-encoding: identity\r\n"), "{head}");
    assert!(head.contains("user-agent: laissez-passer/"), "{head}");
}

#[tokio::test]
async fn a_form_is_posted_with_its_authorization() {
    let peer = OddPeer::saying("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let request = Request::post_form(peer.url(), "a=b".to_owned())
        .accept("application/json")
        .authorization(HeaderValue::from_static("Basic eDp5"));
    assert!(!format!("{request:?}").contains("Basic"));
    fetcher().fetch(&source(), request).await.unwrap();
    let head = peer.latest_head();
    assert!(head.starts_with("POST / HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/x-www-form-urlencoded\r\n"), "{head}");
    assert!(head.contains("authorization: Basic eDp5\r\n"), "{head}");
}

#[tokio::test]
async fn ssr_01_no_connection_is_made_to_loopback_unless_allowed() {
    let peer = OddPeer::saying("HTTP/1.1 200 OK\r\n\r\n").await;
    let strict = Fetcher::new(Policy::default()).unwrap();
    let port = peer.address.port();
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("https://localhost:{port}/"),
        format!("https://x.localhost:{port}/"),
        format!("https://2130706433:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
    ] {
        let error = get(&strict, &url).await.unwrap_err();
        assert_eq!(error.blame(), Blame::Configuration, "{url}: {error}");
    }
    assert_eq!(peer.requests(), 0);
}

#[tokio::test]
async fn ssr_01_a_name_is_judged_by_every_address_it_resolves_to() {
    for addresses in [
        &["10.0.0.1"][..],
        &["169.254.169.254"],
        &["127.0.0.1"],
        &["::1"],
        &["::ffff:10.0.0.1"],
        &["fd00::1"],
        &["2606:4700::1", "10.0.0.1"],
    ] {
        let fetcher = knowing(Policy::default(), "op.example", addresses);
        let error = get(&fetcher, "https://op.example/").await.unwrap_err();
        assert_eq!(error.slug(), "fetch.address_forbidden", "{addresses:?}");
    }
}

#[tokio::test]
async fn ssr_01_the_connection_goes_to_the_judged_address_and_the_name_is_asked_once() {
    let peer = OddPeer::tls_saying("op.example", "HTTP/1.1 200 OK\r\n\r\nhello").await;
    let policy = Policy { extra_ca_pems: vec![peer.ca_pem.clone()], ..lenient() };
    let names = Arc::new(Names::Table(
        HashMap::from([("op.example", vec!["127.0.0.1".parse().unwrap()])]),
        AtomicUsize::new(0),
    ));
    let client = configure(&policy, asking(Arc::clone(&names))).unwrap();
    let client = client.tls_certs_merge(extra_roots(&policy).unwrap()).build().unwrap();
    let fetcher = around(client, policy);
    let url = format!("https://op.example:{}/", peer.address.port());
    assert_eq!(get(&fetcher, &url).await.unwrap(), "200 hello");
    let Names::Table(_, asked) = &*names else { unreachable!() };
    assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_peer_whose_authority_is_not_configured_is_not_trusted() {
    let peer = OddPeer::tls_saying("op.example", "HTTP/1.1 200 OK\r\n\r\n").await;
    let fetcher = knowing(lenient(), "op.example", &["127.0.0.1"]);
    let url = format!("https://op.example:{}/", peer.address.port());
    let error = get(&fetcher, &url).await.unwrap_err();
    expect![[r#"cannot connect to "op.example": invalid peer certificate: UnknownIssuer"#]]
        .assert_eq(&error.to_string());
    assert_eq!(peer.requests(), 0);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_trusted() {
    let peer = OddPeer::tls_saying("other.example", "HTTP/1.1 200 OK\r\n\r\n").await;
    let policy = Policy { extra_ca_pems: vec![peer.ca_pem.clone()], ..lenient() };
    let fetcher = knowing(policy, "op.example", &["127.0.0.1"]);
    let url = format!("https://op.example:{}/", peer.address.port());
    let error = get(&fetcher, &url).await.unwrap_err();
    assert_eq!(error.slug(), "fetch.peer.unreachable");
}

#[tokio::test]
async fn a_handshake_that_hangs_runs_out_of_the_time_to_connect() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let fetcher = Fetcher::new(Policy { connect_timeout: SOON, ..lenient() }).unwrap();
    let url = format!("https://{}/", silent.local_addr().unwrap());
    let error = get(&fetcher, &url).await.unwrap_err();
    assert_eq!(error, FetchError::Slow { host: "127.0.0.1".to_owned(), limit: SOON });
}

#[tokio::test]
async fn plain_http_to_a_name_that_leads_to_loopback_is_refused() {
    let fetcher = knowing(lenient(), "op.example", &["127.0.0.1"]);
    let error = get(&fetcher, "http://op.example/").await.unwrap_err();
    assert_eq!(error.slug(), "fetch.scheme_forbidden");
}

#[tokio::test]
async fn a_name_without_an_address_is_unresolved() {
    let fetcher = knowing(lenient(), "other.example", &[]);
    let error = get(&fetcher, "https://op.example/").await.unwrap_err();
    assert_eq!(error.slug(), "fetch.peer.unresolved");
}

#[tokio::test]
async fn ssr_03_a_redirect_is_refused_and_its_target_hears_nothing() {
    let target = OddPeer::saying("HTTP/1.1 200 OK\r\n\r\n").await;
    for status in [300, 301, 302, 303, 307, 308] {
        let answer = format!("HTTP/1.1 {status} Go\r\nlocation: {}\r\n\r\n", target.url());
        let peer = OddPeer::saying(answer).await;
        let request = Request::post_form(peer.url(), "code=secret".to_owned());
        let error = fetcher().fetch(&source(), request).await.unwrap_err();
        assert_eq!(error.slug(), "fetch.answer.redirected", "{status}");
    }
    assert_eq!(target.requests(), 0);
}

#[tokio::test]
async fn ssr_04_judging_a_url_asks_nobody() {
    let peer = OddPeer::saying("HTTP/1.1 200 OK\r\n\r\n").await;
    let url = format!("http://127.0.0.1:{}/", peer.address.port()).parse().unwrap();
    let strict = knowing(Policy::default(), "op.example", &["10.0.0.1"]);
    assert!(strict.judge(&url).is_err());
    assert!(strict.judge(&"https://op.example/request".parse().unwrap()).is_ok());
    assert_eq!(peer.requests(), 0);
}

#[tokio::test]
async fn orp_12_a_large_body_is_refused_by_its_announced_length() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 5000000\r\n\r\n";
    check(
        bytes(head),
        &expect![[r#"fetch.answer.too_large: "127.0.0.1" answered with more than 262144 bytes"#]],
    )
    .await;
}

#[tokio::test]
async fn orp_12_an_endless_body_is_refused_once_it_passes_the_cap() {
    let head = b"HTTP/1.1 200 OK\r\n\r\n";
    check(
        endless(head, &[b'x'; 4096]),
        &expect![[r#"fetch.answer.too_large: "127.0.0.1" answered with more than 262144 bytes"#]],
    )
    .await;
    let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    check(
        endless(head, b"5\r\nhello\r\n"),
        &expect![[r#"fetch.answer.too_large: "127.0.0.1" answered with more than 262144 bytes"#]],
    )
    .await;
}

#[tokio::test]
async fn the_caller_may_lower_and_raise_the_cap() {
    let peer = OddPeer::saying("HTTP/1.1 200 OK\r\n\r\n12345").await;
    let fetcher = Fetcher::new(Policy { max_body: 4, ..lenient() }).unwrap();
    assert!(get(&fetcher, peer.url().as_str()).await.is_err());
    let request = Request::get(peer.url()).max_body(5);
    assert_eq!(fetcher.fetch(&source(), request).await.unwrap().body, b"12345");
    let request = Request::get(peer.url()).max_body(3);
    assert!(fetcher.fetch(&source(), request).await.is_err());
}

#[tokio::test]
async fn orp_12_a_compressed_answer_is_refused_unread() {
    let head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n\x1f\x08";
    check(
        bytes(head),
        &expect![[r#"fetch.answer.encoded: "127.0.0.1" answered with a content encoding"#]],
    )
    .await;
}

#[tokio::test]
async fn orp_12_a_peer_that_says_continue_and_hangs_runs_out_of_time() {
    let stuck = hanging_after(b"HTTP/1.1 100 Continue\r\n\r\n");
    check_within(SOON, stuck, &expect![[r#"fetch.peer.slow: "127.0.0.1" took longer than 150ms"#]])
        .await;
}

#[tokio::test]
async fn a_body_that_stops_short_of_its_length_is_broken_off() {
    check(bytes("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort"), &expect![[r#"fetch.peer.broke_off: "127.0.0.1" broke off: end of file before message length reached"#]]).await;
}

#[tokio::test]
async fn bytes_past_the_announced_length_are_not_part_of_the_answer() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n\r\nmore";
    check(bytes(answer), &expect!["{}"]).await;
}

#[tokio::test]
async fn what_is_not_http_is_broken_off() {
    check(
        bytes("220 mail.example ESMTP\r\n"),
        &expect![[r#"fetch.peer.broke_off: "127.0.0.1" broke off: invalid HTTP version parsed"#]],
    )
    .await;
    check(bytes(""), &expect![[r#"fetch.peer.broke_off: "127.0.0.1" broke off: connection closed before message completed"#]]).await;
    check(
        endless(b"HTTP/1.1 200 OK\r\n", b"x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n"),
        &expect![[r#"fetch.peer.broke_off: "127.0.0.1" broke off: message head is too large"#]],
    )
    .await;
}

#[tokio::test]
async fn the_total_time_covers_the_body() {
    let stuck = hanging_after(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nsho");
    check_within(SOON, stuck, &expect![[r#"fetch.peer.slow: "127.0.0.1" took longer than 150ms"#]])
        .await;
}

#[tokio::test]
async fn orp_12_json_that_repeats_a_key_or_nests_too_deep_is_refused() {
    for (body, expected) in [
        (r#"{"id_token":"a","id_token":"b"}"#.to_owned(), "RepeatedKey { key: \"id_token\" }"),
        ("[".repeat(100_000), "TooDeep"),
        ("<html>".to_owned(), "Malformed { line: 1, column: 1 }"),
    ] {
        let peer = OddPeer::saying(format!("HTTP/1.1 200 OK\r\n\r\n{body}")).await;
        let answer = fetcher().fetch(&source(), Request::get(peer.url())).await.unwrap();
        let error = answer.json::<HashMap<String, String>>().unwrap_err();
        assert_eq!(format!("{error:?}"), format!("NotJson({expected})"));
    }
}

#[tokio::test]
async fn through_a_proxy_go_all_requests_but_those_to_loopback() {
    let proxy = OddPeer::saying("HTTP/1.1 502 No\r\n\r\n").await;
    let policy = Policy { proxy: Some(proxy.url()), ..lenient() };
    let fetcher = knowing(policy, "op.example", &[]);
    get(&fetcher, "https://op.example/").await.unwrap_err();
    assert!(proxy.latest_head().starts_with("CONNECT op.example:443 HTTP/1.1\r\n"));
    let error = get(&fetcher, "https://10.0.0.1/").await.unwrap_err();
    assert_eq!(error.slug(), "fetch.address_forbidden");
    let near = OddPeer::saying("HTTP/1.1 200 OK\r\n\r\nnear").await;
    assert_eq!(get(&fetcher, near.url().as_str()).await.unwrap(), "200 near");
    assert_eq!(proxy.requests(), 1);
}

#[test]
fn a_certificate_or_a_proxy_that_cannot_be_used_is_named() {
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for pem in ["", broken] {
        let policy = Policy { extra_ca_pems: vec![pem.to_owned()], ..lenient() };
        assert_eq!(Fetcher::new(policy).unwrap_err().slug(), "fetch.config.extra_ca");
    }
    let policy = Policy { proxy: Some("socks5://127.0.0.1:1".parse().unwrap()), ..lenient() };
    assert_eq!(Fetcher::new(policy).unwrap_err().slug(), "fetch.config.proxy");
}

#[test]
fn a_proxy_s_password_is_not_shown() {
    let policy = Policy { proxy: Some("http://u:hush@127.0.0.1:1".parse().unwrap()), ..lenient() };
    let shown = format!("{policy:?} {:?}", Fetcher::new(policy.clone()).unwrap());
    assert!(!shown.contains("hush"), "{shown}");
}

#[tokio::test]
async fn without_system_certificates_only_the_configured_ones_are_trusted() {
    let peer = OddPeer::tls_saying("localhost", "HTTP/1.1 200 OK\r\n\r\nhello").await;
    let url = format!("https://localhost:{}/", peer.address.port());
    for (pems, trusted) in [(vec![], false), (vec![peer.ca_pem.clone()], true)] {
        let policy = Policy { extra_ca_pems: pems, ..lenient() };
        let client = trusting_only_extra(&policy, asking(Arc::new(Names::System))).unwrap();
        let fetcher = around(client, policy);
        assert_eq!(get(&fetcher, &url).await.is_ok(), trusted);
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_to_who_takes_one_and_is_not_followed() {
    let moved = "HTTP/1.1 303 See Other\r\nlocation: /on\r\ncontent-length: 0\r\n\r\n";
    let peer = OddPeer::saying(moved).await;
    let request = Request::get(peer.url()).takes_redirect();
    let answer = fetcher().fetch(&source(), request).await.unwrap();
    assert_eq!(
        (answer.status.as_u16(), &answer.headers["location"]),
        (303, &"/on".parse().unwrap())
    );
    assert!(peer.latest_head().starts_with("GET / "), "{}", peer.latest_head());
}

#[tokio::test]
async fn we_are_reached_where_the_operator_says_and_others_are_judged_as_ever() {
    let said = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";
    let (ours, other) = (OddPeer::saying(said).await, OddPeer::saying(said).await);
    let fetcher = Fetcher::towards_ourselves(Policy::default(), &ours.url()).unwrap();
    let below = ours.url().join("/deep?er").unwrap();
    assert_eq!(get(&fetcher, below.as_str()).await.unwrap(), "200 hi");
    let error = get(&fetcher, other.url().as_str()).await.unwrap_err();
    assert_eq!(error.slug(), "fetch.address_forbidden");
}
