//! The page on which a person says whether a relying party may be told something.

use idp_domain::AttributeName;
use serde::Serialize;

use super::{DisplayName, Form, FormTargets, sample_service};

/// What the page for consent shows. The form is sent by POST with the field `consent`, which is
/// `allow` or `deny`.
#[derive(Clone, Debug, Serialize)]
pub struct Consent {
    /// Where the form is sent.
    pub form: Form,
    /// Who asks.
    pub service: DisplayName,
    /// The host of the address to which the answer goes; always shown.
    pub host: String,
    /// Whether an administrator of the federation vouches for the name of who asks.
    pub verified: bool,
    /// What would be told.
    pub releases: Vec<Release>,
    /// What the form may reach.
    #[serde(skip)]
    pub targets: FormTargets,
}

/// One thing that would be told.
#[derive(Clone, Debug, Serialize)]
pub struct Release {
    /// What it is, in a word of ours.
    pub kind: ReleaseKind,
    /// Its values as they would be told; empty where they say nothing to a person.
    pub values: Vec<String>,
}

/// The things that can be told, as far as people tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseKind {
    /// A code that stands for the person.
    Identifier,
    /// The name with which the person signs in.
    Username,
    /// The whole name.
    Name,
    /// The given name.
    GivenName,
    /// The family name.
    FamilyName,
    /// A mail address.
    Email,
    /// The agency.
    Agency,
    /// What the person is at the agency.
    Affiliation,
    /// Groups.
    Groups,
    /// Rights at services.
    Entitlements,
    /// The language that the person prefers.
    Language,
    /// How well the agency knows the person.
    Assurance,
    /// That the relying party may ask again later, without the person.
    OfflineAccess,
    /// Something that has no word of its own; its name is shown with its values.
    Other,
}

impl ReleaseKind {
    /// The word for an attribute of the registry.
    #[must_use]
    pub fn of(attribute: &AttributeName) -> Self {
        match attribute.as_str() {
            "subject-id" | "pairwise-id" => Self::Identifier,
            "eduPersonPrincipalName" => Self::Username,
            "displayName" => Self::Name,
            "givenName" => Self::GivenName,
            "sn" => Self::FamilyName,
            "mail" => Self::Email,
            "schacHomeOrganization" | "agency" => Self::Agency,
            "eduPersonScopedAffiliation" => Self::Affiliation,
            "isMemberOf" => Self::Groups,
            "eduPersonEntitlement" => Self::Entitlements,
            "preferredLanguage" => Self::Language,
            "eduPersonAssurance" => Self::Assurance,
            _ => Self::Other,
        }
    }
}

impl Consent {
    /// The page as it may look: for a party that somebody vouches for, and for one that nobody
    /// vouches for, with everything that can be told.
    pub(super) fn samples() -> Vec<(&'static str, Self)> {
        let release = |kind, values: &[&str]| Release {
            kind,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let known = Self {
            form: Form::to("/login/t1/consent"),
            service: sample_service(),
            host: "travel.example.org".to_owned(),
            verified: true,
            releases: vec![
                release(ReleaseKind::Identifier, &[]),
                release(ReleaseKind::Name, &["Amina Diallo"]),
                release(ReleaseKind::Email, &["amina.diallo@wfp.example"]),
                release(ReleaseKind::Agency, &["wfp"]),
            ],
            targets: FormTargets::own(),
        };
        let everything = Self {
            service: DisplayName::new("UN Secretariat Mail\u{202e}", ""),
            host: "mail.un-staff-login.example".to_owned(),
            verified: false,
            releases: vec![
                release(ReleaseKind::Identifier, &[]),
                release(ReleaseKind::Username, &["adiallo"]),
                release(ReleaseKind::Name, &["Amina Diallo"]),
                release(ReleaseKind::GivenName, &["Amina"]),
                release(ReleaseKind::FamilyName, &["Diallo"]),
                release(ReleaseKind::Email, &["amina.diallo@wfp.example"]),
                release(ReleaseKind::Agency, &["wfp"]),
                release(ReleaseKind::Affiliation, &["staff@wfp.example", "member@wfp.example"]),
                release(ReleaseKind::Groups, &["dakar", "logistics"]),
                release(ReleaseKind::Entitlements, &[]),
                release(ReleaseKind::Language, &["fr"]),
                release(ReleaseKind::Assurance, &[]),
                release(ReleaseKind::OfflineAccess, &[]),
                release(ReleaseKind::Other, &["dutyStation: Dakar"]),
            ],
            ..known.clone()
        };
        vec![("consent", known), ("consent-unverified", everything)]
    }
}
