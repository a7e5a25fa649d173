//! The rows of the matrix, as plain tables: what can be demanded, what can be proven, and what a
//! person can have enrolled.

use super::{Asked, Device, Enrolled, Proof, Shown, Source, Stand};
use crate::{
    FactorKind::{Passkey, RecoveryCode, Totp},
    assurance::{AAL2, AAL3, PHR, PHRH, REFEDS_MFA, REFEDS_SFA},
};

const NOTHING: Asked = Asked {
    code: "N",
    name: "nothing",
    acr: &[],
    essential: false,
    floor: None,
    rule: None,
    grace_days: 0,
    max_age: None,
    force: false,
    passive: false,
    declined: false,
    change: false,
};

/// What is demanded. `acr` with `essential` is what a request names and takes no less than; without
/// it, what a request would like; `floor` is the relying party's registration, `rule` the agency's.
pub(crate) const ASKED: &[Asked] = &[
    NOTHING,
    Asked { code: "S1", name: "REFEDS SFA, wished", acr: &[REFEDS_SFA], ..NOTHING },
    Asked {
        code: "S2",
        name: "REFEDS SFA, essential",
        acr: &[REFEDS_SFA],
        essential: true,
        ..NOTHING
    },
    Asked { code: "M1", name: "REFEDS MFA, wished", acr: &[REFEDS_MFA], ..NOTHING },
    Asked {
        code: "M2",
        name: "REFEDS MFA, essential",
        acr: &[REFEDS_MFA],
        essential: true,
        ..NOTHING
    },
    Asked {
        code: "M3",
        name: "REFEDS MFA, the relying party's floor",
        floor: Some(REFEDS_MFA),
        ..NOTHING
    },
    Asked {
        code: "M4",
        name: "REFEDS MFA, the relying party's floor, and a request that says SFA is enough",
        acr: &[REFEDS_SFA],
        essential: true,
        floor: Some(REFEDS_MFA),
        ..NOTHING
    },
    Asked { code: "M5", name: "REFEDS MFA, the agency's rule", rule: Some(REFEDS_MFA), ..NOTHING },
    Asked {
        code: "M6",
        name: "REFEDS MFA, the agency's rule, in the time of grace",
        rule: Some(REFEDS_MFA),
        grace_days: 30,
        ..NOTHING
    },
    Asked {
        code: "M7",
        name: "REFEDS MFA, wished; phr, the agency's rule, in the time of grace",
        acr: &[REFEDS_MFA],
        rule: Some(PHR),
        grace_days: 30,
        ..NOTHING
    },
    Asked {
        code: "M8",
        name: "REFEDS MFA, wished, and the person went on without it",
        acr: &[REFEDS_MFA],
        declined: true,
        ..NOTHING
    },
    Asked { code: "A2", name: "AAL2, essential", acr: &[AAL2], essential: true, ..NOTHING },
    Asked { code: "P1", name: "phishing-resistant (phr), wished", acr: &[PHR], ..NOTHING },
    Asked {
        code: "P2",
        name: "phishing-resistant (phr), essential",
        acr: &[PHR],
        essential: true,
        ..NOTHING
    },
    Asked {
        code: "P3",
        name: "phishing-resistant (phr) or else REFEDS MFA, essential",
        acr: &[PHR, REFEDS_MFA],
        essential: true,
        ..NOTHING
    },
    Asked {
        code: "P4",
        name: "phishing-resistant (phr), the agency's rule",
        rule: Some(PHR),
        ..NOTHING
    },
    Asked {
        code: "P5",
        name: "phishing-resistant (phr) or else REFEDS MFA, wished",
        acr: &[PHR, REFEDS_MFA],
        ..NOTHING
    },
    Asked {
        code: "P6",
        name: "phishing-resistant (phr), wished, and REFEDS MFA, the relying party's floor",
        acr: &[PHR],
        floor: Some(REFEDS_MFA),
        ..NOTHING
    },
    Asked {
        code: "P7",
        name: "the same, and the person went on without what is wished",
        acr: &[PHR],
        floor: Some(REFEDS_MFA),
        declined: true,
        ..NOTHING
    },
    Asked { code: "H1", name: "AAL3, essential", acr: &[AAL3], essential: true, ..NOTHING },
    Asked {
        code: "H2",
        name: "phishing-resistant hardware (phrh), the relying party's floor",
        floor: Some(PHRH),
        ..NOTHING
    },
    Asked { code: "H3", name: "AAL3, wished", acr: &[AAL3], ..NOTHING },
    Asked {
        code: "X1",
        name: "a context that nobody knows, wished",
        acr: &["urn:example:loa9"],
        ..NOTHING
    },
    Asked {
        code: "X2",
        name: "a context that nobody knows, essential",
        acr: &["urn:example:loa9"],
        essential: true,
        ..NOTHING
    },
    Asked { code: "G1", name: "no older than 5 minutes", max_age: Some(300), ..NOTHING },
    Asked {
        code: "G2",
        name: "no older than 5 minutes, and REFEDS MFA, essential",
        acr: &[REFEDS_MFA],
        essential: true,
        max_age: Some(300),
        ..NOTHING
    },
    Asked { code: "F1", name: "anew (forced)", force: true, ..NOTHING },
    Asked {
        code: "F2",
        name: "anew (forced), and REFEDS MFA, essential",
        acr: &[REFEDS_MFA],
        essential: true,
        force: true,
        ..NOTHING
    },
    Asked { code: "Q1", name: "without asking anybody (passive)", passive: true, ..NOTHING },
    Asked {
        code: "Q2",
        name: "without asking anybody (passive), and REFEDS MFA, essential",
        acr: &[REFEDS_MFA],
        essential: true,
        passive: true,
        ..NOTHING
    },
    Asked {
        code: "Q3",
        name: "without asking anybody (passive), and REFEDS MFA, wished",
        acr: &[REFEDS_MFA],
        passive: true,
        ..NOTHING
    },
    Asked {
        code: "C",
        name: "a factor no older than 5 minutes (to change factors)",
        change: true,
        ..NOTHING
    },
];

