//! Assertions (SAML Core 2.3.3).

use idp_domain::Timestamp;

use super::{Attribute, AuthnStatement, Conditions, Issuer, Subject};

/// What an authority says about a subject (`saml:Assertion`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// Its ID, unique among all that the issuer ever makes.
    pub id: String,
    /// When it was made.
    pub issue_instant: Timestamp,
    /// Who says it.
    pub issuer: Issuer,
    /// Whom it is about.
    pub subject: Option<Subject>,
    /// When and for whom it holds.
    pub conditions: Option<Conditions>,
    /// That the subject authenticated.
    pub authn_statements: Vec<AuthnStatement>,
    /// What else is said of the subject: the attributes of all attribute statements, in order.
    pub attributes: Vec<Attribute>,
}
