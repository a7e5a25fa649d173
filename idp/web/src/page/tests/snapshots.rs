//! One language of each page, letter by letter: a changed page is a changed file in review.

use expect_test::expect_file;
use idp_domain::Lang;

use super::{pages, render, sample};

/// The language in which a page is kept: all six have their turn.
const KEPT: [(&str, Lang); 26] = [
    ("choose-remembered", Lang::Es),
    ("password-wrong", Lang::Fr),
    ("consent-unverified", Lang::Ru),
    ("factor", Lang::Zh),
    ("factor-unknown", Lang::En),
    ("enrol-optional", Lang::Ar),
    ("enrol_passkey-known", Lang::Es),
    ("enrol_app-wrong", Lang::Ru),
    ("codes", Lang::Fr),
    ("form_post", Lang::Zh),
    ("onward", Lang::En),
    ("problem-agency-refused", Lang::Ar),
    ("sign_out-asked", Lang::En),
    ("signing_out-frames", Lang::Es),
    ("signed_out", Lang::Fr),
    ("signed_out-some", Lang::Ar),
    ("home-signed-in", Lang::En),
    ("account-one", Lang::En),
    ("account_security", Lang::Ar),
    ("account_security-misnamed", Lang::Fr),
    ("account_change-remove-passkey", Lang::Es),
    ("account_change-rename-passkey-first", Lang::Ru),
    ("account_sessions", Lang::Zh),
    ("account_releases", Lang::Fr),
    ("account_dispute", Lang::Ar),
    ("account_disputed", Lang::En),
];

#[test]
fn pages_look_as_they_did() {
    let pages = pages();
    for (name, lang) in KEPT {
        let rendered = render(pages, &sample(name, lang), lang);
        let headers: Vec<_> =
            rendered.headers().map(|(name, value)| format!("{name}: {value}\n")).collect();
        // The hashes in addresses change with each colour; they say nothing about the page.
        let html = without_hashes(&rendered.html);
        let text = format!("{}\n{}\n{html}", rendered.status, headers.concat());
        expect_file![format!(
            "{}/src/page/snapshots/{name}.{}.txt",
            env!("CARGO_MANIFEST_DIR"),
            lang.tag()
        )]
        .assert_eq(&text);
    }
}

fn without_hashes(html: &str) -> String {
    let parts: Vec<_> = html.split("/static/").collect();
    let bare = |part: &&str| {
        let (name, rest) = part.split_once('"').unwrap_or((part, ""));
        let mut pieces: Vec<_> = name.split('.').collect();
        if pieces.len() == 3 {
            pieces[1] = "HASH";
        }
        format!("/static/{}\"{rest}", pieces.join("."))
    };
    let rest: String = parts.iter().skip(1).map(bare).collect();
    let whole = format!("{}{rest}", parts[0]);
    let mut pieces = whole.split("sha384-");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (_, rest) = piece.split_once('"').unwrap_or_default();
        out.extend(["sha384-HASH\"", rest]);
    }
    out
}
