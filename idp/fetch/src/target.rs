//! Judges a URL before anything is sent: scheme, user name, and an address written as a number.

use std::net::IpAddr;

use url::{Host, Url};

use crate::address::Reach;
use crate::error::FetchError;

/// Refuses `url` if nothing may ever be sent there.
///
/// The parser has already turned decimal, octal and short forms of IPv4 into four octets, so
/// `http://2130706433` is judged as `127.0.0.1`.
pub(crate) fn judge(url: &Url, allow_loopback: bool) -> Result<(), FetchError> {
    let host = host_text(url);
    let scheme_forbidden =
        || FetchError::SchemeForbidden { scheme: url.scheme().to_owned(), host: host.clone() };
    if !matches!(url.scheme(), "https" | "http") {
        return Err(scheme_forbidden());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FetchError::UserinfoForbidden { host });
    }
    match literal_address(url) {
        Some(address) => judge_address(&host, address, allow_loopback)?,
        None if host.is_empty() => return Err(FetchError::Unresolved { host }),
        None => {}
    }
    if url.scheme() == "http" && !(allow_loopback && is_loopback(url)) {
        return Err(scheme_forbidden());
    }
    Ok(())
}

/// Refuses `address` unless it is public, or loopback where that is allowed.
pub(crate) fn judge_address(
    host: &str,
    address: IpAddr,
    allow_loopback: bool,
) -> Result<(), FetchError> {
    let range = match Reach::of(address) {
        Reach::Public => return Ok(()),
        Reach::Loopback if allow_loopback => return Ok(()),
        Reach::Loopback => "loopback",
        Reach::Special(range) => range,
    };
    Err(FetchError::AddressForbidden { host: host.to_owned(), address, range })
}

/// Whether the URL names this machine without any resolver's help.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match literal_address(url) {
        Some(address) => Reach::of(address) == Reach::Loopback,
        None => url.host_str().is_some_and(is_localhost),
    }
}

/// Whether `name` is `localhost` or below it, which never leaves this machine (RFC 6761 §6.3).
pub(crate) fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or(name);
    last.eq_ignore_ascii_case("localhost")
}

