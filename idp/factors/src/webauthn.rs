//! Passkeys (WebAuthn Level 3): registering one, and proving that one is at hand.
//!
//! User verification is always required and every credential is discoverable, so a passkey is two
//! factors by itself. Challenges are kept by the caller, who takes each [`Registering`] or
//! [`Proving`] from the shelf once.
//!
//! | type | is |
//! |---|---|
//! | [`Site`] | our name, id and origins; starts and finishes ceremonies |
//! | [`RegistrationPolicy`] | which authenticators may be registered |
//! | [`mds::Models`] | what the FIDO Metadata Service says of models |
//! | [`PasskeyRecord`] | the stored half of a passkey |
//! | [`Outcome`] | what a proof showed, the signal of a cloned key included |
//!
//! `webauthn-rs-core` verifies signatures and attestation. It is used without its wrapper
//! `webauthn-rs`, which discourages discoverable credentials and cannot ask for attestation without
//! a list of makers. What it leaves to its caller, or does loosely, is done here, before it sees
//! the message: sizes, strict CBOR, origins as exact strings, whose credential it is.

mod cbor;
mod client;
mod credential;
mod error;
pub mod mds;
mod policy;
mod prove;
mod register;
mod site;
#[cfg(test)]
mod soft;

pub use client::{PresentedProof, PresentedRegistration};
pub use credential::{
    Aaguid, AaguidError, Attested, CredentialId, NameError, PasskeyName, PasskeyRecord, UserHandle,
};
pub use error::CeremonyError;
pub use policy::{AttestationPolicy, RegistrationPolicy, TrustError, TrustedModels};
pub use prove::{CloneSignal, Outcome, Proof, ProofAsk, Proving};
pub use register::{Person, Registering};
pub use site::{CEREMONY_LIFE, Site, SiteError, SiteSettings};
