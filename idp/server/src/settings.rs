//! Settings: a configuration that was found to be workable, with its secrets read.

mod mail;
mod passkeys;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use idp_domain::session::Limits;
use idp_domain::{Lifetime, Secret};
use idp_factors::password::{HashCost, HasherSettings};
use idp_oidc::{
    keys::{KeyKind, KeyPolicy, SigningAlg},
    op::Issuer,
};
use idp_sources::local::GateLimits;
use idp_store::shelf::{Instance, RedisPlace};
use idp_web::{
    About,
    middleware::address::TrustedProxies,
    page::{Theme, ThemeFiles},
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use url::Url;

use crate::config::{ConfigError, File, SecretRef};
pub(crate) use mail::Mail;
pub(crate) use passkeys::Passkeys;

/// How long a session may lie unused, and how long one may last: what NIST SP 800-63B-4 has for two
/// factors (section 2.2.3). Less is a matter of policy, and AAL3 brings its own limits.
const MOST_IDLE: Lifetime = Lifetime::minutes(60);
const MOST_ABSOLUTE: Lifetime = Lifetime::hours(24);

/// Everything that a node is built from.
pub(crate) struct Settings {
    /// Our name towards relying parties.
    pub(crate) issuer: Issuer,
    /// The public address.
    pub(crate) base_url: Url,
    /// The public listener.
    pub(crate) listen: SocketAddr,
    /// The management listener.
    pub(crate) management_listen: SocketAddr,
    /// TLS on the public listener.
    pub(crate) tls: Option<Arc<rustls::ServerConfig>>,
    /// Whose word about addresses is believed.
    pub(crate) proxies: TrustedProxies,
    /// The database's address.
    pub(crate) database: Secret<String>,
    /// Redis, if values do not lie in this process.
    pub(crate) redis: Option<RedisPlace>,
    /// Sets this broker apart from others on one Redis and one host.
    pub(crate) instance: Instance,
    /// The same, for cookies.
    pub(crate) mark: String,
    /// The master key.
    pub(crate) master: Secret<[u8; 32]>,
    /// How signing keys are kept.
    pub(crate) keys: KeyPolicy,
    /// How requests go out.
    pub(crate) outbound: idp_fetch::Policy,
    /// How passwords are hashed.
    pub(crate) hashing: HasherSettings,
    /// How many passwords may be tried.
    pub(crate) gate: GateLimits,
    /// How long sessions last.
    pub(crate) sessions: Limits,
    /// Whether a session ends that is used in two places at the same time.
    pub(crate) end_suspicious: bool,
    /// What passkeys rest on.
    pub(crate) passkeys: Passkeys,
    /// How letters are sent, if they are.
    pub(crate) mail: Option<Mail>,
    /// How long a request may take.
    pub(crate) request_time: Duration,
    /// Connections at once.
    pub(crate) connections: usize,
    /// Whether peers may be on loopback addresses.
    pub(crate) loopback_peers: bool,
    /// What pages look like.
    pub(crate) theme: Theme,
    /// What our SAML metadata says about us.
    pub(crate) about: About,
}

/// Checks one configuration, which stands at `path`.
struct Check<'a> {
    path: &'a Path,
    folder: PathBuf,
}

