//! Cutting and pasting in XML as text, so that what was signed keeps its bytes.
//!
//! Reads what is well-formed and free of comments, processing instructions and sections, which
//! the caller has made sure of; judges nothing.

use std::ops::Range;

/// An element in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::attack) struct Span {
    /// Its name without a prefix.
    pub(in crate::attack) local: String,
    /// How many elements it stands in.
    pub(in crate::attack) depth: usize,
    /// All of it.
    pub(in crate::attack) whole: Range<usize>,
    /// What stands in it.
    pub(in crate::attack) inside: Range<usize>,
}

/// All elements of a text, in document order.
pub(in crate::attack) fn spans(xml: &str) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(begin) = xml.get(at..).and_then(|rest| rest.find('<')).map(|next| at + next) {
        let Some(tag) = xml.get(begin..).and_then(tag) else { break };
        at = begin + tag.len();
        if tag.starts_with("<?") || tag.starts_with("<!") {
            continue;
        }
        if tag.starts_with("</") {
            if let Some(span) = open.pop().and_then(|index| found.get_mut(index)) {
                span.inside.end = begin;
                span.whole.end = at;
            }
            continue;
        }
        let name = tag.get(1..).unwrap_or_default();
        let name = name.split([' ', '\t', '\r', '\n', '/', '>']).next().unwrap_or_default();
        let local = name.rsplit(':').next().unwrap_or_default().to_owned();
        if !tag.ends_with("/>") {
            open.push(found.len());
        }
        let depth = open.len() - usize::from(!tag.ends_with("/>"));
        found.push(Span { local, depth, whole: begin..at, inside: at..at });
    }
    found
}

/// The tag at the beginning of a text; `>` may stand in the values of its attributes.
fn tag(text: &str) -> Option<&str> {
    let mut quote = None;
    let end = text.find(|letter| match quote {
        Some(open) => {
            if letter == open {
                quote = None;
            }
            false
        }
        None if matches!(letter, '"' | '\'') => {
            quote = Some(letter);
            false
        }
        None => letter == '>',
    });
    text.get(..=end?)
}

/// The first element of this name.
pub(in crate::attack) fn span(xml: &str, local: &str) -> Option<Span> {
    spans(xml).into_iter().find(|span| span.local == local)
}

/// A text without a part of it.
pub(in crate::attack) fn cut(xml: &str, part: &Range<usize>) -> String {
    let before = xml.get(..part.start).unwrap_or_default();
    let after = xml.get(part.end..).unwrap_or_default();
    format!("{before}{after}")
}

/// A text with something more at a place.
pub(in crate::attack) fn paste(xml: &str, at: usize, more: &str) -> String {
    let before = xml.get(..at).unwrap_or_default();
    let after = xml.get(at..).unwrap_or_default();
    format!("{before}{more}{after}")
}

/// An element whose own signature was taken out.
#[derive(Clone, Debug)]
pub(in crate::attack) struct Lifted {
    /// The element without it.
    pub(in crate::attack) bare: String,
    /// The signature.
    pub(in crate::attack) signature: String,
}

/// Takes an element's own signature out.
pub(in crate::attack) fn lift(element: &str) -> Option<Lifted> {
    let own = |span: &Span| span.depth == 1 && span.local == "Signature";
    let signature = spans(element).into_iter().find(own)?.whole;
    Some(Lifted {
        signature: element.get(signature.clone())?.to_owned(),
        bare: cut(element, &signature),
    })
}

/// An element with a signature where its own would stand: behind the issuer.
pub(in crate::attack) fn with_signature(element: &str, signature: &str) -> String {
    let issuer = |span: &Span| span.depth == 1 && span.local == "Issuer";
    let place = spans(element).into_iter().find(issuer).map_or(0, |span| span.whole.end);
    paste(element, place, signature)
}

#[cfg(test)]
mod tests {
    use super::{cut, lift, paste, span, spans, with_signature};

    const XML: &str = "<?xml version=\"1.0\"?>\n<p:a x='>' y=\"'/>\"><Issuer>i</Issuer>\
        <s:Signature><s:b/></s:Signature><c ><Signature/></c></p:a>";

    #[test]
    fn every_element_is_found_where_it_stands() {
        let said: Vec<_> = spans(XML)
            .into_iter()
            .map(|span| format!("{}{} {}", "-".repeat(span.depth), span.local, &XML[span.inside]))
            .collect();
        expect_test::expect![[r#"
            [
                "a <Issuer>i</Issuer><s:Signature><s:b/></s:Signature><c ><Signature/></c>",
                "-Issuer i",
                "-Signature <s:b/>",
                "--b ",
                "-c <Signature/>",
                "--Signature ",
            ]
        "#]]
        .assert_debug_eq(&said);
        assert_eq!(span(XML, "a").unwrap().whole.end, XML.len());
    }

    #[test]
    fn a_signature_is_taken_out_and_put_back_where_it_was() {
        let lifted = lift(XML).unwrap();
        assert_eq!(lifted.signature, "<s:Signature><s:b/></s:Signature>");
        assert!(!lifted.bare.contains("<s:b/>") && lifted.bare.contains("<Signature/>"));
        assert_eq!(with_signature(&lifted.bare, &lifted.signature), XML);
        assert!(lift("<a><b><Signature/></b></a>").is_none());
    }

    #[test]
    fn parts_are_cut_out_and_put_in_by_bytes() {
        assert_eq!(cut("aébc", &(1..3)), "abc");
        assert_eq!(paste("abc", 1, "é"), "aébc");
    }
}
