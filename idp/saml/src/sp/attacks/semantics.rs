//! SAM: what a genuine signature does not make true.

use crate::schema::{AudienceRestriction, ProxyRestriction, Status, StatusCode, method, second};
use crate::sp::testing::{ACS, Answer, IDP, OTHER_IDP, SP, Signed, Wish, at, bent, outcome};
use crate::sp::{Blame, ConsumeError, Quirks};

#[test]
fn a_genuine_answer_is_accepted_as_it_was_written() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let answer = Answer { signed, ..Answer::genuine() };
        let accepted = Wish::new().consume(&answer.xml()).unwrap();
        assert_eq!(accepted.issuer, IDP);
        assert_eq!(accepted.assertion_id, "_assertion");
        assert_eq!(accepted.name_id, answer.clone().assertion().subject.clone().unwrap().name_id);
        assert_eq!(accepted.attributes, answer.clone().assertion().attributes);
        assert_eq!(accepted.session_index.as_deref(), Some("session-7"));
        assert_eq!(accepted.session_until, Some(at(28_800)));
        assert_eq!(accepted.context.as_deref(), Some("https://refeds.org/profile/mfa"));
        assert_eq!(accepted.authorities, ["https://home.example/idp"]);
        assert_eq!(accepted.issue_instant, at(-2));
        assert!(!accepted.encrypted);
    }
}

#[test]
fn sam_02_conditions_stand_once_and_name_us() {
    assert_eq!(bent(|answer| answer.assertion().conditions = None), "conditions");
    assert_eq!(bent(|answer| answer.conditions().audience_restrictions.clear()), "conditions");
    let twice = |answer: &mut Answer| {
        answer.edit("<saml:Conditions", "<saml:Conditions></saml:Conditions><saml:Conditions");
    };
    assert_eq!(bent(twice), "conditions");
    let contradictory = |answer: &mut Answer| answer.conditions().not_before = Some(at(300));
    assert_eq!(bent(contradictory), "conditions");
}

//= saml-core#2.5.1.4-1 test
#[test]
fn sam_02_every_audience_restriction_must_name_us() {
    let restriction = |audiences: &[&str]| AudienceRestriction {
        audiences: audiences.iter().map(|one| (*one).to_owned()).collect(),
    };
    let other = "https://another.example/sp";
    for (restrictions, wanted) in [
        (vec![restriction(&[other])], "audience"),
        (vec![restriction(&[other, SP])], "accepted"),
        (vec![restriction(&[SP]), restriction(&[other])], "audience"),
        (vec![restriction(&[SP]), restriction(&[other, SP])], "accepted"),
        (vec![restriction(&["https://broker.example/saml/sp/metadata/"])], "audience"),
        (vec![restriction(&["https://BROKER.example/saml/sp/metadata"])], "audience"),
    ] {
        let outcome = bent(|answer| answer.conditions().audience_restrictions = restrictions);
        assert_eq!(outcome, wanted);
    }
}

//= saml-core#2.5.1.1-1 test
#[test]
fn sam_02_a_condition_that_is_not_known_is_not_met() {
    let unknown = |answer: &mut Answer| {
        answer.edit("</saml:Conditions>", "<saml:Condition></saml:Condition></saml:Conditions>");
    };
    assert_eq!(bent(unknown), "conditions");
    assert_eq!(bent(|answer| answer.conditions().one_time_use = true), "accepted");
}

//= saml-core#2.5.1.6-1 test
#[test]
fn sam_02_an_assertion_that_may_not_be_passed_on_is_of_no_use_to_a_broker() {
    for (count, audiences, wanted) in [
        (Some(0), vec![], "conditions"),
        (Some(1), vec![], "accepted"),
        (None, vec!["https://another.example/sp".to_owned()], "conditions"),
    ] {
        let restriction = ProxyRestriction { count, audiences };
        let outcome = bent(|answer| answer.conditions().proxy_restriction = Some(restriction));
        assert_eq!(outcome, wanted);
    }
}

