//! What peers publish about themselves, as last known good: filled by whoever fetches it, read by
//! those who speak with the peers.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use idp_saml::metadata::Entity;

/// The metadata of peers that publish it, by the entry of the federation that names them, such
/// as `sources/una`. Whoever reads sees old or new, never a mix.
#[derive(Debug, Default)]
pub struct EntityBook(ArcSwap<HashMap<String, Arc<Entity>>>);

impl EntityBook {
    /// What is known of the peer of `entry`. Its own end may have passed.
    #[must_use]
    pub fn find(&self, entry: &str) -> Option<Arc<Entity>> {
        self.0.load().get(entry).cloned()
    }

    /// Takes over what changed: another entity, or none any more.
    pub fn turn(&self, changes: impl IntoIterator<Item = (String, Option<Arc<Entity>>)>) {
        let changes: Vec<_> = changes.into_iter().collect();
        self.0.rcu(|known| {
            let mut known = HashMap::clone(known);
            for (entry, entity) in &changes {
                match entity {
                    Some(entity) => known.insert(entry.clone(), Arc::clone(entity)),
                    None => known.remove(entry),
                };
            }
            known
        });
    }
}
