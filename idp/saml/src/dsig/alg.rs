//! The algorithms of signatures that exist here, and their names on the wire.
//!
//! What is weak has no variant: an algorithm that cannot be named cannot be accepted.

use aws_lc_rs::digest::{Algorithm, SHA256, SHA384, SHA512};

/// How something is signed.
///
/// SHA-1, MD5, HMAC and DSA have no variant, and so no way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignatureAlg {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 9231 section 2.3.2).
    RsaSha256,
    /// RSASSA-PKCS1-v1_5 with SHA-384 (RFC 9231 section 2.3.3).
    RsaSha384,
    /// RSASSA-PKCS1-v1_5 with SHA-512 (RFC 9231 section 2.3.4).
    RsaSha512,
    /// RSASSA-PSS with SHA-256, its mask and its salt too (RFC 9231 section 2.3.10).
    RsaPssSha256,
    /// RSASSA-PSS with SHA-384, its mask and its salt too (RFC 9231 section 2.3.10).
    RsaPssSha384,
    /// RSASSA-PSS with SHA-512, its mask and its salt too (RFC 9231 section 2.3.10).
    RsaPssSha512,
    /// ECDSA on P-256 with SHA-256, as r and s of 32 bytes each (RFC 9231 section 2.3.6).
    EcdsaSha256,
    /// ECDSA on P-384 with SHA-384, as r and s of 48 bytes each (RFC 9231 section 2.3.6).
    EcdsaSha384,
}

impl SignatureAlg {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::RsaSha256,
        Self::RsaSha384,
        Self::RsaSha512,
        Self::RsaPssSha256,
        Self::RsaPssSha384,
        Self::RsaPssSha512,
        Self::EcdsaSha256,
        Self::EcdsaSha384,
    ];

    /// Its name in `ds:SignatureMethod` and in the `SigAlg` parameter.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::RsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Self::RsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            Self::RsaSha512 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            Self::RsaPssSha256 => "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
            Self::RsaPssSha384 => "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
            Self::RsaPssSha512 => "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
            Self::EcdsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            Self::EcdsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        }
    }

    /// The algorithm of that name, character for character.
    ///
    /// `#rsa-pss` stands for its defaults alone, which are SHA-256 throughout (RFC 9231 section
    /// 2.3.9): a `ds:SignatureMethod` has no children here, so parameters are never read.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        if uri == RSA_PSS_DEFAULTS {
            return Some(Self::RsaPssSha256);
        }
        Self::ALL.into_iter().find(|alg| alg.uri() == uri)
    }

    /// The digest that goes with it, which is also the one we use for references.
    #[must_use]
    pub const fn digest(self) -> DigestAlg {
        match self {
            Self::RsaSha256 | Self::RsaPssSha256 | Self::EcdsaSha256 => DigestAlg::Sha256,
            Self::RsaSha384 | Self::RsaPssSha384 | Self::EcdsaSha384 => DigestAlg::Sha384,
            Self::RsaSha512 | Self::RsaPssSha512 => DigestAlg::Sha512,
        }
    }
}

const RSA_PSS_DEFAULTS: &str = "http://www.w3.org/2007/05/xmldsig-more#rsa-pss";

/// How what a reference points at is digested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DigestAlg {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl DigestAlg {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];

    /// Its name in `ds:DigestMethod`.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Self::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
            Self::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }

    /// The digest of that name, character for character.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.uri() == uri)
    }

    /// The function itself.
    pub(crate) const fn function(self) -> &'static Algorithm {
        match self {
            Self::Sha256 => &SHA256,
            Self::Sha384 => &SHA384,
            Self::Sha512 => &SHA512,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DigestAlg, SignatureAlg};

    #[test]
    fn every_algorithm_is_found_by_its_own_name() {
        for alg in SignatureAlg::ALL {
            assert_eq!(SignatureAlg::from_uri(alg.uri()), Some(alg));
        }
        for alg in DigestAlg::ALL {
            assert_eq!(DigestAlg::from_uri(alg.uri()), Some(alg));
        }
        assert_eq!(
            SignatureAlg::from_uri("http://www.w3.org/2007/05/xmldsig-more#rsa-pss"),
            Some(SignatureAlg::RsaPssSha256)
        );
    }

    #[test]
    fn xsw_19_weak_algorithms_have_no_variant() {
        for uri in [
            "",
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
            "http://www.w3.org/2009/xmldsig11#dsa-sha256",
            "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
            "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
            "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha224",
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha224",
            "http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1",
            "http://www.w3.org/2007/05/xmldsig-more#MD5-rsa-MGF1",
            "http://www.w3.org/2001/04/xmldsig-more#RSA-SHA256",
            " http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        ] {
            assert_eq!(SignatureAlg::from_uri(uri), None, "{uri}");
        }
        for uri in [
            "http://www.w3.org/2000/09/xmldsig#sha1",
            "http://www.w3.org/2001/04/xmldsig-more#md5",
            "http://www.w3.org/2001/04/xmldsig-more#sha224",
            "http://www.w3.org/2001/04/xmlenc#ripemd160",
            "http://www.w3.org/2001/04/xmlenc#sha384",
        ] {
            assert_eq!(DigestAlg::from_uri(uri), None, "{uri}");
        }
    }
}
