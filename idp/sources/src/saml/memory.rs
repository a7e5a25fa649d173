//! What a login at an identity provider remembers between the way there and the way back.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use idp_domain::refusal::Fault;
use idp_domain::{Ask, Kept, Lifetime, Refusal, Timestamp};
use idp_saml::schema::new_id;
use idp_saml::sp::Asked;
use serde::{Deserialize, Serialize};

use super::stop::Stop;

/// How long a person may take at the source.
const VALID_FOR: Lifetime = Lifetime::minutes(10);

/// Serialized into [`Kept`], which is sealed with the transaction.
#[derive(Serialize, Deserialize)]
pub(super) struct Memory {
    /// Who was asked.
    pub(super) issuer: String,
    /// Whether nobody was to be asked anything.
    pub(super) passive: bool,
    request_id: String,
    asked_at: Timestamp,
}

impl Memory {
    /// The memory of a login that begins now, with a request of its own.
    pub(super) fn new(ask: &Ask, issuer: &str) -> Result<Self, Fault> {
        let mut random = [0; 20];
        let drawn = SystemRandom::new().fill(&mut random);
        drawn.map_err(|_| Fault::broken("drawing random bytes"))?;
        Ok(Self {
            issuer: issuer.to_owned(),
            passive: ask.passive,
            request_id: new_id(random),
            asked_at: ask.now,
        })
    }

    /// The ID of the request.
    pub(super) fn request_id(&self) -> &str {
        &self.request_id
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

    /// What was asked, for whoever judges the answer.
    pub(super) fn asked(&self) -> Asked {
        Asked { request_id: self.request_id.clone(), issued_at: self.asked_at }
    }
}
