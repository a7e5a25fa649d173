//! The stored half of a passkey, and the small types around it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idp_domain::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use webauthn_rs_core::proto::Credential;

use super::prove::Proof;
use crate::symbols::{self, NoRandomness};

/// The longest name of a passkey, in characters.
const MAX_NAME: usize = 64;
/// Random bytes in a new user handle.
const HANDLE_BYTES: usize = 32;

/// What an authenticator calls a credential: 1 to 1,023 bytes, base64url as text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CredentialId(Vec<u8>);

impl CredentialId {
    /// An id as it was stored.
    #[must_use]
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to store and to look for.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(&self.0))
    }
}

impl fmt::Debug for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CredentialId({self})")
    }
}

impl TryFrom<String> for CredentialId {
    type Error = base64::DecodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        URL_SAFE_NO_PAD.decode(text).map(Self)
    }
}

impl From<CredentialId> for String {
    fn from(id: CredentialId) -> Self {
        id.to_string()
    }
}

/// What authenticators know an account by: random, so that it says nothing about the person
/// (WebAuthn section 14.6.1).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserHandle(CredentialId);

impl UserHandle {
    /// A fresh handle, for an account's first passkey. It never changes after that.
    pub fn draw() -> Result<Self, NoRandomness> {
        let bytes = symbols::random::<HANDLE_BYTES>()?;
        Ok(Self(CredentialId(bytes.to_vec())))
    }

    /// A handle as it was stored; none if it is empty or longer than 64 bytes.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        (1..=64).contains(&bytes.len()).then_some(Self(CredentialId(bytes)))
    }

    /// The bytes to store and to look for.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for UserHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserHandle({})", self.0)
    }
}

/// The model of an authenticator, written as a UUID. All zero: it does not say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Aaguid([u8; 16]);

/// A text is not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an AAGUID is written as a UUID: 8-4-4-4-12 hexadecimal digits")]
pub struct AaguidError;

impl Aaguid {
    /// A model by its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Whether the authenticator keeps its model to itself.
    #[must_use]
    pub fn is_unknown(self) -> bool {
        self.0 == [0; 16]
    }
}

impl fmt::Display for Aaguid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Aaguid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Aaguid({self})")
    }
}

impl TryFrom<String> for Aaguid {
    type Error = AaguidError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let digits = text.replace('-', "");
        let number = u128::from_str_radix(&digits, 16).map_err(|_| AaguidError)?;
        let aaguid = Self(number.to_be_bytes());
        // Whatever else reads as a number is written otherwise.
        if aaguid.to_string() == text.to_ascii_lowercase() { Ok(aaguid) } else { Err(AaguidError) }
    }
}

impl From<Aaguid> for String {
    fn from(aaguid: Aaguid) -> Self {
        aaguid.to_string()
    }
}

/// What a person calls a passkey: one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PasskeyName(String);

/// A text that is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a name is one line of 1 to {MAX_NAME} characters")]
pub struct NameError;

impl PasskeyName {
    /// Takes in what was written, without the blanks around it.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        let fits = !text.is_empty() && text.chars().count() <= MAX_NAME;
        if !fits || text.chars().any(char::is_control) {
            return Err(NameError);
        }
        Ok(Self(text.to_owned()))
    }

    /// The name of a passkey that nobody named.
    #[must_use]
    pub fn unnamed() -> Self {
        Self("Passkey".to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PasskeyName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PasskeyName> for String {
    fn from(name: PasskeyName) -> Self {
        name.0
    }
}

/// How much is known of the maker of an authenticator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attested {
    /// Nothing: the model is what the authenticator says.
    No,
    /// Somebody signed for the model, and nobody asked who that is.
    Unchecked,
    /// A root that the policy trusts for the model signed for it.
    Trusted,
}

/// A passkey as it is kept. Holds no secret: the private key never leaves the authenticator.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PasskeyRecord {
    /// Of this form; a reader refuses another.
    pub(super) v: Version,
    /// Whose it is.
    pub owner: UserHandle,
    /// What its owner calls it.
    pub name: PasskeyName,
    /// The model.
    pub aaguid: Aaguid,
    /// How much the model can be believed.
    pub attested: Attested,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it last proved something.
    pub last_used_at: Option<Timestamp>,
    /// Public key, counter, backup state and attestation, in the library's form.
    pub(super) credential: Credential,
}

