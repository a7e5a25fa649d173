//! Any scene: what the properties are asked of.

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{Case, NOW, acr, factor, proof};
use crate::{
    Acr, Assurance, AuthenticationEvent, Demand, FactorKind, FactorProof, FactorRules, Factors,
    Lifetime,
    assurance::{AAL1, AAL2, AAL3, PHR, REFEDS_MFA, Worth},
    factor::EnrolWith,
    identity::SourceSubject,
    session::Narrower,
};

/// The greatest worth that there is.
pub(crate) const BEST: Worth = Worth { assurance: Assurance::Aal3, phishing_resistant: true };

/// Every kind of factor.
pub(crate) const KINDS: [FactorKind; 4] =
    [FactorKind::Passkey, FactorKind::Totp, FactorKind::RecoveryCode, FactorKind::Device];

pub(crate) fn any_worth() -> impl Strategy<Value = Worth> {
    let [two, three] = [Assurance::Aal2, Assurance::Aal3];
    let worth = |assurance, phishing_resistant| Worth { assurance, phishing_resistant };
    select(vec![Worth::ONE_FACTOR, worth(two, false), worth(two, true), worth(three, false), BEST])
}

fn any_age() -> impl Strategy<Value = u32> {
    prop_oneof![0_u32..400, 0_u32..20_000]
}

/// A sign-in somewhere; the last source is closed to the relying party.
pub(crate) fn any_event() -> impl Strategy<Value = AuthenticationEvent> {
    let source = select(vec!["una", "unb", "unc", "unx"]);
    let person = prop_oneof![4 => Just("1001"), 1 => Just("1002")];
    let until = option::of(-1_i64..2);
    (source, person, option::weighted(0.9, any_age()), any_worth(), until).prop_map(
        |(source, person, age, worth, until)| {
            let mut event = proof(source, age, worth.assurance);
            event.identity.subject = SourceSubject::parse(person).unwrap();
            event.phishing_resistant = worth.phishing_resistant;
            event.credited_until =
                until.map(|until| crate::Timestamp::from_seconds(NOW.seconds() + until));
            event
        },
    )
}

pub(crate) fn any_proof() -> impl Strategy<Value = FactorProof> {
    (select(&KINDS[..]), any_age(), any::<bool>()).prop_map(|(kind, age, hardware)| {
        let hardware = hardware && kind == FactorKind::Passkey;
        FactorProof { hardware, ..factor(kind, age) }
    })
}

fn any_acr() -> impl Strategy<Value = Acr> {
    select(vec![AAL1, REFEDS_MFA, AAL2, PHR, AAL3, "urn:example:loa9"]).prop_map(acr)
}

pub(crate) fn any_demand() -> impl Strategy<Value = Demand> {
    let ages = (option::weighted(0.3, 0_u32..8_000), option::weighted(0.2, Just(300_u32)));
    let flag = || proptest::bool::weighted(0.15);
    let flags = (any::<bool>(), flag(), flag(), flag(), flag());
    (vec(any_acr(), 0..3), flags, ages).prop_map(|(acr, flags, (max_age, factor_max_age))| {
        let (essential, force, passive, consent, select) = flags;
        Demand {
            acr,
            essential,
            max_age: max_age.map(Lifetime::seconds),
            factor_max_age: factor_max_age.map(Lifetime::seconds),
            force,
            passive,
            consent,
            select,
            subject: None,
        }
    })
}

pub(crate) fn any_rules() -> impl Strategy<Value = FactorRules> {
    let demand = option::weighted(0.4, any_acr());
    let enrol_with = select(vec![EnrolWith::SignIn, EnrolWith::AccessPass]);
    let days = (select(vec![0_u32, 5, 20]), select(vec![0_u32, 30]));
    (demand, days, any::<[bool; 3]>(), enrol_with).prop_map(
        |(demand, (grace_days, remember_device_days), [nudge, totp, codes], enrol_with)| {
            FactorRules {
                demand,
                grace_days,
                nudge,
                totp,
                recovery_codes: codes,
                enrol_with,
                remember_device_days,
                ..FactorRules::default()
            }
        },
    )
}

pub(crate) fn any_factors() -> impl Strategy<Value = Factors> {
    let device = option::of(any_age().prop_map(|age| factor(FactorKind::Device, age * 200)));
    let since = option::of(Just(crate::Timestamp::from_seconds(100_000)));
    let must_enrol = proptest::bool::weighted(0.15);
    (0_u32..3, 0_u32..3, any::<bool>(), 0_u32..3, device, since, must_enrol).prop_map(
        |(passkeys, hardware, totp, recovery_codes, device, account_since, must_enrol)| Factors {
            passkeys,
            hardware_passkeys: hardware.min(passkeys),
            totp,
            recovery_codes,
            device,
            account_since,
            must_enrol,
        },
    )
}

fn any_narrower() -> impl Strategy<Value = Narrower> {
    let limit = || option::weighted(0.3, 1_u32..200);
    (limit(), limit(), limit()).prop_map(|(idle, absolute, factor)| Narrower {
        idle,
        absolute,
        factor,
    })
}

/// Any scene at all.
pub(crate) fn any_case() -> impl Strategy<Value = Case> {
    let floor = option::weighted(0.4, select(vec![AAL1, REFEDS_MFA, PHR, AAL3]));
    let asked = (any_demand(), floor, any::<bool>());
    let session = option::of((any_event(), vec(any_proof(), 0..3), (any_age(), any_age())));
    let login = (option::of(any_event()), 1_u8..3, vec(any_proof(), 0..3), 0_u32..3_000);
    let said = (proptest::bool::weighted(0.15), any::<bool>(), any::<bool>());
    let said = (said, (proptest::bool::weighted(0.15), proptest::bool::weighted(0.15)));
    let rules = (any_rules(), (any_narrower(), any_narrower()));
    (asked, session, login, said, rules, option::weighted(0.95, any_factors())).prop_map(
        |(asked, session, login, said, rules, factors)| {
            let (demand, floor, ask_consent) = asked;
            let (event, answers, proofs, begun) = login;
            let ((pass, nudged, consented), (declined, wished)) = said;
            let (session, session_proofs, session_age) = match session {
                Some((event, proofs, (age, unused))) => {
                    (Some(event), proofs, (age, unused.min(age)))
                }
                None => (None, Vec::new(), (0, 0)),
            };
            Case {
                demand,
                session,
                session_proofs,
                session_age,
                event,
                answers,
                proofs,
                pass,
                nudged,
                declined,
                wished,
                consented,
                floor,
                ask_consent,
                sources: vec![
                    ("una", Worth::ONE_FACTOR),
                    ("unb", Worth::TWO_FACTORS),
                    ("unc", BEST),
                ],
                rules: rules.0,
                narrower: rules.1,
                factors,
                begun,
                ..Case::default()
            }
        },
    )
}
