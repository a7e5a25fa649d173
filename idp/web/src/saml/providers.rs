//! The registered service providers, found by their own name and by ours.

use std::{collections::HashMap, sync::Arc};

use idp_domain::RelyingPartyId;
use idp_saml::idp::ServiceProvider;

/// The service providers of the federation.
#[derive(Clone, Debug, Default)]
pub struct ServiceProviders {
    by_id: HashMap<RelyingPartyId, Arc<ServiceProvider>>,
    by_entity_id: HashMap<String, RelyingPartyId>,
}

impl ServiceProviders {
    /// All of `providers`. Of two with one entity id, which registration refuses, none is found
    /// by it.
    #[must_use]
    pub fn new(providers: impl IntoIterator<Item = Arc<ServiceProvider>>) -> Self {
        let mut found = Self::default();
        let mut doubled = Vec::new();
        for provider in providers {
            let entity_id = provider.entity_id.clone();
            if found.by_entity_id.insert(entity_id.clone(), provider.id.clone()).is_some() {
                doubled.push(entity_id);
            }
            found.by_id.insert(provider.id.clone(), provider);
        }
        for entity_id in doubled {
            found.by_entity_id.remove(&entity_id);
        }
        found
    }

    /// The service provider of a relying party.
    #[must_use]
    pub fn of(&self, id: &RelyingPartyId) -> Option<&Arc<ServiceProvider>> {
        self.by_id.get(id)
    }

    /// The service provider that calls itself `entity_id`, byte for byte.
    #[must_use]
    pub fn called(&self, entity_id: &str) -> Option<&Arc<ServiceProvider>> {
        self.by_id.get(self.by_entity_id.get(entity_id)?)
    }
}
