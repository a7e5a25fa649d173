//! Entities for the tests of this module: one that says everything, and any.

use std::collections::BTreeMap;

use idp_domain::{Lang, Lifetime, Localized, Timestamp};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use super::{
    AcsEndpoint, Algorithms, AttributeConsumer, Contact, ContactKind, EncryptionMethod, Endpoint,
    Entity, IdpRole, Key, KeyUse, Keys, Location, Logo, LogoSource, Organization, Reading,
    RequestedAttribute, SpRole, Texts, Trust, Ui,
};
use crate::binding::Binding;
use crate::dsig::SigningKey;
use crate::dsig::testing::{self, FROM};

/// When these tests are.
pub(super) const NOW: Timestamp = FROM;

/// Reads what somebody vouches for who is not asked.
pub(super) const UNSIGNED: Reading<'_> =
    Reading { trust: Trust::Unsigned, now: NOW, loopback_http: false };

pub(super) fn location(text: &str) -> Location {
    Location::parse(text, true).unwrap()
}

pub(super) fn signing_key() -> SigningKey {
    let pair = testing::rsa();
    SigningKey::new(&pair.pkcs8, &pair.certificate).unwrap()
}

fn six(text: &str) -> Texts {
    let texts = Lang::ALL.map(|lang| (lang, format!("{text} ({})", lang.endonym())));
    Texts::from(&Localized::new(texts))
}

fn links(path: &str) -> Texts {
    Texts::new(Lang::ALL.map(|lang| {
        (lang.tag().to_owned(), format!("https://idp.example/{path}?l={}&x=1", lang.tag()))
    }))
}

fn endpoints(path: &str) -> Vec<Endpoint> {
    let to = |binding, response: Option<&str>| Endpoint {
        binding,
        location: location(&format!("https://idp.example/{path}")),
        response_location: response.map(location),
    };
    vec![
        to(Binding::Redirect, Some("https://idp.example/done")),
        to(Binding::Post, None),
        to(Binding::Soap, None),
    ]
}

fn keys() -> Keys {
    let key = |usage, encryption_methods| Key {
        usage,
        certificates: vec![testing::rsa().certificate.clone()],
        encryption_methods,
    };
    let oaep = EncryptionMethod {
        algorithm: "http://www.w3.org/2009/xmlenc11#rsa-oaep".to_owned(),
        digest: Some("http://www.w3.org/2001/04/xmlenc#sha256".to_owned()),
        mgf: Some("http://www.w3.org/2009/xmlenc11#mgf1sha256".to_owned()),
    };
    let gcm = EncryptionMethod {
        algorithm: "http://www.w3.org/2009/xmlenc11#aes256-gcm".to_owned(),
        ..EncryptionMethod::default()
    };
    Keys(vec![
        key(KeyUse::Signing, vec![]),
        key(KeyUse::Signing, vec![]),
        key(KeyUse::Encryption, vec![gcm, oaep]),
        key(KeyUse::Both, vec![]),
    ])
}

fn ui() -> Ui {
    Ui {
        display_names: six("Food & <Agriculture>"),
        descriptions: six("\"Signs\" the staff in"),
        keywords: six("food agriculture+organization"),
        logos: vec![
            Logo {
                source: LogoSource::Location(location("https://idp.example/logo.png")),
                width: 80,
                height: 60,
                lang: None,
            },
            Logo {
                source: LogoSource::Inline {
                    media_type: "image/png",
                    bytes: b"\x89PNG\r\n\x1a\n and so on".to_vec(),
                },
                width: 16,
                height: 16,
                lang: Some("ar".to_owned()),
            },
        ],
        information_urls: links("about"),
        privacy_statement_urls: links("privacy"),
        domain_hints: vec!["una.example".parse().unwrap(), "staff.una.example".parse().unwrap()],
    }
}

fn contact(kind: ContactKind) -> Contact {
    Contact {
        kind,
        company: Some("UNA".to_owned()),
        given_name: Some("Service".to_owned()),
        surname: Some("Desk".to_owned()),
        emails: vec!["desk@una.example".to_owned(), "night@una.example".to_owned()],
        phones: vec!["+1 555 0100".to_owned()],
    }
}

fn algorithms() -> Algorithms {
    Algorithms {
        digest: vec!["http://www.w3.org/2001/04/xmlenc#sha256".to_owned()],
        signing: vec!["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256".to_owned()],
    }
}

