//! Tests of answers: what stands in them, what does not, and who can read them.

use expect_test::{expect, expect_file};
use idp_domain::{
    Demand, Issuance, Lifetime, Refusal, assurance::AAL1, refusal::Need, transaction::Hints,
};

use super::{Denial, Unissuable, refuse, respond};
use crate::{
    binding::{Binding, post::PostForm},
    dsig::{
        SignatureAlg, gate,
        testing::{Xmlsec1, verifying},
    },
    idp::{
        Declined, ServiceProvider, ServiceProviderRegistration, Ticket, failed,
        service_provider::{Encrypt, Unencryptable},
        status,
        testing::{
            ACS, NOW, PROVIDER, RELAY_STATE, SP_KEY, SP1, accepted, answer, ask, ask_of, consume,
            document_of, encrypted_entity, issuance, key, lines, our_key, pretty, register,
            registered, sp1, sp1_entity, sp1_role, vouch,
        },
        unsolicited,
    },
    metadata::{EncryptionMethod, KeyUse},
    schema::{self, Comparison, RequestedAuthnContext, Status},
    xml::{Document, Limits, ns},
};

fn form() -> ServiceProviderRegistration {
    ServiceProviderRegistration::default()
}

//= saml-profiles#4.1.4.2-1 test
#[test]
fn a_response_says_who_signed_in_for_whom_and_for_how_long() {
    let form = answer(&sp1(), |_| ());
    assert_eq!(form.action, ACS);
    assert_eq!(form.fields.last(), Some(&("RelayState", RELAY_STATE.to_owned())));
    expect_file!["snapshots/response.txt"].assert_eq(&pretty(&document_of(&form)));
}

#[test]
fn an_encrypted_response_shows_nothing_of_the_person() {
    let form = answer(&registered(&encrypted_entity()), |_| ());
    let xml = document_of(&form);
    let text = String::from_utf8(xml.clone()).unwrap();
    for told in ["alice", "Alice", "Attribute", "AuthnInstant", "NameID"] {
        assert!(!text.contains(told), "{told}");
    }
    expect_file!["snapshots/encrypted.txt"].assert_eq(&pretty(&xml));
    let read = consume(&form, SP1, true).unwrap();
    assert!(read.encrypted);
    assert_eq!(read.name_id.unwrap().value, "alice-for-sp1");
}

