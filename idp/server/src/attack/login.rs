//! A login in progress at the source, as a relying party begins one: what its answer must name.
//!
//! Only with one does a node read what it is sent to the end. Whatever cannot be learnt from the
//! node itself must be told: which relying party, and where that one is answered.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_fetch::{FetchError, Fetcher};
use idp_saml::{
    binding::{Incoming, Kind},
    xml::{Document, Limits},
};
use url::Url;

use super::{
    browser::{Browser, Seen},
    error::{AttackError, ForgeError},
    forge::{self, Requester},
    html,
    stage::{Door, Stage, Target},
};

/// Who begins logins.
pub(super) enum Way {
    /// A relying party of OpenID Connect.
    Oidc {
        /// Where it begins.
        authorization: Url,
        /// Its client id.
        client: String,
        /// Where it is answered.
        redirect_uri: Url,
    },
    /// A service provider that need not sign.
    Saml(String),
    /// Nobody, for this reason.
    Nobody(String),
}

/// What an answer to a login must name; of a login that nobody began, nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Live {
    /// The ID of the node's request.
    pub(super) request: Option<String>,
    /// What comes back with the answer.
    pub(super) relay_state: Option<String>,
    /// Where the agency was asked.
    pub(super) asked_at: Option<Url>,
}

/// Why there is no login.
#[derive(Debug)]
pub(super) enum NoLogin {
    /// It is not begun, for this reason.
    Refused(String),
    /// The node does not answer as it should.
    Fetch(FetchError),
    /// Something of our own failed.
    Forge(ForgeError),
}

impl From<FetchError> for NoLogin {
    fn from(error: FetchError) -> Self {
        Self::Fetch(error)
    }
}

impl NoLogin {
    /// The reason, for people.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Refused(why) => why.clone(),
            Self::Fetch(error) => error.to_string(),
            Self::Forge(error) => error.to_string(),
        }
    }
}

impl Way {
    /// The way of a relying party that was named.
    pub(super) async fn oidc(
        stage: &Stage,
        fetcher: &Fetcher,
        client: String,
        redirect_uri: Url,
    ) -> Result<Self, AttackError> {
        let authorization = stage.authorization(fetcher).await?;
        Ok(Self::Oidc { authorization, client, redirect_uri })
    }

    /// Begins a login in this browser and takes it as far as the source of `target`.
    pub(super) async fn begin(
        &self,
        browser: &mut Browser<'_>,
        stage: &Stage,
        target: &Target,
        now: idp_domain::Timestamp,
    ) -> Result<Live, NoLogin> {
        let url = match self {
            Self::Nobody(why) => return Err(NoLogin::Refused(why.clone())),
            Self::Oidc { authorization, client, redirect_uri } => {
                request_of(authorization, client, redirect_uri).map_err(NoLogin::Forge)?
            }
            Self::Saml(entity_id) => {
                let request = Requester { entity_id, stage, now };
                let url = request.honest(Door::SsoRedirect).map_err(NoLogin::Forge)?;
                stage.base.join(&url).map_err(|_| refused("the node's address is none"))?
            }
        };
        let mut seen = browser.get(url).await?;
        if let Some(login) = seen.location.clone().filter(|url| browser.is_ours(url)) {
            let Some(login) = login.path().strip_prefix("/login/") else {
                return Err(refused(&format!("the node leads to {}", login.path())));
            };
            let transaction = login.split('/').next().unwrap_or_default();
            let choice = format!("/login/{transaction}/source/{}", target.source);
            let choice = stage.base.join(&choice).map_err(|_| refused("no such address"))?;
            seen = browser.get(choice).await?;
        }
        read(&seen, &target.acs, &stage.base)
    }
}

fn refused(why: &str) -> NoLogin {
    NoLogin::Refused(why.to_owned())
}

/// What an honest relying party asks. The code that it would get is never redeemed, so that
/// nobody needs to know what its challenge was made of.
fn request_of(authorization: &Url, client: &str, redirect_uri: &Url) -> Result<Url, ForgeError> {
    let mut url = authorization.clone();
    let random = || forge::random::<32>().map(|random| URL_SAFE_NO_PAD.encode(random));
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", client)
        .append_pair("redirect_uri", redirect_uri.as_str())
        .append_pair("scope", "openid")
        .append_pair("state", &random()?)
        .append_pair("nonce", &random()?)
        .append_pair("code_challenge", &random()?)
        .append_pair("code_challenge_method", "S256");
    Ok(url)
}

