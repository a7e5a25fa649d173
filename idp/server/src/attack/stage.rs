//! The stage: what anybody can learn of a node by asking it, and nothing else.

use idp_domain::{SourceId, Timestamp};
use idp_fetch::Fetcher;
use idp_saml::{
    binding::Binding,
    dsig::EncryptionKey,
    metadata::{Endpoint, Entity, KeyUse, Reading, Trust, read},
};
use serde::Deserialize;
use url::Url;

use super::{
    browser::{Browser, Seen},
    error::AttackError,
};

/// Where a message can be brought to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// Where the source's answers are taken.
    Acs,
    /// Where service providers ask, by form.
    SsoPost,
    /// Where service providers ask, by address.
    SsoRedirect,
    /// Where service providers sign people out, by form.
    SloPost,
    /// Where service providers sign people out, by address.
    SloRedirect,
    /// Where service providers sign people out, by SOAP.
    SloSoap,
    /// Where agencies sign people out, by form.
    SpSloPost,
    /// Where agencies sign people out, by address.
    SpSloRedirect,
    /// Where agencies sign people out, by SOAP.
    SpSloSoap,
}

impl Door {
    /// How messages come to it.
    pub(super) fn binding(self) -> Binding {
        match self {
            Self::Acs | Self::SsoPost | Self::SloPost | Self::SpSloPost => Binding::Post,
            Self::SsoRedirect | Self::SloRedirect | Self::SpSloRedirect => Binding::Redirect,
            Self::SloSoap | Self::SpSloSoap => Binding::Soap,
        }
    }

    /// Whether it belongs to our role towards agencies.
    pub(super) fn is_of_the_source(self) -> bool {
        matches!(self, Self::Acs | Self::SpSloPost | Self::SpSloRedirect | Self::SpSloSoap)
    }
}

/// A node as it presents itself.
pub(super) struct Stage {
    /// Its address.
    pub(super) base: Url,
    /// Its entity id as identity provider.
    pub(super) entity_id: String,
    idp: Entity,
    /// The source whose answers are forged.
    pub(super) target: Option<Target>,
}

/// A source as the node presents itself towards it.
pub(super) struct Target {
    /// Its id.
    pub(super) source: SourceId,
    /// The node's entity id as service provider.
    pub(super) entity_id: String,
    /// Where its answers are taken.
    pub(super) acs: String,
    /// What its agency encrypts to.
    pub(super) encryption: Option<EncryptionKey>,
    sp: Entity,
}

/// The part of the discovery document that is of use here.
#[derive(Deserialize)]
struct Discovery {
    authorization_endpoint: Url,
}

impl Stage {
    /// Looks around at the node at `base`.
    pub(super) async fn look(
        fetcher: &Fetcher,
        base: &Url,
        source: Option<SourceId>,
        now: Timestamp,
    ) -> Result<Self, AttackError> {
        let url = join(base, "/saml/metadata")?;
        let idp = entity(fetcher, base, &url, now).await?;
        let target = match source {
            Some(source) => Some(Target::look(fetcher, base, source, now).await?),
            None => None,
        };
        Ok(Self::of(base.clone(), idp, target))
    }

    /// A stage of what was seen.
    pub(super) fn of(base: Url, idp: Entity, target: Option<Target>) -> Self {
        Self { base, entity_id: idp.entity_id.clone(), idp, target }
    }

    /// The address of a door; none if the node has no such door.
    pub(super) fn place(&self, door: Door) -> Option<&str> {
        let idp = self.idp.idp.as_ref();
        let sp = self.target.as_ref().and_then(|target| target.sp.sp.as_ref());
        let all: &[Endpoint] = match door {
            Door::Acs => return self.target.as_ref().map(|target| target.acs.as_str()),
            Door::SsoPost | Door::SsoRedirect => &idp?.sso,
            Door::SloPost | Door::SloRedirect | Door::SloSoap => &idp?.slo,
            Door::SpSloPost | Door::SpSloRedirect | Door::SpSloSoap => &sp?.slo,
        };
        let found = all.iter().find(|endpoint| endpoint.binding == door.binding())?;
        Some(found.location.as_str())
    }