//= saml-bindings#3.5.5.2-1 test
#[test]
fn sam_04_a_signed_response_says_that_it_was_sent_here() {
    for (found, wanted) in [
        (Some("https://broker.example/sources/unb/acs"), "destination"),
        (Some("https://broker.example/sources/una/acs/"), "destination"),
        (Some(""), "destination"),
        (None, "destination"),
        (Some(ACS), "accepted"),
    ] {
        for signed in [Signed::Response, Signed::Both] {
            let outcome = bent(|answer| {
                answer.signed = signed;
                answer.response.destination = found.map(str::to_owned);
            });
            assert_eq!(outcome, wanted, "{found:?}");
        }
    }
}

#[test]
fn sam_04_a_destination_may_be_absent_by_exception_but_never_another() {
    let mut wish = Wish::new();
    wish.idp.quirks = Quirks { danger_absent_destination: true };
    let mut answer = Answer::genuine();
    answer.response.destination = None;
    assert_eq!(outcome(&answer.xml(), &wish), "accepted");
    answer.response.destination = Some("https://broker.example/sources/unb/acs".to_owned());
    assert_eq!(outcome(&answer.xml(), &wish), "destination");
}

#[test]
fn an_assertion_for_another_address_is_not_ours() {
    for recipient in [None, Some("https://another.example/acs"), Some("")] {
        let outcome = bent(|answer| answer.data().recipient = recipient.map(str::to_owned));
        assert_eq!(outcome, "recipient");
    }
}

#[test]
fn a_subject_is_confirmed_by_its_bearer_alone() {
    for other in [method::HOLDER_OF_KEY, method::SENDER_VOUCHES, "urn:example:method"] {
        let instead =
            |answer: &mut Answer| answer.subject().confirmations[0].method = other.to_owned();
        assert_eq!(bent(instead), "subject_confirmation");
        let beside = |answer: &mut Answer| {
            let mut second = answer.subject().confirmations[0].clone();
            second.method = other.to_owned();
            answer.subject().confirmations.push(second);
        };
        assert_eq!(bent(beside), "subject_confirmation");
    }
}

//= saml-profiles#3.3-1 test
#[test]
fn a_confirmation_lacks_nothing_that_limits_it() {
    let wanted = "subject_confirmation";
    assert_eq!(bent(|answer| answer.assertion().subject = None), wanted);
    assert_eq!(bent(|answer| answer.subject().confirmations.clear()), wanted);
    assert_eq!(bent(|answer| answer.subject().confirmations[0].data = None), wanted);
    assert_eq!(bent(|answer| answer.data().not_on_or_after = None), wanted);
    let for_another = |answer: &mut Answer| {
        let name = answer.name().clone();
        answer.subject().confirmations[0].name_id = Some(name);
    };
    assert_eq!(bent(for_another), wanted);
}

//= saml-profiles#4.1.4.3-2 test
#[test]
fn sam_12_an_answer_that_nobody_asked_for_names_no_request_anywhere() {
    let wish = Wish::unsolicited();
    assert_eq!(outcome(&Answer::unsolicited().xml(), &wish), "accepted");
    assert_eq!(outcome(&Answer::genuine().xml(), &wish), "in_response_to");
    let mut in_frame = Answer::unsolicited();
    in_frame.response.in_response_to = Some("_another".to_owned());
    assert_eq!(outcome(&in_frame.xml(), &wish), "in_response_to");
    let mut in_data = Answer::unsolicited();
    in_data.data().in_response_to = Some("_another".to_owned());
    assert_eq!(outcome(&in_data.xml(), &wish), "in_response_to");
}

#[test]
fn sam_12_an_unsolicited_answer_does_not_pass_for_one_that_was_asked_for() {
    assert_eq!(outcome(&Answer::unsolicited().xml(), &Wish::new()), "unsolicited");
}

