//! Scenes for policy's tests: a case names what differs from a plain login of somebody who was
//! never here.

pub(crate) mod any;
pub(crate) mod oracle;

use super::{Basis, Candidate, Decision, Facts, Step, decide, needs_factors};
use crate::{
    Acr, Agency, Assurance, AttributeSet, AuthenticationEvent, AuthnRequest, Demand, FactorKind,
    FactorProof, FactorRules, Factors, Identity, Lifetime, Localized, RelyingParty, ReturnTicket,
    Session, Subject, Timestamp, Transaction,
    assurance::{REFEDS_MFA, Worth},
    identity::SourceSubject,
    relying_party::{Consent, OpenTo, Protocol},
    session::{Limits, Narrower},
    subject::SubjectKind,
    transaction::{Hints, Wished},
    trust::Says,
};

/// The instant of every test.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

/// What differs from a plain login of somebody who was never here and has nothing.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
pub(crate) struct Case {
    pub(crate) demand: Demand,
    /// The event of the browser's session, if it has one.
    pub(crate) session: Option<AuthenticationEvent>,
    /// What was proven here in that session.
    pub(crate) session_proofs: Vec<FactorProof>,
    /// How long ago that session began and was used, in seconds.
    pub(crate) session_age: (u32, u32),
    /// What the source said in this login.
    pub(crate) event: Option<AuthenticationEvent>,
    /// How often it did.
    pub(crate) answers: u8,
    /// Whether it was asked for a new sign-in.
    pub(crate) asked_anew: bool,
    /// What was proven here in this login.
    pub(crate) proofs: Vec<FactorProof>,
    /// Whose proofs these are.
    pub(crate) person: &'static str,
    /// Whether an access pass was used in it.
    pub(crate) pass: bool,
    pub(crate) nudged: bool,
    /// Whether the person went on without what is wished.
    pub(crate) declined: bool,
    /// Whether the source was asked for it.
    pub(crate) wished: bool,
    pub(crate) chosen: Option<&'static str>,
    pub(crate) consented: bool,
    pub(crate) subject: Option<&'static str>,
    pub(crate) floor: Option<&'static str>,
    pub(crate) ask_consent: bool,
    pub(crate) switched_off: bool,
    /// The open sources, and what each can prove at most.
    pub(crate) sources: Vec<(&'static str, Worth)>,
    /// What the agency of the proof wants.
    pub(crate) rules: FactorRules,
    /// The limits of the agency, and of the relying party.
    pub(crate) narrower: (Narrower, Narrower),
    /// What the person has enrolled; none: not known.
    pub(crate) factors: Option<Factors>,
    /// How long ago the login began, in seconds.
    pub(crate) begun: u32,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            demand: Demand::default(),
            session: None,
            session_proofs: Vec::new(),
            session_age: (0, 0),
            event: None,
            answers: 1,
            asked_anew: false,
            proofs: Vec::new(),
            person: "a",
            pass: false,
            nudged: false,
            declined: false,
            wished: false,
            chosen: None,
            consented: false,
            subject: None,
            floor: None,
            ask_consent: false,
            switched_off: false,
            sources: vec![("una", Worth::ONE_FACTOR), ("unb", Worth::TWO_FACTORS)],
            rules: FactorRules::default(),
            narrower: (Narrower::default(), Narrower::default()),
            factors: Some(Factors::default()),
            begun: 0,
        }
    }
}

/// A context by its name.
pub(crate) fn acr(text: &str) -> Acr {
    text.parse().unwrap()
}

/// A demand for `text`, and for no less.
pub(crate) fn essential(text: &str) -> Demand {
    Demand { acr: vec![acr(text)], essential: true, ..Demand::default() }
}

/// A sign-in at `source`, `age` seconds old.
pub(crate) fn proof(source: &str, age: Option<u32>, assurance: Assurance) -> AuthenticationEvent {
    AuthenticationEvent {
        identity: Identity {
            source: source.parse().unwrap(),
            issuer: "https://source.example".into(),
            subject: SourceSubject::parse("1001").unwrap(),
            attributes: AttributeSet::default(),
        },
        agency: source.parse().unwrap(),
        authenticated_at: age.map(|age| NOW.minus(Lifetime::seconds(age))),
        received_at: NOW,
        acr: None,
        amr: Vec::new(),
        assurance,
        phishing_resistant: false,
        credited_by: None,
        credited_until: None,
        source_session: None,
        source_name: None,
        valid_until: None,
    }
}

/// A sign-in at `source`, `age` seconds old, that is believed for two factors.
pub(crate) fn trusted(source: &str, age: u32) -> AuthenticationEvent {
    AuthenticationEvent {
        credited_by: Some(Says::Context(acr(REFEDS_MFA))),
        ..proof(source, Some(age), Assurance::Aal2)
    }
}

/// Somebody with a passkey.
pub(crate) fn with_passkey() -> Factors {
    Factors { passkeys: 1, recovery_codes: 8, account_since: Some(SINCE), ..Factors::default() }
}

/// Somebody with an authenticator app.
pub(crate) fn with_totp() -> Factors {
    Factors { totp: true, recovery_codes: 8, account_since: Some(SINCE), ..Factors::default() }
}

/// Somebody with nothing.
pub(crate) fn with_nothing() -> Factors {
    Factors { account_since: Some(SINCE), ..Factors::default() }
}

/// When accounts were made.
const SINCE: Timestamp = Timestamp::from_seconds(100_000);

/// A proof of a factor, `age` seconds old.
pub(crate) fn factor(kind: FactorKind, age: u32) -> FactorProof {
    let at = NOW.minus(Lifetime::seconds(age));
    FactorProof { factor: kind, at, credential: String::new(), hardware: false }
}

