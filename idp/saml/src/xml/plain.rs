//! Puts guarded text into the form that the tree parser reads as XML 1.0 means it.

/// Turns tabs and line ends inside attribute values into spaces (XML 1.0 §2.11, §3.3.3), which
/// the parser leaves to us, and leaves comments out.
///
/// Exclusive canonicalization without comments gives the same bytes before and after, so a
/// signature over the document is not touched; and text that a comment would cut in two is one
/// text, as it was signed.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        out.push_str(before);
        if let Some(comment) = tag.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else {
            let end = tag_end(tag);
            let (tag, after) = tag.split_at(end);
            push_tag(&mut out, tag);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// Where a tag that starts here ends.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if byte == open => quote = None,
            _ => {}
        }
    }
    tag.len()
}

fn push_tag(out: &mut String, tag: &str) {
    let mut quote = None;
    let mut after_return = false;
    for letter in tag.chars() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if letter == open => quote = None,
            _ => {}
        }
        match letter {
            '\n' if quote.is_some() && after_return => {}
            '\t' | '\n' | '\r' if quote.is_some() => out.push(' '),
            _ => out.push(letter),
        }
        after_return = letter == '\r';
    }
}
