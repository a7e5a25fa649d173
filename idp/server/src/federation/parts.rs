//! From an entry to what the rest of the house works with. The one way: what cannot be served is
//! not applied, and what was applied is served. Makes no request and writes nothing.

use std::{collections::BTreeSet, sync::Arc};

use idp_domain::{
    Acr, Agency, Lang, Localized, RelyingParty, Source, Trust,
    assurance::{KNOWN, REFEDS_MFA},
    attribute::{REGISTRY, by_name},
    relying_party::{OpenTo, Protocol},
    source::SourceKind,
    subject::SubjectKind,
};
use idp_oidc::op::{Client, ClientRegistration, Surroundings, client::web_uri};
use idp_sources::{
    oidc::{ConnectionError, OidcConnection, OidcConnector, Outside},
    saml::{Ours, SamlConnector},
};
use idp_store::Sealer;
use serde::{Deserialize, de::value::MapDeserializer};
use serde_json::{Map, Value};

use super::{
    error::Problem,
    factors,
    file::{AgencyEntry, LocalEntry, RelyingPartyEntry, SourceEntry},
    saml::{self, ServiceEntry},
    secrets, trust,
};
use crate::config::nearest;

/// The longest name in characters: a page shows no more than the half of it.
const MAX_NAME: usize = 128;
/// The most aliases, domains, scopes or contacts that an agency has.
const MAX_LIST: usize = 1_000;

/// A relying party as policy sees it, and as its dialect does.
#[derive(Clone)]
pub(crate) struct Party {
    /// What policy needs, as far as the entry says it.
    pub(crate) relying_party: RelyingParty,
    /// What the dialect needs.
    pub(crate) dialect: Dialect,
}

/// What only a dialect knows of a relying party.
#[derive(Clone)]
pub(crate) enum Dialect {
    /// OpenID Connect.
    Oidc(Arc<Client>),
    /// SAML.
    Saml(Arc<ServiceEntry>),
}

/// Who speaks to a source.
pub(crate) enum Speaker {
    /// A connector of OpenID Connect.
    Oidc(Arc<OidcConnector>),
    /// A connector of SAML.
    Saml(Arc<SamlConnector>),
    /// The gate before the broker's own accounts.
    Local,
}

/// The agency of `entry`.
pub(crate) fn agency(
    entry: &AgencyEntry,
    surroundings: Surroundings,
) -> Result<Agency, Vec<Problem>> {
    let mut problems = Vec::new();
    problems.extend(names(&entry.names, true));
    for (key, length) in [
        ("aliases", entry.aliases.len()),
        ("domains", entry.domains.len()),
        ("scopes", entry.scopes.len()),
        ("contacts", entry.contacts.len()),
    ] {
        if length > MAX_LIST {
            problems.push(Problem::new(key, format!("more than {MAX_LIST}")));
        }
    }
    problems.extend(entry.aliases.iter().filter_map(|alias| unfit("aliases", alias)));
    for contact in &entry.contacts {
        if !contact.contains('@') {
            problems.push(Problem::new("contacts", "a contact is a mail address"));
        }
        problems.extend(unfit("contacts", contact));
    }
    problems.extend(factors::factors(&entry.factors));
    problems.extend(factors::sessions(entry.sessions));
    if let Some(Err(error)) = entry.logo.as_deref().map(|uri| web_uri("logo", uri, surroundings)) {
        problems.push(Problem::new("logo", format!("{}. {}", error.problem, error.hint)));
    }
    done(problems, || Agency {
        id: entry.id.clone(),
        names: entry.names.clone(),
        aliases: entry.aliases.clone(),
        domains: entry.domains.clone(),
        scopes: entry.scopes.clone(),
        logo: entry.logo.clone(),
        contacts: entry.contacts.clone(),
        factors: entry.factors.clone(),
        sessions: entry.sessions,
        enabled: entry.enabled,
    })
}

