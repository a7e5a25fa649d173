//! A strict reader of HTML, stricter than browsers: what it refuses, we do not write.

/// Elements that have no end tag.
const VOID: [&str; 6] = ["meta", "link", "img", "input", "br", "path"];

/// Entities that our own escaping writes.
const ENTITIES: [&str; 6] = ["&amp;", "&lt;", "&gt;", "&quot;", "&#x27;", "&#x2f;"];

/// An element and what is in it.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Self>,
    /// Its text and that of all elements in it.
    pub(super) text: String,
}

impl Element {
    /// The value of an attribute, decoded.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// This element and all in it, in the order of the document.
    pub(super) fn all(&self) -> Vec<&Self> {
        let mut all = vec![self];
        all.extend(self.children.iter().flat_map(Self::all));
        all
    }

    /// All elements of this name.
    pub(super) fn named(&self, name: &str) -> Vec<&Self> {
        self.all().into_iter().filter(|element| element.name == name).collect()
    }

    /// The element with this id.
    pub(super) fn with_id(&self, id: &str) -> Option<&Self> {
        self.all().into_iter().find(|element| element.attribute("id") == Some(id))
    }
}

/// Reads a whole document; says where it is not well-formed.
pub(super) fn read(html: &str) -> Result<Element, String> {
    let rest = html.trim_start().strip_prefix("<!doctype html>").ok_or("no doctype")?;
    let mut open = vec![Element { name: "document".to_owned(), ..Element::default() }];
    let mut rest = rest;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        let text = decode(text)?;
        for element in &mut open {
            element.text.push_str(&text);
        }
        let end = tag_end(tag).ok_or_else(|| format!("tag without end: {tag:.60}"))?;
        let (tag, after) = tag.split_at(end + 1);
        rest = after;
        if let Some(name) = tag.strip_prefix("</").and_then(|tag| tag.strip_suffix('>')) {
            let element = open.pop().ok_or("too many end tags")?;
            if element.name != name {
                return Err(format!("<{}> is ended by </{name}>", element.name));
            }
            open.last_mut().ok_or("the document was ended")?.children.push(element);
            continue;
        }
        let element = read_tag(tag)?;
        let is_closed = tag.ends_with("/>") || VOID.contains(&element.name.as_str());
        if is_closed {
            open.last_mut().ok_or("nothing is open")?.children.push(element);
        } else if element.name == "script" {
            let (code, after) = rest.split_once("</script>").ok_or("script without end")?;
            let element = Element { text: code.to_owned(), ..element };
            open.last_mut().ok_or("nothing is open")?.children.push(element);
            rest = after;
        } else {
            open.push(element);
        }
    }
    let document = open.pop().ok_or("nothing is open")?;
    if !open.is_empty() || !rest.trim().is_empty() {
        return Err(format!("<{}> is never ended, or text follows: {rest}", document.name));
    }
    Ok(document)
}

/// Where a tag ends: `>` outside of quotes.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quoted = false;
    tag.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == '>' && !quoted).then_some(at)
    })
}

fn read_tag(tag: &str) -> Result<Element, String> {
    let inner = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    let name_end = inner.find(char::is_whitespace).unwrap_or(inner.len());
    let (name, mut rest) = inner.split_at(name_end);
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
        return Err(format!("not an element's name: {tag}"));
    }
    let mut attributes: Vec<(String, String)> = Vec::new();
    while !rest.trim_start().is_empty() {
        if !rest.starts_with(char::is_whitespace) {
            return Err(format!("no space before an attribute: {tag}"));
        }
        rest = rest.trim_start();
        let key_end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (key, after) = rest.split_at(key_end);
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if key.is_empty() || !key.chars().all(plain) {
            return Err(format!("not an attribute's name: `{key}` in {tag}"));
        }
        let value = if let Some(quoted) = after.strip_prefix('=') {
            let quoted = quoted.strip_prefix('"').ok_or_else(|| format!("no quote: {tag}"))?;
            let (value, after) =
                quoted.split_once('"').ok_or_else(|| format!("no quote: {tag}"))?;
            rest = after;
            decode(value)?
        } else {
            rest = after;
            String::new()
        };
        if attributes.iter().any(|(known, _)| known == key) {
            return Err(format!("`{key}` twice: {tag}"));
        }
        attributes.push((key.to_owned(), value));
    }
    Ok(Element { name: name.to_owned(), attributes, ..Element::default() })
}

fn decode(text: &str) -> Result<String, String> {
    for (at, _) in text.match_indices('&') {
        let rest = &text[at..];
        if !ENTITIES.iter().any(|entity| rest.starts_with(entity)) {
            return Err(format!("a bare `&`: {rest:.40}"));
        }
    }
    if text.contains(['<', '>']) {
        return Err(format!("a bare `<` or `>`: {text:.40}"));
    }
    Ok(text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#x2f;", "/")
        .replace("&amp;", "&"))
}

#[test]
fn the_reader_refuses_what_is_not_well_formed() {
    let reads = |body: &str| read(&format!("<!doctype html><html>{body}</html>"));
    assert_eq!(reads("<p class=\"a\">x &amp; y</p>").unwrap().text, "x & y");
    let broken = [
        "<p>",
        "</p>",
        "<p></b></p>",
        "<p class=a></p>",
        "<p a=\"1\" a=\"2\"></p>",
        "a & b",
        "a > b",
        "<p a=\"1\"b=\"2\"></p>",
        "<p onclick='x'></p>",
        "<P></P>",
        "<p a=\"<b>\"></p>",
    ];
    for body in broken {
        assert!(reads(body).is_err(), "{body}");
    }
}
