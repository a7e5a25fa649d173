//! The difference between the federation that is and the one that is wanted, and what it means
//! for people who sign in.

use std::collections::BTreeMap;

use idp_domain::{RelyingParty, relying_party::OpenTo};
use idp_oidc::op::Surroundings;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    asked::Demands,
    factors,
    file::RelyingPartyEntry,
    parts::{self, Dialect, Party},
    saml,
};

/// Which table of the federation an entry stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EntryKind {
    /// Agencies.
    Agency,
    /// Sources.
    Source,
    /// Relying parties.
    RelyingParty,
}

impl EntryKind {
    /// All of them, in the order in which they rest on one another.
    pub(crate) const ALL: [Self; 3] = [Self::Agency, Self::Source, Self::RelyingParty];

    /// The name in the database.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Source => "source",
            Self::RelyingParty => "relying_party",
        }
    }

    /// The kind of that name in the database.
    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The name in the federation file.
    pub(crate) fn section(self) -> &'static str {
        match self {
            Self::Agency => "agencies",
            Self::Source => "sources",
            Self::RelyingParty => "relying_parties",
        }
    }
}

/// The entries of a federation by kind and id.
pub(crate) type Entries = BTreeMap<(EntryKind, String), Value>;

/// One difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Change {
    /// The table.
    pub(crate) kind: EntryKind,
    /// The id.
    pub(crate) id: String,
    /// What is done.
    pub(crate) action: Action,
    /// What it means for people who sign in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) means: Vec<String>,
}

/// What is done to an entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    /// It is new.
    Create,
    /// These keys change.
    Update(Vec<String>),
    /// It goes.
    Remove,
}

/// The changes that lead from `is` to `wanted`; what `wanted` does not name goes only if `prune`.
pub(crate) fn plan(
    is: &Entries,
    wanted: &Entries,
    prune: bool,
    surroundings: Surroundings,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let (before, after) = (Demands::of(is), Demands::to_be(is, wanted, prune));
    let asked = |kind, id: &str| match kind {
        EntryKind::Agency => after.agency_means(&before, id),
        EntryKind::Source => after.source_means(&before, id),
        EntryKind::RelyingParty => after.party_means(&before, id),
    };
    for ((kind, id), new) in wanted {
        let change = |action, means| Change { kind: *kind, id: id.clone(), action, means };
        match is.get(&(*kind, id.clone())) {
            None => {
                let mut means = created(*kind, id);
                means.extend(asked(*kind, id));
                means.extend(doubts(*kind, new, surroundings));
                changes.push(change(Action::Create, means));
            }
            Some(old) if old != new => {
                let keys = changed_keys(old, new);
                let mut means = updated(*kind, id, &keys, old, new);
                let party = |value| party(*kind, value, surroundings);
                means.extend(saml::changed(old, new, surroundings.loopback_peers));
                if let (Some(old), Some(new)) = (party(old), party(new)) {
                    means.extend(party_changed(&old.relying_party, &new.relying_party));
                }
                means.extend(asked(*kind, id));
                means.extend(factors::changed(*kind, old, new));
                means.extend(doubts(*kind, new, surroundings));
                changes.push(change(Action::Update(keys), means));
            }
            Some(_) => {}
        }
    }
    if prune {
        for (kind, id) in is.keys().filter(|key| !wanted.contains_key(*key)) {
            let means = removed(*kind, id);
            changes.push(Change { kind: *kind, id: id.clone(), action: Action::Remove, means });
        }
    }
    changes
}

/// The keys whose values differ; those of tables are named one by one.
fn changed_keys(old: &Value, new: &Value) -> Vec<String> {
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else { return Vec::new() };
    let mut keys: Vec<_> = old.keys().chain(new.keys()).collect();
    keys.sort();
    keys.dedup();
    keys.into_iter()
        .filter(|key| old.get(*key) != new.get(*key))
        .flat_map(|key| match (key.as_str(), old.get(key), new.get(key)) {
            ("connection" | "factors" | "sessions", Some(old), Some(new)) => {
                changed_keys(old, new).iter().map(|inner| format!("{key}.{inner}")).collect()
            }
            _ => vec![key.clone()],
        })
        .collect()
}

