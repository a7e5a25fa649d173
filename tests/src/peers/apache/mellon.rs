//! `mod_auth_mellon`: a SAML service provider on Lasso.

use std::fs;

use tempfile::TempDir;

use super::{Apache, MODULES, lay_out};
use crate::harness::tools;
use crate::peers::saml::keys::KeyPair;

/// The page that Apache protects: it prints what the module tells an application.
const PAGE: &str = "<!doctype html><html lang=en><title>Protected</title><h1>Protected</h1>\
    <pre id=me><!--#printenv --></pre>\
    <p><a id=sign-out href='/mellon/logout?ReturnTo=BASE/bye.html'>Sign out</a></p>";

/// A service provider that has metadata and does not run yet.
#[derive(Debug)]
pub struct Registered {
    port: u16,
    folder: TempDir,
    keys: &'static KeyPair,
}

/// The module.
#[derive(Debug)]
pub struct Mellon;

impl Mellon {
    /// Prepares a service provider on this port.
    pub fn register(port: u16) -> Option<Registered> {
        tools::debian(&format!("{MODULES}/mod_auth_mellon.so"), "libapache2-mod-auth-mellon")?;
        let keys = KeyPair::named("mellon")?;
        let folder = lay_out(&PAGE.replace("BASE", &format!("http://127.0.0.1:{port}")));
        Some(Registered { port, folder, keys })
    }
}

impl Registered {
    /// Its name.
    pub fn entity_id(&self) -> String {
        format!("{}/mellon/metadata", self.base())
    }

    fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its metadata, as an administrator writes them for this module.
    pub fn metadata(&self) -> String {
        let (entity, base) = (self.entity_id(), self.base());
        let certificate = self.keys.certificate_base64();
        let key = |usage: &str| {
            format!(
                "<KeyDescriptor use='{usage}'><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\
                 {certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>"
            )
        };
        format!(
            "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' \
             xmlns:ds='http://www.w3.org/2000/09/xmldsig#' entityID='{entity}'>\
             <SPSSODescriptor AuthnRequestsSigned='true' WantAssertionsSigned='true' \
             protocolSupportEnumeration='urn:oasis:names:tc:SAML:2.0:protocol'>{}{}\
             <SingleLogoutService Binding='urn:oasis:names:tc:SAML:2.0:bindings:SOAP' \
             Location='{base}/mellon/logout'/>\
             <SingleLogoutService Binding='urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect' \
             Location='{base}/mellon/logout'/>\
             <NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</NameIDFormat>\
             <AssertionConsumerService index='0' isDefault='true' \
             Binding='urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST' \
             Location='{base}/mellon/postResponse'/>\
             </SPSSODescriptor></EntityDescriptor>",
            key("signing"),
            key("encryption"),
        )
    }

    /// Starts Apache with it, towards the identity provider of this metadata.
    pub async fn start(self, idp_metadata: &str) -> Option<Apache> {
        let folder = self.folder.path();
        let file = |name: &str, text: &str| {
            let file = folder.join(name);
            fs::write(&file, text).expect("a file");
            file.display().to_string()
        };
        let idp = file("idp.xml", idp_metadata);
        let sp = file("sp.xml", &self.metadata());
        // Apache reads them as another user.
        let read = |path| fs::read_to_string(path).expect("a PEM file");
        let key = file("sp.key", &read(&self.keys.key));
        let certificate = file("sp.crt", &read(&self.keys.certificate));
        let same = format!(
            "MellonSPPrivateKeyFile {key}\n\
             MellonSPCertFile {certificate}\n\
             MellonSPMetadataFile {sp}\n\
             MellonIdPMetadataFile {idp}\n\
             MellonEndpointPath /mellon\n\
             MellonSignatureMethod rsa-sha256\n\
             MellonSecureCookie On\n\
             MellonCookieSameSite Lax\n\
             MellonVariable m{port}\n\
             MellonRedirectDomains *\n\
             MellonMergeEnvVars On ;",
            port = self.port,
        );
        let told = format!(
            "LogLevel auth_mellon:info\n\
             <Location /mellon>\nMellonEnable info\n{same}\n</Location>\n\
             <Location /secure>\nAuthType Mellon\nMellonEnable auth\nRequire valid-user\n{same}\n\
             </Location>\n"
        );
        Apache::launch(self.port, self.folder, &["auth_mellon"], &told).await
    }
}
