//! WAN-12: what is sent in the place of an attestation.

use std::time::{Duration, Instant};

use idp_tests::harness::jose;
use idp_tests::harness::run;
use serde_json::{Value, json};

use crate::factor::bench::factor_bench;

/// CBOR of a byte string.
fn bytes(content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("a length").to_be_bytes();
    [&[0x5a][..], &length, content].concat()
}

/// An attestation object with this authenticator data.
fn object(auth_data: &[u8]) -> Vec<u8> {
    let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData".to_vec();
    object.extend(bytes(auth_data));
    object
}

/// The key of an EC2 credential with these coordinates.
fn ec2(x: &[u8; 32], y: &[u8; 32]) -> Vec<u8> {
    [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], x, &[0x22, 0x58, 32], y].concat()
}

fn okp(x: &[u8; 32]) -> Vec<u8> {
    [&[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32][..], x].concat()
}

fn rsa(n: &[u8], e: &[u8]) -> Vec<u8> {
    let mut key = vec![0xa4, 1, 3, 3, 0x39, 0x01, 0x00, 0x20];
    key.extend(bytes(n));
    key.push(0x21);
    key.extend(bytes(e));
    key
}

/// Attestation objects that are wrong in every way that there is.
fn objects() -> Vec<(&'static str, Vec<u8>)> {
    let deep = |byte: u8| [vec![byte; 10_000], vec![0]].concat();
    let mut twice = b"\xa4\x63fmt\x64none\x63fmt\x64none\x67attStmt\xa0\x68authData".to_vec();
    twice.extend(bytes(&[0; 37]));
    let trailing = [object(&[0; 37]), vec![0]].concat();
    let endless = b"\xbf\x63fmt\x64none\x67attStmt\xa0\x68authData\x5f\x41\x00\xff\xff".to_vec();
    vec![
        ("nothing", vec![]),
        ("lists in lists", deep(0x81)),
        ("maps in maps", deep(0xa1)),
        ("tags in tags", deep(0xc1)),
        ("endless lists in lists", deep(0x9f)),
        ("endless", endless),
        ("a member twice", twice),
        ("bytes behind it", trailing),
        ("a length beyond its end", vec![0x5a, 0xff, 0xff, 0xff, 0xff]),
        (
            "a list of more than there is",
            vec![0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ),
        ("a map of more than there is", vec![0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        ("a text that is none", b"\xa1\x63\xff\xfe\xfd\x00".to_vec()),
        ("no authenticator data", b"\xa2\x63fmt\x64none\x67attStmt\xa0".to_vec()),
        ("short authenticator data", object(&[0; 36])),
        ("a format of 30 KiB", [b"\xa1\x63fmt\x79\x78\x00".to_vec(), vec![b'a'; 30_720]].concat()),
    ]
}

#[test]
fn wan_12_an_attestation_that_is_none_is_refused_at_once() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let mut login = bench.scene.login("rp-mfa", "attested", "wan12").await;
        login.ceremony().await;
        let device = bench.scene.drawer.draw(json!({})).await;
        let node = bench.scene.house.broker.nodes[0].process();
        let (before, mark) = (node.resident_kib(), bench.bench.mark().await);
        for (what, object) in objects() {
            let ceremony = login.ceremony().await;
            let change = json!({"object": jose::b64(object)});
            let answer = ceremony.answer(&bench.scene.drawer, device, change).await;
            let start = Instant::now();
            let reasons = ["webauthn.malformed", "webauthn.not_attested"];
            bench.refuses_answer(&mut login, &ceremony, &answer, &reasons).await;
            // A debug build on a busy machine, with the look at the trail that the check takes.
            assert!(start.elapsed() < Duration::from_secs(2), "{what}: {:?}", start.elapsed());
        }
        bench.came_to_nothing(&login, &mark).await;
        assert!(node.resident_kib() < before + 8 * 1024, "it has grown");
        assert!(node.ended().is_none());
    });
}

