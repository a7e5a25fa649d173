//! Service providers: the half of a relying party that only this dialect knows, checked when
//! registered. A [`ServiceProvider`] that exists is sound; only [`ServiceProvider::register`]
//! makes one.

mod encryption;
mod register;
mod registration;

use std::collections::BTreeSet;

use idp_domain::{AttributeName, Lifetime, RelyingPartyId, Timestamp, subject::SubjectKind};

pub use encryption::{Encryption, Recipient, Unencryptable};
pub(super) use register::canonical;
pub use registration::{Encrypt, ServiceProviderRegistration, SignatureName};

use super::{IdentifierNeed, NameIdKind};
use crate::{
    dsig::{SignatureAlg, SigningKey, VerifyingKey},
    metadata::{AcsEndpoint, AttributeConsumer, Endpoint, Entity},
};

/// What the installation allows beyond the rules for the open network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Peers may be on loopback addresses, over plain http: for tests and demonstrations.
    pub loopback_peers: bool,
}

/// Why a registration is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem} ({slug})")]
pub struct RegistrationError {
    /// The stable name of the rule.
    pub slug: &'static str,
    /// The field of the registration that breaks it; `metadata` for what stands in there.
    pub field: &'static str,
    /// What is wrong; may quote the field, cut to 200 characters.
    pub problem: String,
    /// What to do about it.
    pub hint: &'static str,
}

/// A registered service provider.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the registration")]
pub struct ServiceProvider {
    /// Its id in the federation.
    pub id: RelyingPartyId,
    /// Its name on the wire, compared byte by byte.
    pub entity_id: String,
    /// From this instant on its metadata no longer counts, and it is not answered.
    pub valid_until: Option<Timestamp>,
    /// Where answers may go.
    pub(super) acs: AcsEndpoints,
    /// Where it wants to hear of logouts.
    pub slo: Vec<Endpoint>,
    /// The keys that it signs with.
    pub keys: Vec<VerifyingKey>,
    /// Whether an unsigned request is not its own.
    pub require_signed_requests: bool,
    /// Whether assertions are signed.
    pub sign_assertion: bool,
    /// Whether responses are signed.
    pub sign_response: bool,
    /// What signatures are made with, best first.
    pub(super) signature_algs: Vec<SignatureAlg>,
    /// Whether and how assertions are encrypted.
    pub encryption: Encryption,
    /// What a person is called by where a request does not say.
    pub name_id: NameIdKind,
    /// Whether the mail address may be a name.
    pub(super) email_name: bool,
    /// Which identifier it is told as an attribute, if it says.
    pub identifier: Option<IdentifierNeed>,
    /// How it is told who somebody is.
    pub subject: SubjectKind,
    /// Service providers of one sector are told the same pairwise subject.
    pub sector: String,
    /// Whether a sign-in may begin with us.
    pub unsolicited: bool,
    /// How long its session may rest on our word, if it is to be shorter than ours.
    pub session_lifetime: Option<Lifetime>,
    /// What it asks for.
    pub(super) attribute_services: Vec<AttributeConsumer>,
    /// What it may be told where the federation does not say: by its entity categories.
    pub releasable: BTreeSet<AttributeName>,
    /// What an operator should know, although it is served.
    pub doubts: Vec<RegistrationError>,
}

impl ServiceProvider {
    /// Registers the service provider that `entity` describes, under `id`; every rule that is
    /// broken is told, not only the first.
    pub fn register(
        id: RelyingPartyId,
        entity: &Entity,
        registration: &ServiceProviderRegistration,
        surroundings: Surroundings,
    ) -> Result<Self, Vec<RegistrationError>> {
        register::register(id, entity, registration, surroundings)
    }

    /// Whether its metadata has run out at `now`.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.valid_until.is_some_and(|end| end <= now)
    }

    /// Where answers may go.
    #[must_use]
    pub fn acs(&self) -> &AcsEndpoints {
        &self.acs
    }

    /// What our signatures for it are made with, if `key` makes them.
    #[must_use]
    pub fn signature_alg(&self, key: &SigningKey) -> SignatureAlg {
        let fits = self.signature_algs.iter().copied().find(|alg| key.fits(*alg));
        fits.unwrap_or_else(|| key.default_alg())
    }

    /// The attributes that it asks for in the set `index`, or in its default one: what it cannot
    /// do without comes first. `None` when there is no set of that index.
    #[must_use]
    pub fn attribute_service(&self, index: Option<u16>) -> Option<&AttributeConsumer> {
        let all = &self.attribute_services;
        if let Some(index) = index {
            return all.iter().find(|one| one.index == index);
        }
        let marked = |mark| all.iter().find(move |one| one.is_default == mark);
        marked(Some(true)).or_else(|| marked(None)).or_else(|| all.first())
    }
}

/// The endpoints to which a service provider wants answers: those of its metadata that take POST.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AcsEndpoints(Vec<AcsEndpoint>);

impl AcsEndpoints {
    /// The endpoint at `url`, compared character for character: whoever parses addresses before
    /// comparing them takes two different ones for the same.
    //= saml-profiles#4.1.4.1-1
    #[must_use]
    pub fn at(&self, url: &str) -> Option<&AcsEndpoint> {
        self.0.iter().find(|acs| acs.location.as_str() == url)
    }

    /// The endpoint of that number.
    #[must_use]
    pub fn numbered(&self, index: u16) -> Option<&AcsEndpoint> {
        self.0.iter().find(|acs| acs.index == index)
    }

    /// The endpoint for requests that name none: the one marked as default, else the first that
    /// is not marked as none, else the first (SAML Metadata 2.2.3).
    #[must_use]
    pub fn default(&self) -> Option<&AcsEndpoint> {
        let marked = |mark| self.0.iter().find(move |acs| acs.is_default == mark);
        marked(Some(true)).or_else(|| marked(None)).or_else(|| self.0.first())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &AcsEndpoint> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests;
