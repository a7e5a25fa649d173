//! What a relying party asks for, in no dialect.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    Acr, AgencyId, AttributeName, Lifetime, RelyingPartyId, SourceId, Subject,
    relying_party::Protocol,
};

/// A relying party's wish for a login, normalised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthnRequest {
    /// Who asks.
    pub relying_party: RelyingPartyId,
    /// What is demanded of the login.
    pub demand: Demand,
    /// Where and how to answer.
    pub ticket: ReturnTicket,
    /// What helps to find the agency.
    #[serde(default)]
    pub hints: Hints,
    /// The attributes that are asked for; policy decides which are released.
    #[serde(default)]
    pub wanted: BTreeSet<AttributeName>,
}

/// What is asked of a login: assurance, age, interaction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "five independent wishes of both protocols")]
pub struct Demand {
    /// The contexts that are wanted, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acr: Vec<Acr>,
    /// Whether one of them must be met, or the answer is an error.
    #[serde(default)]
    pub essential: bool,
    /// How old the authentication may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<Lifetime>,
    /// How old the proof of a second factor may be, where the person has one; where not, the
    /// authentication itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor_max_age: Option<Lifetime>,
    /// The person must authenticate again.
    #[serde(default)]
    pub force: bool,
    /// Nobody may be asked anything.
    #[serde(default)]
    pub passive: bool,
    /// The person must be asked for consent.
    #[serde(default)]
    pub consent: bool,
    /// The person must be able to choose another account.
    #[serde(default)]
    pub select: bool,
    /// The person whom the relying party expects, by the name that it knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
}

/// What helps to find the agency. Hints are wishes: none of them opens a door.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hints {
    /// A source that was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// An agency that was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyId>,
    /// A mail domain that was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// What the person is likely to type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// Languages that the relying party asked for, as it wrote them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locales: Option<String>,
}

/// Proof that an answer may go somewhere, and how. Opens only for the protocol that made it.
///
/// A protocol crate makes one after it verified the address; who holds no ticket cannot answer a
/// relying party.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnTicket {
    /// Who can open it.
    pub protocol: Protocol,
    /// What only that protocol can read.
    pub sealed: String,
    /// What that protocol wants to be reminded of when the session ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub farewell: Option<String>,
}

impl fmt::Debug for ReturnTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReturnTicket").field("protocol", &self.protocol).finish_non_exhaustive()
    }
}
