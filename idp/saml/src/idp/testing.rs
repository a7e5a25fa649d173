//! The test bed of our role as identity provider: our names and key, service providers with their
//! metadata, requests of theirs, and a login that succeeded.

use std::{fmt::Write as _, sync::LazyLock};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use idp_domain::{
    AttributeName, AttributeSet, AuthnRequest, Issuance, Lifetime, Subject, Timestamp,
    assurance::REFEDS_MFA,
};

use super::{
    Asked, Chance, Declined, Hinted, Provider, ServiceProvider, ServiceProviderRegistration,
    Surroundings, Ticket, Vouch, receive, respond,
};
use crate::{
    binding::{Binding, Incoming, Kind, post, post::PostForm, redirect},
    dsig::{
        DecryptionKey, DecryptionPolicy, KeyKind, Place, SignatureAlg, SigningKey, VerifyingKey,
        sign,
        testing::{Pair, fresh, signing},
    },
    metadata::{
        AcsEndpoint, AttributeConsumer, Entity, Key, KeyUse, Keys, Location, RequestedAttribute,
        SpRole,
    },
    schema::{self, AttributeValue, Issuer},
    sp::{self, Accepted, ConsumeError, Expected, IdpTrust, Quirks},
    xml::{Document, Element, Limits},
};

pub(super) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_600);
pub(super) const SP1: &str = "https://sp1.example/saml";
pub(super) const SP2: &str = "https://sp2.example/saml";
pub(super) const ACS: &str = "https://sp1.example/acs";
/// Spaces, quotes, markup, percent signs and other scripts.
pub(super) const RELAY_STATE: &str = "ss:mem:\"<a&b>' 100%+%20 \u{645}\u{631}\u{62d}\u{628}\u{627}";

pub(super) static PROVIDER: LazyLock<Provider> = LazyLock::new(|| Provider {
    entity_id: "https://broker.example/saml/metadata".to_owned(),
    sso_redirect: "https://broker.example/saml/sso/redirect".to_owned(),
    sso_post: "https://broker.example/saml/sso/post".to_owned(),
    scope: "broker.example".to_owned(),
});

/// The key that SP1 signs with and decrypts with.
pub(super) static SP_KEY: LazyLock<Pair> = LazyLock::new(|| fresh(KeyKind::Rsa2048));
/// The key of somebody else.
pub(super) static OTHER_KEY: LazyLock<Pair> = LazyLock::new(|| fresh(KeyKind::P256));

pub(super) fn signing_key(pair: &Pair) -> SigningKey {
    SigningKey::new(&pair.pkcs8, &pair.certificate).unwrap()
}

/// Our own key.
pub(super) fn our_key() -> SigningKey {
    signing(SignatureAlg::RsaSha256)
}

pub(super) fn acs(index: u16, is_default: Option<bool>, url: &str) -> AcsEndpoint {
    let location = Location::parse(url, true).unwrap();
    AcsEndpoint { index, is_default, binding: Binding::Post, location }
}

pub(super) fn key(usage: KeyUse, pair: &Pair) -> Key {
    Key { usage, certificates: vec![pair.certificate.clone()], encryption_methods: Vec::new() }
}

pub(super) fn requested(name: &str, required: bool) -> RequestedAttribute {
    RequestedAttribute { name: name.to_owned(), required, ..RequestedAttribute::default() }
}

pub(super) const MAIL: &str = "urn:oid:0.9.2342.19200300.100.1.3";
pub(super) const DISPLAY_NAME: &str = "urn:oid:2.16.840.1.113730.3.1.241";

/// SP1 of the attack catalogue: it signs its requests.
pub(super) fn sp1_entity() -> Entity {
    Entity {
        entity_id: SP1.to_owned(),
        sp: Some(SpRole {
            acs: vec![
                acs(0, None, "https://sp1.example/old"),
                acs(1, Some(true), ACS),
                acs(2, Some(false), "https://sp1.example/acs2?x=1"),
            ],
            authn_requests_signed: true,
            keys: Keys(vec![key(KeyUse::Signing, &SP_KEY)]),
            ..SpRole::default()
        }),
        ..Entity::default()
    }
}

