//! Signatures of JSON Web Tokens by hand: a second opinion on the product's, and raw material
//! for tokens that no library would make.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    self, ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair,
    Ed25519KeyPair, KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_SHA256, RsaKeyPair, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// Base64url without padding.
pub fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads base64url without padding.
pub fn unb64(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap_or_else(|_| panic!("not base64url: {text}"))
}

/// 256 random bits as text.
pub fn random() -> String {
    let mut bytes = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut bytes).expect("random bytes");
    b64(bytes)
}

/// SHA-256.
pub fn sha256(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes.as_ref()).as_ref().to_vec()
}

/// A signing key with its name.
#[derive(Debug)]
pub struct SigningKey {
    /// The `kid`.
    pub id: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Es256(Box<EcdsaKeyPair>),
    EdDsa(Box<Ed25519KeyPair>),
    Rsa(Box<RsaKeyPair>),
}

impl SigningKey {
    /// A fresh P-256 key.
    pub fn es256(id: &str) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        Self { id: id.to_owned(), kind: Kind::Es256(Box::new(key)) }
    }

    /// A fresh Ed25519 key.
    pub fn eddsa(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            kind: Kind::EdDsa(Box::new(Ed25519KeyPair::generate().expect("a key"))),
        }
    }

    /// A fresh RSA-2048 key, for RS256 and PS256.
    pub fn rsa(id: &str) -> Self {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        Self { id: id.to_owned(), kind: Kind::Rsa(Box::new(key)) }
    }

    /// The algorithm that it signs with when not told otherwise.
    pub fn algorithm(&self) -> &'static str {
        match self.kind {
            Kind::Es256(_) => "ES256",
            Kind::EdDsa(_) => "EdDSA",
            Kind::Rsa(_) => "RS256",
        }
    }

    /// The public half as a JWK.
    pub fn jwk(&self) -> Value {
        let mut jwk = match &self.kind {
            Kind::Es256(key) => {
                let point = key.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "x": b64(&point[1..33]), "y": b64(&point[33..])})
            }
            Kind::EdDsa(key) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": b64(key.public_key())})
            }
            Kind::Rsa(key) => {
                let (n, e) = (key.public_key().modulus(), key.public_key().exponent());
                json!({
                    "kty": "RSA",
                    "n": b64(n.big_endian_without_leading_zero()),
                    "e": b64(e.big_endian_without_leading_zero()),
                })
            }
        };
        jwk["kid"] = json!(self.id);
        jwk["alg"] = json!(self.algorithm());
        jwk["use"] = json!("sig");
        jwk
    }

    /// The public half of an RSA key as DER and as PEM: what a confused verifier takes for a
    /// shared secret.
    pub fn public_der(&self) -> Vec<u8> {
        let Kind::Rsa(key) = &self.kind else { panic!("only of an RSA key") };
        let der: PublicKeyX509Der<'_> = key.public_key().as_der().expect("DER");
        der.as_ref().to_vec()
    }

    /// The public half of an RSA key as PEM.
    pub fn public_pem(&self) -> String {
        let text = STANDARD.encode(self.public_der());
        let lines: Vec<&str> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    }

    /// A compact token with the usual header for this key.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_with(&json!({"alg": self.algorithm(), "kid": self.id, "typ": "JWT"}), claims)
    }

    /// A compact token with this header; the signature fits the header's `alg` if the key can.
    pub fn sign_with(&self, header: &Value, claims: &Value) -> String {
        let input = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
        let pss = header["alg"] == "PS256";
        let signature = self.signature(input.as_bytes(), pss);
        format!("{input}.{}", b64(signature))
    }

    fn signature(&self, input: &[u8], pss: bool) -> Vec<u8> {
        let chance = SystemRandom::new();
        match &self.kind {
            Kind::Es256(key) => key.sign(&chance, input).expect("signing").as_ref().to_vec(),
            Kind::EdDsa(key) => key.sign(input).as_ref().to_vec(),
            Kind::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                let padding: &dyn signature::RsaEncoding =
                    if pss { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                key.sign(padding, &chance, input, &mut signature).expect("signing");
                signature
            }
        }
    }
}

/// A compact token signed with HMAC-SHA-256.
pub fn sign_hs256(secret: &[u8], header: &Value, claims: &Value) -> String {
    let input = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes());
    format!("{input}.{}", b64(tag))
}

/// A part of a compact token, unverified: 0 the header, 1 the claims.
pub fn part(token: &str, index: usize) -> Value {
    let text = token.split('.').nth(index).unwrap_or_else(|| panic!("no token: {token}"));
    serde_json::from_slice(&unb64(text)).expect("JSON in a token")
}

/// The claims of a token whose signature fits the one key of `jwks` with its `kid`.
pub fn verify(token: &str, jwks: &Value) -> Result<Value, String> {
    let header = part(token, 0);
    let keys = jwks["keys"].as_array().ok_or("no keys")?;
    let mut named = keys.iter().filter(|key| key["kid"] == header["kid"]);
    let key = named.next().ok_or_else(|| format!("no key {} in {jwks}", header["kid"]))?;
    if named.next().is_some() {
        return Err(format!("two keys named {}", header["kid"]));
    }
    let (input, signature) = token.rsplit_once('.').ok_or("not compact")?;
    let signature = unb64(signature);
    let bytes = |name: &str| unb64(key[name].as_str().unwrap_or_default());
    let kty = key["kty"].as_str().unwrap_or_default();
    let alg = header["alg"].as_str().unwrap_or_default();
    if key["alg"].is_string() && key["alg"] != alg {
        return Err(format!("the key is for {}, the token says {alg}", key["alg"]));
    }
    let verified = match (kty, alg) {
        ("EC", "ES256") => {
            let point = [vec![4], bytes("x"), bytes("y")].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                .verify(input.as_bytes(), &signature)
        }
        ("OKP", "EdDSA") => {
            UnparsedPublicKey::new(&ED25519, bytes("x")).verify(input.as_bytes(), &signature)
        }
        ("RSA", "RS256" | "PS256") => {
            let scheme = if alg == "RS256" {
                &RSA_PKCS1_2048_8192_SHA256
            } else {
                &RSA_PSS_2048_8192_SHA256
            };
            RsaPublicKeyComponents { n: bytes("n"), e: bytes("e") }.verify(
                scheme,
                input.as_bytes(),
                &signature,
            )
        }
        other => return Err(format!("unexpected key type and algorithm {other:?}")),
    };
    verified.map_err(|_| "the signature does not fit".to_owned())?;
    Ok(part(token, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_key_signs_what_verify_accepts_and_nothing_else() {
        for key in [SigningKey::es256("a"), SigningKey::eddsa("a"), SigningKey::rsa("a")] {
            let token = key.sign(&json!({"sub": "x"}));
            let jwks = json!({"keys": [key.jwk()]});
            assert_eq!(verify(&token, &jwks).unwrap()["sub"], "x");
            let (head, tail) = token.split_once('.').unwrap();
            let forged = format!("{head}.{}{tail}", b64("{}"));
            assert!(verify(&forged, &jwks).is_err());
        }
    }
}
