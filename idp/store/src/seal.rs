//! Sealing: AES-256-GCM under keys derived from the master key, for what lies on the shelf and for
//! keys at rest in the database. Owns the sealed format; must not know where sealed bytes lie.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use aws_lc_rs::hmac;
use idp_domain::Secret;
use zeroize::Zeroizing;

use crate::shelf::Kind;

mod error;

pub use error::SealError;

/// The first byte of whatever this version seals.
const FORMAT: u8 = 1;
const KEY_LEN: usize = 32;
const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;
/// Format (1), epoch (2), mark of the master key (4): authenticated, not secret.
const HEADER_LEN: usize = 7;
/// Where the ciphertext begins. These bytes hold the nonce, so no two sealed values share them.
pub(crate) const PREFIX_LEN: usize = HEADER_LEN + NONCE_LEN;
/// How much longer a sealed value is than what was sealed.
pub const OVERHEAD: usize = PREFIX_LEN + TAG_LEN;

/// Seals and opens bytes. Cheap to share: one a process, in an [`Arc`].
///
/// Each purpose has a subkey of its own (HKDF-SHA256), so bytes sealed for one purpose never open
/// for another. What lies on the shelf is sealed under the subkey of an [`Epoch`]; what lies in the
/// database under one that no epoch closes.
///
/// Nonces are random and 96 bits long: advance the epoch before one kind of value has been sealed
/// 2³² times in it (NIST SP 800-38D, section 8.3).
pub struct Sealer {
    mark: Mark,
    subkeys: Prk,
    names: hmac::Key,
    at_rest: Vec<(Purpose, RandomizedNonceKey)>,
    ring: RwLock<Arc<Ring>>,
}

/// What bytes at rest are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A key that signs tokens, assertions or metadata.
    SigningKey,
    /// What we show to a source: a client secret, a bind password.
    SourceSecret,
    /// A factor's shared secret, such as a TOTP seed.
    FactorSecret,
    /// A letter to a person, with the address that it goes to.
    Letter,
}

impl Purpose {
    const ALL: [Self; 4] = [Self::SigningKey, Self::SourceSecret, Self::FactorSecret, Self::Letter];

    /// Part of the key derivation: a changed label closes whatever was sealed under it.
    const fn label(self) -> &'static str {
        match self {
            Self::SigningKey => "signing-key",
            Self::SourceSecret => "source-secret",
            Self::FactorSecret => "factor-secret",
            Self::Letter => "letter",
        }
    }
}

/// A number that picks the shelf's subkeys. Advancing it twice voids all that lay on the shelf.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Epoch(pub u16);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Tells master keys apart without telling anything of them: four bytes derived from the key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mark([u8; 4]);

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mark({self})")
    }
}

impl Sealer {
    /// Derives all subkeys from `master`, 32 bytes of full entropy.
    pub fn new(master: &Secret<[u8; KEY_LEN]>, epoch: Epoch) -> Result<Self, SealError> {
        let subkeys =
            Salt::new(HKDF_SHA256, b"laissez-passer sealing 1").extract(master.expose().as_slice());
        let mut mark = [0; 4];
        derive(&subkeys, &["mark"], &mut mark)?;
        let mut names = Zeroizing::new([0; KEY_LEN]);
        derive(&subkeys, &["names"], names.as_mut_slice())?;
        let at_rest = Purpose::ALL
            .into_iter()
            .map(|purpose| Ok((purpose, subkey(&subkeys, &["at-rest", purpose.label()])?)))
            .collect::<Result<_, SealError>>()?;
        let ring = RwLock::new(Arc::new(Ring::new(&subkeys, epoch)?));
        Ok(Self {
            mark: Mark(mark),
            names: hmac::Key::new(hmac::HMAC_SHA256, names.as_slice()),
            subkeys,
            at_rest,
            ring,
        })
    }

    /// Tells our master key from others: keep it beside sealed data, and compare before a start.
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// The epoch that new values of the shelf are sealed in.
    pub fn epoch(&self) -> Epoch {
        self.ring().epoch
    }

