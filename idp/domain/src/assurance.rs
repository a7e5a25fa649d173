//! Assurance: how strong a proof is, and its names on the wire.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::IdError;

/// Ordered strength of authentication (NIST SP 800-63B-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Assurance {
    /// One factor.
    Aal1,
    /// Two factors.
    Aal2,
    /// Two factors, one of them hardware-bound and phishing-resistant.
    Aal3,
}

/// The REFEDS multi-factor profile.
pub const REFEDS_MFA: &str = "https://refeds.org/profile/mfa";
/// The REFEDS single-factor profile.
pub const REFEDS_SFA: &str = "https://refeds.org/profile/sfa";
/// The SAML class for a password over TLS, used in both protocols.
pub const PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
/// Our own name for [`Assurance::Aal1`].
pub const AAL1: &str = "urn:laissez-passer:assurance:aal1";
/// Our own name for [`Assurance::Aal2`].
pub const AAL2: &str = "urn:laissez-passer:assurance:aal2";
/// Our own name for [`Assurance::Aal3`].
pub const AAL3: &str = "urn:laissez-passer:assurance:aal3";

/// Phishing-resistant (OpenID Connect Extended Authentication Profile ACR Values section 4).
pub const PHR: &str = "phr";
/// Phishing-resistant and hardware-protected (the same, section 4).
pub const PHRH: &str = "phrh";

/// The values that relying parties may demand, from weak to strong.
pub const KNOWN: [&str; 8] = [PASSWORD, REFEDS_SFA, AAL1, REFEDS_MFA, AAL2, PHR, AAL3, PHRH];

/// What a proof is worth, or must be.
///
/// The order is for choosing between proofs; whether one is enough for a demand says
/// [`Worth::meets`] alone, for no order holds between strength and resistance to phishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Worth {
    /// Its strength.
    pub assurance: Assurance,
    /// Whether a person cannot be talked into giving it to another site (NIST SP 800-63B-4
    /// section 3.2.5).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub phishing_resistant: bool,
}

impl Worth {
    /// One factor.
    pub const ONE_FACTOR: Self = Self { assurance: Assurance::Aal1, phishing_resistant: false };
    /// Two factors.
    pub const TWO_FACTORS: Self = Self { assurance: Assurance::Aal2, phishing_resistant: false };

    /// Whether it is enough for `wanted`.
    #[must_use]
    pub fn meets(self, wanted: Self) -> bool {
        self.assurance >= wanted.assurance
            && (self.phishing_resistant || !wanted.phishing_resistant)
    }

    /// Whether codes that a person types can be enough for it.
    #[must_use]
    pub fn is_met_by_codes(self) -> bool {
        Self::TWO_FACTORS.meets(self)
    }

    /// The greater of two: a worth of its own, never put together from halves of both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }
}

impl fmt::Display for Worth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.assurance {
            Assurance::Aal1 => "AAL1",
            Assurance::Aal2 => "AAL2",
            Assurance::Aal3 => "AAL3",
        })?;
        f.write_str(if self.phishing_resistant { ", phishing-resistant" } else { "" })
    }
}

/// An authentication context as it is named on the wire; the same text in both protocols.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Acr(String);

impl Acr {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a proof must be worth to be called so; `None` for names that we do not know.
    #[must_use]
    pub fn demands(&self) -> Option<Assurance> {
        match self.0.as_str() {
            PASSWORD | REFEDS_SFA | AAL1 => Some(Assurance::Aal1),
            REFEDS_MFA | AAL2 | PHR => Some(Assurance::Aal2),
            AAL3 | PHRH => Some(Assurance::Aal3),
            _ => None,
        }
    }

    /// The same with resistance to phishing. AAL3 is not without it (NIST SP 800-63B-4
    /// section 2.3.1).
    #[must_use]
    pub fn wants(&self) -> Option<Worth> {
        let assurance = self.demands()?;
        let phishing_resistant = self.0 == PHR || assurance == Assurance::Aal3;
        Some(Worth { assurance, phishing_resistant })
    }

    /// Our own name for `assurance`.
    #[must_use]
    pub fn of(assurance: Assurance) -> Self {
        let name = match assurance {
            Assurance::Aal1 => AAL1,
            Assurance::Aal2 => AAL2,
            Assurance::Aal3 => AAL3,
        };
        Self(name.to_owned())
    }
}

impl FromStr for Acr {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.is_empty() || text.len() > 255 {
            return Err(IdError::Length { length: text.len(), max: 255 });
        }
        match text.chars().find(|character| !character.is_ascii_graphic()) {
            Some(character) => Err(IdError::Character { character, allowed: "visible ASCII" }),
            None => Ok(Self(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Acr {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<Acr> for String {
    fn from(acr: Acr) -> Self {
        acr.0
    }
}

impl fmt::Display for Acr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Acr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Acr({})", self.0)
    }
}

/// A method of authentication (RFC 8176), as the source named it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amr(String);

impl Amr {
    /// The longest name that is kept, in bytes: some products name methods by addresses.
    const MAX: usize = 128;

    /// A method by its name; `None` when it is empty, too long or not visible ASCII.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let fits = !name.is_empty()
            && name.len() <= Self::MAX
            && name.chars().all(|character| character.is_ascii_graphic());
        fits.then(|| Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Acr, Assurance, PHR, PHRH, REFEDS_MFA, Worth};

    fn acr(text: &str) -> Acr {
        text.parse().unwrap()
    }

    #[test]
    fn an_unknown_context_demands_nothing_that_we_could_prove() {
        assert_eq!(acr("urn:example:loa9").demands(), None);
        assert_eq!(acr(REFEDS_MFA).demands(), Some(Assurance::Aal2));
    }

    #[test]
    fn resistance_to_phishing_is_not_the_same_as_strength() {
        let [phr, phrh, mfa] = [PHR, PHRH, REFEDS_MFA].map(|name| acr(name).wants().unwrap());
        assert!(phr.meets(mfa) && !mfa.meets(phr));
        assert!(phrh.meets(phr) && !phr.meets(phrh));
        let app_and_key = Worth { assurance: Assurance::Aal3, phishing_resistant: false };
        assert!(!app_and_key.meets(phr));
        assert!(!app_and_key.or(phr).meets(phr), "no worth is made of two halves");
    }
}
