//! Who may answer a request, and who asked first (SAML Core 3.4.1.2).

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