    /// Seals from now on in `epoch`; values of the epochs next to it still open.
    ///
    /// The next epoch opens already, because another node may have advanced before this one.
    pub fn advance(&self, epoch: Epoch) -> Result<(), SealError> {
        let ring = Arc::new(Ring::new(&self.subkeys, epoch)?);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    /// Seals `plain` for `purpose`. It opens only with the same `place` (table, row, column, say),
    /// so that a sealed value cannot be moved to another.
    pub fn seal(&self, purpose: Purpose, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let key = self.at_rest(purpose)?;
        seal(key, self.header(Epoch::default()), place, plain)
    }

    /// Opens what [`Sealer::seal`] sealed for the same `purpose` and `place`.
    pub fn open(
        &self,
        purpose: Purpose,
        place: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let parts = self.parts(sealed)?;
        if parts.epoch != Epoch::default() {
            return Err(SealError::Malformed);
        }
        let mut body = parts.body.to_vec();
        let plain = open(self.at_rest(purpose)?, parts.header, parts.nonce, place, &mut body)?;
        let len = plain.len();
        body.truncate(len);
        Ok(body)
    }

    /// Seals a value that will lie under the key with `digest`.
    pub(crate) fn seal_value(
        &self,
        kind: Kind,
        digest: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let ring = self.ring();
        let key = ring.current.key(kind)?;
        seal(key, self.header(ring.epoch), digest, plain)
    }

    /// Opens a value that lay under the key with `digest`, in place.
    pub(crate) fn open_value<'a>(
        &self,
        kind: Kind,
        digest: &[u8],
        sealed: &'a mut [u8],
    ) -> Result<&'a [u8], SealError> {
        let ring = self.ring();
        let Parts { header, epoch, nonce, .. } = self.parts(sealed)?;
        let key = ring.keys(epoch)?.key(kind)?;
        let body = sealed.get_mut(PREFIX_LEN..).ok_or(SealError::Malformed)?;
        open(key, header, nonce, digest, body)
    }

    /// The keyed hash by which a value is found.
    ///
    /// Keyed, because a plain hash of an account's name or of an address can be guessed from a
    /// list; the same in every epoch, because a value must be found again after an advance.
    pub(crate) fn digest(&self, domain: &str, handle: &[u8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.names);
        context.update(domain.as_bytes());
        context.update(b"\0");
        context.update(handle);
        let mut digest = [0; 32];
        digest.iter_mut().zip(context.sign().as_ref()).for_each(|(to, from)| *to = *from);
        digest
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn at_rest(&self, purpose: Purpose) -> Result<&RandomizedNonceKey, SealError> {
        let mut keys = self.at_rest.iter();
        keys.find(|(of, _)| *of == purpose).map(|(_, key)| key).ok_or(SealError::Unable)
    }

    fn header(&self, epoch: Epoch) -> [u8; HEADER_LEN] {
        let [e0, e1] = epoch.0.to_be_bytes();
        let Mark([m0, m1, m2, m3]) = self.mark;
        [FORMAT, e0, e1, m0, m1, m2, m3]
    }

    fn parts<'a>(&self, sealed: &'a [u8]) -> Result<Parts<'a>, SealError> {
        let (header, rest) =
            sealed.split_first_chunk::<HEADER_LEN>().ok_or(SealError::Malformed)?;
        let [format, e0, e1, m0, m1, m2, m3] = *header;
        match format {
            FORMAT => {}
            0 => return Err(SealError::Malformed),
            found => return Err(SealError::NewerFormat { found }),
        }
        let found = Mark([m0, m1, m2, m3]);
        if found != self.mark {
            return Err(SealError::OtherMasterKey { found, ours: self.mark });
        }
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Malformed)?;
        Ok(Parts {
            header: *header,
            epoch: Epoch(u16::from_be_bytes([e0, e1])),
            nonce: *nonce,
            body,
        })
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").field("mark", &self.mark).finish_non_exhaustive()
    }
}

