//! Authorization codes: what lies on the shelf for a minute, and who may take it.

use std::fmt;

use idp_domain::{GrantId, Issuance, Lifetime, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Client, Grant, Opaque, Ticket, opaque::OpaqueKind};
use crate::{
    error::{Rule, rules},
    pkce::{Challenge, Verifier},
};

/// How long a code can be redeemed.
//= rfc6749#4.1.2-1
pub const LIFETIME: Lifetime = Lifetime::minutes(1);

rules! {
    UNKNOWN = "oidc.token.code", InvalidGrant,
        "The code is unknown, expired or was redeemed.", "RFC 6749 4.1.2";
    OTHER_CLIENT = "oidc.token.code_client", InvalidGrant,
        "The code was issued to another client.", "RFC 6749 4.1.3";
    OTHER_URI = "oidc.token.redirect_uri", InvalidGrant,
        "The redirect_uri is missing or not that of the authorization request.", "RFC 6749 4.1.3";
    NO_VERIFIER = "oidc.token.verifier_missing", InvalidGrant,
        "The code needs a code_verifier.", "RFC 7636 4.6";
    WRONG_VERIFIER = "oidc.token.verifier", InvalidGrant,
        "The code_verifier does not fit the code_challenge.", "RFC 7636 4.6";
    STRAY_VERIFIER = "oidc.token.verifier_stray", InvalidGrant,
        "The code was issued without a code_challenge.", "RFC 9700 4.8.2";
}

/// The rule that a code breaks which nobody knows, or which was redeemed before.
pub fn unknown() -> &'static Rule {
    &UNKNOWN
}

/// What lies on the shelf under the handle of a code.
//= rfc7636#4.4-1
//= rfc6749#4.1.2-3
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRecord {
    /// The grant that its redemption makes.
    pub grant: Grant,
    /// Where the code was sent.
    pub redirect_uri: String,
    /// What the verifier must meet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Challenge>,
    /// What the ID token must repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// When it ceases to count.
    pub expires_at: Timestamp,
}

/// What a client sends to redeem a code.
#[derive(Clone, Copy)]
pub struct Redemption<'a> {
    /// The code.
    pub code: &'a str,
    /// Where it says that it received it.
    pub redirect_uri: Option<&'a str>,
    /// What it says that its challenge was made from.
    pub verifier: Option<&'a str>,
}

impl fmt::Debug for Redemption<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Code and verifier are secrets.
        f.debug_struct("Redemption")
            .field("redirect_uri", &self.redirect_uri)
            .finish_non_exhaustive()
    }
}

/// What a redeemed code gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redeemed {
    /// The grant.
    pub grant: Grant,
    /// What the ID token must repeat.
    pub nonce: Option<String>,
}

/// The code for an issuance, and what to keep of it for [`LIFETIME`].
#[must_use]
pub fn issue(
    ticket: &Ticket,
    issuance: &Issuance,
    grant: GrantId,
    bits: [u8; 32],
) -> (Opaque, CodeRecord) {
    let record = CodeRecord {
        grant: Grant::new(grant, ticket, issuance),
        redirect_uri: ticket.way_back.redirect_uri.as_str().to_owned(),
        challenge: ticket.challenge.clone(),
        nonce: ticket.nonce.clone(),
        expires_at: issuance.at + LIFETIME,
    };
    (Opaque::from_random(OpaqueKind::Code, bits), record)
}

impl CodeRecord {
    /// Redeems the code for `client`, which has proven itself.
    ///
    /// Whatever comes of it, the code is used up: the caller took the record off the shelf.
    //= oidc-core#3.1.3.2-1
    pub fn redeem(
        self,
        redemption: &Redemption<'_>,
        client: &Client,
        now: Timestamp,
    ) -> Result<Redeemed, &'static Rule> {
        if now >= self.expires_at {
            return Err(&UNKNOWN);
        }
        //= rfc6749#4.1.3-1
        if self.grant.client != client.id {
            return Err(&OTHER_CLIENT);
        }
        //= rfc6749#4.1.3-2
        if redemption.redirect_uri != Some(&self.redirect_uri) {
            return Err(&OTHER_URI);
        }
        verify(self.challenge.as_ref(), redemption.verifier)?;
        Ok(Redeemed { grant: self.grant, nonce: self.nonce })
    }
}

//= rfc9700#2.1.1-5
//= rfc9700#2.1.1-6
//= rfc9700#4.8.2-1
fn verify(challenge: Option<&Challenge>, verifier: Option<&str>) -> Result<(), &'static Rule> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(&STRAY_VERIFIER),
        (Some(_), None) => Err(&NO_VERIFIER),
        (Some(challenge), Some(verifier)) => match Verifier::parse(verifier) {
            Some(verifier) if challenge.is_met_by(&verifier) => Ok(()),
            _ => Err(&WRONG_VERIFIER),
        },
    }
}

#[cfg(test)]
mod tests;