#[test]
fn wan_12_keys_that_are_worth_nothing_are_refused() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let mut login = bench.scene.login("rp-mfa", "plain", "wan12-keys").await;
        login.ceremony().await;
        let device = bench.scene.drawer.draw(json!({})).await;
        let mut one = [0; 32];
        one[31] = 1;
        let mark = bench.bench.mark().await;
        for (what, key) in [
            ("a point that is not on the curve", ec2(&one, &one)),
            ("the point at infinity", ec2(&[0; 32], &[0; 32])),
            ("coordinates beyond the field", ec2(&[0xff; 32], &[0xff; 32])),
            ("a point of small order", okp(&one)),
            ("the neutral point", okp(&[0; 32])),
            ("RSA with exponent 1", rsa(&[0xc1; 256], &[1])),
            ("RSA with an even modulus", rsa(&[0xc0; 256], &[1, 0, 1])),
            ("RSA with 512 bits", rsa(&[0xc1; 64], &[1, 0, 1])),
            ("RSA with 64 Kibit", rsa(&[0xc1; 8_192], &[1, 0, 1])),
            ("an empty map", vec![0xa0]),
            ("no map", vec![0x00]),
            ("two maps", [ec2(&one, &one), ec2(&one, &one)].concat()),
        ] {
            let change = json!({"key": jose::b64(key)});
            let reasons = ["webauthn.unfit_key", "webauthn.algorithm", "webauthn.malformed"];
            bench.refuses(&mut login, device, change, &reasons).await;
            assert!(login.page().status < 500, "{what}");
        }
        for (change, what) in [
            (json!({"id": ""}), "an id of no bytes"),
            (json!({"id": jose::b64([7; 1_024])}), "an id of 1,024 bytes"),
            (json!({"id": jose::b64([7; 9_000])}), "an id of 9,000 bytes"),
            (json!({"trailing": "AA"}), "a byte behind the data"),
        ] {
            let reasons = ["webauthn.malformed"];
            bench.refuses(&mut login, device, change, &reasons).await;
            assert!(login.page().status < 500, "{what}");
        }
        bench.came_to_nothing(&login, &mark).await;
        login.passkey(device, json!({"id": jose::b64([7; 1_023])})).await;
        assert_eq!(login.step(), "codes", "the longest id that there can be");
    });
}

#[test]
fn wan_12_answers_that_are_no_answers_are_refused() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let device = bench.has_passkey("wan12-proof").await;
        let mut login = bench.asked("wan12-proof").await;
        let real = {
            let ceremony = login.ceremony().await;
            ceremony.answer(&bench.scene.drawer, device, json!({})).await
        };
        let without = |member: &str| {
            let mut answer = real.clone();
            answer["response"].as_object_mut().unwrap().remove(member);
            answer
        };
        let with = |member: &str, value: Value| {
            let mut answer = real.clone();
            answer["response"][member] = value;
            answer
        };
        let deep = "[".repeat(5_000);
        let mark = bench.bench.mark().await;
        for answer in [
            json!(null),
            json!([]),
            json!("x"),
            json!({}),
            json!(deep),
            without("signature"),
            without("authenticatorData"),
            without("clientDataJSON"),
            with("signature", json!("!")),
            with("authenticatorData", json!("")),
            with("authenticatorData", json!(jose::b64([0; 36]))),
            with("authenticatorData", json!(jose::b64([0xff; 38]))),
            with("clientDataJSON", json!(jose::b64("[".repeat(5_000)))),
            with("clientDataJSON", json!(7)),
        ] {
            let ceremony = login.ceremony().await;
            let reasons = [
                "webauthn.malformed",
                "webauthn.wrong_relying_party",
                "webauthn.wrong_challenge",
                "webauthn.wrong_signature",
            ];
            bench.refuses_answer(&mut login, &ceremony, &answer, &reasons).await;
        }
        // A megabyte is not even read.
        let ceremony = login.ceremony().await;
        let mut huge = real.clone();
        huge["response"]["signature"] = json!("A".repeat(1_000_000));
        let page = ceremony.finish(&mut login.visitor, &huge).await;
        assert_eq!(page.status, 413, "{}", page.describe());
        bench.came_to_nothing(&login, &mark).await;
        // And the login goes on.
        let answer = ceremony.answer(&bench.scene.drawer, device, json!({"counter": 9})).await;
        assert!(ceremony.finish(&mut login.visitor, &answer).await.arrived());
    });
}
