//! Who has to prove what here, besides signing in at their own agency: so that a plan can say whom a
//! change concerns. A prognosis from documents; what happens in a login is for policy alone.

use std::collections::{BTreeMap, BTreeSet};

use idp_domain::{Acr, AgencyId, Assurance, FactorRules, assurance::Worth};
use serde::Deserialize;
use serde_json::Value;

use super::{
    factors::demand,
    file::{AgencyEntry, SourceEntry},
    plan::{Entries, EntryKind, list},
    trust,
};

/// So many names stand in one sentence.
const NAMED: usize = 5;

/// What demands of a federation rest on: whoever is disabled is left out.
#[derive(Default)]
pub(super) struct Demands {
    agencies: BTreeMap<AgencyId, FactorRules>,
    sources: BTreeMap<String, Source>,
    parties: BTreeMap<String, Party>,
    /// What people of each source are asked for by a relying party of each floor: there are few
    /// floors, and many relying parties.
    answers: BTreeMap<Worth, BTreeMap<String, Asked>>,
}

/// What people who come through a source are asked for here.
#[derive(Clone)]
struct Asked {
    agency: AgencyId,
    /// How they are called in a sentence: by their source, where others of the agency are asked
    /// for something else.
    people: String,
    thing: Option<&'static str>,
}

struct Source {
    agency: AgencyId,
    /// The most that its word is worth.
    ceiling: Worth,
}

struct Party {
    floor: Worth,
    /// Whose people may use it; none: everybody's.
    open_to: Option<BTreeSet<AgencyId>>,
}

