//! Ports for servers that must know their own address before they start.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the range from which the kernel gives ports to outgoing connections, so that no
/// connection can take a port between our look and the server's bind.
const FIRST: u16 = 17_000;
const COUNT: u16 = 15_000;
/// The most that anybody asks for at once.
const MOST: u16 = 64;

static NEXT: AtomicU16 = AtomicU16::new(0);

/// A port on which nothing listens, and that this process will not give out again soon.
pub fn free_port() -> u16 {
    free_ports(1)
}

/// The first of `count` neighbouring ports on which nothing listens.
pub fn free_ports(count: u16) -> u16 {
    assert!(count <= MOST, "{count} ports at once");
    // Two test binaries on one machine start at different places.
    let start = u16::try_from(std::process::id() % u32::from(COUNT)).expect("below COUNT");
    for _ in 0..COUNT {
        let step = NEXT.fetch_add(count, Ordering::Relaxed);
        let first = FIRST + (start.wrapping_mul(37).wrapping_add(step)) % (COUNT - MOST);
        let is_free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if (first..first + count).all(is_free) {
            return first;
        }
    }
    panic!("no {count} free ports between {FIRST} and {}", FIRST + COUNT);
}