/// The source of `entry`, and who speaks to it. Its secrets must be sealed.
pub(crate) fn source(
    entry: &SourceEntry,
    sealer: &Sealer,
    outside: &Outside,
    ours: &Ours,
) -> Result<(Source, Speaker), Vec<Problem>> {
    let mut problems = names(&entry.names, false);
    problems.extend(entry.trusted_acr.iter().filter_map(|acr| unknown("trusted_acr", acr)));
    let trust = trust::trust(entry).unwrap_or_else(|more| {
        problems.extend(more);
        Trust::default()
    });
    let speaker = match entry.kind {
        SourceKind::Oidc => connector(entry, sealer, outside).map(Speaker::Oidc),
        SourceKind::Saml => {
            saml::connector(&entry.id, &entry.agency, &entry.connection.0, ours).map(Speaker::Saml)
        }
        SourceKind::Local => parse::<LocalEntry>(&entry.connection.0, &[]).map(|_| Speaker::Local),
    };
    let speaker = speaker
        .map_err(|more| problems.extend(more.into_iter().map(|one| one.within("connection"))))
        .ok();
    let Some(speaker) = speaker.filter(|_| problems.is_empty()) else { return Err(problems) };
    let source = Source {
        id: entry.id.clone(),
        agency: entry.agency.clone(),
        kind: entry.kind,
        names: entry.names.clone(),
        trust,
        enabled: entry.enabled,
    };
    Ok((source, speaker))
}

fn connector(
    entry: &SourceEntry,
    sealer: &Sealer,
    outside: &Outside,
) -> Result<Arc<OidcConnector>, Vec<Problem>> {
    let mut keys = entry.connection.0.clone();
    let [secret, key] = secrets::SEALED.map(|name| {
        let kept = keys.remove(name)?;
        let opened = secrets::open(sealer, &entry.id, name, &kept);
        Some(opened.map_err(|problem| vec![problem]))
    });
    let mut connection: OidcConnection = parse(&keys, &["issuer", "client_id"])?;
    connection.client_secret = secret.transpose()?;
    connection.private_key = key.transpose()?;
    OidcConnector::new(entry.id.clone(), entry.agency.clone(), connection, outside.clone())
        .map(Arc::new)
        .map_err(|error| vec![unworkable(&error)])
}

fn unworkable(error: &ConnectionError) -> Problem {
    let message = match error {
        ConnectionError::Place(place) => format!("{error}: {place}"),
        ConnectionError::PrivateKey(Some(key)) => format!("{error}: {key}"),
        error => error.to_string(),
    };
    Problem::new("", message)
}

/// The relying party of `entry`.
pub(crate) fn party(
    entry: &RelyingPartyEntry,
    surroundings: Surroundings,
) -> Result<Party, Vec<Problem>> {
    let mut problems = names(&entry.names, true);
    problems.extend(entry.required_acr.iter().filter_map(|acr| unknown("required_acr", acr)));
    problems.extend(factors::sessions(entry.sessions));
    if entry.agencies.as_ref().is_some_and(BTreeSet::is_empty) {
        let message = "nobody could use it; leave the key out for everybody";
        problems.push(Problem::new("agencies", message));
    }
    for name in entry.attributes.iter().flatten() {
        if by_name(name.as_str()).is_none() {
            let known = REGISTRY.iter().map(|def| def.name.as_str());
            let message = format!("there is no attribute `{name}`{}", hint(name.as_str(), known));
            problems.push(Problem::new("attributes", message));
        }
    }
    let home = entry.home.as_deref().map(|uri| web_uri("home", uri, surroundings)).transpose();
    let home = home.unwrap_or_else(|error| {
        problems.push(Problem::new("home", format!("{}. {}", error.problem, error.hint)));
        None
    });
    let dialect = match entry.kind {
        Protocol::Oidc => client(entry, surroundings).map(|one| Dialect::Oidc(Arc::new(one))),
        Protocol::Saml => ServiceEntry::new(entry, surroundings.loopback_peers)
            .map(|one| Dialect::Saml(Arc::new(one)))
            .map_err(|more| more.into_iter().map(|one| one.within("connection")).collect()),
        Protocol::Own => Err(vec![Problem::new(
            "kind",
            "`own` is for the broker's own pages; write `oidc` or `saml`",
        )]),
    };
    let dialect = dialect.map_err(|more| problems.extend(more)).ok();
    let Some(dialect) = dialect.filter(|_| problems.is_empty()) else { return Err(problems) };
    let mut relying_party = RelyingParty {
        id: entry.id.clone(),
        agency: entry.agency.clone(),
        names: entry.names.clone(),
        home,
        initiate: None,
        protocol: entry.kind,
        open_to: entry.agencies.clone().map_or(OpenTo::All, OpenTo::Only),
        floor: entry.required_acr.clone(),
        sessions: entry.sessions,
        releasable: entry.attributes.clone().unwrap_or_default(),
        subject: SubjectKind::Pairwise,
        sector: String::new(),
        consent: entry.consent,
        verified: entry.verified,
        enabled: entry.enabled,
    };
    if let Dialect::Oidc(client) = &dialect {
        relying_party.home = relying_party.home.or_else(|| client.client_uri.clone());
        relying_party.initiate.clone_from(&client.initiate_login_uri);
        relying_party.subject = client.subject;
        relying_party.sector.clone_from(&client.sector);
        if entry.attributes.is_none() {
            relying_party.releasable = client.scopes.attributes();
        }
    }
    if let Dialect::Saml(service) = &dialect
        && let Some(provider) = service.fixed()
    {
        relying_party = service.relying_party(relying_party, provider);
    }
    Ok(Party { relying_party, dialect })
}

