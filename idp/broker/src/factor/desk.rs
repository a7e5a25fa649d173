//! What a help desk does for a person: access passes, and removing all factors. Each with a reason
//! and a name, in the trail and in a letter to the person. Needs no running broker.

use std::sync::Arc;

use idp_domain::{
    AccessPassId, AccountId, AgencyId, AuditEvent, Fault, Lang, LetterKind, Secret, SourceId,
    Timestamp, audit::AuditKind,
};
use idp_factors::access_pass::{AccessPass, PassLife, PassReason};
use idp_store::{
    Sealer, Store,
    accounts::Accounts,
    devices::Devices,
    factors::{
        FactorTables,
        act::ResetFactors,
        passes::{AccessPasses, ApproveAccessPass, IssueAccessPass},
    },
    journal::{Act, By, Journal, Outcome, Unit},
    sessions::{EndSessions, Of},
};

use super::{
    letters::{About, Letters, Scribe},
    person::{record, short_name},
};
use crate::random::draw;

/// Does what help desks do. Cheap to clone.
#[derive(Clone)]
pub struct HelpDesk {
    journal: Journal,
    accounts: Accounts,
    factors: FactorTables,
    passes: AccessPasses,
    devices: Devices,
    scribe: Scribe,
}

/// An access pass that is to be issued.
#[derive(Clone, Debug)]
pub struct IssuePass {
    /// For whom.
    pub account: AccountId,
    /// Whose help desk issues it.
    pub agency: AgencyId,
    /// Whether somebody else has to approve it, by the agency's rules.
    pub needs_approval: bool,
    /// Who issues it, as the trail calls them.
    pub by: String,
    /// Why.
    pub reason: PassReason,
    /// How long it opens something.
    pub life: PassLife,
    /// The language of the letter, where the person's is not known.
    pub lang: Lang,
    /// The time.
    pub now: Timestamp,
}

/// An access pass that was issued.
#[derive(Debug)]
pub struct IssuedPass {
    /// Its name, for whoever approves it.
    pub id: AccessPassId,
    /// What the person types: told once, and known to nobody afterwards.
    pub shown: Secret<String>,
    /// When it opens nothing any more.
    pub expires_at: Timestamp,
    /// Whether somebody else has to approve it first.
    pub needs_approval: bool,
}

/// Factors that are to be removed.
#[derive(Clone, Debug)]
pub struct ResetBy {
    /// Whose.
    pub account: AccountId,
    /// Who removes them, as the trail calls them.
    pub by: String,
    /// Why.
    pub reason: PassReason,
    /// Whether the person has to enrol others at the next sign-in.
    pub must_enrol: bool,
    /// The language of the letter, where the person's is not known.
    pub lang: Lang,
    /// The time.
    pub now: Timestamp,
}

/// Why a help desk's wish was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskRefusal {
    /// There is no such account that may sign in, or no such pass.
    Unknown,
    /// Whoever issued a pass does not approve it.
    SamePerson,
    /// The pass is over, was used, or needs no approval.
    Over,
}

/// What a help desk sees of somebody's factors: no secret, and nothing that finds one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownFactors {
    /// When the account was made.
    pub created_at: Timestamp,
    /// Whether it may sign in.
    pub disabled: bool,
    /// The sources that know the person.
    pub sources: Vec<SourceId>,
    /// The passkeys, oldest first.
    pub passkeys: Vec<PasskeyShown>,
    /// Since when there is an authenticator app.
    pub totp_since: Option<Timestamp>,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
    /// How many devices are remembered.
    pub devices: u32,
    /// Whether the factors were reported, and others have to be enrolled.
    pub must_enrol: bool,
}

/// A passkey, as a help desk sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyShown {
    /// What the trail calls it.
    pub credential: String,
    /// What its owner calls it.
    pub name: String,
    /// The model, as a UUID.
    pub model: String,
    /// Whether it can be in several devices.
    pub synced: bool,
    /// Whether it is bound to hardware by the word of a maker that is trusted.
    pub hardware: bool,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

impl HelpDesk {
    /// A help desk over `store`. People are written to if `letters` are sent at all; `sealer` seals
    /// them.
    #[must_use]
    pub fn new(store: &Store, sealer: Arc<Sealer>, letters: bool) -> Self {
        Self {
            journal: store.journal.clone(),
            accounts: store.accounts.clone(),
            factors: store.factors.clone(),
            passes: store.access_passes.clone(),
            devices: store.devices.clone(),
            scribe: Scribe::new(store.accounts.clone(), sealer, letters),
        }
    }

    /// Issues an access pass. Those of the person that were not used are void from then on.
    pub async fn issue_access_pass(
        &self,
        wish: &IssuePass,
    ) -> Result<Result<IssuedPass, DeskRefusal>, Fault> {
        let id = AccessPassId::from_random(draw()?);
        let pass = AccessPass::draw().map_err(|error| Fault::new("drawing a pass", error))?;
        let record = pass.record(wish.reason.clone(), wish.life, wish.now);
        let kind = LetterKind::AccessPassIssued;
        let letters = self.write(kind, &wish.account, wish.lang, wish.now).await?;
        let issued = AuditEvent {
            account: Some(wish.account.clone()),
            agency: Some(wish.agency.clone()),
            ..AuditEvent::new(AuditKind::AccessPassIssued, wish.now)
        };
        let issued = issued
            .with("pass", id.as_str())
            .with("by", wish.by.as_str())
            .with("why", wish.reason.as_str())
            .with("needs_approval", wish.needs_approval.to_string());
        let issued = letters.noted(issued);
        let act = IssueAccessPass {
            pass: id.clone(),
            account: wish.account.clone(),
            agency: wish.agency.clone(),
            hash: *record.hash.as_bytes(),
            reason: wish.reason.as_str().to_owned(),
            issued_by: wish.by.clone(),
            needs_approval: wish.needs_approval,
            expires_at: record.expires_at,
            letters: letters.into_sealed(),
            now: wish.now,
        };
        let doing = "issuing an access pass";
        Ok(match self.change(doing, Act::IssueAccessPass(act), issued).await? {
            Outcome::Done => Ok(IssuedPass {
                id,
                shown: Secret::new(pass.shown().to_owned()),
                expires_at: record.expires_at,
                needs_approval: wish.needs_approval,
            }),
            _ => Err(DeskRefusal::Unknown),
        })
    }