impl Case {
    /// The relying party of the case.
    pub(crate) fn relying_party(&self) -> RelyingParty {
        RelyingParty {
            id: "portal".parse().unwrap(),
            agency: "una".parse().unwrap(),
            names: Localized::default(),
            home: None,
            initiate: None,
            protocol: Protocol::Oidc,
            open_to: OpenTo::All,
            floor: self.floor.map(acr),
            sessions: self.narrower.1,
            releasable: [].into(),
            subject: SubjectKind::Pairwise,
            sector: "portal.example".into(),
            consent: if self.ask_consent { Consent::Ask } else { Consent::Agreed },
            verified: true,
            enabled: !self.switched_off,
        }
    }

    /// The agency of the proof that counts.
    pub(crate) fn agency(&self) -> Option<Agency> {
        let event = self.event.as_ref().or(self.session.as_ref())?;
        Some(Agency {
            id: event.agency.clone(),
            names: Localized::default(),
            aliases: Vec::new(),
            domains: Vec::new(),
            scopes: Vec::new(),
            logo: None,
            contacts: Vec::new(),
            factors: self.rules.clone(),
            sessions: self.narrower.0,
            enabled: true,
        })
    }

    /// The login in progress.
    pub(crate) fn transaction(&self) -> Transaction {
        let request = AuthnRequest {
            relying_party: "portal".parse().unwrap(),
            demand: self.demand.clone(),
            ticket: ReturnTicket {
                protocol: Protocol::Oidc,
                sealed: String::new(),
                farewell: None,
            },
            hints: Hints::default(),
            wanted: [].into(),
        };
        let started = NOW.minus(Lifetime::seconds(self.begun));
        let mut transaction = Transaction::begin(request, [0; 16], String::new(), started);
        transaction.chosen = self.chosen.map(|source| source.parse().unwrap());
        if let Some(event) = &self.event {
            transaction.asked_anew = self.asked_anew;
            transaction.record(event.clone());
            transaction.answers = self.answers;
        }
        transaction.consented = self.consented;
        transaction.proofs.clone_from(&self.proofs);
        transaction.person = Some(self.person.parse().unwrap());
        transaction.pass = self.pass.then(|| "pass".parse().unwrap());
        transaction.nudged = self.nudged;
        transaction.declined = self.declined;
        if self.wished {
            transaction.wished = Wished::Answered;
        }
        transaction
    }

    /// The browser's session.
    pub(crate) fn session(&self) -> Option<Session> {
        let event = self.session.clone()?;
        Some(Session {
            id: "s".parse().unwrap(),
            account: "a".parse().unwrap(),
            events: vec![event],
            proofs: self.session_proofs.clone(),
            used_at: NOW.minus(Lifetime::seconds(self.session_age.1)),
            shared: false,
            device: None,
            whereabouts: None,
            participants: Vec::new(),
            started_at: NOW.minus(Lifetime::seconds(self.session_age.0)),
            ends_at: NOW + Lifetime::hours(8),
        })
    }

    /// Shows the facts of the case to `see`.
    pub(crate) fn with_facts<T>(&self, see: impl FnOnce(&Facts<'_>) -> T) -> T {
        let candidate = |(source, ceiling): &(&str, Worth)| Candidate {
            source: source.parse().unwrap(),
            agency: source.parse().unwrap(),
            ceiling: *ceiling,
        };
        see(&Facts {
            transaction: &self.transaction(),
            relying_party: &self.relying_party(),
            session: self.session().as_ref(),
            candidates: &self.sources.iter().map(candidate).collect::<Vec<_>>(),
            subject: self.subject.map(|text| Subject::new(text.into())).as_ref(),
            agency: self.agency().as_ref(),
            factors: self.factors.as_ref(),
            limits: Limits {
                idle: Lifetime::hours(1),
                absolute: Lifetime::hours(8),
                factor: Lifetime::hours(4),
            },
        })
    }

    /// What policy decides.
    pub(crate) fn decide(&self) -> Decision {
        self.with_facts(|facts| decide(facts, NOW))
    }

    /// Whether policy wants to know the factors.
    pub(crate) fn needs_factors(&self) -> bool {
        self.with_facts(|facts| needs_factors(facts, NOW))
    }

    /// The decision in words.
    pub(crate) fn told(&self) -> String {
        let decision = self.decide();
        let because: Vec<_> = decision.because.iter().map(ToString::to_string).collect();
        format!("{} because {}", step(&decision.step), because.join("; "))
    }
}

/// A step in words.
pub(crate) fn step(step: &Step) -> String {
    let one_of = |kinds: &[FactorKind]| {
        kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" or ")
    };
    match step {
        Step::ChooseSource => "choose an agency".into(),
        Step::Authenticate { source, force: false } => format!("authenticate at {source}"),
        Step::Authenticate { source, force: true } => format!("authenticate anew at {source}"),
        Step::ProveFactor { kinds, wanted, optional } => {
            let prove = if *optional { "ask to prove" } else { "prove" };
            format!("{prove} {} ({wanted})", one_of(kinds))
        }
        Step::Enrol { kinds, wanted, optional: false } => {
            format!("enrol {} ({wanted})", one_of(kinds))
        }
        Step::Enrol { kinds, wanted, optional: true } => {
            format!("suggest to enrol {} ({wanted})", one_of(kinds))
        }
        Step::Consent => "ask for consent".into(),
        Step::Issue(Basis::Event) => "issue on the sign-in".into(),
        Step::Issue(Basis::Session) => "issue on the session".into(),
        Step::Refuse(refusal) => format!("refuse: {}", refusal.slug()),
    }
}
