//! What people and scripts are shown.

use expect_test::expect;
use idp_saml::conformance::{Finding, Report, Verdict, Whose};

use super::{Judged, machine, people};

fn judged() -> Judged {
    let finding = |clause, whose, verdict, found: &'static str, advice: Option<&'static str>| {
        Finding { clause, whose, verdict, found: found.into(), advice: advice.map(Into::into) }
    };
    let ask = Some("Ask its operator.");
    Judged {
        entity_id: "https://sp.example/saml".to_owned(),
        report: Report {
            clauses: vec![
                finding("SDP-G03", Whose::Peer, Verdict::Held, "it is refused", None),
                finding("SDP-SP15", Whose::Peer, Verdict::NotHeld, "it does not say", ask),
                finding("SDP-IDP06", Whose::Ours, Verdict::CannotTell, "nobody knows", ask),
            ],
            beyond: vec![finding("a contact", Whose::Peer, Verdict::Held, "there is one", None)],
        },
    }
}

fn shown(colored: bool) -> String {
    let mut out = Vec::new();
    people(&mut out, "relying_parties/wiki", &judged(), colored).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn people_are_shown_each_clause_what_was_found_and_what_to_do() {
    expect![[r"
        SAML2Int 2.0: relying_parties/wiki, https://sp.example/saml

        What it keeps

        SDP-G03    held         No message has a document type definition.
                                it is refused
        SDP-SP15   not held     Which of the two is needed stands in the metadata (`subject-id:req`).
                                it does not say. Ask its operator.

        What is kept towards it

        SDP-IDP06  cannot tell  Answers go to an address of the metadata, the default one if none is named.
                                nobody knows. Ask its operator.

        Beyond the profile

                   held         a contact
                                there is one

        1 held, 1 not held, 1 cannot be told
    "]].assert_eq(&shown(false));
    assert!(shown(true).contains("\u{1b}[31mnot held   \u{1b}[0m"));
}

#[test]
fn scripts_are_told_the_same_in_one_line() {
    let told = machine("relying_parties/wiki", &judged()).to_string();
    assert!(!told.contains('\n'));
    expect![[r#"{"beyond":[{"clause":"a contact","found":"there is one","verdict":"held","whose":"peer"}],"cannot_tell":1,"clauses":[{"clause":"SDP-G03","found":"it is refused","level":"MUST NOT","says":"No message has a document type definition.","verdict":"held","whose":"peer"},{"advice":"Ask its operator.","clause":"SDP-SP15","found":"it does not say","level":"MUST","says":"Which of the two is needed stands in the metadata (`subject-id:req`).","verdict":"not_held","whose":"peer"},{"advice":"Ask its operator.","clause":"SDP-IDP06","found":"nobody knows","level":"MUST","says":"Answers go to an address of the metadata, the default one if none is named.","verdict":"cannot_tell","whose":"ours"}],"entity_id":"https://sp.example/saml","entry":"relying_parties/wiki","held":1,"not_held":1,"profile":"SAML2Int 2.0"}"#]].assert_eq(&told);
}
