//! Broken themes are refused with file and line; whole ones are served.

use expect_test::{Expect, expect};
use idp_domain::Lang;

use super::{Theme, ThemeFiles, files};
use crate::page::{Frame, Nonce, Page, Pages};

/// What is said of a theme in which the file `name` is `content`.
fn check(name: &str, content: &str, expected: &Expect) {
    let theme = Theme::read(&ThemeFiles::default().with(name, content));
    let error = theme.and_then(Pages::new).unwrap_err();
    expected.assert_eq(&error.to_string());
}

/// The text of a file of the default theme.
fn default(name: &str) -> String {
    files::embedded().unwrap().text(name).unwrap().to_owned()
}

#[test]
fn a_colour_that_cannot_be_read_is_refused_with_its_line() {
    let faint = default("theme.toml").replacen("muted = \"#506070\"", "muted = \"#90a0b0\"", 1);
    check(
        "theme.toml",
        &faint,
        &expect!["theme.toml:23: `muted` on `ground` has a contrast of 2.45, and people need 4.5"],
    );
}

#[test]
fn a_colour_that_is_none_is_refused_with_its_line() {
    let broken = default("theme.toml").replacen("\"#f2f5f8\"", "\"red;} body { x:url(//e)\"", 1);
    check(
        "theme.toml",
        &broken,
        &expect!["theme.toml:20: `red;} body { x:url(//e)` is not a colour such as #0b5a8a"],
    );
    let unknown = default("theme.toml").replacen("ground =", "grund =", 1);
    check(
        "theme.toml",
        &unknown,
        &expect![
            "theme.toml:20: unknown field `grund`, expected one of `ground`, `surface`, `ink`, `muted`, `line`, `edge`, `accent`, `accent-strong`, `accent-soft`, `on-accent`, `danger`, `danger-soft`, `caution`, `caution-soft`, `good`, `good-soft`"
        ],
    );
}

#[test]
fn a_link_leads_to_https_or_to_a_path() {
    let head = "product = \"X\"\nlogo = \"mark.svg\"\nicon = \"mark.svg\"\n[support]\nurl = ";
    let rest = default("theme.toml");
    let colours = &rest[rest.find("[light]").unwrap()..];
    check(
        "theme.toml",
        &format!("{head}\"javascript:alert(1)\"\n{colours}"),
        &expect!["theme.toml:5: `javascript:alert(1)` is neither an https address nor a path"],
    );
    check(
        "theme.toml",
        &format!("{head}\"//evil.example\"\n{colours}"),
        &expect!["theme.toml:5: `//evil.example` is neither an https address nor a path"],
    );
    let theme = format!("{head}\"https://help.example.org/\"\n{colours}");
    assert!(Theme::read(&ThemeFiles::default().with("theme.toml", theme)).is_ok());
}

#[test]
fn a_broken_template_is_refused_with_its_line() {
    check(
        "pages/onward.html",
        "<p>\n{% if %}\n",
        &expect!["pages/onward.html:2: syntax error unexpected end of block"],
    );
    check(
        "pages/onward.html",
        "<p>\n\n{{ page.hrf }}\n",
        &expect!["pages/onward.html:3: undefined value `page.hrf` is undefined"],
    );
    check(
        "pages/onward.html",
        "{{ t(\"no-such-words\") }}",
        &expect![
            "pages/onward.html:1: invalid operation no words for `no-such-words` in `ar`, or a value is missing"
        ],
    );
}

#[test]
fn a_file_that_no_theme_has_is_refused() {
    check(
        "pages/chose.html",
        "",
        &expect![
            "pages/chose.html: not a file of a theme; known are theme.toml, pages/*.html, static/*, words/*.ftl with the names of the default theme"
        ],
    );
    check(
        "static/tracker.js",
        "",
        &expect![
            "static/tracker.js: not a file of a theme; known are theme.toml, pages/*.html, static/*, words/*.ftl with the names of the default theme"
        ],
    );
    check(
        "static/passkey.js",
        "",
        &expect![
            "static/passkey.js: not a file of a theme; known are theme.toml, pages/*.html, static/*, words/*.ftl with the names of the default theme"
        ],
    );
    check(
        "words/de.ftl",
        "",
        &expect![
            "words/de.ftl: not a file of a theme; known are theme.toml, pages/*.html, static/*, words/*.ftl with the names of the default theme"
        ],
    );
}