/// The URL's host as it is shown in errors.
pub(crate) fn host_text(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

fn literal_address(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(v4) => Some(v4.into()),
        Host::Ipv6(v6) => Some(v6.into()),
        Host::Domain(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};
    use url::Url;

    use super::judge;

    fn check(allow_loopback: bool, urls: &str, expected: &Expect) {
        let mut table = String::new();
        for text in urls.split_whitespace() {
            let verdict = match judge(&Url::parse(text).unwrap(), allow_loopback) {
                Ok(()) => "fine".to_owned(),
                Err(error) => format!("{}: {error}", error.slug()),
            };
            writeln!(table, "{text}\n    {verdict}").unwrap();
        }
        expected.assert_eq(&table);
    }

    const HOSTILE: &str = "http://169.254.169.254/latest/meta-data http://127.0.0.1:6379
        https://127.0.0.1 http://[::1] https://[::1] https://[::ffff:10.0.0.1]
        https://2130706433 https://0177.0.0.1 https://0x7f.1 https://127.1 https://10.1
        https://0 https://[2002:7f00:1::] https://[64:ff9b::7f00:1] http://localhost
        http://op.example https://op.example. https://user@op.example https://u:p@op.example
        file:///etc/passwd gopher://op.example/1 ftp://op.example data:text/plain,x
        unix:/run/docker.sock javascript:alert(1)";

    #[test]
    fn ssr_01_urls_to_internal_places_are_refused_in_every_spelling() {
        check(
            false,
            HOSTILE,
            &expect![[r#"
            http://169.254.169.254/latest/meta-data
                fetch.address_forbidden: "169.254.169.254" leads to 169.254.169.254, which is link-local
            http://127.0.0.1:6379
                fetch.address_forbidden: "127.0.0.1" leads to 127.0.0.1, which is loopback
            https://127.0.0.1
                fetch.address_forbidden: "127.0.0.1" leads to 127.0.0.1, which is loopback
            http://[::1]
                fetch.address_forbidden: "[::1]" leads to ::1, which is loopback
            https://[::1]
                fetch.address_forbidden: "[::1]" leads to ::1, which is loopback
            https://[::ffff:10.0.0.1]
                fetch.address_forbidden: "[::ffff:a00:1]" leads to ::ffff:10.0.0.1, which is private
            https://2130706433
                fetch.address_forbidden: "127.0.0.1" leads to 127.0.0.1, which is loopback
            https://0177.0.0.1
                fetch.address_forbidden: "127.0.0.1" leads to 127.0.0.1, which is loopback
            https://0x7f.1
                fetch.address_forbidden: "127.0.0.1" leads to 127.0.0.1, which is loopback
            https://127.1
                fetch.address_forbidden: "127.0.0.1" leads to 127.0.0.1, which is loopback
            https://10.1
                fetch.address_forbidden: "10.0.0.1" leads to 10.0.0.1, which is private
            https://0
                fetch.address_forbidden: "0.0.0.0" leads to 0.0.0.0, which is unspecified
            https://[2002:7f00:1::]
                fetch.address_forbidden: "[2002:7f00:1::]" leads to 2002:7f00:1::, which is a 6to4 address
            https://[64:ff9b::7f00:1]
                fetch.address_forbidden: "[64:ff9b::7f00:1]" leads to 64:ff9b::7f00:1, which is a translated special address
            http://localhost
                fetch.scheme_forbidden: the scheme http is not allowed for "localhost": https is required
            http://op.example
                fetch.scheme_forbidden: the scheme http is not allowed for "op.example": https is required
            https://op.example.
                fine
            https://user@op.example
                fetch.userinfo_forbidden: a URL with a user name or password is refused (host "op.example")
            https://u:p@op.example
                fetch.userinfo_forbidden: a URL with a user name or password is refused (host "op.example")
            file:///etc/passwd
                fetch.scheme_forbidden: the scheme file is not allowed for "": https is required
            gopher://op.example/1
                fetch.scheme_forbidden: the scheme gopher is not allowed for "op.example": https is required
            ftp://op.example
                fetch.scheme_forbidden: the scheme ftp is not allowed for "op.example": https is required
            data:text/plain,x
                fetch.scheme_forbidden: the scheme data is not allowed for "": https is required
            unix:/run/docker.sock
                fetch.scheme_forbidden: the scheme unix is not allowed for "": https is required
            javascript:alert(1)
                fetch.scheme_forbidden: the scheme javascript is not allowed for "": https is required
        "#]],
        );
    }

    #[test]
    fn ssr_01_allowing_loopback_opens_loopback_and_nothing_else() {
        check(
            true,
            HOSTILE,
            &expect![[r#"
            http://169.254.169.254/latest/meta-data
                fetch.address_forbidden: "169.254.169.254" leads to 169.254.169.254, which is link-local
            http://127.0.0.1:6379
                fine
            https://127.0.0.1
                fine
            http://[::1]
                fine
            https://[::1]
                fine
            https://[::ffff:10.0.0.1]
                fetch.address_forbidden: "[::ffff:a00:1]" leads to ::ffff:10.0.0.1, which is private
            https://2130706433
                fine
            https://0177.0.0.1
                fine
            https://0x7f.1
                fine
            https://127.1
                fine
            https://10.1
                fetch.address_forbidden: "10.0.0.1" leads to 10.0.0.1, which is private
            https://0
                fetch.address_forbidden: "0.0.0.0" leads to 0.0.0.0, which is unspecified
            https://[2002:7f00:1::]
                fetch.address_forbidden: "[2002:7f00:1::]" leads to 2002:7f00:1::, which is a 6to4 address
            https://[64:ff9b::7f00:1]
                fetch.address_forbidden: "[64:ff9b::7f00:1]" leads to 64:ff9b::7f00:1, which is a translated special address
            http://localhost
                fine
            http://op.example
                fetch.scheme_forbidden: the scheme http is not allowed for "op.example": https is required
            https://op.example.
                fine
            https://user@op.example
                fetch.userinfo_forbidden: a URL with a user name or password is refused (host "op.example")
            https://u:p@op.example
                fetch.userinfo_forbidden: a URL with a user name or password is refused (host "op.example")
            file:///etc/passwd
                fetch.scheme_forbidden: the scheme file is not allowed for "": https is required
            gopher://op.example/1
                fetch.scheme_forbidden: the scheme gopher is not allowed for "op.example": https is required
            ftp://op.example
                fetch.scheme_forbidden: the scheme ftp is not allowed for "op.example": https is required
            data:text/plain,x
                fetch.scheme_forbidden: the scheme data is not allowed for "": https is required
            unix:/run/docker.sock
                fetch.scheme_forbidden: the scheme unix is not allowed for "": https is required
            javascript:alert(1)
                fetch.scheme_forbidden: the scheme javascript is not allowed for "": https is required
        "#]],
        );
    }
}
