//! Reads `application/x-www-form-urlencoded` text, of queries and bodies alike.

/// The most pairs that are read.
const MAX_PAIRS: usize = 200;

/// The decoded pairs, in order, duplicates included; `None` when it is not UTF-8 once decoded, or
/// too much.
pub(crate) fn pairs(text: &[u8]) -> Option<Vec<(String, String)>> {
    if text.split(|byte| *byte == b'&').count() > MAX_PAIRS {
        return None;
    }
    let read: Vec<_> = url::form_urlencoded::parse(text)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    // The decoder replaces what is not UTF-8; a value with the replacement in it was not ours.
    let clean = |text: &str| !text.contains(char::REPLACEMENT_CHARACTER);
    read.iter().all(|(name, value)| clean(name) && clean(value)).then_some(read)
}

/// The one value of a field; `None` when it is missing or comes more than once.
pub(crate) fn single<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut values = pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}