fn created(kind: EntryKind, id: &str) -> Vec<String> {
    match kind {
        EntryKind::Agency => Vec::new(),
        EntryKind::Source => vec![format!("people can sign in through {id}")],
        EntryKind::RelyingParty => vec![format!("{id} can ask for logins")],
    }
}

fn removed(kind: EntryKind, id: &str) -> Vec<String> {
    match kind {
        EntryKind::Agency => vec![format!("nobody of {id} can sign in any more")],
        EntryKind::Source => vec![format!("nobody can sign in through {id} any more")],
        EntryKind::RelyingParty => vec![format!("{id} gets no logins any more")],
    }
}

fn updated(kind: EntryKind, id: &str, keys: &[String], old: &Value, new: &Value) -> Vec<String> {
    let enabled = |value: &Value| value.get("enabled").and_then(Value::as_bool).unwrap_or(true);
    let mut means = Vec::new();
    match (enabled(old), enabled(new)) {
        (true, false) => means.extend(removed(kind, id)),
        (false, true) => means.extend(created(kind, id)),
        _ => {}
    }
    for key in keys {
        let text = match (kind, key.as_str()) {
            (EntryKind::Agency, "domains") => "mail addresses lead to other agencies than before",
            (EntryKind::Agency, "scopes") => "values outside the new scopes will refuse a login",
            (EntryKind::Source, "connection.issuer") => {
                "people get new accounts: a link holds for one issuer only"
            }
            (
                EntryKind::Source,
                "trust" | "trusted_acr" | "connection.acr" | "connection.context_attribute",
            ) => "its claims of strong sign-in count differently",
            (EntryKind::Source, "connection.subject_from" | "connection.preset") => {
                "people may become strangers: their lasting name may be looked for elsewhere"
            }
            (EntryKind::Source, "connection.idp_initiated") => {
                "whether people may come from there unasked changes"
            }
            (EntryKind::RelyingParty, "connection.redirect_uris") => {
                "answers go only to the new addresses"
            }
            _ => continue,
        };
        means.push(text.to_owned());
    }
    means
}

/// What an operator should know of an entry, although it is served.
fn doubts(kind: EntryKind, value: &Value, surroundings: Surroundings) -> Vec<String> {
    match party(kind, value, surroundings).map(|party| party.dialect) {
        Some(Dialect::Saml(service)) => service.fixed().map(|one| saml::doubts(one)),
        _ => None,
    }
    .unwrap_or_else(|| factors::doubts(kind, value))
}

/// The relying party of a document, if it is one.
fn party(kind: EntryKind, value: &Value, surroundings: Surroundings) -> Option<Party> {
    if kind != EntryKind::RelyingParty {
        return None;
    }
    let entry = RelyingPartyEntry::deserialize(value).ok()?;
    parts::party(&entry, surroundings).ok()
}

/// What the keys do not tell by themselves: much follows from defaults.
fn party_changed(old: &RelyingParty, new: &RelyingParty) -> Vec<String> {
    let mut means = Vec::new();
    let name = |party: &RelyingParty| (party.subject, party.sector.clone());
    if name(old) != name(new) {
        means.push("it knows everybody by another name from now on".to_owned());
    }
    match (&old.open_to, &new.open_to) {
        (OpenTo::Only(_), OpenTo::All) => means.push("every agency may use it".to_owned()),
        (OpenTo::All, OpenTo::Only(agencies)) => {
            means.push(format!("only {} may use it", list(agencies)));
        }
        (OpenTo::Only(old), OpenTo::Only(new)) => {
            if old.difference(new).next().is_some() {
                means.push(format!("{} may not use it any more", list(old.difference(new))));
            }
            if new.difference(old).next().is_some() {
                means.push(format!("{} may use it, too", list(new.difference(old))));
            }
        }
        (OpenTo::All, OpenTo::All) => {}
    }
    let (before, after) = (&old.releasable, &new.releasable);
    if after.difference(before).next().is_some() {
        means.push(format!("it is told {}, too", list(after.difference(before))));
    }
    if before.difference(after).next().is_some() {
        means.push(format!("it is not told {} any more", list(before.difference(after))));
    }
    if old.consent != new.consent {
        means.push("whether people are asked for consent changes".to_owned());
    }
    means
}

