//! Signatures in XML, over texts that are canonical as they are written: namespaces where they are
//! first used, attributes in order, no element without an end tag.

use anyhow::{Result, ensure};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Keys;

const NAMESPACE: &str = "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// Signs the `message` called `id`: the signature stands behind its first issuer. The namespaces
/// of `prefixes` are canonicalized as they are declared.
pub(super) fn sign(keys: &Keys, message: &str, id: &str, prefixes: &str) -> Result<String> {
    let (before, after) = message.split_once("</saml:Issuer>").unwrap_or_default();
    ensure!(before.contains(&format!(" ID=\"{id}\"")), "the message is not called {id}");
    let value = STANDARD.encode(digest(&SHA256, message.as_bytes()));
    let inclusive = match prefixes {
        "" => String::new(),
        names => format!(
            "<ec:InclusiveNamespaces xmlns:ec=\"{EXCLUSIVE}\" PrefixList=\"{names}\">\
             </ec:InclusiveNamespaces>"
        ),
    };
    let inside = format!(
        "<ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\">\
         </ds:SignatureMethod><ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform \
         Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>\
         <ds:Transform Algorithm=\"{EXCLUSIVE}\">{inclusive}</ds:Transform></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\">\
         </ds:DigestMethod><ds:DigestValue>{value}</ds:DigestValue></ds:Reference>\
         </ds:SignedInfo>"
    );
    let signature = keys.sign(&format!("<ds:SignedInfo {NAMESPACE}>{inside}"))?;
    let certificate = keys.certificate();
    Ok(format!(
        "{before}</saml:Issuer><ds:Signature {NAMESPACE}><ds:SignedInfo>{inside}\
         <ds:SignatureValue>{signature}</ds:SignatureValue><ds:KeyInfo><ds:X509Data>\
         <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
         </ds:Signature>{after}"
    ))
}
