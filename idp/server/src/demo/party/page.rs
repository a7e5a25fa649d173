//! The pages of a relying party: one template, a few views.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use idp_domain::{Lang, Timestamp};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};
use serde::Serialize;
use serde_json::Value;

use super::{
    visits::Person,
    words::{Words, words},
};

/// How the pages look.
pub(super) const STYLE: &str = include_str!("style.css");
/// What stands on a browser's tab.
pub(super) const ICON: &str = include_str!("icon.svg");
const TEMPLATE: &str = include_str!("page.html");
/// Claims about the person and the sign-in that stand above the table.
const SHOWN_APART: [&str; 3] = ["acr", "auth_time", "sub"];
/// Claims that are about the ID token itself.
const TECHNICAL: [&str; 10] =
    ["amr", "at_hash", "aud", "azp", "exp", "iat", "iss", "jti", "nonce", "sid"];

/// Why pages cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the pages of the relying parties: {0}")]
pub(crate) struct PageError(#[from] minijinja::Error);

/// Names by language.
type Names = [(&'static str, &'static str); 6];

/// The pages of one relying party.
pub(super) struct Pages {
    environment: Environment<'static>,
    id: &'static str,
    names: Names,
    other_names: Names,
    other_home: String,
    policy: String,
}

/// What a page shows.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum View {
    /// Nobody is signed in; perhaps not any more.
    Nobody {
        /// Whether somebody has just signed out.
        signed_out: bool,
    },
    /// Somebody is.
    Person {
        /// What to greet them by.
        name: Option<String>,
        /// Facts about the sign-in.
        agency: Option<String>,
        at: Option<String>,
        acr: Option<String>,
        sub: Option<String>,
        /// What they are: claim and value.
        told: Vec<(String, String)>,
        /// What else the ID token says.
        rest: Vec<(String, String)>,
    },
    /// It did not work.
    Problem {
        /// Why, for whoever looks after this relying party.
        slug: String,
        /// Whether the sign-in was not this browser's.
        lost: bool,
    },
}

#[derive(Serialize)]
struct Root<'a> {
    w: &'static Words,
    id: &'static str,
    name: &'static str,
    other: &'static str,
    other_home: &'a str,
    view: &'a View,
}

impl View {
    /// Who `person` is.
    pub(super) fn person(person: &Person) -> Self {
        let text = |claim: &str| person.claims.get(claim).map(shown);
        let rows = |wanted: &dyn Fn(&str) -> bool| {
            let claims = person.claims.iter().filter(|(claim, _)| wanted(claim));
            claims.map(|(claim, value)| (claim.clone(), shown(value))).collect()
        };
        let apart = |claim: &str| SHOWN_APART.contains(&claim);
        let technical = |claim: &str| TECHNICAL.contains(&claim);
        Self::Person {
            name: text("name").or_else(|| text("email")),
            agency: text("agency"),
            at: person.authenticated_at.and_then(instant),
            acr: person.acr.clone(),
            sub: text("sub"),
            told: rows(&|claim| !apart(claim) && !technical(claim)),
            rest: rows(&technical),
        }
    }
}

/// A claim's value as people read it.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(several) => several.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// An instant as people read it, in UTC.
fn instant(at: Timestamp) -> Option<String> {
    let at = time::OffsetDateTime::from_unix_timestamp(at.seconds()).ok()?;
    let ((hour, minute, second), date) = (at.to_hms(), at.date());
    Some(format!("{date} {hour:02}:{minute:02}:{second:02} UTC"))
}

impl Pages {
    /// The pages of the relying party `id`; `broker` is where its sign-out leads.
    pub(super) fn new(
        id: &'static str,
        names: Names,
        (other_names, other_home): (Names, String),
        broker: &str,
    ) -> Result<Self, PageError> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?;
        environment.set_syntax(syntax);
        environment.add_template("page", TEMPLATE)?;
        // The answer to the sign-out form leads to the broker, and from there to an agency that
        // wants to hear of it: browsers look at every hop.
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src 'self'; \
             form-action 'self' {broker} http://localhost:*; base-uri 'none'; \
             frame-ancestors 'none'"
        );
        Ok(Self { environment, id, names, other_names, other_home, policy })
    }

    /// A page for a reader of `lang`.
    pub(super) fn show(&self, status: StatusCode, view: &View, lang: Lang) -> Response {
        let html = match self.render(view, lang) {
            Ok(html) => html,
            Err(error) => {
                tracing::error!(%error, "a page of a relying party cannot be rendered");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
        };
        let mut response = (status, html).into_response();
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
        if let Ok(policy) = HeaderValue::try_from(&self.policy) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    fn render(&self, view: &View, lang: Lang) -> Result<String, minijinja::Error> {
        let words = words(lang);
        let root = Root {
            w: words,
            id: self.id,
            name: name(&self.names, words),
            other: name(&self.other_names, words),
            other_home: &self.other_home,
            view,
        };
        self.environment.get_template("page")?.render(Serde(root))
    }
}

/// A name in the language of a page.
fn name(names: &Names, words: &Words) -> &'static str {
    let found = names.iter().find(|(lang, _)| *lang == words.lang);
    found.map_or_else(|| names.first().map_or("", |(_, name)| name), |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use idp_domain::{Lang, Secret, Timestamp};
    use serde_json::json;

    use super::{Pages, View};
    use crate::demo::{
        federations::PARTIES,
        party::visits::{Farewell, Person},
    };

    fn pages() -> Pages {
        let [travel, library] = PARTIES;
        let other = (library.names, "http://localhost:3".to_owned());
        Pages::new(travel.id, travel.names, other, "http://localhost:1").unwrap()
    }

    fn person(name: &str) -> View {
        let claims = json!({
            "sub": "s1", "name": name, "groups": ["a", "b"], "agency": "iao",
            "acr": "urn:x", "auth_time": 1_800_000_000, "nonce": "n", "exp": 1_800_000_600,
        });
        View::person(&Person {
            farewell: Farewell::IdToken(Secret::new("never shown".to_owned())),
            acr: Some("urn:x".to_owned()),
            authenticated_at: Some(Timestamp::from_seconds(1_800_000_000)),
            claims: claims.as_object().unwrap().clone(),
        })
    }

    #[test]
    fn a_person_sees_who_they_are_and_never_a_token() {
        let html = pages().render(&person("Amina Diallo"), Lang::En).unwrap();
        for text in ["Amina Diallo", "2027-01-15 08:00:00 UTC", "urn:x", "s1", "a, b", "iao"] {
            assert!(html.contains(text), "{text}: {html}");
        }
        assert!(!html.contains("never shown"));
        let (told, rest) = html.split_once("<details").unwrap();
        assert!(rest.contains("nonce") && !told.contains("nonce"));
    }

    #[test]
    fn a_claim_is_text_and_not_markup() {
        let html = pages().render(&person("<b>\"&'"), Lang::En).unwrap();
        assert!(!html.contains("<b>") && html.contains("&lt;b&gt;"), "{html}");
    }

    #[test]
    fn arabic_runs_from_right_to_left_and_every_view_renders() {
        let problem = View::Problem { slug: "nonce".to_owned(), lost: false };
        for view in [View::Nobody { signed_out: true }, person("Omar"), problem] {
            let html = pages().render(&view, Lang::Ar).unwrap();
            assert!(html.contains("<html lang=\"ar\" dir=\"rtl\">"), "{html}");
            assert!(html.contains("السفر الرسمي") && html.contains("مكتبة الوثائق"));
            pages().render(&view, Lang::Fr).unwrap();
        }
    }
}