impl Demands {
    /// Those of the federation that `entries` are. What cannot be read is told elsewhere.
    pub(super) fn of<'a>(
        entries: impl IntoIterator<Item = (&'a (EntryKind, String), &'a Value)>,
    ) -> Self {
        let mut demands = Self::default();
        for ((kind, id), value) in entries {
            if value.get("enabled") == Some(&Value::Bool(false)) {
                continue;
            }
            match kind {
                EntryKind::Agency => demands.agency(value),
                EntryKind::Source => demands.source(id, value),
                EntryKind::RelyingParty => demands.party(id, value),
            }
        }
        let mut floors: BTreeSet<_> = demands.parties.values().map(|party| party.floor).collect();
        floors.insert(Worth::ONE_FACTOR);
        let answers = floors.into_iter().map(|floor| (floor, demands.answer(floor)));
        demands.answers = answers.collect();
        demands
    }

    fn answer(&self, floor: Worth) -> BTreeMap<String, Asked> {
        let mut things: BTreeMap<&AgencyId, BTreeSet<_>> = BTreeMap::new();
        for (id, source) in &self.sources {
            things.entry(&source.agency).or_default().insert(self.asked(id, floor));
        }
        let answers = self.sources.iter().map(|(id, Source { agency, .. })| {
            let same = things.get(agency).is_some_and(|things| things.len() == 1);
            let people = if same { agency.to_string() } else { format!("{agency} (through {id})") };
            let thing = self.asked(id, floor);
            (id.clone(), Asked { agency: agency.clone(), people, thing })
        });
        answers.collect()
    }

    /// Those of the federation that `is` becomes.
    pub(super) fn to_be(is: &Entries, wanted: &Entries, prune: bool) -> Self {
        let kept = is.iter().filter(|(key, _)| !prune && !wanted.contains_key(*key));
        Self::of(wanted.iter().chain(kept))
    }

    fn agency(&mut self, value: &Value) {
        if let Ok(entry) = AgencyEntry::deserialize(value) {
            self.agencies.insert(entry.id, entry.factors);
        }
    }

    fn source(&mut self, id: &str, value: &Value) {
        let Ok(entry) = SourceEntry::deserialize(value) else { return };
        if let Ok(trust) = trust::trust(&entry) {
            let source = Source { agency: entry.agency, ceiling: trust.ceiling() };
            self.sources.insert(id.to_owned(), source);
        }
    }

    fn party(&mut self, id: &str, value: &Value) {
        let floor = value.get("required_acr").and_then(|acr| Acr::deserialize(acr).ok());
        let floor = floor.and_then(|acr| acr.wants()).unwrap_or(Worth::ONE_FACTOR);
        let open_to = value.get("agencies").and_then(|list| BTreeSet::deserialize(list).ok());
        self.parties.insert(id.to_owned(), Party { floor, open_to });
    }

    /// What people who come through the source `id` are asked for here, where `floor` is demanded.
    fn asked(&self, id: &str, floor: Worth) -> Option<&'static str> {
        let source = self.sources.get(id)?;
        let rules = self.agencies.get(&source.agency)?;
        let unmet = [floor, demand(rules)].into_iter().filter(|want| !source.ceiling.meets(*want));
        Some(called(unmet.max()?, rules))
    }

    /// What becomes different for people of the agency `id`.
    pub(super) fn agency_means(&self, before: &Self, id: &str) -> Vec<String> {
        let own = self.sources.iter().filter(|(_, source)| source.agency.as_str() == id);
        let mut changes = Changes::default();
        let mut spared = Vec::new();
        for (source, _) in own {
            let asked = self.asked(source, Worth::ONE_FACTOR);
            changes.note(source, before.asked(source, Worth::ONE_FACTOR), asked);
            if asked.is_none() {
                spared.push(source);
            }
        }
        let wants = |demands: &Self| {
            let agency = demands.agencies.iter().find(|(agency, _)| agency.as_str() == id);
            agency.map_or(Worth::ONE_FACTOR, |(_, rules)| demand(rules))
        };
        let mut means = Vec::new();
        for thing in changes.asked.keys() {
            means.push(format!("people of {id} will be asked for {thing} at every sign-in"));
        }
        let raised = wants(self) > wants(before);
        if raised && !spared.is_empty() {
            means.push(format!("those who come through {} prove it there", named(&spared)));
        }
        if !changes.spared.is_empty() {
            means.push(format!("people of {id} are no longer asked for more than their sign-in"));
        }
        means
    }

    /// What becomes different for people who come through the source `id`, by itself: what changes
    /// of relying parties do is told of these.
    pub(super) fn source_means(&self, before: &Self, id: &str) -> Vec<String> {
        let Some(source) = self.sources.get(id) else { return Vec::new() };
        let mut changes = Changes::default();
        let (was, is) = (|floor| before.asked(id, floor), |floor| self.asked(id, floor));
        changes.note("every service", was(Worth::ONE_FACTOR), is(Worth::ONE_FACTOR));
        let always = is(Worth::ONE_FACTOR);
        for floor in self.answers.keys().filter(|floor| **floor > Worth::ONE_FACTOR) {
            let (was, is) = (was(*floor), is(*floor));
            if was == is || is.is_some() && is == always {
                continue;
            }
            let demands = |party: &Party| party.floor == *floor && party.admits(&source.agency);
            for (party, _) in self.parties.iter().filter(|(_, party)| demands(party)) {
                if before.parties.get(party).is_some_and(demands) {
                    changes.note(party, was, is);
                }
            }
        }
        let asked = changes.asked.iter().map(|(thing, services)| {
            format!("who signs in through {id} will be asked for {thing} by {}", named(services))
        });
        let spared = (!changes.spared.is_empty()).then(|| {
            let services = named(&changes.spared);
            format!("who signs in through {id} is no longer asked for more by {services}")
        });
        asked.chain(spared).collect()
    }

    /// What becomes different for people who use the relying party `id`.
    pub(super) fn party_means(&self, before: &Self, id: &str) -> Vec<String> {
        let Some(party) = self.parties.get(id) else { return Vec::new() };
        let earlier = before.parties.get(id);
        let floor = earlier.map_or(Worth::ONE_FACTOR, |party| party.floor);
        if party.floor.max(floor) == Worth::ONE_FACTOR {
            return Vec::new();
        }
        let Some(answers) = self.answers.get(&party.floor) else { return Vec::new() };
        let mut open = answers.iter().filter(|(_, one)| party.admits(&one.agency)).peekable();
        let anybody = open.peek().is_some();
        let mut changes = Changes::default();
        let mut asks_anybody = false;
        for (source, Asked { agency, people, thing }) in open {
            asks_anybody |= thing.is_some();
            let admitted = earlier.is_some_and(|party| party.admits(agency));
            let was = before.answers.get(&floor).and_then(|answers| answers.get(source));
            let was = was.filter(|_| admitted).and_then(|asked| asked.thing);
            changes.note(people, was, *thing);
        }
        let mut means: Vec<_> = changes
            .asked
            .iter()
            .map(|(thing, people)| format!("people of {} will be asked for {thing}", named(people)))
            .collect();
        if !changes.spared.is_empty() {
            let people = named(&changes.spared);
            means.push(format!("people of {people} are no longer asked for more"));
        }
        if party.floor > floor && anybody && !asks_anybody {
            means.push("everybody's own agency proves what it demands".to_owned());
        }
        means
    }
}

impl Party {
    fn admits(&self, agency: &AgencyId) -> bool {
        self.open_to.as_ref().is_none_or(|agencies| agencies.contains(agency))
    }
}

/// Who is asked for what, and was not before; who is no longer asked for anything.
#[derive(Default)]
struct Changes {
    asked: BTreeMap<&'static str, BTreeSet<String>>,
    spared: BTreeSet<String>,
}

impl Changes {
    fn note(&mut self, who: &str, before: Option<&'static str>, after: Option<&'static str>) {
        match (before, after) {
            (before, Some(thing)) if before != Some(thing) => {
                self.asked.entry(thing).or_default().insert(who.to_owned());
            }
            (Some(_), None) => drop(self.spared.insert(who.to_owned())),
            _ => {}
        }
    }
}

/// What somebody is asked for who has to prove `worth` here.
fn called(worth: Worth, rules: &FactorRules) -> &'static str {
    match worth.assurance {
        Assurance::Aal3 => "a hardware key that its maker attests",
        _ if !worth.is_met_by_codes() || !rules.totp => "a passkey",
        _ => "a second factor",
    }
}

fn named(names: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    let names: Vec<_> = names.into_iter().collect();
    let more = names.len().saturating_sub(NAMED);
    let first = list(names.iter().take(NAMED));
    if more > 0 { format!("{first} and {more} more") } else { first }
}
