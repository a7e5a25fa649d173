//! What another site sent by a form, put aside until the browser comes back to us by itself.
//!
//! Browsers leave cookies of ours out of such a form (`SameSite=Lax`), and bring them with the
//! request that follows. The handle opens once, within a minute.

use idp_broker::Handle;
use idp_domain::{AuthenticationEvent, AuthnRequest, Fault, RelyingPartyId};
use idp_store::shelf::Kind;
use serde::{Deserialize, Serialize};

use crate::App;

/// What was put aside.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Parked {
    /// A source's answer to a login that waits for it, not judged yet.
    Answer(Vec<(String, String)>),
    /// What a source vouched for unasked, and where the person wants to go.
    Proof {
        /// What it vouched for.
        event: Box<AuthenticationEvent>,
        /// A relying party of ours.
        target: Option<RelyingPartyId>,
        /// The browser that brought it: a link with the handle is of no use to another.
        browser: String,
    },
    /// A service provider's request, judged.
    Request(Box<AuthnRequest>),
}

/// Puts something aside; returns what opens it.
pub(super) async fn put(app: &App, parked: &Parked) -> Result<String, Fault> {
    let handle = Handle::draw()?;
    let ttl = Kind::Parked.default_ttl();
    let put = app.parked.put(handle.as_str(), parked, ttl).await;
    put.map_err(|error| Fault::new("putting a message aside", error))?;
    Ok(handle.as_str().to_owned())
}

/// Takes it back. Of two takers one gets it.
pub(super) async fn take(app: &App, handle: &str) -> Result<Option<Parked>, Fault> {
    let Some(handle) = Handle::parse(handle) else { return Ok(None) };
    let taken = app.parked.take(handle.as_str()).await;
    taken.map_err(|error| Fault::new("taking a message back", error))
}
