//! Messages of all shapes that the schema allows.

use idp_domain::Timestamp;
use proptest::option;
use proptest::prelude::*;

use crate::schema::{
    Assertion, Attribute, AttributeValue, AudienceRestriction, AuthnContext, AuthnRequest,
    AuthnStatement, Comparison, Conditions, ConfirmationLimits, Issuer, NameId, NameIdPolicy,
    ProxyRestriction, RequestedAttribute, RequestedAuthnContext, Scoping, Status, StatusCode,
    Subject, SubjectConfirmation, SubjectLocality,
};

/// Texts with whatever XML must escape.
pub(super) fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~\t\n\r]{0,12}", "[<>&\"'\\]éß\u{1F600}]{1,6}"]
}

pub(super) fn uri() -> impl Strategy<Value = String> {
    "[a-z]{1,5}:[!-~é]{1,12}"
}

pub(super) fn id() -> impl Strategy<Value = String> {
    "[A-Za-z_][A-Za-z0-9_.-]{0,40}"
}

pub(super) fn instant() -> impl Strategy<Value = Timestamp> {
    (0_i64..253_402_300_799).prop_map(Timestamp::from_seconds)
}

pub(super) fn issuer() -> impl Strategy<Value = Issuer> {
    uri().prop_map(Issuer)
}

pub(super) fn name_id() -> impl Strategy<Value = NameId> {
    (text(), option::of(text()), option::of(text()), option::of(text()), option::of(text()))
        .prop_map(|(value, format, name_qualifier, sp_name_qualifier, sp_provided_id)| NameId {
            value,
            format,
            name_qualifier,
            sp_name_qualifier,
            sp_provided_id,
        })
}

prop_compose! {
    pub(super) fn data()(
        not_before in option::of(instant()),
        not_on_or_after in option::of(instant()),
        recipient in option::of(text()),
        in_response_to in option::of(id()),
        address in option::of(text()),
    ) -> ConfirmationLimits {
        ConfirmationLimits { not_before, not_on_or_after, recipient, in_response_to, address }
    }
}

prop_compose! {
    pub(super) fn subject()(
        name_id in name_id(),
        confirmations in prop::collection::vec(
            (text(), option::of(name_id()), option::of(data())), 0..3),
    ) -> Subject {
        let confirmations = confirmations
            .into_iter()
            .map(|(method, name_id, data)| SubjectConfirmation { method, name_id, data })
            .collect();
        Subject { name_id: Some(name_id), confirmations }
    }
}

prop_compose! {
    pub(super) fn conditions()(
        not_before in option::of(instant()),
        not_on_or_after in option::of(instant()),
        restrictions in prop::collection::vec(prop::collection::vec(uri(), 1..3), 0..3),
        one_time_use: bool,
        proxy in option::of((option::of(any::<u32>()), prop::collection::vec(uri(), 0..3))),
    ) -> Conditions {
        Conditions {
            not_before,
            not_on_or_after,
            audience_restrictions: restrictions
                .into_iter()
                .map(|audiences| AudienceRestriction { audiences })
                .collect(),
            one_time_use,
            proxy_restriction: proxy
                .map(|(count, audiences)| ProxyRestriction { count, audiences }),
        }
    }
}

prop_compose! {
    pub(super) fn statement()(
        authn_instant in instant(),
        session_index in option::of(text()),
        session_not_on_or_after in option::of(instant()),
        locality in option::of((option::of(text()), option::of(text()))),
        class in uri(),
        decl_ref in option::of(uri()),
        authorities in prop::collection::vec(uri(), 0..3),
    ) -> AuthnStatement {
        AuthnStatement {
            authn_instant,
            session_index,
            session_not_on_or_after,
            locality: locality.map(|(address, dns_name)| SubjectLocality { address, dns_name }),
            context: AuthnContext { class: Some(class), decl_ref, authorities },
        }
    }
}

pub(super) fn value() -> impl Strategy<Value = AttributeValue> {
    prop_oneof![
        text().prop_map(AttributeValue::Text),
        name_id().prop_map(AttributeValue::NameId),
        Just(AttributeValue::Nil),
    ]
}

