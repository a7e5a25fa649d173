//! How one peer's trouble stays its own: circuit breaker and bulkhead.

use super::*;

/// A port on which nobody listens.
async fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn five_failures_open_the_circuit_of_that_peer_alone() {
    let fetcher = fetcher();
    let dead = format!("http://127.0.0.1:{}/", closed_port().await);
    for _ in 0..5 {
        assert_eq!(get(&fetcher, &dead).await.unwrap_err().slug(), "fetch.peer.unreachable");
    }
    let alive = OddPeer::saying("HTTP/1.1 200 OK\r\n\r\n").await;
    let error = get(&fetcher, alive.url().as_str()).await.unwrap_err();
    assert_eq!(error.slug(), "fetch.peer.circuit_open");
    assert_eq!(alive.requests(), 0);
    let other = Peer::Source("unb".to_owned());
    assert!(fetcher.fetch(&other, Request::get(alive.url())).await.is_ok());
}

#[tokio::test]
async fn server_errors_open_the_circuit_and_client_errors_do_not() {
    for (status, slug) in [(500, Some("fetch.peer.circuit_open")), (400, None)] {
        let peer = OddPeer::saying(format!("HTTP/1.1 {status} No\r\n\r\n")).await;
        let fetcher = fetcher();
        for _ in 0..5 {
            get(&fetcher, peer.url().as_str()).await.unwrap();
        }
        let sixth = get(&fetcher, peer.url().as_str()).await;
        assert_eq!(sixth.err().map(|error| error.slug()), slug);
    }
}

#[tokio::test]
async fn a_refused_url_says_nothing_about_the_peer() {
    let fetcher = knowing(lenient(), "op.example", &["10.0.0.1"]);
    for _ in 0..6 {
        let error = get(&fetcher, "https://op.example/").await.unwrap_err();
        assert_eq!(error.slug(), "fetch.address_forbidden");
    }
}

#[tokio::test]
async fn a_peer_gets_so_many_requests_at_once_and_others_keep_their_room() {
    let fetcher = Fetcher::new(Policy { in_flight_per_peer: 2, ..lenient() }).unwrap();
    let slow = OddPeer::with(hanging_after(b"")).await;
    let (peer, url) = (source(), slow.url());
    let hold = || {
        let (fetcher, peer, url) = (fetcher.clone(), peer.clone(), url.clone());
        tokio::spawn(async move { fetcher.fetch(&peer, Request::get(url)).await.map(|_| ()) })
    };
    let stuck = [hold(), hold()];
    while slow.requests() < 2 {
        tokio::task::yield_now().await;
    }
    let error = fetcher.fetch(&peer, Request::get(url)).await.unwrap_err();
    assert_eq!(error.slug(), "fetch.peer.crowded");
    let other = OddPeer::saying("HTTP/1.1 200 OK\r\n\r\n").await;
    let unb = Peer::Source("unb".to_owned());
    assert!(fetcher.fetch(&unb, Request::get(other.url())).await.is_ok());
    for task in stuck {
        task.abort();
    }
}
