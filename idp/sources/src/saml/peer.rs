//! What is used of an identity provider's metadata: checked once, when it is taken over.

use idp_domain::Timestamp;
use idp_saml::binding::Binding;
use idp_saml::dsig::{SignatureAlg, SigningKey, VerifyingKey};
use idp_saml::idp::similar;
use idp_saml::metadata::{Endpoint, Entity, KeyUse};
use idp_saml::sp::IdpTrust;
use thiserror::Error;

use super::connection::{RequestBinding, SamlConnection};

/// Why metadata is of no use for this source.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PeerError {
    /// It is about something else.
    #[error("the metadata describes no identity provider (IDPSSODescriptor)")]
    NoRole,
    /// Nothing that it signs could ever be verified; and no key does not mean no check.
    #[error("no key in the metadata verifies signatures: RSA of 2048 bits or more, P-256, P-384")]
    NoKeys,
    /// It cannot be asked.
    #[error("the metadata has no SingleSignOnService for {}", .0.map_or("HTTP-Redirect or HTTP-POST", binding_name))]
    NoEndpoint(Option<RequestBinding>),
    /// It would not listen.
    #[error("the metadata wants requests signed (WantAuthnRequestsSigned): remove `sign_requests`")]
    WantsSignature,
    /// It is ourselves, or looks like it.
    #[error("the metadata is about the broker itself, or about something that is called like it")]
    Ourselves,
}

impl PeerError {
    /// The stable name, the same in trail, log and metric.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::NoRole => "metadata_role",
            Self::NoKeys => "metadata_keys",
            Self::NoEndpoint(_) => "metadata_endpoint",
            Self::WantsSignature => "metadata_signature",
            Self::Ourselves => "metadata_collision",
        }
    }
}

fn binding_name(binding: RequestBinding) -> &'static str {
    match binding {
        RequestBinding::Redirect => "HTTP-Redirect",
        RequestBinding::Post => "HTTP-POST",
    }
}

/// An identity provider that can be asked and believed.
#[derive(Debug)]
pub(super) struct IdentityProvider {
    /// Its name and keys.
    pub(super) trust: IdpTrust,
    /// Where it is asked.
    pub(super) sso: Endpoint,
    /// Where it hears of logouts.
    pub(super) slo: Vec<Endpoint>,
    /// What it understands of signatures, best first; nothing said means anything.
    pub(super) algs: Vec<SignatureAlg>,
    /// From then on nothing here counts.
    pub(super) valid_until: Option<Timestamp>,
}

impl IdentityProvider {
    /// The identity provider that `entity` describes, for a source that is configured so.
    pub(super) fn of(
        entity: &Entity,
        connection: &SamlConnection,
        ours: &[String],
    ) -> Result<Self, PeerError> {
        let role = entity.idp.as_ref().ok_or(PeerError::NoRole)?;
        if ours.iter().any(|ours| similar(&entity.entity_id, ours)) {
            return Err(PeerError::Ourselves);
        }
        let keys = role.keys.certificates(KeyUse::Signing);
        // A certificate is but the envelope of a key: dates and issuers are not looked at, and one
        // that cannot be read costs no other.
        let keys: Vec<_> =
            keys.filter_map(|(_, der)| VerifyingKey::from_certificate(der).ok()).collect();
        if keys.is_empty() {
            return Err(PeerError::NoKeys);
        }
        if role.want_authn_requests_signed && !connection.sign_requests {
            return Err(PeerError::WantsSignature);
        }
        let wanted = connection.request_binding;
        let by = |binding| role.sso.iter().find(|endpoint| endpoint.binding == binding);
        let sso = match wanted {
            Some(RequestBinding::Redirect) => by(Binding::Redirect),
            Some(RequestBinding::Post) => by(Binding::Post),
            None => by(Binding::Redirect).or_else(|| by(Binding::Post)),
        };
        let algs = role.algorithms.signing.iter();
        Ok(Self {
            trust: IdpTrust {
                entity_id: entity.entity_id.clone(),
                keys,
                quirks: connection.forgiven(),
            },
            sso: sso.ok_or(PeerError::NoEndpoint(wanted))?.clone(),
            slo: role.slo.clone(),
            algs: algs.filter_map(|uri| SignatureAlg::from_uri(uri)).collect(),
            valid_until: entity.valid_until,
        })
    }

    /// What our signatures for it are made with.
    pub(super) fn alg(&self, key: &SigningKey) -> SignatureAlg {
        let fits = self.algs.iter().copied().find(|alg| key.fits(*alg));
        fits.unwrap_or_else(|| key.default_alg())
    }

    /// Whether its metadata has run out.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.valid_until.is_some_and(|end| end <= now)
    }
}
