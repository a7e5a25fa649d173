//! Adding, renaming and removing factors on the person's own page, and ending what is elsewhere.

use idp_domain::{
    AuditEvent, DeviceId, FactorKind, FactorProof, Fault, LetterKind, Lifetime, Refusal, SessionId,
    assurance::Worth, audit::AuditKind, logout::Beginner,
};
use idp_factors::webauthn::{CredentialId, PasskeyName};
use idp_store::{
    devices::Which,
    factors::{
        AccountFactors,
        act::{RemovePasskey, RemoveTotp, RenamePasskey},
    },
    journal::{Act, By, Outcome, Unit},
    sessions::{EndSessions, Found, Listed, Of as OfSessions},
};

use super::{Added, Denied, TotpStarted};
use crate::{
    Broker,
    factor::{
        ceremony::{Ceremony, Of, SealedText, Started, Work},
        page::{Codes, EnrolProblem},
        person::short_name,
        register::{Enrollee, Given, Registered},
        scene::Scene,
    },
    logout::SigningOut,
    visit::{LiveSession, SessionChange, Visit},
};

/// What became of a change.
type Changed<T> = Result<Result<T, Denied>, Fault>;

impl Broker {
    /// Begins to register a passkey.
    pub async fn start_passkey_for(&self, live: &LiveSession, visit: &Visit) -> Changed<Started> {
        if !self.may_change(live, visit).await? {
            return Ok(Err(Denied::StepUpNeeded));
        }
        let account = &live.session.account;
        let (options, registering) =
            self.ask_for_passkey(account, Worth::TWO_FACTORS, Scene::Page(live), visit).await?;
        let work = Work::Passkey(registering);
        let begun = self.begin_for(live, work, visit).await?;
        Ok(begun.map(|ceremony| Started { options, ceremony }))
    }

    /// Takes a new passkey.
    pub async fn add_passkey(
        &self,
        live: &LiveSession,
        ceremony: &str,
        answer: &str,
        name: &str,
        visit: &Visit,
    ) -> Changed<Added> {
        let Some(AccountFactors { epoch, .. }) = self.changeable(live, visit).await? else {
            return Ok(Err(Denied::StepUpNeeded));
        };
        let (account, scene) = (&live.session.account, Scene::Page(live));
        let (wanted, given) = (Worth::TWO_FACTORS, Given { ceremony, answer, name });
        let whose = Enrollee { account, epoch };
        let added = self.add_passkey_in(whose, wanted, scene, given, visit).await?;
        self.after(live, added, visit).await
    }

    /// Begins to enrol an authenticator app; `Unknown` where the agency has none.
    pub async fn start_totp_for(&self, live: &LiveSession, visit: &Visit) -> Changed<TotpStarted> {
        if !self.may_change(live, visit).await? {
            return Ok(Err(Denied::StepUpNeeded));
        }
        let scene = Scene::Page(live);
        if !self.agency_in(scene, visit)?.factors.totp {
            return Ok(Err(Denied::Unknown));
        }
        let sealed = self.draw_app(&scene.of())?;
        let page = self.app_page(scene, &sealed.0, visit)?;
        let begun = self.begin_for(live, Work::App(sealed), visit).await?;
        Ok(begun.map(|ceremony| TotpStarted { page, ceremony }))
    }

    /// The same app once more.
    pub async fn totp_page_for(
        &self,
        live: &LiveSession,
        ceremony: &str,
        visit: &Visit,
    ) -> Changed<TotpStarted> {
        let Some(SealedText(sealed)) = self.app_begun(live, ceremony).await? else {
            return Ok(Err(Denied::Problem(EnrolProblem::Expired)));
        };
        let page = self.app_page(Scene::Page(live), &sealed, visit)?;
        Ok(Ok(TotpStarted { page, ceremony: ceremony.to_owned() }))
    }

    /// Takes the first code of an app.
    pub async fn add_totp(
        &self,
        live: &LiveSession,
        ceremony: &str,
        typed: &str,
        visit: &Visit,
    ) -> Changed<Added> {
        let Some(AccountFactors { epoch, .. }) = self.changeable(live, visit).await? else {
            return Ok(Err(Denied::StepUpNeeded));
        };
        let Some(SealedText(sealed)) = self.app_begun(live, ceremony).await? else {
            return Ok(Err(Denied::Problem(EnrolProblem::Expired)));
        };
        let (account, scene) = (&live.session.account, Scene::Page(live));
        let whose = Enrollee { account, epoch };
        let added = self.add_app_in(whose, scene, &sealed, typed, visit).await?;
        if matches!(added, Registered::Done(_)) {
            self.take_ceremony(ceremony, &scene.of(), visit).await?;
        }
        self.after(live, added, visit).await
    }

