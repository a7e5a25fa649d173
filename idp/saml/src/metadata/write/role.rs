//! Writes the two roles.

use super::super::{
    Algorithms, AttributeConsumer, EncryptionMethod, Endpoint, IdpRole, Key, KeyUse, Keys,
    Location, Logo, LogoSource, RequestedAttribute, SpRole, Ui,
};
use super::{extensions, texts};
use crate::schema::name_format;
use crate::xml::{Markup, ns, write_base64};

pub(super) fn idp(role: &IdpRole) -> Markup {
    let scopes = role
        .scopes
        .iter()
        .map(|scope| Markup::new(ns::SHIBMD, "Scope").attr("regexp", "false").text(scope.as_str()));
    let attribute = |name: &String| {
        Markup::new(ns::SAML, "Attribute").attr("Name", name).attr("NameFormat", name_format::URI)
    };
    let inside = scopes.chain(algorithms(&role.algorithms)).chain(ui(&role.ui));
    Markup::new(ns::MD, "IDPSSODescriptor")
        .attr("protocolSupportEnumeration", ns::SAMLP)
        .attr_maybe("errorURL", role.error_url.as_ref().map(Location::as_str))
        .attr("WantAuthnRequestsSigned", role.want_authn_requests_signed.to_string())
        .maybe(extensions(inside))
        .children(keys(&role.keys))
        .children(role.slo.iter().map(|endpoint| self::endpoint(endpoint, "SingleLogoutService")))
        .children(formats(&role.name_id_formats))
        .children(role.sso.iter().map(|endpoint| self::endpoint(endpoint, "SingleSignOnService")))
        .children(role.attributes.iter().map(attribute))
}

pub(super) fn sp(role: &SpRole) -> Markup {
    let acs = role.acs.iter().map(|acs| {
        Markup::new(ns::MD, "AssertionConsumerService")
            .attr("Binding", acs.binding.uri())
            .attr("Location", acs.location.as_str())
            .attr("index", acs.index.to_string())
            .attr_maybe("isDefault", acs.is_default.map(|is| is.to_string()))
    });
    let discovery = role.discovery_responses.iter().zip(1_u16..).map(|(location, index)| {
        Markup::new(ns::IDPDISC, "DiscoveryResponse")
            .attr("Binding", ns::IDPDISC)
            .attr("Location", location.as_str())
            .attr("index", index.to_string())
    });
    let inside = algorithms(&role.algorithms).chain(ui(&role.ui)).chain(discovery);
    Markup::new(ns::MD, "SPSSODescriptor")
        .attr("protocolSupportEnumeration", ns::SAMLP)
        .attr("AuthnRequestsSigned", role.authn_requests_signed.to_string())
        .attr("WantAssertionsSigned", role.want_assertions_signed.to_string())
        .maybe(extensions(inside))
        .children(keys(&role.keys))
        .children(role.slo.iter().map(|endpoint| self::endpoint(endpoint, "SingleLogoutService")))
        .children(formats(&role.name_id_formats))
        .children(acs)
        .children(role.attribute_services.iter().filter_map(service))
}

fn endpoint(endpoint: &Endpoint, name: &'static str) -> Markup {
    Markup::new(ns::MD, name)
        .attr("Binding", endpoint.binding.uri())
        .attr("Location", endpoint.location.as_str())
        .attr_maybe("ResponseLocation", endpoint.response_location.as_ref().map(Location::as_str))
}

fn formats(formats: &[String]) -> impl Iterator<Item = Markup> {
    formats.iter().map(|format| Markup::new(ns::MD, "NameIDFormat").text(format))
}

fn keys(keys: &Keys) -> impl Iterator<Item = Markup> {
    keys.0.iter().map(key)
}

