//! The self-test of operators: forged messages against a running node's own endpoints.
//!
//! An attacker from outside: owns a throw-away key and a browser, and learns what it needs over
//! HTTP. It must never open the node's database or use a key that anybody trusts.

mod browser;
mod canary;
mod catalogue;
mod error;
mod forge;
mod html;
mod judge;
mod login;
mod report;
mod stage;
#[cfg(test)]
mod testing;

use std::path::PathBuf;

use idp_domain::{SourceId, Timestamp};
use idp_fetch::Fetcher;
use idp_saml::dsig::SigningKey;
use url::Url;

use browser::{Browser, Sent};
use canary::Canary;
use catalogue::Entry;
pub(crate) use error::AttackError;
use error::ForgeError;
use forge::{Forger, Genuine, Requester};
use judge::{Played, Verdict, judge};
use login::{Live, NoLogin, Way};
pub(crate) use report::{Line, Report};
use stage::{Door, Stage, away};

/// What is to be attacked, and what the attacker was told.
pub(crate) struct Wish {
    /// The node's address.
    pub(crate) base: Url,
    /// The source whose answers are forged.
    pub(crate) source: Option<SourceId>,
    /// A relying party of OpenID Connect, and where it is answered: logins are begun for it.
    pub(crate) relying_party: Option<(String, Url)>,
    /// The entity id of a service provider: requests are forged in its name.
    pub(crate) service_provider: Option<String>,
    /// The entity id of the source's agency.
    pub(crate) issuer: Option<String>,
    /// A response that the source's agency has really sent.
    pub(crate) response: Option<PathBuf>,
}

/// An attack that is under way.
pub(crate) struct Attack {
    fetcher: Fetcher,
    stage: Stage,
    way: Way,
    provider: Option<(String, bool)>,
    issuer: Option<String>,
    genuine: Option<Genuine>,
    key: SigningKey,
    canary: Canary,
    clock: fn() -> Timestamp,
}

impl Attack {
    /// Looks around at the node and makes a key.
    pub(crate) async fn prepare(
        wish: Wish,
        fetcher: Fetcher,
        clock: fn() -> Timestamp,
    ) -> Result<Self, AttackError> {
        let genuine = wish.response.as_deref().map(Genuine::open).transpose()?;
        let said = genuine.as_ref().map(|genuine| genuine.issuer.clone());
        let issuer = wish.issuer.or(said);
        let stage = Stage::look(&fetcher, &wish.base, wish.source, clock()).await?;
        let provider = match wish.service_provider {
            Some(entity_id) => {
                let is_free = need_not_sign(&fetcher, &stage, &entity_id, clock()).await?;
                Some((entity_id, is_free))
            }
            None => None,
        };
        let way = match (wish.relying_party, &provider) {
            (Some((client, redirect_uri)), _) => {
                Way::oidc(&stage, &fetcher, client, redirect_uri).await?
            }
            (None, Some((entity_id, true))) => Way::Saml(entity_id.clone()),
            (None, Some(_)) => {
                Way::Nobody("the service provider must sign what it asks".to_owned())
            }
            (None, None) => Way::Nobody("no relying party is named".to_owned()),
        };
        let key = forge::throw_away_key(clock())?;
        let canary = Canary::start().await.map_err(AttackError::Canary)?;
        Ok(Self { fetcher, stage, way, provider, issuer, genuine, key, canary, clock })
    }

    /// How many messages there are for what is attacked.
    pub(crate) fn count(&self) -> usize {
        self.entries().count()
    }

    fn entries(&self) -> impl Iterator<Item = &'static Entry> {
        let has_target = self.stage.target.is_some();
        catalogue::all().filter(move |entry| has_target || !entry.door.is_of_the_source())
    }

    /// Whether the agency is known by its name, and not by a guess.
    pub(crate) fn knows_the_issuer(&self) -> bool {
        self.issuer.is_some()
    }

    /// Whether the node lets a login begin, of which messages can then be answers; why not.
    pub(crate) async fn is_heard(&self) -> Option<Result<(), String>> {
        self.stage.target.as_ref()?;
        let mut browser = Browser::new(&self.fetcher, &self.stage.base);
        Some(self.login(&mut browser).await.map(drop).map_err(|no| no.text()))
    }

    async fn login(&self, browser: &mut Browser<'_>) -> Result<Live, NoLogin> {
        match &self.stage.target {
            Some(target) => self.way.begin(browser, &self.stage, target, (self.clock)()).await,
            None => Err(NoLogin::Refused("no source is named".to_owned())),
        }
    }

    /// Plays all messages, one after the other; `tell` hears of each.
    ///
    /// With `heard`, each is an answer to a login of its own, in a browser of its own.
    pub(crate) async fn play(
        &self,
        heard: bool,
        mut tell: impl FnMut(&Line),
    ) -> Result<Report, AttackError> {
        let mut report = Report::default();
        for entry in self.entries() {
            let line = self.played(entry, heard).await?;
            tell(&line);
            report.add(line);
        }
        Ok(report)
    }

    async fn played(&self, entry: &'static Entry, heard: bool) -> Result<Line, AttackError> {
        let mut browser = Browser::new(&self.fetcher, &self.stage.base);
        let live = if heard && entry.door == Door::Acs {
            match self.login(&mut browser).await {
                Ok(live) => live,
                Err(no) => return Ok(Line::unclear(entry, format!("no login: {}", no.text()))),
            }
        } else {
            Live::default()
        };
        let sent = match self.forged(entry, &live) {
            Err(ForgeError::NotHere(why)) => return Ok(Line::skipped(entry, why)),
            sent => sent?,
        };
        // Whoever called before is none of this message's.
        self.canary.calls();
        Ok(match browser.play(&sent).await {
            Ok((seen, took)) => {
                let calls = self.canary.calls();
                let base = &self.stage.base;
                let played = Played { door: entry.door, base, seen: &seen, took, calls };
                Line::judged(entry, judge(&played), &seen, took)
            }
            Err(error) => Line::unclear(entry, error.to_string()),
        })
    }

    fn forged(&self, entry: &Entry, live: &Live) -> Result<Sent, ForgeError> {
        (entry.forge)(&Forger {
            stage: &self.stage,
            live,
            key: &self.key,
            issuer: self.issuer.as_deref(),
            genuine: self.genuine.as_ref(),
            provider: self.provider.as_ref(),
            canary: &self.canary.base,
            now: (self.clock)(),
        })
    }
}

/// Whether the node takes requests of a service provider that are not signed.
async fn need_not_sign(
    fetcher: &Fetcher,
    stage: &Stage,
    entity_id: &str,
    now: Timestamp,
) -> Result<bool, AttackError> {
    let url = Requester { entity_id, stage, now }.honest(Door::SsoRedirect)?;
    let played = Browser::new(fetcher, &stage.base).play(&Sent::Query(url)).await;
    let (seen, _) = played.map_err(|source| away(&stage.base, source))?;
    match seen.last() {
        Some(last) if html::code(&last.body) == Some("unknown_sp") => {
            Err(AttackError::NoServiceProvider(entity_id.to_owned()))
        }
        Some(last) => Ok(last.status < 400),
        None => Ok(false),
    }
}
