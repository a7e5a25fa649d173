//! Factors: what a person can prove here, besides what a source says of them, and what they did.
//!
//! Facts only. Which factor is wanted is for `policy`, whether a proof holds for the factors crate.

use serde::{Deserialize, Serialize};

use crate::{Amr, Assurance, Lifetime, Timestamp, assurance::Worth};

/// A kind of factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// A passkey with user verification: two factors by itself, and phishing-resistant.
    Passkey,
    /// A code of an authenticator app.
    Totp,
    /// A code of the set that was shown when the factors were enrolled.
    RecoveryCode,
    /// A device on which the person proved another factor lately.
    Device,
}

impl FactorKind {
    /// A stable word for the trail, metrics and addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::Device => "device",
        }
    }
}

/// A proof of a factor, given here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorProof {
    /// Of what.
    pub factor: FactorKind,
    /// When. Of a remembered device: when the factor was proven that it stands for.
    pub at: Timestamp,
    /// Which credential; empty where the account has one of its kind at most.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub credential: String,
    /// Whether the key cannot leave its authenticator, by the word of a maker that is trusted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hardware: bool,
}

impl FactorProof {
    /// What the proof is worth beside a first factor.
    #[must_use]
    pub fn worth(&self) -> Worth {
        let assurance = match self.factor {
            FactorKind::Passkey if self.hardware => Assurance::Aal3,
            _ => Assurance::Aal2,
        };
        Worth { assurance, phishing_resistant: self.factor == FactorKind::Passkey }
    }

    /// The methods of the proof (RFC 8176 section 2), without `mfa`, which is of the whole. Where
    /// the key of a passkey lies is told only where its maker vouches for it: `pop` is a key.
    #[must_use]
    pub fn methods(&self) -> Vec<Amr> {
        let names: &[&str] = match self.factor {
            FactorKind::Passkey if self.hardware => &["hwk", "user"],
            FactorKind::Passkey => &["pop", "user"],
            FactorKind::Totp => &["otp"],
            FactorKind::RecoveryCode | FactorKind::Device => &[],
        };
        names.iter().filter_map(|name| Amr::new(name)).collect()
    }
}

/// What an account has enrolled. Loaded only where a decision needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    /// How many passkeys.
    pub passkeys: u32,
    /// How many of them prove AAL3.
    pub hardware_passkeys: u32,
    /// Whether an authenticator app.
    pub totp: bool,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
    /// The factor that the browser's remembered device stands for, where there is such a device,
    /// it is this account's, and nothing was enrolled or removed since.
    pub device: Option<FactorProof>,
    /// When the account was made; none for a person without one yet. Grace is counted from there.
    pub account_since: Option<Timestamp>,
    /// Whether the person has to enrol anew, because somebody reported the old factors.
    pub must_enrol: bool,
}

impl Factors {
    /// Whether the person has anything that a sign-in here can ask for.
    #[must_use]
    pub fn any(&self) -> bool {
        self.passkeys > 0 || self.totp || self.recovery_codes > 0
    }

    /// Whether the account counts as one without factors: it has none, or its owner has reported
    /// the ones that it has.
    #[must_use]
    pub fn start_anew(&self) -> bool {
        self.must_enrol || !self.any()
    }

    /// Whether the person has a factor of `kind` that is worth `wanted`.
    #[must_use]
    pub fn can_prove(&self, kind: FactorKind, wanted: Worth) -> bool {
        match kind {
            FactorKind::Passkey if wanted.assurance == Assurance::Aal3 => {
                self.hardware_passkeys > 0
            }
            FactorKind::Passkey => self.passkeys > 0,
            FactorKind::Totp => self.totp && wanted.is_met_by_codes(),
            FactorKind::RecoveryCode => self.recovery_codes > 0 && wanted.is_met_by_codes(),
            FactorKind::Device => self.device.is_some() && wanted.is_met_by_codes(),
        }
    }
}

/// What an agency wants of the factors of its people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "four independent rules of an agency")]
pub struct FactorRules {
    /// What its people must always prove, whatever a relying party asks for.
    pub demand: Option<crate::Acr>,
    /// For how long after an account was made `demand` is not enforced, in days.
    pub grace_days: u32,
    /// Whether somebody without a factor is asked to enrol one, and may say "later".
    pub nudge: bool,
    /// Whether codes of an authenticator app are accepted.
    pub totp: bool,
    /// Whether recovery codes are given out and accepted.
    pub recovery_codes: bool,
    /// What somebody who has no factor must show before one is enrolled.
    pub enrol_with: EnrolWith,
    /// For how many days a device may stand for a factor; 0: never.
    pub remember_device_days: u32,
    /// Whether a second person must approve each access pass.
    pub approve_access_passes: bool,
    /// Which passkeys may be registered.
    pub passkeys: PasskeyRules,
}

impl Default for FactorRules {
    fn default() -> Self {
        Self {
            demand: None,
            grace_days: 0,
            nudge: false,
            totp: true,
            recovery_codes: true,
            enrol_with: EnrolWith::SignIn,
            remember_device_days: 0,
            approve_access_passes: false,
            passkeys: PasskeyRules::default(),
        }
    }
}

impl FactorRules {
    /// Whether factors of `kind` are accepted.
    #[must_use]
    pub fn accepts(&self, kind: FactorKind) -> bool {
        match kind {
            FactorKind::Passkey => true,
            FactorKind::Totp => self.totp,
            FactorKind::RecoveryCode => self.recovery_codes,
            FactorKind::Device => self.remember_device_days > 0,
        }
    }

    /// How long a device stands for a factor.
    #[must_use]
    pub fn device_life(&self) -> Lifetime {
        Lifetime::hours(self.remember_device_days.saturating_mul(24))
    }
}

/// What somebody who has no factor must show before one is enrolled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnrolWith {
    /// A fresh sign-in at the source.
    #[default]
    SignIn,
    /// A fresh sign-in at the source that was worth two factors, or an access pass besides.
    AccessPass,
}

/// Which passkeys may be registered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasskeyRules {
    /// How much must be known of the maker.
    pub attestation: Attestation,
    /// Whether the key must stay in its authenticator.
    pub device_bound: bool,
    /// The models that alone are admitted, as UUIDs; empty: all.
    pub only: Vec<String>,
    /// The models that are not admitted, as UUIDs.
    pub never: Vec<String>,
}

/// How much must be known of the maker of an authenticator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attestation {
    /// Nothing.
    #[default]
    None,
    /// A maker must have signed for the model, whoever that is.
    Any,
    /// A maker of the metadata file must have signed for the model.
    Trusted,
}
