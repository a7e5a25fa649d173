//! Where an entity answers. A location that a browser could run, or that leaks, has no value here.

use std::fmt;

use url::{Host, Url};

use crate::binding::Binding;

/// Schemes that a browser runs, or reads the person's own machine by.
const RUN: [&str; 7] =
    ["javascript", "data", "vbscript", "blob", "filesystem", "file", "view-source"];
/// The longest location that is accepted, in bytes.
const MAX: usize = 2_048;

/// An address in metadata, exactly as it stands there: `https`, or `http` on a loopback address
/// where that is admitted.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location(String);

/// Why an address is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadLocation {
    /// An address that a browser would run, or markup: nobody writes this by mistake.
    Hostile,
    /// `http` towards a host that is not this machine.
    Plain,
    /// Not a URL of the web, with user information or a fragment, or too long.
    Malformed,
}

impl Location {
    /// Reads an address. With `loopback_http`, `http` is admitted towards this machine.
    pub fn parse(text: &str, loopback_http: bool) -> Result<Self, BadLocation> {
        if runs(text) {
            return Err(BadLocation::Hostile);
        }
        // A parser would drop white space and controls, and the address would no longer be the
        // one that it read; and `https:x` is a URL to lenient parsers only.
        if text.len() > MAX || !is_web(text) || text.chars().any(is_blank) {
            return Err(BadLocation::Malformed);
        }
        let url = Url::parse(text).map_err(|_| BadLocation::Malformed)?;
        let is_admitted = url.scheme() == "https" || loopback_http && is_loopback(&url);
        if !is_admitted {
            return Err(BadLocation::Plain);
        }
        let is_bare =
            url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        if is_bare { Ok(Self(text.to_owned())) } else { Err(BadLocation::Malformed) }
    }

    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a browser would run the address, or a page that holds it would be another page.
/// Browsers pass over controls and white space in front of a scheme, and some within it.
fn runs(text: &str) -> bool {
    let solid: String = text.chars().filter(|letter| !is_blank(*letter)).collect();
    let scheme = solid.split(':').next().unwrap_or_default();
    let is_run = |word: &&str| scheme.len() < solid.len() && scheme.eq_ignore_ascii_case(word);
    RUN.iter().any(is_run) || text.contains(['"', '\'', '<', '>', '`', '\\'])
}

fn is_blank(letter: char) -> bool {
    letter.is_control() || letter.is_whitespace()
}

fn is_web(text: &str) -> bool {
    let head = text.split("//").next().unwrap_or_default();
    head.eq_ignore_ascii_case("https:") || head.eq_ignore_ascii_case("http:")
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Location({})", self.0)
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `md:EndpointType` (SAML Metadata 2.2.2), with a binding that is spoken here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// How to speak there.
    pub binding: Binding,
    /// Where requests go.
    pub location: Location,
    /// Where responses go, if elsewhere.
    pub response_location: Option<Location>,
}

impl Endpoint {
    /// Where responses go.
    #[must_use]
    pub fn for_responses(&self) -> &Location {
        self.response_location.as_ref().unwrap_or(&self.location)
    }
}

/// `md:IndexedEndpointType` (SAML Metadata 2.2.3): an `AssertionConsumerService`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcsEndpoint {
    /// The number by which a request names it.
    pub index: u16,
    /// Whether it is marked as the default one, or as not.
    pub is_default: Option<bool>,
    /// How answers come: an answer by Redirect is forbidden (SAML Profiles 4.1.2), so this is
    /// POST.
    pub binding: Binding,
    /// Where answers go.
    pub location: Location,
}

#[cfg(test)]
mod tests {
    use super::{BadLocation, Location};

    #[test]
    fn idp_02_an_address_that_a_browser_would_run_is_refused() {
        for text in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            " javascript:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,<b>",
            "data:text/html;base64,PGI+",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://sp.example/1",
            "view-source:https://sp.example/",
            "https://x\"><script>",
            "https://sp.example/'onload='",
            "data:",
        ] {
            assert_eq!(Location::parse(text, true), Err(BadLocation::Hostile), "{text:?}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_only_and_only_where_admitted() {
        for text in ["http://127.0.0.1:8080/acs", "http://[::1]/acs", "http://localhost:1/acs"] {
            assert_eq!(Location::parse(text, true).unwrap().as_str(), text);
            assert_eq!(Location::parse(text, false), Err(BadLocation::Plain));
        }
        for text in ["http://sp.example/acs", "http://127.0.0.1.evil.example/", "http://10.0.0.1/"]
        {
            assert_eq!(Location::parse(text, true), Err(BadLocation::Plain));
        }
    }

    #[test]
    fn a_sloppy_address_is_malformed_and_not_hostile() {
        for text in [
            "",
            "acs",
            "javascript",
            "urn:x:y",
            "ftp://sp.example/acs",
            "org.example.app:/acs",
            "https\n://sp.example/",
            "/acs",
            "https:",
            "https:sp.example/acs",
            "https:///",
            "https://sp.example/a b",
            "https://user@sp.example/",
            "https://:word@sp.example/",
            "https://sp.example/#part",
            "https://sp.example:99999/",
            "https://%zz/",
        ] {
            assert_eq!(Location::parse(text, true), Err(BadLocation::Malformed), "{text:?}");
        }
    }

    #[test]
    fn an_address_is_kept_as_it_is_written() {
        for text in [
            "https://SP.example:443/a/../acs?x=1&y=%7e",
            "HTTPS://sp.example/",
            "https://é.example/",
        ] {
            assert_eq!(Location::parse(text, false).unwrap().as_str(), text);
        }
    }
}
