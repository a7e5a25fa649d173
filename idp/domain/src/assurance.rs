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

/// The values that relying parties may demand, from weak to strong.
pub const KNOWN: [&str; 6] = [PASSWORD, REFEDS_SFA, AAL1, REFEDS_MFA, AAL2, AAL3];

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
            REFEDS_MFA | AAL2 => Some(Assurance::Aal2),
            AAL3 => Some(Assurance::Aal3),
            _ => None,
        }
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
    /// The longest name that is kept, in bytes.
    const MAX: usize = 64;

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

/// What a source is trusted for: the contexts that, when it claims them, are believed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Trust(Vec<Acr>);

impl Trust {
    /// Trust in exactly these claims.
    #[must_use]
    pub fn new(believed: Vec<Acr>) -> Self {
        Self(believed)
    }

    /// What a claimed context is worth here: one factor unless the claim is believed.
    #[must_use]
    pub fn credit(&self, claimed: Option<&Acr>) -> Assurance {
        claimed.filter(|acr| self.0.contains(acr)).and_then(Acr::demands).unwrap_or(Assurance::Aal1)
    }

    /// The highest assurance that the source can ever prove here.
    #[must_use]
    pub fn ceiling(&self) -> Assurance {
        self.0.iter().filter_map(Acr::demands).max().unwrap_or(Assurance::Aal1)
    }

    /// The claims that are believed.
    #[must_use]
    pub fn believed(&self) -> &[Acr] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{AAL1, Acr, Assurance, REFEDS_MFA, Trust};

    fn acr(text: &str) -> Acr {
        text.parse().unwrap()
    }

    #[test]
    fn an_untrusted_claim_is_worth_one_factor() {
        let nobody = Trust::default();
        assert_eq!(nobody.credit(Some(&acr(REFEDS_MFA))), Assurance::Aal1);
        let trusted = Trust::new(vec![acr(REFEDS_MFA)]);
        assert_eq!(trusted.credit(Some(&acr(REFEDS_MFA))), Assurance::Aal2);
        assert_eq!(trusted.credit(Some(&acr(AAL1))), Assurance::Aal1);
        assert_eq!(trusted.credit(None), Assurance::Aal1);
    }

    #[test]
    fn an_unknown_context_demands_nothing_that_we_could_prove() {
        assert_eq!(acr("urn:example:loa9").demands(), None);
        assert_eq!(acr(REFEDS_MFA).demands(), Some(Assurance::Aal2));
    }
}
