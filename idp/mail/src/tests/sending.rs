//! Letters on their way to a mail server, and what the server makes of them.

use std::time::Duration;

use idp_domain::{
    Lang, Secret,
    letter::{Letter, LetterKind},
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::{
    letterhead,
    peer::{Peer, Tls},
    sender,
};
use crate::{
    Security, Server, ServerError,
    letterhead::{every_kind, sample},
    line::{Fate, Trouble},
    render,
};

fn letter(to: &str) -> lettre::Message {
    let letter = Letter { to: to.to_owned(), ..sample(Lang::Ar, LetterKind::FactorsReset) };
    sender().message(&letterhead(), &letter, "0f1e2d3c", letter.at).unwrap()
}

fn plain(port: u16) -> Server {
    Server::new("127.0.0.1", port, Security::Plain, None, &[], "sso.example.org").unwrap()
}

fn protected(port: u16, security: Security, password: &str, ca: &str) -> Server {
    let login = Some(("broker".to_owned(), Secret::new(password.to_owned())));
    Server::new("localhost", port, security, login, &[ca.to_owned()], "sso.example.org").unwrap()
}

async fn send(server: &Server, to: &str) -> Fate {
    let mut line = server.open().await.unwrap();
    let fate = line.send(&letter(to)).await;
    if matches!(fate, Fate::Sent) {
        line.close().await;
    }
    fate
}

#[tokio::test]
async fn a_letter_arrives_as_it_was_written() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    let server = plain(peer.port);
    assert!(matches!(send(&server, "amina@agency.example").await, Fate::Sent));
    let got = peer.next();
    assert_eq!(got.text("from"), "no-reply@sso.example.org");
    assert_eq!(got.0["to"], json!(["amina@agency.example"]));
    assert_eq!(got.text("hello"), "sso.example.org");
    let sent = String::from_utf8(letter("amina@agency.example").formatted()).unwrap();
    assert_eq!(got.text("message").trim_end(), sent.trim_end());
}

#[tokio::test]
async fn what_a_letter_says_is_read_by_others_as_it_was_meant() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    let mut line = plain(peer.port).open().await.unwrap();
    for lang in Lang::ALL {
        for kind in every_kind() {
            let letter = sample(lang, kind);
            let message = sender().message(&letterhead(), &letter, "0f1e2d3c", letter.at).unwrap();
            assert!(matches!(line.send(&message).await, Fate::Sent));
            let (got, written) = (peer.next(), letterhead().write(&letter).unwrap());
            assert_eq!(got.text("subject"), written.subject);
            assert_eq!(got.text("sender"), "Laissez-Passer");
            let lines = |name| got.text(name).lines().collect::<Vec<_>>();
            assert_eq!(lines("plain"), render::plain(&written).lines().collect::<Vec<_>>());
            assert_eq!(lines("html"), render::html(&written).lines().collect::<Vec<_>>());
            assert_eq!(got.0["defects"], json!([]));
            assert!(got.text("message").is_ascii());
        }
    }
    line.close().await;
}

#[tokio::test]
async fn several_letters_share_a_line() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    let mut line = plain(peer.port).open().await.unwrap();
    for to in ["amina@agency.example", "bo@agency.example", "chen@agency.example"] {
        assert!(matches!(line.send(&letter(to)).await, Fate::Sent));
        assert_eq!(peer.next().0["to"], json!([to]));
    }
    line.close().await;
}

#[tokio::test]
async fn an_address_outside_ascii_reaches_a_server_that_can_carry_it() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    assert!(matches!(send(&plain(peer.port), "أمينة@agency.example").await, Fate::Sent));
    assert_eq!(peer.next().0["to"], json!(["أمينة@agency.example"]));
}

#[tokio::test]
async fn starttls_comes_before_the_password_and_the_letter() {
    let tls = Tls::new();
    let Some(peer) = Peer::start(&tls.settings("starttls")) else { return };
    let server = protected(peer.port, Security::StartTls, "pa ss-wörd", &tls.ca);
    assert!(matches!(send(&server, "amina@agency.example").await, Fate::Sent));
    let got = peer.next();
    assert_eq!((got.0["tls"].as_bool(), got.text("user")), (Some(true), "broker"));
}

#[tokio::test]
async fn a_line_can_be_tls_from_its_beginning() {
    let tls = Tls::new();
    let Some(peer) = Peer::start(&tls.settings("implicit")) else { return };
    let server = protected(peer.port, Security::Tls, "pa ss-wörd", &tls.ca);
    assert!(matches!(send(&server, "amina@agency.example").await, Fate::Sent));
    assert_eq!(peer.next().0["tls"], json!(true));
}

