//! The page: the overview first, then a table for each demand.

use std::fmt::Write;

use expect_test::expect_file;

use super::{
    Asked, Enrolled, Shown, Stand, can_be, case,
    rows::{ASKED, ENROLLED, SHOWN},
};
use crate::{
    Refusal,
    policy::{
        Basis, Closing, Reason, Step,
        testing::{Case, oracle, step},
    },
};

const HEAD: &str = "\
<!-- Written by a test of idp-domain; UPDATE_EXPECT=1 renews it. Do not edit. -->
# Policy: what is demanded, what is proven, what happens

Each cell was made by asking the function that decides every login, with the evidence of its row and the demand of its column.
A changed line is a changed rule.

## How to read it

* Two sources stand for all.
  One is *trusted* for `https://refeds.org/profile/mfa` of the last hour, but never if the method `sms` was used; the other is trusted for one factor.
* Factors that were proven here count for four hours, a session that is not used for one hour, a device is remembered for 30 days.
* *One factor* is AAL1.
  *An app* is an authenticator app (TOTP); who has an app or a passkey has recovery codes too.
  A *hardware key* is a passkey that cannot leave its authenticator, by the word of a trusted maker.
* *Wished*: the request would like it; whoever can prove it is asked, and may go on without.
  *Essential*: the request takes no less.
  A *floor* is registered for the relying party, a *rule* is the agency's: no request lowers either.
* The agency's other rules are the defaults: whoever has no factor may enrol one after a fresh sign-in.

";

/// What a cell of the overview says.
fn letter(case: &Case) -> char {
    let decision = case.decide();
    let first = Reason::EnrolmentClosed(Closing::HasFactor);
    match decision.step {
        Step::Issue(_) => 'I',
        Step::ChooseSource => 'C',
        Step::Authenticate { force: false, .. } => 'S',
        Step::Authenticate { force: true, .. } => 'A',
        Step::ProveFactor { optional: true, .. } => 'W',
        Step::ProveFactor { .. } if decision.because.contains(&first) => 'B',
        Step::ProveFactor { .. } => 'P',
        Step::Enrol { .. } => 'E',
        Step::Consent => '?',
        Step::Refuse(Refusal::InteractionNeeded(_)) => 'L',
        Step::Refuse(Refusal::EnrolmentNeedsHelp) => 'H',
        Step::Refuse(Refusal::StaleAuthentication) => 'O',
        Step::Refuse(_) => 'N',
    }
}

const LETTERS: &str = "\
| letter | what happens |
|---|---|
| I | we vouch |
| P | the person proves a factor here |
| W | the person is asked for a factor here, and may go on without it |
| B | the person proves the best factor that they have, to enrol one that is enough |
| E | the person enrols a factor |
| A | the person signs in anew at the agency |
| C | the person chooses an agency |
| L | no: somebody would have to be asked, and may not be (`login_needed`) |
| H | no, unless the help desk gives out an access pass (`mfa_enrolment_required_contact_admin`) |
| O | no: the source's sign-in is too old (`stale_authn`) |
| N | no: it cannot be proven (`assurance_unmet`) |
";

/// The name by which the page calls a context.
fn short(text: &str) -> String {
    text.replace("https://refeds.org/profile/", "REFEDS ")
        .replace("urn:laissez-passer:assurance:", "")
        .replace("REFEDS mfa", "REFEDS MFA")
        .replace("REFEDS sfa", "REFEDS SFA")
}

/// What happens, and why in one line.
fn outcome(case: &Case) -> (String, String) {
    let decision = case.decide();
    let mut because: Vec<_> = decision.because.iter().map(ToString::to_string).collect();
    // What the row and the column say already.
    because.retain(|reason| reason != "the session is reused");
    if because.len() > 1 {
        because.retain(|reason| reason != "every demand is met");
    }
    (short(&step(&decision.step)), short(&because.join("; ")))
}

