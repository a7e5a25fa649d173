//! Our metadata, for both roles: rendered when keys or the federation change, and now and then so
//! that it never runs out; sent as it is.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::body::Bytes;
use idp_domain::{
    Agency, Lang, Lifetime, SourceId, Timestamp, agency::Domain, attribute::REGISTRY,
};
use idp_saml::{
    binding::Binding,
    dsig::{ContentAlg, DigestAlg, KeyError, KeyTransport, SignatureAlg},
    idp::{Provider, category},
    keys::SamlKeys,
    metadata::{
        self, AcsEndpoint, Algorithms, AttributeConsumer, Contact, ContactKind, EncryptionMethod,
        Endpoint, Entity, IdpRole, Key, KeyUse, Keys, Location, Logo, LogoSource, Organization,
        RequestedAttribute, SpRole, Texts, Ui,
    },
    schema::{format, name_format},
};
use url::Url;

use super::{About, path};

/// How long a copy of our metadata may be used.
const VALID: Lifetime = Lifetime::hours(14 * 24);
/// How long it may be kept before it is asked for again.
const KEPT: Lifetime = Lifetime::hours(6);
/// How old a rendering grows before it is made anew.
const RENEWED: Lifetime = Lifetime::hours(12);

/// What the federation says that stands in our metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// The scopes that the agencies may assert through us.
    pub(crate) scopes: BTreeSet<Domain>,
    /// The sources that answer by SAML.
    pub(crate) sources: BTreeSet<SourceId>,
}

impl Known {
    /// What stands in there of these.
    pub(crate) fn of<'a>(
        agencies: impl Iterator<Item = &'a Agency>,
        sources: impl Iterator<Item = SourceId>,
    ) -> Self {
        let scopes = agencies.filter(|agency| agency.enabled).flat_map(|agency| &agency.scopes);
        Self { scopes: scopes.cloned().collect(), sources: sources.collect() }
    }
}

/// Who we are to SAML peers, and what is published of it.
pub(crate) struct Published {
    /// Our names as identity provider.
    pub(crate) provider: Provider,
    /// Our entity id as service provider.
    pub(crate) sp_entity_id: String,
    /// Our keys.
    pub(crate) keys: Arc<SamlKeys>,
    /// Our metadata as identity provider.
    pub(crate) idp: Bytes,
    /// Our metadata as service provider; nothing to publish while no source answers by SAML.
    pub(crate) sp: Option<Bytes>,
    about: Arc<About>,
    base: Url,
    known: Known,
    rendered_at: Timestamp,
}

/// What everything is published for.
#[derive(Clone)]
pub(crate) struct Stand {
    pub(crate) about: Arc<About>,
    pub(crate) base: Url,
    pub(crate) known: Known,
    pub(crate) keys: Arc<SamlKeys>,
}

impl Published {
    /// Renders our metadata as of `now`.
    pub(crate) fn render(stand: Stand, now: Timestamp) -> Result<Self, KeyError> {
        let Stand { about, base, known, keys } = stand;
        let at = |path: &str| format!("{}{path}", base.as_str().trim_end_matches('/'));
        let provider = Provider {
            entity_id: at(path::METADATA),
            sso_redirect: at(path::SSO),
            sso_post: at(path::SSO),
            scope: base.host_str().unwrap_or_default().to_owned(),
        };
        let mut published = Self {
            sp_entity_id: at(path::SP_METADATA),
            provider,
            keys,
            idp: Bytes::new(),
            sp: None,
            about,
            base,
            known,
            rendered_at: now,
        };
        published.idp = published.write(&published.identity_provider(now))?;
        if !published.known.sources.is_empty() {
            let sources = published.known.sources.iter();
            published.sp = Some(published.write(&published.service_provider(sources, now))?);
        }
        Ok(published)
    }

    /// Our metadata as service provider towards one source alone, registered or not yet.
    pub(crate) fn towards(&self, source: &SourceId, now: Timestamp) -> Result<Bytes, KeyError> {
        self.write(&self.service_provider(std::iter::once(source), now))
    }

    /// Whether it should be rendered anew, for its age alone.
    pub(crate) fn is_stale(&self, now: Timestamp) -> bool {
        now.since(self.rendered_at) > RENEWED
    }

    /// What it was rendered for.
    pub(crate) fn stand(&self) -> Stand {
        Stand {
            about: Arc::clone(&self.about),
            base: self.base.clone(),
            known: self.known.clone(),
            keys: Arc::clone(&self.keys),
        }
    }

