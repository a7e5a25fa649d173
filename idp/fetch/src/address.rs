//! Which IP addresses we connect to: the public internet, and loopback only where allowed.
//!
//! Judges numbers alone; names are resolved elsewhere, and judged by what they resolve to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// Where an address leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To the public internet.
    Public,
    /// To this machine.
    Loopback,
    /// Elsewhere; the text says what kind of address it is.
    Special(&'static str),
}

impl Reach {
    /// Where `address` leads, looking through the IPv6 forms that carry an IPv4 address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => of_v4(v4),
            IpAddr::V6(v6) => of_v6(v6),
        }
    }
}

/// IANA's special-purpose IPv4 blocks, but loopback.
const SPECIAL_V4: [(Ipv4Net, &str); 14] = [
    (v4(0, 0, 0, 0, 8), "unspecified"),
    (v4(10, 0, 0, 0, 8), "private"),
    (v4(100, 64, 0, 0, 10), "carrier-grade NAT"),
    (v4(169, 254, 0, 0, 16), "link-local"),
    (v4(172, 16, 0, 0, 12), "private"),
    (v4(192, 0, 0, 0, 24), "reserved for protocols"),
    (v4(192, 0, 2, 0, 24), "for documentation"),
    (v4(192, 88, 99, 0, 24), "a 6to4 relay"),
    (v4(192, 168, 0, 0, 16), "private"),
    (v4(198, 18, 0, 0, 15), "for benchmarking"),
    (v4(198, 51, 100, 0, 24), "for documentation"),
    (v4(203, 0, 113, 0, 24), "for documentation"),
    (v4(224, 0, 0, 0, 4), "multicast"),
    (v4(240, 0, 0, 0, 4), "reserved"),
];

/// What inside `2000::/3`, the only global unicast block, is special all the same.
const SPECIAL_V6: [(Ipv6Net, &str); 4] = [
    // Teredo, benchmarking, ORCHID and other things that are not hosts.
    (v6([0x2001, 0], 23), "reserved for protocols"),
    (v6([0x2001, 0xdb8], 32), "for documentation"),
    (v6([0x2002, 0], 16), "a 6to4 address"),
    (v6([0x3fff, 0], 20), "for documentation"),
];

const GLOBAL_UNICAST: Ipv6Net = v6([0x2000, 0], 3);
/// NAT64's well-known prefix (RFC 6052 §2.1): how an IPv6-only network reaches IPv4.
const NAT64: Ipv6Net = v6([0x64, 0xff9b], 96);

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6([a, b]: [u16; 2], prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), prefix)
}

fn of_v4(address: Ipv4Addr) -> Reach {
    if address.is_loopback() {
        return Reach::Loopback;
    }
    SPECIAL_V4
        .iter()
        .find(|(net, _)| net.contains(&address))
        .map_or(Reach::Public, |(_, kind)| Reach::Special(kind))
}