    /// What the person hears of a factor that was to be added. Where the factors have changed at
    /// this moment, whether they may be is judged anew when it is begun anew.
    async fn after(&self, live: &LiveSession, added: Registered, visit: &Visit) -> Changed<Added> {
        match added {
            Registered::Done(proof) => self.added(live, proof, visit).await.map(Ok),
            Registered::Overtaken => Ok(Err(Denied::Problem(EnrolProblem::Expired))),
            Registered::Refused(problem) => Ok(Err(Denied::Problem(problem))),
        }
    }

    /// Whoever enrols a factor has proven it, here as in a login. So the session lies under a new
    /// handle from then on, unless it has ended meanwhile.
    async fn added(
        &self,
        live: &LiveSession,
        proof: FactorProof,
        visit: &Visit,
    ) -> Result<Added, Fault> {
        let scene = Scene::Page(live);
        let codes = self.first_codes(&live.session.account, scene, visit).await?;
        let Some(mut live) = self.session(&live.handle, visit.now).await? else {
            return Ok(Added { codes, session: SessionChange::None });
        };
        live.session.prove(proof);
        live.session.used_at = visit.now;
        if !self.attend(&live.session, None, Vec::new(), visit).await? {
            return Ok(Added { codes, session: SessionChange::None });
        }
        let session = live.session.clone();
        let visit = Visit { session: Some(live), ..visit.clone() };
        let handle = self.replace_session(&session, &visit).await?;
        Ok(Added { codes, session: SessionChange::Set(handle) })
    }

    async fn app_begun(
        &self,
        live: &LiveSession,
        ceremony: &str,
    ) -> Result<Option<SealedText>, Fault> {
        let found = self.look_at_ceremony(ceremony, &Of::page(live)).await?;
        Ok(found.and_then(|found| match found {
            Ceremony { work: Work::App(sealed), account: Some(of), .. }
                if of == live.session.account =>
            {
                Some(sealed)
            }
            _ => None,
        }))
    }

    async fn begin_for(&self, live: &LiveSession, work: Work, visit: &Visit) -> Changed<String> {
        let account = Some(live.session.account.clone());
        let ceremony = Ceremony { of: Of::page(live), account, work };
        let begun = self.begin_ceremony(&ceremony, visit).await?;
        Ok(begun.map_err(|refusal| match refusal {
            Refusal::Throttled { retry_after } => {
                Denied::Problem(EnrolProblem::Throttled { retry_after })
            }
            _ => Denied::Problem(EnrolProblem::Throttled { retry_after: Lifetime::minutes(1) }),
        }))
    }

    /// Gives a passkey another name.
    pub async fn rename_passkey(
        &self,
        live: &LiveSession,
        credential: &str,
        name: &str,
        visit: &Visit,
    ) -> Changed<()> {
        if !self.may_change(live, visit).await? {
            return Ok(Err(Denied::StepUpNeeded));
        }
        let Ok(name) = PasskeyName::parse(name) else {
            return Ok(Err(Denied::Problem(EnrolProblem::Name)));
        };
        let Ok(id) = CredentialId::try_from(credential.to_owned()) else {
            return Ok(Err(Denied::Unknown));
        };
        let act = RenamePasskey {
            account: live.session.account.clone(),
            credential: id.as_bytes().to_vec(),
            name: name.as_str().to_owned(),
        };
        // A name changes nothing that could be proven: the trail need not know it.
        let unit = Unit::new(Act::RenamePasskey(act), Vec::new());
        Ok(done(&self.commit("renaming a passkey", unit).await?))
    }

    /// Removes a passkey.
    pub async fn remove_passkey(
        &self,
        live: &LiveSession,
        credential: &str,
        visit: &Visit,
    ) -> Changed<()> {
        if !self.may_change(live, visit).await? {
            return Ok(Err(Denied::StepUpNeeded));
        }
        let account = &live.session.account;
        let stored = self.stored(account).await?;
        let id = CredentialId::try_from(credential.to_owned()).ok();
        let passkey = stored
            .iter()
            .flat_map(|stored| &stored.passkeys)
            .find(|passkey| id.as_ref().is_some_and(|id| id.as_bytes() == passkey.id));
        let (Some(passkey), Some(id)) = (passkey, &id) else { return Ok(Err(Denied::Unknown)) };
        let (factor, scene) = (FactorKind::Passkey, Scene::Page(live));
        let kind = LetterKind::FactorRemoved { factor, name: passkey.name.clone() };
        let letters = self.letters(kind, account, scene.attributes(visit), visit).await?;
        let removed = scene.about_factor(AuditKind::FactorRemoved, factor, account, visit);
        let removed = letters.noted(removed.with("credential", short_name(id)));
        let act = RemovePasskey {
            account: account.clone(),
            credential: passkey.id.clone(),
            named: short_name(id),
            must_keep_one: false,
            until: visit.now + self.settings.absolute,
            letters: letters.into_sealed(),
            now: visit.now,
        };
        self.change("removing a passkey", Act::RemovePasskey(act), removed).await
    }

