//! What the forgeries are worth: against a node that trusts the wrong key, each must still fail
//! for what it is forged in, and against one that trusts the right key, for the key.

use std::{collections::BTreeSet, fmt::Write as _};

use base64::{Engine, engine::general_purpose::STANDARD};
use expect_test::{expect, expect_file};
use idp_domain::Lifetime;
use idp_saml::{
    binding::{post, redirect, soap},
    dsig::{DecryptionKey, DecryptionPolicy, VerifyingKey},
    sp::{Asked, Expected, IdpTrust, Quirks, consume},
    xml::{Document, Limits},
};

use super::{Entry, all};
use crate::attack::{
    browser::Sent,
    error::ForgeError,
    forge::{Genuine, MALLORY, VICTIM},
    stage::Door,
    testing::{AGENCY, ATTACKER, NODE, NOW, Pair, REQUEST, Studio},
};

/// The reason for which a form is refused by our own reader, which trusts this key; `taken` if it
/// is not.
fn judged(fields: &[(&str, String)], studio: &Studio, key: &Pair) -> &'static str {
    let message = match post::read(fields) {
        Ok(message) => message,
        Err(error) => return error.slug(),
    };
    let target = studio.stage.target.as_ref().unwrap();
    let idp = IdpTrust {
        entity_id: studio.forger().agency(),
        keys: vec![VerifyingKey::from_certificate(&key.certificate).unwrap()],
        quirks: Quirks::default(),
    };
    let asked = Asked { request_id: REQUEST.to_owned(), issued_at: NOW };
    let expected = Expected {
        idp: &idp,
        our_entity_id: &target.entity_id,
        acs: &target.acs,
        asked: Some(&asked),
        decryption: &[DecryptionKey::new(&NODE.pkcs8, &NODE.certificate).unwrap()],
        policy: DecryptionPolicy::default(),
        require_encryption: false,
        skew: Lifetime::minutes(3),
        now: NOW,
    };
    match consume(&message.xml, &expected) {
        Ok(accepted) => {
            let name = accepted.name_id.map(|name| name.value).unwrap_or_default();
            if name == MALLORY { "taken, as the one who brings it" } else { "taken" }
        }
        Err(error) => error.slug(),
    }
}

fn forge(entry: &Entry, studio: &Studio) -> Sent {
    (entry.forge)(&studio.forger()).unwrap_or_else(|e| panic!("{} {}: {e}", entry.id, entry.what))
}

/// What becomes of every message for the source's address.
fn table(studio: &Studio, key: &Pair) -> String {
    let mut table = String::new();
    for entry in all().filter(|entry| entry.door == Door::Acs) {
        let verdict = match forge(entry, studio) {
            Sent::Form { to, fields } => {
                assert_eq!(to, "https://sso.example/sources/una/acs");
                judged(&fields, studio, key)
            }
            other => {
                assert!(matches!(other, Sent::Query(_)), "{other:?}");
                "by another binding"
            }
        };
        writeln!(table, "{} {verdict}: {}", entry.id, entry.what).unwrap();
    }
    table
}

#[test]
fn each_forgery_fails_for_what_it_is_forged_in_where_the_attacker_is_trusted() {
    expect_file!["snapshots/attacker-trusted.txt"].assert_eq(&table(&Studio::new(), &ATTACKER));
}

#[test]
fn no_forgery_is_taken_where_the_agency_is_trusted() {
    let table = table(&Studio::new(), &AGENCY);
    assert!(!table.contains(" taken"), "{table}");
    // A name that is given to everything in a hurry would show nothing.
    assert!(table.contains("XSW-15 signature_invalid: a good signature by a key"), "{table}");
}

/// What the agency has really said about mallory, of which these halves are signed.
fn brought(response: bool, assertion: bool) -> Studio {
    let mut agency = Studio::new();
    agency.key = AGENCY.signing();
    let forger = agency.forger();
    let draft = forger.draft(MALLORY).unwrap();
    let inside =
        if assertion { forger.sign(draft.assertion()).unwrap() } else { draft.assertion() };
    let outside = draft.around(Some(inside));
    let xml = if response { forger.sign(outside).unwrap() } else { outside }.to_canonical();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), STANDARD.encode(&xml)).unwrap();
    let genuine = Some(Genuine::open(file.path()).unwrap());
    let fields = [("SAMLResponse", STANDARD.encode(&xml))];
    let studio = Studio { genuine, ..Studio::new() };
    // The control: it is good.
    assert_eq!(judged(&fields, &studio, &AGENCY), "taken, as the one who brings it");
    studio
}