    fn write(&self, entity: &Entity) -> Result<Bytes, KeyError> {
        let key = &self.keys.signing;
        metadata::write(entity, key, key.default_alg()).map(Bytes::from)
    }

    fn at(&self, path: &str) -> Option<Location> {
        Location::parse(&format!("{}{path}", self.base.as_str().trim_end_matches('/')), true).ok()
    }

    fn endpoint(&self, binding: Binding, path: &str) -> Option<Endpoint> {
        Some(Endpoint { binding, location: self.at(path)?, response_location: None })
    }

    fn entity(&self, entity_id: &str, now: Timestamp) -> Entity {
        let about = &self.about;
        Entity {
            entity_id: entity_id.to_owned(),
            valid_until: Some(now + VALID),
            cache_duration: Some(KEPT),
            organization: self.organization(),
            attributes: certifications(&about.certifications),
            contacts: [
                (ContactKind::Technical, &about.technical_contact),
                (ContactKind::Support, &about.support_contact),
                (ContactKind::Security, &about.security_contact),
            ]
            .into_iter()
            .filter_map(|(kind, mail)| Some(contact(kind, mail.as_ref()?)))
            .collect(),
            ..Entity::default()
        }
    }

    fn organization(&self) -> Option<Organization> {
        let names = &self.about.organization;
        if names.is_empty() {
            return None;
        }
        let url = self.about.organization_url.as_ref().unwrap_or(&self.base);
        let texts = Texts::from(names);
        Some(Organization {
            display_names: texts.clone(),
            urls: self.everywhere(url),
            names: texts,
        })
    }

    /// An address, for readers of each language in which the organization has a name.
    fn everywhere(&self, url: &Url) -> Texts {
        let names = &self.about.organization;
        let langs: Vec<_> = names.iter().map(|(lang, _)| lang).collect();
        let langs = if langs.is_empty() { vec![Lang::En] } else { langs };
        Texts::new(langs.into_iter().map(|lang| (lang.tag().to_owned(), url.as_str().to_owned())))
    }

    fn ui(&self) -> Ui {
        let about = &self.about;
        let page = |url: &Option<Url>| match url {
            Some(url) => self.everywhere(url),
            None => Texts::default(),
        };
        Ui {
            display_names: Texts::from(&about.names),
            descriptions: Texts::from(&about.descriptions),
            logos: about.logo.iter().filter_map(logo).collect(),
            information_urls: self.everywhere(&self.base),
            privacy_statement_urls: page(&about.privacy_url),
            ..Ui::default()
        }
    }

    fn keys(&self) -> Keys {
        let key = |usage, encryption_methods: Vec<EncryptionMethod>| {
            move |certificate: &Vec<u8>| Key {
                usage,
                certificates: vec![certificate.clone()],
                encryption_methods: encryption_methods.clone(),
            }
        };
        let signing = self.keys.published_signing_certs.iter();
        let encryption = self.keys.published_encryption_certs.iter();
        Keys(
            signing
                .map(key(KeyUse::Signing, Vec::new()))
                .chain(encryption.map(key(KeyUse::Encryption, decrypted())))
                .collect(),
        )
    }

    fn identity_provider(&self, now: Timestamp) -> Entity {
        let provider = &self.provider;
        let own = provider.scope.parse::<Domain>().ok();
        let slo = [
            self.endpoint(Binding::Redirect, path::SLO),
            self.endpoint(Binding::Post, path::SLO),
            self.endpoint(Binding::Soap, path::SLO_SOAP),
        ];
        let sso =
            [self.endpoint(Binding::Redirect, path::SSO), self.endpoint(Binding::Post, path::SSO)];
        let role = IdpRole {
            sso: sso.into_iter().flatten().collect(),
            slo: slo.into_iter().flatten().collect(),
            name_id_formats: [format::PERSISTENT, format::TRANSIENT].map(str::to_owned).into(),
            keys: self.keys(),
            ui: self.ui(),
            scopes: self
                .known
                .scopes
                .iter()
                .cloned()
                .chain(own)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
            attributes: REGISTRY.iter().map(|def| def.uri.to_owned()).collect(),
            algorithms: algorithms(),
            ..IdpRole::default()
        };
        let mut entity = self.entity(&provider.entity_id, now);
        let supported = category::SUPPORTED.map(str::to_owned).into();
        entity.attributes.insert(Entity::CATEGORY_SUPPORT.to_owned(), supported);
        entity.idp = Some(role);
        entity
    }