fn key(key: &Key) -> Markup {
    let usage = match key.usage {
        KeyUse::Signing => Some("signing"),
        KeyUse::Encryption => Some("encryption"),
        KeyUse::Both => None,
    };
    let certificates = key.certificates.iter().map(|der| {
        let text = Markup::new(ns::DS, "X509Certificate").text(write_base64(der));
        Markup::new(ns::DS, "X509Data").child(text)
    });
    Markup::new(ns::MD, "KeyDescriptor")
        .attr_maybe("use", usage)
        .child(Markup::new(ns::DS, "KeyInfo").children(certificates))
        .children(key.encryption_methods.iter().map(method))
}

fn method(method: &EncryptionMethod) -> Markup {
    let inside = |ns, name| move |uri: &String| Markup::new(ns, name).attr("Algorithm", uri);
    Markup::new(ns::MD, "EncryptionMethod")
        .attr("Algorithm", &method.algorithm)
        .maybe(method.digest.as_ref().map(inside(ns::DS, "DigestMethod")))
        .maybe(method.mgf.as_ref().map(inside(ns::XENC11, "MGF")))
}

fn algorithms(algorithms: &Algorithms) -> impl Iterator<Item = Markup> {
    let of = |name| move |uri: &String| Markup::new(ns::ALG, name).attr("Algorithm", uri);
    let digest = algorithms.digest.iter().map(of("DigestMethod"));
    digest.chain(algorithms.signing.iter().map(of("SigningMethod")))
}

fn ui(ui: &Ui) -> impl Iterator<Item = Markup> {
    let info = Markup::new(ns::MDUI, "UIInfo")
        .children(texts(&ui.display_names, ns::MDUI, "DisplayName"))
        .children(texts(&ui.descriptions, ns::MDUI, "Description"))
        .children(texts(&ui.keywords, ns::MDUI, "Keywords"))
        .children(ui.logos.iter().map(logo))
        .children(texts(&ui.information_urls, ns::MDUI, "InformationURL"))
        .children(texts(&ui.privacy_statement_urls, ns::MDUI, "PrivacyStatementURL"));
    let hint = |domain: &idp_domain::agency::Domain| {
        Markup::new(ns::MDUI, "DomainHint").text(domain.as_str())
    };
    let hints = Markup::new(ns::MDUI, "DiscoHints").children(ui.domain_hints.iter().map(hint));
    let has_hints = !ui.domain_hints.is_empty();
    let without_hints = Ui { domain_hints: Vec::new(), ..ui.clone() };
    let has_info = !without_hints.is_empty();
    has_info.then_some(info).into_iter().chain(has_hints.then_some(hints))
}

fn logo(logo: &Logo) -> Markup {
    let mut markup = Markup::new(ns::MDUI, "Logo")
        .attr("height", logo.height.to_string())
        .attr("width", logo.width.to_string());
    if let Some(lang) = &logo.lang {
        markup = markup.attr_ns(ns::XML, "lang", lang);
    }
    markup.text(match &logo.source {
        LogoSource::Location(location) => location.as_str().to_owned(),
        LogoSource::Inline { media_type, bytes } => {
            format!("data:{media_type};base64,{}", write_base64(bytes))
        }
    })
}

fn service(service: &AttributeConsumer) -> Option<Markup> {
    if service.names.is_empty() || service.requested.is_empty() {
        return None;
    }
    let markup = Markup::new(ns::MD, "AttributeConsumingService")
        .attr("index", service.index.to_string())
        .attr_maybe("isDefault", service.is_default.map(|is| is.to_string()))
        .children(texts(&service.names, ns::MD, "ServiceName"))
        .children(texts(&service.descriptions, ns::MD, "ServiceDescription"))
        .children(service.requested.iter().map(requested));
    Some(markup)
}

fn requested(attribute: &RequestedAttribute) -> Markup {
    let value = |value: &String| Markup::new(ns::SAML, "AttributeValue").text(value);
    Markup::new(ns::MD, "RequestedAttribute")
        .attr("Name", &attribute.name)
        .attr_maybe("NameFormat", attribute.name_format.as_ref())
        .attr_maybe("FriendlyName", attribute.friendly_name.as_ref())
        .attr("isRequired", attribute.required.to_string())
        .children(attribute.values.iter().map(value))
}