/// SP1 with other metadata.
pub(super) fn sp1_role(change: impl FnOnce(&mut SpRole)) -> Entity {
    let mut entity = sp1_entity();
    change(entity.sp.as_mut().unwrap());
    entity
}

/// SP2 of the attack catalogue: it does not sign.
pub(super) fn sp2_entity() -> Entity {
    let mut entity = sp1_role(|role| {
        role.authn_requests_signed = false;
        role.acs = vec![acs(0, None, "https://sp2.example/acs")];
    });
    entity.entity_id = SP2.to_owned();
    entity
}

/// A set of attributes in the metadata of a service provider.
pub(super) fn attribute_service(
    index: u16,
    requested: Vec<RequestedAttribute>,
) -> AttributeConsumer {
    AttributeConsumer { index, requested, ..AttributeConsumer::default() }
}

pub(super) fn register(entity: &Entity, form: &ServiceProviderRegistration) -> ServiceProvider {
    let id = entity.entity_id.parse().unwrap();
    ServiceProvider::register(id, entity, form, Surroundings::default()).unwrap()
}

pub(super) fn registered(entity: &Entity) -> ServiceProvider {
    register(entity, &ServiceProviderRegistration::default())
}

pub(super) fn sp1() -> ServiceProvider {
    registered(&sp1_entity())
}

pub(super) fn sp2() -> ServiceProvider {
    registered(&sp2_entity())
}

/// A sound request of `entity_id`, addressed to the door `binding`.
pub(super) fn request(entity_id: &str, binding: Binding) -> schema::AuthnRequest {
    let destination = match binding {
        Binding::Redirect => &PROVIDER.sso_redirect,
        _ => &PROVIDER.sso_post,
    };
    schema::AuthnRequest {
        id: "_request-1".to_owned(),
        issue_instant: NOW.minus(Lifetime::seconds(5)),
        destination: Some(destination.clone()),
        issuer: Some(Issuer(entity_id.to_owned())),
        requested_attributes: Vec::new(),
        subject: None,
        name_id_policy: None,
        conditions: None,
        requested_authn_context: None,
        scoping: None,
        force_authn: false,
        is_passive: false,
        acs_index: None,
        acs_url: None,
        protocol_binding: None,
        attribute_consuming_service_index: None,
        provider_name: None,
    }
}

/// The request as it comes by Redirect, signed with `pair`.
pub(super) fn by_redirect(request: &schema::AuthnRequest, pair: &Pair) -> Incoming {
    redirected(&request.write().to_canonical(), pair)
}

/// Bytes as they come by Redirect, signed with `pair`.
pub(super) fn redirected(xml: &[u8], pair: &Pair) -> Incoming {
    let key = signing_key(pair);
    let alg = key.default_alg();
    let url =
        redirect::write("https://x/", Kind::Request, xml, Some(RELAY_STATE), &key, alg).unwrap();
    redirect::read(url.split_once('?').unwrap().1).unwrap()
}

/// The request as it comes by POST, signed inside with `pair`.
pub(super) fn by_post(request: &schema::AuthnRequest, pair: &Pair) -> Incoming {
    let key = signing_key(pair);
    let signed = sign(request.write(), &key, key.default_alg(), Place::AfterIssuer).unwrap();
    posted(&signed.to_canonical())
}

/// Bytes as they come by POST.
pub(super) fn posted(xml: &[u8]) -> Incoming {
    let form = post::write("https://x/", Kind::Request, xml, Some(RELAY_STATE));
    post::read(&form.fields).unwrap()
}

