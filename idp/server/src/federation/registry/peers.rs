//! The peers of a federation that speak SAML, and what they published by now.

use std::{collections::HashMap, sync::Arc};

use idp_domain::{SourceId, Timestamp};
use idp_fetch::Fetcher;
use idp_saml::metadata::Entity;
#[cfg(test)]
use idp_sources::saml::Ours;
use idp_sources::saml::{MetadataPlace, SamlConnector};
use idp_store::{
    Store,
    metadata::{Document, News},
};

use super::Mirror;
use crate::federation::{
    metadata::{Followed, Refresher, look},
    saml::ServiceEntry,
};

/// Somebody who has metadata.
#[derive(Clone)]
pub(crate) enum Peer {
    /// A source.
    Source(Arc<SamlConnector>),
    /// A relying party.
    RelyingParty(Arc<ServiceEntry>),
}

impl Peer {
    /// Where its metadata stands.
    pub(crate) fn place(&self) -> &MetadataPlace {
        match self {
            Self::Source(connector) => connector.place(),
            Self::RelyingParty(service) => &service.place,
        }
    }

    /// Its name, where the entry says it.
    fn entity_id(&self) -> Option<String> {
        match self {
            Self::Source(connector) => connector.peer_name(),
            Self::RelyingParty(service) => service.entity_id().map(str::to_owned),
        }
    }

    /// What is wrong with `entity` for it.
    pub(crate) fn judge(&self, entity: &Entity) -> Result<(), String> {
        match self {
            Self::Source(connector) => connector.judge(entity).map_err(|error| error.to_string()),
            Self::RelyingParty(service) => service.judge(entity).map(drop).map_err(|problems| {
                let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
                told.join("; ")
            }),
        }
    }
}

impl Mirror {
    /// How far the metadata of peers was read.
    pub(crate) fn learned(&self) -> i64 {
        self.learned
    }

    /// The entries whose metadata has to be looked for by their name.
    pub(crate) fn unread(&self) -> Vec<String> {
        self.unread.iter().cloned().collect()
    }

    /// Takes over what peers published after [`Mirror::learned`].
    pub(crate) fn learn(&mut self, news: News) {
        self.learned = news.number;
        self.read(news.documents);
    }

    /// Takes over what the peer of `entry` published, if it is known.
    pub(crate) fn found(&mut self, entry: &str, document: Option<Document>) {
        self.unread.remove(entry);
        self.read(document);
    }

    fn read(&mut self, documents: impl IntoIterator<Item = Document>) {
        let mut pages = Vec::new();
        for document in documents {
            self.unread.remove(&document.entry);
            match self.page(&document) {
                Ok(page) => pages.extend(page.map(|page| (document.entry, Some(Arc::new(page))))),
                Err(problem) => {
                    let entry = document.entry;
                    tracing::error!(entry, problem, "metadata of a peer cannot be used");
                }
            }
        }
        if !pages.is_empty() {
            self.tools.ours.book.turn(pages);
            self.has_news = true;
        }
    }

    /// What was good when it was kept is good still, unless the entry demands more by now.
    fn page(&self, document: &Document) -> Result<Option<Entity>, String> {
        let Some(peer) = self.places.get(&document.entry) else { return Ok(None) };
        let place = peer.place();
        // What stood at another address may be somebody else's.
        let text = document.text.as_ref().filter(|_| place.url.as_ref() == Some(&document.url));
        let Some(text) = text else { return Ok(None) };
        let entity = place.read(text.as_bytes(), None, self.tools.loopback_peers);
        let entity = entity.map_err(|error| error.to_string())?;
        peer.judge(&entity)?;
        Ok(Some(entity))
    }

    /// Who we are to peers.
    #[cfg(test)]
    pub(crate) fn ours(&self) -> &Ours {
        &self.tools.ours
    }

    /// Who refreshes what peers publish.
    pub(crate) fn refresher(
        &self,
        store: Store,
        fetcher: Fetcher,
        clock: fn() -> Timestamp,
    ) -> Refresher {
        let book = Arc::clone(&self.tools.ours.book);
        Refresher { store, fetcher, book, followed: self.followed.subscribe(), clock }
    }

    pub(super) fn follow(&self) -> Followed {
        let fetched = self.places.iter().filter(|(_, peer)| peer.place().url.is_some());
        let taken = self.places.iter().filter_map(|(entry, peer)| {
            let name = self.name_of(entry, peer)?;
            Some((look(entry, &name), entry.clone()))
        });
        // Of two with one name, what stands first in the federation has it.
        let taken: Vec<_> = taken.collect();
        Followed {
            peers: fetched.map(|(entry, peer)| (entry.clone(), peer.clone())).collect(),
            taken: taken.into_iter().rev().collect(),
        }
    }

    /// The entity id of a peer, as far as it is known.
    fn name_of(&self, entry: &str, peer: &Peer) -> Option<String> {
        let named = peer.entity_id();
        named.or_else(|| Some(self.tools.ours.book.find(entry)?.entity_id.clone()))
    }

    /// A peer has come, gone or changed. What is known of it stays only while it is looked for in
    /// the same way.
    pub(super) fn settle(&mut self, entry: String, peer: Option<Peer>) {
        let place = |peer: &Peer| peer.place().clone();
        let before = self.places.remove(&entry);
        let (was, is) = (before.as_ref().map(place), peer.as_ref().map(place));
        if was != is {
            if self.tools.ours.book.find(&entry).is_some() {
                self.tools.ours.book.turn([(entry.clone(), None)]);
            }
            self.unread.remove(&entry);
            if is.is_some_and(|place| place.url.is_some()) {
                self.unread.insert(entry.clone());
            }
        }
        if let Some(peer) = peer {
            self.places.insert(entry, peer);
        }
    }

    /// Of two sources of one identity provider none can be meant by its name.
    pub(super) fn entities(&self) -> HashMap<String, SourceId> {
        let (mut found, mut doubled) = (HashMap::new(), Vec::new());
        for (entry, peer) in &self.places {
            let Some(id) = entry.strip_prefix("sources/").and_then(|id| id.parse().ok()) else {
                continue;
            };
            let Some(name) = self.name_of(entry, peer) else { continue };
            if found.insert(name.clone(), id).is_some() {
                doubled.push(name);
            }
        }
        for name in doubled {
            found.remove(&name);
        }
        found
    }
}
