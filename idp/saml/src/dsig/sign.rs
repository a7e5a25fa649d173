//! Signing what we write: enveloped, over bytes that are canonical already.

use aws_lc_rs::digest::digest;

use super::signature::{ENVELOPED, EXC_C14N};
use super::{KeyError, SignatureAlg, SigningKey};
use crate::xml::{Markup, ns, write_base64};

/// Where the signature stands in its element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Right after `saml:Issuer`, as in assertions and protocol messages; first if there is none.
    AfterIssuer,
    /// First of all, as in metadata.
    First,
}

/// Signs an element by its `ID`, and puts the signature where `place` says.
///
/// What is signed inside another signed element is signed first. Fails if the element has no
/// `ID`, or if the key is not of the kind that `alg` needs.
pub fn sign(
    mut element: Markup,
    key: &SigningKey,
    alg: SignatureAlg,
    place: Place,
) -> Result<Markup, KeyError> {
    let prefixes = element.own_prefixes();
    let id = element.attribute("ID").ok_or(KeyError::Sign(alg))?;
    let value = digest(alg.digest().function(), &element.to_canonical());
    let transform = |uri| Markup::new(ns::DS, "Transform").attr("Algorithm", uri);
    let signed_info = Markup::new(ns::DS, "SignedInfo")
        .child(Markup::new(ns::DS, "CanonicalizationMethod").attr("Algorithm", EXC_C14N))
        .child(Markup::new(ns::DS, "SignatureMethod").attr("Algorithm", alg.uri()))
        .child(
            Markup::new(ns::DS, "Reference")
                .attr("URI", format!("#{id}"))
                .child(
                    Markup::new(ns::DS, "Transforms")
                        .child(transform(ENVELOPED))
                        .child(transform(EXC_C14N)),
                )
                .child(Markup::new(ns::DS, "DigestMethod").attr("Algorithm", alg.digest().uri()))
                .child(Markup::new(ns::DS, "DigestValue").text(write_base64(value.as_ref()))),
        )
        .prefixed(prefixes);
    let signature = key.sign(alg, &signed_info.to_canonical())?;
    let certificate = Markup::new(ns::DS, "X509Certificate").text(write_base64(key.certificate()));
    let signature = Markup::new(ns::DS, "Signature")
        .child(signed_info)
        .child(Markup::new(ns::DS, "SignatureValue").text(write_base64(&signature)))
        .child(
            Markup::new(ns::DS, "KeyInfo")
                .child(Markup::new(ns::DS, "X509Data").child(certificate)),
        )
        .prefixed(prefixes);
    match place {
        Place::AfterIssuer => element.insert_after(ns::SAML, "Issuer", signature),
        Place::First => element.insert_first(signature),
    }
    Ok(element)
}

#[cfg(test)]
mod tests;
