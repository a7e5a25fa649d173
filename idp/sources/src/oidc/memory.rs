//! What a login at an OpenID Provider remembers between the way there and the way back.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idp_domain::refusal::Fault;
use idp_domain::{Ask, Kept, Lifetime, Refusal, Timestamp};
use idp_oidc::pkce::Verifier;
use serde::{Deserialize, Serialize};

use super::stop::Stop;

/// How long a person may take at the source.
const VALID_FOR: Lifetime = Lifetime::minutes(10);

/// Serialized into [`Kept`], which is sealed with the transaction.
#[derive(Serialize, Deserialize)]
pub(super) struct Memory {
    /// Who was asked.
    pub(super) issuer: String,
    /// What must come back with the browser.
    pub(super) state: String,
    /// What must come back in the ID token.
    pub(super) nonce: String,
    /// Whether nobody was to be asked anything.
    pub(super) passive: bool,
    verifier: String,
    asked_at: Timestamp,
}

impl Memory {
    /// The memory of a login that begins now.
    //= rfc9700#2.1.1-2
    pub(super) fn new(ask: &Ask, issuer: &str) -> Result<Self, Fault> {
        Ok(Self {
            issuer: issuer.to_owned(),
            state: ask.correlator.clone(),
            nonce: URL_SAFE_NO_PAD.encode(draw::<32>()?),
            passive: ask.passive,
            verifier: Verifier::from_random(draw()?).expose().to_owned(),
            asked_at: ask.now,
        })
    }

    /// The memory as the transaction keeps it.
    pub(super) fn keep(&self) -> Result<Kept, Fault> {
        serde_json::to_string(self)
            .map(Kept::new)
            .map_err(|error| Fault::new("keeping a login at a source", error))
    }

    /// The memory that was kept, unless its time is over or another release wrote it.
    pub(super) fn recall(kept: &Kept, now: Timestamp) -> Result<Self, Stop> {
        let memory: Self =
            serde_json::from_str(kept.as_str()).map_err(|_| Refusal::TransactionLost)?;
        if now > memory.asked_at + VALID_FOR {
            return Err(Refusal::TransactionLost.into());
        }
        Ok(memory)
    }

    /// What redeems the code.
    pub(super) fn verifier(&self) -> Result<Verifier, Fault> {
        Verifier::parse(&self.verifier).ok_or_else(|| Fault::broken("reading our own verifier"))
    }
}

/// Random bytes from the operating system.
pub(super) fn draw<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Fault::broken("drawing random bytes"))?;
    Ok(bytes)
}