impl Settings {
    /// The settings in `file`, which was read from `path`.
    pub(crate) fn new(file: File, path: &Path) -> Result<Self, ConfigError> {
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let check = Check { path, folder };
        let File {
            server,
            database,
            redis,
            keys,
            outbound,
            telemetry: _,
            limits,
            sessions,
            passkeys,
            mail,
            theme,
            saml,
        } = file;
        let issuer = check.issuer(&server.base_url, limits.loopback_peers)?;
        let mark = mark_of(issuer.as_str());
        let redis = redis.map(|redis| check.redis(redis)).transpose()?;
        let instance = Instance::parse(&mark).map_err(|error| check.no("server", error))?;
        let tls = server.tls.map(|tls| check.tls(&tls)).transpose()?;
        let cost = HashCost::configured(limits.hash_memory_kib, limits.hash_passes, 1)
            .map_err(|error| check.no("limits", error))?;
        let mut hashing = HasherSettings { cost, ..HasherSettings::default() };
        if limits.hashing_threads > 0 {
            hashing.threads = u32::try_from(limits.hashing_threads).unwrap_or(u32::MAX);
        }
        let gate = GateLimits::of(limits.attempts_per_account, limits.attempts_per_address);
        let idle = Lifetime::minutes(sessions.idle_minutes);
        let absolute = Lifetime::hours(sessions.absolute_hours);
        let factor = Lifetime::hours(sessions.factor_hours);
        if [idle, absolute, factor].iter().any(|limit| limit.as_seconds() == 0) {
            return Err(check.no("sessions", "a session must last for a while"));
        }
        if idle > MOST_IDLE || [absolute, factor].iter().any(|limit| *limit > MOST_ABSOLUTE) {
            return Err(check.no("sessions", "an hour unused and 24 hours in all are the most"));
        }
        let theme = check.theme(theme.directory.as_deref())?;
        let mail = mail.map(|mail| check.mail(mail, &server.base_url, &theme)).transpose()?;
        Ok(Self {
            keys: check.key_policy(
                &keys.algorithms,
                keys.rotate_after_days,
                keys.publish_ahead_days,
            )?,
            master: check.master(&keys.master)?,
            database: check.database(&database.url, database.password.as_ref())?,
            outbound: check.outbound(outbound, limits.loopback_peers)?,
            about: check.about(saml)?,
            passkeys: check.passkeys(passkeys, &server.base_url, &theme.manifest().product)?,
            mail,
            theme,
            issuer,
            base_url: server.base_url,
            listen: server.listen,
            management_listen: server.management_listen,
            tls,
            proxies: TrustedProxies(server.proxy.trusted),
            redis,
            instance,
            mark,
            hashing,
            gate,
            sessions: Limits { idle, absolute, factor },
            end_suspicious: sessions.end_suspicious,
            request_time: Duration::from_secs(u64::from(limits.request_seconds.max(1))),
            connections: limits.concurrent_requests.max(1),
            loopback_peers: limits.loopback_peers,
        })
    }
}