/// Sends a message to a broker that knows these service providers, and a source of AGA.
pub(super) fn send(
    message: &Incoming,
    known: &[&ServiceProvider],
    now: Timestamp,
) -> Result<AuthnRequest, Declined> {
    let find = |entity_id: &str| known.iter().find(|sp| sp.entity_id == entity_id).copied();
    let hint = |entity_id: &str| {
        let of = |source: &str, agency: &str| Hinted {
            source: source.parse().unwrap(),
            agency: agency.parse().unwrap(),
        };
        match entity_id {
            "https://idp.una.example" => Some(of("una-saml", "una")),
            "https://idp.unb.example" => Some(of("unb-saml", "unb")),
            _ => None,
        }
    };
    receive(&Asked { message, find: &find, hint: &hint, provider: &PROVIDER, now })
}

/// A request of SP1 with a change, by Redirect.
pub(super) fn ask(
    change: impl FnOnce(&mut schema::AuthnRequest),
) -> Result<AuthnRequest, Declined> {
    ask_of(&sp1(), change)
}

/// The same, where SP1 is registered otherwise.
pub(super) fn ask_of(
    service_provider: &ServiceProvider,
    change: impl FnOnce(&mut schema::AuthnRequest),
) -> Result<AuthnRequest, Declined> {
    let mut request = request(&service_provider.entity_id, Binding::Redirect);
    change(&mut request);
    send(&by_redirect(&request, &SP_KEY), &[service_provider], NOW)
}

/// How a request ended: `ok`, or who is told what.
pub(super) fn outcome(answer: &Result<AuthnRequest, Declined>) -> String {
    match answer {
        Ok(_) => "ok".to_owned(),
        Err(Declined::Page(error)) => format!("page {}", error.slug),
        Err(Declined::Respond(error)) => {
            let second = error.rule.second.unwrap_or("-").rsplit(':').next().unwrap().to_owned();
            format!("respond {:?}/{second} {}", error.rule.code, error.rule.slug)
        }
    }
}

pub(super) fn attributes(pairs: &[(&str, &str)]) -> AttributeSet {
    let mut set = AttributeSet::default();
    for (name, value) in pairs {
        set.add(AttributeName::parse(name).unwrap(), (*value).to_owned());
    }
    set
}

/// Alice signed in at her agency, with two factors, a minute ago.
pub(super) fn issuance(request: &AuthnRequest) -> Issuance {
    Issuance {
        relying_party: request.relying_party.clone(),
        ticket: request.ticket.clone(),
        account: "account-of-alice".parse().unwrap(),
        subject: Subject::new("alice-for-sp1".to_owned()),
        agency: "una".parse().unwrap(),
        source: "una-saml".parse().unwrap(),
        issuer: "https://idp.una.example".to_owned(),
        session: "session-1".parse().unwrap(),
        authenticated_at: Some(NOW.minus(Lifetime::minutes(1))),
        received_at: NOW.minus(Lifetime::seconds(30)),
        session_ends_at: NOW + Lifetime::hours(8),
        acr: REFEDS_MFA.parse().unwrap(),
        amr: Vec::new(),
        assurance: idp_domain::Assurance::Aal2,
        released: attributes(&[
            ("mail", "alice@una.example"),
            ("displayName", "Alice Ångström"),
            ("isMemberOf", "staff"),
            ("isMemberOf", "editors"),
        ]),
        at: NOW,
    }
}

pub(super) static CHANCE: Chance =
    Chance { response: [1; 20], assertion: [2; 20], encryption: [3; 48] };

pub(super) fn vouch<'a>(issuance: &'a Issuance, key: &'a SigningKey) -> Vouch<'a> {
    Vouch {
        provider: &PROVIDER,
        key,
        issuance,
        passing_person: "passing-alice",
        passing_session: "passing-session",
        random: &CHANCE,
    }
}

/// The answer to a sound request of `service_provider`, for Alice as `change` has her.
pub(super) fn answer(
    service_provider: &ServiceProvider,
    change: impl FnOnce(&mut Issuance),
) -> PostForm {
    let request = ask_of(service_provider, |_| ()).unwrap();
    let mut issuance = issuance(&request);
    change(&mut issuance);
    let ticket = Ticket::open(&request.ticket, service_provider).unwrap();
    respond(&ticket, service_provider, &vouch(&issuance, &our_key())).unwrap()
}

