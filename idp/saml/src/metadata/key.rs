//! Keys as metadata carries them: certificates that only wrap a key (SAML Metadata
//! Interoperability Profile 1.0). Their dates and issuers are never looked at here.

use crate::dsig::VerifyingKey;

/// What a key is for (`use`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyUse {
    /// Signatures only.
    Signing,
    /// Encryption to its owner only.
    Encryption,
    /// Nothing is said: both.
    Both,
}

/// `md:KeyDescriptor` (SAML Metadata 2.4.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// What it is for.
    pub usage: KeyUse,
    /// Certificates in DER, never none.
    pub certificates: Vec<Vec<u8>>,
    /// What its owner decrypts, in its order of preference.
    pub encryption_methods: Vec<EncryptionMethod>,
}

/// `md:EncryptionMethod`: a content cipher or a key transport.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncryptionMethod {
    /// Its URI.
    pub algorithm: String,
    /// The digest of OAEP, by URI.
    pub digest: Option<String>,
    /// The mask generation function of OAEP, by URI.
    pub mgf: Option<String>,
}

/// The keys of a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys(pub Vec<Key>);

impl Keys {
    /// The keys that verify what the entity signs. Those that are weak or of a kind that is not
    /// supported are left out: with none left, nothing can be verified, and nothing is accepted.
    #[must_use]
    pub fn verifying(&self) -> Vec<VerifyingKey> {
        self.certificates(KeyUse::Signing)
            .filter_map(|(_, der)| VerifyingKey::from_certificate(der).ok())
            .collect()
    }

    /// The certificates that serve `usage`, [`KeyUse::Both`] included, each with its descriptor.
    pub fn certificates(&self, usage: KeyUse) -> impl Iterator<Item = (&Key, &[u8])> {
        let fits = move |key: &&Key| key.usage == usage || key.usage == KeyUse::Both;
        self.0
            .iter()
            .filter(fits)
            .flat_map(|key| key.certificates.iter().map(move |der| (key, &**der)))
    }
}