    /// Removes the authenticator app.
    pub async fn remove_totp(&self, live: &LiveSession, visit: &Visit) -> Changed<()> {
        if !self.may_change(live, visit).await? {
            return Ok(Err(Denied::StepUpNeeded));
        }
        let (account, factor, scene) = (&live.session.account, FactorKind::Totp, Scene::Page(live));
        let kind = LetterKind::FactorRemoved { factor, name: String::new() };
        let letters = self.letters(kind, account, scene.attributes(visit), visit).await?;
        let removed = scene.about_factor(AuditKind::FactorRemoved, factor, account, visit);
        let removed = letters.noted(removed);
        let act = RemoveTotp {
            account: account.clone(),
            must_keep_one: false,
            until: visit.now + self.settings.absolute,
            letters: letters.into_sealed(),
            now: visit.now,
        };
        self.change("removing an app", Act::RemoveTotp(act), removed).await
    }

    /// Gives the account a new set of recovery codes, in the place of the one before.
    pub async fn new_recovery_codes(&self, live: &LiveSession, visit: &Visit) -> Changed<Codes> {
        let scene = Scene::Page(live);
        let Some(stored) = self.changeable(live, visit).await? else {
            return Ok(Err(Denied::StepUpNeeded));
        };
        let account = &live.session.account;
        let has_factor = stored.totp.is_some() || !stored.passkeys.is_empty();
        if !has_factor || !self.agency_in(scene, visit)?.factors.recovery_codes {
            return Ok(Err(Denied::Unknown));
        }
        let kind = LetterKind::RecoveryCodesMade;
        let letters = self.letters(kind, account, scene.attributes(visit), visit).await?;
        let factor = FactorKind::RecoveryCode;
        let made = scene.about_factor(AuditKind::FactorEnrolled, factor, account, visit);
        let made = letters.noted(made);
        let whose = Enrollee { account, epoch: stored.epoch };
        let codes = self.draw_codes(whose, letters, made, visit).await?;
        Ok(codes.ok_or(Denied::Unknown))
    }

    /// Forgets a device. Needs no proof: it takes a right away.
    pub async fn forget_device(
        &self,
        live: &LiveSession,
        device: &DeviceId,
        visit: &Visit,
    ) -> Changed<()> {
        let which = Which::One(device.clone());
        let account = &live.session.account;
        let known = self.drop_devices(account, which, Scene::Page(live), visit).await?;
        Ok(if known { Ok(()) } else { Err(Denied::Unknown) })
    }

    /// Ends another session of the same person. Needs no proof: it takes a right away.
    pub async fn end_other_session(
        &self,
        live: &LiveSession,
        session: &SessionId,
        visit: &Visit,
    ) -> Changed<()> {
        let own = |other: &Listed| {
            other.account == live.session.account
                && other.id != live.session.id
                && other.ended_at.is_none()
        };
        let found = self.session_by_id(session).await?;
        let Some(other) = found.filter(own) else { return Ok(Err(Denied::Unknown)) };
        let Listed { id, account, ends_at, .. } = other;
        let found = Found { id, account, ends_at, ended: false };
        let wish = SigningOut {
            begun_by: Beginner::Person,
            sessions: vec![found],
            spares: None,
            upstream: None,
            by_browser: false,
        };
        self.sign_out(wish, visit).await?;
        Ok(Ok(()))
    }

    /// Ends all other sessions of the same person, and forgets all devices but this one. Returns
    /// how many sessions that were.
    pub async fn end_all_other_sessions(
        &self,
        live: &LiveSession,
        visit: &Visit,
    ) -> Result<u64, Fault> {
        let except = Some(live.session.id.clone());
        let account = &live.session.account;
        let which = self.device_here(account, visit).await?.map_or(Which::All, Which::AllBut);
        self.drop_devices(account, which, Scene::Page(live), visit).await?;
        self.end_all(live, except, "person", false, visit).await
    }

    /// Ends the sessions of the person.
    pub(super) async fn end_all(
        &self,
        live: &LiveSession,
        except: Option<SessionId>,
        because: &'static str,
        offline: bool,
        visit: &Visit,
    ) -> Result<u64, Fault> {
        let account = &live.session.account;
        let of = OfSessions::Account(account.clone());
        let end = EndSessions { of, except, offline, because, now: visit.now };
        let by = By { name: account.as_str().to_owned(), address: Some(visit.address) };
        self.end_sessions(end, &by).await.map(|total| total.sessions)
    }

    async fn change(&self, doing: &'static str, act: Act, event: AuditEvent) -> Changed<()> {
        let unit = Unit::telling(act, move |outcome| match outcome {
            Outcome::Done => vec![event.clone()],
            _ => Vec::new(),
        });
        Ok(done(&self.commit(doing, unit).await?))
    }
}

fn done(outcome: &Outcome) -> Result<(), Denied> {
    if *outcome == Outcome::Done { Ok(()) } else { Err(Denied::Unknown) }
}
