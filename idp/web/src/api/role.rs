//! Who calls the administration API, and what that lets them do: one table for all endpoints.

use std::collections::BTreeSet;

use idp_domain::AgencyId;
use thiserror::Error;

/// What a token is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Whoever looks after the federation as a whole.
    FederationAdmin,
    /// The help desk of one agency: acts on its own people alone.
    HelpDesk(AgencyId),
    /// Whoever answers to incidents, in the whole federation.
    Soc,
}

/// Why there is no such role.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RoleError {
    /// Nobody is called so.
    #[error("there is no role `{0}`; there is {names}", names = Role::NAMES.join(", "))]
    Unknown(String),
    /// A help desk is of an agency.
    #[error("a help desk is of one agency: name it")]
    WithoutAgency,
    /// The others are of the whole federation.
    #[error("the role `{0}` is bound to no agency")]
    WithAgency(&'static str),
}

/// What can be done by the administration API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    /// Find accounts.
    FindAccounts,
    /// See what somebody has enrolled.
    ShowFactors,
    /// Remove what somebody has enrolled.
    ResetFactors,
    /// Issue, see and approve access passes.
    IssuePasses,
    /// See and end sessions of one person.
    SessionsOfOne,
    /// See and end sessions of an agency, a source, a relying party.
    SessionsOfMany,
    /// See what is out of use, put things out of use, and back.
    Switches,
    /// Read alerts.
    Alerts,
}

impl Role {
    /// The names of all roles.
    pub const NAMES: [&'static str; 3] = ["federation_admin", "help_desk", "soc"];

    /// The role of a name, bound to an agency or not.
    pub fn parse(name: &str, agency: Option<AgencyId>) -> Result<Self, RoleError> {
        match (name, agency) {
            ("help_desk", Some(agency)) => Ok(Self::HelpDesk(agency)),
            ("help_desk", None) => Err(RoleError::WithoutAgency),
            ("federation_admin", None) => Ok(Self::FederationAdmin),
            ("soc", None) => Ok(Self::Soc),
            ("federation_admin", Some(_)) => Err(RoleError::WithAgency("federation_admin")),
            ("soc", Some(_)) => Err(RoleError::WithAgency("soc")),
            _ => Err(RoleError::Unknown(name.to_owned())),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::FederationAdmin => "federation_admin",
            Self::HelpDesk(_) => "help_desk",
            Self::Soc => "soc",
        }
    }

    /// The agency that it is bound to.
    #[must_use]
    pub fn agency(&self) -> Option<&AgencyId> {
        match self {
            Self::HelpDesk(agency) => Some(agency),
            Self::FederationAdmin | Self::Soc => None,
        }
    }

    /// Whether it may do `right` at all.
    pub(crate) fn may(&self, right: Right) -> bool {
        match right {
            Right::FindAccounts | Right::ShowFactors | Right::SessionsOfOne => true,
            Right::ResetFactors => matches!(self, Self::FederationAdmin | Self::HelpDesk(_)),
            // Whoever knows a person gives them a pass, and nobody else.
            Right::IssuePasses => matches!(self, Self::HelpDesk(_)),
            Right::SessionsOfMany | Right::Switches | Right::Alerts => {
                matches!(self, Self::FederationAdmin | Self::Soc)
            }
        }
    }

    /// Whether it may act on a person of these agencies: a help desk on nobody who belongs to
    /// another agency as well, for that one's word would be touched.
    pub(crate) fn reaches(&self, agencies: &BTreeSet<AgencyId>) -> bool {
        match self {
            Self::FederationAdmin | Self::Soc => true,
            Self::HelpDesk(own) => agencies.len() == 1 && agencies.contains(own),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Right, Role, RoleError};

    #[test]
    fn a_help_desk_is_of_one_agency_and_reaches_its_own_people_alone() {
        let [una, unb] = ["una", "unb"].map(|id| id.parse().unwrap());
        let desk = Role::parse("help_desk", Some(una)).unwrap();
        let agencies = |ids: &[&str]| ids.iter().map(|id| id.parse().unwrap()).collect();
        assert!(desk.reaches(&agencies(&["una"])));
        assert!(!desk.reaches(&agencies(&["unb"])));
        assert!(!desk.reaches(&agencies(&["una", "unb"])), "the other agency's word, too");
        assert!(!desk.reaches(&agencies(&[])), "nobody's people are not ours");
        assert_eq!(Role::parse("help_desk", None), Err(RoleError::WithoutAgency));
        assert_eq!(Role::parse("soc", Some(unb)), Err(RoleError::WithAgency("soc")));
        assert!(Role::parse("root", None).unwrap_err().to_string().contains("federation_admin"));
    }

    #[test]
    fn roles_keep_their_names() {
        for name in Role::NAMES {
            let agency = (name == "help_desk").then(|| "una".parse().unwrap());
            let role = Role::parse(name, agency.clone()).unwrap();
            assert_eq!((role.name(), role.agency()), (name, agency.as_ref()));
        }
    }

    #[test]
    fn who_watches_over_all_gives_out_no_passes() {
        let desk = Role::HelpDesk("una".parse().unwrap());
        for (role, passes, many) in
            [(&desk, true, false), (&Role::Soc, false, true), (&Role::FederationAdmin, false, true)]
        {
            assert_eq!(role.may(Right::IssuePasses), passes);
            assert_eq!(role.may(Right::SessionsOfMany), many);
            assert_eq!(role.may(Right::Switches), many);
            assert_eq!(role.may(Right::Alerts), many);
        }
        assert!(!Role::Soc.may(Right::ResetFactors));
    }
}
