//! The guard before the tree parser: one linear pass over the bytes.
//!
//! The parser takes quadratic time in the attributes of one tag and knows constructs that no SAML
//! message has. Nothing reaches it that has not passed here.

use super::{Limits, XmlError};

/// What the pass found out on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Findings {
    /// An attribute holds a tab or line end, which XML 1.0 §3.3.3 reads as a space.
    pub(super) raw_space: bool,
    /// There are comments, and the limits let them be dropped.
    pub(super) comments: bool,
}

/// Checks the bytes against everything that can be judged without a tree.
///
/// Bytes beyond the limit are not looked at; what stands before them may still name a better
/// reason than the size.
pub(super) fn guard(bytes: &[u8], limits: &Limits) -> Result<Findings, XmlError> {
    let within = bytes.get(..limits.bytes).unwrap_or(bytes);
    let mut pass = Pass { bytes: within, at: 0, limits, open: Vec::new(), tags: 0, names: 0 };
    let findings = pass.run();
    if within.len() == bytes.len() {
        return findings;
    }
    match findings {
        Err(error @ (XmlError::Doctype | XmlError::Depth | XmlError::Encoding)) => Err(error),
        _ => Err(XmlError::TooLarge("bytes")),
    }
}

struct Pass<'a> {
    bytes: &'a [u8],
    at: usize,
    limits: &'a Limits,
    /// How many namespaces each open element declares.
    open: Vec<usize>,
    tags: usize,
    /// Namespace declarations in scope: each lookup of a prefix may pass all of them.
    names: usize,
}

impl Pass<'_> {
    fn run(&mut self) -> Result<Findings, XmlError> {
        let mut findings = Findings::default();
        if let [b'<', b'?', b'x', b'm', b'l', space, ..] = self.rest()
            && space.is_ascii_whitespace()
        {
            self.skip_past(b"?>")?;
        }
        loop {
            self.text()?;
            let rest = self.rest();
            if rest.is_empty() {
                break;
            } else if rest.starts_with(b"<!--") && self.limits.drop_comments {
                findings.comments = true;
                self.at += 4;
                self.skip_past(b"--")?;
                // Two hyphens end a comment, or it is none (XML 1.0 §2.5).
                if !self.rest().starts_with(b">") {
                    return Err(XmlError::NotWellFormed("comment"));
                }
                self.at += 1;
            } else if rest.starts_with(b"<!--")
                || rest.starts_with(b"<![")
                || rest.starts_with(b"<?")
            {
                return Err(self.markup());
            } else if rest.starts_with(b"<!") {
                return Err(XmlError::Doctype);
            } else if rest.starts_with(b"</") {
                self.skip_past(b">")?;
                let closed = self.open.pop().ok_or(XmlError::NotWellFormed("end tag"))?;
                self.names -= closed;
            } else {
                findings.raw_space |= self.start_tag()?;
            }
        }
        match (self.open.is_empty(), self.tags) {
            (true, 1..) => Ok(findings),
            _ => Err(XmlError::NotWellFormed("no end")),
        }
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Goes to the next tag. Outside of the root only white space may stand.
    fn text(&mut self) -> Result<(), XmlError> {
        let outside = self.open.is_empty();
        while let Some(byte) = self.bytes.get(self.at).copied() {
            match byte {
                b'<' => break,
                0 => return Err(XmlError::Encoding),
                b' ' | b'\t' | b'\n' | b'\r' => {}
                _ if outside => return Err(XmlError::NotWellFormed("text outside of the root")),
                _ => {}
            }
            self.at += 1;
        }
        Ok(())
    }

    fn skip_past(&mut self, end: &[u8]) -> Result<(), XmlError> {
        let rest = self.rest();
        let found = rest.windows(end.len()).position(|window| window == end);
        if found.is_none() && rest.contains(&0) {
            return Err(XmlError::Encoding);
        }
        self.at += found.ok_or(XmlError::NotWellFormed("no end"))? + end.len();
        Ok(())
    }

    /// Reads a start tag, and tells whether an attribute in it holds raw white space.
    fn start_tag(&mut self) -> Result<bool, XmlError> {
        self.tags += 1;
        if self.open.is_empty() && self.tags > 1 {
            return Err(XmlError::NotWellFormed("more than one root"));
        }
        if self.tags > self.limits.tags {
            return Err(XmlError::TooLarge("tags"));
        }
        let name = name(self.rest().get(1..).unwrap_or_default());
        let is_reference = name == b"Reference";
        let (mut quote, mut attributes, mut declared) = (None, 0_usize, 0_usize);
        let mut raw_space = false;
        let mut last = b'<';
        loop {
            self.at += 1;
            let byte = *self.bytes.get(self.at).ok_or(XmlError::NotWellFormed("no end"))?;
            match (quote, byte) {
                (_, 0) => return Err(XmlError::Encoding),
                (_, b'<') => return Err(XmlError::NotWellFormed("tag inside a tag")),
                (None, b'>') => break,
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'=') => {
                    attributes += 1;
                    if attributes > self.limits.attributes {
                        return Err(XmlError::TooLarge("attributes"));
                    }
                }
                (None, b'x') if last.is_ascii_whitespace() => {
                    declared += usize::from(self.rest().starts_with(b"xmlns"));
                }
                (Some(open), _) if byte == open => quote = None,
                (Some(_), b'\t' | b'\n' | b'\r') => raw_space = true,
                (Some(_), b'&') if is_reference => return Err(XmlError::SpelledReference),
                _ => {}
            }
            last = byte;
        }
        self.at += 1;
        if last == b'/' {
            return self.in_scope(self.names + declared).map(|()| raw_space);
        }
        self.names += declared;
        self.in_scope(self.names)?;
        self.open.push(declared);
        if self.open.len() > self.limits.depth as usize {
            return Err(XmlError::Depth);
        }
        Ok(raw_space)
    }

    fn in_scope(&self, names: usize) -> Result<(), XmlError> {
        if names > self.limits.attributes {
            return Err(XmlError::TooLarge("namespaces"));
        }
        Ok(())
    }

    /// Which refusal a comment, a processing instruction or a CDATA section here is.
    fn markup(&self) -> XmlError {
        if self.open.is_empty() {
            return XmlError::NotWellFormed("markup outside of the root");
        }
        let before = self.bytes.get(..self.at).unwrap_or_default();
        let tag = before.rsplit(|byte| *byte == b'<').next().unwrap_or_default();
        match name(tag) {
            b"DigestValue" | b"SignatureValue" => XmlError::MixedSignature,
            _ => XmlError::MixedContent,
        }
    }
}

/// The local name of the tag that begins after this `<`.
fn name(tag: &[u8]) -> &[u8] {
    let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'/' | b'>');
    let name = tag.split(ends).next().unwrap_or_default();
    name.rsplit(|byte| *byte == b':').next().unwrap_or_default()
}
