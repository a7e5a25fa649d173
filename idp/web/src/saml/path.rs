//! Where SAML is spoken, below our own address. Peers read it from our metadata.

/// Our metadata as identity provider; with our address, our entity id as such.
pub(crate) const METADATA: &str = "/saml/metadata";
/// Our metadata as service provider; with our address, our entity id as such.
pub(crate) const SP_METADATA: &str = "/saml/sp/metadata";
/// Where service providers send requests for a login.
pub(crate) const SSO: &str = "/saml/sso";
/// Where service providers send what is about logout, with the browser.
pub(crate) const SLO: &str = "/saml/slo";
/// The same, without a browser.
pub(crate) const SLO_SOAP: &str = "/saml/slo/soap";
/// Where agencies send what is about logout, with the browser.
pub(crate) const SP_SLO: &str = "/saml/sp/slo";
/// The same, without a browser.
pub(crate) const SP_SLO_SOAP: &str = "/saml/sp/slo/soap";