/// Names, one after the other.
pub(super) fn list(names: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    names.into_iter().map(|name| name.to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::{Change, Entries, EntryKind, Surroundings};

    fn plan(is: &Entries, wanted: &Entries, prune: bool) -> Vec<Change> {
        super::plan(is, wanted, prune, Surroundings::default())
    }

    fn said(is: &Entries, wanted: &Entries) -> String {
        let said = plan(is, wanted, true)
            .into_iter()
            .map(|c| format!("{:?} {} {:?}: {}", c.kind, c.id, c.action, c.means.join("; ")));
        said.collect::<Vec<_>>().join("\n")
    }

    fn entries(list: &[(EntryKind, &str, serde_json::Value)]) -> Entries {
        list.iter().map(|(kind, id, value)| ((*kind, (*id).to_owned()), value.clone())).collect()
    }

    #[test]
    fn a_plan_says_what_changes_and_what_it_means() {
        let is = entries(&[
            (EntryKind::Agency, "una", json!({"id": "una", "scopes": ["una.example"]})),
            (EntryKind::Source, "gone", json!({"id": "gone"})),
            (EntryKind::RelyingParty, "p", json!({"connection": {"redirect_uris": ["a"]}})),
        ]);
        let wanted = entries(&[
            (EntryKind::Agency, "una", json!({"id": "una", "scopes": []})),
            (EntryKind::Source, "new", json!({"id": "new"})),
            (EntryKind::RelyingParty, "p", json!({"connection": {"redirect_uris": ["b"]}})),
        ]);
        expect![[r#"
            Agency una Update(["scopes"]): values outside the new scopes will refuse a login
            Source new Create: people can sign in through new
            RelyingParty p Update(["connection.redirect_uris"]): answers go only to the new addresses
            Source gone Remove: nobody can sign in through gone any more"#]].assert_eq(&said(&is, &wanted));
        assert!(plan(&wanted, &wanted, true).is_empty(), "applying twice changes nothing");
        assert_eq!(plan(&is, &Entries::new(), false), [], "nothing goes unless it is pruned");
    }
    fn party(connection: &serde_json::Value, more: &serde_json::Value) -> Entries {
        let mut party = json!({
            "id": "p", "agency": "una", "kind": "oidc", "names": {"en": "P"},
            "connection": {
                "token_endpoint_auth_method": "none",
                "redirect_uris": ["https://p.example/cb"],
            },
        });
        let merge = |into: &mut serde_json::Value, from: &serde_json::Value| {
            into.as_object_mut().unwrap().extend(from.as_object().unwrap().clone());
        };
        merge(&mut party["connection"], connection);
        merge(&mut party, more);
        entries(&[(EntryKind::RelyingParty, "p", party)])
    }

    #[test]
    fn what_follows_from_defaults_is_told_of_a_relying_party() {
        let usual = party(&json!({}), &json!({}));
        let moved = party(&json!({"redirect_uris": ["https://q.example/cb"]}), &json!({}));
        expect![[r#"RelyingParty p Update(["connection.redirect_uris"]): answers go only to the new addresses; it knows everybody by another name from now on"#]].assert_eq(&said(&usual, &moved));
        let wider = party(&json!({"scopes": ["openid", "email", "groups"]}), &json!({}));
        expect![[r#"RelyingParty p Update(["connection.scopes"]): it is told isMemberOf, too; it is not told displayName, givenName, preferredLanguage, sn any more"#]].assert_eq(&said(&usual, &wider));
        let narrow = party(&json!({}), &json!({"agencies": ["una", "unb"], "enabled": false}));
        expect![[r#"RelyingParty p Update(["agencies", "enabled"]): p gets no logins any more; only una, unb may use it"#]].assert_eq(&said(&usual, &narrow));
        let other = party(&json!({"subject_type": "public"}), &json!({"agencies": ["unb", "unc"]}));
        expect![[r#"RelyingParty p Update(["agencies", "connection.subject_type", "enabled"]): p can ask for logins; it knows everybody by another name from now on; una may not use it any more; unc may use it, too"#]].assert_eq(&said(&narrow, &other));
    }
}