prop_compose! {
    pub(super) fn attribute()(
        name in text(),
        name_format in option::of(text()),
        friendly_name in option::of(text()),
        values in prop::collection::vec(value(), 0..3),
    ) -> Attribute {
        Attribute { name, name_format, friendly_name, values }
    }
}

prop_compose! {
    pub(super) fn assertion()(
        id in id(),
        issue_instant in instant(),
        issuer in issuer(),
        subject in option::of(subject()),
        conditions in option::of(conditions()),
        authn_statements in prop::collection::vec(statement(), 0..3),
        attributes in prop::collection::vec(attribute(), 0..3),
    ) -> Assertion {
        Assertion { id, issue_instant, issuer, subject, conditions, authn_statements, attributes }
    }
}

prop_compose! {
    pub(super) fn status()(
        code in prop::sample::select(&StatusCode::ALL[..]),
        second in option::of(uri()),
        message in option::of(text()),
    ) -> Status {
        Status { code, second, message }
    }
}

prop_compose! {
    pub(super) fn requested()(
        name in text(),
        name_format in option::of(text()),
        friendly_name in option::of(text()),
        required: bool,
        values in prop::collection::vec(value(), 0..2),
    ) -> RequestedAttribute {
        RequestedAttribute { name, name_format, friendly_name, required, values }
    }
}

pub(super) fn requested_context() -> impl Strategy<Value = RequestedAuthnContext> {
    let comparison = prop::sample::select(vec![
        Comparison::Exact,
        Comparison::Minimum,
        Comparison::Maximum,
        Comparison::Better,
    ]);
    (any::<bool>(), prop::collection::vec(uri(), 1..4), comparison).prop_map(
        |(by_class, uris, comparison)| {
            let (classes, declarations) = if by_class { (uris, vec![]) } else { (vec![], uris) };
            RequestedAuthnContext { classes, declarations, comparison }
        },
    )
}

prop_compose! {
    pub(super) fn scoping()(
        proxy_count in option::of(any::<u32>()),
        idp_list in prop::collection::vec(text(), 0..3),
        requester_ids in prop::collection::vec(uri(), 0..3),
    ) -> Scoping {
        Scoping { proxy_count, idp_list, requester_ids }
    }
}

prop_compose! {
    pub(super) fn wants()(
        requested_attributes in prop::collection::vec(requested(), 0..2),
        subject in option::of(subject()),
        policy in option::of((option::of(text()), option::of(text()), any::<bool>())),
        conditions in option::of(conditions()),
        requested_authn_context in option::of(requested_context()),
        scoping in option::of(scoping()),
        force_authn: bool,
        is_passive: bool,
    ) -> AuthnRequest {
        AuthnRequest {
            id: String::new(),
            issue_instant: Timestamp::default(),
            destination: None,
            issuer: None,
            requested_attributes,
            subject,
            name_id_policy: policy.map(|(format, sp_name_qualifier, allow_create)| NameIdPolicy {
                format,
                sp_name_qualifier,
                allow_create,
            }),
            conditions,
            requested_authn_context,
            scoping,
            force_authn,
            is_passive,
            acs_index: None,
            acs_url: None,
            protocol_binding: None,
            attribute_consuming_service_index: None,
            provider_name: None,
        }
    }
}

prop_compose! {
    pub(super) fn authn_request()(
        wants in wants(),
        id in id(),
        issue_instant in instant(),
        destination in option::of(text()),
        issuer in option::of(issuer()),
        acs_index in option::of(any::<u16>()),
        acs_url in option::of(text()),
        protocol_binding in option::of(text()),
        attribute_consuming_service_index in option::of(any::<u16>()),
        provider_name in option::of(text()),
    ) -> AuthnRequest {
        AuthnRequest {
            id,
            issue_instant,
            destination,
            issuer,
            acs_index,
            acs_url,
            protocol_binding,
            attribute_consuming_service_index,
            provider_name,
            ..wants
        }
    }
}
