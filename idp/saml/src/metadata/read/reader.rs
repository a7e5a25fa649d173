//! Reads the values that recur in metadata, and keeps what was passed over.

use super::super::{BadLocation, Flaw, Location, MetadataError, Texts, Warning};
use crate::xml::{Element, ns};

/// Reads values of one entity.
#[derive(Debug)]
pub(super) struct Reader {
    loopback_http: bool,
    pub(super) warnings: Vec<Warning>,
}

impl Reader {
    pub(super) const fn new(loopback_http: bool) -> Self {
        Self { loopback_http, warnings: Vec::new() }
    }

    /// Notes that something was left out; of one kind once.
    pub(super) fn warn(&mut self, element: &'static str, flaw: Flaw) {
        let warning = Warning { element, flaw };
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// An address where people or messages are sent. One that a browser would run costs the
    /// whole entity its trust.
    pub(super) fn endpoint(
        &mut self,
        element: &'static str,
        text: &str,
    ) -> Result<Option<Location>, MetadataError> {
        match Location::parse(trim(text), self.loopback_http) {
            Ok(location) => Ok(Some(location)),
            Err(BadLocation::Hostile) => Err(MetadataError::HostileEndpoint(element)),
            Err(BadLocation::Plain) => {
                self.warn(element, Flaw::PlainHttp);
                Ok(None)
            }
            Err(BadLocation::Malformed) => {
                self.warn(element, Flaw::BadUrl);
                Ok(None)
            }
        }
    }

    /// An address that a page may link to.
    pub(super) fn link(&mut self, element: &'static str, text: &str) -> Option<Location> {
        let location = Location::parse(trim(text), self.loopback_http);
        if let Err(bad) = &location {
            let plain = *bad == BadLocation::Plain;
            self.warn(element, if plain { Flaw::PlainHttp } else { Flaw::BadUrl });
        }
        location.ok()
    }

    /// The text of an element on one line, if it is not empty and at most `max` bytes.
    pub(super) fn line(
        &mut self,
        element: Element<'_>,
        what: &'static str,
        max: usize,
    ) -> Option<String> {
        let line = element.text().ok().map(|text| one_line(&text));
        let line = line.filter(|line| !line.is_empty() && line.len() <= max);
        if line.is_none() {
            self.warn(what, Flaw::BadText);
        }
        line
    }

    /// The same, with the language that it is in. A text that names none is taken for English.
    pub(super) fn localized(
        &mut self,
        element: Element<'_>,
        what: &'static str,
        max: usize,
    ) -> Option<(String, String)> {
        let text = self.line(element, what, max)?;
        let lang = element.attribute_ns(ns::XML, "lang").map(trim).unwrap_or_default();
        if is_lang(lang) {
            return Some((lang.to_owned(), text));
        }
        self.warn(what, Flaw::BadText);
        lang.is_empty().then(|| ("en".to_owned(), text))
    }

    /// All texts of this name inside `parent`.
    pub(super) fn texts(
        &mut self,
        parent: Element<'_>,
        ns: &str,
        what: &'static str,
        max: usize,
    ) -> Texts {
        let named = parent.children().filter(|child| child.is(ns, what));
        Texts::new(named.filter_map(|child| self.localized(child, what, max)))
    }

    /// All addresses for pages of this name inside `parent`.
    pub(super) fn links(&mut self, parent: Element<'_>, ns: &str, what: &'static str) -> Texts {
        let named = parent.children().filter(|child| child.is(ns, what));
        Texts::new(named.filter_map(|child| {
            let (lang, text) = self.localized(child, what, MAX_URL)?;
            Some((lang, self.link(what, &text)?.as_str().to_owned()))
        }))
    }

    /// URIs and names: the texts of the children of this name.
    pub(super) fn lines(
        &mut self,
        parent: Element<'_>,
        ns: &str,
        what: &'static str,
    ) -> Vec<String> {
        let named = parent.children().filter(|child| child.is(ns, what));
        named.filter_map(|child| self.line(child, what, MAX_URL)).collect()
    }

    /// An `xs:boolean`, in any letter case.
    pub(super) fn boolean(&mut self, element: Element<'_>, name: &'static str) -> Option<bool> {
        match trim(element.attribute(name)?) {
            "1" => Some(true),
            "0" => Some(false),
            word if word.eq_ignore_ascii_case("true") => Some(true),
            word if word.eq_ignore_ascii_case("false") => Some(false),
            _ => {
                self.warn(name, Flaw::Schema);
                None
            }
        }
    }
}

/// The longest URI or name that is kept, in bytes.
pub(super) const MAX_URL: usize = 2_048;

/// `xs:anyURI` and its like collapse white space; none is left inside of what is accepted.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

/// One line: runs of white space are one space, and what would change how the rest of a page is
/// read is left out (controls, and the marks that override the direction of writing).
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let gap = if line.is_empty() { "" } else { " " };
        let seen = |letter: &char| !letter.is_control() && !is_override(*letter);
        let before = line.len();
        line.push_str(gap);
        line.extend(word.chars().filter(seen));
        if line.len() == before + gap.len() {
            line.truncate(before);
        }
    }
    line
}

const fn is_override(letter: char) -> bool {
    matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether a text has the form of a BCP 47 tag.
fn is_lang(tag: &str) -> bool {
    (2..=35).contains(&tag.len())
        && tag.split('-').all(|part| {
            !part.is_empty() && part.len() <= 8 && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}