#[tokio::test]
async fn a_server_with_a_certificate_of_nobody_is_told_nothing() {
    let (tls, other) = (Tls::new(), Tls::new());
    let Some(peer) = Peer::start(&tls.settings("starttls")) else { return };
    let server = protected(peer.port, Security::StartTls, "pa ss-wörd", &other.ca);
    let trouble = server.open().await.err().unwrap();
    assert!(trouble.to_string().contains("certificate"), "{trouble}");
}

#[tokio::test]
async fn a_server_that_offers_no_tls_is_told_nothing() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    let server = protected(peer.port, Security::StartTls, "x", &Tls::new().ca);
    let trouble = server.open().await.err().unwrap();
    assert!(trouble.to_string().contains("STARTTLS is not supported"), "{trouble}");
}

#[tokio::test]
async fn a_wrong_password_says_nothing_about_letters() {
    let tls = Tls::new();
    let Some(peer) = Peer::start(&tls.settings("starttls")) else { return };
    let server = protected(peer.port, Security::StartTls, "wrong", &tls.ca);
    assert_eq!(server.open().await.err().unwrap().answer(), "535 5.7.8");
}

#[test]
fn a_server_elsewhere_is_not_spoken_to_in_the_clear() {
    for host in ["mail.example.org", "192.0.2.1", "localhost.example.org", "127.0.0.1.nip.io", ""] {
        let server = Server::new(host, 25, Security::Plain, None, &[], "sso.example.org");
        assert!(matches!(server, Err(ServerError::Readable)), "{host}");
    }
}

#[tokio::test]
async fn what_the_server_says_of_a_recipient_decides_for_its_letter() {
    let Some(peer) = Peer::start(&json!({})) else { return };
    let server = plain(peer.port);
    let fate = send(&server, "later@agency.example").await;
    assert!(matches!(&fate, Fate::Later(no) if no.answer() == "451 4.3.0"), "{fate:?}");
    let fate = send(&server, "never@agency.example").await;
    assert!(matches!(&fate, Fate::Never(no) if no.answer() == "550 5.1.1"), "{fate:?}");
    let Fate::Never(no) = fate else { unreachable!() };
    assert!(!no.to_string().contains("agency"), "the answer names the address: {no}");
    let fate = send(&server, "junk@agency.example").await;
    assert!(matches!(&fate, Fate::Never(no) if no.answer() == "554 5.7.1"), "{fate:?}");
    let fate = send(&server, "drop@agency.example").await;
    assert!(matches!(&fate, Fate::Later(_)), "{fate:?}");
    assert!(peer.all().is_empty());
}

#[tokio::test]
async fn what_the_server_says_of_the_sender_is_no_letters_fault() {
    let refusal = "553 5.7.1 you may not write as that";
    let Some(peer) = Peer::start(&json!({"refuse_sender": refusal})) else { return };
    let fate = send(&plain(peer.port), "amina@agency.example").await;
    assert!(matches!(&fate, Fate::Later(no) if no.answer() == "553 5.7.1"), "{fate:?}");
}

#[tokio::test]
async fn a_server_that_turns_everybody_away_is_away() {
    for (greeting, answer) in [("554 5.3.2 closed for good", "554 5.3.2"), ("421 later", "421")] {
        let Some(peer) = Peer::start(&json!({"greeting": greeting})) else { return };
        assert_eq!(plain(peer.port).open().await.err().unwrap().answer(), answer);
    }
}

/// An answer that somebody on the way slips in before TLS begins puts all that follow out of step;
/// here it comes with the greeting.
#[tokio::test]
async fn an_answer_that_was_slipped_in_is_found_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"220 mail.example\r\n250 mail.example\r\n").await.unwrap();
        let mut buffer = [0; 4096];
        while stream.read(&mut buffer).await.unwrap() > 0 {
            stream.write_all(b"250 fine\r\n").await.unwrap();
        }
    });
    let mut line = plain(port).open().await.unwrap();
    let fate = line.send(&letter("amina@agency.example")).await;
    assert!(matches!(&fate, Fate::Later(Trouble::OutOfStep(_))), "{fate:?}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let begun = tokio::time::Instant::now();
    let trouble = plain(port).open().await.err().unwrap();
    assert!(matches!(trouble, Trouble::Late), "{trouble:?}");
    assert!(begun.elapsed() < Duration::from_secs(30));
}
