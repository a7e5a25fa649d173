//! When and for whom an assertion holds (SAML Core 2.5).

use idp_domain::Timestamp;

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
