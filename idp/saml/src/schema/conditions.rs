//! When and for whom an assertion holds (SAML Core 2.5).

use idp_domain::Timestamp;

use super::{
    SchemaError,
    form::{Others, Reader, leaf, uris},
};
use crate::xml::{Element, Markup, Sequence, ns, write_instant};

/// When and for whom an assertion holds (`saml:Conditions`). All of it must be met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// It does not hold before.
    pub not_before: Option<Timestamp>,
    /// It does not hold from then on.
    pub not_on_or_after: Option<Timestamp>,
    /// For whom it is meant; every restriction must be met.
    pub audience_restrictions: Vec<AudienceRestriction>,
    /// It must be used at once, and not be kept for later use.
    pub one_time_use: bool,
    /// How far it may be passed on.
    pub proxy_restriction: Option<ProxyRestriction>,
}

/// The audiences of which one must be met (`saml:AudienceRestriction`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudienceRestriction {
    /// Entity IDs, at least one.
    pub audiences: Vec<String>,
}

/// How an assertion may be passed on by who received it (`saml:ProxyRestriction`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProxyRestriction {
    /// How many more entities may pass it on; 0 forbids it, absent means any number.
    pub count: Option<u32>,
    /// To whom; none means anybody.
    pub audiences: Vec<String>,
}

impl Conditions {
    /// Reads a `saml:Conditions`. A condition that is not known is an error: nobody could say
    /// whether it is met (SAML Core 2.5.1.1).
    pub fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let known = ["NotBefore", "NotOnOrAfter"];
        let frame = Reader::new(element, (ns::SAML, "Conditions"), &known, Others::Refused)?;
        let mut conditions = Self {
            not_before: frame.instant("NotBefore")?,
            not_on_or_after: frame.instant("NotOnOrAfter")?,
            ..Self::default()
        };
        let mut sequence = Sequence::of(element)?;
        let kinds = ["AudienceRestriction", "OneTimeUse", "ProxyRestriction", "Condition"];
        while let Some(one) = sequence.any_of(&kinds.map(|kind| (ns::SAML, kind))) {
            conditions.add(one)?;
        }
        sequence.end()?;
        Ok(conditions)
    }

    fn add(&mut self, one: Element<'_>) -> Result<(), SchemaError> {
        match one.local_name() {
            "AudienceRestriction" => {
                self.audience_restrictions.push(AudienceRestriction::read(one)?);
            }
            "OneTimeUse" if !self.one_time_use => {
                Reader::new(one, (ns::SAML, "OneTimeUse"), &[], Others::Refused)?;
                Sequence::of(one)?.end()?;
                self.one_time_use = true;
            }
            "ProxyRestriction" if self.proxy_restriction.is_none() => {
                self.proxy_restriction = Some(ProxyRestriction::read(one)?);
            }
            //= saml-core#2.5.1.1-1
            _ => return Err(SchemaError::Conditions),
        }
        Ok(())
    }

    /// Writes it as `saml:Conditions`.
    #[must_use]
    pub fn write(&self) -> Markup {
        Markup::new(ns::SAML, "Conditions")
            .attr_maybe("NotBefore", self.not_before.map(write_instant))
            .attr_maybe("NotOnOrAfter", self.not_on_or_after.map(write_instant))
            .children(self.audience_restrictions.iter().map(AudienceRestriction::write))
            .maybe(self.one_time_use.then(|| Markup::new(ns::SAML, "OneTimeUse")))
            .maybe(self.proxy_restriction.as_ref().map(ProxyRestriction::write))
    }
}

impl AudienceRestriction {
    fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let name = (ns::SAML, "AudienceRestriction");
        let restriction = Reader::new(element, name, &[], Others::Refused)?;
        let audiences = read_audiences(element)?;
        if audiences.is_empty() {
            return Err(restriction.bad_content());
        }
        Ok(Self { audiences })
    }

    fn write(&self) -> Markup {
        Markup::new(ns::SAML, "AudienceRestriction").children(write_audiences(&self.audiences))
    }
}

impl ProxyRestriction {
    fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let name = (ns::SAML, "ProxyRestriction");
        let restriction = Reader::new(element, name, &["Count"], Others::Refused)?;
        Ok(Self { count: restriction.count("Count")?, audiences: read_audiences(element)? })
    }

    fn write(&self) -> Markup {
        Markup::new(ns::SAML, "ProxyRestriction")
            .attr_maybe("Count", self.count.map(|count| count.to_string()))
            .children(write_audiences(&self.audiences))
    }
}

const AUDIENCE: (&str, &str) = (ns::SAML, "Audience");

fn read_audiences(element: Element<'_>) -> Result<Vec<String>, SchemaError> {
    let mut sequence = Sequence::of(element)?;
    let audiences = uris(sequence.many(AUDIENCE.0, AUDIENCE.1), AUDIENCE)?;
    sequence.end()?;
    Ok(audiences)
}

fn write_audiences(audiences: &[String]) -> impl Iterator<Item = Markup> {
    audiences.iter().map(|audience| leaf(AUDIENCE, audience))
}
