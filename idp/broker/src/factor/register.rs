//! Registering a passkey and an authenticator app, in a login or on the person's own page.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{
    AccountId, Assurance, FactorKind, FactorProof, Fault, Secret, assurance::Worth,
    audit::AuditKind, factor::Attestation,
};
use idp_factors::{
    totp::{self, TotpCode, TotpSecret, Window},
    webauthn::{
        CredentialId, PasskeyName, PasskeyRecord, Person, PresentedRegistration, Registering,
        RegistrationPolicy, UserHandle,
    },
};
use idp_store::{
    factors::act::{PutPasskey, PutTotp},
    journal::{Act, Outcome, Unit},
    seal::Purpose,
};
use serde_json::Value;

use super::{
    EnrolProblem, TotpPage,
    ceremony::{Ceremony, Of, SealedText, Work},
    enrol::problem_of,
    letters::{account_name, display_name},
    page::Codes,
    passkey::proof_of,
    scene::Scene,
    throttle::Leave,
    totp::place_of,
};
use crate::{Broker, visit::Visit};

/// What an account is called whose source has no name for it.
const NAMELESS: &str = "account";

/// Why a factor was not taken that was decided on when there were others.
const OVERTAKEN: &str = "factors_changed_meanwhile";

/// What a browser gives for a new passkey.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    /// The name of the ceremony.
    pub(crate) ceremony: &'a str,
    /// The credential, as JSON.
    pub(crate) answer: &'a str,
    /// What the person calls it.
    pub(crate) name: &'a str,
}

/// Whose a new factor becomes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Enrollee<'a> {
    /// The account.
    pub(crate) account: &'a AccountId,
    /// The epoch of its factors in which that was decided: of others nothing was.
    pub(crate) epoch: i64,
}

/// What became of a new factor.
#[derive(Debug)]
pub(crate) enum Registered {
    /// It is there, and so proven.
    Done(FactorProof),
    /// The person's factors are others by now: it has to be decided anew.
    Overtaken,
    /// It was not taken.
    Refused(EnrolProblem),
}

impl Broker {
    /// Asks the browser for a new passkey of `account`.
    pub(crate) async fn ask_for_passkey(
        &self,
        account: &AccountId,
        wanted: Worth,
        scene: Scene<'_>,
        visit: &Visit,
    ) -> Result<(Value, Registering), Fault> {
        let stored = self.stored(account).await?;
        let handle = stored.as_ref().and_then(|stored| stored.handle.clone());
        let handle = match handle.and_then(UserHandle::from_bytes) {
            Some(handle) => handle,
            None => UserHandle::draw().map_err(|error| Fault::new("drawing a handle", error))?,
        };
        let existing: Vec<_> = stored
            .iter()
            .flat_map(|stored| &stored.passkeys)
            .map(|passkey| CredentialId::from_bytes(passkey.id.clone()))
            .collect();
        let attributes = scene.attributes(visit);
        let name = attributes.and_then(account_name).unwrap_or(NAMELESS).to_owned();
        let display_name = attributes.and_then(display_name).unwrap_or(&name).to_owned();
        let person = Person { handle, name, display_name };
        let policy = self.registration_policy(wanted, scene, visit)?;
        self.site
            .start_registration(person, &existing, &policy, visit.now)
            .map_err(|error| Fault::new("asking for a new passkey", error))
    }

    /// Judges and stores a new passkey.
    pub(crate) async fn add_passkey_in(
        &self,
        whose: Enrollee<'_>,
        wanted: Worth,
        scene: Scene<'_>,
        given: Given<'_>,
        visit: &Visit,
    ) -> Result<Registered, Fault> {
        let account = whose.account;
        let Given { ceremony, answer, name } = given;
        let failed =
            |reason| self.enrolment_failed(FactorKind::Passkey, reason, account, scene, visit);
        let registering = match self.take_ceremony(ceremony, &scene.of(), visit).await? {
            Some(Ceremony { work: Work::Passkey(registering), account: Some(of), .. })
                if of == *account =>
            {
                registering
            }
            _ => {
                failed("ceremony").await?;
                return Ok(Registered::Refused(EnrolProblem::Expired));
            }
        };
        let handle = registering.owner().as_bytes().to_vec();
        let policy = self.registration_policy(wanted, scene, visit)?;
        let judged = PresentedRegistration::parse(answer.as_bytes()).and_then(|presented| {
            let name = self.name_for(name, &presented);
            self.site.finish_registration(registering, &presented, &policy, name, visit.now)
        });
        let record = match judged {
            Ok(record) => record,
            Err(error) => {
                failed(error.slug()).await?;
                return Ok(Registered::Refused(problem_of(error)));
            }
        };
        let proof = proof_of(&record, visit);
        match self.put_passkey(whose, handle, &record, &proof, scene, visit).await? {
            Outcome::Done => Ok(Registered::Done(proof)),
            Outcome::Overtaken => {
                failed(OVERTAKEN).await?;
                Ok(Registered::Overtaken)
            }
            // Whose it is otherwise, nobody is told.
            Outcome::Conflict => {
                failed("credential_known").await?;
                Ok(Registered::Refused(EnrolProblem::AlreadyRegistered))
            }
            _ => {
                failed("account_gone").await?;
                Ok(Registered::Refused(EnrolProblem::Passkey))
            }
        }
    }

