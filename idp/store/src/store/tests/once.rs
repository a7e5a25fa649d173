//! One-time use.

use super::{Bench, later, on_every_engine};
use crate::journal::{Act, Outcome, UseOnce};

on_every_engine!(
    what_is_used_is_used_on_every_node,
    keys_of_different_kinds_do_not_meet,
    a_key_may_be_of_any_length_and_hold_any_character,
);

fn used(kind: &'static str, key: &str) -> Act {
    Act::UseOnce(UseOnce { kind, key: key.to_owned(), until: later(300) })
}

async fn what_is_used_is_used_on_every_node(bench: &Bench) {
    assert_eq!(bench.nodes[0].act(used("client_assertion", "jti")).await, Outcome::Done);
    assert_eq!(bench.nodes[0].act(used("client_assertion", "jti")).await, Outcome::Used);
    assert_eq!(bench.nodes[1].act(used("client_assertion", "jti")).await, Outcome::Used);
}

async fn keys_of_different_kinds_do_not_meet(bench: &Bench) {
    assert_eq!(bench.store().act(used("client_assertion", "1")).await, Outcome::Done);
    assert_eq!(bench.store().act(used("assertion", "1")).await, Outcome::Done);
}

async fn a_key_may_be_of_any_length_and_hold_any_character(bench: &Bench) {
    let store = bench.store();
    for key in ["\0", "", "x", "X", &"y".repeat(100_000)] {
        assert_eq!(store.act(used("k", key)).await, Outcome::Done);
        assert_eq!(store.act(used("k", key)).await, Outcome::Used);
    }
}
