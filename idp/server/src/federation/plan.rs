//! The difference between the federation that is and the one that is wanted, and what it means
//! for people who sign in.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

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
pub(crate) fn plan(is: &Entries, wanted: &Entries, prune: bool) -> Vec<Change> {
    let mut changes = Vec::new();
    for ((kind, id), new) in wanted {
        let change = |action, means| Change { kind: *kind, id: id.clone(), action, means };
        match is.get(&(*kind, id.clone())) {
            None => changes.push(change(Action::Create, created(*kind, id))),
            Some(old) if old != new => {
                let keys = changed_keys(old, new);
                let means = updated(*kind, id, &keys, old, new);
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

/// The keys whose values differ; those of `connection` are named one by one.
fn changed_keys(old: &Value, new: &Value) -> Vec<String> {
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else { return Vec::new() };
    let mut keys: Vec<_> = old.keys().chain(new.keys()).collect();
    keys.sort();
    keys.dedup();
    keys.into_iter()
        .filter(|key| old.get(*key) != new.get(*key))
        .flat_map(|key| match (key.as_str(), old.get(key), new.get(key)) {
            ("connection", Some(old), Some(new)) => {
                changed_keys(old, new).iter().map(|inner| format!("connection.{inner}")).collect()
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
            (EntryKind::Source, "trusted_acr") => "its claims of strong sign-in count differently",
            (EntryKind::RelyingParty, "connection.redirect_uris") => {
                "answers go only to the new addresses"
            }
            (EntryKind::RelyingParty, "subject" | "sector") => {
                "it will know everybody by another name"
            }
            (EntryKind::RelyingParty, "agencies") => "other agencies than before may use it",
            (EntryKind::RelyingParty, "required_acr") => "people have to prove something else",
            (EntryKind::RelyingParty, "attributes") => "it is told other attributes",
            _ => continue,
        };
        means.push(text.to_owned());
    }
    means
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::{Entries, EntryKind, plan};

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
        let said: Vec<_> = plan(&is, &wanted, true)
            .into_iter()
            .map(|c| format!("{:?} {} {:?}: {}", c.kind, c.id, c.action, c.means.join(", ")))
            .collect();
        expect![[r#"
            Agency una Update(["scopes"]): values outside the new scopes will refuse a login
            Source new Create: people can sign in through new
            RelyingParty p Update(["connection.redirect_uris"]): answers go only to the new addresses
            Source gone Remove: nobody can sign in through gone any more"#]]
        .assert_eq(&said.join("\n"));
        assert!(plan(&wanted, &wanted, true).is_empty(), "applying twice changes nothing");
        assert_eq!(plan(&is, &Entries::new(), false), [], "nothing goes unless it is pruned");
    }
}
