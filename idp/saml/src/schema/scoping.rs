//! Who may answer a request, and who asked first (SAML Core 3.4.1.2).

use super::{
    SchemaError,
    form::{Others, Reader, leaf, uris},
};
use crate::xml::{Element, Markup, Sequence, ns};

/// Who may answer a request, and for whom it is made (`samlp:Scoping`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scoping {
    /// How many more entities may pass the request on; 0 forbids it, absent means any number.
    pub proxy_count: Option<u32>,
    /// The entity IDs of the identity providers that may answer; none means any
    /// (`samlp:IDPList`).
    pub idp_list: Vec<String>,
    /// The entity IDs of those for whom the request is made, the first asker first
    /// (`samlp:RequesterID`).
    pub requester_ids: Vec<String>,
}

const REQUESTER: (&str, &str) = (ns::SAMLP, "RequesterID");

impl Scoping {
    /// Reads a `samlp:Scoping`. A list that is kept elsewhere (`samlp:GetComplete`) is not
    /// asked for.
    pub fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let scoping =
            Reader::new(element, (ns::SAMLP, "Scoping"), &["ProxyCount"], Others::Refused)?;
        let mut sequence = Sequence::of(element)?;
        let idp_list = sequence.optional(ns::SAMLP, "IDPList");
        let requester_ids = uris(sequence.many(REQUESTER.0, REQUESTER.1), REQUESTER)?;
        sequence.end()?;
        Ok(Self {
            proxy_count: scoping.count("ProxyCount")?,
            idp_list: idp_list.map(read_list).transpose()?.unwrap_or_default(),
            requester_ids,
        })
    }

    /// Writes it as `samlp:Scoping`.
    #[must_use]
    pub fn write(&self) -> Markup {
        let list =
            (!self.idp_list.is_empty()).then(|| {
                Markup::new(ns::SAMLP, "IDPList").children(self.idp_list.iter().map(|entity_id| {
                    Markup::new(ns::SAMLP, "IDPEntry").attr("ProviderID", entity_id)
                }))
            });
        Markup::new(ns::SAMLP, "Scoping")
            .attr_maybe("ProxyCount", self.proxy_count.map(|count| count.to_string()))
            .maybe(list)
            .children(self.requester_ids.iter().map(|entity_id| leaf(REQUESTER, entity_id)))
    }
}

fn read_list(element: Element<'_>) -> Result<Vec<String>, SchemaError> {
    let list = Reader::new(element, (ns::SAMLP, "IDPList"), &[], Others::Refused)?;
    let mut sequence = Sequence::of(element)?;
    let entries = sequence.many(ns::SAMLP, "IDPEntry");
    sequence.optional(ns::SAMLP, "GetComplete");
    sequence.end()?;
    if entries.is_empty() {
        return Err(list.bad_content());
    }
    let known = ["ProviderID", "Name", "Loc"];
    entries
        .into_iter()
        .map(|entry| {
            Reader::new(entry, (ns::SAMLP, "IDPEntry"), &known, Others::Refused)?
                .required("ProviderID")
        })
        .collect()
}