/// An entity that says all that can be said, in both roles.
pub(super) fn full() -> Entity {
    let formats = vec!["urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned()];
    let requested = RequestedAttribute {
        name: "urn:oid:1.3.6.1.4.1.5923.1.1.1.7".to_owned(),
        name_format: Some("urn:oasis:names:tc:SAML:2.0:attrname-format:uri".to_owned()),
        friendly_name: Some("eduPersonEntitlement".to_owned()),
        required: true,
        values: vec!["urn:mace:x".to_owned(), "a & b".to_owned()],
    };
    Entity {
        entity_id: "https://broker.example/saml/metadata?a=1&b=2".to_owned(),
        valid_until: Some(NOW + Lifetime::hours(24 * 7)),
        cache_duration: Some(Lifetime::hours(6)),
        registration_authority: Some("https://federation.example".to_owned()),
        attributes: BTreeMap::from([
            (
                Entity::CATEGORY.to_owned(),
                vec!["https://refeds.org/category/personalized".to_owned()],
            ),
            (
                Entity::ASSURANCE_CERTIFICATION.to_owned(),
                vec!["https://refeds.org/sirtfi".to_owned()],
            ),
        ]),
        organization: Some(Organization {
            names: six("UNA"),
            display_names: six("Agency of Food"),
            urls: links("organization"),
        }),
        contacts: [
            ContactKind::Technical,
            ContactKind::Support,
            ContactKind::Administrative,
            ContactKind::Billing,
            ContactKind::Security,
            ContactKind::Other,
        ]
        .map(contact)
        .to_vec(),
        idp: Some(IdpRole {
            sso: endpoints("sso"),
            slo: endpoints("slo"),
            name_id_formats: formats.clone(),
            want_authn_requests_signed: true,
            keys: keys(),
            ui: ui(),
            scopes: vec!["una.example".parse().unwrap(), "unb.example".parse().unwrap()],
            attributes: vec!["urn:oid:0.9.2342.19200300.100.1.3".to_owned()],
            error_url: Some(location("https://idp.example/error?code=ERRORURL_CODE")),
            algorithms: algorithms(),
        }),
        sp: Some(SpRole {
            acs: vec![
                AcsEndpoint {
                    index: 0,
                    is_default: Some(false),
                    binding: Binding::Post,
                    location: location("https://sp.example/acs/0"),
                },
                AcsEndpoint {
                    index: 7,
                    is_default: Some(true),
                    binding: Binding::Post,
                    location: location("https://sp.example/acs/7"),
                },
            ],
            slo: endpoints("sp-slo"),
            name_id_formats: formats,
            authn_requests_signed: true,
            want_assertions_signed: true,
            keys: keys(),
            attribute_services: vec![AttributeConsumer {
                index: 1,
                is_default: Some(true),
                names: six("Mail"),
                descriptions: six("Reads and writes"),
                requested: vec![requested],
            }],
            ui: ui(),
            discovery_responses: vec![location("https://sp.example/ds")],
            algorithms: algorithms(),
        }),
        warnings: vec![],
    }
}

const LINE: &str = "[a-z<>&\"'éЖ中ع\u{fffd}]{1,8}( [a-z<>&\"'éЖ中ع]{1,8}){0,3}";
const URI: &str = "[a-z]{1,5}:[a-z&<>\"]{1,12}";

fn any_texts() -> impl Strategy<Value = Texts> {
    vec(("[a-z]{2,3}(-[A-Z]{2})?", LINE), 0..4).prop_map(Texts::new)
}

fn any_location() -> impl Strategy<Value = Location> {
    "https://[a-z]{1,8}\\.example(:[1-9][0-9]{1,3})?/[a-z0-9/?=&%]{0,12}"
        .prop_map(|text| location(&text))
}

fn any_links() -> impl Strategy<Value = Texts> {
    vec(("[a-z]{2,3}", any_location()), 0..3).prop_map(|all| {
        Texts::new(all.into_iter().map(|(lang, to)| (lang, to.as_str().to_owned())))
    })
}

fn any_endpoint() -> impl Strategy<Value = Endpoint> {
    let binding = prop_oneof![Just(Binding::Redirect), Just(Binding::Post), Just(Binding::Soap)];
    (binding, any_location(), option::of(any_location())).prop_map(
        |(binding, location, response_location)| Endpoint { binding, location, response_location },
    )
}

fn any_keys() -> impl Strategy<Value = Keys> {
    let usage = prop_oneof![Just(KeyUse::Signing), Just(KeyUse::Encryption), Just(KeyUse::Both)];
    let method = (URI, option::of(URI), option::of(URI))
        .prop_map(|(algorithm, digest, mgf)| EncryptionMethod { algorithm, digest, mgf });
    let der = vec(any::<u8>(), 1..40).prop_map(|mut der| {
        der.insert(0, 0x30);
        der
    });
    let key = (usage, vec(der, 1..3), vec(method, 0..3)).prop_map(
        |(usage, certificates, encryption_methods)| Key { usage, certificates, encryption_methods },
    );
    vec(key, 0..3).prop_map(Keys)
}

fn any_ui() -> impl Strategy<Value = Ui> {
    let texts = (any_texts(), any_texts(), any_texts(), any_links(), any_links());
    let logo = (any_location(), 1_u32..500, 1_u32..500, option::of("[a-z]{2}")).prop_map(
        |(location, width, height, lang)| Logo {
            source: LogoSource::Location(location),
            width,
            height,
            lang,
        },
    );
    let hints = vec("[a-z]{1,5}\\.example", 0..3);
    (texts, vec(logo, 0..2), hints).prop_map(|(texts, logos, hints)| Ui {
        display_names: texts.0,
        descriptions: texts.1,
        keywords: texts.2,
        logos,
        information_urls: texts.3,
        privacy_statement_urls: texts.4,
        domain_hints: hints.iter().map(|hint| hint.parse().unwrap()).collect(),
    })
}

fn any_idp() -> impl Strategy<Value = IdpRole> {
    let scopes = proptest::collection::btree_set("[a-z]{1,5}\\.example", 0..3);
    let lists =
        (vec(any_endpoint(), 0..3), vec(any_endpoint(), 0..3), vec(URI, 0..3), vec(URI, 0..2));
    (lists, any::<bool>(), any_keys(), any_ui(), scopes, option::of(any_location()), vec(URI, 0..3))
        .prop_map(|(lists, wants, keys, ui, scopes, error_url, signing)| IdpRole {
            sso: lists.0,
            slo: lists.1,
            name_id_formats: lists.2,
            want_authn_requests_signed: wants,
            keys,
            ui,
            scopes: scopes.iter().map(|scope| scope.parse().unwrap()).collect(),
            attributes: lists.3,
            error_url,
            algorithms: Algorithms { digest: vec![], signing },
        })
}

fn any_service() -> impl Strategy<Value = AttributeConsumer> {
    let requested = (URI, option::of(URI), option::of(URI), any::<bool>(), vec(LINE, 0..2));
    let requested = requested.prop_map(|(name, name_format, friendly_name, required, values)| {
        RequestedAttribute { name, name_format, friendly_name, required, values }
    });
    let named = any_texts().prop_filter("a set has a name", |names| !names.is_empty());
    (any::<u16>(), option::of(any::<bool>()), named, any_texts(), vec(requested, 1..3)).prop_map(
        |(index, is_default, names, descriptions, requested)| AttributeConsumer {
            index,
            is_default,
            names,
            descriptions,
            requested,
        },
    )
}

fn any_sp() -> impl Strategy<Value = SpRole> {
    let acs = btree_map(any::<u16>(), (option::of(any::<bool>()), any_location()), 0..4);
    let acs = acs.prop_map(|all| {
        let one = |(index, (is_default, location))| AcsEndpoint {
            index,
            is_default,
            binding: Binding::Post,
            location,
        };
        all.into_iter().map(one).collect::<Vec<_>>()
    });
    let lists = (vec(any_endpoint(), 0..2), vec(URI, 0..2), vec(any_location(), 0..2));
    let flags = (any::<bool>(), any::<bool>());
    (acs, lists, flags, any_keys(), vec(any_service(), 0..2), any_ui(), vec(URI, 0..2)).prop_map(
        |(acs, lists, flags, keys, attribute_services, ui, digest)| SpRole {
            acs,
            slo: lists.0,
            name_id_formats: lists.1,
            authn_requests_signed: flags.0,
            want_assertions_signed: flags.1,
            keys,
            attribute_services,
            ui,
            discovery_responses: lists.2,
            algorithms: Algorithms { digest, signing: vec![] },
        },
    )
}

fn any_contact() -> impl Strategy<Value = Contact> {
    let kind = prop_oneof![
        Just(ContactKind::Technical),
        Just(ContactKind::Billing),
        Just(ContactKind::Security),
        Just(ContactKind::Other),
    ];
    let name = || option::of(LINE);
    (kind, name(), name(), name(), vec("[a-z]{1,5}@[a-z]{1,5}", 0..3), vec("\\+[0-9]{3,9}", 0..2))
        .prop_map(|(kind, company, given_name, surname, emails, phones)| Contact {
            kind,
            company,
            given_name,
            surname,
            emails,
            phones,
        })
}

/// Any entity that has a written form.
pub(super) fn any_entity() -> impl Strategy<Value = Entity> {
    let links = any_links().prop_filter("an organization has an address", |all| !all.is_empty());
    let names = || any_texts().prop_filter("an organization has a name", |all| !all.is_empty());
    let organization = (names(), names(), links)
        .prop_map(|(names, display_names, urls)| Organization { names, display_names, urls });
    let times = (option::of(1_u32..u32::MAX), option::of(any::<u32>()));
    let attributes = btree_map(URI, vec(LINE, 0..3), 0..3);
    let roles = (option::of(any_idp()), option::of(any_sp()));
    let about = (option::of(URI), attributes, option::of(organization), vec(any_contact(), 0..3));
    (URI, times, about, roles).prop_map(|(entity_id, times, about, roles)| Entity {
        entity_id,
        valid_until: times.0.map(|seconds| NOW + Lifetime::seconds(seconds)),
        cache_duration: times.1.map(Lifetime::seconds),
        registration_authority: about.0,
        attributes: about.1,
        organization: about.2,
        contacts: about.3,
        idp: roles.0,
        sp: roles.1,
        warnings: vec![],
    })
}
