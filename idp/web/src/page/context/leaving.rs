//! The two pages that lead to another site without a redirect.

use idp_domain::Lang;
use serde::{Serialize, Serializer, ser::SerializeMap};
use url::Url;

use super::{AgencyRow, FormTargets, samples};

/// Fields that the browser carries to another site: an answer to a relying party
/// (`response_mode=form_post`), or a question to a source. A script sends it; where no script runs, a button does.
#[derive(Clone, Debug, Serialize)]
pub struct FormPost {
    /// Where the answer goes.
    #[serde(flatten, serialize_with = "action_and_host")]
    pub action: Url,
    /// The answer.
    pub fields: Vec<(String, String)>,
}

/// A template shows where the answer goes, and hosts are not cut out of addresses there.
fn action_and_host<S: Serializer>(action: &Url, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(2))?;
    map.serialize_entry("action", action)?;
    map.serialize_entry("host", action.host_str().unwrap_or(action.scheme()))?;
    map.end()
}

impl FormPost {
    /// Who receives the answer may send the browser on from there, and browsers hold that against the policy of this page too; hence any `https` address.
    pub(super) fn targets(&self) -> FormTargets {
        let targets = FormTargets::none().and(&self.action).and_any_https();
        // Plain http reaches loopback alone, and there only where the installation lets it.
        if self.action.scheme() == "http" { targets.and_any_loopback() } else { targets }
    }

    /// An answer.
    pub(super) fn sample() -> Option<Self> {
        let action = Url::parse("https://travel.example.org/callback?from=idp").ok()?;
        let fields = [("code", "SplxlOBeZQQYbYS6WxSbIA"), ("state", "af0ifjsldkj")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Some(Self { action, fields })
    }
}

/// A way to another site, taken at once by a `refresh`, with a link for whoever does not follow.
///
/// For answers to forms that lead away: see [`FormTargets`].
#[derive(Clone, Debug, Serialize)]
pub struct Onward {
    /// Where it leads.
    pub href: String,
    /// The agency it leads to; without one it leads back to the service.
    pub agency: Option<AgencyRow>,
}

impl Onward {
    /// The way to an agency, and the way back to a relying party.
    pub(super) fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let agency = "https://login.wfp.example/authorize?client_id=idp&state=x".to_owned();
        let service = "https://travel.example.org/callback?code=x&state=y".to_owned();
        vec![
            ("onward", Self { href: agency, agency: Some(samples::row(lang)) }),
            ("onward-service", Self { href: service, agency: None }),
        ]
    }
}
