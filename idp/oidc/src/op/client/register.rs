//! The checks that make a client of its registered form.

use std::{collections::BTreeSet, ops::RangeInclusive};

use idp_domain::{Lifetime, RelyingPartyId, subject::SubjectKind};
use url::{Host, Url};

use super::{
    ACCESS_TOKEN_LIFETIME, ApplicationType, AuthMethod, Authentication, Client, ClientRegistration,
    ClientSecret, GrantType, Profile, REFRESH_TOKEN_LIFETIME, RegistrationError, Surroundings,
    channels::Channels,
    uri::{self, Purpose},
};
use crate::{
    jwk::JwkSet,
    keys::SigningAlg,
    op::{ResponseMode, redirect_uri::RedirectUris},
    scope::{Scopes, is_scope},
};

/// The most URIs or resources of one kind.
const MAX_URIS: usize = 100;
/// The length of a subject: 256 bits in base64url.
const SUBJECT_LENGTH: usize = 43;
/// The bounds of an access token's life.
const ACCESS_TOKEN: RangeInclusive<u32> = 30..=3_600;
/// The bounds of an unused refresh token's life: 5 minutes to 400 days.
const REFRESH_TOKEN: RangeInclusive<u32> = 300..=34_560_000;

/// Makes a client of a registration, or says everything that is wrong with it.
pub(super) fn register(
    id: RelyingPartyId,
    form: &ClientRegistration,
    surroundings: Surroundings,
) -> Result<Client, Vec<RegistrationError>> {
    let mut checks = Checks { form, surroundings, errors: Vec::new() };
    checks.id(&id);
    let redirects = checks.redirect_uris();
    let channels = Channels::of(form, &redirects, surroundings, &mut checks.errors);
    let authentication = checks.authentication();
    checks.grants(&authentication);
    let client = Client {
        application_type: form.application_type,
        profile: form.profile,
        redirect_uris: RedirectUris::new(
            form.redirect_uris.clone(),
            form.application_type == ApplicationType::Native,
        ),
        post_logout_redirect_uris: checks.pages(),
        backchannel_logout_uri: channels.back,
        frontchannel_logout_uri: channels.front,
        grant_types: form.grant_types.iter().copied().collect(),
        response_modes: checks.response_modes(),
        scopes: checks.scopes(),
        audiences: checks.resources("audiences", &form.audiences),
        resources: checks.resources("resources", &form.resources),
        id_token_alg: form.id_token_signed_response_alg,
        subject: form.subject_type,
        sector: checks.sector(&id, &redirects),
        access_token_lifetime: checks.lifetime(
            "access_token_lifetime",
            form.access_token_lifetime,
            &ACCESS_TOKEN,
            ACCESS_TOKEN_LIFETIME,
        ),
        refresh_token_lifetime: checks.lifetime(
            "refresh_token_lifetime",
            form.refresh_token_lifetime,
            &REFRESH_TOKEN,
            REFRESH_TOKEN_LIFETIME,
        ),
        default_max_age: form.default_max_age.map(Lifetime::seconds),
        default_acr: form.default_acr_values.clone(),
        require_auth_time: form.require_auth_time,
        offline_access: form.offline_access,
        claims_in_id_token: form.claims_in_id_token,
        client_uri: checks.page("client_uri", form.client_uri.as_deref()),
        initiate_login_uri: checks.page("initiate_login_uri", form.initiate_login_uri.as_deref()),
        policy_uri: checks.page("policy_uri", form.policy_uri.as_deref()),
        tos_uri: checks.page("tos_uri", form.tos_uri.as_deref()),
        authentication,
        id,
    };
    if checks.errors.is_empty() { Ok(client) } else { Err(checks.errors) }
}

/// The checks, and what they found. Each returns something even where it complains, so that the
/// next can go on.
struct Checks<'a> {
    form: &'a ClientRegistration,
    surroundings: Surroundings,
    errors: Vec<RegistrationError>,
}