    async fn put_passkey(
        &self,
        whose: Enrollee<'_>,
        handle: Vec<u8>,
        record: &PasskeyRecord,
        proof: &FactorProof,
        scene: Scene<'_>,
        visit: &Visit,
    ) -> Result<Outcome, Fault> {
        let (factor, account) = (FactorKind::Passkey, whose.account);
        let name = record.name.as_str();
        let letters = self.letters_of_enrolment(factor, name, account, scene, visit).await?;
        let enrolled = scene
            .about_factor(AuditKind::FactorEnrolled, factor, account, visit)
            .with("credential", proof.credential.clone())
            .with("model", record.aaguid.to_string())
            .with("hardware", proof.hardware.to_string())
            .with("backup_eligible", record.backup_eligible().to_string());
        let enrolled = letters.noted(enrolled);
        let act = PutPasskey {
            account: account.clone(),
            handle,
            site: self.site.id().to_owned(),
            credential: record.id().as_bytes().to_vec(),
            name: name.to_owned(),
            body: serde_json::to_string(record)
                .map_err(|error| Fault::new("writing a passkey", error))?,
            counter: record.counter(),
            epoch: whose.epoch,
            since: scene.since(visit),
            letters: letters.into_sealed(),
            now: visit.now,
        };
        let unit = Unit::telling(Act::PutPasskey(act), move |outcome| match outcome {
            Outcome::Done => vec![enrolled.clone()],
            _ => Vec::new(),
        });
        self.commit("storing a passkey", unit).await
    }

    /// What the agency admits; and what is worth as much as is wanted.
    fn registration_policy(
        &self,
        wanted: Worth,
        scene: Scene<'_>,
        visit: &Visit,
    ) -> Result<RegistrationPolicy, Fault> {
        let agency = self.agency_in(scene, visit)?;
        let mut rules = agency.factors.passkeys.clone();
        if wanted.assurance == Assurance::Aal3 {
            rules.attestation = Attestation::Trusted;
            rules.device_bound = true;
        }
        RegistrationPolicy::of(&rules, &self.models)
            .map_err(|error| Fault::new("reading an agency's rules for passkeys", error))
    }

    /// What the person calls it, as far as that is a name; else its model.
    fn name_for(&self, typed: &str, presented: &PresentedRegistration) -> PasskeyName {
        let cleaned: String = typed.chars().filter(|one| !one.is_control()).take(64).collect();
        let model = self.models.name(presented.aaguid()).unwrap_or_default();
        let model: String = model.chars().take(64).collect();
        PasskeyName::parse(&cleaned)
            .or_else(|_| PasskeyName::parse(&model))
            .unwrap_or_else(|_| PasskeyName::unnamed())
    }

    /// Draws the secret of an app that is to be enrolled in `of`.
    pub(crate) fn draw_app(&self, of: &Of) -> Result<SealedText, Fault> {
        let secret = TotpSecret::draw().map_err(|error| Fault::new("drawing a secret", error))?;
        self.seal_text(of, secret.expose())
    }

    /// What the app is told, of a secret that was drawn in `scene`.
    pub(crate) fn app_page(
        &self,
        scene: Scene<'_>,
        sealed: &str,
        visit: &Visit,
    ) -> Result<TotpPage, Fault> {
        let secret = self.app_secret(&scene.of(), sealed)?;
        let account = scene.attributes(visit).and_then(account_name).unwrap_or(NAMELESS);
        let issuer = self.site.name();
        Ok(TotpPage {
            qr: secret.qr(issuer, account),
            secret: secret.shown(),
            uri: secret.uri(issuer, account),
        })
    }

