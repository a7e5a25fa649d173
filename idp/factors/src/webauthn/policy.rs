//! Which authenticators may be registered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idp_domain::factor::{Attestation, PasskeyRules};
use thiserror::Error;
use webauthn_rs_core::proto::AttestationCaList;

use super::credential::{Aaguid, AaguidError};
use super::mds::Models;

/// What a new passkey must be. Judged when it is registered, and not again.
#[derive(Debug, Clone, Default)]
pub struct RegistrationPolicy {
    /// What must be known of its maker.
    pub attestation: AttestationPolicy,
    /// Whether only keys that cannot leave their device are admitted.
    pub device_bound: bool,
    /// The models that alone are admitted; none: all. Without attestation a model is what the
    /// authenticator says.
    pub only: Option<BTreeSet<Aaguid>>,
    /// Models that are refused. Without attestation a model is what the authenticator says.
    pub denied: BTreeSet<Aaguid>,
}

/// What must be known of the maker of an authenticator.
#[derive(Debug, Clone, Default)]
pub enum AttestationPolicy {
    /// Nothing; browsers then ask the person for nothing either.
    #[default]
    None,
    /// That some maker signed for it, whoever that is: kept for a later look.
    Any,
    /// That a root which is trusted for its model signed for it.
    Trusted(TrustedModels),
}

/// The models that are admitted, each with the roots that may vouch for it. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct TrustedModels(Arc<BTreeMap<Aaguid, AttestationCaList>>);

/// Why a model cannot be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TrustError {
    /// The AAGUID is all zero, which every authenticator may say.
    #[error("an all-zero AAGUID names no model")]
    NoModel,
    /// The root is not a certificate in PEM.
    #[error("the root is not a certificate in PEM")]
    Certificate,
}

impl RegistrationPolicy {
    /// What an agency's `rules` and what is known of `models` come to. A model whose keys are
    /// reported to be worth nothing is refused to everybody.
    ///
    /// Fails where a rule names a model by something else than a UUID: rules that say that are not
    /// applied in the first place.
    pub fn of(rules: &PasskeyRules, models: &Models) -> Result<Self, AaguidError> {
        let read = |names: &[String]| {
            names.iter().cloned().map(Aaguid::try_from).collect::<Result<BTreeSet<_>, _>>()
        };
        let mut denied = models.compromised();
        denied.extend(read(&rules.never)?);
        Ok(Self {
            attestation: match rules.attestation {
                Attestation::None => AttestationPolicy::None,
                Attestation::Any => AttestationPolicy::Any,
                Attestation::Trusted => AttestationPolicy::Trusted(models.trusted().clone()),
            },
            device_bound: rules.device_bound,
            only: if rules.only.is_empty() { None } else { Some(read(&rules.only)?) },
            denied,
        })
    }

    /// Whether `model` may be registered, as far as its name alone tells.
    pub(super) fn admits(&self, model: Aaguid) -> bool {
        !self.denied.contains(&model) && self.only.as_ref().is_none_or(|only| only.contains(&model))
    }
}

impl TrustedModels {
    /// Admits `model` where the certificate `root_pem`, or one below it, vouches for it.
    pub fn trust(&mut self, model: Aaguid, root_pem: &str) -> Result<(), TrustError> {
        if model.is_unknown() {
            return Err(TrustError::NoModel);
        }
        let root = AttestationCaList::try_from(root_pem.as_bytes())
            .map_err(|_| TrustError::Certificate)?;
        Arc::make_mut(&mut self.0).entry(model).or_default().union(&root);
        Ok(())
    }

    /// The roots for one model, so that no root vouches for the model of another.
    pub(super) fn roots(&self, model: Aaguid) -> Option<&AttestationCaList> {
        self.0.get(&model)
    }
}
