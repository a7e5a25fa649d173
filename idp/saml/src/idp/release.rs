//! Attributes on the wire: what a service provider asks for, and what it is told of what policy
//! releases.

use std::collections::BTreeSet;

use idp_domain::{AttributeName, Issuance, attribute::REGISTRY, subject::SubjectKind};

use super::{
    IdentifierNeed, Provider, ServiceProvider,
    identifier::scoped,
    service_provider::canonical,
    ticket::{Ticket, Values},
};
use crate::schema::{Attribute, AttributeValue, RequestedAttribute, name_format};

/// The most that the values which alone are wanted take, in bytes: they lie on the shelf with
/// every login.
const MAX_VALUES: usize = 2_048;

/// What a request asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wish {
    /// The attributes; what is not asked for is not released.
    pub(super) wanted: BTreeSet<AttributeName>,
    /// Of those of which only certain values are wanted: which.
    pub(super) values: Values,
}

impl ServiceProvider {
    /// What a request asks for: by name in an extension, and by the number of a set in the
    /// metadata; else the default set, else all that it may have.
    ///
    /// A number that names no set says nothing (SAML Core 3.4.1 leaves it to us).
    pub(super) fn wish(&self, by_name: &[RequestedAttribute], set: Option<u16>) -> Wish {
        let mut wish = Wish::default();
        for one in by_name {
            let values = one.values.iter().filter_map(AttributeValue::as_text);
            wish.add(&one.name, &values.map(str::to_owned).collect::<Vec<_>>());
        }
        let named = set.and_then(|index| self.attribute_service(Some(index)));
        let default = || by_name.is_empty().then(|| self.attribute_service(None)).flatten();
        match named.or_else(default) {
            Some(service) => {
                for one in &service.requested {
                    wish.add(&one.name, &one.values);
                }
            }
            None if by_name.is_empty() => {
                wish.wanted.extend(REGISTRY.iter().map(|def| def.name.clone()));
            }
            None => {}
        }
        if self.identifier == Some(IdentifierNeed::SubjectId) {
            wish.wanted.extend(canonical("subject-id").cloned());
        }
        wish
    }
}

impl Wish {
    /// Whether the values that it names can be kept with a login.
    pub(super) fn is_short(&self) -> bool {
        // Quotes and a comma stand around each, so that even empty ones add up.
        self.values.values().flatten().map(|value| value.len() + 3).sum::<usize>() <= MAX_VALUES
    }

    fn add(&mut self, name: &str, values: &[String]) {
        let Some(name) = canonical(name) else { return };
        let is_new = self.wanted.insert(name.clone());
        match (is_new, values.is_empty()) {
            // Whoever asks once for all values has asked for all.
            (_, true) => drop(self.values.remove(name)),
            (true, false) => drop(self.values.insert(name.clone(), values.to_vec())),
            (false, false) => {
                if let Some(known) = self.values.get_mut(name) {
                    known.extend_from_slice(values);
                }
            }
        }
    }
}

/// The attributes of an assertion: what policy releases, by the names of the registry, and the
/// identifiers that the service provider is registered for.
pub(super) fn attributes(
    service_provider: &ServiceProvider,
    ticket: &Ticket,
    issuance: &Issuance,
    provider: &Provider,
) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    for def in &REGISTRY {
        let released = issuance.released.values(&def.name);
        let identifier;
        let values = match def.name.as_str() {
            // An agency's pairwise identifier is between it and us: passed on, it would be the
            // same for all service providers.
            "pairwise-id" => {
                identifier = pairwise_id(service_provider, issuance, provider);
                identifier.as_slice()
            }
            "subject-id" => {
                identifier = subject_id(service_provider, issuance, released, provider);
                identifier.as_slice()
            }
            _ => released,
        };
        let wanted = ticket.values.get(&def.name);
        let values: Vec<_> = values
            .iter()
            .filter(|value| wanted.is_none_or(|wanted| wanted.contains(value)))
            .map(|value| AttributeValue::Text(value.clone()))
            .collect();
        if !values.is_empty() {
            attributes.push(Attribute {
                name: def.uri.to_owned(),
                name_format: Some(name_format::URI.to_owned()),
                friendly_name: Some(def.name.as_str().to_owned()),
                values,
            });
        }
    }
    attributes
}

fn pairwise_id(
    service_provider: &ServiceProvider,
    issuance: &Issuance,
    provider: &Provider,
) -> Option<String> {
    let need = service_provider.identifier;
    let wanted = matches!(need, Some(IdentifierNeed::PairwiseId | IdentifierNeed::Any));
    let is_pairwise = service_provider.subject == SubjectKind::Pairwise;
    (wanted && is_pairwise).then(|| scoped(&issuance.subject, &provider.scope))
}

/// The agency's own identifier where it gave one, else ours where one is needed.
fn subject_id(
    service_provider: &ServiceProvider,
    issuance: &Issuance,
    released: &[String],
    provider: &Provider,
) -> Option<String> {
    let of_agency = released.first().cloned();
    match service_provider.identifier {
        None => of_agency,
        Some(IdentifierNeed::SubjectId) => {
            let is_public = service_provider.subject == SubjectKind::Public;
            let ours = || is_public.then(|| scoped(&issuance.subject, &provider.scope));
            of_agency.or_else(ours)
        }
        Some(IdentifierNeed::None | IdentifierNeed::PairwiseId | IdentifierNeed::Any) => None,
    }
}