#[test]
fn sam_13_the_request_is_named_where_a_signature_covers_it() {
    let mut answer = Answer::genuine();
    answer.signed = Signed::Assertion;
    answer.data().in_response_to = None;
    assert_eq!(outcome(&answer.xml(), &Wish::new()), "unsigned_binding");
    for signed in [Signed::Response, Signed::Both] {
        answer.signed = signed;
        assert_eq!(outcome(&answer.xml(), &Wish::new()), "in_response_to");
    }
}

//= saml-core#3.2.2-1 test
#[test]
fn sam_13_an_answer_to_another_request_is_not_ours() {
    let other = || Some("_fedcba9876543210".to_owned());
    assert_eq!(bent(|answer| answer.data().in_response_to = other()), "in_response_to");
    assert_eq!(bent(|answer| answer.response.in_response_to = other()), "in_response_to");
    let unsigned = |answer: &mut Answer| {
        answer.signed = Signed::Assertion;
        answer.response.in_response_to = other();
    };
    assert_eq!(bent(unsigned), "unsigned_binding");
    assert_eq!(bent(|answer| answer.response.in_response_to = None), "accepted");
}

#[test]
fn sam_15_the_answer_of_another_identity_provider_is_refused_for_what_it_is() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let mut answer = Answer { signed, foreign: true, ..Answer::genuine() };
        answer.response.issuer.as_mut().unwrap().0 = OTHER_IDP.to_owned();
        answer.assertion().issuer.0 = OTHER_IDP.to_owned();
        let error = Wish::new().consume(&answer.xml()).unwrap_err();
        assert_eq!((error.slug(), error.blame()), ("unexpected_issuer", Blame::Untrusted));
        // That its frame claims to be the right one's does not help.
        answer.response.issuer.as_mut().unwrap().0 = IDP.to_owned();
        assert_eq!(outcome(&answer.xml(), &Wish::new()), "unexpected_issuer");
    }
}

//= saml-profiles#4.1.4.2-2 test
#[test]
fn sam_15_both_halves_are_issued_by_whom_we_asked() {
    let frame = |answer: &mut Answer| {
        answer.response.issuer.as_mut().unwrap().0 = OTHER_IDP.to_owned();
    };
    assert_eq!(bent(frame), "unexpected_issuer");
    assert_eq!(bent(|answer| answer.response.issuer = None), "unexpected_issuer");
    let nobody = |answer: &mut Answer| {
        answer.signed = Signed::Assertion;
        answer.response.issuer = None;
    };
    assert_eq!(bent(nobody), "accepted");
    let format = |answer: &mut Answer| {
        answer.edit("<saml:Issuer>", r#"<saml:Issuer Format="urn:example:format">"#);
    };
    assert_eq!(bent(format), "schema");
}

#[test]
fn sam_21_a_no_is_a_no_whatever_stands_beside_it() {
    let no = Status {
        message: Some("Not today.".to_owned()),
        ..Status::failure(StatusCode::Responder, second::AUTHN_FAILED)
    };
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let mut answer = Answer { signed, ..Answer::genuine() };
        answer.response.status = no.clone();
        let error = Wish::new().consume(&answer.xml()).unwrap_err();
        assert_eq!(
            error,
            ConsumeError::Status {
                code: StatusCode::Responder,
                second: Some(second::AUTHN_FAILED.to_owned()),
                message: Some("Not today.".to_owned()),
            }
        );
        assert_eq!(error.slug(), "status");
    }
}

#[test]
fn sam_21_a_no_may_be_unsigned_but_answers_our_request() {
    let mut answer = Answer { assertion: None, signed: Signed::Nothing, ..Answer::genuine() };
    answer.response.status = Status::failure(StatusCode::Responder, second::NO_PASSIVE);
    assert_eq!(outcome(&answer.xml(), &Wish::new()), "status");
    let mut unrelated = answer.clone();
    unrelated.response.in_response_to = None;
    assert_eq!(outcome(&unrelated.xml(), &Wish::new()), "unsolicited");
    unrelated.response.in_response_to = Some("_another".to_owned());
    assert_eq!(outcome(&unrelated.xml(), &Wish::new()), "unsigned_binding");
    answer.response.issuer.as_mut().unwrap().0 = OTHER_IDP.to_owned();
    assert_eq!(outcome(&answer.xml(), &Wish::new()), "unexpected_issuer");
}

