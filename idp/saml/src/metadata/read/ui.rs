//! Reads `mdui:UIInfo` and `mdui:DiscoHints`.

use super::super::{Flaw, Logo, LogoSource, Ui};
use super::entity::extensions;
use super::reader::{Reader, trim};
use crate::xml::{Element, ns, read_base64};

/// The longest name, in bytes.
const MAX_NAME: usize = 512;
/// The longest description or list of keywords, in bytes.
const MAX_DESCRIPTION: usize = 4_096;
/// The largest picture, in bytes.
const MAX_LOGO: usize = 256 * 1024;

/// Pictures that cannot hold a script: the type as written, its proper name, and how such a file
/// begins.
const PICTURES: [(&str, &str, &[u8]); 4] = [
    ("image/png", "image/png", b"\x89PNG\r\n\x1a\n"),
    ("image/jpeg", "image/jpeg", b"\xff\xd8\xff"),
    ("image/jpg", "image/jpeg", b"\xff\xd8\xff"),
    ("image/webp", "image/webp", b"RIFF"),
];

pub(super) fn ui(reader: &mut Reader, role: Element<'_>) -> Ui {
    let mut found = Ui::default();
    let mut infos = extensions(role).filter(|child| child.is(ns::MDUI, "UIInfo"));
    if let Some(shown) = infos.next() {
        found.display_names = reader.texts(shown, ns::MDUI, "DisplayName", MAX_NAME);
        found.descriptions = reader.texts(shown, ns::MDUI, "Description", MAX_DESCRIPTION);
        found.keywords = reader.texts(shown, ns::MDUI, "Keywords", MAX_DESCRIPTION);
        found.information_urls = reader.links(shown, ns::MDUI, "InformationURL");
        found.privacy_statement_urls = reader.links(shown, ns::MDUI, "PrivacyStatementURL");
        let logos = shown.children().filter(|child| child.is(ns::MDUI, "Logo"));
        found.logos = logos.filter_map(|child| logo(reader, child)).collect();
    }
    if infos.next().is_some() {
        reader.warn("UIInfo", Flaw::Repeated);
    }
    for hints in extensions(role).filter(|child| child.is(ns::MDUI, "DiscoHints")) {
        for hint in hints.children().filter(|child| child.is(ns::MDUI, "DomainHint")) {
            let text = hint.text().unwrap_or_default();
            match trim(&text).to_ascii_lowercase().parse() {
                Ok(domain) => found.domain_hints.push(domain),
                Err(_) => reader.warn("DomainHint", Flaw::BadText),
            }
        }
    }
    found
}

fn logo(reader: &mut Reader, element: Element<'_>) -> Option<Logo> {
    let side = |name| {
        let text = element.attribute(name).map(trim)?;
        text.parse::<u32>().ok().filter(|side| (1..=10_000).contains(side))
    };
    let (Some(width), Some(height)) = (side("width"), side("height")) else {
        reader.warn("Logo", Flaw::BadNumber);
        return None;
    };
    let text = element.text().unwrap_or_default();
    let text = trim(&text);
    let source = if let Some(inline) = text.strip_prefix("data:") {
        let picture = inline_picture(inline);
        if picture.is_none() {
            reader.warn("Logo", Flaw::BadLogo);
        }
        picture?
    } else {
        LogoSource::Location(reader.link("Logo", text)?)
    };
    let lang = element.attribute_ns(ns::XML, "lang").map(|lang| trim(lang).to_owned());
    Some(Logo { source, width, height, lang: lang.filter(|lang| !lang.is_empty()) })
}

fn inline_picture(text: &str) -> Option<LogoSource> {
    let (media_type, encoded) = text.split_once(";base64,")?;
    let (_, media_type, head) = PICTURES.iter().find(|(written, ..)| *written == media_type)?;
    if encoded.len() > MAX_LOGO / 3 * 4 + MAX_LOGO / 16 {
        return None;
    }
    let bytes = read_base64(encoded).ok()?;
    let fits = bytes.len() <= MAX_LOGO && bytes.starts_with(head);
    fits.then_some(LogoSource::Inline { media_type, bytes })
}
