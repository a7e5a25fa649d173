//! The shape of `idp.toml`. A wire format: nothing below the server sees it.
//!
//! The comment of each key is its documentation; `docs/generated/config.md` is made from them.

use std::{net::SocketAddr, path::PathBuf};

use idp_domain::Localized;
use ipnet::IpNet;
use serde::Deserialize;
use url::Url;

use super::secret::SecretRef;

/// The whole of `idp.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// Where and how this node listens.
    pub(crate) server: Server,
    /// Where the truth is kept.
    #[serde(default)]
    pub(crate) database: Database,
    /// Where short-lived values lie. Absent: in this process, for one node only.
    pub(crate) redis: Option<Redis>,
    /// Keys: the master key and the signing keys.
    pub(crate) keys: Keys,
    /// How this node reaches others.
    #[serde(default)]
    pub(crate) outbound: Outbound,
    /// Logs.
    #[serde(default)]
    pub(crate) telemetry: Telemetry,
    /// What a node will bear.
    #[serde(default)]
    pub(crate) limits: Limits,
    /// How long things last.
    #[serde(default)]
    pub(crate) sessions: Sessions,
    /// Passkeys: who we are to authenticators, and what is known of their makers.
    #[serde(default)]
    pub(crate) passkeys: Passkeys,
    /// Letters to people about their own accounts. Absent: nobody is told of anything by mail.
    pub(crate) mail: Option<Mail>,
    /// What pages look like.
    #[serde(default)]
    pub(crate) theme: Theme,
    /// What our SAML metadata says about us besides addresses and keys.
    #[serde(default)]
    pub(crate) saml: Saml,
}

/// Where and how this node listens.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    /// The public address of the broker, which is also its OpenID Connect issuer: `https`, no
    /// path, query or fragment. Plain `http` is allowed for `localhost` alone.
    pub(crate) base_url: Url,
    /// The public listener: address and port.
    #[serde(default = "default_listen")]
    pub(crate) listen: SocketAddr,
    /// The management listener (`/healthz`, `/readyz`, `/metrics`); keep it off public networks.
    #[serde(default = "default_management")]
    pub(crate) management_listen: SocketAddr,
    /// Certificate and key, when this node itself speaks TLS.
    pub(crate) tls: Option<Tls>,
    /// Reverse proxies in front of this node.
    #[serde(default)]
    pub(crate) proxy: Proxy,
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

fn default_management() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 9090))
}

/// Certificate and key, when this node itself speaks TLS.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    /// File with the certificate chain in PEM, the node's own first.
    pub(crate) certificate: PathBuf,
    /// File with the private key in PEM.
    pub(crate) key: PathBuf,
}

/// Reverse proxies in front of this node.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Proxy {
    /// Networks whose `X-Forwarded-For` is believed; nobody's by default.
    #[serde(default)]
    pub(crate) trusted: Vec<IpNet>,
}

/// Where the truth is kept.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    /// `sqlite:PATH` or `postgres://USER@HOST/NAME`.
    #[serde(default = "default_database")]
    pub(crate) url: String,
    /// The password, when it shall not stand in the address.
    pub(crate) password: Option<SecretRef>,
}

fn default_database() -> String {
    "sqlite:idp.sqlite".to_owned()
}

impl Default for Database {
    fn default() -> Self {
        Self { url: default_database(), password: None }
    }
}

/// Where short-lived values lie.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Redis {
    /// `redis://`, `rediss://`, `redis+sentinel://HOST:PORT,HOST:PORT/MASTER`; several: a cluster.
    pub(crate) url: OneOrMany,
    /// The password, when it shall not stand in the address.
    pub(crate) password: Option<SecretRef>,
    /// File with the certificates in PEM that sign the Redis servers'.
    pub(crate) ca: Option<PathBuf>,
}

/// One text or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All of them.
    pub(crate) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

/// Keys: the master key and the signing keys.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keys {
    /// The master key that seals everything at rest: 32 bytes in base64, by reference.
    pub(crate) master: SecretRef,
    /// Which signing keys there are: `ES256`, `RS256`, `RS256-3072`, `EdDSA`, `PS256`. The first
    /// one signs for relying parties that do not say otherwise; `RS256` must be among them.
    #[serde(default = "default_algorithms")]
    pub(crate) algorithms: Vec<String>,
    /// Days after which a signing key is replaced.
    #[serde(default = "default_rotation")]
    pub(crate) rotate_after_days: u32,
    /// Days for which the next key is published before it signs.
    #[serde(default = "default_lead")]
    pub(crate) publish_ahead_days: u32,
}

fn default_algorithms() -> Vec<String> {
    ["ES256", "RS256", "EdDSA"].map(str::to_owned).to_vec()
}

fn default_rotation() -> u32 {
    90
}

fn default_lead() -> u32 {
    7
}

/// How this node reaches others.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outbound {
    /// An HTTP proxy for everything that goes out.
    pub(crate) proxy: Option<Url>,
    /// Files with certificates in PEM that are trusted besides the system's.
    #[serde(default)]
    pub(crate) ca: Vec<PathBuf>,
}

/// Logs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Telemetry {
    /// What is logged: a level, or directives such as `info,idp_web=debug`.
    #[serde(default = "default_log")]
    pub(crate) log: String,
    /// How: `json` or `text`.
    #[serde(default)]
    pub(crate) format: LogFormat,
}

fn default_log() -> String {
    "info".to_owned()
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { log: default_log(), format: LogFormat::default() }
    }
}

/// How lines are logged.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// One JSON object a line.
    #[default]
    Json,
    /// For people.
    Text,
}