    fn service_provider<'a>(
        &self,
        sources: impl Iterator<Item = &'a SourceId>,
        now: Timestamp,
    ) -> Entity {
        let acs = (0_u16..).zip(sources).filter_map(|(index, source)| {
            let location = self.at(&format!("/sources/{source}/acs"))?;
            Some(AcsEndpoint { binding: Binding::Post, location, index, is_default: None })
        });
        let slo = [
            self.endpoint(Binding::Redirect, path::SP_SLO),
            self.endpoint(Binding::Post, path::SP_SLO),
            self.endpoint(Binding::Soap, path::SP_SLO_SOAP),
        ];
        let role = SpRole {
            acs: acs.collect(),
            slo: slo.into_iter().flatten().collect(),
            name_id_formats: [format::PERSISTENT, format::TRANSIENT].map(str::to_owned).into(),
            authn_requests_signed: true,
            want_assertions_signed: true,
            keys: self.keys(),
            ui: self.ui(),
            attribute_services: vec![AttributeConsumer {
                index: 0,
                is_default: Some(true),
                names: Texts::from(&self.about.names),
                requested: requested(),
                ..AttributeConsumer::default()
            }],
            algorithms: algorithms(),
            ..SpRole::default()
        };
        let mut entity = self.entity(&self.sp_entity_id, now);
        if !self.about.categories.is_empty() {
            let categories = self.about.categories.clone();
            entity.attributes.insert(Entity::CATEGORY.to_owned(), categories);
        }
        entity.attributes.insert(Entity::SUBJECT_ID_REQ.to_owned(), vec!["any".to_owned()]);
        entity.sp = Some(role);
        entity
    }
}

fn certifications(uris: &[String]) -> BTreeMap<String, Vec<String>> {
    let said = (!uris.is_empty()).then(|| uris.to_vec());
    said.map(|uris| (Entity::ASSURANCE_CERTIFICATION.to_owned(), uris)).into_iter().collect()
}

/// The measures are those that the profile recommends for a logo (MDUI 2.1.5).
fn logo(url: &Url) -> Option<Logo> {
    let location = Location::parse(url.as_str(), true).ok()?;
    Some(Logo { source: LogoSource::Location(location), width: 160, height: 120, lang: None })
}

fn contact(kind: ContactKind, mail: &str) -> Contact {
    Contact {
        kind,
        company: None,
        given_name: None,
        surname: None,
        emails: vec![mail.to_owned()],
        phones: Vec::new(),
    }
}

/// What is asked of agencies: everything that relying parties here can be told. Only a name that
/// lasts is needed, and a persistent name identifier is one.
fn requested() -> Vec<RequestedAttribute> {
    // What the broker itself knows is asked of nobody.
    let asked = REGISTRY.iter().filter(|def| def.name.as_str() != "agency");
    let attribute = |def: &idp_domain::attribute::AttributeDef| RequestedAttribute {
        name: def.uri.to_owned(),
        name_format: Some(name_format::URI.to_owned()),
        friendly_name: Some(def.name.as_str().to_owned()),
        ..RequestedAttribute::default()
    };
    asked.map(attribute).collect()
}

/// What may be encrypted to us, best first.
fn decrypted() -> Vec<EncryptionMethod> {
    let plain = |uri: &str| EncryptionMethod { algorithm: uri.to_owned(), ..Default::default() };
    let content = [ContentAlg::Aes256Gcm, ContentAlg::Aes128Gcm].map(|alg| plain(alg.uri()));
    let transport = KeyTransport::OaepSha256Mgf1Sha256;
    let transport = EncryptionMethod {
        algorithm: transport.uri().to_owned(),
        digest: Some(transport.digest_uri().to_owned()),
        mgf: transport.mgf_uri().map(str::to_owned),
    };
    content.into_iter().chain([transport]).collect()
}

fn algorithms() -> Algorithms {
    Algorithms {
        digest: DigestAlg::ALL.iter().map(|alg| alg.uri().to_owned()).collect(),
        signing: SignatureAlg::ALL.iter().map(|alg| alg.uri().to_owned()).collect(),
    }
}

#[cfg(test)]
mod conformance;
