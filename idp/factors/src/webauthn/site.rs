//! Who we are towards browsers and authenticators: name, id, origins.

use std::time::Duration;

use idp_domain::{Lifetime, Timestamp};
use serde_json::{Value, json};
use thiserror::Error;
use url::{Host, Url};
use webauthn_rs_core::WebauthnCore;

use super::error::CeremonyError;

/// How long a ceremony may take, for the browser and for us.
pub const CEREMONY_LIFE: Lifetime = Lifetime::minutes(5);

/// What [`Site::new`] needs to know. All of it is configuration.
#[derive(Debug, Clone)]
pub struct SiteSettings {
    /// What people call us; browsers show it.
    pub name: String,
    /// The relying party id: our domain or one above it. Changing it makes every passkey useless.
    pub id: String,
    /// Our own origin.
    pub origin: Url,
    /// Origins under other domains that may use our passkeys (WebAuthn section 5.11).
    pub related_origins: Vec<Url>,
}

/// Why a site cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SiteError {
    /// An origin is neither `https` nor, on localhost, `http`, or has more than scheme, host, port.
    #[error("{0} is not an origin that browsers let use passkeys")]
    Origin(Url),
    /// The id is not our domain, nor one above it.
    #[error("the relying party id {id} is not the domain of {origin}, nor one above it")]
    Id {
        /// The id.
        id: String,
        /// Our origin.
        origin: Url,
    },
}

/// Our side of every ceremony. Holds no state of any.
#[derive(Debug, Clone)]
pub struct Site {
    pub(super) core: WebauthnCore,
    name: String,
    id: String,
    /// As browsers write them: our own first, then the related ones.
    origins: Vec<String>,
}

impl Site {
    /// Holds the settings against each other.
    pub fn new(settings: SiteSettings) -> Result<Self, SiteError> {
        let SiteSettings { name, id, origin, related_origins } = settings;
        let domain = origin.domain().unwrap_or_default();
        let is_above = domain.strip_suffix(&id).is_some_and(|rest| rest.ends_with('.'));
        if id.is_empty() || domain != id && !is_above {
            return Err(SiteError::Id { id, origin });
        }
        let mut urls = vec![origin];
        urls.extend(related_origins);
        let origins = urls.iter().map(as_browsers_write).collect::<Result<_, _>>()?;
        let life = Duration::from_secs(u64::from(CEREMONY_LIFE.as_seconds()));
        // No subdomains, no other ports: the list is the list.
        let core =
            WebauthnCore::new_unsafe_experts_only(&name, &id, urls, life, Some(false), Some(false));
        Ok(Self { core, name, id, origins })
    }

    /// What people call us.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The relying party id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The document at `/.well-known/webauthn` of the relying party id's domain, if origins under
    /// other domains are configured (WebAuthn section 5.11).
    #[must_use]
    pub fn related_origins(&self) -> Option<Value> {
        (self.origins.len() > 1).then(|| json!({ "origins": self.origins }))
    }

    pub(super) fn origins(&self) -> &[String] {
        &self.origins
    }
}

/// Refuses a ceremony of another time than the [`CEREMONY_LIFE`] since it was started.
pub(super) fn in_time(started_at: Timestamp, now: Timestamp) -> Result<(), CeremonyError> {
    if now >= started_at && now < started_at + CEREMONY_LIFE {
        Ok(())
    } else {
        Err(CeremonyError::Expired)
    }
}

fn as_browsers_write(url: &Url) -> Result<String, SiteError> {
    let written = url.origin().ascii_serialization();
    let local = url.host() == Some(Host::Domain("localhost"));
    let secure = url.scheme() == "https" || url.scheme() == "http" && local;
    let bare = url.as_str().trim_end_matches('/') == written;
    if secure && bare && url.domain().is_some() {
        Ok(written)
    } else {
        Err(SiteError::Origin(url.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(id: &str, origin: &str) -> SiteSettings {
        SiteSettings {
            name: "Laissez-Passer".to_owned(),
            id: id.to_owned(),
            origin: origin.parse().unwrap(),
            related_origins: Vec::new(),
        }
    }

    #[test]
    fn wan_16_the_id_is_our_domain_or_one_above_it() {
        for (id, origin) in [
            ("broker.example", "https://broker.example"),
            ("example", "https://broker.example/"),
            ("localhost", "http://localhost:8080"),
        ] {
            assert_eq!(Site::new(settings(id, origin)).unwrap().id(), id);
        }
        for (id, origin) in [
            ("", "https://broker.example"),
            ("roker.example", "https://broker.example"),
            ("other.example", "https://broker.example"),
            ("sub.broker.example", "https://broker.example"),
            ("127.0.0.1", "https://127.0.0.1"),
        ] {
            let error = Site::new(settings(id, origin)).unwrap_err();
            assert!(matches!(error, SiteError::Id { .. }), "{id} {origin}: {error}");
        }
    }

    #[test]
    fn an_origin_is_secure_and_bare() {
        for origin in [
            "http://broker.example",
            "https://broker.example/path",
            "https://broker.example/?query",
            "https://user@broker.example",
            "ftp://broker.example",
        ] {
            let error = Site::new(settings("broker.example", origin)).unwrap_err();
            assert!(matches!(error, SiteError::Origin(_)), "{origin}: {error}");
        }
    }

    #[test]
    fn wan_16_related_origins_are_published_only_if_there_are_any() {
        let alone = settings("broker.example", "https://broker.example");
        assert_eq!(Site::new(alone.clone()).unwrap().related_origins(), None);
        let related = vec!["https://passport.other:8443".parse().unwrap()];
        let site = Site::new(SiteSettings { related_origins: related, ..alone }).unwrap();
        let document =
            json!({ "origins": ["https://broker.example", "https://passport.other:8443"] });
        assert_eq!(site.related_origins(), Some(document));
    }
}
