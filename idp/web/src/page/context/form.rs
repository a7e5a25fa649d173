//! Forms: where they go, what they carry unseen, and what the browser lets them reach.

use serde::Serialize;
use url::Url;

/// A form of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Form {
    /// Where it is sent: a path of the broker. A form that is sent by GET loses the query in here;
    /// put what it must keep into `hidden`.
    pub action: String,
    /// Fields that nobody sees.
    pub hidden: Vec<(String, String)>,
}

impl Form {
    /// A form that is sent to `action` and carries nothing unseen.
    #[must_use]
    pub fn to(action: impl Into<String>) -> Self {
        Self { action: action.into(), hidden: Vec::new() }
    }

    /// Adds a field that nobody sees.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }
}

/// What the forms of a page may reach: the `form-action` of its content security policy.
///
/// Chromium holds every hop of the redirects that answer a form against this list, and blocks the
/// navigation at the first that is missing. So a form whose answer may lead away needs the origin
/// of each hop here, or an answer that is an [`Onward`](super::Onward) page and no redirect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormTargets(Vec<String>);

impl FormTargets {
    /// Nothing: the page has no form.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The broker itself.
    #[must_use]
    pub fn own() -> Self {
        Self(vec!["'self'".to_owned()])
    }

    /// And the origin of `url`; of an address without one, such as an application's own scheme,
    /// the scheme.
    #[must_use]
    pub fn and(mut self, url: &Url) -> Self {
        let origin = url.origin();
        let source = if origin.is_tuple() {
            origin.ascii_serialization()
        } else {
            format!("{}:", url.scheme())
        };
        if !self.0.contains(&source) {
            self.0.push(source);
        }
        self
    }

    /// And every `https` address, for a chain of redirects whose hops nobody knows beforehand.
    #[must_use]
    pub fn and_any_https(mut self) -> Self {
        self.0.push("https:".to_owned());
        self
    }

    /// And every port of this machine, for demonstrations and tests.
    #[must_use]
    pub(super) fn and_any_loopback(mut self) -> Self {
        self.0.extend(["http://localhost:*", "http://127.0.0.1:*"].map(str::to_owned));
        self
    }

    /// The value of the `form-action` directive.
    #[must_use]
    pub fn directive(&self) -> String {
        if self.0.is_empty() { "'none'".to_owned() } else { self.0.join(" ") }
    }
}

#[cfg(test)]
mod tests {
    use super::FormTargets;

    fn directive(urls: &[&str]) -> String {
        let own = FormTargets::own();
        urls.iter().fold(own, |targets, url| targets.and(&url.parse().unwrap())).directive()
    }

    #[test]
    fn a_target_is_an_origin_without_path_or_default_port() {
        assert_eq!(
            directive(&["https://rp.example:443/cb?x=1", "http://127.0.0.1:9901/cb"]),
            "'self' https://rp.example http://127.0.0.1:9901"
        );
        assert_eq!(
            directive(&["https://a.example/1", "https://a.example/2"]),
            "'self' https://a.example"
        );
    }

    #[test]
    fn an_answer_to_this_machine_may_lead_to_any_port_of_it_and_another_may_not() {
        let sent = |action: &str| {
            let (action, fields) = (action.parse().unwrap(), Vec::new());
            super::super::FormPost { action, fields }.targets().directive()
        };
        assert_eq!(
            sent("http://localhost:8080/acs"),
            "http://localhost:8080 https: http://localhost:* http://127.0.0.1:*"
        );
        assert_eq!(sent("https://sp.example/acs"), "https://sp.example https:");
    }

    #[test]
    fn an_applications_own_scheme_is_a_target() {
        assert_eq!(directive(&["org.example.app:/cb"]), "'self' org.example.app:");
    }

    #[test]
    fn an_address_cannot_write_another_directive() {
        let targets =
            directive(&["https://a.example/;script-src%20*", "https://xn--d1acpjx3f.example/"]);
        assert_eq!(targets, "'self' https://a.example https://xn--d1acpjx3f.example");
    }

    #[test]
    fn a_page_without_forms_reaches_nothing() {
        assert_eq!(FormTargets::none().directive(), "'none'");
    }
}
