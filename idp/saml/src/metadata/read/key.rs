//! Reads `md:KeyDescriptor`.

use super::super::{EncryptionMethod, Flaw, Key, KeyUse, Keys, MetadataError};
use super::reader::{Reader, trim};
use crate::xml::{Element, ns, read_base64};

/// The most certificates of a role. Whoever sends us anything makes us try each that signs.
const MAX_CERTIFICATES: usize = 32;

/// The keys of a role. One that cannot be read is left out; it never widens what another is for.
///
/// Too many cost the whole entity: to leave some out could be to leave out all that are encrypted
/// to.
pub(super) fn keys(reader: &mut Reader, role: Element<'_>) -> Result<Keys, MetadataError> {
    let descriptors = role.children().filter(|child| child.is(ns::MD, "KeyDescriptor"));
    let keys: Vec<_> = descriptors.filter_map(|descriptor| key(reader, descriptor)).collect();
    if keys.iter().map(|key| key.certificates.len()).sum::<usize>() > MAX_CERTIFICATES {
        return Err(MetadataError::TooManyKeys);
    }
    Ok(Keys(keys))
}

fn key(reader: &mut Reader, descriptor: Element<'_>) -> Option<Key> {
    let usage = match descriptor.attribute("use").map(trim) {
        None => KeyUse::Both,
        Some("signing") => KeyUse::Signing,
        Some("encryption") => KeyUse::Encryption,
        Some(_) => {
            reader.warn("KeyDescriptor", Flaw::Schema);
            return None;
        }
    };
    let infos = descriptor.children().filter(|child| child.is(ns::DS, "KeyInfo"));
    let all = infos.flat_map(Element::children).filter(|child| child.is(ns::DS, "X509Data"));
    let certificates: Vec<_> = all.filter_map(|data| certificate(reader, data)).collect();
    if certificates.is_empty() {
        reader.warn("KeyDescriptor", Flaw::NoCertificate);
        return None;
    }
    let methods = descriptor.children().filter(|child| child.is(ns::MD, "EncryptionMethod"));
    Some(Key { usage, certificates, encryption_methods: methods.filter_map(method).collect() })
}

/// The first certificate. Those after it would be the chain above it, and an authority's key is
/// no key of the entity.
fn certificate(reader: &mut Reader, data: Element<'_>) -> Option<Vec<u8>> {
    let mut all = data.children().filter(|child| child.is(ns::DS, "X509Certificate"));
    let first = all.next()?;
    if all.next().is_some() {
        reader.warn("X509Certificate", Flaw::Repeated);
    }
    let text = first.text().unwrap_or_default();
    // Some paste the armour of PEM along with what it holds.
    let bare = trim(&text);
    let bare = bare.strip_prefix("-----BEGIN CERTIFICATE-----").unwrap_or(bare);
    let bare = bare.strip_suffix("-----END CERTIFICATE-----").unwrap_or(bare);
    // A DER sequence begins with this byte; whether the rest is a key of a kind that is used is
    // judged by who uses it.
    let der = read_base64(bare).ok().filter(|der| der.first() == Some(&0x30));
    if der.is_none() {
        reader.warn("X509Certificate", Flaw::BadCertificate);
    }
    der
}

fn method(element: Element<'_>) -> Option<EncryptionMethod> {
    let inside = |ns, local| {
        let child = element.children().find(|child| child.is(ns, local))?;
        child.attribute("Algorithm").map(|uri| trim(uri).to_owned())
    };
    Some(EncryptionMethod {
        algorithm: trim(element.attribute("Algorithm")?).to_owned(),
        digest: inside(ns::DS, "DigestMethod"),
        mgf: inside(ns::XENC11, "MGF"),
    })
}
