//! SAML messages on their way: base64, DEFLATE, signed queries, instants; and a reader for what the
//! product has sent.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use roxmltree::{Document, Node};
use url::Url;

use super::keys::KeyPair;
use crate::harness::page::Page;
use crate::harness::rp::now;

/// The namespace of assertions.
pub const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// The namespace of messages.
pub const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// The binding by redirects.
pub const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// The binding by forms.
pub const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
/// The binding from server to server.
pub const SOAP: &str = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP";
/// A name that stays.
pub const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
/// A name for one time.
pub const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
/// A password over TLS.
pub const PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
/// Two factors.
pub const MFA: &str = "https://refeds.org/profile/mfa";

/// Base64 with padding.
pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

/// Raw DEFLATE.
pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(vec![], Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// What a base64 text says, inflated where it is not XML as it is.
pub fn decode(text: &str) -> String {
    let bytes = STANDARD.decode(text).expect("base64");
    if bytes.starts_with(b"<") {
        return String::from_utf8(bytes).expect("UTF-8");
    }
    let mut plain = String::new();
    DeflateDecoder::new(bytes.as_slice()).read_to_string(&mut plain).expect("DEFLATE");
    plain
}

/// A moment so many seconds from now, as XML says it.
pub fn instant(seconds: i64) -> String {
    let then = i64::try_from(now()).expect("a moment") + seconds;
    let (days, rest) = (then.div_euclid(86_400), then.rem_euclid(86_400));
    // Howard Hinnant's `civil_from_days`.
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The query of the Redirect binding, ready to be sent or spoilt.
#[derive(Debug, Clone)]
pub struct Query {
    /// Name and value of each parameter, the value encoded as it travels.
    pub pairs: Vec<(String, String)>,
}

impl Query {
    /// An unsigned one; `kind` is `SAMLRequest` or `SAMLResponse`.
    pub fn of(kind: &str, xml: &str, relay_state: Option<&str>) -> Self {
        let mut pairs = vec![(kind.to_owned(), encode(&base64(deflate(xml.as_bytes()))))];
        pairs.extend(relay_state.map(|text| ("RelayState".to_owned(), encode(text))));
        Self { pairs }
    }

    /// The same with a signature over its bytes.
    #[must_use]
    pub fn signed(self, keys: &KeyPair) -> Self {
        self.signed_as(keys, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "sha256")
    }

    /// The same by another algorithm, made with the hash of this name.
    #[must_use]
    pub fn signed_as(mut self, keys: &KeyPair, algorithm: &str, hash: &str) -> Self {
        self.pairs.push(("SigAlg".to_owned(), encode(algorithm)));
        let signature = keys.sign(hash, self.text().as_bytes());
        self.pairs.push(("Signature".to_owned(), encode(&base64(signature))));
        self
    }

    /// As it travels.
    pub fn text(&self) -> String {
        let pairs: Vec<_> =
            self.pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("&")
    }

    /// An address with it.
    pub fn at(&self, location: &str) -> String {
        let sign = if location.contains('?') { '&' } else { '?' };
        format!("{location}{sign}{}", self.text())
    }
}

fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Whether the signature of a redirect is good by this certificate, RSA with SHA-256.
pub fn redirect_is_signed(url: &Url, certificate: &str) -> bool {
    let query = url.query().unwrap_or_default();
    let Some((signed, signature)) = query.split_once("&Signature=") else { return false };
    let signature: String = url::form_urlencoded::parse(format!("s={signature}").as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .expect("a signature");
    let signature = STANDARD.decode(signature).expect("base64");
    super::keys::verifies(certificate, signed.as_bytes(), &signature)
}

/// A message that the product has sent, and how it came.
#[derive(Debug, Clone)]
pub struct Message {
    /// The XML.
    pub xml: String,
    /// The `RelayState` beside it.
    pub relay_state: Option<String>,
}

impl Message {
    /// The `SAMLRequest` or `SAMLResponse` in the address or form at which a visitor stopped.
    pub fn of(page: &Page) -> Self {
        assert!(page.arrived(), "no message: {}", page.describe());
        let found = page.answer("SAMLResponse").or_else(|| page.answer("SAMLRequest"));
        let Some(text) = found else { panic!("no message in {}", page.url) };
        Self { xml: decode(&text), relay_state: page.answer("RelayState") }
    }

    /// A message that is no secret.
    pub fn from_base64(text: &str) -> Self {
        Self { xml: decode(text), relay_state: None }
    }

    /// Reads something from its tree.
    pub fn read<T>(&self, read: impl FnOnce(Node<'_, '_>) -> T) -> T {
        let document = Document::parse(&self.xml).unwrap_or_else(|e| panic!("{e}: {}", self.xml));
        read(document.root_element())
    }

    /// The name of the outermost element.
    pub fn kind(&self) -> String {
        self.read(|root| root.tag_name().name().to_owned())
    }

    /// An attribute of the outermost element.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.read(|root| root.attribute(name).map(str::to_owned))
    }

    /// Its `ID`.
    pub fn id(&self) -> String {
        self.attribute("ID").expect("an ID")
    }

    /// The text of the first element of this name, wherever it is.
    pub fn text(&self, name: &str) -> Option<String> {
        self.read(|root| find(root, name).map(|node| node.text().unwrap_or_default().to_owned()))
    }

    /// The texts of all elements of this name.
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.read(|root| {
            root.descendants()
                .filter(|node| node.tag_name().name() == name)
                .map(|node| node.text().unwrap_or_default().to_owned())
                .collect()
        })
    }

    /// An attribute of the first element of this name.
    pub fn attribute_of(&self, element: &str, name: &str) -> Option<String> {
        self.read(|root| find(root, element)?.attribute(name).map(str::to_owned))
    }

    /// Whether an element of this name is somewhere in it.
    pub fn has(&self, name: &str) -> bool {
        self.read(|root| find(root, name).is_some())
    }

    /// The status codes, the outer one first, without their common beginning.
    pub fn status(&self) -> Vec<String> {
        self.read(|root| {
            root.descendants()
                .filter(|node| node.tag_name().name() == "StatusCode")
                .filter_map(|node| node.attribute("Value"))
                .map(|value| value.rsplit(':').next().unwrap_or_default().to_owned())
                .collect()
        })
    }

    /// The values of the attribute of this name in the assertion.
    pub fn values(&self, name: &str) -> Vec<String> {
        self.read(|root| {
            root.descendants()
                .filter(|node| node.tag_name().name() == "Attribute")
                .filter(|node| node.attribute("Name") == Some(name))
                .flat_map(|node| node.children().filter(Node::is_element))
                .map(|node| node.text().unwrap_or_default().to_owned())
                .collect()
        })
    }
}

fn find<'a, 'i>(root: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    root.descendants().find(|node| node.tag_name().name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_deflated_is_read_again() {
        let query = Query::of("SAMLRequest", "<a b='é'/>", Some("x y"));
        let url = Url::parse(&query.at("https://idp.example/sso")).unwrap();
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        assert_eq!(decode(&pairs[0].1), "<a b='é'/>");
        assert_eq!(pairs[1], ("RelayState".to_owned(), "x y".to_owned()));
    }

    #[test]
    fn an_instant_is_written_as_xml_wants_it() {
        assert!(instant(0).starts_with("20") && instant(0).len() == 20, "{}", instant(0));
        let epoch = instant(-i64::try_from(now()).unwrap());
        assert!(epoch.starts_with("1970-01-01T00:00:0"), "{epoch}");
        let leap = instant(951_782_400 - i64::try_from(now()).unwrap());
        assert!(leap.starts_with("2000-02-29T00:00:0"), "{leap}");
    }
}
