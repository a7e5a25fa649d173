//! Keys of our own: made, and wrapped in certificates that we sign ourselves.
//!
//! A certificate here is an envelope for metadata and says who holds the key, for people.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RsaKeyPair};
use idp_domain::{Secret, Timestamp};
use rcgen::{CertificateParams, DistinguishedName, DnType, SerialNumber};
use time::OffsetDateTime;

use super::KeyError;

/// What kind of key to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA of 2,048 bits: signs, and decrypts what is encrypted to us.
    Rsa2048,
    /// RSA of 3,072 bits.
    Rsa3072,
    /// ECDSA on P-256: signs only.
    P256,
}

impl KeyKind {
    /// Makes a private key, as PKCS #8 in DER.
    ///
    /// The library takes no source of chance for keys: it draws on its own.
    pub fn generate(self) -> Result<Secret<Vec<u8>>, KeyError> {
        let made = match self {
            Self::Rsa2048 => rsa(KeySize::Rsa2048),
            Self::Rsa3072 => rsa(KeySize::Rsa3072),
            Self::P256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
                .and_then(|pair| pair.to_pkcs8v1())
                .map(|document| document.as_ref().to_vec()),
        };
        made.map(Secret::new).map_err(|_| KeyError::Make)
    }
}

fn rsa(size: KeySize) -> Result<Vec<u8>, aws_lc_rs::error::Unspecified> {
    let document: Pkcs8V1Der<'_> = RsaKeyPair::generate(size)?.as_der()?;
    Ok(document.as_ref().to_vec())
}

/// Seconds of a mean year of the calendar.
const YEAR: i64 = 31_556_952;

/// Signs a certificate for `pkcs8` with that key itself, and returns it in DER.
///
/// It is valid from `from`, for `years`. Of `serial`, which should be random, one bit is cleared
/// and one is set: the number is then positive and always of the same length (RFC 5280 section
/// 4.1.2.2). It has no extensions, so that no peer finds a use that it forbids.
pub fn self_signed(
    pkcs8: &[u8],
    common_name: &str,
    from: Timestamp,
    years: u8,
    mut serial: [u8; 16],
) -> Result<Vec<u8>, KeyError> {
    let key = rcgen::KeyPair::try_from(pkcs8)
        .map_err(|reason| KeyError::PrivateKey(reason.to_string()))?;
    let instant = |seconds: i64| {
        OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| KeyError::Certificate)
    };
    if let Some(first) = serial.first_mut() {
        *first = *first & 0x7f | 0x40;
    }
    let mut params = CertificateParams::default();
    params.not_before = instant(from.seconds())?;
    params.not_after = instant(from.seconds().saturating_add(i64::from(years) * YEAR))?;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    let certificate = params.self_signed(&key).map_err(|_| KeyError::Certificate)?;
    Ok(certificate.der().to_vec())
}

#[cfg(test)]
mod tests {
    use idp_domain::Timestamp;

    use super::{KeyKind, self_signed};
    use crate::dsig::keys::{Certificate, KeyError, SigningKey, VerifyingKey};

    const FROM: Timestamp = Timestamp::from_seconds(1_800_000_000);

    #[test]
    fn a_key_of_each_kind_signs_under_its_own_certificate() {
        for kind in [KeyKind::Rsa2048, KeyKind::Rsa3072, KeyKind::P256] {
            let pkcs8 = kind.generate().unwrap();
            let der = self_signed(pkcs8.expose(), "idp.example", FROM, 10, [0xff; 16]).unwrap();
            let key = SigningKey::new(pkcs8.expose(), &der).unwrap();
            let signature = key.sign(key.default_alg(), b"message").unwrap();
            let peer = VerifyingKey::from_certificate(&der).unwrap();
            peer.verify(key.default_alg(), b"message", &signature).unwrap();
        }
    }

    #[test]
    fn the_certificate_says_what_was_asked() {
        let pkcs8 = KeyKind::P256.generate().unwrap();
        let der = self_signed(pkcs8.expose(), "Örg, idp=1", FROM, 30, [0; 16]).unwrap();
        let read = Certificate::from_der(&der).unwrap();
        assert_eq!(read.subject(), "CN=Örg, idp=1");
        assert_eq!(read.not_before(), FROM);
        assert_eq!(read.not_after(), Timestamp::from_seconds(1_800_000_000 + 30 * 31_556_952));
        let (_, x509) = x509_parser::parse_x509_certificate(&der).unwrap();
        x509.verify_signature(None).unwrap();
        assert_eq!(x509.raw_serial(), [&[0x40][..], &[0; 15]].concat());
        assert!(x509.extensions().is_empty());
    }

    #[test]
    fn what_is_no_key_gets_no_certificate() {
        let error = self_signed(b"key", "idp.example", FROM, 1, [1; 16]).unwrap_err();
        assert!(matches!(error, KeyError::PrivateKey(_)));
        let far = Timestamp::from_seconds(i64::MAX);
        let pkcs8 = KeyKind::P256.generate().unwrap();
        let error = self_signed(pkcs8.expose(), "idp.example", far, 1, [1; 16]).unwrap_err();
        assert_eq!(error, KeyError::Certificate);
    }
}
