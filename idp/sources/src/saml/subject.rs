//! The name by which a source knows a person, as a link keeps it: one text for all that tells
//! one name from another, compared byte for byte.
//!
//! The issuer is kept beside it. Where the text would be longer than a link may be, its hash
//! stands for it.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idp_domain::attribute::by_name;
use idp_domain::identity::SourceSubject;
use idp_saml::schema::{NameId, format};
use idp_saml::sp::Accepted;

use super::attributes::only_text;
use super::connection::SubjectPlace;
use super::stop::{Stop, misbehaved};

/// The longest name of a person, in characters (SAML Core 8.3.7).
const MAX_NAME: usize = 256;
/// The longest text that a link keeps, in bytes.
const MAX_KEPT: usize = 255;
/// The longest half of a `subject-id` or `pairwise-id`, in characters (its profile, 3.3.2).
const MAX_HALF: usize = 127;

/// The name of the person in the first of `places` where there is one.
pub(super) fn subject(
    places: &[SubjectPlace],
    accepted: &Accepted,
    our_entity_id: &str,
) -> Result<SourceSubject, Stop> {
    for place in places {
        if let Some(text) = at(place, accepted, our_entity_id)? {
            return kept(&text);
        }
    }
    // Above all a transient name: it may be somebody else's tomorrow.
    let detail = "the answer holds no lasting name of the person where one was looked for";
    Err(misbehaved("no_stable_identifier", detail))
}

/// What stands in one place. The first word tells the places apart, so that a name in one is
/// never a name in another.
fn at(place: &SubjectPlace, accepted: &Accepted, ours: &str) -> Result<Option<String>, Stop> {
    let named = |word: &str, wanted: &str| {
        let name = accepted.name_id.as_ref().filter(|name| name.format() == wanted)?;
        Some(format!("{word} {}", qualified(name, accepted, ours)))
    };
    Ok(match place {
        SubjectPlace::SubjectId => scoped("subject-id", accepted)?,
        SubjectPlace::PairwiseId => scoped("pairwise-id", accepted)?,
        SubjectPlace::PersistentNameId => named("persistent", format::PERSISTENT),
        SubjectPlace::EmailNameId => named("email", format::EMAIL),
        SubjectPlace::UnspecifiedNameId => named("unspecified", format::UNSPECIFIED),
        SubjectPlace::Attribute(name) => {
            let value = only_text(&accepted.attributes, name)?;
            value
                .map(|value| proper(value).map(|value| format!("attribute {name} {value}")))
                .transpose()?
        }
    })
}

/// A `NameID` with all that makes it one person's (SAML Core 2.2.2). What is left out means the
/// two who speak, so both ways of saying that are one.
fn qualified(name: &NameId, accepted: &Accepted, ours: &str) -> String {
    let unless = |qualifier: &Option<String>, usual: &str| {
        qualifier.as_deref().filter(|said| *said != usual).map(encoded).unwrap_or_default()
    };
    let by = unless(&name.name_qualifier, &accepted.issuer);
    let whose = unless(&name.sp_name_qualifier, ours);
    format!("{by} {whose} {}", name.value)
}

/// A text in which a blank ends nothing.
fn encoded(text: &str) -> String {
    text.replace('%', "%25").replace(' ', "%20")
}

/// An identifier with a scope. Its profile compares without regard to case (3.3.1), and its
/// letters are ASCII: so lower case is the same name.
fn scoped(name: &str, accepted: &Accepted) -> Result<Option<String>, Stop> {
    let uri = by_name(name).map(|def| def.uri).unwrap_or_default();
    let Some(value) = only_text(&accepted.attributes, uri)? else { return Ok(None) };
    let is_half = |half: &str, also: &[char]| {
        (1..=MAX_HALF).contains(&half.len())
            && half.starts_with(|first: char| first.is_ascii_alphanumeric())
            && half.chars().all(|letter| letter.is_ascii_alphanumeric() || also.contains(&letter))
    };
    match value.split_once('@') {
        Some((id, scope)) if is_half(id, &['=', '-']) && is_half(scope, &['-', '.']) => {
            Ok(Some(format!("{name} {}", value.to_ascii_lowercase())))
        }
        _ => {
            Err(misbehaved("identifier", &format!("the {name} is not of the form of its profile")))
        }
    }
}

/// A value that names somebody, or none that a reader could tell from others.
fn proper(value: &str) -> Result<&str, Stop> {
    let fits = !value.is_empty()
        && value.trim() == value
        && value.chars().take(MAX_NAME + 1).count() <= MAX_NAME
        && !value.contains(char::is_control);
    if fits {
        return Ok(value);
    }
    let detail = "the name is empty, too long, or has blanks at its ends or control characters";
    Err(misbehaved("identifier", detail))
}

fn kept(text: &str) -> Result<SourceSubject, Stop> {
    let hashed;
    let text = if text.len() <= MAX_KEPT {
        text
    } else {
        let hash = digest(&SHA256, text.as_bytes());
        hashed = format!("sha256 {}", URL_SAFE_NO_PAD.encode(hash));
        &hashed
    };
    SourceSubject::parse(text).map_err(|error| misbehaved("identifier", &error.to_string()))
}