    /// Approves an access pass that somebody else issued.
    pub async fn approve_access_pass(
        &self,
        id: &AccessPassId,
        by: &str,
        now: Timestamp,
    ) -> Result<Result<(), DeskRefusal>, Fault> {
        let pass = self.passes.find(id).await;
        let pass = pass.map_err(|error| Fault::new("finding an access pass", error))?;
        let Some(pass) = pass else { return Ok(Err(DeskRefusal::Unknown)) };
        let approved = AuditEvent {
            account: Some(pass.account.clone()),
            agency: Some(pass.agency.clone()),
            ..AuditEvent::new(AuditKind::AccessPassApproved, now)
        };
        let approved = approved.with("pass", id.as_str()).with("by", by);
        let act = ApproveAccessPass {
            pass: id.clone(),
            approved_by: by.to_owned(),
            // The person was written to when it was issued.
            letters: Vec::new(),
            now,
        };
        let doing = "approving an access pass";
        Ok(match self.change(doing, Act::ApproveAccessPass(act), approved).await? {
            Outcome::Done => Ok(()),
            Outcome::Conflict if pass.issued_by == by => Err(DeskRefusal::SamePerson),
            Outcome::Unknown => Err(DeskRefusal::Unknown),
            _ => Err(DeskRefusal::Over),
        })
    }

    /// Removes every factor of a person, and ends every session and grant that rests on one.
    pub async fn reset_factors(&self, wish: &ResetBy) -> Result<Result<(), DeskRefusal>, Fault> {
        let kind = LetterKind::FactorsReset;
        let letters = self.write(kind, &wish.account, wish.lang, wish.now).await?;
        let reset = AuditEvent {
            account: Some(wish.account.clone()),
            ..AuditEvent::new(AuditKind::FactorsReset, wish.now)
        };
        let reset = reset.with("by", wish.by.as_str()).with("why", wish.reason.as_str());
        let reset = letters.noted(reset);
        let act = ResetFactors {
            account: wish.account.clone(),
            must_enrol: wish.must_enrol,
            letters: letters.into_sealed(),
            now: wish.now,
        };
        let doing = "removing factors";
        if self.change(doing, Act::ResetFactors(act), reset).await? != Outcome::Done {
            return Ok(Err(DeskRefusal::Unknown));
        }
        let end = EndSessions {
            of: Of::Account(wish.account.clone()),
            except: None,
            offline: true,
            because: "factors_reset",
            now: wish.now,
        };
        let by = By { name: wish.by.clone(), address: None };
        let ended = self.journal.end_sessions(end, &by).await;
        ended.map_err(|error| Fault::new("ending sessions", error))?;
        Ok(Ok(()))
    }

    /// What somebody has enrolled; none if there is no such account.
    pub async fn show_factors(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Option<ShownFactors>, Fault> {
        let failed = |error| Fault::new("reading factors", error);
        let Some(known) = self.accounts.find(account).await.map_err(failed)? else {
            return Ok(None);
        };
        let Some(stored) = self.factors.of(account).await.map_err(failed)? else {
            return Ok(None);
        };
        let links = self.accounts.links(account).await.map_err(failed)?;
        let devices = self.devices.of(account, now).await.map_err(failed)?;
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let passkeys = stored.passkeys.iter().filter_map(|stored| {
            let record = record(stored)?;
            Some(PasskeyShown {
                credential: short_name(&record.id()),
                name: stored.name.clone(),
                model: record.aaguid.to_string(),
                synced: record.backup_eligible(),
                hardware: record.is_hardware(),
                created_at: record.created_at,
                last_used_at: record.last_used_at,
            })
        });
        Ok(Some(ShownFactors {
            created_at: known.created_at,
            disabled: known.disabled,
            sources: links.into_iter().map(|link| link.source).collect(),
            passkeys: passkeys.collect(),
            totp_since: stored.totp.as_ref().map(|app| app.enrolled_at),
            recovery_codes: count(stored.recovery.iter().filter(|code| !code.used).count()),
            devices: count(devices.len()),
            must_enrol: stored.must_enrol,
        }))
    }

    async fn write(
        &self,
        kind: LetterKind,
        account: &AccountId,
        lang: Lang,
        now: Timestamp,
    ) -> Result<Letters, Fault> {
        let about =
            About { account, lang, at: now, address: String::new(), reference: String::new() };
        self.scribe.write(kind, &about, None).await
    }

    async fn change(
        &self,
        doing: &'static str,
        act: Act,
        event: AuditEvent,
    ) -> Result<Outcome, Fault> {
        let unit = Unit::telling(act, move |outcome| match outcome {
            Outcome::Done => vec![event.clone()],
            _ => Vec::new(),
        });
        self.commit(doing, unit).await
    }

    async fn commit(&self, doing: &'static str, unit: Unit) -> Result<Outcome, Fault> {
        self.journal.commit(unit).await.map_err(|error| Fault::new(doing, error))
    }
}

impl std::fmt::Debug for HelpDesk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HelpDesk")
    }
}
