//! Golden forms of what is kept: a changed line here is a changed format, and a decision about
//! logins that are in progress while nodes are being replaced.

use expect_test::{Expect, expect};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Acr, Amr, Assurance, AttributeName, AttributeSet, AuthenticationEvent, AuthnRequest, Demand,
    Identity, Kept, Lifetime, Participant, ReturnTicket, Session, Subject, Timestamp, Transaction,
    identity::SourceSubject, relying_party::Protocol, transaction::Hints,
};

fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T, kept: &Expect) {
    let written = serde_json::to_string(value).unwrap();
    kept.assert_eq(&written);
    assert_eq!(serde_json::from_str::<T>(&written).unwrap(), *value, "it reads back");
}

fn event() -> AuthenticationEvent {
    let mut attributes = AttributeSet::default();
    attributes.add(AttributeName::parse("mail").unwrap(), "alice@una.example".into());
    AuthenticationEvent {
        identity: Identity {
            source: "una".parse().unwrap(),
            issuer: "https://idp.una.example".into(),
            subject: SourceSubject::parse("1001").unwrap(),
            attributes,
        },
        agency: "una".parse().unwrap(),
        authenticated_at: Some(Timestamp::from_seconds(1_000)),
        received_at: Timestamp::from_seconds(1_010),
        acr: Some(Acr::of(Assurance::Aal1)),
        amr: vec![Amr::new("pwd").unwrap()],
        assurance: Assurance::Aal1,
        phishing_resistant: false,
        credited_by: None,
        credited_until: None,
        source_session: Some("s1".into()),
        source_name: None,
        valid_until: None,
    }
}

#[test]
fn an_authentication_event_is_kept_so() {
    check(
        &event(),
        &expect![[
            r#"{"identity":{"source":"una","issuer":"https://idp.una.example","subject":"1001","attributes":{"mail":["alice@una.example"]}},"agency":"una","authenticated_at":1000,"received_at":1010,"acr":"urn:laissez-passer:assurance:aal1","amr":["pwd"],"assurance":"aal1","source_session":"s1"}"#
        ]],
    );
}

#[test]
fn a_session_is_kept_so() {
    let session = Session {
        id: "s".parse().unwrap(),
        account: "a".parse().unwrap(),
        events: Vec::new(),
        proofs: Vec::new(),
        used_at: Timestamp::from_seconds(1_020),
        shared: false,
        device: None,
        whereabouts: None,
        participants: vec![Participant {
            relying_party: "portal".parse().unwrap(),
            since: Timestamp::from_seconds(1_020),
            farewell: None,
            released: [AttributeName::parse("mail").unwrap()].into(),
        }],
        started_at: Timestamp::from_seconds(1_010),
        ends_at: Timestamp::from_seconds(44_210),
    };
    check(
        &session,
        &expect![[r#"{"id":"s","account":"a","events":[],"participants":[{"relying_party":"portal","since":1020,"released":["mail"]}],"started_at":1010,"ends_at":44210,"used_at":1020}"#]],
    );
}

#[test]
fn a_transaction_is_kept_so() {
    let request = AuthnRequest {
        relying_party: "portal".parse().unwrap(),
        demand: Demand {
            acr: vec![Acr::of(Assurance::Aal2)],
            essential: true,
            max_age: Some(Lifetime::seconds(300)),
            force: true,
            subject: Some(Subject::new("x".into())),
            ..Demand::default()
        },
        ticket: ReturnTicket { protocol: Protocol::Oidc, sealed: "{}".into(), farewell: None },
        hints: Hints { login: Some("alice".into()), ..Hints::default() },
        wanted: [AttributeName::parse("mail").unwrap()].into(),
    };
    let now = Timestamp::from_seconds(1_000);
    let mut transaction = Transaction::begin(request, [0; 16], "b".into(), now);
    transaction.ask("una".parse().unwrap(), "c".into(), Kept::new("k".into()), now);
    check(
        &transaction,
        &expect![[
            r#"{"id":"AAAAAAAAAAAAAAAAAAAAAA150c5d8b","binding":"b","request":{"relying_party":"portal","demand":{"acr":["urn:laissez-passer:assurance:aal2"],"essential":true,"max_age":300,"force":true,"passive":false,"consent":false,"select":false,"subject":"x"},"ticket":{"protocol":"oidc","sealed":"{}"},"hints":{"login":"alice"},"wanted":["mail"]},"started_at":1000,"awaiting":{"source":{"source":"una","correlator":"c","kept":"k","since":1000}},"consented":false}"#
        ]],
    );
}
