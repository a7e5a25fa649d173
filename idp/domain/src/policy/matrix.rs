//! The matrix: every demand with every evidence, written down for people to read.
//!
//! The page is made by asking policy itself; a changed line is a changed rule.

mod page;
pub(crate) mod rows;

use super::testing::{Case, NOW, acr, factor, proof, with_nothing, with_passkey, with_totp};
use crate::{
    Amr, Assurance, AuthenticationEvent, Demand, FactorKind, FactorProof, FactorRules, Factors,
    Lifetime, Trust,
    assurance::Worth,
    trust::{Belief, Rule, Says},
};

/// What is demanded of a login.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent wishes")]
pub(crate) struct Asked {
    /// How the overview calls it.
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    /// The contexts that the request names.
    pub(crate) acr: &'static [&'static str],
    pub(crate) essential: bool,
    /// What the relying party's registration demands.
    pub(crate) floor: Option<&'static str>,
    /// What the agency's rule demands, and how long it does not of a new account.
    pub(crate) rule: Option<&'static str>,
    pub(crate) grace_days: u32,
    /// In seconds.
    pub(crate) max_age: Option<u32>,
    pub(crate) force: bool,
    pub(crate) passive: bool,
    /// Whether the person was asked for what is wished, and went on without it.
    pub(crate) declined: bool,
    /// Whether factors are to be changed.
    pub(crate) change: bool,
}

/// Where a person stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stand {
    Nobody,
    /// A source has vouched in this login.
    SignedIn,
    /// The browser has a session.
    Session,
}

/// What the table of trust says of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Nothing.
    Plain,
    /// REFEDS MFA is trusted for an hour; `sms` is never believed.
    Trusted,
}

/// A factor that was proven here: its kind, how long ago in seconds, and whether it is hardware.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proof(pub(crate) FactorKind, pub(crate) u32, pub(crate) bool);

/// A device that is remembered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Device {
    Counts,
    Expired,
}

/// What is proven.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) name: &'static str,
    pub(crate) stand: Stand,
    pub(crate) source: Source,
    /// What the source says: names of contexts with `:`, else of methods.
    pub(crate) says: &'static [&'static str],
    /// How long ago the person signed in there, in seconds.
    pub(crate) age: u32,
    /// How often the source was asked in this login.
    pub(crate) answers: u8,
    /// What was proven here, in this login or in the session.
    pub(crate) here: &'static [Proof],
    pub(crate) device: Option<Device>,
    /// How long the session was not used, in seconds.
    pub(crate) unused: u32,
}

/// What the person has enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Enrolled {
    Nothing,
    App,
    Passkey,
}

impl Source {
    /// Its table of trust.
    pub(crate) fn trust(self) -> Trust {
        let believed =
            Belief::Trust { worth: Worth::TWO_FACTORS, max_age: Some(Lifetime::hours(1)) };
        let context = Says::Context(acr(crate::assurance::REFEDS_MFA));
        let method = Says::Method(Amr::new("sms").unwrap());
        match self {
            Self::Plain => Trust::default(),
            Self::Trusted => Trust::new(vec![
                Rule { says: context, belief: believed },
                Rule { says: method, belief: Belief::Never },
            ]),
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Trusted => "trusted",
        }
    }
}

impl Shown {
    fn event(&self) -> AuthenticationEvent {
        let mut event = proof(self.source.id(), Some(self.age), Assurance::Aal1);
        let (contexts, methods): (Vec<&str>, Vec<&str>) =
            self.says.iter().copied().partition(|name| name.contains(':'));
        event.acr = contexts.first().map(|name| acr(name));
        event.amr = methods.iter().filter_map(|name| Amr::new(name)).collect();
        if self.stand == Stand::Session {
            event.received_at = NOW.minus(Lifetime::seconds(self.age));
        }
        // The session's word was weighed when it came; what has aged since has aged here.
        let then = event.received_at;
        let said = self.source.trust().credit(
            event.acr.as_ref(),
            &event.amr,
            event.authenticated_at,
            then,
        );
        event.credit(&said);
        event
    }

    fn proofs(&self) -> Vec<FactorProof> {
        let proof = |Proof(kind, age, hardware): &Proof| FactorProof {
            hardware: *hardware,
            ..factor(*kind, *age)
        };
        self.here.iter().map(proof).collect()
    }
}

impl Enrolled {
    fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::App => "an app",
            Self::Passkey => "a passkey",
        }
    }

    fn factors(self) -> Factors {
        match self {
            Self::Nothing => with_nothing(),
            Self::App => with_totp(),
            Self::Passkey => with_passkey(),
        }
    }
}

/// Whether a person who has enrolled this can have shown that.
pub(crate) fn can_be(shown: &Shown, enrolled: Enrolled) -> bool {
    let possible = |Proof(kind, _, _): &Proof| match kind {
        FactorKind::Passkey => enrolled == Enrolled::Passkey,
        FactorKind::Totp => enrolled == Enrolled::App,
        FactorKind::RecoveryCode | FactorKind::Device => enrolled != Enrolled::Nothing,
    };
    let device = shown.device.is_none() || enrolled != Enrolled::Nothing;
    device && shown.here.iter().all(possible)
}

/// The scene of one cell.
pub(crate) fn case(asked: &Asked, shown: &Shown, enrolled: Enrolled) -> Case {
    let demand = Demand {
        acr: asked.acr.iter().map(|name| acr(name)).collect(),
        essential: asked.essential,
        max_age: asked.max_age.map(Lifetime::seconds),
        factor_max_age: asked.change.then_some(super::CHANGE_WINDOW),
        force: asked.force,
        passive: asked.passive,
        ..Demand::default()
    };
    let days = |days: u32| factor(FactorKind::Device, days * 86_400);
    let device = shown.device.map(|device| match device {
        Device::Counts => days(9),
        Device::Expired => days(31),
    });
    let hardware = shown.here.iter().any(|Proof(_, _, hardware)| *hardware);
    let factors = enrolled.factors();
    let factors = Factors { device, hardware_passkeys: u32::from(hardware), ..factors };
    let (signed_in, session) = (shown.stand == Stand::SignedIn, shown.stand == Stand::Session);
    Case {
        demand,
        floor: asked.floor,
        declined: asked.declined,
        event: signed_in.then(|| shown.event()),
        answers: shown.answers,
        session: session.then(|| shown.event()),
        session_age: (shown.age, shown.unused),
        proofs: if signed_in { shown.proofs() } else { Vec::new() },
        session_proofs: if session { shown.proofs() } else { Vec::new() },
        sources: [Source::Plain, Source::Trusted]
            .map(|source| (source.id(), source.trust().ceiling()))
            .to_vec(),
        rules: FactorRules {
            demand: asked.rule.map(acr),
            grace_days: asked.grace_days,
            remember_device_days: 30,
            ..FactorRules::default()
        },
        factors: Some(factors),
        begun: if signed_in { 60 } else { 0 },
        ..Case::default()
    }
}
