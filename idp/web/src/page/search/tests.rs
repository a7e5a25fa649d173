//! What the search finds, and in which order.

use std::time::{Duration, Instant};

use idp_domain::{Agency, Lang, Localized};

use super::Directory;

type Row =
    (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

/// Id, aliases, names in English, French, Russian, Arabic and Chinese, mail domains.
const ROWS: [Row; 6] = [
    (
        "unhcr",
        &["UNHCR", "ACNUR", "HCR", "УВКБ", "难民署"],
        &[
            "UN Refugee Agency",
            "Agence des Nations Unies pour les réfugiés",
            "Агентство ООН по делам беженцев",
            "مفوضية الأمم المتحدة السامية لشؤون اللاجئين",
            "联合国难民事务高级专员公署",
        ],
        &["unhcr.org", "*.unhcr.org"],
    ),
    ("unrwa", &["UNRWA"], &["Relief and Works Agency for Palestine Refugees"], &["unrwa.org"]),
    (
        "wfp",
        &["WFP", "PAM"],
        &["World Food Programme", "Programme alimentaire mondial"],
        &["wfp.org"],
    ),
    ("fao", &["FAO"], &["Food and Agriculture Organization"], &["fao.org"]),
    ("habitat", &["UN-Habitat"], &["Human Settlements Programme"], &["un.org"]),
    ("geneva", &[], &["Office at Geneva", "Office à Genève"], &["*.un.org", "geneva.un.org"]),
];

fn agency((id, aliases, names, domains): Row) -> Agency {
    let langs = [Lang::En, Lang::Fr, Lang::Ru, Lang::Ar, Lang::Zh];
    Agency {
        id: id.parse().unwrap(),
        names: Localized::new(langs.into_iter().zip(names.iter().map(|name| (*name).to_owned()))),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        domains: domains.iter().map(|domain| domain.parse().unwrap()).collect(),
        scopes: Vec::new(),
        logo: None,
        contacts: Vec::new(),
        factors: idp_domain::FactorRules::default(),
        sessions: idp_domain::session::Narrower::default(),
        enabled: true,
    }
}

fn directory() -> Directory {
    Directory::new(ROWS.map(agency))
}

fn check(lang: Lang, query: &str, expected: &[&str]) {
    let directory = directory();
    let found = directory.search(lang, query, |_| true);
    let ids: Vec<_> = found.iter().map(|entry| entry.id().as_str()).collect();
    assert_eq!(ids, expected, "{query}");
}

#[test]
fn acronyms_of_any_language_are_found_in_every_language() {
    for query in ["UNHCR", "acnur", "hcr", "увкб", "难民署", "  Unhcr. "] {
        check(Lang::Es, query, &["unhcr"]);
    }
}

#[test]
fn names_are_found_without_their_accents_and_case() {
    check(Lang::En, "refugies", &["unhcr"]);
    check(Lang::En, "БЕЖЕНЦЕВ", &["unhcr"]);
    check(Lang::En, "اللاجئين", &["unhcr"]);
    check(Lang::En, "الامم المتحده", &["unhcr"]);
    check(Lang::En, "难民事务", &["unhcr"]);
    check(Lang::En, "programme mondial", &["wfp"]);
    check(Lang::En, "unhabitat", &["habitat"]);
}

#[test]
fn acronyms_go_before_names_and_beginnings_before_middles() {
    check(Lang::En, "un", &["habitat", "unhcr", "unrwa", "geneva"]);
    check(Lang::En, "food", &["fao", "wfp"]);
    check(Lang::En, "agency", &["unhcr", "unrwa"]);
}

#[test]
fn every_word_must_be_found() {
    check(Lang::En, "food world", &["wfp"]);
    check(Lang::En, "food refugees", &[]);
}

#[test]
fn a_mail_address_means_the_agency_that_claims_its_domain_most_closely() {
    check(Lang::En, "amina@field.unhcr.org", &["unhcr"]);
    check(Lang::En, "amina@un.org", &["habitat"]);
    check(Lang::En, "amina@geneva.un.org", &["geneva"]);
    check(Lang::En, "amina@example.org", &[]);
    check(Lang::En, "wfp.org", &["wfp"]);
}

#[test]
fn nonsense_finds_nothing() {
    let huge = "food ".repeat(10_000);
    for query in ["", "   ", "—!?", "../../etc/passwd", "{{7*7}}", huge.as_str()] {
        check(Lang::En, query, &[]);
    }
}

#[test]
fn agencies_that_may_not_be_chosen_are_not_found() {
    let directory = directory();
    let found = directory.search(Lang::En, "food", |id| id.as_str() == "wfp");
    assert_eq!(found.len(), 1);
    let slice = directory.slice(Lang::En, "", None, 0, 50, |id| id.as_str() == "wfp");
    assert_eq!((slice.total, slice.letters.len()), (1, 0));
}

#[test]
fn the_list_follows_the_acronym_that_the_reader_sees() {
    let directory = directory();
    let ids = |lang| {
        let slice = directory.slice(lang, "", None, 0, 50, |_| true);
        slice.entries.iter().map(|entry| entry.id().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ids(Lang::En), ["fao", "geneva", "habitat", "unhcr", "unrwa", "wfp"]);
    assert_eq!(ids(Lang::Zh), ids(Lang::En));
    assert_eq!(ids(Lang::Ru).last().unwrap(), "unhcr");
}

#[test]
fn one_turns_the_pages_by_part_and_by_letter() {
    let directory = directory();
    let slice = |letter, from| directory.slice(Lang::En, "", letter, from, 2, |_| true);
    let first = slice(None, 0);
    assert_eq!(first.letters, ["F", "O", "U", "W"]);
    assert_eq!((first.total, first.next), (6, Some(2)));
    assert_eq!(slice(None, 4).next, None);
    let under = slice(Some("U"), 2);
    assert_eq!((under.total, under.entries.len(), under.next), (3, 1, None));
    assert_eq!(slice(Some("Ω"), 0).letter, None);
    assert_eq!(slice(None, 10_000).from, 0);
}

/// A thousand agencies with six names each.
fn thousand() -> Directory {
    Directory::new((0..1_000_usize).map(|n| {
        let (id, aliases, names, domains) = ROWS[n % 5];
        let base = agency((id, aliases, names, domains));
        let texts = Lang::ALL.map(|lang| (lang, format!("{} {n}", base.names.text(lang).unwrap())));
        Agency {
            id: format!("{id}-{n}").parse().unwrap(),
            names: Localized::new(texts),
            aliases: base.aliases.iter().map(|alias| format!("{alias}{n}")).collect(),
            ..base
        }
    }))
}

#[test]
fn a_thousand_agencies_are_searched_between_two_keystrokes() {
    let directory = thousand();
    let searches = ["u", "food programme", "acnur417", "беженцев", "nothing at all", "a@wfp.org"];
    let start = Instant::now();
    let found: usize =
        searches.iter().map(|query| directory.search(Lang::Fr, query, |_| true).len()).sum();
    let each = start.elapsed() / 6;
    assert!(found > 1_000, "{found}");
    // Without optimization; with it the same takes a tenth.
    assert!(each < Duration::from_millis(60), "{each:?} a search");
}
