//! The catalogue's attacks on our role as service provider, against a whole login.

use idp_saml::schema::{AttributeValue, NameId, format};

use super::*;

const SUBJECT_ID: &str = "urn:oasis:names:tc:SAML:attribute:subject-id";
const PAIRWISE_ID: &str = "urn:oasis:names:tc:SAML:attribute:pairwise-id";
const MAIL: &str = "urn:oid:0.9.2342.19200300.100.1.3";

fn transient() -> NameId {
    NameId::new("t-1", format::TRANSIENT)
}

fn persistent(value: &str) -> NameId {
    NameId::new(value, format::PERSISTENT)
}

#[tokio::test]
async fn sam_09_an_answer_is_marked_by_issuer_and_assertion_whichever_way_it_came() {
    let scene = Scene::with(&json!({"idp_initiated": true}));
    let mark = |progress| match progress {
        Progress::Proven { once: Some(once), .. } => once.key,
        other => panic!("{other:?}"),
    };
    let asked_for = mark(scene.answered(&ask(), |_| {}).await);
    assert_eq!(asked_for, mark(scene.unasked(|_| {}).await));
    let other = mark(scene.unasked(|told| told.assertion_id = "_a2".to_owned()).await);
    assert_ne!(asked_for, other);
}

#[tokio::test]
async fn sam_12_an_answer_that_nobody_asked_for_is_refused_unless_that_is_allowed() {
    let refused = refusal(Scene::new().unasked(|_| {}).await);
    assert_eq!(refused.reason(), "unsolicited");
    let scene = Scene::with(&json!({"idp_initiated": true}));
    let event = event(scene.unasked(|_| {}).await);
    assert_eq!(event.identity.subject.as_str(), "persistent   Alice-1");
    // It comes straight from who made it, or not at all.
    let old = |told: &mut Told| told.now = NOW.minus(Lifetime::seconds(61));
    assert_eq!(refusal(scene.unasked(old).await).reason(), "expired");
    // It is nobody's answer: one to a question is not taken here.
    let answer = |told: &mut Told| told.request = Some("_q".to_owned());
    assert_eq!(refusal(scene.unasked(answer).await).reason(), "in_response_to");
}

#[tokio::test]
async fn sam_12_the_answer_to_a_question_must_name_it() {
    let scene = Scene::with(&json!({"idp_initiated": true}));
    assert_eq!(scene.refused(|told| told.request = None).await.reason(), "unsolicited");
    let other = |told: &mut Told| told.request = Some("_other".to_owned());
    assert_eq!(scene.refused(other).await.reason(), "unsigned_binding");
}

#[tokio::test]
async fn sam_15_the_answer_of_another_identity_provider_is_refused() {
    let scene = Scene::new();
    // Under the name that was asked, the key is another: no other is ever tried.
    let unm = "https://idp.unm.example/metadata";
    for (issuer, reason) in [(unm, "unexpected_issuer"), (IDP, "signature_invalid")] {
        let (url, kept) = scene.begin(&ask()).await;
        let told = Told::honest(BASE, "una", Some(&asked(&url).id));
        let mallory = Agency::new(issuer);
        let refused = refusal(scene.resume(kept, mallory.form(&told, "t1.secret")).await);
        assert_eq!(refused.reason(), reason);
    }
    // With the right key, another name is another identity provider all the same.
    let (url, kept) = scene.begin(&ask()).await;
    let told = Told::honest(BASE, "una", Some(&asked(&url).id));
    let renamed = Agency { entity_id: unm.to_owned(), ..scene.agency };
    let form = renamed.form(&told, "t1.secret");
    let progress = scene.connector.resume(kept, inbound(form)).await.unwrap();
    assert_eq!(refusal(progress).reason(), "unexpected_issuer");
}

#[tokio::test]
async fn sam_22_what_a_person_has_one_of_must_not_be_two() {
    let scene = Scene::new();
    let mail = |told: &mut Told, texts: &[&str]| told.attributes.push(attribute(MAIL, texts));
    let two = |told: &mut Told| mail(told, &["a@una.example", "b@una.example"]);
    assert_eq!(scene.refused(two).await.reason(), "attribute_ambiguous");
    let apart = |told: &mut Told| {
        mail(told, &["a@una.example"]);
        mail(told, &["b@una.example"]);
    };
    assert_eq!(scene.refused(apart).await.reason(), "attribute_ambiguous");
    scene
        .proven(|told| {
            mail(told, &["a@una.example"]);
            mail(told, &["a@una.example"]);
        })
        .await;
}