const PASSWORD: Shown = Shown {
    name: "",
    stand: Stand::SignedIn,
    source: Source::Plain,
    says: &[],
    age: 30,
    answers: 1,
    here: &[],
    device: None,
    unused: 0,
};

const SESSION: Shown = Shown { stand: Stand::Session, age: 120, unused: 120, ..PASSWORD };

/// What is proven, and where. The ages of proofs are in seconds; the limits are four hours for
/// factors, one hour for an unused session, and one hour for what the trusted source says of two
/// factors.
pub(crate) const SHOWN: &[Shown] = &[
    Shown { name: "nobody is signed in", stand: Stand::Nobody, ..PASSWORD },
    Shown { name: "signed in just now; the source is trusted for one factor", ..PASSWORD },
    Shown {
        name: "signed in just now; the source says MFA and is not trusted for it",
        says: &[REFEDS_MFA],
        ..PASSWORD
    },
    Shown {
        name: "signed in just now with one factor; the source is trusted for two",
        source: Source::Trusted,
        ..PASSWORD
    },
    Shown {
        name: "signed in just now; the source says MFA and is trusted",
        source: Source::Trusted,
        says: &[REFEDS_MFA],
        ..PASSWORD
    },
    Shown {
        name: "the same, with a method that is never believed (vetoed)",
        source: Source::Trusted,
        says: &[REFEDS_MFA, "sms"],
        ..PASSWORD
    },
    Shown {
        name: "the source is trusted, and says MFA of two hours ago",
        source: Source::Trusted,
        says: &[REFEDS_MFA],
        age: 7_200,
        ..PASSWORD
    },
    Shown {
        name: "the same, though it was asked for a new sign-in",
        source: Source::Trusted,
        says: &[REFEDS_MFA],
        age: 7_200,
        answers: 2,
        ..PASSWORD
    },
    Shown { name: "the source says one factor of two hours ago", age: 7_200, ..PASSWORD },
    Shown {
        name: "signed in just now, and an app in this login",
        here: &[Proof(Totp, 10, false)],
        ..PASSWORD
    },
    Shown {
        name: "signed in just now, and a recovery code in this login",
        here: &[Proof(RecoveryCode, 10, false)],
        ..PASSWORD
    },
    Shown {
        name: "signed in just now, and a passkey in this login",
        here: &[Proof(Passkey, 10, false)],
        ..PASSWORD
    },
    Shown {
        name: "signed in just now, and a hardware key in this login",
        here: &[Proof(Passkey, 10, true)],
        ..PASSWORD
    },
    Shown { name: "a session with one factor", ..SESSION },
    Shown {
        name: "a session with one factor; its source is trusted for two",
        source: Source::Trusted,
        ..SESSION
    },
    Shown {
        name: "a session with trusted MFA",
        source: Source::Trusted,
        says: &[REFEDS_MFA],
        ..SESSION
    },
    Shown {
        name: "a session with trusted MFA of two hours ago",
        source: Source::Trusted,
        says: &[REFEDS_MFA],
        age: 7_200,
        ..SESSION
    },
    Shown { name: "a session with an app", here: &[Proof(Totp, 60, false)], ..SESSION },
    Shown {
        name: "a session with an app of five hours ago",
        age: 18_060,
        here: &[Proof(Totp, 18_000, false)],
        ..SESSION
    },
    Shown { name: "a session with a passkey", here: &[Proof(Passkey, 60, false)], ..SESSION },
    Shown {
        name: "a session with a passkey of five hours ago",
        age: 18_060,
        here: &[Proof(Passkey, 18_000, false)],
        ..SESSION
    },
    Shown { name: "a session with a hardware key", here: &[Proof(Passkey, 60, true)], ..SESSION },
    Shown {
        name: "a session with a hardware key of five hours ago",
        age: 18_060,
        here: &[Proof(Passkey, 18_000, true)],
        ..SESSION
    },
    Shown {
        name: "a session on a device that is remembered",
        device: Some(Device::Counts),
        ..SESSION
    },
    Shown {
        name: "a session on a device that was remembered for too long",
        device: Some(Device::Expired),
        ..SESSION
    },
    Shown {
        name: "a session that was not used for two hours",
        age: 7_200,
        unused: 7_200,
        ..SESSION
    },
];

/// What the person has enrolled.
pub(crate) const ENROLLED: &[Enrolled] = &[Enrolled::Nothing, Enrolled::App, Enrolled::Passkey];