impl Checks<'_> {
    fn complain(
        &mut self,
        slug: &'static str,
        field: &'static str,
        problem: impl Into<String>,
        hint: &'static str,
    ) {
        self.errors.push(RegistrationError { slug, field, problem: problem.into(), hint });
    }

    /// Subjects are hashes in base64url; a client's own token bears its id as `sub`.
    //= rfc9700#4.15.1-1
    //= rfc9068#5-1
    fn id(&mut self, id: &RelyingPartyId) {
        let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if id.as_str().len() == SUBJECT_LENGTH && id.as_str().bytes().all(is_base64url) {
            self.complain(
                "client.id",
                "id",
                "the id could be taken for a person's subject",
                "Choose an id that is shorter or longer than 43 characters.",
            );
        }
    }

    fn uris(&mut self, field: &'static str, texts: &[String], purpose: Purpose) -> Vec<Url> {
        if texts.len() > MAX_URIS {
            self.complain("uri.too_many", field, "more than 100 entries", "Register fewer.");
            return Vec::new();
        }
        let mut urls = Vec::with_capacity(texts.len());
        for text in texts {
            match uri::check(field, text, purpose, self.surroundings) {
                Ok(url) => urls.push(url),
                Err(error) => self.errors.push(error),
            }
        }
        urls
    }

    fn redirect_uris(&mut self) -> Vec<Url> {
        let form = self.form;
        let urls = self.uris(
            "redirect_uris",
            &form.redirect_uris,
            Purpose::Redirect(form.application_type),
        );
        let by_code = form.grant_types.contains(&GrantType::AuthorizationCode);
        if by_code && form.redirect_uris.is_empty() {
            self.complain(
                "client.no_redirect_uri",
                "redirect_uris",
                "the client may have codes, and no address to receive them",
                "Register a redirect URI, or leave authorization_code out of grant_types.",
            );
        }
        urls
    }

    fn pages(&mut self) -> Vec<String> {
        let form = self.form;
        let purpose = Purpose::Redirect(form.application_type);
        self.uris("post_logout_redirect_uris", &form.post_logout_redirect_uris, purpose);
        form.post_logout_redirect_uris.clone()
    }

    fn page(&mut self, field: &'static str, text: Option<&str>) -> Option<Url> {
        match uri::web_uri(field, text?, self.surroundings) {
            Ok(url) => Some(url),
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }

    //= oidc-core#9-1
    fn authentication(&mut self) -> Authentication {
        let form = self.form;
        let method = form.token_endpoint_auth_method;
        let by_secret =
            matches!(method, AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost);
        let secrets = self.secrets();
        let keys = self.keys();
        if by_secret && form.client_secrets.is_empty() {
            self.complain(
                "client.no_secret",
                "client_secrets",
                "the client proves itself by a secret, and has none",
                "Register the SHA-256 of a random secret.",
            );
        }
        if !by_secret && !form.client_secrets.is_empty() {
            self.complain(
                "client.unused_secret",
                "client_secrets",
                "the client does not prove itself by a secret",
                "Remove the secrets, or change token_endpoint_auth_method.",
            );
        }
        match (method, keys) {
            (AuthMethod::None, _) => Authentication::None,
            (AuthMethod::PrivateKeyJwt, keys) => self.assertion(keys),
            (method, _) => {
                Authentication::Secret { basic: method == AuthMethod::ClientSecretBasic, secrets }
            }
        }
    }

    fn assertion(&mut self, keys: Option<JwkSet>) -> Authentication {
        let form = self.form;
        let alg = form.token_endpoint_auth_signing_alg.unwrap_or(SigningAlg::Es256);
        let Some(keys) = keys else {
            if form.jwks.is_none() {
                self.complain(
                    "client.no_keys",
                    "jwks",
                    "the client signs its requests, and has no keys",
                    "Register its public keys.",
                );
            }
            return Authentication::None;
        };
        if !keys.keys().iter().any(|jwk| jwk.key().fits(alg)) {
            self.complain(
                "client.no_key_for_alg",
                "jwks",
                format!("no key is for {alg}"),
                "Register a key for token_endpoint_auth_signing_alg.",
            );
        }
        Authentication::Assertion { keys, alg, legacy_audience: form.token_endpoint_as_audience }
    }

    fn keys(&mut self) -> Option<JwkSet> {
        match JwkSet::from_value(self.form.jwks.as_ref()?) {
            Ok(keys) => Some(keys),
            Err(error) => {
                let hint = "Register public keys for signatures alone, each with a kid of its own.";
                self.complain("client.keys", "jwks", error.to_string(), hint);
                None
            }
        }
    }

    fn secrets(&mut self) -> Vec<ClientSecret> {
        let registered = &self.form.client_secrets;
        if registered.len() > 2 {
            let hint = "Keep the present secret and the next one.";
            self.complain("client.too_many_secrets", "client_secrets", "more than two", hint);
        }
        let mut secrets = Vec::with_capacity(registered.len());
        for secret in registered {
            match read_sha256(&secret.sha256) {
                Some(hash) => secrets.push(ClientSecret { hash, expires_at: secret.expires_at }),
                None => self.complain(
                    "client.secret_hash",
                    "client_secrets",
                    "sha256 is not 64 hexadecimal digits",
                    "Write the SHA-256 of the secret, not the secret.",
                ),
            }
        }
        secrets
    }

    fn grants(&mut self, authentication: &Authentication) {
        let form = self.form;
        let has = |grant| form.grant_types.contains(&grant);
        if form.grant_types.is_empty() {
            let hint = "Name at least one grant type.";
            self.complain("client.no_grant_types", "grant_types", "nothing", hint);
        }
        let public = matches!(authentication, Authentication::None)
            && form.token_endpoint_auth_method == AuthMethod::None;
        //= rfc6749#4.4-1
        if public && has(GrantType::ClientCredentials) {
            self.complain(
                "client.public_credentials",
                "grant_types",
                "a public client has no credentials",
                "Give the client a secret or keys, or remove client_credentials.",
            );
        }
        if public && form.profile == Profile::Baseline {
            self.complain(
                "client.public_baseline",
                "profile",
                "a public client without PKCE cannot be told from a thief of its code",
                "Use the profile strict.",
            );
        }
        if form.offline_access && !has(GrantType::RefreshToken) {
            self.complain(
                "client.offline_access",
                "offline_access",
                "the client may not use refresh tokens",
                "Add refresh_token to grant_types, or remove offline_access.",
            );
        }
    }

    fn response_modes(&mut self) -> Vec<ResponseMode> {
        if self.form.response_modes.is_empty() {
            let hint = "Name query, form_post or both.";
            self.complain("client.no_response_modes", "response_modes", "nothing", hint);
        }
        self.form.response_modes.clone()
    }

    fn scopes(&mut self) -> Scopes {
        if let Some(bad) = self.form.scopes.iter().find(|scope| !is_scope(scope)) {
            let problem = format!("{:?} is no scope", bad.chars().take(64).collect::<String>());
            let hint = "A scope is visible ASCII without quotes and blanks.";
            self.complain("client.scope", "scopes", problem, hint);
            return Scopes::default();
        }
        let Some(scopes) = Scopes::parse(&self.form.scopes.join(" ")) else {
            self.complain("client.scope", "scopes", "too many", "Name at most 32 scopes.");
            return Scopes::default();
        };
        scopes
    }

    /// Resources are compared as texts; RFC 8707 wants them absolute and without fragment.
    fn resources(&mut self, field: &'static str, texts: &[String]) -> BTreeSet<String> {
        let sound = |text: &String| {
            text.len() <= 2_000
                && text.bytes().all(|byte| byte.is_ascii_graphic())
                && !text.contains('#')
                && Url::parse(text).is_ok()
        };
        if texts.len() > MAX_URIS || !texts.iter().all(sound) {
            let hint = "Write each resource as an absolute URI without fragment.";
            self.complain("client.resource", field, "an entry is no resource URI", hint);
        }
        texts.iter().cloned().collect()
    }

    /// The sector: as registered, else the one host of the redirect URIs.
    ///
    /// Nobody owns a loopback address or can be found by a private scheme, so such a client is a
    /// sector of its own.
    //= oidc-core#8.1-2
    fn sector(&mut self, id: &RelyingPartyId, redirects: &[Url]) -> String {
        let own = format!("client:{id}");
        if let Some(sector) = &self.form.sector {
            let is_host = sector.len() <= 253
                && Host::parse(sector).is_ok_and(|host| host.to_string() == *sector);
            if !is_host {
                let hint = "Write a host name in lower case, without scheme and port.";
                self.complain("client.sector", "sector", "not a host name", hint);
            }
            return sector.clone();
        }
        let hosts: BTreeSet<String> = redirects
            .iter()
            .filter_map(Url::host)
            .filter(|host| !uri::is_loopback(host))
            .map(|host| host.to_string())
            .collect();
        if self.form.subject_type == SubjectKind::Pairwise && hosts.len() > 1 {
            self.complain(
                "client.sector",
                "sector",
                "the redirect URIs are on several hosts, and subjects are pairwise",
                "Name the host that stands for all of them.",
            );
        }
        hosts.into_iter().next().unwrap_or(own)
    }

    fn lifetime(
        &mut self,
        field: &'static str,
        seconds: Option<u32>,
        bounds: &RangeInclusive<u32>,
        default: Lifetime,
    ) -> Lifetime {
        let Some(seconds) = seconds else { return default };
        if !bounds.contains(&seconds) {
            let problem = format!("{seconds} is not within {} to {}", bounds.start(), bounds.end());
            self.complain(
                "client.lifetime",
                field,
                problem,
                "Choose a lifetime within the bounds.",
            );
        }
        Lifetime::seconds(seconds)
    }
}

fn read_sha256(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0_u8; 32];
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (slot, start) in hash.iter_mut().zip((0..64).step_by(2)) {
        *slot = u8::from_str_radix(text.get(start..start + 2)?, 16).ok()?;
    }
    Some(hash)
}