#[test]
fn our_own_service_provider_believes_what_we_say() {
    let read = accepted(&sp1(), |_| ());
    assert_eq!(read.issuer, PROVIDER.entity_id);
    assert_eq!(read.authn_instant, NOW.minus(Lifetime::minutes(1)));
    assert_eq!(read.session_index.as_deref(), Some("passing-session"));
    assert_eq!(read.session_until, Some(NOW + Lifetime::hours(8)));
    assert_eq!(read.context.as_deref(), Some("https://refeds.org/profile/mfa"));
    assert_eq!(read.authorities, ["https://idp.una.example"]);
    expect![[r"
        mail alice@una.example
        displayName Alice Ångström
        isMemberOf staff | editors"]]
    .assert_eq(&lines(&read));
}

#[test]
fn each_part_is_signed_as_registered() {
    let signed = |sign_assertion, sign_response| {
        let form = ServiceProviderRegistration { sign_assertion, sign_response, ..form() };
        let answer = answer(&register(&sp1_entity(), &form), |_| ());
        assert!(consume(&answer, SP1, true).is_ok());
        let xml = document_of(&answer);
        let document = Document::parse(&xml, Limits::MESSAGE).unwrap();
        let signatures = gate(&document).unwrap();
        signatures.verify_all(&[verifying(SignatureAlg::RsaSha256)]).unwrap();
        signatures.elements().map(|one| one.local_name().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(signed(true, true), ["Response", "Assertion"]);
    assert_eq!(signed(true, false), ["Assertion"]);
    assert_eq!(signed(false, true), ["Response"]);
}

#[test]
fn an_assertion_is_signed_before_it_is_encrypted() {
    for (sign_assertion, sign_response) in [(true, true), (true, false), (false, true)] {
        let form = ServiceProviderRegistration { sign_assertion, sign_response, ..form() };
        let answer = answer(&register(&encrypted_entity(), &form), |_| ());
        let read = consume(&answer, SP1, true);
        assert!(read.unwrap().encrypted, "{sign_assertion} {sign_response}");
    }
}

fn respond_to(service_provider: &ServiceProvider) -> Result<PostForm, Unissuable> {
    let request = ask_of(service_provider, |_| ()).unwrap();
    let issuance = issuance(&request);
    let ticket = Ticket::open(&request.ticket, service_provider).unwrap();
    respond(&ticket, service_provider, &vouch(&issuance, &our_key()))
}

#[test]
fn enc_08_without_a_sound_key_there_is_no_assertion() {
    let required = ServiceProviderRegistration { encrypt: Encrypt::Required, ..form() };
    let keyless = register(&sp1_entity(), &required);
    assert_eq!(respond_to(&keyless), Err(Unissuable::Encryption(Unencryptable::NoKey)));
    let weak = sp1_role(|role| {
        let mut weak = key(KeyUse::Encryption, &SP_KEY);
        weak.encryption_methods = vec![EncryptionMethod {
            algorithm: "http://www.w3.org/2001/04/xmlenc#rsa-1_5".to_owned(),
            ..EncryptionMethod::default()
        }];
        role.keys.0.push(weak);
    });
    let unsound = Unissuable::Encryption(Unencryptable::Unsound);
    assert_eq!(unsound.slug(), "encryption_impossible");
    assert_eq!(respond_to(&registered(&weak)), Err(unsound));
}

#[test]
fn a_service_provider_whose_metadata_expired_meanwhile_gets_no_assertion() {
    let mut entity = sp1_entity();
    let request = ask(|_| ()).unwrap();
    entity.valid_until = Some(NOW);
    let sp = registered(&entity);
    let ticket = Ticket::open(&request.ticket, &sp).unwrap();
    let issuance = issuance(&request);
    let answer = respond(&ticket, &sp, &vouch(&issuance, &our_key()));
    assert_eq!(answer, Err(Unissuable::MetadataExpired));
}

#[test]
fn idp_08_the_sign_in_is_as_old_as_the_source_said_and_never_ahead_of_us() {
    let instant = |change: fn(&mut Issuance)| accepted(&sp1(), change).authn_instant;
    assert_eq!(instant(|_| ()), NOW.minus(Lifetime::minutes(1)));
    // A source that says nothing is not made younger by our asking.
    let received = NOW.minus(Lifetime::seconds(30));
    assert_eq!(instant(|issuance| issuance.authenticated_at = None), received);
    let ahead = |issuance: &mut Issuance| {
        issuance.authenticated_at = Some(NOW + Lifetime::minutes(1));
    };
    assert_eq!(instant(ahead), NOW);
}

#[test]
fn idp_11_the_context_is_named_as_it_was_asked_for() {
    let context = |issuance: &mut Issuance| issuance.acr = AAL1.parse().unwrap();
    assert_eq!(accepted(&sp1(), context).context.as_deref(), Some(AAL1));
}

#[test]
fn a_session_there_lasts_no_longer_than_ours() {
    let until = |session_lifetime| {
        let form = ServiceProviderRegistration { session_lifetime, ..form() };
        accepted(&register(&sp1_entity(), &form), |_| ()).session_until.unwrap()
    };
    assert_eq!(until(None), NOW + Lifetime::hours(8));
    assert_eq!(until(Some(3_600)), NOW + Lifetime::hours(1));
    assert_eq!(until(Some(86_400)), NOW + Lifetime::hours(8));
}

#[test]
fn idp_07_an_answer_is_for_one_party_one_endpoint_and_one_request() {
    let form = answer(&sp1(), |_| ());
    assert!(consume(&form, "https://sp2.example/saml", true).is_err(), "another audience");
    assert!(consume(&form, SP1, false).is_err(), "nobody asked");
    let elsewhere = PostForm { action: "https://sp1.example/old".to_owned(), ..form };
    assert!(consume(&elsewhere, SP1, true).is_err(), "another recipient");
}

//= saml-profiles#4.1.5-1 test
#[test]
fn an_unsolicited_answer_names_no_request() {
    let form = ServiceProviderRegistration { unsolicited: true, ..form() };
    let sp = register(&sp1_entity(), &form);
    let request = unsolicited(&sp, None, Some("/start"), NOW).unwrap();
    assert_eq!((&request.demand, &request.hints), (&Demand::default(), &Hints::default()));
    let ticket = Ticket::open(&request.ticket, &sp).unwrap();
    let issuance = issuance(&request);
    let answer = respond(&ticket, &sp, &vouch(&issuance, &our_key())).unwrap();
    assert_eq!(answer.action, ACS);
    assert_eq!(answer.fields.last().unwrap().1, "/start");
    assert!(!String::from_utf8(document_of(&answer)).unwrap().contains("InResponseTo"));
    assert!(consume(&answer, SP1, false).is_ok());
}

#[test]
fn unsolicited_sign_ins_are_for_those_registered_for_them() {
    let slug = |sp: &ServiceProvider, acs: Option<&str>, target: Option<&str>| {
        unsolicited(sp, acs, target, NOW).map_err(|declined| match declined {
            Declined::Page(error) => error.slug,
            Declined::Respond(_) => panic!("nobody asked"),
        })
    };
    assert_eq!(slug(&sp1(), None, None).unwrap_err(), "unsolicited");
    let form = ServiceProviderRegistration { unsolicited: true, ..form() };
    let sp = register(&sp1_entity(), &form);
    assert!(slug(&sp, Some("https://sp1.example/old"), None).is_ok());
    assert_eq!(slug(&sp, Some("https://evil.example/acs"), None).unwrap_err(), "acs_unknown");
    assert_eq!(slug(&sp, None, Some(&"x".repeat(2_049))).unwrap_err(), "relay_state");
    let mut expired = sp1_entity();
    expired.valid_until = Some(NOW);
    assert_eq!(slug(&register(&expired, &form), None, None).unwrap_err(), "metadata_expired");
}

fn refused(status: &Status) -> PostForm {
    let request = ask(|_| ()).unwrap();
    let ticket = Ticket::open(&request.ticket, &sp1()).unwrap();
    let key = our_key();
    let denial = Denial { provider: &PROVIDER, key: &key, status, now: NOW, random: [9; 20] };
    refuse(&ticket, &sp1(), &denial).unwrap()
}

//= saml-bindings#3.4.3-1 test
#[test]
fn idp_09_a_no_is_signed_and_holds_no_assertion() {
    let form = refused(&status(&Refusal::InteractionNeeded(Need::Login)));
    assert_eq!(form.action, ACS);
    assert_eq!(form.fields.last(), Some(&("RelayState", RELAY_STATE.to_owned())));
    let xml = document_of(&form);
    expect_file!["snapshots/no_passive.txt"].assert_eq(&pretty(&xml));
    let document = Document::parse(&xml, Limits::MESSAGE).unwrap();
    let signatures = gate(&document).unwrap();
    signatures.verify(document.root(), &[verifying(SignatureAlg::RsaSha256)]).unwrap();
}

#[test]
fn idp_09_every_no_reads_as_it_was_written() {
    let statuses = [
        status(&Refusal::AssuranceUnmet),
        status(&Refusal::PersonDeclined),
        status(&Refusal::WrongPerson),
        status(&Refusal::NoSource),
        status(&Refusal::Busy { retry_after: Lifetime::minutes(1) }),
        failed(),
        rule_of(&|request| request.protocol_binding = Some(Binding::Soap.uri().to_owned())),
        rule_of(&|request| {
            request.requested_authn_context = Some(RequestedAuthnContext {
                classes: vec!["urn:laissez-passer:assurance:aal3".to_owned()],
                comparison: Comparison::Better,
                ..Default::default()
            });
        }),
    ];
    for wanted in statuses {
        let xml = document_of(&refused(&wanted));
        let document = Document::parse(&xml, Limits::MESSAGE).unwrap();
        let (response, assertions) = schema::Response::read(document.root()).unwrap();
        assert_eq!(response.status, wanted);
        assert!(assertions.is_empty());
        assert_eq!(response.in_response_to.as_deref(), Some("_request-1"));
        assert_eq!(response.destination.as_deref(), Some(ACS));
    }
}

/// What a service provider is told of a request with `change`.
fn rule_of(change: &dyn Fn(&mut schema::AuthnRequest)) -> Status {
    match ask(change) {
        Err(Declined::Respond(error)) => error.status(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_vouched_for_is_not_shown_in_logs() {
    let request = ask(|_| ()).unwrap();
    let issuance = issuance(&request);
    let key = our_key();
    let shown = format!("{:?}", vouch(&issuance, &key).random);
    assert_eq!(shown, "Chance(…)");
}

#[test]
fn xmlsec1_verifies_both_signatures_and_decrypts() {
    let Some(tool) = Xmlsec1::find() else { return };
    let certificate = tool.file("our.der", our_key().certificate());
    let key = tool.key("sp.pem", &SP_KEY);
    let [response, assertion] = [(ns::SAMLP, "Response"), (ns::SAML, "Assertion")]
        .map(|(namespace, name)| format!("{namespace}:{name}"));
    let of =
        |name: &str| format!("/descendant::*[local-name()='{name}']/*[local-name()='Signature']");
    let verify = |document: &str, node: &str| {
        tool.must(&[
            "--verify",
            "--pubkey-cert-der",
            &certificate,
            "--id-attr:ID",
            &response,
            "--id-attr:ID",
            &assertion,
            "--node-xpath",
            node,
            document,
        ]);
    };
    let plain = tool.file("plain.xml", &document_of(&answer(&sp1(), |_| ())));
    verify(&plain, &of("Response"));
    verify(&plain, &of("Assertion"));
    let sealed = document_of(&answer(&registered(&encrypted_entity()), |_| ()));
    let sealed = tool.file("sealed.xml", &sealed);
    verify(&sealed, &of("Response"));
    let opened = tool.must(&["--decrypt", "--pkcs8-pem", &key, &sealed]);
    let opened = tool.file("opened.xml", &opened);
    verify(&opened, &of("Assertion"));
}

#[test]
fn the_document_is_canonical_and_declares_what_it_uses() {
    let text = String::from_utf8(document_of(&answer(&sp1(), |_| ()))).unwrap();
    assert!(text.starts_with(&format!("<samlp:Response xmlns:samlp=\"{}\"", ns::SAMLP)), "{text}");
    assert!(!text.contains("xsi:type") && !text.contains("<?xml"));
}

/// Prints what a signed Response costs beside the raw signatures in it.
#[test]
#[ignore = "measures, and prints"]
#[expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a measurement needs a clock"
)]
fn measure_an_answer_beside_its_raw_signatures() {
    const ROUNDS: u32 = 500;
    let micros = |run: &dyn Fn()| {
        run();
        let best = (0..5).map(|_| {
            let start = std::time::Instant::now();
            (0..ROUNDS).for_each(|_| run());
            start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
        });
        best.fold(f64::INFINITY, f64::min)
    };
    let key = our_key();
    let request = ask(|_| ()).unwrap();
    let issuance = issuance(&request);
    let vouch = vouch(&issuance, &key);
    let raw = micros(&|| drop(key.sign(SignatureAlg::RsaSha256, &[7; 400]).unwrap()));
    let both = sp1();
    let one =
        register(&sp1_entity(), &ServiceProviderRegistration { sign_assertion: false, ..form() });
    let encrypted = registered(&encrypted_entity());
    println!("raw RSA-2048 signature {raw:.0} us");
    for (what, sp) in [("two signatures", &both), ("one", &one), ("two, encrypted", &encrypted)] {
        let ticket = Ticket::open(&request.ticket, sp).unwrap();
        let cost = micros(&|| drop(respond(&ticket, sp, &vouch).unwrap()));
        println!("respond, {what}: {cost:.0} us, {:.2} x the raw signature", cost / raw);
    }
}