    /// Judges the first code of an app, and stores its secret.
    pub(crate) async fn add_app_in(
        &self,
        whose: Enrollee<'_>,
        scene: Scene<'_>,
        sealed: &str,
        typed: &str,
        visit: &Visit,
    ) -> Result<Registered, Fault> {
        // The person has the secret before them: there is nothing to guess, but work to be done.
        if let Leave::Denied { retry_after } = self.may_begin(visit.address).await {
            return Ok(Registered::Refused(EnrolProblem::Throttled { retry_after }));
        }
        let (factor, account) = (FactorKind::Totp, whose.account);
        let secret = self.app_secret(&scene.of(), sealed)?;
        let judged = match TotpCode::typed(typed) {
            None => Err("factors.totp.malformed"),
            Some(code) => totp::verify(&secret, code, visit.now, Window::One, None)
                .map_err(totp::TotpRefusal::slug),
        };
        let step = match judged {
            Ok(step) => step,
            Err(reason) => {
                self.enrolment_failed(factor, reason, account, scene, visit).await?;
                return Ok(Registered::Refused(EnrolProblem::Wrong));
            }
        };
        let sealed = self
            .sealer
            .seal(Purpose::FactorSecret, &place_of(account), secret.expose())
            .map_err(|error| Fault::new("sealing the secret of an app", error))?;
        let letters = self.letters_of_enrolment(factor, "", account, scene, visit).await?;
        let enrolled = scene.about_factor(AuditKind::FactorEnrolled, factor, account, visit);
        let enrolled = letters.noted(enrolled);
        let act = PutTotp {
            account: account.clone(),
            sealed,
            step: step.number(),
            epoch: whose.epoch,
            since: scene.since(visit),
            until: visit.now + self.settings.absolute,
            letters: letters.into_sealed(),
            now: visit.now,
        };
        let unit = Unit::telling(Act::PutTotp(act), move |outcome| match outcome {
            Outcome::Done => vec![enrolled.clone()],
            _ => Vec::new(),
        });
        match self.commit("storing an app", unit).await? {
            Outcome::Done => {
                let credential = String::new();
                let proof = FactorProof { factor, at: visit.now, credential, hardware: false };
                Ok(Registered::Done(proof))
            }
            Outcome::Overtaken => {
                self.enrolment_failed(factor, OVERTAKEN, account, scene, visit).await?;
                Ok(Registered::Overtaken)
            }
            _ => {
                self.enrolment_failed(factor, "account_gone", account, scene, visit).await?;
                Ok(Registered::Refused(EnrolProblem::Expired))
            }
        }
    }

    fn app_secret(&self, of: &Of, sealed: &str) -> Result<TotpSecret, Fault> {
        let plain = self.open_text(of, sealed)?;
        TotpSecret::from_bytes(plain.expose())
            .map_err(|error| Fault::new("reading the secret of an app", error))
    }

    /// The recovery codes that a login still has to show.
    pub(crate) fn open_codes(&self, scene: Scene<'_>, sealed: &str) -> Result<Codes, Fault> {
        let plain = self.open_text(&scene.of(), sealed)?;
        Codes::from_text(plain.expose().clone())
            .ok_or_else(|| Fault::broken("reading codes that are to be shown"))
    }

    /// Seals what a login or a session holds for a while: it opens in no other.
    pub(crate) fn seal_text(&self, of: &Of, plain: &[u8]) -> Result<SealedText, Fault> {
        let sealed = self.sealer.seal(Purpose::FactorSecret, &place_in(of), plain);
        let sealed = sealed.map_err(|error| Fault::new("sealing what is to be enrolled", error))?;
        Ok(SealedText(URL_SAFE_NO_PAD.encode(sealed)))
    }

    fn open_text(&self, of: &Of, sealed: &str) -> Result<Secret<Vec<u8>>, Fault> {
        let sealed = URL_SAFE_NO_PAD
            .decode(sealed)
            .map_err(|error| Fault::new("reading what is to be enrolled", error))?;
        let plain = self.sealer.open(Purpose::FactorSecret, &place_in(of), &sealed);
        plain.map(Secret::new).map_err(|error| Fault::new("opening what is to be enrolled", error))
    }
}

fn place_in(of: &Of) -> Vec<u8> {
    let of = match of {
        Of::Transaction(id) => format!("login\0{id}"),
        Of::Session(id) => format!("session\0{id}"),
    };
    format!("enrolling\0{of}").into_bytes()
}