#[tokio::test]
async fn sam_22_two_names_of_one_attribute_are_one_attribute() {
    let scene = Scene::with(&json!({"attributes": {"mail": ["mail", "e-mail"]}}));
    let refused = scene.refused(|told| {
        told.attributes.push(attribute(MAIL, &["a@una.example"]));
        told.attributes.push(attribute("e-mail", &["b@una.example"]));
    });
    assert_eq!(refused.await.reason(), "attribute_ambiguous");
}

#[tokio::test]
async fn sam_22_an_attribute_with_markup_in_it_is_no_text() {
    let scene = Scene::new();
    let name = AttributeValue::NameId(NameId::new("alice", format::PERSISTENT));
    let refused = scene.refused(|told| {
        let mut mail = attribute(MAIL, &["a@una.example"]);
        mail.values.push(name);
        told.attributes.push(mail);
    });
    assert_eq!(refused.await.reason(), "attribute_value");
}

#[tokio::test]
async fn sam_26_a_declaration_is_no_class_and_what_is_missing_is_nothing() {
    let scene = Scene::with(&json!({"acr": {"urn:theirs": REFEDS_MFA}}));
    let acr = async |class: Option<&str>| {
        let event = scene.proven(|told| {
            told.class = class.map(str::to_owned);
            told.declaration = Some(REFEDS_MFA.to_owned());
        });
        event.await.acr.map(|acr| acr.as_str().to_owned())
    };
    assert_eq!(acr(None).await, None);
    assert_eq!(acr(Some(PASSWORD)).await.as_deref(), Some(PASSWORD));
    assert_eq!(acr(Some("urn:unknown")).await.as_deref(), Some("urn:unknown"));
    assert_eq!(acr(Some("urn:theirs")).await.as_deref(), Some(REFEDS_MFA));
}

#[tokio::test]
async fn sam_28_a_sign_in_is_as_old_as_the_source_says_whatever_was_asked() {
    let scene = Scene::new();
    let old = |told: &mut Told| told.authn_instant = NOW.minus(Lifetime::hours(2));
    for ask in [ask(), Ask { force: true, ..ask() }] {
        let event = event(scene.answered(&ask, old).await);
        assert_eq!(event.authenticated_at, Some(NOW.minus(Lifetime::hours(2))), "never now");
    }
}

#[tokio::test]
async fn sam_29_a_name_that_was_made_by_or_for_others_is_refused() {
    let scene = Scene::new();
    let named = async |by: Option<&str>, whose: Option<&str>| {
        let name = NameId {
            name_qualifier: by.map(str::to_owned),
            sp_name_qualifier: whose.map(str::to_owned),
            ..persistent("Alice-1")
        };
        scene.answered(&ask(), |told| told.name_id = Some(name)).await
    };
    let unm = Some("https://idp.unm.example/metadata");
    assert_eq!(refusal(named(unm, None).await).reason(), "name_qualifier");
    let sp2 = Some("https://sp2.example/metadata");
    assert_eq!(refusal(named(None, sp2).await).reason(), "name_qualifier");
    // What is left out means the two who speak.
    let us = Some("https://broker.example/saml/sp/metadata");
    for (by, whose) in [(None, None), (Some(IDP), None), (None, us), (Some(IDP), us)] {
        let event = event(named(by, whose).await);
        assert_eq!(event.identity.subject.as_str(), "persistent   Alice-1");
    }
}