impl Check<'_> {
    fn no(&self, section: &'static str, message: impl std::fmt::Display) -> ConfigError {
        let message = message.to_string();
        ConfigError::Unworkable { path: self.path.to_owned(), section, message }
    }

    fn file(&self, section: &'static str, path: &Path) -> Result<String, ConfigError> {
        let path = self.folder.join(path);
        fs::read_to_string(&path)
            .map_err(|error| self.no(section, format!("{}: {error}", path.display())))
    }

    fn bytes(
        &self,
        section: &'static str,
        path: &Path,
        most: usize,
    ) -> Result<Vec<u8>, ConfigError> {
        let path = self.folder.join(path);
        let no = |error: std::io::Error| self.no(section, format!("{}: {error}", path.display()));
        let size = fs::metadata(&path).map_err(no)?.len();
        if size > u64::try_from(most).unwrap_or(u64::MAX) {
            return Err(no(std::io::Error::other(format!("{size} bytes are too many"))));
        }
        fs::read(&path).map_err(no)
    }

    fn issuer(&self, base_url: &Url, loopback_peers: bool) -> Result<Issuer, ConfigError> {
        if base_url.path() != "/" || base_url.query().is_some() || base_url.fragment().is_some() {
            return Err(self.no("server", "base_url has no path, query or fragment"));
        }
        let local = base_url.host_str() == Some("localhost") || loopback_peers;
        if base_url.scheme() != "https" && !local {
            return Err(self.no("server", "base_url must be https, or http://localhost"));
        }
        let text = base_url.as_str().trim_end_matches('/');
        Issuer::parse(text).map_err(|error| self.no("server", error))
    }

    fn secret(
        &self,
        section: &'static str,
        secret: &SecretRef,
    ) -> Result<Secret<String>, ConfigError> {
        secret.read(&self.folder).map_err(|error| self.no(section, error))
    }

    fn master(&self, secret: &SecretRef) -> Result<Secret<[u8; 32]>, ConfigError> {
        let text = self.secret("keys", secret)?;
        let bytes = Secret::new(STANDARD.decode(text.expose().as_bytes()).unwrap_or_default());
        let key = <[u8; 32]>::try_from(bytes.expose().as_slice());
        key.map(Secret::new).map_err(|_| {
            let message = "master must be 32 bytes in base64; `openssl rand -base64 32` makes one";
            self.no("keys", message)
        })
    }

    fn database(
        &self,
        url: &str,
        password: Option<&SecretRef>,
    ) -> Result<Secret<String>, ConfigError> {
        let Some(password) = password else { return Ok(Secret::new(url.to_owned())) };
        let password = self.secret("database", password)?;
        let mut parsed: Url =
            url.parse().map_err(|error| self.no("database", format!("url: {error}")))?;
        let set = parsed.set_password(Some(password.expose()));
        set.map_err(|()| self.no("database", "url takes no password"))?;
        Ok(Secret::new(parsed.into()))
    }

    fn redis(&self, redis: crate::config::Redis) -> Result<RedisPlace, ConfigError> {
        let ca = redis.ca.as_deref().map(|path| self.file("redis", path)).transpose()?;
        let password = redis.password.as_ref();
        let password = password.map(|secret| self.secret("redis", secret)).transpose()?;
        let urls = redis.url.into_vec();
        let urls = urls.into_iter().map(|url| with_password(url, password.as_ref()));
        let urls: Vec<_> = urls.collect();
        let urls: Vec<&str> = urls.iter().map(|url| url.expose().as_str()).collect();
        RedisPlace::parse(&urls, ca.as_deref().map(str::as_bytes))
            .map_err(|error| self.no("redis", error))
    }

    fn key_policy(
        &self,
        names: &[String],
        rotate: u32,
        ahead: u32,
    ) -> Result<KeyPolicy, ConfigError> {
        let kinds: Option<Vec<_>> = names.iter().map(|name| key_kind(name)).collect();
        let Some(kinds) = kinds else {
            let known = "ES256, EdDSA, RS256, RS256-3072, PS256, PS256-3072";
            return Err(self.no("keys", format!("algorithms are among {known}")));
        };
        if !kinds.iter().any(|kind| kind.alg() == SigningAlg::Rs256) {
            let message = "algorithms must have RS256 (OpenID Connect Core §15.1)";
            return Err(self.no("keys", message));
        }
        if ahead == 0 || rotate <= ahead {
            let message = "rotate_after_days must be more than publish_ahead_days, and that not 0";
            return Err(self.no("keys", message));
        }
        let day = 24 * 3_600;
        Ok(KeyPolicy {
            kinds,
            rotate_every: Lifetime::seconds(rotate.saturating_mul(day)),
            publish_lead: Lifetime::seconds(ahead.saturating_mul(day)),
            longest_token: Lifetime::hours(1),
            skew: Lifetime::minutes(5),
        })
    }

    fn outbound(
        &self,
        outbound: crate::config::Outbound,
        allow_loopback: bool,
    ) -> Result<idp_fetch::Policy, ConfigError> {
        let cas = outbound.ca.iter().map(|path| self.file("outbound", path));
        Ok(idp_fetch::Policy {
            allow_loopback,
            proxy: outbound.proxy,
            extra_ca_pems: cas.collect::<Result<_, _>>()?,
            ..idp_fetch::Policy::default()
        })
    }

    fn tls(&self, tls: &crate::config::Tls) -> Result<Arc<rustls::ServerConfig>, ConfigError> {
        let chain = self.file("server", &tls.certificate)?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain.as_bytes()).collect();
        let chain =
            chain.map_err(|error| self.no("server", format!("tls.certificate: {error}")))?;
        let key = Secret::new(self.file("server", &tls.key)?);
        let key = PrivateKeyDer::from_pem_slice(key.expose().as_bytes())
            .map_err(|error| self.no("server", format!("tls.key: {error}")))?;
        let mut config = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(|error| self.no("server", format!("tls: {error}")))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    fn about(&self, saml: crate::config::Saml) -> Result<About, ConfigError> {
        for url in [&saml.organization_url, &saml.logo, &saml.privacy_url].into_iter().flatten() {
            if !matches!(url.scheme(), "https" | "http") {
                return Err(self.no("saml", format!("`{url}` is no web address")));
            }
        }
        let uris = saml.assurance_certification.iter().chain(&saml.entity_categories);
        for uri in uris {
            if Url::parse(uri).is_err() {
                return Err(self.no("saml", format!("`{uri}` is no URI")));
            }
        }
        let contacts = [&saml.technical_contact, &saml.support_contact, &saml.security_contact];
        for contact in contacts.into_iter().flatten() {
            if !contact.contains('@') || contact.contains(char::is_whitespace) {
                return Err(self.no("saml", format!("`{contact}` is no mail address")));
            }
        }
        Ok(About {
            names: saml.names,
            descriptions: saml.descriptions,
            organization: saml.organization,
            organization_url: saml.organization_url,
            logo: saml.logo,
            privacy_url: saml.privacy_url,
            technical_contact: saml.technical_contact,
            support_contact: saml.support_contact,
            security_contact: saml.security_contact,
            certifications: saml.assurance_certification,
            categories: saml.entity_categories,
        })
    }

    fn theme(&self, directory: Option<&Path>) -> Result<Theme, ConfigError> {
        let theme = match directory {
            Some(directory) => {
                let files = ThemeFiles::in_directory(&self.folder.join(directory));
                files.and_then(|files| Theme::read(&files))
            }
            None => Theme::embedded(),
        };
        theme.map_err(|error| self.no("theme", error))
    }
}

