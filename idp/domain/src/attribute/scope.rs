//! What an agency may assert: values outside its scopes and mail domains are not its to give.

use super::{AttributeName, AttributeSet, REGISTRY};
use crate::{Agency, Refusal, agency::Domain};

/// The longest value that is kept, in bytes.
const MAX_VALUE: usize = 2_048;
/// The most values that an attribute may have.
const MAX_VALUES: usize = 256;

/// Admits what a source of `agency` says, in canonical names.
///
/// A scoped value in somebody else's scope refuses the login: it is an attack or a grave
/// misconfiguration. A mail address in somebody else's domain is dropped: it is only a contact.
/// What the broker itself knows (`agency`) is set here and never taken from a source.
pub fn admit(said: &AttributeSet, agency: &Agency) -> Result<AttributeSet, Refusal> {
    let mut admitted = AttributeSet::default();
    for def in &REGISTRY {
        let values = said.values(&def.name);
        if def.name.as_str() == "agency" || values.is_empty() {
            continue;
        }
        if values.len() > MAX_VALUES || (def.single && values.len() > 1) {
            return Err(misbehaved("attribute_ambiguous", &def.name));
        }
        for value in values {
            if value.len() > MAX_VALUE || value.chars().any(char::is_control) {
                return Err(misbehaved("attribute_value", &def.name));
            }
            let domain = value.rsplit_once('@').and_then(|(_, scope)| scope.parse::<Domain>().ok());
            if def.scoped && !domain.is_some_and(|scope| agency.owns_scope(&scope)) {
                return Err(misbehaved("scope_violation", &def.name));
            }
            let foreign_mail = def.name.as_str() == "mail"
                && !Domain::of_mail(value).is_some_and(|domain| agency.owns_mail_domain(&domain));
            if !foreign_mail {
                admitted.add(def.name.clone(), value.clone());
            }
        }
    }
    admitted.add(AttributeName::fixed("agency"), agency.id.as_str().to_owned());
    Ok(admitted)
}

fn misbehaved(reason: &'static str, name: &AttributeName) -> Refusal {
    Refusal::SourceMisbehaved { reason, detail: format!("attribute {name}") }
}

#[cfg(test)]
mod tests {
    use super::admit;
    use crate::{Agency, AttributeName, AttributeSet, Localized};

    fn agency() -> Agency {
        Agency {
            id: "una".parse().unwrap(),
            names: Localized::default(),
            aliases: Vec::new(),
            domains: vec!["una.example".parse().unwrap(), "*.una.example".parse().unwrap()],
            scopes: vec!["una.example".parse().unwrap()],
            logo: None,
            contacts: Vec::new(),
            factors: crate::FactorRules::default(),
            sessions: crate::session::Narrower::default(),
            enabled: true,
        }
    }

    fn said(pairs: &[(&str, &str)]) -> AttributeSet {
        let mut set = AttributeSet::default();
        for (name, value) in pairs {
            set.add(AttributeName::parse(name).unwrap(), (*value).to_owned());
        }
        set
    }

    fn reason(pairs: &[(&str, &str)]) -> Option<&'static str> {
        admit(&said(pairs), &agency()).err().map(|refusal| refusal.reason())
    }

    #[test]
    fn a_scope_of_another_agency_refuses_the_login() {
        assert_eq!(reason(&[("subject-id", "alice@unb.example")]), Some("scope_violation"));
        assert_eq!(
            reason(&[("subject-id", "alice@una.example@unb.example")]),
            Some("scope_violation")
        );
        assert_eq!(reason(&[("subject-id", "alice")]), Some("scope_violation"));
        assert_eq!(reason(&[("subject-id", "alice@una.example")]), None);
    }

    #[test]
    fn a_mail_address_of_another_agency_is_dropped() {
        let mail = AttributeName::parse("mail").unwrap();
        let kept =
            |address| admit(&said(&[("mail", address)]), &agency()).unwrap().values(&mail).len();
        assert_eq!(kept("alice@geneva.una.example"), 1);
        assert_eq!(kept("alice@unb.example"), 0);
    }

    #[test]
    fn two_values_of_a_single_valued_attribute_are_refused() {
        let pairs = [("mail", "a@una.example"), ("mail", "b@una.example")];
        assert_eq!(reason(&pairs), Some("attribute_ambiguous"));
    }

    #[test]
    fn the_agency_is_ours_to_say() {
        let admitted = admit(&said(&[("agency", "unb")]), &agency()).unwrap();
        assert_eq!(admitted.values(&AttributeName::parse("agency").unwrap()), ["una"]);
    }
}