fn of_v6(address: Ipv6Addr) -> Reach {
    if address.is_loopback() {
        return Reach::Loopback;
    }
    if let Some(inner) = address.to_ipv4_mapped() {
        return of_v4(inner);
    }
    if NAT64.contains(&address) {
        let [.., a, b, c, d] = address.octets();
        return match of_v4(Ipv4Addr::new(a, b, c, d)) {
            Reach::Public => Reach::Public,
            // The translator's own loopback is not ours.
            Reach::Loopback | Reach::Special(_) => Reach::Special("a translated special address"),
        };
    }
    if !GLOBAL_UNICAST.contains(&address) {
        return Reach::Special("not global unicast");
    }
    SPECIAL_V6
        .iter()
        .find(|(net, _)| net.contains(&address))
        .map_or(Reach::Public, |(_, kind)| Reach::Special(kind))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;

    use super::Reach;

    #[test]
    fn every_special_range_is_known_by_its_first_and_last_address() {
        let addresses =
            "0.0.0.0 0.255.255.255 1.0.0.0 9.255.255.255 10.0.0.0 10.255.255.255 11.0.0.0
            100.63.255.255 100.64.0.0 100.127.255.255 100.128.0.0 126.255.255.255 127.0.0.1
            127.255.255.255 128.0.0.0 169.254.0.0 169.254.169.254 169.255.0.0 172.15.255.255
            172.16.0.0 172.31.255.255 172.32.0.0 192.0.0.8 192.0.2.1 192.88.99.1 192.168.255.255
            192.169.0.0 198.17.255.255 198.18.0.0 198.19.255.255 198.20.0.0 198.51.100.7
            203.0.113.7 223.255.255.255 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
            :: ::1 ::2 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 64:ff9b::a00:1
            64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::808:808 100::1 2000:: 2001::1 2001:2::1
            2001:1ff:ffff:: 2001:200:: 2001:db8::1 2002:7f00:1:: 2606:4700:: 3fff::1 3fff:1000::
            4000:: 5f00::1 fc00::1 fdff::1 fe80::1 fec0::1 ff02::1";
        let mut table = String::new();
        for text in addresses.split_whitespace() {
            writeln!(table, "{text} {:?}", Reach::of(text.parse().unwrap())).unwrap();
        }
        expect![[r#"
            0.0.0.0 Special("unspecified")
            0.255.255.255 Special("unspecified")
            1.0.0.0 Public
            9.255.255.255 Public
            10.0.0.0 Special("private")
            10.255.255.255 Special("private")
            11.0.0.0 Public
            100.63.255.255 Public
            100.64.0.0 Special("carrier-grade NAT")
            100.127.255.255 Special("carrier-grade NAT")
            100.128.0.0 Public
            126.255.255.255 Public
            127.0.0.1 Loopback
            127.255.255.255 Loopback
            128.0.0.0 Public
            169.254.0.0 Special("link-local")
            169.254.169.254 Special("link-local")
            169.255.0.0 Public
            172.15.255.255 Public
            172.16.0.0 Special("private")
            172.31.255.255 Special("private")
            172.32.0.0 Public
            192.0.0.8 Special("reserved for protocols")
            192.0.2.1 Special("for documentation")
            192.88.99.1 Special("a 6to4 relay")
            192.168.255.255 Special("private")
            192.169.0.0 Public
            198.17.255.255 Public
            198.18.0.0 Special("for benchmarking")
            198.19.255.255 Special("for benchmarking")
            198.20.0.0 Public
            198.51.100.7 Special("for documentation")
            203.0.113.7 Special("for documentation")
            223.255.255.255 Public
            224.0.0.1 Special("multicast")
            239.255.255.255 Special("multicast")
            240.0.0.1 Special("reserved")
            255.255.255.255 Special("reserved")
            :: Special("not global unicast")
            ::1 Loopback
            ::2 Special("not global unicast")
            ::7f00:1 Special("not global unicast")
            ::ffff:127.0.0.1 Loopback
            ::ffff:10.0.0.1 Special("private")
            ::ffff:8.8.8.8 Public
            64:ff9b::a00:1 Special("a translated special address")
            64:ff9b::7f00:1 Special("a translated special address")
            64:ff9b::808:808 Public
            64:ff9b:1::808:808 Special("not global unicast")
            100::1 Special("not global unicast")
            2000:: Public
            2001::1 Special("reserved for protocols")
            2001:2::1 Special("reserved for protocols")
            2001:1ff:ffff:: Special("reserved for protocols")
            2001:200:: Public
            2001:db8::1 Special("for documentation")
            2002:7f00:1:: Special("a 6to4 address")
            2606:4700:: Public
            3fff::1 Special("for documentation")
            3fff:1000:: Public
            4000:: Special("not global unicast")
            5f00::1 Special("not global unicast")
            fc00::1 Special("not global unicast")
            fdff::1 Special("not global unicast")
            fe80::1 Special("not global unicast")
            fec0::1 Special("not global unicast")
            ff02::1 Special("not global unicast")
        "#]]
        .assert_eq(&table);
    }
}
