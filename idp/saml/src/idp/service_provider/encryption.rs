//! Whether and how assertions are encrypted to a service provider. Where its metadata has a key
//! for it there is no way back to plaintext but a dated exception.

use idp_domain::Timestamp;
use thiserror::Error;

use super::{Encrypt, ServiceProviderRegistration};
use crate::{
    dsig::{ContentAlg, EncryptionKey, KeyTransport, Offer, VerifyingKey, choose},
    metadata::{Key, KeyUse, Keys},
};

/// A key of a service provider, and how to encrypt to it.
#[derive(Debug)]
pub struct Recipient {
    /// The key.
    pub key: EncryptionKey,
    /// What the assertion is encrypted with.
    pub content: ContentAlg,
    /// What the key of that is encrypted with.
    pub transport: KeyTransport,
}

/// What is known about encrypting to a service provider.
#[derive(Debug)]
pub struct Encryption {
    rule: Encrypt,
    plaintext_until: Option<Timestamp>,
    recipients: Vec<Recipient>,
    /// Its metadata has a key for encryption, whether or not it serves.
    promised: bool,
}

/// Why nothing can be encrypted to a service provider that must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unencryptable {
    /// It is registered so, and its metadata has no key.
    #[error("the metadata has no key to encrypt to")]
    NoKey,
    /// Its keys are too small or of another kind, or it names weak algorithms alone.
    #[error("no key in the metadata can be encrypted to with a sound algorithm")]
    Unsound,
    /// The certificates of its keys have ended.
    #[error("the certificates of all keys to encrypt to have ended")]
    Expired,
}

impl Encryption {
    /// Reads the keys of a role. The second part tells of those that do not serve, and why.
    pub(super) fn read(form: &ServiceProviderRegistration, keys: &Keys) -> (Self, Vec<String>) {
        let mut encryption = Self {
            rule: form.encrypt,
            plaintext_until: form.danger_plaintext_until,
            recipients: Vec::new(),
            promised: false,
        };
        let mut unfit = Vec::new();
        for (descriptor, der) in keys.certificates(KeyUse::Encryption) {
            match recipient(descriptor, der) {
                Ok(recipient) => encryption.recipients.push(recipient),
                // A key without `use` that can sign and not decrypt was meant for signing.
                Err(_)
                    if descriptor.usage == KeyUse::Both
                        && VerifyingKey::from_certificate(der).is_ok()
                        && EncryptionKey::from_certificate(der).is_err() =>
                {
                    continue;
                }
                Err(problem) => unfit.push(problem),
            }
            encryption.promised = true;
        }
        (encryption, unfit)
    }

    /// To whom an assertion made at `now` is encrypted; `None` when it goes in the clear.
    pub fn recipient(&self, now: Timestamp) -> Result<Option<&Recipient>, Unencryptable> {
        if self.plaintext_until.is_some_and(|end| now < end) {
            return Ok(None);
        }
        if let Some(current) = self.recipients.iter().find(|one| one.key.is_current(now)) {
            return Ok(Some(current));
        }
        match (self.recipients.is_empty(), self.promised) {
            (false, _) => Err(Unencryptable::Expired),
            (true, true) => Err(Unencryptable::Unsound),
            (true, false) if self.rule == Encrypt::Required => Err(Unencryptable::NoKey),
            (true, false) => Ok(None),
        }
    }

    /// Whether it is registered to be encrypted to, and its metadata has no key.
    pub(super) fn is_keyless(&self) -> bool {
        self.rule == Encrypt::Required && !self.promised
    }
}

fn recipient(descriptor: &Key, der: &[u8]) -> Result<Recipient, String> {
    let key = EncryptionKey::from_certificate(der).map_err(|error| error.to_string())?;
    let offers = descriptor.encryption_methods.iter().map(|method| Offer {
        algorithm: &method.algorithm,
        digest: method.digest.as_deref(),
        mgf: method.mgf.as_deref(),
    });
    let (content, transport) = choose(offers, false).map_err(|error| error.to_string())?;
    Ok(Recipient { key, content, transport })
}
