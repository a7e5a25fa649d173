//! Asking an identity provider to authenticate somebody (SAML Profiles 4.1.4.1).

use idp_domain::Timestamp;

use crate::{
    binding::Binding,
    schema::{
        AuthnRequest, Comparison, Issuer, NameIdPolicy, RequestedAttribute, RequestedAuthnContext,
        Scoping,
    },
    xml::Markup,
};

/// What is wanted of an identity provider.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The ID of the request, from [`crate::schema::new_id`].
    pub id: &'a str,
    /// The time.
    pub now: Timestamp,
    /// Who we are there: our entity ID.
    pub our_entity_id: &'a str,
    /// The address of its single sign-on service that the request is sent to.
    pub destination: &'a str,
    /// Where the answer comes, by POST: an address of ours that stands in our metadata.
    pub acs: &'a str,
    /// The classes of authentication context that are wanted, best first; none means any.
    pub contexts: &'a [String],
    /// The person must prove themselves again, whatever session there is.
    pub force: bool,
    /// Nobody may be asked anything.
    pub passive: bool,
    /// The format of name that is wanted; absent means any.
    pub name_format: Option<&'a str>,
    /// The entity ID or client ID of the relying party that the person wants to reach.
    pub requester: Option<&'a str>,
    /// How many more entities may pass the request on; absent means any number.
    pub proxy_count: Option<u32>,
    /// The set of attributes that our metadata gives this index is wanted.
    pub attribute_set: Option<u16>,
    /// Attributes that are wanted this once.
    pub attributes: &'a [RequestedAttribute],
}

/// The request for `wanted`, unsigned: by Redirect its query is signed, by POST it is signed with
/// [`crate::dsig::sign`].
#[must_use]
pub fn authn_request(wanted: &Wanted<'_>) -> Markup {
    let contexts = (!wanted.contexts.is_empty()).then(|| RequestedAuthnContext {
        classes: wanted.contexts.to_vec(),
        declarations: Vec::new(),
        comparison: Comparison::Exact,
    });
    let scoping = (wanted.requester.is_some() || wanted.proxy_count.is_some()).then(|| Scoping {
        proxy_count: wanted.proxy_count,
        idp_list: Vec::new(),
        requester_ids: wanted.requester.map(str::to_owned).into_iter().collect(),
    });
    let request = AuthnRequest {
        id: wanted.id.to_owned(),
        issue_instant: wanted.now,
        destination: Some(wanted.destination.to_owned()),
        issuer: Some(Issuer(wanted.our_entity_id.to_owned())),
        requested_attributes: wanted.attributes.to_vec(),
        subject: None,
        name_id_policy: Some(NameIdPolicy {
            format: wanted.name_format.map(str::to_owned),
            sp_name_qualifier: None,
            allow_create: true,
        }),
        conditions: None,
        requested_authn_context: contexts,
        scoping,
        force_authn: wanted.force,
        is_passive: wanted.passive,
        acs_index: None,
        acs_url: Some(wanted.acs.to_owned()),
        protocol_binding: Some(Binding::Post.uri().to_owned()),
        attribute_consuming_service_index: wanted.attribute_set,
        provider_name: None,
    };
    request.write()
}

#[cfg(test)]
mod tests;