impl PasskeyRecord {
    /// The id of the credential.
    pub fn id(&self) -> CredentialId {
        CredentialId(self.credential.cred_id.clone())
    }

    /// The signature counter at the last proof. Zero: the authenticator does not count.
    pub fn counter(&self) -> u32 {
        self.credential.counter
    }

    /// Whether the key may leave its device, and so is not bound to hardware.
    pub fn backup_eligible(&self) -> bool {
        self.credential.backup_eligible
    }

    /// Whether the key lay in a backup at the last proof.
    pub fn backed_up(&self) -> bool {
        self.credential.backup_state
    }

    /// Whether the key is bound to hardware by the word of a maker that is trusted: then its proofs
    /// are worth AAL3.
    pub fn is_hardware(&self) -> bool {
        self.attested == Attested::Trusted && !self.backup_eligible()
    }

    /// Takes over what a proof showed. The caller stores it where the counter still is
    /// [`Proof::previous_counter`]: of two proofs with one counter, one is a clone's.
    pub fn apply(&mut self, proof: &Proof, now: Timestamp) {
        self.credential.counter = proof.counter;
        self.credential.backup_state = proof.backed_up;
        self.last_used_at = Some(now);
    }
}

/// The form of [`PasskeyRecord`]: 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub(super) struct Version;

const VERSION: u8 = 1;

impl TryFrom<u8> for Version {
    type Error = String;

    fn try_from(version: u8) -> Result<Self, Self::Error> {
        if version == VERSION {
            Ok(Self)
        } else {
            Err(format!("a passkey of form {version} is not known, only {VERSION}"))
        }
    }
}

impl From<Version> for u8 {
    fn from(_: Version) -> Self {
        VERSION
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_written_as_a_uuid_and_read_only_so() {
        let text = "2fc0579f-8113-47ea-b116-bb5a8db9202a";
        let aaguid = Aaguid::try_from(text.to_owned()).unwrap();
        assert_eq!(aaguid.to_string(), text);
        assert_eq!(Aaguid::try_from(text.to_uppercase()), Ok(aaguid));
        for wrong in [
            "",
            "2fc0579f811347eab116bb5a8db9202a",
            "2fc0579f-8113-47ea-b116-bb5a8db9202",
            "+fc0579f-8113-47ea-b116-bb5a8db9202a",
            "2fc0579f-8113-47ea-b116-bb5a8db9202ag",
        ] {
            assert_eq!(Aaguid::try_from(wrong.to_owned()), Err(AaguidError), "{wrong}");
        }
        assert!(Aaguid::from_bytes([0; 16]).is_unknown() && !aaguid.is_unknown());
    }

    #[test]
    fn a_name_is_one_line_that_is_there() {
        assert_eq!(PasskeyName::parse(" key ring ").unwrap().as_str(), "key ring");
        for text in ["", " ", "a\nb", &"x".repeat(MAX_NAME + 1)] {
            assert_eq!(PasskeyName::parse(text), Err(NameError), "{text:?}");
        }
    }

    #[test]
    fn a_handle_is_random_and_of_bounded_length() {
        let handle = UserHandle::draw().unwrap();
        assert_ne!(handle, UserHandle::draw().unwrap());
        assert_eq!(UserHandle::from_bytes(handle.as_bytes().to_vec()), Some(handle));
        assert_eq!(UserHandle::from_bytes(vec![]), None);
        assert_eq!(UserHandle::from_bytes(vec![0; 65]), None);
    }
}