fn key_kind(name: &str) -> Option<KeyKind> {
    Some(match name {
        "ES256" => KeyKind::Es256,
        "EdDSA" => KeyKind::EdDsa,
        "RS256" | "RS256-2048" => KeyKind::Rs256Bits2048,
        "RS256-3072" => KeyKind::Rs256Bits3072,
        "PS256" | "PS256-2048" => KeyKind::Ps256Bits2048,
        "PS256-3072" => KeyKind::Ps256Bits3072,
        _ => return None,
    })
}

/// Puts the password into a URL that has none. Sentinels' URLs are no URLs by the letter, so this
/// is done on the text.
fn with_password(url: String, password: Option<&Secret<String>>) -> Secret<String> {
    let Some(password) = password else { return Secret::new(url) };
    let Some((scheme, rest)) = url.split_once("://") else { return Secret::new(url) };
    let encoded: String =
        url::form_urlencoded::byte_serialize(password.expose().as_bytes()).collect();
    let encoded = encoded.replace('+', "%20");
    let host_at = rest.find('@');
    Secret::new(match host_at.and_then(|at| rest.split_at_checked(at)) {
        Some((user, host)) => format!("{scheme}://{user}:{encoded}{host}"),
        None => format!("{scheme}://:{encoded}@{rest}"),
    })
}

/// A short name for the instance at `issuer`: eight hexadecimal digits.
fn mark_of(issuer: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, issuer.as_bytes());
    let first = hash.as_ref().first_chunk::<4>().copied().unwrap_or_default();
    format!("{:08x}", u32::from_be_bytes(first))
}

#[cfg(test)]
mod tests;