fn client(entry: &RelyingPartyEntry, surroundings: Surroundings) -> Result<Client, Vec<Problem>> {
    let registration: ClientRegistration = parse(&entry.connection.0, &[]).map_err(|problems| {
        problems.into_iter().map(|one| one.within("connection")).collect::<Vec<_>>()
    })?;
    Client::register(entry.id.clone(), &registration, surroundings).map_err(|errors| {
        let told = errors.iter().map(|error| {
            let key = match error.field {
                "id" => error.field.to_owned(),
                field => format!("connection.{field}"),
            };
            Problem::new(key, format!("{} ({}). {}", error.problem, error.slug, error.hint))
        });
        told.collect()
    })
}

/// Reads what stands under `keys`; of several that are wrong, each is told. `needed` must be there.
pub(super) fn parse<'a, T: Deserialize<'a>>(
    keys: &'a Map<String, Value>,
    needed: &[&'a str],
) -> Result<T, Vec<Problem>> {
    let error = match T::deserialize(keys) {
        Ok(read) => return Ok(read),
        Err(error) => error,
    };
    // The parser stops at the first key and does not always say which: ask for each by itself.
    let missing = needed.iter().filter(|key| !keys.contains_key(**key));
    let mut problems: Vec<_> = missing.map(|key| Problem::new(*key, "it is missing")).collect();
    for (key, value) in keys {
        if let Err(error) = T::deserialize(probe(needed, key, value)) {
            let error = error.to_string();
            // The message names a key that is not known, but none that is.
            let place = if error.starts_with("unknown field") { "" } else { key };
            problems.push(Problem::unreadable(place, &error));
        }
    }
    if problems.is_empty() {
        problems.push(Problem::unreadable("", &error.to_string()));
    }
    Err(problems)
}

type Probe<'a> = MapDeserializer<'a, std::vec::IntoIter<(&'a str, &'a Value)>, serde_json::Error>;

/// One key by itself, among dummies for those that must be there.
fn probe<'a>(needed: &[&'a str], key: &'a str, value: &'a Value) -> Probe<'a> {
    static DUMMY: Value = Value::String(String::new());
    let others = needed.iter().filter(|needed| **needed != key);
    let mut pairs: Vec<_> = others.map(|key| (*key, &DUMMY)).collect();
    pairs.push((key, value));
    MapDeserializer::new(pairs.into_iter())
}

/// What is wrong with names by language.
fn names(names: &Localized, needed: bool) -> Vec<Problem> {
    if needed && names.is_empty() {
        let langs: Vec<_> = Lang::ALL.iter().map(|lang| lang.tag()).collect();
        let message = format!("it needs a name in at least one of {}", langs.join(", "));
        return vec![Problem::new("names", message)];
    }
    let wrong = names.iter().filter_map(|(lang, name)| unfit(lang.tag(), name));
    wrong.map(|problem| problem.within("names")).collect()
}

fn unfit(key: &str, text: &str) -> Option<Problem> {
    let message = if text.trim().is_empty() {
        "it is empty".to_owned()
    } else if text.chars().count() > MAX_NAME {
        format!("it is longer than {MAX_NAME} characters")
    } else if text.chars().any(char::is_control) {
        "it has a control character or a line break".to_owned()
    } else {
        return None;
    };
    Some(Problem::new(key, message))
}

/// What is wrong with `acr` under `key`, if it is no context that can be proven here.
pub(super) fn unknown(key: &str, acr: &Acr) -> Option<Problem> {
    if acr.demands().is_some() {
        return None;
    }
    let meant = match hint(acr.as_str(), KNOWN.into_iter()) {
        none if none.is_empty() => format!("; the usual one is `{REFEDS_MFA}`"),
        meant => meant,
    };
    Some(Problem::new(key, format!("`{acr}` is no context that can be proven here{meant}")))
}

/// What was likely meant by a word that is not among `known`.
pub(super) fn hint<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(word, known).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
}

fn done<T>(problems: Vec<Problem>, make: impl FnOnce() -> T) -> Result<T, Vec<Problem>> {
    if problems.is_empty() { Ok(make()) } else { Err(problems) }
}