#[test]
fn nothing_that_is_wrapped_around_a_genuine_response_is_taken() {
    for (response, assertion) in [(true, true), (true, false), (false, true)] {
        let table = table(&brought(response, assertion), &AGENCY);
        assert!(!table.contains(" taken: "), "{response} {assertion}\n{table}");
        let mallory: Vec<_> = table.lines().filter(|line| line.contains(" taken, ")).collect();
        assert_eq!(mallory, Vec::<&str>::new());
    }
}

#[test]
fn what_was_brought_is_what_is_wrapped() {
    let studio = brought(true, true);
    let genuine = studio.genuine.as_ref().unwrap();
    let assertion = genuine.assertion.as_deref().unwrap();
    let entry = all().find(|entry| entry.id == "XSW-03").unwrap();
    let Sent::Form { fields, .. } = forge(entry, &studio) else { panic!("no form") };
    let xml = String::from_utf8(STANDARD.decode(&fields[0].1).unwrap()).unwrap();
    assert!(xml.contains(assertion) && xml.contains(VICTIM), "{xml}");
    let document = Document::parse(xml.as_bytes(), Limits::MESSAGE).unwrap();
    let names = document.root().descendants().filter(|one| one.local_name() == "NameID").count();
    assert_eq!(names, 2);
}

/// The reason for which a request, a logout or an answer to one is refused by our own readers.
fn door_judged(sent: &Sent) -> &'static str {
    let read = match sent {
        Sent::Query(url) => redirect::read(url.split_once('?').unwrap().1),
        Sent::Form { fields, .. } => post::read(fields),
        Sent::Soap { body, .. } => soap::read(idp_saml::binding::Kind::Request, body.clone()),
    };
    let message = match read {
        Ok(message) => message,
        Err(error) => return error.slug(),
    };
    match Document::parse(&message.xml, Limits::MESSAGE) {
        Err(error) => error.slug(),
        Ok(_) => "read",
    }
}

#[test]
fn requests_and_logouts_are_well_made_where_they_are_not_spoilt() {
    let studio = Studio::new();
    let mut table = String::new();
    for entry in all().filter(|entry| entry.door != Door::Acs) {
        let verdict = door_judged(&forge(entry, &studio));
        writeln!(table, "{:?} {} {verdict}: {}", entry.door, entry.id, entry.what).unwrap();
    }
    expect_file!["snapshots/requests.txt"].assert_eq(&table);
}

#[test]
fn what_has_no_place_is_not_forged() {
    let mut studio = Studio::new();
    studio.provider = None;
    let skipped = |studio: &Studio, id: &str| {
        let of = all().filter(|entry| entry.id == id);
        of.filter(|entry| matches!((entry.forge)(&studio.forger()), Err(ForgeError::NotHere(_))))
            .count()
    };
    assert_eq!([skipped(&studio, "IDP-01"), skipped(&studio, "IDP-03")], [4, 5]);
    studio.provider = Some(("https://sp.example/saml".to_owned(), true));
    assert_eq!([skipped(&studio, "IDP-01"), skipped(&studio, "IDP-03")], [0, 1]);
    studio.stage.target = None;
    assert_eq!(skipped(&studio, "XSW-01"), 2);
}

#[test]
fn without_a_login_the_forgeries_answer_nothing() {
    let mut studio = Studio::new();
    studio.live = crate::attack::login::Live::default();
    let xml = studio.forger().response().unwrap();
    assert!(!xml.contains("InResponseTo"), "{xml}");
    let Sent::Form { fields, .. } = studio.forger().answer(&xml).unwrap() else { panic!() };
    assert!(fields.iter().all(|(name, _)| *name != "RelayState"), "{fields:?}");
}

#[test]
fn every_id_is_in_the_catalogue_of_attacks_and_none_that_is_promised_is_missing() {
    let known = include_str!("../../../../../docs/spec/attacks.toml");
    let played: BTreeSet<_> = all().map(|entry| entry.id).collect();
    for id in &played {
        assert!(known.contains(&format!("id = \"{id}\"")), "{id}");
    }
    let mut list = String::new();
    for id in played {
        let (group, number) = id.split_once('-').unwrap();
        if !list.contains(group) {
            write!(list, "\n{group}").unwrap();
        }
        write!(list, " {number}").unwrap();
    }
    expect![[r"
        ENC 02 05 07
        IDP 01 03 04
        SAM 02 04 05 06 07 12 13 15 18 21 22 24 29 30 32 33
        SLO 01 02 05
        XML 01 02 03 04 05 08 09 12 13 15 16 17 19
        XSW 01 03 04 05 08 10 11 12 13 14 15 19 21 23 24 25 27"]]
    .assert_eq(list.trim_start());
}
