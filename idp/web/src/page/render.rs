//! From a page's context to its HTML, with the headers that belong to it.

use std::fmt::{self, Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use idp_domain::Lang;
use minijinja::{
    AutoEscape, Environment, Output, State, UndefinedBehavior, escape_formatter,
    syntax::SyntaxConfig,
    value::{Serde, Value},
};
use serde::Serialize;

use super::{
    context::{Page, Script},
    functions::{self, with_query},
    i18n::{PerLang, escape},
    theme::{Brand, Theme, ThemeError},
};

/// A number used once: it lets the one script of one answer run (CSP Level 3 §2.3.1).
#[derive(Clone, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// A nonce of 128 random bits.
    #[must_use]
    pub fn new(random: [u8; 16]) -> Self {
        Self(STANDARD.encode(random))
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce")
    }
}

/// What surrounds a page.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The nonce of this answer.
    pub nonce: &'a Nonce,
    /// The path and query at which the page can be had again by GET in another language.
    /// Without one the page offers no other languages.
    pub here: Option<&'a str>,
}

/// A page, ready to be sent.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The body.
    pub html: String,
    /// The HTTP status.
    pub status: u16,
    lang: Lang,
    policy: String,
    retry_after: Option<u32>,
}

impl Rendered {
    /// The headers that depend on the page. Those that are the same for every answer (HSTS,
    /// `nosniff`, `Referrer-Policy` and their like) are not among them.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        let retry_after = self.retry_after.map(|seconds| ("retry-after", seconds.to_string()));
        [
            ("content-type", "text/html; charset=utf-8".to_owned()),
            ("content-language", self.lang.tag().to_owned()),
            ("content-security-policy", self.policy.clone()),
            ("cache-control", "no-store".to_owned()),
        ]
        .into_iter()
        .chain(retry_after)
    }
}

/// A way to have the page in another language.
#[derive(Debug, Serialize)]
struct OtherLang {
    tag: &'static str,
    name: &'static str,
    href: String,
    current: bool,
}

#[derive(Serialize)]
struct Root<'a> {
    page: &'a Page,
    nonce: &'a str,
    langs: Vec<OtherLang>,
}

/// All pages of a theme, compiled.
#[derive(Debug)]
pub struct Pages {
    theme: Theme,
    compiled: PerLang<Environment<'static>>,
}

impl Pages {
    /// Compiles the templates of `theme`, and tries those of a theme that is not the default on
    /// every sample of their pages; the default theme's are tried by the tests.
    ///
    /// A template that cannot be compiled, or that asks for what is not there, is an error with
    /// its file and line.
    pub fn new(theme: Theme) -> Result<Self, ThemeError> {
        let compiled = PerLang::try_new(|lang| compile(&theme, lang))?;
        let pages = Self { theme, compiled };
        if !pages.theme.is_default() {
            pages.try_samples()?;
        }
        Ok(pages)
    }

    fn try_samples(&self) -> Result<(), ThemeError> {
        let nonce = Nonce::new([0; 16]);
        for lang in Lang::ALL {
            let frame = Frame { lang, nonce: &nonce, here: Some("/") };
            for (_, page) in Page::samples(lang) {
                self.html(&page, frame).map_err(|error| broken(&error))?;
            }
        }
        Ok(())
    }

    /// The theme.
    #[must_use]
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    /// Renders `page`. Should a template fail on what no sample foresaw, the person gets a bare
    /// page and the operator a line in the log.
    #[must_use]
    pub fn render(&self, page: &Page, frame: Frame<'_>) -> Rendered {
        let policy = policy(page, frame.nonce);
        let (lang, retry_after) = (frame.lang, page.retry_after());
        match self.html(page, frame) {
            Ok(html) => Rendered { html, status: page.status(), lang, policy, retry_after },
            Err(error) => {
                tracing::error!(page = page.template(), error = %error, "a page cannot be rendered");
                Rendered { html: BARE.to_owned(), status: 500, lang: Lang::En, policy, retry_after }
            }
        }
    }

    fn html(&self, page: &Page, frame: Frame<'_>) -> Result<String, minijinja::Error> {
        let langs = frame.here.map(|here| other_langs(here, frame.lang)).unwrap_or_default();
        let root = Root { page, nonce: &frame.nonce.0, langs };
        self.compiled.of(frame.lang).get_template(page.template())?.render(Serde(root))
    }
}

/// What is left to say when a template fails.
const BARE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <title>Something went wrong</title><h1>Something went wrong</h1>\
    <p>It is our fault. Please go back and try again.</p></html>";

fn other_langs(here: &str, current: Lang) -> Vec<OtherLang> {
    let other = |lang: Lang| OtherLang {
        tag: lang.tag(),
        name: lang.endonym(),
        href: with_query(here, &[("lang", lang.tag())]),
        current: lang == current,
    };
    Lang::ALL.map(other).into()
}

fn direction(lang: Lang) -> &'static str {
    if lang.is_rtl() { "rtl" } else { "ltr" }
}

/// The content security policy of a page: styles and images of our own, and what the page needs.
fn policy(page: &Page, nonce: &Nonce) -> String {
    let script = match page.script() {
        Script::None => String::new(),
        Script::Inline => format!("script-src 'nonce-{}'; ", nonce.0),
        Script::Passkey => "script-src 'self'; connect-src 'self'; ".to_owned(),
    };
    let mut frames = String::new();
    for url in page.frames() {
        let origin = url.origin().ascii_serialization();
        let directive = if frames.is_empty() { "frame-src" } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(frames, "{directive} {origin}");
    }
    if !frames.is_empty() {
        frames.push_str("; ");
    }
    format!(
        "default-src 'none'; {script}{frames}style-src 'self'; img-src 'self'; form-action {}; \
         base-uri 'none'; frame-ancestors 'none'",
        page.form_targets().directive()
    )
}

fn compile(theme: &Theme, lang: Lang) -> Result<Environment<'static>, ThemeError> {
    let mut env = Environment::new();
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    env.set_formatter(write_escaped);
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .map_err(|error| broken(&error))?,
    );
    functions::add(&mut env, theme.words(lang));
    let brand: Brand = theme.brand(lang);
    env.add_global("brand", Serde(brand));
    env.add_global("lang", lang.tag());
    env.add_global("dir", direction(lang));
    for (name, source) in theme.templates() {
        env.add_template_owned(name.to_owned(), source.to_owned())
            .map_err(|error| broken(&error))?;
    }
    Ok(env)
}

/// As the engine's own formatter, but slashes stay what they are: addresses would grow by half,
/// and nothing of ours stands where a slash could do harm.
fn write_escaped(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), minijinja::Error> {
    match value.as_str().filter(|_| !value.is_safe()) {
        Some(text) => {
            let mut escaped = String::with_capacity(text.len() + 16);
            escape(text, &mut escaped);
            out.write_str(&escaped).map_err(minijinja::Error::from)
        }
        None => escape_formatter(out, state, value),
    }
}

fn broken(error: &minijinja::Error) -> ThemeError {
    let detail = error.detail().unwrap_or_default();
    ThemeError::Broken {
        file: format!("pages/{}", error.name().unwrap_or("?")),
        line: error.line().unwrap_or(1),
        problem: format!("{} {detail}", error.kind()).trim_end().to_owned(),
    }
}