/// The parts of a sealed value.
struct Parts<'a> {
    header: [u8; HEADER_LEN],
    epoch: Epoch,
    nonce: [u8; NONCE_LEN],
    body: &'a [u8],
}

/// The shelf's subkeys that are open now.
struct Ring {
    epoch: Epoch,
    current: EpochKeys,
    neighbours: Vec<(Epoch, EpochKeys)>,
}

impl Ring {
    fn new(subkeys: &Prk, epoch: Epoch) -> Result<Self, SealError> {
        let neighbours = [epoch.0.checked_sub(1), epoch.0.checked_add(1)]
            .into_iter()
            .flatten()
            .map(|number| Ok((Epoch(number), EpochKeys::new(subkeys, Epoch(number))?)))
            .collect::<Result<_, SealError>>()?;
        Ok(Self { epoch, current: EpochKeys::new(subkeys, epoch)?, neighbours })
    }

    fn keys(&self, epoch: Epoch) -> Result<&EpochKeys, SealError> {
        if epoch == self.epoch {
            return Ok(&self.current);
        }
        let neighbour = self.neighbours.iter().find(|(number, _)| *number == epoch);
        neighbour
            .map(|(_, keys)| keys)
            .ok_or(SealError::EpochClosed { found: epoch, current: self.epoch })
    }
}

/// One subkey a kind.
struct EpochKeys(Vec<RandomizedNonceKey>);

impl EpochKeys {
    fn new(subkeys: &Prk, epoch: Epoch) -> Result<Self, SealError> {
        let number = epoch.to_string();
        Kind::ALL
            .into_iter()
            .map(|kind| subkey(subkeys, &["shelf", kind.name(), &number]))
            .collect::<Result<_, SealError>>()
            .map(Self)
    }

    fn key(&self, kind: Kind) -> Result<&RandomizedNonceKey, SealError> {
        self.0.get(kind.index()).ok_or(SealError::Unable)
    }
}

fn seal(
    key: &RandomizedNonceKey,
    header: [u8; HEADER_LEN],
    place: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, SealError> {
    let mut sealed = Vec::with_capacity(OVERHEAD + plain.len());
    sealed.extend_from_slice(&header);
    sealed.extend_from_slice(&[0; NONCE_LEN]);
    sealed.extend_from_slice(plain);
    let (prefix, body) = sealed.split_at_mut(PREFIX_LEN);
    let (nonce, tag) = key
        .seal_in_place_separate_tag(authenticated(header, place), body)
        .map_err(|Unspecified| SealError::Unable)?;
    *prefix.last_chunk_mut::<NONCE_LEN>().ok_or(SealError::Unable)? = *nonce.as_ref();
    sealed.extend_from_slice(tag.as_ref());
    Ok(sealed)
}

fn open<'a>(
    key: &RandomizedNonceKey,
    header: [u8; HEADER_LEN],
    nonce: [u8; NONCE_LEN],
    place: &[u8],
    body: &'a mut [u8],
) -> Result<&'a [u8], SealError> {
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.open_in_place(nonce, authenticated(header, place), body)
        .map(|plain| &*plain)
        .map_err(|Unspecified| SealError::Altered)
}

fn authenticated(header: [u8; HEADER_LEN], place: &[u8]) -> Aad<Vec<u8>> {
    Aad::from([header.as_slice(), place].concat())
}

fn subkey(subkeys: &Prk, label: &[&str]) -> Result<RandomizedNonceKey, SealError> {
    let mut bytes = Zeroizing::new([0; KEY_LEN]);
    derive(subkeys, label, bytes.as_mut_slice())?;
    RandomizedNonceKey::new(&AES_256_GCM, bytes.as_slice()).map_err(|Unspecified| SealError::Unable)
}

/// HKDF-Expand with the parts of `label` parted by a byte that no part holds.
fn derive(subkeys: &Prk, label: &[&str], out: &mut [u8]) -> Result<(), SealError> {
    let info = label.join("\0");
    subkeys
        .expand(&[info.as_bytes()], Length(out.len()))
        .and_then(|okm| okm.fill(out))
        .map_err(|Unspecified| SealError::Unable)
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests;