/// The document that a form carries.
pub(super) fn document_of(form: &PostForm) -> Vec<u8> {
    STANDARD.decode(&form.fields.first().unwrap().1).unwrap()
}

/// A document for people to compare: indented, without what differs from run to run.
pub(super) fn pretty(xml: &[u8]) -> String {
    let document = Document::parse(xml, Limits::MESSAGE).unwrap();
    let mut out = String::new();
    push_pretty(&mut out, document.root(), 0);
    out
}

fn push_pretty(out: &mut String, element: Element<'_>, depth: usize) {
    let indent = "  ".repeat(depth);
    write!(out, "{indent}<{}", element.local_name()).unwrap();
    for (_, name, value) in element.attributes() {
        write!(out, " {name}={value:?}").unwrap();
    }
    if element.children().next().is_some() {
        out.push_str(">\n");
        element.children().for_each(|child| push_pretty(out, child, depth + 1));
        writeln!(out, "{indent}</{}>", element.local_name()).unwrap();
        return;
    }
    let text = match element.local_name() {
        "DigestValue" | "SignatureValue" | "X509Certificate" | "CipherValue" => "…".into(),
        _ => element.text().unwrap(),
    };
    writeln!(out, ">{text}</{}>", element.local_name()).unwrap();
}

/// What our own role of service provider reads in an answer, at `acs` and as `entity_id`.
pub(super) fn consume(
    form: &PostForm,
    entity_id: &str,
    asked: bool,
) -> Result<Accepted, ConsumeError> {
    let idp = IdpTrust {
        entity_id: PROVIDER.entity_id.clone(),
        keys: vec![VerifyingKey::from_certificate(our_key().certificate()).unwrap()],
        quirks: Quirks::default(),
    };
    let asked = asked.then(|| sp::Asked {
        request_id: "_request-1".to_owned(),
        issued_at: NOW.minus(Lifetime::seconds(5)),
    });
    sp::consume(
        &document_of(form),
        &Expected {
            idp: &idp,
            our_entity_id: entity_id,
            acs: &form.action,
            asked: asked.as_ref(),
            decryption: &[DecryptionKey::new(&SP_KEY.pkcs8, &SP_KEY.certificate).unwrap()],
            policy: DecryptionPolicy { oaep_sha1: true, cbc: false },
            require_encryption: false,
            skew: Lifetime::seconds(0),
            now: NOW,
        },
    )
}

/// What a request names: an attribute, of which only `values` are wanted if there are any.
pub(super) fn wanted(name: &str, values: &[&str]) -> schema::RequestedAttribute {
    schema::RequestedAttribute {
        name: name.to_owned(),
        name_format: None,
        friendly_name: None,
        required: false,
        values: values.iter().map(|value| AttributeValue::Text((*value).to_owned())).collect(),
    }
}

/// SP1 with a key that is encrypted to.
pub(super) fn encrypted_entity() -> Entity {
    sp1_role(|role| role.keys.0.push(key(KeyUse::Encryption, &SP_KEY)))
}

/// What our own role of service provider believes of an answer to SP1.
pub(super) fn accepted(
    service_provider: &ServiceProvider,
    change: impl FnOnce(&mut Issuance),
) -> Accepted {
    consume(&answer(service_provider, change), SP1, true).unwrap()
}

/// Names and values of the attributes, a line each.
pub(super) fn lines(accepted: &Accepted) -> String {
    let lines = accepted.attributes.iter().map(|one| {
        let values: Vec<_> = one.values.iter().filter_map(|value| value.as_text()).collect();
        format!("{} {}", one.friendly_name.as_deref().unwrap_or_default(), values.join(" | "))
    });
    lines.collect::<Vec<_>>().join("\n")
}
