//! URIs of a registration: what may stand there, and the tricks that may not.

use url::{Host, Url};

use super::{ApplicationType, RegistrationError};
use crate::op::{
    params::Params,
    redirect_uri::{authority, without_port},
};

/// The longest URI, in bytes.
const MAX_LENGTH: usize = 2_000;
/// Characters of wildcards, expressions and markup. Brackets are judged apart.
const PATTERN: &[u8] = b"*^$|(){}\\<>\"`";
/// Schemes that a browser runs, shows or reads instead of going there.
const DANGEROUS: [&str; 9] = [
    "about",
    "blob",
    "chrome",
    "data",
    "file",
    "filesystem",
    "javascript",
    "vbscript",
    "view-source",
];
/// Names that stand in an answer, and so in no registered query.
const RESPONSE_PARAMETERS: [&str; 13] = [
    "access_token",
    "code",
    "error",
    "error_description",
    "error_uri",
    "expires_in",
    "id_token",
    "iss",
    "response",
    "scope",
    "session_state",
    "state",
    "token_type",
];

/// What the installation allows beyond the rules for the open network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Peers may be on loopback addresses, over plain http: for tests and demonstrations.
    pub loopback_peers: bool,
}

/// What a URI of a registration is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Answers go there.
    Redirect(ApplicationType),
    /// People go there, by a link or a redirect without secrets.
    Page,
}

/// Checks a URI that people follow, in a field named `field`: https, and no tricks.
pub fn web_uri(
    field: &'static str,
    text: &str,
    surroundings: Surroundings,
) -> Result<Url, RegistrationError> {
    check(field, text, Purpose::Page, surroundings)
}

/// Checks a URI of a registration.
pub(super) fn check(
    field: &'static str,
    text: &str,
    purpose: Purpose,
    surroundings: Surroundings,
) -> Result<Url, RegistrationError> {
    let wrong = |slug, hint| RegistrationError { slug, field, problem: quoted(text), hint };
    // First of all, and in any spelling: whatever else is wrong, this must not be missed.
    let scheme = text.trim().split(':').next().unwrap_or_default().to_ascii_lowercase();
    if DANGEROUS.contains(&scheme.as_str()) {
        return Err(wrong("uri.scheme_dangerous", "Use https."));
    }
    if text.len() > MAX_LENGTH {
        return Err(wrong("uri.too_long", "Use at most 2,000 bytes."));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(wrong(
            "uri.not_ascii",
            "Use visible ASCII without blanks; write other letters percent-encoded, and a host \
             in its xn-- form.",
        ));
    }
    //= rfc6749#3.1.2-1
    if text.contains('#') {
        return Err(wrong("uri.fragment", "Remove the # and what follows."));
    }
    let host_text = authority(text).unwrap_or_default();
    if host_text.contains('@') {
        return Err(wrong("uri.userinfo", "Remove what stands before the @ of the host."));
    }
    let literal = host_text.starts_with('[') && host_text.contains(']');
    let brackets = text.matches(['[', ']']).count();
    if text.bytes().any(|byte| PATTERN.contains(&byte)) || brackets != if literal { 2 } else { 0 } {
        return Err(wrong(
            "uri.pattern",
            "Register each URI in full: wildcards and expressions do not exist here.",
        ));
    }
    let url = Url::parse(text)
        .map_err(|_| wrong("uri.not_absolute", "Write an absolute URI with scheme and host."))?;
    check_place(&url, text, purpose, surroundings).map_err(|(slug, hint)| wrong(slug, hint))?;
    check_query(&url).map_err(|(slug, hint)| wrong(slug, hint))?;
    Ok(url)
}

/// Scheme and host.
fn check_place(
    url: &Url,
    text: &str,
    purpose: Purpose,
    surroundings: Surroundings,
) -> Result<(), (&'static str, &'static str)> {
    let native = purpose == Purpose::Redirect(ApplicationType::Native);
    if !matches!(url.scheme(), "http" | "https") {
        // RFC 8252 §7.1: a reversed domain name, so that no two applications claim one scheme.
        return if native && url.scheme().contains('.') {
            Ok(())
        } else if native {
            Err(("uri.scheme", "Use https, or a scheme of your reversed domain name."))
        } else {
            Err(("uri.scheme", "Use https."))
        };
    }
    let Some(host) = url.host() else {
        return Err(("uri.not_absolute", "Write an absolute URI with scheme and host."));
    };
    // `0x7f.1` and `%6c` are other names for hosts; a name has one spelling here.
    let written = authority(text).map(without_port).unwrap_or_default();
    if !written.eq_ignore_ascii_case(&host.to_string()) {
        return Err(("uri.host", "Write the host as it is, without other notations."));
    }
    let literal = matches!(written, "127.0.0.1" | "[::1]");
    let allowed = if is_loopback(&host) {
        // RFC 8252 §8.3: `localhost` may resolve to somebody else's address.
        surroundings.loopback_peers || (native && literal && url.scheme() == "http")
    } else {
        //= rfc9700#2.6-1
        url.scheme() == "https"
    };
    match (allowed, is_loopback(&host)) {
        (true, _) => Ok(()),
        (false, true) => Err((
            "uri.loopback",
            "Only a native application may listen on this machine: at http://127.0.0.1 or \
             http://[::1].",
        )),
        (false, false) => Err(("uri.scheme", "Use https.")),
    }
}

fn check_query(url: &Url) -> Result<(), (&'static str, &'static str)> {
    let Some(query) = url.query() else { return Ok(()) };
    let Ok(params) = Params::parse(query.as_bytes()) else {
        return Err(("uri.query", "Write the query as percent-encoded parameters."));
    };
    if params.names().any(|name| RESPONSE_PARAMETERS.contains(&name)) {
        return Err((
            "uri.response_parameter",
            "Remove parameters that an answer brings, such as code and state.",
        ));
    }
    Ok(())
}

/// Whether `host` is, or is likely to lead to, this machine.
pub(super) fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(address) => address.is_loopback() || address.is_unspecified(),
        Host::Ipv6(address) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.to_ipv4_mapped().is_some_and(|address| address.is_loopback())
        }
    }
}

fn quoted(text: &str) -> String {
    let shown: String = text.chars().take(200).collect();
    format!("{shown:?} is not accepted")
}
