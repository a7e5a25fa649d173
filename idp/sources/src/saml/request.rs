//! What an identity provider is asked, and how the question travels.

use idp_domain::assurance::{AAL1, AAL2, AAL3, REFEDS_MFA};
use idp_domain::connector::Begun;
use idp_domain::refusal::Fault;
use idp_domain::{Acr, Ask, Assurance, Outbound};
use idp_saml::binding::{Binding, Kind, post, redirect};
use idp_saml::dsig::{Place, sign};
use idp_saml::sp::{Wanted, authn_request};
use idp_saml::xml::Markup;
use url::Url;

use super::SamlConnector;
use super::connection::{NameIdFormat, RequestAcr};
use super::memory::Memory;
use super::peer::IdentityProvider;

/// The longest `RelayState` that every binding carries, in bytes (SAML Bindings 3.4.3).
const MAX_RELAY_STATE: usize = 80;

impl SamlConnector {
    pub(super) fn ask(&self, ask: &Ask) -> Result<Begun, Fault> {
        if ask.correlator.len() > MAX_RELAY_STATE {
            return Err(Fault::broken("fitting our handle into RelayState"));
        }
        let peer = match self.peer(ask.now) {
            Ok(peer) => peer,
            Err(stop) => return stop.into_refusal().map(Begun::Refused),
        };
        let memory = Memory::new(ask, &peer.trust.entity_id)?;
        let contexts = self.contexts(&ask.acr);
        let request = authn_request(&Wanted {
            id: memory.request_id(),
            now: ask.now,
            our_entity_id: &self.entity_id,
            destination: peer.sso.location.as_str(),
            acs: &self.acs,
            contexts: &contexts,
            force: ask.force,
            passive: ask.passive,
            name_format: self.connection.name_id_format.map(NameIdFormat::uri),
            requester: self.connection.name_requester.then(|| ask.relying_party.as_str()),
            proxy_count: None,
            attribute_set: None,
            attributes: &[],
        });
        let outbound = self.outbound(&peer, request, &ask.correlator)?;
        Ok(Begun::Go(outbound, memory.keep()?))
    }

    fn outbound(
        &self,
        peer: &IdentityProvider,
        request: Markup,
        relay_state: &str,
    ) -> Result<Outbound, Fault> {
        let keys = self.keys()?;
        let (key, alg) = (&*keys.signing, peer.alg(&keys.signing));
        let unsigned = |error: Box<dyn std::error::Error + Send + Sync>| {
            Fault::new("signing a request to a source", error)
        };
        let (to, signed) = (peer.sso.location.as_str(), self.connection.sign_requests);
        if peer.sso.binding == Binding::Redirect {
            let xml = request.to_canonical();
            let url = if signed {
                redirect::write(to, Kind::Request, &xml, Some(relay_state), key, alg)
                    .map_err(|error| unsigned(error.into()))?
            } else {
                redirect::write_unsigned(to, Kind::Request, &xml, Some(relay_state))
            };
            return Ok(Outbound::Redirect(address(&url)?));
        }
        let request = if signed {
            sign(request, key, alg, Place::AfterIssuer).map_err(|error| unsigned(error.into()))?
        } else {
            request
        };
        posted(post::write(to, Kind::Request, &request.to_canonical(), Some(relay_state)))
    }

    /// What is asked for, in the source's words. A strength that every sign-in has is not asked
    /// for: `exact` would forbid a stronger one.
    fn contexts(&self, asked: &[Acr]) -> Vec<String> {
        if self.connection.request_acr == RequestAcr::Omit {
            return Vec::new();
        }
        let mut contexts: Vec<String> = Vec::new();
        for acr in asked.iter().filter(|acr| acr.demands() != Some(Assurance::Aal1)) {
            for name in self.words_for(acr) {
                if !contexts.contains(&name) {
                    contexts.push(name);
                }
            }
        }
        if contexts.is_empty() {
            contexts.clone_from(&self.connection.required_authn_context);
        }
        contexts
    }

    /// The source's words for a context: its own, else the same. Ours mean nothing elsewhere.
    fn words_for(&self, acr: &Acr) -> Vec<String> {
        let is_ours = [AAL1, AAL2, AAL3].contains(&acr.as_str());
        let means = |ours: &Acr| ours == acr || (is_ours && ours.demands() == acr.demands());
        let theirs = self.connection.acr.iter().filter(|(_, ours)| means(ours));
        let theirs: Vec<_> = theirs.map(|(name, _)| name.clone()).collect();
        if !theirs.is_empty() {
            return theirs;
        }
        match acr.as_str() {
            AAL2 => vec![REFEDS_MFA.to_owned()],
            _ if is_ours => Vec::new(),
            word => vec![word.to_owned()],
        }
    }
}

/// A form of ours that takes a message along.
pub(super) fn posted(form: post::PostForm) -> Result<Outbound, Fault> {
    let fields = form.fields.into_iter().map(|(name, value)| (name.to_owned(), value));
    Ok(Outbound::Post { url: address(&form.action)?, fields: fields.collect() })
}

pub(super) fn address(text: &str) -> Result<Url, Fault> {
    Url::parse(text).map_err(|error| Fault::new("addressing a message to a source", error))
}
