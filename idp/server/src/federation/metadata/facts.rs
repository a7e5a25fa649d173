//! What of a peer's metadata matters to others: keys, and where people are sent.

use std::collections::BTreeSet;

use idp_domain::AuditEvent;
use idp_saml::{
    dsig::Certificate,
    metadata::{Entity, KeyUse, Keys},
};

/// The most characters that the trail keeps of a list.
const MAX: usize = 1_000;

/// What came and what went.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::federation) struct Change {
    came: BTreeSet<String>,
    went: BTreeSet<String>,
}

/// What changed between two states of a peer; `None` where nothing that matters did.
pub(in crate::federation) fn change(before: Option<&Entity>, now: &Entity) -> Option<Change> {
    let (before, now) = (before.map(facts).unwrap_or_default(), facts(now));
    let came: BTreeSet<_> = now.difference(&before).cloned().collect();
    let went: BTreeSet<_> = before.difference(&now).cloned().collect();
    (!came.is_empty() || !went.is_empty()).then_some(Change { came, went })
}

impl Change {
    /// What changed, in one line for people.
    pub(in crate::federation) fn words(&self) -> String {
        let list = |word: &str, facts: &BTreeSet<String>| {
            let facts: Vec<_> = facts.iter().map(String::as_str).collect();
            (!facts.is_empty()).then(|| format!("{word} {}", facts.join(", ")))
        };
        let parts = [list("new:", &self.came), list("gone:", &self.went)];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    /// The event with what changed in it.
    pub(super) fn tell(self, event: AuditEvent) -> AuditEvent {
        [("came", self.came), ("went", self.went)].into_iter().fold(event, |event, (name, list)| {
            if list.is_empty() {
                return event;
            }
            let text = list.into_iter().collect::<Vec<_>>().join(", ");
            event.with(name, text.chars().take(MAX).collect::<String>())
        })
    }
}

fn facts(entity: &Entity) -> BTreeSet<String> {
    let mut facts = BTreeSet::from([format!("entity {}", entity.entity_id)]);
    if let Some(role) = &entity.idp {
        facts.extend(keys(&role.keys));
        facts.extend(role.sso.iter().map(|endpoint| format!("sign-on {}", endpoint.location)));
        facts.extend(role.slo.iter().map(|endpoint| format!("logout {}", endpoint.location)));
    }
    if let Some(role) = &entity.sp {
        facts.extend(keys(&role.keys));
        facts.extend(role.acs.iter().map(|acs| format!("answers {}", acs.location)));
        facts.extend(role.slo.iter().map(|endpoint| format!("logout {}", endpoint.location)));
    }
    facts
}

fn keys(keys: &Keys) -> impl Iterator<Item = String> {
    let named = |usage: KeyUse, word: &'static str| {
        keys.certificates(usage).map(move |(_, der)| match Certificate::from_der(der) {
            // The beginning is enough to find it among the keys of one peer.
            Ok(key) => format!("{word} key {:.16}", key.fingerprint()),
            Err(_) => format!("{word} key that cannot be used"),
        })
    };
    named(KeyUse::Signing, "signing").chain(named(KeyUse::Encryption, "encryption"))
}