#[tokio::test]
async fn sam_29_a_name_is_one_person_s_only_with_its_kind_and_its_qualifier() {
    let places = json!(["email-name-id", "unspecified-name-id", "persistent-name-id"]);
    let scene = Scene::with(&json!({"subject_from": places}));
    let mut names = Vec::new();
    for (kind, by) in [
        (format::EMAIL, None),
        (format::UNSPECIFIED, None),
        (format::PERSISTENT, None),
        (format::EMAIL, Some("una.example")),
        (format::EMAIL, Some("una.example a")),
    ] {
        let name =
            NameId { name_qualifier: by.map(str::to_owned), ..NameId::new("a@una.example", kind) };
        let event = scene.proven(|told| told.name_id = Some(name)).await;
        names.push(event.identity.subject.as_str().to_owned());
    }
    expect_test::expect![[r#"
        [
            "email   a@una.example",
            "unspecified   a@una.example",
            "persistent   a@una.example",
            "email una.example  a@una.example",
            "email una.example%20a  a@una.example",
        ]
    "#]]
    .assert_debug_eq(&names);
}

#[tokio::test]
async fn sam_30_names_that_nobody_could_tell_apart_are_refused_and_others_kept_apart() {
    let scene = Scene::new();
    let named = async |value: &str| {
        let name = Some(persistent(value));
        scene.answered(&ask(), |told| told.name_id = name).await
    };
    for value in ["", "   ", " alice", "alice\u{a0}", "ali\u{85}ce", &"x".repeat(257)] {
        assert_eq!(refusal(named(value).await).reason(), "identifier", "{value:?}");
    }
    let mut kept = Vec::new();
    for value in ["é", "e\u{301}", "E\u{301}", "İ", "i", "I", "ß", "ss", "a\u{200b}", "a"] {
        kept.push(event(named(value).await).identity.subject);
    }
    let long = "é".repeat(256);
    kept.push(event(named(&long).await).identity.subject);
    kept.push(event(named(&format!("{}e", "é".repeat(255))).await).identity.subject);
    let count = kept.len();
    assert!(kept.iter().all(|name| name.as_str().len() <= 255));
    assert!(kept.last().unwrap().as_str().starts_with("sha256 "), "too long for a link");
    kept.sort();
    kept.dedup();
    assert_eq!(kept.len(), count, "no folding of any kind");
}

#[tokio::test]
async fn sam_30_an_attribute_that_names_somebody_is_judged_like_a_name() {
    const OBJECT: &str = "http://schemas.microsoft.com/identity/claims/objectidentifier";
    let scene = Scene::with(&json!({"subject_from": [{"attribute": OBJECT}]}));
    let named = async |values: &[&str]| {
        scene.answered(&ask(), |told| told.attributes.push(attribute(OBJECT, values))).await
    };
    let event = event(named(&["0b6f"]).await);
    let subject = event.identity.subject;
    assert_eq!(subject.as_str(), format!("attribute {OBJECT} 0b6f"));
    for (values, reason) in [
        (&["a", "b"][..], "attribute_ambiguous"),
        (&[" a"], "identifier"),
        (&[&"x".repeat(257)], "identifier"),
        (&[""], "no_stable_identifier"),
        (&[], "no_stable_identifier"),
    ] {
        assert_eq!(refusal(named(values).await).reason(), reason, "{values:?}");
    }
}

#[tokio::test]
async fn sam_31_a_transient_name_names_nobody() {
    let scene = Scene::new();
    for name in [Some(transient()), None, Some(NameId::new("a@una.example", format::EMAIL))] {
        let refused = scene.refused(|told| told.name_id = name).await;
        assert_eq!(refused.reason(), "no_stable_identifier");
    }
    for (uri, word) in [(SUBJECT_ID, "subject-id"), (PAIRWISE_ID, "pairwise-id")] {
        let event = scene.proven(|told| {
            told.name_id = Some(transient());
            told.attributes.push(attribute(uri, &["Alice=1@UNA.example"]));
        });
        let subject = event.await.identity.subject;
        // Its profile compares without regard to case.
        assert_eq!(subject.as_str(), format!("{word} alice=1@una.example"));
    }
}

#[tokio::test]
async fn sam_31_the_identifiers_of_the_profile_come_first_and_keep_to_its_form() {
    let scene = Scene::new();
    let event = scene.proven(|told| {
        told.attributes.push(attribute(PAIRWISE_ID, &["p@una.example"]));
        told.attributes.push(attribute(SUBJECT_ID, &["s@una.example"]));
    });
    assert_eq!(event.await.identity.subject.as_str(), "subject-id s@una.example");
    let long = format!("{}@una.example", "x".repeat(128));
    for value in ["alice", "a_b@una.example", "@una.example", "a@", "a@b@c", "-a@b", &long] {
        let refused = scene.refused(|told| {
            told.attributes.push(attribute(SUBJECT_ID, &[value]));
        });
        assert_eq!(refused.await.reason(), "identifier", "{value}");
    }
}

#[tokio::test]
async fn sam_33_an_answer_comes_once_in_a_form_and_in_no_other_way() {
    let scene = Scene::new();
    let (url, kept) = scene.begin(&ask()).await;
    let told = Told::honest(BASE, "una", Some(&asked(&url).id));
    let form = scene.agency.form(&told, "t1.secret");
    let twice = [form.clone(), form.clone()].concat();
    let artifact = [form.clone(), vec![("SAMLart".to_owned(), "AAQ".to_owned())]].concat();
    let request = vec![("SAMLRequest".to_owned(), form[0].1.clone())];
    for (form, reason) in [
        (twice, "duplicate_parameter"),
        (artifact, "duplicate_parameter"),
        (request, "binding"),
        (vec![], "binding"),
    ] {
        let refused = refusal(scene.resume(kept.clone(), form).await);
        assert_eq!(refused.reason(), reason);
    }
    let reply = Inbound { query: form.clone(), ..inbound(form) };
    let refused = refusal(scene.connector.resume(kept, reply).await.unwrap());
    assert_eq!(refused.reason(), "binding");
}

#[tokio::test]
async fn enc_07_a_plain_assertion_is_refused_where_encryption_is_required() {
    let scene = Scene::with(&json!({"require_encryption": true}));
    assert_eq!(scene.refused(|_| {}).await.reason(), "encryption_required");
}