#[test]
fn a_stylesheet_reaches_nothing_but_the_theme() {
    check(
        "static/style.css",
        "a{}\n/* x\n */ b { background: url(https://e.example/?) }",
        &expect!["static/style.css:3: `https://e.example/?` is no static file"],
    );
    check(
        "static/style.css",
        "\n@import \"https://e.example/x.css\";",
        &expect!["static/style.css:2: `@import` is not for themes"],
    );
    check(
        "static/style.css",
        "a { background: URL(x) }",
        &expect!["static/style.css:1: write `url(` in lower case, and no backslash"],
    );
    check(
        "static/style.css",
        "a { background: u\\72l(x) }",
        &expect!["static/style.css:1: write `url(` in lower case, and no backslash"],
    );
    check(
        "static/style.css",
        "a {}\n/* no end",
        &expect!["static/style.css:2: comment without end"],
    );
}

#[test]
fn words_are_overridden_sentence_by_sentence() {
    let files = ThemeFiles::default().with("words/en.ftl", "password-title = Welcome\n");
    let theme = Theme::read(&files).unwrap();
    let words = theme.words(Lang::En);
    assert_eq!(words.html("password-title", &[]).unwrap(), "Welcome");
    assert_eq!(words.html("password-submit", &[]).unwrap(), "Sign in");
    check(
        "words/en.ftl",
        "a = b\nc { d\n",
        &expect![[r#"words/en.ftl:2: Expected a token starting with "=""#]],
    );
}

#[test]
fn a_static_file_has_a_name_that_changes_with_its_content() {
    let (before, files) = (Theme::embedded().unwrap(), ThemeFiles::default());
    let css = format!("{}\nbody {{ margin: 1px }}\n", default("static/style.css"));
    let after = Theme::read(&files.with("static/style.css", css)).unwrap();
    let sheet = |theme: &Theme| {
        let mut paths = theme.assets().map(|(path, _)| path.to_owned());
        paths.find(|path| path.starts_with("/static/style.")).unwrap()
    };
    assert_ne!(sheet(&before), sheet(&after));
    assert!(before.asset(&sheet(&before)).is_some());
    for path in ["/static/style.css", "/static/", "/static/../theme.toml", "static/style.css"] {
        assert!(before.asset(path).is_none(), "{path}");
    }
    let headers = before.asset(&sheet(&before)).unwrap().headers();
    assert_eq!(headers[0], ("content-type", "text/css; charset=utf-8"));
}

#[test]
fn help_and_links_of_a_theme_stand_at_the_foot_of_each_page() {
    let links = "[support]\nemail = \"help@example.org\"\nurl = \"https://help.example.org/\"\n\
        [[links]]\nhref = \"/privacy\"\nwords = { ar = \"الخصوصية\", en = \"Privacy\", \
        es = \"Privacidad\", fr = \"Confidentialité\", ru = \"Конфиденциальность\", zh = \"隐私\" }\n";
    let manifest = default("theme.toml").replacen("[light]", &format!("{links}[light]"), 1);
    let theme = Theme::read(&ThemeFiles::default().with("theme.toml", manifest)).unwrap();
    let pages = Pages::new(theme).unwrap();
    let nonce = Nonce::new([0; 16]);
    let frame = Frame { lang: Lang::Zh, nonce: &nonce, here: None };
    let (_, page) = Page::samples(Lang::Zh).pop().unwrap();
    let html = pages.render(&page, frame).html;
    for part in ["href=\"/privacy\">隐私<", "mailto:help@example.org", "https://help.example.org/"]
    {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn a_theme_is_read_from_a_directory() {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../themes/default");
    let files = ThemeFiles::in_directory(&folder).unwrap();
    assert!(files.contains("pages/choose.html") && files.contains("words/ar.ftl"));
    assert!(Theme::read(&files).and_then(Pages::new).is_ok());
    let missing = ThemeFiles::in_directory(&folder.join("nowhere")).unwrap_err();
    assert!(missing.to_string().ends_with("nowhere: cannot be read"));
}
