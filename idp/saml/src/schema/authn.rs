//! That somebody authenticated, when and how (SAML Core 2.7.2).

use idp_domain::Timestamp;

/// That the subject authenticated (`saml:AuthnStatement`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthnStatement {
    /// When they did.
    pub authn_instant: Timestamp,
    /// The session at the authority, to be named at logout.
    pub session_index: Option<String>,
    /// Until when a session may rest on this statement.
    pub session_not_on_or_after: Option<Timestamp>,
    /// From where they did.
    pub locality: Option<SubjectLocality>,
    /// How they did.
    pub context: AuthnContext,
}

/// From where the subject authenticated (`saml:SubjectLocality`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectLocality {
    /// The network address.
    pub address: Option<String>,
    /// The DNS name.
    pub dns_name: Option<String>,
}

/// How the subject authenticated (`saml:AuthnContext`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthnContext {
    /// The class of the context (`saml:AuthnContextClassRef`). The only part that we give credit
    /// for.
    pub class: Option<String>,
    /// The address of a declaration that describes the context (`saml:AuthnContextDeclRef`).
    pub decl_ref: Option<String>,
    /// Who was involved in the authentication besides the issuer, nearest to the person first
    /// (`saml:AuthenticatingAuthority`).
    pub authorities: Vec<String>,
}