//= saml-core#3.2.2.2-1 test
#[test]
fn sam_21_there_is_one_status_and_it_is_known() {
    let code = r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode>"#;
    let status = r#"<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>"#;
    let empty = "<samlp:Status></samlp:Status>";
    let twice = r#"<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>"#;
    let nested = r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"></samlp:StatusCode></samlp:StatusCode>"#;
    let unknown = r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:success"></samlp:StatusCode>"#;
    for (from, to) in
        [(status, ""), (status, empty), (status, twice), (code, nested), (code, unknown)]
    {
        assert_eq!(bent(|answer| answer.edit(from, to)), "status", "{to}");
    }
}

#[test]
fn an_answer_without_an_assertion_says_nothing() {
    assert_eq!(bent(|answer| answer.assertion = None), "assertion_count");
}

#[test]
fn sam_24_there_is_one_authentication_statement() {
    assert_eq!(bent(|answer| answer.assertion().authn_statements.clear()), "authn_statement");
    let twice = |answer: &mut Answer| {
        let mut weaker = answer.statement().clone();
        weaker.context.class = Some("urn:oasis:names:tc:SAML:2.0:ac:classes:Password".to_owned());
        answer.assertion().authn_statements.push(weaker);
    };
    assert_eq!(bent(twice), "authn_statement");
}

//= saml-core#2.7.2-1 test
#[test]
fn sam_24_a_session_that_is_over_is_none() {
    for (end, wanted) in [(-1, "authn_statement"), (0, "authn_statement"), (1, "accepted")] {
        let outcome = bent(|answer| answer.statement().session_not_on_or_after = Some(at(end)));
        assert_eq!(outcome, wanted, "{end}");
    }
}

#[test]
fn sam_26_a_context_that_stands_in_a_declaration_is_not_claimed() {
    let mut answer = Answer::genuine();
    answer.statement().context.decl_ref = answer.statement().context.class.take();
    assert_eq!(Wish::new().consume(&answer.xml()).unwrap().context, None);
}

#[test]
fn sam_09_the_mark_of_use_outlives_all_that_could_still_hold() {
    let mut answer = Answer::genuine();
    answer.conditions().not_on_or_after = Some(at(900));
    let accepted = Wish::new().consume(&answer.xml()).unwrap();
    assert_eq!(accepted.replay_until, at(900 + 180));
    let mut later = Wish::new();
    later.now = accepted.replay_until;
    assert_eq!(outcome(&answer.xml(), &later), "expired");
}

#[test]
fn sam_32_another_version_or_kind_of_message_is_no_answer() {
    let old = |answer: &mut Answer| answer.edit(r#"Version="2.0""#, r#"Version="1.1""#);
    assert_eq!(bent(old), "schema");
    let new = |answer: &mut Answer| answer.edit(r#"Version="2.0""#, r#"Version="2.1""#);
    assert_eq!(bent(new), "schema");
    let genuine = String::from_utf8(Answer::genuine().xml()).unwrap();
    for kind in ["LogoutResponse", "ArtifactResponse", "AuthnRequest"] {
        let other = genuine.replace("samlp:Response", &format!("samlp:{kind}"));
        assert_eq!(outcome(other.as_bytes(), &Wish::new()), "schema", "{kind}");
    }
    for document in [
        r#"<Response xmlns="urn:oasis:names:tc:SAML:1.0:protocol" ResponseID="_1"/>"#,
        r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x"/>"#,
        r#"<t:RequestSecurityTokenResponse xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"/>"#,
    ] {
        assert_eq!(outcome(document.as_bytes(), &Wish::new()), "schema", "{document}");
    }
}
