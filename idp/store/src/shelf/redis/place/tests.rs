//! URLs as operators write them, and what is said of those that are not understood.

use expect_test::{Expect, expect};

use super::*;

/// Where the URLs lead, or what is wrong with them.
fn check(urls: &[&str], expected: &Expect) {
    let show = |node: &ConnectionInfo| {
        let tls = if matches!(node.addr(), ConnectionAddr::TcpTls { .. }) { "tls " } else { "" };
        let settings = node.redis_settings();
        let (user, password) = (settings.username(), settings.password());
        format!("{tls}{} db {} as {user:?} with {password:?}", node.addr(), settings.db())
    };
    let text = match RedisPlace::parse(urls, None) {
        Ok(RedisPlace { topology: Topology::Single(node), .. }) => format!("one: {}", show(&node)),
        Ok(RedisPlace { topology: Topology::Cluster(nodes), .. }) => {
            format!("cluster: {}", nodes.iter().map(show).collect::<Vec<_>>().join("; "))
        }
        Ok(RedisPlace { topology: Topology::Sentinels(sentinels), .. }) => {
            let nodes: Vec<_> = sentinels.nodes.iter().map(show).collect();
            let master = sentinels.master_at("::1", 6379).unwrap();
            format!("{}: {}; it: {}", sentinels.master, nodes.join("; "), show(&master))
        }
        Err(error) => {
            let text = error.to_string();
            assert!(!text.contains("hunter2"), "{text}");
            text
        }
    };
    expected.assert_eq(&text);
}

#[test]
fn one_url_is_one_node() {
    check(&["redis://localhost"], &expect!["one: localhost:6379 db 0 as None with None"]);
    check(
        &["rediss://alice:hunt%3Aer3@redis.example:7000/2"],
        &expect![[r#"one: tls redis.example:7000 db 2 as Some("alice") with Some("hunt:er3")"#]],
    );
    check(
        &["redis://:s3cret@[::1]:7000"],
        &expect![[r#"one: ::1:7000 db 0 as None with Some("s3cret")"#]],
    );
}

#[test]
fn several_urls_are_a_cluster() {
    check(
        &["redis://a:7000", "redis://b:7000"],
        &expect!["cluster: a:7000 db 0 as None with None; b:7000 db 0 as None with None"],
    );
}

#[test]
fn sentinels_are_named_in_one_url() {
    check(
        &["redis+sentinel://a,b:7000,[::1]:7001,[::1]/main"],
        &expect![
            "main: a:26379 db 0 as None with None; b:7000 db 0 as None with None; ::1:7001 db 0 as None with None; ::1:26379 db 0 as None with None; it: ::1:6379 db 0 as None with None"
        ],
    );
    check(
        &["rediss+sentinel://alice:s%40cret@a:1,b:2/main/3"],
        &expect![[
            r#"main: tls a:1 db 0 as None with None; tls b:2 db 0 as None with None; it: tls ::1:6379 db 3 as Some("alice") with Some("s@cret")"#
        ]],
    );
}

#[test]
fn what_is_not_understood_is_told_without_the_password() {
    check(&[], &expect!["no Redis URL was given"]);
    check(
        &["http://alice:hunter2@example"],
        &expect![
            "Redis URL 1 is not understood: it begins with none of redis://, rediss://, redis+sentinel://"
        ],
    );
    check(
        &["redis://alice:hunter2@"],
        &expect!["Redis URL 1 is not understood: Redis URL did not parse - InvalidClientConfig"],
    );
    check(
        &["redis://alice:hunter2@a/b"],
        &expect!["Redis URL 1 is not understood: Invalid database number - InvalidClientConfig"],
    );
    check(
        &["rediss://alice:hunter2@a#insecure"],
        &expect![
            "Redis URL 1 is not understood: it has a fragment; certificate checks cannot be switched off"
        ],
    );
    check(
        &["redis://a", "unix:///hunter2"],
        &expect![
            "Redis URL 2 is not understood: it begins with none of redis://, rediss://, redis+sentinel://"
        ],
    );
    check(
        &["redis+sentinel://alice:hunter2@a"],
        &expect!["Redis URL 1 is not understood: it names no master after a slash"],
    );
    check(
        &["redis+sentinel://alice:hunter2@a/"],
        &expect![
            "Redis URL 1 is not understood: the master's name is missing or has a '?' or '#' in it"
        ],
    );
    check(
        &["redis+sentinel://alice:hunter2@a,,b/main"],
        &expect!["Redis URL 1 is not understood: a sentinel's host is empty"],
    );
    check(
        &["redis+sentinel://a/main?hunter2"],
        &expect![
            "Redis URL 1 is not understood: the master's name is missing or has a '?' or '#' in it"
        ],
    );
    check(
        &["redis+sentinel://a/main", "redis+sentinel://b/main"],
        &expect![
            "several Redis URLs mean a cluster; name all sentinels in one URL: redis+sentinel://host:port,host:port/master"
        ],
    );
}

#[test]
fn debug_shows_no_password() {
    for url in ["redis://alice:hunter2@a", "redis+sentinel://alice:hunter2@a/main"] {
        let place = RedisPlace::parse(&[url], None).unwrap();
        assert!(!format!("{place:?}").contains("hunter2"), "{place:?}");
    }
}

#[test]
fn a_private_ca_must_hold_certificates() {
    let url = ["rediss://a"];
    let garbled = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for ca in [b"".as_slice(), b"not PEM", garbled] {
        assert!(matches!(RedisPlace::parse(&url, Some(ca)), Err(PlaceError::Ca { .. })));
    }
}
