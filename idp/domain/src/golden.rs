//! Golden forms of what is kept: a changed line here is a changed format, and a decision about
//! logins that are in progress while nodes are being replaced.

use expect_test::{Expect, expect};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    AccountId, Acr, Amr, Assurance, AttributeName, AttributeSet, AuthenticationEvent, AuthnRequest,
    Demand, FactorKind, FactorProof, Identity, Kept, Lifetime, Participant, ReturnTicket, Session,
    Subject, Timestamp, Transaction,
    assurance::Worth,
    identity::SourceSubject,
    relying_party::Protocol,
    transaction::{AskedFactor, Awaiting, Enrolling, Footing, Hints},
    trust::{Credit, Says},
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
        &expect![[
            r#"{"id":"s","account":"a","events":[],"participants":[{"relying_party":"portal","since":1020,"released":["mail"]}],"started_at":1010,"ends_at":44210,"used_at":1020}"#
        ]],
    );
}

#[test]
fn what_was_proven_is_kept_so() {
    let mut proven = event();
    proven.credit(&Credit {
        worth: Worth { assurance: Assurance::Aal2, phishing_resistant: true },
        until: Some(Timestamp::from_seconds(4_600)),
        by: Some(Says::Method(Amr::new("hwk").unwrap())),
        ignored: None,
    });
    proven.identity.attributes = AttributeSet::default();
    check(
        &proven,
        &expect![[
            r#"{"identity":{"source":"una","issuer":"https://idp.una.example","subject":"1001","attributes":{}},"agency":"una","authenticated_at":1000,"received_at":1010,"acr":"urn:laissez-passer:assurance:aal1","amr":["pwd"],"assurance":"aal2","phishing_resistant":true,"credited_by":{"method":"hwk"},"credited_until":4600,"source_session":"s1"}"#
        ]],
    );
    let key = FactorProof {
        factor: FactorKind::Passkey,
        at: Timestamp::from_seconds(1_020),
        credential: "k1".into(),
        hardware: true,
    };
    check(&key, &expect![[r#"{"factor":"passkey","at":1020,"credential":"k1","hardware":true}"#]]);
    let app =
        FactorProof { factor: FactorKind::Totp, credential: String::new(), hardware: false, ..key };
    check(&app, &expect![[r#"{"factor":"totp","at":1020}"#]]);
}

#[test]
fn what_a_login_waits_for_is_kept_so() {
    let (account, since): (AccountId, _) = ("a".parse().unwrap(), Timestamp::from_seconds(1_000));
    let kinds = vec![FactorKind::Passkey, FactorKind::Totp, FactorKind::RecoveryCode];
    let wanted = Worth::TWO_FACTORS;
    let asked = AskedFactor {
        account: account.clone(),
        kinds: kinds.clone(),
        wanted,
        optional: false,
        since,
    };
    check(
        &Awaiting::Factor(asked),
        &expect![[
            r#"{"factor":{"account":"a","kinds":["passkey","totp","recovery_code"],"wanted":{"assurance":"aal2"},"since":1000}}"#
        ]],
    );
    let kept = Some(Kept::new("k".into()));
    let enrolling = Enrolling { account, kinds, wanted, optional: true, epoch: 3, kept, since };
    check(
        &Awaiting::Enrolment(enrolling),
        &expect![[
            r#"{"enrolment":{"account":"a","kinds":["passkey","totp","recovery_code"],"wanted":{"assurance":"aal2"},"optional":true,"epoch":3,"kept":"k","since":1000}}"#
        ]],
    );
}

#[test]
fn a_login_that_has_come_far_is_kept_so() {
    let request = AuthnRequest {
        relying_party: "portal".parse().unwrap(),
        demand: Demand { factor_max_age: Some(Lifetime::minutes(5)), ..Demand::default() },
        ticket: ReturnTicket { protocol: Protocol::Own, sealed: "/".into(), farewell: None },
        hints: Hints::default(),
        wanted: [].into(),
    };
    let now = Timestamp::from_seconds(1_000);
    let mut transaction = Transaction::begin(request, [0; 16], "b".into(), now);
    let mut event = event();
    event.identity.attributes = AttributeSet::default();
    transaction.record(event);
    let app = FactorProof {
        factor: FactorKind::Totp,
        at: now,
        credential: String::new(),
        hardware: false,
    };
    transaction.prove(&"a".parse().unwrap(), app);
    transaction.moves_on(Footing { since: now, epoch: 3 });
    transaction.pass = Some("p".parse().unwrap());
    transaction.nudged = true;
    transaction.remember = true;
    transaction.shared = true;
    check(
        &transaction,
        &expect![[
            r#"{"id":"AAAAAAAAAAAAAAAAAAAAAA150c5d8b","binding":"b","request":{"relying_party":"portal","demand":{"essential":false,"factor_max_age":300,"force":false,"passive":false,"consent":false,"select":false},"ticket":{"protocol":"own","sealed":"/"},"hints":{},"wanted":[]},"started_at":1000,"awaiting":"decision","chosen":"una","event":{"identity":{"source":"una","issuer":"https://idp.una.example","subject":"1001","attributes":{}},"agency":"una","authenticated_at":1000,"received_at":1010,"acr":"urn:laissez-passer:assurance:aal1","amr":["pwd"],"assurance":"aal1","source_session":"s1"},"answers":1,"consented":false,"proofs":[{"factor":"totp","at":1000}],"person":"a","footing":{"since":1000,"epoch":3},"pass":"p","nudged":true,"remember":true,"shared":true}"#
        ]],
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
    transaction.ask("una".parse().unwrap(), true, "c".into(), Kept::new("k".into()), now);
    check(
        &transaction,
        &expect![[
            r#"{"id":"AAAAAAAAAAAAAAAAAAAAAA150c5d8b","binding":"b","request":{"relying_party":"portal","demand":{"acr":["urn:laissez-passer:assurance:aal2"],"essential":true,"max_age":300,"force":true,"passive":false,"consent":false,"select":false,"subject":"x"},"ticket":{"protocol":"oidc","sealed":"{}"},"hints":{"login":"alice"},"wanted":["mail"]},"started_at":1000,"awaiting":{"source":{"source":"una","correlator":"c","kept":"k","since":1000}},"asked_anew":true,"consented":false}"#
        ]],
    );
}