    /// Where relying parties of OpenID Connect begin.
    pub(super) async fn authorization(&self, fetcher: &Fetcher) -> Result<Url, AttackError> {
        let url = join(&self.base, "/.well-known/openid-configuration")?;
        let seen = published(fetcher, &self.base, &url).await?;
        let not_published =
            || AttackError::NotPublished { url: url.to_string(), status: seen.status };
        let read: Discovery = serde_json::from_str(&seen.body).map_err(|_| not_published())?;
        Ok(read.authorization_endpoint)
    }
}

impl Target {
    async fn look(
        fetcher: &Fetcher,
        base: &Url,
        source: SourceId,
        now: Timestamp,
    ) -> Result<Self, AttackError> {
        let mut url = join(base, "/saml/sp/metadata")?;
        url.query_pairs_mut().append_pair("source", source.as_str());
        let sp = entity(fetcher, base, &url, now).await?;
        let not_published = || AttackError::NotPublished { url: url.to_string(), status: 200 };
        let target = Self::of(source, sp).ok_or_else(not_published)?;
        // Metadata is published for sources to come as well; what answers there tells.
        let seen = Browser::new(fetcher, base).get(join(base, &target.acs)?).await;
        match seen.map_err(|source| away(base, source))?.status {
            404 => Err(AttackError::NoSource(target.source.to_string())),
            _ => Ok(target),
        }
    }

    /// The source as our metadata towards it says; none if nothing is answered there.
    pub(super) fn of(source: SourceId, sp: Entity) -> Option<Self> {
        let role = sp.sp.as_ref()?;
        let acs = role.acs.first()?.location.to_string();
        let mut keys = role.keys.certificates(KeyUse::Encryption);
        let encryption = keys.find_map(|(_, der)| EncryptionKey::from_certificate(der).ok());
        let entity_id = sp.entity_id.clone();
        drop(keys);
        Some(Self { source, entity_id, acs, encryption, sp })
    }
}

/// The entity that is published at `url`, all of whose ways lead below `base`.
async fn entity(
    fetcher: &Fetcher,
    base: &Url,
    url: &Url,
    now: Timestamp,
) -> Result<Entity, AttackError> {
    parse(&published(fetcher, base, url).await?.body, base, url, now)
}

/// The entity that a text describes, which stands at `url`.
pub(super) fn parse(
    text: &str,
    base: &Url,
    url: &Url,
    now: Timestamp,
) -> Result<Entity, AttackError> {
    let reading = Reading { trust: Trust::Unsigned, now, loopback_http: true };
    let entity = read(text.as_bytes(), &reading)
        .map_err(|source| AttackError::Metadata { url: url.to_string(), source })?;
    let idp = entity.idp.iter().flat_map(|role| role.sso.iter().chain(&role.slo));
    let sp = entity.sp.iter().flat_map(|role| &role.slo);
    let acs = entity.sp.iter().flat_map(|role| role.acs.iter().map(|acs| acs.location.as_str()));
    for place in idp.chain(sp).map(|endpoint| endpoint.location.as_str()).chain(acs) {
        if Url::parse(place).map(|place| place.origin()) != Ok(base.origin()) {
            let (url, place) = (url.to_string(), place.to_owned());
            return Err(AttackError::Elsewhere { url, place });
        }
    }
    Ok(entity)
}

async fn published(fetcher: &Fetcher, base: &Url, url: &Url) -> Result<Seen, AttackError> {
    let seen = Browser::new(fetcher, base).get(url.clone()).await;
    let seen = seen.map_err(|source| away(base, source))?;
    if seen.status == 200 {
        return Ok(seen);
    }
    Err(AttackError::NotPublished { url: url.to_string(), status: seen.status })
}

pub(super) fn away(base: &Url, source: idp_fetch::FetchError) -> AttackError {
    AttackError::Node { base: base.to_string(), source }
}

fn join(base: &Url, path: &str) -> Result<Url, AttackError> {
    let elsewhere = |_| AttackError::Elsewhere { url: base.to_string(), place: path.to_owned() };
    base.join(path).map_err(elsewhere)
}
