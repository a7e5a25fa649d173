//! Texts that would like to be more than text, in every place that echoes one.

use idp_domain::{Agency, AgencyId, Lang, Localized};

use super::{echoes, html, pages, render};
use crate::page::{
    AgencyRow, AttemptError, Choose, Consent, Directory, DisplayName, Fate, Form, FormPost,
    FormTargets, Home, Onward, Page, Password, Problem, ProblemKind, Release, ServiceFate, SignOut,
    SignedOut, SigningOut, WayOn,
    context::{EmailBox, EmailError, Listing, Person, ReleaseKind, ServiceRow, SharedBox},
};

/// Each breaks out of some place: text, attribute, script, template, Fluent, style, address.
const POLYGLOTS: [&str; 8] = [
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//\u{d}\u{a}//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert()//>\\x3e",
    "\"><img src=x onerror=alert(1)>",
    "'\"></script><script>alert(1)</script>",
    "{{7*7}}{% include \"choose.html\" %}{# #}",
    "${7*7} { $service } { -term } \u{e000}\u{e001}",
    "</title><svg/onload=alert(1)>&lt;b&gt;&#60;",
    "\u{202e}\u{2066}moc.live\u{2069}\u{0}\u{7}",
    "\u{1}__minijinja_ValueHandle",
];

/// Every page with `text` in every place that can hold one from outside.
#[expect(clippy::too_many_lines, reason = "every page once, field by field")]
fn echoes(text: &str) -> Vec<Page> {
    let name = DisplayName::new(text, "fallback");
    let form = || Form::to("/x").with(text, text);
    let owned = text.to_owned();
    let agency = Agency {
        id: "wfp".parse().unwrap(),
        names: Localized::new(Lang::ALL.map(|lang| (lang, owned.clone()))),
        aliases: vec!["<b>".to_owned(), owned.clone()],
        domains: Vec::new(),
        scopes: Vec::new(),
        logo: Some(owned.clone()),
        contacts: Vec::new(),
        factors: idp_domain::FactorRules::default(),
        sessions: idp_domain::session::Narrower::default(),
        enabled: true,
    };
    let directory = Directory::new([agency]);
    let entry = directory.find(&"wfp".parse::<AgencyId>().unwrap()).unwrap();
    let row = AgencyRow::new(entry, Lang::En, "/login/t1/agency/wfp".to_owned());
    let unlogoed = AgencyRow { logo: None, ..row.clone() };
    let slice = directory.slice(Lang::En, text, None, 0, 1, |_| true);
    let listing = Listing {
        query: owned.clone(),
        agencies: vec![row.clone(), unlogoed],
        ..Listing::new(&slice, Lang::En, "/x", |_| "/y".to_owned())
    };
    let mut all = vec![
        Page::Choose(Choose {
            service: Some(name.clone()),
            remembered: vec![row.clone()],
            forget: Some(form()),
            email: EmailBox {
                form: form(),
                address: owned.clone(),
                error: Some(EmailError::Unknown),
            },
            search: form(),
            listing,
            shared: SharedBox { form: form(), shared: true },
            restricted: false,
            targets: FormTargets::own(),
        }),
        Page::Password(Password {
            form: form(),
            agency: row.clone(),
            service: Some(name.clone()),
            username: owned.clone(),
            shared: false,
            passkey: Some(echoes::passkey(text)),
            error: Some(AttemptError::Wrong),
            other_agency: None,
            targets: FormTargets::own(),
        }),
        Page::Consent(Consent {
            form: form(),
            service: name.clone(),
            host: owned.clone(),
            verified: false,
            releases: vec![Release { kind: ReleaseKind::Other, values: vec![owned.clone()] }],
            targets: FormTargets::own(),
        }),
        Page::FormPost(FormPost {
            action: "https://rp.example/cb".parse().unwrap(),
            fields: vec![("state".to_owned(), owned.clone()), (owned.clone(), String::new())],
        }),
        Page::Onward(Onward {
            href: "https://op.example/?x=\"'><b>".to_owned(),
            agency: Some(row),
        }),
        Page::Problem(Problem {
            service: Some(name.clone()),
            agency: Some(owned.clone()),
            ways: vec![WayOn::Service("/y".to_owned())],
            kind: ProblemKind::AgencyRefused,
            code: owned.clone(),
            reference: owned.clone(),
            retry_after: None,
        }),
        Page::SignOut(SignOut {
            form: form(),
            person: Some(owned.clone()),
            service: Some(name.clone()),
            stay: "/".to_owned(),
            targets: FormTargets::own(),
        }),
        Page::SigningOut(SigningOut {
            services: vec![ServiceFate { name: name.clone(), fate: Fate::Waiting }],
            frames: vec!["https://rp.example/?x=%22'><b>".parse().unwrap()],
            onward: "/logout/l1".to_owned(),
            seconds: 3,
        }),
        Page::SignedOut(SignedOut {
            was_signed_in: true,
            services: vec![ServiceFate { name: name.clone(), fate: Fate::Failed }],
            back: Some((name.clone(), "/y".to_owned())),
            home: "/".to_owned(),
        }),
        Page::Home(Home {
            person: Some(Person { name: owned.clone(), agency: owned.clone() }),
            services: vec![ServiceRow { name, href: "/y".to_owned(), agency: Some(owned) }],
            sign_out: Some(form()),
        }),
    ];
    all.extend(echoes::of_proofs(text));
    all.extend(echoes::of_accounts(text));
    all
}

/// The tree without its texts: the names of elements and attributes.
fn skeleton(page: &Page, lang: Lang) -> Vec<String> {
    let rendered = render(pages(), page, lang);
    assert_eq!(rendered.status, page.status(), "the page could not be rendered");
    let tree = html::read(&rendered.html).unwrap_or_else(|error| panic!("{error}: {page:?}"));
    let names = |element: &html::Element| {
        let attributes = element.attributes.iter().map(|(name, _)| name.as_str());
        format!("{} {}", element.name, attributes.collect::<Vec<_>>().join(" "))
    };
    tree.all().into_iter().map(names).collect()
}

#[test]
fn ses_18_an_echoed_text_never_becomes_markup() {
    let plain = echoes("plain text");
    for polyglot in POLYGLOTS {
        for (harmless, hostile) in plain.iter().zip(echoes(polyglot)) {
            for lang in [Lang::En, Lang::Ar] {
                let (harmless, hostile) = (skeleton(harmless, lang), skeleton(&hostile, lang));
                assert_eq!(harmless, hostile, "{polyglot}");
            }
        }
    }
}

#[test]
fn ses_19_an_echoed_template_is_shown_as_it_was_written() {
    let text = "{{7*7}}${7*7}{ $service }";
    let pages = pages();
    for page in echoes(text) {
        let html = render(pages, &page, Lang::En).html;
        assert!(!html.contains("49"), "{html}");
    }
    let Page::Password(page) = echoes(text).remove(1) else { panic!("not the password page") };
    let html = render(pages, &Page::Password(page), Lang::En).html;
    assert!(html.contains("value=\"{{7*7}}${7*7}{ $service }\""), "{html}");
}
