//! Entity categories: what a service provider that is in one may be told when nothing else is
//! said about it.

use std::collections::BTreeSet;

use idp_domain::{AttributeName, attribute::by_name};

/// REFEDS Research and Scholarship 1.3.
pub const RESEARCH_AND_SCHOLARSHIP: &str = "http://refeds.org/category/research-and-scholarship";
/// REFEDS Anonymous Access 2.0.
pub const ANONYMOUS: &str = "https://refeds.org/category/anonymous";
/// REFEDS Pseudonymous Access 2.0.
pub const PSEUDONYMOUS: &str = "https://refeds.org/category/pseudonymous";
/// REFEDS Personalized Access 2.0.
pub const PERSONALIZED: &str = "https://refeds.org/category/personalized";
/// GÉANT Data Protection Code of Conduct 1.0.
pub const CODE_OF_CONDUCT_1: &str = "http://www.geant.net/uri/dataprotection-code-of-conduct/v1";
/// REFEDS Data Protection Code of Conduct 2.0.
pub const CODE_OF_CONDUCT_2: &str = "https://refeds.org/category/code-of-conduct/v2";

/// The categories whose services are told what belongs to them without being asked for one by one:
/// what our own metadata says that we support (RFC 8409 §4).
pub const SUPPORTED: [&str; 4] = [RESEARCH_AND_SCHOLARSHIP, ANONYMOUS, PSEUDONYMOUS, PERSONALIZED];

/// What each category entitles to, in canonical names.
///
/// The codes of conduct stand for a promise and name no attributes: see [`promises_conduct`].
static BUNDLES: [(&str, &[&str]); 4] = [
    (
        RESEARCH_AND_SCHOLARSHIP,
        &[
            "eduPersonPrincipalName",
            "displayName",
            "givenName",
            "sn",
            "mail",
            "eduPersonScopedAffiliation",
        ],
    ),
    (ANONYMOUS, &["eduPersonScopedAffiliation", "schacHomeOrganization"]),
    (
        PSEUDONYMOUS,
        &[
            "pairwise-id",
            "eduPersonAssurance",
            "eduPersonScopedAffiliation",
            "schacHomeOrganization",
        ],
    ),
    (
        PERSONALIZED,
        &[
            "subject-id",
            "displayName",
            "givenName",
            "sn",
            "mail",
            "eduPersonAssurance",
            "eduPersonScopedAffiliation",
            "schacHomeOrganization",
        ],
    ),
];

/// The attributes that an entity in all of `categories` may be told.
#[must_use]
pub fn category_attributes(categories: &[String]) -> BTreeSet<AttributeName> {
    BUNDLES
        .iter()
        .filter(|(category, _)| categories.iter().any(|one| one == category))
        .flat_map(|(_, names)| names.iter())
        .filter_map(|name| by_name(name).map(|def| def.name.clone()))
        .collect()
}

/// Whether an entity in `categories` promises to ask only for what it needs and to keep it so: it
/// may then be told what it marks as required.
#[must_use]
pub fn promises_conduct(categories: &[String]) -> bool {
    categories.iter().any(|one| one == CODE_OF_CONDUCT_1 || one == CODE_OF_CONDUCT_2)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use idp_domain::{AttributeName, attribute::by_name};

    use super::{
        ANONYMOUS, BUNDLES, CODE_OF_CONDUCT_2, PSEUDONYMOUS, RESEARCH_AND_SCHOLARSHIP,
        category_attributes, promises_conduct,
    };

    fn names(categories: &[&str]) -> String {
        let categories: Vec<_> = categories.iter().map(|one| (*one).to_owned()).collect();
        let names = category_attributes(&categories);
        names.iter().map(AttributeName::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_name_in_a_bundle_stands_in_the_registry() {
        for (category, names) in &BUNDLES {
            assert_eq!(names.iter().find(|name| by_name(name).is_none()), None, "{category}");
        }
    }

    #[test]
    fn categories_add_up_and_unknown_ones_give_nothing() {
        expect!["displayName eduPersonPrincipalName eduPersonScopedAffiliation givenName mail sn"]
            .assert_eq(&names(&[RESEARCH_AND_SCHOLARSHIP]));
        expect!["eduPersonAssurance eduPersonScopedAffiliation pairwise-id schacHomeOrganization"]
            .assert_eq(&names(&[ANONYMOUS, PSEUDONYMOUS]));
        assert_eq!(names(&["https://refeds.org/category/anonymous/", "urn:x"]), "");
        assert_eq!(names(&[CODE_OF_CONDUCT_2]), "");
        assert!(promises_conduct(&[CODE_OF_CONDUCT_2.to_owned()]));
        assert!(!promises_conduct(&[ANONYMOUS.to_owned()]));
    }
}