/// Reads what the agency is asked, in the address or the form that leads to it.
fn read(seen: &Seen, acs: &str, base: &Url) -> Result<Live, NoLogin> {
    let (at, message) = seen.handed_over(Kind::Request, base).unwrap_or_default();
    let Some(message) = message.filter(|message| message.kind == Kind::Request) else {
        return Err(NoLogin::Refused(instead(seen)));
    };
    let (request, answered_at) = named(&message)
        .ok_or_else(|| refused("the agency is asked in words that cannot be read"))?;
    if answered_at.is_some_and(|place| place != acs) {
        return Err(refused("the login goes to another source"));
    }
    Ok(Live { request: Some(request), relay_state: message.relay_state, asked_at: at })
}

/// The ID of a request, and where it wants to be answered.
fn named(message: &Incoming) -> Option<(String, Option<String>)> {
    let document = Document::parse(&message.xml, Limits::MESSAGE).ok()?;
    let root = document.root();
    let acs = root.attribute("AssertionConsumerServiceURL").map(str::to_owned);
    Some((root.attribute("ID")?.to_owned(), acs))
}

/// What the node did instead of asking the agency.
fn instead(seen: &Seen) -> String {
    if let Some(url) = &seen.location {
        let error = url.query_pairs().find(|(name, _)| name == "error");
        let error = error.map(|(_, error)| format!(": {error}")).unwrap_or_default();
        let host = url.host_str().unwrap_or_default();
        return format!("the node leads to {host} instead of the agency{error}");
    }
    let code = html::code(&seen.body).map(|code| format!(", {code}")).unwrap_or_default();
    format!("the node answers {}{code} instead of leading to the agency", seen.status)
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use idp_saml::binding::{Kind, redirect};

    use super::{Live, NoLogin, Seen, read};
    use crate::attack::testing::base;

    const ACS: &str = "https://sso.example/sources/una/acs";

    fn request(acs: &str) -> String {
        format!(
            "<p:AuthnRequest xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_7\" \
             AssertionConsumerServiceURL=\"{acs}\"/>"
        )
    }

    fn leading(url: &str) -> Seen {
        let location = Some(url.parse().unwrap());
        Seen { status: 303, location, cookies: Vec::new(), body: String::new() }
    }

    fn page(status: u16, body: String) -> Seen {
        Seen { status, location: None, cookies: Vec::new(), body }
    }

    fn why(seen: &Seen) -> String {
        match read(seen, ACS, &base()) {
            Err(NoLogin::Refused(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    fn is_read(live: &Live) {
        assert_eq!(live.request.as_deref(), Some("_7"));
        assert_eq!(live.relay_state.as_deref(), Some("a.b+c"));
        let asked_at = live.asked_at.as_ref().unwrap();
        assert_eq!(asked_at.host_str(), Some("idp.example"));
    }

    #[test]
    fn what_the_agency_is_asked_is_read_from_an_address_and_from_a_form() {
        let to = "https://idp.example/sso?x=1";
        let url =
            redirect::write_unsigned(to, Kind::Request, request(ACS).as_bytes(), Some("a.b+c"));
        is_read(&read(&leading(&url), ACS, &base()).unwrap());
        let form = format!(
            "<form action=\"https:&#x2f;&#x2f;idp.example&#x2f;sso\"><input name=\"SAMLRequest\" \
             value=\"{}\"><input name=\"RelayState\" value=\"a.b+c\"></form>",
            STANDARD.encode(request(ACS))
        );
        is_read(&read(&page(200, form), ACS, &base()).unwrap());
    }

    #[test]
    fn a_login_that_does_not_begin_says_why() {
        let elsewhere = request("https://sso.example/sources/unb/acs");
        let url = redirect::write_unsigned(
            "https://b.example/",
            Kind::Request,
            elsewhere.as_bytes(),
            None,
        );
        assert_eq!(why(&leading(&url)), "the login goes to another source");
        assert_eq!(
            why(&leading("https://rp.example/cb?error=invalid_scope&state=x")),
            "the node leads to rp.example instead of the agency: invalid_scope"
        );
        assert_eq!(
            why(&page(403, "<code>source_disabled</code>".to_owned())),
            "the node answers 403, source_disabled instead of leading to the agency"
        );
    }
}