/// What a node will bear.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Limits {
    /// Lets peers be plain `http` on loopback addresses: for tests and demonstrations only.
    pub(crate) loopback_peers: bool,
    /// Seconds after which a request is given up.
    pub(crate) request_seconds: u32,
    /// Requests that a node works on at once; more are answered 503.
    pub(crate) concurrent_requests: usize,
    /// Threads that hash passwords; 0: one a processor.
    pub(crate) hashing_threads: usize,
    /// Memory of one password hash in KiB (Argon2id `m`).
    pub(crate) hash_memory_kib: u32,
    /// Passes of one password hash (Argon2id `t`).
    pub(crate) hash_passes: u32,
    /// Wrong passwords for one account from one address before it has to wait; ten times as many
    /// from anywhere.
    pub(crate) attempts_per_account: u32,
    /// Passwords from one address in a quarter of an hour before it has to wait; six times as many
    /// from the network around it for one agency, fifteen times as many for all.
    pub(crate) attempts_per_address: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            loopback_peers: false,
            request_seconds: 30,
            concurrent_requests: 2_000,
            hashing_threads: 0,
            hash_memory_kib: 19_456,
            hash_passes: 2,
            attempts_per_account: 10,
            attempts_per_address: 100,
        }
    }
}

/// How long things last: what NIST SP 800-63B-4 has for two factors, or less. Agencies and relying
/// parties may have less still; where AAL3 is demanded it is 15 minutes and 12 hours by itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Sessions {
    /// Minutes after which an unused session ends; an hour at most (section 2.2.3). In a browser
    /// that is shared it is a quarter of an hour.
    pub(crate) idle_minutes: u32,
    /// Hours after which every session ends, used or not; 24 at most (section 2.2.3).
    pub(crate) absolute_hours: u32,
    /// Hours after which a proof of more than one factor, here or at a source, counts no longer;
    /// 24 at most.
    pub(crate) factor_hours: u32,
    /// Whether a session ends that is used from two networks at the same time; it is reported in
    /// any case.
    pub(crate) end_suspicious: bool,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle_minutes: 60, absolute_hours: 12, factor_hours: 12, end_suspicious: false }
    }
}

/// Passkeys: who we are to authenticators, and what is known of their makers.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Passkeys {
    /// The relying party id: the host of `base_url`, which is the default, or a domain above it.
    /// Changing it makes every passkey useless; a node then refuses to start.
    pub(crate) id: Option<String>,
    /// What browsers call the broker when they ask for a passkey; the theme's product name when
    /// absent.
    pub(crate) name: Option<String>,
    /// Origins under other domains whose pages may use these passkeys, such as
    /// `https://sso.example.net`.
    pub(crate) related_origins: Vec<Url>,
    /// File with the models of authenticators: the BLOB of the FIDO Metadata Service (MDS3).
    pub(crate) metadata: Option<PathBuf>,
    /// File with the certificate that the signature on `metadata` must lead to, in PEM or DER:
    /// for the FIDO Alliance's file that of `GlobalSign` Root CA R3.
    pub(crate) metadata_root: Option<PathBuf>,
    /// The name in the certificate of who signed `metadata`; `mds.fidoalliance.org` when absent.
    pub(crate) metadata_signer: Option<String>,
}

/// Letters to people about their own accounts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mail {
    /// The name of the mail server that takes our letters.
    pub(crate) server: String,
    /// Its port; 587, or 465 with `tls = "implicit"`, 25 with `tls = "none"`.
    pub(crate) port: Option<u16>,
    /// How the line is protected: `starttls`, without which nothing is said; `implicit`, which
    /// is TLS from its beginning; or `none`, for a server on this machine alone.
    #[serde(default)]
    pub(crate) tls: MailTls,
    /// File with certificates in PEM that are trusted besides the system's.
    pub(crate) ca: Option<PathBuf>,
    /// Who we are to the server, where it wants to know.
    pub(crate) user: Option<String>,
    /// The password of `user`.
    pub(crate) password: Option<SecretRef>,
    /// The address that letters come from. Their name is the theme's product name.
    pub(crate) from: String,
    /// The address that answers go to, if not there.
    pub(crate) reply_to: Option<String>,
}

/// How the line to the mail server is protected.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MailTls {
    /// It becomes TLS before anything is said.
    #[default]
    Starttls,
    /// It is TLS from its beginning.
    Implicit,
    /// It is not.
    None,
}

/// What our SAML metadata says about us besides addresses and keys.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Saml {
    /// What the broker is called, by language (`ar`, `en`, `es`, `fr`, `ru`, `zh`); the theme's
    /// product name when absent.
    pub(crate) names: Localized,
    /// What the broker is for, in a sentence, by language.
    pub(crate) descriptions: Localized,
    /// The organization that runs the broker, by language.
    pub(crate) organization: Localized,
    /// The organization's web page; the broker's own address when absent.
    pub(crate) organization_url: Option<Url>,
    /// A logo: an `https` address.
    pub(crate) logo: Option<Url>,
    /// The page that says how personal data is treated.
    pub(crate) privacy_url: Option<Url>,
    /// Mail address for technical questions.
    pub(crate) technical_contact: Option<String>,
    /// Mail address for people who cannot sign in.
    pub(crate) support_contact: Option<String>,
    /// Mail address for security incidents (the REFEDS security contact).
    pub(crate) security_contact: Option<String>,
    /// What the broker is certified for, by URI, such as `https://refeds.org/sirtfi`.
    pub(crate) assurance_certification: Vec<String>,
    /// The entity categories that the broker is in as service provider towards agencies, by URI.
    pub(crate) entity_categories: Vec<String>,
}

/// What pages look like.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Theme {
    /// A folder that replaces the built-in theme.
    pub(crate) directory: Option<PathBuf>,
}