/// The cases of a row: what the person may have enrolled, where that is known.
fn cases(asked: &Asked, shown: &Shown) -> Vec<(Enrolled, Case)> {
    let possible = ENROLLED.iter().filter(|enrolled| can_be(shown, **enrolled));
    possible.map(|enrolled| (*enrolled, case(asked, shown, *enrolled))).collect()
}

fn overview(page: &mut String) {
    page.push_str("## At a glance\n\n");
    page.push_str("One letter where it does not matter what the person has enrolled; else one each for nothing, an app, a passkey (`·` where that cannot be).\n\n");
    page.push_str(LETTERS);
    page.push_str("\n| evidence |");
    for asked in ASKED {
        let _ = write!(page, " {} |", asked.code);
    }
    let _ = writeln!(page, "\n|---|{}", "---|".repeat(ASKED.len()));
    for shown in SHOWN {
        let _ = write!(page, "| {} |", shown.name);
        for asked in ASKED {
            let cell: String = ENROLLED
                .iter()
                .map(|enrolled| {
                    let cell = can_be(shown, *enrolled).then(|| case(asked, shown, *enrolled));
                    cell.map_or('·', |case| letter(&case))
                })
                .collect();
            let mut seen: Vec<char> = cell.chars().filter(|letter| *letter != '·').collect();
            seen.dedup();
            let cell = if let [only] = seen.as_slice() { only.to_string() } else { cell };
            let _ = write!(page, " {cell} |");
        }
        page.push('\n');
    }
    page.push('\n');
    for asked in ASKED {
        let _ = writeln!(page, "* **{}** {}", asked.code, asked.name);
    }
}

fn table(page: &mut String, asked: &Asked) {
    let _ = writeln!(page, "\n## {}: {}\n", asked.code, asked.name);
    page.push_str("| evidence | has | what happens | because |\n|---|---|---|---|\n");
    for shown in SHOWN {
        let mut told: Vec<(Vec<&str>, (String, String))> = Vec::new();
        let cases = cases(asked, shown);
        for (enrolled, case) in &cases {
            let outcome = outcome(case);
            match told.iter_mut().find(|(_, same)| *same == outcome) {
                Some((names, _)) => names.push(enrolled.name()),
                None => told.push((vec![enrolled.name()], outcome)),
            }
        }
        let single = told.len() == 1;
        for (names, (step, because)) in told {
            let names = if single { "(any)".to_owned() } else { names.join(", ") };
            let _ = writeln!(page, "| {} | {names} | {step} | {because} |", shown.name);
        }
    }
}

#[test]
fn the_matrix_of_demands_and_evidence_is_written_down() {
    let mut page = HEAD.to_owned();
    overview(&mut page);
    for asked in ASKED {
        table(&mut page, asked);
    }
    expect_file!["../../../../../docs/generated/policy-matrix.md"].assert_eq(&page);
}

#[test]
fn what_the_matrix_issues_is_proven_by_one_piece_of_evidence() {
    for asked in ASKED {
        for shown in SHOWN {
            for (enrolled, case) in cases(asked, shown) {
                let Step::Issue(basis) = case.decide().step else { continue };
                assert_eq!(basis == Basis::Event, shown.stand == Stand::SignedIn);
                let proven = oracle::proven(&case, basis);
                for names in oracle::demands(&case) {
                    let met = oracle::met(&names, &proven);
                    assert!(met, "{} by {} with {}", asked.name, shown.name, enrolled.name());
                }
            }
        }
    }
}

#[test]
fn the_matrix_does_not_depend_on_factors_that_nobody_asks_for() {
    for asked in ASKED {
        for shown in SHOWN {
            let cases = cases(asked, shown);
            for (_, case) in cases.iter().filter(|(_, case)| !case.needs_factors()) {
                let without = Case { factors: None, ..case.clone() };
                assert_eq!(without.decide(), case.decide(), "{} by {}", asked.name, shown.name);
            }
        }
    }
}
