//! The judge: whether an answer of the node is a no.
//!
//! Pure: what was seen goes in, a verdict comes out. Whatever is not clearly a no is none.

use std::time::Duration;

use idp_saml::{
    binding::Kind,
    xml::{Document, Limits, ns},
};
use url::Url;

use super::{
    browser::{Seen, pair},
    forge::MARK,
    html,
    stage::Door,
};

/// The longest that a no may take.
const LIMIT: Duration = Duration::from_secs(5);
/// Answers that come before a message is read: wrong method, too large, wrong type.
const UNREAD: [u16; 5] = [405, 413, 414, 415, 431];
/// What tells that somebody may come in.
const TOKENS: [&str; 4] = ["code", "id_token", "access_token", "SAMLResponse"];
/// Cookies of ours that open nothing, by how their names end.
const HARMLESS: [&str; 3] = ["-binding", "-agencies", "-lang"];

/// What became of one forged message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The node said no.
    Refused,
    /// The node went on, in this way.
    Accepted(String),
    /// The node said neither.
    Unclear(String),
}

/// Everything that is known of how the node took a message.
pub(super) struct Played<'a> {
    /// Where the message went.
    pub(super) door: Door,
    /// The node.
    pub(super) base: &'a Url,
    /// The answers, the last one last.
    pub(super) seen: &'a [Seen],
    /// How long all of them took.
    pub(super) took: Duration,
    /// How often the node called an address that stood in the message.
    pub(super) calls: usize,
}

/// Judges.
pub(super) fn judge(played: &Played<'_>) -> Verdict {
    let Some(last) = played.seen.last() else {
        return Verdict::Unclear("nothing was answered".to_owned());
    };
    if let Some(how) = went_on(played) {
        return Verdict::Accepted(how);
    }
    let told = if is_soap(played.door) { None } else { said(last, played.base) };
    if let Some(Said::Yes(how)) = told {
        return Verdict::Accepted(how);
    }
    if played.seen.iter().any(|seen| seen.body.contains(MARK)) {
        return Verdict::Unclear("the answer repeats what was sent".to_owned());
    }
    if played.took > LIMIT {
        return Verdict::Unclear(format!("the no took {} ms", played.took.as_millis()));
    }
    if is_soap(played.door) {
        return envelope(last);
    }
    if told.is_some() {
        return Verdict::Refused;
    }
    match last.status {
        404 => Verdict::Unclear("nothing is at that address".to_owned()),
        429 => Verdict::Unclear("the node takes no more for now".to_owned()),
        status if UNREAD.contains(&status) => Verdict::Refused,
        400..500 if html::reference(&last.body).is_some() => Verdict::Refused,
        400..500 => Verdict::Unclear("a no without a reference".to_owned()),
        500.. => Verdict::Unclear("the node failed".to_owned()),
        status => Verdict::Accepted(format!("goes on with status {status}")),
    }
}

fn is_soap(door: Door) -> bool {
    matches!(door, Door::SloSoap | Door::SpSloSoap)
}

/// Signs that the node has believed the message, whatever else it says.
fn went_on(played: &Played<'_>) -> Option<String> {
    if played.calls > 0 {
        return Some("calls an address that the message names".to_owned());
    }
    for seen in played.seen {
        if let Some(name) = seen.cookies.iter().find_map(|cookie| opens(cookie)) {
            return Some(format!("sets the cookie {name}"));
        }
        if played.door == Door::Acs && html::field(&seen.body, "SAMLResponse").is_some() {
            return Some("hands an answer over to a service".to_owned());
        }
        if TOKENS
            .iter()
            .any(|name| *name != "SAMLResponse" && html::field(&seen.body, name).is_some())
        {
            return Some("hands an answer over to a service".to_owned());
        }
        if seen.body.contains(":Assertion") || seen.body.contains("<Assertion") {
            return Some("shows an assertion".to_owned());
        }
    }
    None
}

/// The name of a cookie that is set and may open something.
fn opens(cookie: &str) -> Option<String> {
    let (name, value) = pair(cookie);
    let is_taken_away = value.is_empty()
        || cookie.split(';').any(|part| part.trim().eq_ignore_ascii_case("max-age=0"));
    let is_harmless = HARMLESS.iter().any(|end| name.ends_with(end));
    (!is_taken_away && !is_harmless).then(|| name.to_owned())
}

/// What a peer is told through the browser.
enum Said {
    No,
    Yes(String),
}

/// Reads an answer that leads to a peer: a status that is no, or an error, is a no all the same.
fn said(last: &Seen, base: &Url) -> Option<Said> {
    let (at, message) = last.handed_over(Kind::Response, base)?;
    let host = at.as_ref().and_then(Url::host_str).unwrap_or_default();
    let yes = |how: String| Some(Said::Yes(how));
    if host.contains(MARK) {
        return yes(format!("leads to {host}"));
    }
    if message.is_some_and(|message| is_a_no(&message.xml)) {
        return Some(Said::No);
    }
    let query =
        |wanted: &str| at.iter().any(|url| url.query_pairs().any(|(name, _)| name == wanted));
    if let Some(token) = TOKENS.into_iter().find(|token| query(token)) {
        return yes(format!("leads to {host} with `{token}`"));
    }
    if last.location.is_some() && query("error") {
        return Some(Said::No);
    }
    yes(format!("leads to {host}"))
}

/// Whether a message says no and vouches for nobody.
fn is_a_no(xml: &[u8]) -> bool {
    let Ok(document) = Document::parse(xml, Limits::MESSAGE) else { return false };
    let all: Vec<_> = document.root().descendants().collect();
    let vouches = |local: &str| matches!(local, "Assertion" | "EncryptedAssertion");
    let status = all.iter().find(|element| element.is(ns::SAMLP, "StatusCode"));
    let status = status.and_then(|status| status.attribute("Value"));
    !all.iter().any(|element| vouches(element.local_name()))
        && status.is_some_and(|status| !status.ends_with(":Success"))
}

/// A no by SOAP: a fault, or a status that is no (SAML Bindings 3.2.3.3).
fn envelope(last: &Seen) -> Verdict {
    let body = &last.body;
    if body.contains("status:Success") {
        return Verdict::Accepted("the status is success".to_owned());
    }
    let is_fault = body.contains("Fault") && body.contains("faultcode");
    match last.status {
        404 => Verdict::Unclear("nothing is at that address".to_owned()),
        _ if is_fault || is_a_no(body.as_bytes()) => Verdict::Refused,
        400..500 => Verdict::Refused,
        500.. => Verdict::Unclear("the node failed".to_owned()),
        status => Verdict::Accepted(format!("goes on with status {status}")),
    }
}

#[cfg(test)]
mod tests;
